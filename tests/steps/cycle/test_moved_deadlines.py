"""What was opened stands in the ledger: a change of config moves no deadline by itself."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.regime.duty import Deadline
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance, current_terms
from kybaocao.steps.cycle.days import days_ahead
from kybaocao.steps.decide import grants
from kybaocao.steps.post.calendar_file import agency_file
from kybaocao.steps.standings import standings
from kybaocao.steps.view.calendar import entries
from kybaocao.steps.view.moves import Move, moves
from kybaocao.steps.view.status import overview
from kybaocao.steps.view.today import today
from tests.steps.conftest import QUARTERLY, REGIME, at

OPENED, LATER, SOONER = date(2016, 9, 14), date(2016, 9, 16), date(2016, 9, 9)
NOW = at("2016-08-30")
THIRD = {"regime": REGIME, "duty": QUARTERLY, "period": "2016-Q3"}
ALL = ["so-tai-chinh", "so-tu-phap", "ubnd-tam-ky"]


def declare(office: Office, **changes: object) -> None:
    """Change the quarterly duty as an edit of regime.yaml would."""
    regime = office.regime(REGIME)
    duties = tuple(d.model_copy(update=changes) if d.id == QUARTERLY else d for d in regime.duties)
    changed = regime.model_copy(update={"duties": duties})
    office.config.regimes[REGIME] = changed  # type: ignore[index]


@pytest.fixture
def opened(office: Office) -> Iterator[Office]:
    advance(office, REGIME, QUARTERLY, at("2016-08-24"))
    yield office


def found(office: Office) -> list[Move]:
    return list(moves(office, office.regime(REGIME), NOW))


@pytest.mark.parametrize("day", [LATER, SOONER])
def test_every_channel_keeps_the_day_that_was_opened(opened: Office, day: date) -> None:
    declare(opened, deadline=Deadline(by=day.day))
    regime, duty = opened.duty(REGIME, QUARTERLY)
    assert {s.owed.due.last_day for s in standings(opened, NOW, **THIRD)} == {OPENED}
    terms = {term.period.id: term for _, term in current_terms(opened, regime, duty, NOW)}
    assert terms["2016-Q3"].due.last_day == OPENED
    span = (date(2016, 9, 1), date(2016, 9, 30))
    shown = list(entries(opened.config, regime, *span, as_opened=opened.as_opened))
    assert [e.last_day for e in shown if e.period == "2016-Q3"] == [OPENED]
    event = next(
        e
        for e in Calendar.from_ical(agency_file(opened, regime, "so-tu-phap", NOW)).walk("VEVENT")
        if "2016-Q3" in e["uid"]
    )
    assert event.start == OPENED
    ahead = (NOW.date(), date(2016, 12, 1), opened.config.calendar, opened.as_opened)
    days = days_ahead(regime, duty, date(2016, 7, 1), *ahead)
    assert OPENED + timedelta(days=1) in days


def test_what_is_not_open_yet_follows_the_config(opened: Office) -> None:
    declare(opened, deadline=Deadline(by=LATER.day))
    regime = opened.regime(REGIME)
    span = (date(2016, 12, 1), date(2016, 12, 31))
    shown = list(entries(opened.config, regime, *span, as_opened=opened.as_opened))
    assert [e.last_day for e in shown if e.period == "2016-Q4"] == [date(2016, 12, 16)]


def test_a_period_that_is_declared_no_longer_is_carried_to_its_end(opened: Office) -> None:
    declare(opened, which=(1, 2))
    regime, duty = opened.duty(REGIME, QUARTERLY)
    assert "2016-Q3" in {term.period.id for _, term in current_terms(opened, regime, duty, NOW)}
    told = advance(opened, REGIME, QUARTERLY, at("2016-09-13"))
    assert "thư nhắc" in told.summary


def test_the_same_config_moves_nothing(opened: Office) -> None:
    assert found(opened) == []


def test_a_change_is_shown_to_a_person_with_both_days(opened: Office) -> None:
    declare(opened, deadline=Deadline(by=LATER.day))
    (move,) = found(opened)
    assert (move.opened, move.now, move.is_later) == (OPENED, LATER, True)
    assert sorted(s.agency.code for s in move.reports) == ALL
    assert move.words in overview(opened, NOW).waiting
    assert today(opened, opened.regime(REGIME), NOW).moved == (move.words,)
    assert "3 đơn vị: đã mở hết ngày 14/9/2016, nay tính ra hết ngày 16/9/2016" in move.words


def test_a_day_that_would_come_sooner_takes_no_time_away(opened: Office) -> None:
    declare(opened, deadline=Deadline(by=SOONER.day))
    (move,) = found(opened)
    assert not move.is_later
    assert "không rút ngắn" in move.words


def test_once_decided_it_is_told_and_asked_no_more(opened: Office) -> None:
    declare(opened, deadline=Deadline(by=LATER.day))
    regime, duty = opened.duty(REGIME, QUARTERLY)
    (move,) = found(opened)
    word = grants.Word("nghỉ bù", "Giám đốc Sở Nội vụ")
    for stands in move.reports:
        grants.extend(opened, regime, duty, move.period, stands.agency.code, LATER, word, NOW)
    assert found(opened) == []
    assert {s.owed.due.last_day for s in standings(opened, NOW, **THIRD)} == {LATER}
    told = opened.ledger.post.letters(**THIRD, kind=Kind.GRANTED.value)
    assert sorted({letter.agency for letter in told}) == ALL
    event = next(
        e
        for e in Calendar.from_ical(agency_file(opened, regime, "so-tu-phap", NOW)).walk("VEVENT")
        if "2016-Q3" in e["uid"]
    )
    assert (event.start, event["sequence"]) == (LATER, 1)
