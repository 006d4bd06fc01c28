"""Formulas held against their results: simple ones only, whose every part is known."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import fsum, isfinite

from kybaocao.adapters.workbooks.reading.draft import At, Draft
from kybaocao.adapters.workbooks.reading.looks import percentage
from kybaocao.rules.cells import numbers
from kybaocao.rules.cells.addresses import column_number
from kybaocao.rules.cells.grid import Oddity, Oddness

_LONGEST = 2_000
_DEEPEST = 40
# Cells looked at, for one book: sums over sums could otherwise take for ever.
_PATIENCE = 1_000_000

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<name>SUM|ROUND)\(|"
    r"(?:(?P<sheet>'(?:[^'\[\]]|'')+'|[^\W\d][\w.]*)!)?"
    r"(?P<from>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P<to>\$?[A-Z]{1,3}\$?[0-9]{1,7}))?(?![\w.(!:])|"
    r"(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+)|"
    r"(?P<sign>[-+*/(),%])"
    r")\s*"
)
_CELL = re.compile(r"(\$?)([A-Z]+)(\$?)([0-9]+)")

Token = tuple[str, str, tuple[str, str, str]]
Area = tuple[Draft, int, int, int, int]


class _Unknown(Exception):  # noqa: N818
    """A part of the formula, or its kind, is not known here."""


def hold(drafts: Sequence[Draft]) -> None:
    """Mark each cell whose result is not what its formula gives (`Oddness.STALE_FORMULA`).

    Known are numbers, cells and areas of the book, + - * /, brackets, percent, SUM and ROUND;
    a formula with anything else is passed over, as is one with a part that is no number.
    """
    if not any(draft.formulas for draft in drafts):
        return
    sums = _Sums(drafts)
    for draft in drafts:
        for at in draft.formulas:
            kept, right = sums.kept(draft, at), sums.solved(draft, at, 0)
            if right is None or (at in draft.errors) or (kept is None and _waits(draft, at)):
                continue
            if kept is None or abs(kept - right) > 1e-9 + 1e-11 * max(abs(kept), abs(right)):
                is_share = at in draft.raw and draft.cells.get(at) == percentage(draft.raw[at])
                shown = percentage(right) if is_share else numbers.shown(right)
                draft.odd[at] = Oddity(Oddness.STALE_FORMULA, shown)


def _waits(draft: Draft, at: At) -> bool:
    """Return if the formula has no result at all, as the cell itself says."""
    value = draft.cells.get(at)
    return isinstance(value, str) and value.startswith("=")


class _Circle(_Unknown):
    """A formula needs itself."""


class _Sums:
    """What the formulas of a book give."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        # Of sheets of the same name, a formula does not say which it means.
        names = [draft.name.casefold() for draft in drafts]
        self._drafts = {n: d for n, d in zip(names, drafts, strict=True) if names.count(n) == 1}
        self._solved: dict[tuple[int, At], float | None] = {}
        self._open: set[tuple[int, At]] = set()
        self._patience = _PATIENCE

    def kept(self, draft: Draft, at: At) -> float | None:
        """Return the number that the file keeps for a cell, or None."""
        value = draft.raw.get(at, draft.cells.get(at))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if is_number else None  # type: ignore[arg-type]

    def solved(self, draft: Draft, at: At, depth: int) -> float | None:
        """Return what a cell's formula gives, or None where that is not known."""
        key = (id(draft), at)
        if key in self._open:
            raise _Circle
        if key in self._solved:
            return self._solved[key]
        self._open.add(key)
        self._solved[key] = None
        try:
            found = _Formula(self, draft, at, depth).result()
            self._solved[key] = found if isfinite(found) else None
        except _Circle:
            if depth:
                raise
        except (_Unknown, ArithmeticError, RecursionError):
            pass
        finally:
            self._open.discard(key)
        return self._solved[key]

    def part(self, draft: Draft, at: At, depth: int) -> float | str | None:
        """Return a cell that a formula uses: its number, its text, or None if empty."""
        self._patience -= 1
        if self._patience < 0 or at in draft.errors:
            raise _Unknown
        if at in draft.formulas and depth < _DEEPEST:
            right = self.solved(draft, at, depth + 1)
            if right is not None:
                return right
            if _waits(draft, at):
                raise _Unknown
        kept = self.kept(draft, at)
        if kept is not None:
            return kept
        value = draft.cells.get(at)
        if value is None or isinstance(value, str):
            return value
        raise _Unknown

    def sheet(self, name: str) -> Draft:
        draft = self._drafts.get(name.casefold())
        if draft is None:
            raise _Unknown
        return draft


class _Formula:
    """One formula, read from left to right: sums of products of signed numbers."""

    def __init__(self, sums: _Sums, draft: Draft, at: At, depth: int) -> None:
        self._sums = sums
        self._draft = draft
        self._depth = depth
        formula, row, column = draft.formulas[at]
        self._shift = (at[0] - row, at[1] - column)
        self._tokens = list(_tokens(formula))
        self._next = 0

    def result(self) -> float:
        found = self._sum()
        if self._next < len(self._tokens):
            raise _Unknown
        return found

    def _sum(self) -> float:
        found = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            found = found + other if sign == "+" else found - other
        return found

    def _product(self) -> float:
        found = self._signed()
        while sign := self._take("*", "/"):
            other = self._signed()
            found = found * other if sign == "*" else found / other
        return found

    def _signed(self) -> float:
        is_negative = False
        while sign := self._take("+", "-"):
            is_negative ^= sign == "-"
        found = self._one()
        while self._take("%"):
            found /= 100
        return -found if is_negative else found

    def _one(self) -> float:
        if self._take("("):
            found = self._sum()
            self._close()
            return found
        if self._take("SUM("):
            return self._total()
        if self._take("ROUND("):
            found = self._sum()
            if not self._take(","):
                raise _Unknown
            digits = self._sum()
            self._close()
            return _rounded(found, digits)
        kind, said, _ = self._token()
        if kind == "number":
            self._next += 1
            return float(said)
        area = self._area()
        if area is None:
            raise _Unknown
        draft, row, column, last_row, last_column = area
        if (row, column) != (last_row, last_column):
            raise _Unknown
        value = self._sums.part(draft, (row, column), self._depth)
        if isinstance(value, str):
            raise _Unknown
        return value or 0.0

    def _total(self) -> float:
        """Return the sum of the arguments of SUM, which passes over text in cells."""
        found: list[float] = []
        while not self._take(")"):
            start, area = self._next, self._area()
            if area is not None and self._token()[1] in (",", ")"):
                found.extend(self._numbers(area))
            else:
                self._next = start
                found.append(self._sum())
            if not self._take(",") and self._token()[1] != ")":
                raise _Unknown
        return fsum(found)

    def _numbers(self, area: Area) -> Iterator[float]:
        draft, top, left, bottom, right = area
        inside: Iterator[At]
        if (bottom - top + 1) * (right - left + 1) <= len(draft.cells) + len(draft.formulas):
            inside = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        else:
            known = draft.cells.keys() | draft.formulas.keys()
            inside = (a for a in known if top <= a[0] <= bottom and left <= a[1] <= right)
        for at in inside:
            value = self._sums.part(draft, at, self._depth)
            if isinstance(value, float):
                yield value

    def _area(self) -> Area | None:
        """Take the cell or area that comes next, or return None."""
        kind, _, (sheet, first, last) = self._token()
        if kind != "area":
            return None
        self._next += 1
        top, left = self._cell(first)
        bottom, right = self._cell(last) if last else (top, left)
        name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        draft = self._sums.sheet(name) if name else self._draft
        rows, columns = sorted((top, bottom)), sorted((left, right))
        return draft, rows[0], columns[0], rows[1], columns[1]

    def _cell(self, written: str) -> At:
        match = _CELL.fullmatch(written)
        if match is None:
            raise _Unknown
        row, column = int(match[4]), column_number(match[2])
        row += 0 if match[3] else self._shift[0]
        column += 0 if match[1] else self._shift[1]
        if row < 1 or column < 1:
            raise _Unknown
        return row, column

    def _token(self) -> Token:
        if self._next >= len(self._tokens):
            raise _Unknown
        return self._tokens[self._next]

    def _take(self, *wanted: str) -> str:
        """Take the sign or function that comes next if it is wanted; else return nothing."""
        if self._next < len(self._tokens):
            kind, said, _ = self._tokens[self._next]
            if kind == "sign" and said in wanted:
                self._next += 1
                return said
        return ""

    def _close(self) -> None:
        if not self._take(")"):
            raise _Unknown


def _tokens(formula: str) -> Iterator[Token]:
    if len(formula) > _LONGEST:
        raise _Unknown
    at = 0
    while at < len(formula):
        match = _TOKEN.match(formula, at)
        if match is None:
            raise _Unknown
        at = match.end()
        if match["from"]:
            yield "area", "", (match["sheet"] or "", match["from"], match["to"] or "")
        elif match["number"]:
            yield "number", match["number"], ("", "", "")
        else:
            yield "sign", f"{match['name']}(" if match["name"] else match["sign"], ("", "", "")


def _rounded(value: float, digits: float) -> float:
    """Return `value` rounded half away from zero, as spreadsheets do."""
    if not digits.is_integer() or abs(digits) > 15:
        raise _Unknown
    try:
        exact = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    except InvalidOperation:
        raise _Unknown from None
    return float(exact)
