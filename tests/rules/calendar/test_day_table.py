"""Tables of days: what they say of a day, and every way in which they can be wrong."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from kybaocao.rules.calendar.day_table import OwnDays, Table, YearTable, calendar_of, table_faults
from kybaocao.rules.calendar.workdays import DayType, WorkCalendar

HOLIDAY, MADE_UP = "holiday", "compensatory"
OFF, WORKED, ORDINARY = "swapped-off", "swapped-worked", "ordinary"
Written = tuple[str, str, str | None]
# Quốc khánh 2018 is a Sunday; Monday 31/12 is off for Saturday 05/01/2019.
YEAR_2018: list[Written] = [
    ("2018-09-02", HOLIDAY, None),
    ("2018-09-03", MADE_UP, "2018-09-02"),
    ("2018-12-31", OFF, "2019-01-05"),
]
YEAR_2019: list[Written] = [
    ("2019-01-01", HOLIDAY, None),
    ("2019-01-05", WORKED, "2018-12-31"),
]
YEAR_2020: list[Written] = [
    ("2020-01-01", HOLIDAY, None),
    ("2020-01-01", HOLIDAY, None),
]


def entries(days: list[Written], **more: str) -> list[dict[str, Any]]:
    return [
        {"day": day, "type": kind, "name": f"{kind} {day}", "instead_of": other} | more
        for day, kind, other in days
    ]


def year(number: int, days: list[Written], provisional: str = "mẫu") -> YearTable:
    tree = {"year": number, "provisional": provisional, "days": entries(days)}
    return YearTable.model_validate(tree)


def own(*days: Written) -> OwnDays:
    return OwnDays.model_validate({"days": entries(list(days), source="Công văn 1")})


def both(**more: Table) -> dict[str, Table]:
    return {"2018": year(2018, YEAR_2018), "2019": year(2019, YEAR_2019)} | more


def calendar(tables: dict[str, Table]) -> WorkCalendar:
    return calendar_of(tables.values(), {}, {})


def faults(tables: dict[str, Table], *unread: str) -> list[str]:
    return [
        f"{name}:{'.'.join(map(str, place))}: {words.removeprefix('instead_of: ')}"
        for name, place, words in table_faults(tables, unread)
    ]


# What they say


def test_each_type_of_day() -> None:
    found = calendar(both())
    assert found.day_type(date(2018, 9, 2)) is DayType.HOLIDAY
    assert found.day_type(date(2018, 9, 3)) is DayType.COMPENSATORY
    assert found.day_type(date(2018, 12, 31)) is DayType.SWAPPED_OFF
    assert found.day_type(date(2019, 1, 5)) is DayType.SWAPPED_WORKED
    assert found.reason_off(date(2018, 9, 3)) == "compensatory 2018-09-03"
    assert found.between(date(2018, 12, 28), date(2019, 1, 5)) == 4
    assert faults(both()) == []


def test_a_year_without_a_table_has_the_days_known_elsewhere_and_may_change() -> None:
    known = {date(2017, 9, 4): "Quốc khánh (nghỉ bù)", date(2018, 9, 4): "nhầm"}
    worked = {date(2017, 9, 9): "Làm bù", date(2018, 9, 8): "nhầm"}
    found = calendar_of(both().values(), known, worked)
    assert found.reason_off(date(2017, 9, 4)) == "Quốc khánh (nghỉ bù)"
    assert found.is_working(date(2017, 9, 9))
    assert found.is_working(date(2018, 9, 4))
    assert not found.is_working(date(2018, 9, 8))
    assert found.provisional(2017)


def test_a_year_that_may_change_says_why_on_one_line() -> None:
    table = year(2018, YEAR_2018, provisional="chưa có\n  thông báo\n")
    assert calendar_of([table], {}, {}).provisional(2018) == "chưa có thông báo"


def test_a_year_with_its_notice_is_settled() -> None:
    notice = {"issuer": "Văn phòng Chính phủ", "source": "Báo", "says": "nghỉ 2 ngày"}
    tree = {"year": 2018, "notices": [notice], "days": entries(YEAR_2018)}
    assert not calendar_of([YearTable.model_validate(tree)], {}, {}).provisional(2018)


def test_a_year_without_notice_or_reason_is_refused() -> None:
    with pytest.raises(ValidationError, match="`notices`, or in `provisional` why"):
        year(2018, YEAR_2018, provisional=" ")


@pytest.mark.parametrize("name", ["an-giang", "mau"])
def test_own_days_replace_those_of_the_year_whatever_the_order(name: str) -> None:
    tables = both(
        **{
            name: own(
                ("2018-09-03", ORDINARY, None),
                ("2018-09-04", MADE_UP, "2018-09-02"),
                ("2018-10-03", HOLIDAY, None),
                ("2018-10-04", OFF, "2018-10-06"),
                ("2018-10-06", WORKED, "2018-10-04"),
            )
        }
    )
    for ordered in (tables, dict(reversed(tables.items()))):
        assert faults(ordered) == []
        found = calendar(ordered)
        assert found.is_working(date(2018, 9, 3))
        assert found.day_type(date(2018, 9, 3)) is DayType.ORDINARY
        assert found.day_type(date(2018, 9, 4)) is DayType.COMPENSATORY
        assert found.reason_off(date(2018, 10, 3)) == "holiday 2018-10-03"
        assert found.is_working(date(2018, 10, 6))


def test_own_days_may_undo_a_swap() -> None:
    tables = both(mau=own(("2018-12-31", ORDINARY, None), ("2019-01-05", ORDINARY, None)))
    assert faults(tables) == []
    assert calendar(tables).is_working(date(2018, 12, 31))
    assert calendar(tables).day_type(date(2019, 1, 5)) is DayType.WEEKEND


# How they can be wrong


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (("2019-10-03", HOLIDAY, None), "3.day: expected a day of 2018"),
        (("2018-09-02", HOLIDAY, None), "3.day: 2018-09-02 exists twice"),
        (
            ("2018-10-03", HOLIDAY, "2018-10-02"),
            "3.instead_of: a day of type holiday stands in for no other",
        ),
        (
            ("2018-10-03", MADE_UP, None),
            "3: instead_of is missing, the holiday day of this compensatory day",
        ),
        (
            ("2018-10-03", OFF, None),
            "3: instead_of is missing, the swapped-worked day of this swapped-off day",
        ),
        (
            ("2018-10-03", OFF, "2018-10-06"),
            "3.instead_of: expected 2018-10-06 to be swapped-worked, found nothing",
        ),
        (
            ("2018-10-06", WORKED, "2018-09-03"),
            "3.instead_of: expected 2018-09-03 to be swapped-off, found compensatory",
        ),
        (
            ("2018-10-03", OFF, "2019-01-05"),
            "3.instead_of: expected 2019-01-05 to name 2018-10-03, found 2018-12-31",
        ),
        (
            ("2018-10-03", MADE_UP, "2018-12-31"),
            "3.instead_of: expected 2018-12-31 to be holiday, found swapped-off",
        ),
        (
            ("2018-10-03", MADE_UP, "2019-01-01"),
            "3.instead_of: expected a holiday on a weekend, which 2019-01-01 is not",
        ),
    ],
)
def test_a_fault_of_a_year_is_named_in_its_place(written: Written, fault: str) -> None:
    tables = both() | {"2018": year(2018, [*YEAR_2018, written])}
    assert f"2018:days.{fault}" in faults(tables)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (
            ("2018-10-03", WORKED, "2018-12-31"),
            "0.day: expected a Saturday or Sunday, since the others are worked anyway",
        ),
        (
            ("2018-10-06", OFF, "2019-01-05"),
            "0.day: expected Monday to Friday, since the others are off anyway",
        ),
        (
            ("2018-10-06", MADE_UP, "2018-09-02"),
            "0.day: expected Monday to Friday, since the others are off anyway",
        ),
    ],
)
def test_a_swap_moves_between_weekday_and_weekend(written: Written, fault: str) -> None:
    assert f"mau:days.{fault}" in faults(both(mau=own(written)))


def test_half_a_swap_undone_is_a_fault_of_the_other_half() -> None:
    tables = both(mau=own(("2019-01-05", ORDINARY, None)))
    assert faults(tables) == [
        "2018:days.2.instead_of: expected 2019-01-05 to be swapped-worked, found ordinary"
    ]


def test_a_table_is_named_after_its_year() -> None:
    assert faults({"2017": year(2018, YEAR_2018[:2])}) == [
        "2017:year: expected 2017, the file's name, found 2018"
    ]


def test_a_year_missing_between_others_is_a_fault() -> None:
    days: list[Written] = [("2021-01-01", HOLIDAY, None)]
    assert faults(both() | {"2021": year(2021, days)}) == [
        "2020:: is missing; the table runs from 2018 to 2021"
    ]


def test_the_same_own_day_in_two_files_is_a_fault() -> None:
    day: Written = ("2018-10-03", HOLIDAY, None)
    assert faults(both(a=own(day), b=own(day))) == [
        "b:days.0.day: 2018-10-03 exists twice, also in a.yaml"
    ]


def test_nothing_is_said_of_what_an_unreadable_file_may_hold() -> None:
    only = {"2018": year(2018, YEAR_2018)}
    assert faults(only, "2019") == []
    assert faults(only, "mau") == []
    assert len(faults(only)) == 1


def test_all_faults_come_at_once() -> None:
    wrong: list[Written] = [
        ("2018-10-01", OFF, None),
        ("2018-10-02", WORKED, None),
        ("2019-10-03", HOLIDAY, None),
    ]
    found = faults({"2018": year(2018, [*YEAR_2018, *wrong]), "2020": year(2020, YEAR_2020)})
    assert [fault.split(": ")[0] for fault in found] == [
        "2018:days.3",
        "2018:days.4.day",
        "2018:days.4",
        "2018:days.5.day",
        "2020:days.1.day",
        "2018:days.2.instead_of",
        "2019:",
    ]
