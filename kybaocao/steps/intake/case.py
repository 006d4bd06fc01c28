"""One file on its way: as it came, as it was judged, and what is decided about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kybaocao.adapters.ledger import Submission
from kybaocao.adapters.workbooks import marked
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.bearing import bearing
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import EntrySheet
from kybaocao.rules.regime.duty import Handling
from kybaocao.runtime import Office
from kybaocao.steps.intake.earlier import all_findings, history_findings
from kybaocao.steps.intake.judge import Judged
from kybaocao.steps.standings import Reports, Standpoint

PROGRAM = "kybaocao"


@dataclass(frozen=True)
class Incoming:
    """A file as it came, and what was said with it.

    `sender` is the code of the agency from which it came, if that is known. `actor` is who
    handed it in, by address, for the submission and the event log. `key` is the same for the
    same act of handing in, begun again after a crash (see `Arrival`). `regime` is that of the
    sender, or of the folder in which it lay, if it is known.
    """

    data: bytes
    file_name: str
    channel: str
    received_at: datetime
    reason: str = ""
    sender: str | None = None
    actor: str = PROGRAM
    key: str = ""
    regime: str = ""

    @property
    def address(self) -> str:
        """The address of who sent it; empty where only the channel is known."""
        return "" if self.actor == PROGRAM else self.actor


@dataclass(frozen=True)
class Case:
    """A file with the verdict on it, and the report that it is of, if it is of one.

    `regime` is whose people see it: that of the report which it names, else of who sent it, else
    the only active one; empty where nobody knows, and it is the operator's.
    """

    incoming: Incoming
    sha256: str
    judged: Judged
    stands: Standpoint | None = None
    regime: str = ""

    @property
    def obligation_id(self) -> int | None:
        return self.stands.owed.id if self.stands else None


@dataclass(frozen=True)
class Decided:
    """What a case comes to beside what came before it: a repeat of a version, or a new one.

    `unexplained` is the accepted version in whose place it does not count for want of a reason.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    reason: str = ""
    repeats: Submission | None = None
    unexplained: int | None = None


def weighed(office: Office, case: Case, reports: Reports) -> Case:
    """Return a case with what its report's history says, and whether it may be handed on."""
    judged, stands = case.judged, case.stands
    if stands is None or judged.report is None:
        return case
    told, sheets = judged.findings, judged.sheets
    more = history_findings(office, judged.report, judged.figures, reports, sheets, told)
    judged = replace(judged, findings=all_findings(told, more, sheets))
    if stands.duty.handling is Handling.FORWARD and marked.holds_code(case.incoming.data):
        findings = (_holds_code(), *judged.findings)
        judged = replace(judged, verdict=Verdict.RETURNED, findings=findings)
    return replace(case, judged=judged)


def decided(
    case: Case,
    versions: Sequence[Submission],
    returned_for: Mapping[int, Sequence[Finding]],
) -> Decided:
    """Return what a case comes to beside the versions of its report, oldest first.

    Of a file that belongs to no report these are the waiting ones of the same bytes.
    `returned_for` holds what was found in the latest version.
    """
    judged = case.judged
    verdict, findings = judged.verdict, judged.findings
    if case.stands is None:
        return Decided(verdict, findings, case.incoming.reason, next(iter(versions), None))
    is_good = verdict is Verdict.ACCEPTED
    said, written = case.incoming.reason, reason_in(judged)
    found = bearing(case.sha256, is_good, said, written, versions)
    if found.repeats is not None:
        repeated = next(v for v in versions if v.version == found.repeats)
        return Decided(verdict, findings, found.reason, repeated)
    if found.unexplained is not None:
        verdict, findings = Verdict.RETURNED, (_needs_reason(judged, found.unexplained), *findings)
    latest = versions[-1] if versions else None
    is_latest = latest is not None and latest.sha256 == case.sha256
    if verdict is Verdict.RETURNED and latest is not None and is_latest:
        # The same bytes would go back for the same faults: nothing has changed.
        before = returned_for.get(latest.id, ())
        latest = latest if _faults(before) == _faults(findings) else None
    else:
        latest = None
    return Decided(verdict, findings, found.reason, latest, found.unexplained)


def reason_in(judged: Judged) -> str:
    """Return why a file replaces an accepted one, as it says itself; empty if it does not."""
    row = judged.report.form.reason_row if judged.report else None
    found = (f.value for f in judged.figures if row and f.row == row and not f.column)
    return str(next(found, "") or "").strip()


def _faults(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_blocking]


def _needs_reason(judged: Judged, replaced: int) -> Finding:
    """Return why nobody can answer for figures that change without a word."""
    row = judged.report.form.reason_row if judged.report else None
    sheets = judged.report.form.sheets if judged.report else ()
    asked = (s for s in sheets if isinstance(s, EntrySheet) and row in {r.code for r in s.rows})
    sheet = next((judged.sheets.get(s.id, s.name) for s in asked), "")
    place = f"ở dòng {row} của trang tính “{sheet}”" if sheet else "kèm theo tệp"
    return Code.NEEDS_REASON.finding(
        sheet,
        "",
        f"đơn vị đã có bản được chấp nhận (phiên bản {replaced})",
        "bản thay thế có nêu lý do",
        f"Nêu lý do thay bản đã được chấp nhận {place} rồi gửi lại.",
    )


def _holds_code() -> Finding:
    return Code.HOLDS_CODE.finding(
        "",
        "",
        "tệp có macro hoặc đối tượng nhúng",
        "tệp không có macro, vì báo cáo này được chuyển nguyên tệp tới nơi nhận",
        "Lưu tệp ở dạng .xlsx (Excel Workbook), là dạng không giữ macro, rồi gửi lại.",
    )
