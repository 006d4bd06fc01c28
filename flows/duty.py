"""The flow that carries one duty's cycle forward."""

import asyncio

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.desk import moment, office
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.steps.cycle.cycle import advance


@flow(name="ky-bao-cao", flow_run_name="{duty}", retries=2, retry_delay_seconds=60)
async def carry(regime: str, duty: str, as_of: str | None = None) -> str:
    """Carry the duty's cycle to `as_of`, an ISO date or instant (now if absent).

    Opens the period, records the letters that are due, consolidates and delivers after the
    deadline. Safe to repeat. Returns one Vietnamese sentence on what happened; the status
    table and the workbook's place are left as artifacts.
    """
    desk = office()
    at = moment(as_of, desk.duty(regime, duty)[1].run_at)
    if as_of is None:
        # Prefect rounds to seconds, so a run due at midnight could begin on the day before.
        at = max(at, flow_run.scheduled_start_time.astimezone(VIETNAM))
    # In a thread, so that a run told to stop ends its act instead of tearing it.
    report = await asyncio.to_thread(advance, desk, regime, duty, at)
    key = f"{regime}-{duty}"
    await acreate_table_artifact(
        report.lines, key=f"{key}-tinh-hinh", description=f"{report.summary} ({at:%d/%m/%Y %H:%M})"
    )
    if report.workbooks:
        places = "\n".join(f"- `{path}`" for path in report.workbooks)
        await acreate_markdown_artifact(f"Báo cáo tổng hợp:\n\n{places}", key=f"{key}-tong-hop")
    get_run_logger().info("%s", report.summary)
    return report.summary
