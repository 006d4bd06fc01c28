"""A period's figures held against what the agency itself gave before: jumps and unit slips."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.check.relations import Place
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Figure, Form, InputKind
from kybaocao.rules.form.form_rules import JumpRule

# How many earlier periods of the same length are looked at.
LOOK_BACK = 4
# A figure so many times too large or too small was likely typed in another unit.
_SLIPS = {1_000: "nghìn", 1_000_000: "triệu"}


@dataclass(frozen=True)
class Past:
    """What the agency itself gave for an earlier period of the same length."""

    period: Period
    numbers: Mapping[Place, float]


def comparable(period: Period) -> list[Period]:
    """Return the earlier periods with whose figures those of `period` compare, latest first.

    They have the same length; the same period of last year is always among them.
    """
    if not period.frequency.recurs:
        return []
    found = [period.previous()]
    for _ in range(1, LOOK_BACK):
        found.append(found[-1].previous())
    return [past for past in found if past.year >= period.year - 1]


def jumps(
    form: Form,
    period: Period,
    figures: Iterable[Figure],
    past: Sequence[Past],
    sheets: Mapping[str, str],
) -> dict[Place, Finding | None]:
    """Return the figures far from all that the agency gave before, each with its warning.

    Only where there are two earlier figures, or that of the same period of last year. A total
    that is far has no warning of its own where one of its parts is far too. `sheets` names the
    sheets as they stand in the file.
    """
    far: dict[Place, Finding | None] = dict(_far_ones(form, period, figures, past, sheets))
    totals = {
        (rule.total, column)
        for rule in form.rules.sums
        for code, column in far
        if code in rule.parts
    }
    return {place: None if place in totals else finding for place, finding in far.items()}


def _far_ones(
    form: Form,
    period: Period,
    figures: Iterable[Figure],
    past: Sequence[Past],
    sheets: Mapping[str, str],
) -> Iterator[tuple[Place, Finding]]:
    rule = form.rules.jump
    if rule is None:
        return
    rows = {row.code: row for _, row in form.indicators()}
    columns = _compared_columns(form, period)
    for figure in figures:
        row, value = rows.get(figure.row), figure.value
        if (
            row is None
            or row.kind is InputKind.PERCENT
            or row.compute
            or figure.column not in columns
        ):
            continue
        if not isinstance(value, float | int):
            continue
        place = (figure.row, figure.column)
        known = [(p.period, p.numbers[place]) for p in past if place in p.numbers]
        last_year = any(_is_year_before(p, period) for p, _ in known)
        if len(known) < 2 and not last_year:
            continue
        if (found := _far(rule, value, [number for _, number in known])) is None:
            continue
        yield place, _finding(figure, value, known, found, row.unit, sheets[figure.sheet])


def _compared_columns(form: Form, period: Period) -> set[str]:
    shown_columns = form.columns_for(period.frequency)
    if form.rules.cumulative is not None:
        return {form.rules.cumulative.period}
    return {c.id for c in shown_columns if c.required and not c.text}


def _is_year_before(past: Period, period: Period) -> bool:
    return (past.year, past.index) == (period.year - 1, period.index)


def _far(rule: JumpRule, value: float, before: Sequence[float]) -> float | None:
    """Return how many times `value` is above all of `before` (over 1) or below (under 1).

    None if it is not far. A first figure after nothing but zeros compares with nothing.
    """
    low, high = min(before), max(before)
    if high > 0 and value > rule.factor * high and value >= rule.minimum:
        return value / high
    if low >= rule.minimum and value * rule.factor < low:
        return value / low
    return None


def _finding(
    figure: Figure,
    value: float,
    known: Sequence[tuple[Period, float]],
    times: float,
    unit: str,
    sheet: str,
) -> Finding:
    told = "; ".join(f"{period.label}: {shown(number)}" for period, number in known)
    slip = next((word for size, word in _SLIPS.items() if _is_about(times, size)), None)
    code, action = Code.LARGE_JUMP, "Kiểm tra lại; nếu đúng thì giải thích ở cột Ghi chú."
    if slip is not None:
        code = Code.UNIT_SLIP
        action = (
            f"Kiểm tra đơn vị tính: số lệch khoảng một {slip} lần, biểu mẫu tính bằng {unit}; "
            "nếu đúng thì giải thích ở cột Ghi chú."
        )
    expected = f"gần với số các kỳ trước của đơn vị ({told})"
    return code.finding(sheet, figure.cell, shown(value), expected, action)


def _is_about(times: float, size: float) -> bool:
    """Return if one is some `size` times the other, give or take a factor of three."""
    larger = times if times >= 1 else 1 / times if times else 0
    return size / 3 <= larger <= size * 3
