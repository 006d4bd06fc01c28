"""What every flow shares: the office it works in, and the instant it works at."""

import atexit
from contextlib import ExitStack
from datetime import date, datetime, time
from functools import cache

from kybaocao import runtime
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.serving.supervisor import handed_settings


@cache
def _held() -> list[runtime.Office]:
    open_until_exit = ExitStack()
    atexit.register(open_until_exit.close)
    return [open_until_exit.enter_context(runtime.office(handed_settings(), patient=True))]


def office() -> runtime.Office:
    """Return this process's office with the config that holds now.

    It is opened once, and closed when the process ends.
    """
    held = _held()
    held[0] = held[0].refreshed()
    return held[0]


def moment(as_of: str | None, run_at: time = time()) -> datetime:
    """Return the instant that `as_of` names, or now.

    `as_of` is an ISO date (that day at `run_at`) or an ISO instant; without an offset it is
    local to Asia/Ho_Chi_Minh. Raises ValueError if it is neither, KyBaoCaoError unless the office
    may be dated so (`Office.dated`): whoever reaches Prefect's API must not decide what day it is.
    """
    if as_of is None:
        return runtime.now()
    if len(as_of) == len("2016-09-14"):
        return office().dated(datetime.combine(date.fromisoformat(as_of), run_at, VIETNAM))
    instant = datetime.fromisoformat(as_of)
    local = instant.astimezone(VIETNAM) if instant.tzinfo else instant.replace(tzinfo=VIETNAM)
    return office().dated(local)
