"""How the figures of many agencies become one: within each level, and over them."""

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from kybaocao.rules.form.form import Aggregation, Form, Indicator, IndicatorSheet
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.level import LevelId

LARGEST = (Aggregation.MAX, Aggregation.SHARED)


def applies(sheet: IndicatorSheet, indicator: Indicator, agency: Agency) -> bool:
    """Return whether the indicator stands in that agency's workbook."""
    return sheet.applies.to(agency) and indicator.applies.to(agency)


class Adding:
    """What a form says of adding up, held against those who owe the report.

    The way is a matter of the declaration alone, never of what was given, so that a formula
    and its value cannot part.
    """

    def __init__(self, form: Form, agencies: Iterable[Agency]) -> None:
        self._rows = {row.code: row for _, row in form.indicators()}
        self._agencies = tuple(agencies)
        self._levels = {
            row.code: {a.level for a in self._agencies if applies(sheet, row, a)}
            for sheet, row in form.indicators()
        }

    def way(self, indicator: Indicator, among: Iterable[LevelId]) -> Aggregation:
        """Return how agencies of some levels make one figure; `none` where they make none.

        A list that the agencies of a level share is counted once, and no figure stands for two
        levels then. A ratio that is computed anew from figures of agencies is `sum`, and one of
        such totals as stand above them is `shared`.
        """
        levels = set(among)
        if indicator.compute is not None:
            codes = (*indicator.compute.part, *indicator.compute.whole)
            ways = {self.way(self._rows[code], levels) for code in codes}
            if ways <= set(LARGEST):
                return Aggregation.SHARED
            return Aggregation.SUM if ways == {Aggregation.SUM} else Aggregation.NONE
        asked = self._levels[indicator.code] & levels
        ways = {indicator.adding(level) for level in asked}
        if len(ways) != 1 or (Aggregation.SHARED in ways and len(asked) > 1):
            return Aggregation.NONE
        way = ways.pop()
        return way if way in (Aggregation.SUM, *LARGEST) else Aggregation.NONE

    def is_by_level(self, indicator: Indicator) -> bool:
        """Return whether there are figures of levels, and none that stands for them all."""
        levels = {a.level for a in self._agencies}
        return self.way(indicator, levels) is Aggregation.NONE and any(
            self.way(indicator, [level]) is not Aggregation.NONE for level in levels
        )

    def over(self, indicator: Indicator, column: str, full: pd.DataFrame) -> float:
        """Return the indicator's value over the agencies of `full`, NaN where it has none.

        `full` holds the matrices of all sheets side by side: agencies down, (code, column)
        across. An agency that lacks a part of a ratio, or calls it not applicable, is in neither
        side of it.
        """
        here = set(full.index)
        way = self.way(indicator, {a.level for a in self._agencies if a.code in here})
        if way is Aggregation.NONE:
            return math.nan
        if indicator.compute is None:
            return _one(way, _given(full, indicator.code, column))
        part, whole = indicator.compute.part, indicator.compute.whole
        if way is Aggregation.SUM:
            keys = [(code, column) for code in dict.fromkeys((*part, *whole))]
            full = full.loc[
                full.reindex(columns=pd.MultiIndex.from_tuples(keys)).notna().all(axis=1)
            ]
        of_parts, of_whole = (
            math.fsum(self.over(self._rows[code], column, full) for code in codes)
            for codes in (part, whole)
        )
        return 100 * of_parts / of_whole if of_whole else math.nan


def _one(way: Aggregation, given: Sequence[float]) -> float:
    if not given:
        return math.nan
    return math.fsum(given) if way is Aggregation.SUM else max(given)


def _given(full: pd.DataFrame, code: str, column: str) -> list[float]:
    return list(full[code, column].dropna()) if (code, column) in full.columns else []
