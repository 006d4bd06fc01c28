"""Sending: grouped by recipient, at least once, one Message-ID a letter, faults told apart."""

from collections import Counter
from datetime import timedelta

import pytest

from kybaocao.adapters.ledger import LetterStatus
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.runtime import Office
from kybaocao.settings import MailOptions
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.post.send import HOLD, send_letters
from kybaocao.steps.view.status import overview
from tests.steps.conftest import FORWARDED, QUARTERLY, REGIME, at, killed

NOW = at("2016-08-23", "07:05")


@pytest.fixture(autouse=True)
def opened(office: Office) -> None:
    advance(office, REGIME, QUARTERLY, at("2016-08-23"))


def without_server(office: Office) -> Office:
    """Return the same office with a mail server that is not there."""
    options = office.settings.mail.model_copy(update={"port": 9})
    settings = office.settings.model_copy(update={"mail": options})
    return Office(**{**office.__dict__, "settings": settings})


def test_letters_of_one_kind_to_one_address_travel_in_one_mail(
    office: Office, catcher: MailCatcher
) -> None:
    """Sở Tư pháp owes two reports that open within one December."""
    send_letters(office, lambda: NOW)
    advance(office, REGIME, QUARTERLY, at("2016-12-12"))
    advance(office, REGIME, FORWARDED, at("2016-12-12"))
    send_letters(office, lambda: at("2016-12-12", "07:05"))
    mine = [m for m in catcher.messages if m["To"].startswith("vanthu@so-tu-phap")]
    opening = [m for m in mine if len(list(m.iter_attachments())) == 2]
    assert len(opening) == 1
    text = opening[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Báo cáo cải cách hành chính quý" in text
    assert "Báo cáo rà soát văn bản" in text


def test_a_server_that_is_away_loses_no_letter(office: Office, catcher: MailCatcher) -> None:
    report = send_letters(without_server(office), lambda: NOW)
    assert (report.sent, report.postponed) == (0, 3)
    assert send_letters(office, lambda: NOW).sent == 0, "not before the pause is over"
    assert send_letters(office, lambda: NOW + timedelta(hours=1)).sent == 3
    assert len(catcher.letters) == 3


def test_a_refused_address_stops_only_its_own_letter(office: Office, catcher: MailCatcher) -> None:
    contact = next(c for c in office.ledger.contacts(REGIME) if c.agency == "so-tai-chinh")
    with office.ledger.database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE letters SET address = 'văn thư@x' WHERE address = '{contact.address}'"  # noqa: S608
        )
    report = send_letters(office, lambda: NOW)
    assert (report.sent, report.failed) == (2, 1)
    (failed,) = office.ledger.post.letters(status=LetterStatus.FAILED.value)
    assert failed.error
    assert [e.act for e in office.ledger.events(subject=failed.key)] == ["letter-failed"]


def test_wrong_mail_settings_stop_the_run_and_burn_no_letter(office: Office) -> None:
    wrong = MailOptions(host="127.0.0.1", port=office.settings.mail.port, security="starttls")
    settings = office.settings.model_copy(update={"mail": wrong})
    report = send_letters(Office(**{**office.__dict__, "settings": settings}), lambda: NOW)
    assert report.errors
    assert len(office.ledger.post.letters(status=LetterStatus.QUEUED.value)) == 3


@pytest.mark.parametrize(
    ("when", "call", "count", "repeated"),
    [
        ("after", "claim", 1, 0),
        ("before", "send", 2, 0),
        ("after", "send", 2, 1),
        ("before", "sent", 3, 1),
        ("after", "sent", 3, 0),
    ],
)
def test_sending_killed_in_the_middle_repeats_one_mail_at_most(
    office: Office, catcher: MailCatcher, when: str, call: str, count: int, repeated: int
) -> None:
    """Only a kill between the server's 250 and our record repeats a mail, and only that one."""
    killed(office, "send", NOW, when, call, count)
    assert send_letters(office, lambda: NOW + timedelta(minutes=1)).sent < 3, "claims still hold"
    send_letters(office, lambda: NOW + HOLD)
    carried = Counter(m["Message-ID"] for m in catcher.messages)
    assert set(carried) == {x.message_id for x in office.ledger.post.letters()}
    assert sum(carried.values()) - len(carried) == repeated
    assert len(office.ledger.post.letters(status=LetterStatus.SENT.value)) == 3


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_letter_that_cannot_be_made_keeps_no_other(
    office: Office, catcher: MailCatcher, harm: str
) -> None:
    victim = office.ledger.post.letters()[0]
    attachment = office.archive.path(str(victim.attachment_sha256))
    if harm == "gone":
        attachment.unlink()
    else:
        attachment.write_bytes(b"damaged")
    report = send_letters(office, lambda: NOW)
    assert (report.sent, report.failed) == (2, 1)
    (failed,) = office.ledger.post.letters(status=LetterStatus.FAILED.value)
    assert failed.key == victim.key
    assert any(victim.address in line for line in overview(office, NOW).waiting)


def test_a_reminder_that_waited_is_overtaken_by_a_later_one(
    office: Office, catcher: MailCatcher
) -> None:
    """Nobody gets four reminders of one report in one mail after a week without a mail server."""
    for day in ("2016-08-30", "2016-09-07", "2016-09-12"):
        advance(office, REGIME, QUARTERLY, at(day))
    send_letters(office, lambda: at("2016-09-12", "09:00"))
    mine = [str(m["Subject"]) for m in catcher.messages if "so-tu-phap" in m["To"]]
    assert len(mine) == 2, "the opening and one reminder"


def test_no_reminder_goes_out_after_the_deadline(office: Office, catcher: MailCatcher) -> None:
    send_letters(office, lambda: NOW)
    advance(office, REGIME, QUARTERLY, at("2016-09-14"))
    assert send_letters(office, lambda: at("2016-09-15", "09:00")).sent == 0
