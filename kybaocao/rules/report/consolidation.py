"""Accepted reports of one duty and period, made into tables whose figures keep their origin."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cycle.standing import Standing, State
from kybaocao.rules.form.form import (
    Column,
    EntrySheet,
    Form,
    Indicator,
    IndicatorSheet,
    TableSheet,
)
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.report.adding import Adding, applies
from kybaocao.rules.report.received import (
    ReceivedReport,
    source_table,
    status_table,
    version_notes,
)
from kybaocao.rules.report.remarks import twice_reported

SUMMARY = (
    "sheet",
    "code",
    "name",
    "unit",
    "aggregate",
    "column",
    "value",
    "given",
    "not_applicable",
    "applies",
)
CELLS = ("agency", "sheet", "code", "column", "value", "cell")
TEXTS = ("agency", "sheet", "code", "question", "answer")


@dataclass(frozen=True)
class AgencyStanding:
    """An agency that owes the report, and how its report stands."""

    agency: Agency
    standing: Standing


@dataclass(frozen=True)
class Consolidation:
    """The province's report: tables made from every accepted figure.

    - `summary`: a row for each indicator and figure column: value over the province (NaN where
      nobody gave one or it does not add up over agencies), and how many agencies gave a figure,
      declared it not applicable, and owe it, those left out to which it was waived (`SUMMARY`).
    - `matrices`: by sheet id, agencies down, (code, column) across; NaN where no figure is.
    - `texts`: answers of entry sheets and notes beside figures (`TEXTS`).
    - `tables`: by sheet id, free rows: agency, row, then the table's columns.
    - `status`, `sources`: a row for each agency, and for each report (`received.STATUS`,
      `received.SOURCES`).
    - `cells`: every figure with its cell of origin (`CELLS`); None where not applicable.
    - `notes`: what a reader of the totals has to know, a sentence each.
    """

    agencies: tuple[AgencyStanding, ...]
    summary: pd.DataFrame
    matrices: Mapping[str, pd.DataFrame]
    texts: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    status: pd.DataFrame
    sources: pd.DataFrame
    cells: pd.DataFrame
    missing: tuple[Agency, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        return bool(self.missing)

    @property
    def expected(self) -> int:
        """How many agencies owe the report, those left out to which it was waived."""
        return sum(each.standing.state is not State.WAIVED for each in self.agencies)

    @property
    def received(self) -> int:
        """How many reports are consolidated."""
        return self.expected - len(self.missing)


def consolidate(
    form: Form,
    agencies: Sequence[Agency],
    standings: Mapping[str, Standing],
    reports: Mapping[str, ReceivedReport],
    frequency: Frequency,
    moves: Sequence[Succession] = (),
) -> Consolidation:
    """Return the accepted `reports` of `agencies` (all that owe one), by agency code, as tables.

    Sums are over agencies; ratios are computed anew from the sums and never averaged; what an
    agency declared not applicable counts as nothing, not as zero. Figures for computed rows are
    those of the parts, whatever a file says. Raises ValueError if a report comes from no agency
    of `agencies` or holds a figure twice. Rows that only an earlier version of the form had are
    left out of the tables, and named in `sources`. By `moves` it is told where an agency and
    whom it went over to have both reported.
    """
    owing = [a.code for a in agencies]
    if strangers := sorted(set(reports) - set(owing)):
        raise ValueError(f"reports from agencies that owe none: {', '.join(strangers)}")
    counted = [reports[code] for code in owing if code in reports]
    columns = form.columns_for(frequency)
    cells = _cells(form, counted, columns)
    matrices = _matrices(form, owing, cells, columns)
    bound = [a for a in agencies if standings[a.code].state is not State.WAIVED]
    doubled = twice_reported(moves, {a.code: a.name for a in agencies}, reports)
    return Consolidation(
        agencies=tuple(AgencyStanding(a, standings[a.code]) for a in agencies),
        summary=_summary(form, agencies, bound, matrices, cells, columns),
        matrices=matrices,
        texts=_texts(form, cells),
        tables=_tables(form, cells),
        status=status_table(form, agencies, standings, reports, doubled),
        sources=source_table(agencies, reports, cells),
        cells=cells,
        missing=tuple(a for a in bound if a.code not in reports),
        notes=(*version_notes(counted), *dict.fromkeys(doubled.values())),
    )


def figure_columns(indicator: Indicator, columns: Iterable[Column]) -> list[Column]:
    """Return the figure columns of `columns` in which the indicator stands, in order."""
    return [c for c in columns if not c.text and c.id in indicator.columns]


def _cells(
    form: Form, reports: Sequence[ReceivedReport], columns: Sequence[Column]
) -> pd.DataFrame:
    places = _places(form, columns)
    tables = {s.id for s in form.sheets if isinstance(s, TableSheet)}
    rows = []
    for report in reports:
        seen = set()
        for f in report.figures:
            place = (f.sheet, "" if f.sheet in tables else f.row, f.column)
            if place not in places:
                # A row of an earlier version of the form; the sources say what was left out.
                continue
            if (f.sheet, f.row, f.column) in seen:
                raise ValueError(f"{report.agency}: {f.sheet} {f.row} {f.column}: given twice")
            seen.add((f.sheet, f.row, f.column))
            rows.append((report.agency, f.sheet, f.row, f.column, f.value, f.cell))
    return pd.DataFrame(rows, columns=list(CELLS), dtype=object)


def _places(form: Form, columns: Sequence[Column]) -> set[tuple[str, str, str]]:
    """Return every (sheet, row, column) that a report may hold; a table's rows count as one."""
    places: set[tuple[str, str, str]] = set()
    notes = [c for c in columns if c.text]
    for sheet in form.sheets:
        if isinstance(sheet, EntrySheet):
            places |= {(sheet.id, row.code, "") for row in sheet.rows}
        elif isinstance(sheet, TableSheet):
            places |= {(sheet.id, "", c.id) for c in sheet.columns}
        else:
            for row in sheet.rows:
                shown = [*figure_columns(row, columns), *notes]
                places |= {(sheet.id, row.code, c.id) for c in shown}
    return places


def _matrices(
    form: Form, owing: Sequence[str], cells: pd.DataFrame, columns: Sequence[Column]
) -> dict[str, pd.DataFrame]:
    keys = {
        sheet.id: [(r.code, c.id) for r in sheet.rows for c in figure_columns(r, columns)]
        for sheet in form.indicator_sheets
    }
    places = {(sheet, *key): key for sheet, found in keys.items() for key in found}
    held: dict[tuple[str, str], dict[str, float]] = {key: {} for key in places.values()}
    for agency, sheet, code, column, value, _ in cells.itertuples(index=False):
        key = places.get((sheet, code, column))
        if key is not None:
            held[key][agency] = math.nan if value is None else float(value)
    index = pd.Index(owing, name="agency")
    full = pd.DataFrame(
        {key: pd.Series(values, dtype=float).reindex(index) for key, values in held.items()},
        index=index,
        columns=pd.MultiIndex.from_tuples(held, names=["code", "column"]),
    )
    for _, indicator in form.indicators():
        if indicator.compute is None:
            continue
        for column in figure_columns(indicator, columns):
            part = _total(full, indicator.compute.part, column.id)
            whole = _total(full, indicator.compute.whole, column.id)
            full[indicator.code, column.id] = (100 * part / whole).where(whole != 0)
    return {sheet: full[found] for sheet, found in keys.items()}


def _total(full: pd.DataFrame, codes: Sequence[str], column: str) -> pd.Series:
    """Return the sum of these rows for each agency, NaN where it did not give one of them."""
    return full[[(code, column) for code in codes]].sum(axis=1, skipna=False)


def _summary(
    form: Form,
    agencies: Sequence[Agency],
    bound: Sequence[Agency],
    matrices: Mapping[str, pd.DataFrame],
    cells: pd.DataFrame,
    columns: Sequence[Column],
) -> pd.DataFrame:
    full = pd.concat(matrices.values(), axis=1) if matrices else pd.DataFrame()
    adding, levels = Adding(form, agencies), {a.level for a in agencies}
    declined = cells[cells["value"].isna()].groupby(["code", "column"]).size()
    rows = []
    for sheet, indicator in form.indicators():
        owed = sum(applies(sheet, indicator, a) for a in bound)
        for column in figure_columns(indicator, columns):
            given = matrices[sheet.id][indicator.code, column.id].dropna()
            rows.append(
                (
                    sheet.id,
                    indicator.code,
                    indicator.name,
                    indicator.unit,
                    str(adding.way(indicator, levels)),
                    column.id,
                    adding.over(indicator, column.id, full),
                    len(given),
                    int(declined.get((indicator.code, column.id), 0)),
                    owed,
                )
            )
    return pd.DataFrame(rows, columns=list(SUMMARY))


def _texts(form: Form, cells: pd.DataFrame) -> pd.DataFrame:
    questions: dict[tuple[str, str, str], str] = {}
    notes = [c for c in form.columns if c.text]
    for sheet in form.sheets:
        if isinstance(sheet, EntrySheet):
            questions |= {(sheet.id, r.code, ""): r.name for r in sheet.rows}
        elif isinstance(sheet, IndicatorSheet):
            for row in sheet.rows:
                for column in notes:
                    questions[sheet.id, row.code, column.id] = f"{row.name} ({column.name})"
    order = {place: n for n, place in enumerate(questions)}
    rows = []
    for agency, sheet_id, code, column_id, value, _ in cells.itertuples(index=False):
        place = (sheet_id, code, column_id)
        if place in questions:
            rows.append((order[place], agency, sheet_id, code, questions[place], value))
    rows.sort(key=lambda row: row[0])
    return pd.DataFrame([row[1:] for row in rows], columns=list(TEXTS), dtype=object)


def _tables(form: Form, cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    tables = {}
    for sheet in form.sheets:
        if not isinstance(sheet, TableSheet):
            continue
        names = ["agency", "row", *(c.id for c in sheet.columns)]
        blank = dict.fromkeys(names, "")
        rows: dict[tuple[str, str], dict[str, object]] = {}
        own = cells[cells["sheet"] == sheet.id]
        for agency, _, row, column, value, _ in own.itertuples(index=False):
            filled = rows.setdefault((agency, row), {**blank, "agency": agency, "row": row})
            filled[column] = value
        tables[sheet.id] = pd.DataFrame(list(rows.values()), columns=names, dtype=object)
    return tables
