"""Consolidate a term's accepted reports into the provincial workbook, on any day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kybaocao.adapters.archive import write_through
from kybaocao.adapters.ledger import LetterDraft, Made
from kybaocao.adapters.workbooks import report
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable
from kybaocao.rules.report.changes import (
    Counted,
    changes,
    content,
    identity,
    submissions_changed,
)
from kybaocao.rules.report.consolidation import Consolidation, consolidate
from kybaocao.rules.report.received import ReceivedReport
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.figures import figures_of
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

    One is made anew only if anything changed that its readers need to know; of a collector to
    whom nobody has reported there is none. Its workbook is in the archive before the ledger
    speaks of it; a copy with a name that people understand lies in the data folder.
    """
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    done = [
        _consolidated(
            office, regime, regime.owed_by(duty, group[0].agency), term, collector, group, now
        )
        for collector, group in by_collector(standings(office, now, **of)).items()
    ]
    return [one for one in done if one is not None]


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
) -> Consolidated | None:
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    newest = office.ledger.consolidation(**of, recipient=collector)
    content = content_of(office, duty, found)
    number = counts(found)
    if newest is not None and newest.content == content:
        return Consolidated(newest, _laid_out(office, newest), is_new=False)
    if newest is None and not number["accepted"]:
        return None
    told = _changes(office, duty, newest, content)
    data = workbook_of(office, regime, duty, term, found, now, told)
    stamp = f"{now.astimezone(VIETNAM):%Y%m%d-%H%M}"
    sha256 = office.archive.put(data)
    whose = f"_{collector}" if collector != regime.secretariat else ""
    # Two made within one minute of other reports must not share a name.
    counted = f"{number['accepted']}-{number['total']}_{sha256[:6]}"
    name = f"{regime.id}_{duty.id}_{term.period.id}{whose}_{stamp}_{counted}.xlsx"
    made = office.ledger.record_consolidation(
        Made(
            id=0,
            regime=regime.id,
            duty=duty.id,
            period=term.period.id,
            recipient=collector,
            as_of=now,
            inputs=identity({"recipient": collector, **content}, newest.id if newest else 0),
            accepted=number["accepted"],
            owed=number["total"],
            sha256=sha256,
            file_name=name,
            content=content,
            told=tuple(told),
        ),
        now,
    )
    return Consolidated(made, _laid_out(office, made), is_new=True)


def content_of(office: Office, duty: Duty, found: Sequence[Standpoint]) -> dict[str, Any]:
    """Return what identifies a consolidation of a collector's reports as they stand."""
    counted = [
        Counted(s.agency, s.standing.state, s.accepted.id if s.accepted else None) for s in found
    ]
    return content(office.config.form(duty.form), duty.name, counted)


def is_delivered(
    office: Office, regime: Regime, duty: Duty, term: Term, found: Sequence[Standpoint]
) -> bool:
    """Return whether each who collects has a workbook that says what counts, and it lies there."""
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    for collector, group in by_collector(found).items():
        newest = office.ledger.consolidation(**of, recipient=collector)
        if newest is None:
            if any(s.accepted for s in group):
                return False
            continue
        owed = regime.owed_by(duty, group[0].agency)
        if newest.content != content_of(office, owed, group) or not _place(office, newest).exists():
            return False
    return True


def _changes(office: Office, duty: Duty, before: Made | None, now: Mapping[str, Any]) -> list[str]:
    """Return what a consolidation tells of the one before it; nothing if it is the first."""
    if before is None or before.content is None:
        return []
    found = figures_of(office, duty.form, submissions_changed(before.content, now))
    figures = {number: one.figures for number, one in found.items()}
    return changes(before.content, now, office.config.form(duty.form), figures)


def deliveries(office: Office, made: Made) -> list[LetterDraft]:
    """Return the letters that hand a consolidated workbook to who collects, or to its heir."""
    draft = LetterDraft(
        Kind.DELIVERY,
        "",
        made.regime,
        made.duty,
        made.period,
        made.recipient,
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
    told: Sequence[str] = (),
) -> bytes:
    """Return the workbook of a collector's reports as they stand at `now`; nothing is recorded.

    `duty` is the one that these agencies owe (`Regime.owed_by`); its first page tells `told`.
    """
    consolidation = consolidation_of(office, duty, term.period.frequency, found)
    form = office.config.form(duty.form)
    return report.report(consolidation, form, regime, duty, term, now, told)


def _laid_out(office: Office, made: Made) -> Path:
    """Return where the workbook lies, once it does; what people made of a copy stays theirs."""
    path = _place(office, made)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_through(path, office.archive.get(made.sha256), mode=0o644)
    return path


def _place(office: Office, made: Made) -> Path:
    folder = office.settings.data_folder / "out" / made.regime / made.duty / made.period
    return folder / made.file_name
