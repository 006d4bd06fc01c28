"""Where the figures of a consolidated workbook stand, and the formulas that add them up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kybaocao.rules.cells.addresses import address
from kybaocao.rules.form.form import Aggregation, Column, Form, Indicator, IndicatorSheet
from kybaocao.rules.form.formulas import Place, percentage
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.names import LEVEL_NAMES
from kybaocao.rules.report.consolidation import Consolidation, figure_columns, over_agencies

FIRST_FIGURE = 3
"""The first column of figures (1-based): after the running number and the agency."""

FUNCTIONS = {Aggregation.SUM: "SUM", Aggregation.MAX: "MAX"}


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

    @cached_property
    def groups(self) -> list[Group]:
        groups, row = [], self.total + 1
        for level, name in LEVEL_NAMES.items():
            members = tuple(
                a.agency for a in self.consolidation.agencies if a.agency.level is level
            )
            if members:
                groups.append(Group(name, row, members))
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

    def ranges(self, indicator: Indicator, column: Column, of: Sequence[Group]) -> list[str]:
        """Return the cells of these groups' agencies: `D8:D30`, `D32:D49`."""
        _, number = self._positions[indicator.code, column.id]
        return [f"{address(g.first, number)}:{address(g.last, number)}" for g in of]

    def sum_of(
        self, indicator: Indicator, column: Column, row: int, of: Sequence[Group]
    ) -> tuple[str, float] | None:
        """Return formula and value of the figure over groups; None if it does not add up."""
        value = over_agencies(indicator, column.id, self._figures(of))
        if indicator.compute is not None:
            return self.percentage(indicator, column, row), value
        function = FUNCTIONS.get(indicator.aggregate)
        if function is None or not of:
            return None
        cells = ",".join(self.ranges(indicator, column, of))
        return f'=IF(COUNT({cells})=0,"",{function}({cells}))', value

    def percentage(self, indicator: Indicator, column: Column, row: int) -> str:
        """Return the formula of a computed indicator in one row. It must have `compute`."""
        if indicator.compute is None:
            raise ValueError(f"{indicator.code} is not computed")
        name, _ = self._positions[indicator.code, column.id]
        keys = [(c, column.id) for c in (*indicator.compute.part, *indicator.compute.whole)]
        places = {key: self.place(*key, row) for key in keys if key in self._positions}
        return percentage(indicator.compute, column.id, places, name)

    def main_column(self, indicator: Indicator) -> Column:
        """Return the column to look at first: a required one, else the first that it has."""
        shown = figure_columns(indicator, self.columns)
        return next((c for c in shown if c.required), shown[0])
