"""Calendars for people's own calendars, and the one that an opening letter carries."""

from datetime import date
from email.message import EmailMessage

import icalendar
import pytest

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.cycle.obligation import Obligation
from kybaocao.rules.cycle.request import Request
from kybaocao.rules.cycle.waiver import Exemption, Waiver
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.post.calendar_file import agency_file, regime_file
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.view.calendar import entries
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, at

AGENCY = "so-tu-phap"
NOW = at("2016-08-23", "07:05")
THIRD = f"{REGIME}/{QUARTERLY}/2016-Q3/{AGENCY}@kybaocao.example"
NAME = f"lich-bao-cao_{REGIME}_{AGENCY}.ics"


def events(data: bytes) -> dict[str, icalendar.Event]:
    return {str(e["uid"]): e for e in icalendar.Calendar.from_ical(data).events}


def of_agency(office: Office) -> dict[str, icalendar.Event]:
    return events(agency_file(office, office.regime(REGIME), AGENCY, NOW))


def granted(kind: Exemption, until: date | None = None, period: str = "2016-Q3") -> Waiver:
    about = (REGIME, QUARTERLY, period, AGENCY)
    return Waiver(kind, *about, until, "bão số 4", "Giám đốc Sở Nội vụ", "operator", NOW)


def test_a_regimes_file_has_every_entry_under_its_own_uid(office: Office) -> None:
    regime = office.regime(REGIME)
    found = list(entries(office.config, regime, date(2016, 7, 1), date(2016, 12, 31)))
    data = regime_file(regime, found, "kybaocao.example")
    assert {uid: e.start for uid, e in events(data).items()} == {
        f"{REGIME}/{QUARTERLY}/2016-Q3@kybaocao.example": date(2016, 9, 14),
        f"{REGIME}/{QUARTERLY}/2016-Q4@kybaocao.example": date(2016, 12, 14),
        f"{REGIME}/{FORWARDED}/2016@kybaocao.example": date(2016, 12, 31),
    }
    text = events(data)[f"{REGIME}/{QUARTERLY}/2016-Q3@kybaocao.example"]["description"]
    for piece in (
        "Hạn: 24 giờ ngày 14/9/2016",
        "số liệu: từ ngày 15/6/2016 đến ngày 14/9/2016",
        "nơi nhận: sở nội vụ",
        "1908/QĐ-UBND, Điều 1, V.1.d: “trước ngày 15 của tháng cuối quý”",
        "- Thời điểm cuối cùng là 24 giờ ngày 14.",
    ):
        assert piece.casefold() in text.casefold()


def test_a_regimes_file_for_one_agency_speaks_of_the_events_that_its_letters_do(
    office: Office,
) -> None:
    regime = office.regime(REGIME)
    found = list(entries(office.config, regime, date(2016, 8, 23), date(2017, 8, 24), AGENCY))
    from_command = events(regime_file(regime, found, "kybaocao.example", AGENCY))
    assert from_command.keys() == of_agency(office).keys()


def test_an_agencys_file_is_the_same_before_and_after_the_period_opens(office: Office) -> None:
    before = of_agency(office)
    assert len(before) == 5
    advance(office, REGIME, QUARTERLY, NOW)
    assert of_agency(office) == before
    assert before[THIRD].start == date(2016, 9, 14)


@pytest.mark.parametrize("is_open", [False, True])
def test_what_was_granted_changes_the_event_and_not_its_uid(office: Office, is_open: bool) -> None:
    if is_open:
        advance(office, REGIME, QUARTERLY, NOW)
    office.ledger.decisions.grant(granted(Exemption.EXTENSION, date(2016, 9, 20)))
    event = of_agency(office)[THIRD]
    assert (event.start, event["sequence"]) == (date(2016, 9, 20), 1)
    assert event["last-modified"].dt == NOW
    assert "bão số 4" in event["description"]
    office.ledger.decisions.grant(granted(Exemption.WAIVER))
    event = of_agency(office)[THIRD]
    assert (event["sequence"], event["status"]) == (2, "CANCELLED")
    assert event["summary"].startswith("Được miễn: ")


def test_a_request_is_in_the_calendar_of_whom_it_asks(office: Office) -> None:
    asked = Request(
        REGIME,
        QUARTERLY,
        2016,
        1,
        "Báo cáo nhanh sau bão",
        "ngan",
        (AGENCY,),
        Window(date(2016, 8, 1), date(2016, 8, 20)),
        date(2016, 8, 22),
        date(2016, 8, 31),
        "bão",
        "Sở Nội vụ",
        "operator",
        NOW,
    )
    known, _ = office.ledger.decisions.ask(asked)
    advance(office, REGIME, QUARTERLY, NOW)
    office.ledger.open([Obligation(known.term, AGENCY, known.term.due)], [], NOW)
    event = of_agency(office)[f"{REGIME}/{QUARTERLY}/2016-R1/{AGENCY}@kybaocao.example"]
    assert event.start == date(2016, 8, 31)
    assert "Báo cáo nhanh sau bão" in event["summary"]


def with_calendars(office: Office) -> Office:
    mail = office.settings.mail.model_copy(update={"attach_calendar": True})
    settings = office.settings.model_copy(update={"mail": mail})
    return Office(**{**office.__dict__, "settings": settings})


def letters(catcher: MailCatcher) -> list[EmailMessage]:
    return [m for m in catcher.messages if m["To"].startswith(f"vanthu@{AGENCY}")]


def test_an_opening_letter_carries_the_agencys_calendar_if_so_set(
    office: Office, catcher: MailCatcher
) -> None:
    wanting = with_calendars(office)
    advance(wanting, REGIME, QUARTERLY, NOW)
    send_letters(wanting, lambda: NOW)
    [letter] = letters(catcher)
    _, calendar = letter.iter_attachments()
    assert (calendar.get_filename(), calendar.get_content_type()) == (NAME, "application/ics")
    assert THIRD in events(calendar.get_content())
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        assert NAME in body.get_content()


def test_a_reminder_carries_no_calendar(office: Office, catcher: MailCatcher) -> None:
    wanting = with_calendars(office)
    advance(wanting, REGIME, QUARTERLY, NOW)
    send_letters(wanting, lambda: NOW)
    later = at("2016-09-12")
    advance(wanting, REGIME, QUARTERLY, later)
    send_letters(wanting, lambda: later)
    _, reminder = letters(catcher)
    assert ".ics" not in reminder.as_string()


def test_unasked_no_calendar_travels(office: Office, catcher: MailCatcher) -> None:
    advance(office, REGIME, QUARTERLY, NOW)
    send_letters(office, lambda: NOW)
    [letter] = letters(catcher)
    assert len(list(letter.iter_attachments())) == 1
    assert ".ics" not in letter.as_string()
