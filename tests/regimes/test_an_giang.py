"""An Giang, Quyết định 930/QĐ-UBND: two streams, every term of every duty, the forms.

The days of the golden table were worked out from the programme's words, the regime's assumptions
and the weekdays of 2012 to 2015, not by the code under test.
"""

from collections import Counter
from datetime import date

import pytest

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.check.history import reports_before
from kybaocao.rules.cycle.obligation import obligations
from kybaocao.rules.form.form import Form, TableSheet
from kybaocao.rules.regime.duty import Handling
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.succession import answerable
from tests.regimes.regime_cases import reporters, shown, target_of, terms_of

REGIME = "an-giang"
MEDIA = {"bao-an-giang", "dai-ptth", "cong-thong-tin-dien-tu"}
PROGRAMME = ("bao-cao-3-thang", "bao-cao-6-thang", "bao-cao-nam", "bao-cao-dot-xuat")
PROCEDURES = ("kiem-soat-tthc-quy", "kiem-soat-tthc-6-thang", "kiem-soat-tthc-nam")


@pytest.fixture(scope="module")
def form(config: Config) -> Form:
    return config.form("bao-cao-an-giang")


@pytest.fixture(scope="module")
def procedures(config: Config) -> Form:
    return config.form("kiem-soat-tthc")


@pytest.fixture(scope="module")
def plan(config: Config) -> Form:
    return config.form("ke-hoach-du-toan")


# The calendar


def test_agencies_report_every_three_months_once(config: Config) -> None:
    """VI.3.a: định kỳ 3 tháng."""
    due = [t.due.last_day for duty_id in PROGRAMME[:3] for t in terms_of(config, duty_id)]
    months = [(day.year, day.month) for day in sorted(due)]
    every_third = [(year, month) for year in range(2012, 2016) for month in (3, 6, 9, 12)]
    assert months == every_third[1:]  # in force from 15/6/2012


@pytest.mark.parametrize(("kind", "first"), [("6-thang", "2012-H1"), ("nam", "2012")])
def test_home_affairs_reports_after_it_has_the_agencies_reports(
    config: Config, kind: str, first: str
) -> None:
    agencies, whole = terms_of(config, f"bao-cao-{kind}"), terms_of(config, f"so-noi-vu-{kind}")
    assert [t.period for t in agencies] == [t.period for t in whole]
    assert agencies[0].period.id == first
    assert all(a.due.at < b.due.at for a, b in zip(agencies, whole, strict=True))


@pytest.mark.parametrize(
    ("duty_id", "period", "last_day"),
    [
        # Cut off on Friday 14/9/2012: the third working day is Wednesday, the fifth Friday.
        ("bao-cao-3-thang", "2012-Q3", date(2012, 9, 19)),
        ("kiem-soat-tthc-quy", "2012-Q3", date(2012, 9, 21)),
        # Cut off on Saturday 14/12/2013.
        ("bao-cao-nam", "2013", date(2013, 12, 18)),
        ("kiem-soat-tthc-nam", "2013", date(2013, 12, 20)),
        ("ke-hoach-giai-doan", "2012-once", date(2012, 10, 1)),  # 30/9 is a Sunday
        ("so-noi-vu-ke-hoach-nam", "2014", date(2013, 12, 2)),  # 30/11 is a Saturday
    ],
)
def test_deadlines_by_working_days_and_on_days_off(
    config: Config, duty_id: str, period: str, last_day: date
) -> None:
    found = {t.period.id: t.due.last_day for t in terms_of(config, duty_id)}
    assert found[period] == last_day


def test_the_plan_goes_with_the_budget_of_the_year_before(config: Config) -> None:
    """VI.3.a, gạch đầu dòng 1: cùng thời gian gửi báo cáo dự toán ngân sách hàng năm."""
    due = {t.period.id: t.due.last_day for t in terms_of(config, "ke-hoach-nam")}
    assert due == {str(year): date(year - 1, 7, 10) for year in (2013, 2014, 2015, 2016)}


# What the document leaves open


def test_no_deadline_is_the_programme_s_own(regime: Regime) -> None:
    """Nothing in the programme names a day, so that each duty rests on one reading of its own."""
    readings = {
        *("ngay-lam-viec-3", "ngay-lam-viec-5", "ngay-25", "dot-xuat"),
        *("du-toan", "ke-hoach-giai-doan", "y-kien"),
    }
    for duty in regime.duties:
        own = readings & set(duty.assumptions)
        expected = {"ke-hoach-tinh"} if duty.id == "so-noi-vu-ke-hoach-nam" else own
        assert len(own or expected) == 1, duty.id
        assert expected <= set(duty.assumptions)
        assert "không nêu" in duty.stated


# Who owes what to whom


def test_eleven_districts_on_every_day(config: Config, regime: Regime) -> None:
    for term in terms_of(config, "bao-cao-3-thang"):
        owed = obligations(regime, regime.duty("bao-cao-3-thang"), term)
        levels = Counter(regime.agencies[o.agency].level for o in owed)
        assert levels == {"so": 20, "huyen": 11}


def test_chau_doc_became_a_city(config: Config, regime: Regime) -> None:
    """Nghị quyết 86/NQ-CP: thành phố Châu Đốc from 19/7/2013, from the whole of the town."""
    town, city = "ubnd-thi-xa-chau-doc", "ubnd-thanh-pho-chau-doc"
    owed = {
        term.period.id: {o.agency for o in obligations(regime, regime.duty(duty_id), term)}
        for duty_id in PROGRAMME[:2]
        for term in terms_of(config, duty_id)
    }
    assert {town, city} & owed["2013-H1"] == {town}
    assert {town, city} & owed["2013-Q3"] == {city}
    heir = answerable(regime, town, date(2013, 7, 19))
    assert heir is not None
    assert heir.code == city


@pytest.mark.parametrize("duty_id", [*PROGRAMME, "ke-hoach-nam", "ke-hoach-giai-doan"])
def test_the_programme_goes_to_home_affairs(regime: Regime, duty_id: str) -> None:
    duty = regime.duty(duty_id)
    found = reporters(regime, duty_id)
    assert found == set(regime.agencies) - MEDIA - {"ubnd-tinh"}
    for code in found:
        agency = regime.agencies[code]
        assert regime.recipient_of(duty, agency) == "so-noi-vu"
        assert regime.collector_of(duty, agency) == "so-noi-vu"


@pytest.mark.parametrize("duty_id", PROCEDURES)
def test_procedures_go_to_the_office_of_the_people_s_committee(
    regime: Regime, duty_id: str
) -> None:
    """VI.3.d, gạch đầu dòng 4: a stream of its own."""
    duty = regime.duty(duty_id)
    found = reporters(regime, duty_id)
    assert found == reporters(regime, "bao-cao-3-thang") - {"van-phong-ubnd-tinh"}
    assert {regime.collector_of(duty, regime.agencies[c]) for c in found} == {"van-phong-ubnd-tinh"}


@pytest.mark.parametrize(
    "duty_id",
    [
        *("so-noi-vu-quy", "so-noi-vu-6-thang", "so-noi-vu-nam"),
        *("so-noi-vu-ke-hoach-nam", "so-noi-vu-ke-hoach-giai-doan"),
    ],
)
def test_home_affairs_reports_and_plans_for_the_province(regime: Regime, duty_id: str) -> None:
    duty = regime.duty(duty_id)
    assert reporters(regime, duty_id) == {"so-noi-vu"}
    assert (duty.recipient, duty.handling) == ("ubnd-tinh", Handling.FORWARD)


def test_the_media_pass_on_opinions_when_asked(regime: Regime) -> None:
    """VI.3.o."""
    assert reporters(regime, "y-kien-nguoi-dan") == MEDIA
    assert regime.duty("y-kien-nguoi-dan").takes_requests


def test_the_plan_of_the_phase_is_owed_once(config: Config) -> None:
    for duty_id in ("ke-hoach-giai-doan", "so-noi-vu-ke-hoach-giai-doan"):
        (term,) = terms_of(config, duty_id)
        assert (term.window.first, term.window.last) == (date(2011, 1, 1), date(2015, 12, 31))


def test_guidance_is_a_task_and_no_report(regime: Regime) -> None:
    """VI.3.c, gạch đầu dòng 4, 5; VI.3.d, gạch đầu dòng 4; VI.3.e, gạch đầu dòng 3."""
    guides = {t.id: t.lead_codes for t in regime.tasks if t.title.startswith("Hướng dẫn")}
    assert guides == {
        "VI.3.c.4": ("so-noi-vu",),
        "VI.3.c.5": ("so-noi-vu",),
        "VI.3.d.4": ("van-phong-ubnd-tinh",),
        "VI.3.e.3": ("so-tai-chinh",),
    }


# The forms


def test_rows_show_only_where_they_apply(regime: Regime, form: Form) -> None:
    own = {code: shown(form, regime, code) for code in reporters(regime, "bao-cao-3-thang")}
    for code, codes in own.items():
        is_district = regime.agencies[code].level == "huyen"
        assert (codes >= {"MC-07", "CV-06"}) == is_district
        assert bool(codes & {"MC-05", "CV-04"}) == is_district
        assert 60 <= len(codes) <= 90
    assert {code for code in own if "TC-07" in own[code]} == {"so-tu-phap"}
    assert {code for code in own if "HD-14" in own[code]} == {"van-phong-ubnd-tinh"}
    assert {code for code in own if "MC-14" in own[code]} == {"so-y-te", "so-giao-duc-dao-tao"}


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("MC-01", "100% (2013)"),
        ("TT-07", "giảm 1/3 (2015)"),
        ("TT-10", "giảm 30% (2015)"),
        ("MC-13", "70% (2015)"),
        ("MC-16", "70% (2015)"),
        ("CV-03", "100% (2015)"),
        ("HD-06", "90% (2015)"),
        ("HD-08", "> 90% (2015)"),
        ("HD-09", "100% sở, ban, ngành và cấp huyện (2015)"),
        ("HD-16", "70% (2015)"),
    ],
)
def test_targets_keep_the_operator_of_the_programme(form: Form, code: str, target: str) -> None:
    assert target_of(form, code) == target


def test_files_of_districts_come_by_field_and_of_communes_apart(
    regime: Regime, procedures: Form
) -> None:
    def sheets(code: str) -> list[str]:
        return [s.id for s in procedures.for_agency(regime.agencies[code]).sheets]

    assert "linh-vuc-huyen" in sheets("ubnd-tri-ton")
    assert "cap-xa" in sheets("ubnd-tri-ton")
    assert "linh-vuc-so" not in sheets("ubnd-tri-ton")
    assert "linh-vuc-so" in sheets("so-tu-phap")
    assert {"linh-vuc-huyen", "cap-xa"}.isdisjoint(sheets("so-tu-phap"))
    assert "KS-03" in shown(procedures, regime, "so-tu-phap")
    assert "KS-03" not in shown(procedures, regime, "ubnd-tri-ton")


@pytest.mark.parametrize("field", ["HS", "DD", "XD", "KD", "TP", "XH", "KH", "XA"])
def test_files_received_are_solved_or_open(procedures: Form, field: str) -> None:
    """Received = online + in person + carried over = solved + still open, in every field."""
    sums = {(r.total, r.parts) for r in procedures.rules.sums}
    online = () if field == "XA" else (f"{field}-02",)  # III.2.g: online from districts up
    assert {
        (f"{field}-01", (*online, f"{field}-03", f"{field}-04")),
        (f"{field}-05", (f"{field}-06", f"{field}-07", f"{field}-08")),
        (f"{field}-09", (f"{field}-10", f"{field}-11")),
        (f"{field}-01", (f"{field}-05", f"{field}-09")),
    } <= sums
    assert (f"{field}-04", f"{field}-09") in {
        (r.opening, r.closing) for r in procedures.rules.carried
    }
    codes = {row.code for _, row in procedures.indicators()}
    assert ("XA-02" in codes, "HS-02" in codes) == (False, True)


def test_fields_add_up_to_the_district_s_files(regime: Regime, procedures: Form) -> None:
    own = procedures.for_agency(regime.agencies["ubnd-chau-phu"])
    across = [r for r in own.rules.sums if r.total.startswith("HS-") and len(r.parts) == 6]
    assert [r.total for r in across] == [f"HS-{n:02}" for n in range(1, 12)]
    department = procedures.for_agency(regime.agencies["so-y-te"])
    assert all(len(r.parts) < 6 for r in department.rules.sums)


def test_open_files_carry_over_across_the_kinds_of_period(regime: Regime) -> None:
    """Quarter III goes on from the half-year, and a year's first quarter from the year before."""
    duty = regime.duty("kiem-soat-tthc-quy")
    third, first = (reports_before(regime, duty, Period.parse(f"2013-Q{n}")) for n in (3, 1))
    assert [(b.duty.id, b.period.id, b.is_adjacent) for b in third] == [
        ("kiem-soat-tthc-6-thang", "2013-H1", True)
    ]
    assert [(b.duty.id, b.period.id, b.is_adjacent) for b in first] == [
        ("kiem-soat-tthc-nam", "2012", True)
    ]


def test_the_budget_adds_up_by_source_by_kind_and_by_field(plan: Form) -> None:
    names = {row.code: row.name for _, row in plan.indicators()}
    parts = [r.parts for r in plan.rules.sums if r.total == "KP-01"]
    assert [names[p[0]].split(":")[0] for p in parts] == [
        "Theo nguồn",
        "Theo tính chất",
        "Theo lĩnh vực",
    ]
    assert sorted(code for p in parts for code in p) == sorted(
        code for code in names if code.startswith("KP-") and code != "KP-01"
    )


def test_tasks_of_the_plan_cost_by_source(plan: Form) -> None:
    table = next(s for s in plan.sheets if isinstance(s, TableSheet))
    costs = [c.name for c in table.columns if c.id.startswith("kp-")]
    assert costs == [
        "Kinh phí: tổng số",
        "Ngân sách tỉnh",
        "Ngân sách huyện",
        "Trung ương hỗ trợ",
        "Nguồn khác",
    ]
    assert any(c.id == "san-pham" and c.required for c in table.columns)


def test_only_a_yearly_plan_asks_what_this_year_will_come_to(plan: Form) -> None:
    assert [c.id for c in plan.columns_for(Frequency.YEAR)] == ["uoc", "ke-hoach", "note"]
    assert [c.id for c in plan.columns_for(Frequency.ONCE)] == ["ke-hoach", "note"]
