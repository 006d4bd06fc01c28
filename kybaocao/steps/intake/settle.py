"""A case is settled: recorded as a version, or as a repeat of one, together with its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kybaocao.adapters.ledger import Arrival, Submission
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.finding import Finding
from kybaocao.rules.regime.ruling import Ruling
from kybaocao.runtime import Office
from kybaocao.steps.intake.answer import answers_again, answers_to
from kybaocao.steps.intake.case import Case, Decided, decided


class UnexplainedError(RefusedError):
    """A person would put a file in the place of an accepted one, and does not say why."""


def waits_no_more(submission_id: int) -> RefusedError:
    """Return why nothing is decided about a file: it does not wait, or somebody was quicker."""
    return RefusedError(
        f"no file waits under the number {submission_id}: see 'kybaocao triage'",
        f"Tệp số {submission_id} không còn chờ xử lý.",
    )


@dataclass(frozen=True)
class Settled:
    """What a case came to, and its version, which is the earlier one of a repeat."""

    decided: Decided
    submission: Submission


@dataclass(frozen=True)
class _View:
    """What was seen of a report when a case was decided.

    `returned_for` are the findings of its latest version, where that has the case's bytes.
    """

    case: Case
    versions: Sequence[Submission]
    returned_for: dict[int, list[Finding]]

    @property
    def decided(self) -> Decided:
        return decided(self.case, self.versions, self.returned_for)

    def holds(self, versions: Sequence[Submission]) -> bool:
        """Return whether the same is decided beside the versions that are there by now."""
        is_latest = bool(versions) and versions[-1].sha256 == self.case.sha256
        if is_latest and versions[-1].id not in self.returned_for:
            return False
        return decided(self.case, versions, self.returned_for) == self.decided


def settle(
    office: Office, case: Case, now: datetime, ruling: Ruling | None = None
) -> Settled | None:
    """Record what a case comes to, with its letters; return it, or None if its key came before.

    What was decided is asked again within the transaction that records it, and whoever comes
    second decides anew. By a person's `ruling`, recorded with it, no file goes back for want
    of a reason: UnexplainedError asks that person for it, and RefusedError says that the file
    waits no longer.
    """
    versions = case.stands.versions if case.stands else _versions_now(office, case)
    while True:
        view = _View(case, versions, _findings_of_latest(office, case, versions))
        replaced = view.decided.unexplained
        if ruling is not None and replaced is not None:
            raise UnexplainedError(
                f"{ruling.target} has an accepted version {replaced}: "
                "say why this file replaces it (--reason)",
                "Báo cáo này đã có bản được chấp nhận: ghi lý do tệp này thay bản đó.",
            )
        recorded = _record(office, view, now, ruling)
        if recorded is not None:
            return Settled(view.decided, recorded)
        if office.ledger.came(case.incoming.key) is not None:
            return None
        if ruling is not None and not office.ledger.still_waits(ruling.submission_id):
            raise waits_no_more(ruling.submission_id)
        versions = _versions_now(office, case)


def _versions_now(office: Office, case: Case) -> Sequence[Submission]:
    if case.stands is None:
        return office.ledger.waiting(case.sha256, case.regime)
    return office.ledger.versions([case.stands.owed])[case.stands.owed.id]


def _findings_of_latest(
    office: Office, case: Case, versions: Sequence[Submission]
) -> dict[int, list[Finding]]:
    if not versions or versions[-1].sha256 != case.sha256:
        return {}
    return {versions[-1].id: office.ledger.findings(versions[-1].id)}


def _record(office: Office, view: _View, now: datetime, ruling: Ruling | None) -> Submission | None:
    case, found = view.case, view.decided
    arrival, actor = _arrival(case, found), ruling.actor if ruling else case.incoming.actor
    ledger = office.ledger
    if found.repeats is None:
        drafts = answers_to(office, case, found)
        return ledger.record(arrival, now, drafts, actor, holds=view.holds, ruling=ruling)
    drafts = answers_again(office, case, found, now)
    is_recorded = ledger.record_repeat(
        found.repeats, arrival, now, drafts, actor, holds=view.holds, ruling=ruling
    )
    return found.repeats if is_recorded else None


def _arrival(case: Case, found: Decided) -> Arrival:
    incoming, report = case.incoming, case.judged.report
    return Arrival(
        case.obligation_id,
        case.sha256,
        incoming.file_name,
        incoming.channel,
        incoming.received_at,
        found.verdict,
        report.form.id if report else None,
        report.form.version if report else None,
        found.findings,
        case.judged.figures,
        found.reason,
        incoming.address,
        incoming.key,
        case.regime,
    )
