"""One config for all processes: as it is declared now, or as it was last found good."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kybaocao.adapters import regime_files
from kybaocao.adapters.archive import write_through
from kybaocao.adapters.config_shelf import ConfigShelf, Refused, mark_of
from kybaocao.adapters.regime_files import Config
from kybaocao.rules.errors import ConfigError, ConfigFault
from kybaocao.settings import Settings

# A config that is written again and again while it is read is looked at so often.
TRIES = 5

Held = Callable[[Config], None]


@dataclass(frozen=True)
class Configured:
    """The config to work with and its mark; `refused` is an edit of it that is not used."""

    config: Config
    mark: str
    refused: Refused | None = None


def shelf_of(settings: Settings) -> ConfigShelf:
    """Return where the last good config of an installation is kept."""
    return ConfigShelf(settings.home / "config", settings.data_folder, write_through)


def configured(
    settings: Settings,
    held: Held,
    at: datetime,
    *,
    loaded: Configured | None = None,
    known: Configured | None = None,
    patient: bool = False,
    keep: bool = True,
) -> Configured:
    """Return the config as declared now, else the last good one with what is wrong with the new.

    `held` raises ConfigError for a config that the ledger does not allow; `loaded` is one that
    was just read, `known` the one that the caller works with. A `patient` caller waits until an
    edit of several files has settled, and does not judge again what was refused. Without `keep`
    nothing is written. Raises ConfigError if there is no last good config to go on with.
    """
    shelf = shelf_of(settings)
    good = shelf.last_good()
    if loaded is None:
        mark, refused = mark_of(shelf.files()), shelf.refused()
        if known is not None and known.mark == mark:
            return Configured(known.config, mark)
        if patient and good and good != mark:
            if at.timestamp() - shelf.edited_at() < settings.settle_seconds:
                return known or _last(shelf, held, good, None)
            if refused is not None and refused.mark == mark:
                return _last(shelf, held, good, refused, known)
    try:
        found = loaded or read(settings)
        lost = sorted(set(settings.active) - set(found.config.regimes))
        if lost and good:
            named = ", ".join(lost)
            raise ConfigError([ConfigFault("config/regimes", 0, f"active, but gone: {named}")])
        held(found.config)
    except ConfigError as error:
        mark = mark_of(shelf.files())
        if not good or good == mark:
            raise
        refused = Refused(mark, at, tuple(error.faults))
        if keep:
            refused = shelf.refuse(mark, error.faults, at)
        try:
            return _last(shelf, held, good, refused, known)
        except (OSError, zipfile.BadZipFile, ConfigError):
            # Of another version of this program, or damaged: what is wrong now is to be mended.
            raise error from None
    if keep:
        files = shelf.files()
        if mark_of(files) == found.mark:
            shelf.keep(files)
    return found


def read(settings: Settings) -> Configured:
    """Return the config as declared now, whole. Raises ConfigError holding every fault found."""
    shelf = shelf_of(settings)
    mark = mark_of(shelf.files())
    for _ in range(TRIES):
        config = regime_files.load(settings.home / "config")
        before, mark = mark, mark_of(shelf.files())
        if before == mark:
            return Configured(config, mark)
    raise ConfigError([ConfigFault("config", 0, "is being written; try again")])


def _last(
    shelf: ConfigShelf,
    held: Held,
    mark: str,
    refused: Refused | None,
    known: Configured | None = None,
) -> Configured:
    """Return the last good config, read again unless it is the `known` one."""
    if known is not None and known.mark == mark:
        return Configured(known.config, mark, refused)
    with shelf.laid_out() as folder:
        config = regime_files.load(folder)
    held(config)
    return Configured(config, mark, refused)
