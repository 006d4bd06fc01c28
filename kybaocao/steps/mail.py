"""How the sending of letters stands: what holds them back, since when, and how many wait."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kybaocao.adapters.ledger import Letter, LetterStatus
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import VIETNAM, local_time
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.mail_cause import MailCause, cause_words
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.address import is_placeholder
from kybaocao.runtime import Office

TROUBLE, WORKS, GO = "mail-trouble", "mail-works", "go"
# They answer what somebody has just done, and are looked for at once, at whatever hour.
ANSWERS = (
    Kind.RECEIPT,
    Kind.RETURNED,
    Kind.UNREADABLE,
    Kind.QUESTION,
    Kind.GRANTED,
    Kind.DECLINED,
)


class Hold(StrEnum):
    """What a letter waits for before it may leave at all."""

    GO = "go"
    HOURS = "hours"
    EXAMPLE = "example"


@dataclass(frozen=True)
class Trouble:
    """What keeps a mail server from taking letters, and since when."""

    cause: str
    error: str
    since: datetime

    @property
    def words(self) -> str:
        """What is wrong, in Vietnamese; the server's own words stand in brackets."""
        return f"{cause_words(self.cause)} ({self.error}), từ {local_time(self.since)}"


def is_live(office: Office, regime: str) -> bool:
    """Return whether somebody has said that a regime's letters may leave."""
    return office.settings.rehearsal or bool(office.ledger.events(act=GO, subject=regime))


def trouble(office: Office, regime: str) -> Trouble | None:
    """Return what keeps a regime's letters from leaving, None if the server took the last one."""
    said = [e for e in office.ledger.events(subject=regime) if e.act in (TROUBLE, WORKS)]
    since = None
    for event in said:
        since = None if event.act == WORKS else since or event.at
    if since is None:
        return None
    detail = said[-1].detail
    return Trouble(str(detail.get("cause", "")), str(detail.get("error", "")), since)


def holding(office: Office, now: datetime) -> Callable[[Letter], Hold | None]:
    """Return what tells of a letter why it may not leave at `now`, None for one that may.

    A rehearsal, whose letters stay on this machine, holds none back.
    """
    if office.settings.rehearsal:
        return lambda _: None
    local = now.astimezone(VIETNAM)
    first, last = office.settings.mail.span
    is_open = first <= local.time() < last and office.config.calendar.is_working(local.date())
    live = {event.subject for event in office.ledger.events(act=GO)}
    sender_is_none = is_placeholder(office.settings.mail.sender)

    def hold(letter: Letter) -> Hold | None:
        if sender_is_none or is_placeholder(letter.address):
            return Hold.EXAMPLE
        if letter.kind is Kind.SIGN_IN:
            return None
        if letter.regime not in live:
            return Hold.GO
        return None if is_open or _is_ordered(letter) else Hold.HOURS

    return hold


def _is_ordered(letter: Letter) -> bool:
    """Return whether a letter answers an act, or a person has ordered it just now."""
    if letter.kind in ANSWERS or letter.asked_at or letter.cause == MailCause.ORDERED:
        return True
    is_opening = letter.kind is Kind.OPENING and bool(letter.period)
    return is_opening and Period.parse(letter.period).frequency is Frequency.REQUEST


def unsent(office: Office, regime: str | None = None) -> list[Letter]:
    """Return the letters that are still to go out, oldest first."""
    of = {} if regime is None else {"regime": regime}
    post = office.ledger.post
    queued = (LetterStatus.QUEUED, LetterStatus.CLAIMED)
    found = [letter for status in queued for letter in post.letters(status=status.value, **of)]
    return sorted(found, key=lambda letter: letter.id)


def mail_words(office: Office, now: datetime, regime: str | None = None) -> list[str]:
    """Return sentences on whatever keeps letters from leaving; none if nothing does."""
    mail = office.settings.mail
    waiting = unsent(office, regime)
    lines = []
    if not mail.host and waiting:
        lines.append(
            f"Chưa khai báo máy chủ thư (mail.host): {len(waiting)} thư đang chờ, chưa thư nào đi."
        )
    of = [regime] if regime else list(office.active)
    troubles = dict.fromkeys(t for one in of if (t := trouble(office, one)))
    for one in troubles:
        lines.append(
            f"Máy chủ thư {mail.host}:{mail.port}: {one.words}; {len(waiting)} thư đang chờ."
        )
    hold = holding(office, now)
    held = [(letter, hold(letter)) for letter in waiting]
    for each in of:
        count = sum(why is Hold.GO and letter.regime == each for letter, why in held)
        if not is_live(office, each):
            lines.append(
                f"Thư của “{office.regime(each).name}” chưa được phép gửi đi: {count} thư đang "
                f"chờ. Xem trước ở trang “Thư” rồi cho gửi, hoặc dùng lệnh kybaocao go {each}."
            )
    counted = Counter(why for _, why in held)
    if number := counted[Hold.HOURS]:
        lines.append(f"{number} thư chờ đến giờ làm việc ({mail.hours}, ngày làm việc).")
    if number := counted[Hold.EXAMPLE]:
        lines.append(
            f"{number} thư chưa gửi vì người gửi hoặc người nhận là địa chỉ mẫu (.example); "
            "khai địa chỉ thật ở mail.sender và trong danh bạ."
        )
    alone = Counter(x.cause for x, _ in held if x.cause in (MailCause.POLICY, MailCause.LATER))
    if not troubles:
        lines += [f"{number} thư đang chờ: {cause_words(c)}." for c, number in alone.items()]
    return lines
