"""The files that wait for a person."""

from dataclasses import dataclass

from kybaocao.adapters.ledger import Submission
from kybaocao.rules.regime.ruling import Ruled, Ruling
from kybaocao.runtime import Office


@dataclass(frozen=True)
class Waiting:
    """A file that waits for a person: why, and what was asked about it already."""

    submission: Submission
    reason: str
    asked: tuple[Ruling, ...]


def waiting(office: Office) -> list[Waiting]:
    """Return the files that no rule could place and nobody has settled, oldest first."""
    found = []
    for submission in office.ledger.unknown():
        findings = office.ledger.findings(submission.id)
        first = findings[0] if findings else None
        said = ". ".join(filter(None, (first.value, first.action.rstrip(".")))) if first else ""
        asked = office.ledger.rulings.rulings(submission_id=submission.id, kind=Ruled.ASKED.value)
        found.append(Waiting(submission, said, tuple(asked)))
    return found
