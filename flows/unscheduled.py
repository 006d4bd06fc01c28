"""The flow that carries what the calendar alone does not bring: owed once, asked for, extended."""

import asyncio

from prefect import flow
from prefect.logging import get_run_logger

from flows.desk import moment, office
from kybaocao.steps.cycle.cycle import advance, unscheduled
from kybaocao.steps.post.digest import queue_digest


@flow(name="khong-dinh-ky", flow_run_name="khong-dinh-ky", retries=2, retry_delay_seconds=60)
async def carry_unscheduled(
    regime: str | None = None, duty: str | None = None, as_of: str | None = None
) -> str:
    """Carry to `as_of` (or now) what has no day of its own on the calendar.

    These are one-off and requested reports, those with more time, and deliveries that are not
    what counts any more, as after a late report.

    `regime` and `duty` narrow it. Safe to repeat. Returns one Vietnamese line for each duty
    for which something was done.
    """
    desk, at = office(), moment(as_of)
    lines: list[str] = []
    faults: list[Exception] = []
    for of, declared in unscheduled(desk, at):
        if regime in (None, of.id) and duty in (None, declared.id):
            try:
                report = await asyncio.to_thread(advance, desk, of.id, declared.id, at)
            except Exception as error:
                # What is wrong with one duty must not keep the others.
                get_run_logger().exception("%s/%s", of.id, declared.id)
                faults.append(error)
                continue
            if report.acts:
                lines.append(f"{of.id}/{declared.id}: {report.summary}")
    told = 0
    if regime is None and duty is None:
        told = await asyncio.to_thread(queue_digest, desk, at)
    if told:
        lines.append(f"{told} thư về việc đang chờ xử lý")
    get_run_logger().info("%s", "\n".join(lines) or "không có việc gì phải làm")
    if faults:
        raise ExceptionGroup("some duties could not be carried", faults)
    return "\n".join(lines)
