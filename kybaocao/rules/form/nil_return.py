"""A nil return: a report that says that nothing happened, which is not a blank one."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.form.form import Column, Entry, EntrySheet, Figure, Form, Indicator, InputKind
from kybaocao.rules.form.headers import NOT_APPLICABLE

NOTHING = "Không phát sinh trong kỳ báo cáo."
# What a form of figures covers; others cover a plan, which is there or not, and never nil.
FIGURES = Form.model_fields["covers"].default


def is_nil(form: Form, figures: Iterable[Figure]) -> bool:
    """Return if a report's figures say that nothing happened in the period.

    Every figure of the period that the sender filled in is 0 or not applicable, and at least
    one is 0. Cumulative figures, plans, and what the form computes do not count; a report in
    which nothing applies is no nil return, nor is a form without figures.
    """
    rule = form.rules.cumulative
    counted = {rule.period} if rule else {c.id for c in form.columns if c.required and not c.text}
    asked = {row.code for _, row in form.indicators() if row.compute is None}
    values = [f.value for f in figures if f.column in counted and f.row in asked]
    return any(v is not None for v in values) and not any(values)


def allows_nil(form: Form, frequency: Frequency) -> bool:
    """Return if a report on this form (of an agency) can say that nothing happened.

    It covers figures of a period, 0 is allowed in all that must be filled, in one at least, and
    no figure needs words beside it.
    """
    asked = list(_asked(form, frequency))
    return (
        form.covers == FIGURES
        and not any(c.required and c.text for c in form.columns_for(frequency))
        and any(row.kind is not InputKind.PERCENT for row, _ in asked)
        and all(row.minimum is None or row.minimum <= 0 for row, _ in asked)
    )


def entries_to_ask(form: Form) -> list[Entry]:
    """Return what a nil return must still be told: the short entries, as of the cover."""
    return [
        entry
        for sheet in form.sheets
        if isinstance(sheet, EntrySheet)
        for entry in sheet.rows
        if not entry.long and entry.code != form.reason_row
    ]


def nil_inputs(
    form: Form,
    frequency: Frequency,
    said: Mapping[str, float | str | date],
    so_far: Mapping[str, float],
) -> dict[tuple[str, str], float | str | date]:
    """Return what a nil return fills in, by (row code, column id; "" for an entry).

    Figures are 0, and percentages, which are of nothing, not applicable; texts that must be
    given say that nothing happened. `said` answers entries, by row code, and `so_far` gives the
    figures of the year before this period, which a cumulative column repeats.
    """
    rule = form.rules.cumulative
    found: dict[tuple[str, str], float | str | date] = {}
    for row, column in _asked(form, frequency):
        is_so_far = rule is not None and column.id == rule.cumulative
        nothing: float | str = NOT_APPLICABLE if row.kind is InputKind.PERCENT else 0
        found[row.code, column.id] = so_far.get(row.code, nothing) if is_so_far else nothing
    for sheet in form.sheets:
        for entry in sheet.rows if isinstance(sheet, EntrySheet) else ():
            if entry.code in said:
                found[entry.code, ""] = said[entry.code]
            elif entry.required and entry.long:
                found[entry.code, ""] = NOTHING
    return found


def _asked(form: Form, frequency: Frequency) -> Iterator[tuple[Indicator, Column]]:
    """Yield the figures that must be filled in for a period of that length."""
    columns = [c for c in form.columns_for(frequency) if c.required and not c.text]
    for _, row in form.indicators():
        if row.compute is None:
            yield from ((row, column) for column in columns if column.id in row.columns)
