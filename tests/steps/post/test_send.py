"""Sending: grouped by recipient, at least once, one Message-ID a letter, faults told apart."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Self

import pytest
from aiosmtpd.controller import Controller

from kybaocao.adapters.ledger import LetterStatus
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.cycle.mail_cause import MailCause
from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.contact import Contact
from kybaocao.runtime import Office
from kybaocao.settings import MailOptions
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide.letters import send_again, undelivered
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


def kills() -> Iterator[tuple[str, str, int, int]]:
    """Yield random moments of sending, as many as `make soak` asks for."""
    chance = random.Random(12)  # noqa: S311
    for _ in range(int(os.environ.get("KYBAOCAO_TEST_KILLS", "0"))):
        when, call = chance.choice(("before", "after")), chance.choice(("send", "sent"))
        is_between = (when, call) in (("after", "send"), ("before", "sent"))
        yield when, call, chance.randint(1, 3), int(is_between)


@pytest.mark.parametrize(
    ("when", "call", "count", "repeated"),
    [
        *kills(),
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


# --- outages, refusals, and what is the server's fault


class Server(Controller):
    """A mail server that answers at RCPT as it is told, and takes what it does not refuse."""

    def __init__(self, replies: dict[str, str], every: str = "") -> None:
        super().__init__(self, hostname="127.0.0.1", port=0)
        self.replies, self.every = replies, every
        self.taken: list[str] = []

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if reply := self.replies.get(address, self.every):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken += envelope.rcpt_tos
        return "250 OK"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def at_port(office: Office, port: int) -> Office:
    options = office.settings.mail.model_copy(update={"port": port})
    settings = office.settings.model_copy(update={"mail": options})
    return Office(**{**office.__dict__, "settings": settings})


def addresses(office: Office) -> list[str]:
    return [letter.address for letter in office.ledger.post.letters()]


def test_a_server_that_is_away_for_a_week_costs_no_letter(
    office: Office, catcher: MailCatcher
) -> None:
    away = without_server(office)
    for hour in range(0, 24 * 7, 2):
        send_letters(away, lambda hour=hour: NOW + timedelta(hours=hour))  # type: ignore[misc]
    waiting = office.ledger.post.letters(status=LetterStatus.QUEUED.value)
    assert [letter.refusals for letter in waiting] == [0, 0, 0]
    assert send_letters(office, lambda: NOW + timedelta(days=7, hours=1)).sent == 3
    assert len(catcher.letters) == 3


@pytest.mark.parametrize(
    "reply", ["554 Relay access denied", "550 5.7.1 Blocked", "550 No such user"]
)
def test_what_is_refused_to_everybody_is_the_servers_fault(office: Office, reply: str) -> None:
    with Server({}, every=reply) as server:
        report = send_letters(at_port(office, server.port), lambda: NOW)
        assert (report.sent, report.failed, report.postponed) == (0, 0, 3)
        server.every = ""
        later = NOW + timedelta(hours=2)
        assert send_letters(at_port(office, server.port), lambda: later).sent == 3
        assert sorted(server.taken) == sorted(addresses(office))


def test_one_address_that_is_not_there_fails_its_own_letter(office: Office) -> None:
    gone = addresses(office)[0]
    with Server({gone: "550 5.1.1 No such user"}) as server:
        report = send_letters(at_port(office, server.port), lambda: NOW)
    assert (report.sent, report.failed, report.trouble) == (2, 1, "")
    (failed,) = office.ledger.post.letters(status=LetterStatus.FAILED.value)
    assert (failed.address, failed.cause) == (gone, MailCause.ADDRESS)
    said = "\n".join(overview(office, NOW).waiting)
    assert gone in said
    assert "không có địa chỉ nhận" in said


def test_a_letter_put_off_is_given_up_after_five_days_and_not_before(office: Office) -> None:
    """RFC 5321, 4.5.4.1: at least four or five days."""
    busy, now = addresses(office)[0], NOW
    with Server({busy: "451 4.7.1 Greylisted"}) as server:
        here = at_port(office, server.port)
        while not send_letters(here, lambda now=now: now).failed:  # type: ignore[misc]
            now += timedelta(minutes=40)
            assert now < NOW + timedelta(days=8)
    assert now - NOW > timedelta(days=5)


def test_trouble_is_told_in_words_since_when_and_once(office: Office, catcher: MailCatcher) -> None:
    away = without_server(office)
    for minutes in (0, 90, 300):
        report = send_letters(away, lambda m=minutes: NOW + timedelta(minutes=m))  # type: ignore[misc]
        assert "máy chủ thư không trả lời" in report.trouble
    (said,) = overview(away, NOW).mail
    for words in ("127.0.0.1:9", "máy chủ thư không trả lời", "07:05", "3 thư đang chờ"):
        assert words in said
    assert len(office.ledger.events(act="mail-trouble")) == 1
    send_letters(office, lambda: NOW + timedelta(hours=9))
    assert overview(office, NOW).mail == ()
    assert len(office.ledger.events(act="mail-works")) == 1


def test_one_letter_that_breaks_the_connection_keeps_no_other(office: Office) -> None:
    poison = addresses(office)[0]
    with Server({poison: "421 Dropped"}) as server:
        report = send_letters(at_port(office, server.port), lambda: NOW)
    assert (report.sent, report.postponed) == (2, 1)


# --- sending again


def test_a_letter_given_up_goes_again_to_where_its_agencys_letters_go_now(
    office: Office, catcher: MailCatcher
) -> None:
    gone = addresses(office)[0]
    with Server({gone: "550 5.1.1 No such user"}) as server:
        send_letters(at_port(office, server.port), lambda: NOW)
    (failed,) = undelivered(office)
    contact = Contact(agency=failed.recipient, role=failed.role, address="moi@so.example")
    office.ledger.replace_contacts(REGIME, [contact], NOW, "x", [failed.recipient])
    assert send_again(office, [failed], "operator", NOW)[0] == 1
    assert send_letters(office, lambda: NOW).sent == 1
    (message,) = catcher.messages
    assert message["To"] == "moi@so.example"


def test_a_letter_that_went_out_never_goes_again(office: Office, catcher: MailCatcher) -> None:
    send_letters(office, lambda: NOW)
    with pytest.raises(RefusedError, match="again") as refused:
        send_again(office, office.ledger.post.letters(), "operator", NOW)
    assert "đã gửi rồi" in refused.value.told
    assert send_letters(office, lambda: NOW + timedelta(days=1)).sent == 0
    assert len(catcher.letters) == 3


def test_a_letter_that_waits_for_another_try_need_not_wait(
    office: Office, catcher: MailCatcher
) -> None:
    send_letters(without_server(office), lambda: NOW)
    assert send_letters(office, lambda: NOW).sent == 0
    assert send_again(office, undelivered(office), "operator", NOW)[0] == 3
    assert send_letters(office, lambda: NOW).sent == 3
