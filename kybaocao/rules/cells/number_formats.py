"""What a number format makes of a value, as its sender sees it (ECMA-376 part 1, 18.8.31)."""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import cached_property, lru_cache

from kybaocao.rules.cells import numbers


class Shows(Enum):
    """What a format shows of a value: the number itself (rounded or not), a hundredfold with a
    percent sign, the number with a percent sign behind, a day, a duration, or something else.
    """

    NUMBER = "number"
    PERCENT = "percent"
    POINTS = "points"
    DATE = "date"
    DURATION = "duration"
    OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Shown:
    """What one value shows as. `text` is what the sender sees where that is something else, and
    the words behind a number where there are some; `month_first` is said of a day.
    """

    shows: Shows
    text: str = ""
    month_first: bool = False


AS_STORED = Shown(Shows.NUMBER)
NOTHING = "(không hiện gì)"

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?P<space>_.?)|(?P<fill>\*.?)|\[(?P<bracket>[^\]]*)\]|'
    r"(?P<general>General|Standard)|(?P<exponent>E[+-])|(?P<date>AM/PM|A/P|d+|m+|y+|h+|s+|[be]{1,4}"
    r"|g{1,3})|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<at>@)|(?P<end>;)|"
    r"(?P<word>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=) *(-?[0-9.]+(?:E[+-]?[0-9]+)?)", re.IGNORECASE)
_ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
_PLAIN = re.compile(r"General|Standard|@|(?:#,##)?0+(?:\.[0#]+)?", re.IGNORECASE)
_GROUP_MARKS = {".", ",", "'", "’", " ", "\u00a0", "\u202f"}
_DASHES = {"-", "–", "—", "−"}

Piece = tuple[str, str]
"""A part of a section: its kind (a group of `_TOKEN`), and its text."""


def is_plain(code: str) -> bool:
    """Return if a format shows every number as it is stored, but for rounding."""
    return _PLAIN.fullmatch(code) is not None


@lru_cache(maxsize=2048)  # the cells of a form share a few formats, and small numbers
def shown(code: str, value: float) -> Shown:
    """Return what `value` shows as under the format `code`: the section that applies decides."""
    sections = _sections(code)
    section, is_signed = _chosen(sections, value)
    if section is None or (section.has("general") and not section.has("digit")):
        return _beside(section, value) if section else AS_STORED
    if section.has("elapsed"):
        return Shown(Shows.DURATION)
    if section.is_day:
        return Shown(Shows.DATE, month_first=section.is_month_first)
    is_for_zero = value == 0 and len(sections) > 2 and section is sections[2]
    return _number(section, value, is_signed, is_for_zero)


@lru_cache(maxsize=256)
def hides_text(code: str) -> str | None:
    """Return what a format shows in place of any text, or None if it shows the text."""
    sections = _sections(code)
    last = sections[-1]
    if len(sections) < 4 and not last.has("at"):
        return None
    if last.has("at") and not any(map(str.isdigit, last.words)):
        return None
    return last.words.strip() or NOTHING


@dataclass(frozen=True)
class _Section:
    pieces: tuple[Piece, ...]
    condition: tuple[str, float] | None
    is_red: bool

    def has(self, kind: str) -> bool:
        return kind in self._kinds

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.pieces)

    @cached_property
    def words(self) -> str:
        return "".join(said for kind, said in self.pieces if kind == "word")

    @cached_property
    def is_day(self) -> bool:
        """Days have no places for digits, but for fractions of seconds."""
        if not self.has("date"):
            return False
        return not any(kind == "digit" and said != "0" for kind, said in self.pieces)

    @cached_property
    def is_month_first(self) -> bool:
        runs = [said.casefold() for kind, said in self.pieces if kind == "date"]
        firsts = [said[0] for said in runs]
        if "d" not in firsts or "m" not in firsts or len(runs[firsts.index("m")]) > 2:
            return False
        return firsts.index("m") == 0 and len(runs[firsts.index("d")]) <= 2

    @cached_property
    def first_digit(self) -> int:
        return next(n for n, (kind, _) in enumerate(self.pieces) if kind == "digit")

    @cached_property
    def point(self) -> int:
        """Where whole digits end."""
        points = [n for n, (kind, _) in enumerate(self.pieces) if kind == "point"]
        return points[0] if points else len(self.pieces)

    @cached_property
    def whole(self) -> list[int]:
        return [n for n, (kind, _) in enumerate(self.pieces[: self.point]) if kind == "digit"]

    @cached_property
    def decimals(self) -> list[int]:
        at = range(self.point, len(self.pieces))
        return [n for n in at if self.pieces[n][0] == "digit"]

    @cached_property
    def commas(self) -> list[int]:
        return [n for n, (kind, _) in enumerate(self.pieces) if kind == "comma"]

    @cached_property
    def groups(self) -> bool:
        return any(self.whole and self.whole[0] < at < self.whole[-1] for at in self.commas)

    @cached_property
    def thousands(self) -> int:
        """How many commas stand behind the digits, each of which takes three of them away."""
        last = self.whole[-1] if self.whole else -1
        return sum(at > last for at in self.commas)

    @cached_property
    def percents(self) -> int:
        return sum(kind == "percent" for kind, _ in self.pieces)

    @cached_property
    def is_fraction(self) -> bool:
        return self.has("digit") and any(
            (kind, said) == ("word", "/") and self.pieces[n + 1 : n + 2] != ()
            for n, (kind, said) in enumerate(self.pieces)
        )


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[list[Piece]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or ""
        if kind == "end":
            parts.append([])
        else:
            parts[-1].append((kind, match[kind] or ""))
    return tuple(_section(part) for part in parts[:4])


def _section(part: Sequence[Piece]) -> _Section:
    pieces: list[Piece] = []
    condition, is_red = None, False
    for kind, said in part:
        if kind in ("quoted", "escaped", "word"):
            pieces.append(("word", said))
        elif kind == "bracket":
            if match := _CONDITION.fullmatch(said.strip()):
                condition = (match[1], float(match[2]))
            elif said.startswith("$"):
                pieces.append(("word", said[1:].partition("-")[0]))
            elif _ELAPSED.fullmatch(said):
                pieces.append(("elapsed", said))
            is_red |= said.casefold() == "red"
        elif kind == "space":
            pieces.append(("word", " "))
        elif kind != "fill":
            pieces.append((kind, said))
    return _Section(tuple(p for p in pieces if p != ("word", "")), condition, is_red)


_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


def _chosen(sections: Sequence[_Section], value: float) -> tuple[_Section | None, bool]:
    """Return the section that a number shows by (None: as General), and if a minus sign comes
    before a negative one by itself: not in a section for negative numbers alone."""
    numeric = sections[:3]
    if 1 < len(numeric) == len(sections) and numeric[-1].has("at"):
        numeric = numeric[:-1]
    first, second = numeric[0], numeric[1] if len(numeric) > 1 else None
    if not any(section.condition for section in numeric[:2]):
        if value < 0 and second is not None:
            return second, False
        is_third = value == 0 and len(numeric) > 2
        return numeric[2] if is_third else first, True
    implied = (">", 0.0) if len(numeric) > 2 else (">=", 0.0)
    if _holds(first.condition or implied, value):
        return first, first.condition != _BELOW
    if second is None:
        return None, True
    # The second is for what its condition says, or for all others where there are but two.
    if len(numeric) > 2 and not _holds(second.condition or _BELOW, value):
        return numeric[2], True
    if second.condition and not _holds(second.condition, value):
        return None, True
    return second, value >= 0 or second.condition not in (None, _BELOW)


_BELOW = ("<", 0.0)


def _holds(condition: tuple[str, float], value: float) -> bool:
    return _HOLDS[condition[0]](value, condition[1])


def _number(section: _Section, value: float, is_signed: bool, is_for_zero: bool) -> Shown:
    """Return what a number shows as under a section for numbers."""
    if not section.has("digit"):
        if section.has("at"):
            return _beside(section, value)
        return _words_alone(section.words, value, is_for_zero)
    if section.has("exponent") or section.is_fraction:
        is_scaled = value != 0 and (section.thousands or section.percents)
        return Shown(Shows.OTHERWISE, _rounded_words(value)) if is_scaled else AS_STORED
    before, digits, behind, is_regular = _written(section, value)
    minus = "-" if value < 0 and is_signed else ""
    text = f"{minus}{before}{digits}{behind}"
    if not any(map(str.isdigit, digits)):
        return _words_alone(text, value, is_for_zero)
    is_scaled = value != 0 and (section.thousands > 0 or section.percents > 1)
    is_joined = any(map(str.isdigit, before + behind)) or before.endswith((".", ","))
    is_wrong_sign = value != 0 and _is_negative(section, before, minus) != (value < 0)
    if is_scaled or is_joined or is_wrong_sign or not is_regular:
        return Shown(Shows.OTHERWISE, text.strip())
    if section.percents:
        return Shown(Shows.PERCENT)
    if behind.strip().startswith("%"):
        return Shown(Shows.POINTS)
    said = behind.strip()
    return Shown(Shows.NUMBER, said) if any(map(str.isalpha, said)) else AS_STORED


def _is_negative(section: _Section, before: str, minus: str) -> bool:
    said = before.strip()
    return bool(minus) != (said[-1:] in _DASHES) or said[-1:] == "(" or section.is_red


def _words_alone(text: str, value: float, is_for_zero: bool) -> Shown:
    """Return what a number shows as where no digit of it is seen: only a zero may be words."""
    said = text.strip()
    is_dash = is_for_zero and said in _DASHES
    if value == 0 and (is_dash or numbers.word(said) is numbers.AnswerWord.ZERO):
        return AS_STORED
    return Shown(Shows.OTHERWISE, said or NOTHING)


def _beside(section: _Section, value: float) -> Shown:
    """Return what General, or a format of texts, makes of a number: the same with words beside."""
    words = section.words
    if any(map(str.isdigit, words)) or section.commas or section.percents > 1:
        said = "".join(_general(section, value))
        return Shown(Shows.OTHERWISE, said)
    if section.percents:
        return Shown(Shows.PERCENT)
    is_letters = any(map(str.isalpha, words))
    return Shown(Shows.NUMBER, words.strip()) if is_letters else AS_STORED


def _general(section: _Section, value: float) -> Iterator[str]:
    for kind, said in section.pieces:
        yield numbers.shown(value) if kind in ("general", "at") else said


def _rounded_words(value: float) -> str:
    return numbers.shown(float(f"{value:.6g}"))


def _written(section: _Section, value: float) -> tuple[str, str, str, bool]:
    """Return what stands before the digits, the digits, what stands behind; and if nothing stands
    among the digits but marks that group them by three."""
    whole, fraction = _digits(section, value)
    filled: dict[int, str] = {}
    rest = whole.rjust(len(section.whole), " ")
    cut = len(rest) - len(section.whole)
    for n, at in enumerate(section.whole):
        filled[at] = rest[: cut + 1] if n == 0 else rest[cut + n]
    for at, digit in zip(section.decimals, fraction.ljust(len(section.decimals)), strict=True):
        filled[at] = digit
    first, last = section.first_digit, [*section.whole, *section.decimals][-1]
    first = min(first, section.point)
    pieces = section.pieces
    before = "".join(said for kind, said in pieces[:first] if kind in ("word", "percent"))
    behind = "".join(said for kind, said in pieces[last + 1 :] if kind in ("word", "percent"))
    among, is_regular, right = "", True, len(whole)
    for at in range(first, last + 1):
        kind, said = pieces[at]
        if kind == "digit":
            digit = filled[at].strip()
            among += digit
            right -= len(digit) if at < section.point else 0
        elif kind == "point":
            among += "," if fraction or any(pieces[n][1] != "#" for n in section.decimals) else ""
        elif kind == "word" and said.isspace() and not among:
            continue  # before the first digit that shows, a blank sets nothing apart
        elif kind == "word":
            among += said
            is_group = said in _GROUP_MARKS and right and right % 3 == 0 and right < len(whole)
            is_regular &= (is_group and at < section.point) or (said == " " and not right)
    if section.groups and is_regular and among:
        among = _grouped(among)
    return before, among, behind, is_regular


def _grouped(written: str) -> str:
    whole, point, fraction = written.partition(",")
    bare = "".join(filter(str.isdigit, whole))
    groups = f"{int(bare):,}".replace(",", ".") if bare else ""
    return (groups if len(groups.replace(".", "")) == len(bare) else whole) + point + fraction


def _digits(section: _Section, value: float) -> tuple[str, str]:
    """Return the digits before and behind the point; empty where places show none."""
    places = len(section.decimals)
    exact = abs(Decimal(f"{value:.15g}")).scaleb(2 * section.percents - 3 * section.thousands)
    if exact >= Decimal(10) ** 30 or places > 30:
        return f"{exact:.0f}", ""
    whole, _, fraction = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}".partition(
        "."
    )
    whole = whole.lstrip("0")
    wanted = [section.pieces[at][1] for at in section.whole]
    zeros = next((len(wanted) - n for n, said in enumerate(wanted) if said == "0"), 0)
    whole = whole.zfill(zeros) if zeros else whole
    kept = [section.pieces[at][1] for at in section.decimals]
    while fraction and fraction[-1] == "0" and kept[len(fraction) - 1] != "0":
        fraction = fraction[:-1]
    return whole, fraction
