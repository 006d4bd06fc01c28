"""Consolidate a term's accepted reports into the provincial workbook, on any day."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kybaocao.adapters.archive import write_through
from kybaocao.adapters.ledger import Draft, Made
from kybaocao.adapters.workbooks import report
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Frequency
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable
from kybaocao.rules.report.consolidation import Consolidation, consolidate
from kybaocao.rules.report.received import Report
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.standings import Standpoint, counts, standings


@dataclass(frozen=True)
class Consolidated:
    """A consolidation in the ledger, where its workbook lies, and whether it is new."""

    made: Made
    path: Path
    is_new: bool


def consolidate_term(
    office: Office, regime: Regime, duty: Duty, term: Term, now: datetime
) -> list[Consolidated]:
    """Return the term's consolidations as they stand at `now`, one for each who collects.

    One is made anew only if anything changed. Its workbook is in the archive before the
    ledger speaks of it; a copy with a name that people understand lies in the data folder.
    """
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    return [
        _consolidated(
            office, regime, regime.owed_by(duty, group[0].agency), term, collector, group, now
        )
        for collector, group in by_collector(standings(office, now, **of)).items()
    ]


def by_collector(found: Sequence[Standpoint]) -> dict[str, list[Standpoint]]:
    """Return a term's reports by the code of the agency that collects them."""
    groups: dict[str, list[Standpoint]] = {}
    for stands in found:
        collector = stands.regime.collector_of(stands.duty, stands.agency)
        groups.setdefault(collector, []).append(stands)
    return groups


def _consolidated(
    office: Office,
    regime: Regime,
    duty: Duty,
    term: Term,
    collector: str,
    found: list[Standpoint],
    now: datetime,
) -> Consolidated:
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    inputs = _digest(collector, found)
    newest = office.ledger.consolidation(**of, recipient=collector)
    if newest is not None and newest.inputs == inputs:
        data = office.archive.get(newest.sha256)
        return Consolidated(newest, _laid_out(office, newest, data), is_new=False)
    data = workbook_of(office, regime, duty, term, found, now)
    number = counts(found)
    stamp = f"{now.astimezone(VIETNAM):%Y%m%d-%H%M}"
    sha256 = office.archive.put(data)
    # Two made within one minute of other reports must not share a name.
    counted = f"{number['accepted']}-{number['total']}_{sha256[:6]}"
    name = f"{regime.id}_{duty.id}_{term.period.id}_{stamp}_{counted}.xlsx"
    made = office.ledger.record_consolidation(
        Made(
            id=0,
            regime=regime.id,
            duty=duty.id,
            period=term.period.id,
            recipient=collector,
            as_of=now,
            inputs=inputs,
            accepted=number["accepted"],
            owed=number["total"],
            sha256=sha256,
            file_name=name,
        ),
        now,
    )
    return Consolidated(made, _laid_out(office, made, data), is_new=True)


def deliveries(office: Office, made: Made) -> list[Draft]:
    """Return the letters that hand a consolidated workbook to who collects, or to its heir."""
    draft = Draft(
        Kind.DELIVERY,
        "",
        made.regime,
        made.duty,
        made.period,
        made.recipient,
        f"c{made.id}",
        consolidation_id=made.id,
        attachment_name=made.file_name,
        attachment_sha256=made.sha256,
    )
    regime, today = office.regime(made.regime), made.as_of.astimezone(VIETNAM).date()
    answers = answerable(regime, made.recipient, today)
    return to_contacts(office.ledger, draft, answers.code if answers else made.recipient)


def consolidation_of(
    office: Office, duty: Duty, frequency: Frequency, found: Sequence[Standpoint]
) -> Consolidation:
    """Return the accepted ones of a collector's reports as tables."""
    counted = {s.agency.code: a for s in found if (a := s.accepted)}
    figures = office.ledger.figures(a.id for a in counted.values())
    reports = {
        agency: Report(agency, a.version, a.file_name, a.sha256, a.received_at, figures[a.id])
        for agency, a in counted.items()
    }
    return consolidate(
        office.config.form(duty.form),
        [s.agency for s in found],
        {s.agency.code: s.standing for s in found},
        reports,
        frequency,
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
    form = office.config.form(duty.form)
    return report.report(consolidation, form, regime, duty, term, now)


def _digest(collector: str, found: list[Standpoint]) -> str:
    """Return what identifies the inputs: who collects, who owes, what counts, how each stands.

    The number of decisions is among them, so that what comes back to an earlier state, as when
    a waiver is withdrawn, is made and handed over anew.
    """
    lines = [
        f"{s.agency.code} {s.accepted.id if s.accepted else '-'} {s.standing.state} {len(s.words)}"
        for s in found
    ]
    lines.append(f"= {collector}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _laid_out(office: Office, made: Made, data: bytes) -> Path:
    folder = office.settings.data_folder / "out" / made.regime / made.duty / made.period
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / made.file_name
    if not path.exists():
        write_through(path, data, mode=0o644)
    return path
