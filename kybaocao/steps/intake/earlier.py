"""The figures that stood before a report, across the mergers of agencies in between."""

from collections.abc import Mapping, Sequence
from datetime import date

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cells.phrases import joined
from kybaocao.rules.check.history import (
    Before,
    Earlier,
    against_last,
    own_numbers,
    reports_before,
    split_figures,
    together,
)
from kybaocao.rules.check.relations import Place
from kybaocao.rules.check.subjects import of_figures
from kybaocao.rules.check.trend import Past, comparable, jumps
from kybaocao.rules.cycle.obligation import term
from kybaocao.rules.finding import Finding, in_order
from kybaocao.rules.form.form import Figure
from kybaocao.rules.regime.agency import Succession
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.succession import Forerunners, forerunners
from kybaocao.runtime import Office
from kybaocao.steps.figures import figures_of
from kybaocao.steps.intake.judge import Report
from kybaocao.steps.standings import Reports


def history_findings(
    office: Office,
    report: Report,
    figures: Sequence[Figure],
    reports: Reports,
    sheets: Mapping[str, str] | None = None,
    told: Sequence[Finding] = (),
) -> list[Finding]:
    """Return the warnings where a report's figures do not fit those accepted before it.

    Where a part of an agency's work moved in between, one warning says so instead. `sheets`
    names the sheets as they stand in the file (`Judgement.sheets`). Figures at whose cells
    something was `told` already are not held against anything.
    """
    rules = report.form.rules
    names = dict(sheets or {sheet.id: sheet.name for sheet in report.form.sheets})
    doubtful = _doubtful(figures, names, told)
    far = _jumps(office, report, figures, reports, names)
    findings = [one for place, one in far.items() if one is not None and place not in doubtful]
    if rules.carried or rules.cumulative is not None:
        findings += _not_following(office, report, figures, reports, names, doubtful | far.keys())
    named = of_figures(findings, report.form, figures, names)
    return in_order(named, list(names.values()))


def all_findings(
    found: Sequence[Finding], history: Sequence[Finding], sheets: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return what a file's checks and its history found, in the order of the file's cells."""
    return tuple(in_order((*found, *history), list(sheets.values())))


def _doubtful(
    figures: Sequence[Figure], names: Mapping[str, str], told: Sequence[Finding]
) -> set[Place]:
    cells = {(finding.sheet, finding.cell) for finding in told if finding.cell}
    return {(f.row, f.column) for f in figures if (names.get(f.sheet, ""), f.cell) in cells}


def _not_following(
    office: Office,
    report: Report,
    figures: Sequence[Figure],
    reports: Reports,
    names: Mapping[str, str],
    doubtful: set[Place],
) -> list[Finding]:
    """Return the warnings where figures do not go on from the reports before this."""
    earlier, split = reports_earlier(office, report, reports)
    form, period = report.form, report.period
    findings = list(against_last(form, period, figures, earlier, names, doubtful))
    if split:
        findings.append(split_figures(report.regime.agencies, split))
    return findings


def reports_earlier(
    office: Office, report: Report, reports: Reports
) -> tuple[list[Earlier], list[Succession]]:
    """Return the figures accepted before that a report goes on from.

    The second are the moves of a part of an agency's work, which only a person can split
    figures by; where there are any, the figures of that report are left out.
    """
    earlier: list[Earlier] = []
    split: list[Succession] = []
    for before in reports_before(report.regime, report.duty, report.period):
        whose = _forerunners(office, report, before)
        if whose.split:
            split += [move for move in whose.split if move not in split]
        elif (found := _accepted(office, report, before, whose.agencies, reports)) is not None:
            earlier.append(found)
    return earlier, split


def _jumps(
    office: Office,
    report: Report,
    figures: Sequence[Figure],
    reports: Reports,
    names: Mapping[str, str],
) -> dict[Place, Finding | None]:
    """Return the figures far from what the agency alone gave before, with their warnings."""
    periods = comparable(report.period) if report.form.rules.jump else []
    if not periods:
        return {}
    regime, duty, agency = report.regime.id, report.duty.id, report.agency.code
    past: list[Past] = []
    for period in periods:
        stands = reports.find(regime, duty, period.id, agency)
        if stands is None or stands.accepted is None:
            continue
        if _is_same_agency(office, report, period):
            stored = _alike(office, report, [stands.accepted.id])[0]
            past.append(Past(period, own_numbers(stored)))
    return jumps(report.form, report.period, figures, past, names)


def _is_same_agency(office: Office, report: Report, period: Period) -> bool:
    """Return if nothing came to the agency or went from it since its report for `period`."""
    whose = _forerunners(office, report, Before(report.duty, period, is_adjacent=False))
    return not whose.split and list(whose.agencies) == [report.agency.code]


def _forerunners(office: Office, report: Report, before: Before) -> Forerunners:
    due = _last_day(office, report, report.duty, report.period)
    due_before = _last_day(office, report, before.duty, before.period)
    return forerunners(report.regime, report.agency.code, due_before, due)


def _last_day(office: Office, report: Report, duty: Duty, period: Period) -> date:
    """Return the day on which agencies of the sender's level owe a period."""
    of_term = term(report.regime, duty, period, office.config.calendar)
    return of_term.due_for(report.agency.level).last_day


def _alike(office: Office, report: Report, ids: Sequence[int]) -> list[tuple[Figure, ...]]:
    """Return the figures of earlier reports in the units of the form that a report is on."""
    form = report.form
    units = {row.code: row.unit for _, row in office.config.form(form.id).indicators()}
    apart = {r.code for _, r in form.indicators() if r.unit != units.get(r.code, r.unit)}
    found = figures_of(office, form.id, ids)
    return [tuple(f for f in found[one].figures if f.row not in apart) for one in ids]


def _accepted(
    office: Office, report: Report, before: Before, codes: Sequence[str], reports: Reports
) -> Earlier | None:
    """Return the figures of these agencies together; None unless each has an accepted report."""
    counted = []
    for code in codes:
        stands = reports.find(report.regime.id, before.duty.id, before.period.id, code)
        if stands is None or stands.accepted is None:
            return None
        counted.append(stands.accepted.id)
    if not counted:
        return None
    figures = _alike(office, report, counted)
    whose = ""
    if list(codes) != [report.agency.code]:
        names = [report.regime.agencies[code].name for code in codes]
        whose = f"{'cộng số' if len(names) > 1 else 'số'} của {joined(names)}"
    numbers = together(report.form, figures)
    return Earlier(before.period, numbers, before.is_adjacent, whose)
