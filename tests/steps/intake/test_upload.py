"""Whose files a visitor may hand in on a report's page: their own, and those they collect."""

from datetime import datetime

import pytest

from kybaocao.rules.errors import RefusedError
from kybaocao.rules.regime.access import Capacity, Visitor
from kybaocao.runtime import Office
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.intake.upload import Became, Outcome, Upload, upload
from kybaocao.steps.standings import Standpoint, standings
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook
from tests.steps.cycle.test_tiers import COMMUNES, home

__all__ = ["home"]

NOW = at("2016-09-05")
DESK, COMMUNE, NEIGHBOUR = "phong-noi-vu-tam-ky", "xa-tam-thanh", "xa-cam-ha"


@pytest.fixture
def opened(office: Office) -> Office:
    for duty in (QUARTERLY, COMMUNES):
        advance(office, REGIME, duty, NOW)
    return office


def visitor(agency: str, capacity: Capacity = Capacity.AGENCY) -> Visitor:
    return Visitor(REGIME, agency, f"vanthu@{agency}.quang-nam.example", "", capacity)


def report(office: Office, agency: str, duty: str = COMMUNES) -> Standpoint:
    return standings(office, NOW, regime=REGIME, duty=duty, agency=agency)[0]


def hand_in(
    office: Office,
    who: Visitor,
    page: Standpoint,
    data: bytes,
    reason: str = "",
    now: datetime = NOW,
) -> Outcome:
    (outcome,) = upload(office, who, page, [Upload("a.xlsx", data)], reason, now)
    return outcome


def commune_file(office: Office, agency: str) -> bytes:
    return workbook(office, agency, duty=COMMUNES)


def test_a_desk_hands_in_for_the_communes_it_collects(opened: Office) -> None:
    page = report(opened, DESK)
    outcome = hand_in(opened, visitor(DESK), page, commune_file(opened, COMMUNE))
    assert (outcome.became, outcome.is_elsewhere) == (Became.ACCEPTED, True)
    (version,) = report(opened, COMMUNE).versions
    assert version.sender == "vanthu@phong-noi-vu-tam-ky.quang-nam.example"
    assert report(opened, DESK).versions == []


@pytest.mark.parametrize(
    ("sender", "whose"),
    [(COMMUNE, NEIGHBOUR), (COMMUNE, DESK), (DESK, NEIGHBOUR), ("ubnd-tam-ky", COMMUNE)],
)
def test_nobody_else_does(opened: Office, sender: str, whose: str) -> None:
    """Not even the district's committee: its communes report through the desk."""
    duty = QUARTERLY if sender == "ubnd-tam-ky" else COMMUNES
    page = report(opened, sender, duty)
    outcome = hand_in(opened, visitor(sender), page, commune_file(opened, whose))
    assert (outcome.became, outcome.submission, outcome.report) == (Became.FOREIGN, None, None)
    assert report(opened, whose).versions == []
    assert [s.file_name for s in opened.ledger.unknown()] == ["a.xlsx"]


def test_the_secretariat_hands_in_for_the_agency_of_the_page_and_no_other(opened: Office) -> None:
    clerk = visitor("so-noi-vu", Capacity.SECRETARIAT)
    page = report(opened, "so-tu-phap", QUARTERLY)
    assert hand_in(opened, clerk, page, workbook(opened, "so-tu-phap")).became is Became.ACCEPTED
    (version,) = report(opened, "so-tu-phap", QUARTERLY).versions
    assert version.sender == clerk.address
    other = hand_in(opened, clerk, page, workbook(opened, "so-tai-chinh"))
    assert other.became is Became.FOREIGN
    assert report(opened, "so-tai-chinh", QUARTERLY).versions == []


def test_what_came_from_another_before_tells_nothing_of_it(opened: Office) -> None:
    """The same bytes wait once; who sent them first is nobody else's business."""
    data = commune_file(opened, NEIGHBOUR)
    for sender in (COMMUNE, "phuong-an-my"):
        outcome = hand_in(opened, visitor(sender), report(opened, sender), data)
        assert (outcome.became, outcome.submission) == (Became.FOREIGN, None)
    assert outcome.is_repeat
    assert len(opened.ledger.unknown()) == 1


def test_nothing_to_send_is_a_fault(opened: Office) -> None:
    with pytest.raises(RefusedError):
        upload(opened, visitor(COMMUNE), report(opened, COMMUNE), [], "", NOW)
