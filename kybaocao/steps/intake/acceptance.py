"""A returned version that counts after all, by somebody's word."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kybaocao.adapters.ledger import LetterDraft, Submission
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.ruling import Ruled, Ruling
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.standings import Standpoint

CHANGED = "Báo cáo vừa thay đổi trong lúc xử lý. Hãy xem lại rồi quyết định."


def accept(
    office: Office, stood: Standpoint, submission_id: int, reason: str, actor: str, now: datetime
) -> Submission:
    """Let a returned version count after all, with a reason; return the version.

    It is the secretariat that answers for the figures then. Raises RefusedError unless it is the
    latest version and was returned, or without a reason.
    """
    if not reason.strip():
        raise RefusedError("accepting a returned version needs its reason", "Ghi lý do.")
    latest = stood.versions[-1] if stood.versions else None
    if latest is None or latest.id != submission_id or latest.verdict is not Verdict.RETURNED:
        raise RefusedError(
            f"submission {submission_id} is not the latest version of {stood.owed.key}, returned",
            "Chỉ chấp nhận được bản gửi sau cùng khi bản đó đang bị trả lại.",
        )
    owed, answers = stood.owed, stood.answers or stood.agency
    about = (owed.regime, owed.duty, owed.period, owed.agency)
    again = ruled_before(office, latest)
    draft = LetterDraft(Kind.RECEIPT, "", *about, submission_id=latest.id)
    drafts = to_contacts(office.ledger, draft, answers.code)
    ruling = Ruling(latest.id, Ruled.ACCEPTED, f"{owed.key}{again}", reason, actor, now)

    def holds(versions: Sequence[Submission]) -> bool:
        return versions[-1] == latest

    if not office.ledger.rulings.rule_on(owed.id, [ruling], drafts, now, holds):
        raise RefusedError(f"{owed.key} has changed meanwhile", CHANGED)
    return replace(latest, verdict=Verdict.ACCEPTED, given_back_at=None)


def ruled_before(office: Office, version: Submission) -> str:
    """Return what tells a ruling on a version that came from an earlier one in the same words."""
    before = len(office.ledger.rulings.rulings(submission_id=version.id))
    return f"#{before}" if before else ""
