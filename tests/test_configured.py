"""One config for all processes: a good edit is taken by all, a faulty one stops nobody."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kybaocao import runtime
from kybaocao.cli import main
from kybaocao.portal.app import portal
from kybaocao.portal.desk import Looking
from kybaocao.rules.errors import ConfigError
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings, PortalOptions
from kybaocao.steps import access
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.view.status import overview
from tests.conftest import OpenOffice
from tests.steps.conftest import QUARTERLY, REGIME, SMALL, at, catcher
from tests.support import ROOT

__all__ = ["catcher"]
NAMED = "config/regimes/quang-nam/regime.yaml"
SITE = "https://baocao.tinh.example"
NOW = at("2016-09-05", "09:00")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    shutil.copytree(SMALL / "config", folder / "config")
    (folder / "templates").symlink_to(ROOT / "templates")
    return folder


@pytest.fixture
def settings(home: Path) -> GivenSettings:
    portal = PortalOptions(url=SITE)
    return GivenSettings(
        home=home, active={REGIME: at("2016-07-01").date()}, portal=portal, settle_seconds=0
    )


@pytest.fixture
def office(settings: GivenSettings, open_office: OpenOffice) -> Iterator[Office]:
    with open_office(settings) as opened:
        advance(opened, REGIME, QUARTERLY, NOW)
        yield opened


def half_save(home: Path) -> None:
    text = (home / NAMED).read_text(encoding="utf-8")
    (home / NAMED).write_text(text[: len(text) // 2] + "\n  - {half", encoding="utf-8")


def rename(home: Path) -> None:
    text = (home / NAMED).read_text(encoding="utf-8")
    assert "name: Báo cáo cải cách hành chính quý\n" in text
    text = text.replace("name: Báo cáo cải cách hành chính quý\n", "name: Báo cáo mới\n")
    (home / NAMED).write_text(text, encoding="utf-8")


def test_a_half_saved_file_keeps_the_last_good_config_and_is_told(
    home: Path, settings: GivenSettings, office: Office
) -> None:
    half_save(home)
    for patient in (False, True):
        with runtime.office(settings, patient=patient) as again:
            assert again.duty(REGIME, QUARTERLY) == office.duty(REGIME, QUARTERLY)
            assert advance(again, REGIME, QUARTERLY, NOW).acts == []
            (told,) = [line for line in overview(again, NOW).waiting if "Cấu hình" in line]
    assert f"{NAMED}:" in told
    logged = [event.act for event in office.ledger.events(subject=REGIME)]
    assert logged == ["config-refused"], "told once, however many processes look"


def test_a_good_edit_is_taken_and_the_fault_forgotten(
    home: Path, settings: GivenSettings, office: Office
) -> None:
    good = (home / NAMED).read_text(encoding="utf-8")
    half_save(home)
    refused = office.refreshed()
    assert refused.refused is not None
    (home / NAMED).write_text(good, encoding="utf-8")
    assert refused.refreshed().refused is None
    rename(home)
    taken = refused.refreshed()
    assert (taken.refused, taken.duty(REGIME, QUARTERLY)[1].name) == (None, "Báo cáo mới")
    with runtime.office(settings, patient=True) as again:
        assert again.config_mark == taken.config_mark
    acts = [event.act for event in office.ledger.events(subject=REGIME)]
    assert acts == ["config-refused", "config-taken"]


def test_an_edit_of_several_files_is_left_alone_until_it_has_settled(
    home: Path, settings: GivenSettings, office: Office
) -> None:
    slow = settings.model_copy(update={"settle_seconds": 3600})
    rename(home)
    assert replace(office, settings=slow).refreshed().config_mark == office.config_mark
    with runtime.office(slow, patient=True) as again:
        assert again.duty(REGIME, QUARTERLY)[1].name != "Báo cáo mới"
    with runtime.office(slow) as asked_by_a_person:
        assert asked_by_a_person.duty(REGIME, QUARTERLY)[1].name == "Báo cáo mới"


def test_pages_show_the_fault_and_then_the_edit_without_a_restart(
    home: Path, office: Office
) -> None:
    app = portal(office, lambda: NOW)
    app.state.desk = replace(app.state.desk, looking=Looking(every=0))
    with TestClient(app, base_url=SITE) as client:
        address = office.ledger.contacts(REGIME, agency="so-noi-vu")[0].address
        client.get(access.issue_link(office, REGIME, "so-noi-vu", address, "/", NOW))
        client.post(access.issue_link(office, REGIME, "so-noi-vu", address, "/", NOW))
        good = (home / NAMED).read_text(encoding="utf-8")
        half_save(home)
        page = client.get("/tong-hop").text
        assert "Cấu hình vừa sửa có lỗi" in page
        (home / NAMED).write_text(good, encoding="utf-8")
        rename(home)
        page = client.get("/tong-hop").text
        assert "Cấu hình vừa sửa có lỗi" not in page
        assert "Báo cáo mới" in page


@pytest.mark.usefixtures("office")
def test_the_flows_of_a_process_that_goes_on_take_the_edit(
    home: Path, settings: GivenSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import desk

    monkeypatch.setattr(desk, "handed_settings", lambda: settings)
    desk._held.cache_clear()
    try:
        assert desk.office().duty(REGIME, QUARTERLY)[1].name != "Báo cáo mới"
        rename(home)
        assert desk.office().duty(REGIME, QUARTERLY)[1].name == "Báo cáo mới"
    finally:
        desk.office().__exit__()
        desk._held.cache_clear()


@pytest.mark.usefixtures("office")
def test_the_command_says_what_the_services_say(
    home: Path,
    settings: GivenSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(runtime, "read_settings", lambda: settings)
    assert main(["config"]) == 0
    assert "Cấu hình đúng" in capsys.readouterr().out
    before = {p: p.read_bytes() for p in (home / "data").rglob("*") if p.is_file()}
    half_save(home)
    assert main(["config"]) == 1
    assert f"{NAMED}:" in capsys.readouterr().err
    assert {p: p.read_bytes() for p in (home / "data").rglob("*") if p.is_file()} == before


def test_without_a_config_that_was_ever_good_nothing_starts(
    home: Path, settings: GivenSettings
) -> None:
    half_save(home)
    with pytest.raises(ConfigError, match=NAMED):
        runtime.office(settings)
    assert not (home / "data").exists()


def test_an_active_regime_that_is_gone_is_a_fault(
    home: Path, settings: GivenSettings, office: Office
) -> None:
    shutil.rmtree(home / "config" / "regimes" / REGIME)
    with runtime.office(settings) as again:
        assert again.refused is not None
        assert again.regime(REGIME) == office.regime(REGIME)


def test_a_stop_between_two_writes_leaves_the_last_good_config(
    home: Path, settings: GivenSettings, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Path, target: object) -> Path:
        raise KeyboardInterrupt

    rename(home)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            runtime.office(settings)
    half_save(home)
    with runtime.office(settings) as again:
        assert again.duty(REGIME, QUARTERLY) == office.duty(REGIME, QUARTERLY)
    assert not list((home / "data").glob(".new-*"))
