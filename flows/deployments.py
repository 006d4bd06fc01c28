"""The deployments: one per recurring duty of each active regime, one for all others, and more."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.duty import carry
from flows.intake import take_in
from flows.schedule import at
from flows.sending import send
from flows.unscheduled import carry_unscheduled
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.cells.phrases import quoted
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import document_words
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.cycle.days import AsOpened, days_ahead

# Every start computes the days anew, so this only bounds one uninterrupted run.
HORIZON = timedelta(days=3 * 366)
TAG = "ky-bao-cao"
EVERY_MORNING = 7
ANCHOR = datetime(2016, 1, 1, tzinfo=VIETNAM)


def of_duties(
    regimes: Mapping[str, Regime],
    active: Mapping[str, date],
    today: date,
    calendar: WorkCalendar,
    horizon: timedelta = HORIZON,
    as_opened: AsOpened = lambda _, term: term,
) -> list[RunnerDeployment]:
    """Return a deployment for each duty of each active regime, such as quang-nam/bao-cao-quy.

    `active` maps a regime to the day from which it counts. A duty without a day of work from
    `today` to the end of the horizon has no schedule and can be run by hand. Duties that do
    not recur have none of their own: `unscheduled` carries them.
    """
    return [
        _of_duty(
            regime := regimes[regime_id],
            duty,
            days_ahead(regime, duty, go_live, today, today + horizon, calendar, as_opened),
        )
        for regime_id, go_live in active.items()
        for duty in regimes[regime_id].duties
        if duty.every.recurs
    ]


def _of_duty(regime: Regime, duty: Duty, days: list[date]) -> RunnerDeployment:
    document, words = regime.document, document_words(regime.document)
    return _deployment(
        carry.with_options(name=regime.id),
        name=duty.id,
        schedules=at(datetime.combine(day, duty.run_at, VIETNAM) for day in days),
        parameters={"regime": regime.id, "duty": duty.id},
        collision=ConcurrencyLimitStrategy.ENQUEUE,
        description=f"{duty.name}: {quoted(duty.stated)}, {words}, {duty.clause}.",
        tags=[TAG, document.number, duty.clause],
    )


def unscheduled() -> RunnerDeployment:
    """Return khong-dinh-ky/bao-cao: what has no day of its own, every morning.

    Its parameters `regime` and `duty` narrow a run by hand.
    """
    return _deployment(
        carry_unscheduled,
        name="bao-cao",
        schedules=[Cron(f"0 {EVERY_MORNING} * * *", timezone=VIETNAM.key)],
        parameters={},
        collision=ConcurrencyLimitStrategy.ENQUEUE,
        description="Báo cáo một lần, theo yêu cầu, được gia hạn; tổng hợp lại khi có thay đổi.",
        tags=[TAG],
    )


def standing(intake_every: timedelta, sending_every: timedelta | None) -> list[RunnerDeployment]:
    """Return the deployments that run so often, or by hand if that is None.

    They are tiep-nhan/thu-muc, which takes files in, and gui-thu/hang-doi, which sends letters.
    """
    return [
        _deployment(
            flow,
            name=name,
            schedules=[Interval(every, anchor_date=ANCHOR)] if every else [],
            parameters={},
            collision=ConcurrencyLimitStrategy.CANCEL_NEW,
            description=description,
            tags=[TAG],
        )
        for flow, name, every, description in (
            (take_in, "thu-muc", intake_every, "Tiếp nhận tệp báo cáo từ thư mục nhận."),
            (send, "hang-doi", sending_every, "Gửi các thư đang chờ."),
        )
    ]


def _deployment(
    flow: Flow[..., Any],
    *,
    name: str,
    schedules: list[Schedule],
    parameters: dict[str, Any],
    collision: ConcurrencyLimitStrategy,
    description: str,
    tags: list[str],
) -> RunnerDeployment:
    """Return a deployment of which one run works at a time.

    After a standstill late runs come in bunches. Those of intake and sending each do all that
    waits, so those beside a working one are cancelled; a duty's run may have been given a
    date of its own, so it waits for its turn.
    """
    return RunnerDeployment.from_flow(
        flow,
        name=name,
        schedules=schedules,
        parameters=parameters,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=collision),
        description=description,
        tags=tags,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
