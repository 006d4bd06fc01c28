"""Receive a file: keep the original, judge it, record it, and answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePath

from kybaocao.adapters.archive import ArchiveFullError
from kybaocao.adapters.inbox import Aside, Dropped
from kybaocao.adapters.ledger import Event, LedgerError, Owed, Submission
from kybaocao.rules.calendar.official_days import VIETNAM, local_time
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.recognition.recognising import wrong_sender
from kybaocao.runtime import Office
from kybaocao.steps.intake.answer import UNKNOWN
from kybaocao.steps.intake.case import Case, Incoming, weighed
from kybaocao.steps.intake.judge import Judged, Report, judge
from kybaocao.steps.intake.last_period import against_earlier
from kybaocao.steps.intake.settle import Settled, settle
from kybaocao.steps.standings import Reports, Standpoint

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Receipt:
    """What became of one file; `submission` is the earlier one if this is a repeat of it."""

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
    """What one emptying of the drop folder brought, and what in it could not be taken in."""

    receipts: tuple[Receipt, ...]
    aside: tuple[Aside, ...] = ()

    @property
    def summary(self) -> str:
        """One line for the operator and the run's artifact, in Vietnamese."""
        new = [r for r in self.receipts if not r.is_repeat]
        counts = [sum(r.submission.verdict is verdict for r in new) for verdict in Verdict]
        return (
            f"{len(self.receipts)} tệp: {counts[0]} nhận, {counts[1]} trả lại, "
            f"{counts[2]} chờ xử lý, {len(self.receipts) - len(new)} trùng"
            + "".join(f"; chưa nhận được {one.name}: {one.reason}" for one in self.aside)
        )


def collect(office: Office, now: datetime, as_of: datetime | None = None) -> IntakeReport:
    """Empty the drop folder and return what came, and what could not be taken in.

    A report counts as received when its file was complete in the folder, or at `as_of` if
    that is given. A file leaves the folder only once it is archived and in the ledger; one that
    cannot be taken in stays, is named, and stops no other. Raises ArchiveFullError, once the
    others were tried, and LedgerError.
    """
    settled = None if as_of else now - timedelta(seconds=office.settings.settle_seconds)
    receipts, full = [], None
    for dropped in office.inbox.take(settled):
        try:
            received = _collected(office, dropped, now, as_of)
        except ArchiveFullError as error:
            full = error
            continue
        receipts += [received] if received else []
    aside = office.inbox.aside(settled)
    _log_aside(office, aside, now)
    if full is not None:
        raise full
    return IntakeReport(tuple(receipts), tuple(aside))


def _collected(
    office: Office, dropped: Dropped, now: datetime, as_of: datetime | None
) -> Receipt | None:
    """Return what became of a file that was taken; None if it stays in hand."""
    try:
        data = dropped.read(office.inbox.largest)
        at = as_of or dropped.complete_at
        key, folder = f"folder/{dropped.place}", dropped.folder
        incoming = Incoming(data, dropped.name, "folder", at, key=key, regime=folder)
        received = receive(office, incoming, as_of or now)
    except FileNotFoundError:
        # Another run took the same files in hand and has finished this one.
        return None
    except (ArchiveFullError, LedgerError):
        raise
    except Exception:
        # It is tried again at every run, and named until then.
        _log.exception("a file of the drop folder was not taken in: %r", dropped.name)
        return None
    office.inbox.done(dropped)
    return received


def _log_aside(office: Office, aside: list[Aside], now: datetime) -> None:
    """Record what cannot be taken in, each once."""
    if not aside:
        return
    known = [event.detail for event in office.ledger.events(act="set-aside")]
    for one in aside:
        subject = office.belonging(one.folder) or UNKNOWN
        since = local_time(one.at) if one.at else ""
        detail = {"file": one.name, "reason": one.reason, "since": since}
        if detail not in known:
            _log.warning("left in the drop folder: %s: %s", one.name, one.reason)
            office.ledger.log(Event(now, "kybaocao", "set-aside", subject, detail))


def receive(
    office: Office,
    incoming: Incoming,
    now: datetime,
    may_bring: Callable[[Standpoint], bool] | None = None,
) -> Receipt:
    """Take in one file and return what became of it; its answer is queued, not yet sent.

    A file whose sender is known is of an agency for which the sender answers, and if
    `may_bring` is given, of a report of which that is true; otherwise it waits for a person.

    The original is on disk before anything else happens. Version, findings and letters are
    recorded together, so that a file received again after a crash is answered once. A
    version after an accepted one counts only with a reason, given here or in the workbook. A
    file that a fault of ours keeps from being judged waits for a person too.
    """
    sha256 = office.archive.put(incoming.data)
    # What changed under the same key is another file.
    key = f"{incoming.key}/{sha256}" if incoming.key else ""
    incoming = replace(incoming, file_name=plain_name(incoming.file_name), key=key)
    known = _known(office, incoming)
    if known is not None:
        return known
    case, settled = _settled(office, incoming, sha256, now, may_bring)
    if settled is None:
        known = _known(office, incoming)
        if known is None:
            raise AssertionError("what was handed in under this key must be known")
        return known
    found = settled.decided
    judged = replace(case.judged, verdict=found.verdict, findings=found.findings)
    owed = case.stands.owed if case.stands else None
    return Receipt(incoming.file_name, settled.submission, owed, judged, found.repeats is not None)


def plain_name(file_name: str) -> str:
    """Return a sender's file name as text that is safe to show: no path, no controls."""
    name = PurePath(file_name.replace("\\", "/")).name
    shown = PurePath("".join(c for c in name if c.isprintable()) or "khong-ten")
    suffix = shown.suffix[:20]
    return shown.stem[: 200 - len(suffix)] + suffix


def _settled(
    office: Office,
    incoming: Incoming,
    sha256: str,
    now: datetime,
    may_bring: Callable[[Standpoint], bool] | None,
) -> tuple[Case, Settled | None]:
    """Return a file's case and what it came to; None for the latter if its key came before."""
    try:
        case = _case(office, incoming, sha256, now, may_bring)
        return case, settle(office, case, now)
    except (KyBaoCaoError, OSError):
        # The ledger, the archive or the machine is at fault; the same file may do later.
        raise
    except Exception:
        _log.exception("a file could not be judged: %s", sha256)
    finding = Code.NOT_JUDGED.finding(
        "",
        "",
        "chương trình gặp lỗi khi kiểm tra tệp",
        "tệp được kiểm tra",
        "Tệp gốc đã được lưu; cán bộ tổng hợp xem tệp và báo cho quản trị viên.",
    )
    judged = Judged(Verdict.UNREADABLE, (finding,))
    case = Case(incoming, sha256, judged, regime=office.belonging(incoming.regime))
    return case, settle(office, case, now)


def _known(office: Office, incoming: Incoming) -> Receipt | None:
    """Return what became of a file that was taken in before its taker was killed."""
    came = office.ledger.came(incoming.key)
    if came is None:
        return None
    submission, is_repeat = came
    owed = office.ledger.owed_of(submission.obligation_id) if submission.obligation_id else None
    judged = Judged(submission.verdict, tuple(office.ledger.findings(submission.id)))
    return Receipt(incoming.file_name, submission, owed, judged, is_repeat)


def _case(
    office: Office,
    incoming: Incoming,
    sha256: str,
    now: datetime,
    may_bring: Callable[[Standpoint], bool] | None,
) -> Case:
    """Return a file judged, with the report that it is of, in the light of those before it."""
    day = incoming.received_at.astimezone(VIETNAM).date()
    judged = judge(
        office.config, office.settings, office.readers, incoming.data, incoming.sender, day
    )
    report, reports = judged.report, Reports(office, now)
    regime = office.belonging(report.regime.id if report else "", incoming.regime)
    case = Case(incoming, sha256, judged, regime=regime)
    if report is None:
        return case
    stands = _awaited(office, report, reports)
    if stands is None:
        return replace(case, judged=_not_open(judged, report))
    if may_bring is not None and not may_bring(stands):
        finding = wrong_sender(report.regime, incoming.sender or "", report.agency.code)
        return replace(case, judged=Judged(Verdict.UNREADABLE, (finding,)))
    judged = against_earlier(judged, stands, sha256, reports)
    if judged.verdict is Verdict.UNREADABLE:
        return replace(case, judged=judged)
    return weighed(office, replace(case, judged=judged, stands=stands), reports)


def _awaited(office: Office, report: Report, reports: Reports) -> Standpoint | None:
    """Return the report that a file says it is, if it is open and on that form."""
    if report.regime.id not in office.active:
        return None
    regime, duty, agency = report.regime.id, report.duty.id, report.agency.code
    stands = reports.find(regime, duty, report.period.id, agency)
    return stands if stands is not None and stands.duty.form == report.form.id else None


def _not_open(judged: Judged, report: Report) -> Judged:
    finding = Code.NOT_OWED.finding(
        "",
        "",
        f"{report.words} chưa mở kỳ, hoặc đơn vị không phải nộp",
        "báo cáo của kỳ đang mở mà đơn vị phải nộp",
        "Kiểm tra kỳ báo cáo ghi trong tệp; nếu đúng, liên hệ cơ quan tổng hợp.",
    )
    findings = (finding, *judged.findings)
    return replace(judged, verdict=Verdict.UNREADABLE, findings=findings, figures=())
