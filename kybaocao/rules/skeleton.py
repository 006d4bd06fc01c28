"""A file's sheets, header rows and codes held against the form: missing, doubled, unknown."""

from collections.abc import Sequence
from datetime import date

from kybaocao.rules.answers import Fault
from kybaocao.rules.finding import Finding, Severity
from kybaocao.rules.form import CODE_HEADER
from kybaocao.rules.reading import AnySheet, Located, headers_of, is_code_like, key
from kybaocao.rules.walk import Walk


def missing_sheet(sheet: AnySheet) -> Finding:
    return Finding(
        "missing-sheet",
        Severity.BLOCKING,
        "",
        "",
        "",
        f"có trang tính “{sheet.name}”",
        "Điền vào đúng tệp biểu mẫu đã gửi; không xóa trang tính.",
    )


def has_columns(walk: Walk, where: Located) -> bool:
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


def column_of(where: Located, name: str) -> int:
    """Return a column that `has_columns` has found."""
    found = where.header.column(name) if where.header else None
    if found is None:
        raise KeyError(name)
    return found


def row_of(
    walk: Walk,
    where: Located,
    code: str,
    name: str,
    required: bool,
    until: date | None = None,
) -> int | None:
    """Return the row under a code; what is missing (a warning before `until`) or doubled is
    noted."""
    rows = where.rows.get(key(code), ())
    if not rows:
        fault = Fault(
            "missing-row",
            f"có dòng {code} ({name})",
            "Khôi phục dòng và mã của dòng như biểu mẫu đã gửi.",
        )
        if required:
            at = where.header.row if where.header else 1
            walk.find(where, at, None, fault, value="", until=until)
        return None
    for row in rows[1:]:
        fault = Fault(
            "duplicate-row",
            f"mã {code} chỉ có một lần (đã có ở dòng {rows[0]})",
            "Giữ lại một dòng đúng, xóa dòng thừa.",
        )
        walk.find(where, row, column_of(where, CODE_HEADER), fault)
    return rows[0]


def unknown_rows(walk: Walk, where: Located, codes: Sequence[str]) -> None:
    known = {key(code) for code in codes}
    column = column_of(where, CODE_HEADER)
    for found, rows in where.rows.items():
        for row in rows:
            held = where.value(row, column)
            if found not in known and held is not None and is_code_like(held):
                fault = Fault(
                    "unknown-row",
                    "mã có trong biểu mẫu của đơn vị",
                    "Kiểm tra lại mã; số liệu của dòng này không được tổng hợp.",
                )
                walk.find(where, row, column, fault, severity=Severity.WARNING)
