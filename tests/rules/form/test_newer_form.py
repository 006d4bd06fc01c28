"""What is asked of a report on an earlier version of its form."""

from typing import Any

import pytest

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Form
from kybaocao.rules.form.newer_form import news
from tests.sample_form import FORM

SHEETS = {"bia": "Bìa của tôi", "tthc": "Số liệu", "nv": "Việc"}


def newer(part: str, added: dict[str, Any], sheet: int | None = None) -> Form:
    """Return version 3 of the sample form, something added to it or to one of its sheets."""
    tree = FORM.model_dump()
    where = tree if sheet is None else tree["sheets"][sheet]
    where[part] = [*where[part], added]
    return Form.model_validate({**tree, "version": 3})


def told(new: Form, frequency: Frequency = Frequency.QUARTER) -> list[Finding]:
    return list(news(FORM, new, frequency, SHEETS))


def row(**more: Any) -> dict[str, Any]:
    said = {"code": "TTHC-12", "name": "Hồ sơ mới", "unit": "hồ sơ", "columns": ["done"]}
    return {**said, "source": "khoản 1", **more}


RATIO = {"kind": "percent", "aggregate": "ratio"}


@pytest.mark.parametrize(
    ("new", "sheet", "what"),
    [
        (newer("columns", {"id": "x", "name": "Ước năm", "required": True}), "", "cột “Ước năm”"),
        (newer("rows", row(), 1), "Số liệu", "dòng TTHC-12 (Hồ sơ mới), đơn vị tính: hồ sơ"),
        (
            newer("rows", {"code": "B-04", "name": "Người ký", "required": True}, 0),
            "Bìa của tôi",
            "dòng B-04 (Người ký)",
        ),
        (
            newer("columns", {"id": "x", "name": "Chủ trì", "required": True}, 2),
            "Việc",
            "bảng “Nhiệm vụ”, cột “Chủ trì”",
        ),
    ],
)
def test_what_is_required_anew_is_asked_for_on_its_sheet(new: Form, sheet: str, what: str) -> None:
    (finding,) = told(new)
    assert (finding.code, finding.sheet, finding.is_blocking) == ("new-in-form", sheet, False)
    assert finding.expected == f"biểu mẫu hiện hành (phiên bản 3) có thêm {what}"


@pytest.mark.parametrize(
    "new",
    [
        newer("columns", {"id": "x", "name": "Ước năm"}),
        newer("columns", {"id": "x", "name": "Năm", "required": True, "periods": ["year"]}),
        newer("rows", row(columns=["planned"]), 1),
        newer("rows", row(**RATIO, compute={"part": ["TTHC-05"], "whole": ["TTHC-04"]}), 1),
        newer("rows", {"code": "B-04", "name": "Người ký"}, 0),
        newer("columns", {"id": "x", "name": "Chủ trì"}, 2),
    ],
)
def test_what_may_stay_blank_or_is_computed_is_not_asked_for(new: Form) -> None:
    assert told(new) == []


def test_a_row_that_counts_in_other_units_is_blocking() -> None:
    tree = FORM.model_dump()
    tree["sheets"][1]["rows"][0]["unit"] = "nghìn hồ sơ"
    (finding,) = told(Form.model_validate({**tree, "version": 3}))
    assert (finding.code, finding.sheet, finding.is_blocking) == ("unit-changed", "Số liệu", True)
    assert "TTHC-04" in finding.value
    assert "nghìn hồ sơ" in finding.expected
