"""A second regime beside the small one: the same codes, other people, and one agency more."""

import shutil
from pathlib import Path

from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from tests.steps.conftest import GO_LIVE, REGIME, SMALL

OTHER = "tinh-hai"
# An agency that the other regime alone has.
ONLY_OTHER = "so-y-te"


def with_second_regime(settings: GivenSettings) -> GivenSettings:
    """Return settings in which both regimes are active, with a config of their own."""
    config = settings.home / "config"
    config.unlink()
    shutil.copytree(SMALL / "config", config)
    regimes = config / "regimes"
    shutil.copytree(regimes / REGIME, regimes / OTHER)
    for name, words in (
        ("regime.yaml", {f"id: {REGIME}": f"id: {OTHER}", "tỉnh Quảng Nam": "tỉnh thứ hai"}),
        ("contacts.csv", {"quang-nam.example": f"{OTHER}.example"}),
    ):
        file = regimes / OTHER / name
        text = file.read_text(encoding="utf-8")
        for old, new in words.items():
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    _append(regimes / OTHER / "agencies.csv", f"{ONLY_OTHER},Sở Y tế,Sở Y tế,so,ubnd-tinh,,,,V.6")
    _append(
        regimes / OTHER / "contacts.csv", f"{ONLY_OTHER},officer,vanthu@so-y-te.{OTHER}.example,"
    )
    return settings.model_copy(update={"active": {REGIME: GO_LIVE, OTHER: GO_LIVE}})


def folder_of(office: Office, name: str) -> Path:
    """Return a folder within the drop folder, made if it is not there."""
    folder = office.inbox.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _append(file: Path, row: str) -> None:
    text = file.read_text(encoding="utf-8").rstrip("\n")
    columns = text.splitlines()[0].count(",")
    file.write_text(f"{text}\n{row}{',' * (columns - row.count(','))}\n", encoding="utf-8")
