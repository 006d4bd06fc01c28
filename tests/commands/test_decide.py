"""What a secretary types who grants more time, waives a report, or asks for one."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kybaocao import runtime
from kybaocao.cli import main
from kybaocao.rules.calendar.official_days import VIETNAM
from tests.steps.conftest import SMALL
from tests.steps.decide.test_decide import ASKED

DUTY, REPORT = "quang-nam/bao-cao-quy", ("2016-Q3", "so-tu-phap")
WHY = ("--reason", "Mất điện do bão", "--by", "Giám đốc Sở Nội vụ")


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Say = Callable[..., Done]


@pytest.fixture
def say(
    tmp_path: Path,
    sqlite_ledger: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Say:
    """Run a command in an office of its own, in which quarter III of 2016 is open."""
    shutil.copytree(SMALL / "config", tmp_path / "config")
    (tmp_path / "templates").symlink_to(SMALL.parent.parent / "templates")
    regime = tmp_path / "config" / "regimes" / "quang-nam" / "regime.yaml"
    regime.write_text(regime.read_text(encoding="utf-8").rstrip() + ASKED, encoding="utf-8")
    (tmp_path / "data").mkdir()
    shutil.copyfile(sqlite_ledger, tmp_path / "data" / "kybaocao.db")
    monkeypatch.setenv("KYBAOCAO_HOME", str(tmp_path))
    monkeypatch.setenv("KYBAOCAO_ACTIVE", '{"quang-nam": "2016-07-01"}')
    monkeypatch.setenv("KYBAOCAO_REHEARSAL", "true")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> Done:
        code = main(list(words))
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    assert run("run", DUTY, "--as-of", "2016-08-24").code == 0
    return run


def test_more_time_is_granted_shown_and_taken_back(say: Say) -> None:
    done = say("extend", DUTY, *REPORT, "--until", "2016-09-20", *WHY)
    assert done == Done(
        0, "Đã gia hạn: so-tu-phap, quang-nam/bao-cao-quy 2016-Q3, đến hết ngày 20/09/2016.\n", ""
    )
    shown = say("decisions", "quang-nam").out
    assert "Gia hạn: Sở Tư pháp, bao-cao-quy 2016-Q3, đến hết ngày 20/09/2016." in shown
    assert "Mất điện do bão (Giám đốc Sở Nội vụ)" in shown
    back = say("withdraw", DUTY, "so-tu-phap", "--period", "2016-Q3", *WHY)
    assert (back.code, back.err) == (0, "")
    assert "Thu hồi" in say("decisions", "quang-nam").out


def test_a_later_deadline_is_given_to_all_at_once(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2016, 8, 30, 8, tzinfo=VIETNAM)
    monkeypatch.setattr(runtime, "now", lambda: now)
    declared = tmp_path / "config" / "regimes" / "quang-nam" / "regime.yaml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("deadline: {before: 15}", "deadline: {by: 16}", 1), "utf-8")
    assert "3 đơn vị: đã mở hết ngày 14/9/2016, nay tính ra hết ngày 16/9/2016" in say("status").out
    done = say("reschedule", DUTY, "2016-Q3", *WHY)
    assert done == Done(0, "Đã lùi hạn cho 3 đơn vị: quang-nam/bao-cao-quy 2016-Q3.\n", "")
    assert "đã mở hết ngày" not in say("status").out
    assert say("reschedule", DUTY, "2016-Q3", *WHY).out.startswith("Đã lùi hạn cho 0 đơn vị")


def test_a_report_is_waived_for_a_period_or_until_a_day(say: Say) -> None:
    assert say("waive", DUTY, "so-tu-phap", "--period", "2016-Q3", *WHY).code == 0
    assert "Được miễn" in say("status").out
    assert say("waive", DUTY, "so-tai-chinh", "--until", "2016-12-31", *WHY).code == 0
    granted = json.loads(say("decisions", "quang-nam", "--json").out)["granted"]
    assert [(w["agency"], w["period"], w["until"]) for w in granted] == [
        ("so-tu-phap", "2016-Q3", None),
        ("so-tai-chinh", "", "2016-12-31"),
    ]


def test_a_report_is_asked_for_and_its_workbooks_are_queued(say: Say) -> None:
    last = (runtime.now() + timedelta(days=14)).date()
    words = ("--title", "Báo cáo hồ sơ quá hạn", "--last-day", last.isoformat())
    whom = ("--agency", "so-tu-phap", "--agency", "ubnd-tam-ky")
    done = say("request", "quang-nam/dot-xuat", *words, *whom, *WHY)
    assert done.code == 0, done.err
    year = runtime.now().year
    assert f"Đã yêu cầu: Báo cáo hồ sơ quá hạn, kỳ {year}-R1, 2 đơn vị" in done.out
    assert f"mở kỳ Lần 1 năm {year} cho 2 đơn vị" in done.out
    again = say("request", "quang-nam/dot-xuat", *words, *whom, *WHY)
    assert "Đã yêu cầu trước đó" in again.out
    assert "không có việc gì phải làm" in again.out
    assert f"dot-xuat {year}-R1" in say("decisions", "quang-nam").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("waive", DUTY, "so-tu-phap"), 64, "Give one of --period and --until"),
        (("extend", DUTY, "2016-Q5", "so-tu-phap", "--until", "2016-09-20"), 64, "has no period 5"),
        (("extend", DUTY, *REPORT, "--until", "20/9/2016"), 64, "is no day"),
        (("extend", DUTY, *REPORT, "--until", "2016-09-01"), 1, "is due anyway"),
        (("extend", DUTY, "2016-Q3", "so-noi-vu", "--until", "2016-09-20"), 1, "owes no"),
        (("withdraw", DUTY, "so-tu-phap", "--period", "2016-Q3"), 1, "nothing was granted"),
        (("request", DUTY, "--title", "x", "--last-day", "2100-01-01"), 1, "takes no requests"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_records_nothing(
    say: Say, words: tuple[str, ...], code: int, said: str
) -> None:
    done = say(*words, *WHY)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert say("decisions", "quang-nam").out == "Chưa có gia hạn, miễn hay yêu cầu nào.\n"
