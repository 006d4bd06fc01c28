"""Units and labels of a file's rows held against the form's: another unit, other figures."""

import re
from collections.abc import Iterator, Mapping

from kybaocao.rules.cells.grid import Value
from kybaocao.rules.cells.typed_units import differs
from kybaocao.rules.check.answers import Fault
from kybaocao.rules.check.walk import Walk
from kybaocao.rules.codes import Code
from kybaocao.rules.form.form import Entry, EntrySheet, Indicator, IndicatorSheet, InputKind
from kybaocao.rules.form.headers import ENTRY_HEADERS, INDICATOR_HEADERS
from kybaocao.rules.recognition.reading import Located, as_shown, as_text, key

_LABEL, _UNIT = INDICATOR_HEADERS[1:]
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_STATED = re.compile(r"(?:đơn vị tính|đvt)\s*[:：]\s*(.+)", re.IGNORECASE)
_PERCENT = {key(said) for said in ("%", "phần trăm", "tỷ lệ %", "tỷ lệ phần trăm", "tỉ lệ %")}
_MOST_NAMED = 8


def hold_labels(
    walk: Walk, where: Located, sheet: IndicatorSheet | EntrySheet, crossed: Mapping[int, str]
) -> None:
    """Note units that are not the form's, which return the file, and strange labels, which warn.

    A blank unit or label says nothing else than the form. Rows that are `crossed` have been told
    of.
    """
    if where.header is None:
        return
    rows = [(at, row) for at, row in _rows(where, sheet) if at not in crossed]
    labels = where.header.column(ENTRY_HEADERS[1] if isinstance(sheet, EntrySheet) else _LABEL)
    if isinstance(sheet, IndicatorSheet):
        _hold_units(walk, where, rows, where.header.column(_UNIT), labels)
        _hold_stated(walk, where, sheet)
    if labels is None:
        return
    strange = [
        (at, row)
        for at, row in rows
        if (held := where.value(at, labels)) is not None and _is_other(held, row)
    ]
    if strange:
        at, row = strange[0]
        others = ", ".join(str(other) for other, _ in strange[1 : 1 + _MOST_NAMED])
        held = as_shown(where.by_row[at][labels])
        fault = Fault(
            Code.STRANGE_LABEL,
            f"{row.code} “{row.name}”, như biểu mẫu đã gửi",
            f"Số liệu được tính cho {row.code} “{row.name}”; nếu là của chỉ tiêu khác, ghi lại "
            "đúng dòng.",
        )
        more = f"; cũng vậy ở dòng {others}" if others else ""
        walk.find(where, at, labels, fault, value=f"{held}{more}")


def _rows(
    where: Located, sheet: IndicatorSheet | EntrySheet
) -> Iterator[tuple[int, Indicator | Entry]]:
    for row in sheet.rows:
        # Of a code that comes twice, another check tells.
        for at in where.rows.get(key(row.code), ())[:1]:
            yield at, row


def _is_other(held: Value, row: Indicator | Entry) -> bool:
    """Return if a label is not the row's, nor begins with it."""
    if not isinstance(held, str) or held == row.name:
        return False
    return not key(held).startswith(key(row.name))


def _hold_units(
    walk: Walk,
    where: Located,
    rows: list[tuple[int, Indicator | Entry]],
    units: int | None,
    labels: int | None,
) -> None:
    for at, row in rows:
        if not isinstance(row, Indicator):
            continue
        held = where.value(at, units) if units else None
        if units and held is not None and _is_other_unit(as_text(held), row):
            walk.find(where, at, units, _other_unit(row))
            continue
        label = where.value(at, labels) if labels else None
        if labels and isinstance(label, str) and label != row.name:
            said = set(_IN_BRACKETS.findall(label)) - set(_IN_BRACKETS.findall(row.name))
            if any(differs(one, row.unit) for one in said):
                walk.find(where, at, labels, _other_unit(row))


def _is_other_unit(held: str, row: Indicator) -> bool:
    if held == row.unit or key(held.strip("()")) == key(row.unit):
        return False
    if row.kind is InputKind.PERCENT and key(held.strip("()")) in _PERCENT:
        return False
    return differs(held, row.unit) is not False


def _other_unit(row: Indicator) -> Fault:
    return Fault(
        Code.OTHER_UNIT,
        f"{row.code} “{row.name}”: {row.unit}, như biểu mẫu đã gửi",
        f"Ghi lại đơn vị tính là {row.unit}, và ghi các con số của dòng tính bằng {row.unit}.",
    )


def _hold_stated(walk: Walk, where: Located, sheet: IndicatorSheet) -> None:
    """Note a unit that is stated above the table for all of it and is not that of its rows."""
    header = where.header
    for row, cells in where.by_row.items():
        if header is None or row >= header.row:
            return
        for column, value in cells.items():
            stated = _STATED.search(value) if isinstance(value, str) else None
            if stated is None or key(as_text(value)) in {key(sheet.title), key(sheet.note)}:
                continue
            said = stated[1].strip(" ().;")
            money = [r for r in sheet.rows if differs(r.unit, "đồng") is not None]
            if any(differs(said, r.unit) for r in money):
                walk.find(where, row, column, _other_unit(money[0]))
