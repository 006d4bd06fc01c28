"""Addresses and the rows and columns that they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.cells.addresses import address, place


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [(1, 1, "A1"), (7, 26, "Z7"), (3, 28, "AB3"), (1048576, 16384, "XFD1048576")],
)
def test_a_cell_is_named_as_spreadsheets_name_it(row: int, column: int, said: str) -> None:
    assert address(row, column) == said


@given(st.integers(1, 1048576), st.integers(1, 16384))
def test_every_cell_is_found_again_by_its_address(row: int, column: int) -> None:
    assert place(address(row, column)) == (row, column)


@pytest.mark.parametrize("said", ["$AB$7", "ab7", "AB$7"])
def test_fixed_and_small_letters_name_the_same_cell(said: str) -> None:
    assert place(said) == (7, 28)


@pytest.mark.parametrize("said", ["", "A", "7", "A7:B9", "7A", "ABCD1", "Ô7"])
def test_what_is_no_address_names_no_cell(said: str) -> None:
    assert place(said) is None
