"""Relations between the figures of a form: whether they hold, and which figure would mend them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from kybaocao.rules.cells.percentages import Given
from kybaocao.rules.form.form import Compute

# Sums of figures with decimals differ by the last bits of a float, and by no more.
TOLERANCE = 1e-6

Place = tuple[str, str]
Figures = Mapping[Place, int | float]
Repair = tuple[Place, int | float]


def equal(a: float, b: float) -> bool:
    """Return if two figures are the same but for a float's last bits."""
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def adds_up(total: float, parts: Sequence[float]) -> bool:
    """Return if a total is the sum of its parts, but for rounding: figures with decimals may be
    off by one of their last digit, and a total with fewer of them by half of its own.
    """
    gap, places = abs(total - sum(parts)), [_places(value) for value in (total, *parts)]
    if equal(total, sum(parts)):
        return True
    allowed = max(10.0 ** -max(places) if any(places) else 0, places[0] and 0.5 / 10 ** places[0])
    return gap <= allowed * (1 + TOLERANCE)


def _places(value: float) -> int:
    """Return how many decimals a figure has, of the 15 digits that are kept."""
    return len(f"{Decimal(f'{value:.15g}'):f}".partition(".")[2].rstrip("0"))


class Relation(Protocol):
    """What the figures at `cells` must keep.

    It holds where one of them is missing; then a check of that cell says so.
    """

    @property
    def cells(self) -> tuple[Place, ...]: ...

    def holds(self, figures: Figures) -> bool: ...

    def repairs(self, figures: Figures) -> Iterator[Repair]:
        """Yield the single figures that would mend it, each the nearest to what stands there."""
        ...


@dataclass(frozen=True)
class Sum:
    """The first of `cells` is the sum of the others."""

    cells: tuple[Place, ...]

    def holds(self, figures: Figures) -> bool:
        values = [figures.get(cell) for cell in self.cells]
        known = [value for value in values if value is not None]
        return len(known) < len(values) or adds_up(known[0], known[1:])

    def repairs(self, figures: Figures) -> Iterator[Repair]:
        total, *parts = (figures[cell] for cell in self.cells)
        gap = total - sum(parts)
        yield self.cells[0], total - gap
        for cell, part in zip(self.cells[1:], parts, strict=True):
            yield cell, part + gap


@dataclass(frozen=True)
class NotAbove:
    """The figure at `low` is not above that at `high`."""

    low: Place
    high: Place

    @property
    def cells(self) -> tuple[Place, ...]:
        return self.low, self.high

    def holds(self, figures: Figures) -> bool:
        low, high = figures.get(self.low), figures.get(self.high)
        return low is None or high is None or low <= high or equal(low, high)

    def repairs(self, figures: Figures) -> Iterator[Repair]:
        yield self.low, figures[self.high]
        yield self.high, figures[self.low]


@dataclass(frozen=True)
class Equal(NotAbove):
    """The figures at `low` and `high` are the same."""

    def holds(self, figures: Figures) -> bool:
        low, high = figures.get(self.low), figures.get(self.high)
        return low is None or high is None or equal(low, high)


@dataclass(frozen=True)
class Share:
    """A percentage that the file gives is that of its parts, in one column."""

    compute: Compute
    column: str
    given: Given
    tolerance: float

    @property
    def cells(self) -> tuple[Place, ...]:
        codes = (*self.compute.part, *self.compute.whole)
        return tuple((code, self.column) for code in codes)

    def holds(self, figures: Figures) -> bool:
        found = percentage(self.compute, self.column, figures)
        return found is None or self.given.agrees(found, self.tolerance)

    def repairs(self, figures: Figures) -> Iterator[Repair]:
        points = self.given.readings[-1]
        parts, wholes = (
            [(code, self.column) for code in codes]
            for codes in (self.compute.part, self.compute.whole)
        )
        part = sum(figures[cell] for cell in parts)
        whole = sum(figures[cell] for cell in wholes)
        for cell in parts:
            yield cell, round(figures[cell] + points * whole / 100 - part)
        for cell in wholes if points else ():
            yield cell, round(figures[cell] + 100 * part / points - whole)


def percentage(compute: Compute, column: str, figures: Figures) -> float | None:
    """Return 100 × parts / whole; None if one of them is missing, or the whole is 0."""
    part = _total(compute.part, column, figures)
    whole = _total(compute.whole, column, figures)
    return None if part is None or not whole else 100 * part / whole


def _total(codes: tuple[str, ...], column: str, figures: Figures) -> float | None:
    total: float = 0
    for code in codes:
        value = figures.get((code, column))
        if value is None:
            return None
        total += value
    return total
