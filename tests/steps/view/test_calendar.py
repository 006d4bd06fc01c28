"""The calendar's entries: one for each deadline, with all that it rests on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kybaocao.adapters.regime_files import Config, load
from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.view.calendar import CalendarEntry, entries
from tests.rules.regime_cast import agency, duty, regime
from tests.steps.conftest import SMALL

YEAR = date(2016, 1, 1), date(2016, 12, 31)
TIERED: dict[str, Any] = {
    "id": "hai-cap",
    "form": "ngan",
    "reporters": {"levels": ["huyen", "xa"]},
    "recipient": "parent",
    "deadline": {"by": 15},
    "tiers": [{"levels": ["xa"], "deadline": {"by": 10}}],
}
AGENCIES = (
    agency("so-noi-vu", "so"),
    agency("h-1", parent="so-noi-vu"),
    agency("h-2", parent="so-noi-vu"),
    agency("x-1", "xa", parent="h-1", until=date(2016, 6, 30)),
    agency("x-2", "xa", parent="h-2"),
)


@pytest.fixture(scope="module")
def config() -> Config:
    """The small forms, and the weekends alone as days off, settled for 2016."""
    return replace(load(SMALL / "config"), calendar=WorkCalendar({}, {}, years={2016: ""}))


def found(config: Config, declared: Regime, code: str = "") -> list[CalendarEntry]:
    return list(entries(config, declared, *YEAR, code))


def test_each_level_has_its_own_entry_where_deadlines_differ(config: Config) -> None:
    declared = regime(duty(**TIERED), agencies=AGENCIES)
    shown = [
        (e.period, e.tier, e.last_day.isoformat(), e.agencies) for e in found(config, declared)
    ]
    assert shown[2:6] == [
        ("2016-Q2", "", "2016-06-15", 2),
        ("2016-Q2", "xa", "2016-06-10", 2),
        ("2016-Q3", "", "2016-09-15", 2),
        ("2016-Q3", "xa", "2016-09-10", 1),
    ]


def test_an_early_level_is_due_although_the_late_one_is_not_yet(config: Config) -> None:
    declared = regime(duty(**TIERED), agencies=AGENCIES)
    early = entries(config, declared, date(2016, 9, 1), date(2016, 9, 12))
    assert [(e.tier, e.who) for e in early] == [("xa", "x-2")]


def test_an_agencys_calendar_holds_what_it_owes_and_names_its_superior(config: Config) -> None:
    declared = regime(duty(**TIERED), agencies=AGENCIES)
    mine = found(config, declared, "x-1")
    assert [(e.period, e.recipient, e.agencies) for e in mine] == [
        ("2016-Q1", "h-1", 1),
        ("2016-Q2", "h-1", 1),
    ]
    with pytest.raises(KyBaoCaoError, match="no agency 'x-9' in mau"):
        found(config, declared, "x-9")


@pytest.mark.parametrize(
    ("rule", "last_day", "is_moved"),
    [
        ("none", "2016-09-10", False),
        ("next-working-day", "2016-09-12", True),
        ("previous-working-day", "2016-09-09", True),
    ],
)
def test_a_deadline_on_a_day_off_says_where_it_went(
    config: Config, rule: str, last_day: str, is_moved: bool
) -> None:
    owed = duty(form="ngan", which=[3], deadline={"by": 10})
    days_off = {"rule": rule, "source": "Điều 2"}
    declared = regime(owed, agencies=AGENCIES, days_off=days_off)
    [entry] = found(config, declared)
    assert (entry.last_day.isoformat(), entry.is_moved) == (last_day, is_moved)
    assert (entry.stated_day, entry.stated_day_off) == (date(2016, 9, 10), "Thứ Bảy")
    assert entry.day_off == ("" if is_moved else "Thứ Bảy")
    assert entry.last_working_day == (
        date(2016, 9, 12) if rule == "next-working-day" else date(2016, 9, 9)
    )
    assert entry.rests_on_days_off == (rule != "none")


def test_a_year_that_is_not_settled_is_marked(config: Config) -> None:
    declared = regime(duty(form="ngan", deadline={"after_cutoff": 2}), agencies=AGENCIES)
    days = date(2016, 12, 1), date(2017, 4, 30)
    settled, open_year = entries(config, declared, *days)
    assert (settled.provisional, settled.rests_on_days_off) == ("", True)
    assert "Chưa có bảng ngày nghỉ" in open_year.provisional


def test_json_has_days_and_the_due_instant_in_iso(config: Config) -> None:
    declared = regime(duty(**TIERED), agencies=AGENCIES)
    shown = found(config, declared)[0].as_json()
    assert (shown["due"], shown["stated_day"]) == ("2016-03-16T00:00:00+07:00", "2016-03-15")
