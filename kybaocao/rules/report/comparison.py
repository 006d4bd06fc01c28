"""A report's figures beside those of the period before and of a year ago."""

from collections.abc import Mapping
from dataclasses import dataclass

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.check.history import Before, reports_before
from kybaocao.rules.check.relations import Place
from kybaocao.rules.form.form import Form, Indicator
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.report.preview import figure_words

NOTHING = "–"


@dataclass(frozen=True)
class Compared:
    """One figure: what it is, and as text its value now, the period before, and a year ago.

    `change` is the difference to the period before, with its sign; empty where there is none.
    """

    code: str
    name: str
    column: str
    unit: str
    now: str
    before: str
    year_ago: str
    change: str


@dataclass(frozen=True)
class ComparedSheet:
    """A sheet's figures that were given now or before."""

    title: str
    rows: tuple[Compared, ...]


def earlier(regime: Regime, duty: Duty, period: Period) -> tuple[Before | None, Before | None]:
    """Return the report of the period before, and that of the same period a year ago.

    The one before may be another duty's, as a half-year's. For a yearly report both are the
    same, and only the first is given; where nothing recurs there are none.
    """
    if not period.frequency.recurs:
        return None, None
    before = next((one for one in reports_before(regime, duty, period) if one.is_adjacent), None)
    year_ago = Before(duty, Period(period.year - 1, period.frequency, period.index), False)
    is_same = before is not None and before.period == year_ago.period
    return before, None if is_same else year_ago


def compared(
    form: Form,
    frequency: Frequency,
    now: Mapping[Place, float],
    before: Mapping[Place, float],
    year_ago: Mapping[Place, float],
) -> list[ComparedSheet]:
    """Return the figures by sheet, in the form's order; what nobody ever gave is left out."""
    columns = [c for c in form.columns_for(frequency) if not c.text]
    sheets = []
    for sheet in form.indicator_sheets:
        rows = []
        for row in sheet.rows:
            for column in columns:
                place = (row.code, column.id)
                if column.id not in row.columns or not (place in now or place in before):
                    continue
                rows.append(
                    Compared(
                        row.code,
                        row.name,
                        column.name,
                        row.unit,
                        _text(row, place, now),
                        _text(row, place, before),
                        _text(row, place, year_ago),
                        _change(row, place, now, before),
                    )
                )
        if rows:
            sheets.append(ComparedSheet(sheet.title, tuple(rows)))
    return sheets


def _text(row: Indicator, place: Place, figures: Mapping[Place, float]) -> str:
    return figure_words(figures[place], row.kind) if place in figures else NOTHING


def _change(
    row: Indicator, place: Place, now: Mapping[Place, float], before: Mapping[Place, float]
) -> str:
    if place not in now or place not in before:
        return ""
    # Sums of decimal fractions differ in digits that nobody gave.
    change = round(now[place] - before[place], 2)
    return f"{'+' if change > 0 else '−'}{figure_words(abs(change), row.kind)}" if change else ""
