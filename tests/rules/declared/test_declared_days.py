"""A regime that demands working days between cut-off and deadline gets them, or is refused."""

import pytest

from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.declared.declared import cutoff_faults
from tests.rules.regime_cast import duty, regime

WEEKDAYS = WorkCalendar({}, {})
CASES = [
    # The window ends on the 14th of the last month.
    ({"before": 15}, 0, None),
    ({"before": 15}, 1, "found 0 for 2016-Q1"),
    ({"after_cutoff": 1}, 1, None),
    ({"after_cutoff": 1}, 2, "found 1 for 2016-Q1"),
    # 15/3/2020 is the first 15th after a cut-off that is a Sunday; 15/12/2018 a Saturday.
    ({"by": 15}, 1, "found 0 for 2018-Q3"),
    ({"by": 18}, 1, None),
]


@pytest.mark.parametrize(("deadline", "demanded", "said"), CASES)
def test_days_between_cutoff_and_deadline(
    deadline: dict[str, object], demanded: int, said: str | None
) -> None:
    of = regime(duty(deadline=deadline), days_after_cutoff=demanded)
    found = [(place, message) for place, message in cutoff_faults(of, WEEKDAYS)]
    if said is None:
        assert found == []
    else:
        ((place, message),) = found
        assert place == ("duties", 0, "deadline")
        assert message.endswith(said)


def test_a_tier_that_is_due_too_soon_is_found() -> None:
    tiers = [{"levels": ["xa"], "deadline": {"before": 15}}]
    of = regime(duty(deadline={"after_cutoff": 3}, tiers=tiers), days_after_cutoff=1)
    assert [place for place, _ in cutoff_faults(of, WEEKDAYS)] == [("duties", 0, "deadline")]
