"""What a person decided about one file: whose it is, that it is none, or that it must be mended."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Ruled(StrEnum):
    """What became of a file by a person's word.

    Assigned, rejected and attached files wait no more; one that was asked about does. A
    returned file had been accepted, and counts no more; an accepted one had been returned, and
    counts.
    """

    ASSIGNED = "assigned"
    REJECTED = "rejected"
    ATTACHED = "attached"
    ASKED = "asked"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def settles(self) -> bool:
        return self in (Ruled.ASSIGNED, Ruled.REJECTED, Ruled.ATTACHED)


@dataclass(frozen=True)
class Ruling:
    """One decision about a submission: what, why, by whom; `target` is the report or agency."""

    submission_id: int
    kind: Ruled
    target: str
    reason: str
    actor: str
    at: datetime


class Paper(StrEnum):
    """What comes beside a workbook; kept as it is, and never read as data."""

    SIGNED = "signed"
    EVIDENCE = "evidence"
    PLAN = "plan"
    OTHER = "other"


PAPERS = {
    Paper.SIGNED: "văn bản báo cáo đã ký",
    Paper.EVIDENCE: "tài liệu kiểm chứng",
    Paper.PLAN: "kế hoạch",
    Paper.OTHER: "tài liệu khác",
}


@dataclass(frozen=True)
class Document:
    """A paper beside a report: its number and mark, the day and the hand that signed it.

    `id` is the ledger's, 0 until the paper is there.
    """

    obligation_id: int
    kind: Paper
    sha256: str
    file_name: str
    number: str
    signed_on: date | None
    signer: str
    received_at: datetime
    actor: str
    at: datetime
    id: int = field(default=0, compare=False)
