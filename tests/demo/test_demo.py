"""`kybaocao demo`, played once for real: Prefect, SMTP, workbooks. Then what it left is read."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from kybaocao.demo.figures import Agencys
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.settings import CHECKOUT
from tests.demo.test_figures import CONFIG, QUARTERLY, REPORTING, SEED
from tests.support import PATIENCE
from tests.workbook_cases import opened, through_libreoffice

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

SILENT = "ubnd-tay-giang"
ABOUT_A_REPORT_OWED = {"Còn", "Hạn cuối là hôm nay", "Quá hạn", "Trả lại để sửa"}
WITH_WORKBOOK = {"Hạn", "Bản tổng hợp"} | ABOUT_A_REPORT_OWED


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder that holds what an earlier play left behind."""
    folder = tmp_path_factory.mktemp("home")
    for part in ("config", "templates", "flows"):
        (folder / part).symlink_to(CHECKOUT / part)
    (folder / "data/demo/thu").mkdir(parents=True)
    (folder / "data/demo/thu/0001-thu-cu.eml").write_text("Subject: old\n\nold")
    (folder / "data/demo/kybaocao.db").write_text("not even a database")
    return folder


@pytest.fixture(scope="module")
def told(home: Path) -> list[str]:
    """The story, line by line, as the command prints it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KYBAOCAO_", "PREFECT_"))}
    done = subprocess.run(
        [sys.executable, "-m", "kybaocao.cli", "demo"],
        env={**kept, "KYBAOCAO_HOME": str(home)},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def letters(told: list[str], home: Path) -> list[EmailMessage]:
    """Every letter that was sent, in order."""
    files = sorted((home / "data/demo/thu").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def path_after(told: list[str], start: str) -> Path:
    """Return the path in the line below the one that begins so."""
    return Path(told[next(n for n, line in enumerate(told) if line.startswith(start)) + 1].strip())


@pytest.fixture(scope="module")
def consolidated(told: list[str]) -> bytes:
    return path_after(told, "Báo cáo tổng hợp toàn tỉnh:").read_bytes()


def kind_of(letter: EmailMessage) -> str:
    words = str(letter["Subject"]).removeprefix("[CCHC] ").partition(":")[0]
    return re.sub(r"( \d+ ngày làm việc| đúng hạn| quá hạn| tạm thời| \d+/\d+/\d+)$", "", words)


# The story


def test_the_story_tells_the_end_first_and_the_paths_last(told: list[str], home: Path) -> None:
    assert "41 đơn vị" in next(line for line in told if "mở kỳ" in line)
    end = next(line for line in told if line.startswith("Kết quả: "))
    assert end == (
        "Kết quả: nhận 40/41 báo cáo, 39 đúng hạn, 1 quá hạn (UBND Đông Giang); "
        "1 chưa gửi (UBND Tây Giang)."
    )
    paths = [line.strip() for line in told[-6:] if line.startswith("  ")]
    assert len(paths) == 3
    assert all(Path(path).is_relative_to(home) and Path(path).exists() for path in paths)


def test_the_story_fits_a_screen_of_a_hundred_columns(told: list[str], home: Path) -> None:
    assert [line for line in told if len(line) > 100 and str(home) not in line] == []


def test_an_earlier_play_leaves_nothing(letters: list[EmailMessage]) -> None:
    assert "old" not in {str(letter["Subject"]) for letter in letters}


# The letters


def test_every_day_brings_the_letters_that_the_ladder_says(letters: list[EmailMessage]) -> None:
    """The whole ladder by hand: due on Wednesday 14/9, holiday on Friday 02/9.

    41 agencies. Reports come in on 06, 08, 09, 12, 13 and 14/9: the first 39 agencies in turn, so
    7, 7, 7, 6, 6 and 6; but the six of 12/9 are faulty, and come again, corrected, on 13/9.
    """
    found = Counter((f"{sent_at(letter):%d/%m}", kind_of(letter)) for letter in letters)
    assert found == {
        ("23/08", "Hạn"): 41,  # the opening
        ("30/08", "Còn"): 41,  # 10 working days before
        ("06/09", "Đã nhận"): 7,
        ("07/09", "Còn"): 41 - 7,  # 5 days before
        ("08/09", "Đã nhận"): 7,
        ("09/09", "Đã nhận"): 7,
        ("12/09", "Còn"): 41 - 21,  # 2 days before
        ("12/09", "Trả lại để sửa"): 6,
        ("13/09", "Còn"): 41 - 21,  # 1 day before: who was returned still owes
        ("13/09", "Đã nhận"): 6 + 6,
        ("14/09", "Hạn cuối là hôm nay"): 41 - 33,
        ("14/09", "Đã nhận"): 6,
        ("15/09", "Bản tổng hợp"): 1,
        ("16/09", "Quá hạn"): 2,  # 2 days after
        ("19/09", "Đề nghị thủ trưởng chỉ đạo"): 2,  # 3 days after, to each head
        ("19/09", "2 báo cáo quá hạn chưa nộp"): 1,  # and to the secretariat, in one letter
        ("19/09", "Đã nhận"): 1,
        ("20/09", "Quá hạn"): 1,
        ("20/09", "Bản tổng hợp"): 1,  # made anew, with the late report
        ("22/09", "Quá hạn"): 1,
        ("26/09", "Quá hạn"): 1,
    }


def sent_at(letter: EmailMessage) -> datetime:
    return parsedate_to_datetime(str(letter["Date"])).astimezone(VIETNAM)


def test_who_has_sent_hears_no_more(letters: list[EmailMessage]) -> None:
    done = set()
    for letter in letters:
        if kind_of(letter) == "Đã nhận":
            done.add(str(letter["To"]))
        elif kind_of(letter) in ABOUT_A_REPORT_OWED:
            assert str(letter["To"]) not in done
    assert len(done) == 40


def test_letters_are_whole(letters: list[EmailMessage]) -> None:
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)
    for letter in letters:
        assert not letter.defects
        assert str(letter["To"]).endswith(".quang-nam.example")
        body = letter.get_body(("plain",))
        assert body is not None
        assert len(body.get_content()) > 200
        assert letter.get_body(("html",)) is not None
        carries = list(letter.iter_attachments())
        wanted = kind_of(letter) in WITH_WORKBOOK
        assert len(carries) == (1 if wanted else 0)
        if wanted:
            assert str(carries[0].get_filename()).endswith(".xlsx")
            assert carries[0].get_content().startswith(b"PK")


# The workbooks


def test_the_returned_workbook_lists_its_findings_and_marks_their_cells(told: list[str]) -> None:
    book = openpyxl.load_workbook(path_after(told, "Một tệp trả lại"))
    rows = [[c.value for c in row] for row in book.worksheets[0].iter_rows()]
    header = next(row for row in rows if row[0] == "STT")
    sheet, place = header.index("Trang tính"), header.index("Ô")
    listed = {(row[sheet], row[place]) for row in rows if str(row[0]).isdigit()}
    commented = {
        (ws.title, c.coordinate)
        for ws in book.worksheets[1:]
        for row in ws.iter_rows()
        for c in row
        if c.comment
    }
    assert listed
    assert commented == listed


def test_the_consolidated_workbook_holds_forty_of_forty_one(consolidated: bytes) -> None:
    book = opened(consolidated)
    told = [c.value for row in book.worksheets[0].iter_rows() for c in row if c.value]
    assert any("(40/41 đơn vị)" in str(text) for text in told)
    sources = book["Nguồn số liệu"]
    names = {str(row[1].value) for row in sources.iter_rows() if isinstance(row[0].value, int)}
    assert names == {a.name for a in REPORTING if a.code != SILENT}


def test_the_province_has_what_the_agencies_reported(consolidated: bytes) -> None:
    book = opened(consolidated)
    columns = {"planned": "Kế hoạch năm", "done": "Thực hiện trong kỳ"}
    columns["cumulative"] = "Lũy kế từ đầu năm"
    quarter = Period.parse("2016-Q3")
    reported: Counter[tuple[str, str]] = Counter()
    for agency in REPORTING:
        if agency.code != SILENT:
            form = CONFIG.form(QUARTERLY.form).for_agency(agency)
            reported.update(Agencys(form, agency.code, SEED).of(quarter, 2016))
    for code in ("CD-01", "CD-11", "TT-14", "TT-19", "TT-34", "BM-05", "TK-13"):
        for column, header in columns.items():
            if (code, column) in reported:
                shown = summed(book, code, header)
                assert shown == pytest.approx(reported[code, column]), (code, column)


def summed(book: Workbook, code: str, header: str) -> float:
    """Return the province's figure of a row, under a header of the summary."""
    rows = [[c.value for c in row] for row in book["Tổng hợp"].iter_rows()]
    column = next(row for row in rows if row[0] == "Mã").index(header)
    value = next(row for row in rows if row[0] == code)[column]
    assert isinstance(value, int | float)
    return value


def test_libreoffice_recalculates_it_to_the_same(consolidated: bytes, tmp_path: Path) -> None:
    live, cached = opened(consolidated, values=False), opened(consolidated)
    anew = opened(through_libreoffice(consolidated, tmp_path))
    compared = 0
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                kept = cached[sheet.title][cell.coordinate].value
                made = anew[sheet.title][cell.coordinate].value
                if isinstance(kept, int | float):
                    assert made == pytest.approx(kept, rel=1e-12), (sheet.title, cell.coordinate)
                    compared += 1
                else:
                    assert (kept or None, made or None) == (None, None), (sheet.title, cell)
    assert compared > 500
