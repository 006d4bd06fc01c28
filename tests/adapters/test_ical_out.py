"""Calendar files: what RFC 5545 asks, and what real programs read out of them."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import vobject

from kybaocao.adapters.ical_out import CalendarEvent, written
from kybaocao.rules.calendar.official_days import VIETNAM, start_of
from tests.support import PATIENCE, need_program

STAMP = datetime(2016, 6, 2, 8, 30, tzinfo=VIETNAM)
QUARTER = CalendarEvent(
    uid="quang-nam/bao-cao-quy/2016-Q3@kybaocao.example",
    day=date(2016, 9, 14),
    due=start_of(date(2016, 9, 15)),
    summary="Hạn nộp: Báo cáo cải cách hành chính quý III năm 2016, của các cơ quan; đợt 1",
    description="Hạn: 24 giờ ngày 14/9/2016.\n"
    + "“Trước ngày 15” được hiểu là không tính ngày 15; \\ là dấu. " * 6,
    category="Báo cáo",
)
YEAR = replace(
    QUARTER,
    uid="quang-nam/bao-cao-nam/2016@kybaocao.example",
    day=date(2016, 12, 31),
    due=start_of(date(2017, 1, 1)),
)


def test_lines_are_folded_within_75_octets_and_break_no_letter() -> None:
    data = written("Lịch báo cáo", [QUARTER, YEAR], STAMP)
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written("Lịch", [QUARTER], STAMP) == written("Lịch", [QUARTER], STAMP)


def test_a_deadline_is_a_whole_day_that_keeps_nobody_busy() -> None:
    calendar = icalendar.Calendar.from_ical(written("Lịch báo cáo", [QUARTER], STAMP))
    assert (calendar["method"], calendar["x-wr-calname"]) == ("PUBLISH", "Lịch báo cáo")
    [event] = calendar.events
    assert (event.start, event.end) == (date(2016, 9, 14), date(2016, 9, 15))
    assert (event["uid"], event["transp"]) == (QUARTER.uid, "TRANSPARENT")
    assert (event["summary"], event["description"]) == (QUARTER.summary, QUARTER.description)
    assert event["dtstamp"].dt == STAMP
    assert event.errors == calendar.errors == []


def test_the_exact_instant_is_there_in_vietnams_time() -> None:
    calendar = icalendar.Calendar.from_ical(written("Lịch báo cáo", [QUARTER], STAMP))
    assert (
        b"\r\nX-KYBAOCAO-DUE;TZID=Asia/Ho_Chi_Minh;VALUE=DATE-TIME:20160915T000000\r\n"
        in calendar.to_ical()
    )
    [zone] = calendar.timezones
    assert zone.tz_name == "Asia/Ho_Chi_Minh"
    for year in range(2012, 2028):
        moment = datetime(year, 7, 1, tzinfo=zone.to_tz(lookup_tzid=False))
        assert moment.utcoffset() == timedelta(hours=7)


def test_a_changed_deadline_is_a_later_version_of_the_same_event() -> None:
    granted = datetime(2016, 9, 12, 9, 0, tzinfo=VIETNAM)
    later = replace(QUARTER, day=date(2016, 9, 20), sequence=1, changed=granted)
    waived = replace(later, sequence=2, is_cancelled=True)
    events = [
        icalendar.Calendar.from_ical(written("Lịch", [each], STAMP)).events[0]
        for each in (QUARTER, later, waived)
    ]
    assert {e["uid"] for e in events} == {QUARTER.uid}
    assert [e["sequence"] for e in events] == [0, 1, 2]
    assert [e["status"] for e in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert "last-modified" not in events[0]
    assert events[1]["last-modified"].dt == granted


def test_another_parser_reads_the_same() -> None:
    calendar = vobject.readOne(written("Lịch", [QUARTER, YEAR], STAMP).decode())
    assert calendar.validate(raiseException=True)
    assert [e.uid.value for e in calendar.vevent_list] == [QUARTER.uid, YEAR.uid]
    assert [e.dtstart.value for e in calendar.vevent_list] == [QUARTER.day, YEAR.day]
    assert calendar.vevent.description.value == QUARTER.description


Calcurse = Callable[[bytes], subprocess.CompletedProcess[str]]


@pytest.fixture
def calcurse(tmp_path: Path) -> Calcurse:
    """A function that imports a file into an empty calendar of a real client."""
    program, folder = need_program("calcurse"), tmp_path / "calcurse"
    folder.mkdir()

    def take(data: bytes) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "lich.ics"
        file.write_bytes(data)
        command = [program, "-D", folder, "-C", folder, "-i", file]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    return take


def test_a_real_client_takes_every_event(calcurse: Calcurse, tmp_path: Path) -> None:
    done = calcurse(written("Lịch báo cáo", [QUARTER, YEAR], STAMP))
    assert "2 events / 0 todos / 0 skipped" in done.stdout, done
    kept = (tmp_path / "calcurse" / "apts").read_text(encoding="utf-8").splitlines()
    assert [line[:10] for line in kept] == ["09/14/2016", "12/31/2016"]
    assert all(line.endswith(QUARTER.summary) for line in kept)
    notes = [p.read_text(encoding="utf-8") for p in (tmp_path / "calcurse/notes").iterdir()]
    assert [note.strip() for note in notes] == [QUARTER.description.strip()]


def test_the_client_would_tell_of_a_wrong_day(calcurse: Calcurse) -> None:
    spoilt = written("Lịch", [QUARTER], STAMP).replace(b";VALUE=DATE:", b":")
    assert "0 events / 0 todos / 1 skipped" in calcurse(spoilt).stdout
