"""Functions run in child processes that may hang, swell or die without harm to their caller.

loky starts children that, unlike those of multiprocessing, do not import the parent's main
module, so that they start fast even where that module is Prefect's.
"""

import ctypes
import gc
import logging
import os
import queue
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from loky import ProcessPoolExecutor

from kybaocao.rules.errors import UnreadableFileError

_log = logging.getLogger(__name__)

Params = ParamSpec("Params")
Result = TypeVar("Result")
Item = TypeVar("Item")
Value = TypeVar("Value")

_KEPT = "tệp đã được giữ lại để cán bộ xem xét."
TOO_SLOW = f"Tệp không đọc được vì mất quá nhiều thời gian; {_KEPT}"
DIED = f"Chương trình không đọc được tệp; {_KEPT}"

# A child is replaced after as many calls, so that what a parser leaks cannot add up.
CALLS_PER_CHILD = 2_000
# In seconds.
STARTS_WITHIN = 600
# A call may take as much of a processor's time as its limit, and this many times as long by the
# clock: on a busy machine a good file waits, and what hangs takes no time of a processor.
WAITS = 6
_LOOKS_EVERY = 0.1
_ORPHAN_LOOKS_EVERY = 1
# A child needs no passwords; what it inherits of the environment it forgets, but for these.
_KEPT_NAMES = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME")


class ReaderPool:
    """Warm children, started when first needed, at most `workers` at a time (one for each CPU).

    `seconds` of a processor's time limit each call; `memory_mib` limits a child's memory above
    what it has when it starts. Safe to use from several threads; a call waits for a free child.
    """

    def __init__(self, seconds: float, memory_mib: int, workers: int | None = None) -> None:
        self._slots: queue.LifoQueue[_Slot] = queue.LifoQueue()
        count = workers or os.cpu_count() or 1
        self._all = [_Slot(seconds, memory_mib) for _ in range(count)]
        for slot in self._all:
            self._slots.put(slot)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the children once their calls are done; a later call starts new ones."""
        taken = [self._slots.get() for _ in self._all]
        for slot in taken:
            slot.end()
            self._slots.put(slot)

    def run(
        self, function: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Return `function(*args, **kwargs)`, computed in a child; all of it must pickle.

        Raises UnreadableFileError where the function raises it, fails otherwise, exceeds the
        limits or ends its process.
        """
        return self._run((), function, args, kwargs)

    def run_with(
        self,
        value: Value,
        function: Callable[Concatenate[Value, Params], Result],
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """Return `function(value, *args, **kwargs)` like `run`; a child keeps the value.

        It is sent again only after a call with another one, and must not change meanwhile.
        """
        return self._run((value,), function, args, kwargs)

    def each(self, do: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield `do(item)` of each item, in order; `do` runs in as many threads as children.

        Only a few items are taken ahead of what is yielded, however many there are.
        """
        ahead: deque[Future[Result]] = deque()
        threads = ThreadPoolExecutor(len(self._all))
        try:
            for item in items:
                ahead.append(threads.submit(do, item))
                if len(ahead) > 2 * len(self._all):
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            threads.shutdown(cancel_futures=True)

    def _run(
        self,
        kept: tuple[object, ...],
        function: Callable[..., Result],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> Result:
        slot = self._slots.get()
        try:
            return slot.call(kept, function, args, kwargs)
        finally:
            self._slots.put(slot)


class _Slot:
    """One child at a time, in an executor of its own: to end one is to harm no other."""

    def __init__(self, seconds: float, memory_mib: int) -> None:
        self._seconds = seconds
        self._memory_mib = memory_mib
        self._executor: ProcessPoolExecutor | None = None
        self._pid = 0
        self._calls = 0
        self._told: tuple[object, ...] = ()

    def call(
        self,
        kept: tuple[object, ...],
        function: Callable[..., Result],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> Result:
        # The second try, in a new child, tells a deadly file from a child that had died before.
        for _ in range(2):
            try:
                child, count = self._child(kept), len(kept)
                future = child.submit(_alarmed, self._seconds, count, function, args, kwargs)
                error = self._outcome(future)
            except TimeoutError:
                self.end()
                _log.warning("a reading child took more than %s s", self._seconds)
                raise UnreadableFileError(TOO_SLOW) from None
            except BrokenExecutor as broken:
                error = broken
            if error is None:
                result: Result = future.result()
                return result
            if isinstance(error, UnreadableFileError):
                raise error
            self.end()
            if not isinstance(error, BrokenExecutor):
                break
        _log.warning("a reading child failed: %s: %s", type(error).__name__, error)
        raise UnreadableFileError(DIED)

    def _child(self, kept: tuple[object, ...]) -> ProcessPoolExecutor:
        self._calls += 1
        if self._executor is None or self._calls > CALLS_PER_CHILD:
            self.end()
            self._calls = 1
            self._executor = ProcessPoolExecutor(
                max_workers=1, initializer=_prepare, initargs=(self._memory_mib, os.getpid())
            )
            # A slow machine's start is no fault of the file's.
            self._pid = self._executor.submit(os.getpid).result(STARTS_WITHIN)
        if kept and not (self._told and self._told[0] is kept[0]):
            self._executor.submit(_keep, kept).result(STARTS_WITHIN)
            self._told = kept
        return self._executor

    def _outcome(self, future: Future[Result]) -> BaseException | None:
        """Return what a call raised, or None; raises TimeoutError for one beyond the limits."""
        begun, until = _processor_time(self._pid), time.monotonic() + WAITS * self._seconds
        left = self._seconds
        while True:
            try:
                return future.exception(max(left, _LOOKS_EVERY))
            except TimeoutError:
                left = self._seconds - (_processor_time(self._pid) - begun)
                if left <= 0 or time.monotonic() >= until:
                    raise

    def end(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=True)
            self._executor, self._told = None, ()


def _processor_time(pid: int) -> float:
    """Return the seconds that a process had of a processor; 0 for one that is gone."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    used = said.rpartition(")")[2].split()[11:13]  # in user and in system mode, proc(5)
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def _prepare(memory_mib: int, parent: int) -> None:
    """Set up a child: silent, without secrets or network, and within its memory; it ends with
    its parent, however that ends."""
    for name in set(os.environ) - set(_KEPT_NAMES):
        del os.environ[name]
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _leave_network()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + memory_mib * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with(parent: int) -> None:
    # The signal that Linux sends instead comes when the thread ends that started the child.
    while os.getppid() == parent:
        time.sleep(_ORPHAN_LOOKS_EVERY)
    os._exit(1)


_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000  # unshare(2)


def _leave_network() -> None:
    """Move this process to a network of its own, with no way out, if the system permits it.

    Who may not do so alone may within a user namespace of one's own, where these are allowed.
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None)  # Linux alone has it
    if unshare is not None and unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


_kept: tuple[object, ...] = ()
"""In a child: the value that it keeps, if it was told one."""


def _keep(value: tuple[object, ...]) -> None:
    global _kept
    _kept = value
    # What stays need not be looked at again whenever garbage is collected.
    gc.freeze()


def _alarmed(
    seconds: float,
    count: int,
    function: Callable[..., Result],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> Result:
    """Call the function with `count` kept values (0 or 1) and its other arguments.

    The parent ends a late child; the alarm ends one without a parent that is too busy to see it.
    """
    signal.setitimer(signal.ITIMER_PROF, 2 * seconds)
    try:
        return function(*_kept[:count], *args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
