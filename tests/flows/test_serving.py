"""A real server and a real runner: what is scheduled runs, what was killed is cleared up."""

import asyncio
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.states import Pending, Running

from flows.deployments import TAG
from flows.serving import free_places
from kybaocao.serving.supervisor import Service
from kybaocao.settings import CHECKOUT
from tests.flows.conftest import ask, in_state, of, until
from tests.flows.traced import leave_trace
from tests.support import PATIENCE

# Prefect waits for whole seconds, to the nearest.
ROUNDING = timedelta(seconds=1)


def start(server: Service, call: str) -> subprocess.Popen[bytes]:
    """Start a process that calls a function of `traced`."""
    return subprocess.Popen(
        [sys.executable, "-c", f"from tests.flows.traced import *; {call}"],
        cwd=CHECKOUT,
        env={**server.environment(), "PREFECT_RUNNER_POLL_FREQUENCY": "1"},
    )


def test_a_scheduled_run_takes_place_at_its_time_and_stopping_pauses_nothing(
    server: Service, tmp_path: Path
) -> None:
    old = RunnerDeployment.from_flow(leave_trace, name="da-bo", tags=[TAG])
    asyncio.run(old.aapply())
    serving = start(server, f"main({str(tmp_path)!r})")
    try:
        until(lambda: any(tmp_path.iterdir()), serving)
        chosen = of("dau-vet", "moi-nam-giay")
        query = {**chosen, "flow_runs": in_state("COMPLETED")}
        until(lambda: bool(ask(server, "/flow_runs/filter", **query)), serving)
        done = ask(server, "/flow_runs/filter", **query)
    finally:
        serving.send_signal(signal.SIGTERM)
    assert serving.wait(PATIENCE) == 0

    first = min(done, key=lambda run: str(run["expected_start_time"]))
    due = datetime.fromisoformat(first["expected_start_time"])
    traces = sorted(datetime.fromisoformat(trace.name) for trace in tmp_path.iterdir())
    assert first["auto_scheduled"]
    assert traces[0] > due - ROUNDING

    kept = ask(server, "/deployments/filter", flows={"name": {"any_": ["dau-vet"]}})
    assert [(d["name"], d["paused"]) for d in kept] == [("moi-nam-giay", False)]
    assert all(s["active"] for s in kept[0]["schedules"])


def test_a_run_that_never_ends_holds_up_its_own_group_alone(
    server: Service, tmp_path: Path
) -> None:
    """So a duty never waits for intake or sending, however much of them there is."""
    traces, held = tmp_path / "traces", tmp_path / "held"
    traces.mkdir()
    held.mkdir()
    serving = start(server, f"beside_one_that_never_ends({str(traces)!r}, {str(held)!r})")
    try:
        until(lambda: any(held.iterdir()), serving)
        before = set(traces.iterdir())
        until(lambda: bool(set(traces.iterdir()) - before), serving)
        query = {**of("khong-het", "giu-cho"), "flow_runs": in_state("RUNNING")}
        assert len(ask(server, "/flow_runs/filter", **query)) == 1
    finally:
        serving.send_signal(signal.SIGTERM)
    assert serving.wait(PATIENCE) == 0


async def leave_behind(deployment: RunnerDeployment) -> None:
    """Start a run and never end it, as a process does that is killed."""
    deployment_id = await deployment.aapply()
    async with get_client() as client:
        run = await client.create_flow_run_from_deployment(deployment_id)
        await client.set_flow_run_state(run.id, Pending())
        await client.set_flow_run_state(run.id, Running())


async def clear_up(deployment: RunnerDeployment) -> None:
    async with get_client() as client:
        await free_places(client, {await deployment.aapply()})


def test_a_killed_run_keeps_nobody_from_running(server: Service) -> None:
    """Prefect leaves it "Running" for ever, in the only place that there is."""
    deployment = RunnerDeployment.from_flow(
        leave_trace,
        name="mot-cho",
        parameters={"folder": "nowhere"},
        concurrency_limit=ConcurrencyLimitConfig(limit=1),
    )
    asyncio.run(leave_behind(deployment))
    [before] = ask(server, "/deployments/filter", deployments={"name": {"any_": ["mot-cho"]}})
    assert before["global_concurrency_limit"]["active_slots"] == 1

    asyncio.run(clear_up(deployment))

    [after] = ask(server, "/deployments/filter", deployments={"name": {"any_": ["mot-cho"]}})
    assert after["global_concurrency_limit"]["active_slots"] == 0
    [run] = ask(server, "/flow_runs/filter", **of("dau-vet", "mot-cho"))
    assert run["state_name"] == "Crashed"


@pytest.mark.parametrize("arguments", [[], ["dance"], ["serve", "now"]])
def test_wrong_use_of_the_module_is_one_line_and_exit_64(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flows", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64
    assert done.stderr == "usage: python -m flows serve | play\n"
