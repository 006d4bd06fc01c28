"""A secretary's indicator list becomes a form: every group a sheet, every row an indicator."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cells import text
from kybaocao.rules.cells.grid import Book
from kybaocao.rules.codes import Code
from kybaocao.rules.declared.declared import form_faults
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import (
    Column,
    Entry,
    EntrySheet,
    Form,
    Indicator,
    IndicatorSheet,
    InputKind,
)
from kybaocao.rules.form.form_rules import CumulativeRule, Rules
from kybaocao.rules.form.versions import Change, Changed, changes, meant
from kybaocao.rules.form_list import rules as list_rules
from kybaocao.rules.form_list import words
from kybaocao.rules.form_list.fields import Field
from kybaocao.rules.form_list.noted import Faults, Spot
from kybaocao.rules.form_list.references import Section
from kybaocao.rules.form_list.rows import read_rows
from kybaocao.rules.form_list.table import ListGroup, Table, tables
from kybaocao.rules.recognition.reading import FINDINGS_SHEET
from kybaocao.rules.regime.level import Level

COLUMNS = (
    Column(id="planned", name=Field.PLANNED),
    Column(id="done", name=Field.DONE, required=True),
    Column(
        id="cumulative",
        name=Field.CUMULATIVE,
        required=True,
        periods=tuple(frequency for frequency in Frequency if frequency.is_within_a_year),
    ),
)
NOTE = Column(id="note", name=Field.REMARK, text=True)
COVER = EntrySheet(
    kind="entries",
    id="trang-bia",
    name="Trang bìa",
    title="Thông tin báo cáo",
    rows=(
        Entry(
            code="BIA-01",
            name="Số, ký hiệu văn bản báo cáo",
            required=True,
            hint="Ví dụ: 123/BC-SNV",
        ),
        Entry(
            code="BIA-02",
            name="Ngày ký văn bản báo cáo",
            kind=InputKind.DATE,
            required=True,
            hint="Ngày/tháng/năm, ví dụ 12/9/2016",
        ),
        Entry(code="BIA-03", name="Người lập biểu", required=True, hint="Họ và tên"),
        Entry(code="BIA-04", name="Chức vụ, bộ phận của người lập biểu"),
        Entry(code="BIA-05", name="Điện thoại liên hệ", required=True, hint="Ghi cả số 0 ở đầu"),
        Entry(code="BIA-06", name="Thư điện tử liên hệ"),
        Entry(code="BIA-07", name="Người ký báo cáo", hint="Họ và tên, chức vụ"),
    ),
)
_TITLE_WORDS = tuple(map(text.fold, ("chỉ tiêu", "báo cáo", "danh mục", "biểu", "phụ lục")))
_NAMELESS = tuple(map(text.fold, ("sheet", "trang tính", "bảng tính")))


@dataclass(frozen=True)
class ListFacts:
    """What the list itself need not say; `title` and `source` fill what it leaves open."""

    id: str
    version: int = 1
    title: str = ""
    source: str = ""


@dataclass(frozen=True)
class Imported:
    """The form, or None where a finding is blocking; and all findings, in the cells' order.

    `changes` are the differences to the form's earlier versions.
    """

    form: Form | None
    findings: tuple[Finding, ...]
    changes: tuple[Changed, ...] = ()


def build(
    book: Book, given: ListFacts, levels: Sequence[Level], earlier: Sequence[Form] = ()
) -> Imported:
    """Return the form that the lists of a file declare, or every fault at its cell.

    `earlier` are the form's versions before this, the oldest first: what they had a code for
    keeps it, and a code of theirs keeps its meaning.

    A visible sheet with a header row is a list; a row of a numeral or letter and a name heads a
    group; a sheet without groups is one group. To the indicators come a cover sheet and those
    of the usual columns that some row asks for, with the rule on cumulative figures.
    """
    faults = Faults()
    found = tables(book, faults)
    sections = list(_sections(found, faults))
    if not sections:
        if found:
            faults.add(
                Code.EMPTY_LIST,
                found[0].spot(found[0].header, None),
                "có ít nhất một chỉ tiêu dưới dòng tiêu đề",
                "Ghi mỗi chỉ tiêu một dòng, có tên và đơn vị tính.",
            )
        return Imported(None, faults.in_order())
    before = meant(earlier)
    references = read_rows(sections, given.source, levels, faults, before)
    rules = list_rules.rules([r for s in sections for r in s.rows], references, faults)
    form = _form(given, _title(given, found, faults), sections, rules.rules)
    _cross_faults(form, sections, rules, faults)
    changed = tuple(changes(before, form)) if earlier else ()
    _changed_codes(changed, sections, faults)
    findings = faults.in_order()
    blocked = any(finding.is_blocking for finding in findings)
    return Imported(None if blocked else form, findings, changed)


def _sections(found: Sequence[Table], faults: Faults) -> Iterator[Section]:
    used: set[str] = set()
    for table in found:
        for group in table.groups:
            if not group.lines:
                if group.name:
                    faults.add(
                        Code.EMPTY_GROUP,
                        group.spot,
                        "nhóm có ít nhất một chỉ tiêu",
                        "Nhóm này không thành trang tính; ghi chỉ tiêu ở các dòng dưới nó.",
                    )
                continue
            symbol = group.symbol or ("CT" if len(found) == 1 else f"CT{table.position + 1}")
            if symbol in used:
                symbol = next(s for n in range(2, 10**6) if (s := f"{symbol}{n}") not in used)
            used.add(symbol)
            yield Section(symbol, _name(table, group), group.spot, group.lines)


def _name(table: Table, group: ListGroup) -> str:
    """Return what the sheet of a group is about."""
    if group.name:
        return group.name
    name = text.plain(table.sheet)
    return "Chỉ tiêu" if text.fold(name).startswith(_NAMELESS) else name


def _title(given: ListFacts, found: Sequence[Table], faults: Faults) -> str:
    """Return the title given, or the first line above a table that names a list or report."""
    if given.title:
        return given.title
    for title in (title for table in found for title in table.titles):
        if not title.startswith("(") and any(w in text.fold(title) for w in _TITLE_WORDS):
            return title
    faults.add(
        Code.MISSING_TITLE,
        Spot(0, found[0].sheet, 0, None),
        "có tên biểu ở dòng trên bảng",
        "Ghi tên biểu ở trên dòng tiêu đề, hoặc nhập lại với --title.",
    )
    return "?"


def _form(given: ListFacts, title: str, sections: Sequence[Section], rules: Rules) -> Form:
    asked = {column for section in sections for row in section.rows for column in row.columns}
    columns = tuple(column for column in COLUMNS if column.id in asked)
    if {"done", "cumulative"} <= asked:
        cumulative = CumulativeRule(period="done", cumulative="cumulative")
        rules = rules.model_copy(update={"cumulative": cumulative})
    sheets: list[IndicatorSheet] = []
    names, ids = [COVER.name, FINDINGS_SHEET], {COVER.id}
    for number, section in enumerate(sections, start=1):
        begins = section.name[:1].isdigit()
        name = section.name if begins else f"{number}. {section.name}"
        names.append(words.sheet_name(name, names))
        ids.add(sheet_id := _sheet_id(section.name, ids))
        sheets.append(
            IndicatorSheet(
                kind="indicators",
                id=sheet_id,
                name=names[-1],
                title=section.name,
                rows=tuple(row.indicator for row in section.rows),
            )
        )
    return Form(
        id=given.id,
        version=given.version,
        title=title,
        note=_note(columns, [row.indicator for s in sections for row in s.rows]),
        columns=(*columns, NOTE),
        sheets=(COVER, *sheets),
        rules=rules,
    )


def _sheet_id(name: str, taken: set[str]) -> str:
    base = words.slug(name, 40) or "nhom"
    return next(
        made for n in range(1, 10**6) if (made := base if n == 1 else f"{base}-{n}") not in taken
    )


def _note(columns: Sequence[Column], rows: Sequence[Indicator]) -> str:
    said = (
        "Ghi số 0 khi không phát sinh; ghi “Không áp dụng” khi nội dung không thuộc chức năng của "
        "cơ quan, đơn vị; không để trống"
    )
    if any(column.id == "planned" for column in columns):
        said += ", trừ cột Kế hoạch năm khi không giao kế hoạch"
    said += "."
    return said + (" Các tỷ lệ do biểu mẫu tự tính." if any(r.compute for r in rows) else "")


_CROSS: Mapping[str, tuple[Code, str, str]] = {
    "form": (Code.CROSS_FORM, "biểu mẫu không có lỗi này", "Sửa danh mục rồi nhập lại."),
    "code": (
        Code.CROSS_CODE,
        "mã không trùng với mã của trang bìa (BIA-…)",
        "Đặt mã khác cho chỉ tiêu này.",
    ),
    "aggregate": (
        Code.CROSS_AGGREGATE,
        "cao nhất, danh mục chung hoặc không; tỷ lệ và thứ hạng không cộng được",
        "Sửa cách tổng hợp; muốn tính lại tỷ lệ từ tổng thì ghi Tử số và Mẫu số.",
    ),
    "compute": (
        Code.CROSS_COMPUTE,
        "Tử số và Mẫu số là chỉ tiêu nhập số liệu, cùng cách tổng hợp, có đủ các cột và đơn vị báo "
        "cáo của tỷ lệ",
        "Chọn chỉ tiêu không phải tỷ lệ, hoặc sửa cột “Cột” cho khớp nhau.",
    ),
    "maximum": (
        Code.CROSS_MAXIMUM,
        "số lớn nhất không nhỏ hơn số nhỏ nhất (0 nếu để trống)",
        "Sửa số nhỏ nhất hoặc số lớn nhất.",
    ),
    "rules": (
        Code.CROSS_RULES,
        "các chỉ tiêu của quy tắc có ít nhất một cột chung",
        "Sửa cột “Cột” cho khớp nhau, hoặc bỏ quy tắc này.",
    ),
}

_ORIGINS = {
    "code": Field.CODE,
    "compute": Field.PART,
    "maximum": Field.MAXIMUM,
    "aggregate": Field.AGGREGATE,
}


_CHANGED = {Change.RENAMED: Field.NAME, Change.UNIT: Field.UNIT, Change.ASKS: Field.KIND}


def _changed_codes(changed: Sequence[Changed], sections: Sequence[Section], faults: Faults) -> None:
    """Note each code that means another thing than in the versions before."""
    for one in changed:
        if not one.is_refused:
            continue
        match one.place:
            case ("sheets", int(sheet), "rows", int(row)) if sheet > 0:
                of = _CHANGED.get(one.change, Field.AGGREGATE)
                at = sections[sheet - 1].rows[row].line.spot(of)
            case _:
                at = Spot(0, "", 0, None, one.now)
        faults.add(
            Code.CODE_CHANGED,
            at,
            f"như phiên bản trước: {one.words}",
            "Đặt mã mới cho chỉ tiêu mới; nếu chỉ sửa câu chữ, ghi tên trước đây ở cột “Tên cũ”.",
        )


def _cross_faults(
    form: Form, sections: Sequence[Section], rules: list_rules.Found, faults: Faults
) -> None:
    """Note what shows only when the parts of the form are held against each other."""
    seen: set[tuple[str, Spot]] = set()
    for place, message in form_faults(form):
        match tuple(place):
            case ("sheets", int(sheet), "rows", int(row), str(what)) if what in _ORIGINS:
                at = sections[sheet - 1].rows[row].line.spot(_ORIGINS[what])
            case ("rules", "sums" | "within" as kind, int(number)):
                what = "rules"
                at = (rules.sums if kind == "sums" else rules.within)[number]
            case _:
                what, at = "form", Spot(0, "", 0, None, message)
        if (what, at) not in seen:
            seen.add((what, at))
            code, expected, action = _CROSS[what]
            faults.add(code, at, expected, action)
