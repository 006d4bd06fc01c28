"""Serves the portal as a process of its own, with the settings that it was handed."""

import uvicorn

from kybaocao import runtime
from kybaocao.portal.app import portal
from kybaocao.serving.supervisor import handed_settings


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; requests in hand are finished first."""
    settings = handed_settings()
    options, home = settings.portal, settings.home
    with runtime.office(settings) as office:
        uvicorn.run(
            portal(office),
            host=options.host,
            port=options.port,
            ssl_certfile=home / options.certificate if options.certificate else None,
            ssl_keyfile=home / options.key if options.key else None,
            # A link's secret must not stand in a log.
            access_log=False,
            server_header=False,
            ws="none",
            log_level="warning",
            timeout_graceful_shutdown=15,
        )


if __name__ == "__main__":
    main()
