"""What one period must take over from the one before."""

import pytest

from kybaocao.rules.form import CarriedRule, Figure, Form
from kybaocao.rules.history import against_last
from kybaocao.rules.period import Period

FORM = Form.model_validate(
    {
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
                    for code, columns in (
                        ("HS-01", ["done", "cumulative"]),
                        ("HS-02", ["done"]),
                        ("HS-03", ["done"]),
                    )
                ],
            }
        ],
        "rules": {
            "cumulative": {"period": "done", "cumulative": "cumulative"},
            "carried": [CarriedRule(opening="HS-02", closing="HS-03").model_dump()],
        },
    }
)


def figures(done: float, cumulative: float, opening: float, closing: float) -> list[Figure]:
    return [
        Figure("ho-so", "HS-01", "done", done, "D6"),
        Figure("ho-so", "HS-01", "cumulative", cumulative, "E6"),
        Figure("ho-so", "HS-02", "done", opening, "D7"),
        Figure("ho-so", "HS-03", "done", closing, "D8"),
    ]


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
    found = list(against_last(FORM, Period.parse(period), now, LAST))
    assert [f.code for f in found] == codes
    assert not any(f.is_blocking for f in found)


def test_the_finding_says_where_and_what_was_awaited() -> None:
    (found,) = against_last(FORM, Period.parse("2016-Q3"), figures(40, 240, 12, 9), LAST)
    assert (found.sheet, found.cell, found.value) == ("1. Hồ sơ", "E6", "240")
    assert found.expected == "lũy kế kỳ trước 250 cộng kỳ này 40 bằng 290"


def test_without_figures_of_the_last_period_nothing_is_said() -> None:
    assert list(against_last(FORM, Period.parse("2016-Q3"), figures(1, 2, 3, 4), [])) == []
