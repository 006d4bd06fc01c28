"""The flow that sends the letters that wait in the ledger."""

import asyncio
from functools import partial

from prefect import flow
from prefect.logging import get_run_logger

from flows.desk import moment, office
from kybaocao import runtime
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.steps.post.send import send_letters


@flow(name="gui-thu", flow_run_name="gui-thu")
async def send(as_of: str | None = None) -> str:
    """Send every letter that is due, by the clock that stands at `as_of` or else by ours.

    Returns one Vietnamese line on what went out. Fails with one that says what is wrong if the
    mail server takes no letters: they wait, and the next run tries again.
    """
    clock = runtime.now if as_of is None else partial(moment, as_of)
    report = await asyncio.to_thread(send_letters, office(), clock)
    log = get_run_logger()
    log.info("%s", report.summary)
    for error in report.errors:
        log.warning("%s", error)
    if report.trouble:
        raise KyBaoCaoError(f"{report.summary}. {report.trouble}")
    return report.summary
