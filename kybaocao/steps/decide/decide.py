"""What people decide: more time, no report at all, or a report that nobody awaited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kybaocao.adapters.ledger import Draft
from kybaocao.rules.calendar.official_days import VIETNAM, official_day
from kybaocao.rules.calendar.period import Frequency, Period, Window
from kybaocao.rules.cycle.obligation import Due, Obligation, is_replaced, obligations, owed_periods
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.waiver import Exemption, ExtensionRequest, Waiver, WishAnswer, check_near
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.cycle.open_period import opening
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
    is new; the same words again are the same request. Raises RefusedError if the duty takes
    no requests, or form, agencies or days do not fit.
    """
    today = now.astimezone(VIETNAM).date()
    if not duty.takes_requests:
        raise DecisionError(
            f"{regime.id}/{duty.id} takes no requests: declare `on_request: true`",
            f"“{duty.name}” không được yêu cầu ngoài lịch.",
        )
    if not any(form == known for known, _ in office.config.forms):
        known_forms = ", ".join(sorted({known for known, _ in office.config.forms}))
        raise DecisionError(f"no form '{form}'; known: {known_forms}", "Chọn một biểu mẫu có sẵn.")
    if not all(said.strip() for said in (title, word.reason, word.granted_by)):
        raise DecisionError(
            "a request needs its title, its reason, and who asks",
            "Ghi nội dung yêu cầu, căn cứ và người yêu cầu.",
        )
    if last_day < today:
        raise DecisionError(f"{last_day} is over", f"Hạn nộp {last_day:%d/%m/%Y} đã qua.")
    check_near(last_day, today)
    if window.last > last_day:
        raise DecisionError(
            f"the data would end on {window.last}, after the report is due",
            "Ngày cuối của số liệu phải không sau hạn nộp.",
        )
    if window.last < window.first:
        raise DecisionError(
            f"the data would end on {window.last}, before {window.first}",
            "Ngày đầu của số liệu phải không sau ngày cuối.",
        )
    chosen = tuple(dict.fromkeys(agencies)) or tuple(
        a.code
        for a in regime.agencies.values()
        if duty.reporters.include(a) and a.exists_on(last_day)
    )
    for code in chosen:
        if code not in regime.agencies:
            raise DecisionError(f"no agency '{code}' in {regime.id}", f"Không có đơn vị “{code}”.")
        if not regime.agencies[code].exists_on(last_day):
            raise DecisionError(
                f"{code} does not exist on {last_day}",
                f"{regime.agencies[code].name} không còn hoặc chưa có vào hạn nộp.",
            )
        if not regime.recipient_of(duty, regime.agencies[code]):
            raise DecisionError(
                f"{code} has no superior to whom it would report",
                f"{regime.agencies[code].name} không có cơ quan cấp trên nhận báo cáo này.",
            )
    if not chosen:
        raise DecisionError("nobody is asked: name at least one agency", "Chọn ít nhất một đơn vị.")
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


def wish_for_time(
    office: Office, stands: Standpoint, until: date, reason: str, actor: str, now: datetime
) -> tuple[ExtensionRequest, bool]:
    """Record that a report's agency wishes for time until the end of `until`.

    The secretariat gets a letter. Returns the wish and whether it is new; the same wish again
    is the one that is there, be it answered. Raises RefusedError if the report needs no more
    time, or without a reason or a day that gives more.
    """
    last_day, today = stands.owed.due.last_day, now.astimezone(VIETNAM).date()
    if stands.standing.is_settled:
        raise DecisionError(
            f"{stands.owed.key} is settled",
            "Báo cáo đã được nhận hoặc được miễn, nên không cần gia hạn.",
        )
    if not reason.strip():
        raise DecisionError("a wish needs its reason", "Hãy ghi lý do xin gia hạn.")
    if until <= last_day or until < today:
        raise DecisionError(
            f"{until} gives no more time",
            f"Ngày xin gia hạn phải sau hạn hiện nay ({official_day(last_day)}) và chưa qua.",
        )
    check_near(until, last_day, today)
    owed = stands.owed
    about = (owed.regime, owed.duty, owed.period, owed.agency)
    draft = Draft(Kind.EXTENSION_ASKED, "", *about, "")
    drafts = to_contacts(office.ledger, draft, stands.regime.secretariat)
    wish = ExtensionRequest(0, owed.id, until, reason.strip(), actor, now)
    return office.ledger.decisions.wish(wish, drafts)


def open_wishes(office: Office, obligation_id: int) -> list[ExtensionRequest]:
    """Return the wishes for more time for a report that nobody has answered, oldest first."""
    return office.ledger.decisions.wishes(obligation_id=obligation_id, answer="")


def decline(office: Office, wish_id: int, reason: str, actor: str, now: datetime) -> None:
    """Decide that a wish for more time is not granted; its agency hears why.

    Raises DecisionError for a wish that is not there or has an answer, or without a reason.
    """
    answered = "Yêu cầu gia hạn này không còn chờ trả lời."
    wish = next(iter(office.ledger.decisions.wishes(id=wish_id)), None)
    owed = office.ledger.owed_of(wish.obligation_id) if wish else None
    if wish is None or owed is None or not wish.is_open:
        raise DecisionError(f"no wish {wish_id} is open", answered)
    if not reason.strip():
        raise DecisionError("declining needs its reason", "Hãy ghi lý do không gia hạn.")
    regime, today = office.regime(owed.regime), now.astimezone(VIETNAM).date()
    about = (owed.regime, owed.duty, owed.period, owed.agency)
    answers = answerable(regime, owed.agency, today)
    draft = Draft(Kind.DECLINED, "", *about, f"w{wish.id}")
    drafts = to_contacts(office.ledger, draft, answers.code) if answers else []
    answer = (WishAnswer.DECLINED, reason.strip(), actor, now)
    if not office.ledger.decisions.answer_wish(wish.id, *answer, drafts):
        raise DecisionError(f"wish {wish_id} was answered meanwhile", answered)


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
