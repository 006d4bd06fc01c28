"""An agency's reports in the order in which they matter, and those that others send to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import obligations, terms
from kybaocao.rules.regime.access import Visitor
from kybaocao.rules.regime.names import report_title
from kybaocao.runtime import Office
from kybaocao.steps.standings import Standpoint, counts, unopened
from kybaocao.steps.view.report_facts import ReportFacts, report_facts

A_YEAR = timedelta(days=365)
# What opens within a quarter is worth knowing; its deadline may lie further.
COMING = timedelta(days=90)
DUE_WITHIN = timedelta(days=400)


@dataclass(frozen=True)
class OwnReports:
    """Awaited ones by deadline, settled ones and those older than a year the newest first."""

    awaited: Sequence[ReportFacts]
    settled: Sequence[ReportFacts]
    older: Sequence[ReportFacts]


def arranged(office: Office, found: Sequence[Standpoint], now: datetime) -> OwnReports:
    """Return an agency's reports in their order; what nobody settled in a year is old too."""
    facts = sorted(
        (report_facts(office, stands, now) for stands in found),
        key=lambda one: (one.last_day, one.title),
    )
    recent = [one for one in facts if not _is_old(one.last_day, one.today)]
    awaited = [one for one in recent if not one.stands.standing.is_settled]
    settled = [one for one in reversed(recent) if one.stands.standing.is_settled]
    older = [one for one in reversed(facts) if _is_old(one.last_day, one.today)]
    return OwnReports(awaited, settled, older)


@dataclass(frozen=True)
class CollectedTerm:
    """The reports of one duty and period that others send, and their counts."""

    title: str
    last_day: date
    reports: Sequence[Standpoint]
    counts: dict[str, int]
    is_old: bool

    @property
    def missing(self) -> list[Standpoint]:
        return [stands for stands in self.reports if not stands.standing.is_settled]


def collected(found: Sequence[Standpoint], today: date) -> list[CollectedTerm]:
    """Return reports by duty and period: those with someone missing first, by deadline."""
    groups: dict[tuple[str, str], list[Standpoint]] = {}
    for stands in found:
        groups.setdefault((stands.owed.duty, stands.owed.period), []).append(stands)
    made = [_term(group, today) for group in groups.values()]
    awaited = sorted((t for t in made if t.missing), key=lambda t: (t.last_day, t.title))
    settled = sorted((t for t in made if not t.missing), key=lambda t: (t.last_day, t.title))
    return [*awaited, *reversed(settled)]


def coming(office: Office, visitor: Visitor, now: datetime) -> list[ReportFacts]:
    """Return the reports that an agency will owe and that open in the next days, by opening.

    Those that should be open by now and that no run has opened yet are among them.
    """
    regime, today = office.regime(visitor.regime), now.astimezone(VIETNAM).date()
    go_live = office.go_live(regime.id)
    of_agency = office.ledger.owed(regime=regime.id, agency=visitor.agency)
    known = {(owed.duty, owed.period) for owed in of_agency}
    found = []
    for duty in regime.duties:
        for term in terms(regime, duty, today, today + DUE_WITHIN, office.config.calendar):
            if term.opens > today + COMING or (duty.id, term.period.id) in known:
                continue
            for owed in obligations(regime, duty, term):
                if owed.agency == visitor.agency and go_live <= owed.due.last_day:
                    stands = unopened(office, regime, duty, owed, now)
                    found.append(report_facts(office, stands, now))
    return sorted(found, key=lambda one: (one.stands.owed.opens, one.last_day, one.title))


def _is_old(last_day: date, today: date) -> bool:
    return last_day < today - A_YEAR


def _term(group: Sequence[Standpoint], today: date) -> CollectedTerm:
    first = group[0]
    last_day = max(stands.owed.due.last_day for stands in group)
    return CollectedTerm(
        report_title(first.duty.name, first.period.label),
        last_day,
        sorted(group, key=lambda stands: stands.standing.is_settled),
        counts(group),
        _is_old(last_day, today),
    )
