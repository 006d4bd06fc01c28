"""A reporting duty: who owes which report, how often, by when, on which form."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period, WindowRule, days_in
from kybaocao.rules.declaration import Declared, Id
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.level import LevelId
from kybaocao.rules.regime.ruling import Paper


class Reporters(Declared):
    """Who owes a report: whole levels, single agencies, less exceptions."""

    levels: tuple[LevelId, ...] = ()
    agencies: tuple[Id, ...] = ()
    without: tuple[Id, ...] = ()

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
    """The day by which a report is due; one of its four rules is given.

    `before: 15` (trước ngày 15) ends with the 14th; `by: 15` ends with the 15th. `by:
    end-of-month` and `by: end-of-quarter` stand for a month or quarter that the document names
    without a day. `after_cutoff: 2` is the second working day after the data window.
    `requested: true` leaves the day to each request. Days are counted in the period's last
    month, or so many `months_later`, or in the `month` or `quarter` named of the period's year,
    or the `year` before or after.
    """

    before: Annotated[int, Field(ge=2, le=31)] | None = None
    by: Annotated[int, Field(ge=1, le=31)] | Literal["end-of-month", "end-of-quarter"] | None = None
    after_cutoff: Annotated[int, Field(ge=1, le=60)] | None = None
    requested: Literal[True] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    quarter: Annotated[int, Field(ge=1, le=4)] | None = None
    year: Literal["previous", "same", "next"] = "same"
    months_later: int = Field(default=0, ge=0, le=12)

    @model_validator(mode="after")
    def _one_rule(self) -> "Deadline":
        rules = (self.before, self.by, self.after_cutoff, self.requested)
        if sum(rule is not None for rule in rules) != 1:
            raise ValueError(
                "needs exactly one of `before`, `by`, `after_cutoff` and `requested: true`"
            )
        if (self.by == "end-of-quarter") != (self.quarter is not None):
            raise ValueError("`by: end-of-quarter` and `quarter` go together")
        places = [self.month, self.quarter, self.months_later or None]
        if sum(place is not None for place in places) > 1:
            raise ValueError("takes one of `month`, `quarter` and `months_later`")
        if self.year != "same" and self.month is None and self.quarter is None:
            raise ValueError("`year` needs a `month` or a `quarter`")
        day = self.by if isinstance(self.by, int) else self.before
        if self.month and day and day > days_in(2000, self.month):
            raise ValueError(f"month {self.month} has no day {day}")
        if (self.after_cutoff or self.requested) and any(p is not None for p in places):
            raise ValueError("a rule without a month takes no `month`, `quarter`, `months_later`")
        return self


class Tier(Declared):
    """A deadline of its own for the reporters of some levels."""

    levels: tuple[LevelId, ...] = Field(min_length=1)
    deadline: Deadline


class Once(Declared):
    """A report owed a single time: the year in which it is due, and the days that it covers."""

    year: int = Field(ge=1945, le=2200)
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Once":
        if self.last < self.first:
            raise ValueError("`last` is before `first`")
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


class InForce(Declared):
    """The days between which reports can fall due, both included."""

    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "InForce":
        if self.until is not None and self.until < self.since:
            raise ValueError("`until` is before `since`")
        return self

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Handling(StrEnum):
    """What happens to accepted reports."""

    CONSOLIDATE = "consolidate"
    FORWARD = "forward"


class PaperRule(Declared):
    """A paper that may, or must, come beside the workbook."""

    kind: Paper
    required: bool = False


PARENT = "parent"
"""The recipient that stands for each reporter's own superior."""


class Duty(Declared):
    """One reporting duty: who reports what to whom, how often, by when, on which form.

    `recipient: parent` stands for each reporter's own superior; reports travel `through` the
    agency that collects them, or through the superior's desk. `which` keeps only some of the
    year's periods. With `on_request` the secretariat can ask for the report at other times.
    """

    id: Id
    name: str = Field(min_length=1)
    clause: str = Field(min_length=1)
    stated: str = Field(min_length=1, description="the deadline in the document's own words")
    reporters: Reporters
    recipient: Id
    through: Id | None = None
    handling: Handling
    every: Frequency
    which: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    once: Once | None = None
    on_request: bool = False
    window: WindowRule | None = None
    deadline: Deadline
    tiers: tuple[Tier, ...] = ()
    opens: int | None = Field(default=None, ge=1, description="working days before the deadline")
    form: Id
    papers: tuple[PaperRule, ...] = ()
    ladder: Ladder = Ladder()
    replaces: Id | None = Field(
        default=None, description="the duty whose report of the same last month this one replaces"
    )
    follows: tuple[Id, ...] = Field(
        default=(), description="other duties whose figures this one's go on from"
    )
    run_at: time = time(7, 0)
    in_force: InForce | None = Field(default=None, description="where it differs from the regime")
    assumptions: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _fits_its_frequency(self) -> "Duty":
        every = self.every
        if (every is Frequency.ONCE) != (self.once is not None):
            raise ValueError("`every: once` and `once` go together")
        if every.recurs != (self.window is not None):
            raise ValueError("`window` is for a report that recurs, and only for one")
        if every is Frequency.REQUEST:
            if not self.deadline.requested or self.tiers:
                raise ValueError("`every: request` takes `deadline: {requested: true}` alone")
        elif self.opens is None:
            raise ValueError("`opens` is missing")
        rules = (self.deadline, *(tier.deadline for tier in self.tiers))
        if every is not Frequency.REQUEST and any(rule.requested for rule in rules):
            raise ValueError("`requested` is for `every: request`")
        if every is Frequency.ONCE and not all(d.month or d.quarter for d in rules):
            raise ValueError("`every: once` needs a `month` or a `quarter` in its deadline")
        if any(index > every.per_year for index in self.which):
            raise ValueError(f"`which` names no {every} of a year")
        return self

    @property
    def takes_requests(self) -> bool:
        return self.on_request or self.every is Frequency.REQUEST

    def is_asked(self, period: Period) -> bool:
        """Return whether `period` is one that a request for this duty opens."""
        return period.frequency is Frequency.REQUEST and self.takes_requests

    def deadline_for(self, level: LevelId) -> Deadline:
        """Return the deadline that holds for reporters of a level."""
        for tier in self.tiers:
            if level in tier.levels:
                return tier.deadline
        return self.deadline
