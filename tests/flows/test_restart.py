"""After a night, a weekend or Tết: what was missed is neither run nor in the duties' way."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.states import Scheduled

from flows import AT_START
from flows.deployments import standing, unscheduled
from flows.server import forget_missed
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.runtime import now
from kybaocao.serving.supervisor import RUNS_AHEAD, Service
from kybaocao.settings import MailOptions, Settings
from tests.flows.conftest import ask, of, talking_to, until

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TICKS = (("tiep-nhan", "thu-muc"), ("gui-thu", "hang-doi"))
COMMON = ("khong-dinh-ky", "bao-cao")
DUTIES = (("quang-nam", "bao-cao-quy"), ("quang-nam", "so-tu-phap"), COMMON)


def logs(service: Service) -> str:
    """Return all that the service's processes wrote."""
    folder = service.settings.data_folder / "logs"
    return "".join(log.read_text(encoding="utf-8") for log in folder.iterdir())


def let_schedule(service: Service, begin: datetime, count: int) -> None:
    """Let Prefect schedule so many ticks, a minute apart, of intake and of sending each."""
    with talking_to(service):
        for deployment in standing(MINUTE, MINUTE):
            ask(
                service,
                f"/deployments/{asyncio.run(deployment.aapply())}/schedule",
                start_time=begin.isoformat(),
                end_time=(begin + (count + 1) * MINUTE).isoformat(),
                min_time=0.0,
                min_runs=count,
                max_runs=count,
            )


def count(service: Service, deployment: tuple[str, str], state: str) -> int:
    """Return how many of a deployment's runs are in a state."""
    named = {"state": {"name": {"any_": [state]}}}
    return int(ask(service, "/flow_runs/count", **of(*deployment), flow_runs=named))


def runs(service: Service, deployment: tuple[str, str]) -> dict[str, dict[str, Any]]:
    """Return a deployment's runs by their id."""
    return {run["id"]: run for run in ask(service, "/flow_runs/filter", **of(*deployment))}


def ask_for_duties(service: Service, at: datetime, *tags: str) -> str:
    """Ask for the common duties' run at an instant, by hand without a tag; return its id."""

    async def create() -> str:
        async with get_client() as client:
            id_ = await unscheduled().aapply()
            state = Scheduled(scheduled_time=at)
            run = await client.create_flow_run_from_deployment(id_, state=state, tags=tags)
            return str(run.id)

    with talking_to(service):
        return asyncio.run(create())


def test_a_first_start_that_was_cut_short_is_no_hindrance(tmp_path: Path) -> None:
    forget_missed(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    forget_missed(tmp_path / "empty.db")


def test_forty_late_runs_at_once_and_no_database_is_locked(home: Path, data: Path) -> None:
    """Prefect marks ten late runs at a time, each in a transaction that reads, then writes."""
    with Service(Settings(home=home, data=data), serve=False, port=0) as service:
        let_schedule(service, now() - 30 * MINUTE, 20)
        until(lambda: all(count(service, tick, "Late") >= 20 for tick in TICKS))
        assert "database is locked" not in logs(service)


def test_after_four_hours_the_duties_are_carried_and_no_tick_of_the_past_is_run(
    home: Path, data: Path, tmp_path: Path
) -> None:
    with Service(Settings(home=home, data=data), serve=False, port=0) as before:
        let_schedule(before, now() - 251 * MINUTE, 250)
        by_hand = ask_for_duties(before, now() - 60 * MINUTE)
        ask_for_duties(before, now() - 59 * MINUTE, AT_START)

    begun = now()
    with MailCatcher(tmp_path / "letters") as catcher:
        settings = Settings(
            home=home,
            data=data,
            active={"quang-nam": "2016-07-01"},
            mail=MailOptions(host=catcher.host, port=catcher.port, security="none"),
            intake_every=10 * SECOND,
            sending_every=10 * SECOND,
        )
        with Service(settings, port=0) as service:
            until(lambda: all(count(service, duty, "Completed") for duty in DUTIES))
            until(lambda: all(count(service, tick, "Completed") for tick in TICKS))
            until(lambda: runs(service, COMMON)[by_hand]["state_name"] == "Completed")
            known = [run for of_it in (*TICKS, COMMON) for run in runs(service, of_it).values()]
            read = now()
            assert "database is locked" not in logs(service)

    due = [(datetime.fromisoformat(run["expected_start_time"]), run) for run in known]
    past = [run["id"] for at, run in due if at < begun]
    assert past == [by_hand], "what was asked for by hand is done, no more"
    ahead = Counter(run["deployment_id"] for at, run in due if at > read)
    assert max(ahead.values()) <= RUNS_AHEAD
