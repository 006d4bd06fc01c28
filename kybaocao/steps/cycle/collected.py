"""A term's reports by who collects them, and the tables and the workbook that they make."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kybaocao.adapters.workbooks import report
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.report.changes import Counted, content
from kybaocao.rules.report.consolidation import Consolidation, consolidate
from kybaocao.rules.report.received import ReceivedReport
from kybaocao.runtime import Office
from kybaocao.steps.figures import figures_of
from kybaocao.steps.standings import Standpoint


def by_collector(found: Sequence[Standpoint]) -> dict[str, list[Standpoint]]:
    """Return a term's reports by the code of the agency that collects them."""
    groups: dict[str, list[Standpoint]] = {}
    for stands in found:
        collector = stands.regime.collector_of(stands.duty, stands.agency)
        groups.setdefault(collector, []).append(stands)
    return groups


def consolidation_of(
    office: Office, duty: Duty, frequency: Frequency, found: Sequence[Standpoint]
) -> Consolidation:
    """Return the accepted ones of a collector's reports as tables."""
    counted = {s.agency.code: a for s in found if (a := s.accepted)}
    figures = figures_of(office, duty.form, [a.id for a in counted.values()])
    reports = {
        agency: ReceivedReport(
            agency,
            a.version,
            a.file_name,
            a.sha256,
            a.received_at,
            figures[a.id].figures,
            figures[a.id].apart,
            figures[a.id].lacks,
        )
        for agency, a in counted.items()
    }
    return consolidate(
        office.config.form(duty.form),
        [s.agency for s in found],
        {s.agency.code: s.standing for s in found},
        reports,
        frequency,
        found[0].regime.successions if found else (),
    )


def workbook_of(
    office: Office,
    regime: Regime,
    duty: Duty,
    term: Term,
    found: Sequence[Standpoint],
    now: datetime,
) -> bytes:
    """Return the workbook of a collector's reports as they stand at `now`; nothing is recorded.

    `duty` is the one that these agencies owe (`Regime.owed_by`).
    """
    consolidation = consolidation_of(office, duty, term.period.frequency, found)
    return report.report(consolidation, office.config.form(duty.form), regime, duty, term, now)


def content_of(office: Office, duty: Duty, found: Sequence[Standpoint]) -> dict[str, Any]:
    """Return what identifies a consolidation of a collector's reports as they stand."""
    counted = [
        Counted(s.agency, s.standing.state, s.accepted.id if s.accepted else None) for s in found
    ]
    return content(office.config.form(duty.form), duty.name, counted)
