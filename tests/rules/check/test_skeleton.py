"""Headers and codes held against the form: one finding for each mistake, at its cell."""

import pytest
from openpyxl import Workbook

from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.check.checks import Judgement, judge
from kybaocao.rules.finding import Finding
from kybaocao.rules.form.form import Form, IndicatorSheet
from tests.sample_form import FORM, filled, plain_book

TTHC = "3. TTHC"
COVER = "Trang bìa"


def judged(sheet: str = TTHC, form: Form = FORM, **cells: object) -> Judgement:
    def spoil(book: Workbook) -> None:
        for at, value in cells.items():
            book[sheet][at] = value

    return judge(form, Frequency.QUARTER, False, plain_book(filled(spoil)))


def only(judgement: Judgement) -> Finding:
    assert len(judgement.findings) == 1, judgement.findings
    return judgement.findings[0]


def rows(judgement: Judgement) -> set[str]:
    return {figure.row for figure in judgement.figures}


def test_a_header_that_was_renamed_is_told_at_its_cell() -> None:
    finding = only(judged(E4="Kết quả"))
    assert (finding.code, finding.cell, finding.value) == ("missing-column", "E4", "Kết quả")
    assert "“Thực hiện trong kỳ”" in finding.expected


def test_two_lost_headers_are_one_finding_on_the_sheet() -> None:
    finding = only(judged(E4="Kết quả", F4="Cộng dồn"))
    assert (finding.sheet, finding.cell, finding.value) == (TTHC, "", "")
    assert "“Thực hiện trong kỳ”, “Lũy kế từ đầu năm”" in finding.expected


def test_a_header_of_their_own_beside_a_deleted_one_is_not_blamed_alone() -> None:
    finding = only(judged(E4=None, H4="Kiểm tra", I4="Người kiểm tra"))
    assert (finding.code, finding.cell) == ("missing-column", "")


# Codes.


def test_a_mistyped_code_is_one_finding_at_its_cell() -> None:
    finding = only(judged(A6="TTHC-5"))
    assert (finding.code, finding.cell, finding.value) == ("wrong-code", "A6", "TTHC-5")
    assert finding.expected == "mã TTHC-05 ở dòng “Trước hạn”"
    assert finding.is_blocking


def test_a_code_typed_twice_is_told_at_the_row_with_the_other_label() -> None:
    judgement = judged(A6="TTHC-06")
    finding = only(judgement)
    assert (finding.code, finding.cell, finding.value) == ("wrong-code", "A6", "TTHC-06")
    assert {"TTHC-06", "TTHC-07"} <= rows(judgement), "the row that is right is read"
    assert "TTHC-05" not in rows(judgement)


def test_codes_that_changed_places_are_one_finding() -> None:
    judgement = judged(A6="TTHC-07", A8="TTHC-05")
    finding = only(judgement)
    assert (finding.code, finding.cell) == ("wrong-code", "A6")
    assert finding.value == "TTHC-07; cũng vậy ở dòng 8"
    assert not {"TTHC-05", "TTHC-07"} & rows(judgement), "it is not known whose figures they are"


def test_labels_that_changed_places_are_asked_about_too() -> None:
    finding = only(judged(COVER, B3="Ngày ký", B4="Người lập"))
    assert (finding.code, finding.sheet, finding.cell) == ("wrong-code", COVER, "A3")


@pytest.mark.parametrize("label", ["Trước hạn (ước)", "TRƯỚC  HẠN", None, 5])
def test_a_label_that_is_no_other_rows_is_left_alone(label: object) -> None:
    judgement = judged(B6=label)
    assert judgement.findings == ()
    assert "TTHC-05" in rows(judgement)


def test_a_label_that_two_rows_share_says_nothing() -> None:
    cover, area, tasks = FORM.sheets
    assert isinstance(area, IndicatorSheet)
    renamed = {"TTHC-07": {"name": "Trước hạn"}}
    rows = tuple(row.model_copy(update=renamed.get(row.code, {})) for row in area.rows)
    form = FORM.model_copy(
        update={"sheets": (cover, area.model_copy(update={"rows": rows}), tasks)}
    )
    assert judged(form=form, B6="TRƯỚC HẠN", B8="Trước hạn").findings == ()


def test_an_unknown_code_with_the_label_of_a_row_that_is_there_is_only_unknown() -> None:
    finding = only(judged(A14="XX-99", B14="Trước hạn", E14=5))
    assert (finding.code, finding.cell, finding.is_blocking) == ("unknown-row", "A14", False)


def test_a_row_whose_code_and_label_are_unknown_is_missing_still() -> None:
    codes = [finding.code for finding in judged(A6="XX-99", B6="Dòng lạ").findings]
    assert sorted(codes) == ["missing-row", "unknown-row"]
