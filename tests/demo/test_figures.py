"""The seeded figures keep every rule of the form, quarter by quarter; the mistakes break one."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from kybaocao.adapters import regime_files
from kybaocao.adapters.workbooks import blank, reading
from kybaocao.demo import phrases
from kybaocao.demo.figures import Agencys, Figures
from kybaocao.demo.officer import (
    MISTAKES,
    Mistake,
    falling,
    forgotten,
    in_words,
    part_above_whole,
    report,
    wrong_sum,
)
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period, periods
from kybaocao.rules.check import checks
from kybaocao.rules.check.checks import Judgement
from kybaocao.rules.cycle.obligation import term
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.form.form import EntrySheet, Form, TableSheet
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.task import OpenTask, open_tasks
from kybaocao.settings import CHECKOUT

SEED = 1908
CONFIG = regime_files.load(CHECKOUT / "config")
REGIME = CONFIG.regimes["quang-nam"]
QUARTERLY = REGIME.duty("bao-cao-quy")
REPORTING = [a for a in REGIME.agencies.values() if QUARTERLY.reporters.include(a)]
QUARTERS = list(periods(Frequency.QUARTER, 2016, 2017))
# A department with rows of its own, a department without, and a district.
SOME = [REGIME.agencies[code] for code in ("so-noi-vu", "so-y-te", "ubnd-hoi-an")]


def form_of(agency: Agency) -> Form:
    return CONFIG.form(QUARTERLY.form).for_agency(agency)


@cache
def series(agency: Agency, seed: int = SEED) -> dict[Period, Figures]:
    """Return two years of an agency's reports."""
    officer = Agencys(form_of(agency), agency.code, seed)
    return {quarter: officer.of(quarter, 2016) for quarter in QUARTERS}


def columns(form: Form, figures: Figures, *codes: str) -> Iterator[str]:
    """Yield the columns in which all these rows have a figure."""
    for column in form.columns:
        if all((code, column.id) in figures for code in codes):
            yield column.id


every_agency = pytest.mark.parametrize("agency", REPORTING, ids=lambda a: a.code)


@every_agency
def test_every_figure_that_is_asked_for_is_there_and_allowed(agency: Agency) -> None:
    form = form_of(agency)
    asked = {
        (row.code, column): row
        for _, row in form.indicators()
        if row.compute is None
        for column in row.columns
    }
    for figures in series(agency).values():
        assert figures.keys() == asked.keys()
        for place, row in asked.items():
            assert figures[place] >= (row.minimum or 0)
            assert row.maximum is None or figures[place] <= row.maximum


@every_agency
def test_parts_add_up_and_no_part_exceeds_its_whole(agency: Agency) -> None:
    form = form_of(agency)
    for figures in series(agency).values():
        for total in form.rules.sums:
            for column in columns(form, figures, total.total, *total.parts):
                parts = sum(figures[part, column] for part in total.parts)
                assert figures[total.total, column] == pytest.approx(parts), (total, column)
        for within in form.rules.within:
            for column in columns(form, figures, within.part, within.whole):
                assert figures[within.part, column] <= figures[within.whole, column], within


@every_agency
def test_the_year_so_far_is_the_sum_of_its_quarters(agency: Agency) -> None:
    found = series(agency)
    for quarter, figures in found.items():
        year = [q for q in QUARTERS if q.year == quarter.year and q <= quarter]
        for code, column in figures:
            if column == "cumulative":
                done = sum(found[q][code, "done"] for q in year)
                assert figures[code, "cumulative"] == pytest.approx(done)


@every_agency
def test_a_quarter_opens_with_what_the_last_one_left_open(agency: Agency) -> None:
    carried = form_of(agency).rules.carried
    assert carried
    found = series(agency)
    for before, after in pairwise(QUARTERS):
        for rule in carried:
            assert found[after][rule.opening, "done"] == found[before][rule.closing, "done"]


@every_agency
def test_the_year_has_one_plan(agency: Agency) -> None:
    found = series(agency)
    for year in (2016, 2017):
        plans = [
            {place: value for place, value in found[q].items() if place[1] == "planned"}
            for q in QUARTERS
            if q.year == year
        ]
        assert plans[0]
        assert all(plan == plans[0] for plan in plans)


def test_the_same_seed_gives_the_same_figures_and_another_seed_others() -> None:
    agency = SOME[0]
    again = Agencys(form_of(agency), agency.code, SEED)
    assert again.of(QUARTERS[6], 2016) == series(agency)[QUARTERS[6]]
    assert series(agency, SEED + 1)[QUARTERS[6]] != series(agency)[QUARTERS[6]]


def test_agencies_differ() -> None:
    one, other = (series(agency)[QUARTERS[2]] for agency in SOME[:2])
    shared = one.keys() & other.keys()
    assert sum(one[place] != other[place] for place in shared) > len(shared) / 2


# As workbooks


def judged(agency: Agency, quarter: Period, mistake: Mistake | None = None) -> Judgement:
    """Return what our own checks say to the workbook that an officer fills."""
    form = form_of(agency)
    of_term = term(REGIME, QUARTERLY, quarter, CONFIG.calendar)
    tasks = [
        OpenTask(task, {}, task.is_overdue(of_term.due.last_day))
        for task in open_tasks(REGIME.tasks, agency, quarter.year, ())
    ]
    issued = blank.blank(form, agency, REGIME, QUARTERLY, of_term, tasks)
    data = report(issued, form, agency, quarter, SEED, mistake, of_term.due.last_day)
    book = reading.read(data)
    return checks.judge(form, quarter.frequency, quarter.is_first_of_year, book)


@pytest.mark.parametrize("agency", SOME, ids=lambda a: a.code)
@pytest.mark.parametrize("quarter", ["2016-Q1", "2016-Q3"])
def test_a_filled_workbook_is_accepted_without_a_finding(agency: Agency, quarter: str) -> None:
    found = judged(agency, Period.parse(quarter))
    assert (found.verdict, found.findings) == (Verdict.ACCEPTED, ())


def test_the_workbook_says_what_the_figures_are() -> None:
    agency, quarter = SOME[2], Period.parse("2016-Q3")
    figures = Agencys(form_of(agency), agency.code, SEED).of(quarter, 2016)
    read = {(f.row, f.column): f.value for f in judged(agency, quarter).figures}
    assert {place: read[place] for place in figures} == pytest.approx(figures)


def test_covers_texts_and_tasks_are_filled_and_name_nobody() -> None:
    agency = SOME[1]
    found = {(f.sheet, f.row, f.column): f for f in judged(agency, Period.parse("2016-Q3")).figures}
    for sheet in form_of(agency).sheets:
        if isinstance(sheet, EntrySheet):
            for entry in sheet.rows:
                if entry.required:
                    assert found[sheet.id, entry.code, ""].value
        elif isinstance(sheet, TableSheet):
            told = [
                f.value for (s, _, column), f in found.items() if (s, column) == (sheet.id, "so")
            ]
            assert told == ["2016.10", "2016.23", "2016.24", "2016.28"]
            assert found[sheet.id, "5", "noi-dung"].value == phrases.OWN_TASK["noi-dung"]
    assert found["trang-bia", "BIA-01", ""].value == f"{date(2016, 9, 14):%j}/BC-SYT"
    assert found["trang-bia", "BIA-03", ""].value == "Văn phòng Sở Y tế"
    assert found["trang-bia", "BIA-06", ""].value == "vanthu@don-vi.example"
    assert found["trang-bia", "BIA-07", ""].value == "Lãnh đạo Sở Y tế"


BREAKS = {
    wrong_sum: {"sum-mismatch"},
    forgotten: {"required-blank"},
    in_words: {"not-a-number"},
    falling: {"cumulative-below-period"},
    part_above_whole: {"part-above-whole"},
}


def test_every_mistake_is_known_here() -> None:
    assert set(MISTAKES) == set(BREAKS)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.__name__)
@pytest.mark.parametrize("agency", SOME[1:], ids=lambda a: a.code)
def test_a_mistake_returns_the_file_for_its_own_reason(agency: Agency, mistake: Mistake) -> None:
    found = judged(agency, Period.parse("2016-Q3"), mistake)
    assert found.verdict is Verdict.RETURNED
    assert {f.code for f in found.findings if f.is_blocking} == BREAKS[mistake]
