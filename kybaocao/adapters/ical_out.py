"""Writes calendars of deadlines as iCalendar (RFC 5545), for the calendars that people keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDatetime

from kybaocao.rules.calendar.workdays import ONE_DAY

ZONE = "Asia/Ho_Chi_Minh"
PRODUCT = "-//kybaocao//Ky Bao Cao//VI"


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One deadline as a calendar shows it.

    `day` is the last day in time, which people look for, and `due` the midnight that ends it.
    `uid` stays the same for the same report; `sequence` grows with each decision that changed
    it, the last one at `changed`.
    """

    uid: str
    day: date
    due: datetime
    summary: str
    description: str
    category: str = ""
    is_cancelled: bool = False
    sequence: int = 0
    changed: datetime | None = None


def written(name: str, deadlines: Iterable[CalendarEvent], stamp: datetime) -> bytes:
    """Return a calendar of whole-day events, one for each deadline.

    The same input gives the same bytes: `stamp`, an aware time, says as of when the calendar is
    true (RFC 5545, 3.8.7.2). Events take no time of the day, so that nobody counts as busy, and
    ring no bell: letters remind, and they end when the report has come.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_zone())
    for deadline in deadlines:
        calendar.add_component(_event(deadline, stamp))
    data: bytes = calendar.to_ical()
    return data


def _zone() -> Timezone:
    """Return Vietnam's time, UTC+7 without change since 1975."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))
    standard.add("tzoffsetfrom", timedelta(hours=7))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add_component(standard)
    return zone


def _event(deadline: CalendarEvent, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", deadline.uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    if deadline.changed is not None:
        event.add("last-modified", deadline.changed.astimezone(UTC))
    event.add("sequence", deadline.sequence)
    # Without a time zone, as 3.3.4 wants a day to be: the same day wherever it is read.
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + ONE_DAY)
    # The exact instant, for programs.
    event.add("x-kybaocao-due", vDatetime(deadline.due, {"VALUE": "DATE-TIME"}))
    event.add("summary", deadline.summary)
    event.add("description", deadline.description)
    if deadline.category:
        event.add("categories", [deadline.category])
    event.add("status", "CANCELLED" if deadline.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PUBLIC")
    return event
