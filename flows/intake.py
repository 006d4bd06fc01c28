"""The flow that takes in the files of the drop folder."""

import asyncio

from prefect import flow
from prefect.logging import get_run_logger

from flows.desk import moment, office
from kybaocao import runtime
from kybaocao.steps.intake.receive import collect


@flow(name="tiep-nhan", flow_run_name="tiep-nhan")
async def take_in(as_of: str | None = None) -> str:
    """Take in, check and answer every file that is complete in the drop folder.

    They count as received at `as_of`, an ISO date or instant, or when they were complete if
    it is absent. Returns one Vietnamese line on what came in.
    """
    at = None if as_of is None else moment(as_of)
    report = await asyncio.to_thread(collect, office(), runtime.now(), at)
    get_run_logger().info("%s", report.summary)
    return report.summary
