"""A file that waits belongs to one regime, and only its people hear of it."""

import os
from collections.abc import Iterator

import pytest

from kybaocao.rules.errors import RefusedError
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from kybaocao.steps.cycle.cycle import advance
from kybaocao.steps.decide.triage import assign, reject
from kybaocao.steps.intake.case import Incoming
from kybaocao.steps.intake.receive import Receipt, collect, receive
from kybaocao.steps.post.digest import queue_digest
from kybaocao.steps.post.letter_facts import facts_of
from kybaocao.steps.view.status import overview
from tests.conftest import OpenOffice
from tests.steps.conftest import QUARTERLY, REGIME, at, workbook
from tests.steps.two_regimes import OTHER, folder_of, with_second_regime

NOW = at("2016-09-12", "09:00")
PAPER = b"%PDF-1.7 "


@pytest.fixture
def office(settings: GivenSettings, open_office: OpenOffice) -> Iterator[Office]:
    with open_office(with_second_regime(settings)) as opened:
        for regime in (REGIME, OTHER):
            advance(opened, regime, QUARTERLY, at("2016-08-23"))
        yield opened


def came(office: Office, data: bytes, name: str = "a.xlsx", **said: str) -> Receipt:
    return receive(office, Incoming(data, name, "portal", NOW, **said), NOW)  # type: ignore[arg-type]


def told(office: Office) -> set[str]:
    return {letter.address for letter in office.ledger.post.letters(kind="unreadable")}


def test_the_workbook_says_it_before_its_sender_does(office: Office) -> None:
    early = workbook(office, "so-tu-phap", "2016-Q4", regime=OTHER)
    assert came(office, early, regime=REGIME).submission.regime == OTHER
    assert told(office) == {
        f"vanthu@so-noi-vu.{OTHER}.example",
        f"vanthu@so-tu-phap.{OTHER}.example",
    }


def test_what_says_nothing_itself_is_of_its_senders_regime(office: Office) -> None:
    assert came(office, PAPER, regime=OTHER, sender="so-tu-phap").submission.regime == OTHER
    assert all(address.endswith(f"{OTHER}.example") for address in told(office))


def test_a_folder_of_a_regimes_name_says_whose_its_files_are(office: Office) -> None:
    (folder_of(office, OTHER) / "a.pdf").write_bytes(PAPER)
    (folder_of(office, f"{OTHER}/Sở Tư pháp") / "b.pdf").write_bytes(PAPER + b"b")
    (folder_of(office, "khong-co") / "c.pdf").write_bytes(PAPER + b"c")
    (office.inbox.folder / "d.pdf").write_bytes(PAPER + b"d")
    found = {r.file_name: r.submission.regime for r in collect(office, NOW, NOW).receipts}
    assert found == {"a.pdf": OTHER, "b.pdf": OTHER, "c.pdf": "", "d.pdf": ""}


def test_of_what_nobody_knows_only_the_operator_hears(office: Office) -> None:
    os.mkfifo(office.inbox.folder / "ong.pdf")
    waits = came(office, PAPER, "la.pdf").submission
    assert (waits.regime, told(office)) == ("", set())
    everything = "\n".join(overview(office, NOW).waiting)
    assert "la.pdf" in everything and "ong.pdf" in everything
    for regime in (REGIME, OTHER):
        assert not overview(office, NOW, regime).waiting
        with pytest.raises(RefusedError, match="no file waits"):
            reject(office, waits.id, "x", "a@x.example", NOW, regime)
    assert queue_digest(office, NOW) == 0
    (owed,) = office.ledger.owed(regime=OTHER, agency="so-tu-phap")
    (again,) = office.ledger.unknown()
    assert again == waits
    good = came(office, workbook(office, "so-tu-phap", "2016-Q4", regime=OTHER)).submission
    with pytest.raises(RefusedError, match="no file waits"):
        assign(office, good.id, owed, "", "a@x.example", NOW, REGIME)
    assert assign(office, good.id, owed, "", "operator", NOW).regime == OTHER


def test_where_one_regime_is_active_everything_is_its_own(
    settings: GivenSettings, office: Office, open_office: OpenOffice
) -> None:
    alone = office.settings.model_copy(update={"active": {OTHER: office.active[OTHER]}})
    with open_office(alone) as opened:
        assert came(opened, PAPER).submission.regime == OTHER


def test_the_same_bytes_in_two_regimes_wait_in_both(office: Office) -> None:
    one, two = (came(office, PAPER, regime=regime) for regime in (REGIME, OTHER))
    assert not two.is_repeat
    assert one.submission.id != two.submission.id
    assert came(office, PAPER, regime=OTHER).submission.id == two.submission.id


def test_each_secretariats_morning_letter_tells_of_its_own(office: Office) -> None:
    came(office, PAPER, "bi-mat.pdf", regime=OTHER)
    os.mkfifo(folder_of(office, OTHER) / "ong.pdf")
    assert queue_digest(office, NOW) == 1
    parcels = [p for p in office.ledger.post.claim(NOW, NOW - NOW) if p.kind.value == "digest"]
    (parcel,) = parcels
    assert parcel.address == f"vanthu@so-noi-vu.{OTHER}.example"
    said = "\n".join(facts_of(office, parcel, NOW).waiting)
    assert "bi-mat.pdf" in said and "ong.pdf" in said
