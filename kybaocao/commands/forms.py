"""The command that makes a form of an indicator list."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.table import Table

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.rules.declaration import CODE
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import (
    Aggregation,
    Applies,
    Form,
    Indicator,
    IndicatorSheet,
    InputKind,
)
from kybaocao.settings import read_settings

_KINDS = {
    InputKind.INTEGER: "số nguyên",
    InputKind.DECIMAL: "số thập phân",
    InputKind.PERCENT: "tỷ lệ",
}
_COLUMNS = {"planned": "kế hoạch", "done": "trong kỳ", "cumulative": "lũy kế"}
_AGGREGATIONS = {
    Aggregation.SUM: "cộng",
    Aggregation.RATIO: "tính lại",
    Aggregation.MAX: "cao nhất",
    Aggregation.NONE: "không cộng",
    Aggregation.TEXT: "không cộng",
    Aggregation.SHARED: "danh mục chung",
}


def form(
    file: Path,
    /,
    *,
    form_id: Annotated[str, Parameter(name="--id")],
    out: Path | None = None,
    title: str = "",
    source: str = "",
    version: int = 1,
    blank: Path | None = None,
    duty: str | None = None,
) -> int:
    """Make a form of an indicator list in Excel: show it with every fault, and write its YAML.

    Exits with 0 if the list makes a form, 1 if a fault stands in the way.

    Parameters
    ----------
    file
        The list: a header row with TT, Mã, Tên chỉ tiêu, Đơn vị tính and so on, then the rows.
    form_id
        The form's id: lower-case letters, digits and hyphens.
    out
        The YAML file to write, or the folder for it, as config/forms; only a preview if left out.
        A file that exists is never overwritten.
    title
        The form's title; the line above the table if left out.
    source
        The clause that rows without one rest on.
    version
        The form's version, for a form that follows an older one of that id.
    blank
        A workbook to write, to look at the form as a reporter gets it; needs --duty.
    duty
        Regime and duty for that workbook, as quang-nam/bao-cao-quy.
    """
    from kybaocao.adapters import form_files
    from kybaocao.adapters.regime_files import load, read_levels
    from kybaocao.rules.form_list.form_list import ListFacts
    from kybaocao.steps.intake.import_form import import_form, sample

    if not re.fullmatch(CODE, form_id) or len(form_id) > 64:
        raise words.WrongUseError(
            f"'{form_id}' is no id: expected lower-case letters, digits and single hyphens."
        )
    if version < 1:
        raise words.WrongUseError(f"--version {version} is not 1 or more.")
    if (blank is None) != (duty is None):
        raise words.WrongUseError("--blank and --duty go together.")
    if not file.is_file():
        raise words.WrongUseError(f"There is no file '{file}'.")
    settings = read_settings()
    with runtime.reader_pool(settings) as pool:
        given = ListFacts(form_id, version, title.strip(), source.strip())
        found = import_form(settings, pool, file.read_bytes(), given)
    for finding in found.findings:
        screen.say(_sentence(finding))
    for changed in found.changes:
        screen.say(f"So với phiên bản trước – {changed.words}")
    if found.form is None:
        screen.say(f"{file}: chưa thành biểu mẫu; không ghi gì.")
        return 1
    levels = read_levels(settings.home / "config")
    _show(found.form, {level.id: level.word for level in levels})
    if blank is not None and duty is not None:
        config = load(settings.home / "config")
        regime_id, duty_id = words.names(duty)
        regime = config.regimes.get(regime_id)
        declared = next((d for d in regime.duties if d.id == duty_id), None) if regime else None
        if regime is None or declared is None:
            raise words.WrongUseError(f"There is no duty '{duty}'.")
        data = sample(config, regime, declared, found.form, runtime.now().date())
        with blank.open("xb") as workbook:
            workbook.write(data)
        screen.say(f"Đã ghi biểu mẫu trắng: {blank}")
    if out is None:
        screen.say("Mới xem trước, chưa ghi biểu mẫu; thêm --out để ghi.")
        return 0
    path = out / f"{form_id}.yaml" if out.is_dir() else out
    form_files.write(path, found.form, f"Biểu mẫu lập từ danh mục chỉ tiêu {file.name}.")
    screen.say(f"Đã ghi biểu mẫu: {path}")
    return 0


def _sentence(finding: Finding) -> str:
    kind = "Lỗi" if finding.is_blocking else "Lưu ý"
    return f"{kind} – {finding.line}"


def _show(made: Form, levels: Mapping[str, str]) -> None:
    """Print what the form asks: its sheets, rows and columns, and the rules between them."""
    columns = {column.id: column.name for column in made.columns}
    for sheet in made.indicator_sheets:
        screen.say(f"\n{sheet.name}: {len(sheet.rows)} chỉ tiêu", "bold")
        screen.out.print(_rows(sheet, columns, levels))
    rules = list(_rules(made, columns))
    if rules:
        screen.say("\nQuy tắc", "bold")
    for rule in rules:
        screen.say(f"  {rule}")
    count = sum(len(sheet.rows) for sheet in made.indicator_sheets)
    screen.say(f"\n{made.title} ({made.id}, phiên bản {made.version})", "bold")
    screen.say(
        f"{len(made.sheets)} trang tính (có trang bìa), {count} chỉ tiêu, "
        f"{len(made.columns)} cột ({', '.join(columns.values())}), {len(rules)} quy tắc."
    )


def _rows(sheet: IndicatorSheet, columns: dict[str, str], levels: Mapping[str, str]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("Mã", no_wrap=True)
    table.add_column("Chỉ tiêu", min_width=24)
    for header in ("Đơn vị", "Kiểu", "Cột", "Áp dụng", "Tổng hợp"):
        table.add_column(header)
    for row in sheet.rows:
        asked = (
            "đủ"
            if len(row.columns) == len(columns) - 1
            else ", ".join(_COLUMNS[c] for c in row.columns)
        )
        cells = (row.code, row.name, row.unit, _KINDS[row.kind], asked, _to(row.applies, levels))
        table.add_row(*cells, _adding(row, levels))
    return table


def _adding(row: Indicator, words: Mapping[str, str]) -> str:
    if isinstance(row.aggregate, dict):
        ways = row.aggregate.items()
        return ", ".join(f"{words[level]}: {_AGGREGATIONS[way]}" for level, way in ways)
    return _AGGREGATIONS[row.aggregate]


def _to(applies: Applies, words: Mapping[str, str]) -> str:
    return ", ".join([*(words[level] for level in applies.levels), *applies.agencies])


def _rules(made: Form, columns: dict[str, str]) -> Iterator[str]:
    for _, row in made.indicators():
        if row.compute is not None:
            yield f"{row.code} = 100 × {_sum(row.compute.part)} / {_sum(row.compute.whole)}"
    for total in made.rules.sums:
        yield f"{total.total} = {' + '.join(total.parts)}"
    for within in made.rules.within:
        yield f"{within.part} ≤ {within.whole}"
    if (rule := made.rules.cumulative) is not None:
        yield f"{columns[rule.cumulative]} ≥ {columns[rule.period]}"


def _sum(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"({' + '.join(codes)})"
