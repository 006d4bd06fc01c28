"""Tasks of a decision: the forms that a deadline takes, who leads, and what is still open."""

from datetime import date
from typing import Any

import pytest

from kybaocao.rules.declared.declared import task_faults
from kybaocao.rules.regime.task import Task, deadline_of, open_tasks
from tests.rules.regime_cast import agency, regime

JUSTICE = agency("so-tu-phap", "so")
HEALTH = agency("so-y-te", "so")
DISTRICT = agency("ubnd-tam-ky")


def task(**changes: Any) -> Task:
    given = {
        "id": "2016.1",
        "title": "Đề án",
        "leads": "so-tu-phap",
        "deadline": "2016-Q3",
        "stated": "Quý III",
        "source": "Phụ lục",
    }
    return Task.model_validate(given | changes)


@pytest.mark.parametrize(
    ("words", "kind", "first_year", "last_day"),
    [
        ("2016-Q3", "quarter", 2016, date(2016, 9, 30)),
        ("2016-Q3 + 2016-Q4", "quarters", 2016, date(2016, 12, 31)),
        ("2015-09", "month", 2015, date(2015, 9, 30)),
        ("2016-02", "month", 2016, date(2016, 2, 29)),
        ("2017", "year", 2017, date(2017, 12, 31)),
        ("2016..2020", "phase", 2016, date(2020, 12, 31)),
        ("2017-Q1..2017-Q4", "phase", 2017, date(2017, 12, 31)),
        ("2016..", "from", 2016, None),
        ("2017-Q4..", "from", 2017, None),
        ("..2018-Q3", "by", 2018, date(2018, 9, 30)),
        ("2013-Q1 + 2015-Q4", "quarters", 2013, date(2015, 12, 31)),
        ("2017-Q4 + 2017-Q4..", "stages", 2017, None),
        ("2016-Q3 + 2017", "stages", 2016, date(2017, 12, 31)),
        ("*-12", "yearly", None, None),
        ("*-Q4", "yearly", None, None),
        ("*", "yearly", None, None),
        ("", "none", None, None),
    ],
)
def test_every_form_of_deadline(
    words: str, kind: str, first_year: int | None, last_day: date | None
) -> None:
    found = deadline_of(words)
    assert (found.kind, found.first_year, found.last_day) == (kind, first_year, last_day)


@pytest.mark.parametrize(
    "words",
    [
        "Quý III",
        "2016-Q5",
        "2016-13",
        "2016-9",
        "..",
        "*..2016",
        "..*",
        "2016 +",
        "2016..2017..",
        "16",
    ],
)
def test_other_words_are_no_deadline(words: str) -> None:
    with pytest.raises(ValueError, match="expected a deadline like 2016"):
        deadline_of(words)


@pytest.mark.parametrize("words", ["2018..2016", "2016-Q3..2016-Q1", "2016..2016"])
def test_a_phase_ends_after_it_begins(words: str) -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        deadline_of(words)


@pytest.mark.parametrize(
    ("deadline", "stated", "shown"),
    [
        ("2016-Q3", "Quý III", "Quý III năm 2016"),
        ("2018-Q3", "Quý III/2018", "Quý III/2018"),
        ("2016..2020", "Giai đoạn 2016-2020", "Giai đoạn 2016-2020"),
        ("*-12", "Tháng 12 hàng năm", "Tháng 12 hàng năm"),
        ("", "(không nêu)", "(không nêu)"),
    ],
)
def test_a_deadline_is_shown_with_a_year(deadline: str, stated: str, shown: str) -> None:
    assert task(deadline=deadline, stated=stated).deadline_words == shown


def test_a_level_stands_for_all_its_agencies() -> None:
    everyone = task(leads="*so;*huyen", coordinating="so-tu-phap;so-noi-vu")
    assert everyone.is_led_by(JUSTICE) and everyone.is_led_by(DISTRICT)
    departments = task(leads="*so")
    assert departments.is_led_by(HEALTH) and not departments.is_led_by(DISTRICT)


def test_a_task_is_overdue_once_its_last_day_has_passed() -> None:
    assert not task().is_overdue(date(2016, 9, 30))
    assert task().is_overdue(date(2016, 10, 1))
    assert not task(deadline="2016..").is_overdue(date(2030, 1, 1))


def test_a_task_is_open_from_its_first_year_until_its_lead_has_finished_it() -> None:
    tasks = [
        task(),
        task(id="2016.2", leads="so-y-te"),
        task(id="2017.1", deadline="2017-Q4"),
        task(id="x", deadline=""),
    ]

    def ids(year: int, *finished: str) -> list[str]:
        return [t.id for t in open_tasks(tasks, JUSTICE, year, finished)]

    assert ids(2016) == ["2016.1", "x"]
    assert ids(2017) == ["2016.1", "2017.1", "x"]
    assert ids(2020, "2016.1", "2016.2") == ["2017.1", "x"]


def test_faults_of_a_list_of_tasks_are_all_named() -> None:
    declared = regime(agencies=(JUSTICE, HEALTH, DISTRICT))
    tasks = (
        task(),
        task(leads="so-nha;*so", coordinating="*xa;*lang;so-y-te;so-y-te"),
        task(id="2016.3", leads="", deadline="Quý III", stated=""),
        task(id="2016.4", leads="*so;*huyen", coordinating="so-y-te", deadline="2018..2016"),
    )
    held = declared.holding(declared.agencies, tasks=tasks)
    assert list(task_faults(held.agencies, held.levels, held.tasks)) == [
        (1, "task 2016.1 exists twice"),
        (1, "leads: expected a code of agencies.csv, found 'so-nha'"),
        (1, "coordinating: no agency of agencies.csv is of the level '*xa'"),
        (1, "coordinating: expected a level (*tinh, *so, *huyen, *phong, *xa), found '*lang'"),
        (1, "coordinating: so-y-te is named twice"),
        (2, "leads: expected the agency that leads the task"),
        (
            2,
            "deadline: expected a deadline like 2016, 2016-Q3, 2015-09, 2016..2020, 2016.., "
            "..2018-Q3, *-12 or *, found 'Quý III'",
        ),
        (2, "stated: expected the deadline in the document's words, or that it has none"),
        (3, "deadline: '2018..2016' ends before it begins"),
    ]
