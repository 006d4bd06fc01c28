"""Exceptions to a duty: more time, or none of it. They live in the ledger, never in code."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from kybaocao.rules.cycle.obligation import Due
from kybaocao.rules.errors import RefusedError

A_YEAR = timedelta(days=366)


class Exemption(StrEnum):
    """What was granted; a withdrawal takes back what was granted before it."""

    EXTENSION = "extension"
    WAIVER = "waiver"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True)
class Waiver:
    """One exception: for whom, why, by whose word, until when, and who recorded it.

    `until` is the new last day of an extension. With an empty `period` it speaks of every
    report that falls due on `until` or before. `id` is the ledger's, 0 until it is there.
    """

    kind: Exemption
    regime: str
    duty: str
    period: str
    agency: str
    until: date | None
    reason: str
    granted_by: str
    actor: str
    at: datetime
    id: int = field(default=0, compare=False)

    def speaks_of(self, period: str, due: Due) -> bool:
        """Return whether it is about the report of `period` that is due by rule on `due`."""
        if self.period:
            return self.period == period
        return self.until is None or due.last_day <= self.until


class WishAnswer(StrEnum):
    """What the secretariat answered to a wish for more time."""

    GRANTED = "granted"
    DECLINED = "declined"


@dataclass(frozen=True)
class ExtensionRequest:
    """An agency's wish for time until the end of `until`, and what became of it.

    While `answer` is None it is open. `actor` and `answered_by` are addresses.
    """

    id: int
    obligation_id: int
    until: date
    reason: str
    actor: str
    at: datetime
    answer: WishAnswer | None = None
    answer_reason: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answer is None


@dataclass(frozen=True)
class Relief:
    """What holds for one report after all that was granted: its deadline, or that it is waived.

    `last` is the exception that decides, or None; `words` are all that spoke of the report,
    those taken back included, oldest first.
    """

    due: Due
    is_waived: bool = False
    last: Waiver | None = None
    words: tuple[Waiver, ...] = ()


def relief(period: str, due: Due, granted: Iterable[Waiver]) -> Relief:
    """Return what holds for a report due by rule on `due`; the latest word about it decides.

    `granted` are the agency's exceptions for the duty, oldest first. An extension leaves the
    day that the document states. A withdrawal without a period takes back only what was
    granted without one.
    """
    words = tuple(waiver for waiver in granted if waiver.speaks_of(period, due))
    held: list[Waiver] = []
    for word in words:
        if word.kind is not Exemption.WITHDRAWAL:
            held.append(word)
        else:
            held = [] if word.period else [one for one in held if one.period]
    if not held:
        return Relief(due, words=words)
    last = held[-1]
    if last.kind is Exemption.WAIVER:
        return Relief(due, is_waived=True, last=last, words=words)
    return Relief(Due(due.stated, last.until or due.last_day), last=last, words=words)


def check_near(until: date, *days: date) -> None:
    """Raise RefusedError if `until` is more than a year after all of `days`.

    Its year is mistyped then; and deadlines near the calendar's end cannot be reckoned with.
    """
    if until - max(days) > A_YEAR:
        raise RefusedError(
            f"{until} is more than a year after {max(days)}",
            f"Ngày {until:%d/%m/%Y} quá xa; hãy kiểm tra lại năm.",
        )
