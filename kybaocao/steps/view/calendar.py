"""The calendar that follows from a regime: every deadline with its clause and assumptions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.calendar.workdays import Shift
from kybaocao.rules.cells.phrases import joined
from kybaocao.rules.cycle.obligation import Due, Term, obligations, terms
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.regime import wording
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime

# No level's deadline lies further from the last one of its term.
WIDEST = timedelta(days=366)


@dataclass(frozen=True)
class CalendarEntry:
    """One deadline of the calendar. `due` is the midnight before which a report is in time.

    `tier` names the levels whose deadline this is where a duty has several; `who` says in words
    who owes the report. `stated_day` is the last day by the document's words alone, and `is_moved`
    tells that the rule for days off moved it. `day_off` says why the last day is none of work, and
    `last_working_day` is the last one of work that is in time. `provisional` says why the days
    off of the year may still change, and `rests_on_days_off` that the deadline would with them.
    """

    duty: str
    duty_name: str
    period: str
    period_label: str
    window_first: date
    window_last: date
    opens: date
    last_day: date
    due: datetime
    day_off: str
    agencies: int
    recipient: str
    clause: str
    stated: str
    assumptions: tuple[str, ...]
    tier: str
    who: str
    form: str
    stated_day: date
    stated_day_off: str
    days_off: str
    days_off_source: str
    last_working_day: date
    is_moved: bool
    rests_on_days_off: bool
    provisional: str

    def as_json(self) -> dict[str, object]:
        """Return the entry with dates and times in ISO 8601."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.__dict__.items()
        }


def entries(
    config: Config,
    regime: Regime,
    first: date,
    last: date,
    agency: str = "",
    as_opened: Callable[[Regime, Term], Term] = lambda _, term: term,
) -> Iterator[CalendarEntry]:
    """Yield what is due from `first` to `last`, duty by duty, while the regime is in force.

    With the code of an agency, only what that one owes. `as_opened` is the office's, so that
    terms on the books show the days under which they were opened. Raises KyBaoCaoError if there
    is no such agency.
    """
    if agency and agency not in regime.agencies:
        raise KyBaoCaoError(f"no agency '{agency}' in {regime.id}")
    for duty in regime.duties:
        reckoned = terms(regime, duty, first - WIDEST, last + WIDEST, config.calendar)
        for term in (as_opened(regime, one) for one in reckoned):
            for tier, due, reporters in _tiers(regime, duty, term, agency):
                if first <= due.last_day <= last:
                    yield entry(config, regime, duty, term, due, tier, reporters)


def _tiers(
    regime: Regime, duty: Duty, term: Term, agency: str
) -> Iterator[tuple[str, Due, list[Agency]]]:
    """Yield each deadline of a term with the levels that it holds for, and who owes it."""
    owed = [regime.agencies[o.agency] for o in obligations(regime, duty, term)]
    if agency:
        owed = [a for a in owed if a.code == agency]
    elif not owed and not duty.tiers:
        yield "", term.due, owed
        return
    by_tier: dict[str, list[Agency]] = {}
    for each in owed:
        of = next((tier for tier in duty.tiers if each.level in tier.levels), None)
        by_tier.setdefault("-".join(of.levels) if of else "", []).append(each)
    for name, mine in by_tier.items():
        yield name, term.due_for(mine[0].level), mine


def entry(
    config: Config,
    regime: Regime,
    duty: Duty,
    term: Term,
    due: Due,
    tier: str,
    reporters: list[Agency],
) -> CalendarEntry:
    """Return one deadline of a term as the calendar shows it."""
    calendar = config.calendar
    one = reporters[0] if len(reporters) == 1 else None
    rule = regime.days_off.rule
    deadlines = (duty.deadline, *(t.deadline for t in duty.tiers))
    is_moved = due.last_day != due.stated and due.last_day == calendar.shifted(due.stated, rule)
    return CalendarEntry(
        duty=f"{regime.id}/{duty.id}",
        duty_name=duty.name,
        period=term.period.id,
        period_label=term.period.label,
        window_first=term.window.first,
        window_last=term.window.last,
        opens=term.opens,
        last_day=due.last_day,
        due=due.at,
        day_off=calendar.reason_off(due.last_day) or "",
        agencies=len(reporters),
        recipient=wording.recipient_words(regime, regime.owed_by(duty, one) if one else duty),
        clause=f"{regime.document.number}, {duty.clause}",
        stated=duty.stated,
        assumptions=tuple(a.text for a in regime.assumptions_of(duty)),
        tier=tier,
        who=_who(regime, duty, reporters),
        form=config.form(duty.form).title,
        stated_day=due.stated,
        stated_day_off=calendar.reason_off(due.stated) or "",
        days_off=wording.SHIFTS[rule],
        days_off_source=regime.days_off.source,
        last_working_day=calendar.on_or_before(due.last_day),
        is_moved=is_moved,
        rests_on_days_off=rule is not Shift.NONE or any(d.after_cutoff for d in deadlines),
        provisional=calendar.provisional(due.last_day.year) or "",
    )


def _who(regime: Regime, duty: Duty, reporters: list[Agency]) -> str:
    if not duty.reporters.levels or len(reporters) == 1:
        return joined([agency.name for agency in reporters])
    return wording.level_words(regime, {agency.level for agency in reporters})
