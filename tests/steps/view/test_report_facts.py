"""What pages say of reports: how much time is left, the order of lists, and a report's story."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from kybaocao.rules.cycle.reminder import KIND_NAMES, Kind
from kybaocao.rules.regime.access import Capacity, Visitor
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.standings import Standpoint, standings, term_of
from kybaocao.steps.view.report_facts import ReportFacts, report_facts, sent_by
from kybaocao.steps.view.report_lists import arranged, collected, coming
from kybaocao.steps.visible import own_reports, report
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, at, workbook
from tests.steps.cycle.test_heirs import end

HEIRS_OFFICER = Visitor(REGIME, "so-noi-vu", "a@so.example", "", Capacity.AGENCY)
OFFICER = Visitor(REGIME, "so-tu-phap", "a@so.example", "", Capacity.AGENCY)


def of_year(office: Office, day: str) -> ReportFacts:
    """Return the yearly report, due at the end of December, as it is on a day."""
    advance(office, REGIME, FORWARDED, at("2017-12-20"))
    found = standings(office, at(day), duty=FORWARDED, period="2017")
    return report_facts(office, found[0], at(day))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2017-12-27", "còn 2 ngày làm việc"),
        ("2017-12-29", "hôm nay là ngày làm việc cuối cùng trước hạn"),
        ("2017-12-30", "không còn ngày làm việc nào trước hạn"),
        ("2017-12-31", "hạn cuối là hôm nay"),
        ("2018-01-01", "đã quá hạn"),
        ("2018-01-02", "quá hạn 1 ngày làm việc"),
    ],
)
def test_time_is_told_in_working_days(office: Office, day: str, told: str) -> None:
    facts = of_year(office, day)
    assert facts.last_day == date(2017, 12, 31), "a Sunday"
    assert facts.days_words == told


def test_a_settled_report_has_no_time_left_or_lost(office: Office) -> None:
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))
    receive(
        office,
        Incoming(workbook(office, "so-tu-phap"), "a.xlsx", "folder", at("2016-09-20")),
        at("2016-09-20"),
    )
    (stands,) = standings(office, at("2016-09-21"), agency="so-tu-phap")
    facts = report_facts(office, stands, at("2016-09-21"))
    assert (facts.days_words, facts.is_late) == ("", False)
    assert facts.last_version is not None
    assert sent_by(facts.last_version) == "thư mục nhận tệp"


def test_a_report_s_own_term_has_the_day_that_holds_for_it(office: Office) -> None:
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))
    (stands,) = standings(office, at("2016-09-01"), agency="so-tu-phap")
    due = replace(stands.owed.due, last_day=date(2016, 9, 30))
    longer = replace(stands, owed=replace(stands.owed, due=due))
    assert term_of(office, longer).for_level(stands.agency.level).due == due


@pytest.fixture
def two_quarters(office: Office) -> Iterator[Office]:
    for day in ("2016-08-23", "2016-11-23"):
        advance(office, REGIME, QUARTERLY, at(day))
    yield office


def ids(found: list[Standpoint]) -> list[str]:
    return [stands.owed.period for stands in found]


def test_awaited_reports_stand_by_deadline_and_settled_ones_the_newest_first(
    two_quarters: Office,
) -> None:
    now = at("2016-12-01")
    found = standings(two_quarters, now, agency="so-tu-phap")
    own = arranged(two_quarters, found[::-1], now)
    assert ids([one.stands for one in own.awaited]) == ["2016-Q3", "2016-Q4"]
    for period in ("2016-Q3", "2016-Q4"):
        data = workbook(two_quarters, "so-tu-phap", period)
        receive(two_quarters, Incoming(data, "a.xlsx", "folder", now), now)
    own = arranged(two_quarters, standings(two_quarters, now, agency="so-tu-phap"), now)
    assert own.awaited == []
    assert ids([one.stands for one in own.settled]) == ["2016-Q4", "2016-Q3"]
    later = at("2017-12-10")
    own = arranged(two_quarters, standings(two_quarters, later, agency="so-tu-phap"), later)
    assert ids([one.stands for one in own.settled]) == ["2016-Q4"]
    assert ids([one.stands for one in own.older]) == ["2016-Q3"]


def test_what_others_send_stands_by_term_with_who_is_missing(two_quarters: Office) -> None:
    now = at("2016-12-01")
    for agency in ("so-tu-phap", "so-tai-chinh", "ubnd-tam-ky"):
        receive(
            two_quarters, Incoming(workbook(two_quarters, agency), "a.xlsx", "folder", now), now
        )
    data = workbook(two_quarters, "so-tu-phap", "2016-Q4")
    receive(two_quarters, Incoming(data, "a.xlsx", "folder", now), now)
    fourth, third = collected(standings(two_quarters, now, duty=QUARTERLY), now.date())
    assert (fourth.counts["accepted"], fourth.counts["total"]) == (1, 3)
    assert [s.agency.code for s in fourth.missing] == ["so-tai-chinh", "ubnd-tam-ky"]
    assert list(fourth.reports[:2]) == fourth.missing
    assert (third.counts["missing"], third.counts["late"]) == (0, 3)
    assert not third.is_old


def test_what_comes_is_what_is_not_open_yet_and_opens_within_ninety_days(
    two_quarters: Office,
) -> None:
    for day, expected in (
        ("2016-11-22", ["2016"]),
        ("2016-11-23", ["2016", "2017-Q1"]),
        # No run has come by yet, though it should be open.
        ("2016-12-20", ["2016", "2017-Q1"]),
    ):
        found = coming(two_quarters, OFFICER, at(day))
        assert ids([one.stands for one in found]) == expected, day


def test_an_heir_sees_what_its_forerunner_owes_and_the_forerunner_no_more(
    office: Office,
) -> None:
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))
    (owed,) = office.ledger.owed(agency="so-tu-phap")
    end(office)
    now = at("2016-09-16")
    assert [s.agency.code for s in own_reports(office, HEIRS_OFFICER, now)] == ["so-tu-phap"]
    assert own_reports(office, OFFICER, now) == []
    assert report(office, OFFICER, owed.id, now) is None


def test_every_letter_has_a_name() -> None:
    assert set(KIND_NAMES) == set(Kind)
