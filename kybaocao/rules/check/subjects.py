"""What a finding's cell asks for, in the form's words: the indicator and the column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kybaocao.rules.cells.addresses import place
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Column, Figure, Form, TableSheet
from kybaocao.rules.recognition.reading import Located, key

Cell = tuple[str, str]


def subject(code: str, name: str, column: str = "") -> str:
    """Return `TTHC-05 “Số hồ sơ đã giải quyết”, cột “Trong kỳ”`."""
    of = f"{code} “{name}”" if code else ""
    return ", ".join(part for part in (of, f"cột “{column}”" if column else "") if part)


def with_subjects(
    findings: Iterable[Finding], located: Mapping[str, Located], columns: Sequence[Column]
) -> tuple[Finding, ...]:
    """Return findings in a file, each naming what its cell asks for, where that is known."""
    by_name = {where.grid.name: where for where in located.values()}
    names = [column.name for column in columns]
    return tuple(
        replace(one, subject=_subject_at(where, one.cell, names))
        if (where := by_name.get(one.sheet)) is not None
        else one
        for one in findings
    )


def of_figures(
    findings: Iterable[Finding], form: Form, figures: Iterable[Figure], sheets: Mapping[str, str]
) -> list[Finding]:
    """Return findings at figures' cells, each naming its figure; `sheets` names sheets by id."""
    rows = {row.code: row.name for _, row in form.indicators()}
    columns = {column.id: column.name for column in form.columns}
    named: dict[Cell, str] = {
        (sheets.get(one.sheet, ""), one.cell): subject(
            one.row, rows[one.row], columns.get(one.column, "")
        )
        for one in figures
        if one.row in rows
    }
    return [replace(one, subject=named.get((one.sheet, one.cell), "")) for one in findings]


def _subject_at(where: Located, cell: str, names: Sequence[str]) -> str:
    at = place(cell)
    if at is None or where.header is None or at[0] <= where.header.row:
        return ""
    row, column = at
    if isinstance(where.sheet, TableSheet):
        shown = [c.name for c in where.sheet.columns]
        return subject("", "", _column_at(where, column, shown))
    for declared in where.sheet.rows:
        if row in where.rows.get(key(declared.code), ()):
            return subject(declared.code, declared.name, _column_at(where, column, names))
    return ""


def _column_at(where: Located, column: int, names: Sequence[str]) -> str:
    columns = where.header.columns if where.header else {}
    return next((name for name in names if column in columns.get(key(name), ())), "")
