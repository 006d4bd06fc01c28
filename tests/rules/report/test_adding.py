"""A list that agencies share is counted once, and by level: never across."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.form.form import Aggregation, Form, Indicator
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.report.adding import Adding

AGENCIES = [
    Agency(code="so-tu-phap", name="Sở Tư pháp", short="Sở Tư pháp", level="so", source="x"),
    Agency(code="so-y-te", name="Sở Y tế", short="Sở Y tế", level="so", source="x"),
    Agency(code="xa-a", name="UBND xã A", short="Xã A", level="xa", source="x"),
    Agency(code="xa-b", name="UBND xã B", short="Xã B", level="xa", source="x"),
]
SHARED = {"so": "sum", "xa": "shared"}


def form_of(**more: object) -> Form:
    rows = [
        {"code": "TT-01", "name": "Thủ tục thuộc thẩm quyền", **more},
        {"code": "TT-02", "name": "Thủ tục đã công khai", **more},
        {
            "code": "TT-03",
            "name": "Tỷ lệ công khai",
            "unit": "%",
            "kind": "percent",
            "aggregate": "ratio",
            "compute": {"part": ["TT-02"], "whole": ["TT-01"]},
        },
    ]
    usual = {"unit": "thủ tục", "columns": ["done"], "source": "Điều 35"}
    sheet = {"kind": "indicators", "id": "tt", "name": "TT", "title": "Thủ tục"}
    return Form.model_validate(
        {
            "id": "mau",
            "version": 1,
            "title": "Mẫu",
            "columns": [{"id": "done", "name": "Trong kỳ", "required": True}],
            "sheets": [{**sheet, "rows": [{**usual, **row} for row in rows]}],
        }
    )


def row_of(form: Form, code: str) -> Indicator:
    return next(row for _, row in form.indicators() if row.code == code)


def matrix(whole: list[float], part: list[float]) -> pd.DataFrame:
    keys = [("TT-01", "done"), ("TT-02", "done")]
    codes = [a.code for a in AGENCIES]
    return pd.DataFrame(dict(zip(keys, (whole, part), strict=True)), index=codes)


FULL = matrix([100, 60, 120, 118], [80, 40, 120, 90])


def over(form: Form, code: str, full: pd.DataFrame = FULL) -> float:
    return Adding(form, AGENCIES).over(row_of(form, code), "done", full)


def test_what_a_level_shares_is_its_largest_and_others_add_up() -> None:
    form = form_of(aggregate=SHARED)
    assert over(form, "TT-01", FULL.iloc[:2]) == 160
    assert over(form, "TT-01", FULL.iloc[2:]) == 120


def test_a_shared_list_makes_no_figure_over_levels() -> None:
    form = form_of(aggregate=SHARED)
    adding = Adding(form, AGENCIES)
    for code in ("TT-01", "TT-02", "TT-03"):
        assert math.isnan(over(form, code))
        assert adding.is_by_level(row_of(form, code))


def test_two_levels_with_a_list_each_are_two_figures_too() -> None:
    assert math.isnan(over(form_of(aggregate={"so": "shared", "xa": "shared"}), "TT-01"))


def test_a_ratio_over_a_shared_list_is_that_of_the_levels_figures() -> None:
    form = form_of(aggregate=SHARED)
    assert over(form, "TT-03", FULL.iloc[2:]) == 100
    assert over(form, "TT-03", FULL.iloc[:2]) == 100 * 120 / 160


def test_a_level_of_which_nothing_is_said_adds_nothing() -> None:
    form = form_of(aggregate={"so": "sum"})
    assert row_of(form, "TT-01").adding("xa") is Aggregation.NONE
    assert math.isnan(over(form, "TT-01"))
    assert over(form, "TT-01", FULL.iloc[:2]) == 160


def test_a_form_for_an_agency_says_its_own_way() -> None:
    form = form_of(aggregate=SHARED)
    assert row_of(form.for_agency(AGENCIES[0]), "TT-01").aggregate is Aggregation.SUM
    assert row_of(form.for_agency(AGENCIES[3]), "TT-01").aggregate is Aggregation.SHARED


NUMBERS = st.lists(st.integers(0, 10**6), min_size=4, max_size=4)


@given(NUMBERS, st.permutations(range(4)))
def test_more_agencies_of_one_list_never_make_it_longer(whole: list[int], order: list[int]) -> None:
    communes = [a.model_copy(update={"level": "xa"}) for a in AGENCIES]
    form, numbers = form_of(aggregate=SHARED), [float(v) for v in whole]
    full = matrix(numbers, numbers).iloc[order]
    total = Adding(form, communes).over(row_of(form, "TT-01"), "done", full)
    assert total == max(numbers)


@pytest.mark.parametrize("ways", [{"so": "ratio"}, {"so": "ratio", "xa": "sum"}])
def test_a_ratio_is_no_way_of_one_level(ways: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="at every level"):
        form_of(aggregate=ways)
