"""What people decide: more time, no report at all, or a report that nobody awaited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.adapters.ledger import Draft
from kybaocao.rules.duty import Duty
from kybaocao.rules.finding import RefusedError
from kybaocao.rules.obligation import (
    VIETNAM,
    Due,
    Obligation,
    is_replaced,
    obligations,
    owed_periods,
)
from kybaocao.rules.period import Frequency, Period, Window
from kybaocao.rules.regime import Regime
from kybaocao.rules.reminder import Kind
from kybaocao.rules.request import Request
from kybaocao.rules.succession import answerable
from kybaocao.rules.waiver import Exemption, Waiver
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.open_period import opening
from kybaocao.steps.standings import Standpoint, standings


class DecisionError(RefusedError):
    """What was decided does not fit the regime."""


@dataclass(frozen=True)
class Word:
    """Why something was granted, by whose word, and who recorded it."""

    reason: str
    granted_by: str
    actor: str = "operator"


def extend(
    office: Office,
    regime: Regime,
    duty: Duty,
    period: Period,
    agency: str,
    until: date,
    word: Word,
    now: datetime,
) -> Waiver:
    """Give an agency time until the end of `until`; return what is recorded.

    Recorded twice it counts once. Raises DecisionError if the agency owes no such report, or
    `until` is before the deadline that the regime sets.
    """
    due = _due(office, regime, duty, period, agency)
    if until < due.last_day:
        raise DecisionError(
            f"{until} is before {due.last_day}, the day on which the report is due anyway"
        )
    return _grant(office, Exemption.EXTENSION, regime, duty, period, agency, until, word, now)


def waive(
    office: Office,
    regime: Regime,
    duty: Duty,
    period: Period | None,
    agency: str,
    until: date | None,
    word: Word,
    now: datetime,
) -> Waiver:
    """Free an agency from one report, or with `until` from those that fall due till then.

    Returns what is recorded. Raises DecisionError if the agency owes no such report.
    """
    if (period is None) == (until is None):
        raise DecisionError("a waiver is for one period, or until a day")
    if period is not None:
        _due(office, regime, duty, period, agency)
    else:
        _reporter(regime, duty, agency)
    return _grant(office, Exemption.WAIVER, regime, duty, period, agency, until, word, now)


def withdraw(
    office: Office,
    regime: Regime,
    duty: Duty,
    period: Period | None,
    agency: str,
    word: Word,
    now: datetime,
) -> Waiver:
    """Take back what was granted for a report (or, without a period, until a day).

    Returns what is recorded. Raises DecisionError if nothing was granted.
    """
    about = {"regime": regime.id, "duty": duty.id, "agency": agency}
    period_id = period.id if period else ""
    if not office.ledger.decisions.waivers(**about, period=period_id):
        raise DecisionError(f"nothing was granted to {agency} for {period_id or 'any period'}")
    return _grant(office, Exemption.WITHDRAWAL, regime, duty, period, agency, None, word, now)


def cancel(
    office: Office, regime: Regime, duty: Duty, period: Period, word: Word, now: datetime
) -> int:
    """Take a request back: free everyone who was asked; return how many they are.

    Raises DecisionError if nobody asked for that period.
    """
    of = {"regime": regime.id, "duty": duty.id}
    requests = office.ledger.decisions.requests(**of, year=period.year, number=period.index)
    if period.frequency is not Frequency.REQUEST or not requests:
        raise DecisionError(f"{regime.id}/{duty.id}/{period.id} is no request")
    for agency in requests[0].agencies:
        waive(office, regime, duty, period, agency, None, word, now)
    return len(requests[0].agencies)


def ask(
    office: Office,
    regime: Regime,
    duty: Duty,
    *,
    title: str,
    form: str,
    agencies: Sequence[str],
    window: Window,
    last_day: date,
    word: Word,
    now: datetime,
) -> tuple[Request, bool]:
    """Record that a report is asked for, due at the end of `last_day`.

    Without agencies it is asked of the duty's reporters. Returns the request and whether it
    is new; the same words again are the same request. Raises DecisionError if the duty takes
    no requests, or form, agencies or days do not fit.
    """
    today = now.astimezone(VIETNAM).date()
    if not duty.takes_requests:
        raise DecisionError(f"{regime.id}/{duty.id} takes no requests: declare `on_request: true`")
    if not any(form == known for known, _ in office.config.forms):
        known_forms = ", ".join(sorted({known for known, _ in office.config.forms}))
        raise DecisionError(f"no form '{form}'; known: {known_forms}")
    if not all(said.strip() for said in (title, word.reason, word.granted_by)):
        raise DecisionError("a request needs its title, its reason, and who asks")
    if last_day < today:
        raise DecisionError(f"{last_day} is over")
    if window.last > last_day:
        raise DecisionError(f"the data would end on {window.last}, after the report is due")
    if window.last < window.first:
        raise DecisionError(f"the data would end on {window.last}, before {window.first}")
    chosen = tuple(dict.fromkeys(agencies)) or tuple(
        a.code
        for a in regime.agencies.values()
        if duty.reporters.include(a) and a.exists_on(last_day)
    )
    for code in chosen:
        if code not in regime.agencies:
            raise DecisionError(f"no agency '{code}' in {regime.id}")
        if not regime.agencies[code].exists_on(last_day):
            raise DecisionError(f"{code} does not exist on {last_day}")
    if not chosen:
        raise DecisionError("nobody is asked: name at least one agency")
    request = Request(
        regime=regime.id,
        duty=duty.id,
        year=today.year,
        number=0,
        title=title,
        form=form,
        agencies=chosen,
        window=window,
        opens=today,
        last_day=last_day,
        reason=word.reason,
        granted_by=word.granted_by,
        actor=word.actor,
        at=now,
    )
    return office.ledger.decisions.ask(request)


def _due(office: Office, regime: Regime, duty: Duty, period: Period, agency: str) -> Due:
    """Return the deadline by rule of an agency's report. Raises DecisionError if it owes none."""
    on_books = office.ledger.find_owed(regime.id, duty.id, period.id, agency)
    if on_books is not None:
        return on_books.due
    asked = duty.is_asked(period)
    if not asked and period not in owed_periods(duty, period.year, period.year):
        raise DecisionError(f"{regime.id}/{duty.id} has no period '{period.id}'")
    if not asked and is_replaced(regime, duty, period):
        raise DecisionError(f"another report stands for {regime.id}/{duty.id}/{period.id}")
    duty, term = office.asked(regime, duty, period)
    for obligation in obligations(regime, duty, term):
        if obligation.agency == agency:
            return obligation.due
    raise DecisionError(f"{agency} owes no {regime.id}/{duty.id} for {period.id}")


def _reporter(regime: Regime, duty: Duty, agency: str) -> None:
    declared = regime.agencies.get(agency)
    if declared is None or not duty.reporters.include(declared):
        raise DecisionError(f"{agency} does not owe {regime.id}/{duty.id}")


def _grant(
    office: Office,
    kind: Exemption,
    regime: Regime,
    duty: Duty,
    period: Period | None,
    agency: str,
    until: date | None,
    word: Word,
    now: datetime,
) -> Waiver:
    if not word.reason.strip() or not word.granted_by.strip():
        raise DecisionError("an exception needs its reason, and who granted it")
    of = (regime.id, duty.id, period.id if period else "", agency)
    waiver = Waiver(kind, *of, until, word.reason, word.granted_by, word.actor, now)
    recorded = office.ledger.decisions.grant(waiver)
    answers = answerable(regime, agency, now.astimezone(VIETNAM).date())
    if answers is not None:
        for stands in standings(office, now, regime=of[0], duty=of[1], agency=agency):
            owed = stands.owed
            # Queued again after a kill between the two; the decision's time lets it in once.
            about = (owed.regime, owed.duty, owed.period, owed.agency)
            draft = Draft(Kind.GRANTED, "", *about, f"{recorded.at:%Y-%m-%dT%H:%M:%S}")
            if recorded in stands.words and (period or not stands.standing.is_received):
                drafts = to_contacts(office.ledger, draft, answers.code)
                drafts += _workbook(office, stands, answers.code)
                office.ledger.queue(drafts, now)
    return recorded


def _workbook(office: Office, stands: Standpoint, answers: str) -> list[Draft]:
    """Return the opening letter of who got none yet, as it was waived when the period opened."""
    regime, duty, owed = stands.regime, stands.duty, stands.owed
    of = {"regime": owed.regime, "duty": owed.duty, "period": owed.period, "agency": owed.agency}
    if not duty.ladder.opening or stands.standing.is_settled:
        return []
    if office.ledger.post.letters(**of, kind=Kind.OPENING.value):
        return []
    asked, term = office.asked(regime, duty, stands.period)
    return opening(office, regime, asked, Obligation(term, owed.agency, owed.due), answers)
