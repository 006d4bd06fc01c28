"""Reports that somebody asks for, and asks for no more."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period, Window
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.waiver import check_near
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
    return Request(
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
