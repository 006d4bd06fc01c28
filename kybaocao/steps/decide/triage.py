"""What a person decides about files: those no rule can place, and accepted ones to be mended.

Whoever decides for a `regime` decides about its files alone; others do not wait for them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kybaocao.adapters.ledger import LetterDraft, Owed, Submission
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import RefusedError, UnreadableFileError
from kybaocao.rules.regime.ruling import Document, Paper, Ruled, Ruling
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.intake.acceptance import CHANGED, ruled_before
from kybaocao.steps.intake.answer import UNKNOWN, marked_name, returned_workbook
from kybaocao.steps.intake.case import Case, Incoming, weighed
from kybaocao.steps.intake.judge import Report, judge_as
from kybaocao.steps.intake.papers import attach
from kybaocao.steps.intake.settle import UnexplainedError, settle, waits_no_more
from kybaocao.steps.standings import Reports, standing_of


class TriageError(RefusedError):
    """A decision about a file cannot be carried out."""


def assign(
    office: Office,
    submission_id: int,
    owed: Owed,
    reason: str,
    actor: str,
    now: datetime,
    regime: str | None = None,
) -> Submission:
    """Place a waiting file as a version of a report, judge it, answer it; return the version.

    It counts as received when it came. Raises RefusedError for a file that does not wait, that
    cannot be read, or that would replace an accepted one without a reason.
    """
    submission, reports = _waits(office, submission_id, regime), Reports(office, now)
    case = weighed(office, _placed(office, submission, owed, reason, reports), reports)
    ruling = Ruling(submission_id, Ruled.ASSIGNED, owed.key, reason, actor, now)
    try:
        settled = settle(office, case, now, ruling)
    except UnexplainedError as error:
        raise TriageError(str(error), error.told) from error
    if settled is None:
        raise AssertionError("a file that is placed by hand has no key")
    return settled.submission


def reject(
    office: Office,
    submission_id: int,
    reason: str,
    actor: str,
    now: datetime,
    regime: str | None = None,
) -> None:
    """Decide that a waiting file is no report; it stays in the archive.

    Raises RefusedError for a file that does not wait, or without a reason.
    """
    _waits(office, submission_id, regime)
    _needs(reason)
    ruling = Ruling(submission_id, Ruled.REJECTED, "", reason, actor, now)
    if not office.ledger.rulings.rule(ruling):
        raise waits_no_more(submission_id)


def ask(
    office: Office,
    submission_id: int,
    regime_id: str,
    agency: str,
    question: str,
    actor: str,
    now: datetime,
    regime: str | None = None,
) -> int:
    """Ask an agency about a waiting file by letter; return how many letters are queued.

    The file goes on waiting. Raises RefusedError for a file that does not wait, an agency that
    is not declared or has no address, or without a question.
    """
    _waits(office, submission_id, regime)
    _needs(question)
    if agency not in office.regime(regime_id).agencies:
        raise TriageError(f"no agency '{agency}' in {regime_id}", "Chọn đơn vị cần hỏi.")
    ruling = Ruling(submission_id, Ruled.ASKED, f"{regime_id}/{agency}", question, actor, now)
    about = (regime_id, UNKNOWN, UNKNOWN, agency)
    draft = LetterDraft(Kind.QUESTION, "", *about, submission_id=submission_id)
    drafts = to_contacts(office.ledger, draft, agency)
    if not drafts:
        raise TriageError(
            f"{regime_id}/{agency} has no address to write to",
            "Đơn vị chưa có địa chỉ thư nào trong danh bạ.",
        )
    if office.ledger.rulings.rule(ruling, drafts):
        return len(drafts)
    _waits(office, submission_id, regime)
    return 0


def attach_waiting(
    office: Office,
    submission_id: int,
    owed: Owed,
    kind: Paper,
    actor: str,
    now: datetime,
    regime: str | None = None,
) -> Document:
    """Keep a waiting file as a paper beside a report. Raises RefusedError if it does not wait."""
    submission = _waits(office, submission_id, regime)
    ruling = Ruling(submission_id, Ruled.ATTACHED, owed.key, kind.value, actor, now)
    return attach(
        office,
        office.archive.get(submission.sha256),
        submission.file_name,
        owed,
        kind,
        now,
        received_at=submission.received_at,
        actor=actor,
        ruling=ruling,
    )


def give_back(office: Office, owed: Owed, reason: str, actor: str, now: datetime) -> Submission:
    """Return the accepted version of a report to its agency, with a reason; return the version.

    Versions accepted before it go back with it: what it replaced must not count again. Raises
    TriageError if none is accepted, or without a reason.
    """
    _needs(reason)
    stood = standing_of(office, owed, now)
    if stood.accepted is None:
        raise TriageError(
            f"{owed.key} has no accepted version", "Báo cáo này không có bản nào được chấp nhận."
        )
    sent_back = returned_workbook(office, stood, stood.accepted, reason)
    draft = LetterDraft(
        Kind.RETURNED,
        "",
        owed.regime,
        owed.duty,
        owed.period,
        owed.agency,
        submission_id=stood.accepted.id,
        attachment_name=marked_name(stood.accepted.file_name),
        attachment_sha256=office.archive.put(sent_back),
    )
    answers = stood.answers or stood.agency
    drafts = to_contacts(office.ledger, draft, answers.code)
    counting = [v for v in stood.versions if v.verdict is Verdict.ACCEPTED]
    rulings = [
        Ruling(
            version.id,
            Ruled.RETURNED,
            f"{owed.key}{ruled_before(office, version)}",
            reason,
            actor,
            now,
        )
        for version in counting
    ]

    def holds(versions: Sequence[Submission]) -> bool:
        return [v for v in versions if v.verdict is Verdict.ACCEPTED] == counting

    if not office.ledger.rulings.rule_on(owed.id, rulings, drafts, now, holds):
        raise TriageError(f"{owed.key} has changed meanwhile", CHANGED)
    return replace(stood.accepted, verdict=Verdict.RETURNED, given_back_at=now)


def _waits(office: Office, submission_id: int, regime: str | None) -> Submission:
    """Return a waiting file, with `regime` only one of its own; the operator's are all."""
    for submission in office.ledger.unknown(regime):
        if submission.id == submission_id:
            return submission
    raise waits_no_more(submission_id)


def _needs(reason: str) -> None:
    if not reason.strip():
        raise TriageError("a decision about a file needs its reason", "Ghi lý do.")


def _placed(
    office: Office, submission: Submission, owed: Owed, reason: str, reports: Reports
) -> Case:
    """Return a waiting file with the verdict on it as the report that a person says it is."""
    stands = reports.find(owed.regime, owed.duty, owed.period, owed.agency)
    if stands is None:
        raise TriageError(f"{owed.key} is declared no more", "Báo cáo này không còn được khai báo.")
    data = office.archive.get(submission.sha256)
    form = office.config.form(stands.duty.form).for_agency(stands.agency)
    report = Report(stands.regime, stands.duty, stands.agency, stands.period, form)
    # A rule that was a warning still when the file came is one however late it is placed.
    day = submission.received_at.astimezone(VIETNAM).date()
    try:
        judged = judge_as(office.config, office.readers, data, report, day)
    except UnreadableFileError as error:
        raise TriageError(f"the file cannot be read as a report: {error}", str(error)) from error
    came = (submission.file_name, submission.channel, submission.received_at)
    incoming = Incoming(data, *came, reason, actor=submission.sender)
    return Case(incoming, submission.sha256, judged, stands, owed.regime)
