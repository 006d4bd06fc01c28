"""The parts of a zipped workbook, looked over before any of them is opened."""

import io
import zipfile
from pathlib import PurePosixPath

from kybaocao.adapters.workbooks.reading import refusals

MAX_BYTES = 128 * 2**20
MAX_PARTS = 5_000
MAX_INFLATED = 512 * 2**20
# Sheets of blank formatted rows shrink a lot; only large ones that shrink this much are bombs.
SMALL_ENOUGH = 64 * 2**20
MAX_RATIO = 200

Unusable = (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError)


class Container:
    """A zip file's parts by name; as in OPC, the case of names does not count."""

    def __init__(self, data: bytes) -> None:
        """Look the container over; raises UnreadableFileError where it is none or no safe one."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = [info for info in self._zip.infolist() if not info.is_dir()]
        except Unusable:
            raise refusals.broken() from None
        inflated = sum(info.file_size for info in infos)
        is_bomb = inflated > SMALL_ENOUGH and inflated > MAX_RATIO * len(data)
        if len(infos) > MAX_PARTS or inflated > MAX_INFLATED or is_bomb:
            raise refusals.too_large()
        self._infos = {_key(info.filename): info for info in infos}
        if len(self._infos) < len(infos) or not all(map(_is_safe, self._infos)):
            raise refusals.unsafe()
        self.is_locked = any(info.flag_bits & 1 for info in infos)

    def __contains__(self, path: str) -> bool:
        return _key(path) in self._infos

    def has(self, prefix: str) -> bool:
        """Return if a part's name begins with `prefix` (lower case)."""
        return any(name.startswith(prefix) for name in self._infos)

    def read(self, path: str) -> bytes:
        """Return a part's bytes, empty if there is none; raises UnreadableFileError."""
        info = self._infos.get(_key(path))
        if info is None:
            return b""
        try:
            return self._zip.read(info)
        except Exception:  # zlib.error and whatever else a bad part raises
            raise refusals.broken() from None

    def need(self, path: str) -> bytes:
        """Return a part that must be there; raises UnreadableFileError."""
        if path not in self:
            raise refusals.broken()
        return self.read(path)


def resolved(base: str, target: str) -> str:
    """Return the path of a relation's target, written absolute or relative to the part `base`."""
    if target.startswith("/"):
        return target[1:]
    steps: list[str] = []
    for step in (*PurePosixPath(base).parent.parts, *target.split("/")):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _key(path: str) -> str:
    # Some programs write the separators of Windows.
    return path.replace("\\", "/").lower()


def _is_safe(name: str) -> bool:
    return (
        not name.startswith("/")
        and ".." not in name.split("/")
        and ":" not in name
        and name.isprintable()
    )
