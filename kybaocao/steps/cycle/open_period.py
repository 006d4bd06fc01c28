"""Open a period: record who owes what, and send every agency its workbook."""

from collections.abc import Sequence
from datetime import date, datetime

from kybaocao.adapters.ledger import LetterDraft
from kybaocao.adapters.workbooks import blank
from kybaocao.rules.cycle.obligation import Obligation, Term, obligations
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.cycle.task_progress import tasks_to_report
from kybaocao.steps.standings import unopened


def missing(
    office: Office, regime: Regime, duty: Duty, term: Term, today: date
) -> list[Obligation]:
    """Return the obligations of a term that the ledger does not have yet.

    An agency that begins before the deadline is asked from its first day on; a tier whose
    deadline was over when the regime went live is not asked.
    """
    go_live = office.go_live(regime.id)
    known = {
        o.agency for o in office.ledger.owed(regime=regime.id, duty=duty.id, period=term.period.id)
    }
    return [
        o
        for o in obligations(regime, duty, term)
        if o.agency not in known
        and (regime.agencies[o.agency].since or today) <= today
        and go_live <= o.due.last_day
    ]


def open_period(
    office: Office,
    regime: Regime,
    duty: Duty,
    owed: Sequence[Obligation],
    now: datetime,
    with_letters: bool,
) -> int:
    """Record obligations, with opening letters if wanted; return how many were new.

    Who need not report gets no letter; that of an agency which ended goes to its heir.
    """
    drafts: list[LetterDraft] = []
    if with_letters and duty.ladder.opening:
        for obligation in owed:
            stands = unopened(office, regime, duty, obligation, now)
            if not stands.standing.is_settled and stands.answers is not None:
                drafts += opening(office, regime, duty, obligation, stands.answers.code)
    return office.ledger.open(owed, drafts, now)


def blank_workbook(
    office: Office,
    regime: Regime,
    duty: Duty,
    term: Term,
    agency: str,
    inputs: blank.Inputs | None = None,
) -> tuple[str, bytes]:
    """Return the file name and the bytes of an agency's workbook for a term.

    `inputs` are filled in, by row code and column id.
    """
    declared = regime.agencies[agency]
    duty, term = regime.owed_by(duty, declared), term.for_level(declared.level)
    form = office.config.form(duty.form).for_agency(declared)
    tasks = tasks_to_report(office, regime, form, term, declared)
    data = blank.blank(form, declared, regime, duty, term, tasks, inputs)
    return f"{duty.id}_{term.period.id}_{agency}.xlsx", data


def opening(
    office: Office, regime: Regime, duty: Duty, obligation: Obligation, answers: str
) -> list[LetterDraft]:
    """Return the letters that open an obligation: its workbook, to the agency that answers."""
    term = obligation.term
    name, data = blank_workbook(office, regime, duty, term, obligation.agency)
    draft = LetterDraft(
        Kind.OPENING,
        "",
        regime.id,
        duty.id,
        term.period.id,
        obligation.agency,
        term.opens,
        attachment_name=name,
        attachment_sha256=office.archive.put(data),
    )
    return to_contacts(office.ledger, draft, answers)
