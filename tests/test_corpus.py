"""Every file that people may send has the verdict and the findings that `expected.csv` gives."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kybaocao import runtime
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.adapters.regime_files import Config
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.settings import GivenSettings
from kybaocao.steps.intake.judge import Judged, judge
from tests.corpus.makers import NAMES, data_of
from tests.corpus.package import real, small
from tests.corpus.versions import newer


@dataclass(frozen=True)
class Expected:
    """A row of the table.

    `findings` are codes with their cells (`~` before a warning); `like` is the file whose
    figures this one's equal but for those in `but`; `says` stands in a finding.
    """

    file: str
    what: str
    verdict: str
    findings: str
    says: str
    like: str
    but: str


def table() -> list[Expected]:
    """Return what is expected, in the order of the table."""
    path = Path(__file__).parent / "corpus" / "expected.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [Expected(**row) for row in csv.DictReader(lines)]


TABLE = table()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> GivenSettings:
    return GivenSettings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def pool(settings: GivenSettings) -> Iterator[ReaderPool]:
    with runtime.reader_pool(settings) as pool:
        yield pool


def config_of(name: str) -> Config:
    """Return the config that a file belongs to: some are of the large form that ships, some of
    a form with two versions."""
    if name.startswith("province"):
        return real()
    return newer() if name.startswith(("older-version", "newest-version")) else small()


def figures(judged: Judged) -> dict[str, object]:
    """Return what was accepted, by row and column (`HS-01.done`)."""
    return {f"{f.row}.{f.column}".rstrip("."): f.value for f in judged.figures}


def found(judged: Judged) -> str:
    """Return the findings as the table writes them."""
    return "; ".join(
        f"{'' if f.is_blocking else '~'}{f.code} {f.cell}".strip() for f in judged.findings
    )


def shown(value: object) -> str:
    """Return a figure as the table writes it: on one line, and cut where it is long."""
    line = str(value).replace("\n", "\\n")
    return line if len(line) <= 60 else f"{line[:10]}…{len(line)}"


def but(text: str) -> dict[str, str]:
    """Return the figures that differ; `HS-01.planned=` is one that is not there."""
    pairs = (pair.partition("=") for pair in text.split("; ") if pair)
    return {at: value for at, _, value in pairs}


def test_the_table_names_every_file_once() -> None:
    assert sorted(row.file for row in TABLE) == sorted(NAMES)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.file)
def test_the_verdict_and_the_findings_are_those_of_the_table(
    row: Expected, settings: GivenSettings, pool: ReaderPool
) -> None:
    def judged_of(name: str) -> Judged:
        return judge(config_of(name), settings, pool, data_of(name))

    judged = judged_of(row.file)
    assert (judged.verdict.value, found(judged)) == (row.verdict, row.findings)
    assert (judged.verdict is Verdict.ACCEPTED) == bool(row.like)
    if row.says:
        said = (f"{f.value} {f.expected} {f.action}" for f in judged.findings)
        assert any(row.says in words for words in said)
    if row.like:
        have, wanted = figures(judged), figures(judged_of(row.like))
        differing = {at for at in have.keys() | wanted if have.get(at) != wanted.get(at)}
        others = but(row.but)
        assert differing == others.keys()
        for at, value in others.items():
            assert shown(have.get(at, "")) == value
