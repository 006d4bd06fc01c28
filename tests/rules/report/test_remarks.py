"""What the secretariat is told of a report beside its figures."""

import pytest

from kybaocao.rules.form.form import Figure, Form
from kybaocao.rules.report.remarks import NIL, remarks

CODES = [f"HS-{n:02d}" for n in range(1, 13)]
NAMES = {"so-a": "Sở A", "so-b": "Sở B", "so-c": "Sở C", "so-d": "Sở D"}
RATIO = {
    "code": "TL-01",
    "name": "Tỷ lệ",
    "unit": "%",
    "kind": "percent",
    "aggregate": "ratio",
    "columns": ["done"],
    "compute": {"part": ["HS-01"], "whole": ["HS-02"]},
    "source": "khoản 1",
}
FORM = Form.model_validate(
    {
        "id": "mau",
        "version": 1,
        "title": "Mẫu",
        "columns": [
            {"id": "done", "name": "Trong kỳ", "required": True},
            {"id": "note", "name": "Ghi chú", "text": True},
        ],
        "sheets": [
            {
                "id": "so-lieu",
                "kind": "indicators",
                "name": "Số liệu",
                "title": "Số liệu",
                "rows": [
                    {"code": c, "name": c, "unit": "hồ sơ", "columns": ["done"], "source": "x"}
                    for c in CODES
                ]
                + [RATIO],
            }
        ],
    }
)


def report(*values: float | None, ratio: float = 0, note: str = "") -> list[Figure]:
    """Return figures from the first row on, a computed percentage and a note."""
    figures = [
        Figure("so-lieu", code, "done", value, f"E{n}")
        for n, (code, value) in enumerate(zip(CODES, values, strict=False), 7)
    ]
    figures.append(Figure("so-lieu", "TL-01", "done", ratio, "E30"))
    figures.append(Figure("so-lieu", CODES[0], "note", note, "G7"))
    return figures


TEN = range(1, 11)


def test_a_nil_return_is_said_and_others_are_not() -> None:
    found = remarks(FORM, NAMES, {"so-a": report(0, 0, None), "so-b": report(0, 1)})
    assert found == {"so-a": NIL}


def test_figures_that_several_gave_alike_are_said_of_each() -> None:
    copied = {code: report(*TEN, note=code) for code in ("so-a", "so-b", "so-c")}
    found = remarks(FORM, NAMES, {**copied, "so-d": report(*TEN[:-1], 11)})
    assert found.keys() == copied.keys()
    assert found["so-a"] == "Mọi số liệu giống hệt Sở B và Sở C; cần xác minh"


def test_what_the_form_computes_neither_counts_nor_tells_reports_apart() -> None:
    nine = {code: report(*TEN[:-1], ratio=50) for code in ("so-a", "so-b")}
    assert remarks(FORM, NAMES, nine) == {}, "nine figures can be alike by chance"
    ten = {"so-a": report(*TEN, ratio=50), "so-b": report(*TEN, ratio=50.0001)}
    assert remarks(FORM, NAMES, ten).keys() == ten.keys()


@pytest.mark.parametrize("other", [report(*TEN, 0), report(*TEN[::-1])])
def test_one_figure_more_or_in_another_row_is_another_report(other: list[Figure]) -> None:
    assert remarks(FORM, NAMES, {"so-a": report(*TEN), "so-b": other}) == {}


def test_many_names_make_no_endless_remark() -> None:
    names = {f"xa-{n}": f"Ủy ban nhân dân xã số {n}" for n in range(50)}
    found = remarks(FORM, names, {code: report(*TEN) for code in names})
    assert all(len(words) <= 200 for words in found.values())
    assert len(found) == 50
