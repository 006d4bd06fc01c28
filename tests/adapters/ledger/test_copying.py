"""A copy holds what the ledger holds, whatever database that is, and leaves nothing beside it."""

from datetime import datetime
from pathlib import Path

from kybaocao.adapters.ledger import Event, Ledger, copy_ledger
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.regime.contact import Contact, Role

NOW = datetime(2016, 9, 14, 7, tzinfo=VIETNAM)
SOMEBODY = Contact(agency="so-y-te", role=Role.OFFICER, address="a@so-y-te.example", name="A")


def test_what_the_ledger_holds_is_in_the_copy(
    ledger: Ledger, database_url: str, tmp_path: Path
) -> None:
    ledger.seed_contacts("quang-nam", (SOMEBODY,))
    ledger.log(Event(NOW, "operator", "remind", "obligation/1", {"letters": 1}))
    copied = tmp_path / "beside" / "copy.db"
    copied.parent.mkdir()
    copy_ledger(database_url, copied)
    copy = Ledger(f"sqlite:///{copied}")
    copy.migrate()
    assert copy.contacts("quang-nam") == ledger.contacts("quang-nam")
    copy.seed_contacts("quang-nam", (SOMEBODY.model_copy(update={"address": "b@x.example"}),))
    copy.close()
    assert [c.address for c in ledger.contacts("quang-nam")] == ["a@so-y-te.example"]


def test_a_ledger_that_does_not_exist_yet_has_no_copy(tmp_path: Path) -> None:
    copy_ledger(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
