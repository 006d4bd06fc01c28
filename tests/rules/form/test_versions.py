"""A code keeps its meaning across versions; what counts is the code, and not the sheet."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.declared.declared import version_faults
from kybaocao.rules.form.form import Figure, Form
from kybaocao.rules.form.versions import Change, carried, changes, meant

ROW = {"unit": "đồng", "kind": "decimal", "columns": ["done"], "source": "khoản 1"}
CODES = ("A-1", "A-2", "B-1", "B-2")
SHEETS = ("mot", "hai", "ba")


def form(version: int, rows: dict[str, list[dict[str, Any]]]) -> Form:
    """Return a version whose sheets (by id) hold these rows; what a row leaves out is usual."""
    sheets = [
        {
            "kind": "indicators",
            "id": sheet,
            "name": f"Trang {sheet}",
            "title": sheet,
            "rows": [{**ROW, "name": f"Chỉ tiêu {row['code']}", **row} for row in held],
        }
        for sheet, held in rows.items()
        if held
    ]
    columns = [{"id": "done", "name": "Trong kỳ", "required": True}]
    return Form.model_validate(
        {"id": "mau", "version": version, "title": "Mẫu", "columns": columns, "sheets": sheets}
    )


FIRST = form(1, {"mot": [{"code": "A-1"}, {"code": "A-2"}]})


def second(**changed: Any) -> Form:
    return form(2, {"mot": [{"code": "A-1", **changed}, {"code": "A-2"}]})


MEANINGS = [
    {"name": "Chỉ tiêu khác"},
    {"unit": "triệu đồng"},
    {"kind": "integer"},
    {"aggregate": "max"},
    {"aggregate": {"so": "sum", "xa": "shared"}},
]
DECLARED = [
    {"name": "Chỉ tiêu A-1"},
    {"unit": "đồng", "factor": 0.000001},
    {"kind": "decimal"},
    {"aggregate": "sum"},
    {"aggregate": "sum"},
]


@pytest.mark.parametrize("changed", MEANINGS)
def test_a_kept_code_with_another_meaning_never_loads(changed: dict[str, Any]) -> None:
    ((place, message),) = version_faults([FIRST], second(**changed))
    assert tuple(place) == ("sheets", 0, "rows", 0)
    assert "version 1 had" in message and "A-1" in message


@pytest.mark.parametrize(("changed", "was"), list(zip(MEANINGS, DECLARED, strict=True)))
def test_what_it_was_may_be_declared(changed: dict[str, Any], was: dict[str, Any]) -> None:
    assert not list(version_faults([FIRST], second(**changed, was=was)))


def test_a_declaration_of_what_it_never_was_is_refused() -> None:
    was = {"unit": "nghìn đồng", "factor": 0.001}
    assert list(version_faults([FIRST], second(unit="triệu đồng", was=was)))


def test_case_and_place_of_tones_are_no_other_name() -> None:
    old = form(1, {"mot": [{"code": "A-1", "name": "Hoà giải  cơ sở"}]})
    new = form(2, {"mot": [{"code": "A-1", "name": "Hòa giải cơ sở"}]})
    assert not changes(meant([old]), new)


def test_two_codes_that_swap_their_names_are_both_refused() -> None:
    names = {"A-1": "Chỉ tiêu A-2", "A-2": "Chỉ tiêu A-1"}
    swapped = form(2, {"mot": [{"code": code, "name": name} for code, name in names.items()]})
    assert len(list(version_faults([FIRST], swapped))) == 2


def test_a_code_that_was_gone_comes_back_as_what_it_was() -> None:
    without = form(2, {"mot": [{"code": "A-2"}]})
    back = form(3, {"mot": [{"code": "A-1", "name": "Việc khác"}, {"code": "A-2"}]})
    assert list(version_faults([FIRST, without], back))


def test_what_was_added_gone_and_moved_is_shown_and_loads() -> None:
    new = form(2, {"mot": [{"code": "B-1"}], "hai": [{"code": "A-1"}]})
    found = {(one.change, one.code) for one in changes(meant([FIRST]), new)}
    assert found == {(Change.ADDED, "B-1"), (Change.MOVED, "A-1"), (Change.GONE, "A-2")}
    assert not list(version_faults([FIRST], new))


def figure(code: str, value: float | None, sheet: str = "mot") -> Figure:
    return Figure(sheet, code, "done", value, "D8")


def test_a_figure_is_converted_by_the_declared_factor_and_says_so() -> None:
    new = second(unit="triệu đồng", was={"unit": "đồng", "factor": 0.000001})
    found = carried([FIRST, new], [figure("A-1", 1234567), figure("A-2", None)])
    assert [f.value for f in found.figures] == [1.234567, None]
    assert found.figures[0].cell == "D8 × 0.000001"


def test_factors_of_several_versions_are_multiplied() -> None:
    middle = second(unit="nghìn đồng", was={"unit": "đồng", "factor": 0.001})
    last = form(3, {"hai": [{"code": "A-1", "unit": "tỷ đồng"}]})
    tree = last.model_dump()
    tree["sheets"][0]["rows"][0]["was"] = {"unit": "nghìn đồng", "factor": 0.000001}
    last = Form.model_validate(tree)
    (moved,) = carried([FIRST, middle, last], [figure("A-1", 2_500_000_000)]).figures
    assert (moved.value, moved.sheet) == (2.5, "hai")
    assert moved.cell.startswith("Trang mot!D8")


def test_what_nothing_converts_is_told_apart() -> None:
    new = second(unit="hồ sơ", was={"unit": "đồng"})
    found = carried([FIRST, new], [figure("A-1", 5), figure("A-2", 6)])
    assert [f.row for f in found.figures] == ["A-2"]
    assert [f.row for f in found.apart] == ["A-1"]


@st.composite
def versions(draw: st.DrawFn) -> list[Form]:
    """Several versions: codes come, go and move between sheets, units change by a factor."""
    units = {"đồng": Decimal(1), "nghìn đồng": Decimal(1000), "triệu đồng": Decimal(1_000_000)}
    made: list[Form] = []
    last: dict[str, str] = {}
    for version in range(1, draw(st.integers(2, 4)) + 1):
        rows: dict[str, list[dict[str, Any]]] = {sheet: [] for sheet in SHEETS}
        for code in draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True)):
            unit = draw(st.sampled_from(sorted(units)))
            was = {}
            if last.get(code, unit) != unit:
                factor = float(units[last[code]] / units[unit])
                was = {"was": {"unit": last[code], "factor": factor}}
            last[code] = unit
            rows[draw(st.sampled_from(SHEETS))].append({"code": code, "unit": unit, **was})
        made.append(form(version, rows))
    return made


@given(versions(), st.integers(0, 10**9))
def test_adding_up_honours_the_code_whatever_became_of_its_sheet_and_unit(
    made: list[Form], value: int
) -> None:
    units = {"đồng": Decimal(1), "nghìn đồng": Decimal(1000), "triệu đồng": Decimal(1_000_000)}
    for n, known in enumerate(made):
        assert not list(version_faults(made[:n], known))
    sent = [figure(row.code, value, sheet.id) for sheet, row in made[0].indicators()]
    before = {row.code: row.unit for _, row in made[0].indicators()}
    now = {row.code: (sheet.id, row.unit) for sheet, row in made[-1].indicators()}
    found = carried(made, sent)
    assert not found.apart
    for one in found.figures:
        if one.row in now:
            sheet, unit = now[one.row]
            assert one.sheet == sheet
            assert isinstance(one.value, int | float)
            money = Decimal(repr(one.value)) * units[unit]
            assert money == pytest.approx(value * units[before[one.row]], rel=Decimal("1e-15"))
    assert set(found.lacks) == set(now) - set(before)
