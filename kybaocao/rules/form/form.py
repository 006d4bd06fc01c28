"""A form, declared once: sheets, rows, columns, types, sums and rules.

From it come the blank workbook, the reader, the checks and the consolidation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.declaration import Declared, Id
from kybaocao.rules.form.form_rules import RowCode, Rules
from kybaocao.rules.form.targets import Target, target_words
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.level import LevelId

SHEET_NAME = r"^[^\[\]:*?/\\']([^\[\]:*?/\\]*[^\[\]:*?/\\'])?$"


class InputKind(StrEnum):
    """What an input holds."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"

    @property
    def is_number(self) -> bool:
        return self in (InputKind.INTEGER, InputKind.DECIMAL, InputKind.PERCENT)


class Aggregation(StrEnum):
    """How an indicator of many agencies becomes one of the province."""

    SUM = "sum"
    RATIO = "ratio"
    MAX = "max"
    NONE = "none"
    TEXT = "text"
    SHARED = "shared"
    """Each counts the one list that all of its level share: the largest, never across levels."""


class Applies(Declared):
    """To whom a row applies; without words, to all."""

    levels: tuple[LevelId, ...] = ()
    agencies: tuple[Id, ...] = ()

    def to(self, agency: Agency) -> bool:
        """Return whether it applies to that agency."""
        if not self.levels and not self.agencies:
            return True
        return agency.level in self.levels or agency.code in self.agencies

    def may_be_at(self, level: LevelId) -> bool:
        """Return whether an agency of that level can be among them."""
        return level in self.levels or bool(self.agencies) or not self.levels

    def covers(self, other: "Applies") -> bool:
        """Return whether all to whom `other` applies are surely among them."""
        if not self.levels and not self.agencies:
            return True
        if not other.levels and not other.agencies:
            return False
        return set(self.levels) >= set(other.levels) and set(self.agencies) >= set(other.agencies)


class Compute(Declared):
    """A percentage that is computed and not asked: 100 × sum of `part` / sum of `whole`."""

    part: tuple[RowCode, ...] = Field(min_length=1)
    whole: tuple[RowCode, ...] = Field(min_length=1)


class Was(Declared):
    """What a row or column of the same code was in the version before, where it changed.

    `name` is an earlier wording of the same thing. A figure in the earlier `unit` counts
    `factor` times in the present one; without `factor` the two are never added. `kind` and
    `aggregate` are what they were.
    """

    name: str = ""
    unit: str = ""
    factor: float | None = Field(default=None, gt=0)
    kind: InputKind | None = None
    aggregate: Aggregation | dict[LevelId, Aggregation] | None = None

    @model_validator(mode="after")
    def _factor_is_of_a_unit(self) -> "Was":
        if self.factor is not None and not self.unit:
            raise ValueError("`factor` goes with the `unit` that it converts from")
        return self


class Column(Declared):
    """A column of an indicator sheet; `periods` limits it to periods of those lengths."""

    id: Id
    name: str = Field(min_length=1)
    text: bool = False
    required: bool = False
    periods: tuple[Frequency, ...] = ()
    was: Was | None = None

    def shown(self, frequency: Frequency) -> bool:
        return not self.periods or frequency in self.periods


def _listed(target: Any) -> Any:
    return [target] if isinstance(target, dict | Target) else target


class Indicator(Declared):
    """A row of an indicator sheet. `columns` are those in which it asks for a figure.

    `aggregate` may say for each level how its agencies' figures become one. `target` is what the
    decision wants of it: measurable, or a text where it is not. Before the day `warning_until`,
    a report may lack the row.
    """

    code: RowCode
    name: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    kind: InputKind = InputKind.INTEGER
    columns: tuple[Id, ...]
    aggregate: Aggregation | dict[LevelId, Aggregation] = Aggregation.SUM
    compute: Compute | None = None
    applies: Applies = Applies()
    minimum: float | None = 0
    maximum: float | None = None
    target: Annotated[str | tuple[Target, ...], BeforeValidator(_listed)] = ""
    source: str = Field(min_length=1)
    warning_until: date | None = None
    was: Was | None = None

    @model_validator(mode="after")
    def _ratio_is_computed(self) -> "Indicator":
        if not self.kind.is_number:
            raise ValueError(f"{self.code}: an indicator is a number; expected a number kind")
        if (self.aggregate is Aggregation.RATIO) != (self.compute is not None):
            raise ValueError(f"{self.code}: `aggregate: ratio` and `compute` go together")
        if isinstance(self.aggregate, dict) and Aggregation.RATIO in self.aggregate.values():
            raise ValueError(f"{self.code}: a ratio is one at every level")
        return self

    @property
    def ways(self) -> frozenset[Aggregation]:
        """All ways in which figures of agencies become one, whatever their level."""
        ways = self.aggregate
        return frozenset(ways.values() if isinstance(ways, dict) else (ways,))

    def adding(self, level: LevelId) -> Aggregation:
        """Return how figures of agencies of one level become one: `none` if nothing says so."""
        if isinstance(self.aggregate, dict):
            return self.aggregate.get(level, Aggregation.NONE)
        return self.aggregate

    @property
    def target_words(self) -> str:
        """The target as people read it, or an empty text."""
        if isinstance(self.target, str):
            return self.target
        return target_words(self.target, self.kind is InputKind.PERCENT)

    def for_level(self, level: LevelId) -> "Indicator":
        """Return this row with only what is declared for a level: targets, way of adding up."""
        changed: dict[str, object] = {}
        if isinstance(self.aggregate, dict):
            changed["aggregate"] = self.adding(level)
        if not isinstance(self.target, str) and any(t.levels for t in self.target):
            kept = tuple(t for t in self.target if not t.levels or level in t.levels)
            changed["target"] = kept or ""
        return self.model_copy(update=changed) if changed else self


class Entry(Declared):
    """A labelled input of a cover or text sheet; before `warning_until` it may be left blank."""

    code: RowCode
    name: str = Field(min_length=1)
    kind: InputKind = InputKind.TEXT
    required: bool = False
    long: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    applies: Applies = Applies()
    warning_until: date | None = None
    was: Was | None = None


class TableColumn(Declared):
    """A column of a table of free rows."""

    id: Id
    name: str = Field(min_length=1)
    kind: InputKind = InputKind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    width: int = 18
    hint: str = ""
    was: Was | None = None


class _FormSheet(Declared):
    id: Id
    name: str = Field(min_length=1, max_length=31, pattern=SHEET_NAME)
    title: str = Field(min_length=1)
    note: str = ""
    applies: Applies = Applies()


class EntrySheet(_FormSheet):
    """A sheet of labelled inputs: the cover, or a sheet for text."""

    kind: Literal["entries"]
    rows: tuple[Entry, ...] = Field(min_length=1)


class IndicatorSheet(_FormSheet):
    """A sheet of one reform area: indicators down, the form's columns across."""

    kind: Literal["indicators"]
    rows: tuple[Indicator, ...] = Field(min_length=1)


class TaskRows(Declared):
    """Rows that a table is issued with: a row for each open task that the agency leads.

    `id`, `title` and `deadline` name the columns that say which task it is; they are locked.
    `state` asks how the task stands, and the choices that are `done` end it. The columns
    `carried` come filled with what was reported last. `periods` limits all this to periods of
    those lengths.
    """

    id: Id
    title: Id
    deadline: Id
    state: Id
    done: tuple[str, ...] = Field(min_length=1)
    carried: tuple[Id, ...] = ()
    periods: tuple[Frequency, ...] = ()

    @property
    def locked(self) -> tuple[Id, ...]:
        return (self.id, self.title, self.deadline)


class TableSheet(_FormSheet):
    """A sheet of free rows; with `tasks`, those of the regime's tasks come before them."""

    kind: Literal["table"]
    columns: tuple[TableColumn, ...] = Field(min_length=1)
    blank_rows: int = Field(default=20, ge=1, le=200)
    tasks: TaskRows | None = None

    @model_validator(mode="after")
    def _tasks_fit_columns(self) -> "TableSheet":
        if self.tasks is None:
            return self
        columns, rows = {column.id: column for column in self.columns}, self.tasks
        for name in (*rows.locked, rows.state, *rows.carried):
            if name not in columns:
                raise ValueError(f"tasks: expected a column of this sheet, found '{name}'")
        if len({*rows.locked, rows.state}) < 4 or set(rows.locked) & set(rows.carried):
            raise ValueError("tasks: `id`, `title`, `deadline` and `state` are four columns")
        if any(columns[name].kind is not InputKind.TEXT for name in rows.locked):
            raise ValueError("tasks: `id`, `title` and `deadline` are columns of text")
        state = columns[rows.state]
        if state.kind is not InputKind.CHOICE or not state.required:
            raise ValueError(f"tasks: expected a required choice, found column '{state.id}'")
        for choice in rows.done:
            if choice not in state.choices:
                raise ValueError(
                    f"tasks: expected a choice of '{state.id}' in `done`, found '{choice}'"
                )
        return self

    def tasks_for(self, frequency: Frequency) -> TaskRows | None:
        """Return how this sheet shows tasks in a workbook for such a period, if it does."""
        rows = self.tasks
        return rows if rows and (not rows.periods or frequency in rows.periods) else None


Sheet = Annotated[EntrySheet | IndicatorSheet | TableSheet, Field(discriminator="kind")]


class Form(Declared):
    """One version of one form."""

    id: Id
    version: int = Field(ge=1)
    title: str = Field(min_length=1)
    note: str = ""
    reason_row: RowCode | None = Field(
        default=None, description="the entry that says why an accepted report is replaced"
    )
    covers: str = Field(default="số liệu", description="what is of the period: data, or a plan")
    columns: tuple[Column, ...] = ()
    sheets: tuple[Sheet, ...] = Field(min_length=1)
    rules: Rules = Rules()

    @property
    def indicator_sheets(self) -> list[IndicatorSheet]:
        return [s for s in self.sheets if isinstance(s, IndicatorSheet)]

    def indicators(self) -> Iterator[tuple[IndicatorSheet, Indicator]]:
        """Yield every indicator with its sheet, in the form's order."""
        for sheet in self.indicator_sheets:
            for row in sheet.rows:
                yield sheet, row

    def columns_for(self, frequency: Frequency) -> list[Column]:
        """Return the columns that a workbook for such a period shows, in order."""
        return [c for c in self.columns if c.shown(frequency)]

    def for_agency(self, agency: Agency) -> "Form":
        """Return this form with only the sheets and rows that apply to `agency`."""
        kept: list[EntrySheet | IndicatorSheet | TableSheet] = []
        for sheet in self.sheets:
            if not sheet.applies.to(agency):
                continue
            if isinstance(sheet, TableSheet):
                kept.append(sheet)
            elif isinstance(sheet, EntrySheet):
                entries = tuple(r for r in sheet.rows if r.applies.to(agency))
                if entries:
                    kept.append(sheet.model_copy(update={"rows": entries}))
            else:
                rows = tuple(r.for_level(agency.level) for r in sheet.rows if r.applies.to(agency))
                if rows:
                    kept.append(sheet.model_copy(update={"rows": rows}))
        codes = {row.code for s in kept if isinstance(s, IndicatorSheet) for row in s.rows}
        rules = self.rules.model_copy(
            update={
                "sums": tuple(r for r in self.rules.sums if codes >= {r.total, *r.parts}),
                "within": tuple(r for r in self.rules.within if codes >= {r.part, r.whole}),
                "carried": tuple(r for r in self.rules.carried if codes >= {r.opening, r.closing}),
            }
        )
        return self.model_copy(update={"sheets": tuple(kept), "rules": rules})


@dataclass(frozen=True)
class Identity:
    """What an issued workbook says of itself, in its hidden sheet and defined names."""

    form: str
    version: int
    regime: str
    duty: str
    agency: str
    period: str


IDENTITY_SHEET = "_kybaocao"
IDENTITY_KEYS = tuple(Identity.__dataclass_fields__)


@dataclass(frozen=True)
class Figure:
    """One accepted value with its cell of origin; `column` is empty on entry sheets.

    `row` is the row's code, or the row number of a free table. `value` is None where the
    sender declared the row not applicable (`Không áp dụng`).
    """

    sheet: str
    row: str
    column: str
    value: float | str | None
    cell: str
