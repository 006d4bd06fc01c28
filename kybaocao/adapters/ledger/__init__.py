"""The ledger: what is owed, what came, what was written and made. The only SQL.

Others import from here alone, and not from its modules.
"""

from kybaocao.adapters.ledger.copying import copy_ledger
from kybaocao.adapters.ledger.database import LedgerAwayError, LedgerError
from kybaocao.adapters.ledger.proofs import AcceptedFile
from kybaocao.adapters.ledger.records import (
    Address,
    Arrival,
    Event,
    Letter,
    LetterDraft,
    LetterStatus,
    Link,
    Made,
    Owed,
    Parcel,
    Proved,
    Session,
    Submission,
)
from kybaocao.adapters.ledger.store import Ledger
from kybaocao.adapters.ledger.views import Logged, OnBooks, Sought

__all__ = [
    "AcceptedFile",
    "Address",
    "Arrival",
    "Event",
    "Ledger",
    "LedgerAwayError",
    "LedgerError",
    "Letter",
    "LetterDraft",
    "LetterStatus",
    "Link",
    "Logged",
    "Made",
    "OnBooks",
    "Owed",
    "Parcel",
    "Proved",
    "Session",
    "Sought",
    "Submission",
    "copy_ledger",
]
