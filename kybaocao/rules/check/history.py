"""A report held against those before it: cumulative figures go on, open files carry over."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.calendar.workdays import ONE_DAY
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.obligation import is_replaced, owed_periods
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Aggregation, Figure, Form
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime

TOLERANCE = 0.011

Place = tuple[str, str]


@dataclass(frozen=True)
class Before:
    """An earlier report of the calendar; `is_adjacent` if its data end the day before."""

    duty: Duty
    period: Period
    is_adjacent: bool


@dataclass(frozen=True)
class Earlier:
    """What was accepted for an earlier period, by (row code, column id).

    `whose` names the agencies whose figures are added up, where they are not the sender's own.
    """

    period: Period
    numbers: Mapping[Place, float]
    is_adjacent: bool
    whose: str = ""


def reports_before(regime: Regime, duty: Duty, period: Period) -> list[Before]:
    """Return the reports that this one goes on from, of this duty or those that it follows.

    They are the one whose data end the day before these begin, and the year's latest before
    this one; often one report is both.
    """
    window = period.window(duty.window) if duty.window and period.frequency.recurs else None
    if window is None:
        return []
    adjacent: list[Before] = []
    of_year: list[tuple[Before, int]] = []
    for other in (duty, *(regime.duty(code) for code in duty.follows)):
        for past in owed_periods(other, period.year - 1, period.year):
            if other.window is None or is_replaced(regime, other, past):
                continue
            last = past.window(other.window).last
            found = Before(other, past, last + ONE_DAY == window.first)
            if found.is_adjacent:
                adjacent.append(found)
            if past.year == period.year and last < window.last:
                of_year.append((found, last.toordinal()))
    # The first of equals is that of the duty itself.
    latest = max(of_year, key=lambda one: one[1], default=None)
    both = [*adjacent[:1], *([latest[0]] if latest else [])]
    return [one for n, one in enumerate(both) if one not in both[:n]]


def together(form: Form, reports: Sequence[Iterable[Figure]]) -> dict[Place, float]:
    """Return the figures of several agencies' reports as those of one, by (row, column).

    Sums are added up and maxima taken over those who gave one; what does not add up over
    agencies, and what the form computes, is left out.
    """
    combined: dict[Place, list[float]] = {}
    kinds = {row.code: row.aggregate for _, row in form.indicators()}
    for figures in reports:
        for place, value in own_numbers(figures).items():
            combined.setdefault(place, []).append(value)
    found: dict[Place, float] = {}
    for (row, column), values in combined.items():
        if kinds.get(row) is Aggregation.SUM:
            found[row, column] = sum(values)
        elif kinds.get(row) in (Aggregation.MAX, Aggregation.SHARED):
            found[row, column] = max(values)
    return found


def against_last(
    form: Form,
    period: Period,
    figures: Iterable[Figure],
    earlier: Iterable[Earlier],
    sheets: Mapping[str, str] | None = None,
    doubtful: Collection[Place] = (),
) -> Iterator[Finding]:
    """Yield a warning for each figure that does not fit those accepted before.

    They are warnings, since the earlier figure may be the wrong one. `sheets` names the sheets
    as they stand in the file, if not as the form names them. Figures at `doubtful` places have
    a finding already, so that nothing is held against them.
    """
    now = {(f.row, f.column): f for f in figures if f.column}
    now = {place: figure for place, figure in now.items() if place not in doubtful}
    names = {sheet.id: sheet.name for sheet in form.sheets} | dict(sheets or {})
    silent = {row for row, _ in doubtful}
    for one in earlier:
        if one.is_adjacent:
            yield from _not_carried(form, now, one, names)
        if one.period.year == period.year:
            rows = {place: now[place] for place in now if place[0] not in silent}
            yield from _against_year(form, period, rows, one, names)


def _not_carried(
    form: Form, now: Mapping[Place, Figure], one: Earlier, names: Mapping[str, str]
) -> Iterator[Finding]:
    for rule in form.rules.carried:
        for (code, column), figure in now.items():
            closing = one.numbers.get((rule.closing, column))
            value = figure.value
            if code != rule.opening or closing is None or not isinstance(value, float | int):
                continue
            if abs(value - closing) > TOLERANCE:
                expected = f"{rule.closing} của kỳ trước{_of(one)}: {shown(closing)}"
                yield _finding(Code.NOT_CARRIED, figure, names, expected)


def _against_year(
    form: Form, period: Period, now: Mapping[Place, Figure], one: Earlier, names: Mapping[str, str]
) -> Iterator[Finding]:
    """Hold the year so far against an earlier report of the year, in rows that add up.

    The cumulative column says it where a report has one. Without it, the period's own figure
    does, if the period begins with the year.
    """
    rule = form.rules.cumulative
    here, there = (_so_far_column(form, p) for p in (period, one.period))
    if rule is None or here is None or there is None:
        return
    adds_up = one.is_adjacent and here == rule.cumulative
    for _, row in form.indicators():
        figure, before = now.get((row.code, here)), one.numbers.get((row.code, there))
        done = now.get((row.code, rule.period))
        if rule.cumulative not in row.columns or row.aggregate is not Aggregation.SUM:
            continue
        if figure is None or before is None or not isinstance(figure.value, float | int):
            continue
        if adds_up and done is not None and isinstance(done.value, float | int):
            total = before + done.value
            words = f"lũy kế kỳ trước{_of(one)} {shown(before)} cộng kỳ này {shown(done.value)}"
            if abs(figure.value - total) > TOLERANCE:
                expected = f"{words} bằng {shown(total)}"
                yield _finding(Code.CUMULATIVE_GAP, figure, names, expected)
        elif figure.value < before - TOLERANCE:
            expected = f"không nhỏ hơn số từ đầu năm của {one.period.label}{_of(one)}"
            yield _finding(Code.CUMULATIVE_FELL, figure, names, f"{expected}: {shown(before)}")


def _so_far_column(form: Form, period: Period) -> str | None:
    rule = form.rules.cumulative
    if rule is None:
        return None
    if any(c.id == rule.cumulative for c in form.columns_for(period.frequency)):
        return rule.cumulative
    return rule.period if period.is_first_of_year else None


def _of(one: Earlier) -> str:
    return f" ({one.whose})" if one.whose else ""


def _finding(code: Code, figure: Figure, names: Mapping[str, str], expected: str) -> Finding:
    value = shown(figure.value) if isinstance(figure.value, float | int) else ""
    action = "Kiểm tra lại; nếu số kỳ trước sai thì giải thích ở cột Ghi chú."
    sheet = names[figure.sheet]
    return code.finding(sheet, figure.cell, value, expected, action)


def split_figures(agencies: Mapping[str, Agency], moves: Sequence[Succession]) -> Finding:
    """Return the warning that a part of an agency's work moved, so that nothing compares."""
    told = "; ".join(
        f"từ {official_day(move.day)}, {agencies[move.predecessor].name} chuyển cho "
        f"{agencies[move.successor].name}: {move.scope}"
        for move in moves
    )
    return Code.SPLIT_FIGURES.finding(
        "",
        "",
        "",
        f"số liệu tách, nhập theo phần việc đã chuyển và nêu rõ cách tách ({told})",
        "Nêu ở cột Ghi chú cách tách số liệu; số kỳ trước không được tự tách nên không so sánh.",
    )


def own_numbers(figures: Iterable[Figure]) -> dict[Place, float]:
    """Return the figures of one report that are numbers, by (row, column)."""
    return {
        (f.row, f.column): f.value for f in figures if f.column and isinstance(f.value, float | int)
    }
