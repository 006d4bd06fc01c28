"""An indicator list as offices make them in a spreadsheet: its header, groups and rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kybaocao.rules.cells import text
from kybaocao.rules.cells.grid import Book, Grid, Value
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Severity
from kybaocao.rules.form.form import IDENTITY_SHEET
from kybaocao.rules.form_list.fields import Field, field_of
from kybaocao.rules.form_list.noted import Faults, Spot
from kybaocao.rules.recognition.reading import as_shown, as_text

_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|=.*", re.DOTALL)
_SYMBOL = r"[IVXL]+|[A-ZĐ]"
_GROUP = re.compile(rf"(?:(?i:phần|mục|nhóm|lĩnh vực) +)?({_SYMBOL}) ?[.):/-] *(\S.*)")
_COUNTING = re.compile(r"\(?(?:[0-9]{1,2}|[A-ZĐ])\)?")
_ENDS = (
    "ghi chú",
    "nơi nhận",
    "người lập",
    "thủ trưởng",
    "giám đốc",
    "chủ tịch",
    "(kt|tm|tl) ",
    ".*ngày .{0,9}tháng .{0,9}năm ",
)
_END = re.compile("|".join(map(text.fold, _ENDS)))
_LONGEST_NUMBER = 8
_MOST_SIGNED = 3


@dataclass(frozen=True, eq=False)
class ListLine:
    """A row that asks for an indicator: what it says in each column that says something.

    `broken` are the fields whose cells hold an error, which is a fault noted already.
    """

    table: "Table"
    row: int
    cells: Mapping[Field, Value]
    broken: frozenset[Field] = frozenset()

    def text(self, of: Field) -> str:
        """Return what stands there as one line of text, empty if nothing does."""
        return " ".join(text.clean(as_text(self.cells.get(of, ""))).split())

    def mark(self, of: Field) -> str:
        """Return a code or number: like `text`, numbers with a point (1.1), line breaks kept."""
        value = self.cells.get(of, "")
        if isinstance(value, int | float) and not isinstance(value, bool):
            return f"{value:.15g}"
        return text.clean(as_text(value))

    def is_date(self, of: Field) -> bool:
        return isinstance(self.cells.get(of), date)

    def spot(self, of: Field) -> Spot:
        """Return the cell of a field; in a list without that column, the cell of the name."""
        column = self.table.columns.get(of, self.table.columns.get(Field.NAME))
        value = as_shown(self.cells[of]) if of in self.cells else ""
        return Spot(self.table.position, self.table.sheet, self.row, column, value)


@dataclass(frozen=True, eq=False)
class ListGroup:
    """Lines under one heading; `symbol` is its numeral or letter, `spot` its cell."""

    symbol: str
    name: str
    spot: Spot
    lines: list[ListLine] = field(default_factory=list)


@dataclass(eq=False)
class Table:
    """One sheet's list. The lines before the first heading stand in a group without a name."""

    position: int
    sheet: str
    titles: Sequence[str]
    header: int
    columns: Mapping[Field, int]
    groups: list[ListGroup] = field(default_factory=list)

    def spot(self, row: int, column: int | None, value: str = "") -> Spot:
        return Spot(self.position, self.sheet, row, column, value)


Rows = dict[int, dict[int, Value]]


def tables(book: Book, faults: Faults) -> list[Table]:
    """Return the list of each visible sheet that has one; what is amiss is noted."""
    found: list[Table] = []
    others: list[Spot] = []
    for position, grid in enumerate(book.grids):
        if grid.hidden or not grid.cells or grid.name == IDENTITY_SHEET:
            continue
        rows = _by_row(grid)
        header = next((r for r, cells in rows.items() if len(_known(cells)) > 1), None)
        if header is None:
            others.append(Spot(position, grid.name, 0, None))
        else:
            found.append(_table(position, grid, rows, header, faults))
    wanted = f"dòng tiêu đề có cột “{Field.NAME}” và cột “{Field.UNIT}”"
    for other in others:
        severity = Severity.WARNING if found else Severity.BLOCKING
        action = "Trang tính này không được nhập; thêm dòng tiêu đề nếu đây là danh mục chỉ tiêu."
        faults.add(Code.MISSING_HEADER, other, wanted, action, severity)
    if not found and not others:
        nothing = Spot(0, "", 0, None)
        faults.add(Code.MISSING_HEADER, nothing, wanted, "Gửi tệp có danh mục chỉ tiêu.")
    return found


def _by_row(grid: Grid) -> Rows:
    rows: Rows = {}
    for (row, column), value in sorted(grid.cells.items(), key=lambda item: item[0]):
        rows.setdefault(row, {})[column] = value
    return rows


def _known(cells: Mapping[int, Value]) -> dict[Field, int]:
    """Return the leftmost column of each header that a row holds."""
    known: dict[Field, int] = {}
    for column, value in sorted(cells.items()):
        if isinstance(value, str) and (named := field_of(value)) is not None:
            known.setdefault(named, column)
    return known


def _table(position: int, grid: Grid, rows: Rows, header: int, faults: Faults) -> Table:
    above = [value for r in rows if r < header for value in rows[r].values()]
    titles = [text.plain(value) for value in above if isinstance(value, str)]
    top = {column: (header, value) for column, value in rows[header].items()}
    below = [r for r in rows if r > header]
    name = _known(rows[header]).get(Field.NAME)
    # A header of two rows: the second names what stands under a merged cell of the first.
    if below and name not in rows[below[0]] and _known(rows[below[0]]):
        under = below.pop(0)
        top |= {column: (under, value) for column, value in rows[under].items()}
    known = _known({column: value for column, (_, value) in top.items()})
    table = Table(position, grid.name, titles, header, known)
    _judge_header(table, top, faults)
    if below and _is_counting(rows[below[0]], table):
        below.pop(0)
    _read_body(table, [(row, rows[row]) for row in below], faults)
    return table


def _is_counting(cells: Mapping[int, Value], table: Table) -> bool:
    """Return if a row only numbers the columns: `A | B | 1 | 2`."""
    shown = [" ".join(text.clean(as_text(value)).split()) for value in cells.values()]
    return table.columns.get(Field.NAME) in cells and all(map(_COUNTING.fullmatch, shown))


def _judge_header(table: Table, header: Mapping[int, tuple[int, Value]], faults: Faults) -> None:
    lacking = [f for f in (Field.NAME, Field.UNIT) if f not in table.columns]
    if lacking:
        names = ", ".join(f"“{name}”" for name in lacking)
        faults.add(
            Code.MISSING_COLUMN,
            table.spot(table.header, None),
            f"dòng tiêu đề có cột {names}",
            "Thêm cột này vào dòng tiêu đề.",
        )
    for column, (row, value) in sorted(header.items(), key=lambda item: item[0]):
        named = field_of(value) if isinstance(value, str) else None
        at = table.spot(row, column, as_shown(value))
        if named is None:
            faults.add(
                Code.UNKNOWN_COLUMN,
                at,
                "tên cột mà chương trình biết",
                "Cột này không được nhập; sửa tên cột nếu cần nhập.",
            )
        elif table.columns[named] != column:
            faults.add(
                Code.DUPLICATE_COLUMN,
                at,
                f"mỗi tên cột (“{named}”) chỉ có một lần",
                "Xóa cột thừa.",
            )


def _read_body(
    table: Table, body: Sequence[tuple[int, Mapping[int, Value]]], faults: Faults
) -> None:
    lines: list[ListLine] = []
    notes: list[Spot] = []
    group = ListGroup("", "", table.spot(table.header, table.columns.get(Field.NAME)))
    table.groups.append(group)
    for row, held in body:
        line = _line(table, row, held)
        if notes or _ends(line, held):
            notes.append(_first(table, row, held))
        elif len(known := _known(held)) > 1 and Field.NAME in known:
            faults.add(
                Code.SECOND_HEADER,
                _first(table, row, held),
                f"mỗi trang tính có một dòng tiêu đề (đã có ở dòng {table.header})",
                "Xóa dòng tiêu đề lặp lại, hoặc chuyển bảng thứ hai sang trang tính khác.",
            )
        elif heading := _heading(line):
            group = ListGroup(*heading, line.spot(_first_field(line)))
            table.groups.append(group)
            if Field.UNIT in line.cells:
                faults.add(
                    Code.UNIT_IN_GROUP,
                    line.spot(Field.UNIT),
                    f"dòng nhóm “{heading[0]}” không có đơn vị tính",
                    "Xóa đơn vị tính; nếu đây là chỉ tiêu, ghi số thứ tự 1, 2, 3… ở cột TT.",
                )
        elif line.cells.keys() - {Field.NUMBER}:
            line = _without_errors(line, faults)
            lines.append(line)
            group.lines.append(line)
        elif len(line.mark(Field.NUMBER)) > _LONGEST_NUMBER:
            faults.add(
                Code.SKIPPED_ROW,
                line.spot(Field.NUMBER),
                "dòng có tên chỉ tiêu ở đúng cột",
                "Dòng này không được nhập; không cần sửa nếu đây là ghi chú.",
            )
    # Lines of the table have a number, a code or a unit; notes under it have none.
    while lines and not lines[-1].cells.keys() & {Field.NUMBER, Field.CODE, Field.UNIT}:
        last = lines.pop()
        if last.broken:
            break
        notes.insert(0, last.spot(Field.NAME))
        next(g for g in table.groups if last in g.lines).lines.remove(last)
    if notes:
        faults.add(
            Code.NOTES,
            notes[0],
            f"danh mục kết thúc ở trên dòng này; {len(notes)} dòng từ đây được coi là ghi chú",
            "Không cần sửa nếu đúng; nếu là chỉ tiêu, ghi số thứ tự và đơn vị tính.",
        )


def _line(table: Table, row: int, held: Mapping[int, Value]) -> ListLine:
    cells = {f: held[c] for f, c in table.columns.items() if c in held}
    return ListLine(table, row, cells)


def _first(table: Table, row: int, held: Mapping[int, Value]) -> Spot:
    column = min(held)
    return table.spot(row, column, as_shown(held[column]))


def _first_field(line: ListLine) -> Field:
    return Field.NUMBER if Field.NUMBER in line.cells else Field.NAME


def _ends(line: ListLine, held: Mapping[int, Value]) -> bool:
    """Return if a row is the first below the table: a note, a signature, who gets the paper."""
    number = line.mark(Field.NUMBER)
    if Field.CODE in line.cells or 0 < len(number) <= _LONGEST_NUMBER:
        return False
    words = (re.sub(r"\W+", " ", text.clean(v)) for v in held.values() if isinstance(v, str))
    return len(held) <= _MOST_SIGNED and any(_END.match(text.fold(said)) for said in words)


def _heading(line: ListLine) -> tuple[str, str] | None:
    """Return the symbol and the name of a group's row, or None if it is none."""
    number, code, name = (line.text(f) for f in (Field.NUMBER, Field.CODE, Field.NAME))
    lone = number or code or name
    if len(line.cells) == 1 and (match := _GROUP.fullmatch(lone)):
        return match[1], match[2]
    symbol = (number or code).strip("().:- ")
    if not name or not re.fullmatch(_SYMBOL, symbol):
        return None
    # A row with a code of its own and a unit is an indicator, whatever its number.
    is_coded = code.strip("().:- ") not in ("", symbol)
    return None if is_coded and Field.UNIT in line.cells else (symbol, name)


def _without_errors(line: ListLine, faults: Faults) -> ListLine:
    broken = {f for f, v in line.cells.items() if isinstance(v, str) and _ERROR.fullmatch(v)}
    for of in sorted(broken):
        faults.add(
            Code.CELL_ERROR,
            line.spot(of),
            "một giá trị, không phải lỗi hoặc công thức chưa có kết quả",
            "Sửa công thức, hoặc gõ thẳng giá trị vào ô.",
        )
    cells = {f: v for f, v in line.cells.items() if f not in broken}
    return ListLine(line.table, line.row, cells, frozenset(broken))


def numbered(lines: Sequence[ListLine]) -> Iterator[tuple[ListLine, str]]:
    """Yield each line of a group with its number: `1`, `1.2`, `1.A`; counted where none stands.

    What has no number, or a bullet, counts on under the last one that has.
    """
    last, counted = "", 0
    for line in lines:
        number = line.mark(Field.NUMBER).strip("().:- ") if not line.is_date(Field.NUMBER) else ""
        parts = re.fullmatch(rf"(?:(?:{_SYMBOL})[.-])?([0-9]+(?:\.[0-9]+)*)", number)
        if parts:
            last, counted = parts[1], 0
            yield line, last
        elif re.fullmatch("[a-zđ]", number):
            yield line, f"{last}.{number.upper()}".lstrip(".")
        else:
            counted += 1
            yield line, f"{last}.{counted}" if last else str(counted)
