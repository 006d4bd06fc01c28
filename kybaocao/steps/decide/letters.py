"""What people rule about letters: that a regime's may leave, and that some go out again."""

from collections.abc import Sequence
from datetime import datetime

from kybaocao.adapters.ledger import Event, Letter, LetterStatus
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.mail import GO, is_live

NOT_AGAIN = {
    LetterStatus.SENT: "đã gửi rồi nên không gửi lại",
    LetterStatus.CLAIMED: "đang được gửi",
    LetterStatus.MOOT: "không còn cần gửi: báo cáo đã nhận, hạn đã đổi hoặc có thư sau thay thế",
}
NOTHING = "như vậy không có"


def say_go(office: Office, regime: Regime, actor: str, now: datetime) -> bool:
    """Record that a person has seen a regime's letters and lets them leave.

    Returns False if that had been said before: once said it holds.
    """
    if office.ledger.events(act=GO, subject=regime.id):
        return False
    office.ledger.log(Event(now, actor, GO, regime.id, {}))
    return True


def undelivered(office: Office, **equal: str) -> list[Letter]:
    """Return the letters that were given up, and those that wait for another try, oldest first."""
    post = office.ledger.post
    given_up = post.letters(status=LetterStatus.FAILED.value, **equal)
    waiting = [x for x in post.letters(status=LetterStatus.QUEUED.value, **equal) if x.error]
    return sorted([*given_up, *waiting], key=lambda letter: letter.id)


def send_again(
    office: Office, asked: Sequence[Letter], actor: str, now: datetime
) -> tuple[int, str]:
    """Let letters go out at the next round, at whatever hour; return how many, and what to say.

    One that was given up goes to where its agency's letters go today, if its own address is no
    contact's any more. A letter that has gone out never goes again.
    Raises RefusedError if none can be sent.
    """
    with_parcels = _with_parcels(office, asked)
    to = {x.id: new for x in with_parcels if (new := _address_today(office, x))}
    done = set(office.ledger.post.resend([x.id for x in with_parcels], now, to))
    for letter in with_parcels:
        if letter.id in done:
            detail = {"address": to.get(letter.id, letter.address)}
            office.ledger.log(Event(now, actor, "resend", letter.key, detail))
    if not done:
        why = next((NOT_AGAIN[x.status] for x in asked if x.status in NOT_AGAIN), NOTHING)
        raise RefusedError("no such letter can be sent again", f"Không gửi lại được: thư {why}.")
    said = f"Gửi lại {len(done)} thư trong lượt gửi tới."
    silent = [x for x in asked if not is_live(office, x.regime)]
    return len(done), said + (" Thư còn chờ được cho phép gửi đi." if silent else "")


def _with_parcels(office: Office, asked: Sequence[Letter]) -> list[Letter]:
    """Return letters with those that wait in the same mail, which would else go under its number
    a second time."""
    found = {letter.id: letter for letter in asked}
    for letter in asked:
        if letter.parcel and letter.status is LetterStatus.QUEUED:
            found |= {x.id: x for x in office.ledger.post.letters(parcel=letter.parcel)}
    return list(found.values())


def _address_today(office: Office, letter: Letter) -> str:
    """Return where a given-up letter's reader gets letters now, nothing if it is the same."""
    if letter.status is not LetterStatus.FAILED or not letter.recipient:
        return ""
    of = {"agency": letter.recipient, "role": letter.role.value}
    now = [c.address for c in office.ledger.contacts(letter.regime, **of)]
    return "" if letter.address in now or not now else now[0]
