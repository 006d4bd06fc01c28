"""A rehearsal shows what would be sent to whom, and touches nothing."""

import csv
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from kybaocao import runtime
from kybaocao.cli import main
from kybaocao.commands import serve
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps.cycle.cycle import advance
from tests.steps.conftest import QUARTERLY, REGIME, at, catcher, home, office, settings

__all__ = ["catcher", "home", "office", "settings"]
SPAN = ("--from", "2016-08-20", "--to", "2016-10-05")


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file's bytes and time of change; what SQLite keeps for its readers aside."""
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def rehearse(settings: GivenSettings, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(serve, "read_settings", lambda: settings)
    return main(["rehearse", REGIME, *SPAN, *words])


@pytest.mark.parametrize("reports", [False, True])
def test_a_rehearsal_leaves_letters_and_calendars_and_changes_nothing(
    office: Office,
    settings: GivenSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    reports: bool,
) -> None:
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))
    runtime.office(settings).__exit__()
    before, folder = state(settings.data_folder), tmp_path / "thu-xem"
    words = ["--out", str(folder), *(["--reports"] if reports else [])]
    assert rehearse(settings, monkeypatch, *words) == 0
    assert state(settings.data_folder) == before
    said = capsys.readouterr().out
    assert str(folder / "doc-truoc.html") in said
    with (folder / "lich-gui-thu.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    openings = [row for row in rows if "(mở kỳ)" in row["Tiêu đề"]]
    assert {row["Nơi nhận"] for row in openings} >= {"Sở Tư pháp", "Sở Tài chính"}
    assert any("Quá hạn" in row["Tiêu đề"] for row in rows) is not reports
    for row in rows:
        page = folder / row["Thư"]
        assert page.read_text(encoding="utf-8")
        assert page.with_suffix(".eml").exists()
        for name in filter(None, row["Tệp kèm theo"].split("; ")):
            assert (folder / name).stat().st_size > 0
    index = (folder / "doc-truoc.html").read_text(encoding="utf-8")
    assert index.count("<tr>") == len(rows) + 1
    events = Calendar.from_ical((folder / "lich-gui-thu.ics").read_bytes()).walk("VEVENT")
    assert sum(int(str(event["summary"]).split()[0]) for event in events) == len(rows)
    assert bool(list((folder / "tong-hop").rglob("*.xlsx"))) is reports
    assert any("Đã nhận" in row["Tiêu đề"] for row in rows) is reports


def test_a_rehearsal_goes_into_a_folder_of_its_own(
    settings: GivenSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cua-toi").mkdir()
    (tmp_path / "cua-toi" / "mine.txt").write_text("x")
    assert rehearse(settings, monkeypatch, "--out", str(tmp_path / "cua-toi")) == 1


def test_no_rehearsal_without_an_end() -> None:
    assert main(["rehearse", REGIME, "--from", str(date(2016, 9, 2)), "--to", "2016-09-01"]) == 64
