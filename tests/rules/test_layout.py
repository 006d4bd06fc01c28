"""The wording that workbooks and letters share."""

from datetime import UTC, date, datetime

import pytest

from kybaocao.rules.calendar.official_days import local_time, official_day, span_words, window_words
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.regime.names import document_words, report_title
from kybaocao.rules.regime.regime import LegalDocument


def test_days_as_officials_write_them() -> None:
    assert official_day(date(2016, 9, 14)) == "14/9/2016"
    assert official_day(date(2017, 2, 5)) == "05/02/2017"


def test_times_are_vietnams() -> None:
    assert local_time(datetime(2016, 9, 11, 18, 0, tzinfo=UTC)) == "01:00 ngày 12/9/2016"


def test_a_document_is_named_by_its_kind_number_and_day() -> None:
    def words(number: str, day: date | None) -> str:
        document = LegalDocument(number=number, date=day, issuer="Chính phủ", title="x")
        return document_words(document)

    signed = date(2019, 1, 24)
    assert words("09/2019/NĐ-CP", signed) == (
        "Nghị định số 09/2019/NĐ-CP ngày 24/01/2019 của Chính phủ"
    )
    assert words("581/BNV-CCHC", None) == "Văn bản số 581/BNV-CCHC của Chính phủ"


def test_a_window_names_both_its_days() -> None:
    window = Window(date(2015, 12, 15), date(2016, 3, 14))
    assert span_words(window) == "từ ngày 15/12/2015 đến ngày 14/3/2016"
    assert window_words(window) == "số liệu từ ngày 15/12/2015 đến ngày 14/3/2016"


@pytest.mark.parametrize(
    ("name", "period", "title"),
    [
        ("Báo cáo CCHC quý", "Quý III năm 2016", "Báo cáo CCHC quý III năm 2016"),
        ("Báo cáo CCHC năm", "Năm 2016", "Báo cáo CCHC năm 2016"),
        ("Báo cáo rà soát văn bản", "Năm 2013", "Báo cáo rà soát văn bản – Năm 2013"),
        ("Báo cáo", "6 tháng đầu năm 2016", "Báo cáo – 6 tháng đầu năm 2016"),
        ("Báo cáo CCHC 6 tháng", "6 tháng đầu năm 2016", "Báo cáo CCHC 6 tháng đầu năm 2016"),
        ("Quý", "Quý I năm 2016", "Quý – Quý I năm 2016"),
        ("", "Năm 2016", "Năm 2016"),
        ("", "", ""),
    ],
)
def test_a_title_says_no_word_twice(name: str, period: str, title: str) -> None:
    assert report_title(name, period) == title
