"""Figures that an agency could have reported: they keep the form's rules, quarter by quarter."""

import random
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from kybaocao.rules.calendar.period import Period, periods
from kybaocao.rules.form.form import Form, Indicator, InputKind

Figures = dict[tuple[str, str], float]

# The largest usual figure of one agency by unit: of what it has, and of what a quarter brings.
STOCKS = {"hồ sơ": 2400, "triệu đồng": 900, "người": 240, "văn bản": 400, "thủ tục": 130}
FLOWS = {
    "hồ sơ": 2000,
    "triệu đồng": 300,
    "phiếu": 200,
    "lượt người": 60,
    "lượt": 40,
    "văn bản": 30,
    "tin, bài": 20,
    "người": 6,
    "đơn vị": 6,
    "cuộc": 5,
    "nội dung": 5,
    "chuyên đề": 2,
    "mô hình": 2,
    "quy hoạch": 2,
    "tổ chức": 2,
}
USUAL = 12
# Of the parts of a whole the first is the largest: early before in time, in time before late.
FALLING = 0.2


class Agencys:
    """The figures of one agency, on its own form, from the first period of a year on.

    The same seed gives the same figures; every period fits those before it: what is carried
    over was open at the end of the last one, and cumulative figures add up.
    """

    def __init__(self, form: Form, agency: str, seed: int) -> None:
        self.form = form
        self.agency = agency
        self.seed = seed
        self.rows = {row.code: row for _, row in form.indicators() if row.compute is None}
        self._order = self._ordered()
        # What the agency plans, of what it will have done by the end of the year.
        self._zeal = self._random("plan").uniform(0.85, 1.2)
        self._done: dict[Period, dict[str, float]] = {}

    def of(self, period: Period, since: int) -> Figures:
        """Return what the agency reports for a period, in a series that began in year `since`.

        Keys are (row code, column id): every figure that the form asks for.
        """
        series = list(periods(period.frequency, since, period.year))
        for before, each in zip([None, *series], series, strict=False):
            if each not in self._done:
                self._done[each] = self._figures(each, self._done.get(before) if before else None)
        year = [p for p in series if p.year == period.year]
        found: Figures = {}
        for code, row in self.rows.items():
            for column in row.columns:
                if column == "planned":
                    whole = sum(self._done[p][code] for p in year)
                    found[code, column] = _tidy(row, whole * self._zeal)
                elif column == "cumulative":
                    so_far = [p for p in year if p <= period]
                    found[code, column] = _tidy(row, sum(self._done[p][code] for p in so_far))
                else:
                    found[code, column] = self._done[period][code]
        return found

    def _figures(self, period: Period, before: Mapping[str, float] | None) -> dict[str, float]:
        """Return every row's figure of one period, wholes before their parts."""
        values: dict[str, float] = {}
        carried = {c.opening: c.closing for c in self.form.rules.carried}
        if before is not None:
            values |= {o: before[c] for o, c in carried.items() if o in self.rows}
        for code in self._order:
            row = self.rows[code]
            if code not in values:
                values[code] = self._root(row, period, values)
            self._split(code, period, values)
        return {code: values[code] for code in self.rows}

    def _root(self, row: Indicator, period: Period, values: Mapping[str, float]) -> float:
        """Return a figure that is no part of a sum, within the wholes that bound it."""
        stock = row.columns == ("done",)
        usual = self._random(row.code).random()
        drift = self._random(row.code, period.id).uniform(0.97, 1.03 if stock else 1.4)
        if row.kind is InputKind.PERCENT:
            value = (75 + 20 * usual) * min(drift, 1.03)
        else:
            value = (STOCKS if stock else FLOWS).get(row.unit, USUAL) * (0.15 + 0.6 * usual) * drift
        known = [
            values[p]
            for t in self.form.rules.sums
            if t.total == row.code
            for p in t.parts
            if p in values
        ]
        if known:
            value += sum(known)
        wholes = [
            values[w.whole]
            for w in self.form.rules.within
            if w.part == row.code and w.whole in values
        ]
        if wholes:
            value = min(wholes) * (0.55 + 0.4 * usual)
        if row.maximum is not None:
            value = min(value, row.maximum)
        return _tidy(row, max(value, row.minimum or 0))

    def _split(self, code: str, period: Period, values: dict[str, float]) -> None:
        """Divide a whole among the parts of each of its sums."""
        for rule in self.form.rules.sums:
            if rule.total != code:
                continue
            left = values[code] - sum(values[p] for p in rule.parts if p in values)
            unknown = [p for p in rule.parts if p not in values]
            weights = [
                FALLING**n * self._random(p, period.id).uniform(0.7, 1.3)
                for n, p in enumerate(unknown)
            ]
            for part, weight in list(zip(unknown, weights, strict=True))[1:]:
                bound = min([left, *self._bounds(part, values)])
                values[part] = _tidy(self.rows[part], bound * weight / sum(weights))
            if unknown:
                rest = left - sum(values[p] for p in unknown[1:])
                values[unknown[0]] = _tidy(self.rows[unknown[0]], rest)

    def _bounds(self, part: str, values: Mapping[str, float]) -> Iterator[float]:
        for rule in self.form.rules.within:
            if rule.part == part and rule.whole in values:
                yield values[rule.whole]

    def _ordered(self) -> list[str]:
        """Return the rows so that each whole comes before its parts."""
        graph: dict[str, set[str]] = {code: set() for code in self.rows}
        for total in self.form.rules.sums:
            for part in total.parts:
                if part in graph and total.total in graph:
                    graph[part].add(total.total)
        for within in self.form.rules.within:
            if within.part in graph and within.whole in graph:
                graph[within.part].add(within.whole)
        return list(TopologicalSorter(graph).static_order())

    def _random(self, *of: str) -> random.Random:
        # Figures for show, and no secrets.
        return random.Random("/".join((str(self.seed), self.agency, *of)))  # noqa: S311


def _tidy(row: Indicator, value: float) -> float:
    if row.kind is InputKind.INTEGER:
        return round(value)
    return round(value, 2)
