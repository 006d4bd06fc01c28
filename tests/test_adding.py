"""The README's example: a regime is added by YAML and CSV alone, and its cycle runs."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from flows.deployments import of_duties
from kybaocao import runtime
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.rules.obligation import State
from kybaocao.runtime import GivenSettings, MailOptions, Office
from kybaocao.steps.calendar import entries
from kybaocao.steps.cycle import advance
from kybaocao.steps.receive import collect
from kybaocao.steps.send import send_letters
from kybaocao.steps.standings import standings
from tests.steps.conftest import at, drop, workbook

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`config/(regimes/tinh-moi/[^`]+)`:\n\n```\w+\n(.+?)```", README, re.S))
ADDED = "tinh-moi"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with the shipped config and the README's regime, which is active."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    for name, text in FILES.items():
        path = tmp_path / "config" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    with MailCatcher(tmp_path / "letters") as catcher:
        mail = MailOptions(host=catcher.host, port=catcher.port, security="none", timeout=60)
        active = {ADDED: date(2026, 1, 5)}
        settings = GivenSettings(home=tmp_path, active=active, mail=mail, settle_seconds=0)
        with runtime.office(settings) as opened:
            yield opened


def test_the_example_is_three_files() -> None:
    assert [name.rpartition("/")[2] for name in FILES] == [
        *("regime.yaml", "agencies.csv", "contacts.csv")
    ]


def test_the_calendar_that_follows(office: Office) -> None:
    """Điều 2: the fifth working day after the cut-off; Điều 3: before 20/11/2026, once."""
    regime = office.config.regimes[ADDED]
    found = entries(office.config, regime, date(2026, 1, 1), date(2026, 12, 31))
    assert [(e.duty, e.period, e.last_day.isoformat()) for e in found] == [
        ("tinh-moi/bao-cao-quy", "2026-Q1", "2026-03-20"),
        ("tinh-moi/bao-cao-quy", "2026-Q2", "2026-06-19"),
        ("tinh-moi/bao-cao-quy", "2026-Q3", "2026-09-21"),
        ("tinh-moi/bao-cao-quy", "2026-Q4", "2026-12-21"),
        ("tinh-moi/so-ket-thi-diem", "2026-once", "2026-11-19"),
    ]


def test_what_recurs_is_deployed(office: Office) -> None:
    found = of_duties(
        office.config.regimes, office.active, date(2026, 1, 5), office.config.calendar
    )
    assert [(d.full_name, bool(d.schedules)) for d in found] == [("tinh-moi/bao-cao-quy", True)]


def test_its_cycle_runs(office: Office) -> None:
    def carry(day: str) -> str:
        return advance(office, ADDED, "bao-cao-quy", at(day)).summary

    assert carry("2026-03-06") == "mở kỳ Quý I năm 2026 cho 1 đơn vị"
    send_letters(office, lambda: at("2026-03-06"))
    data = workbook(office, "so-tu-phap", "2026-Q1", regime=ADDED, duty="bao-cao-quy")
    drop(office, "so-tu-phap.xlsx", data)
    collect(office, at("2026-03-19"), at("2026-03-19"))
    (stands,) = standings(office, at("2026-03-20"))
    assert stands.standing.state is State.ACCEPTED
    done = advance(office, ADDED, "bao-cao-quy", at("2026-03-21"))
    assert "tổng hợp 1/1 báo cáo" in done.summary
    assert office.ledger.consolidation(ADDED, "bao-cao-quy", "2026-Q1", "so-noi-vu") is not None
