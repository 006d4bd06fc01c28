"""What comes beside a report: kept as it is, and told where it lacks."""

from collections.abc import Sequence
from datetime import date, datetime

from kybaocao.adapters.ledger import Owed
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.ruling import Document, Paper
from kybaocao.runtime import Office


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
) -> Document:
    """Keep a paper beside a report as it is, never read as data; return what is recorded.

    Raises RefusedError for an empty file.
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
    )
    office.ledger.rulings.attach(document)
    return document


def lacking_papers(duty: Duty, beside: Sequence[Document]) -> list[Paper]:
    """Return the papers that must come beside a report and have not."""
    here = {document.kind for document in beside}
    return [rule.kind for rule in duty.papers if rule.required and rule.kind not in here]
