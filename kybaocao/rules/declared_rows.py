"""Faults of the rows beside a regime: successions and tasks held against its agencies."""

from collections.abc import Iterator

from kybaocao.rules.regime import Regime
from kybaocao.rules.workdays import ONE_DAY

RowFault = tuple[int, str]


def succession_faults(regime: Regime) -> Iterator[RowFault]:
    """Yield each fault of a regime's successions: the row's index and what was expected."""
    agencies, rows = regime.agencies, regime.successions
    for n, row in enumerate(rows):
        unknown = [c for c in (row.predecessor, row.successor) if c not in agencies]
        for code in unknown:
            yield n, f"expected a code of agencies.csv, found '{code}'"
        if unknown:
            continue
        first, second = agencies[row.predecessor], agencies[row.successor]
        if row.predecessor == row.successor:
            yield n, f"{row.predecessor} cannot succeed itself"
        if not second.exists_on(row.day):
            yield n, f"{row.successor} does not exist on {row.day}"
        if first.until is not None and first.until != row.day - ONE_DAY:
            yield n, f"expected the day after {row.predecessor} ended, {first.until + ONE_DAY}"
        if row.heir and first.until is None:
            yield n, f"{row.predecessor} goes on, so that nobody inherits its reports"
        others = [r for r in rows if r.predecessor == row.predecessor and r is not row]
        if row.whole and any(o.day == row.day for o in others):
            yield n, f"{row.predecessor} went to several agencies, so that none took the whole"
        if row.whole and first.until is None:
            yield n, f"{row.predecessor} goes on, so that none took the whole"
        if row.heir and any(o.heir for o in others):
            yield n, f"{row.predecessor} has two heirs"


def task_faults(regime: Regime) -> Iterator[RowFault]:
    """Yield each fault of a regime's tasks: the row's index and what was expected."""
    ids = [task.id for task in regime.tasks]
    for n, task in enumerate(regime.tasks):
        if task.id in ids[:n]:
            yield n, f"task {task.id} exists twice"
