"""Reminders carry what is asked for, go out by hand beside the ladder, and know a giving back."""

from datetime import date

import pytest

from kybaocao.adapters.ledger import Letter, Owed
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.officer import wrong_sum
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance, unscheduled
from kybaocao.steps.cycle.remind import NotRemindedError, remind_now
from kybaocao.steps.decide import triage
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standing_of
from tests.steps.conftest import QUARTERLY, REGIME, Spoil, at, workbook

OPENING, AGENCY = "2016-08-23", "so-tu-phap"


def carry(office: Office, *days: str) -> None:
    for day in days:
        advance(office, REGIME, QUARTERLY, at(day))


def came(office: Office, day: str, spoil: Spoil | None = None) -> None:
    data = workbook(office, AGENCY, spoil=spoil)
    receive(office, Incoming(data, "bc.xlsx", "folder", at(day)), at(day))


def owed(office: Office) -> Owed:
    found = office.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", AGENCY)
    assert found is not None
    return found


def letters(office: Office, kind: Kind) -> list[Letter]:
    return office.ledger.post.letters(agency=AGENCY, kind=kind.value)


def remind(office: Office, when: str, hour: str = "10:00") -> int:
    moment = at(when, hour)
    return remind_now(office, standing_of(office, owed(office), moment), "operator", moment)


def test_a_reminder_after_a_return_carries_the_marked_workbook(
    office: Office, catcher: MailCatcher
) -> None:
    carry(office, OPENING)
    came(office, "2016-09-05", wrong_sum)
    carry(office, "2016-09-07")
    (returned,), (reminder,) = letters(office, Kind.RETURNED), letters(office, Kind.REMINDER)
    assert reminder.attachment_name == returned.attachment_name == "bc_can-sua.xlsx"
    assert reminder.attachment_sha256 == returned.attachment_sha256
    send_letters(office, lambda: at("2016-09-07", "07:05"))
    mails = [m for m in catcher.messages if m["To"].startswith("vanthu@so-tu-phap")]
    body = mails[-1].get_body(("plain",))
    assert body is not None
    assert "Tệp kèm theo thư này là tệp đó" in body.get_content()


def test_a_reminder_by_hand_goes_out_beside_the_ladders_of_the_day(office: Office) -> None:
    carry(office, OPENING, "2016-09-07")
    assert len(letters(office, Kind.REMINDER)) == 1
    assert remind(office, "2016-09-07") == 1
    with pytest.raises(NotRemindedError) as refused:
        remind(office, "2016-09-07", "15:00")
    assert refused.value.told.startswith("Hôm nay thư nhắc về báo cáo này đã được gửi")
    assert remind(office, "2016-09-08") == 1
    assert len({letter.key for letter in letters(office, Kind.REMINDER)}) == 3


def test_a_reminder_by_hand_takes_nothing_from_the_ladder(office: Office) -> None:
    carry(office, OPENING)
    assert remind(office, "2016-09-07", "06:00") == 1
    carry(office, "2016-09-07")
    assert len(letters(office, Kind.REMINDER)) == 2


def test_who_has_sent_is_not_reminded_by_hand(office: Office) -> None:
    carry(office, OPENING)
    came(office, "2016-09-05")
    with pytest.raises(NotRemindedError) as refused:
        remind(office, "2016-09-07")
    assert refused.value.told == "Không gửi thư nhắc: báo cáo đã được nhận."


def test_what_is_given_back_has_a_ladder_of_its_own(office: Office) -> None:
    """Given back on a Friday, a week late: until then it counted, and had come in time."""
    carry(office, OPENING)
    came(office, "2016-09-12")
    carry(office, "2016-09-23")
    triage.give_back(office, owed(office), "Số liệu lệch", "operator", at("2016-09-23", "15:00"))
    assert any(duty.id == QUARTERLY for _, duty in unscheduled(office, at("2016-09-24")))
    days = [f"2016-09-{day}" for day in range(24, 31)] + [
        f"2016-10-{day:02}" for day in range(1, 9)
    ]
    carry(office, *days)
    assert [letter.day for letter in letters(office, Kind.REMINDER)] == [
        date(2016, 9, 28),
        date(2016, 9, 29),
        date(2016, 9, 30),
    ]
    assert [letter.day for letter in letters(office, Kind.OVERDUE)] == [
        date(2016, 10, 4),
        date(2016, 10, 6),
    ]


def test_what_is_given_back_before_its_deadline_keeps_the_deadline(office: Office) -> None:
    carry(office, OPENING)
    came(office, "2016-08-29")
    carry(office, "2016-08-31")
    triage.give_back(office, owed(office), "Số liệu lệch", "operator", at("2016-08-31", "15:00"))
    carry(office, "2016-09-01", "2016-09-03")
    assert letters(office, Kind.REMINDER) == []
    carry(office, "2016-09-07")
    assert [letter.day for letter in letters(office, Kind.REMINDER)] == [date(2016, 9, 7)]
