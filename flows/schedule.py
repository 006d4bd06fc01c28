"""Schedules that name their instants one by one, since deadlines follow no simple rhythm."""

from collections.abc import Iterable
from datetime import datetime

from prefect.schedules import RRule, Schedule

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.serving.supervisor import RUNS_AHEAD


def at(instants: Iterable[datetime]) -> list[Schedule]:
    """Return the schedules that run at exactly these instants, aware, each once, in order.

    Prefect holds so many runs ahead for one schedule: with no more in each it holds them all.
    """
    stamps = sorted({f"{i.astimezone(VIETNAM):%Y%m%dT%H%M%S}" for i in instants})
    return [
        RRule("RDATE:" + ",".join(stamps[start : start + RUNS_AHEAD]), timezone=VIETNAM.key)
        for start in range(0, len(stamps), RUNS_AHEAD)
    ]
