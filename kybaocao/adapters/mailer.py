"""Sending mail: the one adapter over yagmail.

yagmail opens, secures and authenticates the connection; the message is built here, by the
standard library, and its client is narrowed to what we can answer for (see `_Client`).
"""

import ipaddress
import re
import smtplib
import socket
import ssl
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Literal, Self

import yagmail
from pydantic import SecretStr

from kybaocao.rules.finding import KyBaoCaoError

# 7-bit, since not every relay on the way offers 8BITMIME.
POLICY = policy.SMTP.clone(cte_type="7bit")
ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
UNSAFE_IN_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029/\\]")
# The standard library's own table lacks most of these, and the system's may be missing.
MEDIA_TYPES = {
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".ods": ("application", "vnd.oasis.opendocument.spreadsheet"),
    ".pdf": ("application", "pdf"),
    ".xls": ("application", "vnd.ms-excel"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".zip": ("application", "zip"),
}


class MailError(KyBaoCaoError):
    """A letter that did not go out; `code` and `reply` are the server's, if it spoke."""

    def __init__(self, message: str, code: int | None = None, reply: str = "") -> None:
        self.code = code
        self.reply = reply
        super().__init__(message if code is None else f"{message}: {code} {reply}".rstrip())


class TransientMailError(MailError):
    """This attempt failed; a later one may succeed."""


class PermanentMailError(MailError):
    """This letter will never go out as it is; other letters may."""


class MailConfigError(MailError):
    """No letter can go out until the mail settings are mended; letters should wait."""


@dataclass(frozen=True)
class MailSettings:
    """The outgoing server, how to log in (not at all without `user`), and who writes.

    `ca_file` adds a certificate authority to those of the system; `timeout` is in seconds,
    for each wait on the server.
    """

    host: str
    port: int
    sender: str
    sender_name: str = ""
    user: str = ""
    password: SecretStr = field(default=SecretStr(""), repr=False)
    security: Literal["none", "starttls", "tls"] = "starttls"
    ca_file: Path | None = None
    timeout: float = 30.0


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a letter, under `name`."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Mail:
    """One letter to one address; `message_id` stays the same however often it is tried."""

    message_id: str
    to: str
    subject: str
    text: str
    html: str
    date: datetime
    attachments: tuple[Attachment, ...] = ()


class Mailer:
    """Sends letters over one connection, which opens at need. One thread only."""

    def __init__(self, settings: MailSettings) -> None:
        """Raises MailConfigError for settings that cannot work."""
        _check(settings)
        self._settings = settings
        self._client = _Client(settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take leave of the server; a later `send` opens a new connection."""
        self._client.close()

    def send(self, mail: Mail) -> None:
        """Hand one letter over; returns only once the server has answered 250 to it.

        Never tries twice what the server may have taken: a connection lost in the middle is
        a TransientMailError, and the letter may yet have arrived.
        Raises TransientMailError, PermanentMailError or MailConfigError.
        """
        content = compose(mail, self._settings)
        try:
            self._client.send(to=mail.to, contents=content)
        except (OSError, UnicodeError) as error:  # SMTPException is an OSError
            raise _fault(error, self._settings, mail.to) from error


def compose(mail: Mail, settings: MailSettings) -> bytes:
    """Return the letter as it goes over the wire. Raises PermanentMailError if it cannot."""
    if not MESSAGE_ID.fullmatch(mail.message_id):
        raise PermanentMailError(f"'{mail.message_id}' is no Message-ID")
    if mail.date.tzinfo is None:
        raise PermanentMailError("the letter's date has no time zone")
    if fault := _address_fault(mail.to):
        raise PermanentMailError(fault)
    if _has_controls(mail.subject):
        raise PermanentMailError("the subject has a line break or control character")
    message = EmailMessage(POLICY)
    # The newer header classes lose spaces when they fold a long Vietnamese text.
    message.set_raw("Subject", _encoded("Subject", mail.subject))
    message.set_raw("From", _mailbox(settings))
    message.set_raw("To", mail.to)
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = mail.message_id
    # RFC 3834: keeps absence notes and other machines from answering.
    message["Auto-Submitted"] = "auto-generated"
    try:
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        for attachment in mail.attachments:
            name = UNSAFE_IN_NAME.sub("_", attachment.name)
            suffix = PurePosixPath(name).suffix.lower()
            main, sub = MEDIA_TYPES.get(suffix, ("application", "octet-stream"))
            message.add_attachment(attachment.data, maintype=main, subtype=sub, filename=name)
        return message.as_bytes()
    except ValueError as error:
        raise PermanentMailError(f"the letter cannot be written as mail: {error}") from error


def _encoded(header: str, text: str) -> str:
    """Return text as RFC 2047 encoded words, folded."""
    return Header(text, "utf-8", header_name=header).encode()


def _mailbox(settings: MailSettings) -> str:
    if not settings.sender_name:
        return settings.sender
    return f"{_encoded('From', settings.sender_name)}\n <{settings.sender}>"


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def _address_fault(address: str) -> str | None:
    if not address.isascii():
        return f"'{address}' is no address that every server takes: it has accented letters"
    if not ADDRESS.fullmatch(address):
        return f"'{address}' is no e-mail address"
    return None


def _check(settings: MailSettings) -> None:
    """Raise MailConfigError for the first thing in the settings that cannot work."""
    if fault := _address_fault(settings.sender):
        raise MailConfigError(f"the sender: {fault}")
    if _has_controls(settings.sender_name):
        raise MailConfigError("the sender's name has a line break or control character")
    if settings.timeout <= 0:
        raise MailConfigError("the mail timeout must be more than 0 seconds")
    if not settings.user:
        return
    password = settings.password.get_secret_value()
    if not password:
        raise MailConfigError(f"the mail user '{settings.user}' has no password")
    if not (settings.user + password).isascii():
        raise MailConfigError("the mail user and password must be ASCII")
    if settings.security == "none" and not _is_loopback(settings.host):
        raise MailConfigError("a password would travel in clear: set starttls or tls")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(settings: MailSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:  # ssl.SSLError too
            raise MailConfigError(
                f"cannot use the CA file '{settings.ca_file}': {error}"
            ) from error
    return context


class _Client(yagmail.Client):  # type: ignore[misc]
    """yagmail's client, which keeps its connection and tries once.

    It is given ready bytes, so nothing of yagmail's message building runs; and it never sees
    an empty password, for which yagmail would ask the keyring and the terminal.
    """

    smtp: Any

    def __init__(self, settings: MailSettings) -> None:
        options: dict[str, Any] = {"timeout": settings.timeout}
        starttls: bool | dict[str, Any] = False
        if settings.security == "tls":
            options["context"] = _tls(settings)
        elif settings.security == "starttls":
            starttls = {"context": _tls(settings)}
        super().__init__(
            # As a mapping: to a plain user name yagmail adds "@gmail.com".
            user={settings.user: settings.sender_name},
            password=settings.password.get_secret_value(),
            host=settings.host,
            port=settings.port,
            smtp_starttls=starttls,
            smtp_ssl=settings.security == "tls",
            smtp_skip_login=not settings.user,
            soft_email_validation=False,
            **options,
        )
        self._sender = settings.sender
        self._is_fresh = False

    def login(self) -> None:
        """Connect, unless the connection of the last letter still answers."""
        if self.smtp is not None and self._answers():
            self._is_fresh = False
            return
        self._drop()
        try:
            super().login()
            # Without this each letter on a kept TLS connection waits some 40 ms for an ACK.
            self.smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            self._drop()
            raise
        self._is_fresh = True

    def prepare_send(self, to: str, _subject: None, contents: bytes, *_: Any) -> Any:
        return [to], contents

    def _attempt_send(self, recipients: list[str], content: bytes) -> None:
        try:
            self.smtp.sendmail(self._sender, recipients, content)
        except smtplib.SMTPSenderRefused as refused:
            # "Enough letters on this connection", said before the letter was begun.
            if refused.smtp_code != 421 or self._is_fresh:
                raise
            self.login()
            self.smtp.sendmail(self._sender, recipients, content)

    def close(self) -> None:
        try:
            super().close()
        except (OSError, smtplib.SMTPException):
            pass
        finally:
            self._drop()

    def __del__(self) -> None:
        """Say no QUIT from the garbage collector, which may wait for the server."""

    def _answers(self) -> bool:
        try:
            return bool(self.smtp.noop()[0] == 250)
        except (OSError, smtplib.SMTPException):
            return False

    def _drop(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
        self.smtp = None


def _fault(error: Exception, settings: MailSettings, to: str) -> MailError:
    """Return the letter's fault for what smtplib, ssl or the system raised."""
    server = f"the mail server {settings.host}:{settings.port}"
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _refusal(f"{server} refuses the address {to}", *error.recipients[to])
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=reply):
            return _refusal(f"{server} refuses the letter to {to}", code, reply)
        case smtplib.SMTPSenderRefused(smtp_code=552, smtp_error=reply):
            return _refusal(f"{server} refuses the letter to {to} for its size", 552, reply)
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=reply):
            # Every letter has this sender, so the fault is not this letter's.
            what = f"{server} refuses mail from {settings.sender}"
            return _refusal(what, code, reply, MailConfigError)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=reply):
            # At the greeting, EHLO, STARTTLS or AUTH.
            return _refusal(f"{server} does not let us in", code, reply, MailConfigError)
        case smtplib.SMTPServerDisconnected() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return TransientMailError(f"{server} hung up or fell silent")
        case smtplib.SMTPException():
            return MailConfigError(f"{server} lacks what the settings ask for: {error}")
        case ssl.SSLCertVerificationError(verify_message=why):
            return MailConfigError(f"the certificate of {server} cannot be trusted: {why}")
        case ssl.SSLError(reason=why):
            return MailConfigError(f"no TLS with {server}: {why}")
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return TransientMailError(f"the name of {server} cannot be looked up now")
        case socket.gaierror() | UnicodeError():
            return MailConfigError(f"the name of {server} does not exist")
        case _:
            return TransientMailError(f"{server} is out of reach: {error}")


def _refusal(
    what: str, code: int, reply: bytes | str, lasting: type[MailError] = PermanentMailError
) -> MailError:
    """Return the fault that a server's reply stands for; `lasting` is the kind of a 5xx."""
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    if code in (530, 535, 538):  # asks for a login, wherever it says so
        lasting = MailConfigError
    kind = TransientMailError if 0 <= code < 500 else lasting
    return kind(what, code, " ".join(words.split()))
