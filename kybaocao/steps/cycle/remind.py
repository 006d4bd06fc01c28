"""Plan the letters that reports still owed call for today; sending is another step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from kybaocao.adapters.ledger import Event, Letter, LetterDraft
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.cycle.reminder import Kind, Rung, called_for, rungs
from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.duty import Duty
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.cycle.open_period import blank_workbook
from kybaocao.steps.standings import Standpoint

LADDER_KINDS = (Kind.OPENING, Kind.REMINDER, Kind.OVERDUE, Kind.ESCALATION)


def planned(
    office: Office, duty: Duty, term: Term, found: Sequence[Standpoint], now: datetime
) -> list[LetterDraft]:
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
        if letter.kind in LADDER_KINDS and letter.rung:
            written.setdefault(letter.agency, set()).add(letter.rung)
        if letter.kind is Kind.OPENING:
            openings[letter.agency] = letter
    drafts: list[LetterDraft] = []
    for standpoint in found:
        owed = standpoint.owed
        if standpoint.standing.is_settled or standpoint.answers is None:
            continue
        opened = owed.opened_at.astimezone(VIETNAM).date()
        ladder = rungs(duty.ladder, owed.opens, owed.due, calendar, opened)
        sent = written.get(standpoint.agency.code, set())
        # The opening goes out when the period is opened, and only then.
        sent |= {rung for rung in ladder if rung.kind is Kind.OPENING}
        told = opened if duty.ladder.opening else None
        for rung in called_for(ladder, owed.due, today, sent, told):
            drafts += _letters(office, standpoint, rung, openings.get(standpoint.agency.code))
    return drafts


def remind_now(office: Office, stands: Standpoint, actor: str, now: datetime) -> int:
    """Queue a letter about a report still owed, whatever the ladder says; return how many.

    It is a reminder before the deadline and the letter on what is overdue after it; one of
    each kind goes out in a day, so that a second click sends nothing.
    """
    if stands.standing.is_settled or stands.answers is None:
        return 0
    owed, today = stands.owed, now.astimezone(VIETNAM).date()
    kind = Kind.OVERDUE if now >= owed.due.at else Kind.REMINDER
    of = {"regime": owed.regime, "duty": owed.duty, "period": owed.period, "agency": owed.agency}
    openings = office.ledger.post.letters(**of, kind=Kind.OPENING.value)
    drafts = _letters(office, stands, Rung(today, kind), openings[-1] if openings else None)
    queued = office.ledger.queue(drafts, now)
    if queued:
        detail = {"letters": queued}
        office.ledger.log(Event(now, actor, "remind", f"obligation/{owed.id}", detail))
    return queued


def last_rung(office: Office, duty: Duty, term: Term, found: Sequence[Standpoint]) -> date:
    """Return the last day on which a term calls for a letter, what was extended included."""
    ladder, calendar = duty.ladder, office.config.calendar
    dues = {term.due, *(s.owed.due for s in found)}
    return max(r.day for due in dues for r in rungs(ladder, term.opens, due, calendar))


def _letters(
    office: Office, standpoint: Standpoint, rung: Rung, opening: Letter | None
) -> list[LetterDraft]:
    owed, regime = standpoint.owed, standpoint.regime
    answers = (standpoint.answers or standpoint.agency).code
    about = (owed.regime, owed.duty, owed.period, owed.agency, rung.day)
    draft = LetterDraft(rung.kind, "", *about)
    if rung.kind is Kind.ESCALATION:
        head = to_contacts(office.ledger, draft, answers, (Role.HEAD,))
        return head + to_contacts(office.ledger, draft, regime.secretariat)
    if opening is not None:
        # Nobody should have to look for the workbook at 16:50 on the last day.
        name, sha256 = _workbook(office, standpoint, opening)
        draft = replace(draft, attachment_name=name, attachment_sha256=sha256)
    return to_contacts(office.ledger, draft, answers)


def _workbook(
    office: Office, standpoint: Standpoint, opening: Letter
) -> tuple[str | None, str | None]:
    """Return name and sha256 of the workbook asked for: that of the opening letter, unless a
    newer version of its form came into use since."""
    form = office.config.form(standpoint.duty.form)
    since = office.ledger.forms.replaced(form.id, form.version)
    if since is None or since <= opening.queued_at:
        return opening.attachment_name, opening.attachment_sha256
    owed = standpoint.owed
    _, term = office.asked(standpoint.regime, standpoint.duty, standpoint.period)
    name, data = blank_workbook(office, standpoint.regime, standpoint.duty, term, owed.agency)
    return name, office.archive.put(data)
