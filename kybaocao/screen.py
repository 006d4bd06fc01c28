"""What the commands print: for officials in Vietnamese, for other programs as JSON."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from kybaocao.adapters.ledger import Address
from kybaocao.rules.agency import Role
from kybaocao.rules.finding import Finding
from kybaocao.rules.obligation import Verdict
from kybaocao.rules.regime import Regime
from kybaocao.steps.calendar import Entry
from kybaocao.steps.judge import Judged
from kybaocao.steps.status import Overview

VERDICTS = {
    Verdict.ACCEPTED: "đạt",
    Verdict.RETURNED: "trả lại",
    Verdict.UNREADABLE: "không đọc được",
}

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def prepare() -> None:
    """Make the streams print every name, and letters that their encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def complain(sentence: str) -> None:
    """Print to the operator what stopped a command: one line, or one for each fault."""
    for line in sentence.splitlines():
        err.print(line if line.startswith(" ") else f"kybaocao: {line}", markup=False)


def say(sentence: str, style: str = "") -> None:
    """Print one sentence as it is, on one line."""
    out.print(sentence, style=style, markup=False)


def show_json(shown: Any) -> None:
    """Print a value as JSON that keeps its accents."""
    print(json.dumps(shown, ensure_ascii=False, indent=2))


def show_overview(found: Overview) -> None:
    """Print how every report stands, term by term, and what waits."""
    for term in found.terms:
        say(f"\n{term.title}", "bold")
        say(term.summary)
        table = _table("Đơn vị", "Tình hình", "Lần gửi", "Ghi chú")
        for row in term.rows:
            table.add_row(row.agency, row.state, str(row.versions or ""), row.note)
        out.print(table)
    if not found.terms:
        say("Chưa mở kỳ báo cáo nào.")
    for line in found.waiting:
        say(line)


def show_judged(path: Path, judged: Judged, as_json: bool) -> None:
    if as_json:
        shown = {
            "file": str(path),
            "verdict": judged.verdict.value,
            "findings": [f.__dict__ for f in judged.findings],
        }
        print(json.dumps(shown, ensure_ascii=False), flush=True)
        return
    say(f"{path}: {VERDICTS[judged.verdict]}")
    for finding in judged.findings:
        say(f"  {_sentence(finding)}")


def _sentence(finding: Finding) -> str:
    kind = "Lỗi" if finding.is_blocking else "Cảnh báo"
    found = f"đang là “{finding.value}”; " if finding.value else ""
    return f"{kind} – {finding.place}: {found}yêu cầu: {finding.expected}. {finding.action}"


def show_duty(found: list[Entry]) -> None:
    """Print one duty's calendar with its clause and assumptions."""
    first = found[0]
    say(f"\n{first.duty}: {first.duty_name}, gửi {first.recipient}", "bold")
    say(f"Căn cứ: {first.clause}: “{first.stated}”")
    table = _table("Kỳ", "Số liệu từ", "đến", "Mở kỳ", "Hạn (hết ngày)", "Đơn vị")
    for e in found:
        day_off = f" ({e.day_off})" if e.day_off else ""
        days = [_dmy(day) for day in (e.window_first, e.window_last, e.opens, e.last_day)]
        table.add_row(e.period_label, *days[:3], days[3] + day_off, str(e.agencies))
    out.print(table)
    for assumption in first.assumptions:
        say(f"Giả định: {assumption}")


def show_contacts(regime: Regime, found: list[Address], as_json: bool) -> None:
    """Print a regime's contacts line by line, and the agencies that have none."""
    if as_json:
        keys = ("agency", "role", "address", "name")
        show_json([{key: getattr(contact, key) for key in keys} for contact in found])
        return
    for contact in found:
        agency = regime.agencies.get(contact.agency)
        name = agency.name if agency else contact.agency
        role = "lãnh đạo" if contact.role is Role.HEAD else "đầu mối"
        say(f"{name} ({role}): {contact.address}")
    for code in sorted(set(regime.agencies) - {c.agency for c in found}):
        say(f"Chưa có địa chỉ: {regime.agencies[code].name}")


def _table(*headers: str) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for header in headers:
        table.add_column(header)
    return table


def _dmy(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def with_progress(paths: list[Path]) -> Iterator[Path]:
    """Yield the paths, with a bar on a terminal if there are more than a few."""
    shown = err.is_terminal and len(paths) > 3
    bar: AbstractContextManager[Any] = (
        Progress(console=err, transient=True) if shown else nullcontext()
    )
    with bar as progress:
        task = progress.add_task("", total=len(paths)) if progress else None
        for path in paths:
            yield path
            if progress:
                progress.advance(task)
