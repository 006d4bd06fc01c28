"""What an installation decides: the environment and config/kybaocao.toml."""

import json
import os
import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.regime.address import checked

CHECKOUT = Path(__file__).resolve().parent.parent


SETTINGS_FILE = Path("config/kybaocao.toml")


PREFIX = "KYBAOCAO_"


DATABASES = ("sqlite", "postgresql+psycopg")


NO_DATABASE = (None, "", ":memory:")


class SettingsError(KyBaoCaoError):
    """Settings that cannot be used; the text names each, for the operator."""


def _number(given: Any) -> Any:
    """Return a number from the environment as the file gives it, else what was given."""
    try:
        return float(given) if isinstance(given, str) else given
    except ValueError:
        return given


def _from_json(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise ValueError('expected regimes and first days: {"quang-nam": "2016-06-02"}') from None


def _span_of_a_day(given: str) -> str:
    """Return `07:00-18:00` as it was given. Raises ValueError for anything else."""
    found = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", given)
    if found is None or given[:5] >= given[6:]:
        raise ValueError("expected hours like 07:00-18:00")
    return given


Span = Annotated[timedelta, BeforeValidator(_number), Field(ge=timedelta(minutes=5))]
Interval = Annotated[timedelta, BeforeValidator(_number), Field(ge=timedelta(seconds=5))]


class MailOptions(BaseModel):
    """The outgoing mail server. Without a `host`, letters stay queued."""

    model_config = ConfigDict(extra="forbid")

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: Annotated[str, AfterValidator(checked)] = "baocao@kybaocao.example"
    sender_name: str = "Bộ phận tổng hợp báo cáo cải cách hành chính"
    how_to_send: str = ""
    attach_calendar: bool = False
    ca_file: Path | None = None
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 30
    hours: Annotated[str, AfterValidator(_span_of_a_day)] = "07:00-18:00"

    @property
    def span(self) -> tuple[time, time]:
        """From when, and until when, letters leave on a working day."""
        first, _, last = self.hours.partition("-")
        return time.fromisoformat(first), time.fromisoformat(last)


class PortalOptions(BaseModel):
    """The web pages. Without a `url`, under which agencies reach them, letters carry no links."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(pattern=r"^(https?://[^/\s?#@]+)?$")] = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    certificate: Path | None = None
    key: Path | None = None
    # Filling in a workbook takes an officer a day; who decides about everyone's leaves less open.
    idle: Span = timedelta(hours=12)
    overseer_idle: Span = timedelta(hours=2)
    # The proxies, as addresses or networks, whose word about who is asking is taken.
    trusted_proxies: tuple[str, ...] = ()


class Settings(BaseSettings):
    """What an installation decides: KYBAOCAO_… in the environment, or config/kybaocao.toml."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True, extra="forbid"
    )

    home: Path = CHECKOUT
    data: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    active: Annotated[dict[str, date], NoDecode, BeforeValidator(_from_json)] = {}
    mail: Annotated[MailOptions, NoDecode] = MailOptions()
    portal: Annotated[PortalOptions, NoDecode] = PortalOptions()
    reading_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 20
    reading_memory_mib: Annotated[int, Field(ge=64)] = 1024
    largest_file_mib: Annotated[int, Field(ge=1)] = 50
    rehearsal: bool = False
    settle_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 5
    intake_every: Interval = timedelta(minutes=1)
    sending_every: Interval = timedelta(minutes=1)
    prefect_port: Annotated[int, Field(ge=1, le=65535)] = 4200

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = home_folder() / SETTINGS_FILE
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().resolve()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        if not (given := url.get_secret_value()):
            return url
        try:
            asked = make_url(given)
        except (ArgumentError, ValueError):
            asked = None
        # SQLite without a file would forget everything.
        if asked is None or asked.drivername not in DATABASES or asked.database in NO_DATABASE:
            raise ValueError("expected sqlite:///file or postgresql+psycopg://user@host/name")
        if asked.get_backend_name() == "postgresql" and find_spec("psycopg") is None:
            raise ValueError("PostgreSQL needs one more package: pip install -e '.[postgresql]'")
        return url

    @property
    def data_folder(self) -> Path:
        """Where the program writes: `data`, seen from the home folder."""
        return self.home / self.data.expanduser()

    @property
    def ledger_url(self) -> str:
        """The ledger's SQLAlchemy URL: SQLite in the data folder unless one is set."""
        given = self.database_url.get_secret_value()
        return given or f"sqlite:///{self.data_folder / 'kybaocao.db'}"


class GivenSettings(Settings):
    """Settings that no file and no environment can change."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def home_folder() -> Path:
    """Return the folder of config/, templates/ and flows/: KYBAOCAO_HOME or the checkout."""
    return Path(os.environ.get("KYBAOCAO_HOME") or CHECKOUT).expanduser().resolve()


def read_settings() -> Settings:
    """Return the settings in force. Raises SettingsError naming every one that is wrong."""
    faults = list(_unknown_variables())
    try:
        settings = Settings(home=home_folder())
    except ValidationError as error:
        faults += [_fault(f["loc"], f["msg"]) for f in error.errors(include_input=False)]
    except (OSError, ValueError) as error:
        faults.append(f"{SETTINGS_FILE}: cannot be read: {error}")
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _unknown_variables() -> Iterator[str]:
    """Yield a fault for each variable that looks like a setting and is none."""
    for variable in sorted(os.environ):
        name = variable.removeprefix(PREFIX)
        if name == variable or name.startswith("TEST_"):
            continue
        if name.lower().split("__")[0] not in Settings.model_fields:
            yield f"{variable}: there is no such setting"


def _fault(place: tuple[int | str, ...], message: str) -> str:
    key = ".".join(map(str, place))
    variable = PREFIX + "__".join(map(str, place)).upper()
    if place[0] == "active":
        variable = f"{PREFIX}ACTIVE"
    if message.startswith("Extra inputs"):
        return f"setting {key} ({variable}): there is no such setting"
    words = message.removeprefix("Value error, ").replace("Input should be", "expected")
    return f"setting {key} ({variable}): {words}"
