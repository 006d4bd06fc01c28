"""One sheet of the sender's file: fills and comments at the cells that findings name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kybaocao.adapters.workbooks.look import cell_text
from kybaocao.adapters.workbooks.marked.notes import Cell, Notes, cell_at
from kybaocao.adapters.workbooks.marked.package import Package
from kybaocao.adapters.workbooks.marked.splice import Element, Part, hole_of, quoted
from kybaocao.adapters.workbooks.marked.words import said_of
from kybaocao.rules.cells.addresses import address
from kybaocao.rules.finding import Finding

# Always true, and by it our marks are known when the file comes back.
MARK = '"kybaocao"="kybaocao"'
# The order of a worksheet's parts (CT_Worksheet, ECMA-376 part 1, 18.3.1.99).
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(:[A-Z]{1,3}[1-9][0-9]{0,6})?")
_TRUE = ("1", "true")


@dataclass(frozen=True)
class Fills:
    """The formats (`dxfId`) of cells to mend and of cells to look at."""

    blocking: int
    warning: int


@dataclass(frozen=True)
class Names:
    """The namespaces in which a file is written: of spreadsheets, and of relationships."""

    uri: str
    relations: str


def mark_sheet(
    package: Package, name: str, findings: Sequence[Finding], fills: Fills, names: Names
) -> None:
    """Replace the marks on one sheet by those of `findings`. No cell's bytes change."""
    xml = package.read(name)
    sheet = Part(xml, hole_of(xml))
    _unselect(sheet)
    at: dict[str, list[Finding]] = {}
    merged = _merged(sheet)
    for finding in findings:
        if _CELL.fullmatch(finding.cell):
            at.setdefault(_anchored(finding.cell, merged), []).append(finding)
    _fill(sheet, at, fills)
    wanted: dict[str, tuple[Cell, str]] = {}
    for where, found in at.items():
        ref = where.partition(":")[0]
        wanted[ref] = (cell_at(ref), cell_text("\n\n".join(map(said_of, found))))
    notes = Notes(package, name, names.uri, names.relations)
    if drawing := notes.replace(sheet, wanted):
        tag = f'{sheet.name("legacyDrawing")} xmlns:kbc="{names.relations}" kbc:id="{drawing}"'
        sheet.insert_ordered(sheet.root, ORDER, f"<{tag}/>", "legacyDrawing")
    if sheet.is_changed:
        package.write(name, sheet.result())


def _unselect(sheet: Part) -> None:
    """Leave the list alone selected: what is typed goes into all sheets selected together."""
    views = sheet.root.child("sheetViews")
    for view in views.all("sheetView") if views else ():
        if view.attributes.get("tabSelected") in _TRUE:
            sheet.set(view, "tabSelected", "0")


def _merged(sheet: Part) -> list[tuple[Cell, Cell]]:
    cells = sheet.root.child("mergeCells")
    areas = (e.attributes.get("ref", "").partition(":") for e in cells.children) if cells else ()
    return [(cell_at(first), cell_at(last or first)) for first, _, last in areas]


def _anchored(where: str, merged: Sequence[tuple[Cell, Cell]]) -> str:
    """Return the cell that shows for a cell: the first one where cells are merged."""
    if ":" not in where:
        row, column = cell_at(where)
        for (top, left), (bottom, right) in merged:
            if top <= row <= bottom and left <= column <= right:
                return address(top, left)
    return where


def _fill(sheet: Part, at: Mapping[str, Sequence[Finding]], fills: Fills) -> None:
    """Lay our fills over the cells, above the sender's own conditional formats."""
    rules = [e for e in sheet.root.walk() if e.local == "cfRule" and "priority" in e.attributes]
    ours = [e for e in rules if MARK in (child.text for child in e.children)]
    theirs = [e for e in rules if e not in ours]
    for area in sheet.root.all("conditionalFormatting"):
        own = [rule for rule in area.all("cfRule") if rule in ours]
        if own and len(own) == len(area.all("cfRule")):
            sheet.remove(area)
        else:
            for rule in own:
                sheet.remove(rule)
    first = _room(sheet, theirs) if at else 0
    blocking = [cell for cell, found in at.items() if any(f.is_blocking for f in found)]
    warning = [cell for cell in at if cell not in set(blocking)]
    marks = ((blocking, fills.blocking), (warning, fills.warning))
    for priority, (cells, fill) in enumerate(marks, first):
        if cells:
            names = ("conditionalFormatting", "cfRule", "formula")
            area_tag, tag, formula = map(sheet.name, names)
            new = (
                f'<{area_tag} sqref="{" ".join(cells)}"><{tag} type="expression" dxfId="{fill}" '
                f'priority="{priority}"><{formula}>{quoted(MARK)}</{formula}></{tag}></{area_tag}>'
            )
            sheet.insert_ordered(sheet.root, ORDER, new, "conditionalFormatting")


def _room(sheet: Part, theirs: Sequence[Element]) -> int:
    """Return the first priority of our two rules, and move the sender's behind them.

    A pivot table names its rules by their priority, so those stay, and ours come after.
    """
    known = [int(rule.attributes["priority"]) for rule in theirs]
    if not known or min(known) > 2:
        return 1
    if any(rule.attributes.get("pivot") in _TRUE for rule in theirs):
        return max(known) + 1
    for rule, priority in zip(theirs, known, strict=True):
        sheet.set(rule, "priority", str(priority + 3 - min(known)))
    return 1
