"""The outgoing mail server, and what makes its settings or an address unusable."""

import ipaddress
import ssl
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from kybaocao.adapters.mailer.faults import MailConfigError
from kybaocao.rules.regime.address import address_fault

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


def check(settings: MailSettings) -> None:
    """Raise MailConfigError for the first thing in the settings that cannot work."""
    if fault := address_fault(settings.sender):
        raise MailConfigError(f"mail.sender: '{settings.sender}' {fault}")
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
