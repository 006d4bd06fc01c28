"""What one agency may reach: nothing of another's, whatever route, id, name or form is tried."""

import os
import random
import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from kybaocao.adapters.ledger import Owed
from kybaocao.demo.officer import wrong_sum
from kybaocao.portal.app import ROOMS
from kybaocao.rules.regime.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.steps.intake import papers
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from tests.portal.conftest import Clock, SignIn, Visit, csrf
from tests.steps.conftest import QUARTERLY, workbook

REQUESTS = int(os.environ.get("KYBAOCAO_TEST_REQUESTS", "50"))
AT_ONCE = 5
MINE, THEIRS = "so-tu-phap", "so-tai-chinh"
ROUTES = [r for room in ROOMS for r in room.router.routes if isinstance(r, APIRoute)]
NASTY = (
    "0",
    "-1",
    "2147483648",
    "9" * 30,
    "1.5",
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "%E2%80%AEgnp.exe",
    "x%0d%0aSet-Cookie:%20a=b",
    "a" * 255,
    "' OR 1=1 --",
    "{{7*7}}",
    "2016-Q3",
    QUARTERLY,
)
TEXTS = (
    "",
    "\x00",
    "\u202egpj.exe",
    "../../etc/passwd",
    "a\r\nSet-Cookie: x=y",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "9" * 400,
    "ả" * 255,
    "2016-09-20",
    THEIRS,
    f"{QUARTERLY}/2016-Q3",
)


@pytest.fixture
def theirs(opened: Office, clock: Clock) -> Owed:
    """Another agency's report: a returned and an accepted version, and a paper beside them."""
    (owed,) = opened.ledger.owed(agency=THEIRS)
    for spoil in (wrong_sum, None):
        data = workbook(opened, THEIRS, spoil=spoil)
        receive(opened, Incoming(data, "bi-mat.xlsx", "folder", clock()), clock())
    papers.attach(opened, b"%PDF-1.7 bi mat", "bi-mat.pdf", owed, Paper.SIGNED, clock())
    receive(opened, Incoming(b"%PDF-1.7 cho", "bi-mat-cho.pdf", "folder", clock()), clock())
    return owed


def ids(office: Office, owed: Owed) -> dict[str, list[int]]:
    """Return the ids of another agency's things by the name of the address's part."""
    versions = office.ledger.versions([owed])[owed.id]
    documents = office.ledger.rulings.documents(obligation_id=owed.id)
    return {
        "report_id": [owed.id],
        "submission_id": [v.id for v in versions],
        "document_id": [d.id for d in documents],
        "number": [s.id for s in office.ledger.unknown()],
    }


def paths(route: APIRoute, known: dict[str, list[int]]) -> Iterator[str]:
    """Yield a route's addresses of another agency's things."""
    names = re.findall(r"\{(\w+)\}", route.path)
    for n in range(2):
        path = route.path
        for name in names:
            values = [str(v) for v in known.get(name, ())] or [THEIRS]
            path = path.replace(f"{{{name}}}", values[n % len(values)])
        yield path


def spoken(browser: TestClient, method: str, path: str, form: dict[str, str]) -> str:
    """Return all that an answer says, its headers included; nothing may break the server."""
    answer = browser.request(method, path, data=form if method == "POST" else None)
    assert answer.status_code < 500, (method, path)
    return str(dict(answer.headers)) + answer.content.decode("latin-1")


def test_every_route_is_closed_to_who_is_not_signed_in(
    opened: Office, theirs: Owed, visit: Visit
) -> None:
    known = ids(opened, theirs)
    for route in ROUTES:
        if route.path in ("/dang-nhap", "/vao/{secret}"):
            continue
        for method in route.methods or ():
            for path in paths(route, known):
                answer = visit().request(method, path, follow_redirects=False)
                expected = (303, 404) if method == "GET" else (401, 404)
                assert answer.status_code in expected, (method, path)
                assert answer.headers.get("location", "/dang-nhap").startswith("/dang-nhap")


def test_another_agencys_things_are_not_there_whatever_the_route(
    opened: Office, theirs: Owed, sign_in: SignIn
) -> None:
    browser, known = sign_in(MINE), ids(opened, theirs)
    word = csrf(browser.get("/bao-cao").text)
    before = opened.ledger.versions([theirs])
    for route in ROUTES:
        if "{" not in route.path or route.path == "/vao/{secret}":
            continue
        for method in route.methods or ():
            for path in paths(route, known):
                form = {"_csrf": word, "ly_do": "x", "den_ngay": "2016-09-20", "xac_nhan": "1"}
                answer = browser.request(
                    method, path, data=form if method == "POST" else None, follow_redirects=False
                )
                assert answer.status_code == 404, (method, path)
                assert "bi-mat" not in answer.text
    assert opened.ledger.versions([theirs]) == before
    assert opened.ledger.decisions.wishes() == []


@pytest.mark.parametrize("seed", range(REQUESTS // AT_ONCE))
def test_no_request_breaks_anything_or_shows_what_is_anothers(
    opened: Office, theirs: Owed, sign_in: SignIn, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 (a test's choices)
    browser, known = sign_in(MINE), ids(opened, theirs)
    word = csrf(browser.get("/bao-cao").text)
    before = opened.ledger.versions([theirs])
    for _ in range(AT_ONCE):
        route = chance.choice(ROUTES)
        if route.path in ("/dang-xuat", "/dang-nhap"):
            continue
        path = re.sub(
            r"\{(\w+)\}",
            lambda part: chance.choice((*NASTY, *map(str, known.get(part[1], ())))),
            route.path,
        )
        path += chance.choice(("", f"?{chance.choice(('duty', 'loai', 'ky', 'trang'))}=%27%22%3E"))
        fields = ("ly_do", "den_ngay", "reason", "agency", "term", "kind", "address-0", "role-0")
        form = {"_csrf": word} | {name: chance.choice(TEXTS) for name in fields}
        said = spoken(browser, chance.choice(("GET", "POST")), path, form)
        assert "bi-mat" not in said
        assert "set-cookie': 'x=y" not in said.lower()
    assert opened.ledger.versions([theirs]) == before
