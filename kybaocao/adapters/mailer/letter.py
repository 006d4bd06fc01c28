"""A letter as it goes over the wire."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.charset import Charset
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import PurePosixPath

from kybaocao.adapters.mailer.faults import AddressMailError, PermanentMailError
from kybaocao.adapters.mailer.settings import MailSettings, has_controls
from kybaocao.rules.regime.address import address_fault

# 7-bit, since not every relay on the way offers 8BITMIME.
POLICY = policy.SMTP.clone(cte_type="7bit")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
# The standard library's own table lacks most of these, and the system's may be missing.
MEDIA_TYPES = {
    ".ics": ("application", "ics"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".ods": ("application", "vnd.oasis.opendocument.spreadsheet"),
    ".pdf": ("application", "pdf"),
    ".xls": ("application", "vnd.ms-excel"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".zip": ("application", "zip"),
}
MOST_ENCODED = 42
"""Bytes of text in one encoded word, so that a folded line stays within 78 characters."""


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


def compose(mail: Mail, settings: MailSettings) -> bytes:
    """Return the letter as it goes over the wire. Raises PermanentMailError if it cannot."""
    if not MESSAGE_ID.fullmatch(mail.message_id):
        raise PermanentMailError(f"'{mail.message_id}' is no Message-ID")
    if mail.date.tzinfo is None:
        raise PermanentMailError("the letter's date has no time zone")
    if fault := address_fault(mail.to):
        raise AddressMailError(f"'{mail.to}' {fault}")
    if has_controls(mail.subject):
        raise PermanentMailError("the subject has a line break or control character")
    message = EmailMessage(POLICY)
    # The newer header classes lose spaces when they fold a long Vietnamese text.
    message.set_raw("Subject", _encoded(mail.subject))
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
            name = safe_name(attachment.name)
            suffix = PurePosixPath(name).suffix.lower()
            main, sub = MEDIA_TYPES.get(suffix, ("application", "octet-stream"))
            message.add_attachment(attachment.data, maintype=main, subtype=sub, filename=name)
        return message.as_bytes()
    except ValueError as error:
        raise PermanentMailError(f"the letter cannot be written as mail: {error}") from error


def safe_name(name: str) -> str:
    """Return a file name without a path, control or invisible characters, or encoded words.

    A mark that turns the direction of writing can make `exe.xlsx` of `xslx.exe`, and mail
    programs read `=?…?=` in names, too.
    """
    shown = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in name)
    return shown.replace("=?", "=_")


def _encoded(text: str) -> str:
    """Return text as RFC 2047 encoded words, folded between words wherever that can be.

    A program that shows the folds as spaces then breaks no Vietnamese syllable.
    """
    parts: list[str] = []
    for word in re.findall(r"\s*\S+\s*", text):
        for piece in _pieces(word):
            if parts and len((parts[-1] + piece).encode()) <= MOST_ENCODED:
                parts[-1] += piece
            else:
                parts.append(piece)
    return "\n ".join(map(Charset("utf-8").header_encode, parts))


def _pieces(word: str) -> list[str]:
    """Return a word whole, or cut into pieces that fit an encoded word."""
    pieces = [""]
    for char in word:
        if len((pieces[-1] + char).encode()) > MOST_ENCODED:
            pieces.append("")
        pieces[-1] += char
    return pieces


def _mailbox(settings: MailSettings) -> str:
    if not settings.sender_name:
        return settings.sender
    return f"{_encoded(settings.sender_name)}\n <{settings.sender}>"
