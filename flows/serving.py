"""Serves deployments from one process, and begins by clearing up after the last one."""

import asyncio
import signal
from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import DeploymentSort, FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.states import Crashed

from flows import AT_START
from flows.deployments import TAG

UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


async def serve(
    *groups: Sequence[RunnerDeployment], limit: int, at_once: Sequence[str] = ()
) -> None:
    """Register the deployments, run those named in `at_once`, and serve until SIGTERM.

    At most `limit` runs of each group work at a time, so none waits for another group's.
    Deployments of ours that are no longer declared are removed with their runs; schedules go
    on when this ends. Nothing else may serve the same deployments meanwhile.
    """
    served: dict[str, UUID] = {}
    runners = []
    for number, group in enumerate(groups, 1):
        runner = Runner(name=f"ky-bao-cao-{number}", limit=limit, pause_on_shutdown=False)
        served |= {d.full_name: await runner.aadd_deployment(d) for d in group}
        runners.append(runner)
    async with get_client() as client:
        await _remove_others(client, set(served.values()))
        await free_places(client, set(served.values()))
        for name in at_once:
            await client.create_flow_run_from_deployment(served[name], tags=[AT_START])
    await _run_until_told(runners)


async def _run_until_told(runners: Sequence[Runner]) -> None:
    """Run the runners until SIGTERM or SIGINT, then stop them and their runs."""
    told = asyncio.Event()
    serving = [asyncio.create_task(runner.start()) for runner in runners]
    while not all(r.started or s.done() for r, s in zip(runners, serving, strict=True)):
        await asyncio.sleep(0.01)
    # The runner's own handler cannot wait for what it stops when a loop is running.
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    telling = asyncio.create_task(told.wait())
    await asyncio.wait({*serving, telling}, return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    for runner, task in zip(runners, serving, strict=True):
        if not task.done():
            await runner.astop()
    await asyncio.gather(*serving)


async def _remove_others(client: PrefectClient, served: set[UUID]) -> None:
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    for deployment in await _deployments(client, ours):
        if deployment.id not in served:
            await client.delete_deployment(deployment.id)


async def _deployments(client: PrefectClient, chosen: DeploymentFilter) -> list[DeploymentResponse]:
    # The server refuses the client's own defaults for these two.
    return await client.read_deployments(
        deployment_filter=chosen, limit=200, sort=DeploymentSort.NAME_ASC
    )


async def free_places(client: PrefectClient, served: set[UUID]) -> None:
    """End the runs that a killed process left behind, and free the places that they held."""
    here = DeploymentFilter(id=DeploymentFilterId(any_=list(served)))
    unfinished = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))
    )
    for run in await client.read_flow_runs(
        flow_run_filter=unfinished,
        deployment_filter=here,
        limit=200,
        sort=FlowRunSort.EXPECTED_START_TIME_ASC,
    ):
        await client.set_flow_run_state(
            run.id, Crashed(message="The process that ran it was killed."), force=True
        )
    for deployment in await _deployments(client, here):
        place = deployment.global_concurrency_limit
        if place is not None and place.active_slots:
            await client.update_global_concurrency_limit(
                place.name, GlobalConcurrencyLimitUpdate(active_slots=0)
            )
