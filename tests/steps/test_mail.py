"""Letters leave once a person lets them, in working hours, and to nobody who does not exist."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kybaocao.adapters.ledger import LetterStatus
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.cycle.mail_cause import MailCause
from kybaocao.rules.regime.contact import Contact
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings, MailOptions
from kybaocao.steps import access
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide.letters import say_go, send_again, undelivered
from kybaocao.steps.mail import mail_words
from kybaocao.steps.post.preview import opening_time, preview
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.post.trial import send_trial
from tests.conftest import OpenOffice
from tests.steps.conftest import GO_LIVE, QUARTERLY, REGIME, at

TUESDAY, SUNDAY = at("2016-08-23", "07:05"), at("2016-08-28", "10:00")


@pytest.fixture
def office(home: Path, catcher: MailCatcher, open_office: OpenOffice) -> Iterator[Office]:
    """A live office whose agencies have addresses that are none of ours to make up."""
    mail = MailOptions(
        host=catcher.host, port=catcher.port, security="none", timeout=60, sender="cchc@tinh.test"
    )
    settings = GivenSettings(home=home, active={REGIME: GO_LIVE}, mail=mail, settle_seconds=0)
    with open_office(settings) as opened:
        contacts = [
            Contact(agency=c.agency, role=c.role, address=f"{c.agency}-{c.role}@tinh.test")
            for c in opened.ledger.contacts(REGIME)
        ]
        opened.ledger.replace_contacts(REGIME, contacts, TUESDAY, "x")
        advance(opened, REGIME, QUARTERLY, at("2016-08-23", "06:00"))
        yield opened


def sent(office: Office, now: datetime) -> int:
    return send_letters(office, lambda: now).sent


def test_nothing_leaves_before_somebody_says_go_and_nothing_is_lost(
    office: Office, catcher: MailCatcher
) -> None:
    assert sent(office, TUESDAY) == 0
    (said,) = mail_words(office, TUESDAY)
    assert "chưa được phép gửi đi: 3 thư đang chờ" in said
    assert f"kybaocao go {REGIME}" in said
    assert say_go(office, office.regime(REGIME), "Phòng Cải cách hành chính", TUESDAY)
    assert not say_go(office, office.regime(REGIME), "x", TUESDAY), "once said it holds"
    assert mail_words(office, TUESDAY) == []
    assert sent(office, TUESDAY) == 3
    assert len(catcher.letters) == 3


def test_a_sign_in_link_leaves_before_go_and_at_any_hour(
    office: Office, catcher: MailCatcher
) -> None:
    contact = office.ledger.contacts(REGIME)[0]
    access.ask_to_sign_in(office, contact.address, SUNDAY)
    assert sent(office, SUNDAY) == 1
    assert catcher.messages[0]["To"] == contact.address


@pytest.mark.parametrize(
    ("when", "leaves"),
    [
        (at("2016-08-23", "06:59"), 0),
        (at("2016-08-23", "07:00"), 3),
        (at("2016-08-23", "17:59"), 3),
        (at("2016-08-23", "18:00"), 0),
        (SUNDAY, 0),
        (at("2016-09-02", "10:00"), 0),
    ],
)
def test_letters_leave_in_working_hours(office: Office, when: datetime, leaves: int) -> None:
    say_go(office, office.regime(REGIME), "x", TUESDAY)
    if not leaves:
        assert "3 thư chờ đến giờ làm việc (07:00-18:00" in mail_words(office, when)[0]
    assert sent(office, when) == leaves


def test_what_a_person_orders_leaves_at_any_hour(office: Office, catcher: MailCatcher) -> None:
    say_go(office, office.regime(REGIME), "x", TUESDAY)
    (first, *_) = office.ledger.post.letters()
    send_again(office, [first], "operator", SUNDAY)
    assert sent(office, SUNDAY) == 1


def test_an_example_address_is_handed_to_no_server(office: Office, catcher: MailCatcher) -> None:
    say_go(office, office.regime(REGIME), "x", TUESDAY)
    with office.ledger.database.writing() as connection:
        connection.exec_driver_sql("UPDATE letters SET address = 'a@so.example' WHERE id = 1")
    assert sent(office, TUESDAY) == 2
    (said,) = mail_words(office, TUESDAY)
    assert "1 thư chưa gửi vì người gửi hoặc người nhận là địa chỉ mẫu" in said
    sender = office.settings.mail.model_copy(update={"sender": "a@kybaocao.example"})
    settings = office.settings.model_copy(update={"mail": sender})
    unnamed = Office(**{**office.__dict__, "settings": settings})
    access.ask_to_sign_in(office, office.ledger.contacts(REGIME)[0].address, TUESDAY)
    assert sent(unnamed, TUESDAY) == 0
    with pytest.raises(Exception, match="địa chỉ mẫu"):
        send_trial(unnamed, "a@tinh.test", TUESDAY)
    assert len(catcher.letters) == 2


def test_a_preview_shows_what_would_leave_when_and_how_it_looks(office: Office) -> None:
    before = office.ledger.post.letters()
    seen = preview(office, office.regime(REGIME), SUNDAY)
    assert "3 thư chờ gửi đến 3 địa chỉ, đi từ 07:00 ngày 29/8/2016" in seen.words[0]
    assert any("Thư nhắc hạn, 3 báo cáo" in line for line in seen.words)
    (sample,) = seen.samples
    assert "Báo cáo cải cách hành chính quý" in sample.page
    assert office.ledger.post.letters() == before
    assert opening_time(office, TUESDAY) == TUESDAY


def test_a_test_letter_goes_by_the_real_settings(office: Office, catcher: MailCatcher) -> None:
    send_trial(office, "toi@tinh.test", TUESDAY)
    (message,) = catcher.messages
    assert (message["To"], message["From"].addresses[0].addr_spec) == (
        "toi@tinh.test",
        "cchc@tinh.test",
    )
    assert office.ledger.post.letters(status=LetterStatus.SENT.value) == []


def test_letters_of_one_cause_are_found_together(office: Office) -> None:
    say_go(office, office.regime(REGIME), "x", TUESDAY)
    mail = office.settings.mail.model_copy(update={"port": 9})
    settings = office.settings.model_copy(update={"mail": mail})
    send_letters(Office(**{**office.__dict__, "settings": settings}), lambda: TUESDAY)
    assert {x.cause for x in undelivered(office)} == {MailCause.AWAY}
