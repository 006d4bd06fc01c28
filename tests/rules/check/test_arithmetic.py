"""Sums, shares and cumulative figures: the published numbers hold, and a mistake is said once."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kybaocao.rules.cells import percentages
from kybaocao.rules.cells.grid import Value
from kybaocao.rules.check import arithmetic
from kybaocao.rules.check.cascade import Mismatch
from kybaocao.rules.check.relations import Place, adds_up
from kybaocao.rules.finding import Severity
from kybaocao.rules.form.form import Form

SOURCE = {"source": "Thông tư 01/2020/TT-VPCP, Biểu 06"}
NAMES = {
    "HS-01": "Hồ sơ tiếp nhận",
    "HS-02": "Đã giải quyết",
    "HS-03": "Trước hạn và đúng hạn",
    "HS-04": "Quá hạn",
    "HS-05": "Đang giải quyết",
    "HS-06": "Trong hạn",
    "HS-07": "Đang quá hạn",
}
SHARES = {"HS-08": "HS-03", "HS-09": "HS-04"}
BOTH = ["done", "total"]
FORM = Form.model_validate(
    {
        "id": "ho-so",
        "version": 1,
        "title": "Hồ sơ",
        "columns": [
            {"id": "done", "name": "Trong kỳ", "required": True},
            {"id": "total", "name": "Lũy kế", "required": True},
        ],
        "sheets": [
            {
                "id": "ho-so",
                "kind": "indicators",
                "name": "Hồ sơ",
                "title": "Hồ sơ",
                "rows": [
                    {"code": code, "name": name, "unit": "hồ sơ", "columns": BOTH, **SOURCE}
                    for code, name in NAMES.items()
                ]
                + [
                    {
                        "code": code,
                        "name": f"Tỷ lệ của {part}",
                        "unit": "%",
                        "kind": "percent",
                        "columns": BOTH,
                        "aggregate": "ratio",
                        "compute": {"part": [part], "whole": ["HS-02"]},
                        **SOURCE,
                    }
                    for code, part in SHARES.items()
                ],
            }
        ],
        "rules": {
            "sums": [
                {"total": "HS-01", "parts": ["HS-02", "HS-05"]},
                {"total": "HS-02", "parts": ["HS-03", "HS-04"]},
                {"total": "HS-05", "parts": ["HS-06", "HS-07"]},
            ],
            "within": [
                {"part": "HS-04", "whole": "HS-02"},
                {"part": "HS-02", "whole": "HS-01"},
                {"part": "HS-03", "whole": "HS-02", "severity": "warning"},
            ],
            "cumulative": {"period": "done", "cumulative": "total"},
        },
    }
)
# Lâm Đồng, quarter I of 2024, as published.
LAM_DONG = dict(zip(NAMES, (159_845, 151_295, 148_761, 2_534, 8_550, 7_815, 735), strict=True))


def both(figures: Mapping[str, int]) -> dict[Place, int | float]:
    return {(code, column): n for code, n in figures.items() for column in BOTH}


def found(
    figures: Mapping[Place, int | float],
    given: Mapping[Place, Value] | None = None,
    first_of_year: bool = False,
    form: Form = FORM,
) -> list[Mismatch]:
    shares = {place: percentages.given(value) for place, value in (given or {}).items()}
    known = {place: share for place, share in shares.items() if share is not None}
    return arithmetic.mismatches(form, form.columns, first_of_year, figures, known)


# Published figures


@pytest.mark.parametrize(
    "given",
    [
        {"HS-08": "98,33%", "HS-09": "1,67%"},
        {"HS-08": 98.33, "HS-09": 1.67},
        {"HS-08": 0.9833, "HS-09": 0.0167},
        {"HS-08": 98.3, "HS-09": "1,7%"},
        {"HS-08": "98%", "HS-09": 2},
        {"HS-08": 100 * 148_761 / 151_295, "HS-09": 100 * 2_534 / 151_295},
    ],
    ids=["text", "points", "as Excel keeps them", "one decimal", "none", "computed"],
)
def test_every_identity_of_lam_dong_holds(given: dict[str, Value]) -> None:
    shares = {(code, "done"): value for code, value in given.items()}
    assert found(both(LAM_DONG), shares, first_of_year=True) == []


@pytest.mark.parametrize(
    ("part", "whole", "published"),
    [(175_354, 175_920, "99,68%"), (26_473, 26_972, "98,15%"), (204_847, 207_030, "98,94%")],
    ids=["province", "districts", "all, cut off where 98,95 is nearer"],
)
def test_shares_of_2022_hold_as_published(part: int, whole: int, published: str) -> None:
    figures = {("HS-02", "done"): whole, ("HS-03", "done"): part}
    assert found(figures, {("HS-08", "done"): published}) == []


@pytest.mark.parametrize("given", ["98,92%", "98,97%", 98.8, "97%", "1%", 0.5])
def test_a_share_beyond_its_rounding_is_asked(given: Value) -> None:
    figures = {("HS-02", "done"): 207_030, ("HS-03", "done"): 204_847}
    (one,) = found(figures, {("HS-08", "done"): given})
    assert (one.code, one.at) == ("ratio-mismatch", ("HS-08", "done"))
    assert one.expected == (
        "98,95%, là tỷ lệ của HS-03 trên HS-02 (cho phép lệch 0,01 điểm phần trăm do làm tròn)"
    )


@pytest.mark.parametrize(("given", "holds"), [("56%", True), ("57%", False), ("56,4%", True)])
def test_a_share_may_be_cut_off_and_never_rounded_up(given: str, holds: bool) -> None:
    figures = {("HS-02", "done"): 1_000, ("HS-03", "done"): 564}
    assert (found(figures, {("HS-08", "done"): given}) == []) is holds


def test_a_form_may_state_another_tolerance() -> None:
    ratio = FORM.rules.ratio.model_copy(update={"tolerance": 0.5, "severity": Severity.WARNING})
    lenient = FORM.model_copy(update={"rules": FORM.rules.model_copy(update={"ratio": ratio})})
    figures = {("HS-02", "done"): 207_030, ("HS-03", "done"): 204_847}
    assert found(figures, {("HS-08", "done"): 99.4}, form=lenient) == []
    (one,) = found(figures, {("HS-08", "done"): 99.6}, form=lenient)
    assert one.severity is Severity.WARNING


@pytest.mark.parametrize("said", ["", "không có số liệu", True, float("nan"), float("inf")])
def test_what_gives_no_percentage_is_held_against_nothing(said: Value) -> None:
    assert percentages.given(said) is None


@given(st.integers(1, 10**6), st.data())
def test_any_honest_rounding_of_a_share_holds(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    decimals = data.draw(st.integers(0, 4))
    exact = 100 * part / whole
    unit = 10**decimals
    shown = data.draw(st.sampled_from([round(exact, decimals), int(exact * unit) / unit]))
    figures = {("HS-02", "done"): whole, ("HS-03", "done"): part}
    text = f"{shown:.{decimals}f}%".replace(".", ",")
    if decimals != 3:  # 98,333 has two readings
        assert found(figures, {("HS-08", "done"): text}) == []
    assert found(figures, {("HS-08", "done"): shown}) == []


# One mistake, one finding


def test_a_wrong_part_is_said_once() -> None:
    figures = both(LAM_DONG) | {("HS-04", "done"): 253_400}
    (one,) = found(figures, {("HS-08", "done"): 98.33, ("HS-09", "done"): 1.67})
    assert (one.code, one.at) == ("part-above-whole", ("HS-04", "done"))


def test_a_wrong_total_in_two_sums_is_said_once() -> None:
    figures = both(LAM_DONG) | {("HS-02", "done"): 151_259}
    (one,) = found(figures, {("HS-08", "done"): 98.33})
    assert one.code == "sum-mismatch"


def test_two_mistakes_are_two_findings_also_where_they_share_a_cell() -> None:
    figures = both(LAM_DONG) | {("HS-03", "done"): 148_700, ("HS-06", "done"): 7_800}
    assert [one.at for one in found(figures)] == [("HS-02", "done"), ("HS-05", "done")]
    figures = both(LAM_DONG) | {("HS-02", "done"): 151_200, ("HS-03", "done"): 148_700}
    assert len(found(figures)) == 2


def test_a_figure_that_fits_elsewhere_explains_no_two_mistakes() -> None:
    done = {(code, "done"): n for code, n in LAM_DONG.items()}
    figures = done | {("HS-01", "done"): 159_940, ("HS-03", "done"): 148_856}
    assert len(found(figures)) == 1, "HS-02 may be 95 too few"
    figures[("HS-02", "total")] = 151_295
    assert len(found(figures)) == 2, "it is not, since it is no less than that of the year"


def test_the_other_columns_own_mistake_stays() -> None:
    figures = both(LAM_DONG) | {("HS-06", "done"): 7_800, ("HS-06", "total"): 7_815}
    (one,) = found(figures, first_of_year=True)
    assert one.at == ("HS-05", "done")
    figures[("HS-07", "total")] = 800
    assert {one.at for one in found(figures, first_of_year=True)} == {
        ("HS-05", "done"),
        ("HS-05", "total"),
    }


def test_a_warning_does_not_hide_what_blocks() -> None:
    figures = both(LAM_DONG) | {("HS-03", "done"): 151_296}
    (one,) = found(figures)
    assert (one.code, one.severity) == ("sum-mismatch", Severity.BLOCKING)


counts = st.integers(0, 10**6)


@st.composite
def reports(draw: st.DrawFn) -> dict[Place, int | float]:
    """Return figures that keep every rule, in both columns."""
    made: dict[Place, int | float] = {}
    done = [draw(counts) for _ in range(4)]
    total = [n + draw(counts) for n in done]
    for column, (early, late, within, over) in (("done", done), ("total", total)):
        solved, left = early + late, within + over
        values = (solved + left, solved, early, late, left, within, over)
        made |= {(code, column): n for code, n in zip(NAMES, values, strict=True)}
    return made


@given(reports())
def test_a_report_made_of_its_parts_has_no_fault(figures: dict[Place, int | float]) -> None:
    assert found(figures) == []
    first = {place: figures[place[0], "done"] for place in figures}
    assert found(first, first_of_year=True) == []


@given(reports(), st.sampled_from([(c, k) for c in NAMES for k in BOTH]), counts, st.booleans())
def test_one_wrong_figure_is_one_finding_at_most(
    figures: dict[Place, int | float], wrong: Place, value: int, first_of_year: bool
) -> None:
    if first_of_year:
        figures = {place: figures[place[0], "done"] for place in figures}
    exact = arithmetic.computed(FORM, FORM.columns, figures)
    assume(figures[wrong] != value)
    spoilt = figures | {wrong: value}
    told = found(spoilt, exact, first_of_year)
    # A figure in no sum may stay within its bounds; every row here is in a sum.
    assert len(told) == 1
    assert told[0].severity is Severity.BLOCKING


@given(reports(), st.dictionaries(st.sampled_from([(c, k) for c in NAMES for k in BOTH]), counts))
def test_what_is_left_unsaid_is_mended_with_what_is_said(
    figures: dict[Place, int | float], wrong: dict[Place, int]
) -> None:
    spoilt = figures | wrong
    told = found(spoilt)
    check = arithmetic._Check(FORM, FORM.columns, False, spoilt, None)
    broken = [*check.parts(), *check.sums(), *check.cumulative()]
    assert bool(told) == bool(broken)
    assert any(one.severity is Severity.BLOCKING for one in told) == any(
        one.severity is Severity.BLOCKING for one in broken
    )
    kept = {(one.code, one.at) for one in told}
    for one in broken:
        touching = [other for other in told if {*other.relation.cells} & {*one.relation.cells}]
        assert (one.code, one.at) in kept or touching


@pytest.mark.parametrize(
    ("total", "parts", "holds"),
    [
        (100, (33.33, 33.33, 33.33), True),
        (100, (33.33, 33.33, 33.32), False),
        (12.3, (4.11, 4.12, 4.12), True),
        (12.3, (4.11, 4.12, 4.13), False),
        (12, (4.1, 4.1, 3.7), True),
        (12, (4.1, 4.1, 3.6), False),
        (4.1, (1.25, 0.5, 2.25), False),
        (120, (100, 15, 4), False),
        (0.3, (0.1, 0.2), True),
        (1e9, (333333333.3, 333333333.3, 333333333.3), True),
    ],
)
def test_a_sum_of_decimals_may_be_off_by_one_of_the_last_digit(
    total: float, parts: tuple[float, ...], holds: bool
) -> None:
    assert adds_up(total, parts) is holds
