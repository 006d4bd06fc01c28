"""What can go wrong with a letter: for now, for this letter, or for all of them.

Enhanced status codes are those of RFC 3463, replies those of RFC 5321, 4.2.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable

from kybaocao.rules.cycle.mail_cause import MailCause
from kybaocao.rules.errors import KyBaoCaoError


class MailError(KyBaoCaoError):
    """A letter that did not go out, and why; `code` and `reply` are the server's, if it spoke."""

    cause = MailCause.LETTER

    def __init__(self, message: str, code: int | None = None, reply: str = "") -> None:
        self.code = code
        self.reply = reply
        super().__init__(message if code is None else f"{message}: {code} {reply}".rstrip())


class TransientMailError(MailError):
    """The server does not take this letter now; later it may."""

    cause = MailCause.LATER


class MailOutageError(TransientMailError):
    """The server is away or took no letter at all: no letter's fault, and no attempt of one."""

    cause = MailCause.AWAY


class PermanentMailError(MailError):
    """This letter will never go out as it is; other letters may."""


class AddressMailError(PermanentMailError):
    """Nobody receives mail at this address."""

    cause = MailCause.ADDRESS


class MailPolicyError(MailError):
    """The server carries no mail from us, or not to there: a matter for its keeper."""

    cause = MailCause.POLICY


class MailConfigError(MailError):
    """No letter can go out until the mail settings are mended; letters should wait."""

    cause = MailCause.SETTINGS


class SenderPolicyError(MailConfigError):
    """The server takes no mail from us, whomever it is for."""

    cause = MailCause.POLICY


def fault_of(error: Exception, server: str, sender: str, to: str) -> MailError:
    """Return the letter's fault for what smtplib, ssl or the system raised."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, reply = error.recipients[to]
            return _fault(f"{server} refuses the address {to}", code, reply, _address_kind)
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=reply):
            return _fault(f"{server} refuses the letter to {to}", code, reply, _letter_kind)
        case smtplib.SMTPSenderRefused(smtp_code=552, smtp_error=reply):
            what = f"{server} refuses the letter to {to} for its size"
            return _fault(what, 552, reply, _letter_kind)
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=reply):
            # Every letter has this sender, so the fault is not this letter's.
            return _fault(f"{server} refuses mail from {sender}", code, reply, _session_kind)
        case smtplib.SMTPAuthenticationError(smtp_code=code, smtp_error=reply):
            what = f"{server} does not let us log in"
            return _fault(what, code, reply, lambda c, _: _of_all(c, MailConfigError))
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=reply):
            # At the greeting, EHLO or STARTTLS.
            return _fault(f"{server} does not let us in", code, reply, _session_kind)
        case smtplib.SMTPServerDisconnected() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return MailOutageError(f"{server} hung up or fell silent")
        case smtplib.SMTPException():
            return MailConfigError(f"{server} lacks what the settings ask for: {error}")
        case ssl.SSLCertVerificationError(verify_message=why):
            return MailConfigError(f"the certificate of {server} cannot be trusted: {why}")
        case ssl.SSLError(reason=why):
            return MailConfigError(f"no TLS with {server}: {why}")
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return MailOutageError(f"the name of {server} cannot be looked up now")
        case socket.gaierror() | UnicodeError():
            return MailConfigError(f"the name of {server} does not exist")
        case _:
            return MailOutageError(f"{server} is out of reach: {error}")


_Kinds = Callable[[int, str], type[MailError]]


def _fault(what: str, code: int, reply: bytes | str, kinds: _Kinds) -> MailError:
    """Return the fault that a server's reply stands for."""
    raw = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    words = " ".join(raw.split())
    if code == 421:  # closing down, wherever it says so
        return MailOutageError(what, code, words)
    if code in (530, 535, 538):  # asks for a login, wherever it says so
        return MailConfigError(what, code, words)
    return kinds(code, words)(what, code, words)


def _status(words: str) -> tuple[str, str, str]:
    """Return the enhanced status code with which a reply begins; empty parts if with none."""
    found = re.match(r"([245])\.(\d{1,3})\.(\d{1,3})\b", words)
    return (found[1], found[2], found[3]) if found else ("", "", "")


def _address_kind(code: int, words: str) -> type[MailError]:
    """Return what a refusal at RCPT stands for.

    That this one address is not there says 5.1.x (but 5.1.7 and 5.1.8, which speak of the
    sender) or a plain 550, 551 or 553; all else is what the server will not carry.
    """
    _, subject, detail = _status(words)
    # RFC 5321, 4.5.3.1.10: some say 552 for "too many", which passes.
    if code < 500 or (code == 552 and subject != "7"):
        return TransientMailError
    if subject:
        named = (subject, detail)
        is_address = (subject == "1" and named not in (("1", "7"), ("1", "8"))) or subject == "2"
        return AddressMailError if is_address else MailPolicyError
    return AddressMailError if code in (550, 551, 553) else MailPolicyError


def _letter_kind(code: int, words: str) -> type[MailError]:
    """Return what a refusal of the letter itself, at DATA or for its size, stands for."""
    if code < 500:
        return TransientMailError
    return MailPolicyError if _status(words)[1] == "7" else PermanentMailError


def _session_kind(code: int, _words: str) -> type[MailError]:
    return _of_all(code, SenderPolicyError if code >= 500 else MailConfigError)


def _of_all(code: int, lasting: type[MailError]) -> type[MailError]:
    """Return what a refusal stands for that meets every letter; `lasting` is the kind of a 5xx."""
    return MailOutageError if 0 <= code < 500 else lasting
