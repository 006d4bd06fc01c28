"""The event log as people read it: in Vietnamese, filtered, a page at a time."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kybaocao.adapters.ledger import Event, Logged, Sought
from kybaocao.rules.calendar.official_days import start_of
from kybaocao.rules.cells.text import clean, fold
from kybaocao.rules.cycle.event_words import (
    about_words,
    act_words,
    actor_key,
    actor_words,
    detail_words,
)
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office

LINES = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LogLine:
    """One event: when, who, what, about what; `path` is the page about it, or empty."""

    at: datetime
    actor: str
    what: str
    about: str
    path: str
    detail: tuple[tuple[str, str], ...]
    event: Event


@dataclass(frozen=True)
class LogPage:
    """A page of the log, newest line first; pages count from 1."""

    lines: tuple[LogLine, ...]
    number: int
    pages: int
    total: int


def log_page(
    office: Office, regime: Regime, day: date | None, actor: str, text: str, number: int
) -> LogPage:
    """Return a page of a regime's log: of one day, of who did it, about what, each if given.

    `text` is a part of a key or a file's name, or of an agency's name. A page beyond the last
    is the last.
    """
    # What the log has no signs for, such as NUL, the database may refuse.
    actor, text = actor_key(clean(actor)), clean(text)
    sought = Sought(
        regime.id,
        start_of(day) if day else None,
        start_of(day + ONE_DAY) if day else None,
        actor,
        text,
        _named(regime, text),
    )
    total = office.ledger.views.count(sought)
    pages = max(1, math.ceil(total / LINES))
    number = min(max(1, number), pages)
    found = office.ledger.views.lines(sought, LINES, (number - 1) * LINES)
    return LogPage(tuple(line_of(regime, each) for each in found), number, pages, total)


def lines_of_day(office: Office, regime: Regime, day: date) -> list[LogLine]:
    """Return everything that a regime's log says of a day, newest first."""
    sought = Sought(regime.id, start_of(day), start_of(day + ONE_DAY))
    return [line_of(regime, each) for each in office.ledger.views.lines(sought, limit=10_000)]


def line_of(regime: Regime, logged: Logged) -> LogLine:
    """Return a line of the log in words."""
    event = logged.event
    detail = detail_words(regime, event.detail)
    if logged.file_name:
        detail.insert(0, ("tệp", logged.file_name))
    return LogLine(
        event.at,
        actor_words(event.actor),
        act_words(event.act),
        about_words(regime, logged.about, logged.file_name),
        f"/bao-cao/{logged.obligation_id}" if logged.obligation_id else "",
        tuple(detail),
        event,
    )


def _named(regime: Regime, text: str) -> tuple[str, ...]:
    """Return the codes of the agencies in whose names `text` is, as people compare names."""
    key = fold(text)
    if not key:
        return ()
    return tuple(
        agency.code
        for agency in regime.agencies.values()
        if key in fold(agency.name) or key in fold(agency.short)
    )
