"""The declared days of public offices: one table for each year, and a province's own days."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from kybaocao.rules.calendar.workdays import SATURDAY, DayType, WorkCalendar
from kybaocao.rules.declaration import Declared, KeyPath

# Notice has a field `date`, which hides the type from its own annotation.
Day = date
Reasons = Mapping[date, str]
_PAIRS = {
    DayType.COMPENSATORY: DayType.HOLIDAY,
    DayType.SWAPPED_OFF: DayType.SWAPPED_WORKED,
    DayType.SWAPPED_WORKED: DayType.SWAPPED_OFF,
}
_OFF = (DayType.HOLIDAY, DayType.COMPENSATORY, DayType.SWAPPED_OFF)


class Notice(Declared):
    """What fixed days of a year: `says` is our summary, `source` where we read it."""

    issuer: str = Field(min_length=1)
    source: str = Field(min_length=1)
    says: str = Field(min_length=1)
    number: str | None = None
    date: Day | None = None


class NoticedDay(Declared):
    """A day of a year's table. `instead_of` is the holiday that it makes up for, or of a
    swapped day the other one. `source` stands where it is not in the year's notices."""

    day: date
    type: Literal["holiday", "compensatory", "swapped-off", "swapped-worked"]
    name: str = Field(min_length=1)
    instead_of: date | None = None
    source: str | None = Field(default=None, min_length=1)

    @property
    def kind(self) -> DayType:
        return DayType(self.type)


class OwnDay(Declared):
    """A province's own day, which replaces that of the year; `ordinary` takes it away."""

    day: date
    type: Literal["ordinary", "holiday", "compensatory", "swapped-off", "swapped-worked"]
    name: str = Field(min_length=1)
    source: str = Field(min_length=1)
    instead_of: date | None = None

    @property
    def kind(self) -> DayType:
        return DayType(self.type)


class YearTable(Declared):
    """The days of one year with the notices that fixed them; `provisional` says what is open."""

    year: int
    notices: tuple[Notice, ...] = ()
    provisional: str = ""
    days: tuple[NoticedDay, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_a_ground(self) -> Self:
        if not self.notices and not self.provisional.strip():
            raise ValueError("expected `notices`, or in `provisional` why there are none")
        return self


class OwnDays(Declared):
    """A province's own days, read on top of the years' tables."""

    days: tuple[OwnDay, ...] = ()


Table = YearTable | OwnDays
Entry = NoticedDay | OwnDay


def entries_of(table: Table) -> tuple[Entry, ...]:
    """Return the days of a table, of whichever kind it is."""
    return table.days


def calendar_of(
    tables: Collection[Table], known_off: Reasons, known_working: Reasons
) -> WorkCalendar:
    """Return the calendar of these tables; other years have the days known without them."""
    years = {t.year: " ".join(t.provisional.split()) for t in tables if isinstance(t, YearTable)}
    off = {day: name for day, name in known_off.items() if day.year not in years}
    working = {day: name for day, name in known_working.items() if day.year not in years}
    types: dict[date, DayType] = {}
    # Own days come last, whatever the files' order.
    for table in sorted(tables, key=lambda t: isinstance(t, OwnDays)):
        for entry in entries_of(table):
            for days in (off, working, types):
                days.pop(entry.day, None)
            if entry.kind in _OFF:
                off[entry.day] = entry.name
                types[entry.day] = entry.kind
            elif entry.kind is DayType.SWAPPED_WORKED:
                working[entry.day] = entry.name
                types[entry.day] = entry.kind
    return WorkCalendar(off, working, types, years)


def table_faults(
    tables: Mapping[str, Table], unread: Collection[str] = ()
) -> Iterator[tuple[str, KeyPath, str]]:
    """Yield each fault of tables by their files' names: the name, the place, what was expected.

    `unread` are the names of files that could not be read, so that nothing is said of what
    they may hold.
    """
    own_unread = any(not name.isdecimal() for name in unread)
    effective: dict[date, Entry] = {}
    first: dict[tuple[bool, date], str] = {}
    for name, table in tables.items():
        yield from _year_faults(name, table)
        is_own = isinstance(table, OwnDays)
        for n, entry in enumerate(entries_of(table)):
            yield from ((name, ("days", n, *place), words) for place, words in _day_faults(entry))
            if isinstance(table, YearTable) and entry.day.year != table.year:
                yield name, ("days", n, "day"), f"expected a day of {table.year}"
            elif (is_own, entry.day) in first:
                where = first[is_own, entry.day]
                also = "" if where == name else f", also in {where}.yaml"
                yield name, ("days", n, "day"), f"{entry.day} exists twice{also}"
            else:
                first[is_own, entry.day] = name
                if is_own or not isinstance(effective.get(entry.day), OwnDay):
                    effective[entry.day] = entry
    for name, table in tables.items():
        for n, entry in enumerate(entries_of(table)):
            if effective.get(entry.day) is not entry or entry.instead_of is None or own_unread:
                continue
            if str(entry.instead_of.year) not in unread:
                for words in _pair_faults(entry, effective):
                    yield name, ("days", n, "instead_of"), f"instead_of: {words}"
    years = [int(name) for name in (*tables, *unread) if name.isdecimal()]
    for year in range(min(years, default=0), max(years, default=0)):
        if year not in years:
            span = f"{min(years)} to {max(years)}"
            yield str(year), (), f"is missing; the table runs from {span}"


def _year_faults(name: str, table: Table) -> Iterator[tuple[str, KeyPath, str]]:
    if isinstance(table, YearTable) and name != str(table.year):
        yield name, ("year",), f"expected {name}, the file's name, found {table.year}"


def _day_faults(entry: Entry) -> Iterator[tuple[KeyPath, str]]:
    is_weekend = entry.day.weekday() >= SATURDAY
    if entry.kind is DayType.SWAPPED_WORKED and not is_weekend:
        yield ("day",), "expected a Saturday or Sunday, since the others are worked anyway"
    if entry.kind in (DayType.SWAPPED_OFF, DayType.COMPENSATORY) and is_weekend:
        yield ("day",), "expected Monday to Friday, since the others are off anyway"
    if entry.kind in _PAIRS and entry.instead_of is None:
        yield (), f"instead_of is missing, the {_PAIRS[entry.kind]} day of this {entry.kind} day"
    if entry.kind not in _PAIRS and entry.instead_of is not None:
        yield ("instead_of",), f"a day of type {entry.kind} stands in for no other"


def _pair_faults(entry: Entry, effective: Mapping[date, Entry]) -> Iterator[str]:
    """Yield what is wrong with the day that `entry` stands in for."""
    wanted = _PAIRS.get(entry.kind)
    if wanted is None or entry.instead_of is None:
        return
    other = effective.get(entry.instead_of)
    if other is None or other.kind is not wanted:
        found = other.kind if other else "nothing"
        yield f"expected {entry.instead_of} to be {wanted}, found {found}"
    elif entry.kind is DayType.COMPENSATORY:
        if other.day.weekday() < SATURDAY:
            yield f"expected a holiday on a weekend, which {other.day} is not"
    elif other.instead_of is not None and other.instead_of != entry.day:
        yield f"expected {other.day} to name {entry.day}, found {other.instead_of}"
