"""Tasks in the workbooks of their leads, quarter after quarter, until reported done.

The tasks and the sheet are config alone: three tasks and a form with a sheet that lists them.
"""

import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import term
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.cycle.open_period import blank_workbook
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from tests.steps.conftest import QUARTERLY, REGIME, ROOT, SMALL, at, workbook

SHEET = "3. Nhiệm vụ"
SHEET_YAML = f"""
  - id: nhiem-vu
    kind: table
    name: {SHEET}
    title: Tiến độ nhiệm vụ
    blank_rows: 5
    tasks:
      id: so
      title: ten
      deadline: han
      state: trang-thai
      done: [Hoàn thành]
      carried: [trang-thai, san-pham]
      periods: [quarter]
    columns:
      - {{id: so, name: Số}}
      - {{id: ten, name: Tên, required: true, width: 40}}
      - {{id: han, name: Hạn, width: 20}}
      - id: trang-thai
        name: Trạng thái
        kind: choice
        required: true
        choices: [Đang triển khai, Hoàn thành]
      - {{id: san-pham, name: Sản phẩm}}
"""
TASKS = """id,title,leads,coordinating,others,deadline,stated,source
2016.1,Kiện toàn tổ chức,*so;*huyen,so-noi-vu,,2016-Q2,Quý II,1908/QĐ-UBND
2016.2,Chương trình văn bản,so-tu-phap,,,2016-Q4,Quý IV,1908/QĐ-UBND
2017.1,Kiểm soát thủ tục,so-tu-phap,,,2017-Q1,Quý I,1908/QĐ-UBND
hang-nam,Hướng dẫn dự toán,so-tai-chinh,,,*,hàng năm,1908/QĐ-UBND
"""
LEAD, DISTRICT, OTHER = "so-tu-phap", "ubnd-tam-ky", "so-tai-chinh"
Q3, Q4, Q1 = "2016-Q3", "2016-Q4", "2017-Q1"
OPENING = {Q3: "2016-08-23", Q4: "2016-11-23", Q1: "2017-02-21"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with the small config, a list of tasks, and a sheet for them."""
    folder = tmp_path / "home"
    shutil.copytree(SMALL / "config", folder / "config")
    form = folder / "config/forms/ngan.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("\nrules:", f"{SHEET_YAML}rules:"), encoding="utf-8")
    tasks = folder / "config/regimes" / REGIME / "tasks.csv"
    tasks.write_text(TASKS, encoding="utf-8")
    (folder / "templates").symlink_to(ROOT / "templates")
    return folder


def issued(office: Office, agency: str, period: str) -> bytes:
    """Return the workbook that an agency gets for a period."""
    regime, duty = office.duty(REGIME, QUARTERLY)
    of_term = term(regime, duty, Period.parse(period), office.config.calendar)
    return blank_workbook(office, regime, duty, of_term, agency)[1]


def listed(data: bytes) -> dict[str, list[object]]:
    """Return what a workbook says of each task: title, deadline, state and product, by id."""
    page = load_workbook(io.BytesIO(data))[SHEET]
    return {str(row[0]): row[1:] for _, row in rows_of(page) if row[0]}


def rows_of(page: Worksheet) -> list[tuple[int, list[object]]]:
    return [
        (row[0].row, [cell.value for cell in row[1:6]])
        for row in page.iter_rows()
        if isinstance(row[0].value, int)
    ]


def told(office: Office, agency: str, period: str, **states: str) -> bytes:
    """Return an agency's filled workbook with these states by task id, all others in hand."""
    book = load_workbook(io.BytesIO(workbook(office, agency, period)))
    page = book[SHEET]
    for number, row in rows_of(page):
        if row[0]:
            page.cell(number, 5).value = states.get(str(row[0]), "Đang triển khai")
            page.cell(number, 6).value = f"Văn bản của {period}"
        else:
            for column in range(2, 7):
                page.cell(number, column).value = None
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def report(office: Office, agency: str, period: str, **states: str) -> str:
    """Open a period and send an agency's report; return what became of it."""
    advance(office, REGIME, QUARTERLY, at(OPENING[period]))
    data = told(office, agency, period, **states)
    now = at(OPENING[period], "15:00")
    return receive(office, Incoming(data, f"{agency}.xlsx", "folder", now), now).summary


def test_a_lead_gets_its_tasks_with_their_deadlines(office: Office) -> None:
    assert listed(issued(office, LEAD, Q3)) == {
        "2016.1": ["Kiện toàn tổ chức", "Quý II năm 2016\n(đã quá hạn)", None, None],
        "2016.2": ["Chương trình văn bản", "Quý IV năm 2016", None, None],
    }
    assert list(listed(issued(office, DISTRICT, Q3))) == ["2016.1"]


def test_what_was_reported_done_is_gone_and_the_rest_carries_the_last_word(
    office: Office,
) -> None:
    assert "đã nhận" in report(office, LEAD, Q3, **{"2016.1": "Hoàn thành"})
    assert listed(issued(office, LEAD, Q4)) == {
        "2016.2": [
            "Chương trình văn bản",
            "Quý IV năm 2016",
            "Đang triển khai",
            "Văn bản của 2016-Q3",
        ]
    }
    # Each lead of a task that went out to everyone finishes it on its own.
    assert list(listed(issued(office, OTHER, Q4))) == ["2016.1", "hang-nam"]


def test_a_task_of_every_year_comes_back_with_each_year(office: Office) -> None:
    assert "đã nhận" in report(office, OTHER, Q3, **{"hang-nam": "Hoàn thành"})
    assert list(listed(issued(office, OTHER, Q4))) == ["2016.1"]
    assert "đã nhận" in report(office, OTHER, Q4, **{"2016.1": "Hoàn thành"})
    assert listed(issued(office, OTHER, Q1)) == {
        "hang-nam": ["Hướng dẫn dự toán", "hàng năm", None, None]
    }


def test_tasks_of_a_year_come_with_its_first_quarter(office: Office) -> None:
    report(office, LEAD, Q3)
    report(office, LEAD, Q4, **{"2016.1": "Hoàn thành"})
    found = listed(issued(office, LEAD, Q1))
    assert list(found) == ["2016.2", "2017.1"]
    assert found["2016.2"][1:] == [
        "Quý IV năm 2016\n(đã quá hạn)",
        "Đang triển khai",
        "Văn bản của 2016-Q4",
    ]
    assert found["2017.1"][1:] == ["Quý I năm 2017", None, None]


def test_a_returned_report_changes_nothing(office: Office) -> None:
    states = {"2016.1": "Hoàn thành", "2016.2": "chưa rõ"}
    assert "trả lại" in report(office, LEAD, Q3, **states)
    assert list(listed(issued(office, LEAD, Q4))) == ["2016.1", "2016.2"]


def test_a_later_report_can_take_back_that_a_task_is_done(office: Office) -> None:
    report(office, LEAD, Q3, **{"2016.1": "Hoàn thành"})
    advance(office, REGIME, QUARTERLY, at(OPENING[Q4]))
    book = load_workbook(io.BytesIO(told(office, LEAD, Q4)))
    free = next(number for number, row in rows_of(book[SHEET]) if not row[0])
    again = ["2016.1", "Kiện toàn tổ chức", "Quý II", "Đang triển khai"]
    for column, value in enumerate(again, 2):
        book[SHEET].cell(free, column).value = value
    kept = io.BytesIO()
    book.save(kept)
    now = at(OPENING[Q4], "15:00")
    assert (
        "đã nhận"
        in receive(office, Incoming(kept.getvalue(), "x.xlsx", "folder", now), now).summary
    )
    assert "2016.1" in listed(issued(office, LEAD, Q1))


def test_the_same_arguments_give_the_same_bytes(office: Office) -> None:
    report(office, LEAD, Q3)
    assert issued(office, LEAD, Q4) == issued(office, LEAD, Q4)


def test_a_form_without_such_a_period_lists_no_tasks(office: Office) -> None:
    """The forwarded report is yearly and uses the same form."""
    regime, duty = office.duty(REGIME, "so-tu-phap")
    of_term = term(regime, duty, Period.parse("2016"), office.config.calendar)
    data = blank_workbook(office, regime, duty, of_term, LEAD)[1]
    assert listed(data) == {}
    assert of_term.due.last_day == date(2016, 12, 31)
