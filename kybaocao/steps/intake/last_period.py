"""A file of an earlier period, sent where a new report is awaited, or with that one's figures."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from kybaocao.adapters.ledger import Owed
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.codes import Code
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Figure
from kybaocao.rules.regime.names import report_title
from kybaocao.runtime import Office
from kybaocao.steps.intake.judge import Judged
from kybaocao.steps.standings import Standpoint, standings

# Fewer figures than this can be alike by chance.
_ENOUGH = 5


def against_earlier(
    office: Office, judged: Judged, owed: Owed | None, sha256: str, now: datetime
) -> tuple[Judged, Owed | None]:
    """Return the verdict on a file in the light of what its agency sent for other periods.

    A file of a period whose report was accepted with the same bytes or figures, sent when a
    later one is open and missing, is the wrong file: a person must see it, and no report gets
    it. Figures all like those of the last accepted report are a warning.
    """
    report = judged.report
    if owed is None or report is None or judged.verdict is not Verdict.ACCEPTED:
        return judged, owed
    of = {"regime": owed.regime, "duty": owed.duty, "agency": owed.agency}
    alike = [
        s for s in standings(office, now, **of) if s.period.frequency is report.period.frequency
    ]
    mine = next((s for s in alike if s.owed.id == owed.id), None)
    today = now.astimezone(VIETNAM).date()
    later = [
        s
        for s in alike
        if s.period > report.period and s.owed.opens <= today and not s.standing.is_settled
    ]
    if mine is not None and mine.accepted is not None and later:
        stored = office.ledger.figures([mine.accepted.id])[mine.accepted.id]
        if mine.accepted.sha256 == sha256 or _all(stored) == _all(judged.figures):
            finding = _last_file(judged, later[0])
            seen = replace(judged, verdict=Verdict.UNREADABLE, findings=(finding,), figures=())
            return seen, None
    before = [s for s in alike if s.period < report.period and s.accepted is not None]
    if before:
        last = max(before, key=lambda s: s.period)
        if last.accepted is not None:
            stored = office.ledger.figures([last.accepted.id])[last.accepted.id]
            numbers = _numbers(judged.figures)
            if sum(map(bool, numbers.values())) >= _ENOUGH and numbers == _numbers(stored):
                findings = (_same_figures(last), *judged.findings)
                return replace(judged, findings=findings), owed
    return judged, owed


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
