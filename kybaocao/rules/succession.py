"""Who answers for an agency that ended, and whose figures went before a merged one's."""

from collections.abc import Sequence
from datetime import date

from kybaocao.rules.agency import Agency, Succession
from kybaocao.rules.regime import Regime


def answerable(regime: Regime, code: str, day: date) -> Agency | None:
    """Return who answers on `day` for the reports of an agency: itself, or its heir.

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
    return sorted(
        (s for s in regime.successions if s.successor == code and after < s.day <= until),
        key=lambda s: (s.day, s.predecessor),
    )


def forerunners(
    regime: Regime, code: str, after: date, until: date
) -> tuple[Sequence[str], Sequence[Succession]]:
    """Return whose figures of a period due on `after` stand before those due on `until`.

    The first are the agencies whose figures, added up, compare with this one's (itself among
    them if it existed). The second are the moves that only a person can split: where there
    are any, nothing compares.
    """
    moves = joined(regime, code, after, until)
    given = [s for s in regime.successions if s.predecessor == code and after < s.day <= until]
    own = [code] if regime.agencies[code].exists_on(after) else []
    split = [s for s in (*moves, *given) if not s.whole]
    before = [s.predecessor for s in moves if regime.agencies[s.predecessor].exists_on(after)]
    return [*own, *dict.fromkeys(before)], split
