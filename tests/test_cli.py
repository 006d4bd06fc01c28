"""The command as people run it: its words, its exit code, and what its process does."""

import io
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from openpyxl import load_workbook

from kybaocao import runtime
from kybaocao.cli import app, main
from kybaocao.demo.officer import wrong_sum
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.settings import GivenSettings, MailOptions
from tests.steps.conftest import FORWARDED, SMALL, workbook
from tests.support import PATIENCE, ROOT

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

COMMAND = [sys.executable, "-m", "kybaocao.cli"]
DUTY = "quang-nam/bao-cao-quy"
PASSWORD = "mật-khẩu-bí-mật"
GOOD, FAULTY, FOREIGN = "tot.xlsx", "sai.xlsx", "la.xlsx"


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


def environment(home: Path, given: dict[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KYBAOCAO_", "PREFECT_"))}
    active = '{"quang-nam": "2016-07-01"}'
    ours = {"KYBAOCAO_HOME": str(home), "KYBAOCAO_ACTIVE": active, "KYBAOCAO_REHEARSAL": "true"}
    return {**kept, "COLUMNS": "200", **ours} | given


def kybaocao(home: Path, *words: str | Path, **given: str) -> Done:
    """Run one command in this process; `given` are further variables of its environment."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        patch.dict(os.environ, environment(home, given), clear=True),
        chdir(home),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main([str(word) for word in words])
    for stream in (out, err):
        stream.flush()
    return Done(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def process(
    home: Path, *words: str | Path, limit: Callable[[], None] | None = None, **given: str
) -> Done:
    """Run one command in a process of its own, which `limit` may restrict."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        env=environment(home, given),
        cwd=home,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
        preexec_fn=limit,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def assert_one_sentence(done: Done, code: int, *holds: str) -> None:
    assert (done.code, done.out) == (code, ""), done
    assert re.fullmatch(r"kybaocao: .+\n", done.err), done.err
    for piece in holds:
        assert piece in done.err


def furnish(home: Path) -> Path:
    """Make a home folder with the small config and the real templates."""
    home.mkdir(parents=True)
    (home / "config").symlink_to(SMALL / "config")
    (home / "templates").symlink_to(ROOT / "templates")
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return furnish(tmp_path / "home")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good workbook, one whose sum is wrong, and a file that is none."""
    folder = tmp_path_factory.mktemp("files")
    settings = GivenSettings(home=furnish(folder / "maker"), active={"quang-nam": date(2016, 7, 1)})
    with runtime.office(settings) as office:
        (folder / GOOD).write_bytes(workbook(office, "so-tu-phap"))
        (folder / FAULTY).write_bytes(workbook(office, "so-tai-chinh", spoil=wrong_sum))
    shutil.rmtree(folder / "maker")
    (folder / FOREIGN).write_text("không phải bảng tính", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def opened_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a home in which quarter III of 2016 has been opened."""
    home = furnish(tmp_path_factory.mktemp("opened") / "home")
    assert process(home, "run", DUTY, "--as-of", "2016-08-24").code == 0
    return home / "data"


@pytest.fixture
def opened(home: Path, opened_data: Path) -> Path:
    """A home in which quarter III of 2016 has been opened."""
    shutil.copytree(opened_data, home / "data")
    return home


# Help, and wrong use


def test_without_words_it_shows_its_help(home: Path) -> None:
    silent, asked = process(home), process(home, "--help")
    assert silent == asked
    assert silent.code == 0
    for command in [name for name in app if not name.startswith("-")]:
        assert f" {command} " in silent.out
    assert not (home / "data").exists()


def test_every_command_explains_itself_and_its_words(home: Path) -> None:
    for command, wanted in {
        "calendar": ["--regime", "--from", "--to", "--json", "First day, as 2016-06-02"],
        "run": ["DUTY", "--as-of", "--dry-run", "now if left out"],
        "status": ["--json", "one JSON object"],
        "check": ["FILES", "--json", "without storing", "1 if one is returned"],
        "receive": ["FILES", "--received-at", "a copy goes to the archive"],
        "consolidate": ["DUTY", "PERIOD", "2016-H1"],
        "up": ["Ctrl-C"],
        "demo": ["data of its own"],
    }.items():
        done = kybaocao(home, command, "--help")
        assert (done.code, done.err) == (0, "")
        for piece in wanted:
            assert piece in done.out


def test_the_installed_command_is_this_one() -> None:
    script = Path(sys.executable).parent / "kybaocao"
    done = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)
    assert "Usage: kybaocao COMMAND" in done.stdout


DAYS = ["--from", "2016-07-01", "--to", "2016-12-31"]
WRONG_USE: list[tuple[list[str], str]] = [
    (["calender"], 'Did you mean "calendar"'.lower()),
    (["calendar"], "--regime"),
    (["calendar", "--regime", "quang-nam", "--from", "2016-01-01"], "--to"),
    (["calendar", "--regime", "ha-noi", *DAYS], "No regime 'ha-noi'; known: quang-nam"),
    (["calendar", "--regime", "quang-nam", "--from", "mai", "--to", "2016-12-31"], "'mai'"),
    (["calendar", "--regime", "quang-nam", "--from", "2016-02-30", "--to", "2017-01-01"], "-30'"),
    (["calendar", "--regime", "quang-nam", "--from", "0001-01-01", "--to", "9999-12-31"], "no day"),
    (
        ["calendar", "--regime", "quang-nam", "--from", "2017-01-01", "--to", "2016-01-01"],
        "--to 2016-01-01 is before --from 2017-01-01",
    ),
    (["run"], "DUTY"),
    (["run", "bao-cao-quy"], "expected regime/duty"),
    (["run", "quang-nam/"], "expected regime/duty"),
    (["run", DUTY, "more"], "Words too many, 'more'"),
    (["run", DUTY, "--force"], "--force"),
    (["run", DUTY, "--as-of", "14/9/2016"], "expected 2016-09-14 or 2016-09-14T16:50"),
    (["run", DUTY, "--as-of", "0001-01-01"], "expected 2016-09-14"),
    (["run", DUTY, "--as-of", "2016-09-14T25:00"], "2016-09-14T25:00"),
    (["status", "--jsn"], "--jsn"),
    (["check"], "at least one file"),
    (["check", "--json"], "at least one file"),
    (["check", "khong-co.xlsx"], "no file or folder 'khong-co.xlsx'"),
    (["receive"], "at least one file"),
    (["receive", "khong-co.xlsx"], "no file or folder 'khong-co.xlsx'"),
    (["receive", "config", "--received-at", "2016-09-14"], "expected 2016-09-14T16:50"),
    (["receive", "config", "--received-at", "2199-01-01T00:00"], "has not come yet"),
    (["consolidate", DUTY], "PERIOD"),
    (["consolidate", "x", "2016-Q3"], "expected regime/duty"),
    (["consolidate", DUTY, "2016Q3"], "2016-Q3, 2016-H1"),
    (["consolidate", DUTY, "2016-Q5"], "no period 5"),
    (["up", "now"], "'now'"),
    (["demo", "--fast"], "--fast"),
]


@pytest.mark.parametrize(("words", "piece"), WRONG_USE, ids=lambda w: " ".join(w)[:40])
def test_wrong_use_is_one_sentence_and_64_and_touches_nothing(
    home: Path, words: list[str], piece: str
) -> None:
    assert_one_sentence(kybaocao(home, *words), 64, piece)
    assert not (home / "data").exists()


def test_wrong_use_ends_the_process_with_64(home: Path) -> None:
    assert_one_sentence(process(home, "calender"), 64, 'did you mean "calendar"')


def test_what_is_not_declared_is_wrong_use_too(home: Path) -> None:
    for words, piece in [
        (["run", "ha-noi/x"], "no regime 'ha-noi' in config/regimes: quang-nam."),
        (["run", "quang-nam/x"], f"no duty 'quang-nam/x': {DUTY}, quang-nam/{FORWARDED}."),
        (["consolidate", "quang-nam/x", "2016-Q3"], "no duty 'quang-nam/x'"),
        (["consolidate", DUTY, "2016"], "has no period '2016': it is due every quarter."),
        (["consolidate", f"quang-nam/{FORWARDED}", "2016"], "is forwarded to its recipient"),
    ]:
        assert_one_sentence(kybaocao(home, *words), 64, piece)


# calendar


def test_the_calendar_shows_deadlines_clause_and_assumptions(home: Path) -> None:
    done = kybaocao(home, "calendar", "--regime", "quang-nam", *DAYS)
    assert (done.code, done.err) == (0, "")
    rows = [line.split("│") for line in done.out.splitlines() if "Quý III" in line]
    assert [cell.strip() for cell in rows[0]] == [
        "Quý III năm 2016",
        "15/06/2016",
        "14/09/2016",
        "23/08/2016*",
        "14/09/2016",
        "3",
    ]
    assert "1908/QĐ-UBND, Điều 1, V.1.d: “trước ngày 15 của tháng cuối quý”" in done.out
    assert "Giả định 1: Thời điểm cuối cùng là 24 giờ ngày 14." in done.out
    assert "31/12/2016 (Thứ Bảy)" in done.out
    assert not (home / "data").exists()


def test_the_calendar_as_json(home: Path) -> None:
    done = kybaocao(home, "calendar", "--regime", "quang-nam", *DAYS, "--json")
    shown = json.loads(done.out)
    assert [(e["duty"], e["period"], e["due"]) for e in shown] == [
        (DUTY, "2016-Q3", "2016-09-15T00:00:00+07:00"),
        (DUTY, "2016-Q4", "2016-12-15T00:00:00+07:00"),
        (f"quang-nam/{FORWARDED}", "2016", "2017-01-01T00:00:00+07:00"),
    ]


def test_a_time_in_which_nothing_is_due_says_so(home: Path) -> None:
    days = ["--from", "2016-07-01", "--to", "2016-07-31"]
    empty = kybaocao(home, "calendar", "--regime", "quang-nam", *days)
    as_json = kybaocao(home, "calendar", "--regime", "quang-nam", *days, "--json")
    assert empty.out == "Không có báo cáo nào đến hạn trong thời gian này.\n"
    assert json.loads(as_json.out) == []


# run


def test_a_dry_run_says_what_it_would_do_and_does_nothing(home: Path) -> None:
    dry = ["run", DUTY, "--as-of", "2016-08-24", "--dry-run"]
    would = kybaocao(home, *dry)
    assert would == Done(0, "Sẽ làm: mở kỳ Quý III năm 2016 cho 3 đơn vị\n", "")
    assert kybaocao(home, *dry) == would
    assert kybaocao(home, "status").out == "Chưa mở kỳ báo cáo nào.\n"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "config" not in path.parts
    }


def test_a_dry_run_changes_no_byte(home: Path, opened_data: Path) -> None:
    dry = ["run", DUTY, "--as-of", "2016-09-13", "--dry-run"]
    assert kybaocao(home, *dry, KYBAOCAO_REHEARSAL="").code == 0
    assert contents(home) == {}
    shutil.copytree(opened_data, home / "data")
    before = contents(home)
    would = kybaocao(home, *dry, KYBAOCAO_REHEARSAL="")
    assert would == Done(0, "Sẽ làm: Quý III năm 2016: 3 thư nhắc\n", "")
    assert contents(home) == before


@pytest.mark.parametrize("day", ["2016-08-24", "2199-08-24", "2199-08-24T09:00"])
def test_a_live_ledger_is_carried_to_no_day_but_today(home: Path, day: str) -> None:
    done = kybaocao(home, "run", DUTY, "--as-of", day, KYBAOCAO_REHEARSAL="")
    assert_one_sentence(done, 1, f"cannot be carried to {day[:10]}", "--dry-run")
    assert kybaocao(home, "status").out == "Chưa mở kỳ báo cáo nào.\n"


def test_a_rehearsal_sends_no_letter_to_another_machine(home: Path) -> None:
    settings = GivenSettings(home=home, rehearsal=True, mail=MailOptions(host="mail.example"))
    with runtime.office(settings) as office, pytest.raises(KyBaoCaoError, match="only on this"):
        office.mailer()


def test_a_run_acts_once_at_a_day_or_an_instant(home: Path) -> None:
    first = process(home, "run", DUTY, "--as-of", "2016-08-23T00:00")
    assert first == Done(0, "Đã làm: mở kỳ Quý III năm 2016 cho 3 đơn vị\n", "")
    again = process(home, "run", DUTY, "--as-of", "2016-08-23T09:00:00+07:00")
    assert again == Done(0, "Đã làm: không có việc gì phải làm\n", "")
    done = process(home, "run", DUTY, "--as-of", "2016-09-15")
    # Nobody has reported, so nothing is consolidated.
    assert done == Done(0, "Đã làm: không có việc gì phải làm\n", "")


def test_the_last_minute_before_the_opening_is_not_the_day(home: Path) -> None:
    early = kybaocao(home, "run", DUTY, "--as-of", "2016-08-22T23:59")
    assert early.out == "Đã làm: không có việc gì phải làm\n"


def test_a_regime_that_is_not_active_does_nothing(home: Path) -> None:
    done = kybaocao(home, "run", DUTY, KYBAOCAO_ACTIVE="")
    assert_one_sentence(done, 1, "'quang-nam' is not active", "config/kybaocao.toml")
    assert_one_sentence(kybaocao(home, "up", KYBAOCAO_ACTIVE=""), 1, "no regime is active")


# contacts


def test_contacts_are_shown_and_replaced(home: Path, tmp_path: Path) -> None:
    shown = kybaocao(home, "contacts", "quang-nam")
    assert "vanthu@so-tu-phap.quang-nam.example" in shown.out
    file = tmp_path / "moi.csv"
    file.write_text(
        "agency,role,address,name\nso-tu-phap,officer,moi@so-tu-phap.quang-nam.example,\n",
        encoding="utf-8",
    )
    done = kybaocao(home, "contacts", "quang-nam", "--replace", file, "--json")
    found = {(c["agency"], c["role"]): c["address"] for c in json.loads(done.out)}
    assert found["so-tu-phap", "officer"] == "moi@so-tu-phap.quang-nam.example"
    assert ("so-tu-phap", "head") not in found
    assert found["so-tai-chinh", "officer"] == "vanthu@so-tai-chinh.quang-nam.example"


def test_contacts_come_back_as_the_portal_and_excel_write_them(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "danh-ba.txt"
    rows = ("Mã đơn vị\tĐịa chỉ thư điện tử", "so-tu-phap\tmoi@so-tu-phap.quang-nam.example")
    file.write_text("\r\n".join(rows), encoding="utf-16")
    done = kybaocao(home, "contacts", "quang-nam", "--replace", file)
    assert done.out == "Địa chỉ: 1 thêm, 0 đổi, 2 bỏ.\n"
    file.write_text("Mã đơn vị;Địa chỉ thư điện tử\nso-tu-phap;\n", encoding="utf-8")
    done = kybaocao(home, "contacts", "quang-nam", "--replace", file)
    assert "0 thêm, 0 đổi, 1 bỏ" in done.out
    assert "1 đơn vị không còn địa chỉ nào" in done.out and "Sở Tư pháp" in done.out


def test_faulty_contacts_change_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "moi.csv"
    file.write_text("agency,role,address,name\nso-la,officer,a@b.example,\n", encoding="utf-8")
    before = kybaocao(home, "contacts", "quang-nam", "--json")
    done = kybaocao(home, "contacts", "quang-nam", "--replace", file)
    assert_one_sentence(done, 1, "moi.csv:2", "so-la")
    assert kybaocao(home, "contacts", "quang-nam", "--json") == before
    assert_one_sentence(kybaocao(home, "contacts", "nam-quang"), 64, "nam-quang")


# status, receive, consolidate


def test_a_report_comes_in_and_the_cycle_can_be_seen(opened: Path, files: Path) -> None:
    at = ["--received-at", "2016-09-12T08:00"]
    received = kybaocao(opened, "receive", files, *at)
    whose = f"{DUTY}/2016-Q3"
    assert received == Done(
        0,
        f"{FOREIGN}: chưa ghi nhận được, chờ xử lý (chưa rõ của đơn vị nào)\n"
        f"{FAULTY}: trả lại ({whose}/so-tai-chinh)\n"
        f"{GOOD}: đã nhận ({whose}/so-tu-phap)\n",
        "",
    )
    again = kybaocao(opened, "receive", files / GOOD)
    assert again.out == f"{GOOD}: trùng tệp đã gửi trước đó (lần 1, {whose}/so-tu-phap: đã nhận)\n"
    assert (files / GOOD).is_file()

    table, as_json = kybaocao(opened, "status"), kybaocao(opened, "status", "--json")
    [term] = json.loads(as_json.out)["terms"]
    assert [(r["agency"], r["state"], r["versions"], r["note"]) for r in term["rows"]] == [
        ("Sở Tư pháp", "Đã nhận, đúng hạn", 1, "nhận lúc 08:00 12/09/2016"),
        ("Sở Tài chính", "Đã trả lại, quá hạn", 1, ""),
        ("Ủy ban nhân dân thành phố Tam Kỳ", "Quá hạn, chưa gửi", 0, ""),
    ]
    assert term["summary"].startswith("1/3 đã nhận (1 đúng hạn, 0 quá hạn)")
    for row in term["rows"]:
        assert re.search(rf"{row['agency']} +│ {row['state']} ", table.out)
    waiting = f": {FOREIGN} (nhận lúc 08:00 12/09/2016): "
    (line,) = [line for line in json.loads(as_json.out)["waiting"] if waiting in line]
    assert line.startswith("Chờ xử lý số ")
    assert line in table.out.splitlines()

    made = kybaocao(opened, "consolidate", DUTY, "2016-Q3")
    says, place = made.out.splitlines()
    assert (made.code, says) == (0, "Tổng hợp 1/3 báo cáo (chưa đầy đủ):")
    assert len(load_workbook(place).sheetnames) >= 5
    assert kybaocao(opened, "consolidate", DUTY, "2016-Q3") == made


def test_a_period_that_was_not_opened_is_not_consolidated(opened: Path) -> None:
    done = kybaocao(opened, "consolidate", DUTY, "2016-Q4")
    assert_one_sentence(done, 1, f"{DUTY} has not been opened for 2016-Q4: run 'kybaocao run")


def test_a_file_that_cannot_be_opened_does_not_keep_the_others_out(
    opened: Path, files: Path
) -> None:
    done = process(opened, "receive", "/proc/self/mem", files / GOOD)
    assert done.code == 1
    assert done.err == "kybaocao: /proc/self/mem cannot be read: Input/output error\n"
    assert done.out.startswith(f"{GOOD}: đã nhận (")


# check


def test_files_are_judged_and_the_worst_decides(home: Path, files: Path) -> None:
    good, faulty = files / GOOD, files / FAULTY
    for given, code, verdicts in [
        ([good], 0, ["đạt"]),
        ([faulty, good], 1, ["trả lại", "đạt"]),
        ([files], 2, ["không đọc được", "trả lại", "đạt"]),
        (["/proc/self/mem", good], 2, ["không đọc được", "đạt"]),
    ]:
        done = kybaocao(home, "check", *given)
        said = [line.partition(": ")[2] for line in done.out.splitlines() if line[0] != " "]
        assert (done.code, said, done.err) == (code, verdicts, "")
    assert sorted(p.name for p in home.iterdir()) == ["config", "templates"]


def test_a_fault_is_told_with_place_reason_and_remedy(home: Path, files: Path) -> None:
    told = kybaocao(home, "check", files / FAULTY).out.splitlines()[1]
    assert re.fullmatch(
        r"  Lỗi – Trang tính “1\. Hồ sơ”, ô E\d+: HS-01 “.+”, cột “.+”: đang là “.+”; "
        r"yêu cầu: HS-01 .+\. .+sửa .+\.",
        told,
    )


def test_each_verdict_is_one_json_object_on_one_line(home: Path, files: Path) -> None:
    done = kybaocao(home, "check", "--json", files)
    shown: list[dict[str, Any]] = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 2
    assert [list(s) for s in shown] == [["file", "verdict", "findings"]] * 3
    assert {Path(s["file"]).name: s["verdict"] for s in shown} == {
        FOREIGN: "unreadable",
        FAULTY: "returned",
        GOOD: "accepted",
    }
    by_verdict = {s["verdict"]: s["findings"] for s in shown}
    assert by_verdict["accepted"] == []
    [wrong] = by_verdict["returned"]
    assert (wrong["code"], wrong["severity"], wrong["sheet"]) == (
        "sum-mismatch",
        "blocking",
        "1. Hồ sơ",
    )
    assert sorted(wrong) == sorted(
        ["code", "severity", "sheet", "cell", "subject", "value", "expected", "action"]
    )
    assert sorted(p.name for p in home.iterdir()) == ["config", "templates"]


def test_names_that_are_no_text_and_screens_without_accents_are_no_hindrance(
    home: Path, files: Path
) -> None:
    odd = os.fsencode(files.parent) + b"/b\xe1o c\xe1o.xlsx"
    Path(os.fsdecode(odd)).write_bytes((files / GOOD).read_bytes())
    for variables in ({}, {"PYTHONIOENCODING": "ascii"}):
        done = process(home, "check", "--json", os.fsdecode(odd), **variables)
        assert (done.code, json.loads(done.out)["verdict"]) == (0, "accepted")


# Faults of an installation


def test_faults_of_config_are_told_all_at_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(SMALL / "config", home / "config")
    regime = home / "config/regimes/quang-nam/regime.yaml"
    text = regime.read_text(encoding="utf-8")
    regime.write_text(text.replace("every: year", "every: week").replace("  rule: none\n", ""))
    form = home / "config/forms/ngan.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace("kind: percent", "kind: percentage"))
    for words in (["check", "config"], ["status"]):
        done = kybaocao(home, *words)
        assert (done.code, done.out) == (1, "")
        told = done.err.splitlines()
        assert len(told) == 3
        assert sum(t.startswith("kybaocao: config/forms/ngan.yaml:") for t in told) == 1
        assert sum(t.startswith("kybaocao: config/regimes/quang-nam/") for t in told) == 2
        assert all(re.match(r"kybaocao: config/[a-z/.-]+:\d+: .+", t) for t in told)
    assert not (home / "data").exists()


def test_faults_of_settings_are_told_all_at_once(home: Path) -> None:
    done = kybaocao(home, "status", KYBAOCAO_PREFECT_PORT="0", KYBAOCAO_MAIL__PORT=PASSWORD)
    assert (done.code, done.out) == (1, "")
    assert [t.split(":")[1] for t in done.err.splitlines()] == [
        " setting mail.port (KYBAOCAO_MAIL__PORT)",
        " setting prefect_port (KYBAOCAO_PREFECT_PORT)",
    ]
    assert PASSWORD not in done.err


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql+psycopg://h:p/x", "mysql://h/x"],
)
def test_a_database_that_forgets_or_is_none_is_refused(home: Path, url: str) -> None:
    done = kybaocao(home, "status", KYBAOCAO_DATABASE_URL=url)
    assert_one_sentence(done, 1, "KYBAOCAO_DATABASE_URL", "expected sqlite:///file")


def test_a_database_that_cannot_be_reached_is_one_sentence_without_secrets(home: Path) -> None:
    url = f"postgresql+psycopg://officer:{PASSWORD}@127.0.0.1:1/kybaocao"
    done = kybaocao(home, "status", KYBAOCAO_DATABASE_URL=url)
    assert_one_sentence(done, 1, "the ledger", "127.0.0.1", "refused")
    assert PASSWORD not in done.err


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_kept_is_its_owners_alone_even_if_it_was_not(home: Path) -> None:
    (home / "config").unlink()
    shutil.copytree(SMALL / "config", home / "config")
    toml = home / "config" / "kybaocao.toml"
    toml.write_text('[mail]\npassword = "x"\n')
    before = os.umask(0o022)
    try:
        assert process(home, "receive", toml).code == 0
        data = home / "data"
        for path in (data, *data.rglob("*")):
            assert not rights(path) & 0o077, path
        data.chmod(0o755)
        (data / "kybaocao.db").chmod(0o644)
        toml.chmod(0o644)
        assert process(home, "status").code == 0
    finally:
        os.umask(before)
    assert (rights(data), rights(data / "kybaocao.db"), rights(toml)) == (0o700, 0o600, 0o600)


def test_a_ledger_that_is_none_is_one_sentence(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "kybaocao.db").write_bytes(b"not a database, by any means" * 50)
    done = kybaocao(home, "status")
    assert_one_sentence(done, 1, "data/kybaocao.db", "file is not a database")


def test_a_ledger_of_another_version_is_one_sentence(opened: Path) -> None:
    with closing(sqlite3.connect(opened / "data" / "kybaocao.db")) as ledger:
        ledger.execute("UPDATE alembic_version SET version_num = 'v9999'")
        ledger.commit()
    assert_one_sentence(kybaocao(opened, "status"), 1, "data/kybaocao.db", "v9999")


def test_a_home_without_config_is_said(tmp_path: Path) -> None:
    done = kybaocao(tmp_path, "status")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        "kybaocao: config/forms: this folder is missing",
        "kybaocao: config/levels.yaml: cannot be read: No such file or directory",
        "kybaocao: config/regimes: this folder is missing",
    ]


@pytest.mark.parametrize("place", ["data", "data/inbox", "data/archive"])
def test_a_data_folder_that_cannot_be_used_is_one_sentence(
    opened: Path, files: Path, place: str
) -> None:
    shutil.rmtree(opened / place)
    (opened / place).write_text("a file where a folder belongs")
    done = kybaocao(opened, "receive", files / GOOD)
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err


def test_a_full_disk_is_one_sentence_and_what_was_taken_in_stays(opened: Path, files: Path) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    done = process(opened, "receive", files / GOOD, limit=full)
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
    assert kybaocao(opened, "receive", files / GOOD).out.startswith(f"{GOOD}: đã nhận (")


# Those who stop listening, and those who stop us


def test_a_reader_that_leaves_is_no_fault(home: Path, files: Path) -> None:
    # More than a pipe holds, however late this process closes it.
    words = ["check", "--json", *[str(files / GOOD)] * 2000]
    child = subprocess.Popen(
        [*COMMAND, *words],
        env=environment(home, {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.readline()
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait(PATIENCE) == 1


def test_ctrl_c_is_one_sentence(home: Path, files: Path) -> None:
    child = subprocess.Popen(
        [*COMMAND, "check", *[str(files / GOOD)] * 2000],
        env=environment(home, {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=PATIENCE)
    assert child.returncode == 130
    assert err.decode() == "kybaocao: interrupted; run it again, nothing is done twice\n"
