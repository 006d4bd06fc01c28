"""The levels of agencies, as config/levels.yaml declares them from the top."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from kybaocao.rules.cells import text
from kybaocao.rules.declaration import Declared, Fault, Id

KNOWN = "levels"
"""Under this key of pydantic's context stand the ids that are declared."""


def _is_declared(level: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get(KNOWN)
    if known is not None and level not in known:
        raise ValueError(f"expected a level of levels.yaml ({', '.join(known)}), found '{level}'")
    return level


LevelId = Annotated[Id, AfterValidator(_is_declared)]
"""The id of a level; held against those declared where the context gives them."""


class Level(Declared):
    """One level and what it is called; see config/levels.yaml."""

    id: Id
    heading: str = Field(min_length=1)
    name: str = Field(min_length=1)
    short: str = ""
    word: str = Field(min_length=1)
    known_as: tuple[str, ...] = ()
    provincial: bool = False

    @property
    def short_name(self) -> str:
        return self.short or self.name


class Levels(Declared):
    """Every level, from the top."""

    levels: tuple[Level, ...] = Field(min_length=1)


def level_faults(levels: tuple[Level, ...]) -> Iterator[Fault]:
    """Yield each id and each word that two levels share: its place and what is wrong."""
    ids = Counter(level.id for level in levels)
    said = Counter(text.fold(word) for level in levels for word in level.known_as)
    for n, level in enumerate(levels):
        if ids[level.id] > 1:
            yield ("levels", n, "id"), f"level {level.id} exists twice"
        for m, word in enumerate(level.known_as):
            if said[text.fold(word)] > 1:
                yield ("levels", n, "known_as", m), f"'{word}' names two levels"
