"""The filled cells of a worksheet's XML: by a pattern where it is written as programs write it,
by a parser where it is not. Both tell the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.xml_parts import MAIN, Attributes, is_plain, parse
from kybaocao.rules.cells.addresses import column_letters, column_number

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
_MERGED = re.compile(r'<mergeCell ref="([^"]*)" ?/>')
_HIDDEN_ROW = re.compile(r'<row ([^>]*(?<= )(?:hidden="(?:1|true)"|ht="0")[^>]*)>')
_COLUMN = re.compile("<col ([^>]*?)/?>")
_ATTRIBUTE = re.compile('([a-zA-Z]+)="([^"]*)"')
_ROW_NUMBER = re.compile(r'\br="([0-9]+)"')
_UTF8 = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml (?![^>]*encoding=\"(?!utf-8\"))[^>]*\?>)?\s*", re.I
)
_ROOT = re.compile(f'<worksheet [^>]*?\\bxmlns="(?:{"|".join(map(re.escape, MAIN))})"[^>]*>')
_ELEMENT = re.compile("<(/?)[a-zA-Z]+[^>]*?(/?)>")
_NO_CELL = re.compile(r"(?:</row>|<row(?: [^>]*)?/>|^)\s*<(?!row[ >/]|$)")
# With these tags alone, a cell stands in a row, and its content in the cell.
_STRANGE = re.compile("<(?!/?(?:c|v|is|t|f|row|r)[ />])")
_LATE = re.compile('(?: (?:cm|vm|ph)="[0-9]*")*')


def sheet_xml(xml: bytes) -> SheetXml:
    """Return what a worksheet holds; raises UnreadableFileError where it is no XML."""
    return _by_pattern(xml) or _by_parser(xml)


def _by_pattern(xml: bytes) -> SheetXml | None:
    """Return what a worksheet of the usual hand holds; None where there is more than plain cells,
    or the pattern misses anything: then the parser tells."""
    start = _UTF8.match(xml)
    try:
        said = xml[start.end() if start else 0 :].decode("utf-8")
    except UnicodeDecodeError:
        return None
    root = _ROOT.match(said)
    first, end = said.find("<sheetData>"), said.find("</sheetData>")
    if root is None or not root.end() <= first < end or not said.rstrip().endswith("</worksheet>"):
        return None
    # What extends the format is for other programs, and comes last.
    last = said.find("<extLst>", end)
    head, data = said[root.end() : first], said[first + len("<sheetData>") : end]
    tail = said[end + len("</sheetData>") : last if last >= 0 else len(said)]
    opening = root[0]
    if not (_is_level(head) and is_plain(head, opening) and is_plain(tail, opening)):
        return None
    if not _is_plain_data(data, opening):
        return None
    if "<sheetData" in tail or (
        last >= 0 and said.count("<extLst>", last) != said.count("</extLst>")
    ):
        return None
    cells = _CELL.findall(data)
    merged = _MERGED.findall(tail)
    rows = [_ROW_NUMBER.search(row) for row in _HIDDEN_ROW.findall(data)]
    # What the pattern found less of than there is, it has missed.
    if (
        data.count("</c>") != len(cells)
        or data.count("<c ") != len(cells) + len(_EMPTY_CELL.findall(data))
        or tail.count("<mergeCell ") != len(merged)
        or not all(rows)
        or not all(map(_LATE.fullmatch, {cell[4] for cell in cells}))
    ):
        return None
    hidden = _hidden(dict(_ATTRIBUTE.findall(column)) for column in _COLUMN.findall(head))
    return SheetXml(cells, merged, [row[1] for row in rows if row], hidden)


_EMPTY_CELL = re.compile("<c [^>]*/>")


def _is_level(head: str) -> bool:
    """Return if every element before the rows is closed before them."""
    level = 0
    for closes, alone in _ELEMENT.findall(head):
        level += -1 if closes else 0 if alone else 1
        if level < 0:
            return False
    return level == 0


def _is_plain_data(data: str, root: str) -> bool:
    """Return if rows hold plain cells, and nothing else that a pattern could take for one."""
    rows = data.count("</row>")
    is_even = rows == data.count("<row ") == data.count("</row><row ") + 1
    is_whole = is_even and data.startswith("<row ") and data.endswith("</row>")
    if not is_whole and _NO_CELL.search(data):
        return False
    if "='" in data or "xmlns" in data:
        return False
    return not _STRANGE.search(data) or is_plain(data, root)


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
        self.is_sheet = False

    def start(self, tag: str, attributes: Attributes) -> None:
        self.is_sheet |= tag == "worksheet" and not self.inside
        if "is" in self.inside or (tag == "is" and self.inside == _IN_CELL):
            font = attributes.get("val", "") if tag in ("rFont", "name") else ""
            self.pieces.append(f'<{tag} val="{_escaped(font)}">' if font else f"<{tag}>")
        elif tag == "col" and self.inside == ["worksheet", "cols"]:
            self.found.hidden_columns += _hidden([attributes])
        elif tag == "row" and self.inside == _DATA:
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if attributes.get("hidden") in _HIDES or attributes.get("ht") == "0":
                self.found.hidden_rows.append(str(self.row))
        elif tag == "c" and self.inside == _ROW:
            self._start_cell(attributes)
        elif tag in ("f", "v") and self.inside == _IN_CELL:
            self.pieces.clear()
            if tag in self.cell:
                raise refusals.broken()
            if tag == "f":
                self.cell["fa"] = "".join(f' {k}="{v}"' for k, v in attributes.items()) or " "
        elif tag == "mergeCell" and self.inside == ["worksheet", "mergeCells"]:
            self.found.merged.append(attributes.get("ref", ""))
        self.inside.append(tag)

    def _start_cell(self, attributes: Attributes) -> None:
        if said := attributes.get("r", ""):
            reference = _REFERENCE.fullmatch(said.upper())
            if reference is None:
                raise refusals.broken()
            self.row, self.column = int(reference[2]), column_number(reference[1])
        else:
            self.column += 1
        late = f' vm="{attributes["vm"]}"' if "vm" in attributes else ""
        self.cell = {"s": attributes.get("s", ""), "t": attributes.get("t", ""), "late": late}
        self.pieces.clear()

    def end(self, tag: str) -> None:
        self.inside.pop()
        if "is" in self.inside:
            self.pieces.append(f"</{tag}>")
        elif tag in ("f", "v", "is") and self.inside == _IN_CELL:
            said = "".join(self.pieces)
            self.cell[tag] = said.removeprefix("<is>") if tag == "is" else said
            self.pieces.clear()
        elif tag == "c" and self.inside == _ROW:
            shape, formula, value, inline = (self.cell.get(k, "") for k in ("fa", "f", "v", "is"))
            if shape or formula or value or inline:
                place = (column_letters(self.column), str(self.row))
                style, kind, late = self.cell["s"], self.cell["t"], self.cell["late"]
                self.cells.append((*place, style, kind, late, shape, formula, value, inline))

    def foreign(self, tag: str) -> None:
        # What stands for what is for the program that opens the file to choose.
        if self.inside[:2] == _DATA and tag.endswith(" AlternateContent"):
            raise refusals.broken()

    def characters(self, piece: str) -> None:
        if "is" in self.inside:
            self.pieces.append(_escaped(piece))
        else:
            self.pieces.append(piece)


_DATA = ["worksheet", "sheetData"]
_ROW = [*_DATA, "row"]
_IN_CELL = [*_ROW, "c"]


def _by_parser(xml: bytes) -> SheetXml:
    handler = _Handler()
    parse(xml, handler.start, handler.end, handler.characters, MAIN, handler.foreign)
    if not handler.is_sheet:
        raise refusals.broken()
    handler.found.cells = handler.cells
    return handler.found


def _escaped(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
