"""Parts of a declaration that are right alone and wrong together."""

from typing import Any

import pytest

from kybaocao.rules.declared.declared import adding_faults, form_faults, regime_faults
from kybaocao.rules.declared.parts import parts_of
from kybaocao.rules.form.form import Form
from tests.rules.regime_cast import agency, duty, regime

AREA: dict[str, Any] = {
    "id": "so-lieu",
    "kind": "indicators",
    "name": "Số liệu",
    "title": "Số liệu",
    "rows": [
        {"code": code, "name": code, "unit": "hồ sơ", "columns": columns, "source": "khoản 1"}
        for code, columns in (("A-1", ["done"]), ("A-2", ["done", "total"]), ("A-3", ["total"]))
    ],
}
COVER: dict[str, Any] = {
    "id": "bia",
    "kind": "entries",
    "name": "Bìa",
    "title": "Bìa",
    "rows": [{"code": "BIA-1", "name": "Số hiệu"}],
}
TASKS: dict[str, Any] = {
    "id": "nhiem-vu",
    "kind": "table",
    "name": "Nhiệm vụ",
    "title": "Nhiệm vụ",
    "columns": [{"id": "ten", "name": "Tên"}],
}
RATIO = {"kind": "percent", "aggregate": "ratio", "columns": ["done"]}


def form(*sheets: dict[str, Any], **rules: Any) -> Form:
    return Form.model_validate(
        {
            "id": "mau",
            "version": 1,
            "title": "Mẫu",
            "columns": [
                {"id": "done", "name": "Thực hiện"},
                {"id": "total", "name": "Lũy kế"},
                {"id": "note", "name": "Ghi chú", "text": True},
            ],
            "sheets": sheets or (COVER, AREA, TASKS),
            "rules": rules,
        }
    )


def replacing(row: str, **changes: Any) -> Form:
    """The form whose `row` says why a report is replaced, the cover's only entry changed."""
    made = form(COVER | {"rows": [COVER["rows"][0] | changes]}, AREA, TASKS)
    return made.model_copy(update={"reason_row": row})


def area(number: int, **changes: Any) -> dict[str, Any]:
    """The indicator sheet with one row changed."""
    rows = [row | (changes if n == number else {}) for n, row in enumerate(AREA["rows"])]
    return AREA | {"rows": rows}


def test_a_form_that_fits_together_has_no_faults() -> None:
    ratio = area(0, **RATIO, compute={"part": ["A-2"], "whole": ["A-2"]})
    rules = {
        "sums": [{"total": "A-2", "parts": ["A-3", "A-2"]}],
        "within": [{"part": "A-3", "whole": "A-2"}],
        "cumulative": {"period": "done", "cumulative": "total"},
    }
    assert list(form_faults(form(COVER, ratio, TASKS, **rules))) == []
    assert list(form_faults(replacing("BIA-1"))) == []


@pytest.mark.parametrize(
    ("made", "place", "message"),
    [
        (form(COVER, AREA, AREA), ("sheets", 2), "sheet so-lieu exists twice"),
        (
            form(COVER, AREA | {"name": "BÌA"}),
            ("sheets", 1),
            "sheet name bìa exists twice",
        ),
        (form(area(2, code="A-1")), ("sheets", 0, "rows", 2, "code"), "row A-1 exists twice"),
        (form(COVER, COVER | {"id": "b", "name": "B"}), ("sheets", 1, "rows", 0, "code"), "row"),
        (
            form(TASKS | {"columns": TASKS["columns"] * 2}),
            ("sheets", 0, "columns", 1),
            "column ten exists twice",
        ),
        (
            form(area(0, columns=["done", "plan"])),
            ("sheets", 0, "rows", 0, "columns"),
            "expected a figure column (done, total), found 'plan'",
        ),
        (
            form(area(0, columns=["note"])),
            ("sheets", 0, "rows", 0, "columns"),
            "expected a figure column (done, total), found 'note'",
        ),
        (
            form(area(0, minimum=5, maximum=3)),
            ("sheets", 0, "rows", 0, "maximum"),
            "expected at least the minimum, 5",
        ),
        (
            form(area(0, **RATIO, compute={"part": ["A-9"], "whole": ["A-2"]})),
            ("sheets", 0, "rows", 0, "compute"),
            "expected an indicator's code, found 'A-9'",
        ),
        (
            form(COVER, area(0, **RATIO, compute={"part": ["BIA-1"], "whole": ["A-2"]})),
            ("sheets", 1, "rows", 0, "compute"),
            "expected an indicator's code, found 'BIA-1'",
        ),
        (
            form(area(0, **RATIO, compute={"part": ["A-1"], "whole": ["A-2"]})),
            ("sheets", 0, "rows", 0, "compute"),
            "A-1 is computed itself; expected rows that are filled in",
        ),
        (
            form(area(0, **RATIO, compute={"part": ["A-3"], "whole": ["A-2"]})),
            ("sheets", 0, "rows", 0, "compute"),
            "A-3 asks for no figure in done, so that A-1 can never be computed there",
        ),
        (
            form(COVER | {"rows": [{"code": "B", "name": "B", "kind": "choice"}]}),
            ("sheets", 0, "rows", 0, "choices"),
            "`kind: choice` and `choices` go together",
        ),
        (
            replacing("BIA-9"),
            ("reason_row",),
            "expected the code of an entry (BIA-1), found 'BIA-9'",
        ),
        (
            replacing("A-1"),
            ("reason_row",),
            "expected the code of an entry (BIA-1), found 'A-1'",
        ),
        (
            replacing("BIA-1", required=True),
            ("reason_row",),
            "expected an entry that asks for a text that is not required",
        ),
        (
            replacing("BIA-1", kind="date"),
            ("reason_row",),
            "expected an entry that asks for a text that is not required",
        ),
        (
            form(TASKS | {"columns": [{"id": "t", "name": "T", "choices": ["x"]}]}),
            ("sheets", 0, "columns", 0, "choices"),
            "`kind: choice` and `choices` go together",
        ),
        (
            form(sums=[{"total": "A-2", "parts": ["A-1", "X-1"]}]),
            ("rules", "sums", 0),
            "expected an indicator's code, found 'X-1'",
        ),
        (
            form(sums=[{"total": "A-2", "parts": ["A-1", "A-3"]}]),
            ("rules", "sums", 0),
            "A-2, A-1, A-3 share no column, so that the rule can never apply",
        ),
        (
            form(within=[{"part": "A-1", "whole": "A-3"}]),
            ("rules", "within", 0),
            "A-1, A-3 share no column, so that the rule can never apply",
        ),
        (
            form(carried=[{"opening": "A-1", "closing": "BIA-1"}]),
            ("rules", "carried", 0),
            "expected an indicator's code, found 'BIA-1'",
        ),
        (
            form(cumulative={"period": "plan", "cumulative": "total"}),
            ("rules", "cumulative", "period"),
            "expected a figure column (done, total), found 'plan'",
        ),
        (
            form(cumulative={"period": "done", "cumulative": "note"}),
            ("rules", "cumulative", "cumulative"),
            "expected a figure column (done, total), found 'note'",
        ),
    ],
)
def test_a_fault_of_a_form(made: Form, place: tuple[str | int, ...], message: str) -> None:
    found = [(tuple(where), what) for where, what in form_faults(made)]
    assert any(where == place and what.startswith(message) for where, what in found), found


AGENCIES = (agency("so-noi-vu", level="so"), agency("huyen-a"))
CODES = {"so-noi-vu", "huyen-a"}
FORMS = {"cchc-quy"}


def faults(*duties: Any, **changes: Any) -> list[tuple[tuple[str | int, ...], str]]:
    made = regime(*duties, agencies=AGENCIES, **changes)
    return [
        (tuple(place), message)
        for place, message in regime_faults(
            parts_of(made.model_dump()), made.agencies, CODES, FORMS
        )
    ]


def test_a_regime_that_fits_together_has_no_faults() -> None:
    assumption = {"id": "ky-so-lieu", "text": "Theo năm dương lịch."}
    asked = duty(assumptions=["ky-so-lieu"], through="so-noi-vu")
    yearly = duty(id="bao-cao-nam", every="year", replaces="bao-cao-quy")
    assert faults(asked, yearly, assumptions=[assumption]) == []


NO_CODE = "expected a code of agencies.csv, found 'x'"


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"recipient": "x"}, ("recipient",), NO_CODE),
        ({"through": "x"}, ("through",), NO_CODE),
        (
            {"reporters": {"agencies": ["huyen-a", "x"]}},
            ("reporters", "agencies", 1),
            NO_CODE,
        ),
        (
            {"reporters": {"levels": ["huyen"], "without": ["x"]}},
            ("reporters", "without", 0),
            NO_CODE,
        ),
        ({"form": "x"}, ("form",), "expected a form (cchc-quy), found 'x'"),
        ({"replaces": "x"}, ("replaces",), "expected another duty (there is none), found 'x'"),
        ({"assumptions": ["x"]}, ("assumptions", 0), "expected an assumption (there is none)"),
        ({"reporters": {"levels": ["tinh"]}}, ("reporters",), "no agency of agencies.csv owes"),
    ],
)
def test_a_fault_of_a_duty(
    changes: dict[str, Any], place: tuple[str | int, ...], message: str
) -> None:
    ((where, what),) = faults(duty(**changes))
    assert where == ("duties", 0, *place)
    assert what.startswith(message)


def test_what_exists_twice_is_named() -> None:
    assumption = {"id": "ky-so-lieu", "text": "Theo năm dương lịch."}
    assert faults(duty(), duty(), assumptions=[assumption] * 2, secretariat="x") == [
        (("duties", 1), "duty bao-cao-quy exists twice"),
        (("assumptions", 1), "assumption ky-so-lieu exists twice"),
        (("secretariat",), NO_CODE),
    ]


def test_nothing_is_said_against_what_could_not_be_read() -> None:
    made = regime(duty(recipient="x", form="y"), secretariat="z")
    assert list(regime_faults(parts_of(made.model_dump()), {}, None, None)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "percent", "unit": "%"},
        {"kind": "percent", "unit": "%", "aggregate": "sum"},
        {"kind": "decimal", "unit": "%"},
        {"unit": "thứ hạng"},
        {"kind": "percent", "unit": "%", "aggregate": {"so": "none", "xa": "sum"}},
    ],
)
def test_what_can_never_be_added_is_not_declared_to_be(changes: dict[str, Any]) -> None:
    rows = [AREA["rows"][0] | changes, *AREA["rows"][1:]]
    (place, message), *more = form_faults(form(AREA | {"rows": rows}))
    assert (tuple(place), more) == (("sheets", 0, "rows", 0, "aggregate"), [])
    assert "never added" in message


def ratio_of(**part: Any) -> Form:
    whole, half = AREA["rows"][0], AREA["rows"][1] | part
    share = (
        AREA["rows"][0] | RATIO | {"code": "A-9", "compute": {"part": ["A-2"], "whole": ["A-1"]}}
    )
    return form(AREA | {"rows": [whole, half, share]})


def test_parts_of_a_ratio_are_asked_of_all_of_whom_it_is_and_add_up_alike() -> None:
    assert not list(form_faults(ratio_of()))
    ((_, message),) = form_faults(ratio_of(applies={"levels": ["xa"]}))
    assert "A-2 is not asked of all of whom A-9 is" in message
    ((_, message),) = form_faults(ratio_of(aggregate={"so": "sum", "xa": "shared"}))
    assert "add up in the same way" in message


def test_a_form_says_how_it_adds_up_at_every_level_that_reports_on_it() -> None:
    rows = [AREA["rows"][0] | {"aggregate": {"so": "sum"}}]
    held = {("x", 1): form(AREA | {"rows": rows}).model_copy(update={"id": "x"})}
    agencies = (agency("so-a"), agency("xa-b", level="xa", parent="so-a"))
    both = regime(duty(form="x", reporters={"levels": ["so", "xa"]}), agencies=agencies)
    ((place, message),) = adding_faults(both, held)
    assert tuple(place) == ("duties", 0, "form")
    assert "row A-1: `aggregate` says nothing for level 'xa'" in message
