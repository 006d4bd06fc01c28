"""Where the figures of a consolidated workbook stand, and the formulas that add them up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kybaocao.rules.cells.addresses import address
from kybaocao.rules.form.form import (
    Aggregation,
    Column,
    Compute,
    Form,
    Indicator,
    IndicatorSheet,
)
from kybaocao.rules.form.formulas import Place, percentage, quoted
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.level import Level
from kybaocao.rules.report.adding import Adding
from kybaocao.rules.report.consolidation import Consolidation, figure_columns

FIRST_FIGURE = 4
"""The first column of figures (1-based): after the running number, the agency and its code."""

FUNCTIONS = {Aggregation.SUM: "SUM", Aggregation.MAX: "MAX", Aggregation.SHARED: "MAX"}
ANY_NUMBER = '">-1E+300"'
"""What SUMIFS takes for a cell that holds a number, and no text and not nothing."""


@dataclass(frozen=True)
class Group:
    """The agencies of one level: a row of their totals, then a row for each of them."""

    name: str
    row: int
    agencies: tuple[Agency, ...]

    @property
    def first(self) -> int:
        return self.row + 1

    @property
    def last(self) -> int:
        return self.row + len(self.agencies)


@dataclass(frozen=True)
class Plan:
    """The matrix sheets: the same rows on each, one column for each indicator and column.

    `names` gives the name of each sheet by its id; `total` is the row of the province's figures.
    """

    consolidation: Consolidation
    form: Form
    columns: Sequence[Column]
    names: Mapping[str, str]
    total: int
    levels: Sequence[Level]

    @cached_property
    def groups(self) -> list[Group]:
        groups, row = [], self.total + 1
        for level in self.levels:
            members = tuple(
                a.agency for a in self.consolidation.agencies if a.agency.level == level.id
            )
            if members:
                groups.append(Group(level.heading, row, members))
                row += len(members) + 1
        return groups

    @property
    def last(self) -> int:
        """The row of the last agency."""
        return self.groups[-1].last if self.groups else self.total

    @cached_property
    def _full(self) -> pd.DataFrame:
        matrices = self.consolidation.matrices
        return pd.concat(matrices.values(), axis=1) if matrices else pd.DataFrame()

    @cached_property
    def _by_group(self) -> dict[str, pd.DataFrame]:
        return {g.name: self._full.loc[[a.code for a in g.agencies]] for g in self.groups}

    def _figures(self, of: Sequence[Group]) -> pd.DataFrame:
        """Return all matrices side by side, of these groups (one, or all) alone."""
        return self._by_group[of[0].name] if len(of) == 1 else self._full

    def across(self, sheet: IndicatorSheet) -> list[tuple[Indicator, Column]]:
        """Return the indicator and column of each column of figures, in order."""
        return [(r, c) for r in sheet.rows for c in figure_columns(r, self.columns)]

    def place(self, code: str, column: str, row: int) -> Place:
        """Return where one figure of a row stands. Raises KeyError if there is none."""
        name, number = self._positions[code, column]
        return Place(name, row, number)

    @cached_property
    def _positions(self) -> dict[tuple[str, str], tuple[str, int]]:
        return {
            (indicator.code, column.id): (self.names[sheet.id], number)
            for sheet in self.form.indicator_sheets
            for number, (indicator, column) in enumerate(self.across(sheet), FIRST_FIGURE)
        }

    def ranges(self, code: str, column: Column, of: Sequence[Group]) -> list[str]:
        """Return the cells of these groups' agencies in a row: `D8:D30`, `D32:D49`."""
        _, number = self._positions[code, column.id]
        return [f"{address(g.first, number)}:{address(g.last, number)}" for g in of]

    @cached_property
    def adding(self) -> Adding:
        """How the form adds up over those who owe the report."""
        return Adding(self.form, (a.agency for a in self.consolidation.agencies))

    def way(self, indicator: Indicator, of: Sequence[Group]) -> Aggregation:
        """Return how the agencies of these groups make one figure."""
        return self.adding.way(indicator, (a.level for g in of for a in g.agencies))

    def sum_of(
        self, indicator: Indicator, column: Column, row: int, of: Sequence[Group]
    ) -> tuple[str, float] | None:
        """Return formula and value of the figure over groups; None if it does not add up."""
        way = self.way(indicator, of)
        if way is Aggregation.NONE or not of:
            return None
        value = self.adding.over(indicator, column.id, self._figures(of))
        if indicator.compute is not None:
            if way is Aggregation.SUM:
                return self._percentage_of(indicator.compute, indicator, column, of), value
            return self.percentage(indicator, column, row), value
        cells = ",".join(self.ranges(indicator.code, column, of))
        return f'=IF(COUNT({cells})=0,"",{FUNCTIONS[way]}({cells}))', value

    def percentage(self, indicator: Indicator, column: Column, row: int) -> str:
        """Return the formula of a computed indicator in one row. It must have `compute`."""
        if indicator.compute is None:
            raise ValueError(f"{indicator.code} is not computed")
        name, _ = self._positions[indicator.code, column.id]
        codes = (*indicator.compute.part, *indicator.compute.whole)
        places = {(c, column.id): self.place(c, column.id, row) for c in codes}
        return percentage(indicator.compute, column.id, places, name)

    def _percentage_of(
        self, compute: Compute, indicator: Indicator, column: Column, of: Sequence[Group]
    ) -> str:
        """Return the formula of a ratio over those agencies of groups that gave all its parts."""
        here, _ = self._positions[indicator.code, column.id]
        codes = tuple(dict.fromkeys((*compute.part, *compute.whole)))
        part, whole = (
            "+".join(
                self._sum_if(code, codes, column, group, here) for code in of_one for group in of
            )
            for of_one in (compute.part, compute.whole)
        )
        return f'=IF({whole}=0,"",100*({part})/({whole}))'

    def _sum_if(
        self, code: str, codes: Sequence[str], column: Column, group: Group, here: str
    ) -> str:
        ranges = {c: self._seen(c, column, group, here) for c in codes}
        given = ",".join(f"{cells},{ANY_NUMBER}" for cells in ranges.values())
        return f"SUMIFS({ranges[code]},{given})"

    def _seen(self, code: str, column: Column, group: Group, here: str) -> str:
        """Return the cells of a group's agencies as a formula on the sheet `here` writes them."""
        name, _ = self._positions[code, column.id]
        (cells,) = self.ranges(code, column, [group])
        return cells if name == here else f"{quoted(name)}!{cells}"

    def main_column(self, indicator: Indicator) -> Column:
        """Return the column to look at first: a required one, else the first that it has."""
        shown = figure_columns(indicator, self.columns)
        return next((c for c in shown if c.required), shown[0])
