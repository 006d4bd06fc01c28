"""What can go wrong with a letter: for now, for this letter, or for all of them."""

import smtplib
import socket
import ssl

from kybaocao.rules.errors import KyBaoCaoError


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


def fault_of(error: Exception, server: str, sender: str, to: str) -> MailError:
    """Return the letter's fault for what smtplib, ssl or the system raised."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _refusal(f"{server} refuses the address {to}", *error.recipients[to])
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=reply):
            return _refusal(f"{server} refuses the letter to {to}", code, reply)
        case smtplib.SMTPSenderRefused(smtp_code=552, smtp_error=reply):
            return _refusal(f"{server} refuses the letter to {to} for its size", 552, reply)
        case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=reply):
            # Every letter has this sender, so the fault is not this letter's.
            what = f"{server} refuses mail from {sender}"
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
