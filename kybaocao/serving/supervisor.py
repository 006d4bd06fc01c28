"""Prefect's server, the flows and the portal as child processes, for `up` and `demo`."""

import ctypes
import errno
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_core import to_jsonable_python

from kybaocao.adapters.archive import write_through
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.settings import GivenSettings, Settings, read_settings

HOST = "127.0.0.1"
# Whole, since the file and an empty variable cannot unsay each other.
HANDED = "HANDED_KYBAOCAO_SETTINGS"
# Runs that Prefect holds ready for one schedule.
RUNS_AHEAD = 20
# Against hanging alone: a start takes seconds, on a busy machine many.
READY_WITHIN = 900.0
# Longer than any act but a large consolidation, which is safe to repeat.
GRACE = 20.0
KEY_FILE = "prefect.key"
TAIL_LINES, TAIL_WIDTH = 8, 240

_prctl = getattr(ctypes.CDLL(None), "prctl", None)
_PR_SET_PDEATHSIG = 1  # prctl(2)


class ServiceError(KyBaoCaoError):
    """The service cannot start or go on; the text says why and where to look."""


@dataclass
class _Child:
    name: str
    process: subprocess.Popen[str]
    log: Path

    def died(self) -> ServiceError:
        """Return what to say about its end, with the last lines of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
        tail = "".join(f"\n  {line[:TAIL_WIDTH]}" for line in lines[-TAIL_LINES:])
        code = self.process.wait()
        return ServiceError(f"{self.name} ended with code {code}; the end of {self.log}:{tail}")

    def stop(self) -> None:
        """End it and whatever it started: SIGTERM, then SIGKILL after the grace."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        # It leads a process group of its own, so this reaches runs that outlived it.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Service:
    """A running Prefect server and, if `serve`, the deployments and the portal; ended on leaving.

    With `play`, the first player starts beside the server, instead of after it.

    While it runs, SIGTERM acts in the main thread as Ctrl-C does: as KeyboardInterrupt.
    The children see `settings` whatever the environment says; `port` 0 stands for free ones.
    Entering returns once the server answers, and raises ServiceError if it cannot.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        serve: bool = True,
        play: bool = False,
        port: int | None = None,
    ) -> None:
        self.settings = settings
        self.serve = serve
        self.play = play
        self.port = settings.prefect_port if port is None else port
        self._children: list[_Child] = []
        self._handlers: dict[int, Any] = {}
        self._waiting: Player | None = None

    @property
    def api_url(self) -> str:
        return f"http://{HOST}:{self.port}/api"

    @property
    def key(self) -> str:
        """What Prefect's API asks for, as `user:password`; made once, in a file of the owner's."""
        file = self.settings.data_folder / KEY_FILE
        if not file.exists() or not file.read_text(encoding="ascii").strip():
            file.parent.mkdir(parents=True, exist_ok=True)
            write_through(file, f"kybaocao:{secrets.token_urlsafe(32)}\n".encode("ascii"))
        return file.read_text(encoding="ascii").strip()

    @property
    def portal_url(self) -> str:
        return self.settings.portal.url or local_url(self.settings)

    @property
    def pids(self) -> list[int]:
        """The children's process ids; each leads a process group of its own."""
        return [child.process.pid for child in self._children]

    def __enter__(self) -> "Service":
        any_will_do = self.port == 0
        self.port = _free_port(HOST, self.port, "KYBAOCAO_PREFECT_PORT")
        if self.serve:
            options = self.settings.portal
            wanted = 0 if any_will_do else options.port
            port = _free_port(options.host, wanted, "KYBAOCAO_PORTAL__PORT")
            options = options.model_copy(update={"port": port})
            self.settings = self.settings.model_copy(update={"portal": options})
        self._handle(signal.SIGTERM, signal.default_int_handler)
        try:
            server = self._start_server()
            if self.play:
                self._waiting = self._new_player()
            self._until_ready(server)
            if self.serve:
                self._start("The served flows", "flows", ["-m", "flows", "serve"])
                self._start("The portal", "portal", ["-m", "kybaocao.portal"])
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def wait(self) -> int:
        """Return 0 once Ctrl-C or SIGTERM comes. Raises ServiceError if a child ends before."""
        try:
            while True:
                for child in self._children:
                    if child.process.poll() is not None:
                        raise child.died()
                time.sleep(0.2)
        except KeyboardInterrupt:
            return 0

    def player(self) -> "Player":
        """Return a process that runs flows one after another; it ends with the service."""
        player, self._waiting = self._waiting or self._new_player(), None
        return player

    def _new_player(self) -> "Player":
        return Player(
            self._start("The player of flows", "play", ["-m", "flows", "play"], talk=True)
        )

    def environment(self, *, handed: bool = True, key: bool = True) -> dict[str, str]:
        """Return a child's environment; it leaves the user's own Prefect settings out.

        It hands the settings over, passwords included, but to Prefect's server; and the key of
        Prefect's API, but to those who have no business there.
        """
        keys = ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING") if key else ()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "KYBAOCAO_"))}
        home = self.settings.data_folder / "prefect"
        return {
            **kept,
            **(self._handed() if handed else {}),
            "KYBAOCAO_HOME": str(self.settings.home),
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": self.api_url,
            **dict.fromkeys(keys, self.key),
            # Its own pages come from where its API is; those of other sites must not ask it.
            "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{self.port}",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
            # Nothing is reported to anybody, and a proxy has no part in talk on loopback.
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "DO_NOT_TRACK": "1",
            "NO_PROXY": f"{HOST},localhost",
            "no_proxy": f"{HOST},localhost",
            # For each schedule, of which a duty has several: its year can be seen ahead, and of
            # what runs every minute no more than as many minutes.
            "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": str(RUNS_AHEAD),
            "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": str(RUNS_AHEAD),
            "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P400D",
            # Intake and sending leave 20 KB a run, 60 MB a day; what they did is in the ledger.
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": _seconds(days=14),
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
            "PREFECT_LOGGING_COLORS": "false",
        }

    def _handed(self) -> dict[str, str]:
        return {HANDED: json.dumps(self.settings.model_dump(), default=_plain)}

    def _start_server(self) -> _Child:
        arguments = ["-m", "flows.server", "--host", HOST, "--port", str(self.port)]
        return self._start("Prefect's server", "prefect-server", arguments)

    def _until_ready(self, server: _Child) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not _answers(self.port):
            if server.process.poll() is not None:
                raise server.died()
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"Prefect's server gave no answer in {READY_WITHIN:.0f} s: see {server.log}."
                )
            time.sleep(0.05)

    def _start(self, name: str, log: str, arguments: list[str], talk: bool = False) -> _Child:
        logs = self.settings.data_folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        path = logs / f"{log}.log"
        if path.exists():
            path.replace(logs / f"{log}.old.log")
        with path.open("w", encoding="utf-8") as written:
            process = subprocess.Popen(  # noqa: S603 (our own interpreter and arguments)
                [sys.executable, *arguments],
                cwd=self.settings.home,
                env=self.environment(
                    handed="flows.server" not in arguments, key="kybaocao.portal" not in arguments
                ),
                stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talk else written,
                stderr=written,
                text=True,
                encoding="utf-8",
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        child = _Child(name, process, path)
        self._children.append(child)
        return child

    def _stop(self) -> None:
        """Stop the children, last one first; a second signal cannot interrupt this."""
        self._handle(signal.SIGTERM, signal.SIG_IGN)
        self._handle(signal.SIGINT, signal.SIG_IGN)
        for child in reversed(self._children):
            child.stop()
        self._children.clear()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()

    def _handle(self, number: int, handler: Any) -> None:
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(number, handler)
            self._handlers.setdefault(number, before)


class Player:
    """Runs flows in a child process, one after another."""

    def __init__(self, child: _Child) -> None:
        self._child = child
        self.process = child.process

    def run(self, flow: str, as_of: str, **parameters: str) -> dict[str, Any]:
        """Run `duty` (with `regime` and `duty`), `intake` or `sending`, and wait for its end.

        Returns `ok`, `state` and `summary`. Raises ServiceError if the player itself ends.
        """
        told, answers = self.process.stdin, self.process.stdout
        assert told is not None and answers is not None  # noqa: S101 (piped by `player`)
        try:
            told.write(json.dumps({"flow": flow, "as_of": as_of, **parameters}) + "\n")
            told.flush()
            answer = answers.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise self._child.died()
        result: dict[str, Any] = json.loads(answer)
        return result


def _end_with_parent() -> None:
    """In a child: let SIGTERM come when the parent ends, however it ends (on Linux)."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port(host: str, wanted: int, setting: str) -> int:
    """Return `wanted`, or a free port for 0. Raises ServiceError if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, wanted))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ServiceError(f"Port {wanted} on {host}: {error.strerror}.") from error
            raise ServiceError(
                f"Port {wanted} on {host} is taken: stop what uses it (another `kybaocao up`?) "
                f"or set {setting} to a free one."
            ) from error
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def local_url(settings: Settings) -> str:
    """Return where this machine itself reaches the portal."""
    options = settings.portal
    return f"http{'s' if options.certificate else ''}://{options.host}:{options.port}"


def handed_settings() -> Settings:
    """Return the settings that a service gave to this process, else those in force.

    Raises SettingsError as `read_settings` does.
    """
    given = os.environ.get(HANDED)
    return read_settings() if given is None else GivenSettings(**json.loads(given))


def _plain(value: Any) -> Any:
    """Return a setting as JSON can hold it, a secret in clear."""
    secret = isinstance(value, SecretStr)
    return value.get_secret_value() if secret else to_jsonable_python(value)


def _seconds(*, days: int) -> str:
    return str(int(timedelta(days=days).total_seconds()))
