"""What an operator sees who asks what is declared, and what falls due."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import icalendar
import pytest

from kybaocao.cli import main
from tests.support import ROOT

SMALL = ROOT / "tests" / "small"
CALENDAR = ["calendar", "--regime", "quang-nam", "--from", "2016-07-01", "--to", "2016-12-31"]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Look = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    for part in ("forms", "regimes", "levels.yaml"):
        (tmp_path / "config" / part).symlink_to(SMALL / "config" / part)
    # The days off of 2016 are settled; those of other years are not.
    (tmp_path / "config/calendar").mkdir()
    table = ROOT / "config/calendar/2016.yaml"
    (tmp_path / "config/calendar/2016.yaml").symlink_to(table)
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    return tmp_path


@pytest.fixture
def look(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Look:
    monkeypatch.chdir(home)
    monkeypatch.setenv("KYBAOCAO_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "120")

    def run(*words: str) -> Done:
        code = main(list(words))
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run


# calendar


def test_assumptions_are_told_once_with_the_numbers_of_the_register(look: Look) -> None:
    shown = look(*CALENDAR).out
    assert shown.count("Giả định 1: Thời điểm cuối cùng là 24 giờ ngày 14.") == 1
    assert "Giả định: 1\n" in shown
    assert "Hạn rơi vào ngày nghỉ: giữ nguyên ngày đã nêu (" in shown
    assert "tạm tính" not in shown


def test_an_unsettled_year_is_marked(look: Look) -> None:
    days = ["--from", "2017-01-01", "--to", "2017-06-30"]
    shown = look("calendar", "--regime", "quang-nam", *days).out
    [row] = [line for line in shown.splitlines() if line.startswith("Quý I ")]
    # The working days before the deadline may change, and the deadline itself may not.
    assert "21/02/2017* │ 14/03/2017 " in row
    assert "* Lịch nghỉ năm 2017 là tạm tính: " in shown


def test_one_agencys_calendar(look: Look) -> None:
    mine = json.loads(look(*CALENDAR, "--agency", "so-tai-chinh", "--json").out)
    assert [(e["period"], e["agencies"], e["who"]) for e in mine] == [
        ("2016-Q3", 1, "Sở Tài chính"),
        ("2016-Q4", 1, "Sở Tài chính"),
    ]


def test_a_calendar_file(look: Look, home: Path) -> None:
    done = look(*CALENDAR, "--agency", "so-tai-chinh", "--ics", "lich.ics")
    assert done == Done(0, "Đã ghi 2 hạn báo cáo vào lich.ics.\n", "")
    data = (home / "lich.ics").read_bytes()
    events = icalendar.Calendar.from_ical(data).events
    assert [(str(e["uid"]), e.start.isoformat()) for e in events] == [
        ("quang-nam/bao-cao-quy/2016-Q3/so-tai-chinh@kybaocao.example", "2016-09-14"),
        ("quang-nam/bao-cao-quy/2016-Q4/so-tai-chinh@kybaocao.example", "2016-12-14"),
    ]
    look(*CALENDAR, "--agency", "so-tai-chinh", "--ics", "lich.ics")
    assert (home / "lich.ics").read_bytes() == data


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        ([*CALENDAR, "--agency", "so-la"], "No agency 'so-la' in quang-nam"),
        ([*CALENDAR, "--json", "--ics", "x.ics"], "--json and --ics"),
        (["duties", "ha-noi"], "No regime 'ha-noi'; known: quang-nam"),
        (["duties", "quang-nam", "--json", "--markdown", "x.md"], "--json and --markdown"),
    ],
)
def test_wrong_use_is_one_sentence(look: Look, home: Path, words: list[str], piece: str) -> None:
    done = look(*words)
    assert (done.code, done.out) == (64, "")
    assert piece in done.err
    assert len(done.err.splitlines()) == 1
    assert not list(home.glob("x.*"))


def test_a_file_that_cannot_be_written_is_one_sentence(look: Look) -> None:
    for words in ([*CALENDAR, "--ics"], ["duties", "quang-nam", "--markdown"]):
        done = look(*words, "khong-co/x")
        assert (done.code, done.out) == (1, "")
        assert done.err == "kybaocao: khong-co/x: No such file or directory\n"


# duties


REGISTER = """\
quang-nam/bao-cao-quy: Báo cáo cải cách hành chính quý
Ai báo cáo   Sở, ban, ngành (2 đơn vị); Ủy ban nhân dân cấp huyện (1 đơn vị); trừ Sở Nội vụ
Gửi          Sở Nội vụ
Biểu mẫu     Báo cáo rút gọn
Kỳ báo cáo   Hằng quý
Thời hạn     Trước ngày 15 tháng cuối quý (hết ngày 14)
Văn bản ghi  “trước ngày 15 của tháng cuối quý” – 1908/QĐ-UBND, Điều 1, V.1.d
Số liệu      Từ ngày 15 của tháng trước quý đến ngày 14 của tháng cuối quý
Mở kỳ        15 ngày làm việc trước hạn
"""


def test_the_register_says_who_what_when_and_by_which_clause(look: Look) -> None:
    shown = "\n".join(line.rstrip() for line in look("duties", "quang-nam").out.splitlines())
    assert REGISTER in shown
    assert "\n1  Thời điểm cuối cùng là 24 giờ ngày 14.\n" in shown


def test_the_register_as_json(look: Look) -> None:
    shown = json.loads(look("duties", "quang-nam", "--json").out)
    assert [(d["id"], d["stated"], d["assumptions"]) for d in shown["duties"]] == [
        ("bao-cao-quy", "trước ngày 15 của tháng cuối quý", [1]),
        ("so-tu-phap", "tháng 12 hàng năm", []),
    ]


def test_the_register_as_a_page(look: Look, home: Path) -> None:
    printed = look("duties", "quang-nam", "--markdown", "-").out
    assert printed.startswith("# Báo cáo cải cách hành chính tỉnh Quảng Nam\n")
    assert "| Thời hạn | Trước ngày 15 tháng cuối quý (hết ngày 14) |" in printed
    assert look("duties", "quang-nam", "--markdown", "trang.md").code == 0
    assert (home / "trang.md").read_text(encoding="utf-8") == printed
