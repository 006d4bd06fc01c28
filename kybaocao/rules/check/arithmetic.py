"""The sums of a filled form: parts and totals, cumulative figures, percentages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.cells.percentages import Given
from kybaocao.rules.check.cascade import Mismatch, causes
from kybaocao.rules.check.relations import (
    Equal,
    Figures,
    NotAbove,
    Place,
    Relation,
    Share,
    Sum,
    adds_up,
    equal,
    percentage,
)
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Severity
from kybaocao.rules.form.form import Column, Form, Indicator, InputKind
from kybaocao.rules.form.form_rules import CumulativeRule, RatioRule, SumRule, WithinRule

Rule = SumRule | WithinRule | CumulativeRule | RatioRule


def numeric_columns(indicator: Indicator, columns: Sequence[Column]) -> list[str]:
    """Return the ids of the shown columns in which a row asks for a number, in order."""
    return [c.id for c in columns if c.id in indicator.columns and not c.text]


def from_then_on(severity: Severity, until: date | None, day: date | None) -> tuple[Severity, str]:
    """Return how severe a rule is on `day`, and the sentence that says from when it blocks.

    Without a day, every rule is in force.
    """
    if until is None or day is None or day >= until or severity is not Severity.BLOCKING:
        return severity, ""
    words = f" Từ ngày {official_day(until)}, báo cáo còn lỗi này sẽ bị trả lại."
    return Severity.WARNING, words


def mismatches(
    form: Form,
    columns: Sequence[Column],
    first_of_year: bool,
    figures: Figures,
    given: Mapping[Place, Given],
    day: date | None = None,
) -> list[Mismatch]:
    """Return what breaks the form's rules, once for each figure that may be wrong.

    `given` holds the percentages that the file gives in place of those that it computes.
    """
    check = _Check(form, columns, first_of_year, figures, day)
    found = [*check.parts(), *check.sums(), *check.shares(given), *check.cumulative()]
    return causes(found, check.relations, figures)


def computed(form: Form, columns: Sequence[Column], figures: Figures) -> dict[Place, float]:
    """Return the computed percentages whose parts are all numbers and whose whole is not 0."""
    found: dict[Place, float] = {}
    for _, row in form.indicators():
        if row.compute is None:
            continue
        for column in numeric_columns(row, columns):
            value = percentage(row.compute, column, figures)
            if value is not None:
                found[row.code, column] = value
    return found


def computed_from(form: Form, places: Collection[Place]) -> set[Place]:
    """Return the computed percentages of which one of these figures is a part."""
    return {
        (row.code, column)
        for _, row in form.indicators()
        if row.compute is not None
        for code, column in places
        if code in (*row.compute.part, *row.compute.whole)
    }


def _listed(codes: Sequence[str]) -> str:
    return f"{', '.join(codes[:-1])} và {codes[-1]}" if len(codes) > 1 else codes[0]


@dataclass(frozen=True)
class _Check:
    form: Form
    columns: Sequence[Column]
    first_of_year: bool
    figures: Figures
    day: date | None

    def sums(self) -> Iterator[Mismatch]:
        """Yield the totals that their parts do not add up to, where all of them are numbers."""
        figures, ids = self.figures, [column.id for column in self.columns]
        for rule in self.form.rules.sums:
            for column in ids:
                total = figures.get((rule.total, column))
                if total is None:
                    continue
                known = [v for code in rule.parts if (v := figures.get((code, column))) is not None]
                if len(known) < len(rule.parts) or adds_up(total, known):
                    continue
                yield self._mismatch(
                    rule,
                    Code.SUM_MISMATCH,
                    (rule.total, column),
                    f"{shown(total)}; cộng các phần được {shown(sum(known))}",
                    f"{self._named(rule.total)} bằng tổng của {_listed(rule.parts)}",
                    f"Kiểm tra lại {_listed((rule.total, *rule.parts))}, sửa cho khớp nhau.",
                    Sum(tuple((code, column) for code in (rule.total, *rule.parts))),
                )

    def shares(self, given: Mapping[Place, Given]) -> Iterator[Mismatch]:
        """Yield the percentages that the file gives and its parts do not make."""
        if not given:
            return
        rule, rows = self.form.rules.ratio, {row.code: row for _, row in self.form.indicators()}
        for (code, column), stands in given.items():
            compute = rows[code].compute
            exact = percentage(compute, column, self.figures) if compute else None
            if compute is None or exact is None or stands.agrees(exact, rule.tolerance):
                continue
            part, whole = (" + ".join(codes) for codes in (compute.part, compute.whole))
            codes = list(dict.fromkeys((*compute.part, *compute.whole)))
            yield self._mismatch(
                rule,
                Code.RATIO_MISMATCH,
                (code, column),
                shown(stands.readings[-1]),
                f"{shown(round(exact, 2))}%, là tỷ lệ của {part} trên {whole} "
                f"(cho phép lệch {shown(rule.tolerance)} điểm phần trăm do làm tròn)",
                f"Kiểm tra lại {_listed(codes)}; nếu đúng thì xóa tỷ lệ tự ghi, "
                "biểu mẫu tự tính ô này.",
                Share(compute, column, stands, rule.tolerance),
            )

    def parts(self) -> Iterator[Mismatch]:
        """Yield the parts that exceed their whole, where both are numbers."""
        figures, ids = self.figures, [column.id for column in self.columns]
        for rule in self.form.rules.within:
            for column in ids:
                part = figures.get((rule.part, column))
                if part is None:
                    continue
                whole = figures.get((rule.whole, column))
                if whole is None or part <= whole or equal(part, whole):
                    continue
                yield self._mismatch(
                    rule,
                    Code.PART_ABOVE_WHOLE,
                    (rule.part, column),
                    shown(part),
                    f"{rule.part} không lớn hơn {self._named(rule.whole)} ({shown(whole)})",
                    f"Kiểm tra lại {rule.part} và {rule.whole}, sửa cho đúng.",
                    NotAbove((rule.part, column), (rule.whole, column)),
                )

    def cumulative(self) -> Iterator[Mismatch]:
        """Yield the cumulative figures below the period's, or unequal to it in the first period.

        A percentage of the year so far may be below that of the period, so percentages are only
        held to be equal in the first period.
        """
        rule = self.form.rules.cumulative
        names = {column.id: column.name for column in self.columns}
        if rule is None or not {rule.period, rule.cumulative} <= names.keys():
            return
        for _, row in self.form.indicators():
            period = self.figures.get((row.code, rule.period))
            cumulative = self.figures.get((row.code, rule.cumulative))
            if period is None or cumulative is None or equal(period, cumulative):
                continue
            at, figure = (row.code, rule.cumulative), f"“{names[rule.period]}” ({shown(period)})"
            if self.first_of_year:
                yield self._mismatch(
                    rule,
                    Code.CUMULATIVE_FIRST_PERIOD,
                    at,
                    shown(cumulative),
                    f"bằng {figure}, vì đây là kỳ đầu năm",
                    "Sửa một trong hai ô cho bằng nhau.",
                    Equal((row.code, rule.period), at),
                )
            elif cumulative < period and row.kind is not InputKind.PERCENT:
                yield self._mismatch(
                    rule,
                    Code.CUMULATIVE_BELOW_PERIOD,
                    at,
                    shown(cumulative),
                    f"không nhỏ hơn {figure}",
                    "Cộng cả số của các kỳ trước trong năm vào số lũy kế.",
                    NotAbove((row.code, rule.period), at),
                )

    def relations(self) -> Iterator[Relation]:
        """Yield every relation that the form's rules hold its figures to, but for percentages."""
        rules, ids = self.form.rules, [column.id for column in self.columns]
        for column in ids:
            for total in rules.sums:
                yield Sum(tuple((code, column) for code in (total.total, *total.parts)))
            for within in rules.within:
                yield NotAbove((within.part, column), (within.whole, column))
        rule = rules.cumulative
        if rule is None or not {rule.period, rule.cumulative} <= set(ids):
            return
        for _, row in self.form.indicators():
            pair = (row.code, rule.period), (row.code, rule.cumulative)
            if self.first_of_year:
                yield Equal(*pair)
            elif row.kind is not InputKind.PERCENT:
                yield NotAbove(*pair)

    def _mismatch(
        self,
        rule: Rule,
        code: Code,
        at: Place,
        value: str,
        expected: str,
        action: str,
        relation: Relation,
    ) -> Mismatch:
        severity, then = from_then_on(rule.severity, rule.warning_until, self.day)
        return Mismatch(code, severity, at, value, expected, action + then, relation)

    def _named(self, code: str) -> str:
        name = next((row.name for _, row in self.form.indicators() if row.code == code), None)
        return code if name is None else f"{code} “{name}”"
