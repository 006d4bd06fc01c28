"""What many agencies' figures become: sums that are sums, ratios of sums, and nothing lost."""

import math
import random
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kybaocao.rules.cycle.standing import Standing, State
from kybaocao.rules.form.form import Figure
from kybaocao.rules.report.consolidation import Consolidation, consolidate
from tests.workbook_cases import AGENCIES, FORM, GOOD, QUARTER, Values, consolidated, report_of

FIGURES = [
    (indicator.code, column)
    for _, indicator in FORM.indicators()
    if indicator.compute is None
    for column in indicator.columns
]
SUMMED = [key for key in FIGURES if key[0] not in ("TT-05", "TT-06")]


@st.composite
def filled(draw: st.DrawFn) -> dict[str, Values]:
    """Some agencies with some figures: numbers, or declared not applicable."""
    number = st.none() | st.integers(0, 10**6) | st.floats(0, 10**9, width=32)
    report = st.dictionaries(st.sampled_from(FIGURES), number)
    return draw(st.dictionaries(st.sampled_from([a.code for a in AGENCIES]), report))


def value(found: Consolidation, code: str, column: str) -> float:
    rows = found.summary
    return float(rows[(rows["code"] == code) & (rows["column"] == column)]["value"].iloc[0])


def fact(found: Consolidation, code: str, column: str, name: str) -> int:
    rows = found.summary
    return int(rows[(rows["code"] == code) & (rows["column"] == column)][name].iloc[0])


@settings(max_examples=40, deadline=None)
@given(filled())
def test_a_sum_over_the_province_is_the_sum_of_its_agencies(reports: dict[str, Values]) -> None:
    found = consolidated(reports)
    for code, column in SUMMED:
        given_ = [v for r in reports.values() if (v := r.get((code, column))) is not None]
        total = value(found, code, column)
        if given_:
            assert math.isclose(total, float(sum(map(Fraction, given_))), rel_tol=1e-15)
        else:
            assert math.isnan(total)


@settings(max_examples=40, deadline=None)
@given(filled())
def test_a_ratio_is_recomputed_from_the_sums(reports: dict[str, Values]) -> None:
    found = consolidated(reports)
    keys = (("TT-02", "done"), ("TT-01", "done"))
    pairs = [tuple(report.get(key) for key in keys) for report in reports.values()]
    whole = sum(Fraction(w) for p, w in pairs if p is not None and w is not None)
    ratio = value(found, "TT-04", "done")
    if whole == 0:
        assert math.isnan(ratio)
    else:
        part = sum(Fraction(p) for p, w in pairs if p is not None and w is not None)
        assert math.isclose(ratio, float(100 * part / whole))


def test_who_calls_a_part_of_a_ratio_not_applicable_has_no_ratio_and_is_in_no_ratio() -> None:
    found = consolidated(
        {
            "so-tu-phap": {("TT-01", "done"): 20, ("TT-02", "done"): 10},
            "so-y-te": {("TT-01", "done"): 40, ("TT-02", "done"): None},
        }
    )
    assert math.isnan(found.matrices["tthc"].loc["so-y-te", ("TT-04", "done")])
    assert value(found, "TT-04", "done") == 50
    assert value(found, "TT-01", "done") == 60


@settings(max_examples=40, deadline=None)
@given(filled(), st.randoms())
def test_the_order_of_agencies_changes_nothing(
    reports: dict[str, Values], shuffler: random.Random
) -> None:
    agencies, figures = list(AGENCIES), list(reports)
    shuffler.shuffle(agencies)
    shuffler.shuffle(figures)
    standings = {a.code: Standing(State.ACCEPTED) for a in AGENCIES}
    sent = {code: report_of(code, reports[code]) for code in figures}
    shuffled = consolidate(FORM, agencies, standings, sent, QUARTER)
    straight = consolidated(reports)
    pd.testing.assert_frame_equal(shuffled.summary, straight.summary, check_exact=True)
    for sheet, matrix in straight.matrices.items():
        pd.testing.assert_frame_equal(shuffled.matrices[sheet].loc[matrix.index], matrix)


@settings(max_examples=40, deadline=None)
@given(filled())
def test_every_accepted_figure_lands_in_exactly_one_cell(reports: dict[str, Values]) -> None:
    found = consolidated(reports)
    computed = {i.code for _, i in FORM.indicators() if i.compute}
    landed: dict[tuple[str, str, str], float] = {}
    for matrix in found.matrices.values():
        for (code, column), cells in matrix.items():
            for agency, figure in cells.dropna().items():
                if code not in computed:
                    assert (agency, code, column) not in landed
                    landed[agency, code, column] = figure
    sent = {
        (agency, code, column): float(v)
        for agency, values in reports.items()
        for (code, column), v in values.items()
        if v is not None
    }
    assert landed == sent
    assert len(found.cells) == sum(map(len, reports.values()))


def test_a_ratio_is_not_the_mean_of_ratios() -> None:
    found = consolidated(GOOD)
    assert value(found, "TT-04", "done") == 100 * 279 / 300
    shares = found.matrices["tthc"]["TT-04", "done"].dropna().to_list()
    assert shares == [90, 100 * 270 / 290]


def test_a_maximum_is_the_largest_and_what_does_not_add_up_stays_blank() -> None:
    found = consolidated(GOOD)
    assert value(found, "TT-05", "done") == 12
    assert math.isnan(value(found, "TT-06", "done"))
    assert found.matrices["tthc"].loc["so-tu-phap", ("TT-06", "done")] == 91.5


def test_zero_blank_and_not_applicable_are_three_answers() -> None:
    found = consolidated(
        {
            "so-tu-phap": {("TC-01", "done"): 0},
            "so-y-te": {("TC-01", "done"): None},
            "ubnd-tam-ky": {},
        }
    )
    assert value(found, "TC-01", "done") == 0
    assert fact(found, "TC-01", "done", "given") == 1
    assert fact(found, "TC-01", "done", "not_applicable") == 1
    assert fact(found, "TC-01", "done", "applies") == 4


def test_a_row_counts_the_agencies_that_it_applies_to() -> None:
    found = consolidated(GOOD)
    assert fact(found, "TC-02", "done", "applies") == 2
    assert fact(found, "TC-02", "done", "given") == 2


def test_it_is_partial_until_every_report_is_there() -> None:
    assert [a.code for a in consolidated(GOOD).missing] == ["so-y-te"]
    assert consolidated(GOOD).is_partial
    full = consolidated({**GOOD, "so-y-te": {}})
    assert not full.is_partial
    assert (full.received, full.expected) == (4, 4)


def test_nothing_received_is_a_table_of_blanks() -> None:
    found = consolidated({})
    assert found.summary["value"].isna().all()
    assert found.matrices["tthc"].shape == (4, 10)
    assert found.texts.empty and found.cells.empty and found.sources.empty


def test_words_are_collected_question_by_question_with_notes() -> None:
    found = consolidated(GOOD)
    said = found.texts[found.texts["code"] == "ND-01"]
    assert said["agency"].to_list() == ["so-tu-phap", "ubnd-tam-ky"]
    note = found.texts[found.texts["code"] == "TT-01"].iloc[0]
    assert note["question"] == "Tổng số hồ sơ đã giải quyết (Ghi chú)"


def test_free_rows_stand_as_rows_of_their_table() -> None:
    tasks = consolidated(GOOD).tables["nhiem-vu"]
    assert tasks.to_dict("records") == [
        {
            "agency": "so-tu-phap",
            "row": "1",
            "task": "Xây dựng quy chế phối hợp",
            "due": "2016-10-30",
            "state": "Quá hạn",
        }
    ]


def test_what_a_free_row_leaves_blank_is_blank() -> None:
    given = {place: value for place, value in GOOD["so-tu-phap"].items() if place[1] != "due"}
    [task] = consolidated({"so-tu-phap": given}).tables["nhiem-vu"].to_dict("records")
    assert (task["due"], task["state"]) == ("", "Quá hạn")


def test_every_figure_names_its_cell_of_origin_and_file() -> None:
    found = consolidated(GOOD)
    assert set(found.cells["cell"]) >= {"D8", "D9"}
    source = found.sources.set_index("agency").loc["so-tu-phap"]
    assert source["sha256"] == "ab12" * 16
    assert source["figures"] == len(GOOD["so-tu-phap"])


def test_status_tells_days_and_version() -> None:
    status = consolidated(GOOD).status.set_index("agency")
    assert status.loc["so-tu-phap", "days"] == -4
    assert status.loc["so-y-te", "state_name"] == "Quá hạn, chưa gửi"
    assert status.loc["so-y-te", "version"] is None


def test_a_report_from_a_stranger_is_refused() -> None:
    with pytest.raises(ValueError, match="so-la"):
        consolidate(FORM, AGENCIES, {}, {"so-la": report_of("so-la", {})}, QUARTER)


def test_a_row_of_an_earlier_version_of_the_form_is_left_out_and_named() -> None:
    report = report_of("so-y-te", {("TT-01", "done"): 3})
    old = Figure(report.figures[0].sheet, "TT-99", "done", 4, "D30")
    standings = {a.code: Standing(State.ACCEPTED) for a in AGENCIES}
    reports = {"so-y-te": replace(report, figures=(*report.figures, old))}
    found = consolidate(FORM, AGENCIES, standings, reports, QUARTER)
    assert list(found.cells["code"]) == ["TT-01"]
    assert found.sources.set_index("agency").loc["so-y-te", "left_out"] == "TT-99"


def test_a_figure_given_twice_is_refused() -> None:
    report = report_of("so-y-te", {("TT-01", "done"): 3})
    twice = replace(report, figures=report.figures * 2)
    standings = {a.code: Standing(State.ACCEPTED) for a in AGENCIES}
    with pytest.raises(ValueError, match="given twice"):
        consolidate(FORM, AGENCIES, standings, {"so-y-te": twice}, QUARTER)
