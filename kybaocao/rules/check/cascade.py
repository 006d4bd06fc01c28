"""One finding for one mistake: what a single wrong figure explains is said once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kybaocao.rules.check.relations import Figures, Place, Relation, Repair
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Severity


@dataclass(frozen=True)
class Mismatch:
    """A figure that breaks a rule, at (row code, column id); `relation` is what is broken."""

    code: Code
    severity: Severity
    at: Place
    value: str
    expected: str
    action: str
    relation: Relation


def causes(
    found: Sequence[Mismatch], relations: Callable[[], Iterable[Relation]], figures: Figures
) -> list[Mismatch]:
    """Return the mismatches without those that mending another's figure mends as well.

    A single figure explains several broken relations if there is a value that mends them all
    and breaks none of `relations` that hold. Of those that one figure explains, a blocking one
    stays if there is any, else the first.
    """
    if len(found) < 2:
        return list(found)
    whole = _Whole(found, relations(), figures)
    open_ones = sorted(found, key=lambda one: one.severity is not Severity.BLOCKING)
    kept: list[Mismatch] = []
    while open_ones:
        first = open_ones.pop(0)
        kept.append(first)
        explained = whole.explained(first, {id(one) for one in open_ones})
        open_ones = [one for one in open_ones if id(one) not in explained]
    places = {id(one): place for place, one in enumerate(found)}
    return sorted(kept, key=lambda one: places[id(one)])


class _Whole:
    """The broken relations and those that hold, by the cells that they touch."""

    def __init__(
        self, found: Sequence[Mismatch], relations: Iterable[Relation], figures: Figures
    ) -> None:
        self.figures = figures
        self.broken: dict[Place, list[Mismatch]] = {}
        for one in found:
            for cell in one.relation.cells:
                self.broken.setdefault(cell, []).append(one)
        self.sound: dict[Place, list[Relation]] = {}
        for relation in relations:
            if relation.holds(figures):
                for cell in relation.cells:
                    self.sound.setdefault(cell, []).append(relation)

    def explained(self, first: Mismatch, open_ones: set[int]) -> set[int]:
        """Return which of `open_ones` (by id) the best repair of `first` mends too."""
        best: set[int] = set()
        for cell, value in self._repairs(first):
            beside = [one for one in self.broken[cell] if id(one) in open_ones]
            if len(beside) <= len(best):
                continue
            mended = {**self.figures, cell: value}
            if not first.relation.holds(mended):
                continue
            also = {id(one) for one in beside if one.relation.holds(mended)}
            if len(also) > len(best) and all(r.holds(mended) for r in self.sound.get(cell, ())):
                best = also
        return best

    def _repairs(self, first: Mismatch) -> Iterator[Repair]:
        """Yield repairs of the relation and of the broken ones beside it, at its own cells."""
        yield from first.relation.repairs(self.figures)
        for cell in first.relation.cells:
            for other in self.broken[cell]:
                if other is not first:
                    yield from (r for r in other.relation.repairs(self.figures) if r[0] == cell)
