"""Targets keep the operator of the decision, and count from their year on."""

import pytest
from pydantic import ValidationError

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.declared.declared import form_faults
from kybaocao.rules.form.form import Form, Indicator
from kybaocao.rules.form.targets import Target, due_target, target_words
from tests.rules.regime_cast import agency
from tests.sample_form import FORM

QUARTER = Period.parse("2018-Q3")


def target(**of: object) -> Target:
    return Target.model_validate(of)


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ({"at_least": 60}, "≥ 60%"),
        ({"above": 60, "year": 2015}, "> 60% (2015)"),
        ({"at_most": 50}, "≤ 50%"),
        ({"below": 0.5}, "< 0,5%"),
        ({"reach": 100, "since": 2018, "year": 2020}, "100% (2018-2020)"),
        ({"reach": 70, "up_to": 80, "each": "year"}, "70-80%/năm"),
        ({"at_least": 10, "year": 2020, "when": "cuối năm 2020"}, "≥ 10% (cuối năm 2020)"),
        ({"reach": 33.33, "words": "giảm 1/3", "year": 2015}, "giảm 1/3 (2015)"),
    ],
)
def test_a_target_reads_as_the_document_has_it(of: dict[str, object], words: str) -> None:
    assert target(**of).text(is_share=True) == words


def test_a_rank_and_a_count_have_no_sign() -> None:
    assert target(at_most=20, down_to=15).text(is_share=False) == "15-20"
    assert target(at_least=1200).text(is_share=False) == "≥ 1.200"


@pytest.mark.parametrize(
    ("of", "met", "missed"),
    [
        ({"at_least": 80}, [80, 79.996, 100], [79.99, 0]),
        ({"reach": 100}, [100], [99.99]),
        ({"above": 80}, [80.01], [80, 80.001]),
        ({"at_most": 10}, [10, 1], [10.01, 11]),
        ({"below": 52}, [51], [52]),
        ({"reach": 70, "up_to": 80}, [70, 75, 85], [69.9]),
        ({"at_most": 20, "down_to": 15}, [20, 12], [21]),
    ],
)
def test_what_reaches_a_target(
    of: dict[str, object], met: list[float], missed: list[float]
) -> None:
    assert all(target(**of).is_met(value) for value in met)
    assert not any(target(**of).is_met(value) for value in missed)


@pytest.mark.parametrize(
    "of",
    [
        {},
        {"year": 2015},
        {"at_least": 1, "above": 1},
        {"at_least": 70, "up_to": 80},
        {"reach": 80, "up_to": 70},
        {"at_most": 15, "down_to": 20},
        {"reach": 1, "since": 2016},
        {"reach": 1, "since": 2017, "year": 2016},
        {"reach": 1, "each": "half-year"},
        {"reach": 1, "until": 2016},
    ],
)
def test_a_target_that_says_nothing_clear_is_refused(of: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        target(**of)


def test_the_last_target_that_is_due_counts() -> None:
    steps = [target(above=75, year=2017), target(above=85, since=2018, year=2020)]
    assert target_words(steps, is_share=True) == "> 75% (2017), > 85% (2018-2020)"
    due = {year: due_target(steps, Period.parse(f"{year}-Q1")) for year in range(2016, 2022)}
    wanted = {2016: None, 2017: 75, 2018: 75, 2019: 75, 2020: 85, 2021: 85}
    assert {year: one and one.value for year, one in due.items()} == wanted


def test_a_target_of_each_year_is_due_in_reports_of_a_year() -> None:
    yearly, quarterly = target(reach=70, each="year"), target(at_least=1, each="quarter")
    assert not yearly.is_due(QUARTER)
    assert yearly.is_due(Period.parse("2018"))
    assert quarterly.is_due(QUARTER)
    assert not quarterly.is_due(Period.parse("2018"))


# In forms


def row(**of: object) -> Indicator:
    told = {"code": "A-1", "name": "Tỷ lệ", "unit": "%", "kind": "percent", "aggregate": "none"}
    return Indicator.model_validate(told | {"columns": ["done"], "source": "II.8", **of})


def test_a_form_declares_words_one_target_or_several() -> None:
    assert row().target_words == ""
    assert row(target="hầu hết (2015)").target_words == "hầu hết (2015)"
    assert row(target={"reach": 90, "year": 2015}).target_words == "90% (2015)"
    several = [{"reach": 10, "year": 2016}, {"reach": 30, "year": 2017}]
    assert row(target=several).target_words == "10% (2016), 30% (2017)"


def test_each_level_has_its_own_targets() -> None:
    steps = [{"at_least": 90, "levels": ["so"]}, {"at_least": 60, "levels": ["xa"]}]
    one = row(target=steps, columns=["done"])
    sheet = FORM.indicator_sheets[0].model_copy(update={"rows": (one, row(code="A-2"))})
    form = FORM.model_copy(update={"sheets": (sheet,)})

    def shown(level: str) -> str:
        (_, found), (_, other) = form.for_agency(agency("x", level)).indicators()
        assert other.target_words == ""
        return found.target_words

    assert one.target_words == "≥ 90%, ≥ 60%"
    assert [shown(level) for level in ("so", "xa", "huyen")] == [
        "≥ 90%",
        "≥ 60%",
        "",
    ]


def test_a_percentage_above_a_hundred_is_a_fault_of_the_form() -> None:
    told = FORM.model_dump()
    rows = told["sheets"][1]["rows"]
    ratio = next(n for n, one in enumerate(rows) if one["code"] == "TTHC-09")
    rows[ratio]["target"] = {"at_least": 8000}
    (fault,) = form_faults(Form.model_validate(told))
    assert fault == (
        ("sheets", 1, "rows", ratio, "target", 0),
        "expected percentage points, found 8000",
    )
