"""Bắc Giang, Quyết định 81/QĐ-UBND: every term of every duty, the annex, who owes what, the forms.

The days of the golden table were worked out from the decision's words and a list of the days off
of 2012 to 2015, not by the code under test.
"""

from datetime import date

import pytest

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.cycle.obligation import obligations
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.duty import Duty, Handling
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import DeadlineKind, Task, open_tasks
from tests.regimes.regime_cases import (
    codes_of,
    quarters_replaced,
    reporters,
    target_of,
    term_of,
    terms_of,
)

REGIME = "bac-giang"
PERIODIC = ("bao-cao-quy", "bao-cao-6-thang", "bao-cao-nam")


@pytest.fixture(scope="module")
def form(config: Config) -> Form:
    return config.form("bao-cao-bac-giang")


# The calendar


def test_nothing_stands_for_a_bulletin(regime: Regime) -> None:
    assert quarters_replaced(regime, "ban-tin", 2014) == []


def test_the_december_reviews_may_be_asked_at_other_times(regime: Regime) -> None:
    """Phần thứ ba, khoản 3, 4 and 6: `và theo yêu cầu của UBND tỉnh`."""
    assert {d.id for d in regime.duties if d.takes_requests} == {
        "so-tu-phap",
        "so-tai-chinh",
        "so-thong-tin-truyen-thong",
        "danh-gia-xep-loai",
    }


# Who owes what


def owing(config: Config, regime: Regime, duty: Duty, period: str) -> set[str]:
    term = term_of(config, duty.id, period)
    return {o.agency for o in obligations(regime, duty, term)}


def test_departments_and_ten_districts_report_through_the_home_affairs_department(
    config: Config, regime: Regime
) -> None:
    for duty_id, period in zip(PERIODIC, ("2013-Q3", "2013-H1", "2013"), strict=True):
        duty = regime.duty(duty_id)
        owed = owing(config, regime, duty, period)
        assert len(owed) == 30
        assert sum(code.startswith("ubnd-") for code in owed) == 10
        assert {"so-noi-vu", "ban-quan-ly-khu-cong-nghiep", "ubnd-son-dong"} <= owed
        assert "ubnd-tinh" not in owed
        assert (duty.recipient, duty.through) == ("ubnd-tinh", "so-noi-vu")


def test_the_foreign_affairs_department_owes_from_its_founding_on(
    config: Config, regime: Regime
) -> None:
    """Quyết định 280/QĐ-UBND, 31/8/2012."""
    half, quarter = regime.duty("bao-cao-6-thang"), regime.duty("bao-cao-quy")
    assert "so-ngoai-vu" not in owing(config, regime, half, "2012-H1")
    assert "so-ngoai-vu" in owing(config, regime, quarter, "2012-Q3")


@pytest.mark.parametrize(
    ("duty_id", "expected"),
    [
        ("so-tu-phap", {"so-tu-phap"}),
        ("so-tai-chinh", {"so-tai-chinh"}),
        ("so-thong-tin-truyen-thong", {"so-thong-tin-truyen-thong"}),
        ("ke-hoach-tinh", {"so-noi-vu"}),
        ("ke-hoach-kiem-soat-tthc", {"van-phong-ubnd-tinh"}),
        ("danh-gia-xep-loai", {"so-noi-vu"}),
        ("ban-tin", {"so-noi-vu"}),
        ("van-hoa-cong-so", {"so-noi-vu"}),
        ("so-ket-5-nam", {"so-noi-vu", "van-phong-ubnd-tinh"}),
        ("so-ket-kiem-soat-tthc", {"van-phong-ubnd-tinh"}),
        ("tong-ket-kiem-soat-tthc", {"van-phong-ubnd-tinh"}),
        ("nghi-dinh-63", {"van-phong-ubnd-tinh"}),
        ("kinh-phi", {"so-tai-chinh"}),
        ("qd-1441-giai-doan-1", {"so-ke-hoach-dau-tu"}),
        ("qd-1441-giai-doan-2", {"so-ke-hoach-dau-tu"}),
        ("iso", {"so-khoa-hoc-cong-nghe"}),
        ("khao-sat-y-te", {"so-y-te"}),
        ("khao-sat-giao-duc", {"so-giao-duc-dao-tao"}),
        ("khao-sat-dich-vu-cong", {"so-ke-hoach-dau-tu"}),
    ],
)
def test_what_single_agencies_owe(regime: Regime, duty_id: str, expected: set[str]) -> None:
    duty = regime.duty(duty_id)
    assert reporters(regime, duty_id) == expected
    assert (duty.handling is Handling.CONSOLIDATE) == (len(expected) > 1)
    assert duty.recipient == "ubnd-tinh"


def test_own_plans_go_to_the_standing_agency(regime: Regime) -> None:
    for duty_id in ("ke-hoach-nam", "ke-hoach-giai-doan"):
        duty = regime.duty(duty_id)
        levels = {a.level for a in regime.agencies.values() if duty.reporters.include(a)}
        assert levels == {"so", "huyen"}
        assert duty.recipient == "so-noi-vu"


# The annex (Phụ lục)


def test_thirteen_numbered_rows_two_phases_and_four_schemes(tasks: dict[str, Task]) -> None:
    assert list(tasks) == [
        *("1", "2", "3", "4", "5", "6.1", "6.2", "7", "8", "9", "10", "11", "12"),
        *("13", "13.1", "13.2", "13.3", "13.4"),
    ]
    assert {task_id.partition(".")[0] for task_id in tasks} == {str(n) for n in range(1, 14)}


@pytest.mark.parametrize(
    ("task_id", "lead", "kind", "last_day"),
    [
        ("1", ("so-noi-vu",), DeadlineKind.QUARTER, date(2012, 12, 31)),
        ("2", ("so-noi-vu",), DeadlineKind.QUARTER, date(2012, 12, 31)),  # merged with 1
        ("3", ("so-noi-vu",), DeadlineKind.QUARTER, date(2012, 12, 31)),  # merged with 1
        ("4", ("so-noi-vu",), DeadlineKind.YEAR, date(2013, 12, 31)),
        ("5", ("van-phong-ubnd-tinh",), DeadlineKind.YEAR, date(2013, 12, 31)),  # merged with 4
        ("6.1", ("so-ke-hoach-dau-tu",), DeadlineKind.QUARTER, date(2013, 3, 31)),
        # The row has no number and no lead of its own.
        ("6.2", ("so-ke-hoach-dau-tu",), DeadlineKind.QUARTER, date(2015, 12, 31)),
        ("7", ("so-tai-chinh",), DeadlineKind.YEARLY, None),
        ("8", ("so-khoa-hoc-cong-nghe",), DeadlineKind.QUARTER, date(2014, 12, 31)),
        ("9", ("so-y-te",), DeadlineKind.MONTH, date(2015, 9, 30)),
        ("10", ("so-giao-duc-dao-tao",), DeadlineKind.MONTH, date(2015, 9, 30)),
        ("11", ("so-ke-hoach-dau-tu",), DeadlineKind.MONTH, date(2015, 10, 31)),
        ("12", ("so-noi-vu", "van-phong-ubnd-tinh"), DeadlineKind.MONTH, date(2015, 11, 30)),
        ("13", ("so-noi-vu",), DeadlineKind.PHASE, date(2015, 12, 31)),
        ("13.4", ("so-noi-vu",), DeadlineKind.PHASE, date(2015, 12, 31)),
    ],
)
def test_who_leads_each_row_and_until_when(
    tasks: dict[str, Task],
    task_id: str,
    lead: tuple[str, ...],
    kind: DeadlineKind,
    last_day: date | None,
) -> None:
    task = tasks[task_id]
    assert task.lead_codes == lead
    assert (task.when.kind, task.when.last_day) == (kind, last_day)


def test_merged_cells_are_told_where_they_are_read(tasks: dict[str, Task], regime: Regime) -> None:
    merged = {task.id for task in tasks.values() if "gộp" in task.stated}
    assert merged == {"2", "3", "5"}
    reading = next(a.text for a in regime.assumptions if a.id == "o-gop")
    assert all(f"số {n}" in reading for n in (2, 3, 5, 6, 13))
    for duty_id in ("van-hoa-cong-so", "nghi-dinh-63", "qd-1441-giai-doan-2"):
        assert "o-gop" in regime.duty(duty_id).assumptions


def test_a_report_of_the_annex_is_due_when_its_row_is(
    config: Config, regime: Regime, tasks: dict[str, Task]
) -> None:
    pairs = {
        "van-hoa-cong-so": "2",
        "nghi-dinh-63": "5",
        "qd-1441-giai-doan-1": "6.1",
        "qd-1441-giai-doan-2": "6.2",
        "iso": "8",
        "khao-sat-y-te": "9",
        "khao-sat-giao-duc": "10",
        "khao-sat-dich-vu-cong": "11",
        "so-ket-5-nam": "12",
    }
    for duty_id, task_id in pairs.items():
        duty = regime.duty(duty_id)
        (term,) = terms_of(config, duty_id)
        assert term.due.stated == tasks[task_id].when.last_day, duty_id
        owed = {o.agency for o in obligations(regime, duty, term)}
        assert owed == set(tasks[task_id].lead_codes), duty_id


def test_the_lead_sees_its_open_tasks(regime: Regime) -> None:
    lead = regime.agencies["so-ke-hoach-dau-tu"]
    assert [t.id for t in open_tasks(regime.tasks, lead, 2013, {})] == ["6.1"]
    assert [t.id for t in open_tasks(regime.tasks, lead, 2015, {"6.1"})] == ["6.2", "11"]


# Assumptions and forms


def test_a_duty_without_a_stated_day_says_how_its_day_was_chosen(regime: Regime) -> None:
    readings = {
        *("khong-neu-ngay", "thang-12", "thang-quy-nam", "khong-dinh-ky", "kiem-soat-tthc"),
        *("kinh-phi", "ke-hoach-tinh", "ke-hoach-co-quan"),
    }
    for duty in regime.duties:
        assert readings & set(duty.assumptions), duty.id


def test_rows_show_only_where_they_apply(regime: Regime, form: Form) -> None:
    own = {code: codes_of(form.for_agency(agency)) for code, agency in regime.agencies.items()}
    for code, agency in regime.agencies.items():
        assert ({"CV-13", "TT-22", "MC-04"} <= own[code]) == (agency.level == "huyen")
    assert {code for code in own if "CD-15" in own[code]} == {"so-noi-vu"}
    assert {code for code in own if "TC-07" in own[code]} == {"so-tu-phap"}
    assert {code for code in own if "MC-12" in own[code]} == {"so-y-te", "so-giao-duc-dao-tao"}
    # Phần thứ hai, I.5.a names the four.
    assert {code for code in own if "TK-08" in own[code]} == {
        "so-giao-thong-van-tai",
        "so-nong-nghiep-ptnt",
        "so-khoa-hoc-cong-nghe",
        "so-tai-nguyen-moi-truong",
    }


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("TT-09", "1/3 (đến năm 2015)"),
        ("CV-03", "60% (giai đoạn 2011 - 2015)"),
        ("CV-06", "30% (giai đoạn 2011 - 2015)"),
        ("CV-15", "70-80% (giai đoạn 2011 - 2015)"),
        ("HD-03", "80% (giai đoạn 2011 - 2015)"),
        ("MC-04", "> 80% đơn vị cấp huyện (2015)"),
        ("MC-09", "> 80% (giai đoạn 2011 - 2015)"),
        ("MC-12", "> 60% (2015)"),
    ],
)
def test_targets_keep_the_operator_of_the_decision(form: Form, code: str, target: str) -> None:
    assert target_of(form, code) == target


def test_sources_cite_a_document(config: Config) -> None:
    for form_id in ("bao-cao-bac-giang", "ke-hoach-nam", "tong-ket-nhiem-vu"):
        form = config.form(form_id)
        assert all("/QĐ-UBND" in r.source or "/NĐ-CP" in r.source for _, r in form.indicators())
