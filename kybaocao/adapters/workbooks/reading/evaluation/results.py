"""What the formulas of a book give, followed through one another."""

from collections.abc import Iterator, Sequence
from math import isfinite

from kybaocao.adapters.workbooks.reading.draft import At, Draft
from kybaocao.adapters.workbooks.reading.evaluation.functions import FUNCTIONS
from kybaocao.adapters.workbooks.reading.evaluation.grammar import (
    Call,
    Chain,
    FormulaNode,
    Literal,
    Reference,
    SignedNode,
    UnknownFormula,
    taken_apart,
)
from kybaocao.adapters.workbooks.reading.evaluation.operators import Part, Result, joined, number_of

_DEEPEST = 40
# Cells looked at, for one book: sums over sums could otherwise take for ever.
_PATIENCE = 1_000_000


class _Circle(UnknownFormula):
    """A formula needs itself."""


class BookResults:
    """What the formulas of a book give."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        # Of sheets of the same name, a formula does not say which it means.
        names = [draft.name.casefold() for draft in drafts]
        self._drafts = {n: d for n, d in zip(names, drafts, strict=True) if names.count(n) == 1}
        self._solved: dict[tuple[int, At], Result | None] = {}
        self._open: set[tuple[int, At]] = set()
        self._patience = _PATIENCE

    def kept(self, draft: Draft, at: At) -> Part:
        """Return what the file keeps for a cell; raises UnknownFormula for days and the like."""
        value = draft.raw.get(at, draft.cells.get(at))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if value is None or isinstance(value, str | bool):
            return value
        raise UnknownFormula

    def solved(self, draft: Draft, at: At, depth: int) -> Result | None:
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
            is_known = not isinstance(found, float) or isfinite(found)
            self._solved[key] = found if is_known else None
        except _Circle:
            if depth:
                raise
        except (UnknownFormula, ArithmeticError, RecursionError):
            pass
        finally:
            self._open.discard(key)
        return self._solved[key]

    def part(self, draft: Draft, at: At, depth: int) -> Part:
        """Return a cell that a formula uses: what it gives or keeps, or None if empty."""
        self._patience -= 1
        if self._patience < 0 or at in draft.errors or at in draft.unseen:
            raise UnknownFormula
        if at in draft.formulas and depth < _DEEPEST:
            right = self.solved(draft, at, depth + 1)
            if right is not None:
                return right
        if at in draft.computed and waits(draft, at):
            raise UnknownFormula
        kept = self.kept(draft, at)
        # A formula that shows nothing gives a text of no letters, and is no empty cell.
        return "" if kept is None and at in draft.computed else kept

    def sheet(self, name: str) -> Draft:
        draft = self._drafts.get(name.casefold())
        if draft is None:
            raise UnknownFormula
        return draft


class _Formula:
    """One formula at one cell."""

    def __init__(self, results: BookResults, draft: Draft, at: At, depth: int) -> None:
        self._results = results
        self._draft = draft
        self._depth = depth
        formula, row, column = draft.formulas[at]
        self._formula = formula
        self._shift = (at[0] - row, at[1] - column)

    def result(self) -> Result:
        found = self.value(taken_apart(self._formula))
        return 0.0 if found is None else found

    def value(self, node: FormulaNode) -> Part:
        """Return what an expression is; raises UnknownFormula."""
        match node:
            case Literal():
                return node.value
            case Reference():
                inside = list(self.cells(node))
                if len(inside) != 1:
                    raise UnknownFormula
                return self._results.part(*inside[0], self._depth)
            case SignedNode():
                found = self.number(node.of)
                return found / 100 if node.sign == "%" else -found
            case Chain():
                found_so_far = self.value(node.first)
                for sign, other in node.rest:
                    found_so_far = joined(sign, found_so_far, self.value(other))
                return found_so_far
            case Call():
                function = FUNCTIONS.get(node.name)
                if function is None:
                    raise UnknownFormula
                return function(self, node.arguments)

    def number(self, node: FormulaNode) -> float:
        return number_of(self.value(node))

    def truth(self, node: FormulaNode) -> bool:
        found = self.value(node)
        if isinstance(found, str):
            raise UnknownFormula
        return bool(found)

    def parts(self, nodes: Sequence[FormulaNode]) -> Iterator[tuple[Part, bool]]:
        """Yield every cell of the areas, and what else is given; and if it stands in a cell."""
        for node in nodes:
            if isinstance(node, Reference):
                for draft, at in self.cells(node):
                    yield self._results.part(draft, at, self._depth), True
            else:
                yield self.value(node), False

    def numbers(self, nodes: Sequence[FormulaNode]) -> list[float]:
        """Return the numbers among cells, where texts are passed over, and those given."""
        found: list[float] = []
        for part, is_cell in self.parts(nodes):
            if isinstance(part, float):
                found.append(part)
            elif not is_cell:
                raise UnknownFormula
        return found

    def cells(self, node: FormulaNode) -> Iterator[tuple[Draft, At]]:
        """Yield the cells of an area, those that hold nothing left out where it is large."""
        draft, top, left, bottom, right = self.area(node)
        inside: Iterator[At]
        if (bottom - top + 1) * (right - left + 1) <= len(draft.cells) + len(draft.computed) + 1:
            inside = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
        else:
            known = draft.cells.keys() | draft.computed | draft.unseen
            inside = (a for a in known if top <= a[0] <= bottom and left <= a[1] <= right)
        return ((draft, at) for at in inside)

    def area(self, node: FormulaNode) -> tuple[Draft, int, int, int, int]:
        if not isinstance(node, Reference):
            raise UnknownFormula
        draft = self._results.sheet(node.sheet) if node.sheet else self._draft
        (top, left), (bottom, right) = (c.at(*self._shift) for c in (node.first, node.last))
        rows, columns = sorted((top, bottom)), sorted((left, right))
        return draft, rows[0], columns[0], rows[1], columns[1]

    def at(self, draft: Draft, at: At) -> Part:
        return self._results.part(draft, at, self._depth)


def waits(draft: Draft, at: At) -> bool:
    """Return if the formula has no result at all, as the cell itself says."""
    value = draft.cells.get(at)
    return isinstance(value, str) and value.startswith("=")
