"""Tasks that a decision assigns: who leads, who helps, and the deadline in whatever form."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import Field

from kybaocao.rules.calendar.period import days_in
from kybaocao.rules.declaration import Declared
from kybaocao.rules.regime.agency import Agency

EVERY_YEAR = "*"
_POINT = re.compile(r"(\d{4}|\*)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


class DeadlineKind(StrEnum):
    """The form in which a document states the deadline of a task."""

    QUARTER = "quarter"
    QUARTERS = "quarters"
    MONTH = "month"
    YEAR = "year"
    PHASE = "phase"
    FROM = "from"
    BY = "by"
    STAGES = "stages"
    YEARLY = "yearly"
    NONE = "none"


@dataclass(frozen=True)
class Point:
    """A year, or one of its quarters or months; `year` None stands for every year."""

    year: int | None
    quarter: int = 0
    month: int = 0

    @property
    def kind(self) -> DeadlineKind:
        if self.year is None:
            return DeadlineKind.YEARLY
        if self.quarter:
            return DeadlineKind.QUARTER
        return DeadlineKind.MONTH if self.month else DeadlineKind.YEAR

    @property
    def last_day(self) -> date | None:
        """The last day of the year, quarter or month; None for one of every year."""
        if self.year is None:
            return None
        month = self.month or 3 * self.quarter or 12
        return date(self.year, month, days_in(self.year, month))


@dataclass(frozen=True)
class Stage:
    """One stage of a task; without `first` it has only an end, without `last` only a start."""

    first: Point | None
    last: Point | None

    @property
    def kind(self) -> DeadlineKind:
        if self.last is None:
            return DeadlineKind.FROM
        if self.first is None:
            return DeadlineKind.BY
        return self.last.kind if self.first == self.last else DeadlineKind.PHASE

    @property
    def year(self) -> int | None:
        """The first year that the stage names."""
        point = self.first or self.last
        return point.year if point else None


@dataclass(frozen=True)
class TaskDeadline:
    """The stages of a task, in the document's order; none where no deadline is stated."""

    stages: tuple[Stage, ...] = ()

    @property
    def kind(self) -> DeadlineKind:
        kinds = {stage.kind for stage in self.stages}
        if len(self.stages) < 2:
            return kinds.pop() if kinds else DeadlineKind.NONE
        return DeadlineKind.QUARTERS if kinds == {DeadlineKind.QUARTER} else DeadlineKind.STAGES

    @property
    def last_day(self) -> date | None:
        """The last day of the last stage; None while any stage is open-ended."""
        days = [stage.last.last_day if stage.last else None for stage in self.stages]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None

    @property
    def first_year(self) -> int | None:
        """The first year that is named, or None if none is."""
        return min((s.year for s in self.stages if s.year is not None), default=None)


def deadline_of(words: str) -> TaskDeadline:
    """Return the deadline that `words` declare. Raises ValueError saying what was expected.

    Stages are joined by ` + `, each a point (`2016`, `2016-Q3`, `2015-09`), a phase
    (`2016..2020`), an open one (`2016..`), a latest one (`..2018-Q3`), or one of every year
    (`*-12`, or `*` where the document names no month).
    """
    parts = [part.strip() for part in words.split("+")] if words.strip() else []
    return TaskDeadline(tuple(map(_stage, parts)))


def _stage(part: str) -> Stage:
    start, dots, end = part.partition("..")
    if not dots:
        point = _point(part, part)
        return Stage(point, point)
    first, last = (_point(word, part) if word else None for word in (start, end))
    if (first or last) is None or any(p and p.year is None for p in (first, last)):
        raise ValueError(_expected(part))
    if first and last and str(first.last_day) >= str(last.last_day):
        raise ValueError(f"'{part}' ends before it begins")
    return Stage(first, last)


def _point(word: str, part: str) -> Point:
    match = _POINT.fullmatch(word)
    if match is None:
        raise ValueError(_expected(part))
    year, quarter, month = match.groups()
    return Point(None if year == EVERY_YEAR else int(year), int(quarter or 0), int(month or 0))


def _expected(part: str) -> str:
    forms = "2016, 2016-Q3, 2015-09, 2016..2020, 2016.., ..2018-Q3, *-12 or *"
    return f"expected a deadline like {forms}, found '{part}'"


class Task(Declared):
    """One task of a decision's list, as a row of tasks.csv gives it.

    `leads` and `coordinating` hold codes parted by `;`, or `*so`, `*huyen` … for every agency
    of a level; `others` names helpers that are no declared agency. `stated` is the deadline in
    the document's words, `deadline` what follows from them (`deadline_of`).
    """

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    leads: str = ""
    coordinating: str = ""
    others: str = ""
    deadline: str = ""
    stated: str = ""
    source: str = Field(min_length=1)

    @property
    def lead_codes(self) -> tuple[str, ...]:
        return codes_in(self.leads)

    @property
    def when(self) -> TaskDeadline:
        return deadline_of(self.deadline)

    @property
    def deadline_words(self) -> str:
        """The stated deadline, with the year of its list where its own words have none."""
        year = self.when.first_year
        if not self.stated or year is None or _YEAR.search(self.stated):
            return self.stated
        return f"{self.stated} năm {year}"

    def is_led_by(self, agency: Agency) -> bool:
        return is_among(self.lead_codes, agency)

    def is_overdue(self, day: date) -> bool:
        """Return whether the last day of the deadline lies before `day`."""
        last = self.when.last_day
        return last is not None and last < day


def codes_in(words: str) -> tuple[str, ...]:
    """Return the codes, or levels with `*`, of a list parted by `;`."""
    return tuple(word.strip() for word in words.split(";") if word.strip())


def level_of(code: str) -> str | None:
    """Return the id of the level for whose agencies `*level` stands; None for one agency's code."""
    return code[1:] if code.startswith("*") else None


def is_among(codes: Iterable[str], agency: Agency) -> bool:
    """Return whether an agency is named among codes, by itself or by its level."""
    return any(code in (agency.code, f"*{agency.level}") for code in codes)


@dataclass(frozen=True)
class OpenTask:
    """A task that its lead is still to report as done, and what that lead said of it last.

    `last` is by column id of the sheet that the lead fills. `overdue` says that the deadline
    has passed by the day on which the new report is due.
    """

    task: Task
    last: Mapping[str, str]
    overdue: bool


def open_tasks(
    tasks: Iterable[Task], agency: Agency, year: int, finished: Collection[str]
) -> list[Task]:
    """Return the tasks that an agency leads and reports on for a period of `year`, in order.

    A task counts from the first year that its deadline names, until its id is `finished` (by
    this lead: where many lead one task, each finishes on its own).
    """
    return [
        task
        for task in tasks
        if task.is_led_by(agency)
        and task.id not in finished
        and (task.when.first_year or year) <= year
    ]
