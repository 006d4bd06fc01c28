"""Cell addresses as spreadsheets write them, and the rows and columns (from 1) they name."""

import re
from functools import lru_cache

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """Return the letters of a column: 28 is `AB`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """Return the number of a column by its letters: `AB` is 28."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """Return the address of a row and column: `AB7`."""
    return f"{column_letters(column)}{row}"


def place(said: str) -> tuple[int, int] | None:
    """Return the row and column of an address (`AB7`, `$AB$7`), or None of anything else."""
    match = _ADDRESS.fullmatch(said)
    return (int(match[2]), column_number(match[1])) if match else None
