"""The flow that sends the letters that wait in the ledger."""

import asyncio
from functools import partial

from prefect import flow
from prefect.logging import get_run_logger

from flows.desk import moment, office
from kybaocao import runtime
from kybaocao.steps.post.send import send_letters


@flow(name="gui-thu", flow_run_name="gui-thu")
async def send(as_of: str | None = None) -> str:
    """Send every letter that is due, by the clock that stands at `as_of` or else by ours.

    Returns one Vietnamese line on what went out.
    """
    clock = runtime.now if as_of is None else partial(moment, as_of)
    report = await asyncio.to_thread(send_letters, office(), clock)
    get_run_logger().info("%s", report.summary)
    return report.summary
