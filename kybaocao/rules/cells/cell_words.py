"""A cell's value in words: in full, for a finding, and as a key to compare codes and headers."""

import re
from datetime import date, datetime
from functools import lru_cache

from kybaocao.rules.cells import numbers, text
from kybaocao.rules.cells.addresses import address
from kybaocao.rules.cells.grid import Value

_LONGEST_SHOWN = 120
_LONGEST_KEY = 300
_CODE_LIKE = re.compile(r"[A-ZĐ0-9]*[A-ZĐ][A-ZĐ0-9]*[.-][A-ZĐ0-9.-]*[0-9]")


def as_text(value: Value) -> str:
    """Return a cell's value as text, in full: numbers without grouping, dates as dd/mm/yyyy."""
    if isinstance(value, str):
        return text.clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return numbers.shown(value).replace(".", "")
    if isinstance(value, datetime):
        has_time = (value.hour, value.minute, value.second) != (0, 0, 0)
        return value.strftime("%d/%m/%Y %H:%M:%S" if has_time else "%d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def as_shown(value: Value) -> str:
    """Return a cell's value for a finding: like `as_text`, numbers grouped, long text cut."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = numbers.shown(value)
    else:
        whole = " ".join(as_text(value).split())
    return whole if len(whole) <= _LONGEST_SHOWN else whole[:_LONGEST_SHOWN].rstrip() + "…"


def key(value: Value) -> str:
    """Return the comparing key of a code or header; marks of required fields do not count."""
    if isinstance(value, str) and len(value) <= _LONGEST_KEY:
        return _key(value)
    return _key(as_text(value)[:_LONGEST_KEY])


@lru_cache(maxsize=8192)  # every file of a form repeats the same codes and headers
def _key(shown: str) -> str:
    return text.fold(shown).rstrip("*() ")


def is_code_like(value: Value) -> bool:
    """Return if a cell looks like an indicator's code (`TTHC-05`)."""
    return isinstance(value, str) and len(value) <= _LONGEST_KEY and _is_code(value)


@lru_cache(maxsize=8192)
def _is_code(said: str) -> bool:
    return bool(_CODE_LIKE.fullmatch(text.plain(said)))


def cell(row: int, column: int | None) -> str:
    """Return an address, or an empty text if the column is unknown."""
    return address(row, column) if column else ""
