"""Who answers for an agency that ended, and whose figures went before a merged one's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kybaocao.rules.calendar.workdays import ONE_DAY
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.regime import Regime


@dataclass(frozen=True)
class Forerunners:
    """Whose earlier figures, added up, compare with an agency's own.

    `agencies` are codes, the agency itself among them if it existed. `split` are the moves of
    a part of some agency's work, which only a person can split figures by: where there are
    any, nothing compares.
    """

    agencies: tuple[str, ...]
    split: tuple[Succession, ...]


def answerable(regime: Regime, code: str, day: date) -> Agency | None:
    """Return who answers on `day` for the reports of an agency: itself, or its heir's heir.

    None if it ended and no heir is named; then a person must decide. An agency that `day`
    comes before answers for itself.
    """
    agency = regime.agencies[code]
    while agency.until is not None and agency.until < day:
        heir = next(
            (s for s in regime.successions if s.predecessor == agency.code and s.heir), None
        )
        if heir is None:
            return None
        agency = regime.agencies[heir.successor]
    return agency


def joined(regime: Regime, code: str, after: date, until: date) -> list[Succession]:
    """Return what came to an agency from others after one day and up to another, in order."""
    return _in_order(
        s for s in regime.successions if s.successor == code and after < s.day <= until
    )


def forerunners(regime: Regime, code: str, after: date, until: date) -> Forerunners:
    """Return whose figures of a report due on `after` stand before those due on `until`.

    What merged twice in between is traced back to the first.
    """
    found = list(_traced(regime, code, after, until))
    agencies = [one for one in found if isinstance(one, str)]
    return Forerunners(
        tuple(dict.fromkeys(agencies)),
        tuple(_in_order({one for one in found if isinstance(one, Succession)})),
    )


def _traced(regime: Regime, code: str, after: date, until: date) -> Iterator[str | Succession]:
    if regime.agencies[code].exists_on(after):
        yield code
    for move in regime.successions:
        if move.predecessor == code and not move.whole and after < move.day <= until:
            yield move
    for move in joined(regime, code, after, until):
        if move.whole:
            yield from _traced(regime, move.predecessor, after, move.day - ONE_DAY)
        else:
            yield move


def _in_order(moves: Iterator[Succession] | set[Succession]) -> list[Succession]:
    return sorted(moves, key=lambda s: (s.day, s.predecessor, s.successor))
