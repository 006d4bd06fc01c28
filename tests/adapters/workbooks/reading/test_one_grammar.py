"""One sheet written in many ways is one sheet: to both of our ways to read it, and to others.

`KYBAOCAO_TEST_REWRITINGS` says how many; `make soak` makes hundreds.
"""

import os
import random
from pathlib import Path

import pytest

from kybaocao.adapters.workbooks.reading import read, sheet_xml, xlsx
from kybaocao.rules.cells.grid import Grid
from tests.corpus.package import good, packed, unpacked
from tests.corpus.rewriting import LATE, WAYS
from tests.test_two_readers import BESIDE_CALAMINE, BESIDE_OPENPYXL, ours, unexplained
from tests.test_two_readers import calamines as by_calamine
from tests.test_two_readers import openpyxls as by_openpyxl
from tests.workbook_cases import all_through_libreoffice

COUNT = int(os.environ.get("KYBAOCAO_TEST_REWRITINGS", "40"))
# openpyxl knows no other separators.
CHOSEN = sorted(set(WAYS) - {"backslashes"})


def ways_of(seed: int) -> tuple[random.Random, list[str]]:
    """Return one to four ways to write a file otherwise, in an order that works."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    chosen = chance.sample(CHOSEN, chance.randint(1, 4))
    chosen.sort(key=lambda name: LATE.index(name) if name in LATE else -1)
    return chance, chosen


def rewritten(seed: int) -> bytes:
    """Return the good file written otherwise."""
    chance, chosen = ways_of(seed)
    parts = unpacked(good())
    for name in chosen:
        WAYS[name](chance, parts)
    return packed(parts)


def cells(grids: tuple[Grid, ...]) -> list[dict[tuple[int, int], object]]:
    return [dict(grid.cells) for grid in grids]


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_rewritten_sheet_is_the_same_to_every_reader(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = rewritten(seed)
    quick = cells(read(data).grids)
    assert quick == cells(read(good()).grids)
    monkeypatch.setattr(xlsx, "sheet_xml", sheet_xml._by_parser)
    assert cells(read(data).grids) == quick
    book, mine = ours(data)
    assert unexplained(book, mine, by_openpyxl(data), BESIDE_OPENPYXL) == []
    # calamine reads UTF-8 alone, and sees nothing of the rest; then the next reader proves.
    if "utf-16" in ways_of(seed)[1]:
        assert not by_calamine(data)
        return
    assert unexplained(book, mine, by_calamine(data), (*BESIDE_OPENPYXL, *BESIDE_CALAMINE)) == []


def test_and_to_libreoffice(tmp_path: Path) -> None:
    made = {str(seed): rewritten(seed) for seed in range(min(COUNT, 12))}
    saved = all_through_libreoffice(made, tmp_path, "ods")
    (wanted,) = all_through_libreoffice({"good": good()}, tmp_path, "ods").values()
    right = cells(read(wanted).grids)
    assert [name for name, data in saved.items() if cells(read(data).grids) != right] == []
