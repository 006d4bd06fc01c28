"""What the commands print: for officials in Vietnamese, for other programs as JSON."""

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from kybaocao.adapters.ledger import Address
from kybaocao.rules.cells.phrases import capital, quoted
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.cycle.waiver import Exemption, Waiver
from kybaocao.rules.finding import Finding, needs_first
from kybaocao.rules.regime.contact import ROLE_NAMES
from kybaocao.rules.regime.names import document_words
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.register import REMINDERS, Register
from kybaocao.rules.regime.wording import SHIFTS, source_words
from kybaocao.steps.intake.judge import Judged
from kybaocao.steps.view.calendar import CalendarEntry
from kybaocao.steps.view.status import Overview
from kybaocao.steps.view.waiting import Waiting

VERDICTS = {
    Verdict.ACCEPTED: "đạt",
    Verdict.RETURNED: "trả lại",
    Verdict.UNREADABLE: "không đọc được",
}

EXEMPTIONS = {
    Exemption.EXTENSION: "Gia hạn",
    Exemption.WAIVER: "Miễn",
    Exemption.WITHDRAWAL: "Thu hồi",
}

# Control characters, line and paragraph breaks, and what sets the direction of writing.
_ACTING = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")

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
        shown = _ACTING.sub(" ", line)
        err.print(shown if shown.startswith(" ") else f"kybaocao: {shown}", markup=False)


def say(sentence: str, style: str = "") -> None:
    """Print one sentence on one line, after an empty one if it begins with a line break.

    A file's name moves no cursor, colours nothing and turns no writing round.
    """
    lead = "\n" if sentence.startswith("\n") else ""
    out.print(lead + _ACTING.sub(" ", sentence.removeprefix(lead)), style=style, markup=False)


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
            words = (row.agency, row.state, str(row.versions or ""), row.note)
            table.add_row(*map(Text, words))
        out.print(table)
    if not found.terms:
        say("Chưa mở kỳ báo cáo nào.")
    for line in found.waiting:
        say(line)
    if found.unsent:
        say(f"Thư chờ gửi: {found.unsent}")
    for line in found.mail:
        say(line)


def show_judged(path: Path, judged: Judged, as_json: bool) -> None:
    if as_json:
        shown = {
            "file": str(path),
            "verdict": judged.verdict.value,
            "findings": [f.__dict__ for f in needs_first(judged.findings)],
        }
        print(json.dumps(shown, ensure_ascii=False), flush=True)
        return
    say(f"{path}: {VERDICTS[judged.verdict]}")
    for finding in needs_first(judged.findings):
        say(f"  {_sentence(finding)}")


def _sentence(finding: Finding) -> str:
    kind = "Lỗi" if finding.is_blocking else "Cảnh báo"
    return f"{kind} – {finding.line}"


def show_calendar(regime: Regime, found: list[CalendarEntry]) -> None:
    """Print a regime's calendar, duty by duty, then what it assumes, each thing once."""
    if not found:
        say("Không có báo cáo nào đến hạn trong thời gian này.")
        return
    numbers = {a.text: n for n, a in enumerate(regime.assumptions, 1)}
    say(f"{regime.name} ({document_words(regime.document)})", "bold")
    for duty in dict.fromkeys(e.duty for e in found):
        _show_duty([e for e in found if e.duty == duty], numbers)
    source = source_words(regime.days_off.source, regime.assumptions)
    say(f"\nHạn rơi vào ngày nghỉ: {SHIFTS[regime.days_off.rule]} ({source})")
    for text in {e.last_day.year: e.provisional for e in found if e.provisional}.items():
        _paragraph("* Lịch nghỉ năm {} là tạm tính: {}".format(*text))
    for assumption in regime.assumptions:
        if any(assumption.text in e.assumptions for e in found):
            _paragraph(f"Giả định {numbers[assumption.text]}: {assumption.text}")


def _show_duty(found: list[CalendarEntry], numbers: Mapping[str, int]) -> None:
    first = found[0]
    say(f"\n{first.duty}: {first.duty_name}, gửi {first.recipient}", "bold")
    say(f"Căn cứ: {first.clause}: {quoted(first.stated)}")
    headers = ["Kỳ", "Số liệu từ", "đến", "Mở kỳ", "Hạn (hết ngày)", "Đơn vị"]
    tiered = any(e.tier for e in found)
    table = _table(*headers, *(["Đối tượng"] if tiered else []))
    for e in found:
        mark = "*" if e.provisional else ""
        window = (_dmy(e.window_first), _dmy(e.window_last))
        row = [e.period_label, *window, _dmy(e.opens) + mark, _last_day(e), str(e.agencies)]
        table.add_row(*row, *([capital(e.who)] if tiered else []))
    out.print(table)
    if first.assumptions:
        say(f"Giả định: {', '.join(str(numbers[text]) for text in first.assumptions)}")


def _last_day(e: CalendarEntry) -> str:
    """Return the last day in time, whether it may still change, and why it is an odd one."""
    mark = "*" if e.provisional and e.rests_on_days_off else ""
    day_off = f" ({e.day_off})" if e.day_off else ""
    moved = f" (dời từ {_dmy(e.stated_day)}, {e.stated_day_off})" if e.is_moved else ""
    return f"{_dmy(e.last_day)}{mark}{day_off}{moved}"


def show_register(found: Register) -> None:
    """Print a regime's register: its rules, each duty, what it assumes, and what else it has."""
    say(f"{found.name}", "bold")
    _facts(
        ("Văn bản", found.document),
        ("Trích yếu", found.title),
        ("Áp dụng", found.in_force),
        ("Cơ quan tổng hợp", found.secretariat),
        ("Hạn vào ngày nghỉ", f"{found.days_off} ({found.days_off_source})"),
        ("Bản sửa sau khi trả lại", found.corrected),
        *([(REMINDERS, found.common_reminders)] if found.common_reminders else []),
    )
    for duty in found.duties:
        say(f"\n{found.id}/{duty.id}: {duty.name}", "bold")
        _facts(*found.facts_of(duty))
    if found.assumptions:
        say("\nGiả định (văn bản không quy định rõ)", "bold")
        _facts(*((str(a.number), a.text) for a in found.assumptions))
    if found.successions:
        say("\nSắp xếp tổ chức", "bold")
        _rows(("Ngày", "Đơn vị cũ", "Đơn vị mới", "Phần việc", "Căn cứ"), found.succession_rows)
    if found.tasks:
        say("\nNhiệm vụ", "bold")
        _rows(("Số", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn"), found.task_rows)
    say(f"\n{len(found.agencies)} cơ quan, đơn vị, liệt kê trong bản Markdown và JSON.")


def _facts(*facts: tuple[str, str]) -> None:
    """Print names with their values, which wrap at words on a terminal."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, value in facts:
        table.add_row(Text(name), Text(value))
    out.print(table, soft_wrap=False)


def _rows(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = _table(*headers)
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table, soft_wrap=False)


def _paragraph(text: str) -> None:
    """Print a text that is wrapped at words on a terminal, and left alone elsewhere."""
    out.print(text, markup=False, soft_wrap=not out.is_terminal)


def show_contacts(regime: Regime, found: list[Address], as_json: bool) -> None:
    """Print a regime's contacts line by line, and the agencies that have none."""
    if as_json:
        keys = ("agency", "role", "address", "name", "telephone")
        show_json([{key: getattr(contact, key) for key in keys} for contact in found])
        return
    for contact in found:
        agency = regime.agencies.get(contact.agency)
        name = agency.name if agency else contact.agency
        role = ROLE_NAMES[contact.role]
        phone = f", điện thoại {contact.telephone}" if contact.telephone else ""
        say(f"{name} ({role}): {contact.address}{phone}")
    for code in sorted(set(regime.agencies) - {c.agency for c in found}):
        say(f"Chưa có địa chỉ: {regime.agencies[code].name}")


def show_waiting(found: list[Waiting], as_json: bool) -> None:
    """Print the files that wait for a person, oldest first."""
    if as_json:
        show_json(to_jsonable_python(found))
        return
    for each in found:
        came = f"{each.submission.received_at:%H:%M %d/%m/%Y}"
        whose = each.submission.regime or "chưa rõ thuộc chế độ báo cáo nào"
        say(f"Số {each.submission.id}: {each.submission.file_name}, nhận lúc {came} ({whose})")
        say(f"  {each.reason}")
        for ruling in each.asked:
            say(f"  Đã hỏi {ruling.target} ngày {_dmy(ruling.at)}: {ruling.reason}")
    if not found:
        say("Không có tệp nào chờ xử lý.")


def show_decisions(
    regime: Regime, granted: list[Waiver], asked: list[Request], as_json: bool
) -> None:
    """Print what was granted and what was asked for in a regime, oldest first."""
    if as_json:
        show_json(to_jsonable_python({"granted": granted, "asked": asked}))
        return
    for waiver in granted:
        agency = regime.agencies.get(waiver.agency)
        name = agency.name if agency else waiver.agency
        report = f"{waiver.duty} {waiver.period or '(mọi kỳ)'}"
        until = f", đến hết ngày {_dmy(waiver.until)}" if waiver.until else ""
        say(f"{_dmy(waiver.at)} {EXEMPTIONS[waiver.kind]}: {name}, {report}{until}.")
        say(f"  {waiver.reason} ({waiver.granted_by})")
    for request in asked:
        number, last_day = len(request.agencies), _dmy(request.last_day)
        report = f"{request.duty} {request.period.id}"
        say(f"{_dmy(request.at)} Yêu cầu {report}: {request.title}, {number} đơn vị.")
        say(f"  Hạn hết ngày {last_day}. {request.reason} ({request.granted_by})")
    if not granted and not asked:
        say("Chưa có gia hạn, miễn hay yêu cầu nào.")


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
