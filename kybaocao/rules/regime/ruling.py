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


class PaperLook(StrEnum):
    """What a paper is by its bytes, whatever its sender calls it."""

    SIGNED_PDF = "signed-pdf"
    ALTERED_PDF = "altered-pdf"
    PDF = "pdf"
    PICTURE = "picture"
    DOCUMENT = "document"
    BROKEN = "broken"
    UNKNOWN = ""


LOOKS = {
    PaperLook.SIGNED_PDF: "PDF có chữ ký số",
    PaperLook.ALTERED_PDF: "PDF có chữ ký số không khớp với nội dung",
    PaperLook.PDF: "PDF không có chữ ký số",
    PaperLook.PICTURE: "ảnh chụp hoặc ảnh quét",
    PaperLook.DOCUMENT: "văn bản Word, không có chữ ký số",
    PaperLook.BROKEN: "không mở được",
    PaperLook.UNKNOWN: "",
}


@dataclass(frozen=True)
class Document:
    """A paper beside a report: its number and mark, the day and the hand that signed it.

    `look` is what it is; of one kept before that was looked at, nothing. `id` is the ledger's, 0
    until the paper is there.
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
    look: PaperLook = PaperLook.UNKNOWN
    id: int = field(default=0, compare=False)

    @property
    def opens(self) -> bool:
        return self.look is not PaperLook.BROKEN
