"""Reports that somebody asks for, and asks for no more."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period, Window
from kybaocao.rules.cycle.request import Request, check_request, reporters_on
from kybaocao.rules.errors import DecisionError
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.decide.grants import Word, waive


class RequestWords(TypedDict):
    """What is asked for, of whom (nobody named: of the duty's reporters), by when, and why."""

    title: str
    form: str
    agencies: Sequence[str]
    window: Window
    last_day: date
    word: Word
    now: datetime


def ask(
    office: Office, regime: Regime, duty: Duty, **asked: Unpack[RequestWords]
) -> tuple[Request, bool]:
    """Record that a report is asked for, due at the end of its last day.

    Returns the request and whether it is new; the same words again are the same request. Raises
    RefusedError as `drafted` does.
    """
    return office.ledger.decisions.ask(drafted(office, regime, duty, **asked))


def drafted(office: Office, regime: Regime, duty: Duty, **asked: Unpack[RequestWords]) -> Request:
    """Return the request that would be recorded, its number 0; nothing is written.

    Raises RefusedError if the duty takes no requests, or form, agencies or days do not fit.
    """
    title, form, agencies = asked["title"], asked["form"], asked["agencies"]
    window, last_day, word, now = asked["window"], asked["last_day"], asked["word"], asked["now"]
    today = now.astimezone(VIETNAM).date()
    chosen = tuple(dict.fromkeys(agencies))
    request = Request(
        regime=regime.id,
        duty=duty.id,
        year=today.year,
        number=0,
        title=title,
        form=form,
        agencies=chosen or reporters_on(regime, duty, last_day),
        window=window,
        opens=today,
        last_day=last_day,
        reason=word.reason,
        granted_by=word.granted_by,
        actor=word.actor,
        at=now,
    )
    check_request(request, regime, duty, {known for known, _ in office.config.forms})
    return request


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
