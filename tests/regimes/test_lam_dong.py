"""Lâm Đồng, Quyết định 920/QĐ-UBND: two tiers, every term of every duty, who owes what, the forms.

The days of the golden table were worked out from the plan's words, the regime's assumptions and
the weekdays and Tết of 2012 to 2015, not by the code under test.
"""

from collections import Counter
from datetime import date

import pytest

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.cycle.obligation import obligations
from kybaocao.rules.form.form import Form, TableSheet
from kybaocao.rules.regime.duty import PARENT
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import DeadlineKind
from tests.regimes.regime_cases import reporters, shown, target_of, term_of, terms_of

REGIME = "lam-dong"
STREAMS = ("cap-duoi", "bao-cao", "so-noi-vu")
LOWER = ("cap-duoi-quy", "cap-duoi-6-thang", "cap-duoi-nam", "cap-duoi-dot-xuat")
UPPER = ("bao-cao-quy", "bao-cao-6-thang", "bao-cao-nam", "bao-cao-dot-xuat")


@pytest.fixture(scope="module")
def form(config: Config) -> Form:
    return config.form("bao-cao-lam-dong")


@pytest.fixture(scope="module")
def commune_form(config: Config) -> Form:
    return config.form("bao-cao-xa-lam-dong")


# The calendar


@pytest.mark.parametrize("kind", ["quy", "6-thang", "nam"])
def test_each_tier_is_due_before_the_one_that_consolidates_it(config: Config, kind: str) -> None:
    lower, upper, whole = (terms_of(config, f"{stream}-{kind}") for stream in STREAMS)
    assert [t.period for t in lower] == [t.period for t in upper] == [t.period for t in whole]
    for first, second, third in zip(lower, upper, whole, strict=True):
        assert first.window == second.window == third.window
        assert first.window.last < first.due.last_day < second.due.last_day < third.due.last_day


def test_communes_plan_after_their_district(config: Config) -> None:
    plans = zip(terms_of(config, "ke-hoach-nam"), terms_of(config, "ke-hoach-nam-xa"), strict=True)
    assert [(a.period.id, a.due.last_day < b.due.last_day) for a, b in plans] == [
        ("2013", True),
        ("2014", True),
        ("2015", True),
    ]


@pytest.mark.parametrize(
    ("duty_id", "period", "stated", "last_day"),
    [
        ("cap-duoi-6-thang", "2012-H1", date(2012, 6, 17), date(2012, 6, 15)),  # a Sunday
        ("cap-duoi-quy", "2013-Q1", date(2013, 3, 17), date(2013, 3, 15)),  # a Sunday
        ("bao-cao-nam", "2014", date(2014, 12, 20), date(2014, 12, 19)),  # a Saturday
        # 31/01/2014 is the first day of Tết; the days off begin on Tuesday the 28th.
        ("ke-hoach-nam", "2014", date(2014, 1, 31), date(2014, 1, 27)),
        ("ke-hoach-nam-xa", "2015", date(2015, 2, 28), date(2015, 2, 27)),  # a Saturday
        ("bao-cao-nam", "2012", date(2012, 12, 20), date(2012, 12, 20)),
    ],
)
def test_a_day_off_gives_way_to_the_working_day_before(
    config: Config, duty_id: str, period: str, stated: date, last_day: date
) -> None:
    due = term_of(config, duty_id, period).due
    assert (due.stated, due.last_day) == (stated, last_day)


# What the document leaves open


def test_no_deadline_is_the_plan_s_own(regime: Regime) -> None:
    """Nothing in the plan names a day, so that each duty rests on one reading of its own."""
    readings = {"ngay-17", "ngay-20", "ngay-25", "dot-xuat", "ke-hoach", "the-che"}
    for duty in regime.duties:
        assert len(readings & set(duty.assumptions)) == 1, duty.id
        assert "không nêu" in duty.stated


def test_the_days_off_rest_on_an_assumption(regime: Regime) -> None:
    assert regime.days_off.source == "Giả định ngay-nghi"


# Who owes what to whom


def test_the_agencies_of_2012(regime: Regime) -> None:
    levels = Counter(a.level for a in regime.agencies.values())
    assert levels == {
        "tinh": 1,
        "so": 19,
        "huyen": 12,
        "phong": 36,
        "xa": 34,
    }


@pytest.mark.parametrize(
    ("district", "communes"), [("ubnd-da-lat", 16), ("ubnd-don-duong", 10), ("ubnd-dam-rong", 8)]
)
def test_three_districts_have_all_their_communes_and_twelve_offices(
    regime: Regime, district: str, communes: int
) -> None:
    below = Counter(a.level for a in regime.agencies.values() if a.parent == district)
    assert below == {"xa": communes, "phong": 12}


def test_a_district_without_a_list_has_neither_communes_nor_desk(regime: Regime) -> None:
    below = {a.parent for a in regime.agencies.values() if a.level in ("phong", "xa")}
    for agency in regime.agencies.values():
        if agency.level == "huyen":
            assert (agency.desk is not None) == (agency.code in below), agency.code


@pytest.mark.parametrize("duty_id", LOWER)
def test_communes_and_offices_report_to_their_own_district_through_its_desk(
    regime: Regime, duty_id: str
) -> None:
    """IV.1, gạch đầu dòng 2: thông qua Phòng Nội vụ cấp huyện."""
    duty = regime.duty(duty_id)
    assert duty.recipient == PARENT
    for code in reporters(regime, duty_id):
        agency = regime.agencies[code]
        assert agency.level in ("phong", "xa")
        district = str(agency.parent)
        assert regime.recipient_of(duty, agency) == district
        desk = f"phong-noi-vu-{district.removeprefix('ubnd-')}"
        assert regime.collector_of(duty, agency) == desk
    assert len(reporters(regime, duty_id)) == 70


@pytest.mark.parametrize("duty_id", UPPER)
def test_departments_and_districts_report_to_the_province_through_home_affairs(
    regime: Regime, duty_id: str
) -> None:
    """IV.1, gạch đầu dòng 2: báo cáo UBND tỉnh thông qua Sở Nội vụ."""
    duty = regime.duty(duty_id)
    found = [regime.agencies[code] for code in reporters(regime, duty_id)]
    assert Counter(a.level for a in found) == {"so": 19, "huyen": 12}
    assert {regime.recipient_of(duty, a) for a in found} == {"ubnd-tinh"}
    assert {regime.collector_of(duty, a) for a in found} == {"so-noi-vu"}


@pytest.mark.parametrize(
    ("duty_id", "reporter", "collector"),
    [
        ("so-noi-vu-quy", "so-noi-vu", "ubnd-tinh"),
        ("so-noi-vu-dot-xuat", "so-noi-vu", "ubnd-tinh"),
        ("tong-hop-the-che", "so-tu-phap", "so-noi-vu"),
    ],
)
def test_reports_of_one_department(
    regime: Regime, duty_id: str, reporter: str, collector: str
) -> None:
    duty = regime.duty(duty_id)
    assert reporters(regime, duty_id) == {reporter}
    assert regime.recipient_of(duty, regime.agencies[reporter]) == "ubnd-tinh"
    assert regime.collector_of(duty, regime.agencies[reporter]) == collector


def test_offices_write_no_plan_of_their_own(regime: Regime) -> None:
    """IV.1, gạch đầu dòng 1 names sở, ngành, cấp huyện and cấp xã."""
    planning = reporters(regime, "ke-hoach-nam") | reporters(regime, "ke-hoach-nam-xa")
    levels = {regime.agencies[code].level for code in planning}
    assert levels == {"so", "huyen", "xa"}


def test_each_obligation_belongs_to_one_agency(config: Config, regime: Regime) -> None:
    for duty in regime.duties:
        for term in terms_of(config, duty.id):
            owed = [o.agency for o in obligations(regime, duty, term)]
            assert sorted(owed) == sorted(reporters(regime, duty.id))


# The tasks


def test_the_schemes_and_dated_tasks_of_the_plan(regime: Regime) -> None:
    tasks = {task.id: task for task in regime.tasks}
    leads = {code: tasks[f"III.4.{code}"].lead_codes for code in (1, 2, 3, 4, 5)}
    assert leads == {1: ("so-tu-phap",), **dict.fromkeys((2, 3, 4, 5), ("so-noi-vu",))}
    dated = {i: t.when for i, t in tasks.items() if t.when.kind is not DeadlineKind.NONE}
    assert {i: (w.kind, w.first_year) for i, w in dated.items()} == {
        "I.2.2": (DeadlineKind.BY, 2013),
        "III.4.5": (DeadlineKind.FROM, 2013),
        "IV.7.1": (DeadlineKind.FROM, 2013),
    }


def test_the_report_lists_the_tasks_that_its_sender_leads(form: Form) -> None:
    sheet = next(s for s in form.sheets if isinstance(s, TableSheet))
    assert sheet.tasks_for(Frequency.QUARTER)
    assert sheet.tasks_for(Frequency.HALF_YEAR)


# The forms


def test_rows_show_only_where_they_apply(regime: Regime, form: Form) -> None:
    own = {
        code: shown(form, regime, code)
        for code in reporters(regime, "bao-cao-quy")  # nobody else fills this form
    }
    for code, codes in own.items():
        is_district = regime.agencies[code].level == "huyen"
        for row in ("TT-19", "MC-05", "CV-07", "HD-10"):
            assert (row in codes) == is_district, (code, row)
        assert 60 <= len(codes) <= 95
    assert {code for code in own if "TC-08" in own[code]} == {"so-tu-phap"}
    assert {code for code in own if "MC-11" in own[code]} == {"so-y-te", "so-giao-duc-dao-tao"}
    assert {code for code in own if "HD-14" in own[code]} == {"so-ke-hoach-dau-tu"}
    # IV.1, gạch đầu dòng 5: seven agencies build models.
    assert len([code for code in own if "CD-12" in own[code]]) == 7


def test_the_lower_tier_is_asked_less(regime: Regime, commune_form: Form) -> None:
    commune = shown(commune_form, regime, "xa-ta-nung")
    office = shown(commune_form, regime, "phong-tu-phap-da-lat")
    assert 15 <= len(office) < len(commune) <= 30
    assert commune - office >= {"CD-04", "MC-03", "CB-05", "DK-01", "DK-02"}
    names = [s.id for s in commune_form.for_agency(regime.agencies["phong-tu-phap-da-lat"]).sheets]
    assert "can-bo-dieu-kien" not in names


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("MC-04", "100% (2013)"),
        ("MC-10", "> 60% (2013), > 70% (2015)"),
        ("MC-13", "> 60% (2015)"),
        ("CV-03", "50% (2015)"),
        ("CV-06", "90% (2015)"),
        ("CV-09", "≥ 35% (2015)"),
        ("CV-11", "≥ 60% (2015)"),
        ("CV-14", "70-80%/năm"),
        ("HD-03", "60% (2015)"),
        ("HD-09", "100% (2015)"),
    ],
)
def test_targets_keep_the_operator_of_the_plan(form: Form, code: str, target: str) -> None:
    assert target_of(form, code) == target
