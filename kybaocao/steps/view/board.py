"""The secretariat's board: the agencies that owe a duty's reports, by its latest terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.adapters.ledger import OnBooks
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import VIETNAM, official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.phrases import joined
from kybaocao.rules.cells.text import holds
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.level import Level
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.standings import Standpoint, counts, standings

LATEST, MOST_OF_YEAR = 6, 12


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: a duty, and of it a year, a level, a state, the missing ones.

    `text` is a part of an agency's name, as people type it.
    """

    duty: str = ""
    year: int | None = None
    level: str = ""
    state: State | None = None
    is_missing_only: bool = False
    text: str = ""


@dataclass(frozen=True)
class Tally:
    """How the reports of one term stand; `due` is the last day in words, or several."""

    duty: Duty
    period: Period
    due: str
    number: dict[str, int]

    @property
    def title(self) -> str:
        return report_title(self.duty.name, self.period.label)

    @property
    def is_partial(self) -> bool:
        return self.number["missing"] > 0


@dataclass(frozen=True)
class BoardRow:
    """An agency and its report of each term shown; None where it owes none."""

    agency: Agency
    cells: tuple[Standpoint | None, ...]


@dataclass(frozen=True)
class Open:
    """A term whose deadline is still to come."""

    duty: Duty
    period: Period
    last_day: date

    @property
    def title(self) -> str:
        return report_title(self.duty.name, self.period.label)


@dataclass(frozen=True)
class Board:
    """What is shown of `duty` (None if nothing was ever opened), and what can be chosen.

    `groups` are the rows that were asked for by level; `tallies` count everybody of the level.
    """

    duty: Duty | None
    duties: tuple[Duty, ...]
    years: tuple[int, ...]
    levels: tuple[Level, ...]
    open: tuple[Open, ...]
    tallies: tuple[Tally, ...] = ()
    groups: tuple[tuple[str, tuple[BoardRow, ...]], ...] = ()

    @property
    def shown(self) -> int:
        """How many agencies are shown."""
        return sum(len(rows) for _, rows in self.groups)


def board(office: Office, regime: Regime, asked: Asked, now: datetime) -> Board:
    """Return how a duty's latest reports stand, those due last first.

    Of no duty, or one of which nothing was opened, it is the one whose deadline is nearest.
    """
    today = now.astimezone(VIETNAM).date()
    declared = {duty.id: duty for duty in regime.duties}
    books = [term for term in office.ledger.views.terms(regime.id) if term.duty in declared]
    coming = sorted((t for t in books if t.last_day >= today), key=lambda t: t.last_day)
    nearest = sorted(books, key=lambda t: (abs((t.last_day - today).days), t.last_day))
    first = next((t.duty for t in nearest), "")
    chosen = asked.duty if any(t.duty == asked.duty for t in books) else first
    mine = [t for t in books if t.duty == chosen]
    of = {"regime": regime.id, "duty": chosen}
    terms = [standings(office, now, **of, period=term.period) for term in _wanted(mine, asked)]
    levels = {s.agency.level for found in terms for s in found}
    if asked.level:
        terms = [[s for s in found if s.agency.level == asked.level] for found in terms]
    terms = [found for found in terms if found]
    on_books = {t.duty for t in books}
    return Board(
        duty=declared.get(chosen),
        duties=tuple(duty for duty in regime.duties if duty.id in on_books),
        years=tuple(sorted({Period.parse(t.period).year for t in mine}, reverse=True)),
        levels=tuple(level for level in regime.levels.values() if level.id in levels),
        open=tuple(_open(office, regime, declared[t.duty], t) for t in coming),
        tallies=tuple(map(tally, terms)),
        groups=_groups(regime, terms, asked),
    )


def _open(office: Office, regime: Regime, duty: Duty, term: OnBooks) -> Open:
    """Return an open term under its own name: a request has one."""
    period = Period.parse(term.period)
    if period.frequency is Frequency.REQUEST:
        duty = office.asked(regime, duty, period)[0]
    return Open(duty, period, term.last_day)


def tally(found: Sequence[Standpoint]) -> Tally:
    """Return the counts of a term's reports, at least one."""
    first = found[0]
    # Who has more time is told in its own cell.
    days = {s.owed.due.last_day for s in found if s.granted is None} or {first.owed.due.last_day}
    due = joined([official_day(day) for day in sorted(days)])
    return Tally(first.duty, first.period, due, counts(found))


def _wanted(terms: Sequence[OnBooks], asked: Asked) -> Sequence[OnBooks]:
    of_year = [t for t in terms if Period.parse(t.period).year == asked.year]
    return of_year[:MOST_OF_YEAR] if of_year else terms[:LATEST]


def _groups(
    regime: Regime, terms: Sequence[Sequence[Standpoint]], asked: Asked
) -> tuple[tuple[str, tuple[BoardRow, ...]], ...]:
    owed = [{s.agency.code: s for s in found} for found in terms]
    agencies = {s.agency.code: s.agency for found in terms for s in found}
    groups = []
    for level in regime.levels.values():
        members = [agency for agency in agencies.values() if agency.level == level.id]
        rows = [BoardRow(a, tuple(of_term.get(a.code) for of_term in owed)) for a in members]
        kept = tuple(row for row in rows if _is_wanted(row, asked))
        if kept:
            groups.append((level.heading, kept))
    return tuple(groups)


def _is_wanted(row: BoardRow, asked: Asked) -> bool:
    """Return whether an agency, and any of its reports, is as asked."""
    if asked.text and not any(holds(n, asked.text) for n in (row.agency.name, row.agency.short)):
        return False
    standing = [s.standing for s in row.cells if s is not None]
    if asked.is_missing_only:
        standing = [s for s in standing if not s.is_settled]
    return any(asked.state in (None, s.state) for s in standing)
