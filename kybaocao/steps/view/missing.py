"""Who is missing: of the terms that matter now, and of one term as a list to act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kybaocao.rules.calendar.official_days import VIETNAM, local_time, official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.standings import Standpoint, counts, standings

# A term that has been over for longer is looked up, and does not come by itself.
STILL_MATTERS = timedelta(days=60)
MOST_TERMS = 4
HEADERS = (
    "Mã đơn vị",
    "Đơn vị",
    "Tình trạng",
    "Hạn nộp",
    "Người liên hệ",
    "Điện thoại",
    "Địa chỉ",
    "Đã nhắc",
)


@dataclass(frozen=True)
class Missing:
    """A term of which reports are still awaited, and those reports in the agencies' order."""

    duty: Duty
    period: Period
    last_day: date
    number: dict[str, int]
    reports: tuple[Standpoint, ...]

    @property
    def title(self) -> str:
        return report_title(self.duty.name, self.period.label)


def missing_now(office: Office, regime: Regime, now: datetime) -> list[Missing]:
    """Return the terms that matter on a day, with who is missing; the nearest deadline first.

    Those are the open ones, and those over for less than two months of which reports lack.
    """
    today = now.astimezone(VIETNAM).date()
    declared = {duty.id for duty in regime.duties}
    books = [
        term
        for term in office.ledger.views.terms(regime.id)
        if term.duty in declared and term.last_day >= today - STILL_MATTERS
    ]
    # Of two equally near, what is over comes before what is still to come.
    books.sort(key=lambda term: (abs((term.last_day - today).days), term.last_day))
    found: list[Missing] = []
    for term in books:
        all_of_it = standings(office, now, regime=regime.id, duty=term.duty, period=term.period)
        lacking = tuple(s for s in all_of_it if not s.standing.is_settled)
        if lacking:
            first = lacking[0]
            number = counts(all_of_it)
            found.append(Missing(first.duty, first.period, term.last_day, number, lacking))
        if len(found) == MOST_TERMS:
            break
    return found


def rows_of(office: Office, reports: Sequence[Standpoint]) -> list[tuple[str, ...]]:
    """Return a row of texts under `HEADERS` for each report still awaited, and whom to call."""
    if not reports:
        return []
    first = reports[0].owed
    of = {"regime": first.regime, "duty": first.duty, "period": first.period}
    reminded: dict[str, datetime] = {}
    for letter in office.ledger.post.letters(**of):
        if letter.kind in (Kind.REMINDER, Kind.OVERDUE) and letter.sent_at is not None:
            before = reminded.get(letter.agency, letter.sent_at)
            reminded[letter.agency] = max(before, letter.sent_at)
    contacts = office.ledger.contacts(first.regime)
    rows: list[tuple[str, ...]] = []
    for one in reports:
        answers = (one.answers or one.agency).code
        mine = [contact for contact in contacts if contact.agency == answers]
        sent = reminded.get(one.agency.code)
        rows.append(
            (
                one.agency.code,
                one.agency.name,
                one.standing.name,
                official_day(one.owed.due.last_day),
                "; ".join(dict.fromkeys(c.name for c in mine if c.name)),
                "; ".join(dict.fromkeys(c.telephone for c in mine if c.telephone)),
                "; ".join(c.address for c in mine),
                local_time(sent) if sent else "",
            )
        )
    return rows
