"""The neutral form of a spreadsheet: plain values at the coordinates that the sender sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

Value = str | int | float | bool | date | datetime | time | timedelta


class Oddness(StrEnum):
    """What a reader has to tell of a cell beside its value."""

    STALE_FORMULA = "stale-formula"
    LEGACY_TEXT = "legacy-text"
    INEXACT = "inexact"
    SHOWN_OTHERWISE = "shown-otherwise"
    WITH_WORDS = "with-words"
    UNSOLVED = "unsolved"
    NOT_RECALCULATED = "not-recalculated"
    PICTURE = "picture"


@dataclass(frozen=True)
class Oddity:
    """One thing to tell of a cell; `detail` is Vietnamese: what was seen, or what it became.

    A stale formula's result is not what its parts give (`detail` is that); text in the letters
    of an old font was converted (`detail` is the font); a number has more digits than are kept.
    What a number format shows is something else than what is stored (`detail` is what shows), or
    the number with words behind it (`detail` are these). A formula without a result, or with
    one that the file itself calls out of date and that cannot be held against the formula, and a
    picture are no answers.
    """

    kind: Oddness
    detail: str


Area = tuple[int, int, int, int]
"""First row, first column, last row, last column; 1-based, both ends included."""


@dataclass(frozen=True)
class Grid:
    """One sheet: its name, its non-empty cells by 1-based (row, column), and if it shows.

    `merged` are its merged areas, whose value stands in the first cell; what the others hold
    nobody sees, yet it is in `cells`. `hidden_rows` are the rows that do not show,
    `hidden_columns` such columns among those with cells; `odd` is what else there is to tell of
    cells; `computed` are those that a formula fills.
    """

    name: str
    cells: Mapping[tuple[int, int], Value]
    hidden: bool = False
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    odd: Mapping[tuple[int, int], Oddity] = field(default_factory=dict)
    hidden_columns: frozenset[int] = frozenset()
    computed: frozenset[tuple[int, int]] = frozenset()

    def row(self, row: int) -> dict[int, Value]:
        """Return the non-empty cells of one row by column."""
        return {c: v for (r, c), v in self.cells.items() if r == row}

    @property
    def last_row(self) -> int:
        return max((r for r, _ in self.cells), default=0)


@dataclass(frozen=True)
class Book:
    """One spreadsheet file: its sheets in order, and what it says of itself.

    `identity` holds the keys of the hidden identity sheet (or defined names): form, version,
    regime, duty, agency, period; empty where the file carries none.
    """

    grids: tuple[Grid, ...]
    identity: Mapping[str, str] = field(default_factory=dict)

    def grid(self, name: str) -> Grid | None:
        """Return the sheet of that name, or None."""
        return next((g for g in self.grids if g.name == name), None)
