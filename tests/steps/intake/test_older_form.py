"""A report on an earlier version of its form: accepted, with what is new asked for."""

import json
import shutil
from pathlib import Path

import pytest

from kybaocao.adapters import form_files
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.cli import main
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.runtime import Office
from kybaocao.steps.cycle.consolidate import consolidate_term
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.post.send import send_letters
from tests.corpus.makers import data_of
from tests.corpus.versions import second_version
from tests.steps.conftest import QUARTERLY, REGIME, ROOT, SMALL, at
from tests.workbook_cases import opened

OPEN, NOW = at("2016-08-23"), at("2016-09-12")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder in whose config the form has two versions."""
    folder = tmp_path / "home"
    shutil.copytree(SMALL / "config", folder / "config")
    (folder / "templates").symlink_to(ROOT / "templates")
    form_files.write(folder / "config/forms/ngan-2.yaml", second_version(), "Phiên bản 2.")
    return folder


@pytest.fixture
def opened_term(office: Office) -> Office:
    advance(office, REGIME, QUARTERLY, OPEN)
    return office


def test_it_is_accepted_through_the_door_and_told_what_is_new(
    opened_term: Office, catcher: MailCatcher
) -> None:
    office = opened_term
    receipt = receive(
        office, Incoming(data_of("older-version.xlsx"), "bc.xlsx", "folder", NOW), NOW
    )
    assert receipt.submission.verdict is Verdict.ACCEPTED
    stored = office.ledger.findings(receipt.submission.id)
    assert [f.code for f in stored] == ["new-in-form", "new-in-form"]
    assert "dòng HS-06 (Hồ sơ trực tuyến), đơn vị tính: hồ sơ" in stored[0].expected
    send_letters(office, lambda: NOW)
    told = catcher.messages[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "BIÊN NHẬN" in told.upper()
    assert "có thêm dòng HS-06" in " ".join(told.split())


def test_its_figures_are_consolidated_beside_those_of_the_newest(opened_term: Office) -> None:
    office = opened_term
    receive(office, Incoming(data_of("older-version.xlsx"), "bc.xlsx", "folder", NOW), NOW)
    regime, duty = office.duty(REGIME, QUARTERLY)
    _, of_term = office.asked(regime, duty, Period.parse("2016-Q3"))
    (made,) = consolidate_term(office, regime, duty, of_term, NOW)
    rows = opened(made.path.read_bytes())["Tổng hợp"].iter_rows(values_only=True)
    said = {row[0]: row for row in rows}
    assert {120, 300} <= set(said["HS-01"])
    assert said["HS-06"] is not None


def test_the_workbook_that_is_issued_is_on_the_newest_version(opened_term: Office) -> None:
    letters = opened_term.ledger.post.letters(kind="opening", agency="so-tu-phap")
    sha256 = letters[0].attachment_sha256
    assert sha256 is not None
    rows = opened(opened_term.archive.get(sha256)).worksheets[0].iter_rows(values_only=True)
    assert "HS-06" in {row[0] for row in rows}


def test_check_says_the_same(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KYBAOCAO_HOME", str(home))
    for name in ("older-version.xlsx", "older-version-in-other-units.xlsx"):
        (home / name).write_bytes(data_of(name))
    assert main(["check", "--json", str(home / "older-version.xlsx")]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert said["verdict"] == "accepted"
    assert [finding["code"] for finding in said["findings"]] == ["new-in-form"] * 2
    assert main(["check", "--json", str(home / "older-version-in-other-units.xlsx")]) == 1
