"""Numbers as Vietnamese officers type them: understood, or asked about, never guessed.

The Vietnamese way is `1.234.567,8`; spaces as thousands separators and the English way are
understood where only one reading is left.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kybaocao.rules.cells.text import fold, plain

LARGEST = 2**53
LONGEST = 40


class NotANumber(ValueError):  # noqa: N818
    """`text` cannot be read as a number."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"{text!r} is no number")


class AmbiguousNumber(ValueError):  # noqa: N818
    """`text` can be read as either of `readings`."""

    def __init__(self, text: str, readings: tuple[int | float, int | float]) -> None:
        self.text = text
        self.readings = readings
        super().__init__(f"{text!r} is {readings[0]} or {readings[1]}")


@dataclass(frozen=True)
class Number:
    """A number as typed; `98,33%` is 98.33 with `is_percent`."""

    value: int | float
    is_percent: bool = False


class AnswerWord(Enum):
    """What a cell says in words instead of a figure."""

    ZERO = "không phát sinh"
    NOT_APPLICABLE = "không áp dụng"


_WORDS = {
    fold(text): word
    for word, texts in {
        AnswerWord.ZERO: (
            "không phát sinh",
            "ko phát sinh",
            "chưa phát sinh",
            "kps",
            "không",
            "không có",
        ),
        AnswerWord.NOT_APPLICABLE: ("không áp dụng", "ko áp dụng", "kad", "n/a"),
    }.items()
    for text in texts
}

# A plain run of digits is tried first, so `group` is `.` or `,` only where it must be.
_NUMBER = re.compile(
    r"(?P<sign>-?)"
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:(?P<group>[., '])[0-9]{3})(?:(?P=group)[0-9]{3})*)"
    r"(?:(?P<point>(?!(?P=group))[.,])(?P<decimals>[0-9]+))?"
    r" ?(?P<percent>%?)"
)


def word(text: str) -> AnswerWord | None:
    """Return what `text` says in words, or None if it says neither of these."""
    return _WORDS.get(fold(text).rstrip(". "))


def parse(text: str, whole: bool = False) -> Number:
    """Return the number that `text` shows; percent signs are kept as percentage points.

    One separator before three digits (`1.234`, `1,234`) has two readings. Where a `whole`
    number is wanted, it separates thousands; only `12,000` stays open, since 12 is whole too
    and the comma is the Vietnamese decimal sign. Raises AmbiguousNumber and NotANumber.
    """
    typed = plain(text)
    match = _NUMBER.fullmatch(typed) if len(typed) <= LONGEST else None
    if match is None:
        raise NotANumber(text)
    value = _value(match, text, whole)
    if abs(value) > LARGEST:
        raise NotANumber(text)
    return Number(value, bool(match["percent"]))


def _value(match: re.Match[str], text: str, whole: bool) -> int | float:
    sign = -1 if match["sign"] else 1
    digits = re.sub(r"[^0-9]", "", match["whole"])
    decimals = match["decimals"]
    if decimals is None:
        return sign * int(digits)
    decimal = sign * float(f"{digits}.{decimals}")
    if len(decimals) != 3 or not _groups_thousands(match):
        return decimal
    thousands = sign * int(digits + decimals)
    is_sure = whole and not match["group"] and (match["point"] == "." or decimals != "000")
    if not is_sure:
        raise AmbiguousNumber(text, (thousands, decimal))
    return thousands


def _groups_thousands(match: re.Match[str]) -> bool:
    """Return if the three digits after `point` could be one more group of thousands."""
    if match["group"]:
        return match["group"] in " '"
    return match["whole"][0] != "0" and len(match["whole"]) <= 3


def typed(value: int | float) -> str:
    """Return `value` as it is to be typed, so that it has one reading: 1.234 is `1,2340`."""
    said = shown(value).replace(".", "")
    # Three decimals could be taken for thousands; a fourth cannot.
    return f"{said}0" if _THREE_DECIMALS.fullmatch(said) else said


_THREE_DECIMALS = re.compile("-?[1-9][0-9]{0,2},[0-9]{3}")


def shown(value: int | float) -> str:
    """Return `value` the Vietnamese way, with no more decimals than it needs (15 digits)."""
    digits = f"{value:,}" if isinstance(value, int) else f"{Decimal(f'{value:.15g}'):,f}"
    return digits.translate(str.maketrans(",.", ".,"))
