"""How the reports of a term stand: what the ledger knows, judged by the regime's rules."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kybaocao.adapters.ledger import Owed, Submission
from kybaocao.rules.calendar.official_days import VIETNAM, official_day
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.bearing import counted, doubted
from kybaocao.rules.cycle.obligation import Due, Obligation, Term, mending, term
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.standing import Standing, State, standing
from kybaocao.rules.cycle.waiver import Exemption, Waiver, relief
from kybaocao.rules.form.form import Figure
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable
from kybaocao.rules.regime.wording import absence_words
from kybaocao.runtime import Office


@dataclass(frozen=True)
class Standpoint:
    """One obligation as it stands, with its versions.

    `owed` holds the deadline after what was granted, `granted` the exception that decides, and
    `words` every one that spoke of the report.
    `answers` is who answers for the report now: the agency, or its heir; None if it ended and
    a person must say who. `mending` is by when what was given back is asked for again.
    """

    owed: Owed
    regime: Regime
    duty: Duty
    agency: Agency
    answers: Agency | None
    versions: Sequence[Submission]
    standing: Standing
    granted: Waiver | None = None
    words: Sequence[Waiver] = ()
    request: Request | None = None
    mending: Due | None = None

    @property
    def awaited(self) -> Due:
        """By when the report is awaited now: its deadline, or the end of its time for mending."""
        return self.mending or self.owed.due

    @property
    def period(self) -> Period:
        return Period.parse(self.owed.period)

    @property
    def accepted(self) -> Submission | None:
        """The latest accepted version: the one that counts."""
        return counted(self.versions)

    @property
    def doubted(self) -> Submission | None:
        """The version that a person gave back, and that nothing has taken the place of since."""
        return doubted(self.versions)

    def was_in_time(self, version: Submission) -> bool:
        """Return whether a version counts as in time, by what had come up to it."""
        up_to = [v.received for v in self.versions if v.version <= version.version]
        due, rule = self.owed.due, self.regime.corrected
        stood = standing(self.owed.opens, due, up_to, rule, version.received_at)
        return stood.state is not State.ACCEPTED_LATE

    @property
    def is_orphaned(self) -> bool:
        """Whether the report is awaited, and nobody answers for it."""
        return self.answers is None and not self.standing.is_settled

    @property
    def note(self) -> str:
        """What was granted and who answers, in Vietnamese; empty where nothing is out of rule."""
        notes = [self.request.note] if self.request else []
        notes += [self.standing.why] if self.standing.why else []
        if self.granted is not None:
            last_day = official_day(self.owed.due.last_day)
            extended = self.granted.kind is Exemption.EXTENSION
            words = f"gia hạn đến hết ngày {last_day}" if extended else "được miễn"
            notes.append(f"{words}: {self.granted.reason} ({self.granted.granted_by})")
        elif self.words:
            last = self.words[-1]
            notes.append(f"đã thu hồi gia hạn, miễn: {last.reason} ({last.granted_by})")
        if self.is_orphaned:
            notes.append("đơn vị đã kết thúc, chưa rõ đơn vị kế thừa")
        elif self.answers is not None and self.answers.code != self.agency.code:
            notes.append(f"đơn vị kế thừa: {self.answers.name}")
        return "; ".join(notes)


def standings(office: Office, now: datetime, **of: str) -> list[Standpoint]:
    """Return how the ledger's obligations stand at `now`; `of` narrows by regime, duty, period.

    Obligations of regimes, duties or agencies that are no longer declared are left out.
    """
    owed = office.ledger.owed(**of)
    versions = office.ledger.versions(owed)
    scope = {name: of[name] for name in ("regime", "duty", "agency") if name in of}
    granted = _by_report(office.ledger.decisions.waivers(**scope))
    scope.pop("agency", None)
    requests = {
        (r.regime, r.duty, r.period.id): r for r in office.ledger.decisions.requests(**scope)
    }
    return list(_stood(office, owed, versions, granted, requests, now))


def standing_of(office: Office, owed: Owed, now: datetime) -> Standpoint:
    """Return how one obligation of the ledger, whose regime still declares it, stands at `now`."""
    of = {"regime": owed.regime, "duty": owed.duty, "period": owed.period, "agency": owed.agency}
    return standings(office, now, **of)[0]


class Reports:
    """Agencies' reports as they stand at one moment, each agency's looked up once."""

    def __init__(self, office: Office, now: datetime) -> None:
        self.now = now
        self._office = office
        self._found: dict[tuple[str, str], list[Standpoint]] = {}
        self._figures: dict[int, tuple[Figure, ...]] = {}

    def of(self, regime: str, agency: str) -> list[Standpoint]:
        """Return an agency's reports of all duties."""
        key = (regime, agency)
        if key not in self._found:
            self._found[key] = standings(self._office, self.now, regime=regime, agency=agency)
        return self._found[key]

    def find(self, regime: str, duty: str, period: str, agency: str) -> Standpoint | None:
        """Return one report, or None if the ledger has none."""
        mine = (s for s in self.of(regime, agency) if s.owed.duty == duty)
        return next((s for s in mine if s.owed.period == period), None)

    def figures(self, submission: Submission) -> tuple[Figure, ...]:
        """Return the values read from a version."""
        if submission.id not in self._figures:
            self._figures |= self._office.ledger.figures([submission.id])
        return self._figures[submission.id]


def _stood(
    office: Office,
    owed: Sequence[Owed],
    versions: Mapping[int, Sequence[Submission]],
    granted: Mapping[tuple[str, str, str], Sequence[Waiver]],
    requests: Mapping[tuple[str, str, str], Request],
    now: datetime,
) -> Iterator[Standpoint]:
    today = now.astimezone(VIETNAM).date()
    for each in owed:
        regime = office.config.regimes.get(each.regime)
        duty = next((d for d in regime.duties if d.id == each.duty), None) if regime else None
        if regime is None or duty is None or each.agency not in regime.agencies:
            continue
        request = requests.get((each.regime, each.duty, each.period))
        duty = request.asked_of(duty) if request else duty
        held = relief(each.period, each.due, granted.get((each.regime, each.duty, each.agency), ()))
        mine = versions[each.id]
        received = [v.received for v in mine]
        agency = regime.agencies[each.agency]
        # A report belongs to who exists on its day, as the rule has it, whatever was granted.
        absence = absence_words(agency, each.due.last_day)
        back = doubted(mine)
        mends = None
        if back is not None and back.given_back_at is not None:
            day = back.given_back_at.astimezone(VIETNAM).date()
            mends = mending(held.due, day, regime.mending_days, office.config.calendar)
        stands = standing(
            each.opens,
            held.due,
            received,
            regime.corrected,
            now,
            held.is_waived,
            absence,
            mends,
        )
        yield Standpoint(
            replace(each, due=held.due),
            regime,
            duty,
            agency,
            answerable(regime, each.agency, today),
            mine,
            stands,
            held.last,
            held.words,
            request,
            mends,
        )


def _by_report(granted: Sequence[Waiver]) -> dict[tuple[str, str, str], list[Waiver]]:
    found: dict[tuple[str, str, str], list[Waiver]] = defaultdict(list)
    for waiver in granted:
        found[waiver.regime, waiver.duty, waiver.agency].append(waiver)
    return found


def unopened(
    office: Office, regime: Regime, duty: Duty, of: Obligation, now: datetime
) -> Standpoint:
    """Return how an obligation that is not in the ledger yet would stand if it were opened."""
    term, agency = of.term, regime.agencies[of.agency]
    scope = {"regime": regime.id, "duty": duty.id, "agency": of.agency}
    held = relief(term.period.id, of.due, office.ledger.decisions.waivers(**scope))
    owed = Owed(0, regime.id, duty.id, term.period.id, of.agency, term.opens, held.due, now)
    stands = standing(term.opens, held.due, [], regime.corrected, now, held.is_waived)
    answers = answerable(regime, of.agency, now.astimezone(VIETNAM).date())
    return Standpoint(owed, regime, duty, agency, answers, [], stands, held.last, held.words)


def counts(found: Sequence[Standpoint]) -> dict[str, int]:
    """Return how many reports are owed, accepted, in time, late, missing and waived."""
    states = [s.standing.state for s in found]
    waived = states.count(State.WAIVED)
    return {
        "total": len(states) - waived,
        "accepted": sum(s.standing.is_received for s in found),
        "on_time": states.count(State.ACCEPTED),
        "late": states.count(State.ACCEPTED_LATE),
        "missing": sum(not s.standing.is_settled for s in found),
        "waived": waived,
    }


def term_of(office: Office, stands: Standpoint) -> Term:
    """Return a report's term as its agency has it: with the deadline after what was granted."""
    if stands.request is not None:
        of = stands.request.term
    else:
        of = term(stands.regime, stands.duty, stands.period, office.config.calendar)
    return of.due_on(stands.owed.due)
