"""What the program keeps belongs to its owner alone, and what a killed write left is swept."""

import os
import stat
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

# For every process of ours: files 0600, folders 0700.
UMASK = 0o077
# A write that is under way takes seconds.
ORPHANED_AFTER = timedelta(days=1)


def close_to_others(path: Path) -> None:
    """Take the rights of group and others from a file or folder, if it is there and ours.

    What belongs to another, or is a folder that all share, stays as it is.
    """
    with suppress(OSError):
        found = path.lstat()
        is_shared = found.st_mode & stat.S_ISVTX or found.st_uid != os.geteuid()
        if not is_shared and not stat.S_ISLNK(found.st_mode) and found.st_mode & UMASK:
            path.chmod(stat.S_IMODE(found.st_mode) & ~UMASK)


def tidy(data: Path, now: datetime) -> None:
    """Close a data folder and all in it to others, and remove what killed writes left long ago.

    What people put into the drop folder stays as they put it there.
    """
    close_to_others(data)
    for folder, folders, files in os.walk(data):
        if Path(folder) == data and "inbox" in folders:
            folders.remove("inbox")
        for name in (*folders, *files):
            path = Path(folder) / name
            close_to_others(path)
            if name.startswith(".new-"):
                _sweep(path, now)


def _sweep(path: Path, now: datetime) -> None:
    with suppress(OSError):
        if now - datetime.fromtimestamp(path.lstat().st_mtime, UTC) > ORPHANED_AFTER:
            path.unlink()
