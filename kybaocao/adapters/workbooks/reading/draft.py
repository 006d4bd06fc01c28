"""A sheet while it is read: its cells as raw values come in, and what there is to tell of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import isfinite

from kybaocao.adapters.workbooks.reading import refusals
from kybaocao.adapters.workbooks.reading.looks import PLAIN, Look, moment, percentage, points
from kybaocao.rules.cells import legacy_text, number_formats, numbers, text
from kybaocao.rules.cells.grid import Area, Grid, Oddity, Oddness, Value
from kybaocao.rules.cells.number_formats import Shown, Shows

MAX_CELLS = 2_000_000
MAX_MERGED = 200_000
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
# Digits of a whole number that is kept as one; no double has more.
LONGEST = 310
MONTHS = 12

At = tuple[int, int]
Run = tuple[str, str]
"""A piece of rich text: its font (empty: the cell's) and its text."""


class Draft:
    """One sheet as it is read. `raw` are the numbers of cells whose value is shown otherwise,
    `formulas` the formula, the row and the column it is written for; `errors` the error cells;
    `hidden_columns` the first and the last of each run of them. `computed` are the cells with a
    formula, known or not, and `unseen` those whose text nobody sees.
    """

    def __init__(self, name: str, hidden: bool = False) -> None:
        self.name = name
        self.hidden = hidden
        self.cells: dict[At, Value] = {}
        self.odd: dict[At, Oddity] = {}
        self.merged: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.raw: dict[At, float] = {}
        self.errors: set[At] = set()
        self.formulas: dict[At, tuple[str, int, int]] = {}
        self.computed: set[At] = set()
        self.unseen: set[At] = set()

    def number(self, at: At, literal: str, look: Look, since_1904: bool) -> None:
        """Put a number as written; what no double holds stays text, and so is asked about."""
        try:
            value = float(literal)
        except ValueError:
            self.cells[at] = literal
            return
        # Python takes underscores for separators and digits of other scripts, no spreadsheet does.
        if not isfinite(value) or "_" in literal or not literal.isascii():
            self.cells[at] = literal
            return
        is_whole = literal.removeprefix("-").isdigit() and len(literal) < LONGEST
        exact = int(literal) if is_whole else value
        if abs(exact) > numbers.LARGEST:
            self.odd[at] = Oddity(Oddness.INEXACT, literal)
        if look.code:
            self._as_shown(at, exact, number_formats.shown(look.code, value), since_1904)
        else:
            self.cells[at] = exact

    def _as_shown(self, at: At, exact: int | float, how: Shown, since_1904: bool) -> None:
        """Put a number as its format shows it; where that is something else, tell so."""
        if how.shows in (Shows.DATE, Shows.DURATION):
            value = moment(exact, how.shows, since_1904)
            self.raw[at] = float(exact)
            self._put_day(at, value, how)
        elif how.shows in (Shows.PERCENT, Shows.POINTS):
            self.raw[at] = float(exact)
            self.cells[at] = percentage(exact) if how.shows is Shows.PERCENT else points(exact)
        else:
            self.cells[at] = exact
            if how.shows is Shows.OTHERWISE:
                self.odd[at] = Oddity(Oddness.SHOWN_OTHERWISE, how.text)
            elif how.text:
                self.odd.setdefault(at, Oddity(Oddness.WITH_WORDS, how.text))

    def day(self, at: At, value: Value, look: Look) -> None:
        """Put a day that the file keeps as one, and not as a number."""
        self._put_day(at, value, number_formats.shown(look.code, 1) if look.code else _DAY)

    def _put_day(self, at: At, value: Value, how: Shown) -> None:
        self.cells[at] = value
        instead = _misread(value) if how.month_first else ""
        if isinstance(value, int | float):
            instead = _NO_DAY
        if instead:
            self.odd[at] = Oddity(Oddness.SHOWN_OTHERWISE, instead)

    def text(self, at: At, said: str, look: Look = PLAIN, runs: Sequence[Run] = ()) -> None:
        """Put a text; `runs` are its pieces where it has fonts of its own."""
        fonts = [font or look.font for font, _ in runs or (("", said),)]
        if legacy := [font for font in fonts if legacy_text.is_legacy(font)]:
            pieces = [piece for _, piece in runs] or [said]
            shown = "".join(map(legacy_text.to_unicode, pieces, fonts))
            if shown != said:
                self.odd[at] = Oddity(Oddness.LEGACY_TEXT, ", ".join(dict.fromkeys(legacy)))
                said = shown
        elif guess := legacy_text.guessed(said):
            said, encoding = guess
            self.odd[at] = Oddity(Oddness.LEGACY_TEXT, encoding)
        if not is_visible(said):
            self.unseen.add(at)
            return
        self.cells[at] = said
        if look.code and (instead := number_formats.hides_text(look.code)) is not None:
            self.odd[at] = Oddity(Oddness.SHOWN_OTHERWISE, instead)

    def error(self, at: At, code: str) -> None:
        """Put an error as the sender sees it: `#REF!`."""
        self.cells[at] = code
        self.errors.add(at)

    def unsolved(self, at: At, formula: str) -> None:
        """Put a formula that has no result, since that is what the file holds."""
        self.cells[at] = "=" + formula
        self.odd[at] = Oddity(Oddness.UNSOLVED, formula)

    def picture(self, at: At) -> None:
        """Note that a cell shows a picture, whatever its value."""
        self.cells.setdefault(at, "(ảnh)")
        self.odd[at] = Oddity(Oddness.PICTURE, "")

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Note a merged area; raises UnreadableFileError if no spreadsheet can have it."""
        within_bounds(row, column)
        within_bounds(last_row, last_column)
        top, bottom = sorted((row, last_row))
        left, right = sorted((column, last_column))
        if (top, left) < (bottom, right):
            self.merged.append((top, left, bottom, right))

    def grid(self) -> Grid:
        return Grid(
            self.name,
            self.cells,
            self.hidden,
            tuple(sorted(self.merged)),
            frozenset(self.hidden_rows),
            self.odd,
            self._hidden_columns(),
            frozenset(self.computed),
        )

    def _hidden_columns(self) -> frozenset[int]:
        if not self.hidden_columns:
            return frozenset()
        used = {column for _, column in self.cells}
        return frozenset(
            c for c in used if any(first <= c <= last for first, last in self.hidden_columns)
        )


_NO_DAY = "#####"
_DAY = Shown(Shows.DATE)


def _misread(value: Value) -> str:
    """Return how a day shows whose month comes first, if that is another day in Vietnamese."""
    if not isinstance(value, date) or value.day > MONTHS or value.day == value.month:
        return ""
    return f"{value.month}/{value.day}/{value.year}"


def is_visible(said: str) -> bool:
    """Return if a text shows at all."""
    return bool(said.strip() if said.isprintable() else text.clean(said))


def within_bounds(row: int, column: int) -> None:
    """Raise UnreadableFileError for a cell that no spreadsheet has."""
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise refusals.outside()


def within_limits(drafts: Iterable[Draft]) -> None:
    """Raise UnreadableFileError for sheets that hold more than a report can."""
    drafts = list(drafts)
    if sum(len(draft.cells) for draft in drafts) > MAX_CELLS:
        raise refusals.too_large()
    if sum(len(draft.merged) for draft in drafts) > MAX_MERGED:
        raise refusals.too_large()
