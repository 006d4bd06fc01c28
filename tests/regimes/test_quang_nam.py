"""Quảng Nam, Quyết định 1908/QĐ-UBND: every term of every duty, and the 69 tasks of its annex.

The days of the golden table were counted from the decision's words and a list of the days off of
2016 to 2020, not by the code under test.
"""

from collections import Counter
from datetime import date

import pytest

from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import DeadlineKind, Task, open_tasks

REGIME = "quang-nam"


# The calendar


def test_two_reports_are_only_asked_for(regime: Regime) -> None:
    asked = [duty.id for duty in regime.duties if duty.deadline.requested]
    assert asked == ["tien-do-nhiem-vu", "ra-soat-tthc"]


def test_every_duty_names_what_its_clause_leaves_open(regime: Regime) -> None:
    """Only V.1.a and V.1.d name a day; every other deadline rests on an assumption of its own."""
    own = {
        "bao-cao-quy": "truoc-ngay-15",
        "bao-cao-nam": "truoc-ngay-15",
        "tien-do-nhiem-vu": "tien-do-theo-yeu-cau",
        "chuong-trinh-cchc": "truoc-ngay-20",
        "hiep-hoi-doanh-nghiep": "hiep-hoi-hang-quy",
        "so-ket-chuong-trinh": "so-ket-hang-nam",
        "ra-soat-tthc": "ra-soat-tthc",
        "tham-tra-du-toan": "du-toan-hang-nam",
    }
    assert {duty.id: own[duty.id] in duty.assumptions for duty in regime.duties} == dict.fromkeys(
        own, True
    )


# The annex


def test_there_are_sixty_nine_tasks(tasks: dict[str, Task]) -> None:
    counts = {2016: 30, 2017: 25, 2018: 7, 2019: 7}
    assert list(tasks) == [f"{y}.{n}" for y, count in counts.items() for n in range(1, count + 1)]


def test_a_tasks_deadline_begins_in_the_year_of_its_list(tasks: dict[str, Task]) -> None:
    for task in tasks.values():
        assert task.when.first_year == int(task.id[:4]), task.id


def test_single_quarters_by_year(tasks: dict[str, Task]) -> None:
    single = [t.deadline for t in tasks.values() if t.when.kind is DeadlineKind.QUARTER]
    assert Counter(single) == {
        "2016-Q2": 4,
        "2016-Q3": 11,
        "2016-Q4": 11,
        "2017-Q1": 9,
        "2017-Q2": 6,
        "2017-Q3": 2,
        "2017-Q4": 3,
        "2018-Q2": 2,
        "2018-Q3": 1,
        "2018-Q4": 1,
        "2019-Q1": 2,
        "2019-Q2": 2,
        "2019-Q4": 2,
    }


def test_other_forms_of_deadline_by_year(tasks: dict[str, Task]) -> None:
    found = {
        t.id: (t.when.kind.value, t.when.last_day)
        for t in tasks.values()
        if t.when.kind is not DeadlineKind.QUARTER
    }
    assert found == {
        "2016.8": ("phase", date(2020, 12, 31)),
        "2016.21": ("quarters", date(2016, 12, 31)),
        "2016.24": ("phase", date(2020, 12, 31)),
        "2016.26": ("from", None),
        "2017.2": ("phase", date(2020, 12, 31)),
        "2017.16": ("from", None),
        "2017.20": ("year", date(2017, 12, 31)),
        "2017.21": ("phase", date(2017, 12, 31)),
        "2017.22": ("stages", None),
        "2018.1": ("phase", date(2019, 12, 31)),
        "2018.4": ("by", date(2018, 9, 30)),
        "2018.6": ("year", date(2018, 12, 31)),
        "2019.5": ("from", None),
    }


def test_what_is_stated_agrees_with_what_follows_from_it(tasks: dict[str, Task]) -> None:
    roman = {"I": 1, "II": 2, "III": 3, "IV": 4}
    for task in tasks.values():
        if task.when.kind is DeadlineKind.QUARTER:
            numeral = task.stated.removeprefix("Quý ").partition("/")[0]
            assert task.deadline == f"{task.id[:4]}-Q{roman[numeral]}", task.id


def test_four_tasks_go_out_to_every_agency(regime: Regime, tasks: dict[str, Task]) -> None:
    shared = [task.id for task in tasks.values() if "*so" in task.lead_codes]
    assert shared == ["2016.10", "2016.23", "2016.24", "2017.14"]
    reporting = [a for a in regime.agencies.values() if a.level != "tinh"]
    assert len(reporting) == 41
    assert all(tasks[task].is_led_by(agency) for task in shared for agency in reporting)


def test_how_many_tasks_each_lead_has(tasks: dict[str, Task]) -> None:
    """Counted in the annex, task by task; the four of everyone come on top."""
    named = Counter(c for t in tasks.values() for c in t.lead_codes if not c.startswith("*"))
    assert named == {
        "so-noi-vu": 27,
        "so-thong-tin-truyen-thong": 17,
        "so-tai-chinh": 4,
        "so-tu-phap": 5,
        "so-ke-hoach-dau-tu": 5,
        "ban-xuc-tien-dau-tu": 3,
        "so-giao-thong-van-tai": 2,
        "so-tai-nguyen-moi-truong": 3,
        "ban-quan-ly-khu-cong-nghiep": 1,
        "ubnd-tam-ky": 2,
        "ubnd-nui-thanh": 1,
        "ubnd-thang-binh": 1,
        "van-phong-ubnd-tinh": 1,
        "so-xay-dung": 2,
        "so-y-te": 4,
        "so-ngoai-vu": 2,
        "so-lao-dong-tbxh": 4,
        "so-nong-nghiep-ptnt": 3,
        "so-giao-duc-dao-tao": 1,
        "so-van-hoa-the-thao-du-lich": 2,
        "so-cong-thuong": 2,
        "ubnd-hoi-an": 1,
        "ubnd-dien-ban": 1,
    }


@pytest.mark.parametrize(
    ("task", "leads", "coordinating"),
    [
        # The cells of these rows stand in another order in the text layer.
        ("2016.18", "so-noi-vu", "*so;*huyen"),
        ("2016.19", "so-noi-vu", "so-noi-vu;*so;*huyen"),
        ("2016.20", "so-thong-tin-truyen-thong", "so-noi-vu;*so;*huyen"),
        ("2016.27", "so-thong-tin-truyen-thong;van-phong-ubnd-tinh", "*so;*huyen"),
        ("2017.20", "so-thong-tin-truyen-thong", "so-noi-vu"),
        ("2018.2", "so-lao-dong-tbxh;so-nong-nghiep-ptnt", "so-noi-vu;so-tu-phap"),
        ("2019.1", "ubnd-tam-ky;ubnd-hoi-an;ubnd-dien-ban", "so-noi-vu;so-thong-tin-truyen-thong"),
    ],
)
def test_leads_and_coordinating_agencies(
    tasks: dict[str, Task], task: str, leads: str, coordinating: str
) -> None:
    assert (tasks[task].leads, tasks[task].coordinating) == (leads, coordinating)


def test_departments_concerned_are_those_that_the_row_names(tasks: dict[str, Task]) -> None:
    assert len(tasks["2016.28"].lead_codes) == 7
    assert len(tasks["2017.24"].lead_codes) == 10
    assert all(code.startswith("so-") for code in tasks["2017.24"].lead_codes)


def test_most_districts_lead_only_what_everyone_leads(regime: Regime) -> None:
    district = regime.agencies["ubnd-tay-giang"]
    open_in = {y: [t.id for t in open_tasks(regime.tasks, district, y, ())] for y in (2016, 2017)}
    assert open_in == {
        2016: ["2016.10", "2016.23", "2016.24"],
        2017: ["2016.10", "2016.23", "2016.24", "2017.14"],
    }
