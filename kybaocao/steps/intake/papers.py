"""What comes beside a report: kept as it is, and told where it lacks."""

from collections.abc import Sequence
from datetime import date, datetime

from kybaocao.adapters.ledger import Owed
from kybaocao.adapters.paper_looks import look_at
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.ruling import Document, Paper, Ruling
from kybaocao.runtime import Office
from kybaocao.steps.intake.settle import waits_no_more


def attach(
    office: Office,
    data: bytes,
    file_name: str,
    owed: Owed,
    kind: Paper,
    now: datetime,
    *,
    number: str = "",
    signed_on: date | None = None,
    signer: str = "",
    received_at: datetime | None = None,
    actor: str = "operator",
    ruling: Ruling | None = None,
) -> Document:
    """Keep a paper beside a report as it is, never read as data; return what is recorded.

    `ruling` is the person's word by which a waiting file became it. Raises RefusedError for an
    empty file, or one that waits no longer.
    """
    if not data:
        raise RefusedError(f"{file_name} is empty", f"Tệp “{file_name}” rỗng.")
    document = Document(
        owed.id,
        kind,
        office.archive.put(data),
        file_name,
        number,
        signed_on,
        signer,
        received_at or now,
        actor,
        now,
        look_at(data),
    )
    if not office.ledger.rulings.attach(document, ruling) and ruling is not None:
        raise waits_no_more(ruling.submission_id)
    return document


def take_away(office: Office, document: Document, reason: str, now: datetime, actor: str) -> None:
    """Take a paper away from its report; the log keeps it. Raises RefusedError if it is gone."""
    if not office.ledger.rulings.take_away(document, reason, now, actor):
        raise RefusedError("the paper is gone", "Tài liệu này đã được bỏ trước đó.")


def lacking_papers(duty: Duty, beside: Sequence[Document]) -> list[Paper]:
    """Return the papers that must come beside a report and have not; one that opens counts."""
    here = {document.kind for document in beside if document.opens}
    return [rule.kind for rule in duty.papers if rule.required and rule.kind not in here]
