"""What people did to a workbook's sheets and rows, and what that means for its figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kybaocao.rules.cells.addresses import address, column_letters, place
from kybaocao.rules.cells.cell_words import as_shown, cell, is_code_like, key
from kybaocao.rules.cells.grid import Area, Book, Value
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Finding, Severity, in_order
from kybaocao.rules.form.form import Column, IndicatorSheet, TableSheet
from kybaocao.rules.form.headers import CODE_HEADER, ENTRY_HEADERS, INDICATOR_HEADERS, NUMBER_HEADER
from kybaocao.rules.recognition.reading import is_ours
from kybaocao.rules.recognition.sheet_view import Located, answers_in, headers_of

_MOST_NAMED = 8
_FIXED_HEADERS = {key(h) for h in (*INDICATOR_HEADERS, *ENTRY_HEADERS, NUMBER_HEADER)}


def with_shape(
    found: Sequence[Finding],
    columns: Sequence[Column],
    book: Book,
    located: Mapping[str, Located],
) -> tuple[Finding, ...]:
    """Return the findings of the checks with those on the shape of the file, in its order.

    Blank inputs under a merged area are named as such. `columns` are those that the form shows
    for the period, `located` is where its sheets stand (`reading.locate`).
    """
    names = [column.name for column in columns]
    findings = [_uncovered(finding, located) for finding in found]
    for where in located.values():
        headers = headers_of(where.sheet, names)
        findings += _sheet(where, headers)
        if where.header is not None and all(map(where.header.column, headers)):
            findings += _merged(where, columns, findings)
            findings += _beside(where, headers, columns)
    findings += _unread(book, located.values())
    if len(findings) == len(found):
        return tuple(findings)
    return tuple(in_order(findings, [grid.name for grid in book.grids]))


def _sheet(where: Located, headers: Sequence[str]) -> Iterator[Finding]:
    """Yield what is to be told of a whole sheet: doubles, what does not show, lost codes."""
    yield from _duplicate_sheets(where)
    yield from _duplicate_header(where)
    yield from _hidden_sheet(where, headers)
    yield from _hidden_rows(where, headers)
    yield from _hidden_columns(where, headers)
    yield from _codes_lost(where)


def _duplicate_sheets(where: Located) -> Iterator[Finding]:
    for rival in where.rivals:
        yield Code.DUPLICATE_SHEET.finding(
            rival.name,
            "",
            f"“{where.grid.name}” và “{rival.name}” đều có số liệu, và khác nhau",
            f"chỉ một trang tính “{where.sheet.name}”",
            "Giữ lại trang tính có số liệu đúng, xóa trang tính thừa.",
        )


def _duplicate_header(where: Located) -> Iterator[Finding]:
    if where.header and where.header.rival:
        yield Code.DUPLICATE_HEADER.finding(
            where.grid.name,
            f"A{where.header.rival}",
            f"dòng {where.header.row} và dòng {where.header.rival}",
            "chỉ một dòng tiêu đề, mỗi cột một vị trí",
            "Xóa dòng tiêu đề thừa, đưa số liệu về đúng cột của một dòng tiêu đề.",
        )


def _hidden_sheet(where: Located, headers: Sequence[str]) -> Iterator[Finding]:
    if where.grid.hidden and answers_in(where, headers):
        yield Code.HIDDEN_SHEET.finding(
            where.grid.name,
            "",
            "trang tính đang ẩn, có số liệu",
            "trang tính hiện ra khi mở tệp",
            "Số liệu của trang tính ẩn vẫn được tính; bỏ ẩn và kiểm tra lại.",
        )


def _hidden_rows(where: Located, headers: Sequence[str]) -> Iterator[Finding]:
    hidden = where.grid.hidden_rows
    columns = _columns(where, headers) if hidden else []
    held = [
        row
        for row in sorted(hidden.intersection(_input_rows(where) if hidden else ()))
        if any(where.value(row, at) is not None for at in columns)
    ]
    if held:
        yield Code.HIDDEN_ROWS.finding(
            where.grid.name,
            cell(held[0], where.header.column(headers[0]) if where.header else 1),
            f"đang ẩn: {_rows_named(held)}",
            "các dòng có số liệu đều hiện ra",
            "Số liệu của dòng ẩn vẫn được tính; bỏ ẩn và kiểm tra lại.",
        )


def _hidden_columns(where: Located, headers: Sequence[str]) -> Iterator[Finding]:
    hidden = where.grid.hidden_columns
    rows = list(_input_rows(where)) if hidden else []
    held = [
        at
        for at in sorted(hidden.intersection(_columns(where, headers) if hidden else ()))
        if any(where.value(row, at) is not None for row in rows)
    ]
    if held:
        letters = ", ".join(column_letters(at) for at in held[:_MOST_NAMED])
        yield Code.HIDDEN_COLUMNS.finding(
            where.grid.name,
            cell(where.header.row if where.header else 1, held[0]),
            f"đang ẩn: cột {letters}" + ("…" if len(held) > _MOST_NAMED else ""),
            "các cột có số liệu đều hiện ra",
            "Số liệu của cột ẩn vẫn được tính; bỏ ẩn và kiểm tra lại.",
        )


def _codes_lost(where: Located) -> Iterator[Finding]:
    if where.by_label and where.header:
        rows = sorted(where.by_label)
        yield Code.CODE_LOST.finding(
            where.grid.name,
            cell(rows[0], where.header.column(CODE_HEADER)),
            f"không còn mã: {_rows_named(rows)}",
            "mỗi dòng có mã như biểu mẫu đã gửi",
            "Đã nhận dòng theo đúng tên; ghi lại mã nếu gửi lại.",
        )


def _input_rows(where: Located) -> Iterable[int]:
    if isinstance(where.sheet, TableSheet):
        return where.below_header()
    codes = (key(row.code) for row in where.sheet.rows)
    return (row for code in codes for row in where.rows.get(code, ()))


def _columns(where: Located, headers: Sequence[str]) -> list[int]:
    names = [name for name in headers if name != CODE_HEADER]
    return [at for name in names if where.header and (at := where.header.column(name))]


# Merged cells over inputs.


def _uncovered(finding: Finding, located: Mapping[str, Located]) -> Finding:
    """Return a finding on a blank input as one on the merged area over it, if there is one."""
    if finding.code != Code.REQUIRED_BLANK:
        return finding
    row, column = place(finding.cell) or (0, 0)
    for where in located.values():
        area = where.area_over(row, column) if where.grid.name == finding.sheet else None
        if area is not None:
            return _covered(finding.expected, where, row, column, area, Severity.BLOCKING)
    return finding


def _covered(
    expected: str, where: Located, row: int, column: int, area: Area, severity: Severity
) -> Finding:
    span = f"{address(*area[:2])}:{address(*area[2:])}"
    held = f"ô bị gộp trong {span}"
    if (first := where.grid.cells.get(area[:2])) is not None:
        held += f"; “{as_shown(first)}” được tính cho ô {address(*area[:2])}"
    return Code.MERGED_INPUT.finding(
        where.grid.name,
        address(row, column),
        held,
        expected,
        f"Bỏ gộp ô {span} rồi ghi từng ô.",
        severity,
    )


def _merged(
    where: Located, columns: Sequence[Column], told: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield the figures that are not required and that a merged area hides, unless told."""
    if not where.merged or not isinstance(where.sheet, IndicatorSheet) or not where.header:
        return
    said = {(finding.sheet, finding.cell) for finding in told}
    for indicator in where.sheet.rows:
        if indicator.compute is not None:
            continue
        for row in where.rows.get(key(indicator.code), ()):
            for column in columns:
                at = where.header.column(column.name)
                if column.text or column.id not in indicator.columns or at is None:
                    continue
                area = where.area_over(row, at)
                if area and (where.grid.name, address(row, at)) not in said:
                    expected = f"{indicator.code}, cột “{column.name}”: một ô riêng"
                    yield _covered(expected, where, row, at, area, Severity.WARNING)


# What stands beside the table.


def _beside(where: Located, headers: Sequence[str], columns: Sequence[Column]) -> Iterator[Finding]:
    """Yield what stands below the header and is read as no input: notes, stray figures."""
    header = where.header
    if header is None:
        return
    wanted = {key(name) for name in headers} | _FIXED_HEADERS
    inside = {c for name, at in header.columns.items() if name in wanted for c in at}
    strays: list[tuple[int, int]] = []
    if isinstance(where.sheet, TableSheet):
        asked = set(_columns(where, headers))
        for row in where.below_header():
            cells = where.by_row[row]
            strays += [(row, at) for at in cells.keys() - inside]
            # Our own headings between the rows lie in merged areas.
            if not cells.keys() & asked and row not in where.merged:
                strays += [(row, c) for c, v in cells.items() if c in inside and _is_words(v)]
    else:
        known = set(_input_rows(where))
        code = header.column(CODE_HEADER)
        for row in where.below_header():
            cells = where.by_row[row]
            if row in known:
                strays += [(row, at) for at in cells.keys() - inside]
            elif not is_code_like(cells.get(code or 0, "")):
                strays += [(row, at) for at in cells]
    strays = [at for at in sorted(strays) if where.value(*at) is not None]
    if strays:
        first = as_shown(where.grid.cells[strays[0]])
        yield Code.OUTSIDE_TABLE.finding(
            where.grid.name,
            address(*strays[0]),
            f"“{first}”" + (f" và {len(strays) - 1} ô khác" if len(strays) > 1 else ""),
            "số liệu và nội dung nằm trong các dòng, cột của biểu mẫu",
            f"Không được tổng hợp: {_cells_named(strays)}. Nếu là số liệu hoặc nội dung báo cáo, "
            "chuyển vào đúng ô.",
        )
    if isinstance(where.sheet, IndicatorSheet):
        yield from _unasked(where, where.sheet, columns)


def _is_words(value: Value) -> bool:
    return isinstance(value, str) and any(map(str.isalpha, value))


def _unasked(where: Located, sheet: IndicatorSheet, columns: Sequence[Column]) -> Iterator[Finding]:
    header = where.header
    if header is None:
        return
    figures = [column for column in columns if not column.text]
    numeric = [(c.id, at) for c in figures if (at := header.column(c.name))]
    found = [
        (row, at)
        for indicator in sheet.rows
        for row in where.rows.get(key(indicator.code), ())
        for column, at in numeric
        if column not in indicator.columns and (row, at) in where.grid.cells
    ]
    if found:
        found.sort()
        yield Code.UNASKED_FIGURE.finding(
            where.grid.name,
            address(*found[0]),
            as_shown(where.grid.cells[found[0]]),
            "để trống ô nền xám, vì chỉ tiêu không có số liệu ở cột này",
            f"Không được tổng hợp: {_cells_named(found)}. Nếu là số của ô khác, chuyển về đúng ô.",
        )


def _unread(book: Book, located: Iterable[Located]) -> Iterator[Finding]:
    """Yield the sheets that hold something and are none of the form's."""
    known = {where.position for where in located}
    known |= {n for n, g in enumerate(book.grids) for w in located if g in w.rivals}
    for position, grid in enumerate(book.grids):
        if position in known or is_ours(grid) or not grid.cells:
            continue
        yield Code.UNREAD_SHEET.finding(
            grid.name,
            "",
            f"trang tính “{grid.name}” không thuộc biểu mẫu, hoặc là bản sao thừa",
            "chỉ có các trang tính của biểu mẫu",
            "Trang tính này không được tổng hợp; số liệu cần báo cáo phải ghi vào biểu mẫu.",
        )


def _rows_named(rows: Sequence[int]) -> str:
    """Return rows as people name them: `dòng 7, 9–12`."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    named = [f"{a}" if a == b else f"{a}–{b}" for a, b in spans]
    return "dòng " + ", ".join(named[:_MOST_NAMED]) + ("…" if len(named) > _MOST_NAMED else "")


def _cells_named(cells: Sequence[tuple[int, int]]) -> str:
    named = ", ".join(address(*at) for at in cells[:_MOST_NAMED])
    return f"ô {named}" + ("…" if len(cells) > _MOST_NAMED else "")
