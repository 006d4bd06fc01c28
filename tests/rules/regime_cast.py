"""A small regime and calendar for the rules' tests, to be varied."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from tests.levels import LEVELS

DUTY: dict[str, Any] = {
    "id": "bao-cao-quy",
    "name": "Báo cáo quý",
    "clause": "Điều 1",
    "stated": "trước ngày 15 của tháng cuối quý",
    "reporters": {"levels": ["huyen"]},
    "recipient": "so-noi-vu",
    "handling": "consolidate",
    "every": "quarter",
    "window": "mid-month",
    "deadline": {"before": 15},
    "opens": 15,
    "form": "cchc-quy",
}
REGIME: dict[str, Any] = {
    "id": "mau",
    "name": "Mẫu",
    "province": "Mẫu",
    "document": {"number": "1", "date": "2016-01-04", "issuer": "UBND tỉnh", "title": "Quyết định"},
    "in_force": {"since": "2016-01-04", "until": "2020-12-31"},
    "secretariat": "so-noi-vu",
    "days_off": {"rule": "none", "source": "Giả định"},
    "corrected": "first-version",
}


def duty(**changes: Any) -> Duty:
    return Duty.model_validate(DUTY | changes)


def regime(*duties: Duty, agencies: tuple[Agency, ...] = (), **changes: Any) -> Regime:
    made = Regime.model_validate(REGIME | {"duties": duties or (duty(),)} | changes)
    return made.holding({agency.code: agency for agency in agencies}, levels=LEVELS)


def agency(code: str, level: str = "huyen", **changes: Any) -> Agency:
    return Agency(code=code, name=code, short=code, level=level, source="Điều 1", **changes)


DAYS = st.dates(date(2015, 6, 1), date(2020, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Any calendar whose days off, weekends aside, come in runs of up to nine days."""
    off: dict[date, str] = {}
    for first in draw(st.lists(DAYS, max_size=12)):
        for n in range(draw(st.integers(1, 9))):
            off[first + timedelta(days=n)] = "Nghỉ lễ"
    working = draw(st.lists(DAYS, max_size=6))
    return WorkCalendar(off, dict.fromkeys(working, "Làm bù"))
