"""Seeded changes of good workbooks: some that keep every cell, some that keep nothing."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from tests.corpus.containers import doubled
from tests.corpus.foreign import binary
from tests.corpus.package import (
    Change,
    changed,
    good,
    number,
    packed,
    province,
    renamed,
    typed,
    unpacked,
    without,
)
from tests.corpus.rewriting import LATE, PACKINGS, WAYS


@dataclass(frozen=True)
class Mutant:
    """A changed file: what it was and what was done to it.

    `keeps_cells` says that it has to be accepted. `figures` are those that it has to have
    otherwise than the file it was, by row and column, if it is accepted at all; None where the
    change may have made any figure.
    """

    name: str
    source: str
    data: bytes
    keeps_cells: bool = False
    figures: Mapping[str, object] | None = field(default_factory=dict)


@cache
def sources() -> Mapping[str, bytes]:
    """Return the good files that are changed."""
    return {"good.xlsx": good(), "province.xlsx": province(), "good.xlsb": binary(good())}


def mutant(seed: int) -> Mutant:
    """Return the mutant of a number; the same number gives the same bytes."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    kinds = (intact, intact, damaged, damaged_inside, retyped)
    return kinds[seed % len(kinds)](chance)


# Changes that keep every cell.


def intact(chance: random.Random) -> Mutant:
    """Return a workbook written in another way, by one to three changes."""
    source = chance.choice(["good.xlsx", "good.xlsx", "good.xlsx", "province.xlsx"])
    parts = unpacked(sources()[source])
    chosen = chance.sample(sorted(WAYS), chance.randint(1, 3))
    chosen.sort(key=lambda name: LATE.index(name) if name in LATE else -1)
    for name in chosen:
        WAYS[name](chance, parts)
    pack = chance.choice(sorted(PACKINGS))
    return Mutant(f"{'+'.join(chosen)}/{pack}", source, PACKINGS[pack](chance, parts), True)


# Changes of bytes.


def damaged(chance: random.Random) -> Mutant:
    """Return a file whose bytes were changed, cut, doubled or mixed up."""
    source = chance.choice(sorted(sources()))
    data = bytearray(sources()[source])
    kind = chance.choice(["flip", "flips", "cut", "cut-start", "hole", "doubled", "inserted"])
    at = chance.randrange(len(data))
    if kind == "flip":
        data[at] ^= 1 << chance.randrange(8)
    elif kind == "flips":
        for _ in range(chance.randint(2, 50)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == "cut":
        del data[at:]
    elif kind == "cut-start":
        del data[: at // 100]
    elif kind == "hole":
        data[at : at + 512] = bytes(len(data[at : at + 512]))
    elif kind == "doubled":
        data[at:at] = data[at : at + 512]
    else:
        data[at:at] = chance.randbytes(chance.randint(1, 100))
    return Mutant(f"{kind} at {at}", source, bytes(data))


def damaged_inside(chance: random.Random) -> Mutant:
    """Return a package of which a part was changed, lost, doubled or renamed."""
    source = chance.choice(sorted(sources()))
    parts = unpacked(sources()[source])
    kind = chance.choice(["flips", "cut", "lost", "renamed", "swapped", "grown", "doubled"])
    name, other = chance.sample(sorted(parts), 2)
    if kind == "flips":
        part = bytearray(parts[name])
        for _ in range(chance.randint(1, 4)):
            part[chance.randrange(len(part))] = chance.randrange(256)
        parts[name] = bytes(part)
    elif kind == "cut":
        parts[name] = parts[name][: chance.randrange(len(parts[name]))]
    elif kind == "lost":
        without(name)(parts)
    elif kind == "renamed":
        renamed(name, chance.choice(["xl/la.xml", name.upper(), f"{name}~", f"./{name}"]))(parts)
    elif kind == "swapped":
        parts[name], parts[other] = parts[other], parts[name]
    elif kind == "grown":
        parts[name] += chance.choice([b"<a/>", bytes(100), parts[other]])
    data = doubled(parts, name, parts[other]) if kind == "doubled" else packed(parts)
    return Mutant(f"{kind} in {name}", source, data, figures=None)


# Changes of one cell, whose reading is known.

READINGS: Sequence[tuple[Change, object]] = (
    *(
        (typed("D12", said), value)
        for said, value in (
            ("1.234", 1234),
            ("1 234", 1234),
            ("0", 0),
            ("401\u200b", 401),
            ("７", 7),
            ("Không áp dụng", None),
            ("không phát sinh", 0),
            ("12 hồ sơ", 12),
        )
    ),
    *(
        (number("D12", said), value)
        for said, value in (
            ("0", 0),
            ("401", 401),
            ("401.0", 401),
            ("4.01E2", 401),
            ("9007199254740992", 2**53),
        )
    ),
)
REFUSED: Sequence[Change] = (
    *(typed("D12", said) for said in ("12,000", "1.234,5", "khoảng 4", "-", "#REF!", "=1+1", "5%")),
    *(number("D12", said) for said in ("-1", "0.5", "1e400", "NaN", "9007199254740994")),
)


def retyped(chance: random.Random) -> Mutant:
    """Return the good file with one figure typed anew."""
    if chance.random() < 0.5:
        number_of = chance.randrange(len(READINGS))
        change, value = READINGS[number_of]
        return Mutant(
            f"reading {number_of}", "good.xlsx", changed(change), True, {"HS-01.planned": value}
        )
    number_of = chance.randrange(len(REFUSED))
    # It may not be accepted at all, so that no figure can be told.
    return Mutant(f"refused {number_of}", "good.xlsx", changed(REFUSED[number_of]))
