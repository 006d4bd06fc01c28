"""What a regime declares: its document, its agencies, and who owes which report by when."""

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from kybaocao.rules.period import Frequency, WindowRule
from kybaocao.rules.workdays import Shift

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
ADDRESS = r"^[^@\s<>,;]+@[^@\s<>,;]+$"
Code = Annotated[str, Field(pattern=CODE, max_length=64)]


class Declared(BaseModel):
    """A part of the configuration: immutable, and closed to words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(StrEnum):
    """The tier of an agency."""

    PROVINCE = "tinh"
    DEPARTMENT = "so"
    DISTRICT = "huyen"


class Agency(Declared):
    """An organisation that reports or receives; `since` and `until` bound its existence."""

    code: Code
    name: str = Field(min_length=1)
    short: str = Field(min_length=1)
    level: Level
    parent: Code | None = None
    since: date | None = None
    until: date | None = None
    successor: Code | None = None
    source: str = Field(min_length=1)

    def exists_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class Role(StrEnum):
    """What a contact is to the agency."""

    OFFICER = "officer"
    HEAD = "head"


class Contact(Declared):
    """An address at an agency; the seeds of the ledger's contacts."""

    agency: Code
    role: Role
    address: str = Field(pattern=ADDRESS, max_length=254)
    name: str = Field(default="", max_length=255)


class Document(Declared):
    """The decision or plan that a regime follows."""

    number: str
    date: date
    issuer: str
    title: str


class InForce(Declared):
    """The days between which a regime's duties can fall due, both included."""

    since: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Assumption(Declared):
    """What the document leaves open, and how this regime reads it."""

    id: Code
    text: str = Field(min_length=1)


class Correction(StrEnum):
    """When a report that was in time, returned and corrected later counts as received."""

    FIRST = "first-version"
    ACCEPTED = "accepted-version"


class Reporters(Declared):
    """Who owes a report: whole levels, single agencies, less exceptions."""

    levels: tuple[Level, ...] = ()
    agencies: tuple[Code, ...] = ()
    without: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _someone(self) -> "Reporters":
        if not self.levels and not self.agencies:
            raise ValueError("names nobody: give `levels`, `agencies` or both")
        return self

    def include(self, agency: Agency) -> bool:
        if agency.code in self.without:
            return False
        return agency.code in self.agencies or agency.level in self.levels


class Deadline(Declared):
    """The day by which a report is due, counted in the last month of its period.

    `before: 15` (trước ngày 15) ends with the 14th; `by: 15` ends with the 15th;
    `by: end-of-month` stands for a month that the document names without a day.
    """

    before: Annotated[int, Field(ge=2, le=31)] | None = None
    by: Annotated[int, Field(ge=1, le=31)] | Literal["end-of-month"] | None = None

    @model_validator(mode="after")
    def _one_rule(self) -> "Deadline":
        if (self.before is None) == (self.by is None):
            raise ValueError("needs exactly one of `before` and `by`")
        return self


class Ladder(Declared):
    """When letters about one report go out, in working days.

    `before` counts back from the last working day that is not after the deadline, on which
    `last_day` sends; the first overdue letter goes on working day `overdue_first` after the
    deadline, then every `overdue_every`, until `overdue_until`; from `escalate_after` on the
    agency's head and the secretariat hear once.
    """

    opening: bool = True
    before: tuple[Annotated[int, Field(ge=1)], ...] = (10, 5, 2, 1)
    last_day: bool = True
    overdue_first: int = Field(default=2, ge=1)
    overdue_every: int = Field(default=2, ge=1)
    overdue_until: int = Field(default=20, ge=0)
    escalate_after: int | None = Field(default=3, ge=1)


class Handling(StrEnum):
    """What happens to accepted reports."""

    CONSOLIDATE = "consolidate"
    FORWARD = "forward"


class Duty(Declared):
    """One reporting duty: who reports what to whom, how often, by when, on which form."""

    id: Code
    name: str = Field(min_length=1)
    clause: str = Field(min_length=1)
    stated: str = Field(min_length=1, description="the deadline in the document's own words")
    reporters: Reporters
    recipient: Code
    through: Code | None = None
    handling: Handling
    every: Frequency
    on_request: bool = False
    window: WindowRule
    deadline: Deadline
    opens: int = Field(ge=1, description="working days before the deadline")
    form: Code
    ladder: Ladder = Ladder()
    replaces: Code | None = Field(
        default=None, description="the duty whose report of the same last month this one replaces"
    )
    run_at: time = time(7, 0)
    assumptions: tuple[Code, ...] = ()


class Regime(Declared):
    """One province's decision and what follows from it."""

    id: Code
    name: str
    province: str
    document: Document
    in_force: InForce
    secretariat: Code
    days_off: Shift
    corrected: Correction
    assumptions: tuple[Assumption, ...] = ()
    duties: tuple[Duty, ...]
    _agencies: dict[str, Agency] = PrivateAttr(default_factory=dict)
    _contacts: tuple[Contact, ...] = PrivateAttr(default=())

    @property
    def agencies(self) -> Mapping[str, Agency]:
        return self._agencies

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return self._contacts

    def with_people(
        self, agencies: Mapping[str, Agency], contacts: tuple[Contact, ...]
    ) -> "Regime":
        """Return this regime with the agencies and first contacts read beside it."""
        regime = self.model_copy()
        regime._agencies = dict(agencies)
        regime._contacts = contacts
        return regime

    def duty(self, duty_id: str) -> Duty:
        """Return the duty of that id. Raises KeyError if there is none."""
        for duty in self.duties:
            if duty.id == duty_id:
                return duty
        raise KeyError(duty_id)

    def assumptions_of(self, duty: Duty) -> list[Assumption]:
        """Return what this duty's deadline and window rest on beyond the document's words."""
        return [a for a in self.assumptions if a.id in duty.assumptions]
