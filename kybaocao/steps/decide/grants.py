"""More time for a report, no report at all, and either taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.adapters.ledger import LetterDraft
from kybaocao.rules.calendar.official_days import VIETNAM, official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Due, Obligation, is_replaced, obligations, owed_periods
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.waiver import Exemption, Waiver, WishAnswer, check_near
from kybaocao.rules.errors import DecisionError
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.cycle.open_period import opening
from kybaocao.steps.decide.wishes import open_wishes
from kybaocao.steps.standings import Standpoint, standings


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

    Recorded twice it counts once, and the agency's open wishes for more time are answered with
    it. Raises DecisionError if the agency owes no such report, or `until` is before the deadline
    that the regime sets, and RefusedError if it is more than a year off.
    """
    due = _due(office, regime, duty, period, agency)
    if until < due.last_day:
        raise DecisionError(
            f"{until} is before {due.last_day}, the day on which the report is due anyway",
            f"Ngày gia hạn phải không trước hạn theo quy định ({official_day(due.last_day)}).",
        )
    check_near(until, due.last_day, now.astimezone(VIETNAM).date())
    of = (regime, duty, period, agency)
    granted = _grant(office, Exemption.EXTENSION, *of, until, word, now)
    owed = office.ledger.find_owed(regime.id, duty.id, period.id, agency)
    for wish in open_wishes(office, owed.id) if owed else ():
        # The letter on what was granted is their answer too.
        answer = (WishAnswer.GRANTED, word.reason, word.actor, now)
        office.ledger.decisions.answer_wish(wish.id, *answer)
    return granted


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
        raise DecisionError(
            f"nothing was granted to {agency} for {period_id or 'any period'}",
            "Chưa có gia hạn hay miễn nào cho báo cáo này để thu hồi.",
        )
    return _grant(office, Exemption.WITHDRAWAL, regime, duty, period, agency, None, word, now)


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
        raise DecisionError(
            "an exception needs its reason, and who granted it",
            "Ghi lý do và người quyết định.",
        )
    of = (regime.id, duty.id, period.id if period else "", agency)
    waiver = Waiver(kind, *of, until, word.reason, word.granted_by, word.actor, now)
    recorded = office.ledger.decisions.grant(waiver)
    answers = answerable(regime, agency, now.astimezone(VIETNAM).date())
    if answers is not None:
        for stands in standings(office, now, regime=of[0], duty=of[1], agency=agency):
            owed = stands.owed
            # Queued again after a kill between the two; the decision's number lets it in once.
            about = (owed.regime, owed.duty, owed.period, owed.agency)
            draft = LetterDraft(Kind.GRANTED, "", *about, waiver_id=recorded.id)
            if recorded in stands.words and (period or not stands.standing.is_received):
                drafts = to_contacts(office.ledger, draft, answers.code)
                drafts += _workbook(office, stands, answers.code)
                office.ledger.queue(drafts, now)
    return recorded


def _workbook(office: Office, stands: Standpoint, answers: str) -> list[LetterDraft]:
    """Return the opening letter of who got none yet, as it was waived when the period opened."""
    regime, duty, owed = stands.regime, stands.duty, stands.owed
    of = {"regime": owed.regime, "duty": owed.duty, "period": owed.period, "agency": owed.agency}
    if not duty.ladder.opening or stands.standing.is_settled:
        return []
    if office.ledger.post.letters(**of, kind=Kind.OPENING.value):
        return []
    asked, term = office.asked(regime, duty, stands.period)
    return opening(office, regime, asked, Obligation(term, owed.agency, owed.due), answers)
