"""The functions of formulas that are known here."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation
from math import floor, fsum
from typing import Protocol

from kybaocao.adapters.workbooks.reading.draft import At, Draft
from kybaocao.adapters.workbooks.reading.evaluation.grammar import FormulaNode, UnknownFormula
from kybaocao.adapters.workbooks.reading.evaluation.operators import Failure, Part, compared, joined

_MOST_ROWS = 1_000_000

Arguments = tuple[FormulaNode, ...]


class Scope(Protocol):
    """What a function may ask of the formula that it stands in; all may raise UnknownFormula."""

    def value(self, node: FormulaNode) -> Part: ...

    def number(self, node: FormulaNode) -> float: ...

    def truth(self, node: FormulaNode) -> bool: ...

    def parts(self, nodes: Sequence[FormulaNode]) -> Iterator[tuple[Part, bool]]: ...

    def numbers(self, nodes: Sequence[FormulaNode]) -> list[float]: ...

    def cells(self, node: FormulaNode) -> Iterator[tuple[Draft, At]]: ...

    def area(self, node: FormulaNode) -> tuple[Draft, int, int, int, int]: ...

    def at(self, draft: Draft, at: At) -> Part: ...


def _between(arguments: Arguments, least: int, most: int) -> None:
    if not least <= len(arguments) <= most:
        raise UnknownFormula


def _if(formula: Scope, arguments: Arguments) -> Part:
    _between(arguments, 2, 3)
    if formula.truth(arguments[0]):
        found = formula.value(arguments[1])
    elif len(arguments) == 2:
        return False
    else:
        found = formula.value(arguments[2])
    return 0.0 if found is None else found


def _if_error(formula: Scope, arguments: Arguments) -> Part:
    _between(arguments, 2, 2)
    try:
        found = formula.value(arguments[0])
    except Failure:
        found = formula.value(arguments[1])
    return 0.0 if found is None else found


def _truths(formula: Scope, arguments: Arguments) -> list[bool]:
    _between(arguments, 1, 255)
    return [formula.truth(argument) for argument in arguments]


def _average(formula: Scope, arguments: Arguments) -> Part:
    found = formula.numbers(arguments)
    if not found:
        raise Failure
    return fsum(found) / len(found)


def _count_filled(formula: Scope, arguments: Arguments) -> Part:
    return float(sum(part is not None for part, _ in formula.parts(arguments)))


def _absolute(formula: Scope, arguments: Arguments) -> Part:
    _between(arguments, 1, 1)
    return abs(formula.number(arguments[0]))


def _whole(formula: Scope, arguments: Arguments) -> Part:
    _between(arguments, 1, 1)
    value = formula.number(arguments[0])
    # What differs by a float's last bits from a whole number may be that one, or the one below.
    near = round(value)
    if value != near and abs(value - near) <= 1e-9 * max(1.0, abs(value)):
        raise UnknownFormula
    return float(floor(value))


def _rounding(how: str) -> "Function":
    def rounded(formula: Scope, arguments: Arguments) -> Part:
        _between(arguments, 1 if how == ROUND_DOWN else 2, 2)
        digits = formula.number(arguments[1]) if len(arguments) > 1 else 0.0
        if not digits.is_integer() or abs(digits) > 15:
            raise UnknownFormula
        exact = Decimal(f"{formula.number(arguments[0]):.15g}")
        try:
            return float(exact.quantize(Decimal(1).scaleb(-int(digits)), how))
        except InvalidOperation:
            raise UnknownFormula from None

    return rounded


def _power(formula: Scope, arguments: Arguments) -> Part:
    _between(arguments, 2, 2)
    return joined("^", formula.number(arguments[0]), formula.number(arguments[1]))


def _meets(formula: Scope, node: FormulaNode, part: Part) -> bool:
    """Return if a cell meets the criterion of COUNTIF and SUMIF: `5`, `"xã"` or `">=5"`."""
    wanted = formula.value(node)
    sign = "="
    if isinstance(wanted, str):
        for known in ("<=", ">=", "<>", "<", ">", "="):
            if wanted.startswith(known):
                sign, wanted = known, wanted.removeprefix(known)
                break
        if not wanted or any(c in wanted for c in "*?~"):
            raise UnknownFormula
        with suppress(ValueError):
            wanted = float(wanted)
    if isinstance(wanted, bool) or wanted is None:
        raise UnknownFormula
    if isinstance(part, str) and isinstance(wanted, float):
        if any(map(str.isdigit, part)):
            raise UnknownFormula  # a number as text may count as one
        return sign == "<>"
    if type(part) is not type(wanted):
        return sign == "<>"
    return compared(sign, part, wanted)


def _count_if(formula: Scope, arguments: Arguments) -> Part:
    _between(arguments, 2, 2)
    cells = formula.cells(arguments[0])
    held = (formula.at(draft, at) for draft, at in cells)
    if _is_unlike(formula, arguments[1]):
        raise UnknownFormula  # cells that hold nothing count as well
    return float(sum(_meets(formula, arguments[1], part) for part in held))


def _is_unlike(formula: Scope, node: FormulaNode) -> bool:
    wanted = formula.value(node)
    return isinstance(wanted, str) and wanted.startswith("<>")


def _sum_if(formula: Scope, arguments: Arguments) -> Part:
    _between(arguments, 2, 3)
    draft, top, left, _, _ = formula.area(arguments[0])
    there, first_row, first_column, _, _ = formula.area(arguments[-1 if len(arguments) > 2 else 0])
    found: list[float] = []
    for _, at in formula.cells(arguments[0]):
        if _meets(formula, arguments[1], formula.at(draft, at)):
            part = formula.at(there, (at[0] - top + first_row, at[1] - left + first_column))
            if isinstance(part, float):
                found.append(part)
    if _is_unlike(formula, arguments[1]):
        raise UnknownFormula
    return fsum(found)


def _look_up(formula: Scope, arguments: Arguments) -> Part:
    """Return what stands beside the first cell that is exactly what is looked for."""
    _between(arguments, 4, 4)
    wanted, exact = formula.value(arguments[0]), formula.value(arguments[3])
    if exact or wanted is None or (isinstance(wanted, str) and any(c in wanted for c in "*?~")):
        raise UnknownFormula
    draft, top, left, bottom, right = formula.area(arguments[1])
    column = left + int(formula.number(arguments[2])) - 1
    if not left <= column <= right or bottom - top > _MOST_ROWS:
        raise UnknownFormula
    for row in range(top, bottom + 1):
        part = formula.at(draft, (row, left))
        if type(part) is type(wanted) and compared("=", part, wanted):
            found = formula.at(draft, (row, column))
            return 0.0 if found is None else found
    raise Failure


Function = Callable[[Scope, Arguments], Part]
FUNCTIONS: dict[str, Function] = {
    "SUM": lambda formula, given: fsum(formula.numbers(given)),
    "MAX": lambda formula, given: max(formula.numbers(given), default=0.0),
    "MIN": lambda formula, given: min(formula.numbers(given), default=0.0),
    "COUNT": lambda formula, given: float(len(formula.numbers(given))),
    "AVERAGE": _average,
    "COUNTA": _count_filled,
    "COUNTIF": _count_if,
    "SUMIF": _sum_if,
    "IF": _if,
    "IFERROR": _if_error,
    "AND": lambda formula, given: all(_truths(formula, given)),
    "OR": lambda formula, given: any(_truths(formula, given)),
    "NOT": lambda formula, given: not _truths(formula, given)[0],
    "ABS": _absolute,
    "INT": _whole,
    "ROUND": _rounding(ROUND_HALF_UP),
    "ROUNDUP": _rounding(ROUND_UP),
    "ROUNDDOWN": _rounding(ROUND_DOWN),
    "TRUNC": _rounding(ROUND_DOWN),
    "POWER": _power,
    "VLOOKUP": _look_up,
}
