"""A file's sheets, header rows and codes held against the form: missing, doubled, unknown."""

from collections.abc import Mapping, Sequence
from datetime import date

from kybaocao.rules.check.answers import Fault
from kybaocao.rules.check.walk import Walk
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Entry, EntrySheet, Indicator, IndicatorSheet
from kybaocao.rules.form.headers import CODE_HEADER, ENTRY_HEADERS, INDICATOR_HEADERS, NUMBER_HEADER
from kybaocao.rules.recognition.reading import (
    AnySheet,
    Located,
    as_shown,
    headers_of,
    is_code_like,
    key,
)

_LABELS = {IndicatorSheet: INDICATOR_HEADERS[1], EntrySheet: ENTRY_HEADERS[1]}
_OTHER_HEADERS = (*INDICATOR_HEADERS, *ENTRY_HEADERS, NUMBER_HEADER)


def missing_sheet(sheet: AnySheet) -> Finding:
    return Code.MISSING_SHEET.finding(
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
            Code.MISSING_COLUMN,
            f"dòng tiêu đề có cột {names}",
            "Khôi phục dòng tiêu đề như biểu mẫu đã gửi.",
        )
        strange = _strange_headers(where, headers)
        if len(missing) == len(strange) == 1:
            walk.find(where, row, strange[0], fault)
        else:
            walk.find(where, row, None, fault, value="")
        return False
    assert where.header is not None  # noqa: S101 - no header, all missing
    doubled = [at[1] for h in headers if len(at := where.header.columns[key(h)]) > 1]
    for column in doubled:
        fault = Fault(Code.DUPLICATE_COLUMN, "mỗi cột chỉ có một lần", "Xóa cột thừa.")
        walk.find(where, row, column, fault)
    return not doubled


def _strange_headers(where: Located, headers: Sequence[str]) -> list[int]:
    """Return the columns in the header row whose header is none of the sheet's."""
    known = {key(name) for name in (*headers, *_OTHER_HEADERS)}
    found = where.header.columns.items() if where.header else ()
    return [at for name, columns in found if name not in known for at in columns]


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
    crossed: Mapping[int, str],
    until: date | None = None,
) -> int | None:
    """Return the row under a code; what is missing (a warning before `until`) or doubled is
    noted. Rows that are `crossed` (`crossed_rows`) have been told of."""
    held = where.rows.get(key(code), ())
    rows = [row for row in held if row not in crossed]
    if not rows and (held or code in crossed.values()):
        return None
    if not rows:
        fault = Fault(
            Code.MISSING_ROW,
            f"có dòng {code} ({name})",
            "Khôi phục dòng và mã của dòng như biểu mẫu đã gửi.",
        )
        if required:
            at = where.header.row if where.header else 1
            walk.find(where, at, None, fault, value="", until=until)
        return None
    for row in rows[1:]:
        fault = Fault(
            Code.DUPLICATE_ROW,
            f"mã {code} chỉ có một lần (đã có ở dòng {rows[0]})",
            "Giữ lại một dòng đúng, xóa dòng thừa.",
        )
        walk.find(where, row, column_of(where, CODE_HEADER), fault)
    return rows[0]


def crossed_rows(walk: Walk, where: Located, sheet: IndicatorSheet | EntrySheet) -> dict[int, str]:
    """Return the rows with the label of one row and another's code, or none: that one's code.

    A code that the sheet does not know counts where the label's own is gone. It is one finding
    for all of them, since it cannot be known which of the two is right.
    """
    column = where.header.column(_LABELS[type(sheet)]) if where.header else None
    if column is None:
        return {}
    strange = _otherwise_labelled(where, sheet, column)
    if not strange:
        return {}
    rows: Sequence[Indicator | Entry] = sheet.rows
    labels = [key(row.name) for row in rows]
    codes = {k: row.code for k, row in zip(labels, rows, strict=True) if labels.count(k) == 1}
    found: dict[int, str] = {}
    for at, (code, label) in sorted(strange.items()):
        other = codes.get(key(label))
        if other is not None and other != code and (code or key(other) not in where.rows):
            found[at] = other
    if found:
        first, *others = found
        at, label = column_of(where, CODE_HEADER), strange[first][1]
        held = as_shown(where.by_row[first][at])
        more = f"; cũng vậy ở dòng {', '.join(map(str, others))}" if others else ""
        fault = Fault(
            Code.WRONG_CODE,
            f"mã {found[first]} ở dòng “{as_shown(label)}”",
            "Mã và tên của dòng không khớp, không rõ số liệu là của dòng nào; "
            "ghi lại mã và tên như biểu mẫu đã gửi.",
        )
        walk.find(where, first, at, fault, value=f"{held}{more}")
    return found


def _otherwise_labelled(
    where: Located, sheet: IndicatorSheet | EntrySheet, column: int
) -> dict[int, tuple[str, str]]:
    """Return the rows with a code whose label is not that of the form: their code (empty where
    the sheet does not know it), and their label."""
    rows: Sequence[Indicator | Entry] = sheet.rows
    known = {key(row.code): row for row in rows}
    code_column = column_of(where, CODE_HEADER)
    found: dict[int, tuple[str, str]] = {}
    for code, places in where.rows.items():
        row = known.get(code)
        for at in places:
            label = where.by_row[at].get(column)
            if not isinstance(label, str) or (row is not None and label == row.name):
                continue
            if row is not None or is_code_like(where.by_row[at].get(code_column, "")):
                found[at] = (row.code if row else "", label)
    return found


def unknown_rows(
    walk: Walk, where: Located, codes: Sequence[str], crossed: Mapping[int, str]
) -> None:
    known = {key(code) for code in codes}
    column = column_of(where, CODE_HEADER)
    for found, rows in where.rows.items():
        for row in rows:
            held = where.value(row, column)
            if found in known or row in crossed or held is None:
                continue
            if is_code_like(held):
                fault = Fault(
                    Code.UNKNOWN_ROW,
                    "mã có trong biểu mẫu của đơn vị",
                    "Kiểm tra lại mã; số liệu của dòng này không được tổng hợp.",
                )
                walk.find(where, row, column, fault)
