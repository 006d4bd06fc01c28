"""Calendars as files for people's own calendars: a regime's, and each agency's."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from kybaocao.adapters import ical_out
from kybaocao.adapters.ical_out import CalendarEvent
from kybaocao.rules.calendar.official_days import VIETNAM, official_day, span_words, start_of
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.cells.phrases import capital, quoted
from kybaocao.rules.cycle.obligation import obligations, terms
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.standings import Standpoint, standings, unopened
from kybaocao.steps.view.calendar import CalendarEntry, entry

AHEAD = timedelta(days=366)
DUE, WAIVED = "Hạn nộp", "Được miễn"


def regime_file(
    regime: Regime, found: Iterable[CalendarEntry], domain: str, agency: str = ""
) -> bytes:
    """Return these entries as iCalendar; the same entries give the same bytes.

    With the code of an agency the events are that one's, under the UIDs that its letters use.
    """
    name = regime.agencies[agency].name if agency else regime.province
    # True since the document, as long as nothing in config/ changes.
    stamp = start_of(regime.document.date or regime.in_force.since)
    deadlines = [_deadline(each, domain, agency) for each in found]
    return ical_out.written(f"Lịch báo cáo – {name}", deadlines, stamp)


def agency_file(office: Office, regime: Regime, code: str, now: datetime) -> bytes:
    """Return what an agency owes from now on as iCalendar, a year ahead.

    Requests are among it, and exceptions that were granted hold.
    """
    agency = regime.agencies[code]
    domain = office.settings.mail.sender.rpartition("@")[2]
    today = now.astimezone(VIETNAM).date()
    found = sorted(
        _agency_deadlines(office, regime, agency, domain, today, now),
        key=lambda deadline: (deadline.day, deadline.uid),
    )
    return ical_out.written(f"Lịch báo cáo – {agency.name}", found, now)


def _agency_deadlines(
    office: Office, regime: Regime, agency: Agency, domain: str, today: date, now: datetime
) -> Iterator[CalendarEvent]:
    found = standings(office, now, regime=regime.id, agency=agency.code)
    known = {(stands.duty.id, stands.owed.period) for stands in found}
    for duty in regime.duties:
        for term in terms(regime, duty, today, today + AHEAD, office.config.calendar):
            for owed in obligations(regime, duty, term):
                if owed.agency == agency.code and (duty.id, term.period.id) not in known:
                    found.append(unopened(office, regime, duty, owed, now))
    for stands in found:
        if stands.owed.due.last_day >= today:
            yield _owed(office, regime, stands, domain)


def _owed(office: Office, regime: Regime, stands: Standpoint, domain: str) -> CalendarEvent:
    """Return an obligation, with what was granted, as its deadline."""
    owed, agency = stands.owed, stands.agency
    duty, term = office.asked(regime, stands.duty, stands.period)
    shown = entry(office.config, regime, duty, term, owed.due, "", [agency])
    deadline = _deadline(shown, domain, agency.code)
    note = f"{capital(stands.note)}.\n" if stands.note else ""
    is_waived = stands.standing.state is State.WAIVED
    return replace(
        deadline,
        summary=deadline.summary.replace(DUE, WAIVED) if is_waived else deadline.summary,
        description=note + deadline.description,
        is_cancelled=is_waived,
        sequence=len(stands.words),
        changed=stands.words[-1].at if stands.words else None,
    )


def _deadline(shown: CalendarEntry, domain: str, agency: str) -> CalendarEvent:
    tier = agency or (f"cap-{shown.tier}" if shown.tier else "")
    path = "/".join(filter(None, (shown.duty, shown.period, tier)))
    title = report_title(shown.duty_name, shown.period_label)
    whose = f" ({shown.who})" if shown.tier and not agency else ""
    return CalendarEvent(
        uid=f"{path}@{domain}",
        day=shown.last_day,
        due=shown.due,
        summary=f"{DUE}: {title}{whose}",
        description="\n".join(_lines(shown)),
        category="Báo cáo cải cách hành chính",
    )


def _lines(shown: CalendarEntry) -> Iterator[str]:
    yield f"Hạn: 24 giờ ngày {official_day(shown.last_day)}, giờ Việt Nam."
    if shown.is_moved:
        stated = f"{official_day(shown.stated_day)}, là ngày nghỉ ({shown.stated_day_off})"
        yield f"Ngày theo văn bản, {stated}: {shown.days_off}."
    elif shown.day_off:
        last = official_day(shown.last_working_day)
        yield f"Ngày cuối cùng là ngày nghỉ ({shown.day_off}): {shown.days_off}."
        yield f"Ngày làm việc cuối cùng trước hạn: {last}."
    if shown.provisional and shown.rests_on_days_off:
        yield f"Lịch nghỉ năm {shown.last_day.year} là tạm tính: {shown.provisional}"
    window = span_words(Window(shown.window_first, shown.window_last))
    yield f"Số liệu: {window}."
    yield f"Đơn vị báo cáo: {shown.who}. Nơi nhận: {shown.recipient}."
    yield f"Biểu mẫu: {shown.form}. Mở kỳ: {official_day(shown.opens)}."
    yield f"Căn cứ: {shown.clause}: {quoted(shown.stated)}."
    if shown.assumptions:
        yield "Chỗ văn bản không quy định rõ, áp dụng cách hiểu sau:"
    for assumption in shown.assumptions:
        yield f"- {assumption}"
