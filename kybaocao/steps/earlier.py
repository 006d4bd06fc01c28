"""The figures that stood before a report, across the mergers of agencies in between."""

from collections.abc import Sequence
from datetime import date, datetime

from kybaocao.rules.agency import Succession
from kybaocao.rules.duty import Duty
from kybaocao.rules.finding import Finding
from kybaocao.rules.form import Figure
from kybaocao.rules.history import (
    Before,
    Earlier,
    against_last,
    reports_before,
    split_figures,
    together,
)
from kybaocao.rules.obligation import term
from kybaocao.rules.period import Period
from kybaocao.rules.succession import Forerunners, forerunners
from kybaocao.rules.wording import joined
from kybaocao.runtime import Office
from kybaocao.steps.judge import Report
from kybaocao.steps.standings import standings


def history_findings(
    office: Office, report: Report, figures: Sequence[Figure], now: datetime
) -> list[Finding]:
    """Return the warnings where a report's figures do not fit those accepted before it.

    Where a part of an agency's work moved in between, one warning says so instead.
    """
    rules = report.form.rules
    if not rules.carried and rules.cumulative is None:
        return []
    earlier: list[Earlier] = []
    split: list[Succession] = []
    for before in reports_before(report.regime, report.duty, report.period):
        whose = _forerunners(office, report, before)
        if whose.split:
            split += [move for move in whose.split if move not in split]
        elif (found := _accepted(office, report, before, whose.agencies, now)) is not None:
            earlier.append(found)
    findings = list(against_last(report.form, report.period, figures, earlier))
    if split:
        findings.append(split_figures(report.regime.agencies, split))
    return findings


def _forerunners(office: Office, report: Report, before: Before) -> Forerunners:
    due = _last_day(office, report, report.duty, report.period)
    due_before = _last_day(office, report, before.duty, before.period)
    return forerunners(report.regime, report.agency.code, due_before, due)


def _last_day(office: Office, report: Report, duty: Duty, period: Period) -> date:
    """Return the day on which agencies of the sender's level owe a period."""
    of_term = term(report.regime, duty, period, office.config.calendar)
    return of_term.due_for(report.agency.level).last_day


def _accepted(
    office: Office, report: Report, before: Before, codes: Sequence[str], now: datetime
) -> Earlier | None:
    """Return the figures of these agencies together; None unless each has an accepted report."""
    counted = []
    for code in codes:
        of = {"duty": before.duty.id, "period": before.period.id, "agency": code}
        found = standings(office, now, regime=report.regime.id, **of)
        if not found or found[0].accepted is None:
            return None
        counted.append(found[0].accepted.id)
    if not counted:
        return None
    figures = office.ledger.figures(counted)
    whose = ""
    if list(codes) != [report.agency.code]:
        names = [report.regime.agencies[code].name for code in codes]
        whose = f"{'cộng số' if len(names) > 1 else 'số'} của {joined(names)}"
    numbers = together(report.form, [figures[one] for one in counted])
    return Earlier(before.period, numbers, before.is_adjacent, whose)
