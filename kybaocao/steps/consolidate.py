"""Consolidate a term's accepted reports into the provincial workbook, on any day."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kybaocao.adapters import workbook_report
from kybaocao.adapters.archive import write_through
from kybaocao.adapters.ledger import Draft, Made
from kybaocao.rules.consolidation import Report, consolidate
from kybaocao.rules.duty import Duty
from kybaocao.rules.obligation import VIETNAM, Term
from kybaocao.rules.regime import Regime
from kybaocao.rules.reminder import Kind
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.standings import Standpoint, standings


@dataclass(frozen=True)
class Consolidated:
    """A consolidation in the ledger, where its workbook lies, and whether it is new."""

    made: Made
    path: Path
    is_new: bool


def consolidate_term(
    office: Office, regime: Regime, duty: Duty, term: Term, now: datetime
) -> Consolidated:
    """Return the term's consolidation as it stands at `now`, made anew only if anything changed.

    The workbook is in the archive before the ledger speaks of it; a copy with a name that
    people understand lies in the data folder.
    """
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    found = standings(office, now, **of)
    inputs = _digest(found)
    newest = office.ledger.consolidation(**of)
    if newest is not None and newest.inputs == inputs:
        data = office.archive.get(newest.sha256)
        return Consolidated(newest, _laid_out(office, newest, data), is_new=False)
    data = _workbook(office, regime, duty, term, found, now)
    accepted = sum(s.standing.is_settled for s in found)
    stamp = f"{now.astimezone(VIETNAM):%Y%m%d-%H%M}"
    sha256 = office.archive.put(data)
    # Two made within one minute of other reports must not share a name.
    counted = f"{accepted}-{len(found)}_{sha256[:6]}"
    name = f"{regime.id}_{duty.id}_{term.period.id}_{stamp}_{counted}.xlsx"
    made = office.ledger.record_consolidation(
        Made(
            0, regime.id, duty.id, term.period.id, now, inputs, accepted, len(found), sha256, name
        ),
        now,
    )
    return Consolidated(made, _laid_out(office, made, data), is_new=True)


def deliveries(office: Office, regime: Regime, duty: Duty, made: Made) -> list[Draft]:
    """Return the letters that hand a consolidated workbook to the duty's recipient."""
    draft = Draft(
        Kind.DELIVERY,
        "",
        made.regime,
        made.duty,
        made.period,
        duty.recipient,
        f"c{made.id}",
        consolidation_id=made.id,
        attachment_name=made.file_name,
        attachment_sha256=made.sha256,
    )
    return to_contacts(office.ledger, draft, duty.recipient)


def _workbook(
    office: Office,
    regime: Regime,
    duty: Duty,
    term: Term,
    found: list[Standpoint],
    now: datetime,
) -> bytes:
    counted = {s.agency.code: a for s in found if (a := s.accepted)}
    figures = office.ledger.figures(a.id for a in counted.values())
    reports = {
        agency: Report(agency, a.version, a.file_name, a.sha256, a.received_at, figures[a.id])
        for agency, a in counted.items()
    }
    form = office.config.form(duty.form)
    consolidation = consolidate(
        form,
        [s.agency for s in found],
        {s.agency.code: s.standing for s in found},
        reports,
        term.period.frequency,
    )
    return workbook_report.report(consolidation, form, regime, duty, term, now)


def _digest(found: list[Standpoint]) -> str:
    """Return what identifies the inputs: who owes, which version counts, how each stands."""
    lines = [
        f"{s.agency.code} {s.accepted.id if s.accepted else '-'} {s.standing.state}" for s in found
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _laid_out(office: Office, made: Made, data: bytes) -> Path:
    folder = office.settings.data_folder / "out" / made.regime / made.duty / made.period
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / made.file_name
    if not path.exists():
        write_through(path, data, mode=0o644)
    return path
