"""What a secretary types about files that wait, papers, and reports that must go back."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kybaocao import runtime
from kybaocao.cli import main
from kybaocao.settings import GivenSettings
from tests.steps.conftest import SMALL, workbook

DUTY = "quang-nam/bao-cao-quy"
REPORT = f"{DUTY}/2016-Q3/so-tu-phap"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Say = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path, sqlite_ledger: Path) -> Path:
    shutil.copytree(SMALL / "config", tmp_path / "config")
    (tmp_path / "templates").symlink_to(SMALL.parent.parent / "templates")
    (tmp_path / "data").mkdir()
    shutil.copyfile(sqlite_ledger, tmp_path / "data" / "kybaocao.db")
    return tmp_path


@pytest.fixture
def say(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command in an office of its own, in which quarter III of 2016 is open."""
    monkeypatch.setenv("KYBAOCAO_HOME", str(home))
    monkeypatch.setenv("KYBAOCAO_ACTIVE", '{"quang-nam": "2016-07-01"}')
    monkeypatch.setenv("KYBAOCAO_REHEARSAL", "true")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str | Path) -> Done:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    assert run("run", DUTY, "--as-of", "2016-08-24").code == 0
    return run


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "bc.pdf"
    path.write_bytes(b"%PDF-1.7 ...")
    return path


def test_nothing_waits_at_first(say: Say) -> None:
    assert say("triage").out == "Không có tệp nào chờ xử lý.\n"


def test_a_waiting_file_is_shown_asked_about_and_rejected(say: Say, pdf: Path) -> None:
    say("receive", pdf)
    shown = say("triage").out
    assert "bc.pdf" in shown
    (one,) = json.loads(say("triage", "--json").out)
    number = str(one["submission"]["id"])
    asked = say("triage", number, "--ask", "quang-nam/so-tu-phap", "--reason", "Của kỳ nào?")
    assert asked.out == "Đã hỏi so-tu-phap: 1 thư.\n"
    assert "Đã hỏi quang-nam/so-tu-phap" in say("triage").out
    assert say("triage", number, "--reject", "--reason", "thư rác").code == 0
    assert say("triage").out == "Không có tệp nào chờ xử lý.\n"


def test_a_waiting_file_is_kept_as_a_paper(say: Say, pdf: Path) -> None:
    say("receive", pdf)
    (one,) = json.loads(say("triage", "--json").out)
    assert say("triage", str(one["submission"]["id"]), "--attach", REPORT).code == 0
    assert "kèm văn bản báo cáo đã ký" in say("status").out


def test_a_report_goes_back_and_a_paper_stays(say: Say, home: Path, pdf: Path) -> None:
    settings = GivenSettings(home=home, active={"quang-nam": date(2016, 7, 1)})
    with runtime.office(settings) as office:
        (home / "1.xlsx").write_bytes(workbook(office, "so-tu-phap"))
    assert say("receive", home / "1.xlsx").code == 0
    words = ("--mark", "12/BC-STP", "--signed-on", "2016-09-12", "--signer", "Giám đốc")
    assert say("attach", pdf, REPORT, *words).out == f"Đã kèm vào {REPORT}: bc.pdf.\n"
    done = say("giveback", REPORT, "--reason", "Số hồ sơ lệch")
    assert done.out == f"Đã trả lại {REPORT}, phiên bản 1.\n"
    assert "Đã trả lại" in say("status").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("triage", "1"), 64, "Give a number with one of"),
        (("triage", "--reject"), 64, "Give a number with one of"),
        (("triage", "1", "--reject", "--ask", "a/b"), 64, "Give a number with one of"),
        (("triage", "99", "--reject", "--reason", "x"), 1, "no file waits under the number 99"),
        (("triage", "99", "--assign", "a/b"), 64, "is no report"),
        (("giveback", f"{DUTY}/2016-Q4/so-tu-phap", "--reason", "x"), 64, "on the books"),
        (("giveback", REPORT, "--reason", "x"), 1, "has no accepted version"),
        (("attach", "khong-co.pdf", REPORT), 1, "No such file"),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    say: Say, words: tuple[str, ...], code: int, said: str
) -> None:
    done = say(*words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_name_from_a_sender_is_only_text_on_a_screen(say: Say, home: Path) -> None:
    """No markup, no link and no colour of the terminal, no line of its own."""
    folder, taken = home / "den", home / "data" / "inbox" / ".taken" / "1473645600000000000-7"
    folder.mkdir()
    link = "\x1b]8;;http:x.example\x07"
    name = f"[link=http:x.example]a{link}\x1b[31m\r\nb.xlsx: đạt\u202ec.pdf"
    (folder / name).write_bytes(b"%PDF-1.7")
    (taken / "\x1b[31mx").mkdir(parents=True)
    done = [say("receive", folder), say("triage"), say("status"), say("check", folder)]
    said = "".join(one.out + one.err for one in done)
    assert said.count("[link=http:") == len(done)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202a-\u202e]", said)
    assert not any(line.startswith("b.xlsx") for line in said.splitlines())
