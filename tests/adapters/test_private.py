"""What the program keeps is closed to others, and only what is ours is touched."""

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kybaocao.adapters.private import close_to_others, tidy
from kybaocao.rules.calendar.official_days import VIETNAM

NOW = datetime.now(VIETNAM)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def made(path: Path, rights: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    path.chmod(rights)
    return path


def test_an_existing_data_folder_is_closed_but_for_what_people_dropped(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ledger, log = made(data / "kybaocao.db", 0o644), made(data / "logs" / "flows.log", 0o664)
    original = made(data / "archive" / "ab" / "abcd", 0o640)
    dropped = made(data / "inbox" / "a.xlsx", 0o644)
    data.chmod(0o755)
    tidy(data, NOW)
    assert [mode(p) for p in (ledger, log, original)] == [0o600] * 3
    assert [mode(p) for p in (data, data / "logs", data / "archive" / "ab")] == [0o700] * 3
    assert mode(dropped) == 0o644


def test_what_a_killed_write_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    old, young = tmp_path / "out" / ".new-old", tmp_path / "out" / ".new-young"
    kept = made(tmp_path / "out" / "tong-hop.xlsx", 0o644)
    for path, age in ((old, timedelta(days=2)), (young, timedelta(minutes=5)), (kept, 99 * ONE)):
        path.touch()
        at = (NOW - age).timestamp()
        os.utime(path, (at, at))
    tidy(tmp_path, NOW)
    assert (old.exists(), young.exists(), kept.exists()) == (False, True, True)


ONE = timedelta(days=1)


def test_a_folder_that_all_share_stays_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    close_to_others(tmp_path)
    assert mode(tmp_path) == 0o1777
    tmp_path.chmod(0o700)


def test_a_link_leads_nowhere_and_what_is_gone_is_no_matter(tmp_path: Path) -> None:
    outside = made(tmp_path / "outside" / "file", 0o644)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "link").symlink_to(outside)
    tidy(tmp_path / "data", NOW)
    close_to_others(tmp_path / "nowhere")
    assert mode(outside) == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_what_belongs_to_another_stays_as_it_is(tmp_path: Path) -> None:
    path = made(tmp_path / "kybaocao.toml", 0o640)
    os.chown(path, 65534, 65534)
    close_to_others(path)
    assert mode(path) == 0o640
