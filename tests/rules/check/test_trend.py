"""A figure is held against what its agency gave before: jumps and units, as warnings only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.check.trend import Past, comparable, jumps
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form.form import Figure, Form
from kybaocao.rules.form.form_rules import JumpRule
from tests.sample_form import FORM

RULE = JumpRule(factor=5, minimum=100)
RULED = FORM.model_copy(update={"rules": FORM.rules.model_copy(update={"jump": RULE})})
NOW = Period.parse("2016-Q3")


def told(
    value: float | None, row: str = "TTHC-04", form: Form = RULED, **before: float
) -> list[Finding]:
    """Return what is said of a figure after those of earlier periods (`Q2_2016=…`)."""
    past = [
        Past(Period.parse(f"{name[3:]}-{name[:2]}"), {(row, "done"): number})
        for name, number in before.items()
    ]
    figure = Figure("tthc", row, "done", value, "E5")
    found = jumps(form, NOW, [figure], past, {"tthc": "3. TTHC (sửa)"})
    assert set(found) <= {(row, "done")}
    return [finding for finding in found.values() if finding]


def test_a_jump_is_a_warning_that_names_the_earlier_figures() -> None:
    (finding,) = told(2_000, Q2_2016=300, Q1_2016=280)
    assert (finding.code, finding.severity) == ("large-jump", Severity.WARNING)
    assert (finding.sheet, finding.cell, finding.value) == ("3. TTHC (sửa)", "E5", "2.000")
    assert finding.expected == (
        "gần với số các kỳ trước của đơn vị (Quý II năm 2016: 300; Quý I năm 2016: 280)"
    )


@pytest.mark.parametrize("value", [0, 40, 2_000])
def test_a_fall_is_a_jump_too(value: float) -> None:
    assert [f.code for f in told(value, Q2_2016=300, Q1_2016=280)] == ["large-jump"]


@pytest.mark.parametrize("value", [60, 280, 300, 1_500])
def test_within_the_factor_nothing_is_said(value: float) -> None:
    assert told(value, Q2_2016=300, Q1_2016=280) == []


@pytest.mark.parametrize("times", [1_000, 950, 1_800, 1 / 1_000])
def test_a_thousandfold_figure_was_typed_in_another_unit(times: float) -> None:
    (finding,) = told(250_000 * times, "TTHC-11", Q2_2016=250_000, Q1_2016=240_000)
    assert finding.code == "unit-slip"
    assert "khoảng một nghìn lần" in finding.action
    assert "biểu mẫu tính bằng hồ sơ" in finding.action


def test_a_millionfold_figure_too() -> None:
    (finding,) = told(300_000_000, Q3_2015=310)
    assert "khoảng một triệu lần" in finding.action


def test_two_earlier_figures_or_that_of_last_year_are_needed() -> None:
    assert told(2_000, Q2_2016=300) == []
    assert told(2_000) == []
    assert told(2_000, Q3_2015=300)
    assert told(2_000, Q2_2016=300, Q4_2015=300)


@pytest.mark.parametrize("value", [0, 99])
def test_tiny_numbers_never_jump(value: float) -> None:
    assert told(value, Q2_2016=1, Q1_2016=1) == []
    assert told(value, Q2_2016=99, Q1_2016=99) == []


def test_a_total_that_jumps_with_its_part_is_not_said_twice() -> None:
    now = {"TTHC-04": 30_100.0, "TTHC-05": 30_000.0, "TTHC-06": 100.0}
    before = {("TTHC-04", "done"): 400.0, ("TTHC-05", "done"): 300.0, ("TTHC-06", "done"): 100.0}
    figures = [Figure("tthc", row, "done", value, "E5") for row, value in now.items()]
    past = [Past(Period.parse("2015-Q3"), before)]
    found = jumps(RULED, NOW, figures, past, {"tthc": "3. TTHC"})
    assert {row: finding is not None for (row, _), finding in found.items()} == {
        "TTHC-04": False,
        "TTHC-05": True,
    }


def test_after_nothing_but_zeros_anything_may_come() -> None:
    assert told(5_000, Q2_2016=0, Q1_2016=0) == []


def test_what_is_not_applicable_or_a_percentage_is_not_compared() -> None:
    assert told(None, Q2_2016=300, Q1_2016=300) == []
    assert told(100, "TTHC-10", Q2_2016=1, Q1_2016=1) == []
    assert told(100, "TTHC-09", Q2_2016=1, Q1_2016=1) == []


def test_a_form_without_the_rule_compares_nothing() -> None:
    assert told(2_000, form=FORM, Q2_2016=300, Q1_2016=280) == []


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_figure_between_the_earlier_ones_never_jumps(a: float, b: float, c: float) -> None:
    low, value, high = sorted((a, b, c))
    assert told(value, Q2_2016=low, Q1_2016=high) == []


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        ("2016-Q3", ["2016-Q2", "2016-Q1", "2015-Q4", "2015-Q3"]),
        ("2016-H1", ["2015-H2", "2015-H1"]),
        ("2016-9M", ["2015-9M"]),
        ("2016", ["2015"]),
        ("2016-once", []),
        ("2016-R1", []),
    ],
)
def test_periods_of_the_same_length_compare(period: str, earlier: list[str]) -> None:
    assert [past.id for past in comparable(Period.parse(period))] == earlier
