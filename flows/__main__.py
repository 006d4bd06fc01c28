"""`python -m flows serve` runs what is due when it is due; `play` runs what it is told."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from kybaocao.adapters.private import UMASK
from kybaocao.rules.errors import KyBaoCaoError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment


async def serve() -> None:
    """Serve the deployments of this office's active regimes, of intake and of sending."""
    from flows.deployments import of_duties, standing, unscheduled
    from flows.desk import office
    from flows.serving import serve
    from kybaocao import runtime

    taken = ""

    def duties() -> "list[RunnerDeployment]":
        """Return the deployments of duties as declared now, or nothing if they are as before."""
        nonlocal taken
        desk = office()
        if desk.config_mark == taken:
            return []
        taken = desk.config_mark
        of = (desk.config.regimes, desk.settings.active, runtime.now().date())
        return [*of_duties(*of, desk.config.calendar, as_opened=desk.as_opened), unscheduled()]

    declared, settings = duties(), office().settings
    sending_every = settings.sending_every if settings.mail.host else None
    often = standing(settings.intake_every, sending_every)
    # What fell due while nothing was running must not wait for the next day on the schedule.
    await serve(declared, often, limit=2, at_once=True, renewed=duties)


async def play() -> None:
    """Run the flows that standard input names."""
    from flows.play import play

    await play()


def main(arguments: list[str]) -> int:
    """Run the command named by the only argument. Returns the exit code."""
    # Each imports what it needs: Prefect takes two seconds.
    os.umask(UMASK)
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
