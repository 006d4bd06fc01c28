"""Wishes of agencies for more time, and what they are answered."""

from datetime import date, datetime

from kybaocao.adapters.ledger import LetterDraft
from kybaocao.rules.calendar.official_days import VIETNAM, official_day
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.waiver import ExtensionRequest, WishAnswer, check_near
from kybaocao.rules.errors import DecisionError
from kybaocao.rules.regime.succession import answerable
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.standings import Standpoint


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
    draft = LetterDraft(Kind.EXTENSION_ASKED, "", *about)
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
    draft = LetterDraft(Kind.DECLINED, "", *about, wish_id=wish.id)
    drafts = to_contacts(office.ledger, draft, answers.code) if answers else []
    answer = (WishAnswer.DECLINED, reason.strip(), actor, now)
    if not office.ledger.decisions.answer_wish(wish.id, *answer, drafts):
        raise DecisionError(f"wish {wish_id} was answered meanwhile", answered)
