"""Where another reader sees other values than ours in a file of the corpus, it is known why.

openpyxl stands beside ours for each `.xlsx`, calamine for the formats that openpyxl lacks.
"""

import io
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isinf

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from kybaocao.adapters.workbooks import reading
from kybaocao.rules.cells import text
from kybaocao.rules.cells.addresses import address
from kybaocao.rules.cells.grid import Book, Grid, Oddness
from kybaocao.rules.errors import UnreadableFileError
from tests.corpus import foreign
from tests.corpus.makers import NAMES, data_of

At = tuple[int, int, int]
"""The number of a sheet, a row and a column, from 1."""

# openpyxl takes very long for these, or all memory: it makes every cell up to the last.
ENDLESS = (
    "bomb.xlsx",
    "cell-in-the-last-corner.xlsx",
    "column-right-of-the-last.xlsx",
    "dimension-huge.xlsx",
    "row-below-the-last.xlsx",
    "ten-thousand-merged.xlsx",
)

OURS_REFUSES = {
    "cell-of-an-unknown-type.xlsx": "nobody knows what it holds",
    "row-zero.xlsx": "no spreadsheet has such a row",
    "cell-twice.xlsx": "nobody knows which of the two counts",
    "cell-with-two-values.xlsx": "nobody knows which of the two counts",
    "document-type-in-sheet.xlsx": "declared entities can swell",
    "document-type-in-workbook.xlsx": "declared entities can swell",
    "no-sheet-part.xlsx": "openpyxl leaves the sheet out without a word",
    "part-above-its-folder.xlsx": "an unsafe name",
    "part-of-the-root.xlsx": "an unsafe name",
    "part-on-a-drive.xlsx": "an unsafe name",
    "same-part-twice.xlsx": "nobody knows which of the two counts",
    "same-part-twice-but-for-case.xlsx": "nobody knows which of the two counts",
    "six-thousand-parts.xlsx": "no report has as many parts",
}
OPENPYXL_REFUSES = {
    "good-with-backslashes.xlsx": "it knows no other separators",
    "good-with-capital-parts.xlsx": "it heeds the case of names",
    "number-comma.xlsx": "it gives up the file for one cell",
    "number-hexadecimal.xlsx": "it gives up the file for one cell",
    "number-inf.xlsx": "it gives up the file for one cell",
    "number-superscript.xlsx": "it gives up the file for one cell",
    "number-nan.xlsx": "it gives up the file for one cell",
    "number-word.xlsx": "it gives up the file for one cell",
}
OPENPYXL_SEES_OTHERS = {
    "cells-in-an-extension.xlsx": "it takes every row of the part for one of the sheet",
    "cells-outside-of-rows.xlsx": "it takes every row of the part for one of the sheet",
    "cells-of-another-namespace.xlsx": "it takes every element of a row for a cell",
    "shown-as-day-from-one-on.xlsx": "it looks at the first section of a format alone",
}
OPENPYXL_SEES_NOTHING = {"good-and-strict.xlsx": "it finds no sheets in strict OOXML"}


def ours(data: bytes) -> tuple[Book, dict[At, object]]:
    book = reading.read(data)
    found: dict[At, object] = {}
    for number, grid in enumerate(book.grids, 1):
        found.update({(number, *at): value for at, value in grid.cells.items()})
    return book, found


def openpyxls(data: bytes) -> dict[At, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), data_only=True)
    return {
        (number, cell.row, cell.column): cell.value
        for number, sheet in enumerate(book.worksheets, 1)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def calamines(data: bytes) -> dict[At, object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (number, row, column): value
        for number, name in enumerate(book.sheet_names, 1)
        for row, values in enumerate(book.get_sheet_by_name(name).to_python(False), 1)
        for column, value in enumerate(values, 1)
        if value != ""
    }


# Why a value of ours (first) is another than theirs; None is an empty cell.

Why = Callable[[object, object, Grid, tuple[int, int]], bool]


def no_result(mine: object, theirs: object, *_: object) -> bool:
    """A formula without a result: theirs is empty, as if nothing stood there."""
    return isinstance(mine, str) and mine.startswith("=") and theirs is None


def nothing_to_see(mine: object, theirs: object, *_: object) -> bool:
    """Blanks and signs that nobody sees: ours is empty."""
    return mine is None and isinstance(theirs, str) and not text.clean(theirs)


def shown_as_percent(mine: object, theirs: object, *_: object) -> bool:
    """A format shows percent: ours is what the sender sees, theirs a hundredth of it."""
    if not isinstance(mine, str) or not mine.endswith("%") or not isinstance(theirs, int | float):
        return False
    return float(mine[:-1].replace(",", ".")) == pytest.approx(100 * theirs)


def day_without_time(mine: object, theirs: object, *_: object) -> bool:
    """A day: theirs is its midnight."""
    return type(mine) is date and theirs == datetime(mine.year, mine.month, mine.day)


def before_unicode(mine: object, theirs: object, grid: Grid, at: tuple[int, int]) -> bool:
    """Text of before Unicode, which its font tells: ours is converted, and marked so."""
    odd = grid.odd.get(at)
    return odd is not None and odd.kind is Oddness.LEGACY_TEXT and mine != theirs


def escaped_by_office(mine: object, theirs: object, *_: object) -> bool:
    """Signs that XML cannot hold: theirs keeps how Office writes them."""
    if not isinstance(theirs, str):
        return False
    plain = re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), theirs)
    return plain == mine and plain != theirs


def too_large(mine: object, theirs: object, *_: object) -> bool:
    """More than any number: ours is the text, to be asked about, theirs infinity."""
    return isinstance(mine, str) and isinstance(theirs, float) and isinf(theirs)


def no_number_in_a_file(mine: object, theirs: object, *_: object) -> bool:
    """Underscores, Arabic digits: theirs reads them as Python does, ours leaves them text."""
    is_odd = isinstance(mine, str) and ("_" in mine or not mine.isascii())
    return is_odd and isinstance(theirs, int | float)


def under_merged(mine: object, theirs: object, grid: Grid, at: tuple[int, int]) -> bool:
    """A value beneath a merged area: theirs drops it without a word."""
    return theirs is None and any(
        top <= at[0] <= bottom and left <= at[1] <= right and at != (top, left)
        for top, left, bottom, right in grid.merged
    )


def an_error(mine: object, theirs: object, *_: object) -> bool:
    """An error: theirs is empty, as if nothing stood there."""
    return isinstance(mine, str) and mine.startswith("#") and theirs is None


BESIDE_OPENPYXL: tuple[Why, ...] = (
    no_result, nothing_to_see, shown_as_percent, day_without_time, before_unicode,
    escaped_by_office, too_large, no_number_in_a_file, under_merged,
)  # fmt: skip
BESIDE_CALAMINE: tuple[Why, ...] = (no_result, shown_as_percent, before_unicode, an_error)

explained: set[tuple[str, str]] = set()


def unexplained(
    book: Book, mine: Mapping[At, object], theirs: Mapping[At, object], known: tuple[Why, ...]
) -> list[str]:
    """Return the cells that differ for no known reason; note the reasons that are met."""
    found = []
    for at in sorted(mine.keys() | theirs.keys()):
        pair = mine.get(at), theirs.get(at)
        if pair[0] == pair[1] and isinstance(pair[0], bool) == isinstance(pair[1], bool):
            continue
        grid, place = book.grids[at[0] - 1], (at[1], at[2])
        why = next((why for why in known if why(*pair, grid, place)), None)
        if why is None:
            found.append(f"{grid.name}!{address(*place)}: {pair[0]!r}, not {pair[1]!r}")
        else:
            beside = "calamine" if known is BESIDE_CALAMINE else "openpyxl"
            explained.add((beside, why.__name__))
    return found


FILES = [n for n in NAMES if n.endswith((".xlsx", ".xlsm")) and n not in ENDLESS]
OTHERS = ["good.xlsb", "error-na.xlsb"]
OTHERS += [name for name in foreign.SAVED if not name.endswith(".xlsx")]


@pytest.mark.parametrize("name", FILES)
def test_every_difference_from_openpyxl_is_explained(name: str) -> None:
    data = data_of(name)
    try:
        theirs = openpyxls(data)
    except Exception:
        theirs = None
    try:
        book, mine = ours(data)
    except UnreadableFileError:
        assert (theirs is not None) == (name in OURS_REFUSES)
        return
    assert name not in OURS_REFUSES
    assert (theirs is None) == (name in OPENPYXL_REFUSES)
    if name in OPENPYXL_SEES_NOTHING:
        assert mine
        assert not theirs
    elif theirs is not None:
        differing = unexplained(book, mine, theirs, BESIDE_OPENPYXL)
        assert bool(differing) == (name in OPENPYXL_SEES_OTHERS), differing


@pytest.mark.parametrize("name", OTHERS)
def test_every_difference_from_calamine_is_explained(name: str) -> None:
    data = data_of(name)
    book, mine = ours(data)
    assert unexplained(book, mine, calamines(data), BESIDE_CALAMINE) == []


def test_every_explanation_is_needed() -> None:
    """Once the tests above have run; alone, this one has nothing to say."""
    if explained:
        wanted = {("openpyxl", why.__name__) for why in BESIDE_OPENPYXL}
        assert explained == wanted | {("calamine", why.__name__) for why in BESIDE_CALAMINE}
