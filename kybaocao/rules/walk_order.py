"""The order in which a sender walks through a file: by sheet, row and column."""

import re
from collections.abc import Iterable, Sequence

from kybaocao.rules.finding import Finding

_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def in_order(findings: Iterable[Finding], sheets: Sequence[str]) -> list[Finding]:
    """Return findings by where they stand, those of the whole file and of whole sheets first.

    `sheets` are the names of the file's sheets in its order.
    """
    positions = {name: number for number, name in enumerate(sheets)}

    def place(finding: Finding) -> tuple[int, int, int]:
        position = positions.get(finding.sheet, len(positions)) if finding.sheet else -1
        match = _CELL.fullmatch(finding.cell)
        return (position, int(match[2]), _number(match[1])) if match else (position, 0, 0)

    return sorted(findings, key=place)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
