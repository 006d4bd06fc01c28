"""A consolidation at a glance: each indicator's figures over all agencies, and who gave them."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.form.form import Aggregation, Column, Form, Indicator, IndicatorSheet, InputKind
from kybaocao.rules.form.headers import NOT_APPLICABLE
from kybaocao.rules.regime.level import Level
from kybaocao.rules.report.adding import Adding, applies
from kybaocao.rules.report.consolidation import Consolidation, figure_columns

NOTHING = "–"
NO_SUM = "không cộng"
# By code and column: the value over all agencies, how many gave one, and how many have to.
Facts = dict[tuple[str, str], tuple[float, int, int]]


@dataclass(frozen=True)
class PreviewSum:
    """An indicator: a text for each column, empty where it asks for no figure.

    `given` and `owing` count the agencies that gave a figure (in the column where most did),
    and that have to.
    """

    code: str
    name: str
    unit: str
    values: tuple[str, ...]
    given: int
    owing: int


@dataclass(frozen=True)
class Matrix:
    """Every agency's figures: a text for each head, empty where nothing is asked of it."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class SheetSums:
    """A sheet of indicators over all agencies, with `matrix` where that was wanted."""

    id: str
    title: str
    columns: tuple[str, ...]
    sums: tuple[PreviewSum, ...]
    matrix: Matrix | None


def preview(
    found: Consolidation,
    form: Form,
    frequency: Frequency,
    matrices: Collection[str],
    levels: Iterable[Level],
) -> list[SheetSums]:
    """Return the indicators that anybody owes by sheet, the ids in `matrices` in full."""
    columns = [c for c in form.columns_for(frequency) if not c.text]
    facts = found.summary
    places = zip(facts["code"], facts["column"], strict=True)
    counted = zip(facts["value"], facts["given"], facts["applies"], strict=True)
    by_place: Facts = dict(zip(places, counted, strict=True))
    of_levels = _OfLevels(found, form, levels)
    sheets = []
    for sheet in form.indicator_sheets:
        asked = {c.id for row in sheet.rows for c in figure_columns(row, columns)}
        mine = [column for column in columns if column.id in asked]
        sums = [each for row in sheet.rows if (each := _sum(row, mine, by_place, of_levels)).owing]
        if sums:
            matrix = _matrix(found, sheet, mine, sums) if sheet.id in matrices else None
            names = tuple(column.name for column in mine)
            sheets.append(SheetSums(sheet.id, sheet.title, names, tuple(sums), matrix))
    return sheets


class _OfLevels:
    """What each level makes of an indicator that has no figure over all of them."""

    def __init__(self, found: Consolidation, form: Form, levels: Iterable[Level]) -> None:
        agencies = [each.agency for each in found.agencies]
        self._names = {level.id: level.heading for level in levels}
        held = {level: [a.code for a in agencies if a.level == level] for level in self._names}
        self._held = {level: codes for level, codes in held.items() if codes}
        self._adding = Adding(form, agencies)
        self._full = pd.concat(found.matrices.values(), axis=1) if found.matrices else None

    def adds_up(self, row: Indicator) -> bool:
        return self._adding.way(row, self._held) is not Aggregation.NONE

    def words(self, row: Indicator, column: Column) -> str:
        """Return the figure of each level with its name, or that nothing adds up."""
        if self._full is None or not self._adding.is_by_level(row):
            return NO_SUM
        told = {
            self._names[level]: self._adding.over(row, column.id, self._full.loc[codes])
            for level, codes in self._held.items()
            if self._adding.way(row, [level]) is not Aggregation.NONE
        }
        return "; ".join(f"{name}: {figure_words(v, row.kind)}" for name, v in told.items())


def _sum(row: Indicator, columns: list[Column], facts: Facts, levels: _OfLevels) -> PreviewSum:
    own = {c.id: facts[row.code, c.id] for c in figure_columns(row, columns)}
    texts = []
    for column in columns:
        if column.id not in own:
            texts.append("")
        elif not levels.adds_up(row):
            texts.append(levels.words(row, column))
        else:
            texts.append(figure_words(own[column.id][0], row.kind))
    given = max((given for _, given, _ in own.values()), default=0)
    owing = max((owing for _, _, owing in own.values()), default=0)
    return PreviewSum(row.code, row.name, row.unit, tuple(texts), given, owing)


def _matrix(
    found: Consolidation, sheet: IndicatorSheet, columns: list[Column], sums: list[PreviewSum]
) -> Matrix:
    owed = {each.code for each in sums}
    across = [(r, c) for r in sheet.rows if r.code in owed for c in figure_columns(r, columns)]
    cells = found.cells[found.cells["value"].isna()]
    declined = set(zip(cells["agency"], cells["code"], cells["column"], strict=True))
    figures = found.matrices[sheet.id].to_dict("index")
    rows = []
    for agency in (each.agency for each in found.agencies):
        texts = []
        for row, column in across:
            if not applies(sheet, row, agency):
                texts.append("")
            elif (agency.code, row.code, column.id) in declined:
                texts.append(NOT_APPLICABLE)
            else:
                value = figures[agency.code][row.code, column.id]
                texts.append(figure_words(value, row.kind))
        rows.append((agency.name, tuple(texts)))
    return Matrix(tuple((row.code, column.name) for row, column in across), tuple(rows))


def figure_words(value: float, kind: InputKind) -> str:
    """Return a figure as officials write it, with two decimals at most; a dash for none."""
    if math.isnan(value):
        return NOTHING
    rounded = value if kind is InputKind.INTEGER else round(value, 2)
    return shown(int(rounded) if float(rounded).is_integer() else rounded)
