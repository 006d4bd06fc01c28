"""Receive a file: keep the original, judge it, record it, and answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePath

from kybaocao.adapters.ledger import Arrival, Owed, Submission
from kybaocao.adapters.workbooks import marked
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.form.form import EntrySheet
from kybaocao.rules.recognition.recognising import wrong_sender
from kybaocao.rules.regime.duty import Handling
from kybaocao.runtime import Office
from kybaocao.steps.intake.acceptance import accept
from kybaocao.steps.intake.answer import answers_to
from kybaocao.steps.intake.earlier import all_findings, history_findings
from kybaocao.steps.intake.judge import Judged, Report, judge
from kybaocao.steps.intake.last_period import against_earlier
from kybaocao.steps.standings import standing_of

PROGRAM = "kybaocao"


@dataclass(frozen=True)
class Receipt:
    """What became of one file; `submission` is the earlier one if the bytes came before."""

    file_name: str
    submission: Submission
    owed: Owed | None
    judged: Judged
    is_repeat: bool

    @property
    def summary(self) -> str:
        """One line for the secretariat, in Vietnamese."""
        whose = self.owed.key if self.owed else "chưa rõ của đơn vị nào"
        words = {
            Verdict.ACCEPTED: "đã nhận",
            Verdict.RETURNED: "trả lại",
            Verdict.UNREADABLE: "chưa ghi nhận được, chờ xử lý",
        }
        became = words[self.submission.verdict]
        if self.is_repeat:
            earlier = f"lần {self.submission.version}, {whose}: {became}"
            return f"{self.file_name}: trùng tệp đã gửi trước đó ({earlier})"
        return f"{self.file_name}: {became} ({whose})"


@dataclass(frozen=True)
class IntakeReport:
    """What one emptying of the drop folder brought, and the files that could not be opened."""

    receipts: tuple[Receipt, ...]
    unopened: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """One line for the operator and the run's artifact, in Vietnamese."""
        new = [r for r in self.receipts if not r.is_repeat]
        counts = [sum(r.submission.verdict is verdict for r in new) for verdict in Verdict]
        return (
            f"{len(self.receipts)} tệp: {counts[0]} nhận, {counts[1]} trả lại, "
            f"{counts[2]} chờ xử lý, {len(self.receipts) - len(new)} trùng"
            + (f"; không mở được: {', '.join(self.unopened)}" if self.unopened else "")
        )


def collect(office: Office, now: datetime, as_of: datetime | None = None) -> IntakeReport:
    """Empty the drop folder and return what came.

    A report counts as received when its file was complete in the folder, or at `as_of` if
    that is given. A file leaves the folder only once it is archived and in the ledger.
    """
    settle = timedelta(seconds=office.settings.settle_seconds)
    waiting = office.inbox.take(None if as_of else now - settle)
    receipts, unopened = [], []
    for dropped in waiting:
        try:
            data = dropped.path.read_bytes()
        except FileNotFoundError:
            # Another run took the same files in hand and has finished this one.
            continue
        except OSError:
            # It stays in hand, and is tried again at every run; the others go on.
            unopened.append(dropped.name)
            continue
        at = as_of or dropped.complete_at
        receipts.append(receive(office, data, dropped.name, "folder", at, as_of or now))
        office.inbox.done(dropped)
    return IntakeReport(tuple(receipts), tuple(unopened))


def receive(
    office: Office,
    data: bytes,
    file_name: str,
    channel: str,
    received_at: datetime,
    now: datetime,
    reason: str = "",
    sender: str | None = None,
    actor: str = PROGRAM,
    is_theirs: Callable[[Owed], bool] | None = None,
) -> Receipt:
    """Take in one file and return what became of it; its answer is queued, not yet sent.

    `sender` is the code of the agency from which it came, if that is known: it may send only
    for those for which it answers, and hears of a file that nobody can place. `actor` is who
    handed it in, by address, for the submission and the event log. Where `is_theirs` is given,
    a file of a report of which it is not true waits for a person.

    The original is on disk before anything else happens. Submission, findings and letters
    are recorded together, so that a file received again after a crash is answered once. A
    version after an accepted one counts only with a reason, given here or in the workbook.
    """
    file_name = plain_name(file_name)
    sha256 = office.archive.put(data)
    day = received_at.astimezone(VIETNAM).date()
    judged = judge(office.config, office.settings, office.readers, data, sender, day)
    owed = _owed(office, judged.report)
    if judged.report is not None and owed is None:
        judged = _not_open(judged)
    if judged.report is not None and owed is not None and is_theirs and not is_theirs(owed):
        judged, owed = _of_others(judged.report, sender or ""), None
    judged, owed = against_earlier(office, judged, owed, sha256, now)
    judged = with_history(office, judged, owed, now)
    judged = without_code(office, judged, owed, data)
    judged, reason = _replacing(office, judged, owed, sha256, reason, now)
    obligation_id = owed.id if owed else None
    earlier = office.ledger.duplicate(obligation_id, sha256)
    if earlier is not None:
        if owed is not None and reason and _lacked_its_reason(office, earlier, owed, now):
            # The same bytes are the same version, which only its reason kept from counting.
            accepted = accept(
                office, standing_of(office, owed, now), earlier.id, reason, actor, now
            )
            return Receipt(file_name, accepted, owed, judged, is_repeat=False)
        return Receipt(file_name, earlier, owed, judged, is_repeat=True)
    arrival = Arrival(
        obligation_id,
        sha256,
        file_name,
        channel,
        received_at,
        judged.verdict,
        judged.report.form.id if judged.report else None,
        judged.report.form.version if judged.report else None,
        judged.findings,
        judged.figures,
        reason,
        "" if actor == PROGRAM else actor,
    )
    drafts = answers_to(office, data, file_name, sha256, judged, owed, now, sender)
    submission = office.ledger.record(arrival, now, drafts, actor)
    if submission is None:
        found = office.ledger.duplicate(obligation_id, sha256)
        if found is None:
            raise AssertionError("a submission that was refused as a repeat must exist")
        return Receipt(file_name, found, owed, judged, is_repeat=True)
    return Receipt(file_name, submission, owed, judged, is_repeat=False)


def _lacked_its_reason(office: Office, version: Submission, owed: Owed, now: datetime) -> bool:
    """Return whether the latest version was returned for the want of a reason alone."""
    latest = standing_of(office, owed, now).versions[-1]
    if version.id != latest.id or version.verdict is not Verdict.RETURNED:
        return False
    found = office.ledger.findings(version.id)
    return {finding.code for finding in found if finding.is_blocking} == {Code.NEEDS_REASON}


def plain_name(file_name: str) -> str:
    """Return a sender's file name as text that is safe to show: no path, no controls."""
    name = PurePath(file_name.replace("\\", "/")).name
    shown = PurePath("".join(c for c in name if c.isprintable()) or "khong-ten")
    suffix = shown.suffix[:20]
    return shown.stem[: 200 - len(suffix)] + suffix


def _owed(office: Office, report: Report | None) -> Owed | None:
    if report is None or report.regime.id not in office.active:
        return None
    regime, duty, period = report.regime.id, report.duty.id, report.period
    owed = office.ledger.find_owed(regime, duty, period.id, report.agency.code)
    if owed is None or office.asked(report.regime, report.duty, period)[0].form != report.form.id:
        return None
    return owed


def with_history(office: Office, judged: Judged, owed: Owed | None, now: datetime) -> Judged:
    """Return the verdict with warnings where figures do not fit those accepted before."""
    if owed is None or judged.report is None:
        return judged
    told, sheets = judged.findings, judged.sheets
    more = history_findings(office, judged.report, judged.figures, now, sheets, told)
    return replace(judged, findings=all_findings(told, more, sheets))


def _replacing(
    office: Office, judged: Judged, owed: Owed | None, sha256: str, reason: str, now: datetime
) -> tuple[Judged, str]:
    """Return the verdict and the reason for replacing an accepted version, where there is one.

    Nobody can answer for a figure that changed without a word, so a version without a reason
    is returned, and the accepted one goes on counting.
    """
    replaced = replaced_by(office, judged, owed, sha256, now)
    if replaced is None or judged.report is None:
        return judged, reason
    if said := reason.strip() or reason_in(judged):
        return judged, said
    form, row = judged.report.form, judged.report.form.reason_row
    asked = (
        s for s in form.sheets if isinstance(s, EntrySheet) and row in {r.code for r in s.rows}
    )
    sheet = next((judged.sheets.get(s.id, s.name) for s in asked), "")
    place = f"ở dòng {row} của trang tính “{sheet}”" if sheet else "kèm theo tệp"
    finding = Code.NEEDS_REASON.finding(
        sheet,
        "",
        f"đơn vị đã có bản được chấp nhận (phiên bản {replaced.version})",
        "bản thay thế có nêu lý do",
        f"Nêu lý do thay bản đã được chấp nhận {place} rồi gửi lại.",
    )
    findings = (finding, *judged.findings)
    return replace(judged, verdict=Verdict.RETURNED, findings=findings), ""


def replaced_by(
    office: Office, judged: Judged, owed: Owed | None, sha256: str, now: datetime
) -> Submission | None:
    """Return the accepted version in whose place a file would count, or None."""
    if owed is None or judged.report is None or judged.verdict is not Verdict.ACCEPTED:
        return None
    accepted = standing_of(office, owed, now).accepted
    return None if accepted is None or accepted.sha256 == sha256 else accepted


def reason_in(judged: Judged) -> str:
    """Return why a file replaces an accepted one, as it says itself; empty if it does not."""
    row = judged.report.form.reason_row if judged.report else None
    found = (f.value for f in judged.figures if row and f.row == row and not f.column)
    return str(next(found, "") or "").strip()


def without_code(office: Office, judged: Judged, owed: Owed | None, data: bytes) -> Judged:
    """Return the verdict, a return for a file with code in it that would be handed on whole."""
    if owed is None or judged.report is None or not marked.holds_code(data):
        return judged
    if judged.report.duty.handling is not Handling.FORWARD:
        return judged
    finding = Code.HOLDS_CODE.finding(
        "",
        "",
        "tệp có macro hoặc đối tượng nhúng",
        "tệp không có macro, vì báo cáo này được chuyển nguyên tệp tới nơi nhận",
        "Lưu tệp ở dạng .xlsx (Excel Workbook), là dạng không giữ macro, rồi gửi lại.",
    )
    findings = (finding, *judged.findings)
    return replace(judged, verdict=Verdict.RETURNED, findings=findings)


def _of_others(report: Report, sender: str) -> Judged:
    finding = wrong_sender(report.regime, sender, report.agency.code)
    return Judged(Verdict.UNREADABLE, (finding,))


def _not_open(judged: Judged) -> Judged:
    named = judged.report.words if judged.report else "báo cáo"
    finding = Code.NOT_OWED.finding(
        "",
        "",
        f"{named} chưa mở kỳ, hoặc đơn vị không phải nộp",
        "báo cáo của kỳ đang mở mà đơn vị phải nộp",
        "Kiểm tra kỳ báo cáo ghi trong tệp; nếu đúng, liên hệ cơ quan tổng hợp.",
    )
    return replace(
        judged, verdict=Verdict.UNREADABLE, findings=(finding, *judged.findings), figures=()
    )
