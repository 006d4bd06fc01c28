"""Serves flows that leave a trace, or never end, every five seconds for half an hour, to tests."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from prefect import Flow, flow
from prefect.deployments.runner import RunnerDeployment
from prefect.types.entrypoint import EntrypointType

from flows.deployments import TAG
from flows.schedule import at
from flows.serving import serve
from kybaocao.runtime import now


@flow(name="dau-vet")
async def leave_trace(folder: str) -> None:
    """Leave a file that is named for the time."""
    Path(folder, now().isoformat()).touch()


@flow(name="khong-het")
async def never_end(folder: str) -> None:
    """Leave a file that is named for what it does, and hold the place."""
    Path(folder, "held").touch()
    await asyncio.Event().wait()


def every_five_seconds(of: Flow[[str], Any], name: str, folder: str) -> RunnerDeployment:
    """Return a deployment that runs every five seconds for half an hour."""
    begin = now().replace(microsecond=0)
    return RunnerDeployment.from_flow(
        of,
        name=name,
        schedules=at(begin + timedelta(seconds=5 * n) for n in range(360)),
        parameters={"folder": folder},
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def main(folder: str) -> None:
    """Serve the flow that leaves a trace until SIGTERM."""
    asyncio.run(serve([every_five_seconds(leave_trace, "moi-nam-giay", folder)], limit=1))


def beside_one_that_never_ends(traces: str, held: str) -> None:
    """Serve it with, in a group of its own, a flow that never ends, until SIGTERM."""
    trace = every_five_seconds(leave_trace, "moi-nam-giay", traces)
    hold = every_five_seconds(never_end, "giu-cho", held)
    asyncio.run(serve([trace], [hold], limit=1))
