"""An XML part, read for where its elements stand, so that bytes go in and out between others.

What is not spliced stays as it was, byte for byte: prefixes, order, unknown elements.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

_TAG = re.compile(rb"""<([^\s/>]+)(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
_ENCODINGS = (None, "utf-8", "utf8")


class UnmarkableError(Exception):
    """A workbook that cannot carry marks, or not without a loss; the text says why."""


@dataclass(eq=False)
class Element:
    """An element: namespace, local name, attributes by local name, and where its bytes stand.

    The start tag is `start:opened`, what it holds `opened:closed`, and it ends at `end`.
    """

    uri: str
    local: str
    attributes: Mapping[str, str]
    name: str
    start: int
    opened: int
    is_empty: bool
    closed: int = 0
    end: int = 0
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def child(self, local: str) -> "Element | None":
        """Return the first child of that name in the element's own namespace, or None."""
        return next(iter(self.all(local)), None)

    def all(self, local: str) -> "list[Element]":
        """Return the children of that name in the element's own namespace."""
        return [c for c in self.children if (c.uri, c.local) == (self.uri, local)]

    def walk(self) -> "Iterator[Element]":
        """Yield the element and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


class Part:
    """An XML part and the changes to it. Raises UnmarkableError, ExpatError.

    `hole` is a stretch of bytes, none of them changed, that need not be read.
    """

    def __init__(self, xml: bytes, hole: tuple[int, int] | None = None) -> None:
        self._edits: list[tuple[int, int, bytes]] = []
        self._appended: dict[Element, list[bytes]] = {}
        self.xml = xml
        if hole is not None:
            first, last = hole
            self.xml = xml[:first] + xml[last:]
            self._edits.append((first, first, xml[first:last]))
        self.root = _tree(self.xml)
        self.is_changed = False

    def name(self, local: str) -> str:
        """Return a name in the root's namespace as this part writes it: `x:sheet`."""
        prefix, colon, _ = self.root.name.rpartition(":")
        return f"{prefix}{colon}{local}"

    def bytes_of(self, element: Element) -> bytes:
        return self.xml[element.start : element.end]

    def insert(self, at: int, new: str) -> None:
        self._edit(at, at, new)

    def remove(self, element: Element) -> None:
        self._edit(element.start, element.end, "")

    def append(self, parent: Element, new: str) -> None:
        """Put `new` after all that `parent` holds."""
        self._appended.setdefault(parent, []).append(new.encode())
        self.is_changed = True

    def insert_ordered(self, parent: Element, order: Sequence[str], new: str, local: str) -> None:
        """Put `new`, an element `local`, among the children of `parent` that stand in `order`.

        An unknown child (mc:AlternateContent, which wraps controls) counts as the last but one.
        """
        late = order[order.index(local) + 1 :]
        for child in parent.children:
            known = child.local in order if child.uri == parent.uri else False
            if child.local in late if known else local != order[-1]:
                self.insert(child.start, new)
                return
        self.append(parent, new)

    def set(self, element: Element, attribute: str, value: str) -> None:
        """Give an attribute without a namespace a value."""
        tag = self.xml[element.start : element.opened]
        found = re.search(rb"""\s%s\s*=\s*("[^"]*"|'[^']*')""" % re.escape(attribute.encode()), tag)
        if found is None:
            at = element.opened - (2 if element.is_empty else 1)
            self._edit(at, at, f' {attribute}="{quoted(value)}"')
        else:
            first, last = (element.start + place for place in found.span(1))
            self._edit(first, last, f'"{quoted(value)}"')

    def result(self) -> bytes:
        """Return the part as changed."""
        edits = list(self._edits)
        for parent, pieces in self._appended.items():
            inside = b"".join(pieces)
            if parent.is_empty:
                inside = b">" + inside + f"</{parent.name}>".encode()
                edits.append((parent.opened - 2, parent.opened, inside))
            else:
                edits.append((parent.closed, parent.closed, inside))
        pieces, at = [], 0
        for first, last, new in sorted(edits, key=lambda edit: edit[:2]):
            if first < at:
                raise UnmarkableError("two changes at the same place")
            pieces += [self.xml[at:first], new]
            at = last
        return b"".join([*pieces, self.xml[at:]])

    def _edit(self, first: int, last: int, new: str) -> None:
        self._edits.append((first, last, new.encode()))
        self.is_changed = True


def quoted(text: str) -> str:
    """Return text as the content of an element or of an attribute in double quotes."""
    return escape(text, {'"': "&quot;"})


def hole_of(xml: bytes) -> tuple[int, int] | None:
    """Return the bytes between the tags of a worksheet's cells, or None if it has none."""
    first = re.search(rb"<((?:[A-Za-z_][\w.-]*:)?sheetData)\s*>", xml)
    if first is None:
        return None
    last = xml.rfind(b"</" + first[1])
    return (first.end(), last) if last >= first.end() else None


def check(xml: bytes) -> None:
    """Raise ExpatError if this is no XML."""
    expat.ParserCreate().Parse(xml, True)


def _tree(xml: bytes) -> Element:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    stack: list[Element] = []
    roots: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        tag = _TAG.match(xml, at)
        if tag is None:
            raise UnmarkableError("a tag that is not UTF-8")
        uri, local = _split(name)
        own = {_split(key)[1]: value for key, value in attributes.items()}
        element = Element(uri, local, own, tag[1].decode(), at, tag.end(), bool(tag[2]))
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def end(_: str) -> None:
        element = stack.pop()
        element.closed = element.opened if element.is_empty else parser.CurrentByteIndex
        element.end = element.opened if element.is_empty else xml.index(b">", element.closed) + 1

    def text(piece: str) -> None:
        stack[-1].text += piece

    def declaration(_: str, encoding: str | None, __: int) -> None:
        if (encoding.lower() if encoding else None) not in _ENCODINGS:
            raise UnmarkableError(f"encoded as {encoding}")

    def document_type(*_: object) -> None:
        raise UnmarkableError("a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = document_type
    parser.Parse(xml, True)
    return roots[0]


def _split(name: str) -> tuple[str, str]:
    uri, _, rest = name.partition(" ")
    return (uri, rest.partition(" ")[0]) if rest else ("", uri)
