"""A mail server on loopback that keeps every letter as a file and passes none on."""

import asyncio
import ipaddress
import re
import unicodedata
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 64 * 1024 * 1024


class MailCatcher:
    """Takes letters while its context is open, and keeps each as `0001-….eml` in `folder`.

    With port 0 the system chooses one, known as `port` once the context is open.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 0) -> None:
        """Raises ValueError for an address beyond this machine."""
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the mail catcher listens on loopback alone, not on {host}")
        self.folder = folder
        self.host = host
        self.port = port

    def __enter__(self) -> Self:
        """Raises OSError if the port is taken."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = _Server(
            _Keeper(self.folder),
            hostname=self.host,
            port=self.port,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=False,
        )
        self._server.start()
        self.port = self._server.port
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def letters(self) -> list[Path]:
        """The files of the letters in this folder, in order of arrival."""
        return sorted(self.folder.glob("[0-9]*-*.eml"), key=_number)

    @property
    def messages(self) -> list[EmailMessage]:
        """The letters themselves, in order of arrival."""
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.letters
        ]


class _Server(Controller):
    def _trigger_server(self) -> None:
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = max(map(_number, folder.glob("[0-9]*-*.eml")), default=0)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        try:
            path = self._folder / _file_name(self._count + 1, content)
            draft = path.with_suffix(".part")
            draft.write_bytes(content)
            draft.replace(path)
        except OSError as error:
            return f"451 The letter cannot be kept: {error.strerror}"
        self._count += 1
        return "250 Kept"


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _file_name(number: int, content: bytes) -> str:
    """Return `0007-den-so-tu-phap-cchc-con-2-ngay.eml`: the number, to whom, and the subject."""
    message = message_from_bytes(content, policy=policy.default)
    to = str(message.get("To", "")).partition("@")[0]
    words = f"{to} {message.get('Subject', '')}".replace("đ", "d").replace("Đ", "D")
    plain = unicodedata.normalize("NFD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return f"{number:04d}-{slug or 'thu'}.eml"
