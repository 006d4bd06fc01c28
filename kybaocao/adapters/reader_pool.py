"""Functions run in child processes that may hang, swell or die without harm to their caller.

The children are plain interpreters that import the function's module and nothing else, so
they start fast; a pool of multiprocessing would import the parent's main module in each.
"""

import logging
import os
import pickle
import queue
import resource
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, ParamSpec, Self, TypeVar

from kybaocao.rules.finding import UnreadableFileError

_log = logging.getLogger(__name__)

Params = ParamSpec("Params")
Result = TypeVar("Result")

_KEPT = "tệp đã được giữ lại để cán bộ xem xét."
TOO_SLOW = f"Tệp không đọc được vì mất quá nhiều thời gian; {_KEPT}"
DIED = f"Chương trình không đọc được tệp; {_KEPT}"

# A child is replaced after as many calls, so that what a parser leaks cannot add up.
CALLS_PER_CHILD = 500
# Children get none of the settings in the environment: a parser needs no passwords.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME")
_SERVE = "from kybaocao.adapters.reader_pool import serve; serve()"
_LENGTH = struct.Struct(">Q")


class ReaderPool:
    """Warm children, started when first needed, at most `workers` at a time.

    `seconds` limit each call; `memory_mib` limits a child's memory above what it has when it
    starts. Safe to use from several threads; a call waits for a free child.
    """

    def __init__(self, seconds: float, memory_mib: int, workers: int = 1) -> None:
        self._seconds = seconds
        self._memory_mib = memory_mib
        self._workers = workers
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children once their calls are done; a later call starts new ones."""
        for _ in range(self._workers):
            child = self._idle.get()
            if child is not None:
                child.end()
        for _ in range(self._workers):
            self._idle.put(None)

    def run(
        self, function: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Return `function(*args, **kwargs)`, computed in a child; all of it must pickle.

        Raises UnreadableFileError where the function raises it, fails otherwise, exceeds the
        limits or ends its process.
        """
        request = pickle.dumps((function, args, kwargs, self._seconds))
        child = self._idle.get()
        try:
            if child is None or not child.is_ready():
                if child is not None:
                    child.end()
                child = _Child(self._memory_mib)
            result: Result = child.call(request, self._seconds)
        except BaseException:
            if child is not None and not child.is_ready():
                child.end()
                child = None
            raise
        finally:
            self._idle.put(child)
        return result


class _Child:
    def __init__(self, memory_mib: int) -> None:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path or os.curdir for path in sys.path)
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", _SERVE, str(memory_mib)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._calls = 0
        self._is_idle = True

    def is_ready(self) -> bool:
        return self._is_idle and self._calls < CALLS_PER_CHILD and self._process.poll() is None

    def call(self, request: bytes, seconds: float) -> Any:
        """Return what the child answers; the child is killed if it takes too long."""
        sent, received = self._process.stdin, self._process.stdout
        assert sent is not None and received is not None  # noqa: S101 - both are pipes
        self._calls += 1
        self._is_idle = False
        is_late = threading.Event()
        timer = threading.Timer(seconds, self._kill, [is_late])
        timer.start()
        try:
            _send(sent, request)
            answer = _receive(received)
        except OSError:
            answer = None
        finally:
            timer.cancel()
            timer.join()
        if answer is None or is_late.is_set():
            self.end()
            _log.warning("a reading child ended with status %s", self._process.returncode)
            raise UnreadableFileError(TOO_SLOW if is_late.is_set() else DIED)
        is_result, value = pickle.loads(answer)  # noqa: S301 - written by our own child
        self._is_idle = True
        if is_result:
            return value
        if isinstance(value, UnreadableFileError):
            raise value
        _log.warning("a reading child failed: %s", value)
        raise UnreadableFileError(DIED)

    def _kill(self, is_late: threading.Event) -> None:
        is_late.set()
        self._process.kill()

    def end(self) -> None:
        self._is_idle = False
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                # A pipe that holds unsent bytes fails to close once the reader is gone.
                try:
                    pipe.close()
                except OSError:
                    continue
        self._process.wait()


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """Return one message, or None if the other end is gone."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    return data if len(data) == length else None


def serve() -> None:
    """Answer calls until the parent closes the pipe: the child's whole life."""
    requests, answers = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a function prints must not mix with the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _limit_memory(int(sys.argv[1]))
    while (request := _receive(requests)) is not None:
        _send(answers, _answer(request))


def _answer(request: bytes) -> bytes:
    try:
        function, args, kwargs, seconds = pickle.loads(request)  # noqa: S301 - from the parent
        # The parent kills a late child; the alarm ends one whose parent is gone.
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
        result = function(*args, **kwargs)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return pickle.dumps((True, result))
    except UnreadableFileError as error:
        return pickle.dumps((False, error))
    except BaseException as error:  # parsers may panic outside of Exception
        return pickle.dumps((False, f"{type(error).__name__}: {error}"[:500]))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory(mib: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + mib * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
