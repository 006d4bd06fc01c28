"""However a workbook's sheets, rows and columns are moved about, it says the same."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cells.grid import Book, Grid
from kybaocao.rules.check.checks import Judgement, judge
from kybaocao.rules.form.form import IDENTITY_KEYS, IDENTITY_SHEET, Identity
from kybaocao.rules.recognition.reading import headers_of, identities_of, locate
from kybaocao.rules.recognition.sheet_view import Located, answers_in
from tests.sample_form import FORM, IDENTITY, filled, plain_book

TTHC = "3. TTHC"
COLUMNS = [column.name for column in FORM.columns_for(Frequency.QUARTER)]
# The header row of each sheet.
TOPS = {"Trang bìa": 2, TTHC: 4, "Nhiệm vụ": 1}

Spoil = Callable[[Workbook], None]


def judged(spoil: Spoil = lambda book: None) -> Judgement:
    return judge(FORM, Frequency.QUARTER, False, plain_book(filled(spoil)))


def said(judgement: Judgement) -> list[tuple[str, ...]]:
    """Return every figure without its place; rows of the table have no order of their own."""
    found = []
    for f in judgement.figures:
        row = "" if f.sheet == "nv" else f.row
        found.append((f.sheet, row, f.column, str(f.value)))
    return sorted(found)


SAID = said(judged())


def located(spoil: Spoil) -> dict[str, Located]:
    return locate(FORM, COLUMNS, plain_book(filled(spoil)))


def shuffle(book: Workbook, chance: random.Random) -> None:
    """Put every sheet, row and column of a book elsewhere, with blank rows in between."""
    for name, top in TOPS.items():
        sheet = book[name]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        sheet.delete_rows(1, len(rows))
        above, header, body = rows[: top - 1], rows[top - 1], rows[top:]
        body += [[None] * len(header)] * chance.randrange(4)
        chance.shuffle(body)
        order = list(range(len(header))) + [None] * chance.randrange(3)
        chance.shuffle(order)
        lines = above + [[None] * len(header)] * chance.randrange(3) + [header, *body]
        for number, line in enumerate(lines, 1):
            for column, source in enumerate(order, 1):
                if source is not None and source < len(line):
                    sheet.cell(number, column).value = line[source]
    chance.shuffle(book._sheets)


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_any_order_of_sheets_rows_and_columns_gives_the_same_figures(chance: Any) -> None:
    judgement = judged(lambda book: shuffle(book, chance))
    assert judgement.findings == ()
    assert said(judgement) == SAID


@given(st.randoms(use_true_random=False), st.permutations(["A", "B", "C"]))
@settings(max_examples=40, deadline=None)
def test_names_of_sheets_do_not_matter_even_if_they_are_swapped(
    chance: Any, names: list[str]
) -> None:
    def renamed(book: Workbook) -> None:
        shuffle(book, chance)
        swap = dict(zip(TOPS, chance.sample(list(TOPS), 3), strict=True))
        sheets = {name: book[name] for name in TOPS}
        for name, temporary in zip(TOPS, names, strict=True):
            sheets[name].title = temporary
        if chance.random() < 0.5:
            for name in TOPS:
                sheets[name].title = swap[name]

    judgement = judged(renamed)
    assert judgement.findings == ()
    assert said(judgement) == SAID


# Sheets that stand twice.


def copied(name: str, fill: Callable[[Any], None]) -> Spoil:
    def spoil(book: Workbook) -> None:
        fill(book.copy_worksheet(book[name]))

    return spoil


def emptied(sheet: Any) -> None:
    for row in range(5, 13):
        for column in (5, 6):
            sheet.cell(row, column).value = None


def test_an_empty_copy_is_passed_over_wherever_it_stands() -> None:
    def first(book: Workbook) -> None:
        copy = book.copy_worksheet(book[TTHC])
        emptied(copy)
        book.move_sheet(copy, -4)

    found = located(first)["tthc"]
    assert (found.grid.name, found.rivals) == (TTHC, ())


def test_the_copy_that_is_filled_in_counts_where_the_original_is_empty() -> None:
    def spoil(book: Workbook) -> None:
        book.copy_worksheet(book[TTHC])
        emptied(book[TTHC])

    found = located(spoil)["tthc"]
    assert (found.grid.name, found.rivals) == (f"{TTHC} Copy", ())
    assert said(judged(spoil)) == SAID


def test_a_copy_that_says_the_same_leaves_nothing_to_ask() -> None:
    assert located(copied(TTHC, lambda sheet: None))["tthc"].rivals == ()


def test_a_copy_that_says_otherwise_is_a_rival() -> None:
    def other(sheet: Any) -> None:
        sheet["E5"] = 121

    found = located(copied(TTHC, other))["tthc"]
    assert found.grid.name == TTHC
    assert [grid.name for grid in found.rivals] == [f"{TTHC} Copy"]


def test_inputs_are_what_the_form_asks_and_nothing_else() -> None:
    found = located(lambda book: None)
    tthc, bia = found["tthc"], found["bia"]
    held = answers_in(tthc, headers_of(tthc.sheet, COLUMNS))
    assert held["TTHC-04", "Thực hiện trong kỳ"] == 120
    assert all(code != "TTHC-09" for code, _ in held), "what is computed is no input"
    assert len(answers_in(bia, headers_of(bia.sheet, COLUMNS))) == 3


# Rows whose code is gone.


def test_a_row_without_its_code_is_known_by_its_label() -> None:
    def spoil(book: Workbook) -> None:
        book[TTHC]["A6"] = None
        book[TTHC]["A7"] = 3

    judgement = judged(spoil)
    assert judgement.findings == ()
    assert said(judgement) == SAID
    assert located(spoil)["tthc"].by_label == {6, 7}


@pytest.mark.parametrize(("cell", "value"), [("B14", "Trước hạn"), ("B6", "Trước hạn (ước)")])
def test_a_label_that_leaves_a_doubt_is_not_enough(cell: str, value: str) -> None:
    def spoil(book: Workbook) -> None:
        book[TTHC]["A6"] = None
        book[TTHC][cell] = value

    assert "missing-row" in {f.code for f in judged(spoil).findings}


# Merged cells.


def under(*areas: tuple[int, int, int, int]) -> Located:
    book = plain_book(filled())
    grids = tuple(
        Grid(g.name, g.cells, g.hidden, areas if g.name == TTHC else ()) for g in book.grids
    )
    return locate(FORM, COLUMNS, Book(grids, book.identity))["tthc"]


def test_a_merged_area_shows_only_its_first_cell() -> None:
    found = under((5, 5, 6, 6))
    seen = {at: found.value(*at) for at in ((5, 5), (5, 6), (6, 5), (6, 6), (7, 5))}
    assert seen == {(5, 5): 120, (5, 6): None, (6, 5): None, (6, 6): None, (7, 5): 15}
    assert found.area_over(6, 6) == (5, 5, 6, 6)
    assert found.area_over(5, 5) is None


def test_merged_titles_change_nothing() -> None:
    assert under((1, 1, 1, 7), (2, 1, 2, 7)).merged == {}


def test_a_header_merged_downwards_is_one_header() -> None:
    book = plain_book(filled(lambda b: b[TTHC].insert_rows(5)))
    tall = tuple((4, column, 5, column) for column in range(1, 8))
    grids = tuple(Grid(g.name, g.cells, g.hidden, tall) for g in book.grids if g.name == TTHC)
    found = locate(FORM, COLUMNS, Book(grids))["tthc"]
    assert found.header is not None
    assert found.header.rival is None
    assert found.value(found.rows["tthc-04"][0], 5) == 120


def test_two_header_rows_with_columns_in_another_order_are_told() -> None:
    def spoil(book: Workbook) -> None:
        sheet = book[TTHC]
        for column in range(1, 8):
            sheet.cell(9, column).value = sheet.cell(4, column).value
        sheet["E9"], sheet["F9"] = sheet["F9"].value, sheet["E9"].value

    header = located(spoil)["tthc"].header
    assert header is not None
    assert (header.row, header.rival) == (4, 9)


# What a file says of itself.


def identity_grid(name: str, *values: str) -> Grid:
    cells: dict[tuple[int, int], Any] = {}
    for row, (word, value) in enumerate(zip(IDENTITY_KEYS, values, strict=True), 1):
        cells |= {(row, 1): word, (row, 2): value}
    return Grid(name, cells, hidden=True)


def test_a_copied_identity_sheet_is_a_second_identity() -> None:
    other = (*IDENTITY[:4], "so-y-te", IDENTITY[5])
    mine = dict(zip(IDENTITY_KEYS, IDENTITY, strict=True))
    both = Book((identity_grid(IDENTITY_SHEET, *IDENTITY), identity_grid("Sheet9", *other)), mine)
    assert [identity.agency for identity in identities_of(both)] == ["so-tu-phap", "so-y-te"]


def test_the_same_identity_twice_is_one() -> None:
    mine = dict(zip(IDENTITY_KEYS, IDENTITY, strict=True))
    book = Book((identity_grid(IDENTITY_SHEET, *IDENTITY), identity_grid("x", *IDENTITY)), mine)
    form, version, *rest = IDENTITY
    assert identities_of(book) == [Identity(form, int(version), *rest)]
