"""Formulas as files write them, taken apart: operators, calls, cells (ECMA-376 part 1, 18.17.2)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kybaocao.rules.cells.addresses import column_number

_LONGEST = 2_000
_TOKEN = re.compile(
    r"\s*(?:"
    r'"(?P<text>(?:[^"]|"")*)"|'
    r"(?P<truth>TRUE|FALSE)(?:\(\s*\))?(?![\w.(!])|"
    r"(?P<name>[A-Z][A-Z0-9.]*)\(|"
    r"(?:(?P<sheet>'(?:[^'\[\]]|'')+'|[^\W\d][\w.]*)!)?"
    r"(?P<from>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?::(?P<to>\$?[A-Z]{1,3}\$?[0-9]{1,7}))?(?![\w.(!:])|"
    r"(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+)|"
    r"(?P<sign><=|>=|<>|[-+*/^&=<>(),%])"
    r")\s*"
)
_CELL = re.compile(r"(\$?)([A-Z]+)(\$?)([0-9]+)")


class UnknownFormula(Exception):  # noqa: N818
    """A part of a formula, or its kind, is not known here."""


@dataclass(frozen=True)
class Literal:
    """A constant; None is an argument that was left out."""

    value: float | str | bool | None


@dataclass(frozen=True)
class CellName:
    """A cell as a formula names it; what is not fixed moves with the formula."""

    row: int
    column: int
    is_row_fixed: bool
    is_column_fixed: bool

    def at(self, rows: int, columns: int) -> tuple[int, int]:
        """Return the cell meant once the formula has moved; raises UnknownFormula outside."""
        row = self.row + (0 if self.is_row_fixed else rows)
        column = self.column + (0 if self.is_column_fixed else columns)
        if row < 1 or column < 1:
            raise UnknownFormula
        return row, column


@dataclass(frozen=True)
class Reference:
    """A cell, or the area from `first` to `last`; `sheet` is empty on the formula's own."""

    sheet: str
    first: CellName
    last: CellName


@dataclass(frozen=True)
class Chain:
    """Operands of equal rank from left to right, each but the first with its operator."""

    first: "FormulaNode"
    rest: tuple[tuple[str, "FormulaNode"], ...]


@dataclass(frozen=True)
class SignedNode:
    """An operand under one sign: `-`, or `%` behind it."""

    sign: str
    of: "FormulaNode"


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple["FormulaNode", ...]


FormulaNode = Literal | Reference | Chain | SignedNode | Call


@lru_cache(maxsize=4096)  # every file of a form repeats the same formulas
def taken_apart(formula: str) -> FormulaNode:
    """Return what a formula says; raises UnknownFormula where it is none, or too long."""
    if len(formula) > _LONGEST:
        raise UnknownFormula
    return _Parser(formula).whole()


_RANKS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
"""Operators from those that bind least; a minus in front binds more than any of them."""


class _Parser:
    """Reads a formula from left to right."""

    def __init__(self, formula: str) -> None:
        self._tokens: list[re.Match[str]] = []
        at = 0
        while at < len(formula):
            match = _TOKEN.match(formula, at)
            if match is None:
                raise UnknownFormula
            self._tokens.append(match)
            at = match.end()
        self._next = 0

    def whole(self) -> FormulaNode:
        found = self._ranked(0)
        if self._next < len(self._tokens):
            raise UnknownFormula
        return found

    def _ranked(self, rank: int) -> FormulaNode:
        if rank == len(_RANKS):
            return self._signed()
        first = self._ranked(rank + 1)
        rest: list[tuple[str, FormulaNode]] = []
        while sign := self._take(*_RANKS[rank]):
            rest.append((sign, self._ranked(rank + 1)))
        return Chain(first, tuple(rest)) if rest else first

    def _signed(self) -> FormulaNode:
        signs = 0
        while sign := self._take("+", "-"):
            signs += sign == "-"
        found = self._one()
        while self._take("%"):
            found = SignedNode("%", found)
        return SignedNode("-", found) if signs % 2 else found

    def _one(self) -> FormulaNode:
        if self._take("("):
            found = self._ranked(0)
            self._close()
            return found
        if self._next >= len(self._tokens):
            raise UnknownFormula
        token = self._tokens[self._next]
        self._next += 1
        if token["name"]:
            return Call(token["name"], self._arguments())
        if token["from"]:
            sheet = token["sheet"] or ""
            name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
            return Reference(name, _cell(token["from"]), _cell(token["to"] or token["from"]))
        if token["number"]:
            return Literal(float(token["number"]))
        if token["truth"]:
            return Literal(token["truth"] == "TRUE")
        if token["text"] is not None:
            return Literal(token["text"].replace('""', '"'))
        raise UnknownFormula

    def _arguments(self) -> tuple[FormulaNode, ...]:
        found: list[FormulaNode] = []
        if self._take(")"):
            return ()
        while True:
            is_left_out = self._sign() in (",", ")")
            found.append(Literal(None) if is_left_out else self._ranked(0))
            if self._take(")"):
                return tuple(found)
            if not self._take(","):
                raise UnknownFormula

    def _sign(self) -> str:
        return (self._tokens[self._next]["sign"] or "") if self._next < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        """Take the sign that comes next if it is wanted; else return nothing."""
        sign = self._sign()
        if sign in wanted:
            self._next += 1
            return sign
        return ""

    def _close(self) -> None:
        if not self._take(")"):
            raise UnknownFormula


def _cell(written: str) -> CellName:
    match = _CELL.fullmatch(written)
    if match is None:
        raise UnknownFormula
    return CellName(int(match[4]), column_number(match[2]), bool(match[3]), bool(match[1]))
