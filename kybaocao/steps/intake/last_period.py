"""A file of an earlier period, sent where a new report is awaited, or with that one's figures."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Figure
from kybaocao.rules.regime.names import report_title
from kybaocao.steps.intake.judge import Judged
from kybaocao.steps.standings import Reports, Standpoint

# Fewer figures than this can be alike by chance.
_ENOUGH = 5


def against_earlier(judged: Judged, mine: Standpoint, sha256: str, reports: Reports) -> Judged:
    """Return the verdict on a file in the light of what its agency sent for other periods.

    It becomes unreadable if the file is of a period whose report was accepted with the same
    bytes or figures, sent when a later one is open and missing: it is the wrong file, a person
    must see it, and no report gets it. Figures all like those of the last accepted report are
    a warning.
    """
    report = judged.report
    if report is None or judged.verdict is not Verdict.ACCEPTED:
        return judged
    alike = [
        s
        for s in reports.of(mine.owed.regime, mine.owed.agency)
        if s.owed.duty == mine.owed.duty and s.period.frequency is report.period.frequency
    ]
    today = reports.now.astimezone(VIETNAM).date()
    later = [
        s
        for s in alike
        if s.period > report.period and s.owed.opens <= today and not s.standing.is_settled
    ]
    if mine.accepted is not None and later:
        stored = reports.figures(mine.accepted)
        if mine.accepted.sha256 == sha256 or _all(stored) == _all(judged.figures):
            finding = _last_file(judged, later[0])
            return replace(judged, verdict=Verdict.UNREADABLE, findings=(finding,), figures=())
    before = [s for s in alike if s.period < report.period and s.accepted is not None]
    last = max(before, key=lambda s: s.period, default=None)
    if last is not None and last.accepted is not None:
        numbers = _numbers(judged.figures)
        is_enough = sum(map(bool, numbers.values())) >= _ENOUGH
        if is_enough and numbers == _numbers(reports.figures(last.accepted)):
            return replace(judged, findings=(_same_figures(last), *judged.findings))
    return judged


def _all(figures: Iterable[Figure]) -> Mapping[tuple[str, str, str], float | str | None]:
    return {(f.sheet, f.row, f.column): f.value for f in figures}


def _numbers(figures: Iterable[Figure]) -> Mapping[tuple[str, str], float]:
    return {
        (f.row, f.column): f.value for f in figures if f.column and isinstance(f.value, int | float)
    }


def _last_file(judged: Judged, awaited: Standpoint) -> Finding:
    wanted = report_title(awaited.duty.name, awaited.period.label)
    held = judged.report.words if judged.report else ""
    return Code.LAST_PERIOD_FILE.finding(
        "",
        "",
        f"đây là {held}, đã nhận trước đó",
        wanted,
        f"Nếu gửi {wanted}, điền vào tệp biểu mẫu đã gửi cho kỳ này; báo cáo kỳ trước không đổi.",
    )


def _same_figures(last: Standpoint) -> Finding:
    return Code.SAME_AS_LAST.finding(
        "",
        "",
        f"mọi số liệu giống hệt báo cáo {last.period.label} đã nhận",
        "số liệu của kỳ này",
        "Kiểm tra xem có gửi nhầm số liệu của kỳ trước không; nếu nhầm thì gửi lại.",
    )
