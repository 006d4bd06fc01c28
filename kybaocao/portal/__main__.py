"""Serves the portal as a process of its own, with the settings that it was handed."""

import asyncio
import os
import resource
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kybaocao import runtime
from kybaocao.adapters.private import UMASK
from kybaocao.portal.app import portal
from kybaocao.serving.supervisor import handed_settings
from kybaocao.settings import Settings

# A connection that has not said by then what it wants holds a place for others.
HEAD_WITHIN = 15.0
# Requests at once; beyond, a browser is told to come again.
MOST_AT_ONCE = 1000


class Impatient(H11Protocol):
    """HTTP/1.1 that closes connections on which no whole request begins (slowloris)."""

    _waits: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._waits is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waits = self.loop.call_later(HEAD_WITHIN, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None


def options_of(settings: Settings) -> dict[str, Any]:
    """Return what uvicorn is told; nobody's word about who asks is taken unless it is trusted."""
    options, home = settings.portal, settings.home
    return {
        "host": options.host,
        "port": options.port,
        "ssl_certfile": home / options.certificate if options.certificate else None,
        "ssl_keyfile": home / options.key if options.key else None,
        "proxy_headers": bool(options.trusted_proxies),
        "forwarded_allow_ips": list(options.trusted_proxies),
        "http": Impatient,
        "limit_concurrency": MOST_AT_ONCE,
        # A link's secret must not stand in a log.
        "access_log": False,
        "server_header": False,
        "ws": "none",
        "log_level": "warning",
        "timeout_graceful_shutdown": 15,
    }


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; requests in hand are finished first."""
    os.umask(UMASK)
    settings = handed_settings()
    # Each connection takes a file's place, and many systems grant 1,024 unasked.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    with runtime.office(settings) as office:
        uvicorn.run(portal(office), **options_of(settings))


if __name__ == "__main__":
    main()
