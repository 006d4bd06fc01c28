"""Originals and what we made, kept by their sha256: on disk before anyone is told of them."""

import hashlib
import os
import tempfile
from pathlib import Path

from kybaocao.rules.errors import KyBaoCaoError


class ArchiveFullError(KyBaoCaoError):
    """The bytes could not be kept; nothing may be acknowledged."""


class Archive:
    """A folder of files that are never overwritten."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the bytes of that sha256 lie, or would lie."""
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keep `data` and return its sha256, once the bytes and their name are on disk.

        The same bytes twice are one file; bytes that got damaged since are made good. Raises
        ArchiveFullError if they cannot be kept.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != data:
                write_through(path, data)
            # Even if the file was there: another process may not have come to this line yet.
            for folder in (path.parent, self.folder, self.folder.parent):
                flush_folder(folder)
        except OSError as error:
            raise ArchiveFullError(
                f"Chưa lưu được tệp: kho lưu trữ không ghi được ({error.strerror}). "
                "Tệp chưa được ghi nhận; đề nghị gửi lại sau khi quản trị viên đã xử lý."
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of that sha256. Raises FileNotFoundError, or OSError if damaged."""
        data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise OSError(f"the archived file {sha256} is damaged")
        return data


def write_through(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file that is either whole and on disk, or not there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def flush_folder(folder: Path) -> None:
    """Put a folder's entries on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
