"""The morning's letter to the secretariat: what waits for a person."""

from datetime import datetime

from kybaocao.adapters.ledger import LetterDraft
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.intake.answer import UNKNOWN
from kybaocao.steps.view.status import overview


def queue_digest(office: Office, now: datetime) -> int:
    """Queue the day's letter to each secretariat for which anything waits; return how many are new.

    Queued twice on a day it goes out once.
    """
    drafts: list[LetterDraft] = []
    for regime in map(office.regime, office.active):
        if not overview(office, now, regime.id).waiting:
            continue
        about = (regime.id, UNKNOWN, UNKNOWN, regime.secretariat)
        draft = LetterDraft(Kind.DIGEST, "", *about, now.astimezone(VIETNAM).date())
        drafts += to_contacts(office.ledger, draft, regime.secretariat)
    return office.ledger.queue(drafts, now)
