"""A report held against the one before it: cumulative figures go on, open files carry over."""

from collections.abc import Iterable, Iterator, Mapping

from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form import Figure, Form
from kybaocao.rules.numbers import shown
from kybaocao.rules.period import Period

TOLERANCE = 0.011


def against_last(
    form: Form, period: Period, figures: Iterable[Figure], last: Iterable[Figure]
) -> Iterator[Finding]:
    """Yield a warning for each figure that does not fit those accepted for the last period.

    They are warnings, since the earlier figure may be the wrong one.
    """
    now, before = _by_place(figures), _numbers(last)
    names = {sheet.id: sheet.name for sheet in form.sheets}
    for rule in form.rules.carried:
        for code, column in now:
            closing = before.get((rule.closing, column))
            if code == rule.opening and closing is not None:
                expected = f"{rule.closing} của kỳ trước: {shown(closing)}"
                yield from _unless_equal("not-carried", now[code, column], closing, expected, names)
    rule_of_year = form.rules.cumulative
    if rule_of_year is None or period.is_first_of_year:
        return
    computed = {row.code for _, row in form.indicators() if row.compute is not None}
    for (code, column), figure in now.items():
        so_far = before.get((code, rule_of_year.cumulative))
        done = now.get((code, rule_of_year.period))
        if column != rule_of_year.cumulative or so_far is None or done is None:
            continue
        if isinstance(done.value, float | int) and code not in computed:
            total = so_far + done.value
            words = f"lũy kế kỳ trước {shown(so_far)} cộng kỳ này {shown(done.value)}"
            expected = f"{words} bằng {shown(total)}"
            yield from _unless_equal("cumulative-gap", figure, total, expected, names)


def _unless_equal(
    code: str, figure: Figure, awaited: float, expected: str, names: Mapping[str, str]
) -> Iterator[Finding]:
    value = figure.value
    if not isinstance(value, float | int) or abs(value - awaited) <= TOLERANCE:
        return
    action = "Kiểm tra lại; nếu số kỳ trước sai thì giải thích ở cột Ghi chú."
    sheet = names[figure.sheet]
    yield Finding(code, Severity.WARNING, sheet, figure.cell, shown(value), expected, action)


def _by_place(figures: Iterable[Figure]) -> dict[tuple[str, str], Figure]:
    return {(f.row, f.column): f for f in figures if f.column}


def _numbers(figures: Iterable[Figure]) -> dict[tuple[str, str], float]:
    return {
        (f.row, f.column): f.value for f in figures if f.column and isinstance(f.value, float | int)
    }
