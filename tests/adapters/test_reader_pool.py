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

from kybaocao.adapters import workbook_in
from kybaocao.adapters.reader_pool import DIED, TOO_SLOW, ReaderPool
from kybaocao.rules.finding import UnreadableFileError
from kybaocao.rules.grid import Book
from tests.sample_form import filled, saved
from tests.support import missing


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(seconds=30, memory_mib=512) as pool:
        yield pool


def child_pid() -> int:
    return os.getpid()


def hang() -> None:
    while True:
        time.sleep(1)


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


def environment() -> dict[str, str]:
    return dict(os.environ)


def modules_of_child() -> set[str]:
    return set(sys.modules)


def test_a_workbook_is_read_in_another_process(pool: ReaderPool) -> None:
    data = saved(filled())
    assert pool.run(workbook_in.read, data) == workbook_in.read(data)
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


@pytest.mark.parametrize("harm", [hang, hang_deaf])
def test_a_child_that_hangs_is_ended(harm: Callable[[], None]) -> None:
    with ReaderPool(seconds=1, memory_mib=256) as pool:
        before = pool.run(child_pid)
        with pytest.raises(UnreadableFileError) as caught:
            pool.run(harm)
        assert str(caught.value) == TOO_SLOW
        with pytest.raises(ProcessLookupError):
            os.kill(before, 0)
        assert pool.run(echo, b"next") == b"next"


def test_what_a_child_has_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with ReaderPool(seconds=1, memory_mib=256) as pool, pytest.raises(UnreadableFileError):
        pool.run(leave_child_behind, str(note))
    left = int(note.read_text(encoding="ascii"))
    for _ in range(100):
        # One without a parent may stay as a zombie, where nobody collects it.
        with suppress(FileNotFoundError):
            if ") Z " not in Path(f"/proc/{left}/stat").read_text(encoding="ascii"):
                time.sleep(0.1)
                continue
        break
    else:
        pytest.fail("what a child had started lives on")


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


def test_a_closed_pool_leaves_no_children() -> None:
    with ReaderPool(seconds=30, memory_mib=256) as pool:
        pid = pool.run(child_pid)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_children_get_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KYBAOCAO_SMTP_PASSWORD", "bí mật")
    with ReaderPool(seconds=30, memory_mib=256) as pool:
        assert not [name for name in pool.run(environment) if name.startswith("KYBAOCAO")]


def test_children_import_what_reading_needs_and_no_more() -> None:
    with ReaderPool(seconds=30, memory_mib=256) as pool:
        book = pool.run(workbook_in.read, saved(filled()))
        assert isinstance(book, Book)
        assert not {"prefect", "pandas", "sqlalchemy"} & pool.run(modules_of_child)
