"""A secretary's list becomes a form, or every fault is named at its cell."""

from collections.abc import Sequence

import pytest

from kybaocao.rules.cells.grid import Book, Value
from kybaocao.rules.declared.declared import form_faults
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form.form import Aggregation, EntrySheet, Form, InputKind
from kybaocao.rules.form_list.fields import Field, field_of
from kybaocao.rules.form_list.form_list import Imported, ListFacts, build
from kybaocao.rules.form_list.words import sheet_name, slug, to_whom
from tests.levels import LEVELS
from tests.list_cases import FORMS, GIVEN, HEADER, SOURCE, grid, list_of, listed

USUAL = ("planned", "done", "cumulative")
GROUP = ("I", None, "Hồ sơ")
TOTAL = (1, "HS-01", "Đã giải quyết", "hồ sơ")
PART = (2, "HS-02", "Đúng hạn", "hồ sơ")
OTHER = (3, "HS-03", "Quá hạn", "hồ sơ")


def made(found: Imported) -> Form:
    """Return the form of a list without blocking findings."""
    assert found.form is not None, found.findings
    return found.form


def faults(found: Imported) -> list[tuple[str, str, str]]:
    """Return the code, cell and value of each blocking finding; there is no form then."""
    assert found.form is None
    return [(f.code, f.cell, f.value) for f in found.findings if f.is_blocking]


def warnings(found: Imported) -> list[tuple[str, str]]:
    made(found)
    assert all(f.severity is Severity.WARNING for f in found.findings)
    return [(f.code, f.cell) for f in found.findings]


def rows(found: Imported) -> list[tuple[str, str]]:
    return [(sheet.name, row.code) for sheet, row in made(found).indicators()]


# What a list becomes


def test_a_group_is_a_sheet_and_a_row_an_indicator() -> None:
    form = made(listed(GROUP, TOTAL, PART, ("II", None, "Kinh phí"), (1, "KP-01", "Chi", "ha")))
    assert (form.id, form.version, form.title) == ("danh-muc", 1, "Danh mục chỉ tiêu")
    assert [s.name for s in form.sheets] == ["Trang bìa", "1. Hồ sơ", "2. Kinh phí"]
    assert [s.id for s in form.sheets] == ["trang-bia", "ho-so", "kinh-phi"]
    (_, first), *_, (_, last) = form.indicators()
    assert (first.code, first.name, first.unit) == ("HS-01", "Đã giải quyết", "hồ sơ")
    assert (first.kind, first.columns, first.source) == (InputKind.INTEGER, USUAL, SOURCE)
    assert last.kind is InputKind.DECIMAL


def test_the_cover_and_the_usual_columns_come_with_it() -> None:
    form = made(listed(TOTAL))
    assert isinstance(form.sheets[0], EntrySheet)
    assert [c.name for c in form.columns] == [
        "Kế hoạch năm",
        "Thực hiện trong kỳ",
        "Lũy kế từ đầu năm",
        "Ghi chú",
    ]
    rule = form.rules.cumulative
    assert rule is not None and (rule.period, rule.cumulative) == ("done", "cumulative")


def test_columns_that_no_row_asks_for_are_left_out() -> None:
    form = made(listed((*TOTAL, "trong kỳ"), (*PART, "Thực hiện"), more=["Cột"]))
    assert [c.id for c in form.columns] == ["done", "note"]
    assert form.rules.cumulative is None
    assert "Kế hoạch" not in form.note


def test_a_list_that_shows_the_forms_columns_has_these_alone() -> None:
    more = ["Thực hiện trong kỳ", "Luỹ kế từ đầu năm", "Ghi chú"]
    form = made(listed((*TOTAL, None, "x"), (*PART, None, None, "lời"), more=more))
    assert [row.columns for _, row in form.indicators()] == [("cumulative",), USUAL[1:]]
    assert [c.id for c in form.columns] == ["done", "cumulative", "note"]


@pytest.mark.parametrize(
    ("unit", "kind", "aggregate", "columns"),
    [
        ("hồ sơ", InputKind.INTEGER, Aggregation.SUM, USUAL),
        ("%", InputKind.PERCENT, Aggregation.NONE, ("done",)),
        ("Tỷ lệ (%)", InputKind.PERCENT, Aggregation.NONE, ("done",)),
        ("Triệu đồng", InputKind.DECIMAL, Aggregation.SUM, USUAL),
        ("thứ hạng", InputKind.INTEGER, Aggregation.NONE, ("done",)),
    ],
)
def test_the_unit_tells_what_is_not_said(
    unit: str, kind: InputKind, aggregate: Aggregation, columns: Sequence[str]
) -> None:
    ((_, row),) = made(listed((1, "A-01", "Chỉ tiêu", unit))).indicators()
    assert (row.kind, row.aggregate, row.columns) == (kind, aggregate, columns)


def test_what_is_said_goes_before_the_unit() -> None:
    row = (*TOTAL, "Số thập phân", "cao nhất")
    ((_, found),) = made(listed(row, more=["Kiểu", "Tổng hợp"])).indicators()
    assert (found.kind, found.aggregate) == (InputKind.DECIMAL, Aggregation.MAX)


def test_a_ratio_is_computed_where_its_parts_have_figures() -> None:
    form = made(
        listed(
            (*TOTAL, "trong kỳ"),
            (*PART, "kế hoạch, trong kỳ"),
            (3, "HS-09", "Tỷ lệ", "%", None, "HS-02", "HS-01"),
            more=["Cột", "Tử số", "Mẫu số"],
        )
    )
    *_, (_, ratio) = form.indicators()
    assert ratio.compute is not None
    assert (ratio.compute.part, ratio.compute.whole) == (("HS-02",), ("HS-01",))
    assert (ratio.aggregate, ratio.columns) == (Aggregation.RATIO, ("done",))


def test_sums_and_limits_are_found_by_code_and_by_number() -> None:
    more = ["Bằng tổng của", "Không vượt quá"]
    form = made(listed(GROUP, (*TOTAL, "HS-02; 3"), (*PART, None, "1"), OTHER, more=more))
    (total,), (within,) = form.rules.sums, form.rules.within
    assert (total.total, total.parts) == ("HS-01", ("HS-02", "HS-03"))
    assert (within.part, within.whole) == ("HS-02", "HS-01")


def test_two_sums_of_one_total_are_parted_by_a_semicolon() -> None:
    four, five = (4, "HS-04", "Mới", "hồ sơ"), (5, "HS-05", "Cũ", "hồ sơ")
    found = listed(
        (*TOTAL, "HS-02 + HS-03; HS-04 + HS-05"), PART, OTHER, four, five, more=["Tổng của"]
    )
    assert [r.parts for r in made(found).rules.sums] == [("HS-02", "HS-03"), ("HS-04", "HS-05")]


def test_codes_are_made_of_the_group_and_the_number() -> None:
    found = listed(
        GROUP,
        (1, None, "Đã giải quyết", "hồ sơ"),
        ("1.1", None, "Đúng hạn", "hồ sơ"),
        ("-", None, "Trực tuyến", "hồ sơ"),
        ("2.", None, "Còn lại", "hồ sơ"),
        ("a)", None, "Trong hạn", "hồ sơ"),
        ("II", None, "Khác"),
        (1, "K-07", "Khác", "việc"),
        (None, None, "Nữa", "việc"),
    )
    codes = [code for _, code in rows(found)]
    assert codes == ["I-01", "I-01.1", "I-01.1.1", "I-02", "I-02.A", "K-07", "II-01.1"]


def test_a_group_may_stand_in_one_merged_cell() -> None:
    found = listed(("II. Thể chế",), TOTAL, ("Phần B: Tài chính",), PART)
    assert rows(found) == [("1. Thể chế", "HS-01"), ("2. Tài chính", "HS-02")]


def test_every_sheet_with_a_header_is_a_group() -> None:
    book = Book(
        (
            grid([["Báo cáo A"], HEADER, TOTAL], "1. Hồ sơ"),
            grid([HEADER, PART], "Sheet2"),
            grid([["Hướng dẫn"], ["Điền vào bảng"]], "Đọc trước"),
            grid([HEADER, OTHER], "Nháp", hidden=True),
        )
    )
    found = build(book, GIVEN, LEVELS)
    assert rows(found) == [("1. Hồ sơ", "HS-01"), ("2. Chỉ tiêu", "HS-02")]
    assert [(f.code, f.sheet) for f in found.findings] == [("missing-header", "Đọc trước")]


def test_blank_rows_and_prefilled_numbers_are_no_indicators() -> None:
    assert rows(listed((), TOTAL, (), (2,), (None, None, None), OTHER)) == [
        ("1. Danh mục", "HS-01"),
        ("1. Danh mục", "HS-03"),
    ]


@pytest.mark.parametrize(
    "below",
    [
        ("Ghi chú: số liệu lấy từ hệ thống.",),
        (None, None, "NGƯỜI LẬP BIỂU", "GIÁM ĐỐC"),
        (None, None, None, "Tam Kỳ, ngày 05 tháng 01 năm 2016"),
        (None, None, "Số liệu tính đến cuối kỳ."),
    ],
)
def test_what_stands_under_the_table_is_told_and_not_imported(below: Sequence[str | None]) -> None:
    found = listed(TOTAL, (), below)
    assert len(rows(found)) == 1
    cell = f"{'ABCD'[next(n for n, v in enumerate(below) if v)]}5"
    assert warnings(found) == [("notes", cell)]


def test_a_row_that_numbers_the_columns_is_none() -> None:
    assert len(rows(listed(("A", "B", "C", "1"), TOTAL))) == 1
    assert len(rows(listed(("(1)", "(2)", "(3)", "(4)"), TOTAL))) == 1


def test_an_unknown_column_is_told() -> None:
    assert warnings(listed((*TOTAL, "x"), more=["Phụ trách"])) == [("unknown-column", "E2")]


def test_a_group_without_indicators_is_told() -> None:
    assert warnings(listed(("A", None, "Chung"), GROUP, TOTAL)) == [("empty-group", "A3")]


@pytest.mark.parametrize(
    ("said", "levels", "agencies"),
    [
        ("Sở, ban, ngành", ("so",), ()),
        ("UBND huyện, thị xã, thành phố; cấp xã", ("huyen", "xa"), ()),
        ("các sở và so-noi-vu", ("so",), ("so-noi-vu",)),
        ("Toàn tỉnh", (), ()),
        ("", (), ()),
    ],
)
def test_levels_are_read_as_people_write_them(
    said: str, levels: Sequence[str], agencies: Sequence[str]
) -> None:
    assert to_whom(said, LEVELS) == (levels, agencies, ())


@pytest.mark.parametrize("header", ["STT", "tt", "TT.", "T T"])
def test_headers_are_compared_as_people_compare(header: str) -> None:
    assert (field_of(header) is Field.NUMBER) == (header != "T T")
    assert field_of("LUỸ KẾ  từ\nđầu năm") is Field.CUMULATIVE
    assert field_of("Mã (nếu có)") is field_of("Mã:") is Field.CODE


def test_sheet_names_are_such_as_excel_takes() -> None:
    long = "3. Thủ tục hành chính: một cửa, một cửa liên thông"
    assert sheet_name(long, []) == "3. Thủ tục hành chính một cửa"
    assert sheet_name(long, ["3. THỦ TỤC hành chính một cửa"]) == "3. Thủ tục hành chính một (2)"
    assert sheet_name("a" * 40, []) == "a" * 31
    assert sheet_name("'[x]/y'", []) == "x y"
    assert slug("3. Thủ tục (TTHC) đất đai, ưu đãi", 64) == "3-thu-tuc-tthc-dat-dai-uu-dai"


# What is wrong, by name

TWO = ["Bằng tổng của", "Không vượt quá"]
RATIO = ["Tử số", "Mẫu số"]
Fault = tuple[str, str, str]
FAULTY: dict[str, tuple[list[Sequence[Value | None]], list[str], list[Fault]]] = {
    "no name": ([(1, "A-01", None, "hồ sơ")], [], [("missing-name", "C3", "")]),
    "no unit": ([(1, "A-01", "Hồ sơ"), PART], [], [("missing-unit", "D3", "")]),
    "same code": ([TOTAL, TOTAL], [], [("duplicate-code", "B4", "HS-01")]),
    "same number without codes": (
        [(1, None, "Một", "việc"), (1, None, "Hai", "việc")],
        [],
        [("duplicate-code", "A4", "1")],
    ),
    "illegal code": ([(1, "HỒ SƠ 1", "Hồ sơ", "hồ sơ")], [], [("illegal-code", "B3", "HỒ SƠ 1")]),
    "unknown kind": ([(*TOTAL, "chữ")], ["Kiểu"], [("unknown-kind", "E3", "chữ")]),
    "unknown adding": (
        [(*TOTAL, "bình")],
        ["Tổng hợp"],
        [("unknown-aggregate", "E3", "bình")],
    ),
    "unknown level": ([(*TOTAL, "sở, thôn")], ["Cấp"], [("unknown-level", "E3", "sở, thôn")]),
    "unknown column word": ([(*TOTAL, "quý")], ["Cột"], [("unknown-columns", "E3", "quý")]),
    "a figure under a column": ([(*TOTAL, 12)], ["Kế hoạch năm"], [("unknown-mark", "E3", "12")]),
    "unknown code": (
        [(*TOTAL, "HS-02, HS-77"), (*PART, None, "HS-78")],
        TWO,
        [("unknown-code", "E3", "HS-02, HS-77"), ("unknown-code", "F4", "HS-78")],
    ),
    "a sum of one": ([(*TOTAL, "HS-02"), PART], TWO, [("single-part", "E3", "HS-02")]),
    "a part twice": ([(*TOTAL, "HS-02, 2"), PART], TWO, [("double-part", "E3", "HS-02, 2")]),
    "a sum of itself": (
        [(*TOTAL, "HS-01 + HS-02"), PART],
        TWO,
        [("refers-to-itself", "E3", "HS-01 + HS-02")],
    ),
    "not above itself": ([(*TOTAL, None, "1")], TWO, [("refers-to-itself", "F3", "1")]),
    "sums in a circle": (
        [(*TOTAL, "2, 3"), (*PART, "1, 3"), OTHER],
        TWO,
        [("circle", "E3", "2, 3")],
    ),
    "limits in a circle": (
        [(*TOTAL, None, "2"), (*PART, None, "3"), (*OTHER, None, "1")],
        TWO,
        [("circle", "F3", "2")],
    ),
    "a ratio without its whole": (
        [TOTAL, (2, "T", "Tỷ lệ", "%", "HS-01")],
        RATIO,
        [("half-ratio", "F4", "")],
    ),
    "a ratio without its part": (
        [TOTAL, (2, "T", "Tỷ lệ", "%", None, "HS-01")],
        RATIO,
        [("half-ratio", "E4", "")],
    ),
    "a ratio in pieces": (
        [TOTAL, (2, "T", "Tỷ lệ", "hồ sơ", "HS-01", "HS-01")],
        RATIO,
        [("ratio-kind", "D4", "hồ sơ")],
    ),
    "a ratio of itself": (
        [TOTAL, (2, "T", "Tỷ lệ", "%", "T", "HS-01")],
        RATIO,
        [("cross-compute", "E4", "T")],
    ),
    "a ratio where a part has no figure": (
        [(*TOTAL, None, None, "lũy kế"), (2, "T", "Tỷ lệ", "%", "1", "1", "trong kỳ")],
        [*RATIO, "Cột"],
        [("cross-compute", "E4", "1")],
    ),
    "a sum whose rows share no column": (
        [(*TOTAL, "2, 3", "trong kỳ"), (*PART, None, "lũy kế"), OTHER],
        ["Bằng tổng của", "Cột"],
        [("cross-rules", "E3", "2, 3")],
    ),
    "a code of the cover": (
        [(1, "BIA-01", "Hồ sơ", "hồ sơ")],
        [],
        [("cross-code", "B3", "BIA-01")],
    ),
    "a unit in a group": ([(*GROUP, "hồ sơ"), TOTAL], [], [("unit-in-group", "D3", "hồ sơ")]),
    "a second header": ([TOTAL, HEADER, PART], [], [("second-header", "A4", "TT")]),
    "a column twice": ([(*TOTAL, "việc")], ["ĐVT"], [("duplicate-column", "E2", "ĐVT")]),
    "an error in a cell": ([(1, "A-01", "Hồ sơ", "#REF!")], [], [("cell-error", "D3", "#REF!")]),
    "a formula without result": ([(1, "A-01", "=B9", "việc")], [], [("cell-error", "C3", "=B9")]),
    "a bound that is no number": (
        [(*TOTAL, "nhiều")],
        ["Lớn nhất"],
        [("bad-bound", "E3", "nhiều")],
    ),
    "bounds that cross": (
        [(*TOTAL, 9, 2)],
        ["Nhỏ nhất", "Lớn nhất"],
        [("cross-maximum", "F3", "2")],
    ),
    "no clause": ([(*TOTAL, "có"), (*PART, None)], ["Căn cứ"], [("missing-source", "E4", "")]),
    "a list without rows": ([], [], [("empty-list", "", "")]),
}


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_is_named_at_its_cell(name: str) -> None:
    given_rows, more, expected = FAULTY[name]
    given = ListFacts("danh-muc") if name == "no clause" else GIVEN
    assert faults(listed(*given_rows, more=more, given=given)) == expected


def test_all_faults_are_named_at_once_in_the_order_of_the_cells() -> None:
    found = listed(
        (1, "A-01", None, "hồ sơ", "chữ"),
        (2, "A-01", "Hồ sơ", None, None, "A-09, A-08"),
        ("II", None, "Khác", "việc"),
        (1, "b 2", "Khác", "%", "nguyên"),
        more=["Kiểu", "Bằng tổng của"],
    )
    assert [(code, cell) for code, cell, _ in faults(found)] == [
        ("missing-name", "C3"),
        ("unknown-kind", "E3"),
        ("duplicate-code", "B4"),
        ("missing-unit", "D4"),
        ("unknown-code", "F4"),
        ("unknown-code", "F4"),
        ("unit-in-group", "D5"),
        ("illegal-code", "B6"),
    ]


def test_a_fault_of_a_code_is_told_once_and_not_where_it_is_used() -> None:
    found = listed((*TOTAL, "hs 2, HS-03"), (2, "hs 2", "Đúng", "hồ sơ"), OTHER, more=TWO[:1])
    assert faults(found) == [("illegal-code", "B4", "hs 2")]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([["Chỉ một dòng"]], ("missing-header", "")),
        ([["Danh mục"], ["TT", "Tên chỉ tiêu", "Căn cứ"], [1, "Hồ", "B"]], ("missing-column", "")),
        ([["Danh mục"], ["TT", "ĐVT"], [1, "hồ sơ"]], ("missing-column", "")),
        ([["Gì đó"], HEADER, TOTAL], ("missing-title", "")),
    ],
)
def test_what_the_whole_sheet_lacks_is_named(
    table: Sequence[Sequence[Value]], expected: tuple[str, str]
) -> None:
    found = build(Book((grid(table),)), GIVEN, LEVELS)
    assert [(code, cell) for code, cell, _ in faults(found)] == [expected]


def test_a_file_without_a_visible_sheet_is_no_list() -> None:
    hidden = grid([HEADER, TOTAL], hidden=True)
    assert faults(build(Book((hidden,)), GIVEN, LEVELS)) == [("missing-header", "", "")]


def test_one_finding_asks_for_the_column_of_clauses() -> None:
    assert faults(listed(TOTAL, PART, given=ListFacts("x"))) == [("missing-source", "", "")]


def test_findings_speak_to_officials() -> None:
    found: list[Finding] = []
    for given_rows, more, _ in FAULTY.values():
        found += listed(*given_rows, more=more).findings
    for finding in found:
        assert finding.sheet == "Danh mục"
        assert not finding.expected.endswith(".") and finding.action.endswith(".")


# What exists already can be imported again


# Others ask in columns of their own, which a list cannot say.
OF_USUAL_COLUMNS = [
    name
    for name, form in FORMS.items()
    if form.indicator_sheets and {c.id for c in form.columns} <= {*USUAL, "note"}
]


@pytest.mark.parametrize("name", OF_USUAL_COLUMNS)
def test_a_list_made_of_a_form_gives_its_indicators_and_rules_again(name: str) -> None:
    form = FORMS[name]
    again = made(build(Book((list_of(form),)), ListFacts(form.id, form.version), LEVELS))
    # A list has its targets as text.
    asked = [r.model_copy(update={"target": r.target_words}) for _, r in form.indicators()]
    assert [row for _, row in again.indicators()] == asked
    assert {(r.total, r.parts) for r in again.rules.sums} == {
        (r.total, r.parts) for r in form.rules.sums
    }
    assert {(r.part, r.whole) for r in again.rules.within} == {
        (r.part, r.whole) for r in form.rules.within
    }
    assert [s.title for s in again.indicator_sheets] == [s.title for s in form.indicator_sheets]
    assert not list(form_faults(again))
