"""Letters against real SMTP servers, good ones and faulty ones."""

import contextlib
import datetime as dt
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from kybaocao.adapters.mailer import (
    AddressMailError,
    Attachment,
    Mail,
    MailConfigError,
    Mailer,
    MailOutageError,
    MailPolicyError,
    MailSettings,
    PermanentMailError,
    TransientMailError,
    compose,
)
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.cycle.reminder import message_id
from tests.support import need_program

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
SETTINGS = MailSettings(
    host="127.0.0.1",
    port=25,
    sender="cchc@quangnam.example",
    sender_name="Sở Nội vụ tỉnh Quảng Nam",
    security="none",
    timeout=60,
)
MAIL = Mail(
    message_id=message_id("quang-nam/bao-cao-quy/2016-Q3/so-tu-phap/reminder", "quangnam.example"),
    to="dau-moi@stp.example",
    subject="[CCHC] Còn 2 ngày làm việc: Báo cáo CCHC quý – Quý III năm 2016 (hạn 14/9/2016)",
    text="Kính gửi: Sở Tư pháp\n.\nFrom nay đến hạn còn 2 ngày.\n",
    html="<p>Kính gửi: <b>Sở Tư pháp</b></p>",
    date=dt.datetime(2016, 9, 12, 7, 0, tzinfo=VIETNAM),
)


@dataclass
class Handler:
    """A server's conduct: replies to give in place of its own, and what it was handed."""

    rcpt: dict[str, str] = field(default_factory=dict)
    mail_replies: list[str] = field(default_factory=list)
    data: str = "250 OK"
    taken: list[bytes] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if server not in self.connections:
            self.connections.append(server)
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = self.mail_replies.pop(0) if self.mail_replies else "250 OK"
        if reply.startswith("250"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = self.rcpt.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.original_content)
        return self.data

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for content in self.taken]


class Server(Controller):
    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()


@contextlib.contextmanager
def serving(handler: Handler, **options: Any) -> Iterator[MailSettings]:
    server = Server(handler, hostname="127.0.0.1", port=0, **options)
    server.start()
    try:
        yield replace(SETTINGS, port=server.port)
    finally:
        server.stop()


@contextlib.contextmanager
def raw_server(*scripts: list[tuple[bytes, bytes]]) -> Iterator[tuple[MailSettings, list[bytes]]]:
    """Serve one connection per script, a list of (what to wait for, what to say then).

    Waiting for nothing speaks at once; saying nothing hangs up. All that was heard is kept,
    one entry per connection; a connection beyond the scripts is heard and hung up on.
    """
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def converse(connection: socket.socket, script: list[tuple[bytes, bytes]]) -> None:
        for awaited, answer in script:
            said = b""
            while awaited not in said:
                received = connection.recv(65536)
                if not received:
                    return
                said += received
                heard[-1] += received
            if not answer:
                return
            connection.sendall(answer)

    def serve() -> None:
        remaining = list(scripts)
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            heard.append(b"")
            with connection, contextlib.suppress(OSError):
                converse(connection, remaining.pop(0) if remaining else [])

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield replace(SETTINGS, port=listener.getsockname()[1]), heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


UP_TO_DATA = [
    (b"", b"220 here\r\n"),
    (b"\r\n", b"250 here\r\n"),  # EHLO
    (b"\r\n", b"250 OK\r\n"),  # MAIL
    (b"\r\n", b"250 OK\r\n"),  # RCPT
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


# --- a letter arrives as it was written


def test_a_letter_arrives_whole() -> None:
    handler = Handler()
    files = (
        Attachment(
            "Báo cáo quý III – Sở Tư pháp (đã đánh dấu).xlsx", b"PK\x03\x04" + bytes(40_000)
        ),
        Attachment("x.unknown", b"\x00\xff\r\n.\r\n"),
    )
    with serving(handler) as settings, Mailer(settings) as mailer:
        assert mailer.send(replace(MAIL, attachments=files)) is None  # type: ignore[func-returns-value]
    [letter] = handler.letters
    assert letter["Subject"] == MAIL.subject
    assert letter["To"] == "dau-moi@stp.example"
    assert letter["From"].addresses[0].display_name == "Sở Nội vụ tỉnh Quảng Nam"
    assert letter["From"].addresses[0].addr_spec == "cchc@quangnam.example"
    assert letter["Date"].datetime == MAIL.date
    assert letter["Message-ID"] == MAIL.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Bcc" not in letter
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html is not None
    assert html.get_content().strip() == MAIL.html
    got = [(a.get_filename(), a.get_content()) for a in letter.iter_attachments()]
    assert got == [(f.name, f.data) for f in files]
    types = [a.get_content_type() for a in letter.iter_attachments()]
    assert types[0] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert types[1] == "application/octet-stream"


SAMPLE = '[CCHC] Báo cáo kết quả chính (hạn 14/9/2016) – a,b; "x" <b> &amp; ? \\ Nguyễn-Thị'
WORDS = st.lists(
    st.sampled_from([*SAMPLE.split(), "=?utf-8?q?x?=", "x" * 90, "ế" * 60]), min_size=1, max_size=25
).map(" ".join)


@given(subject=WORDS, name=WORDS)
def test_any_vietnamese_subject_and_file_name_survives(subject: str, name: str) -> None:
    name = name.replace("/", "-").replace("\\", "-").replace("=?", "=")
    file = Attachment(name + ".pdf", b"%PDF")
    content = compose(replace(MAIL, subject=subject, attachments=(file,)), SETTINGS)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    letter = message_from_bytes(content, policy=policy.default)
    assert letter["Subject"] == subject
    assert [a.get_filename() for a in letter.iter_attachments()] == [file.name]


def test_a_long_header_folds_between_words() -> None:
    subject = "[CCHC] Trả lại để sửa: Báo cáo cải cách hành chính quý III năm 2016 (hạn 14/9/2016)"
    content = compose(replace(MAIL, subject=subject), replace(SETTINGS, sender_name=subject))
    head = content.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    letter = message_from_bytes(content, policy=policy.compat32)
    for header in ("Subject", "From"):
        lines = letter[header].partition(" <")[0].strip().split("\n")
        words = [decode_header(line.strip())[0][0].decode() for line in lines]
        assert len(words) > 1
        assert all(word.endswith(" ") for word in words[:-1])
        assert "".join(words).strip() == subject


def test_two_letters_of_one_subject_have_two_message_ids() -> None:
    keys = "quang-nam/bao-cao-quy/2016-Q3/so-tu-phap", "quang-nam/bao-cao-quy/2016-Q3/so-y-te"
    handler = Handler()
    with serving(handler) as settings, Mailer(settings) as mailer:
        for key in keys:
            mailer.send(replace(MAIL, message_id=message_id(key, "quangnam.example")))
    first, second = handler.letters
    assert first["Subject"] == second["Subject"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Message-ID"] == message_id(keys[0], "quangnam.example")


def test_text_that_names_a_file_is_only_text(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mat khau")
    handler = Handler()
    with serving(handler) as settings, Mailer(settings) as mailer:
        mailer.send(replace(MAIL, text=str(secret), html=str(secret)))
    [letter] = handler.letters
    assert list(letter.iter_attachments()) == []
    assert [p.get_content().strip() for p in letter.walk() if not p.is_multipart()] == [
        str(secret),
        str(secret),
    ]


def test_a_folder_in_an_attachments_name_is_flattened() -> None:
    file = Attachment("../bao\r\ncao.xlsx", b"PK")
    letter = message_from_bytes(
        compose(replace(MAIL, attachments=(file,)), SETTINGS), policy=policy.default
    )
    [attachment] = letter.iter_attachments()
    assert isinstance(attachment, EmailMessage)
    assert attachment.get_filename() == ".._bao__cao.xlsx"


@pytest.mark.parametrize(
    "letter",
    [
        replace(MAIL, subject="Báo cáo\r\nBcc: ai@khac.example"),
        replace(MAIL, subject="Bao cao\nBcc: ai@khac.example"),
        replace(MAIL, to="a@b.example\r\nBcc: ai@khac.example"),
        replace(MAIL, to="a@b.example, ai@khac.example"),
        replace(MAIL, to="đầu-mối@stp.example"),
        replace(MAIL, to="stp.example"),
        replace(MAIL, to="a..b@stp.example"),
        replace(MAIL, message_id="<a@b>\r\nBcc: ai@khac.example"),
        replace(MAIL, date=dt.datetime(2016, 9, 12, 7, 0)),
        replace(MAIL, text="\ud800"),
    ],
)
def test_what_cannot_be_a_letter_is_refused_before_the_server_hears_of_it(letter: Mail) -> None:
    handler = Handler()
    with serving(handler) as settings, Mailer(settings) as mailer:
        with pytest.raises(PermanentMailError):
            mailer.send(letter)
        assert handler.connections == []


# --- one connection for many letters


def test_letters_share_a_connection() -> None:
    handler = Handler()
    with serving(handler) as settings, Mailer(settings) as mailer:
        for _ in range(5):
            mailer.send(MAIL)
    assert len(handler.taken) == 5
    assert len(handler.connections) == 1


def test_a_connection_closed_between_letters_is_opened_again() -> None:
    handler = Handler()
    with serving(handler) as settings, Mailer(settings) as mailer:
        mailer.send(MAIL)
        first = handler.connections[0]
        first.loop.call_soon_threadsafe(first.transport.abort)
        mailer.send(MAIL)
    assert len(handler.taken) == 2
    assert len(handler.connections) == 2


def test_a_server_that_wants_a_new_connection_gets_one() -> None:
    handler = Handler(mail_replies=["250 OK", "421 Enough letters on this connection"])
    with serving(handler) as settings, Mailer(settings) as mailer:
        mailer.send(MAIL)
        mailer.send(MAIL)
    assert len(handler.taken) == 2
    assert len(handler.connections) == 2


def test_one_bad_address_spoils_no_other_letter() -> None:
    handler = Handler(rcpt={"nobody@stp.example": "550 5.1.1 No such user"})
    with serving(handler) as settings, Mailer(settings) as mailer:
        mailer.send(MAIL)
        with pytest.raises(PermanentMailError) as refused:
            mailer.send(replace(MAIL, to="nobody@stp.example"))
        mailer.send(MAIL)
    assert refused.value.code == 550
    assert refused.value.reply == "5.1.1 No such user"
    assert "nobody@stp.example" in str(refused.value)
    assert len(handler.taken) == 2


# --- refusals: now, for ever, or for everyone


@pytest.mark.parametrize(
    ("handler", "kind", "code"),
    [
        (Handler(rcpt={MAIL.to: "451 4.7.1 Greylisted"}), TransientMailError, 451),
        (Handler(rcpt={MAIL.to: "421 4.3.2 Shutting down"}), MailOutageError, 421),
        (Handler(rcpt={MAIL.to: "550 5.1.1 No such user"}), AddressMailError, 550),
        (Handler(rcpt={MAIL.to: "530 5.7.0 Log in first"}), MailConfigError, 530),
        (Handler(rcpt={MAIL.to: "550 User unknown"}), AddressMailError, 550),
        (Handler(rcpt={MAIL.to: "553 5.1.3 Bad address"}), AddressMailError, 553),
        (Handler(rcpt={MAIL.to: "550 5.2.1 Mailbox disabled"}), AddressMailError, 550),
        (Handler(rcpt={MAIL.to: "550 5.1.8 Sender is no good"}), MailPolicyError, 550),
        (Handler(rcpt={MAIL.to: "550 5.7.1 Relaying denied"}), MailPolicyError, 550),
        (Handler(rcpt={MAIL.to: "554 Relay access denied"}), MailPolicyError, 554),
        (Handler(rcpt={MAIL.to: "552 Too many recipients"}), TransientMailError, 552),
        (Handler(data="452 4.3.1 Disk full"), TransientMailError, 452),
        (Handler(data="554 5.7.1 Blocked by rule"), MailPolicyError, 554),
        (Handler(data="554 5.6.0 Looks like spam"), PermanentMailError, 554),
        (Handler(mail_replies=["451 4.3.0 Later"]), MailOutageError, 451),
        (Handler(mail_replies=["421 4.3.2 Busy"]), MailOutageError, 421),
        (Handler(mail_replies=["550 5.7.1 Not your address"]), MailConfigError, 550),
        (Handler(mail_replies=["552 5.3.4 Too big"]), PermanentMailError, 552),
    ],
)
def test_a_refusal_is_of_its_kind(handler: Handler, kind: type[Exception], code: int) -> None:
    with (
        serving(handler) as settings,
        Mailer(settings) as mailer,
        pytest.raises(kind) as refused,
    ):
        mailer.send(MAIL)
    assert refused.value.code == code  # type: ignore[attr-defined]
    assert len(handler.taken) <= 1


@pytest.mark.parametrize(
    ("greeting", "kind"),
    [
        (b"421 4.3.2 Too busy\r\n", TransientMailError),
        (b"554 5.7.1 Not from your network\r\n", MailConfigError),
        (b"HTTP/1.1 400 Bad Request\r\n", MailConfigError),
    ],
)
def test_a_greeting_may_refuse(greeting: bytes, kind: type[Exception]) -> None:
    with (
        raw_server([(b"", greeting)]) as (settings, _),
        Mailer(settings) as mailer,
        pytest.raises(kind),
    ):
        mailer.send(MAIL)


# --- connections that fail


def test_nobody_listens() -> None:
    with Mailer(replace(SETTINGS, port=free_port())) as mailer, pytest.raises(TransientMailError):
        mailer.send(MAIL)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 70 + ".example"])
def test_a_faulty_host_name_is_a_matter_of_settings(host: str) -> None:
    # Without any name server the system says "try again" in place of "no such name".
    with (
        Mailer(replace(SETTINGS, host=host)) as mailer,
        pytest.raises((MailConfigError, TransientMailError), match="the name of"),
    ):
        mailer.send(MAIL)


def test_a_silent_server_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = replace(SETTINGS, port=listener.getsockname()[1], timeout=0.2)
        with Mailer(settings) as mailer, pytest.raises(TransientMailError):
            mailer.send(MAIL)


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_server_that_says_a_byte_now_and_then_meets_the_limit_of_the_whole(
    security: Literal["none", "tls"], certificate: "Certificate"
) -> None:
    """Each wait is short enough, and there is no end of them."""
    talking = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with contextlib.suppress(OSError), connection:
                if security == "tls":
                    connection = certificate.context.wrap_socket(connection, server_side=True)
                while not talking.wait(0.05):
                    connection.sendall(b"2")

        thread = threading.Thread(target=drip)
        thread.start()
        port = listener.getsockname()[1]
        settings = replace(
            SETTINGS, port=port, timeout=0.3, security=security, ca_file=certificate.file
        )
        began = time.monotonic()
        with Mailer(settings) as mailer, pytest.raises(MailOutageError, match="not done"):
            mailer.send(MAIL)
        took = time.monotonic() - began
        talking.set()
        thread.join()
    assert settings.longest <= took < 10 * settings.longest


def test_silence_after_the_letter_is_transient_and_tried_once() -> None:
    script = [*UP_TO_DATA, (b"\r\n", b"354 Go\r\n"), (b"\r\n.\r\n", b"250-wait"), (b"never", b"")]
    with raw_server(script) as (settings, heard):
        with (
            Mailer(replace(settings, timeout=2)) as mailer,
            pytest.raises(TransientMailError),
        ):
            mailer.send(MAIL)
        assert b"".join(heard).count(b"\r\n.\r\n") == 1


def test_a_drop_after_the_letter_before_the_answer_is_tried_once() -> None:
    script = [*UP_TO_DATA, (b"\r\n", b"354 Go\r\n"), (b"\r\n.\r\n", b"")]
    with raw_server(script, script) as (settings, heard):
        with Mailer(settings) as mailer, pytest.raises(TransientMailError):
            mailer.send(MAIL)
        assert len(heard) == 1
        assert b"".join(heard).count(b"\r\n.\r\n") == 1


def test_a_drop_in_the_middle_of_the_letter_is_tried_once() -> None:
    script = [*UP_TO_DATA, (b"\r\n", b"354 Go\r\n"), (b"Subject", b"")]
    big = replace(MAIL, attachments=(Attachment("lon.zip", bytes(8_000_000)),))
    with raw_server(script, script) as (settings, heard):
        with Mailer(settings) as mailer, pytest.raises(TransientMailError):
            mailer.send(big)
        assert len(heard) == 1


def test_after_a_drop_the_next_letter_goes_out_on_a_new_connection() -> None:
    broken = [*UP_TO_DATA, (b"\r\n", b"")]
    whole = [
        *UP_TO_DATA,
        (b"\r\n", b"354 Go\r\n"),
        (b"\r\n.\r\n", b"250 Taken\r\n"),
        (b"\r\n", b"221 Bye\r\n"),
    ]
    with raw_server(broken, whole) as (settings, heard):
        with Mailer(settings) as mailer:
            with pytest.raises(TransientMailError):
                mailer.send(MAIL)
            mailer.send(MAIL)
        assert len(heard) == 2


# --- TLS and login


@dataclass(frozen=True)
class Certificate:
    file: Path
    key: Path

    @property
    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    command = f"req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {made.key} -out {made.file}"
    name = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [need_program("openssl"), *command.split(), *name.split()], check=True, capture_output=True
    )
    return made


def test_starttls_refuses_a_certificate_that_nobody_vouches_for(certificate: Certificate) -> None:
    handler = Handler()
    with serving(handler, tls_context=certificate.context) as settings:
        strict = replace(settings, security="starttls")
        with Mailer(strict) as mailer, pytest.raises(MailConfigError, match="certificate"):
            mailer.send(MAIL)
        assert handler.taken == []
        with Mailer(replace(strict, ca_file=certificate.file)) as mailer:
            mailer.send(MAIL)
            mailer.send(MAIL)
    assert len(handler.taken) == 2


def test_tls_refuses_a_certificate_that_nobody_vouches_for(certificate: Certificate) -> None:
    handler = Handler()
    with serving(handler, ssl_context=certificate.context) as settings:
        strict = replace(settings, security="tls")
        with Mailer(strict) as mailer, pytest.raises(MailConfigError, match="certificate"):
            mailer.send(MAIL)
        assert handler.taken == []
        with Mailer(replace(strict, ca_file=certificate.file)) as mailer:
            mailer.send(MAIL)
    assert len(handler.taken) == 1


def test_a_certificate_for_another_name_is_refused(certificate: Certificate) -> None:
    handler = Handler()
    with serving(handler, tls_context=certificate.context) as settings:
        other = replace(settings, host="localhost", security="starttls", ca_file=certificate.file)
        with Mailer(other) as mailer, pytest.raises(MailConfigError, match="localhost"):
            mailer.send(MAIL)
    assert handler.taken == []


def test_a_kept_tls_connection_sends_without_delay(certificate: Certificate) -> None:
    with serving(Handler(), tls_context=certificate.context) as settings:
        strict = replace(settings, security="starttls", ca_file=certificate.file)
        with Mailer(strict) as mailer:
            mailer.send(MAIL)
            sock = mailer._client.smtp.sock
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_server_without_starttls_gets_no_letter() -> None:
    handler = Handler()
    with (
        serving(handler) as settings,
        Mailer(replace(settings, security="starttls")) as mailer,
        pytest.raises(MailConfigError, match="STARTTLS"),
    ):
        mailer.send(MAIL)
    assert handler.taken == []


def test_tls_with_a_server_that_speaks_plainly() -> None:
    with (
        raw_server([(b"", b"220 here\r\n")]) as (settings, _),
        Mailer(replace(settings, security="tls")) as mailer,
        pytest.raises(MailConfigError, match="TLS"),
    ):
        mailer.send(MAIL)


def login(user: str, password: str, verdict: AuthResult | None = None) -> dict[str, Any]:
    def authenticate(server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        right = (data.login, data.password) == (user.encode(), password.encode())
        return verdict or AuthResult(success=right, handled=False)

    return {"authenticator": authenticate, "auth_require_tls": False, "auth_required": True}


def test_a_login_lets_letters_through() -> None:
    handler = Handler()
    with serving(handler, **login("cchc", "mat-khau")) as settings:
        known = replace(settings, user="cchc", password=SecretStr("mat-khau"))
        with Mailer(known) as mailer:
            mailer.send(MAIL)
            mailer.send(MAIL)
    assert len(handler.taken) == 2


def test_a_wrong_password_stops_the_run_and_burns_no_letter() -> None:
    handler = Handler()
    with serving(handler, **login("cchc", "mat-khau")) as settings:
        unknown = replace(settings, user="cchc", password=SecretStr("sai-roi"))
        with Mailer(unknown) as mailer, pytest.raises(MailConfigError) as refused:
            mailer.send(MAIL)
    assert refused.value.code == 535
    assert "sai-roi" not in str(refused.value)
    assert handler.taken == []


def test_a_login_that_fails_for_the_moment_is_transient() -> None:
    later = AuthResult(success=False, handled=False, message="454 4.7.0 Try later")
    with serving(Handler(), **login("cchc", "mat-khau", later)) as settings:
        known = replace(settings, user="cchc", password=SecretStr("mat-khau"))
        with Mailer(known) as mailer, pytest.raises(TransientMailError):
            mailer.send(MAIL)


def test_a_letter_without_the_login_that_the_server_wants() -> None:
    with (
        serving(Handler(), **login("cchc", "mat-khau")) as settings,
        Mailer(settings) as mailer,
        pytest.raises(MailConfigError) as refused,
    ):
        mailer.send(MAIL)
    assert refused.value.code == 530


@pytest.mark.parametrize(
    "settings",
    [
        replace(SETTINGS, sender="so noi vu"),
        replace(SETTINGS, sender_name="Sở\nBcc: ai@khac.example"),
        replace(SETTINGS, timeout=0),
        replace(SETTINGS, user="cchc"),
        replace(SETTINGS, user="cchc", password=SecretStr("mật khẩu")),
        replace(SETTINGS, user="cchc", password=SecretStr("x"), host="mail.quangnam.example"),
        replace(SETTINGS, security="tls", ca_file=Path("no-such.pem")),
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(settings: MailSettings) -> None:
    with pytest.raises(MailConfigError):
        Mailer(settings)


def test_settings_never_show_the_password() -> None:
    shown = repr(replace(SETTINGS, user="cchc", password=SecretStr("mat-khau")))
    assert "cchc" in shown
    assert "mat-khau" not in shown
