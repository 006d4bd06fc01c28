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
from kybaocao.adapters.regime_files import load
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.standing import State
from kybaocao.rules.errors import ConfigError
from kybaocao.rules.form_list.words import to_whom
from kybaocao.rules.regime.register import register
from kybaocao.rules.regime.wording import frequency_words
from kybaocao.rules.report.comparison import earlier
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings, MailOptions
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.cycle.days import days_ahead
from kybaocao.steps.intake.receive import collect
from kybaocao.steps.post.send import send_letters
from kybaocao.steps.standings import standings
from kybaocao.steps.view.board import Asked, board
from kybaocao.steps.view.calendar import entries
from tests.steps.conftest import at, drop, workbook
from tests.support import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`config/(regimes/tinh-moi/[^`]+)`:\n\n```\w+\n(.+?)```", README, re.S))
ADDED = "tinh-moi"


@pytest.fixture
def declared() -> dict[str, str]:
    """What a test adds beside the README's files: texts by name in config/."""
    return {}


@pytest.fixture
def office(tmp_path: Path, declared: dict[str, str]) -> Iterator[Office]:
    """An office with the shipped config and the README's regime, which is active."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    for name, text in (FILES | declared).items():
        path = tmp_path / "config" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    with MailCatcher(tmp_path / "letters") as catcher:
        mail = MailOptions(host=catcher.host, port=catcher.port, security="none", timeout=60)
        active = {ADDED: date(2026, 1, 5)}
        settings = GivenSettings(
            home=tmp_path, active=active, mail=mail, settle_seconds=0, rehearsal=True
        )
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


SHORT_FORM = (ROOT / "tests/small/config/forms/ngan.yaml").read_text(encoding="utf-8")
REGIME_FILE, AGENCIES, CONTACTS = FILES
MONTHLY = """\
  - id: bao-cao-thang
    name: Báo cáo tháng
    clause: Điều 5
    stated: ngày làm việc thứ hai sau ngày chốt số liệu hằng tháng
    reporters: {levels: [so], without: [so-noi-vu]}
    recipient: ubnd-tinh
    through: so-noi-vu
    handling: consolidate
    every: month
    which: [2, 3, 4]
    window: mid-month
    deadline: {after_cutoff: 2}
    opens: 5
    form: ngan
"""


def cycle(office: Office, duty: str, period: str, agency: str, days: tuple[str, str, str]) -> str:
    """Open a period, send the agency's report in, consolidate; return what was done."""
    opened, sent, closed = days
    done = advance(office, ADDED, duty, at(opened)).summary
    send_letters(office, lambda: at(opened))
    drop(office, f"{period}.xlsx", workbook(office, agency, period, regime=ADDED, duty=duty))
    collect(office, at(sent), at(sent))
    found = standings(office, at(closed), duty=duty, period=period)
    assert [s.standing.state for s in found if s.agency.code == agency] == [State.ACCEPTED]
    return f"{done}; {advance(office, ADDED, duty, at(closed)).summary}"


class TestAMonthlyDuty:
    """Nghị định 09/2019/NĐ-CP, điều 12: a month's data run from the 15th to the 14th."""

    DUTY = "bao-cao-thang"

    @pytest.fixture
    def declared(self) -> dict[str, str]:
        periods = "periods: [quarter]"
        assert periods in SHORT_FORM
        return {
            REGIME_FILE: FILES[REGIME_FILE] + MONTHLY,
            "forms/ngan.yaml": SHORT_FORM.replace(periods, "periods: [month]"),
        }

    def test_its_calendar(self, office: Office) -> None:
        regime = office.config.regimes[ADDED]
        found = entries(office.config, regime, date(2026, 1, 1), date(2026, 12, 31))
        assert [
            (e.period, e.period_label, f"{e.window_first}", f"{e.window_last}", f"{e.last_day}")
            for e in found
            if e.duty == f"{ADDED}/{self.DUTY}"
        ] == [
            ("2026-M02", "Tháng 02 năm 2026", "2026-01-15", "2026-02-14", "2026-02-24"),
            ("2026-M03", "Tháng 3 năm 2026", "2026-02-15", "2026-03-14", "2026-03-17"),
            ("2026-M04", "Tháng 4 năm 2026", "2026-03-15", "2026-04-14", "2026-04-16"),
        ]
        assert frequency_words(regime.duty(self.DUTY)) == "tháng 02, tháng 3 và tháng 4 hằng năm"

    def test_it_is_deployed_on_its_days(self, office: Office) -> None:
        regime, duty = office.duty(ADDED, self.DUTY)
        year = (date(2026, 1, 5), date(2026, 1, 5), date(2026, 12, 31))
        days = days_ahead(regime, duty, *year, office.config.calendar)
        # Tết takes the week before the first deadline.
        opening = {date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 9)}
        assert opening <= set(days)

    def test_its_cycle_runs_and_figures_go_on(self, office: Office) -> None:
        done = cycle(
            office, self.DUTY, "2026-M02", "so-tu-phap", ("2026-02-10", "2026-02-23", "2026-02-25")
        )
        assert "mở kỳ Tháng 02 năm 2026 cho 1 đơn vị" in done
        assert "tổng hợp 1/1 báo cáo" in done
        done = cycle(
            office, self.DUTY, "2026-M03", "so-tu-phap", ("2026-03-10", "2026-03-16", "2026-03-18")
        )
        assert "tổng hợp 1/1 báo cáo" in done
        regime, duty = office.duty(ADDED, self.DUTY)
        before, _ = earlier(regime, duty, Period.parse("2026-M03"))
        assert before is not None
        assert (before.period.id, before.is_adjacent) == ("2026-M02", True)
        shown = board(office, regime, Asked(self.DUTY), at("2026-03-18"))
        assert [t.title for t in shown.tallies] == [
            "Báo cáo tháng 3 năm 2026",
            "Báo cáo tháng 02 năm 2026",
        ]


class TestANewLevel:
    """A block of communes, between districts and communes: a row in levels.yaml."""

    @pytest.fixture
    def declared(self) -> dict[str, str]:
        levels = (ROOT / "config/levels.yaml").read_text(encoding="utf-8")
        row = "  - {id: cum-xa, heading: Cụm xã, name: cụm xã, word: cụm xã, known_as: [cụm xã]}\n"
        block = "cum-bac-son,Cụm xã Bắc Sơn,Cụm Bắc Sơn,cum-xa,ubnd-tinh,,,,Điều 6\n"
        post = "cum-bac-son,officer,vanthu@cum-bac-son.example,Văn thư\n"
        owing = "reporters: {levels: [so, xa], without: [so-noi-vu]}"
        return {
            "levels.yaml": levels.replace("  - id: xa\n", row + "  - id: xa\n"),
            REGIME_FILE: FILES[REGIME_FILE]
            .replace(owing, "reporters: {levels: [so, cum-xa], without: [so-noi-vu]}")
            .replace("form: sau-linh-vuc", "form: ngan"),
            AGENCIES: FILES[AGENCIES] + block,
            CONTACTS: FILES[CONTACTS] + post,
            "forms/ngan.yaml": SHORT_FORM.replace("levels: [huyen]", "levels: [cum-xa]"),
        }

    def test_its_cycle_runs(self, office: Office) -> None:
        days = ("2026-03-06", "2026-03-19", "2026-03-21")
        done = cycle(office, "bao-cao-quy", "2026-Q1", "cum-bac-son", days)
        assert "tổng hợp 1/2 báo cáo" in done
        book = office.ledger.consolidation(ADDED, "bao-cao-quy", "2026-Q1", "so-noi-vu")
        assert book is not None

    def test_its_rows_are_asked_of_it_alone(self, office: Office) -> None:
        agencies, form = office.config.regimes[ADDED].agencies, office.config.form("ngan")
        asked = {
            code: "HS-05" in {row.code for _, row in form.for_agency(agencies[code]).indicators()}
            for code in ("cum-bac-son", "so-tu-phap")
        }
        assert asked == {"cum-bac-son": True, "so-tu-phap": False}

    def test_it_stands_in_its_place(self, office: Office) -> None:
        advance(office, ADDED, "bao-cao-quy", at("2026-03-06"))
        regime = office.config.regimes[ADDED]
        shown = board(office, regime, Asked(level="cum-xa"), at("2026-03-10"))
        assert [level.id for level in shown.levels] == ["so", "cum-xa"]
        assert [(name, len(rows)) for name, rows in shown.groups] == [("Cụm xã", 1)]
        entry = register(regime, office.config.form_titles).duties[0]
        assert entry.who[:2] == ("Sở, ban, ngành (1 đơn vị)", "Cụm xã (1 đơn vị)")

    def test_an_indicator_list_may_name_it(self, office: Office) -> None:
        assert to_whom("các cụm xã; sở", office.config.levels) == (("cum-xa", "so"), (), ())


def test_a_level_that_is_not_declared_is_a_fault_wherever_it_stands(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "tests/small/config", config)
    regime, agencies = (config / "regimes/quang-nam" / n for n in ("regime.yaml", "agencies.csv"))
    for path, old in (
        (regime, "levels: [so, huyen"),
        (config / "forms/ngan.yaml", "levels: [huyen"),
    ):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, "levels: [cum", 1), encoding="utf-8")
    with agencies.open("a", encoding="utf-8") as table:
        table.write("cum-1,Cụm xã,Cụm,cum,,,,,Điều 1\n")
    with pytest.raises(ConfigError) as caught:
        load(config)
    known = "expected a level of levels.yaml (tinh, so, huyen, phong, xa), found 'cum'"
    places = [str(fault).partition(": ") for fault in caught.value.faults]
    assert [place.rpartition("/")[2].partition(":")[0] for place, _, said in places] == [
        *("ngan.yaml", "agencies.csv", "regime.yaml")
    ], places
    assert all(known in said for _, _, said in places)
