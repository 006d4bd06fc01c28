"""`python -m flows serve` runs what is due when it is due; `play` runs what it is told."""

import asyncio
import sys

from kybaocao.rules.errors import KyBaoCaoError


async def serve() -> None:
    """Serve the deployments of this office's active regimes, of intake and of sending."""
    from flows.deployments import of_duties, standing, unscheduled
    from flows.serving import serve
    from kybaocao import runtime
    from kybaocao.serving.supervisor import handed_settings

    with runtime.office(handed_settings()) as office:
        config, settings, today = office.config, office.settings, runtime.now().date()
        of = (config.regimes, settings.active, today, config.calendar)
        duties = of_duties(*of, as_opened=office.as_opened)
    sending_every = settings.sending_every if settings.mail.host else None
    often = standing(settings.intake_every, sending_every)
    # What fell due while nothing was running must not wait for the next day on the schedule.
    at_once = [d.full_name for d in (*duties, unscheduled())]
    await serve([*duties, unscheduled()], often, limit=2, at_once=at_once)


async def play() -> None:
    """Run the flows that standard input names."""
    from flows.play import play

    await play()


def main(arguments: list[str]) -> int:
    """Run the command named by the only argument. Returns the exit code."""
    # Each imports what it needs: Prefect takes two seconds.
    commands = {"serve": serve, "play": play}
    if len(arguments) != 1 or arguments[0] not in commands:
        print("usage: python -m flows serve | play", file=sys.stderr)
        return 64
    try:
        asyncio.run(commands[arguments[0]]())
    except KyBaoCaoError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
