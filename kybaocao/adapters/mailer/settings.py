"""The outgoing mail server, and what makes its settings or an address unusable."""

import ipaddress
import re
import ssl
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from kybaocao.adapters.mailer.faults import MailConfigError

ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


# A conversation of many short waits ends like a silence of so many long ones.
WAITS = 4


@dataclass(frozen=True)
class MailSettings:
    """The outgoing server, how to log in (not at all without `user`), and who writes.

    `ca_file` adds a certificate authority to those of the system; `timeout` is in seconds,
    for each wait on the server, and `longest` for all that one letter takes.
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

    @property
    def longest(self) -> float:
        return WAITS * self.timeout


def has_controls(text: str) -> bool:
    """Return whether text holds what a header line may not: line breaks and the like."""
    return any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


def address_fault(address: str) -> str | None:
    """Return why no letter can go to or from `address`, or None if one can."""
    if not address.isascii():
        return f"'{address}' is no address that every server takes: it has accented letters"
    if not ADDRESS.fullmatch(address):
        return f"'{address}' is no e-mail address"
    return None


def check(settings: MailSettings) -> None:
    """Raise MailConfigError for the first thing in the settings that cannot work."""
    if fault := address_fault(settings.sender):
        raise MailConfigError(f"the sender: {fault}")
    if has_controls(settings.sender_name):
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


def tls(settings: MailSettings) -> ssl.SSLContext:
    """Return what a connection trusts. Raises MailConfigError for an unusable CA file."""
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:  # ssl.SSLError too
            raise MailConfigError(
                f"cannot use the CA file '{settings.ca_file}': {error}"
            ) from error
    return context
