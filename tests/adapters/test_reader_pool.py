"""A child that hangs, swells or dies harms nobody, and the next file is read."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from kybaocao.adapters.reader_pool import DIED, TOO_SLOW, ReaderPool
from kybaocao.adapters.workbooks import reading
from kybaocao.rules.cells.grid import Book
from kybaocao.rules.errors import UnreadableFileError
from kybaocao.steps.intake.verdict import read_and_judge
from tests.sample_form import filled, saved
from tests.support import PATIENCE, missing


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(seconds=30, memory_mib=512) as pool:
        yield pool


def child_pid() -> int:
    return os.getpid()


def hang() -> None:
    while True:
        time.sleep(1)


def doze(seconds: float) -> str:
    """Wait, as a child does on a busy machine."""
    time.sleep(seconds)
    return "done"


def toil() -> None:
    while True:
        pass


def hang_deaf() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    hang()


def swell() -> int:
    return len(b"x" * 2**31)


def leave() -> None:
    os._exit(0)


def abort() -> None:
    os.abort()


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(message: str) -> None:
    raise UnreadableFileError(message)


def stumble() -> None:
    raise RuntimeError("a bug in a parser")


class Panic(BaseException):
    """Like what a parser in Rust raises, which no `except Exception` catches."""


def panic() -> None:
    raise Panic


def exit_politely() -> None:
    sys.exit(3)


def hoard() -> None:
    hoarded = []
    while True:
        hoarded.append(bytes(2**20))


def leave_child_behind(note: str) -> None:
    pid = os.fork()
    if pid:
        Path(note).write_text(str(pid), encoding="ascii")
    hang()


def call_out(port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def unpicklable() -> object:
    return threading.Lock()


def chatter() -> str:
    print("x" * 100_000)
    os.write(1, b"y" * 100)
    return "clear"


def echo(data: bytes) -> bytes:
    return data


class Counted:
    """Something to keep that counts how often a process was told it."""

    told = 0

    def __init__(self, name: str) -> None:
        self.name = name

    def __setstate__(self, state: dict[str, str]) -> None:
        self.__dict__ |= state
        Counted.told += 1


def told(kept: Counted, more: str) -> tuple[str, int]:
    return kept.name + more, Counted.told


def harmed(_: Counted, harm: Callable[[], object]) -> object:
    return harm()


def environment() -> dict[str, str]:
    return dict(os.environ)


def modules_of_child() -> set[str]:
    return set(sys.modules)


def test_a_workbook_is_read_in_another_process(pool: ReaderPool) -> None:
    data = saved(filled())
    assert pool.run(reading.read, data) == reading.read(data)
    assert pool.run(child_pid) != os.getpid()


def test_a_child_stays_for_the_next_call(pool: ReaderPool) -> None:
    assert pool.run(child_pid) == pool.run(child_pid)


def test_our_own_reasons_pass_through(pool: ReaderPool) -> None:
    before = pool.run(child_pid)
    with pytest.raises(UnreadableFileError, match=r"^Đây là tệp PDF\.$"):
        pool.run(refuse, "Đây là tệp PDF.")
    assert pool.run(child_pid) == before


@pytest.mark.parametrize(
    "harm",
    [swell, hoard, leave, abort, kill_self, stumble, panic, exit_politely, unpicklable],
)
def test_a_child_that_fails_is_one_unreadable_file(
    pool: ReaderPool, harm: Callable[[], object]
) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        pool.run(harm)
    assert str(caught.value) == DIED
    assert pool.run(echo, b"next") == b"next"


def warm(pool: ReaderPool) -> None:
    """Have a child import this module, which a busy machine may take long for."""
    pool.run_with(Counted("warm"), told, "")


@pytest.mark.parametrize("harm", [hang, hang_deaf])
def test_a_child_that_hangs_is_ended(harm: Callable[[], None]) -> None:
    with ReaderPool(seconds=1, memory_mib=256) as pool:
        warm(pool)
        before = pool.run(child_pid)
        with pytest.raises(UnreadableFileError) as caught:
            pool.run(harm)
        assert str(caught.value) == TOO_SLOW
        with pytest.raises(ProcessLookupError):
            os.kill(before, 0)
        warm(pool)
        assert pool.run(echo, b"next") == b"next"


def test_waiting_for_a_processor_is_no_fault_of_a_file() -> None:
    with ReaderPool(seconds=1, memory_mib=256) as pool:
        warm(pool)
        assert pool.run(doze, 1.5) == "done"


def test_a_child_that_takes_a_processor_too_long_is_ended() -> None:
    with ReaderPool(seconds=1, memory_mib=256) as pool:
        warm(pool)
        with pytest.raises(UnreadableFileError) as caught:
            pool.run(toil)
        assert str(caught.value) == TOO_SLOW


def ends(pid: int) -> bool:
    """Return if a process ends; without a parent it may stay where nobody collects it."""
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        with suppress(FileNotFoundError, ProcessLookupError):
            if ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii"):
                time.sleep(0.1)
                continue
        return True
    return False


PARENT = """
import os, sys, threading, time
from kybaocao.adapters.reader_pool import ReaderPool

pool = ReaderPool(seconds=60, memory_mib=256)
print(pool.run(os.getpid), flush=True)
if sys.argv[1] == "busy":
    threading.Thread(target=pool.run, args=(time.sleep, 3600), daemon=True).start()
time.sleep(3600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("state", ["idle", "busy"])
def test_children_end_with_their_parent_however_it_ends(state: str, number: int) -> None:
    """All of them, and what watches over them: none holds the parent's output open."""
    command = [sys.executable, "-c", PARENT, state]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.send_signal(number)
        parent.communicate(timeout=PATIENCE)
    assert ends(child)


def test_what_a_child_has_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with ReaderPool(seconds=1, memory_mib=256) as pool:
        warm(pool)
        with pytest.raises(UnreadableFileError):
            pool.run(leave_child_behind, str(note))
    assert ends(int(note.read_text(encoding="ascii")))


def test_children_have_no_network_where_the_system_permits_to_leave_it() -> None:
    if subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True).returncode:
        missing("a system that permits network namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert call_out(port) == "connected"
        with ReaderPool(seconds=30, memory_mib=256) as pool:
            assert pool.run(call_out, port) != "connected"


def test_a_child_that_died_while_idle_costs_no_file(pool: ReaderPool) -> None:
    pid = pool.run(child_pid)
    os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):  # the pool may have noticed first
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert pool.run(echo, b"next") == b"next"


def test_what_a_function_prints_does_not_mix_in(pool: ReaderPool) -> None:
    assert pool.run(chatter) == "clear"


def test_large_files_pass_both_ways(pool: ReaderPool) -> None:
    data = os.urandom(2**20) * 20
    assert pool.run(echo, data) == data


def test_threads_share_the_children() -> None:
    with ReaderPool(seconds=30, memory_mib=256, workers=2) as pool, ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda n: pool.run(echo, b"%d" % n), range(40)))
        pids = set(many.map(lambda _: pool.run(child_pid), range(40)))
    assert answers == [b"%d" % n for n in range(40)]
    assert len(pids) <= 2


def test_a_child_is_told_once_what_it_keeps(pool: ReaderPool) -> None:
    first, other = Counted("a"), Counted("b")
    (_, before) = pool.run_with(first, told, "")
    assert pool.run_with(first, told, "1") == ("a1", before)
    assert pool.run(echo, b"meanwhile") == b"meanwhile"
    assert pool.run_with(first, told, "2") == ("a2", before)
    assert pool.run_with(other, told, "3") == ("b3", before + 1)
    assert pool.run_with(first, told, "4") == ("a4", before + 2)


def test_a_new_child_is_told_what_the_one_that_died_had_kept(pool: ReaderPool) -> None:
    kept = Counted("a")
    for harm in (abort, kill_self, swell):
        with pytest.raises(UnreadableFileError, match=DIED):
            pool.run_with(kept, harmed, harm)
        assert pool.run_with(kept, told, "") == ("a", 1)


def test_each_item_is_done_in_order_and_few_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with ReaderPool(seconds=30, memory_mib=256, workers=2) as pool:
        found = pool.each(lambda n: pool.run(echo, b"%d" % n), items())
        for number, answer in enumerate(found):
            assert answer == b"%d" % number
            assert len(taken) <= number + 6
    assert len(taken) == 100


def test_one_deadly_item_among_many_harms_no_other() -> None:
    def done(number: int) -> str:
        try:
            return pool.run(echo, b"well").decode() if number % 5 else str(pool.run(abort))
        except UnreadableFileError:
            return "dead"

    with ReaderPool(seconds=30, memory_mib=256, workers=2) as pool:
        found = list(pool.each(done, range(12)))
    assert found == ["well" if number % 5 else "dead" for number in range(12)]


def test_nothing_goes_on_once_nobody_wants_more() -> None:
    done: list[int] = []

    def slowly(number: int) -> None:
        time.sleep(0.1)
        done.append(number)

    found = ReaderPool(seconds=30, memory_mib=256, workers=1).each(slowly, range(100))
    next(found)
    found.close()  # type: ignore[attr-defined]
    before = len(done)
    time.sleep(0.5)
    assert len(done) == before < 4


def test_a_failure_of_our_own_is_heard_and_leaves_the_rest() -> None:
    with ReaderPool(seconds=30, memory_mib=256, workers=2) as pool:
        found = pool.each(lambda n: 1 // n, [2, 1, 0, 1])
        assert [next(found), next(found)] == [0, 1]
        with pytest.raises(ZeroDivisionError):
            next(found)


def test_a_closed_pool_leaves_no_children() -> None:
    with ReaderPool(seconds=30, memory_mib=256) as pool:
        pid = pool.run(child_pid)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_children_get_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYBAOCAO_SMTP_PASSWORD", "bí mật")
    with ReaderPool(seconds=30, memory_mib=256) as pool:
        assert not [name for name in pool.run(environment) if name.startswith("KYBAOCAO")]


def test_children_import_what_reading_and_judging_need_and_no_more() -> None:
    from tests.corpus.package import small  # what it imports would be in the child too

    config = small()
    with ReaderPool(seconds=30, memory_mib=256) as pool:
        book = pool.run(reading.read, saved(filled()))
        assert isinstance(book, Book)
        judged, _ = pool.run_with(config, read_and_judge, (), saved(filled()), None, None)
        assert judged.findings
        strange = {"prefect", "pandas", "sqlalchemy", "holidays"}
        assert not strange & pool.run(modules_of_child)
