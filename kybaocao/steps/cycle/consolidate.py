"""Consolidate a term's accepted reports into the provincial workbook, on any day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from kybaocao.adapters.archive import write_through
from kybaocao.adapters.ledger import AcceptedFile, LetterDraft, Made, Proved
from kybaocao.adapters.workbooks import report
from kybaocao.rules.calendar.official_days import VIETNAM, local_time
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable
from kybaocao.rules.report.changes import (
    MOST_TOLD,
    changes,
    identity,
    submissions_changed,
)
from kybaocao.rules.report.consolidation import Consolidation
from kybaocao.runtime import Office
from kybaocao.steps.addresses import to_contacts
from kybaocao.steps.cycle.collected import (
    by_collector,
    consolidation_of,
    content_of,
)
from kybaocao.steps.cycle.prove import Proof, prove
from kybaocao.steps.figures import figures_of
from kybaocao.steps.standings import Standpoint, counts, standings

TRACE_LEFT_OUT = (
    "Bảng số liệu gốc từng ô không kèm trong tệp này vì quá lớn; nguồn của từng số liệu tra trên "
    "hệ thống"
)


@dataclass(frozen=True)
class Consolidated:
    """A consolidation in the ledger, where its workbook lies, and whether it is new."""

    made: Made
    path: Path
    is_new: bool


@dataclass(frozen=True)
class Stopped:
    """A consolidation that was not made, since it is not what the originals say."""

    proved: Proved

    @property
    def words(self) -> str:
        number = len(self.proved.differences)
        return f"dừng giao bản tổng hợp: {number} điểm khác với tệp gốc, chờ người xem"


@dataclass(frozen=True)
class _Work:
    """A term to be consolidated at `now`, and its reports by who collects them."""

    office: Office
    regime: Regime
    duty: Duty
    term: Term
    now: datetime
    groups: Mapping[str, list[Standpoint]]
    newest: Mapping[str, Made]
    """What was delivered last to each who collects, seen before the reports."""

    @property
    def of(self) -> dict[str, str]:
        return {"regime": self.regime.id, "duty": self.duty.id, "period": self.term.period.id}

    @cached_property
    def accepted(self) -> dict[str, AcceptedFile]:
        """What was accepted of the term, whether or not its agency is still declared."""
        return {one.agency: one for one in self.office.ledger.proofs.accepted(**self.of)}

    def strays(self, collector: str) -> list[str]:
        """Return the agencies whose accepted reports are lost to a collector.

        Nobody collects them any more; they are missed by whoever had them, and by everybody
        where that is not known.
        """
        collected = {s.agency.code for group in self.groups.values() for s in group}
        had = {
            who: set(made.content["agencies"])
            for who, made in self.newest.items()
            if who in self.groups and made.content is not None
        }
        gone = sorted(self.accepted.keys() - collected)
        known = set().union(*had.values())
        return [code for code in gone if code in had.get(collector, ()) or code not in known]


def consolidate_term(
    office: Office, regime: Regime, duty: Duty, term: Term, now: datetime
) -> list[Consolidated | Stopped]:
    """Return the term's consolidations as they stand at `now`, one for each who collects.

    One is made anew only if anything changed that its readers need to know; of a collector to
    whom nobody has reported there is none. It is proved against the originals first, and made
    only if that holds or a person said so. Its workbook is in the archive before the ledger
    speaks of it; a copy with a name that people understand lies in the data folder.
    """
    work = _work(office, regime, duty, term, now)
    done = [_consolidated(work, collector, group) for collector, group in work.groups.items()]
    return [one for one in done if one is not None]


def prove_term(
    office: Office, regime: Regime, duty: Duty, term: Term, now: datetime
) -> dict[str, Proof]:
    """Return the proof of each consolidation of a term as it would be made now, by collector."""
    work = _work(office, regime, duty, term, now)
    return {
        collector: _proof(work, collector, group)[0]
        for collector, group in work.groups.items()
        if any(s.accepted for s in group)
    }


def _work(office: Office, regime: Regime, duty: Duty, term: Term, now: datetime) -> _Work:
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    # Seen in this order, a change in between is found out where the consolidation is recorded.
    newest = office.ledger.newest_consolidations(**of)
    groups = by_collector(standings(office, now, **of))
    return _Work(office, regime, duty, term, now, groups, newest)


def _proof(
    work: _Work, collector: str, found: Sequence[Standpoint]
) -> tuple[Proof, Consolidation | None]:
    """Return a proof and the tables that were proved; None if the figures make no tables."""
    duty, period = work.regime.owed_by(work.duty, found[0].agency), work.term.period
    try:
        tables = consolidation_of(work.office, duty, period.frequency, found)
    except ValueError as error:
        what = f"Không lập được bảng tổng hợp từ số liệu đang giữ: {error}"
        return Proof(differences=[what]), None
    form = work.office.config.form(duty.form)
    counted = {s.agency.code: s.accepted.id for s in found if s.accepted}
    strays = work.strays(collector)
    return prove(work.office, form, period, work.accepted, tables, counted, strays), tables


def _consolidated(
    work: _Work, collector: str, found: list[Standpoint]
) -> Consolidated | Stopped | None:
    office, regime = work.office, work.regime
    duty = regime.owed_by(work.duty, found[0].agency)
    newest = work.newest.get(collector)
    content = content_of(office, duty, found)
    is_known = newest is not None and newest.content == content
    if is_known or (newest is None and not any(s.accepted for s in found)):
        office.ledger.proofs.forget_stopped(**work.of, recipient=collector)
        return Consolidated(newest, _laid_out(office, newest), is_new=False) if newest else None
    inputs = identity({"recipient": collector, **content}, newest.id if newest else 0)
    proof, tables = _proof(work, collector, found)
    if proof.differences:
        # A report that came while it was proved is no difference.
        later = _work(office, regime, work.duty, work.term, work.now)
        if content_of(office, duty, later.groups[collector]) != content:
            return _consolidated(later, collector, later.groups[collector])
    proved = _recorded(work, collector, inputs, proof)
    if proved.stops or tables is None:
        return Stopped(proved)
    told = [*_changes(office, duty, newest, content), *_proof_words(proof, proved)]
    if len(tables.cells) > report.MOST_CELLS:
        told.append(f"{TRACE_LEFT_OUT} ({shown(len(tables.cells))} ô)")
    form = office.config.form(duty.form)
    data = report.report(tables, form, regime, duty, work.term, work.now, told)
    number = counts(found)
    stamp = f"{work.now.astimezone(VIETNAM):%Y%m%d-%H%M}"
    sha256 = office.archive.put(data)
    whose = f"_{collector}" if collector != regime.secretariat else ""
    # Two made within one minute of other reports must not share a name.
    counted = f"{number['accepted']}-{number['total']}_{sha256[:6]}"
    made = office.ledger.record_consolidation(
        Made(
            id=0,
            **work.of,
            recipient=collector,
            as_of=work.now,
            inputs=inputs,
            accepted=number["accepted"],
            owed=number["total"],
            sha256=sha256,
            file_name=f"{'_'.join(work.of.values())}{whose}_{stamp}_{counted}.xlsx",
            content=content,
            told=tuple(told),
        ),
        work.now,
        after=newest.id if newest else 0,
    )
    if made is None:
        # Another run delivered meanwhile; what it did not see goes out after it.
        again = _work(office, regime, work.duty, work.term, work.now)
        return _consolidated(again, collector, again.groups[collector])
    return Consolidated(made, _laid_out(office, made), is_new=True)


def _recorded(work: _Work, collector: str, inputs: str, proof: Proof) -> Proved:
    """Keep how a proof came out, with what a person said of the same consolidation before."""
    proved = Proved(
        **work.of,
        recipient=collector,
        inputs=inputs,
        at=work.now,
        files=proof.files,
        cells=proof.cells,
        unproved=tuple(proof.unproved),
        differences=tuple(proof.differences),
    )
    return work.office.ledger.proofs.record(proved)


def _proof_words(proof: Proof, proved: Proved) -> list[str]:
    """Return what the first page and the letter say of a proof."""
    if not proved.differences:
        return proof.words
    number = len(proved.differences)
    return [
        f"CHƯA ĐỐI CHIẾU: {number} điểm khác với tệp gốc; giao theo quyết định của "
        f"{proved.actor}: {proved.reason}",
        *proved.differences[:MOST_TOLD],
    ]


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
    told = changes(before.content, now, office.config.form(duty.form), figures)
    return [f"Thay đổi so với bản tổng hợp lúc {local_time(before.as_of)}:", *told] if told else []


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
