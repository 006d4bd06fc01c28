"""What the secretariat sees at a glance: reports by term, letters, and what waits for a person."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from kybaocao.adapters.ledger import LetterStatus
from kybaocao.rules.calendar.official_days import VIETNAM, official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.phrases import joined
from kybaocao.rules.cycle.mail_cause import cause_words
from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.names import agency_name, report_title
from kybaocao.rules.regime.ruling import PAPERS, Document
from kybaocao.runtime import Office
from kybaocao.steps.intake.papers import lacking_papers
from kybaocao.steps.mail import mail_words, unsent
from kybaocao.steps.standings import Standpoint, counts, standings
from kybaocao.steps.view.moves import moves
from kybaocao.steps.view.waiting import aside, waiting

MOST_FAULTS = 3
MOST_DIFFERENCES = 20
# The (regime, agency) pairs to whose officers we can write.
Reachable = Set[tuple[str, str]]
# What came beside each report, by the obligation's id.
Papers = Mapping[int, Sequence[Document]]


@dataclass(frozen=True)
class StatusRow:
    """How one agency's report stands; `code` is the agency's."""

    code: str
    agency: str
    state: str
    versions: int
    note: str


@dataclass(frozen=True)
class TermStatus:
    """How the reports of one term stand; `key` is regime/duty/period."""

    key: str
    title: str
    summary: str
    rows: tuple[StatusRow, ...]


@dataclass(frozen=True)
class Overview:
    """Everything open, sentences on what waits for a person, and how many letters are unsent.

    `mail` says what keeps letters from leaving.
    """

    terms: tuple[TermStatus, ...]
    waiting: tuple[str, ...]
    unsent: int = 0
    mail: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def overview(office: Office, now: datetime, regime: str | None = None) -> Overview:
    """Return how all reports in the ledger stand at `now`, with `regime` its own alone."""
    of = {} if regime is None else {"regime": regime}
    found = standings(office, now, **of)
    reachable = {
        (contact.regime, contact.agency)
        for regime_id in {s.regime.id for s in found}
        for contact in office.ledger.contacts(regime_id)
        if contact.role is Role.OFFICER
    }
    papers: dict[int, list[Document]] = {}
    for document in office.ledger.rulings.documents():
        papers.setdefault(document.obligation_id, []).append(document)
    # Who began while a term was open stands behind other terms in the ledger.
    terms: dict[tuple[str, str, str], list[Standpoint]] = {}
    for s in found:
        terms.setdefault((s.owed.regime, s.owed.duty, s.owed.period), []).append(s)
    orphaned = [
        f"Chưa rõ đơn vị kế thừa: {s.duty.name}, {s.period.label}, {s.agency.name}"
        for s in found
        if s.is_orphaned
    ]
    shown = tuple(_term(group, reachable, papers) for group in terms.values())
    active = [office.regime(each) for each in office.active if regime in (None, each)]
    moved = [move.words for one in active for move in moves(office, one, now)]
    waits = (*config_words(office), *orphaned, *moved, *_waiting(office, regime))
    number, mail = len(unsent(office, regime)), tuple(mail_words(office, now, regime))
    return Overview(shown, waits, number, mail)


def _term(found: Sequence[Standpoint], reachable: Reachable, papers: Papers) -> TermStatus:
    first, number = found[0], counts(found)
    # Who has more time is shown in the agency's row.
    days = {s.owed.due.last_day for s in found if s.granted is None} or {first.owed.due.last_day}
    due = joined([f"{day:%d/%m/%Y}" for day in sorted(days)])
    title = f"{first.duty.name} – {first.period.label} (hết ngày {due})"
    summary = (
        f"{number['accepted']}/{number['total']} đã nhận ({number['on_time']} đúng hạn, "
        f"{number['late']} quá hạn); còn thiếu {number['missing']}"
    )
    summary += f"; được miễn {number['waived']}" if number["waived"] else ""
    key = first.owed.key.rpartition("/")[0]
    return TermStatus(key, title, summary, tuple(_row(s, reachable, papers) for s in found))


def _row(standpoint: Standpoint, reachable: Reachable, papers: Papers) -> StatusRow:
    notes = []
    if standpoint.standing.counted_at:
        at = standpoint.standing.counted_at.astimezone(VIETNAM)
        notes.append(f"nhận lúc {at:%H:%M %d/%m/%Y}")
    answers = standpoint.answers
    if answers is not None and (standpoint.owed.regime, answers.code) not in reachable:
        notes.append("chưa có địa chỉ thư điện tử")
    if standpoint.note:
        notes.append(standpoint.note)
    beside = papers.get(standpoint.owed.id, ())
    if beside:
        notes.append(f"kèm {joined([_said(document) for document in beside])}")
    lacking = lacking_papers(standpoint.duty, beside)
    if lacking and standpoint.versions:
        notes.append(f"còn thiếu {', '.join(PAPERS[kind] for kind in lacking)}")
    return StatusRow(
        standpoint.agency.code,
        standpoint.agency.name,
        standpoint.standing.name,
        len(standpoint.versions),
        "; ".join(notes),
    )


def _said(document: Document) -> str:
    """Return what a paper is: `văn bản báo cáo đã ký số 12/BC-STP ngày 12/09/2016 (Giám đốc)`."""
    words = [PAPERS[document.kind]]
    if document.number:
        words.append(f"số {document.number}")
    if document.signed_on:
        words.append(f"ngày {document.signed_on:%d/%m/%Y}")
    if document.signer:
        words.append(f"({document.signer})")
    return " ".join(words)


def config_words(office: Office) -> list[str]:
    """Return what is wrong with an edit of config that is not used; empty if all is well."""
    refused = office.refused
    if refused is None:
        return []
    at, faults = refused.at.astimezone(VIETNAM), refused.faults
    shown = "; ".join(map(str, faults[:MOST_FAULTS]))
    more = f"; và {len(faults) - MOST_FAULTS} lỗi khác" if len(faults) > MOST_FAULTS else ""
    return [
        f"Cấu hình vừa sửa có lỗi nên chưa áp dụng (phát hiện lúc {at:%H:%M} ngày "
        f"{official_day(at.date())}); hệ thống vẫn chạy theo cấu hình đúng gần nhất. Đề nghị quản "
        f"trị viên sửa: {shown}{more}"
    ]


def stopped_words(office: Office, **of: str) -> list[str]:
    """Return what keeps consolidations from being delivered: cell, both values and file."""
    lines = []
    for proved in office.ledger.proofs.stopped(**of):
        regime, duty = office.duty(proved.regime, proved.duty)
        title = report_title(duty.name, Period.parse(proved.period).label)
        whose = f"{title}, nơi nhận {agency_name(regime, proved.recipient)}"
        shown = proved.differences[:MOST_DIFFERENCES]
        lines += [f"Dừng giao {whose}: {one}" for one in shown]
        if more := len(proved.differences) - len(shown):
            lines.append(f"Dừng giao {whose}: và {more} điểm khác nữa")
    return lines


def _waiting(office: Office, regime: str | None) -> list[str]:
    of = {} if regime is None else {"regime": regime}
    lines = [
        f"Chờ xử lý số {w.submission.id}: {w.submission.file_name} "
        f"(nhận lúc {w.submission.received_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}): {w.reason}"
        + ("; đã hỏi, chờ trả lời" if w.asked else "")
        for w in waiting(office, regime)
    ]
    lines += stopped_words(office, **of)
    lines += [f"Trong thư mục nhận: {one.name}: {one.reason}" for one in aside(office, regime)]
    for letter in office.ledger.post.letters(status=LetterStatus.FAILED.value, **of):
        said = f"Thư không gửi được, số {letter.id}: {letter.address}"
        lines.append(f"{said}, {cause_words(letter.cause)} ({letter.error})")
    return lines
