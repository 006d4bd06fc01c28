"""The table of a blank workbook that lists tasks: what is locked, what is asked, what is marked."""

import io
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from kybaocao.adapters.workbooks.blank import blank
from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.check.checks import judge
from kybaocao.rules.check.given_rows import given_rows
from kybaocao.rules.form.form import IDENTITY_SHEET, Form, TableSheet
from kybaocao.rules.regime.task import OpenTask, Task
from tests.workbook_cases import AGENCIES, DUTY, REGIME, opened, term_of, through_libreoffice

DISTRICT = AGENCIES[1]
TABLE = TableSheet.model_validate(
    {
        "id": "nhiem-vu",
        "kind": "table",
        "name": "Nhiệm vụ",
        "title": "Tiến độ nhiệm vụ",
        "blank_rows": 3,
        "tasks": {
            "id": "so",
            "title": "ten",
            "deadline": "han",
            "state": "tinh-trang",
            "done": ["Xong"],
            "carried": ["tinh-trang"],
            "periods": ["quarter"],
        },
        "columns": [
            {"id": "so", "name": "Số", "width": 10},
            {"id": "ten", "name": "Tên", "required": True, "width": 40},
            {"id": "han", "name": "Hạn", "width": 20},
            {
                "id": "tinh-trang",
                "name": "Tình trạng",
                "kind": "choice",
                "choices": ["Đang làm", "Xong"],
                "required": True,
            },
        ],
    }
)
FORM = Form(id="mau", version=1, title="Mẫu", sheets=(TABLE,))


def task(number: str, last: dict[str, str], overdue: bool) -> OpenTask:
    title = f"Đề án {number} với tên dài hơn bề rộng của một dòng trong cột nội dung"
    words = {"leads": "*huyen", "deadline": "2016-Q2", "stated": "Quý II", "source": "Phụ lục"}
    return OpenTask(Task(id=number, title=title, **words), last, overdue)


TASKS = [task("2016.1", {}, overdue=True), task("2016.10", {"tinh-trang": "Đang làm"}, False)]


def made(tasks: list[OpenTask], period: str = "2016-Q3") -> bytes:
    return blank(FORM, DISTRICT, REGIME, DUTY, term_of(period), tasks)


def shown(book: Workbook) -> list[list[object]]:
    """Return the rows from the header on, without empty cells at their ends."""
    rows = [[cell.value for cell in row] for row in book["Nhiệm vụ"].iter_rows()]
    top = next(n for n, row in enumerate(rows) if row[0] == "STT")
    return [row[: max((n for n, v in enumerate(row, 1) if v), default=0)] for row in rows[top:]]


def test_tasks_come_first_then_free_rows_numbered_on() -> None:
    one, ten = (t.task.title for t in TASKS)
    assert shown(opened(made(TASKS))) == [
        ["STT", "Số", "Tên", "Hạn", "Tình trạng"],
        ["Nhiệm vụ được giao chủ trì, chưa báo cáo hoàn thành"],
        [1, "2016.1", one, "Quý II năm 2016\n(đã quá hạn)"],
        [2, "2016.10", ten, "Quý II năm 2016", "Đang làm"],
        ["Nhiệm vụ khác theo kế hoạch của cơ quan, đơn vị (nếu có)"],
        [3],
        [4],
        [5],
    ]


@pytest.mark.parametrize(("tasks", "period"), [([], "2016-Q3"), (TASKS, "2016")])
def test_without_tasks_or_in_another_period_the_rows_are_free(
    tasks: list[OpenTask], period: str
) -> None:
    book = opened(made(tasks, period))
    assert shown(book)[1:] == [[1], [2], [3]]
    assert book[IDENTITY_SHEET].max_row == 6


def test_which_task_it_is_is_locked_and_how_it_stands_is_asked() -> None:
    page = opened(made(TASKS), values=False)["Nhiệm vụ"]
    for row in (r for r in page.iter_rows() if r[1].value in ("2016.1", "2016.10")):
        assert [cell.protection.locked for cell in row[:5]] == [True, True, True, True, False]
        rules = page.data_validations.dataValidation
        assert any(row[4].coordinate in rule.sqref and rule.type == "list" for rule in rules)


def test_the_mark_of_an_overdue_task_is_told_by_words_too() -> None:
    page = opened(made(TASKS), values=False)["Nhiệm vụ"]
    [late] = [c for row in page.iter_rows() for c in row if "quá hạn" in str(c.value)]
    assert late.font.color.rgb == "FFB42318" and late.font.bold


def test_a_number_with_a_zero_at_its_end_stays_text() -> None:
    page = opened(made(TASKS), values=False)["Nhiệm vụ"]
    [ten] = [c for row in page.iter_rows() for c in row if c.value == "2016.10"]
    assert (ten.data_type, ten.number_format) == ("s", "@")


def test_the_file_says_which_tasks_it_was_issued_with() -> None:
    found = given_rows(TABLE, read(made(TASKS)))
    assert [(row.id, row.texts["han"]) for row in found] == [
        ("2016.1", "Quý II năm 2016"),
        ("2016.10", "Quý II năm 2016"),
    ]


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert made(TASKS) == made(TASKS)


def test_saved_by_libreoffice_only_the_blank_state_is_missing(tmp_path: Path) -> None:
    kept = through_libreoffice(made(TASKS), tmp_path)
    judgement = judge(FORM, Frequency.QUARTER, False, read(kept))
    assert [(f.code, f.expected) for f in judgement.findings] == [
        ("required-blank", "nhiệm vụ 2016.1: có nội dung cột “Tình trạng”")
    ]


def test_a_deleted_line_shifts_no_other(tmp_path: Path) -> None:
    book = opened(made(TASKS), values=False)
    page = book["Nhiệm vụ"]
    row = next(r[0].row for r in page.iter_rows() if r[1].value == "2016.1")
    for merged in list(page.merged_cells.ranges):
        page.unmerge_cells(str(merged))
    page.delete_rows(row)
    buffer = io.BytesIO()
    book.save(buffer)
    findings = judge(FORM, Frequency.QUARTER, False, read(buffer.getvalue())).findings
    assert [f.code for f in findings] == ["missing-row"]
    assert "nhiệm vụ 2016.1: “Đề án 2016.1" in findings[0].expected
