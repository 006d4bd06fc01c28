"""Plan the letters that reports still owed call for today; sending is another step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from kybaocao.adapters.ledger import Draft, Letter
from kybaocao.rules.agency import Role
from kybaocao.rules.duty import Duty
from kybaocao.rules.obligation import VIETNAM, Term
from kybaocao.rules.reminder import Kind, Rung, called_for, rungs
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.standings import Standpoint

LADDER_KINDS = (Kind.OPENING, Kind.REMINDER, Kind.OVERDUE, Kind.ESCALATION)


def planned(
    office: Office, duty: Duty, term: Term, found: Sequence[Standpoint], now: datetime
) -> list[Draft]:
    """Return the letters to queue now about those of a term's reports that are still owed.

    A letter of the ladder that is in the ledger, in whatever state, is not planned again.
    Letters about a report of an agency that ended go to its heir.
    """
    calendar = office.config.calendar
    today = now.astimezone(VIETNAM).date()
    written: dict[str, set[Rung]] = {}
    openings: dict[str, Letter] = {}
    of = {"regime": term.regime, "duty": term.duty, "period": term.period.id}
    for letter in office.ledger.post.letters(**of):
        if letter.kind in LADDER_KINDS:
            written.setdefault(letter.agency, set()).add(letter.rung)
        if letter.kind is Kind.OPENING:
            openings[letter.agency] = letter
    drafts: list[Draft] = []
    for standpoint in found:
        owed = standpoint.owed
        if standpoint.standing.is_settled or standpoint.answers is None:
            continue
        ladder = rungs(duty.ladder, owed.opens, owed.due, calendar)
        sent = written.get(standpoint.agency.code, set())
        # The opening goes out when the period is opened, and only then.
        sent |= {rung for rung in ladder if rung.kind is Kind.OPENING}
        opened = owed.opened_at.astimezone(VIETNAM).date()
        for rung in called_for(ladder, owed.due, today, sent, opened):
            drafts += _letters(office, standpoint, rung, openings.get(standpoint.agency.code))
    return drafts


def last_rung(office: Office, duty: Duty, term: Term, found: Sequence[Standpoint]) -> date:
    """Return the last day on which a term calls for a letter, what was extended included."""
    ladder, calendar = duty.ladder, office.config.calendar
    dues = {term.due, *(s.owed.due for s in found)}
    return max(r.day for due in dues for r in rungs(ladder, term.opens, due, calendar))


def _letters(
    office: Office, standpoint: Standpoint, rung: Rung, opening: Letter | None
) -> list[Draft]:
    owed, regime = standpoint.owed, standpoint.regime
    answers = (standpoint.answers or standpoint.agency).code
    about = (owed.regime, owed.duty, owed.period, owed.agency, rung.day.isoformat())
    draft = Draft(rung.kind, "", *about)
    if rung.kind is Kind.ESCALATION:
        head = to_contacts(office.ledger, draft, answers, (Role.HEAD,))
        return head + to_contacts(office.ledger, draft, regime.secretariat)
    if opening is not None:
        # Nobody should have to look for the workbook at 16:50 on the last day.
        draft = replace(
            draft,
            attachment_name=opening.attachment_name,
            attachment_sha256=opening.attachment_sha256,
        )
    return to_contacts(office.ledger, draft, answers)
