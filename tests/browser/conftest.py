"""A real browser before the real portal, over https, with nothing else to reach."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.portal.app import portal
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings, MailOptions, PortalOptions
from kybaocao.steps import access
from tests.portal.conftest import Clock, clock, opened
from tests.steps.conftest import GO_LIVE, REGIME, catcher, home, office
from tests.support import PATIENCE, need_program

__all__ = ["catcher", "clock", "home", "office", "opened"]

HOST = "127.0.0.1"
PATIENCE_MS = 60_000.0
expect.set_options(timeout=PATIENCE_MS)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
)
# What a browser says of an answer that refuses; answers are looked at themselves.
REFUSED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(scope="package")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that it signed itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "portal.pem", folder / "portal.key"
    asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "2", "-subj", "/CN=portal", "-addext", f"subjectAltName=IP:{HOST}"]
    command = [need_program("openssl"), *asked, *names, "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return made, key


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser; it ends with this package, since nothing else may run a loop beside it."""
    program = need_program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=FLAGS, timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket on a free port, held until the portal takes it."""
    with socket.create_server((HOST, 0)) as held:
        yield held


@pytest.fixture
def site(listening: socket.socket) -> str:
    """The portal's address."""
    return f"https://{HOST}:{listening.getsockname()[1]}"


@pytest.fixture
def settings(home: Path, catcher: MailCatcher, site: str) -> GivenSettings:
    mail = MailOptions(host=catcher.host, port=catcher.port, security="none", timeout=60)
    return GivenSettings(
        home=home,
        active={REGIME: GO_LIVE},
        mail=mail,
        portal=PortalOptions(url=site),
        settle_seconds=0,
        rehearsal=True,
    )


@pytest.fixture
def served(
    office: Office, clock: Clock, listening: socket.socket, certificate: tuple[Path, Path]
) -> Iterator[Office]:
    """The office with its portal being served."""
    made, key = certificate
    server = uvicorn.Server(
        uvicorn.Config(
            portal(office, clock),
            ssl_certfile=made,
            ssl_keyfile=key,
            access_log=False,
            server_header=False,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
    )
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    serving.start()
    end = time.monotonic() + PATIENCE
    while not server.started and serving.is_alive() and time.monotonic() < end:
        time.sleep(0.01)
    assert server.started
    yield office
    server.should_exit = True
    serving.join()


Window = Callable[..., BrowserContext]


@pytest.fixture
def window(chromium: Browser, served: Office, site: str) -> Iterator[Window]:
    """Gives browser windows that share nothing; options are those of a Playwright context.

    The test fails if a page asks for anything that is not the portal's, or complains.
    """
    opened: list[BrowserContext] = []
    strange: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{site}/", "data:")):
            strange.append(f"asks for {request.url}")

    def answered(response: Response) -> None:
        most = 500 if response.request.resource_type in ("document", "xhr") else 400
        if response.status >= most:
            strange.append(f"gets {response.status} for {response.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED):
            strange.append(f"says {message.text}")

    def new(**options: Any) -> BrowserContext:
        options = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", **options}
        context = chromium.new_context(base_url=site, ignore_https_errors=True, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", asked)
        context.on("response", answered)
        context.on("console", said)
        context.on("weberror", lambda error: strange.append(f"breaks: {error.error}"))
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
    assert not strange


Enter = Callable[..., Page]


@pytest.fixture
def enter(served: Office, clock: Clock, window: Window) -> Enter:
    """Gives a page on which somebody is signed in for an agency, as by a letter's link."""

    def entered(agency: str, address: str = "", path: str = "/", **options: Any) -> Page:
        contacts = [c for c in served.ledger.contacts(REGIME) if c.agency == agency]
        address = address or contacts[0].address
        page = window(**options).new_page()
        page.goto(access.issue_link(served, REGIME, agency, address, path, clock()))
        page.get_by_role("button", name="Vào hệ thống").click()
        page.wait_for_load_state()
        return page

    return entered
