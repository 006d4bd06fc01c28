"""The drop folder: files that agencies' officers or the secretariat put there."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kybaocao.rules.calendar.official_days import VIETNAM

UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
# When a file was complete, its inode, and the first folder in which it lay if its name is plain.
PLACE = re.compile(r"((\d+)-\d+)(?:\.([a-z0-9-]{1,64}))?")
PLAIN = re.compile(r"[a-z0-9-]{1,64}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Folders within folders; each that is looked into holds a handle open.
DEEPEST = 16
# Never through a link, and never waiting for whoever holds the other end of a pipe.
_READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ENTERING = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

_NO_FILE = "không phải tệp thường (liên kết, ống dẫn, ổ cắm hoặc thiết bị) nên không được mở"
_NO_READING = "chương trình không được quyền đọc"
_NO_MOVING = "chương trình không được quyền chuyển tệp khỏi thư mục này"
_NO_ENTERING = "chương trình không được quyền mở thư mục này"
_TOO_DEEP = f"thư mục nằm sâu quá {DEEPEST} lớp nên không được mở"
_STUCK = "chưa chuyển được khỏi thư mục nhận"
_IN_HAND = "đã lấy khỏi thư mục nhận nhưng chưa xử lý xong"


@dataclass(frozen=True)
class Dropped:
    """A file taken from the folder; `complete_at` is when it was complete there.

    `folder` is the name of the first folder in which it lay, if it is a plain one, else empty.
    """

    path: Path
    name: str
    complete_at: datetime
    size: int
    folder: str = ""

    @property
    def place(self) -> str:
        """What tells this file from every other that was ever put into the folder."""
        return self.path.parent.name.partition(".")[0]

    def read(self, most: int) -> bytes:
        """Return the bytes. Raises OSError, with EFBIG for more than `most` of them.

        What is no plain file is not opened, and no more is read than allowed.
        """
        return _read(str(self.path), most)


@dataclass(frozen=True)
class Aside:
    """What is in the folder and cannot be taken in: where, since when, and why, in Vietnamese.

    `folder` is as in `Dropped`; `at` is None for what cannot even be looked at.
    """

    name: str
    reason: str
    folder: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class _Found:
    """Something in a folder that is open under `handle`; `fault` says why it is left."""

    handle: int
    name: str
    parts: tuple[str, ...]
    stat: os.stat_result | None = None
    fault: str = ""


class Inbox:
    """A folder that is emptied; what was taken but not finished is taken again.

    One bad thing in it stops nothing: it is left where it lies, and named by `aside`. A file of
    more than `largest` bytes is not read.
    """

    def __init__(self, folder: Path, largest: int = 50 * 2**20) -> None:
        self.folder = folder
        self.largest = largest
        self._taken = folder / ".taken"

    def take(self, unchanged_since: datetime | None = None) -> list[Dropped]:
        """Move complete files out of senders' reach and return them, oldest first.

        With `unchanged_since`, a file changed later may still be growing, and is left for
        the next time. Files that an earlier, killed run took come first.
        """
        with suppress(OSError):
            self._taken.mkdir(parents=True, exist_ok=True)
        for found in self._walk():
            # Its sender, or another run, may take it away at any moment.
            with suppress(OSError):
                if not self._fault(found):
                    self._take(found, unchanged_since)
        return list(self._in_hand())

    def _take(self, found: _Found, unchanged_since: datetime | None) -> None:
        assert found.stat is not None  # noqa: S101 (what could not be looked at has a fault)
        changed = found.stat.st_ctime_ns
        if unchanged_since is not None and _time(changed) > unchanged_since:
            return
        # The move itself changes the file's time, so the folder's name keeps it.
        first = _first(found.parts)
        name = f"{changed}-{found.stat.st_ino}" + (f".{first}" if first else "")
        place = self._taken / name
        place.mkdir(exist_ok=True)
        try:
            os.rename(found.name, place / found.name, src_dir_fd=found.handle)
        except OSError:
            with suppress(OSError):
                place.rmdir()
            raise

    def done(self, dropped: Dropped) -> None:
        """Let go of a file that is in the archive and the ledger.

        If its sender wrote more into it since it was taken, it stays and is taken again. One
        that cannot be removed stays too, and is named by `aside`.
        """
        with suppress(OSError):
            if dropped.path.lstat().st_size == dropped.size:
                dropped.path.unlink()
                dropped.path.parent.rmdir()

    def aside(self, unchanged_since: datetime | None = None) -> list[Aside]:
        """Return what lies in the folder and cannot be taken in, and what is still in hand.

        With `unchanged_since`, also what could have been taken since then and was not.
        """
        left = []
        for found in self._walk():
            at = _time(found.stat.st_ctime_ns) if found.stat else None
            is_late = unchanged_since is not None and at is not None and at <= unchanged_since
            reason = self._fault(found) or (_STUCK if is_late else "")
            if reason:
                left.append(Aside(_shown(found.parts), reason, _first(found.parts), at))
        for dropped in self._in_hand():
            reason = self._unreadable(str(dropped.path)) or _IN_HAND
            name = _shown((dropped.name,))
            left.append(Aside(name, reason, dropped.folder, dropped.complete_at))
        return left

    def _fault(self, found: _Found) -> str:
        """Return why something in the folder cannot be taken in; empty if it can."""
        if found.fault:
            return found.fault
        if not os.access(".", os.W_OK | os.X_OK, dir_fd=found.handle, effective_ids=True):
            return _NO_MOVING
        return self._unreadable(found.name, found.handle)

    def _unreadable(self, name: str, handle: int | None = None) -> str:
        try:
            with _opened(name, self.largest, handle):
                return ""
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                return ""
            if error.errno == errno.EFBIG:
                return f"lớn hơn {self.largest // 2**20} MB nên không được đọc"
            if error.errno == errno.EINVAL:
                return _NO_FILE
            is_denied = error.errno in (errno.EACCES, errno.EPERM)
            return _NO_READING if is_denied else f"không đọc được ({error.strerror})"

    def _walk(self) -> Iterator[_Found]:
        """Yield what lies in the folder and in those within it, in order."""
        with suppress(FileNotFoundError):
            yield from self._entered(_ENTERING, str(self.folder), None, ())

    def _entered(
        self, how: int, name: str, handle: int | None, parts: tuple[str, ...]
    ) -> Iterator[_Found]:
        try:
            inner = os.open(name, how, dir_fd=handle)
        except FileNotFoundError:
            return
        except OSError:
            yield _Found(-1, name, parts, fault=_NO_ENTERING)
            return
        try:
            yield from self._inside(inner, parts)
        finally:
            os.close(inner)

    def _inside(self, handle: int, parts: tuple[str, ...]) -> Iterator[_Found]:
        try:
            names = sorted(os.listdir(handle))
        except OSError:
            yield _Found(handle, ".", parts, fault=_NO_ENTERING)
            return
        for name in names:
            if name.startswith((".", "~$")):
                continue
            here = (*parts, name)
            try:
                found = os.stat(name, dir_fd=handle, follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError:
                yield _Found(handle, name, here, fault=_NO_ENTERING)
                continue
            if stat.S_ISDIR(found.st_mode):
                if len(here) > DEEPEST:
                    yield _Found(handle, name, here, found, _TOO_DEEP)
                else:
                    yield from self._entered(_ENTERING | os.O_NOFOLLOW, name, handle, here)
            elif not stat.S_ISREG(found.st_mode):
                yield _Found(handle, name, here, found, _NO_FILE)
            elif not name.lower().endswith(UNFINISHED):
                yield _Found(handle, name, here, found)

    def _in_hand(self) -> Iterator[Dropped]:
        with suppress(OSError):
            for place in sorted(self._taken.iterdir()):
                match = PLACE.fullmatch(place.name)
                if match is None or not place.is_dir():
                    continue
                with suppress(OSError):
                    for path in sorted(place.iterdir()):
                        at, size = _time(int(match[2])), path.lstat().st_size
                        yield Dropped(path, path.name, at, size, match[3] or "")


@contextmanager
def _opened(name: str, most: int, handle: int | None = None) -> Iterator[int]:
    """Give a plain file opened for reading.

    Raises OSError: EINVAL for what is no plain file, which is not opened, EFBIG for one of more
    than `most` bytes.
    """
    _hold(os.stat(name, dir_fd=handle, follow_symlinks=False), most)
    opened = os.open(name, _READING, dir_fd=handle)
    try:
        # It may have been put in the other's place in between.
        _hold(os.fstat(opened), most)
        yield opened
    finally:
        os.close(opened)


def _hold(found: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a plain file")
    if found.st_size > most:
        raise OSError(errno.EFBIG, f"more than {most} bytes")


def _read(name: str, most: int) -> bytes:
    with _opened(name, most) as opened, os.fdopen(os.dup(opened), "rb") as file:
        # It may grow while it is being read.
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"more than {most} bytes")
    return data


def _first(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) > 1 and PLAIN.fullmatch(parts[0]) else ""


def _shown(parts: tuple[str, ...]) -> str:
    """Return a path within the folder as text that can be shown; what is no text is a �."""
    raw = os.fsencode("/".join(parts))
    text = raw.decode("utf-8", errors="replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in text) or "."


def _time(nanoseconds: int) -> datetime:
    """Return a file's time, to the microsecond, never rounded up."""
    return (EPOCH + timedelta(microseconds=nanoseconds // 1000)).astimezone(VIETNAM)
