"""The checks: a form and a file's plain values in, figures and every finding out.

One check, one function, one named finding, located to the cell that the sender sees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kybaocao.rules import answers, arithmetic
from kybaocao.rules.answers import Answer, Fault, Range
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form import (
    CODE_HEADER,
    Column,
    EntrySheet,
    Figure,
    Form,
    Indicator,
    IndicatorSheet,
    Kind,
    TableSheet,
)
from kybaocao.rules.given_rows import GivenRow, Placed, find_given, given_rows
from kybaocao.rules.grid import Book, Value
from kybaocao.rules.obligation import Verdict
from kybaocao.rules.period import Frequency
from kybaocao.rules.reading import (
    ANSWER_HEADER,
    AnySheet,
    Located,
    as_shown,
    as_text,
    cell,
    headers_of,
    identity_of,
    is_code_like,
    key,
    locate,
)

__all__ = ["Judgement", "identity_of", "judge"]

BLOCKING, WARNING = Severity.BLOCKING, Severity.WARNING


@dataclass(frozen=True)
class Judgement:
    """What a file holds and what is wrong with it, in the order of the file's cells."""

    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]

    @property
    def verdict(self) -> Verdict:
        blocked = any(finding.is_blocking for finding in self.findings)
        return Verdict.RETURNED if blocked else Verdict.ACCEPTED


@dataclass
class _Walk:
    """What has been found so far; findings with their sheet's position, row and column."""

    columns: Sequence[Column]
    findings: list[tuple[tuple[int, int, int], Finding]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    numbers: dict[arithmetic.Place, int | float] = field(default_factory=dict)
    places: dict[arithmetic.Place, tuple[Located, int, int]] = field(default_factory=dict)

    def find(
        self,
        where: Located,
        row: int,
        column: int | None,
        fault: Fault,
        *,
        value: str | None = None,
        severity: Severity = BLOCKING,
    ) -> None:
        """Note a fault at a cell; what stands there is read from the cell unless given."""
        if value is None:
            held = where.value(row, column) if column else None
            value = "" if held is None else as_shown(held)
        finding = Finding(
            fault.code,
            severity,
            where.grid.name,
            cell(row, column),
            value,
            fault.expected,
            fault.action,
        )
        self.findings.append(((where.position, row, column or 0), finding))

    def accept(
        self, where: Located, code: str, column_id: str, at: tuple[int, int], answer: Answer
    ) -> None:
        """Keep what a cell answers."""
        self.figures.append(Figure(where.sheet.id, code, column_id, answer.value, cell(*at)))


def judge(form: Form, frequency: Frequency, first_of_year: bool, book: Book) -> Judgement:
    """Judge a file by `form` (as it applies to the sender, from `Form.for_agency`).

    `first_of_year` says that the period is the year's first, whose cumulative figures equal
    those of the period.
    """
    columns = form.columns_for(frequency)
    walk = _Walk(columns)
    located = locate(form, [column.name for column in columns], book)
    for sheet in form.sheets:
        where = located.get(sheet.id)
        if where is None:
            walk.findings.append(((-1, 0, 0), _missing_sheet(sheet)))
        elif _has_columns(walk, where):
            if isinstance(sheet, IndicatorSheet):
                _judge_indicators(walk, where, sheet)
            elif isinstance(sheet, EntrySheet):
                _judge_entries(walk, where, sheet)
            else:
                _judge_table(walk, where, sheet, given_rows(sheet, book))
    _judge_arithmetic(walk, form, first_of_year)
    walk.findings.sort(key=lambda placed: placed[0])
    return Judgement(tuple(finding for _, finding in walk.findings), tuple(walk.figures))


def _missing_sheet(sheet: AnySheet) -> Finding:
    return Finding(
        "missing-sheet",
        BLOCKING,
        "",
        "",
        "",
        f"có trang tính “{sheet.name}”",
        "Điền vào đúng tệp biểu mẫu đã gửi; không xóa trang tính.",
    )


def _has_columns(walk: _Walk, where: Located) -> bool:
    """Check the header row; return if every column that the sheet needs is there, once."""
    headers = headers_of(where.sheet, [column.name for column in walk.columns])
    row = where.header.row if where.header else 1
    missing = [h for h in headers if not where.header or where.header.column(h) is None]
    if missing:
        names = ", ".join(f"“{name}”" for name in missing)
        fault = Fault(
            "missing-column",
            f"dòng tiêu đề có cột {names}",
            "Khôi phục dòng tiêu đề như biểu mẫu đã gửi.",
        )
        walk.find(where, row, None, fault, value="")
        return False
    assert where.header is not None  # noqa: S101 - no header, all missing
    doubled = [at[1] for h in headers if len(at := where.header.columns[key(h)]) > 1]
    for column in doubled:
        fault = Fault("duplicate-column", "mỗi cột chỉ có một lần", "Xóa cột thừa.")
        walk.find(where, row, column, fault)
    return not doubled


def _column(where: Located, name: str) -> int:
    """Return a column that `_has_columns` has found."""
    found = where.header.column(name) if where.header else None
    if found is None:
        raise KeyError(name)
    return found


def _row(walk: _Walk, where: Located, code: str, name: str, required: bool) -> int | None:
    """Return the row under a code; what is missing or doubled is noted."""
    rows = where.rows.get(key(code), ())
    if not rows:
        fault = Fault(
            "missing-row",
            f"có dòng {code} ({name})",
            "Khôi phục dòng và mã của dòng như biểu mẫu đã gửi.",
        )
        if required:
            walk.find(where, where.header.row if where.header else 1, None, fault, value="")
        return None
    for row in rows[1:]:
        fault = Fault(
            "duplicate-row",
            f"mã {code} chỉ có một lần (đã có ở dòng {rows[0]})",
            "Giữ lại một dòng đúng, xóa dòng thừa.",
        )
        walk.find(where, row, _column(where, CODE_HEADER), fault)
    return rows[0]


def _unknown_rows(walk: _Walk, where: Located, codes: Sequence[str]) -> None:
    known = {key(code) for code in codes}
    column = _column(where, CODE_HEADER)
    for found, rows in where.rows.items():
        for row in rows:
            held = where.value(row, column)
            if found not in known and held is not None and is_code_like(held):
                fault = Fault(
                    "unknown-row",
                    "mã có trong biểu mẫu của đơn vị",
                    "Kiểm tra lại mã; số liệu của dòng này không được tổng hợp.",
                )
                walk.find(where, row, column, fault, severity=WARNING)


def _required(walk: _Walk, where: Located, row: int, column: int, expected: str) -> None:
    action = "Điền ô này; ghi 0 nếu không phát sinh, ghi “Không áp dụng” nếu không thuộc phạm vi."
    if where.sheet.kind != "indicators":
        action = "Điền ô này."
    walk.find(where, row, column, Fault("required-blank", expected, action), value="(để trống)")


def _judge_indicators(walk: _Walk, where: Located, sheet: IndicatorSheet) -> None:
    _unknown_rows(walk, where, [row.code for row in sheet.rows])
    for indicator in sheet.rows:
        asked = [c for c in walk.columns if c.text or c.id in indicator.columns]
        required = any(c.required for c in asked) and indicator.compute is None
        row = _row(walk, where, indicator.code, indicator.name, required)
        if row is None:
            continue
        for column in asked:
            at = (row, _column(where, column.name))
            walk.places[indicator.code, column.id] = (where, *at)
            if indicator.compute is None or column.text:
                _judge_figure(walk, where, indicator, column, at)


def _judge_figure(
    walk: _Walk, where: Located, indicator: Indicator, column: Column, at: tuple[int, int]
) -> None:
    value = where.value(*at)
    if value is None:
        if column.required:
            row_name = f"{indicator.code} “{indicator.name}”"
            expected = f"{row_name}, cột “{column.name}”: có số liệu, đơn vị tính: {indicator.unit}"
            _required(walk, where, *at, expected)
        return
    if column.text:
        walk.accept(where, indicator.code, column.id, at, Answer(as_text(value)))
        return
    allowed = Range(indicator.minimum, indicator.maximum)
    answer = answers.number(indicator.kind, allowed, value)
    if isinstance(answer, Fault):
        walk.find(where, *at, answer)
        return
    walk.accept(where, indicator.code, column.id, at, answer)
    if isinstance(answer.value, int | float):
        walk.numbers[indicator.code, column.id] = answer.value


def _judge_entries(walk: _Walk, where: Located, sheet: EntrySheet) -> None:
    _unknown_rows(walk, where, [row.code for row in sheet.rows])
    for entry in sheet.rows:
        row = _row(walk, where, entry.code, entry.name, entry.required)
        if row is None:
            continue
        at = (row, _column(where, ANSWER_HEADER))
        asked = f"có nội dung “{entry.name}”" if entry.required else ""
        _judge_input(walk, where, (entry.code, ""), at, entry.kind, entry.choices, asked)


def _judge_table(
    walk: _Walk, where: Located, sheet: TableSheet, issued: Sequence[GivenRow]
) -> None:
    """Judge rows in the order in which they stand; those that were `issued` have to be there."""
    columns = {column.id: _column(where, column.name) for column in sheet.columns}
    placed = find_given(where, sheet.tasks, columns, issued) if sheet.tasks else Placed()
    for row, at, fault in placed.faults:
        walk.find(where, row, at, fault)
    filled = [
        row
        for row in where.below_header()
        if any(where.value(row, at) is not None for at in columns.values())
    ]
    for count, row in enumerate(filled, start=1):
        task = placed.rows.get(row)
        for column in sheet.columns:
            cell_at, figure = (row, columns[column.id]), (str(count), column.id)
            if task is not None and column.id in task.texts:
                walk.accept(where, *figure, cell_at, Answer(task.texts[column.id]))
                continue
            asked = f"có nội dung cột “{column.name}”" if column.required else ""
            if asked and task is not None:
                asked = f"nhiệm vụ {task.id}: {asked}"
            _judge_input(walk, where, figure, cell_at, column.kind, column.choices, asked)


def _judge_input(
    walk: _Walk,
    where: Located,
    place: arithmetic.Place,
    at: tuple[int, int],
    kind: Kind,
    choices: Sequence[str],
    asked: str,
) -> None:
    """Judge one input of an entry or table sheet; `asked` says what a required one expects."""
    value: Value | None = where.value(*at)
    if value is None:
        if asked:
            _required(walk, where, *at, asked)
        return
    answer = answers.answer(kind, choices, Range(), value)
    if isinstance(answer, Fault):
        walk.find(where, *at, answer)
    else:
        walk.accept(where, *place, at, answer)


def _judge_arithmetic(walk: _Walk, form: Form, first_of_year: bool) -> None:
    numbers, columns = walk.numbers, walk.columns
    checks: list[Iterator[arithmetic.Mismatch]] = [
        arithmetic.sum_mismatches(form, columns, numbers),
        arithmetic.parts_above_whole(form, columns, numbers),
        arithmetic.cumulative_faults(form, columns, first_of_year, numbers),
    ]
    for mismatch in (found for check in checks for found in check):
        fault = Fault(mismatch.code, mismatch.expected, mismatch.action)
        where, row, column = walk.places[mismatch.at]
        walk.find(where, row, column, fault, value=mismatch.value, severity=mismatch.severity)
    for place, value in arithmetic.computed(form, columns, numbers).items():
        if place in walk.places:
            where, row, column = walk.places[place]
            walk.accept(where, *place, (row, column), Answer(value))
