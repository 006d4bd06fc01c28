"""Serves one flow that leaves a trace, every five seconds for some minutes (run by a test)."""

import asyncio
from datetime import timedelta
from pathlib import Path

from prefect import flow
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


def main(folder: str) -> None:
    """Serve the flow until SIGTERM."""
    begin = now().replace(microsecond=0)
    deployment = RunnerDeployment.from_flow(
        leave_trace,
        name="moi-nam-giay",
        schedules=at(begin + timedelta(seconds=5 * n) for n in range(60)),
        parameters={"folder": folder},
        tags=[TAG],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    asyncio.run(serve([deployment], limit=1))
