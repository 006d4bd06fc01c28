"""One term: how its reports stand, and what was accepted of them so far, made into tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.access import Visitor
from kybaocao.rules.regime.duty import Duty, Handling
from kybaocao.rules.regime.names import agency_name
from kybaocao.rules.report.preview import SheetSums, preview
from kybaocao.runtime import Office
from kybaocao.steps.cycle.collected import by_collector, consolidation_of, workbook_of
from kybaocao.steps.standings import Standpoint
from kybaocao.steps.view.board import Tally, tally
from kybaocao.steps.visible import reports_of_term

# A page with more figures than these is slow on an old machine: they are shown sheet by sheet.
MOST_FIGURES = 3000


@dataclass(frozen=True)
class Collector:
    """Who collects some of a term's reports, and how these stand."""

    code: str
    name: str
    tally: Tally


@dataclass(frozen=True)
class TermView:
    """A term: its counts, its reports by level, who collects them, and the figures so far.

    `chosen` is the collector whose reports are shown, None while there are several and none
    was chosen. `consolidates` says whether the reports are made into one.
    """

    tally: Tally
    groups: tuple[tuple[str, tuple[Standpoint, ...]], ...]
    collectors: tuple[Collector, ...]
    chosen: Collector | None
    consolidates: bool
    sheets: tuple[SheetSums, ...]


def term_view(
    office: Office,
    visitor: Visitor,
    duty_id: str,
    period_id: str,
    collector: str,
    sheet: str,
    now: datetime,
) -> TermView | None:
    """Return a term as a visitor may see it; None if they may see nothing of it.

    With a `collector` (a code) it is about those reports alone. The figures of each agency are
    there for all sheets if they are few, else for `sheet`.
    """
    found = reports_of_term(office, visitor, duty_id, period_id, now)
    collected = by_collector(found)
    if not found or (collector and collector not in collected):
        return None
    regime = found[0].regime
    collectors = {
        code: Collector(code, agency_name(regime, code), tally(group))
        for code, group in collected.items()
    }
    if len(collected) == 1:
        collector = next(iter(collected))
    shown = collected[collector] if collector else found
    consolidates = found[0].duty.handling is Handling.CONSOLIDATE
    return TermView(
        tally=tally(shown),
        groups=tuple(
            (level.heading, rows)
            for level in regime.levels.values()
            if (rows := tuple(s for s in shown if s.agency.level == level.id))
        ),
        collectors=tuple(collectors.values()),
        chosen=collectors.get(collector),
        consolidates=consolidates,
        sheets=tuple(_sheets(office, shown, sheet) if collector and consolidates else ()),
    )


def term_workbook(
    office: Office,
    visitor: Visitor,
    duty_id: str,
    period_id: str,
    collector: str,
    now: datetime,
) -> tuple[str, bytes] | None:
    """Return the name and the bytes of a term's workbook as things stand at `now`.

    Nothing is recorded or delivered. None if the visitor may see nothing of the term, it is
    not consolidated, or several collect it and `collector` (a code) names none of them.
    """
    found = reports_of_term(office, visitor, duty_id, period_id, now)
    collected = by_collector(found)
    if len(collected) == 1 and not collector:
        collector = next(iter(collected))
    group = collected.get(collector)
    if group is None or group[0].duty.handling is not Handling.CONSOLIDATE:
        return None
    first = group[0]
    regime = first.regime
    asked, term = office.asked(regime, regime.duty(duty_id), first.period)
    duty = regime.owed_by(asked, first.agency)
    data = workbook_of(office, regime, duty, term, group, now)
    several = f"_{collector}" if collected.keys() - {collector} else ""
    stamp = f"{now.astimezone(VIETNAM):%Y%m%d-%H%M}"
    name = f"{regime.id}_{duty_id}_{period_id}{several}_{stamp}_{_share(tally(group))}.xlsx"
    return name, data


def _share(counted: Tally) -> str:
    number = counted.number
    share = f"{number['accepted']}-{number['total']}"
    return f"TAM-THOI-{share}" if counted.is_partial else share


def _sheets(office: Office, found: Sequence[Standpoint], wanted: str) -> list[SheetSums]:
    duty: Duty = found[0].duty
    form: Form = office.config.form(duty.form)
    frequency = found[0].period.frequency
    columns = sum(len(row.columns) for _, row in form.indicators())
    is_small = len(found) * columns <= MOST_FIGURES
    ids = {sheet.id for sheet in form.sheets}
    matrices = ids if is_small else ids & {wanted}
    tables = consolidation_of(office, duty, frequency, found)
    levels = found[0].regime.levels.values()
    return preview(tables, form, frequency, matrices, levels)
