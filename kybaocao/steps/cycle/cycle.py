"""Carry one duty's cycle forward to a day: open, remind, consolidate, queue delivery."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from kybaocao.adapters.ledger import LetterDraft
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Term, terms
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.duty import Duty, Handling
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.cycle.consolidate import (
    Stopped,
    consolidate_term,
    deliveries,
    is_delivered,
)
from kybaocao.steps.cycle.open_period import missing, open_period
from kybaocao.steps.cycle.remind import last_rung, planned
from kybaocao.steps.standings import Standpoint, counts, standings, unopened

LETTERS = {
    Kind.REMINDER: "thư nhắc",
    Kind.OVERDUE: "thư báo quá hạn",
    Kind.ESCALATION: "thư đề nghị chỉ đạo",
    Kind.DELIVERY: "thư chuyển báo cáo",
}
# A report older than this is history: a run late by a year opens nothing.
LOOK_BACK = timedelta(days=366)
LOOK_AHEAD = timedelta(days=400)


@dataclass
class CycleReport:
    """What a run did, or would do: acts in Vietnamese, how reports stand, and the workbooks.

    `stopped` are those of the acts by which a workbook was not delivered.
    """

    acts: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    found: list[Standpoint] = field(default_factory=list)
    workbooks: list[Path] = field(default_factory=list)

    @property
    def lines(self) -> list[dict[str, str]]:
        """One row per obligation, for a table that people read."""
        return [
            {
                "Kỳ": s.period.label,
                "Đơn vị": s.agency.name,
                "Hạn": f"{s.owed.due.last_day:%d/%m/%Y}",
                "Tình hình": s.standing.name,
                "Phiên bản": str(len(s.versions) or ""),
            }
            for s in self.found
        ]

    @property
    def summary(self) -> str:
        """One line, in Vietnamese."""
        return "; ".join(self.acts) or "không có việc gì phải làm"


def advance(
    office: Office, regime_id: str, duty_id: str, as_of: datetime, dry_run: bool = False
) -> CycleReport:
    """Carry the duty forward to `as_of` and return what was done, or with `dry_run` would be.

    Run twice, late or after a kill it does only what is still to be done.
    Raises KyBaoCaoError for a duty that is unknown or a regime that is not active.
    """
    regime, duty = office.duty(regime_id, duty_id)
    report = CycleReport()
    for asked, term in current_terms(office, regime, duty, as_of):
        _carry(office, regime, asked, term, as_of, dry_run, report)
    return report


def _carry(
    office: Office,
    regime: Regime,
    duty: Duty,
    term: Term,
    as_of: datetime,
    dry_run: bool,
    report: CycleReport,
) -> None:
    today = as_of.astimezone(VIETNAM).date()
    of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
    new = missing(office, regime, duty, term, today)
    found = [unopened(office, regime, duty, obligation, as_of) for obligation in new]
    # After the ladder's end a term is history: it is put on the books, and nobody is told.
    known = standings(office, as_of, **of)
    is_history = today > last_rung(office, duty, term, known + found)
    if new:
        report.acts.append(f"mở kỳ {term.period.label} cho {len(new)} đơn vị")
    if new and not dry_run:
        open_period(office, regime, duty, new, as_of, with_letters=not is_history)
        known, found = standings(office, as_of, **of), []
    found = known + found
    report.found += found
    if not is_history:
        drafts = planned(office, duty, term, found, as_of)
        _tell(report, term, drafts)
        if not dry_run:
            office.ledger.queue(drafts, as_of)
    if _is_due(duty, term, as_of):
        _consolidate(office, regime, duty, term, as_of, dry_run, report)


def current_terms(
    office: Office, regime: Regime, duty: Duty, as_of: datetime
) -> Iterator[tuple[Duty, Term]]:
    """Yield the terms that have opened by `as_of` and count since the regime's go-live.

    A term is kept true for a year, and until a later one is delivered, if that takes longer.
    Those that were asked for come last; with each goes the duty as it stands for it.
    """
    today, go_live = as_of.astimezone(VIETNAM).date(), office.go_live(regime.id)
    if today < go_live:
        return
    first = max(go_live, today - LOOK_BACK)
    if last := _last_delivered(office, regime, duty, first):
        yield duty, last
    reckoned = {
        term.period.id: term
        for term in terms(regime, duty, first, today + LOOK_AHEAD, office.config.calendar)
    }
    for period_id in dict.fromkeys([*reckoned, *_opened(office, regime, duty, first)]):
        if (found := reckoned.get(period_id)) is None:
            _, term = office.asked(regime, duty, Period.parse(period_id))
        else:
            term = office.as_opened(regime, found)
        if term.opens <= today:
            yield duty, term
    for request in office.ledger.decisions.requests(regime=regime.id, duty=duty.id):
        if first <= request.last_day and request.opens <= today:
            yield request.asked_of(duty), request.term


def _opened(office: Office, regime: Regime, duty: Duty, first: date) -> list[str]:
    """Return the periods on the books since a day, whether or not they are still declared."""
    return [
        term.period
        for term in reversed(office.ledger.views.terms(regime.id))
        if term.duty == duty.id
        and term.last_day >= first
        and Period.parse(term.period).frequency is duty.every
        and (duty.every.recurs or duty.once)
    ]


def _last_delivered(office: Office, regime: Regime, duty: Duty, first: date) -> Term | None:
    """Return the term delivered last, if it was due before the day `first`."""
    found = map(Period.parse, office.ledger.consolidated(regime.id, duty.id))
    own = [office.asked(regime, duty, p)[1] for p in found if p.frequency is duty.every]
    last = max(own, key=lambda term: term.due.at, default=None)
    return last if last is not None and last.due.last_day < first else None


def unscheduled(office: Office, now: datetime) -> Iterator[tuple[Regime, Duty]]:
    """Yield the duties of active regimes for which the days on the calendar do not do.

    They are owed once, or were asked for; or somebody got more time and still owes the report;
    or what was delivered last is not what counts by now.
    """
    for regime in map(office.regime, office.active):
        asked = {r.duty for r in office.ledger.decisions.requests(regime=regime.id)}
        for duty in regime.duties:
            if not duty.every.recurs or duty.id in asked or _has_work(office, regime, duty, now):
                yield regime, duty


def _has_work(office: Office, regime: Regime, duty: Duty, now: datetime) -> bool:
    for asked, term in current_terms(office, regime, duty, now):
        of = {"regime": regime.id, "duty": duty.id, "period": term.period.id}
        found = standings(office, now, **of)
        if any((s.words or s.mending) and not s.standing.is_settled for s in found):
            return True
        if _is_due(asked, term, now) and not is_delivered(office, regime, asked, term, found):
            return True
    return False


def _is_due(duty: Duty, term: Term, now: datetime) -> bool:
    return now >= term.due.at and duty.handling is Handling.CONSOLIDATE


def _tell(report: CycleReport, term: Term, drafts: list[LetterDraft]) -> None:
    for kind, words in LETTERS.items():
        if number := sum(draft.kind is kind for draft in drafts):
            report.acts.append(f"{term.period.label}: {number} {words}")


def _consolidate(
    office: Office,
    regime: Regime,
    duty: Duty,
    term: Term,
    as_of: datetime,
    dry_run: bool,
    report: CycleReport,
) -> None:
    if dry_run:
        found = [s for s in report.found if s.period == term.period]
        if not is_delivered(office, regime, duty, term, found):
            number = counts(found)
            report.acts.append(
                f"{term.period.label}: tổng hợp {number['accepted']}/{number['total']} báo cáo"
            )
        return
    for done in consolidate_term(office, regime, duty, term, as_of):
        if isinstance(done, Stopped):
            report.stopped.append(f"{term.period.label}: {done.words}")
            report.acts.append(report.stopped[-1])
            continue
        # Queued again after a kill between the two; the key lets it in once.
        drafts = deliveries(office, done.made)
        queued = office.ledger.queue(drafts, as_of)
        report.workbooks.append(done.path)
        if done.is_new:
            made = done.made
            report.acts.append(f"{term.period.label}: tổng hợp {made.accepted}/{made.owed} báo cáo")
        if queued:
            _tell(report, term, drafts)
