"""Lạng Sơn today: who reports, and who answers for whom after the reorganisations of 2025."""

from collections import Counter
from datetime import date

import pytest

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import obligations, term
from kybaocao.rules.declared.declared import succession_faults
from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable, forerunners

REGIME = "lang-son-hien-nay"


def alive(regime: Regime, level: str, day: date) -> list[str]:
    return [a.code for a in regime.agencies.values() if a.level == level and a.exists_on(day)]


@pytest.mark.parametrize(
    ("day", "departments", "districts", "communes"),
    [
        (date(2025, 2, 28), 20, 11, 0),
        (date(2025, 3, 1), 15, 11, 0),
        (date(2025, 6, 30), 15, 11, 0),
        (date(2025, 7, 1), 15, 0, 65),
    ],
)
def test_who_reports_before_and_after_the_changes_of_2025(
    regime: Regime, day: date, departments: int, districts: int, communes: int
) -> None:
    without = set(regime.duty("bao-cao-quy").reporters.without)
    found = set(alive(regime, "so", day)) - without
    assert len(found) == departments
    assert len(alive(regime, "huyen", day)) == districts
    assert len(alive(regime, "xa", day)) == communes


def test_sixty_one_communes_and_four_wards(regime: Regime) -> None:
    """Nghị quyết 1672/NQ-UBTVQH15, Điều 1."""
    kinds = Counter(c.split("-")[0] for c in alive(regime, "xa", date(2025, 7, 1)))
    assert kinds == {"xa": 61, "phuong": 4}
    names = [a.name for a in regime.agencies.values() if a.level == "xa"]
    assert len(set(names)) == 65


def test_every_agency_has_two_addresses_that_reach_nobody(regime: Regime) -> None:
    counted = Counter((c.agency, c.role) for c in regime.contacts)
    assert counted == {
        (code, role): 1 for code in regime.agencies for role in (Role.OFFICER, Role.HEAD)
    }
    assert all(c.address.endswith(".example") for c in regime.contacts)


@pytest.mark.parametrize(
    ("duty_id", "period", "departments", "local"),
    [
        ("bao-cao-nam", "2024", 20, 11),
        ("bao-cao-quy", "2025-Q1", 15, 11),
        ("bao-cao-6-thang", "2025-H1", 15, 11),
        ("bao-cao-quy", "2025-Q3", 15, 65),
    ],
    ids=["before", "window spans 01/3", "window ends before 01/7", "window spans 01/7"],
)
def test_a_report_belongs_to_who_exists_when_it_is_due(
    config: Config, regime: Regime, duty_id: str, period: str, departments: int, local: int
) -> None:
    duty = regime.duty(duty_id)
    of = term(regime, duty, Period.parse(period), config.calendar)
    owed = obligations(regime, duty, of)
    levels = Counter(regime.agencies[o.agency].level for o in owed)
    assert levels.pop("so") == departments
    assert sum(levels.values()) == local
    assert all(regime.agencies[o.agency].exists_on(o.due.last_day) for o in owed)


# Reorganisation

MERGED, ENDED = date(2025, 3, 1), date(2025, 7, 1)
DUE_2024, DUE_Q1, DUE_H1, DUE_Q3 = (
    date(2024, 12, 18),
    date(2025, 3, 19),
    date(2025, 6, 18),
    date(2025, 9, 17),
)


def test_the_successions_are_sound(regime: Regime) -> None:
    assert list(succession_faults(regime.agencies, regime.successions)) == []
    ended = {a.code for a in regime.agencies.values() if a.until}
    assert {s.predecessor for s in regime.successions} >= ended


@pytest.mark.parametrize(
    ("ended", "heir"),
    [
        ("so-lao-dong-tbxh", "so-noi-vu"),
        ("so-thong-tin-truyen-thong", "so-khoa-hoc-cong-nghe"),
        ("so-ke-hoach-dau-tu", "so-tai-chinh"),
        ("so-giao-thong-van-tai", "so-xay-dung"),
        ("so-nong-nghiep-ptnt", "so-nong-nghiep-moi-truong"),
        ("so-tai-nguyen-moi-truong", "so-nong-nghiep-moi-truong"),
        ("ban-dan-toc", "so-dan-toc-ton-giao"),
    ],
)
def test_who_answers_for_a_department_that_merged(regime: Regime, ended: str, heir: str) -> None:
    found = answerable(regime, ended, MERGED)
    assert found is not None
    assert found.code == heir


def test_nobody_is_made_to_answer_for_a_district(regime: Regime) -> None:
    districts = [a.code for a in regime.agencies.values() if a.level == "huyen"]
    assert len(districts) == 11
    assert all(answerable(regime, code, ENDED) is None for code in districts)


def test_every_commune_lies_in_districts_that_ended(regime: Regime) -> None:
    of: dict[str, set[str]] = {}
    for move in regime.successions:
        if move.day == ENDED:
            of.setdefault(move.successor, set()).add(move.predecessor)
            assert not move.whole
            assert not move.heir
    assert set(of) == set(alive(regime, "xa", ENDED))
    across = {code: districts for code, districts in of.items() if len(districts) > 1}
    assert across == {
        "xa-tan-doan": {"ubnd-van-quan", "ubnd-cao-loc"},
        "xa-khanh-khe": {"ubnd-van-quan", "ubnd-cao-loc"},
        "phuong-ky-lua": {"ubnd-lang-son", "ubnd-cao-loc"},
        "phuong-dong-kinh": {"ubnd-lang-son", "ubnd-cao-loc"},
    }


@pytest.mark.parametrize(
    ("code", "agencies"),
    [
        ("so-tai-chinh", {"so-tai-chinh", "so-ke-hoach-dau-tu"}),
        ("thanh-tra-tinh", {"thanh-tra-tinh"}),
        ("ubnd-cao-loc", {"ubnd-cao-loc"}),
    ],
)
def test_whose_figures_of_2024_stand_before_quarter_one(
    regime: Regime, code: str, agencies: set[str]
) -> None:
    found = forerunners(regime, code, DUE_2024, DUE_Q1)
    assert set(found.agencies) == agencies
    assert found.split == ()


def test_who_has_to_split_figures_of_2024_by_hand(regime: Regime) -> None:
    asked = {
        code
        for code in alive(regime, "so", DUE_Q1)
        if forerunners(regime, code, DUE_2024, DUE_Q1).split
    }
    assert asked - {"cong-an-tinh"} == {
        "so-noi-vu",
        "so-dan-toc-ton-giao",
        "so-nong-nghiep-moi-truong",
        "so-xay-dung",
        "so-khoa-hoc-cong-nghe",
        "so-van-hoa-the-thao-du-lich",
        "so-y-te",
        "so-giao-duc-dao-tao",
        "so-tu-phap",
    }


def test_after_a_change_has_passed_figures_compare_again(regime: Regime) -> None:
    for code in alive(regime, "so", DUE_H1):
        found = forerunners(regime, code, DUE_Q1, DUE_H1)
        assert (found.agencies, found.split) == ((code,), ())
    for code in alive(regime, "xa", DUE_Q3):
        assert forerunners(regime, code, DUE_H1, DUE_Q3).split
        assert forerunners(regime, code, DUE_Q3, date(2025, 12, 17)).split == ()
