"""A wish for more time: asked once, answered once, and each side hears of it."""

from datetime import date

import pytest

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.cycle.waiver import WishAnswer
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide.grants import DecisionError, Word, extend, waive
from kybaocao.steps.decide.wishes import decline, open_wishes, wish_for_time
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import Standpoint, standings
from tests.steps.conftest import QUARTERLY, REGIME, at, drop, workbook

NOW = at("2016-09-05")
OWN, ADDRESS = "so-tu-phap", "vanthu@so-tu-phap.quang-nam.example"
UNTIL = date(2016, 9, 20)
WORD = Word("Bão lớn", "Giám đốc Sở Nội vụ", "vanthu@so-noi-vu.quang-nam.example")


@pytest.fixture
def stands(office: Office) -> Standpoint:
    advance(office, REGIME, QUARTERLY, NOW)
    return how(office)


def how(office: Office) -> Standpoint:
    return standings(office, NOW, regime=REGIME, agency=OWN)[0]


def wish(office: Office, stands: Standpoint, reason: str = "Mất điện") -> int:
    return wish_for_time(office, stands, UNTIL, reason, ADDRESS, NOW)[0].id


def letters(catcher: MailCatcher, words: str) -> list[str]:
    found = [m for m in catcher.messages if words in str(m["Subject"])]
    bodies = [m.get_body(("plain",)) for m in found]
    return [body.get_content() for body in bodies if body is not None]


def test_the_secretariat_gets_a_letter_and_nothing_else_changes(
    office: Office, stands: Standpoint, catcher: MailCatcher
) -> None:
    wish(office, stands)
    send_letters(office, lambda: NOW)
    (letter,) = letters(catcher, "đề nghị gia hạn")
    assert "Kính gửi: Sở Nội vụ" in letter
    assert "Sở Tư pháp" in letter
    assert "Đề nghị gia hạn đến hết: thứ Ba, ngày 20/9/2016" in letter
    assert "Lý do: Mất điện" in letter
    assert how(office).owed.due.last_day == date(2016, 9, 14)


def test_more_time_answers_every_wish_for_it(office: Office, stands: Standpoint) -> None:
    for reason in ("Mất điện", "Thiếu người"):
        wish(office, stands, reason)
    extend(office, stands.regime, stands.duty, stands.period, OWN, UNTIL, WORD, NOW)
    assert open_wishes(office, stands.owed.id) == []
    for found in office.ledger.decisions.wishes():
        assert (found.answer, found.answer_reason) == (WishAnswer.GRANTED, WORD.reason)
        assert (found.answered_by, found.answered_at) == (WORD.actor, NOW)
    assert how(office).owed.due.last_day == UNTIL
    assert len(office.ledger.post.letters(kind="granted")) == 1


def test_more_time_for_one_report_answers_no_wish_for_another(
    office: Office, stands: Standpoint
) -> None:
    wish(office, stands)
    of = (stands.regime, stands.duty, stands.period)
    extend(office, *of, "so-tai-chinh", UNTIL, WORD, NOW)
    assert len(open_wishes(office, stands.owed.id)) == 1


def test_a_wish_that_is_declined_is_answered_once(
    office: Office, stands: Standpoint, catcher: MailCatcher
) -> None:
    asked = wish(office, stands)
    decline(office, asked, "Không đủ lý do", WORD.actor, NOW)
    with pytest.raises(DecisionError):
        decline(office, asked, "Lần nữa", WORD.actor, NOW)
    send_letters(office, lambda: NOW)
    (letter,) = letters(catcher, "Không gia hạn, hạn nộp vẫn là 14/9/2016")
    assert "Không gia hạn: Không đủ lý do" in letter
    assert "Kính gửi: Sở Tư pháp" in letter
    (event,) = office.ledger.events(act="answer-wish")
    assert event.actor == WORD.actor
    assert wish(office, stands) == asked
    assert open_wishes(office, stands.owed.id) == []


@pytest.mark.parametrize("number", [0, 99])
def test_a_wish_that_is_not_there_cannot_be_declined(
    office: Office, stands: Standpoint, number: int
) -> None:
    with pytest.raises(DecisionError):
        decline(office, number, "Không", WORD.actor, NOW)


def test_declining_needs_its_reason(office: Office, stands: Standpoint) -> None:
    asked = wish(office, stands)
    with pytest.raises(DecisionError):
        decline(office, asked, " ", WORD.actor, NOW)
    assert len(open_wishes(office, stands.owed.id)) == 1


def test_what_is_settled_needs_no_more_time(office: Office, stands: Standpoint) -> None:
    drop(office, "a.xlsx", workbook(office, OWN))
    collect(office, NOW, NOW)
    with pytest.raises(DecisionError):
        wish(office, how(office))
    regime, duty = stands.regime, stands.duty
    waive(office, regime, duty, stands.period, "so-tai-chinh", None, WORD, NOW)
    (waived,) = standings(office, NOW, regime=REGIME, agency="so-tai-chinh")
    with pytest.raises(DecisionError):
        wish(office, waived)


def test_after_the_deadline_only_days_to_come_can_be_wished_for(
    office: Office, stands: Standpoint
) -> None:
    late = at("2016-09-18")
    with pytest.raises(DecisionError):
        wish_for_time(office, stands, date(2016, 9, 17), "Bão", ADDRESS, late)
    _, is_new = wish_for_time(office, stands, date(2016, 9, 18), "Bão", ADDRESS, late)
    assert is_new
