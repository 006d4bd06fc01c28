"""What one period must take over from those before, also when agencies merged in between."""

from datetime import date

import pytest

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.check.history import (
    Earlier,
    against_last,
    reports_before,
    split_figures,
    together,
)
from kybaocao.rules.declared.declared import regime_faults
from kybaocao.rules.declared.parts import parts_of
from kybaocao.rules.finding import Severity
from kybaocao.rules.form.form import Aggregation, Figure, Form
from kybaocao.rules.form.form_rules import CarriedRule
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.duty import Duty
from tests.rules.regime_cast import agency, duty, regime

PLACES = {
    ("HS-01", "done"): "D6",
    ("HS-01", "cumulative"): "E6",
    ("HS-02", "done"): "D7",
    ("HS-03", "done"): "D8",
}


def form(**changes: object) -> Form:
    rows = [("HS-01", ["done", "cumulative"]), ("HS-02", ["done"]), ("HS-03", ["done"])]
    declared = {
        "id": "ho-so",
        "version": 1,
        "title": "Hồ sơ",
        "columns": [
            {"id": "done", "name": "Thực hiện trong kỳ", "required": True},
            {"id": "cumulative", "name": "Lũy kế", "required": True, "periods": ["quarter"]},
        ],
        "sheets": [
            {
                "id": "ho-so",
                "kind": "indicators",
                "name": "1. Hồ sơ",
                "title": "Hồ sơ",
                "rows": [
                    {
                        "code": code,
                        "name": code,
                        "unit": "hồ sơ",
                        "columns": columns,
                        "source": "Biểu 06",
                    }
                    | changes
                    for code, columns in rows
                ],
            }
        ],
        "rules": {
            "cumulative": {"period": "done", "cumulative": "cumulative"},
            "carried": [CarriedRule(opening="HS-02", closing="HS-03").model_dump()],
        },
    }
    return Form.model_validate(declared)


FORM = form()


def figures(done: float, cumulative: float | None, opening: float, closing: float) -> list[Figure]:
    values = dict(zip(PLACES, (done, cumulative, opening, closing), strict=True))
    return [
        Figure("ho-so", row, column, value, PLACES[row, column])
        for (row, column), value in values.items()
        if value is not None
    ]


def earlier(period: str, *reports: list[Figure], adjacent: bool = True, whose: str = "") -> Earlier:
    return Earlier(Period.parse(period), together(FORM, reports), adjacent, whose)


LAST = figures(100, 250, 10, 12)


@pytest.mark.parametrize(
    ("period", "now", "codes"),
    [
        ("2016-Q3", figures(40, 290, 12, 9), []),
        ("2016-Q3", figures(40, 240, 12, 9), ["cumulative-gap"]),
        ("2016-Q3", figures(40, 291, 12, 9), ["cumulative-gap"]),
        ("2016-Q3", figures(40, 290, 11, 9), ["not-carried"]),
        ("2017-Q1", figures(40, 40, 12, 9), []),
        ("2017-Q1", figures(40, 40, 0, 9), ["not-carried"]),
    ],
    ids=["fits", "falls", "does not add up", "lost one", "new year", "lost all at new year"],
)
def test_a_period_goes_on_from_the_last(period: str, now: list[Figure], codes: list[str]) -> None:
    this = Period.parse(period)
    found = list(against_last(FORM, this, now, [earlier(this.previous().id, LAST)]))
    assert [f.code for f in found] == codes
    assert not any(f.is_blocking for f in found)


def test_the_finding_says_where_and_what_was_awaited() -> None:
    now = figures(40, 240, 12, 9)
    (found,) = against_last(FORM, Period.parse("2016-Q3"), now, [earlier("2016-Q2", LAST)])
    assert (found.sheet, found.cell, found.value) == ("1. Hồ sơ", "E6", "240")
    assert found.expected == "lũy kế kỳ trước 250 cộng kỳ này 40 bằng 290"


def test_without_earlier_figures_nothing_is_said() -> None:
    now = figures(1, 2, 3, 4)
    assert list(against_last(FORM, Period.parse("2016-Q3"), now, [])) == []
    none_given = [earlier("2016-Q2", [])]
    assert list(against_last(FORM, Period.parse("2016-Q3"), now, none_given)) == []


# The year so far, where the calendar has four reports: quarter I, half-year, quarter III, year.

QUARTER_1, HALF = figures(100, 100, 5, 7), figures(180, None, 5, 9)


@pytest.mark.parametrize(
    ("period", "now", "before", "codes"),
    [
        ("2025-H1", figures(180, None, 5, 9), earlier("2025-Q1", QUARTER_1, adjacent=False), []),
        (
            *("2025-H1", figures(99, None, 5, 9)),
            *(earlier("2025-Q1", QUARTER_1, adjacent=False), ["cumulative-fell"]),
        ),
        ("2025-Q3", figures(70, 250, 9, 3), earlier("2025-H1", HALF), []),
        ("2025-Q3", figures(70, 260, 9, 3), earlier("2025-H1", HALF), ["cumulative-gap"]),
        ("2025-Q3", figures(70, 70, 9, 3), earlier("2025-H1", HALF), ["cumulative-gap"]),
        ("2025", figures(260, None, 5, 1), earlier("2025-Q3", LAST, adjacent=False), []),
        (
            *("2025", figures(240, None, 5, 1)),
            *(earlier("2025-Q3", LAST, adjacent=False), ["cumulative-fell"]),
        ),
        ("2026-Q1", figures(30, 30, 1, 1), earlier("2025", figures(260, None, 5, 1)), []),
    ],
    ids=[
        "half-year above quarter I",
        "half-year below quarter I",
        "quarter III goes on from the half-year",
        "quarter III does not",
        "quarter III forgets the half-year",
        "year above nine months",
        "year below nine months",
        "a new year begins at nothing",
    ],
)
def test_the_year_so_far_never_falls(
    period: str, now: list[Figure], before: Earlier, codes: list[str]
) -> None:
    found = list(against_last(FORM, Period.parse(period), now, [before]))
    assert [f.code for f in found] == codes


def test_open_files_are_only_carried_between_data_that_touch() -> None:
    before = earlier("2025-Q1", QUARTER_1, adjacent=False)
    now = figures(180, None, 99, 9)
    assert list(against_last(FORM, Period.parse("2025-H1"), now, [before])) == []


FOUR: tuple[Duty, ...] = (
    duty(id="quy", which=[1, 3], follows=["sau-thang", "nam"]),
    duty(id="sau-thang", every="half-year", which=[1], follows=["quy", "nam"]),
    duty(id="nam", every="year", follows=["quy", "sau-thang"]),
)


@pytest.mark.parametrize(
    ("duty_id", "period", "expected"),
    [
        # Not quarter III of the year before: its data end on 14/9, these begin on 15/12.
        ("quy", "2025-Q1", [("nam", "2024", True)]),
        ("sau-thang", "2025-H1", [("nam", "2024", True), ("quy", "2025-Q1", False)]),
        ("quy", "2025-Q3", [("sau-thang", "2025-H1", True)]),
        ("nam", "2025", [("nam", "2024", True), ("quy", "2025-Q3", False)]),
    ],
)
def test_four_reports_a_year_go_on_from_each_other(
    duty_id: str, period: str, expected: list[tuple[str, str, bool]]
) -> None:
    of = regime(*FOUR)
    found = reports_before(of, of.duty(duty_id), Period.parse(period))
    assert [(b.duty.id, b.period.id, b.is_adjacent) for b in found] == expected


def test_duties_go_on_from_each_other_only_if_declared() -> None:
    alone = tuple(d.model_copy(update={"follows": ()}) for d in FOUR)
    of = regime(*alone)
    assert reports_before(of, of.duty("sau-thang"), Period.parse("2025-H1")) == []
    third = reports_before(of, of.duty("quy"), Period.parse("2025-Q3"))
    assert [(b.period.id, b.is_adjacent) for b in third] == [("2025-Q1", False)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"follows": ["nam"]}, "expected another duty (sau-thang), found 'nam'"),
        ({"follows": ["bao-cao-quy"]}, "expected another duty (sau-thang), found 'bao-cao-quy'"),
        ({"follows": ["sau-thang"], "form": "khac"}, "figures go on within one form only"),
    ],
    ids=["unknown", "itself", "on another form"],
)
def test_faults_of_what_a_duty_follows(changes: dict[str, object], words: str) -> None:
    of = regime(duty(**changes), duty(id="sau-thang", every="half-year", which=[1]))
    found = [message for _, message in regime_faults(parts_of(of.model_dump()), {}, None, None)]
    assert len(found) == 1
    assert words in found[0]


def test_plain_quarters_go_on_from_the_quarter_before() -> None:
    of = regime()
    for period, last in (("2016-Q3", "2016-Q2"), ("2017-Q1", "2016-Q4")):
        (found,) = reports_before(of, of.duties[0], Period.parse(period))
        assert (found.period.id, found.is_adjacent) == (last, True)


def test_a_report_that_another_replaces_is_none_to_go_on_from() -> None:
    half = duty(id="sau-thang", every="half-year", which=[1], replaces="bao-cao-quy")
    of = regime(duty(follows=["sau-thang"]), half)
    (found,) = reports_before(of, of.duties[0], Period.parse("2016-Q3"))
    assert (found.duty.id, found.period.id) == ("sau-thang", "2016-H1")


def test_requests_and_one_off_reports_go_on_from_nothing() -> None:
    of = regime(duty(on_request=True))
    assert reports_before(of, of.duties[0], Period.parse("2016-R1")) == []
    once = duty(
        every="once",
        window=None,
        once={"year": 2016, "first": "2012-01-01", "last": "2016-06-30"},
        deadline={"by": 30, "month": 6},
    )
    assert reports_before(regime(once), once, Period.parse("2016-once")) == []


# Mergers


def test_the_figures_of_merged_agencies_add_up() -> None:
    both = together(FORM, [figures(100, 250, 10, 12), figures(1, 2, 3, 4)])
    assert both == {
        ("HS-01", "done"): 101,
        ("HS-01", "cumulative"): 252,
        ("HS-02", "done"): 13,
        ("HS-03", "done"): 16,
    }


def test_who_gave_no_figure_adds_nothing() -> None:
    declined = [Figure("ho-so", "HS-03", "done", None, "D8")]
    assert together(FORM, [declined, figures(1, 2, 3, 4)])["HS-03", "done"] == 4
    assert ("HS-03", "done") not in together(FORM, [declined])


@pytest.mark.parametrize(
    ("aggregate", "expected"), [(Aggregation.MAX, 100), (Aggregation.NONE, None)]
)
def test_only_sums_are_added_up(aggregate: Aggregation, expected: float | None) -> None:
    of = form(aggregate=aggregate)
    both = together(of, [figures(100, 250, 10, 12), figures(1, 2, 3, 4)])
    assert both.get(("HS-01", "done")) == expected


def test_percentages_are_never_carried_over() -> None:
    of = form()
    computed = {
        "code": "HS-04",
        "name": "Tỷ lệ",
        "unit": "%",
        "kind": "percent",
        "columns": ["done"],
        "aggregate": "ratio",
        "compute": {"part": ["HS-03"], "whole": ["HS-02"]},
        "source": "Biểu 06",
    }
    declared = of.model_dump()
    declared["sheets"][0]["rows"] += (computed,)
    ratio = [Figure("ho-so", "HS-04", "done", 50, "D9")]
    assert together(Form.model_validate(declared), [ratio, ratio]) == {}


def test_a_finding_says_whose_figures_were_added_up() -> None:
    before = earlier("2024", HALF, HALF, whose="cộng số của Sở A và Sở B")
    now = figures(40, 40, 17, 9)
    (found,) = against_last(FORM, Period.parse("2025-Q1"), now, [before])
    assert found.code == "not-carried"
    assert found.expected == "HS-03 của kỳ trước (cộng số của Sở A và Sở B): 18"


def test_who_must_state_a_split_is_told_what_moved() -> None:
    agencies: dict[str, Agency] = {
        code: agency(code, "so").model_copy(update={"name": name})
        for code, name in (("so-a", "Sở A"), ("so-b", "Sở B"))
    }
    move = Succession(
        predecessor="so-a",
        successor="so-b",
        day=date(2025, 3, 1),
        scope="giảm nghèo",
        whole=False,
        heir=False,
        source="Nghị quyết",
    )
    found = split_figures(agencies, [move])
    assert (found.code, found.severity) == ("split-figures", Severity.WARNING)
    assert "(từ 01/3/2025, Sở A chuyển cho Sở B: giảm nghèo)" in found.expected
    assert "Ghi chú" in found.action
