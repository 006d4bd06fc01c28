"""What a cell can mean, read a second way: small, exact, and silent where it is not sure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from kybaocao.rules.form.form import InputKind

DIGITS = 15


@dataclass(frozen=True)
class ShownShare:
    """A number that its cell shows as a percentage, in percentage points."""

    points: Decimal


Raw = str | int | float | bool | date | datetime | time | timedelta | ShownShare
Answer = Decimal | str | None
"""A number, a text, or None for what was declared not applicable."""

_ZERO = {
    "khong phat sinh",
    "ko phat sinh",
    "chua phat sinh",
    "kps",
    "khong",
    "khong co",
}
_NOT_APPLICABLE = {"khong ap dung", "ko ap dung", "kad", "n/a"}
_NUMBER = re.compile(r"(-?)([0-9][0-9., ']*)(%?)")
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
_DAY = re.compile(r"(?:ngay )?(\d{1,2})(?:[/.-]| thang )(\d{1,2})(?:[/.-]| nam )(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def same(one: Decimal, other: Decimal, among: Decimal = Decimal(0)) -> bool:
    """Return whether two numbers are equal to 15 significant digits.

    Of a sum, `among` is the largest of its parts: digits beyond its fifteenth nobody gave.
    """
    largest = max(abs(one), abs(other), abs(among))
    return one == other or abs(one - other) <= Decimal(1).scaleb(largest.adjusted() - DIGITS + 1)


def number(value: float | int) -> Decimal:
    """Return a number as its shortest digits say it."""
    return Decimal(repr(value))


@lru_cache(maxsize=16_384)  # every file of a form repeats the same codes and headers
def plain(text: str) -> str:
    """Return text without marks, invisible characters and doubled spaces, in small letters."""
    kept = "".join(" " if unicodedata.category(c)[0] == "Z" or c in "\t\r\n" else c for c in text)
    parts = unicodedata.normalize("NFKD", kept.casefold().replace("đ", "d"))
    dashes = "".join("-" if unicodedata.category(c) == "Pd" or c == "\u2212" else c for c in parts)
    return " ".join("".join(c for c in dashes if unicodedata.category(c)[0] not in "MC").split())


def is_blank(value: Raw | None) -> bool:
    """Return whether a cell shows nothing."""
    return value is None or (
        isinstance(value, str)
        and all(unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc", "Cf", "Cn") for c in value)
    )


def numbers_in(kind: InputKind, unit: str, value: Raw) -> set[Answer]:
    """Return what a cell that asks for a number can mean; nothing where that is not clear."""
    if isinstance(value, ShownShare):
        return {value.points} if kind is InputKind.PERCENT else set()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return set()
    if not isinstance(value, str):
        return {number(value)}
    said = plain(value)
    if said.rstrip(". ") in _ZERO:
        return {Decimal(0)}
    if said.rstrip(". ") in _NOT_APPLICABLE:
        return {None}
    said = said.removesuffix(plain(unit)).rstrip() if unit else said
    match = _NUMBER.fullmatch(said)
    if match is None or (match[3] and kind is not InputKind.PERCENT):
        return set()
    found = _typed(match[2].strip(), kind is InputKind.INTEGER)
    return {-n if match[1] else n for n in found}


def _typed(said: str, whole: bool) -> set[Decimal]:
    """Return each number that digits with separators can be."""
    if said.isdigit():
        return {Decimal(said)}
    found = set()
    for group, point in ((".", ","), (",", "."), (" ", ","), (" ", "."), ("'", "."), ("'", ",")):
        whole_part, _, decimals = said.partition(point)
        first, *groups = whole_part.split(group)
        grouped = 1 <= len(first) <= 3 and all(len(part) == 3 for part in groups)
        if not (first.isdigit() and all(part.isdigit() for part in groups)):
            continue
        if (groups and not grouped) or (point in said and not decimals.isdigit()):
            continue
        found.add(Decimal(f"{''.join((first, *groups))}.{decimals or 0}"))
    return {n for n in found if n == n.to_integral_value()} if whole else found


def day_in(value: Raw) -> str | None:
    """Return the day that a cell names, as ISO text, or None if that is not clear."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if not isinstance(value, str):
        return None
    said = plain(value)
    if match := _DAY.fullmatch(said):
        year, month, day = int(match[3]), int(match[2]), int(match[1])
    elif match := _ISO_DAY.fullmatch(said):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def same_text(kept: str, value: Raw) -> bool | None:
    """Return whether a kept text is what a cell says; None if only its old font could tell."""
    if isinstance(value, str):
        whole, said = _letters(kept), _letters(_ESCAPED.sub("", value))
        if whole == said:
            return True
        return None if _is_of_old_font(said, plain(kept)) else False
    if isinstance(value, bool):
        return kept == str(value).upper()
    if isinstance(value, date):
        day = f"{value:%d/%m/%Y}"
        return kept == day or kept.startswith(f"{day} ")
    if isinstance(value, ShownShare):
        return value.points in numbers_in(InputKind.PERCENT, "", kept)
    if isinstance(value, int | float):
        return any(
            n is not None and not isinstance(n, str) and same(n, number(value))
            for n in numbers_in(InputKind.DECIMAL, "", kept)
        )
    return None


def _letters(text: str) -> str:
    """Return all that shows of a text."""
    shown = unicodedata.normalize("NFC", text)
    return "".join(c for c in shown if unicodedata.category(c)[0] not in "ZC").casefold()


def _is_of_old_font(said: str, kept: str) -> bool:
    """Return whether a text can be the letters of an old font, which stand for `kept`.

    Such fonts keep the plain letters in their order, and have signs of their own for the rest.
    """
    letters, left = [c for c in said if c.isascii() and c.isalnum()], iter(kept)
    return not said.isascii() and bool(letters) and all(c in left for c in letters)
