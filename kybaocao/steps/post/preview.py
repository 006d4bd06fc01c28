"""What would leave if a regime's letters were let go: how many, when, and how they look."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kybaocao.adapters.ledger import Letter, Parcel
from kybaocao.adapters.letters import LetterLink
from kybaocao.rules.calendar.official_days import VIETNAM, local_time, official_day
from kybaocao.rules.cycle.event_words import letter_words
from kybaocao.rules.cycle.reminder import KIND_NAMES, Kind, Rung, rungs
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.mail import unsent
from kybaocao.steps.post.letter_facts import facts_of
from kybaocao.steps.standings import standings

# Beyond these days the ladder's letters are only counted.
MOST_DAYS = 12


@dataclass(frozen=True)
class Sample:
    """One letter of a kind as its reader will see it; its links lead nowhere."""

    kind: Kind
    address: str
    subject: str
    page: str

    @property
    def name(self) -> str:
        return KIND_NAMES[self.kind]


@dataclass(frozen=True)
class Preview:
    """Sentences on what waits and what follows, and a sample of each kind that waits."""

    words: tuple[str, ...]
    samples: tuple[Sample, ...]


def preview(office: Office, regime: Regime, now: datetime) -> Preview:
    """Return what would leave for a regime from `now` on; nothing is written or sent."""
    waiting = [x for x in unsent(office, regime.id) if x.kind is not Kind.SIGN_IN]
    first: dict[Kind, Letter] = {}
    for letter in waiting:
        first.setdefault(letter.kind, letter)
    samples = tuple(_sample(office, letter, now) for letter in first.values())
    return Preview((*_waiting(office, waiting, now), *_ahead(office, regime, now)), samples)


def _waiting(office: Office, waiting: list[Letter], now: datetime) -> Iterator[str]:
    if not waiting:
        yield "Hiện chưa có thư nào chờ gửi."
        return
    addresses = len({letter.address for letter in waiting})
    counted = Counter(letter.kind for letter in waiting)
    kinds = ", ".join(f"{number} {letter_words(kind)}" for kind, number in counted.items())
    at = opening_time(office, now)
    when = "ngay khi được phép" if at <= now else f"từ {local_time(at)}"
    yield f"{len(waiting)} thư chờ gửi đến {addresses} địa chỉ, đi {when}: {kinds}."


def _ahead(office: Office, regime: Regime, now: datetime) -> Iterator[str]:
    """Yield on which days letters follow about what is open, if no report came."""
    today, calendar = now.astimezone(VIETNAM).date(), office.config.calendar
    days: Counter[Rung] = Counter()
    for stands in standings(office, now, regime=regime.id):
        if stands.standing.is_settled:
            continue
        for rung in rungs(stands.duty.ladder, stands.owed.opens, stands.owed.due, calendar):
            if rung.day > today:
                days[rung] += 1
    planned = sorted(days.items())
    for rung, number in planned[:MOST_DAYS]:
        name = KIND_NAMES[rung.kind]
        yield f"{official_day(rung.day)}: {name}, {number} báo cáo nếu còn thiếu."
    if planned[MOST_DAYS:]:
        yield f"Và {len(planned) - MOST_DAYS} lượt gửi thư khác sau đó."


def opening_time(office: Office, now: datetime) -> datetime:
    """Return when letters may leave next by the hours and the calendar: `now`, or later."""
    first, last = office.settings.mail.span
    local = now.astimezone(VIETNAM)
    day, calendar = local.date(), office.config.calendar
    if calendar.is_working(day) and local.time() < last:
        return max(local, datetime.combine(day, first, VIETNAM))
    return datetime.combine(calendar.on_or_after(day + timedelta(days=1)), first, VIETNAM)


def _sample(office: Office, letter: Letter, now: datetime) -> Sample:
    parcel = Parcel(letter.message_id, letter.kind, letter.address, (letter,))
    facts = facts_of(office, parcel, now)
    site = office.settings.portal.url
    links = [LetterLink(item.title or facts.to_name, "#") for item in facts.items] if site else []
    shown = office.letters.render(letter.kind, replace(facts, links=links))
    return Sample(letter.kind, letter.address, shown.subject, shown.html)
