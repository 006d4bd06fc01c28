"""What the ledger takes in and gives out: plain rows, no SQL."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import Due
from kybaocao.rules.cycle.reminder import Kind, Rung
from kybaocao.rules.cycle.standing import Received, Verdict
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Figure
from kybaocao.rules.regime.contact import Role


@dataclass(frozen=True)
class Owed:
    """An obligation in the ledger."""

    id: int
    regime: str
    duty: str
    period: str
    agency: str
    opens: date
    due: Due
    opened_at: datetime

    @property
    def key(self) -> str:
        return f"{self.regime}/{self.duty}/{self.period}/{self.agency}"


@dataclass(frozen=True)
class Submission:
    """One version of a report, or a file that waits for a person (`obligation_id` None).

    `verdict` is what holds now: a person may have returned what had been accepted, which is
    given back then (`given_back_at`). `reason` says why it replaces an accepted version, and
    `sender` is the address of who sent it, empty where only the channel is known. `regime` is
    whose people see it; empty where nobody knows, when it is the operator's.
    """

    id: int
    obligation_id: int | None
    version: int
    sha256: str
    file_name: str
    channel: str
    received_at: datetime
    recorded_at: datetime
    verdict: Verdict
    reason: str = ""
    sender: str = ""
    regime: str = ""
    given_back_at: datetime | None = None

    @property
    def given_back(self) -> bool:
        return self.given_back_at is not None

    @property
    def received(self) -> Received:
        return Received(self.version, self.received_at, self.verdict)


@dataclass(frozen=True)
class Arrival:
    """A file to be recorded as a submission, with what was found in it.

    `key` is the same for the same act of handing in, begun again after a crash, and for no
    other; it is empty where an act is over when its process is.
    """

    obligation_id: int | None
    sha256: str
    file_name: str
    channel: str
    received_at: datetime
    verdict: Verdict
    form: str | None = None
    form_version: int | None = None
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    reason: str = ""
    sender: str = ""
    key: str = ""
    regime: str = ""


class LetterStatus(StrEnum):
    """A letter's life: queued, claimed by a sender, then one of the other three."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    MOOT = "moot"


@dataclass(frozen=True)
class LetterDraft:
    """A letter to be queued: about whose report (`agency`), and for whom (`recipient`, `role`).

    What calls for it makes it unique: the ladder's `day`, the moment at which a person asked
    for it, or the number of what it tells of.
    """

    kind: Kind
    address: str
    regime: str
    duty: str
    period: str
    agency: str
    day: date | None = None
    recipient: str = ""
    role: Role = Role.OFFICER
    asked_at: datetime | None = None
    submission_id: int | None = None
    consolidation_id: int | None = None
    wish_id: int | None = None
    waiver_id: int | None = None
    ruling_id: int | None = None
    attachment_name: str | None = None
    attachment_sha256: str | None = None

    @property
    def occasion(self) -> str:
        """What calls for the letter, in its key; asked for by hand it goes out once a day."""
        if self.day is not None:
            return f"asked-{self.day}" if self.asked_at else self.day.isoformat()
        for name in ("wish", "waiver", "ruling", "consolidation", "submission"):
            if number := getattr(self, f"{name}_id"):
                # What came again is told of again.
                at = self.asked_at and self.asked_at.astimezone(VIETNAM)
                return f"{name}-{number}-{at:%Y-%m-%dT%H:%M:%S}" if at else f"{name}-{number}"
        if self.asked_at is None:
            raise ValueError(f"nothing calls for this letter: {self}")
        return f"asked-{self.asked_at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"

    @property
    def key(self) -> str:
        parts = (self.regime, self.duty, self.period, self.agency, self.kind, self.occasion)
        return "/".join((*parts, self.address))


@dataclass(frozen=True)
class Letter:
    """A letter in the ledger.

    `parcel` is the Message-ID of the mail that carried it, or tried to. `attempts` counts the
    claims, `refusals` how often the mail server said no to this letter; `cause` and `error` tell
    why it has not gone out.
    """

    id: int
    key: str
    kind: Kind
    address: str
    regime: str
    duty: str
    period: str
    agency: str
    day: date | None
    recipient: str
    role: Role
    asked_at: datetime | None
    submission_id: int | None
    consolidation_id: int | None
    wish_id: int | None
    waiver_id: int | None
    ruling_id: int | None
    attachment_name: str | None
    attachment_sha256: str | None
    message_id: str
    parcel: str | None
    status: LetterStatus
    queued_at: datetime
    attempts: int
    refusals: int
    sent_at: datetime | None
    cause: str
    error: str | None

    @property
    def rung(self) -> Rung | None:
        """The ladder's rung that this letter answers; None for one that a person asked for."""
        return Rung(self.day, self.kind) if self.day and not self.asked_at else None


@dataclass(frozen=True)
class Parcel:
    """Letters of one kind for one reader that travel in one mail, and its Message-ID."""

    message_id: str
    kind: Kind
    address: str
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Address:
    """A contact: where letters for an agency go."""

    regime: str
    agency: str
    role: Role
    address: str
    name: str
    telephone: str = ""


@dataclass(frozen=True)
class Made:
    """A consolidation that was made for its `recipient`.

    `inputs` identifies it among all, and `content` is what went in (`rules.report.changes`;
    None for one made before that was kept). `told` is what its first page and its letter say:
    what changed since the one before, and how it was proved.
    """

    id: int
    regime: str
    duty: str
    period: str
    recipient: str
    as_of: datetime
    inputs: str
    accepted: int
    owed: int
    sha256: str
    file_name: str
    content: dict[str, Any] | None = None
    told: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        return self.accepted < self.owed


@dataclass(frozen=True)
class Link:
    """A sign-in link that was issued: for whom, and the page to which it leads."""

    regime: str
    agency: str
    address: str
    path: str
    once: bool
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Session:
    """Someone who came in, bound to one agency.

    `paths` are the pages that letters' links opened, None for someone who signed in. `word` is
    what the forms of its pages bring.
    """

    regime: str
    agency: str
    address: str
    paths: list[str] | None
    word: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Event:
    """One line of the log: who did what to what, and when."""

    at: datetime
    actor: str
    act: str
    subject: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Proved:
    """How a consolidation (by `inputs`) was held against the originals before its delivery.

    `cells` of `files` were proved; `unproved` and `differences` are sentences. With a `reason`
    a person had it delivered for all its differences.
    """

    regime: str
    duty: str
    period: str
    recipient: str
    inputs: str
    at: datetime
    files: int
    cells: int
    unproved: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    reason: str = ""
    actor: str = ""

    @property
    def stops(self) -> bool:
        """Whether nothing may be delivered until it is mended, or a person says so."""
        return bool(self.differences) and not self.reason
