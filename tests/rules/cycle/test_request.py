"""A report that was asked for: its own title, form and agencies, due on the day that was named."""

from datetime import date, datetime

from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Window
from kybaocao.rules.cycle.obligation import Due, obligations
from kybaocao.rules.cycle.request import Request
from tests.rules.regime_cast import agency, duty, regime

REQUEST = Request(
    regime="mau",
    duty="bao-cao-quy",
    year=2016,
    number=2,
    title="Báo cáo rà soát hồ sơ quá hạn",
    form="ra-soat",
    agencies=("so-y-te",),
    window=Window(date(2016, 1, 1), date(2016, 9, 30)),
    opens=date(2016, 10, 3),
    last_day=date(2016, 10, 16),
    reason="Công văn của Ủy ban nhân dân tỉnh",
    granted_by="Sở Nội vụ",
    actor="operator",
    at=datetime(2016, 10, 3, 9, tzinfo=VIETNAM),
)
TIERED = duty(tiers=[{"levels": ["so"], "deadline": {"before": 10}}])


def test_a_request_has_its_own_title_form_and_agencies() -> None:
    asked = REQUEST.asked_of(TIERED)
    assert (asked.name, asked.form) == ("Báo cáo rà soát hồ sơ quá hạn", "ra-soat")
    owing = regime(TIERED, agencies=(agency("so-y-te", "so"), agency("tam-ky")))
    assert [o.agency for o in obligations(owing, asked, REQUEST.term)] == ["so-y-te"]


def test_a_request_is_due_on_the_day_that_was_named_for_every_level() -> None:
    """The 16th is a Sunday; nothing moves it."""
    of = REQUEST.term
    named = Due(date(2016, 10, 16), date(2016, 10, 16))
    assert {of.due_for(level) for level in ("so", "huyen", "xa")} == {named}
    assert (of.key, of.opens, of.window) == (
        *("mau/bao-cao-quy/2016-R2", date(2016, 10, 3), REQUEST.window),
    )
