"""One walk through a file: what was found so far, and what its cells answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from kybaocao.rules.cells.grid import Oddness
from kybaocao.rules.cells.percentages import Given
from kybaocao.rules.check.answers import Answer, Fault
from kybaocao.rules.check.arithmetic import from_then_on
from kybaocao.rules.check.relations import Place
from kybaocao.rules.codes import Code
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

    def told_by_reader(self, where: Located, at: At) -> bool:
        """Note what the reader has to tell of an input; return if its value cannot be taken."""
        oddity = where.grid.odd.get(at)
        if oddity is None:
            return False
        if oddity.kind is Oddness.LEGACY_TEXT:
            fault = Fault(
                Code.LEGACY_TEXT,
                f"chữ Unicode; ô dùng phông {oddity.detail} nên đã được chuyển mã như bên",
                "Xem lại chữ đã chuyển; nếu sai thì gõ lại bằng phông Times New Roman.",
            )
            self.find(where, *at, fault)
            return False
        if oddity.kind is Oddness.STALE_FORMULA:
            fault = Fault(
                Code.STALE_FORMULA,
                f"kết quả đúng của công thức trong ô: {oddity.detail}",
                "Mở tệp, nhấn F9 để tính lại rồi lưu và gửi lại, hoặc ghi thẳng con số đúng.",
            )
            self.find(where, *at, fault)
            return True
        fault = Fault(
            Code.INEXACT_NUMBER,
            f"con số được giữ đủ mọi chữ số ({oddity.detail})",
            "Ghi lại con số đúng; nếu là mã hoặc số hiệu thì đặt ô ở định dạng văn bản rồi gõ lại.",
        )
        self.find(where, *at, fault)
        return True
