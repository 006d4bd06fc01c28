"""Faults of the rows beside a regime: successions and tasks held against its agencies."""

from collections.abc import Iterator, Sequence

from kybaocao.rules.calendar.workdays import ONE_DAY
from kybaocao.rules.regime.agency import Level, Succession
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import codes_in, deadline_of, level_of

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
        if row.predecessor == row.successor:
            yield n, f"{row.predecessor} cannot succeed itself"
            continue
        if not agencies[row.successor].exists_on(row.day):
            yield n, f"{row.successor} does not exist on {row.day}"
        first, eve = agencies[row.predecessor], row.day - ONE_DAY
        if not first.exists_on(eve):
            words = f", {first.until + ONE_DAY}" if first.until and first.until < eve else ""
            yield n, f"{row.predecessor} has nothing to give: expected a day of its life{words}"
        elif first.until != eve and (row.whole or row.heir):
            words = "none took the whole" if row.whole else "nobody inherits its reports"
            yield n, f"{row.predecessor} goes on after {eve}, so that {words}"
        yield from ((n, words) for words in _beside(row, rows, n))


def _beside(row: Succession, rows: Sequence[Succession], n: int) -> Iterator[str]:
    """Yield what is wrong with a row beside the others of the same predecessor."""
    others = [(m, o) for m, o in enumerate(rows) if o.predecessor == row.predecessor and m != n]
    if row.whole and any(o.day == row.day for _, o in others):
        yield f"{row.predecessor} went to several agencies, so that none took the whole"
    if row.heir and any(o.heir for _, o in others):
        yield f"{row.predecessor} has two heirs"
    same = [m for m, o in others if (o.successor, o.day) == (row.successor, row.day)]
    if any(m < n for m in same):
        yield f"{row.predecessor} goes to {row.successor} twice; put both scopes in one row"


def task_faults(regime: Regime) -> Iterator[RowFault]:
    """Yield each fault of a regime's tasks: the row's index and what was expected."""
    ids = [task.id for task in regime.tasks]
    for n, task in enumerate(regime.tasks):
        if task.id in ids[:n]:
            yield n, f"task {task.id} exists twice"
        for key in ("leads", "coordinating"):
            codes = codes_in(getattr(task, key))
            for m, code in enumerate(codes):
                if code in codes[:m]:
                    yield n, f"{key}: {code} is named twice"
                elif fault := _unknown_party(regime, code):
                    yield n, f"{key}: {fault}"
        if not task.lead_codes:
            yield n, "leads: expected the agency that leads the task"
        try:
            deadline_of(task.deadline)
        except ValueError as error:
            yield n, f"deadline: {error}"
        if not task.stated:
            yield n, "stated: expected the deadline in the document's words, or that it has none"


def _unknown_party(regime: Regime, code: str) -> str | None:
    """Return what is wrong with a code that stands for one agency, or a level for many."""
    if not code.startswith("*"):
        unknown = code not in regime.agencies
        return f"expected a code of agencies.csv, found '{code}'" if unknown else None
    try:
        level = level_of(code)
    except ValueError:
        known = ", ".join(f"*{level}" for level in Level)
        return f"expected a level ({known}), found '{code}'"
    if not any(agency.level is level for agency in regime.agencies.values()):
        return f"no agency of agencies.csv is of the level '{code}'"
    return None
