"""XML of parts, read without building trees; a document type is refused, since entities swell."""

import re
from collections.abc import Callable
from functools import lru_cache
from xml.parsers import expat

from kybaocao.adapters.workbooks.reading import refusals

Attributes = dict[str, str]
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_REFERENCE = re.compile("&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(lt|gt|amp|quot|apos));")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def parse(
    xml: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> None:
    """Tell of the elements and texts of a part, by local names; raises UnreadableFileError."""

    def begin(tag: str, attributes: Attributes) -> None:
        local = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        start(tag.rpartition(" ")[2], local)

    def refuse(*_: object) -> None:
        raise refusals.unsafe()

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda tag: end(tag.rpartition(" ")[2])
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise refusals.broken() from None


def elements(xml: bytes) -> list[tuple[str, Attributes, str]]:
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
        )
    return found


def text_of(raw: str) -> str:
    """Return the text that `raw` of a part stands for, its references and escapes resolved.

    `_x000D_` is how Office writes what XML cannot hold (ECMA-376 part 1, 22.9.2.19).
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
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if code < 0x110000 else ""
