"""What is in the archive stays as it came, and nothing half-written is ever in it."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kybaocao.adapters.archive import Archive, ArchiveFullError
from tests.support import PATIENCE, ROOT

REPORT = "Báo cáo quý III".encode() * 1000
SHA256 = hashlib.sha256(REPORT).hexdigest()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def files(archive: Archive) -> list[Path]:
    return sorted(p for p in archive.folder.rglob("*") if p.is_file())


def child(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


def test_bytes_come_back_by_their_sha256(archive: Archive) -> None:
    assert archive.put(REPORT) == SHA256
    assert archive.get(SHA256) == REPORT
    assert archive.path(SHA256).read_bytes() == REPORT


def test_the_same_bytes_twice_are_one_file_that_is_not_written_again(archive: Archive) -> None:
    archive.put(REPORT)
    before = archive.path(SHA256).stat()
    archive.put(REPORT)
    assert files(archive) == [archive.path(SHA256)]
    assert archive.path(SHA256).stat().st_ino == before.st_ino
    assert archive.path(SHA256).stat().st_mtime_ns == before.st_mtime_ns


def test_an_empty_file_is_kept_too(archive: Archive) -> None:
    assert archive.get(archive.put(b"")) == b""


def test_unknown_bytes_are_not_found(archive: Archive) -> None:
    with pytest.raises(FileNotFoundError):
        archive.get(SHA256)


def test_a_damaged_file_is_noticed_and_made_good_by_the_same_bytes(archive: Archive) -> None:
    archive.put(REPORT)
    archive.path(SHA256).write_bytes(REPORT[:-1])
    with pytest.raises(OSError, match="damaged"):
        archive.get(SHA256)
    archive.put(REPORT)
    assert archive.get(SHA256) == REPORT


def test_a_disk_without_room_keeps_nothing_and_says_so(archive: Archive) -> None:
    code = """
import resource, sys
from pathlib import Path
from kybaocao.adapters.archive import Archive, ArchiveFullError
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    Archive(Path(sys.argv[1])).put(b"x" * 8192)
except ArchiveFullError as error:
    sys.stdout.buffer.write(str(error).encode())
"""
    said, _ = child(code, archive.folder).communicate(timeout=PATIENCE)
    assert said.decode().startswith("Chưa lưu được tệp: kho lưu trữ không ghi được")
    assert files(archive) == []
    archive.put(REPORT)
    assert files(archive) == [archive.path(SHA256)]


def test_a_folder_that_cannot_be_written_is_said(archive: Archive) -> None:
    archive.folder.write_text("a file stands where the archive should be")
    with pytest.raises(ArchiveFullError, match="chưa được ghi nhận"):
        archive.put(REPORT)


def test_what_a_killed_writer_left_is_not_taken_for_content(archive: Archive) -> None:
    archive.path(SHA256).parent.mkdir(parents=True)
    (archive.path(SHA256).parent / ".new-left").write_bytes(REPORT[:100])
    with pytest.raises(FileNotFoundError):
        archive.get(SHA256)
    archive.put(REPORT)
    assert archive.get(SHA256) == REPORT


def test_a_killed_writer_leaves_no_half_file_under_a_final_name(archive: Archive) -> None:
    code = """
import itertools, sys
from pathlib import Path
from kybaocao.adapters.archive import Archive
archive = Archive(Path(sys.argv[1]))
for n in itertools.count():
    print(archive.put(str(n).encode() * 300_000), flush=True)
"""
    told: list[str] = []
    for pause in (0.0, 0.013, 0.031, 0.052):
        writer = child(code, archive.folder)
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate(timeout=PATIENCE)
        told += (first + rest).decode().split()
    whole = [p for p in files(archive) if not p.name.startswith(".new-")]
    for path in whole:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    assert set(told) <= {path.name for path in whole}


def test_two_processes_that_keep_the_same_bytes_both_succeed(archive: Archive) -> None:
    code = """
import sys
from pathlib import Path
from kybaocao.adapters.archive import Archive
archive = Archive(Path(sys.argv[1]))
for n in range(60):
    print(archive.put(str(n).encode() * 1000))
"""
    writers = [child(code, archive.folder) for _ in range(2)]
    told = [writer.communicate(timeout=PATIENCE)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert told[0] == told[1]
    assert [path.name for path in files(archive)] == sorted(t.decode() for t in told[0])
