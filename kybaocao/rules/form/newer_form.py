"""What a form asks for that its earlier version did not."""

from collections.abc import Collection, Iterator, Mapping

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.codes import Code
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import EntrySheet, Form, Indicator, IndicatorSheet, TableSheet


def news(
    old: Form,
    new: Form,
    frequency: Frequency,
    sheets: Mapping[str, str],
    converted: Collection[str] = (),
) -> Iterator[Finding]:
    """Yield what a file on an earlier version lacks: one warning for each required row or column.

    Where a row's unit changed, and it is not among those `converted`, the figures cannot be added
    to those of others, which is blocking. Both forms are as they apply to the sender; `sheets`
    names the sheets in the file, by id.
    """
    was = {row.code: row for _, row in old.indicators()}
    entries = {r.code for s in old.sheets if isinstance(s, EntrySheet) for r in s.rows}
    columns = {column.id for column in old.columns}
    for column in new.columns_for(frequency):
        if column.required and column.id not in columns:
            yield _new(new, f"cột “{column.name}”", "")
    for sheet in new.sheets:
        name = sheets.get(sheet.id, "")
        if isinstance(sheet, IndicatorSheet):
            for row in sheet.rows:
                if row.code in was:
                    if row.unit != was[row.code].unit and row.code not in converted:
                        yield _other_unit(new, row, was[row.code], name)
                elif _is_required(new, row, frequency):
                    yield _new(new, f"dòng {row.code} ({row.name}), đơn vị tính: {row.unit}", name)
        elif isinstance(sheet, EntrySheet):
            for entry in sheet.rows:
                if entry.required and entry.code not in entries:
                    yield _new(new, f"dòng {entry.code} ({entry.name})", name)
        else:
            for title in _new_columns(old, sheet):
                yield _new(new, f"bảng “{sheet.name}”, cột “{title}”", name)


def _is_required(form: Form, row: Indicator, frequency: Frequency) -> bool:
    required = {column.id for column in form.columns_for(frequency) if column.required}
    return row.compute is None and bool(required & set(row.columns))


def _new_columns(old: Form, table: TableSheet) -> list[str]:
    held = next((s for s in old.sheets if s.id == table.id), None)
    known = {c.id for c in held.columns} if isinstance(held, TableSheet) else set()
    return [column.name for column in table.columns if column.required and column.id not in known]


def _new(form: Form, what: str, sheet: str) -> Finding:
    return Code.NEW_IN_FORM.finding(
        sheet,
        "",
        "tệp dùng phiên bản cũ của biểu mẫu",
        f"biểu mẫu hiện hành (phiên bản {form.version}) có thêm {what}",
        "Không bắt buộc với tệp này; đề nghị bổ sung theo biểu mẫu hiện hành.",
    )


def _other_unit(form: Form, row: Indicator, was: Indicator, sheet: str) -> Finding:
    return Code.UNIT_CHANGED.finding(
        sheet,
        "",
        f"{row.code} ({row.name}) tính theo {was.unit} ở phiên bản cũ của biểu mẫu",
        f"tính theo {row.unit}, như biểu mẫu hiện hành (phiên bản {form.version})",
        "Điền số liệu vào biểu mẫu hiện hành rồi gửi lại.",
    )
