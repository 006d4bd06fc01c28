"""The connection: yagmail's client, narrowed to what we can answer for."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Timer
from types import TracebackType
from typing import Any, Self

import yagmail

from kybaocao.adapters.mailer.faults import MailOutageError, fault_of
from kybaocao.adapters.mailer.letter import Mail, compose
from kybaocao.adapters.mailer.settings import MailSettings, check, tls


class Mailer:
    """Sends letters over one connection, which opens at need. One thread only."""

    def __init__(self, settings: MailSettings) -> None:
        """Raises MailConfigError for settings that cannot work."""
        check(settings)
        self._settings = settings
        self._server = f"the mail server {settings.host}:{settings.port}"
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
        limit = self._settings.longest
        try:
            with self._client.within(limit):
                self._client.send(to=mail.to, contents=content)
        except (OSError, UnicodeError) as error:  # SMTPException is an OSError
            if self._client.ran_out:
                said = f"{self._server} was not done with one letter in {limit:g} seconds"
                raise MailOutageError(said) from error
            raise fault_of(error, self._server, self._settings.sender, mail.to) from error


class _Line(smtplib.SMTP):
    """A connection of which another thread is told, before anything is said on it."""

    def __init__(self, told: Callable[[socket.socket], None], *args: Any, **named: Any) -> None:
        self._told = told
        super().__init__(*args, **named)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        # The one place where a connection is open and the greeting not yet waited for.
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self._told(made)
        return made


class _TlsLine(smtplib.SMTP_SSL, _Line):
    """The same under TLS from the start."""

    def __init__(self, told: Callable[[socket.socket], None], *args: Any, **named: Any) -> None:
        self._told = told
        smtplib.SMTP_SSL.__init__(self, *args, **named)


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
            options["context"] = tls(settings)
        elif settings.security == "starttls":
            starttls = {"context": tls(settings)}
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
        self._wire: socket.socket | None = None
        self.ran_out = False

    @property
    def connection(self) -> Any:
        return partial(_TlsLine if self.ssl else _Line, self._watch)

    def _watch(self, made: socket.socket) -> None:
        """Keep a second handle of a connection, which TLS takes from the first."""
        self._forget()
        self._wire = made.dup()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End the connection if what is done takes longer, however often the server speaks.

        The time limit of a socket is for each wait: one byte a second never meets it.
        """
        self.ran_out = False
        timer = Timer(seconds, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _hang_up(self) -> None:
        self.ran_out = True
        if self._wire is not None:
            with suppress(OSError):
                self._wire.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        if self._wire is not None:
            self._wire.close()
        self._wire = None

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
        self._forget()
