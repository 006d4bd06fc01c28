"""What was granted for a report: the latest word about it decides, and the words stay."""

from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.obligation import Due
from kybaocao.rules.cycle.waiver import Exemption, Waiver, relief

DUE = Due(date(2016, 9, 14), date(2016, 9, 15))
EXTENSION = Waiver(
    kind=Exemption.EXTENSION,
    regime="quang-nam",
    duty="bao-cao-quy",
    period="2016-Q3",
    agency="so-y-te",
    until=date(2016, 9, 20),
    reason="Mất điện",
    granted_by="Giám đốc Sở Nội vụ",
    actor="operator",
    at=datetime(2016, 9, 13, 9, tzinfo=VIETNAM),
)
WAIVER = replace(EXTENSION, kind=Exemption.WAIVER, until=None)
WITHDRAWAL = replace(EXTENSION, kind=Exemption.WITHDRAWAL, until=None)


def test_without_a_word_the_rule_holds() -> None:
    found = relief("2016-Q3", DUE, [])
    assert (found.due, found.is_waived, found.last) == (DUE, False, None)


def test_an_extension_moves_the_deadline_and_leaves_the_stated_day() -> None:
    found = relief("2016-Q3", DUE, [EXTENSION])
    assert found.due == Due(date(2016, 9, 14), date(2016, 9, 20))
    assert found.last == EXTENSION


def test_a_word_about_another_period_says_nothing() -> None:
    assert relief("2016-Q4", DUE, [EXTENSION, WAIVER]).due == DUE


def test_a_waiver_until_a_day_speaks_of_what_falls_due_till_then() -> None:
    standing = replace(WAIVER, period="", until=date(2016, 12, 31))
    assert relief("2016-Q3", DUE, [standing]).is_waived
    assert relief("2016-Q3", DUE, [replace(standing, until=DUE.last_day)]).is_waived
    assert not relief("2016-Q3", DUE, [replace(standing, until=DUE.stated)]).is_waived
    later = Due(date(2017, 3, 14), date(2017, 3, 14))
    assert not relief("2017-Q1", later, [standing]).is_waived


def test_what_is_withdrawn_without_a_period_leaves_what_was_granted_for_one() -> None:
    """The withdrawn waiver spoke of other reports, or of this one too."""
    back = replace(WITHDRAWAL, period="")
    for until in (date(2016, 6, 30), date(2016, 12, 31)):
        found = relief("2016-Q3", DUE, [EXTENSION, replace(WAIVER, period="", until=until), back])
        assert (found.due.last_day, found.last) == (date(2016, 9, 20), EXTENSION)
    assert relief("2016-Q3", DUE, [back]).due == DUE


def test_a_withdrawal_for_a_period_frees_it_of_what_was_waived_until_a_day() -> None:
    standing = replace(WAIVER, period="", until=date(2016, 12, 31))
    found = relief("2016-Q3", DUE, [standing, WITHDRAWAL])
    assert (found.is_waived, found.words) == (False, (standing, WITHDRAWAL))


@given(st.lists(st.sampled_from([EXTENSION, WAIVER, WITHDRAWAL]), min_size=1))
def test_the_latest_word_decides(words: list[Waiver]) -> None:
    found = relief("2016-Q3", DUE, words)
    assert found.is_waived == (words[-1] == WAIVER)
    assert (found.due == DUE) == (words[-1] != EXTENSION)
    assert (found.last is None) == (words[-1] == WITHDRAWAL)
