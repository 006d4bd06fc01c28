"""A workbook without its identity is recognised for certain or asked about, and never mistaken."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kybaocao.adapters import regime_files
from kybaocao.adapters.regime_files import Config
from kybaocao.adapters.workbooks import blank, reading
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.grid import Book, Grid
from kybaocao.rules.cycle.obligation import owed_periods, term
from kybaocao.rules.form.form import Entry, EntrySheet, Form, Sheet
from kybaocao.rules.recognition.reading import is_ours
from kybaocao.rules.recognition.recognising import (
    Recognition,
    contradictions,
    may_send_for,
    recognise,
)
from kybaocao.rules.recognition.titles import (
    TitleLine,
    agencies_named,
    agency_key,
    bare,
    names_period,
    periods_in,
    title_lines,
)
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from tests.support import ROOT

What = tuple[str, str, str, str]


@cache
def config() -> Config:
    return regime_files.load(ROOT / "config")


@cache
def issued(regime_id: str, duty_id: str, agency: str, period: str) -> Book:
    """Return a workbook as the agency gets it."""
    regime = config().regimes[regime_id]
    whose = regime.agencies[agency]
    duty = regime.owed_by(regime.duty(duty_id), whose)
    of_term = term(regime, duty, Period.parse(period), config().calendar).for_level(whose.level)
    form = config().form(duty.form).for_agency(whose)
    return reading.read(blank.blank(form, whose, regime, duty, of_term))


def bared(book: Book) -> Book:
    """Return a book without what says what it is."""
    return Book(tuple(grid for grid in book.grids if not is_ours(grid)))


def read(book: Book, **more: Any) -> Recognition:
    return recognise(book, list(config().regimes.values()), config().forms, **more)


def replaced(book: Book, old: str, new: str | None) -> Book:
    """Return a book with `new` in place of the words `old`, wherever they stand."""
    grids = []
    for grid in book.grids:
        cells = {
            at: value.replace(old, new or "") if isinstance(value, str) else value
            for at, value in grid.cells.items()
        }
        grids.append(replace(grid, cells={at: v for at, v in cells.items() if v != ""}))
    return Book(tuple(grids), book.identity)


def duties() -> Iterator[tuple[Regime, Duty]]:
    for regime in config().regimes.values():
        for duty in regime.duties:
            if duty.every is not Frequency.REQUEST:
                yield regime, duty


CASES = [
    pytest.param(regime, duty, id=f"{regime.id}/{duty.id}") for regime, duty in duties()
]  # fmt: skip


def one_of(regime: Regime, duty: Duty, chance: random.Random) -> What:
    reporters = [a.code for a in regime.agencies.values() if duty.reporters.include(a)]
    year = duty.once.year if duty.once else max(regime.in_force.since.year, 2016) + 1
    period = chance.choice(list(owed_periods(duty, year, year)))
    return regime.id, duty.id, chance.choice(reporters), period.id


def what(found: Recognition) -> What | None:
    one = found.certain
    return (one.regime, one.duty, one.agency, one.period.id) if one else None


@pytest.mark.parametrize(("regime", "duty"), CASES)
def test_every_workbook_of_every_regime_is_recognised_without_its_identity(
    regime: Regime, duty: Duty
) -> None:
    of = one_of(regime, duty, random.Random(duty.id))  # noqa: S311
    book = issued(*of)
    assert what(read(bared(book))) == of
    whose = regime.agencies[of[2]]
    form = config().form(duty.form).for_agency(whose)
    assert contradictions(book, regime, duty, of[2], Period.parse(of[3]), form) == []


CAST: tuple[What, ...] = (
    ("quang-nam", "bao-cao-quy", "so-tu-phap", "2016-Q3"),
    ("quang-nam", "bao-cao-nam", "so-tu-phap", "2017"),
    ("an-giang", "bao-cao-6-thang", "so-noi-vu", "2017-H1"),
    ("bac-giang", "ke-hoach-nam", "so-tai-chinh", "2014"),
)


def cast() -> list[What]:
    """Return the cast, and some commune."""
    regime = config().regimes["lam-dong"]
    commune = next(a.code for a in regime.agencies.values() if a.level == "xa")
    return [*CAST, ("lam-dong", "cap-duoi-quy", commune, "2017-Q1")]


@given(st.integers(0, 2**32), st.integers(0, 4))
@settings(max_examples=80, deadline=None)
def test_whatever_is_lost_of_a_workbook_it_is_never_mistaken(seed: int, which: int) -> None:
    """Sheets, title lines and cells are lost at random; what is certain is right."""
    chance = random.Random(seed)  # noqa: S311
    of = cast()[which]
    grids = [g for g in bared(issued(*of)).grids if chance.random() < 0.7]
    loss = chance.choice([0.02, 0.2, 0.5])
    kept = []
    for number, grid in enumerate(grids):
        cells = {at: v for at, v in grid.cells.items() if chance.random() > loss}
        kept.append(Grid(f"Sheet{number}", cells))
    assert what(read(Book(tuple(kept)))) in (of, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("quý III năm 2016", "QUÝ 3/2016"),
        ("SỞ TƯ PHÁP", "Đơn vị báo cáo: Sở Tư pháp tỉnh Quảng Nam"),
        ("SỞ TƯ PHÁP", "Sơ\u0309 Tư  Pháp"),
    ],
)
def test_titles_are_understood_as_people_type_them(old: str, new: str) -> None:
    book = replaced(bared(issued(*CAST[0])), old, new)
    assert what(read(book)) == CAST[0]


def test_two_agencies_in_the_titles_are_asked() -> None:
    book = bared(issued(*CAST[0]))
    first, *rest = book.grids
    both = Book((first, *replaced(Book(tuple(rest)), "SỞ TƯ PHÁP", "SỞ TÀI CHÍNH").grids))
    found = read(both)
    assert found.certain is None
    assert {reading.agency for reading in found.readings} == {"so-tu-phap", "so-tai-chinh"}
    assert all("Quý" in r.words or "quý" in r.words for r in found.readings)


def test_two_periods_in_the_titles_are_asked() -> None:
    book = bared(issued(*CAST[0]))
    first, *rest = book.grids
    both = Book((first, *replaced(Book(tuple(rest)), "Quý III", "Quý II").grids))
    assert {r.period.id for r in read(both).readings} == {"2016-Q2", "2016-Q3"}


def test_what_nobody_says_is_named() -> None:
    book = replaced(bared(issued(*CAST[0])), "SỞ TƯ PHÁP", None)
    assert read(book).lacking == ("đơn vị báo cáo",)
    assert read(Book(())).lacking == ("đơn vị báo cáo", "kỳ báo cáo")


def test_the_sender_stands_in_where_no_title_names_an_agency() -> None:
    book = replaced(bared(issued(*CAST[0])), "SỞ TƯ PHÁP", None)
    assert what(read(book, sender="so-tu-phap", active=["quang-nam"])) == CAST[0]


def test_a_title_of_another_report_than_the_sheets_leaves_it_open() -> None:
    book = bared(issued("an-giang", "bao-cao-3-thang", "so-tu-phap", "2017-Q1"))
    name = "Báo cáo 3 tháng thực hiện Chương trình cải cách hành chính"
    other = "Báo cáo kiểm soát, cải cách thủ tục hành chính"
    found = read(replaced(replaced(book, f"{name} – Quý I", f"{other} quý I"), name, other))
    assert found.certain is None
    assert found.readings
    assert found.lacking


@pytest.mark.parametrize(("every", "is_known"), [(3, True), (1, False)])
def test_a_form_is_known_by_half_of_its_codes(every: int, is_known: bool) -> None:
    """One row in three is lost, or every row is."""
    grids = []
    for grid in bared(issued(*CAST[0])).grids:
        lost = {row for (row, column), _ in grid.cells.items() if column == 1 and row > 6}
        lost = {row for row in lost if row % every == 0}
        cells = {at: v for at, v in grid.cells.items() if at[0] not in lost}
        grids.append(replace(grid, cells=cells))
    found = read(Book(tuple(grids)))
    assert what(found) == (CAST[0] if is_known else None)
    assert is_known or found.lacking == ("biểu mẫu",)


def test_two_forms_that_fit_nearly_alike_are_asked() -> None:
    """A request may be on any form."""
    regime, form = config().regimes["quang-nam"], config().form("cchc-quy")
    twin = form.model_copy(update={"id": "sinh-doi", "sheets": _one_row_more(form)})
    book = replaced(bared(issued(*CAST[0])), "Quý III năm 2016", "Lần 1 năm 2016")
    book = replaced(book, "Báo cáo cải cách hành chính quý III năm 2016", "Lần 1 năm 2016")
    forms = {(form.id, 1): form, (twin.id, 1): twin}
    assert {r.form for r in recognise(book, [regime], forms).readings} == {form.id, twin.id}
    forms = {(form.id, 1): form, (twin.id, 1): form.model_copy(update={"sheets": form.sheets[:4]})}
    assert {r.form for r in recognise(book, [regime], forms).readings} == {form.id}


def _one_row_more(form: Form) -> tuple[Sheet, ...]:
    sheet, *rest = form.sheets
    assert isinstance(sheet, EntrySheet)
    more = Entry(code="THEM-01", name="Nội dung thêm")
    return (sheet.model_copy(update={"rows": (*sheet.rows, more)}), *rest)


def test_the_version_is_the_one_whose_rows_and_units_the_file_has() -> None:
    form = config().form("cchc-quy")
    fewer = [
        s.model_copy(update={"rows": s.rows[:-1]}) if s.kind == "indicators" else s
        for s in form.sheets
    ]
    older = form.model_copy(update={"version": 0, "sheets": tuple(fewer)})
    forms = {("cchc-quy", 0): older, **config().forms}
    book = bared(issued(*CAST[0]))
    found = recognise(book, [config().regimes["quang-nam"]], forms)
    assert found.certain is not None
    assert found.certain.version == 1
    lost = {row.code for s in form.indicator_sheets for row in s.rows[-1:]}
    grids = []
    for grid in book.grids:
        gone = {row for (row, _), v in grid.cells.items() if v in lost}
        grids.append(replace(grid, cells={a: v for a, v in grid.cells.items() if a[0] not in gone}))
    found = recognise(Book(tuple(grids)), [config().regimes["quang-nam"]], forms)
    assert found.certain is not None
    assert found.certain.version == 0


# Held against the identity.


def against(book: Book) -> list[tuple[str, str, str]]:
    regime_id, duty_id, agency, period = CAST[0]
    regime = config().regimes[regime_id]
    duty = regime.duty(duty_id)
    form = config().form(duty.form).for_agency(regime.agencies[agency])
    found = contradictions(book, regime, duty, agency, Period.parse(period), form)
    return [(finding.code, finding.sheet, finding.cell) for finding in found]


def test_a_sheet_of_another_agency_is_named_at_its_title() -> None:
    first, second, *rest = issued(*CAST[0]).grids
    copied = replaced(Book((second,)), "SỞ TƯ PHÁP", "SỞ TÀI CHÍNH").grids
    assert against(Book((first, *copied, *rest))) == [("wrong-agency", second.name, "A2")]


def test_a_sheet_of_another_period_is_named_at_its_title() -> None:
    first, second, *rest = issued(*CAST[0]).grids
    copied = replaced(Book((second,)), "Quý III năm 2016", "Quý II năm 2016").grids
    assert against(Book((first, *copied, *rest))) == [("wrong-period", second.name, "A4")]


@pytest.mark.parametrize(
    ("old", "new", "code", "cell"),
    [
        ("SỞ TƯ PHÁP", "SỞ TÀI CHÍNH", "wrong-agency", "A2"),
        ("III năm 2016", "II năm 2016", "wrong-period", "A4"),
    ],
)
def test_the_same_wrong_title_on_every_sheet_is_one_finding(
    old: str, new: str, code: str, cell: str
) -> None:
    book = replaced(issued(*CAST[0]), old, new)
    shown = [grid.name for grid in book.grids if not is_ours(grid)]
    assert against(book) == [(code, shown[0], cell)]


def test_two_wrong_periods_are_two_findings() -> None:
    first, second, third, *rest = issued(*CAST[0]).grids
    copied = [
        *replaced(Book((second,)), "Quý III", "Quý II").grids,
        *replaced(Book((third,)), "Quý III", "Quý I").grids,
    ]
    found = against(Book((first, *copied, *rest)))
    assert [sheet for _, sheet, _ in found] == [second.name, third.name]


def beside(grid: Grid, said: str) -> Grid:
    """Return a sheet with one more line above its table."""
    return replace(grid, cells={**grid.cells, (5, 1): said})


def test_a_sheet_that_names_its_own_agency_may_name_others() -> None:
    first, *rest = issued(*CAST[0]).grids
    assert against(Book((beside(first, "Sở Y tế"), *rest))) == []


def test_a_sheet_of_another_agency_is_one_finding_whoever_else_it_names() -> None:
    first, *rest = issued(*CAST[0]).grids
    other = replaced(Book((first,)), "SỞ TƯ PHÁP", "SỞ TÀI CHÍNH").grids[0]
    assert against(Book((beside(other, "Sở Y tế"), *rest))) == [("wrong-agency", first.name, "A2")]


def test_two_wrong_names_are_two_findings() -> None:
    first, second, third, *rest = issued(*CAST[0]).grids
    copied = [
        *replaced(Book((second,)), "SỞ TƯ PHÁP", "SỞ TÀI CHÍNH").grids,
        *replaced(Book((third,)), "SỞ TƯ PHÁP", "SỞ Y TẾ").grids,
    ]
    found = against(Book((first, *copied, *rest)))
    assert [sheet for _, sheet, _ in found] == [second.name, third.name]


def test_who_may_send_for_whom() -> None:
    regime = config().regimes["lam-dong"]
    commune = regime.agencies[cast()[-1][2]]
    assert commune.parent is not None
    desk = regime.agencies[commune.parent].desk
    for sender in (commune.code, commune.parent, desk):
        assert sender is not None
        assert may_send_for(regime, sender, commune.code)
    assert not may_send_for(regime, "so-tu-phap", commune.code)


# Title lines.


def line(text: str) -> TitleLine:
    return TitleLine("x", 1, 1, text, bare(text))


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("Quý III năm 2016", ["2016-Q3"]),
        ("QUÝ 3/2016", ["2016-Q3"]),
        ("quý ba, năm 2016", ["2016-Q3"]),
        ("Quy\u0301 iv-2016", ["2016-Q4"]),
        ("Báo cáo quý I năm 2016 (số liệu từ ngày 15/12/2015 đến ngày 14/3/2016)", ["2016-Q1"]),
        ("6 tháng đầu năm 2016", ["2016-H1"]),
        ("Sáu tháng cuối năm 2016", ["2016-H2"]),
        ("Báo cáo 6 tháng thực hiện Chương trình – 6 tháng cuối năm 2016", ["2016-H2"]),
        ("Báo cáo 9 tháng năm 2016", ["2016-9M"]),
        ("Báo cáo quý III và 9 tháng đầu năm 2016", ["2016-9M", "2016-Q3"]),
        ("Báo cáo cải cách hành chính năm 2016", ["2016"]),
        ("Lần 2 năm 2016", ["2016-R2"]),
        ("Báo cáo tháng 3 năm 2026", ["2026-M03"]),
        ("BÁO CÁO THÁNG 03/2026", ["2026-M03"]),
        ("Báo cáo T12-2026", ["2026-M12"]),
        ("Báo cáo tháng 10 và 9 tháng năm 2026", ["2026-9M", "2026-M10"]),
        ("Tam Kỳ, ngày 14 tháng 3 năm 2026", []),
        ("Quyết định số 1908/QĐ-UBND ngày 02/6/2016", []),
        ("Kế hoạch giai đoạn 2011 - 2015", []),
        ("Báo cáo 5 năm thực hiện Quy chế", []),
        ("Kết quả quý III của các cơ quan, đơn vị và kế hoạch năm 2017", ["2017"]),
    ],
)
def test_periods_as_people_write_them(text: str, periods: list[str]) -> None:
    assert sorted(period.id for period in periods_in(line(text))) == periods


def test_a_report_owed_once_is_named_by_its_year() -> None:
    said = periods_in(line("Năm 2017"))
    assert names_period(said, Period.parse("2017-once"))
    assert not names_period(said, Period.parse("2016-once"))
    assert not names_period(said, Period.parse("2017-Q1"))


@pytest.mark.parametrize(
    "text",
    ["UBND THÀNH PHỐ TAM KỲ", "Ủy ban nhân dân TP. Tam Kỳ", "Đơn vị: UBND thành phố Tam Kỳ"],
)
def test_names_of_agencies_are_shortened_in_many_ways(text: str) -> None:
    assert agency_key(text) == agency_key("Ủy ban nhân dân thành phố Tam Kỳ")


def test_the_head_line_names_a_superior_and_no_sender() -> None:
    regime = config().regimes["lam-dong"]
    of = cast()[-1]
    lines = title_lines(bared(issued(*of)))
    (named,) = agencies_named(regime, lines).values()
    assert named[1] == {of[2]}


def test_a_head_line_alone_is_nobodys_name() -> None:
    """A commune's file that lost its own name is not taken for its district's."""
    regime = config().regimes["lam-dong"]
    of = ("lam-dong", "ke-hoach-nam-xa", cast()[-1][2], "2017")
    book = bared(issued(*of))
    assert what(read(book)) == of
    assert what(read(replaced(book, regime.agencies[of[2]].name.upper(), None))) is None
