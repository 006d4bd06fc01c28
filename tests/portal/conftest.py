"""The small office of the steps' tests, with its web pages."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.portal.app import portal
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings, MailOptions, PortalOptions
from kybaocao.steps import access
from kybaocao.steps.cycle.cycle import advance
from tests.steps.conftest import GO_LIVE, QUARTERLY, REGIME, at, catcher, home, office

__all__ = ["catcher", "home", "office"]

SITE = "https://baocao.tinh.example"
TODAY = at("2016-09-05", "09:00")


class Clock:
    """A clock that the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def settings(home: Path, catcher: MailCatcher) -> GivenSettings:
    mail = MailOptions(host=catcher.host, port=catcher.port, security="none", timeout=60)
    return GivenSettings(
        home=home,
        active={REGIME: GO_LIVE},
        mail=mail,
        portal=PortalOptions(url=SITE),
        settle_seconds=0,
        rehearsal=True,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock(TODAY)


@pytest.fixture
def opened(office: Office) -> Office:
    """The office with the third quarter's reports open."""
    advance(office, REGIME, QUARTERLY, TODAY)
    return office


Visit = Callable[[], TestClient]


@pytest.fixture
def visit(office: Office, clock: Clock) -> Iterator[Visit]:
    """Gives browsers of the portal, each without anything to show yet."""
    app = portal(office, clock)
    clients: list[TestClient] = []

    def new() -> TestClient:
        client = TestClient(app, base_url=SITE, follow_redirects=True, raise_server_exceptions=True)
        clients.append(client)
        return client

    yield new
    for client in clients:
        client.close()


SignIn = Callable[..., TestClient]


@pytest.fixture
def sign_in(office: Office, clock: Clock, visit: Visit) -> SignIn:
    """Gives a browser in which an address is signed in for an agency, as by a letter's link."""

    def signed(agency: str, address: str = "", path: str = "/") -> TestClient:
        contacts = [c for c in office.ledger.contacts(REGIME) if c.agency == agency]
        address = address or contacts[0].address
        link = access.issue_link(office, REGIME, agency, address, path, clock())
        browser = visit()
        assert browser.post(link.removeprefix(SITE), follow_redirects=False).status_code == 303
        return browser

    return signed


def csrf(page: str) -> str:
    """Return the word that a page's forms bring."""
    found = re.search(r'name="_csrf" value="([0-9a-f]+)"', page)
    assert found is not None, page
    return found[1]
