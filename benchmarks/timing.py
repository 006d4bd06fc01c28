"""Medians of interleaved rounds, so that a busy moment of the machine strikes all alike."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
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


@dataclass(frozen=True)
class Cost:
    """Seconds for one piece: by the clock, and of all processors together."""

    clock: float
    cpu: float


def children() -> Iterator[int]:
    """Yield the ids of the processes that this one has started and that still run."""
    for found in Path("/proc/self/task").glob("*/children"):
        yield from map(int, found.read_text(encoding="ascii").split())


def cpu_seconds() -> float:
    """Return what this process and its children have used of the processors so far."""
    own = os.times()
    used = own.user + own.system + own.children_user + own.children_system
    for pid in children():
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def resident_mib(pid: int | None = None) -> float:
    """Return the memory that a process (this one by default) holds now."""
    statm = Path(f"/proc/{pid or 'self'}/statm").read_text(encoding="ascii")
    return int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def costs(*rounds: Mapping[str, Work]) -> dict[str, Cost]:
    """Return each work's median cost for one piece, over rounds of all works.

    A single round is repeated.
    """
    found: dict[str, list[Cost]] = {name: [] for name in rounds[0]}
    for works in rounds if len(rounds) > 1 else rounds * ROUNDS:
        for name, work in works.items():
            start, used = perf_counter(), cpu_seconds()
            work.do()
            took = perf_counter() - start
            found[name].append(Cost(took / work.count, (cpu_seconds() - used) / work.count))
    return {
        name: Cost(median(c.clock for c in held), median(c.cpu for c in held))
        for name, held in found.items()
    }


def show(title: str, found: Mapping[str, Cost], base: str, notes: Iterable[str] = ()) -> None:
    """Print milliseconds a piece, pieces a second, and the ratios to the work named `base`.

    The processors' time tells what a work costs where other work keeps the machine busy.
    """
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    headers = ("", "ms each", "a second", "ratio", "CPU ms", "ratio")
    for header in headers:
        table.add_column(header, justify="right" if header else "left")
    of = found[base]
    for name, each in found.items():
        table.add_row(
            name,
            f"{each.clock * 1e3:.2f}",
            f"{1 / each.clock:,.0f}",
            f"{each.clock / of.clock:.2f}",
            f"{each.cpu * 1e3:.2f}",
            f"{each.cpu / of.cpu:.2f}",
        )
    console = Console(width=100)
    console.print(table)
    for note in notes:
        console.print(note)
    console.print()
