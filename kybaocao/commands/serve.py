"""Commands that keep running: the service, and the demo."""

from kybaocao import runtime, screen
from kybaocao.rules.finding import KyBaoCaoError


def up() -> int:
    """Start Prefect's server and the served deployments; Ctrl-C stops them cleanly."""
    from kybaocao.service import Service

    settings = runtime.read_settings()
    if not settings.active:
        raise KyBaoCaoError(
            f"no regime is active: name one with its first day in {runtime.SETTINGS_FILE}, [active]"
        )
    # Whatever is wrong here is said before anything starts.
    runtime.office(settings).__exit__()
    with Service(settings) as service:
        screen.say(f"Running; Prefect answers at {service.api_url}. Ctrl-C stops it.")
        return service.wait()


def demo() -> None:
    """Play one whole reporting cycle on data of its own, and say where its workbook lies."""
    from kybaocao.demo.story import play

    play(screen.say)
