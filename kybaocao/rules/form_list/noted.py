"""What is noted of a list while it is read: its faults, each at its cell."""

from dataclasses import dataclass, field

from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.recognition.reading import cell


@dataclass(frozen=True)
class Spot:
    """A cell of the file, as the sender sees it; `position` counts the file's sheets."""

    position: int
    sheet: str
    row: int
    column: int | None
    value: str = ""


@dataclass
class Faults:
    """What has been found so far, with its place."""

    _found: list[tuple[tuple[int, int, int], Finding]] = field(default_factory=list)

    def add(
        self,
        code: Code,
        at: Spot,
        expected: str,
        action: str,
        severity: Severity | None = None,
    ) -> None:
        """Note a fault at a cell; `expected` is a clause, `action` a sentence."""
        where = cell(at.row, at.column) if at.row else ""
        found = code.finding(at.sheet, where, at.value, expected, action, severity)
        self._found.append(((at.position, at.row, at.column or 0), found))

    def in_order(self) -> tuple[Finding, ...]:
        """Return every fault in the order of the file's cells."""
        return tuple(found for _, found in sorted(self._found, key=lambda placed: placed[0]))
