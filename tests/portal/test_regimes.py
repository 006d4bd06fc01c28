"""Two regimes are active: over all routes and roles, nobody sees or changes the other's."""

import io
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute, APIRouter
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import text
from starlette.routing import BaseRoute, Mount

from kybaocao.adapters.ledger import Owed, Sought
from kybaocao.demo.officer import wrong_sum
from kybaocao.portal.app import portal
from kybaocao.rules.regime.contact import Contact, Role
from kybaocao.rules.regime.ruling import Paper
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps import access
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide import wishes
from kybaocao.steps.intake import papers
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import receive
from kybaocao.steps.standings import standing_of
from tests.conftest import OpenOffice
from tests.portal.conftest import SITE, TODAY, Clock, Visit, csrf
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook
from tests.steps.two_regimes import ONLY_OTHER, OTHER, folder_of, with_second_regime

AGENCY = "so-tai-chinh"
# What can only be said by someone who saw the other regime.
SECRETS = ("bi-mat", OTHER, "tỉnh thứ hai")
FREE = {
    "report_id": "2147483646",
    "submission_id": "2147483646",
    "document_id": "2147483646",
    "number": "2147483646",
    "code": "khong-co",
    "duty": QUARTERLY,
    "period": "2019-Q1",
    "token": "x" * 43,
}
# A new route must be placed: it is a door for everybody, a page of one's own regime (with what
# may be asked of it), or about a thing that belongs to one, by its address's parts.
DOOR, OWN, THING = "door", "own", "thing"
PLACES = {
    "/": OWN,
    "/dang-nhap": DOOR,
    "/vao/{secret}": DOOR,
    "/dang-xuat": DOOR,
    "/dang-xuat/moi-noi": DOOR,
    "/gui-tiep/{token}": THING,
    "/bao-cao": OWN,
    "/bao-cao/{report_id}": THING,
    "/bao-cao/{report_id}/bieu-mau": THING,
    "/bao-cao/{report_id}/nop": THING,
    "/bao-cao/{report_id}/khong-phat-sinh": THING,
    "/bao-cao/{report_id}/xin-gia-han": THING,
    "/bao-cao/{report_id}/nop-thay": THING,
    "/bao-cao/{report_id}/quyet-dinh/{act}": THING,
    "/ban-nop/{submission_id}/tep": THING,
    "/ban-nop/{submission_id}/danh-dau": THING,
    "/ban-nop/{submission_id}/bien-nhan": THING,
    "/tai-lieu/{document_id}": THING,
    "/tai-lieu/{document_id}/bo": THING,
    "/tong-hop": OWN,
    "/tong-hop/{duty}/{period}": THING,
    "/tong-hop/{duty}/{period}/nhac": THING,
    "/tong-hop/{duty}/{period}/con-thieu.xlsx": THING,
    "/tong-hop/{duty}/{period}/tai": THING,
    "/cho-xu-ly": OWN,
    "/cho-xu-ly/{number}/tep": THING,
    "/cho-xu-ly/{number}/giao": THING,
    "/cho-xu-ly/{number}/kem": THING,
    "/cho-xu-ly/{number}/loai": THING,
    "/cho-xu-ly/{number}/hoi": THING,
    "/yeu-cau": OWN,
    "/yeu-cau/bieu-mau": OWN,
    "/yeu-cau/gui": OWN,
    "/yeu-cau/{duty}/{period}/thu-hoi": THING,
    "/danh-ba": OWN,
    "/danh-ba/tai.xlsx": OWN,
    "/danh-ba/tai.csv": OWN,
    "/danh-ba/nhap": OWN,
    "/danh-ba/{code}": THING,
    "/thu": OWN,
    "/thu/mau/{kind}": OWN,
    "/thu/cho-gui": OWN,
    "/thu/gui-lai": OWN,
    "/nhat-ky": OWN,
    "/ket-qua": OWN,
    "/ket-qua/tai.xlsx": OWN,
    "/ket-qua/xu-huong.svg": OWN,
}
ASKED = ("", "?noi-dung=mat", "?con-thieu=1", f"?don-vi={ONLY_OTHER}", "?nguoi=vanthu")
ACTS = ("tra-lai", "chap-nhan", "gia-han", "tu-choi", "mien", "thu-hoi", "nhac")

PEOPLE = {
    "officer": ("so-tu-phap", "vanthu@so-tu-phap.quang-nam.example"),
    "collector": ("ubnd-tinh", "vanthu@ubnd-tinh.quang-nam.example"),
    "secretariat": ("so-noi-vu", "vanthu@so-noi-vu.quang-nam.example"),
    "head": ("so-noi-vu", "lanhdao@so-noi-vu.quang-nam.example"),
    "leader": ("ubnd-tinh", "chutich@ubnd-tinh.quang-nam.example"),
    "operator": ("so-tu-phap", "quantri@so-tu-phap.quang-nam.example"),
}


@dataclass(frozen=True)
class Theirs:
    """What the other regime has, by the name of the address's part that leads to it."""

    owed: Owed
    values: dict[str, list[str]]


@pytest.fixture
def office(settings: GivenSettings, open_office: OpenOffice) -> Iterator[Office]:
    with open_office(with_second_regime(settings)) as opened:
        for regime in (REGIME, OTHER):
            advance(opened, regime, QUARTERLY, TODAY)
        advance(opened, OTHER, QUARTERLY, at("2016-12-05"))
        for agency, role, address in (
            ("ubnd-tinh", Role.LEADER, PEOPLE["leader"][1]),
            ("so-tu-phap", Role.OPERATOR, PEOPLE["operator"][1]),
        ):
            had = opened.ledger.contacts(REGIME, agency=agency)
            kept = [Contact(agency=agency, role=c.role, address=c.address) for c in had]
            given = [*kept, Contact(agency=agency, role=role, address=address)]
            opened.ledger.replace_contacts(REGIME, given, TODAY, "x")
        yield opened


def browser_of(office: Office, visit: Visit, regime: str, who: tuple[str, str]) -> TestClient:
    link = access.issue_link(office, regime, *who, "/", TODAY)
    browser = visit()
    assert browser.post(link.removeprefix(SITE), follow_redirects=False).status_code == 303
    return browser


@pytest.fixture
def theirs(office: Office, visit: Visit, clock: Clock) -> Theirs:
    """One of everything in the other regime, each with a name that gives it away."""
    ledger, desk = office.ledger, f"vanthu@{AGENCY}.{OTHER}.example"
    named = Contact(agency=ONLY_OTHER, role=Role.OFFICER, address="a@x.example", name="bi-mat")
    ledger.replace_contacts(OTHER, [named], TODAY, "bi-mat@x.example")
    owed = ledger.find_owed(OTHER, QUARTERLY, "2016-Q3", AGENCY)
    assert owed is not None
    for spoil in (None, wrong_sum):
        data = workbook(office, AGENCY, spoil=spoil, regime=OTHER)
        incoming = Incoming(data, "bi-mat.xlsx", "portal", TODAY, "bi-mat", actor=desk)
        receive(office, incoming, TODAY)
    paper = (b"%PDF-1.7 bi-mat", "bi-mat.pdf")
    document = papers.attach(office, *paper, owed, Paper.SIGNED, TODAY)
    waits = [
        receive(
            office, Incoming(b"%PDF " + name, f"bi-mat-{n}.pdf", "folder", TODAY, regime=r), TODAY
        )
        for n, (name, r) in enumerate(((b"theirs", OTHER), (b"nobody's", "")))
    ]
    late = ledger.find_owed(OTHER, QUARTERLY, "2016-Q3", ONLY_OTHER)
    assert late is not None
    stands = standing_of(office, late, TODAY)
    wishes.wish_for_time(office, stands, date(2016, 9, 20), "bi-mat", desk, TODAY)
    os.mkfifo(folder_of(office, OTHER) / "bi-mat-ong.xlsx")
    with ledger.database.writing() as connection:
        failed = "UPDATE letters SET status = 'failed', error = 'bi-mat' WHERE regime = :regime"
        connection.execute(text(failed), {"regime": OTHER})
    browser = browser_of(office, visit, OTHER, (AGENCY, desk))
    clock.now += timedelta(hours=13)
    kept = browser.post(f"/bao-cao/{owed.id}/nop", data={"ly_do": "bi-mat"}).text
    clock.now = TODAY
    token = re.search(r"/gui-tiep/([\w-]+)", kept)
    assert token is not None
    return Theirs(
        owed,
        {
            "report_id": [str(owed.id)],
            "submission_id": [str(v.id) for v in ledger.versions([owed])[owed.id]]
            + [str(w.submission.id) for w in waits],
            "document_id": [str(d.id) for d in ledger.rulings.documents(sha256=document.sha256)],
            "number": [str(w.submission.id) for w in waits],
            "code": [ONLY_OTHER],
            "duty": [QUARTERLY],
            "period": ["2016-Q4"],
            "token": [token[1]],
        },
    )


def kept_of(office: Office, owed: Owed) -> list[Any]:
    """Return all that the ledger and the disk say of the other regime."""
    ledger = office.ledger
    return [
        ledger.post.letters(regime=OTHER),
        ledger.owed(regime=OTHER),
        ledger.unknown(),
        ledger.versions([owed]),
        ledger.rulings.documents(),
        ledger.rulings.rulings(),
        ledger.decisions.waivers(regime=OTHER),
        ledger.decisions.requests(regime=OTHER),
        ledger.decisions.wishes(),
        ledger.contacts(OTHER),
        ledger.views.lines(Sought(OTHER), 10_000),
        sorted(p.name for p in (office.settings.data_folder / "kept").iterdir()),
    ]


def routes_of(served: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Yield the pages of an application's route table; beside them it has our static files."""
    for route in served:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(included := getattr(route, "original_router", None), APIRouter):
            yield from routes_of(included.routes)
        else:
            assert isinstance(route, Mount) and route.path == "/tinh", route


def test_every_route_is_placed(office: Office) -> None:
    assert {route.path for route in routes_of(portal(office).routes)} == set(PLACES)


def filled(path: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda part: values[part[1]], path)


def things(path: str, theirs: Theirs) -> Iterator[dict[str, str]]:
    """Yield the values with which a route leads to the other regime's things."""
    names = re.findall(r"\{(\w+)\}", path)
    first = {n: ACTS[0] if n == "act" else theirs.values[n][0] for n in names}
    yield from (
        {**first, **more}
        for name in names
        for more in ({name: one} for one in (ACTS if name == "act" else theirs.values[name]))
    )


def ask(browser: TestClient, method: str, path: str, word: str, theirs: Theirs) -> Response:
    """Ask for a page, or post what would do the act if it were allowed."""
    if method == "GET":
        return browser.get(path, follow_redirects=False)
    fields = {
        "_csrf": word,
        "ly_do": "x",
        "ly_do_gia_han": "x",
        "reason": "x",
        "den_ngay": "20/09/2016",
        "xac_nhan": "1",
        "ban_nop": theirs.values["submission_id"][1],
        "term": f"{QUARTERLY}/2016-Q3",
        "agency": "so-tu-phap",
        "kind": "signed",
        "role-0": "officer",
        "address-0": "moi@x.example",
        "name-0": "x",
    }
    file = {"tep": ("a.pdf", b"%PDF-1.7 x")}
    return browser.post(path, data=fields, files=file, follow_redirects=False)


def words_of(answer: Response) -> str:
    """Return all that an answer says, its headers and a workbook's parts included."""
    said = str(dict(answer.headers)) + answer.content.decode("utf-8", "replace")
    if answer.content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            said += "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return said


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_reaches_the_other_regime_whatever_the_route(
    office: Office, theirs: Theirs, visit: Visit, person: str
) -> None:
    browser = browser_of(office, visit, REGIME, PEOPLE[person])
    word, before = csrf(browser.get("/bao-cao").text), kept_of(office, theirs.owed)
    for route in routes_of(portal(office).routes):
        if PLACES[route.path] == DOOR:
            continue
        for method in sorted(route.methods or ()):
            if PLACES[route.path] == OWN:
                for asked in ASKED if method == "GET" else ("",):
                    answer = ask(browser, method, route.path + asked, word, theirs)
                    assert answer.status_code < 500
                    said = words_of(answer)
                    assert not [s for s in SECRETS if s in said], (method, route.path, asked)
                continue
            for values in things(route.path, theirs):
                path, free = (filled(route.path, {**values, **v}) for v in ({}, FREE))
                answer = ask(browser, method, path, word, theirs)
                assert answer.status_code in (403, 404, 409), (method, path, answer.status_code)
                said, of_none = words_of(answer), words_of(ask(browser, method, free, word, theirs))
                assert not [s for s in SECRETS if s in said], (method, path)
                # What is another's is answered like what is not there at all.
                of = {re.escape(v[n]) for v in (values, FREE) for n in values if n in FREE}
                alike = re.compile(rf"\b({'|'.join(of)})\b|'content-length': '\d+'")
                assert alike.sub("", said) == alike.sub("", of_none), (method, path)
    assert kept_of(office, theirs.owed) == before


def test_what_is_reached_in_ones_own_regime_is_there(
    office: Office, theirs: Theirs, visit: Visit
) -> None:
    """The walk above proves nothing if its addresses led nowhere for anybody."""
    theirs_desk = ("so-noi-vu", f"vanthu@so-noi-vu.{OTHER}.example")
    browser = browser_of(office, visit, OTHER, theirs_desk)
    for path in (p for p, place in PLACES.items() if place == THING and "{token}" not in p):
        first = next(things(path, theirs))
        answer = browser.get(filled(path, first))
        is_other_version = path.endswith(("danh-dau", "bien-nhan"))
        assert answer.status_code in ((200, 404) if is_other_version else (200, 405)), path
    waiting = browser.get("/cho-xu-ly").text
    assert "bi-mat-0.pdf" in waiting and "bi-mat-ong.xlsx" in waiting
    assert "bi-mat-1.pdf" not in waiting, "what is nobody's is the operator's"
    assert "bi-mat-0.pdf" in browser.get("/nhat-ky").text


def test_a_workbook_of_the_other_regime_does_not_count_by_this_ones_session(
    office: Office, theirs: Theirs, visit: Visit
) -> None:
    """Agencies of both have one code; whoever is signed in here is nobody there."""
    browser = browser_of(office, visit, REGIME, PEOPLE["officer"])
    mine = office.ledger.find_owed(REGIME, QUARTERLY, "2016-Q3", "so-tu-phap")
    owed = office.ledger.find_owed(OTHER, QUARTERLY, "2016-Q3", "so-tu-phap")
    assert mine is not None and owed is not None
    book = ("a.xlsx", workbook(office, "so-tu-phap", regime=OTHER))
    word = csrf(browser.get("/bao-cao").text)
    answer = browser.post(f"/bao-cao/{mine.id}/nop", data={"_csrf": word}, files={"tep": book})
    assert answer.status_code == 200
    assert office.ledger.versions([owed])[owed.id] == []
    assert [s.file_name for s in office.ledger.unknown(OTHER)] == ["bi-mat-0.pdf", "a.xlsx"]
