"""The arithmetic that a filled form must keep, as the form declares it."""

from datetime import date
from typing import Annotated

from pydantic import Field

from kybaocao.rules.declaration import Declared, Id
from kybaocao.rules.finding import Severity

ROW_CODE = r"^[A-Z0-9Đ]+([.-][A-Z0-9Đ]+)*$"
RowCode = Annotated[str, Field(pattern=ROW_CODE)]


class SumRule(Declared):
    """`parts` add up to `total`, in every column that all of them ask for."""

    total: RowCode
    parts: tuple[RowCode, ...] = Field(min_length=2)
    severity: Severity = Severity.BLOCKING
    warning_until: date | None = None


class WithinRule(Declared):
    """`part` is not above `whole`, in every column that both ask for."""

    part: RowCode
    whole: RowCode
    severity: Severity = Severity.BLOCKING
    warning_until: date | None = None


class CumulativeRule(Declared):
    """In every row, `cumulative` is not below `period`; they are equal in the first period."""

    period: Id
    cumulative: Id
    severity: Severity = Severity.BLOCKING
    warning_until: date | None = None


class CarriedRule(Declared):
    """What a period opens with is what the period before closed with."""

    opening: RowCode
    closing: RowCode


class RatioRule(Declared):
    """A percentage given beside its parts is theirs, rounded or cut off at the digits given.

    Beyond that it may be off by `tolerance` percentage points. Lâm Đồng published 98,94% for
    204.847 of 207.030 files in 2022, which is 98,9455…: cut off, not rounded.
    """

    tolerance: float = Field(default=0.01, ge=0)
    severity: Severity = Severity.BLOCKING
    warning_until: date | None = None


class JumpRule(Declared):
    """A period's figure is not `factor` times above or below all that the agency gave before.

    Figures of which the larger is below `minimum` are never compared. It only warns.
    """

    factor: float = Field(gt=1)
    minimum: float = Field(gt=0)


class Rules(Declared):
    """The arithmetic that a filled form must keep.

    A rule with `warning_until` warns before that day, and is what its severity says from it on.
    """

    sums: tuple[SumRule, ...] = ()
    within: tuple[WithinRule, ...] = ()
    cumulative: CumulativeRule | None = None
    carried: tuple[CarriedRule, ...] = ()
    ratio: RatioRule = RatioRule()
    jump: JumpRule | None = None
