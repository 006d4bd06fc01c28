"""Figures that fall short of what the decision wants by then: said, and never held against."""

from collections.abc import Iterator, Sequence

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.check.arithmetic import numeric_columns
from kybaocao.rules.check.relations import Figures, Place
from kybaocao.rules.form.form import Column, Form, Indicator, InputKind
from kybaocao.rules.form.targets import Target, due_target


def shortfalls(
    form: Form, columns: Sequence[Column], period: Period, figures: Figures
) -> Iterator[tuple[Place, str, str, str]]:
    """Yield each figure below its target in the target's year or later.

    It comes as its place, what stands there, what was expected and what to do. `figures` are
    those given and those computed.
    """
    for _, row in form.indicators():
        if not row.target or isinstance(row.target, str):
            continue
        target = due_target(row.target, period)
        column = _measured(form, row, columns, figures, target) if target else None
        if target is None or column is None:
            continue
        value = figures[row.code, column]
        if target.is_met(value):
            continue
        is_share = row.kind is InputKind.PERCENT
        yield (
            (row.code, column),
            f"{shown(round(value, 2))}{'%' if is_share else ''}",
            f"mục tiêu {target.text(is_share)}, theo {target.clause or row.source}",
            "Chưa đạt mục tiêu; số vẫn được nhận, đề nghị nêu nguyên nhân và giải pháp.",
        )


def _measured(
    form: Form, row: Indicator, columns: Sequence[Column], figures: Figures, target: Target
) -> str | None:
    """Return the column whose figure is held against a target: the year's so far, else the
    period's."""
    asked, rule = numeric_columns(row, columns), form.rules.cumulative
    if rule is None:
        wanted = [column.id for column in columns if column.required]
    elif target.each is not None and target.each.is_within_a_year:
        wanted = [rule.period]
    else:
        wanted = [rule.cumulative, rule.period]
    column = next((column for column in wanted if column in asked), None)
    return column if (row.code, column) in figures else None
