"""The config that was last found good, kept in one file, so that a faulty edit stops nobody."""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kybaocao.rules.errors import ConfigFault

FOLDER = "config"
# What is read of config/; the settings beside it are handed to each process when it starts.
DECLARED = (
    "levels.yaml",
    "calendar/*.yaml",
    "forms/*.yaml",
    "regimes/*/*.yaml",
    "regimes/*/*.csv",
)
# The same files give the same bytes.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Refused:
    """An edit of config/ that is not used: its mark, since when, and what is wrong with it."""

    mark: str
    at: datetime
    faults: tuple[ConfigFault, ...]


class ConfigShelf:
    """Keeps the last good config of `declared` in a folder of data.

    `write` writes a file whole and on disk or not at all, so a stop at any moment leaves the last.
    """

    def __init__(self, declared: Path, folder: Path, write: Callable[[Path, bytes], None]) -> None:
        self.declared = declared
        self._write = write
        self._good = folder / "last-good-config.zip"
        self._refused = folder / "refused-config.json"

    def files(self) -> dict[str, bytes]:
        """Return what is declared now, by path; a file that cannot be read counts as empty."""
        found = {}
        for path in self._paths():
            data = b""
            with suppress(OSError):
                data = path.read_bytes()
            found[path.relative_to(self.declared).as_posix()] = data
        return found

    def signs(self) -> tuple[tuple[str, int, int], ...]:
        """Return what tells quickly that nothing was edited: path, size and time of each file."""
        found = []
        for path in self._paths():
            with suppress(OSError):
                seen = path.stat()
                found.append((str(path), seen.st_size, seen.st_mtime_ns))
        return tuple(found)

    def edited_at(self) -> float:
        """Return when a file was last written, in seconds since 1970."""
        return max((time_ns / 1e9 for _, _, time_ns in self.signs()), default=0.0)

    def _paths(self) -> list[Path]:
        return sorted({path for shape in DECLARED for path in self.declared.glob(shape)})

    def last_good(self) -> str:
        """Return the mark of the last good config; empty if there is none."""
        with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(self._good) as kept:
            return kept.comment.decode("ascii")
        return ""

    @contextmanager
    def laid_out(self) -> Iterator[Path]:
        """Give a folder with the last good config. Raises OSError or BadZipFile if it is gone."""
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(self._good) as kept:
            kept.extractall(folder)
            yield Path(folder) / FOLDER

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Make these files the last good config, if they are not already."""
        mark = mark_of(files)
        if self.last_good() != mark:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in sorted(files.items()):
                    archive.writestr(zipfile.ZipInfo(f"{FOLDER}/{name}", LONG_AGO), data)
                archive.comment = mark.encode("ascii")
            self._write(self._good, packed.getvalue())
        self._refused.unlink(missing_ok=True)

    def refused(self) -> Refused | None:
        """Return the edit that was refused last, if none was taken since."""
        try:
            told = json.loads(self._refused.read_text(encoding="utf-8"))
            faults = tuple(ConfigFault(*fault) for fault in told["faults"])
            return Refused(told["mark"], datetime.fromisoformat(told["at"]), faults)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def refuse(self, mark: str, faults: Sequence[ConfigFault], at: datetime) -> Refused:
        """Record that an edit is refused, and return what is recorded: the first time stays."""
        known = self.refused()
        found = Refused(mark, at, tuple(faults))
        if known is not None and (known.mark, known.faults) == (mark, found.faults):
            return known
        rows = [(fault.file, fault.line, fault.message) for fault in faults]
        told = {"mark": mark, "at": at.isoformat(), "faults": rows}
        self._write(self._refused, json.dumps(told, ensure_ascii=False).encode())
        return found


def mark_of(files: Mapping[str, bytes]) -> str:
    """Return the sha256 of names and contents."""
    found = hashlib.sha256()
    for name, data in sorted(files.items()):
        found.update(f"{name}\n{len(data)}\n".encode() + data)
    return found.hexdigest()
