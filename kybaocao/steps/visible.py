"""Which reports somebody may see, and for which they may send files."""

from dataclasses import dataclass
from datetime import datetime

from kybaocao.adapters.ledger import Submission
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.regime.access import Visitor
from kybaocao.rules.regime.ruling import Document
from kybaocao.rules.regime.succession import answerable
from kybaocao.runtime import Office
from kybaocao.steps.standings import Standpoint, standing_of, standings

# No ledger numbers further (PostgreSQL, integer); an address may.
LAST_ID = 2**31 - 1


@dataclass(frozen=True)
class Seen:
    """A report that a visitor may see; `is_own` if they answer for it, and so may send it."""

    stands: Standpoint
    is_own: bool


def own_reports(office: Office, visitor: Visitor, now: datetime) -> list[Standpoint]:
    """Return the reports for which the visitor's agency answers, those it inherited included."""
    regime, today = office.regime(visitor.regime), now.astimezone(VIETNAM).date()
    answered = [
        code
        for code in regime.agencies
        if (heir := answerable(regime, code, today)) is not None and heir.code == visitor.agency
    ]
    # One that ended without an heir can still be looked up by its own people.
    codes = dict.fromkeys([visitor.agency, *answered])
    found = [s for c in codes for s in standings(office, now, regime=regime.id, agency=c)]
    return [s for s in found if _is_own(s, visitor)]


def collected_reports(office: Office, visitor: Visitor, now: datetime) -> list[Standpoint]:
    """Return the reports that others send to the visitor's agency, as communes to a district."""
    regime = office.regime(visitor.regime)
    duties = [
        duty
        for duty in regime.duties
        if any(
            regime.collector_of(duty, agency) == visitor.agency
            for agency in regime.agencies.values()
            if duty.reporters.include(agency)
        )
    ]
    found = [s for d in duties for s in standings(office, now, regime=regime.id, duty=d.id)]
    return [s for s in found if _collects(s, visitor) and not _is_own(s, visitor)]


def reports_of_term(
    office: Office, visitor: Visitor, duty_id: str, period_id: str, now: datetime
) -> list[Standpoint]:
    """Return the reports of a term that the visitor oversees, or collects; none for others."""
    of = {"regime": visitor.regime, "duty": duty_id, "period": period_id}
    found = standings(office, now, **of)
    return [s for s in found if visitor.sees_all or _collects(s, visitor)]


def report(office: Office, visitor: Visitor, obligation_id: int, now: datetime) -> Seen | None:
    """Return one report as the visitor may see it; None if there is none that they may."""
    owed = office.ledger.owed_of(obligation_id) if 0 < obligation_id <= LAST_ID else None
    if owed is None or owed.regime != visitor.regime:
        return None
    if not visitor.may_open(f"/bao-cao/{obligation_id}"):
        return None
    # What the regime no longer declares nobody can speak of.
    regime = office.regime(owed.regime)
    if owed.agency not in regime.agencies or all(d.id != owed.duty for d in regime.duties):
        return None
    stands = standing_of(office, owed, now)
    is_own = _is_own(stands, visitor)
    if is_own or visitor.sees_all or _collects(stands, visitor):
        return Seen(stands, is_own)
    return None


def submission(
    office: Office, visitor: Visitor, submission_id: int, now: datetime
) -> tuple[Seen, Submission] | None:
    """Return a version of a report, and the report; None if the visitor may not see it.

    A file that belongs to no report is no version.
    """
    found = office.ledger.find_submission(submission_id) if 0 < submission_id <= LAST_ID else None
    if found is None or found.obligation_id is None:
        return None
    seen = report(office, visitor, found.obligation_id, now)
    return None if seen is None else (seen, found)


def document(
    office: Office, visitor: Visitor, document_id: int, now: datetime
) -> tuple[Seen, Document] | None:
    """Return a paper beside a report, and the report; None if the visitor may not see it."""
    if not 0 < document_id <= LAST_ID:
        return None
    for found in office.ledger.rulings.documents(id=document_id):
        seen = report(office, visitor, found.obligation_id, now)
        return None if seen is None else (seen, found)
    return None


def may_hand_in(visitor: Visitor, stands: Standpoint) -> bool:
    """Return whether a visitor may bring a file of that report: their own, or one they collect.

    Who only reads everyone's reports brings their own agency's alone.
    """
    acts = visitor.decides or not visitor.sees_all
    return _is_own(stands, visitor) or (acts and _collects(stands, visitor))


def _is_own(stands: Standpoint, visitor: Visitor) -> bool:
    answers = stands.answers or stands.agency
    return answers.code == visitor.agency


def _collects(stands: Standpoint, visitor: Visitor) -> bool:
    return stands.regime.collector_of(stands.duty, stands.agency) == visitor.agency
