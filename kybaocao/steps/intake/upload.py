"""Files that come together for one report by the portal: each is received, or kept beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kybaocao.adapters.ledger import Submission
from kybaocao.adapters.workbooks import reading
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.finding import Finding, by_sheet
from kybaocao.rules.regime.access import Visitor
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.ruling import Document, Paper
from kybaocao.runtime import Office
from kybaocao.steps import visible
from kybaocao.steps.intake import papers
from kybaocao.steps.intake.answer import given_back_for
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import Receipt, plain_name, receive
from kybaocao.steps.standings import Standpoint, standing_of

CHANNEL = "portal"


@dataclass(frozen=True)
class Upload:
    """One file as it came: its name in the sender's words, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class PaperWords:
    """What the sender says of the papers among the files."""

    kind: Paper = Paper.SIGNED
    number: str = ""
    signed_on: date | None = None
    signer: str = ""


class Became(StrEnum):
    """What became of a file; one that waits is kept until a person has looked at it."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    WAITS = "waits"
    FOREIGN = "foreign"
    PAPER = "paper"


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `is_repeat` if it changed nothing about what had come before.

    `submission` and `report` are the version and the report that it is of, None where there is
    none; `is_elsewhere` says that this is another report than the one for which it was sent,
    and `in_time` speaks of an accepted version. `paper` is the paper as it was kept, and
    `given_back_for` says why a person returned the version that it repeats.
    """

    file_name: str
    became: Became
    is_repeat: bool = False
    submission: Submission | None = None
    report: Standpoint | None = None
    is_elsewhere: bool = False
    in_time: bool = True
    is_nil: bool = False
    findings: tuple[Finding, ...] = ()
    paper: Document | None = None
    given_back_for: str = ""

    @property
    def faults(self) -> dict[str, list[Finding]]:
        """What must be mended, by sheet."""
        return by_sheet(f for f in self.findings if f.is_blocking)

    @property
    def warnings(self) -> dict[str, list[Finding]]:
        """What should be looked at, by sheet."""
        return by_sheet(f for f in self.findings if not f.is_blocking)

    @property
    def title(self) -> str:
        """The name and period of the report that it is of; empty where there is none."""
        of = self.report
        return report_title(of.duty.name, of.period.label) if of else ""


def upload(
    office: Office,
    visitor: Visitor,
    stands: Standpoint,
    files: Sequence[Upload],
    reason: str,
    now: datetime,
    paper: PaperWords | None = None,
) -> list[Outcome]:
    """Take in files that a visitor sends on the page of a report; return what became of each.

    Workbooks are received as versions of the report that they say they are, if that is one of
    the same agency, or one that the visitor may hand in; another agency's waits for a person. A
    document or picture is kept beside the report of the page. All count as received at `now`,
    when the request was complete. `reason` says why a version replaces an accepted one. Raises
    RefusedError without files, and ArchiveFullError; what came before the fault is recorded.
    """
    if not files:
        raise RefusedError("no file was sent", "Chưa chọn tệp nào. Hãy chọn tệp rồi gửi lại.")
    words = paper or PaperWords()
    return [_taken(office, visitor, stands, one, reason, now, words) for one in files]


def _taken(
    office: Office,
    visitor: Visitor,
    stands: Standpoint,
    file: Upload,
    reason: str,
    now: datetime,
    words: PaperWords,
) -> Outcome:
    if office.readers.run(reading.is_paper, file.data):
        return _kept_beside(office, visitor, stands, file, words, now)
    agency = (stands.answers or stands.agency).code

    def may_bring(of: Standpoint) -> bool:
        # Agencies of two regimes may have one code.
        is_theirs = (of.answers or of.agency).code == agency or visible.may_hand_in(visitor, of)
        return of.owed.regime == visitor.regime and is_theirs

    incoming = Incoming(
        file.data,
        file.name,
        CHANNEL,
        now,
        reason,
        agency,
        visitor.address,
        regime=visitor.regime,
    )
    receipt = receive(office, incoming, now, may_bring)
    return _outcome(office, stands, receipt, now)


def _outcome(office: Office, stands: Standpoint, receipt: Receipt, now: datetime) -> Outcome:
    name, findings = receipt.file_name, receipt.judged.findings
    if receipt.owed is None:
        is_foreign = any(f.code in (Code.WRONG_SENDER, Code.WRONG_AGENCY) for f in findings)
        became = Became.FOREIGN if is_foreign else Became.WAITS
        # Of a repeat nothing more is told: it may have come from somebody else before.
        return Outcome(name, became, receipt.is_repeat, findings=findings)
    of, version = standing_of(office, receipt.owed, now), receipt.submission
    if receipt.is_repeat:
        findings = tuple(office.ledger.findings(version.id))
    is_accepted = version.verdict is Verdict.ACCEPTED
    return Outcome(
        name,
        Became.ACCEPTED if is_accepted else Became.RETURNED,
        receipt.is_repeat,
        version,
        of,
        of.owed.id != stands.owed.id,
        of.was_in_time(version),
        receipt.judged.is_nil,
        findings,
        given_back_for=given_back_for(office, version) if version.given_back else "",
    )


def _kept_beside(
    office: Office,
    visitor: Visitor,
    stands: Standpoint,
    file: Upload,
    words: PaperWords,
    now: datetime,
) -> Outcome:
    name = plain_name(file.name)
    before = office.ledger.rulings.documents(obligation_id=stands.owed.id, kind=words.kind.value)
    document = papers.attach(
        office,
        file.data,
        name,
        stands.owed,
        words.kind,
        now,
        number=words.number,
        signed_on=words.signed_on,
        signer=words.signer,
        actor=visitor.address,
    )
    is_repeat = any(document.sha256 == one.sha256 for one in before)
    return Outcome(name, Became.PAPER, is_repeat, report=stands, paper=document)
