"""Every file of the corpus by name: what makes its bytes."""

from collections.abc import Callable

from tests.corpus import cells, containers, foreign, seen, shapes, versions

MADE: dict[str, Callable[[], bytes]] = {
    **shapes.MAKERS,
    **versions.MAKERS,
    **cells.MAKERS,
    **containers.MAKERS,
    **foreign.MAKERS,
    **seen.MAKERS,
}
"""The files that code makes; `foreign.SAVED` names those that LibreOffice makes."""

NAMES = (*MADE, *foreign.SAVED)


def data_of(name: str) -> bytes:
    """Return a file's bytes; skips where it needs LibreOffice and there is none."""
    return MADE[name]() if name in MADE else foreign.saved()[name]
