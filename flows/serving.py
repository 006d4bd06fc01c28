"""Serves deployments from one process, and begins by clearing up after the last one."""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
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

LOG = logging.getLogger(__name__)
Renewed = Callable[[], Sequence[RunnerDeployment]]
# In seconds: how often it is asked whether other deployments are declared.
LOOK_EVERY = 10.0
UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


async def serve(
    *groups: Sequence[RunnerDeployment],
    limit: int,
    at_once: bool = False,
    renewed: Renewed = list,
) -> None:
    """Register the deployments, run those of the first group if `at_once`, serve until SIGTERM.

    At most `limit` runs of each group work at a time, so none waits for another group's.
    Deployments of ours that are no longer declared are removed with their runs; schedules go
    on when this ends. Nothing else may serve the same deployments meanwhile. `renewed` is asked
    now and then for the first group as it should be by then; it gives nothing while all is well.
    """
    runners = [
        Runner(name=f"ky-bao-cao-{number}", limit=limit, pause_on_shutdown=False)
        for number in range(1, len(groups) + 1)
    ]
    served = [await _added(runner, group) for runner, group in zip(runners, groups, strict=True)]
    async with get_client() as client:
        await _remove_others(client, {one for group in served for one in group})
        await free_places(client, {one for group in served for one in group})
        if at_once:
            await _run_now(client, served[0])
        renewing = asyncio.create_task(_renew(client, runners[0], served, renewed))
        try:
            await _run_until_told(runners)
        finally:
            renewing.cancel()


async def _added(runner: Runner, group: Sequence[RunnerDeployment]) -> list[UUID]:
    return [await runner.aadd_deployment(deployment) for deployment in group]


async def _run_now(client: PrefectClient, served: Sequence[UUID]) -> None:
    for one in served:
        await client.create_flow_run_from_deployment(one, tags=[AT_START])


async def _renew(
    client: PrefectClient, runner: Runner, served: list[list[UUID]], renewed: Renewed
) -> None:
    """Take the first group as it is declared by now, and carry it at once; go on whatever fails."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        try:
            if group := await asyncio.to_thread(renewed):
                served[0] = await _added(runner, group)
                await _remove_others(client, {one for each in served for one in each})
                await _run_now(client, served[0])
        except Exception:
            LOG.exception("the deployments could not be renewed")


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
