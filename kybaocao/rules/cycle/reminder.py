"""Which letters a report calls for on a given day. A reminder is a state, not a moment."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.cycle.obligation import Due, Term
from kybaocao.rules.regime.duty import Duty, Ladder


class Kind(StrEnum):
    """The letters that we write; each has templates of its own."""

    OPENING = "opening"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    RECEIPT = "receipt"
    RETURNED = "returned"
    UNREADABLE = "unreadable"
    DELIVERY = "delivery"
    GRANTED = "granted"
    EXTENSION_ASKED = "extension-asked"
    DECLINED = "declined"
    QUESTION = "question"
    DIGEST = "digest"
    SIGN_IN = "sign-in"


KIND_NAMES = {
    Kind.OPENING: "Thư mở kỳ",
    Kind.REMINDER: "Thư nhắc hạn",
    Kind.OVERDUE: "Thư báo quá hạn",
    Kind.ESCALATION: "Thư đề nghị chỉ đạo",
    Kind.RECEIPT: "Biên nhận",
    Kind.RETURNED: "Thư trả lại báo cáo",
    Kind.UNREADABLE: "Thư báo chưa ghi nhận được",
    Kind.DELIVERY: "Thư chuyển báo cáo",
    Kind.GRANTED: "Thư báo gia hạn, miễn",
    Kind.EXTENSION_ASKED: "Thư đề nghị gia hạn",
    Kind.DECLINED: "Thư không gia hạn",
    Kind.QUESTION: "Thư hỏi về tệp đã nhận",
    Kind.DIGEST: "Thư tổng hợp hằng ngày",
    Kind.SIGN_IN: "Thư đăng nhập",
}


@dataclass(frozen=True, order=True)
class Rung:
    """A day of the ladder and the kind of letter that it calls for."""

    day: date
    kind: Kind


def rungs(
    ladder: Ladder, opens: date, due: Due, calendar: WorkCalendar, opened: date | None = None
) -> list[Rung]:
    """Return the whole ladder of one report, in order of days, none before the opening.

    Superiors hear so many days after the deadline, or after the day `opened` on which the report
    was first asked for, if that was later: nobody is reported who was not asked.
    """
    last_day = due.last_day
    anchor = calendar.on_or_before(last_day)
    steps = [Rung(opens, Kind.OPENING)] if ladder.opening else []
    for count in ladder.before:
        steps.append(Rung(calendar.add(anchor, -count), Kind.REMINDER))
    if ladder.last_day:
        steps.append(Rung(anchor, Kind.REMINDER))
    for count in range(ladder.overdue_first, ladder.overdue_until + 1, ladder.overdue_every):
        steps.append(Rung(calendar.add(last_day, count), Kind.OVERDUE))
    if ladder.escalate_after is not None:
        asked = max(last_day, opened or last_day)
        steps.append(Rung(calendar.add(asked, ladder.escalate_after), Kind.ESCALATION))
    return sorted({s for s in steps if s.day > opens or s.kind is Kind.OPENING})


def called_for(
    ladder: list[Rung],
    due: Due,
    today: date,
    sent: Collection[Rung],
    opened: date | None = None,
) -> list[Rung]:
    """Return the rungs to send today about a report still owed, given those `sent` before.

    Of the rungs that missed days left behind, only the latest of each kind goes out. The
    opening always does, since it carries the workbook, and alone: it says itself what is
    overdue. No reminder goes out after the deadline; `opened` is the day on which the opening
    went out, and takes the place of what was to be said up to that day.
    """
    latest = {
        rung.kind: rung
        for rung in ladder
        if rung.day <= today and (rung.kind is Kind.OPENING or opened is None or rung.day > opened)
    }
    if (opening := latest.get(Kind.OPENING)) is not None and opening not in sent:
        return [opening]
    if today > due.last_day:
        latest.pop(Kind.REMINDER, None)
    return sorted(rung for rung in latest.values() if rung not in sent)


def run_days(duty: Duty, term: Term, calendar: WorkCalendar) -> list[date]:
    """Return the days on which a duty's run has something to do for this term, in order.

    They are the days of every tier's ladder and the first day after the last deadline, on
    which what was accepted is consolidated and delivered.
    """
    dues = term.dues
    days = {r.day for due in dues for r in rungs(duty.ladder, term.opens, due, calendar)}
    return sorted(days | {term.opens, term.due.at.date()})


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of the letter with that key: always the same for the same key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
