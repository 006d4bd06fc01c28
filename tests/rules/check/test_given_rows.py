"""Tasks that a table was issued with: told, changed, moved, doubled or deleted."""

from typing import Any

import pytest
from pydantic import ValidationError

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cells.grid import Book, Grid, Value
from kybaocao.rules.check.checks import Judgement, judge
from kybaocao.rules.check.given_rows import given, given_rows, notes
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.form.form import IDENTITY_SHEET, Form, TableSheet
from kybaocao.rules.regime.task import OpenTask, Task

TASKS: dict[str, Any] = {
    "id": "so",
    "title": "ten",
    "deadline": "han",
    "state": "tinh-trang",
    "done": ["Xong"],
    "carried": ["tinh-trang", "san-pham"],
    "periods": ["quarter"],
}
SHEET: dict[str, Any] = {
    "id": "nhiem-vu",
    "kind": "table",
    "name": "Nhiệm vụ",
    "title": "Nhiệm vụ",
    "columns": [
        {"id": "so", "name": "Số"},
        {"id": "ten", "name": "Tên", "required": True},
        {"id": "han", "name": "Hạn"},
        {
            "id": "tinh-trang",
            "name": "Tình trạng",
            "kind": "choice",
            "choices": ["Đang làm", "Xong"],
            "required": True,
        },
        {"id": "san-pham", "name": "Sản phẩm"},
    ],
    "tasks": TASKS,
}


def sheet(**changes: Any) -> TableSheet:
    return TableSheet.model_validate(SHEET | changes)


FORM = Form(id="mau", version=1, title="Mẫu", sheets=(sheet(),))
GIVEN = [
    OpenTask(
        Task(
            id=number,
            title=title,
            leads="a",
            deadline="2016-Q2",
            stated="Quý II",
            source="Phụ lục",
        ),
        {},
        overdue=False,
    )
    for number, title in (("2016.1", "Đề án một"), ("2016.10", "Đề án mười"))
]
HEADER = ["STT", "Số", "Tên", "Hạn", "Tình trạng", "Sản phẩm"]
ONE: list[Value | None] = [1, "2016.1", "Đề án một", "Quý II năm 2016", "Xong", "Quyết định 5"]
TEN: list[Value | None] = [2, "2016.10", "Đề án mười", "Quý II năm 2016\n(đã quá hạn)", "Đang làm"]
OWN: list[Value | None] = [3, None, "Kiểm tra công vụ", "Quý IV", "Đang làm"]

Rows = list[list[Value | None]]


def judged(rows: Rows, issued: bool = True) -> Judgement:
    """Judge a file whose table holds these rows below the header in row 1."""
    shown = {
        (r, c): value
        for r, row in enumerate([HEADER, *rows], 1)
        for c, value in enumerate(row, 1)
        if value is not None
    }
    said = [note for task in GIVEN for note in notes(sheet(), given(sheet().tasks, task))]  # type: ignore[arg-type]
    hidden: dict[tuple[int, int], Value] = {
        (r, c): value
        for r, note in enumerate(said if issued else [], 8)
        for c, value in enumerate(note, 1)
    }
    grids = (Grid("Nhiệm vụ", shown), Grid(IDENTITY_SHEET, hidden, hidden=True))
    return judge(FORM, Frequency.QUARTER, False, Book(grids))


def found(judgement: Judgement) -> list[tuple[str, str, str]]:
    return [(f.code, f.cell, f.expected) for f in judgement.findings]


def test_told_as_asked_the_report_is_accepted_with_what_was_issued() -> None:
    judgement = judged([ONE, TEN, OWN])
    assert judgement.verdict is Verdict.ACCEPTED
    assert found(judgement) == []
    told = {(f.row, f.column): f.value for f in judgement.figures}
    assert told["1", "so"] == "2016.1" and told["1", "tinh-trang"] == "Xong"
    assert told["2", "han"] == "Quý II năm 2016"  # the mark of an overdue task is not the task's
    assert told["3", "ten"] == "Kiểm tra công vụ" and ("3", "so") not in told


def test_rows_may_be_moved() -> None:
    assert found(judged([OWN, [], TEN, ONE])) == []


def test_every_task_needs_a_state() -> None:
    untold = [*TEN[:4], None]
    assert found(judged([ONE, untold])) == [
        ("required-blank", "E3", "nhiệm vụ 2016.10: có nội dung cột “Tình trạng”")
    ]


def test_a_deleted_task_may_be_told_again_in_a_free_row() -> None:
    (deleted,) = judged([ONE]).findings
    assert deleted.action.startswith("Ghi lại nhiệm vụ này")
    again: list[Value | None] = [None, "2016.10", "Đề án mười", "Quý II năm 2016", "Đang làm"]
    assert found(judged([ONE, OWN, [], again])) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([ONE], [("missing-row", "", "có dòng nhiệm vụ 2016.10: “Đề án mười”; “Quý II năm 2016”")]),
        (
            [ONE, [2, "2016.10", "Đề án khác", *TEN[3:]]],
            [("changed-row", "C3", "nhiệm vụ 2016.10: “Đề án mười”, như biểu mẫu đã gửi")],
        ),
        (
            [ONE, [*TEN[:3], "Quý IV", *TEN[4:]]],
            [("changed-row", "D3", "nhiệm vụ 2016.10: “Quý II năm 2016”, như biểu mẫu đã gửi")],
        ),
        (
            [ONE, [2, None, *TEN[2:]]],
            [("changed-row", "B3", "nhiệm vụ 2016.10: “2016.10”, như biểu mẫu đã gửi")],
        ),
        # A number has lost the last zero.
        (
            [ONE, [2, 2016.1, *TEN[2:]]],
            [("changed-row", "B3", "nhiệm vụ 2016.10: “2016.10”, như biểu mẫu đã gửi")],
        ),
        (
            [ONE, TEN, TEN],
            [("duplicate-row", "B4", "nhiệm vụ 2016.10 chỉ có một dòng (đã có ở dòng 3)")],
        ),
        # Only the numbers were sorted.
        (
            [[1, "2016.10", *ONE[2:]], [2, "2016.1", *TEN[2:]]],
            [
                ("changed-row", "C2", "nhiệm vụ 2016.10: “Đề án mười”, như biểu mẫu đã gửi"),
                ("changed-row", "C3", "nhiệm vụ 2016.1: “Đề án một”, như biểu mẫu đã gửi"),
            ],
        ),
    ],
    ids=["deleted", "title", "deadline", "id", "id-as-number", "doubled", "sorted"],
)
def test_what_was_changed_or_deleted_is_named(
    rows: Rows, expected: list[tuple[str, str, str]]
) -> None:
    judgement = judged(rows)
    assert found(judgement) == expected
    assert judgement.verdict is Verdict.RETURNED


def test_accents_spaces_and_case_are_no_change() -> None:
    same = [1, " 2016.1 ", "ĐỀ ÁN  MỘT", "Quý\u00a0II năm 2016", "Xong"]
    assert found(judged([same, TEN])) == []


def test_a_file_without_tasks_holds_free_rows_alone() -> None:
    assert found(judged([OWN], issued=False)) == []
    assert given_rows(sheet(), Book(())) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": "ma"}, "expected a column of this sheet, found 'ma'"),
        ({"carried": ["ghi-chu"]}, "expected a column of this sheet, found 'ghi-chu'"),
        ({"carried": ["han"]}, "are four columns"),
        ({"deadline": "ten"}, "are four columns"),
        ({"state": "san-pham"}, "expected a required choice, found column 'san-pham'"),
        ({"title": "tinh-trang", "state": "ten", "carried": []}, "are columns of text"),
        ({"done": ["Hết"]}, "expected a choice of 'tinh-trang' in `done`, found 'Hết'"),
    ],
)
def test_a_sheet_declares_its_tasks_in_its_own_columns(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        sheet(tasks=TASKS | changes)


def test_a_sheet_may_show_tasks_only_in_some_periods() -> None:
    assert sheet().tasks_for(Frequency.QUARTER) == sheet().tasks
    assert sheet().tasks_for(Frequency.YEAR) is None
    always = sheet(tasks=TASKS | {"periods": []})
    assert always.tasks_for(Frequency.REQUEST) == always.tasks
