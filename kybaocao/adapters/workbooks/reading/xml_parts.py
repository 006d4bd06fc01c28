"""XML of parts, read without building trees; a document type is refused, since entities swell."""

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from xml.parsers import expat

from kybaocao.adapters.workbooks.reading import refusals

Attributes = dict[str, str]
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of workbooks (ECMA-376 part 1), transitional and strict."""

_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile("&(?:#x([0-9A-Fa-f]{1,8});|#([0-9]{1,8});|(lt|gt|amp|quot|apos);)?")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def parse(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
    own: Collection[str] = (),
    foreign: Callable[[str], None] = lambda tag: None,
) -> None:
    """Tell of the elements and texts of a part, by local names; raises UnreadableFileError.

    With namespaces that are its `own`, elements of others are passed over with all that stands
    in them; `foreign` hears of each, by namespace and name.
    """
    passed_over = 0

    def begin(tag: str, attributes: Attributes) -> None:
        nonlocal passed_over
        space, _, name = tag.rpartition(" ")
        if passed_over or (own and space not in own):
            passed_over += 1
            foreign(tag)
            return
        if any(" " in said for said in attributes):
            known = {said.rpartition(" ")[2]: value for said, value in attributes.items()}
            attributes = known | {said: v for said, v in attributes.items() if " " not in said}
        start(name, attributes)

    def finish(tag: str) -> None:
        nonlocal passed_over
        if passed_over:
            passed_over -= 1
        else:
            end(tag.rpartition(" ")[2])

    def refuse(*_: object) -> None:
        raise refusals.unsafe()

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = lambda piece: None if passed_over else characters(piece)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise refusals.broken() from None


def elements(xml: bytes, own: Collection[str] = ()) -> list[tuple[str, Attributes, str]]:
    """Return every element's local name, attributes and own text, as they end."""
    found: list[tuple[str, Attributes, str]] = []
    stack: list[tuple[str, Attributes, list[str]]] = []

    def end(_: str) -> None:
        tag, attributes, pieces = stack.pop()
        found.append((tag, attributes, "".join(pieces)))

    if xml:
        parse(
            xml,
            lambda tag, attributes: stack.append((tag, attributes, [])),
            end,
            lambda piece: stack[-1][2].append(piece),
            own,
        )
    return found


def text_of(raw: str) -> str:
    """Return the text that `raw` of a part stands for, its references and escapes resolved.

    Raises UnreadableFileError for references that no such file can have. `_x000D_` is how Office
    writes what XML cannot hold (ECMA-376 part 1, 22.9.2.19).
    """
    if "&" in raw or "\r" in raw or "_x" in raw:
        return _kept_text(raw) if len(raw) <= _LONGEST_KEPT else _text(raw)
    return raw


def _text(raw: str) -> str:
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return unescaped(_REFERENCE.sub(_referred, raw))


_LONGEST_KEPT = 500
_kept_text = lru_cache(maxsize=8192)(_text)  # every file of a form repeats the same labels


def unescaped(text: str) -> str:
    """Return `text` with Office's own escapes resolved."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _referred(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _ENTITIES[name]
    if not (hexadecimal or decimal):
        raise refusals.broken()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code >= _BEYOND_UNICODE or not code:
        raise refusals.broken()
    return chr(code)


_BEYOND_UNICODE = 0x110000


def is_plain(said: str, root: str) -> bool:
    """Return if a piece of a part is written as programs write it: no comment, instruction or
    section, no quotation by apostrophes, no name of another namespace than its own.

    `root` is the tag of the part's first element, which declares the prefixes of others.
    """
    if "<!" in said or "<?" in said or "='" in said or "xmlns" in said:
        return False
    prefixes = _PREFIX.findall(root)
    return not any(f"<{prefix}:" in said for prefix in prefixes)


_PREFIX = re.compile(r"\sxmlns:([^\s=]+)=")
