"""A version of a form that the ledger knows is not lost, and its codes keep their meaning."""

import re
import shutil
from pathlib import Path

import pytest

from kybaocao.adapters.workbooks.reading import read
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.recognition.reading import identities_of
from kybaocao.runtime import office as open_again
from kybaocao.settings import GivenSettings
from kybaocao.steps.cycle.consolidate import consolidation_of
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.standings import standings
from tests.conftest import OpenOffice
from tests.steps.conftest import QUARTERLY, REGIME, SMALL, at, drop, workbook

FIRST = "config/forms/ngan.yaml"


@pytest.fixture
def home(home: Path) -> Path:
    """A home whose config can be changed."""
    (home / "config").unlink()
    shutil.copytree(SMALL / "config", home / "config")
    return home


def changed(home: Path, old: str, new: str, to: str = FIRST) -> None:
    text = (home / FIRST).read_text()
    assert old in text
    (home / to).write_text(text.replace(old, new))


def refusal(settings: GivenSettings) -> str:
    """Return why an edit is not used; the office goes on with what was good before."""
    with open_again(settings) as office:
        return "\n".join(map(str, office.refused.faults)) if office.refused else ""


@pytest.fixture
def opened(settings: GivenSettings, open_office: OpenOffice) -> None:
    """A term is open, and one report was accepted on version 1."""
    with open_office(settings) as office:
        advance(office, REGIME, QUARTERLY, at("2016-09-01"))
        drop(office, "mot.xlsx", workbook(office, "so-tu-phap"))
        collect(office, at("2016-09-02"), at("2016-09-02"))
    open_again(settings).__exit__()


@pytest.mark.usefixtures("opened")
def test_raising_a_version_in_its_own_file_is_refused(home: Path, settings: GivenSettings) -> None:
    changed(home, "version: 1", "version: 2")
    assert re.search(r"ngan, version 1 is missing.*bao-cao-quy/2016-Q3: 1", refusal(settings))


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Hồ sơ đã giải quyết, unit: hồ sơ", "name: Hồ sơ đã giải quyết, unit: nghìn hồ sơ"),
        ("name: Hồ sơ đã giải quyết", "name: Hồ sơ tiếp nhận"),
        ("code: HS-05", "code: HS-06"),
    ],
)
def test_a_version_in_use_keeps_its_sense(
    home: Path, settings: GivenSettings, old: str, new: str
) -> None:
    changed(home, old, new)
    assert re.search("version 1 is in use", refusal(settings))


@pytest.mark.usefixtures("opened")
def test_a_wording_put_right_is_declared(home: Path, settings: GivenSettings) -> None:
    changed(
        home,
        "name: Hồ sơ đã giải quyết,",
        "name: Số hồ sơ đã giải quyết, was: {name: Hồ sơ đã giải quyết},",
    )
    open_again(settings).__exit__()


@pytest.mark.usefixtures("opened")
def test_totals_honour_the_version_of_each_report(home: Path, settings: GivenSettings) -> None:
    text = (home / FIRST).read_text().replace("version: 1", "version: 2")
    text = text.replace(
        "name: Hồ sơ đã giải quyết, unit: hồ sơ, columns: [planned, done, cumulative],",
        "name: Hồ sơ đã giải quyết, unit: nghìn hồ sơ, kind: decimal, "
        "was: {unit: hồ sơ, factor: 0.001, kind: integer}, columns: [planned, done, cumulative],",
    )
    moved = next(line for line in text.splitlines(keepends=True) if "HS-05" in line)
    added = moved.replace("HS-05", "HS-06").replace("applies: {levels: [huyen]}, ", "")
    sheet = (
        "  - id: khac\n    kind: indicators\n    name: 3. Khác\n    title: Việc khác\n    rows:\n"
        + added
    )
    second = next(line for line in text.splitlines(keepends=True) if "code: HS-03" in line)
    text = text.replace(second, "").replace("rules:\n", sheet + second + "rules:\n")
    text = text.replace("  sums:\n    - {total: HS-01, parts: [HS-02, HS-03]}\n", "")
    text = text.replace("  within:\n    - {part: HS-02, whole: HS-01}\n", "")
    (home / "config/forms/ngan-2.yaml").write_text(text)
    with open_again(settings) as office:
        _, duty = office.duty(REGIME, QUARTERLY)
        found = standings(office, at("2016-09-03"), regime=REGIME, duty=duty.id, period="2016-Q3")
        accepted = next(s.accepted for s in found if s.accepted)
        sent = {
            (f.row, f.column): f.value for f in office.ledger.figures([accepted.id])[accepted.id]
        }
        made = consolidation_of(office, duty, found[0].period.frequency, found)
        totals = {(row.code, row.column): row.value for row in made.summary.itertuples(index=False)}
    whole, late = sent["HS-01", "done"], sent["HS-03", "done"]
    assert isinstance(whole, int | float)
    assert totals["HS-01", "done"] == pytest.approx(whole / 1000)
    assert totals["HS-03", "done"] == late
    assert [note for note in made.notes if "1/1 báo cáo" in note and "HS-06" in note]
    cell = made.cells[(made.cells["code"] == "HS-03") & (made.cells["column"] == "done")]
    assert cell["cell"].iloc[0].startswith("1. Hồ sơ!")


@pytest.mark.usefixtures("opened")
def test_a_reminder_carries_the_workbook_that_is_asked_for(
    home: Path, settings: GivenSettings
) -> None:
    changed(home, "version: 1", "version: 2", "config/forms/ngan-2.yaml")
    with open_again(settings) as office:
        advance(office, REGIME, QUARTERLY, at("2016-09-07"))
        letters = office.ledger.post.letters(regime=REGIME, duty=QUARTERLY, period="2016-Q3")
        reminders = [one for one in letters if one.kind is Kind.REMINDER]
        carried = [office.archive.get(one.attachment_sha256 or "") for one in reminders]
    assert carried
    for data in carried:
        (said,) = identities_of(read(data))
        assert said.version == 2
