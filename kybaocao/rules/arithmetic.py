"""The sums of a filled form: parts and totals, cumulative figures, computed percentages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kybaocao.rules.finding import Severity
from kybaocao.rules.form import Column, Form, Indicator, Kind
from kybaocao.rules.numbers import shown

# Sums of figures with decimals differ by the last bits of a float, and by no more.
TOLERANCE = 1e-6

Place = tuple[str, str]
Figures = Mapping[Place, int | float]


@dataclass(frozen=True)
class Mismatch:
    """A figure that breaks a rule, at (row code, column id)."""

    code: str
    severity: Severity
    at: Place
    value: str
    expected: str
    action: str


def numeric_columns(indicator: Indicator, columns: Sequence[Column]) -> list[str]:
    """Return the ids of the shown columns in which a row asks for a number, in order."""
    return [c.id for c in columns if c.id in indicator.columns and not c.text]


def _equal(a: float, b: float) -> bool:
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def _listed(codes: Sequence[str]) -> str:
    return f"{', '.join(codes[:-1])} và {codes[-1]}" if len(codes) > 1 else codes[0]


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{code} “{names[code]}”" if code in names else code


def sum_mismatches(form: Form, columns: Sequence[Column], figures: Figures) -> Iterator[Mismatch]:
    """Yield the totals that their parts do not add up to, where all of them are numbers."""
    names = {row.code: row.name for _, row in form.indicators()}
    for rule in form.rules.sums:
        for column in columns:
            total = figures.get((rule.total, column.id))
            parts = [figures.get((part, column.id)) for part in rule.parts]
            known = [part for part in parts if part is not None]
            if total is None or len(known) < len(parts) or _equal(total, sum(known)):
                continue
            yield Mismatch(
                "sum-mismatch",
                rule.severity,
                (rule.total, column.id),
                f"{shown(total)}; cộng các phần được {shown(sum(known))}",
                f"{_named(rule.total, names)} bằng tổng của {_listed(rule.parts)}",
                f"Kiểm tra lại {_listed((rule.total, *rule.parts))}, sửa cho khớp nhau.",
            )


def parts_above_whole(
    form: Form, columns: Sequence[Column], figures: Figures
) -> Iterator[Mismatch]:
    """Yield the parts that exceed their whole, where both are numbers."""
    names = {row.code: row.name for _, row in form.indicators()}
    for rule in form.rules.within:
        for column in columns:
            part, whole = (figures.get((code, column.id)) for code in (rule.part, rule.whole))
            if part is None or whole is None or part <= whole or _equal(part, whole):
                continue
            yield Mismatch(
                "part-above-whole",
                rule.severity,
                (rule.part, column.id),
                shown(part),
                f"{rule.part} không lớn hơn {_named(rule.whole, names)} ({shown(whole)})",
                f"Kiểm tra lại {rule.part} và {rule.whole}, sửa cho đúng.",
            )


def cumulative_faults(
    form: Form, columns: Sequence[Column], first_of_year: bool, figures: Figures
) -> Iterator[Mismatch]:
    """Yield the cumulative figures below the period's, or unequal to it in the first period.

    A percentage of the year so far may be below that of the period, so percentages are only
    held to be equal in the first period.
    """
    rule = form.rules.cumulative
    names = {column.id: column.name for column in columns}
    if rule is None or not {rule.period, rule.cumulative} <= names.keys():
        return
    for _, row in form.indicators():
        period = figures.get((row.code, rule.period))
        cumulative = figures.get((row.code, rule.cumulative))
        if period is None or cumulative is None or _equal(period, cumulative):
            continue
        at, figure = (row.code, rule.cumulative), f"“{names[rule.period]}” ({shown(period)})"
        if first_of_year:
            yield Mismatch(
                "cumulative-first-period",
                rule.severity,
                at,
                shown(cumulative),
                f"bằng {figure}, vì đây là kỳ đầu năm",
                "Sửa một trong hai ô cho bằng nhau.",
            )
        elif cumulative < period and row.kind is not Kind.PERCENT:
            yield Mismatch(
                "cumulative-below-period",
                rule.severity,
                at,
                shown(cumulative),
                f"không nhỏ hơn {figure}",
                "Cộng cả số của các kỳ trước trong năm vào số lũy kế.",
            )


def computed(form: Form, columns: Sequence[Column], figures: Figures) -> dict[Place, float]:
    """Return the computed percentages whose parts are all numbers and whose whole is not 0."""
    found: dict[Place, float] = {}
    for _, row in form.indicators():
        if row.compute is None:
            continue
        for column in numeric_columns(row, columns):
            part = _total(row.compute.part, column, figures)
            whole = _total(row.compute.whole, column, figures)
            if part is not None and whole:
                found[row.code, column] = 100 * part / whole
    return found


def _total(codes: Sequence[str], column: str, figures: Figures) -> float | None:
    values = [figures.get((code, column)) for code in codes]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
