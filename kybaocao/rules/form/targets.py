"""What a decision wants of an indicator: with its operator, its year, and for whom."""

from collections.abc import Iterable, Sequence
from typing import Self

from pydantic import Field, model_validator

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.declaration import Declared
from kybaocao.rules.regime.level import LevelId

_SIGNS = {"at_least": "≥ ", "above": "> ", "at_most": "≤ ", "below": "< ", "reach": ""}
# Shares are published with two decimals, and held against their targets so.
_DECIMALS = 2


class Target(Declared):
    """One measure to reach: exactly one of the five operators, in the indicator's own unit.

    `reach` is a target without an operator in the document (`100%`), reached from below.
    `up_to` and `down_to` are the far end of a span (`70-80%`, rank `15-20`): its near end
    decides. `year` is the last year in which to reach it, `since` the first of its phase;
    without a year it holds always. `each` is a target of every year, quarter or month by itself.
    `levels` are those to whom it applies. `words` stand for operator and number in what people
    read, `when` for the years in brackets; `clause` cites where it is stated, if not the row's
    source.
    """

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    reach: float | None = None
    up_to: float | None = None
    down_to: float | None = None
    since: int | None = Field(default=None, ge=2000, le=2100)
    year: int | None = Field(default=None, ge=2000, le=2100)
    each: Frequency | None = None
    levels: tuple[LevelId, ...] = ()
    words: str = ""
    when: str = ""
    clause: str = ""

    @model_validator(mode="after")
    def _is_one_measure(self) -> Self:
        said = [name for name in _SIGNS if getattr(self, name) is not None]
        if len(said) != 1:
            raise ValueError(f"expected one of {', '.join(_SIGNS)}, found {len(said)}")
        if self.up_to is not None and (self.reach is None or self.up_to <= self.reach):
            raise ValueError("`up_to` is above `reach` and goes with it")
        if self.down_to is not None and (self.at_most is None or self.down_to >= self.at_most):
            raise ValueError("`down_to` is below `at_most` and goes with it")
        if self.since is not None and (self.year is None or self.since >= self.year):
            raise ValueError("`since` is before `year` and goes with it")
        if self.each is not None and not self.each.rhythm.per:
            raise ValueError("`each` is year, quarter or month")
        return self

    @property
    def operator(self) -> str:
        return next(name for name in _SIGNS if getattr(self, name) is not None)

    @property
    def value(self) -> float:
        found: float = getattr(self, self.operator)
        return found

    def is_met(self, value: float) -> bool:
        """Return if a figure of the indicator reaches this."""
        figure, wanted = round(value, _DECIMALS), self.value
        return {
            "at_least": figure >= wanted,
            "reach": figure >= wanted,
            "above": figure > wanted,
            "at_most": figure <= wanted,
            "below": figure < wanted,
        }[self.operator]

    def is_due(self, period: Period) -> bool:
        """Return if a report for `period` can be held against this."""
        if self.each is not None and self.each is not period.frequency:
            return False
        return self.year is None or period.year >= self.year

    def text(self, is_share: bool) -> str:
        """Return it as documents write it: `≥ 60% (2016-2017)`, with a sign for shares only."""
        sign = "%" if is_share else ""
        said = self.words or f"{self._numbers}{sign}{self._each}"
        when = self.when
        if not when and self.year is not None:
            when = f"{self.since}-{self.year}" if self.since else str(self.year)
        return f"{said} ({when})" if when else said

    @property
    def _numbers(self) -> str:
        if self.up_to is not None:
            return f"{shown(self.value)}-{shown(self.up_to)}"
        if self.down_to is not None:
            return f"{shown(self.down_to)}-{shown(self.value)}"
        return f"{_SIGNS[self.operator]}{shown(self.value)}"

    @property
    def _each(self) -> str:
        return self.each.rhythm.per if self.each is not None else ""


def target_words(targets: Iterable[Target], is_share: bool) -> str:
    """Return all targets of an indicator as one text."""
    return ", ".join(target.text(is_share) for target in targets)


def due_target(targets: Sequence[Target], period: Period) -> Target | None:
    """Return the target that counts in `period`: of those that are due, the last by year."""
    due = [target for target in targets if target.is_due(period)]
    return max(due, key=lambda target: target.year or 0, default=None)
