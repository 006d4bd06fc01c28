"""Settings: documented, read from the environment and one file, and refused all at once."""

import os
import re
import shutil
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from kybaocao import runtime
from kybaocao.adapters.ledger import LedgerError
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.errors import ConfigError, KyBaoCaoError
from kybaocao.settings import MailOptions, PortalOptions, Settings, SettingsError, read_settings
from tests.support import ROOT

HOME = ROOT
EXAMPLE = HOME / "config" / "kybaocao.example.toml"
PASSWORD = "mật-khẩu-bí-mật"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with the config that we ship, no settings, and an empty environment."""
    for name in [n for n in os.environ if n.startswith("KYBAOCAO_")]:
        monkeypatch.delenv(name)
    shutil.copytree(HOME / "config", tmp_path / "config")
    (tmp_path / "config" / "kybaocao.toml").unlink(missing_ok=True)
    (tmp_path / "templates").symlink_to(HOME / "templates")
    monkeypatch.setenv("KYBAOCAO_HOME", str(tmp_path))
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / "config" / "kybaocao.toml").write_text(text, encoding="utf-8")


def refused() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings()
    return str(caught.value).splitlines()


# The example


def example() -> tuple[str, dict[str, Any]]:
    text = EXAMPLE.read_text(encoding="utf-8")
    return text, tomllib.loads(re.sub(r"(?m)^#(?=[a-z])", "", text))


def settings_of(model: type[BaseModel]) -> dict[str, Any]:
    return {name: field.default for name, field in model.model_fields.items()}


def test_the_example_gives_every_setting_with_its_default() -> None:
    _, given = example()
    mail, portal = given.pop("mail"), given.pop("portal")
    assert set(given) == set(settings_of(Settings)) - {"home", "mail", "portal"}
    assert set(mail) == set(settings_of(MailOptions))
    assert set(portal) == set(settings_of(PortalOptions))
    assert set(given.pop("active")) == {"quang-nam"}
    assert mail.pop("ca_file") and portal.pop("certificate") and portal.pop("key")
    shown = Settings(**given, mail=mail, portal=portal)
    assert shown == Settings()


def test_the_example_describes_every_setting_and_names_its_variable() -> None:
    text, _ = example()
    groups = {"mail": MailOptions, "portal": PortalOptions}
    alone = [n for n in settings_of(Settings) if n != "home" and n not in groups]
    names = [f"KYBAOCAO_{n.upper()}" for n in alone]
    for group, options in groups.items():
        names += [f"KYBAOCAO_{group}__{n}".upper() for n in settings_of(options)]
    found = re.findall(r"(?m)^# \[(\w+)\] [A-Z][^.]{10,}\.?", text)
    assert sorted(found) == sorted(names)
    assert "KYBAOCAO_HOME" in text


def test_the_example_itself_changes_nothing(home: Path) -> None:
    before = read_settings()
    shutil.copy(EXAMPLE, home / "config" / "kybaocao.toml")
    assert read_settings() == before


# Where settings come from


def test_without_anything_set_the_ledger_is_a_file_in_the_data_folder(home: Path) -> None:
    settings = read_settings()
    assert settings.home == home
    assert settings.data_folder == home / "data"
    assert settings.ledger_url == f"sqlite:///{home / 'data' / 'kybaocao.db'}"
    assert settings.active == {}


def test_the_environment_wins_over_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        home,
        'data = "from-file"\nsettle_seconds = 9\n[active]\nquang-nam = 2016-07-01\n'
        '[mail]\nhost = "file.example"\nport = 25\n',
    )
    monkeypatch.setenv("KYBAOCAO_DATA", "/var/lib/kybaocao")
    monkeypatch.setenv("KYBAOCAO_MAIL__HOST", "environment.example")
    monkeypatch.setenv("KYBAOCAO_ACTIVE", '{"bac-giang": "2013-01-01"}')
    monkeypatch.setenv("KYBAOCAO_INTAKE_EVERY", "90")
    settings = read_settings()
    assert settings.data_folder == Path("/var/lib/kybaocao")
    assert settings.settle_seconds == 9
    assert (settings.mail.host, settings.mail.port) == ("environment.example", 25)
    assert settings.active == {"bac-giang": date(2013, 1, 1)}
    assert settings.intake_every == timedelta(seconds=90)


def test_an_empty_variable_counts_as_not_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, "prefect_port = 4300\n")
    for name in ("PREFECT_PORT", "MAIL__CA_FILE", "ACTIVE"):
        monkeypatch.setenv(f"KYBAOCAO_{name}", "")
    settings = read_settings()
    assert settings.prefect_port == 4300
    assert settings.mail.ca_file is None


def test_now_is_in_vietnam() -> None:
    assert runtime.now().tzinfo is VIETNAM


# What is refused


def test_everything_wrong_is_named_in_one_go(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, 'dta = "x"\nprefect_port = 0\n[mail]\nsecurity = "ssl"\npasword = "x"\n')
    monkeypatch.setenv("KYBAOCAO_SETTLE_SECONDS", "năm")
    monkeypatch.setenv("KYBAOCAO_INTAKE_EVERY", "1")
    monkeypatch.setenv("KYBAOCAO_ACTIVE", "quang-nam")
    monkeypatch.setenv("KYBAOCAO_DATABASE_URL", "mysql://u:geheim@h/n")
    monkeypatch.setenv("KYBAOCAO_DATABSE_URL", "sqlite:///x")
    monkeypatch.setenv("KYBAOCAO_MAIL__SENDER", "nobody")
    faults = refused()
    assert sorted(f.split(": ")[0] for f in faults) == sorted(
        [
            "KYBAOCAO_DATABSE_URL",
            "setting active (KYBAOCAO_ACTIVE)",
            "setting database_url (KYBAOCAO_DATABASE_URL)",
            "setting dta (KYBAOCAO_DTA)",
            "setting intake_every (KYBAOCAO_INTAKE_EVERY)",
            "setting mail.pasword (KYBAOCAO_MAIL__PASWORD)",
            "setting mail.security (KYBAOCAO_MAIL__SECURITY)",
            "setting mail.sender (KYBAOCAO_MAIL__SENDER)",
            "setting prefect_port (KYBAOCAO_PREFECT_PORT)",
            "setting settle_seconds (KYBAOCAO_SETTLE_SECONDS)",
        ]
    )
    assert "expected 'none', 'starttls' or 'tls'" in "\n".join(faults)
    assert "geheim" not in "\n".join(faults)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[active]\nquang-nam = 'mai'\n", "setting active.quang-nam (KYBAOCAO_ACTIVE): expected a"),
        ("mail = 'smtp.example'\n", "setting mail (KYBAOCAO_MAIL): expected a valid dictionary"),
        ("data\n", "config/kybaocao.toml: cannot be read: Expected '='"),
    ],
)
def test_a_wrong_file_is_said(home: Path, text: str, expected: str) -> None:
    write(home, text)
    (fault,) = refused()
    assert fault.startswith(expected)


def test_a_file_in_another_encoding_is_said(home: Path) -> None:
    (home / "config" / "kybaocao.toml").write_bytes("data = 'dữ liệu'".encode("utf-16"))
    (fault,) = refused()
    assert fault.startswith("config/kybaocao.toml: cannot be read:")


@pytest.mark.parametrize("value", ["smtp.example", "{"])
def test_mail_in_one_variable_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KYBAOCAO_MAIL", value)
    (fault,) = refused()
    assert fault.startswith("setting mail (KYBAOCAO_MAIL): ")


def test_a_regime_that_does_not_exist_is_named(home: Path) -> None:
    write(home, "[active]\nquang-nam = 2016-07-01\nha-noi = 2016-07-01\n")
    with pytest.raises(SettingsError, match=r"no regime ha-noi; known: an-giang, .*, quang-nam$"):
        runtime.office()


def test_a_data_folder_that_cannot_be_made_is_said(home: Path) -> None:
    (home / "data").write_text("a file")
    with pytest.raises(SettingsError, match=r"^setting data \(KYBAOCAO_DATA\): "):
        runtime.office()


# Secrets


def test_passwords_are_never_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"postgresql+psycopg://kybaocao:{PASSWORD}@127.0.0.1:1/kybaocao"
    monkeypatch.setenv("KYBAOCAO_DATABASE_URL", url)
    monkeypatch.setenv("KYBAOCAO_MAIL__PASSWORD", PASSWORD)
    settings = read_settings()
    assert settings.ledger_url == url
    assert settings.mail.password == SecretStr(PASSWORD)
    shown = [repr(settings), str(settings), f"{settings.mail}", settings.model_dump_json()]
    with pytest.raises(LedgerError) as caught:
        runtime.office()
    shown.append(str(caught.value))
    monkeypatch.setenv("KYBAOCAO_PREFECT_PORT", "0")
    monkeypatch.setenv("KYBAOCAO_MAIL__PORT", PASSWORD)
    shown.append("\n".join(refused()))
    for text in shown:
        assert PASSWORD not in text


# The office


def test_an_office_is_made_ready_and_closed(home: Path) -> None:
    write(home, "[active]\nquang-nam = 2016-07-01\n")
    with runtime.office() as office:
        assert (home / "data" / "inbox").is_dir()
        assert office.go_live("quang-nam") == date(2016, 7, 1)
        assert len(office.ledger.contacts("quang-nam")) > 40
        assert office.ledger.contacts("bac-giang") == []
        regime, duty = office.duty("bac-giang", "so-tu-phap")
        assert (regime.id, duty.id) == ("bac-giang", "so-tu-phap")
    with runtime.office() as again:
        assert len(again.ledger.contacts("quang-nam")) > 40


def test_what_an_office_does_not_know_is_one_sentence(home: Path) -> None:
    with runtime.office() as office:
        with pytest.raises(KyBaoCaoError, match=r"no regime 'ha-noi' .*: an-giang, .*, quang-nam"):
            office.regime("ha-noi")
        with pytest.raises(KyBaoCaoError, match=r"no duty 'bac-giang/x': bac-giang/bao-"):
            office.duty("bac-giang", "x")
        with pytest.raises(KyBaoCaoError, match=r"'bac-giang' is not active"):
            office.go_live("bac-giang")
        with pytest.raises(KyBaoCaoError, match="KYBAOCAO_MAIL__HOST"):
            office.mailer()


def test_broken_config_stops_the_office_before_it_writes(home: Path) -> None:
    (home / "config" / "forms" / "cchc-quy.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(ConfigError):
        runtime.office()
    assert not (home / "data").exists()
