"""What Prefect schedules is what the calendar says."""

import asyncio
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from prefect.deployments.runner import RunnerDeployment

from flows.deployments import of_duties, standing, unscheduled
from flows.schedule import at
from kybaocao.adapters.regime_files import Config, load
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import terms
from kybaocao.rules.cycle.reminder import run_days
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.serving.supervisor import RUNS_AHEAD, Service
from kybaocao.settings import CHECKOUT
from kybaocao.steps.cycle.days import days_ahead
from tests.flows.conftest import ask, in_state, of
from tests.support import PATIENCE

YEAR = timedelta(days=365)
A_WHILE = timedelta(hours=1)


def instants(regime: Regime, duty: Duty, config: Config, moment: datetime) -> set[datetime]:
    """Return when the duty should run in the year ahead, straight from the calendar."""
    found = terms(regime, duty, moment.date(), moment.date() + 2 * YEAR, config.calendar)
    days = {max(d, moment.date()) for t in found for d in run_days(duty, t, config.calendar)}
    all_of_them = {datetime.combine(day, duty.run_at, VIETNAM) for day in days}
    return {i for i in all_of_them if moment + A_WHILE < i < moment + YEAR}


def scheduled(server: Service, flow: str, name: str, moment: datetime) -> list[datetime]:
    """Return the instants at which the server will run a deployment in the year ahead."""
    runs = ask(server, "/flow_runs/filter", **of(flow, name), flow_runs=in_state("SCHEDULED"))
    found = [datetime.fromisoformat(run["next_scheduled_start_time"]) for run in runs]
    return sorted(i for i in found if moment + A_WHILE < i < moment + YEAR)


def count(server: Service, flow: str, name: str) -> int:
    """Return how many runs the server has scheduled for a deployment, without reading them."""
    query = {**of(flow, name), "flow_runs": in_state("SCHEDULED")}
    return int(ask(server, "/flow_runs/count", **query))


async def register(deployments: Sequence[RunnerDeployment]) -> None:
    for deployment in deployments:
        await deployment.aapply()


def test_a_year_ahead_every_duty_runs_on_its_own_days_at_seven(
    server: Service, config: Config, moment: datetime
) -> None:
    active = dict.fromkeys(config.regimes, moment.date())
    deployments = of_duties(config.regimes, active, moment.date(), config.calendar)
    asyncio.run(register(deployments))
    duties = [(r, d) for r in config.regimes.values() for d in r.duties if d.every.recurs]
    assert {d.full_name for d in deployments} == {f"{r.id}/{d.id}" for r, d in duties}
    for regime, duty in duties:
        expected = instants(regime, duty, config, moment)
        patience = time.monotonic() + PATIENCE
        while count(server, regime.id, duty.id) < len(expected) or len(
            found := scheduled(server, regime.id, duty.id, moment)
        ) < len(expected):
            assert time.monotonic() < patience, f"{regime.id}/{duty.id} is not scheduled"
            time.sleep(0.5)
        assert found == sorted(expected), f"{regime.id}/{duty.id}"
        assert {f"{i.astimezone(VIETNAM):%H:%M%z}" for i in found} == {"07:00+0700"}


def days_of_next_year(config: Config, go_live: date) -> list[date]:
    """Return the days of Quảng Nam's quarterly report in the year of `go_live`."""
    regime = config.regimes["quang-nam"]
    first, last = date(go_live.year, 1, 1), date(go_live.year, 12, 31)
    return days_ahead(regime, regime.duty("bao-cao-quy"), go_live, first, last, config.calendar)


def test_the_day_after_every_deadline_of_quang_nam_is_among_them(
    config: Config, moment: datetime
) -> None:
    """V.1.d: "trước ngày 15 của tháng cuối quý"; on the 15th all that came is consolidated."""
    year = moment.year + 1
    days = days_of_next_year(config, date(year, 1, 1))
    assert {date(year, month, 15) for month in (3, 6, 9, 12)} <= set(days)


def test_what_a_term_asked_for_before_going_live_is_done_on_that_day(
    config: Config, moment: datetime
) -> None:
    go_live = date(moment.year + 1, 3, 10)
    assert days_of_next_year(config, go_live)[0] == go_live


def test_no_schedule_has_more_instants_than_prefect_holds_ahead_for_it() -> None:
    first = datetime(2027, 1, 1, 7, tzinfo=VIETNAM)
    schedules = at([first + timedelta(days=n) for n in range(1000)] * 2)
    stamps = [s for one in schedules for s in (one.rrule or "").removeprefix("RDATE:").split(",")]
    assert len(stamps) == len(set(stamps)) == 1000
    assert {(one.rrule or "").count(",") + 1 for one in schedules} == {RUNS_AHEAD}


def test_a_regime_that_is_not_named_active_has_no_deployment(
    config: Config, moment: datetime
) -> None:
    assert of_duties(config.regimes, {}, moment.date(), config.calendar) == []


def test_a_duty_without_days_to_come_is_deployed_without_a_schedule(
    config: Config, moment: datetime
) -> None:
    far = {"quang-nam": moment.date() + 10 * YEAR}
    deployments = of_duties(config.regimes, far, moment.date(), config.calendar)
    assert [len(d.schedules or []) for d in deployments] == [0] * len(deployments)


def test_an_agency_that_begins_while_a_term_is_open_is_asked_on_its_first_day() -> None:
    """Quý I/2025 opens in February; the merged departments begin on 1/3/2025."""
    config = load(CHECKOUT / "config")
    regime = config.regimes["lang-son-hien-nay"]
    duty = next(d for d in regime.duties if d.tiers)
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    days = days_ahead(regime, duty, first, first, last, config.calendar)
    assert date(2025, 3, 1) in days


def test_every_duty_is_carried_by_its_own_deployment_or_by_the_common_one(
    config: Config, moment: datetime
) -> None:
    """The duties that recur have their schedules; all others run through one deployment."""
    active = dict.fromkeys(config.regimes, moment.date())
    own = {d.full_name for d in of_duties(config.regimes, active, moment.date(), config.calendar)}
    others = {
        f"{regime.id}/{duty.id}"
        for regime in config.regimes.values()
        for duty in regime.duties
        if duty.once is not None or duty.every.value == "request"
    }
    assert others
    assert own | others == {f"{r.id}/{d.id}" for r in config.regimes.values() for d in r.duties}
    assert not own & others
    common = unscheduled()
    assert common.full_name == "khong-dinh-ky/bao-cao"
    assert set(common.parameters) == set()
    (schedule,) = common.schedules or []
    assert schedule.schedule.cron == "0 7 * * *"


@pytest.mark.parametrize("sending_every", [None, timedelta(seconds=30)])
def test_sending_runs_often_only_where_there_is_a_mail_server(
    sending_every: timedelta | None,
) -> None:
    intake, sending = standing(timedelta(minutes=1), sending_every)
    assert (intake.full_name, sending.full_name) == ("tiep-nhan/thu-muc", "gui-thu/hang-doi")
    assert len(intake.schedules or []) == 1
    assert len(sending.schedules or []) == (0 if sending_every is None else 1)
