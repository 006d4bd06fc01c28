"""A list without codes keeps those of its earlier version by name, and shows what changed."""

from dataclasses import replace

from kybaocao.rules.codes import Code
from kybaocao.rules.form.form import Form
from kybaocao.rules.form.versions import Change
from tests.list_cases import GIVEN, listed

SECOND = replace(GIVEN, version=2)
TWO = ((1, None, "Hồ sơ đã giải quyết", "hồ sơ"), (2, None, "Hồ sơ quá hạn", "hồ sơ"))


def first() -> Form:
    made = listed(*TWO).form
    assert made is not None
    return made


def codes(form: Form | None) -> dict[str, str]:
    assert form is not None
    return {row.name: row.code for _, row in form.indicators()}


def test_a_row_on_top_shifts_no_code() -> None:
    old = first()
    on_top = (1, None, "Hồ sơ tiếp nhận", "hồ sơ")
    rows = [on_top, *((number + 1, *rest) for number, *rest in TWO)]
    made = listed(*rows, given=SECOND, earlier=[old])
    kept = codes(made.form)
    assert {name: kept[name] for name in codes(old)} == codes(old)
    assert kept["Hồ sơ tiếp nhận"] not in codes(old).values()
    assert [(one.change, one.now) for one in made.changes] == [(Change.ADDED, "Hồ sơ tiếp nhận")]


def test_a_written_code_with_another_name_or_unit_is_refused_at_its_cell() -> None:
    old = first()
    one, two = codes(old).values()
    swapped = listed(
        (1, two, "Hồ sơ đã giải quyết", "hồ sơ"),
        (2, one, "Hồ sơ quá hạn", "hồ sơ"),
        given=SECOND,
        earlier=[old],
    )
    assert swapped.form is None
    assert [f.cell for f in swapped.findings if f.code == Code.CODE_CHANGED] == ["C3", "C4"]
    unit = listed((1, None, TWO[0][2], "nghìn hồ sơ"), TWO[1], given=SECOND, earlier=[old])
    assert unit.form is None
    assert [f.cell for f in unit.findings if f.code == Code.CODE_CHANGED] == ["D3"]


def test_a_wording_put_right_says_what_it_was() -> None:
    old = first()
    row = (1, None, "Tổng số hồ sơ đã giải quyết", "hồ sơ", "Hồ sơ đã giải quyết")
    made = listed(row, TWO[1], more=["Tên cũ"], given=SECOND, earlier=[old])
    assert list(codes(made.form).values()) == list(codes(old).values())
    assert [one.change for one in made.changes] == [Change.RENAMED]
