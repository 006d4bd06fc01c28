"""Medians of interleaved rounds, so that a busy moment of the machine strikes all alike."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

ROUNDS = 3


@dataclass(frozen=True)
class Work:
    """Something that is timed: `do` does it for `count` pieces."""

    do: Callable[[], object]
    count: int


def seconds_a_piece(*rounds: Mapping[str, Work]) -> dict[str, float]:
    """Return each work's median seconds for one piece, over rounds of all works.

    A single round is repeated.
    """
    found: dict[str, list[float]] = {name: [] for name in rounds[0]}
    for works in rounds if len(rounds) > 1 else rounds * ROUNDS:
        for name, work in works.items():
            start = perf_counter()
            work.do()
            found[name].append((perf_counter() - start) / work.count)
    return {name: median(times) for name, times in found.items()}


def show(title: str, found: Mapping[str, float], base: str, notes: Iterable[str] = ()) -> None:
    """Print milliseconds a piece, pieces a second, and the ratio to the work named `base`."""
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for header in ("", "ms each", "a second", f"× {base}"):
        table.add_column(header, justify="left" if not header else "right")
    for name, each in found.items():
        table.add_row(name, f"{each * 1e3:.2f}", f"{1 / each:,.0f}", f"{each / found[base]:.2f}")
    console = Console(width=100)
    console.print(table)
    for note in notes:
        console.print(note)
    console.print()
