"""The rows that a table was issued with: noted in the file, and found again wherever they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kybaocao.rules.cells import text
from kybaocao.rules.cells.grid import Book
from kybaocao.rules.check.answers import Fault
from kybaocao.rules.codes import Code
from kybaocao.rules.form.form import IDENTITY_SHEET, TableSheet, TaskRows
from kybaocao.rules.recognition.reading import Located, as_text, key
from kybaocao.rules.regime.task import OpenTask

OVERDUE_MARK = "(đã quá hạn)"
_RETYPE = "Ghi lại như biểu mẫu đã gửi; nhiệm vụ khác ghi ở dòng trống phía dưới."
_RESTORE = "Ghi lại nhiệm vụ này, cả số, nội dung và thời hạn, vào một dòng trống của bảng."

Note = tuple[str, str, str]
"""What the hidden sheet notes of one locked cell: sheet and column, the row's id, its text."""


@dataclass(frozen=True)
class GivenRow:
    """A row as it was issued: its id, and the text of each locked column."""

    id: str
    texts: Mapping[str, str]


@dataclass
class Placed:
    """Given rows by the number of the row where they stand, and what is wrong with them.

    A fault stands at a row and a column; without a column it is one of the whole sheet.
    """

    rows: dict[int, GivenRow] = field(default_factory=dict)
    faults: list[tuple[int, int | None, Fault]] = field(default_factory=list)


def given(rows: TaskRows, task: OpenTask) -> GivenRow:
    """Return the locked part of a task's row."""
    of = task.task
    return GivenRow(of.id, {rows.id: of.id, rows.title: of.title, rows.deadline: of.deadline_words})


def notes(sheet: TableSheet, row: GivenRow) -> Iterator[Note]:
    """Yield what the hidden sheet notes of a given row, to be read by `given_rows`."""
    for column, said in row.texts.items():
        yield f"{sheet.id}/{column}", row.id, said


def given_rows(sheet: TableSheet, book: Book) -> list[GivenRow]:
    """Return the rows with which a file's sheet was issued, as its hidden sheet notes them."""
    hidden = next((g for g in book.grids if key(g.name) == key(IDENTITY_SHEET)), None)
    if hidden is None or sheet.tasks is None:
        return []
    columns = {f"{sheet.id}/{name}": name for name in sheet.tasks.locked}
    found: dict[str, dict[str, str]] = {}
    for row in range(1, hidden.last_row + 1):
        noted, row_id, said = (hidden.cells.get((row, column)) for column in (1, 2, 3))
        if isinstance(noted, str) and noted in columns and row_id is not None:
            texts = found.setdefault(as_text(row_id), {})
            texts[columns[noted]] = "" if said is None else as_text(said)
    return [GivenRow(row_id, texts) for row_id, texts in found.items()]


def find_given(
    where: Located, rows: TaskRows, columns: Mapping[str, int], issued: Sequence[GivenRow]
) -> Placed:
    """Return where the rows that were issued stand; `columns` gives numbers by column id.

    A row is known by its id, or by its title where the id is gone.
    """
    placed = Placed()
    by_id = _rows_by(where, columns[rows.id])
    by_title = _rows_by(where, columns[rows.title])
    known = {key(row.id) for row in issued}
    for row in issued:
        at = by_id.get(key(row.id), [])
        if not at:
            strays = by_title.get(key(row.texts[rows.title]), [])
            at = [n for n in strays if key(_shown(where, n, columns[rows.id])) not in known][:1]
        if not at:
            _missing(placed, where, row, rows)
            continue
        placed.rows[at[0]] = row
        _compare(placed, where, at[0], row, columns)
        for double in at[1:]:
            expected = f"nhiệm vụ {row.id} chỉ có một dòng (đã có ở dòng {at[0]})"
            fault = Fault(Code.DUPLICATE_ROW, expected, "Giữ lại một dòng đúng, xóa dòng thừa.")
            placed.faults.append((double, columns[rows.id], fault))
    return placed


def _rows_by(where: Located, column: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row in where.below_header():
        if shown := _shown(where, row, column):
            found.setdefault(key(shown), []).append(row)
    return found


def _shown(where: Located, row: int, column: int) -> str:
    value = where.value(row, column)
    return "" if value is None else as_text(value)


def _missing(placed: Placed, where: Located, row: GivenRow, rows: TaskRows) -> None:
    words = (row.texts[name] for name in (rows.title, rows.deadline))
    told = "; ".join(f"“{said}”" for said in words if said)
    expected = f"có dòng nhiệm vụ {row.id}: {told}"
    header = where.header.row if where.header else 1
    placed.faults.append((header, None, Fault(Code.MISSING_ROW, expected, _RESTORE)))


def _compare(
    placed: Placed, where: Located, at: int, row: GivenRow, columns: Mapping[str, int]
) -> None:
    for name, issued in row.texts.items():
        held = text.fold(_shown(where, at, columns[name]))
        if held not in (text.fold(issued), text.fold(f"{issued} {OVERDUE_MARK}")):
            expected = f"nhiệm vụ {row.id}: “{issued}”, như biểu mẫu đã gửi"
            fault = Fault(Code.CHANGED_ROW, expected, _RETYPE)
            placed.faults.append((at, columns[name], fault))
