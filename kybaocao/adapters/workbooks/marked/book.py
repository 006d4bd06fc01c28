"""The workbook part: our list as its first sheet, and all that counts sheets by position."""

from collections.abc import Sequence

from kybaocao.adapters.workbooks.marked.listing import (
    BLOCKING_FILL,
    LOOKS,
    MOST_LISTED,
    WARNING_FILL,
    listing,
    print_titles,
)
from kybaocao.adapters.workbooks.marked.package import Package
from kybaocao.adapters.workbooks.marked.sheet import Fills, Names, mark_sheet
from kybaocao.adapters.workbooks.marked.splice import Element, Part, UnmarkableError, quoted
from kybaocao.adapters.workbooks.marked.styles import EMPTY, Styles, formats
from kybaocao.rules.finding import Finding
from kybaocao.rules.recognition.reading import FINDINGS_SHEET, key

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
TRANSITIONAL = Names(
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = Names(
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
# The order of a workbook's parts (CT_Workbook, ECMA-376 part 1, 18.2.27).
ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


def insert_list(package: Package, findings: Sequence[Finding], heading: str) -> None:
    """Mark `findings` in all sheets of a file and list them on its first sheet.

    A list of an earlier return is replaced. Raises UnmarkableError, ExpatError, KeyError.
    """
    book = Part(package.read(package.workbook))
    names = next((n for n in (TRANSITIONAL, STRICT) if n.uri == book.root.uri), None)
    sheets = book.root.child("sheets")
    if names is None or sheets is None:
        raise UnmarkableError("a workbook of an unknown kind")
    relations = {r.id: r for r in package.relations(package.workbook)}
    old: Element | None = None
    theirs: list[str] = []
    styles = Styles(_stylesheet(package, names))
    fills = Fills(styles.mark(BLOCKING_FILL), styles.mark(WARNING_FILL))
    for sheet in sheets.all("sheet"):
        title, relation = sheet.attributes.get("name", ""), relations[sheet.attributes["id"]]
        if key(title) == key(FINDINGS_SHEET) and relation.kind == "worksheet" and old is None:
            old = sheet
            continue
        theirs.append(title)
        found = [f for f in findings[:MOST_LISTED] if f.sheet == title]
        mark_sheet(package, relation.target, found, fills, names)
    looks = formats(styles, LOOKS)
    xml = listing(findings, heading, theirs, names.uri, looks.__getitem__)
    if old is None:
        part = package.add("xl/worksheets/kybaocao-list{}.xml", SHEET, xml)
        relation_id = package.relate(package.workbook, names.relations, "worksheet", part)
    else:
        relation_id = old.attributes["id"]
        package.forget_relations(relations[relation_id].target)
        package.write(relations[relation_id].target, xml)
    _put_first(book, sheets, old, relation_id, names)
    package.write(package.workbook, book.result())
    package.write(_stylesheet_name(package), styles.result())


def _put_first(book: Part, sheets: Element, old: Element | None, id_: str, names: Names) -> None:
    """Name the list as the first sheet, and count the others by their new position."""
    all_sheets = sheets.all("sheet")
    known = [int(s.attributes.get("sheetId", "0")) for s in all_sheets]
    number = old.attributes.get("sheetId", "") if old else str(max([0, *known]) + 1)
    tag = f'{book.name("sheet")} xmlns:kbc="{names.relations}" name="{quoted(FINDINGS_SHEET)}"'
    new = f'<{tag} sheetId="{number}" kbc:id="{id_}"/>'
    if all_sheets:
        book.insert(all_sheets[0].start, new)
    else:
        book.append(sheets, new)
    if old is not None:
        book.remove(old)
    moved = {s: n for n, s in enumerate((s for s in all_sheets if s is not old), 1)}
    positions = {str(n): moved.get(sheet) for n, sheet in enumerate(all_sheets)}
    _names(book, positions)
    views = book.root.child("bookViews")
    if views is None:
        tags = book.name("bookViews"), book.name("workbookView")
        book.insert(sheets.start, f"<{tags[0]}><{tags[1]}/></{tags[0]}>")
    for view in views.all("workbookView") if views else ():
        for attribute in ("activeTab", "firstSheet"):
            if attribute in view.attributes:
                book.set(view, attribute, "0")


def _names(book: Part, positions: dict[str, int | None]) -> None:
    """Count sheets anew in the names that belong to one, and add the list's."""
    tag = book.name("definedName")
    titles = f'<{tag} name="_xlnm.Print_Titles" localSheetId="0">{quoted(print_titles())}</{tag}>'
    names = book.root.child("definedNames")
    if names is None:
        group = book.name("definedNames")
        book.insert_ordered(book.root, ORDER, f"<{group}>{titles}</{group}>", "definedNames")
        return
    for name in names.all("definedName"):
        local = name.attributes.get("localSheetId")
        if local is None or local not in positions:
            continue
        position = positions[local]
        if position is None:
            book.remove(name)
        else:
            book.set(name, "localSheetId", str(position))
    book.append(names, titles)


def _stylesheet(package: Package, names: Names) -> bytes:
    """Return the stylesheet, a new one where the file has none."""
    if package.related(package.workbook, "styles") is None:
        xml = EMPTY.format(uri=names.uri).encode()
        part = package.add("xl/styles{}.xml", STYLES, xml)
        package.relate(package.workbook, names.relations, "styles", part)
    return package.read(_stylesheet_name(package))


def _stylesheet_name(package: Package) -> str:
    relation = package.related(package.workbook, "styles")
    if relation is None:
        raise UnmarkableError("no stylesheet")
    return relation.target
