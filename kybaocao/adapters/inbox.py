"""The drop folder: files that agencies' officers or the secretariat put there."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kybaocao.rules.calendar.official_days import VIETNAM

UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
PLACE = re.compile(r"(\d+)-\d+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Dropped:
    """A file taken from the folder; `complete_at` is when it was complete there."""

    path: Path
    name: str
    complete_at: datetime
    size: int

    @property
    def place(self) -> str:
        """What tells this file from every other that was ever put into the folder."""
        return self.path.parent.name


class Inbox:
    """A folder that is emptied; what was taken but not finished is taken again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._taken = folder / ".taken"

    def take(self, unchanged_since: datetime | None = None) -> list[Dropped]:
        """Move complete files out of senders' reach and return them, oldest first.

        With `unchanged_since`, a file changed later may still be growing, and is left for
        the next time. Files that an earlier, killed run took come first.
        """
        self._taken.mkdir(parents=True, exist_ok=True)
        for path in self._waiting():
            # Its sender, or another run, may take it away at any moment.
            with suppress(FileNotFoundError):
                self._take(path, unchanged_since)
        return list(self._in_hand())

    def _take(self, path: Path, unchanged_since: datetime | None) -> None:
        stat = path.stat()
        if unchanged_since is not None and _time(stat.st_ctime_ns) > unchanged_since:
            return
        # The move itself changes the file's time, so the folder's name keeps it.
        place = self._taken / f"{stat.st_ctime_ns}-{stat.st_ino}"
        place.mkdir(exist_ok=True)
        path.rename(place / path.name)

    def done(self, dropped: Dropped) -> None:
        """Let go of a file that is in the archive and the ledger.

        If its sender wrote more into it since it was taken, it stays and is taken again.
        """
        with suppress(FileNotFoundError):
            if dropped.path.stat().st_size == dropped.size:
                dropped.path.unlink()
                dropped.path.parent.rmdir()

    def in_hand(self) -> list[str]:
        """Return the names of files that were taken and not let go of yet."""
        return [dropped.name for dropped in self._in_hand()] if self._taken.exists() else []

    def _waiting(self) -> Iterator[Path]:
        for path in sorted(self.folder.rglob("*")):
            parts = path.relative_to(self.folder).parts
            hidden = any(part.startswith((".", "~$")) for part in parts)
            unfinished = path.suffix.lower() in UNFINISHED
            if not hidden and not unfinished and path.is_file() and not path.is_symlink():
                yield path

    def _in_hand(self) -> Iterator[Dropped]:
        for place in sorted(self._taken.iterdir()):
            match = PLACE.fullmatch(place.name)
            if match is None or not place.is_dir():
                continue
            with suppress(FileNotFoundError):
                for path in sorted(place.iterdir()):
                    yield Dropped(path, path.name, _time(int(match[1])), path.stat().st_size)


def _time(nanoseconds: int) -> datetime:
    """Return a file's time, to the microsecond, never rounded up."""
    return (EPOCH + timedelta(microseconds=nanoseconds // 1000)).astimezone(VIETNAM)
