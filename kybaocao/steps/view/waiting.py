"""The files that wait for a person."""

from dataclasses import dataclass

from kybaocao.adapters.inbox import Aside
from kybaocao.adapters.ledger import Submission
from kybaocao.rules.regime.ruling import Ruled, Ruling
from kybaocao.runtime import Office


@dataclass(frozen=True)
class Waiting:
    """A file that waits for a person: why, and what was asked about it already."""

    submission: Submission
    reason: str
    asked: tuple[Ruling, ...]


def waiting(office: Office, regime: str | None = None) -> list[Waiting]:
    """Return the files that no rule could place and nobody has settled, oldest first.

    With `regime` its own; without it all, which is for the operator alone.
    """
    found = []
    for submission in office.ledger.unknown(regime):
        findings = office.ledger.findings(submission.id)
        first = findings[0] if findings else None
        said = ". ".join(filter(None, (first.value, first.action.rstrip(".")))) if first else ""
        asked = office.ledger.rulings.rulings(submission_id=submission.id, kind=Ruled.ASKED.value)
        found.append(Waiting(submission, said, tuple(asked)))
    return found


def aside(office: Office, regime: str | None = None) -> list[Aside]:
    """Return what in the drop folder cannot be taken in, with `regime` only of its folder."""
    found = office.inbox.aside()
    return [one for one in found if regime is None or office.belonging(one.folder) == regime]
