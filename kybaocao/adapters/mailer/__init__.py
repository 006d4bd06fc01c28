"""Sending mail: the one adapter over yagmail.

yagmail opens, secures and authenticates the connection; the message is built here, by the
standard library, and its client is narrowed to what we can answer for.
"""

from kybaocao.adapters.mailer.client import Mailer
from kybaocao.adapters.mailer.faults import (
    AddressMailError,
    MailConfigError,
    MailError,
    MailOutageError,
    MailPolicyError,
    PermanentMailError,
    TransientMailError,
)
from kybaocao.adapters.mailer.letter import Attachment, Mail, compose
from kybaocao.adapters.mailer.settings import MailSettings

__all__ = [
    "AddressMailError",
    "Attachment",
    "Mail",
    "MailConfigError",
    "MailError",
    "MailOutageError",
    "MailPolicyError",
    "MailSettings",
    "Mailer",
    "PermanentMailError",
    "TransientMailError",
    "compose",
]
