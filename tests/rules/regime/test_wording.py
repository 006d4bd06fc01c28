"""A declaration in words: what a secretary reads must be what the rules do."""

from datetime import date
from typing import Any

import pytest

from kybaocao.rules.cells import phrases
from kybaocao.rules.regime import wording
from kybaocao.rules.regime.duty import Duty, Ladder
from tests.rules.regime_cast import agency, duty, regime

YEARLY = {"every": "year"}
HALVES = {"every": "half-year"}
ONCE = {
    "every": "once",
    "window": None,
    "once": {"year": 2015, "first": "2011-01-01", "last": "2015-11-30"},
}


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"deadline": {"before": 15}}, "trước ngày 15 tháng cuối quý (hết ngày 14)"),
        ({"deadline": {"by": 15}}, "chậm nhất hết ngày 15 tháng cuối quý"),
        ({"deadline": {"by": "end-of-month"}}, "hết ngày cuối cùng của tháng cuối quý"),
        (
            {"deadline": {"by": 5, "months_later": 1}},
            "chậm nhất hết ngày 5 tháng đầu của quý sau",
        ),
        (
            {"deadline": {"before": 10}, "which": [1, 3]},
            "trước ngày 10 tháng 3 và tháng 9 (hết ngày 9)",
        ),
        ({"deadline": {"after_cutoff": 2}}, "hết ngày làm việc thứ 2 sau ngày chốt số liệu"),
        ({"deadline": {"before": 15}, **YEARLY}, "trước ngày 15 tháng 12 (hết ngày 14)"),
        (
            {"deadline": {"by": 20, "months_later": 1}, **YEARLY},
            "chậm nhất hết ngày 20 tháng 1 năm sau",
        ),
        (
            {"deadline": {"by": 20, "month": 6, "year": "previous"}, **YEARLY},
            "chậm nhất hết ngày 20 tháng 6 năm trước",
        ),
        ({"deadline": {"by": "end-of-quarter", "quarter": 4}, **YEARLY}, "hết quý IV"),
        (
            {"deadline": {"by": "end-of-month"}, **HALVES},
            "hết ngày cuối cùng của tháng 6 và tháng 12",
        ),
        (
            {"deadline": {"by": 5, "months_later": 1}, **HALVES},
            "chậm nhất hết ngày 5 tháng 7 và tháng 1 năm sau",
        ),
        (
            {"deadline": {"before": 15}, "every": "month"},
            "trước ngày 15 tháng báo cáo (hết ngày 14)",
        ),
        (
            {"deadline": {"by": 5, "months_later": 1}, "every": "month"},
            "chậm nhất hết ngày 5 tháng sau",
        ),
        ({"deadline": {"by": 20}, **HALVES, "which": [1]}, "chậm nhất hết ngày 20 tháng 6"),
        (
            {"deadline": {"by": "end-of-month", "month": 11}, **ONCE},
            "hết ngày cuối cùng của tháng 11 năm 2015",
        ),
        (
            {"deadline": {"by": "end-of-quarter", "quarter": 1, "year": "next"}, **ONCE},
            "hết quý I năm 2016",
        ),
        (
            {"deadline": {"requested": True}, "every": "request", "window": None},
            "ngày nêu trong từng yêu cầu",
        ),
    ],
)
def test_a_deadline_in_words(declared: dict[str, Any], words: str) -> None:
    owed = duty(**declared)
    assert wording.deadline_words(owed.deadline, owed) == words


def test_each_level_has_its_line_where_deadlines_differ() -> None:
    owed = duty(
        reporters={"levels": ["so", "huyen", "xa"]},
        deadline={"by": 15},
        tiers=[{"levels": ["xa"], "deadline": {"by": 10}}],
    )
    assert wording.deadlines_words(regime(owed), owed) == [
        "Sở, ban, ngành và Ủy ban nhân dân cấp huyện: chậm nhất hết ngày 15 tháng cuối quý",
        "Ủy ban nhân dân cấp xã: chậm nhất hết ngày 10 tháng cuối quý",
    ]


@pytest.mark.parametrize(
    ("declared", "often", "data"),
    [
        ({}, "hằng quý", "từ ngày 15 của tháng trước quý đến ngày 14 của tháng cuối quý"),
        (
            {"which": [1, 3], "window": "calendar"},
            "quý I và quý III hằng năm",
            "từ ngày đầu đến ngày cuối của quý",
        ),
        ({**HALVES, "which": [1]}, "6 tháng đầu năm (hằng năm)", "từ ngày 15/12 năm trước"),
        (HALVES, "6 tháng đầu năm và 6 tháng cuối năm (hằng năm)", "từ ngày 15 của tháng trước kỳ"),
        (
            {"every": "month"},
            "hằng tháng",
            "từ ngày 15 của tháng trước đến ngày 14 của tháng báo cáo",
        ),
        (
            {"every": "month", "which": [2, 10], "window": "calendar"},
            "tháng 02 và tháng 10 hằng năm",
            "từ ngày đầu đến ngày cuối của tháng báo cáo",
        ),
        ({"every": "nine-months"}, "9 tháng đầu năm (hằng năm)", "đến ngày 14/9"),
        (
            {**YEARLY, "window": "calendar", "on_request": True},
            "hằng năm; ngoài ra khi được yêu cầu",
            "từ ngày 01/01 đến ngày 31/12",
        ),
        (
            {**ONCE, "deadline": {"by": 5, "month": 12}},
            "một lần, năm 2015",
            "từ ngày 01/01/2011 đến ngày 30/11/2015",
        ),
        (
            {"every": "request", "window": None, "deadline": {"requested": True}},
            "khi được yêu cầu (đột xuất)",
            "khoảng thời gian nêu trong từng yêu cầu",
        ),
    ],
)
def test_how_often_and_of_which_days(declared: dict[str, Any], often: str, data: str) -> None:
    owed = duty(**declared)
    assert wording.frequency_words(owed) == often
    assert data in wording.window_words(owed)


def test_reporters_are_counted_as_agencies_come_and_go() -> None:
    merged = date(2018, 3, 1)
    agencies = (
        agency("h-1"),
        agency("h-2", until=date(2018, 2, 28)),
        agency("h-3", until=date(2018, 2, 28)),
        agency("h-4", since=merged),
        agency("so-noi-vu", "so"),
        agency("so-khac", "so"),
    )
    owed = duty(reporters={"levels": ["huyen", "so"], "without": ["so-noi-vu"]})
    assert wording.reporters_words(regime(owed, agencies=agencies), owed) == [
        "Sở, ban, ngành (1 đơn vị)",
        "Ủy ban nhân dân cấp huyện (3 đơn vị; từ 01/3/2018: 2 đơn vị)",
        "trừ so-noi-vu",
    ]
    ended = [agency("h", until=date(2018, 2, 28))]
    assert wording.count_words(ended, date(2016, 1, 1), None) == "1 đơn vị; từ 01/3/2018: không còn"
    begun = [agency("x", since=merged)]
    assert wording.count_words(begun, date(2016, 1, 1), None) == "từ 01/3/2018: 1 đơn vị"
    assert wording.count_words([], merged, None) == "0 đơn vị"


def test_the_documents_words_are_quoted_and_a_remark_is_not() -> None:
    assert phrases.quoted("trước ngày 15") == "“trước ngày 15”"
    assert phrases.quoted("(văn bản không nêu ngày)") == "(văn bản không nêu ngày)"
    assert phrases.quoted("định kỳ (không nêu ngày)") == "“định kỳ” (không nêu ngày)"
    assert phrases.said("định kỳ (không nêu ngày)") == "văn bản ghi: “định kỳ”; không nêu ngày"
    assert phrases.said("(văn bản không nêu ngày)") == "văn bản không nêu ngày"


def recipient(owed: Duty, *, with_desk: bool, counties: int = 2) -> str:
    above = [agency(f"h-{n}", desk="p-1" if with_desk else None) for n in range(counties)]
    below = [agency(f"x-{n}", "xa", parent=f"h-{n}") for n in range(counties)]
    agencies = (*above, *below, agency("p-1", "phong"), agency("so-noi-vu", "so"))
    return wording.recipient_words(regime(owed, agencies=agencies), owed)


def test_the_recipient_is_named_or_is_each_ones_superior() -> None:
    up = duty(reporters={"levels": ["xa"]}, recipient="parent")
    superior = "Cơ quan cấp trên trực tiếp của đơn vị báo cáo"
    assert recipient(up, with_desk=False) == superior
    assert recipient(up, with_desk=True) == f"{superior}, qua cơ quan đầu mối của cấp trên"
    assert recipient(up, with_desk=True, counties=1) == "h-0, qua p-1"
    through = duty(recipient="h-0", through="so-noi-vu")
    assert recipient(through, with_desk=False) == "h-0, qua so-noi-vu"


def test_a_ladder_in_words() -> None:
    assert wording.ladder_words(Ladder(before=(1, 5), escalate_after=None, overdue_until=0)) == (
        "nhắc khi còn 5 và 1 ngày làm việc đến hạn; nhắc trong ngày làm việc cuối cùng của hạn"
    )
    silent = Ladder(before=(), last_day=False, escalate_after=None, overdue_until=0)
    assert wording.ladder_words(silent) == "không nhắc"
