"""Numbers typed with a unit: understood where it is the form's, else asked with the right one."""

import re
from dataclasses import dataclass

from kybaocao.rules.cells import numbers
from kybaocao.rules.cells.numbers import Number, shown, typed
from kybaocao.rules.cells.text import fold, plain

_SCALES = {
    fold(word): scale
    for scale, words in {
        1_000: ("nghìn", "ngàn", "nghin", "ngan", "k"),
        1_000_000: ("triệu", "trieu", "tr"),
        1_000_000_000: ("tỷ", "tỉ", "ty"),
    }.items()
    for word in words
}
_DONG = fold("đồng")
_MONEY = {fold(word) for word in ("đồng", "đ", "vnđ", "vnd", "dong")}
_TYPED = re.compile(r"(?P<number>-?[0-9][0-9., ']*?)\s*(?P<unit>[^\W\d_][^0-9]*)")
_LONGEST = 60


@dataclass(frozen=True)
class OtherUnit:
    """A number in another unit than the form's; `converted` is in the form's if that is known."""

    typed: str
    converted: int | float | None


@dataclass(frozen=True)
class _Unit:
    """How many of the base unit, and the base unit: `triệu đồng` is 1,000,000 of `đồng`."""

    scale: int
    base: str


def with_unit(text: str, unit: str, whole: bool) -> Number | OtherUnit | None:
    """Return what `12 hồ sơ` or `12 triệu` says where the form asks for `unit`.

    None if it is no number with a unit that is known here. Raises AmbiguousNumber.
    """
    if len(text) > _LONGEST:
        return None
    match = _TYPED.fullmatch(plain(text))
    if match is None:
        return None
    said, asked = _unit(match["unit"]), _unit(unit)
    if said.scale == 1 and said.base not in (_DONG, asked.base):
        return None
    try:
        number = numbers.parse(match["number"], whole and said.scale == 1)
    except numbers.NotANumber:
        return None
    return in_unit(number.value, match["unit"], unit) or number


def in_unit(value: int | float, typed: str, unit: str) -> OtherUnit | None:
    """Return a number of a unit that is known here and is not the form's, or None."""
    said, asked = _unit(typed), _unit(unit)
    if said.scale == 1 and said.base not in (_DONG, asked.base):
        return None
    if said.base not in ("", asked.base):
        return OtherUnit(typed, None)
    if said.scale == asked.scale:
        return None
    exact = value * said.scale / asked.scale
    return OtherUnit(typed, int(exact) if exact == int(exact) else exact)


def differs(typed: str, unit: str) -> bool | None:
    """Return if `typed` names another amount of money or another scale than `unit`; None where
    it names neither."""
    said, asked = _unit(typed), _unit(unit)
    if said == asked:
        return False
    return True if said.scale != 1 or said.base == _DONG else None


def advice(found: OtherUnit, unit: str, whole: bool = False) -> str:
    """Return what to type instead, where a `whole` number may be all that is taken."""
    if found.converted is None or (whole and found.converted != int(found.converted)):
        return f"Chỉ ghi con số tính bằng {unit}, không kèm chữ."
    return f"Ghi {typed(found.converted)} nếu đúng là {shown(found.converted)} {unit}."


def _unit(text: str) -> _Unit:
    first, _, rest = fold(text).rstrip(". ").partition(" ")
    scale = _SCALES.get(first)
    base = fold(text).rstrip(". ") if scale is None else rest
    return _Unit(scale or 1, _DONG if base in _MONEY else base)
