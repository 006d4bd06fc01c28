"""The drop folder: complete files are taken once, unfinished ones left, and none is lost."""

import errno
import os
import socket
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kybaocao.adapters.inbox import Dropped, Inbox
from kybaocao.rules.calendar.official_days import VIETNAM
from tests.support import ROOT


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return Inbox(folder)


def drop(inbox: Inbox, name: str, content: bytes = b"report") -> Path:
    path = inbox.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def completed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_ctime, VIETNAM)


def contents(taken: list[Dropped]) -> list[bytes]:
    return [dropped.path.read_bytes() for dropped in taken]


def left(inbox: Inbox) -> list[str]:
    return sorted(p.relative_to(inbox.folder).as_posix() for p in inbox.folder.rglob("*"))


def test_a_file_is_taken_with_its_name_and_the_time_it_was_complete(inbox: Inbox) -> None:
    at = completed(drop(inbox, "Báo cáo quý III.xlsx"))
    (taken,) = inbox.take()
    assert taken.name == "Báo cáo quý III.xlsx"
    assert taken.path.read_bytes() == b"report"
    assert abs(taken.complete_at - at) < timedelta(milliseconds=1)
    assert taken.complete_at.utcoffset() == timedelta(hours=7)


def test_a_file_leaves_the_folder_when_it_is_done(inbox: Inbox) -> None:
    drop(inbox, "a.xlsx")
    (taken,) = inbox.take()
    inbox.done(taken)
    assert left(inbox) == [".taken"]
    assert inbox.take() == []
    inbox.done(taken)


def test_a_folder_that_does_not_exist_yet_is_made(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "data" / "inbox")
    assert inbox.take() == []
    assert inbox.folder.is_dir()


@pytest.mark.parametrize(
    "name",
    [
        ".a.xlsx",
        "~$a.xlsx",
        ".~lock.a.xlsx#",
        "a.xlsx.part",
        "a.TMP",
        "a.xlsx.crdownload",
        "a.xlsx.filepart",
        ".hidden/a.xlsx",
    ],
)
def test_hidden_lock_and_unfinished_files_are_left(inbox: Inbox, name: str) -> None:
    path = drop(inbox, name)
    assert inbox.take() == []
    assert path.exists()


def test_a_link_is_left(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("another's")
    (inbox.folder / "a.xlsx").symlink_to(tmp_path / "secret")
    assert inbox.take() == []


def test_a_file_that_may_still_grow_is_left_until_it_has_settled(inbox: Inbox) -> None:
    path = drop(inbox, "a.xlsx", b"first half")
    at = completed(path)
    assert inbox.take(unchanged_since=at - timedelta(seconds=5)) == []
    with path.open("ab") as file:
        file.write(b", second half")
    assert inbox.take(unchanged_since=at - timedelta(seconds=5)) == []
    taken = inbox.take(unchanged_since=completed(path) + timedelta(seconds=1))
    assert contents(taken) == [b"first half, second half"]


def test_what_a_killed_run_took_comes_again_with_its_first_time(inbox: Inbox) -> None:
    drop(inbox, "a.xlsx")
    first = inbox.take()
    drop(inbox, "b.xlsx")
    again = Inbox(inbox.folder).take(unchanged_since=first[0].complete_at)
    assert again == first
    assert [d.name for d in inbox.take()] == ["a.xlsx", "b.xlsx"]


def test_files_come_in_the_order_in_which_they_were_complete(inbox: Inbox) -> None:
    for name in ("c.xlsx", "a.xlsx", "b.xlsx"):
        drop(inbox, name)
        time.sleep(0.02)  # file times are no finer than the kernel's tick
    assert [d.name for d in inbox.take()] == ["c.xlsx", "a.xlsx", "b.xlsx"]


def test_one_name_dropped_twice_is_two_files(inbox: Inbox) -> None:
    drop(inbox, "a.xlsx", b"first")
    inbox.take()
    drop(inbox, "a.xlsx", b"second")
    assert contents(inbox.take()) == [b"first", b"second"]


def test_a_file_replaced_while_it_is_being_read_is_not_lost(inbox: Inbox) -> None:
    path = drop(inbox, "a.xlsx", b"first")
    (taken,) = inbox.take()
    with taken.path.open("rb") as reading:
        drop(inbox, "a.xlsx", b"second")
        assert reading.read() == b"first"
    inbox.done(taken)
    assert path.exists()
    assert contents(inbox.take()) == [b"second"]


def test_a_file_that_its_sender_still_writes_comes_again_whole(inbox: Inbox) -> None:
    path = drop(inbox, "a.xlsx", b"first half")
    with path.open("ab") as sender:
        (taken,) = inbox.take()
        assert taken.path.read_bytes() == b"first half"
        sender.write(b", second half")
    inbox.done(taken)
    (again,) = inbox.take()
    assert again.path.read_bytes() == b"first half, second half"
    inbox.done(again)
    assert inbox.take() == []


def test_nested_folders_are_emptied_and_stay(inbox: Inbox) -> None:
    drop(inbox, "huyện A/quý III/a.xlsx", b"A")
    drop(inbox, "huyện B/a.xlsx", b"B")
    taken = inbox.take()
    assert contents(taken) == [b"A", b"B"]
    for dropped in taken:
        inbox.done(dropped)
    assert left(inbox) == [".taken", "huyện A", "huyện A/quý III", "huyện B"]


@pytest.mark.parametrize(
    "name",
    [
        "á" * 125 + ".xlsx",  # 255 bytes
        "hai\ndòng.xlsx",
        "'; DROP TABLE --.xlsx",
        "%s {0} $(x).xlsx",
        "…​.xlsx",
        "-rf",
        "không đuôi",
        os.fsdecode(b"b\xe1o c\xe1o.xlsx"),
    ],
)
def test_any_name_is_taken(inbox: Inbox, name: str) -> None:
    drop(inbox, name)
    (taken,) = inbox.take()
    assert taken.name == name
    inbox.done(taken)
    assert left(inbox) == [".taken"]


def test_strange_things_among_the_taken_files_stop_nothing(inbox: Inbox) -> None:
    drop(inbox, "a.xlsx")
    inbox.take()
    (inbox.folder / ".taken" / "desktop.ini").write_text("x")
    (inbox.folder / ".taken" / "copy of 1-2").mkdir()
    (inbox.folder / ".taken" / "123-456").mkdir()
    assert [d.name for d in inbox.take()] == ["a.xlsx"]


def named(inbox: Inbox) -> dict[str, str]:
    return {one.name: one.reason for one in inbox.aside()}


def test_what_is_no_plain_file_is_named_and_never_opened(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "b.xlsx").write_text("another's")
    os.mkfifo(inbox.folder / "ong.xlsx")
    (inbox.folder / "lien ket.xlsx").symlink_to(tmp_path / "secret" / "b.xlsx")
    (inbox.folder / "thu muc").symlink_to(tmp_path / "secret")
    (inbox.folder / "mat dich.xlsx").symlink_to(tmp_path / "nowhere")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(inbox.folder / "o cam.xlsx"))
    drop(inbox, "tot.xlsx")
    assert [d.name for d in inbox.take()] == ["tot.xlsx"]
    found = named(inbox)
    assert found.pop("tot.xlsx").startswith("đã lấy khỏi thư mục nhận")
    assert set(found) == {"ong.xlsx", "lien ket.xlsx", "thu muc", "mat dich.xlsx", "o cam.xlsx"}
    assert all("không phải tệp thường" in reason for reason in found.values())


def test_what_is_put_in_the_place_of_a_taken_file_is_not_opened(inbox: Inbox) -> None:
    drop(inbox, "a.xlsx")
    (taken,) = inbox.take()
    taken.path.unlink()
    os.mkfifo(taken.path)
    with pytest.raises(OSError) as caught:
        taken.read(100)
    assert caught.value.errno == errno.EINVAL
    assert "không phải tệp thường" in named(inbox)["a.xlsx"]


def test_a_file_beyond_the_limit_is_named_by_its_size_alone(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, largest=2**20)
    with (tmp_path / "lon.xlsx").open("wb") as file:
        file.truncate(2**40)  # more than any memory; no block of it is on the disk
    drop(inbox, "nho.xlsx")
    assert [d.name for d in inbox.take()] == ["nho.xlsx"]
    assert "lớn hơn 1 MB" in named(inbox)["lon.xlsx"]


def test_a_taken_file_that_grew_beyond_the_limit_is_not_read(inbox: Inbox) -> None:
    path = drop(inbox, "a.xlsx", b"first")
    with path.open("ab") as sender:
        (taken,) = inbox.take()
        sender.write(b"x" * 100)
    with pytest.raises(OSError) as caught:
        taken.read(50)
    assert caught.value.errno == errno.EFBIG


def test_a_name_that_is_no_text_is_shown_as_text(inbox: Inbox) -> None:
    os.mkfifo(inbox.folder / os.fsdecode(b"b\xe1o\ncao\x1b[2J.xlsx"))
    (name,) = named(inbox)
    assert name == "b\ufffdo\ufffdcao\ufffd[2J.xlsx"
    name.encode()


def test_folders_beyond_the_depth_are_named_and_not_entered(inbox: Inbox) -> None:
    drop(inbox, "/".join(["sau"] * 40) + "/a.xlsx")
    drop(inbox, "tot.xlsx")
    assert [d.name for d in inbox.take()] == ["tot.xlsx"]
    assert any("quá 16 lớp" in reason for reason in named(inbox).values())


def test_the_first_folder_of_a_file_is_known_after_it_was_taken(inbox: Inbox) -> None:
    drop(inbox, "quang-nam/huyện A/a.xlsx")
    drop(inbox, "huyện B/b.xlsx")
    drop(inbox, "c.xlsx")
    assert {d.name: d.folder for d in inbox.take()} == {
        "a.xlsx": "quang-nam",
        "b.xlsx": "",
        "c.xlsx": "",
    }


AS_ANOTHER = """
import os, sys
from pathlib import Path
from kybaocao.adapters.inbox import Inbox
os.setgid(65534), os.setuid(65534)
inbox = Inbox(Path(sys.argv[1]))
for taken in inbox.take():
    print("+", taken.name, taken.read(100))
    inbox.done(taken)
for one in inbox.aside():
    print("-", one.name, one.reason)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_what_the_service_may_not_read_or_move_stops_nothing_else() -> None:
    """Root is refused nothing, so a child does it as a user who is."""
    with TemporaryDirectory() as made:  # where that user may come
        Path(made).chmod(0o755)
        inbox = Inbox(Path(made) / "inbox")
        for name in ("khoa.xlsx", "tot.xlsx", "mo/a.xlsx", "cam/b.xlsx", "dong/c.xlsx"):
            drop(inbox, name)
        for path in (inbox.folder, *inbox.folder.rglob("*")):
            os.chown(path, 65534, 65534)
        for name, mode in (("khoa.xlsx", 0o600), ("cam", 0o700), ("dong", 0o555)):
            os.chown(inbox.folder / name, 0, 0)
            (inbox.folder / name).chmod(mode)
        command = [sys.executable, "-c", AS_ANOTHER, str(inbox.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert sorted(done.stdout.splitlines()) == [
        "+ a.xlsx b'report'",
        "+ tot.xlsx b'report'",
        "- cam chương trình không được quyền mở thư mục này",
        "- dong/c.xlsx chương trình không được quyền chuyển tệp khỏi thư mục này",
        "- khoa.xlsx chương trình không được quyền đọc",
    ]


def test_a_file_that_cannot_be_removed_is_kept_and_named(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox, "a.xlsx")
    (taken,) = inbox.take()

    def refuse(_: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "unlink", refuse)
    inbox.done(taken)
    assert "chưa xử lý xong" in named(inbox)["a.xlsx"]


def test_two_runs_at_once_let_go_of_the_same_file(inbox: Inbox) -> None:
    drop(inbox, "a.xlsx")
    (mine,) = inbox.take()
    (yours,) = Inbox(inbox.folder).take()
    inbox.done(mine)
    inbox.done(yours)
    assert inbox.take() == []
