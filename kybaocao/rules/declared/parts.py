"""The parts of a regime that are sound each by itself, so that no fault has to wait for another."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from kybaocao.rules.declaration import CODE, Declared
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.level import KNOWN
from kybaocao.rules.regime.regime import Assumption

M = TypeVar("M", bound=Declared)


@dataclass(frozen=True)
class Parts:
    """What can be held against the rest: sound duties by their index, and every name given.

    A name that cannot be one is None, and so is the list of assumptions if one of them is faulty:
    against what they may have said nothing is said.
    """

    secretariat: str | None
    duties: Mapping[int, Duty]
    duty_ids: Sequence[str | None]
    assumptions: Sequence[str] | None

    def others(self, duty: Duty) -> Collection[str] | None:
        """Return the ids of the other duties; None if one of them has none that can be read."""
        ids = set(self.duty_ids) - {duty.id}
        return None if None in ids else {i for i in ids if i is not None}

    def duty(self, duty_id: str) -> Duty | None:
        """Return the sound duty of that id, or None."""
        return next((d for d in self.duties.values() if d.id == duty_id), None)


def parts_of(tree: Any, levels: Collection[str] | None = None) -> Parts:
    """Return the sound parts of what a regime's file holds; a file without any has none.

    Of `levels` (ids, None for whatever they are) nothing else counts as one."""
    given = tree if isinstance(tree, dict) else {}
    duties, assumptions = _listed(given, "duties"), _listed(given, "assumptions")
    known = [sound for one in assumptions if (sound := _sound(Assumption, one, levels))]
    return Parts(
        _code(given.get("secretariat")),
        {n: duty for n, one in enumerate(duties) if (duty := _sound(Duty, one, levels))},
        [_code(one.get("id")) if isinstance(one, dict) else None for one in duties],
        [one.id for one in known] if len(known) == len(assumptions) else None,
    )


def _listed(tree: Mapping[str, Any], key: str) -> Sequence[Any]:
    found = tree.get(key)
    return found if isinstance(found, list | tuple) else ()


def _sound(kind: type[M], tree: Any, levels: Collection[str] | None) -> M | None:
    try:
        return kind.model_validate(tree, context={KNOWN: levels})
    except ValidationError:
        return None


def _code(value: Any) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(CODE, value) else None
