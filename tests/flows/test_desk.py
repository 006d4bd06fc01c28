"""Who reaches Prefect's API cannot say what day it is: only a rehearsal is dated."""

from datetime import datetime
from pathlib import Path

import pytest

from flows import desk
from kybaocao import runtime
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.runtime import Office
from kybaocao.settings import GivenSettings
from tests.conftest import OpenOffice
from tests.flows.conftest import furnish


def working_in(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    monkeypatch.setattr(desk, "office", lambda: office)
    noon = datetime(2016, 9, 14, 12, tzinfo=VIETNAM)
    monkeypatch.setattr(runtime, "now", lambda: noon)


@pytest.mark.parametrize("as_of", ["2016-09-13", "2016-09-15", "2016-09-14T12:01", "2199-01-01"])
def test_a_live_office_takes_no_date_but_now(
    tmp_path: Path, open_office: OpenOffice, monkeypatch: pytest.MonkeyPatch, as_of: str
) -> None:
    with open_office(GivenSettings(home=furnish(tmp_path / "home"))) as office:
        working_in(monkeypatch, office)
        with pytest.raises(KyBaoCaoError, match="cannot be carried"):
            desk.moment(as_of)
        assert desk.moment(None).day == 14
        assert desk.moment("2016-09-14T11:59").minute == 59


def test_a_rehearsal_takes_any_date(
    tmp_path: Path, open_office: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = GivenSettings(home=furnish(tmp_path / "home"), rehearsal=True)
    with open_office(settings) as office:
        working_in(monkeypatch, office)
        assert desk.moment("2199-01-01").year == 2199
        # Without an offset it is Vietnam's time; with one it is the same instant there.
        assert desk.moment("2016-09-15T23:30:00+00:00").day == 16
