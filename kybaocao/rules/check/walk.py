"""One walk through a file: what was found so far, and what its cells answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kybaocao.rules.cells.grid import Oddness
from kybaocao.rules.cells.percentages import Given
from kybaocao.rules.check.answers import Answer, Fault
from kybaocao.rules.check.arithmetic import from_then_on
from kybaocao.rules.check.relations import Place
from kybaocao.rules.check.told import fault_of
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form.form import Column, Figure
from kybaocao.rules.recognition.reading import Located, as_shown, cell

At = tuple[int, int]


@dataclass
class Walk:
    """What has been found so far; findings with their sheet's position, row and column.

    `typed` are the numbers that stand as text, which the file's own formulas pass over.
    """

    columns: Sequence[Column]
    day: date | None = None
    findings: list[tuple[tuple[int, int, int], Finding]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    numbers: dict[Place, int | float] = field(default_factory=dict)
    given: dict[Place, Given] = field(default_factory=dict)
    typed: set[Place] = field(default_factory=set)
    places: dict[Place, tuple[Located, int, int]] = field(default_factory=dict)

    def find(
        self,
        where: Located,
        row: int,
        column: int | None,
        fault: Fault,
        *,
        value: str | None = None,
        severity: Severity | None = None,
        until: date | None = None,
    ) -> None:
        """Note a fault at a cell; what stands there is read from the cell unless given.

        It is as severe as its code usually is, unless told. Before the day `until`, a blocking
        fault only warns, and says so.
        """
        if value is None:
            held = where.value(row, column) if column else None
            value = "" if held is None else as_shown(held)
        severity, then = from_then_on(severity or fault.code.severities[0], until, self.day)
        finding = fault.code.finding(
            where.grid.name,
            cell(row, column),
            value,
            fault.expected,
            fault.action + then,
            severity,
        )
        self.findings.append(((where.position, row, column or 0), finding))

    def accept(self, where: Located, code: str, column_id: str, at: At, answer: Answer) -> None:
        """Keep what a cell answers."""
        self.figures.append(Figure(where.sheet.id, code, column_id, answer.value, cell(*at)))

    def told_by_reader(self, where: Located, at: At, is_number: bool = False) -> bool:
        """Note what the reader has to tell of an input; return if its value cannot be taken.

        Of a formula without a result in a number's place the number's own check tells.
        """
        oddity, value = where.grid.odd.get(at), where.value(*at)
        if oddity is None or value is None or oddity.kind is Oddness.WITH_WORDS:
            return False
        if is_number and oddity.kind is Oddness.UNSOLVED:
            return False
        self.find(where, *at, fault_of(oddity, value))
        return oddity.kind is not Oddness.LEGACY_TEXT
