"""The filled cells of a worksheet's XML: by a pattern where it is written as programs write it,
by a parser where it is not. Both tell the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.xml_parts import Attributes, parse
from kybaocao.rules.cells.addresses import column_letters

Cell = tuple[str, str, str, str, str, str, str, str, str]
"""Column letters, row, style, type, other attributes, the formula's attributes and text, the
value, the inline string; all raw as in the XML, and empty where there is none."""


@dataclass
class SheetXml:
    """What a worksheet holds, raw: cells, areas that are merged, what does not show.

    `hidden_columns` are the first and the last of each run of them. `is_parsed` says that texts
    are already resolved; inline strings stay XML.
    """

    cells: Sequence[Cell] = ()
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[str] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    is_parsed: bool = False

    def cell_twice(self) -> str | None:
        """Return the first cell that comes twice with different contents, or None."""
        held: dict[str, tuple[str, ...]] = {}
        for letters, row, _, kind, rest, *inside in self.cells:
            if any(inside):
                content = ("" if kind == "n" else kind, rest, *inside)
                if held.setdefault(letters + row, content) != content:
                    return letters + row
        return None


_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?([^/>]*)>'
    r"(?:<f([^>]*)(?:(?<=/)>|>([^<]*)</f>))?"
    r"(?:<v>([^<]*)</v>|<v ?/>)?"
    r"(?:<is>(.*?)</is>)?</c>",
    re.DOTALL,
)
_FILLED_CELL = re.compile("<c [^/>]*>")
_MERGED = re.compile(r'<mergeCell ref="([^"]*)" ?/>')
_HIDDEN_ROW = re.compile(r'<row ([^>]*(?<= )(?:hidden="(?:1|true)"|ht="0")[^>]*)>')
_COLUMN = re.compile("<col ([^>]*?)/?>")
_ATTRIBUTE = re.compile('([a-zA-Z]+)="([^"]*)"')
_ROW_NUMBER = re.compile(r'\br="([0-9]+)"')
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!utf-8[\"'])", re.IGNORECASE)


def sheet_xml(xml: bytes) -> SheetXml:
    """Return what a worksheet holds; raises UnreadableFileError where it is no XML."""
    return _by_pattern(xml) or _by_parser(xml)


def _by_pattern(xml: bytes) -> SheetXml | None:
    """Return what a worksheet of the usual hand holds; None where the pattern misses anything."""
    if _ENCODING.match(xml) or b"='" in xml or (b"!" in xml and b"<!" in xml):
        return None
    try:
        said = xml.decode("utf-8")
    except UnicodeDecodeError:
        return None
    end = said.rfind("</sheetData>")
    if "<worksheet" not in said[:1000] or end < 0 or not said.rstrip().endswith("</worksheet>"):
        return None
    cells = _CELL.findall(said)
    merged = _MERGED.findall(said, end)
    rows = [_ROW_NUMBER.search(row) for row in _HIDDEN_ROW.findall(said)]
    # What the pattern found less of than there is, it has missed.
    if (
        said.count("</c>") != len(cells)
        or len(_FILLED_CELL.findall(said)) != len(cells)
        or said.count("<mergeCell ", end) != len(merged)
        or not all(rows)
    ):
        return None
    columns = _COLUMN.findall(said, 0, said.find("<sheetData"))
    hidden = _hidden(dict(_ATTRIBUTE.findall(column)) for column in columns)
    return SheetXml(cells, merged, [row[1] for row in rows if row], hidden)


_REFERENCE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_HIDES = ("1", "true")


def _hidden(columns: Iterable[Attributes]) -> list[tuple[int, int]]:
    """Return the runs of columns of which `col` elements say that they do not show."""
    try:
        return [
            (int(said["min"]), int(said["max"]))
            for said in columns
            if said.get("hidden") in _HIDES or said.get("width") == "0"
        ]
    except (KeyError, ValueError):
        raise refusals.broken() from None


class _Handler:
    """Collects a worksheet's cells as the parser goes."""

    def __init__(self) -> None:
        self.found = SheetXml(is_parsed=True)
        self.cells: list[Cell] = []
        self.row = self.column = 0
        self.cell: dict[str, str] = {}
        self.inside: list[str] = []
        self.pieces: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        if "is" in self.inside or tag == "is":
            font = attributes.get("val", "") if tag in ("rFont", "name") else ""
            self.pieces.append(f'<{tag} val="{_escaped(font)}">' if font else f"<{tag}>")
        elif tag == "col":
            self.found.hidden_columns += _hidden([attributes])
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if attributes.get("hidden") in _HIDES or attributes.get("ht") == "0":
                self.found.hidden_rows.append(str(self.row))
        elif tag == "c":
            self._start_cell(attributes)
        elif tag in ("f", "v") and self.inside[-1] == "c":
            self.pieces.clear()
            if tag in self.cell:
                raise refusals.broken()
            if tag == "f":
                self.cell["fa"] = "".join(f' {k}="{v}"' for k, v in attributes.items()) or " "
        elif tag == "mergeCell":
            self.found.merged.append(attributes.get("ref", ""))
        self.inside.append(tag)

    def _start_cell(self, attributes: Attributes) -> None:
        if said := attributes.get("r", ""):
            reference = _REFERENCE.fullmatch(said)
            if reference is None:
                raise refusals.broken()
            self.row, self.column = int(reference[2]), column_number(reference[1])
        else:
            self.column += 1
        self.cell = {"s": attributes.get("s", ""), "t": attributes.get("t", "")}
        self.pieces.clear()

    def end(self, tag: str) -> None:
        self.inside.pop()
        if "is" in self.inside:
            self.pieces.append(f"</{tag}>")
        elif tag in ("f", "v", "is"):
            said = "".join(self.pieces)
            self.cell[tag] = said.removeprefix("<is>") if tag == "is" else said
            self.pieces.clear()
        elif tag == "c":
            shape, formula, value, inline = (self.cell.get(k, "") for k in ("fa", "f", "v", "is"))
            if shape or formula or value or inline:
                place = (column_letters(self.column), str(self.row))
                style, kind = self.cell["s"], self.cell["t"]
                self.cells.append((*place, style, kind, "", shape, formula, value, inline))

    def characters(self, piece: str) -> None:
        if "is" in self.inside:
            self.pieces.append(_escaped(piece))
        else:
            self.pieces.append(piece)


def _by_parser(xml: bytes) -> SheetXml:
    handler = _Handler()
    parse(xml, handler.start, handler.end, handler.characters)
    handler.found.cells = handler.cells
    return handler.found


def _escaped(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


class _Columns(dict[str, int]):
    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = 26 * number + ord(letter) - 64
        self[letters] = number
        return number


_COLUMNS = _Columns()
column_number = _COLUMNS.__getitem__
"""Return the number of a column by its letters: `AB` is 28."""
