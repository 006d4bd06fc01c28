"""What can be understood of a faulty regime, so that no fault has to wait for another."""

import copy
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from kybaocao.rules.declaration import KeyPath
from kybaocao.rules.regime.agency import Level
from kybaocao.rules.regime.regime import Regime

# Sound stand-ins for parts that are no use; nothing is ever said of them.
_DUTY = {
    "name": "x",
    "clause": "x",
    "stated": "x",
    "reporters": {"levels": [level.value for level in Level]},
    "recipient": "x",
    "handling": "consolidate",
    "every": "quarter",
    "window": "calendar",
    "deadline": {"by": 1},
    "opens": 1,
    "form": "x",
}
_REGIME = {
    "id": "x",
    "name": "x",
    "province": "x",
    "document": {"number": "x", "date": "2016-01-01", "issuer": "x", "title": "x"},
    "in_force": {"since": "2016-01-01"},
    "secretariat": "x",
    "days_off": {"rule": "none", "source": "x"},
    "corrected": "first-version",
    "assumptions": [],
}


def understood(tree: Any, faulty: Sequence[KeyPath]) -> Regime | None:
    """Return the regime of `tree` with its faulty places replaced, or None if that fails."""
    tree = copy.deepcopy(tree)
    try:
        for place in faulty:
            _mend(tree, place)
        return Regime.model_validate(tree)
    except (ValidationError, KeyError, IndexError, TypeError, AttributeError):
        return None


def is_hearsay(place: KeyPath, faulty: Sequence[KeyPath]) -> bool:
    """Return whether a fault at `place` may only follow from what stands in a faulty place."""
    if any(
        tuple(place[: len(f)]) == tuple(f) or tuple(f[: len(place)]) == tuple(place) for f in faulty
    ):
        return True
    lost = {f[0] for f in faulty if f} | {f[2] for f in faulty if len(f) > 2}
    return ("assumptions" in place and "assumptions" in lost) or (
        "replaces" in place and "id" in lost
    )


def _mend(tree: Any, place: KeyPath) -> None:
    if place[0] == "duties" and len(place) == 2:
        of = tree["duties"][place[1]]
        tree["duties"][place[1]] = {**copy.deepcopy(_DUTY), "id": of.get("id", f"x-{place[1]}")}
        return
    if place[0] == "duties" and len(place) > 2:
        duty, key = tree["duties"][place[1]], place[2]
        stand_in = f"x-{place[1]}" if key == "id" else copy.deepcopy(_DUTY.get(str(key)))
    else:
        duty, key = tree, place[0]
        stand_in = copy.deepcopy(_REGIME.get(str(key)))
    if stand_in is None:
        duty.pop(key, None)
    else:
        duty[key] = stand_in
