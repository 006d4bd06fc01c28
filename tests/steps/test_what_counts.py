"""Whatever is done to reports, in any order: what the rules say counts, counts and is delivered.

The model below is written from the rules' words and shares nothing with the package. `make soak`
plays more and longer plays (KYBAOCAO_TEST_PLAYS).
"""

import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from openpyxl import load_workbook

from kybaocao.adapters.ledger import Owed
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.demo.officer import wrong_sum
from kybaocao.rules.regime.access import Capacity, Visitor
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps.cycle.cycle import advance, unscheduled
from kybaocao.steps.decide.grants import Word, extend, waive, withdraw
from kybaocao.steps.decide.triage import give_back
from kybaocao.steps.intake.acceptance import accept
from kybaocao.steps.intake.upload import Became, Upload, upload
from kybaocao.steps.standings import Standpoint, standing_of
from tests.conftest import OpenOffice
from tests.corpus.versions import second_version
from tests.steps.conftest import GO_LIVE, QUARTERLY, REGIME, at, workbook
from tests.support import ROOT

PLAYS = int(os.environ.get("KYBAOCAO_TEST_PLAYS", "8"))
STEPS = 14 if PLAYS < 50 else 25
PERIOD, FIRST, DUE = "2016-Q3", at("2016-09-13"), at("2016-09-15")
AGENCIES = ("so-tu-phap", "so-tai-chinh", "ubnd-tam-ky")
PLANS = (4100, 4200, 4300)
FAULTY = 0
agencies, plans, reasons = (
    st.sampled_from(AGENCIES),
    st.sampled_from((*PLANS, *PLANS, FAULTY)),
    st.sampled_from(("", "", "Nhập nhầm số liệu")),
)


class Inline:
    """Readers without children."""

    def run(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return function(*args, **named)

    def run_with(self, value: Any, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return function(value, *args, **named)

    def each(self, do: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return map(do, items)

    def close(self) -> None:
        """There is nothing to end."""


@dataclass
class Sent:
    """One version of a report: its plan of the year, and what became of it."""

    plan: int
    became: str


@dataclass
class Model:
    """One agency's report, as the rules have it: versions, and what its sender was told last."""

    versions: list[Sent] = field(default_factory=list)
    told: str = ""
    about: int = -1
    is_declared: bool = True

    @property
    def counts(self) -> int | None:
        """The latest accepted version counts."""
        found = [n for n, v in enumerate(self.versions) if v.became == "accepted"]
        return found[-1] if found else None

    @property
    def doubted(self) -> int | None:
        found = [n for n, v in enumerate(self.versions) if v.became == "given back"]
        return found[-1] if found and self.counts is None else None

    def send(self, plan: int, reason: str) -> None:
        """The same act again is a repeat; another takes the accepted one's place with a reason."""
        counts, doubted = self.counts, self.doubted
        if counts is not None and self.versions[counts].plan == plan:
            self.told, self.about = "receipt", counts
        elif plan == FAULTY:
            self._new(plan, "returned")
        elif counts is not None:
            self._new(plan, "accepted" if reason else "returned")
        elif doubted is not None and self.versions[doubted].plan == plan and not reason:
            self.told, self.about = "returned", doubted
        else:
            self._new(plan, "accepted")

    def _new(self, plan: int, became: str) -> None:
        last = self.versions[-1] if self.versions else None
        is_repeat = last is not None and last.plan == plan and became == "returned"
        if not is_repeat or last is None or last.became != "returned":
            self.versions.append(Sent(plan, became))
        self.told = "receipt" if became == "accepted" else "returned"
        self.about = len(self.versions) - 1

    def give_back(self) -> None:
        """What it had replaced does not count again."""
        self.told, self.about = "returned", cast("int", self.counts)
        for version in self.versions:
            if version.became == "accepted":
                version.became = "given back"

    def accept(self) -> None:
        self.versions[-1].became = "accepted"
        self.told, self.about = "receipt", len(self.versions) - 1


BOOKS: dict[tuple[str, int], bytes] = {}


def book(office: Office, agency: str, plan: int) -> bytes:
    """Return an agency's workbook with that plan of the year, made once."""

    def spoil(form: Any, figures: Any) -> None:
        figures["HS-01", "planned"] = plan
        if plan == FAULTY:
            wrong_sum(form, figures)

    if (agency, plan) not in BOOKS:
        BOOKS[agency, plan] = workbook(office, agency, spoil=spoil)
    return BOOKS[agency, plan]


class Plays(RuleBasedStateMachine):
    """People and days, through the doors that they use."""

    open_office: OpenOffice

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        home = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        (home / "config").symlink_to(ROOT / "tests/small/config")
        (home / "templates").symlink_to(ROOT / "templates")
        given = GivenSettings(home=home, active={REGIME: GO_LIVE}, settle_seconds=0)
        office = self.stack.enter_context(type(self).open_office(given))
        self.office = replace(office, readers=cast("ReaderPool", Inline()))
        self.model = {agency: Model() for agency in AGENCIES}
        self.declared = self.office.regime(REGIME).agencies
        self.now = FIRST
        self.has_new_form = False
        advance(self.office, REGIME, QUARTERLY, self.now)
        for agency in AGENCIES:
            for plan in (*PLANS, FAULTY):
                book(self.office, agency, plan)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            try:
                self.morning(days=3)
            finally:
                self.stack.close()

    # What people do

    @rule(agency=agencies, plan=plans, reason=reasons)
    def send(self, agency: str, plan: int, reason: str) -> None:
        if not self.model[agency].is_declared:
            return
        stands = self.stands(agency)
        mine, theirs = book(self.office, agency, plan), f"vanthu@{agency}.quang-nam.example"
        visitor = Visitor(REGIME, agency, theirs, "", Capacity.AGENCY)
        (got,) = upload(
            self.office, visitor, stands, [Upload("bc.xlsx", mine)], reason, self.tick()
        )
        before = len(self.model[agency].versions)
        self.model[agency].send(plan, reason)
        told = self.model[agency]
        assert (got.became is Became.ACCEPTED) == (told.told == "receipt"), (got, told)
        assert got.submission is not None and got.submission.version == told.about + 1
        assert got.is_repeat == (len(told.versions) == before)

    @rule(agency=agencies)
    def give_back(self, agency: str) -> None:
        model = self.model[agency]
        if model.counts is not None and model.is_declared:
            give_back(self.office, self.owed(agency), "Xem lại số liệu", "Sở Nội vụ", self.tick())
            model.give_back()

    @rule(agency=agencies)
    def accept(self, agency: str) -> None:
        model = self.model[agency]
        if model.is_declared and model.versions and model.versions[-1].became != "accepted":
            stood = self.stands(agency)
            accept(self.office, stood, stood.versions[-1].id, "Đã giải trình", "a", self.tick())
            model.accept()

    @rule(agency=agencies, what=st.sampled_from(("waive", "withdraw", "extend")))
    def grant(self, agency: str, what: str) -> None:
        if not self.model[agency].is_declared:
            return
        stands, word = self.stands(agency), Word("Bão lớn", "Giám đốc")
        of = (self.office, stands.regime, stands.duty, stands.period, agency)
        if what == "waive":
            waive(*of, None, word, self.tick())
        elif what == "extend":
            extend(*of, date(2016, 9, 20), word, self.tick())
        elif self.office.ledger.decisions.waivers(agency=agency):
            withdraw(*of, word, self.tick())

    @rule(agency=agencies, name=st.sampled_from(("Sở Một", "Sở Hai")))
    def rename(self, agency: str, name: str) -> None:
        self.declared = {
            **self.declared,
            agency: self.declared[agency].model_copy(update={"name": name}),
        }
        self.declare()

    @rule(agency=agencies)
    def drop_or_bring_back(self, agency: str) -> None:
        self.model[agency].is_declared = not self.model[agency].is_declared
        self.declare()

    @precondition(lambda self: not self.has_new_form)
    @rule()
    def new_form_version(self) -> None:
        self.has_new_form = True
        newer, first = second_version(), self.office.config.form("ngan").sheets[0]
        # A figure in a unit that nothing converts would go back, by a rule with tests of its own.
        asked = newer.sheets[0].model_copy(
            update={"rows": (*first.rows, *newer.sheets[0].rows[len(first.rows) :])}
        )
        newer = newer.model_copy(update={"sheets": (asked, *newer.sheets[1:])})
        forms = {**self.office.config.forms, ("ngan", 2): newer}
        self.office = replace(self.office, config=replace(self.office.config, forms=forms))

    @rule(days=st.sampled_from((2, 1, 3, 60)))
    def morning(self, days: int) -> None:
        """Days go by, and then every morning's flow runs; it delivers what is due."""
        self.now = (self.now + timedelta(days=days)).replace(hour=7, minute=0)
        for regime, duty in unscheduled(self.office, self.now):
            advance(self.office, regime.id, duty.id, self.now)
        if self.now.date() == DUE.date():
            advance(self.office, REGIME, QUARTERLY, self.now)
        self.delivered()

    # What must be true

    @invariant()
    def what_the_rules_say_counts(self) -> None:
        if not hasattr(self, "model"):
            return
        for agency, model in self.model.items():
            if model.is_declared:
                found = self.stands(agency).accepted
                got = found.version - 1 if found else None
                assert got == model.counts, (agency, got, model)

    @invariant()
    def the_last_answer_is_true(self) -> None:
        if not hasattr(self, "model"):
            return
        for agency, model in self.model.items():
            letters = [
                x
                for x in self.office.ledger.post.letters(agency=agency)
                if x.kind in ("receipt", "returned")
            ]
            got = (letters[-1].kind, letters[-1].submission_id) if letters else ("", None)
            versions = self.office.ledger.versions([self.owed(agency)])[self.owed(agency).id]
            said = versions[model.about].id if model.told else None
            assert got == (model.told, said), (agency, got, model)

    def delivered(self) -> None:
        """What was delivered last is what counts, or a lost report stops it and is named."""
        if self.now < DUE:
            return
        office = self.office
        made = office.ledger.consolidation(REGIME, QUARTERLY, PERIOD, "so-noi-vu")
        here = {a: m for a, m in self.model.items() if m.is_declared}
        counting = {a: m.versions[m.counts].plan for a, m in here.items() if m.counts is not None}
        lost = [a for a, m in self.model.items() if not m.is_declared and m.counts is not None]
        if lost:
            stopped = office.ledger.proofs.stopped()
            if here and (counting or made):
                assert stopped and all(
                    any(a in line for line in stopped[0].differences) for a in lost
                )
            return
        assert not office.ledger.proofs.stopped()
        if made is None or made.content is None:
            assert not counting
            return
        if not here:
            return
        agencies = made.content["agencies"]
        assert agencies.keys() == here.keys()
        for agency, one in agencies.items():
            assert one["name"] == self.declared[agency].name
            sent = office.ledger.find_submission(one["submission"]) if one["submission"] else None
            mine = BOOKS[agency, counting[agency]] if agency in counting else None
            expected = hashlib.sha256(mine).hexdigest() if mine else None
            assert (sent.sha256 if sent else None) == expected, (agency, one)
        last = office.ledger.post.letters(kind="delivery")[-1]
        assert last.consolidation_id == made.id and last.attachment_sha256 == made.sha256
        if counting:
            data = io.BytesIO(office.archive.get(made.sha256))
            rows = load_workbook(data, data_only=True)["Tổng hợp"]
            (row,) = (r for r in rows.iter_rows(values_only=True) if r[0] == "HS-01")
            assert sum(counting.values()) in row

    # Short ways

    def owed(self, agency: str) -> Owed:
        found = self.office.ledger.find_owed(REGIME, QUARTERLY, PERIOD, agency)
        assert found is not None
        return found

    def stands(self, agency: str) -> Standpoint:
        return standing_of(self.office, self.owed(agency), self.now)

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def declare(self) -> None:
        regime = self.office.config.regimes[REGIME]
        held = {
            a: one
            for a, one in self.declared.items()
            if a not in self.model or self.model[a].is_declared
        }
        regimes = {**self.office.config.regimes, REGIME: regime.holding(held, regime.contacts)}
        self.office = replace(self.office, config=replace(self.office.config, regimes=regimes))


def test_whatever_is_done_what_the_rules_say_counts_and_is_delivered(
    open_office: OpenOffice,
) -> None:
    Plays.open_office = staticmethod(open_office)  # type: ignore[assignment]
    run_state_machine_as_test(
        Plays,
        settings=settings(
            max_examples=PLAYS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=PLAYS < 50,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if PLAYS >= 50 else (Phase.generate,),
        ),
    )
