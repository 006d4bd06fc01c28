"""A small office: one regime, two duties, three agencies that report, a form of two sheets."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.demo.figures import Agencys, Figures
from kybaocao.demo.officer import filled
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.form.form import Form
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings, MailOptions
from kybaocao.steps.cycle.open_period import blank_workbook
from tests.conftest import OpenOffice
from tests.support import PATIENCE, ROOT

SMALL = ROOT / "tests" / "small"
REGIME, QUARTERLY, FORWARDED = "quang-nam", "bao-cao-quy", "so-tu-phap"
GO_LIVE = date(2016, 7, 1)


def at(day: str, hour: str = "07:00") -> datetime:
    """Return a time in Vietnam."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=VIETNAM)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with the small config and the real templates."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config").symlink_to(SMALL / "config")
    (folder / "templates").symlink_to(ROOT / "templates")
    return folder


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "letters") as caught:
        yield caught


@pytest.fixture
def settings(home: Path, catcher: MailCatcher) -> GivenSettings:
    mail = MailOptions(host=catcher.host, port=catcher.port, security="none", timeout=60)
    return GivenSettings(
        home=home, active={REGIME: GO_LIVE}, mail=mail, settle_seconds=0, rehearsal=True
    )


@pytest.fixture
def office(settings: GivenSettings, open_office: OpenOffice) -> Iterator[Office]:
    with open_office(settings) as opened:
        yield opened


Spoil = Callable[[Form, Figures], object]


def workbook(
    office: Office, agency: str, period: str = "2016-Q3", spoil: Spoil | None = None, **of: str
) -> bytes:
    """Return an agency's filled workbook, its figures spoiled by `spoil` before they are typed."""
    regime, duty = office.duty(of.get("regime", REGIME), of.get("duty", QUARTERLY))
    of_period = Period.parse(period)
    declared = regime.agencies[agency]
    duty, of_term = office.asked(regime, duty, of_period)
    form = office.config.form(duty.form).for_agency(declared)
    quarter = of_period if period[5:6] in "QM" else Period.parse(f"{period[:4]}-Q4")
    figures = Agencys(form, agency, seed=1).of(quarter, 2016)
    if spoil is not None:
        spoil(form, figures)
    _, blank = blank_workbook(office, regime, duty, of_term, agency)
    return filled(blank, form, figures, date(2016, 9, 12), declared.name)


def drop(office: Office, name: str, data: bytes) -> None:
    """Put a file into the drop folder."""
    (office.inbox.folder / name).write_bytes(data)


def killed(office: Office, act: str, now: datetime, when: str, call: str, count: int) -> None:
    """Let a child process `collect` or `send` until SIGKILL strikes it at that call."""
    settings = office.settings
    words = [act, str(settings.home), str(settings.mail.port), now.isoformat(), when, call]
    command = [sys.executable, "-m", "tests.steps.worker", *words, str(count)]
    done = subprocess.run(command, cwd=ROOT, timeout=PATIENCE, check=False)
    assert done.returncode == -signal.SIGKILL
