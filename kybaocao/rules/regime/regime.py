"""What a regime declares: its document, its duties, and the agencies and tasks beside them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import Field, PrivateAttr

from kybaocao.rules.calendar.workdays import Shift
from kybaocao.rules.declaration import Declared, Id
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.contact import LONGEST_TELEPHONE, TELEPHONE, Contact, MailAddress
from kybaocao.rules.regime.duty import PARENT, Duty, InForce
from kybaocao.rules.regime.level import Level
from kybaocao.rules.regime.task import Task


class LegalDocument(Declared):
    """The decision or plan that a regime follows; a copy may lack its date."""

    number: str
    date: dt.date | None = None
    issuer: str
    title: str


class Assumption(Declared):
    """What the document leaves open, and how this regime reads it.

    Letters give only what touches whoever fills in the report (`in_letters`): until when, and of
    which days. All of them stand on the report's page and in the register.
    """

    id: Id
    text: str = Field(min_length=1)
    in_letters: bool = False


class Correction(StrEnum):
    """When a report that was in time, returned and corrected later counts as received."""

    FIRST = "first-version"
    ACCEPTED = "accepted-version"


class DaysOff(Declared):
    """What becomes of deadlines on days off, and the clause or assumption that says so."""

    rule: Shift
    source: str = Field(min_length=1)


class HelpLine(Declared):
    """Whom to ask at the secretariat: an office or a person, as an installation names them."""

    office: str = Field(min_length=1, max_length=200)
    telephone: str = Field(pattern=TELEPHONE, max_length=LONGEST_TELEPHONE)
    email: MailAddress | None = None


class Regime(Declared):
    """One province's decision and what follows from it.

    `days_after_cutoff` is the least number of working days between the end of a data window
    and a deadline, where the regime demands some. `contact` stands on every page and letter.
    `mending_days` are the working days within which a report that had been accepted and was given
    back is to be mended; the documents name none, so that every page says that it is assumed.
    """

    id: Id
    name: str
    province: str
    document: LegalDocument
    in_force: InForce
    secretariat: Id
    contact: HelpLine | None = None
    days_off: DaysOff
    days_after_cutoff: int = Field(default=0, ge=0)
    corrected: Correction
    mending_days: int = Field(default=5, ge=1, le=60)
    assumptions: tuple[Assumption, ...] = ()
    duties: tuple[Duty, ...]
    _levels: dict[str, Level] = PrivateAttr(default_factory=dict)
    _agencies: dict[str, Agency] = PrivateAttr(default_factory=dict)
    _contacts: tuple[Contact, ...] = PrivateAttr(default=())
    _successions: tuple[Succession, ...] = PrivateAttr(default=())
    _tasks: tuple[Task, ...] = PrivateAttr(default=())

    @property
    def levels(self) -> Mapping[str, Level]:
        """The levels by id, from the top."""
        return self._levels

    @property
    def agencies(self) -> Mapping[str, Agency]:
        return self._agencies

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return self._contacts

    @property
    def successions(self) -> tuple[Succession, ...]:
        return self._successions

    @property
    def tasks(self) -> tuple[Task, ...]:
        return self._tasks

    def holding(
        self,
        agencies: Mapping[str, Agency],
        contacts: tuple[Contact, ...] = (),
        successions: tuple[Succession, ...] = (),
        tasks: tuple[Task, ...] = (),
        levels: Iterable[Level] = (),
    ) -> "Regime":
        """Return this regime with what was read beside it."""
        regime = self.model_copy()
        regime._levels = {level.id: level for level in levels} or self._levels
        regime._agencies = dict(agencies)
        regime._contacts = contacts
        regime._successions = successions
        regime._tasks = tasks
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

    def recipient_of(self, duty: Duty, agency: Agency) -> str:
        """Return the code of the agency to which `agency` owes the report."""
        return agency.parent or "" if duty.recipient == PARENT else duty.recipient

    def owed_by(self, duty: Duty, agency: Agency) -> Duty:
        """Return `duty` with the recipient and the collector that `agency` has."""
        if duty.recipient != PARENT:
            return duty
        through, recipient = self.collector_of(duty, agency), self.recipient_of(duty, agency)
        return duty.model_copy(
            update={"recipient": recipient, "through": None if through == recipient else through}
        )

    def collector_of(self, duty: Duty, agency: Agency) -> str:
        """Return the code of the agency that collects `agency`'s report for its recipient."""
        if duty.recipient != PARENT:
            return duty.through or duty.recipient
        superior = self._agencies.get(agency.parent or "")
        return (superior.desk if superior else None) or agency.parent or ""
