"""What a check found in a file: where, what, and what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kybaocao.rules.cells.addresses import place


class Severity(StrEnum):
    """A blocking finding returns the file; a warning travels on with it."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One fault: where it stands, what stands there, what was expected, what to do.

    `code` names the check; `sheet` and `cell` are those the sender sees (empty where the
    fault is the file's); `subject` names what the cell asks for, the indicator by code and name
    and the column; the rest is Vietnamese for officials.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str
    value: str
    expected: str
    action: str
    subject: str = ""

    @property
    def is_blocking(self) -> bool:
        return self.severity is Severity.BLOCKING

    @property
    def place(self) -> str:
        """Where to look, in words: `Trang tính “3. TTHC”, ô D7: TTHC-05 “…”, cột “…”`."""
        if not self.sheet:
            return "Cả tệp"
        at = f"Trang tính “{self.sheet}”" + (f", ô {self.cell}" if self.cell else "")
        return f"{at}: {self.subject}" if self.subject else at

    @property
    def line(self) -> str:
        """Where to look, what stands there, what was expected and what to do, in one line."""
        found = f"đang là “{self.value}”; " if self.value else ""
        return f"{self.place}: {found}yêu cầu: {self.expected}. {self.action}"


DOUBTS = frozenset(
    {
        "same-as-last-period",
        "strange-label",
        "sum-mismatch",
        "ratio-mismatch",
        "part-above-whole",
        "cumulative-first-period",
        "cumulative-below-period",
        "not-carried",
        "cumulative-gap",
        "cumulative-fell",
        "large-jump",
        "unit-slip",
    }
)
"""Findings that doubt a figure, where they do not return the file."""


def needs_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with what must be mended first, then what casts doubt, then what only tells.

    Within each they stay in the order given.
    """
    return sorted(findings, key=lambda one: 0 if one.is_blocking else 1 + (one.code not in DOUBTS))


def by_sheet(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the name of their sheet ("" for those of the whole file), in order."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.sheet, []).append(finding)
    return found


def in_order(findings: Iterable[Finding], sheets: Sequence[str]) -> list[Finding]:
    """Return findings by where they stand, those of the whole file and of whole sheets first.

    `sheets` are the names of the file's sheets in its order.
    """
    positions = {name: number for number, name in enumerate(sheets)}

    def stands(finding: Finding) -> tuple[int, int, int]:
        position = positions.get(finding.sheet, len(positions)) if finding.sheet else -1
        return (position, *(place(finding.cell) or (0, 0)))

    return sorted(findings, key=stands)
