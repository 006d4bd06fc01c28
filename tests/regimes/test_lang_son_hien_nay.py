"""Lạng Sơn today: two tiers, four reports a year, and the reorganisations of 2025."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kybaocao.adapters.regime_files import Config, load
from kybaocao.rules.agency import Level, Role
from kybaocao.rules.declared_rows import succession_faults
from kybaocao.rules.form import EntrySheet, Form, Indicator
from kybaocao.rules.obligation import VIETNAM, obligations, term, terms
from kybaocao.rules.period import Period
from kybaocao.rules.regime import Regime
from kybaocao.rules.reminder import Kind, rungs
from kybaocao.rules.succession import answerable, forerunners
from kybaocao.rules.workdays import Shift
from kybaocao.steps.calendar import Entry, entries

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "lang-son-hien-nay.csv"
ID = "lang-son-hien-nay"
FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
AGENCIES_REPORT = ("bao-cao-quy", "bao-cao-6-thang", "bao-cao-nam")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The regime with the calendar and the forms that it needs, as an office would take it."""
    folder = tmp_path_factory.mktemp("home") / "config"
    for name in ("forms", "regimes"):
        (folder / name).mkdir(parents=True)
    for name in (
        "calendar",
        f"regimes/{ID}",
        "forms/sau-linh-vuc.yaml",
        "forms/phieu-gui-bao-cao.yaml",
    ):
        (folder / name).symlink_to(ROOT / "config" / name)
    return load(folder)


@pytest.fixture(scope="module")
def regime(config: Config) -> Regime:
    return config.regimes[ID]


@pytest.fixture(scope="module")
def form(config: Config) -> Form:
    return config.form("sau-linh-vuc")


def row_of(entry: Entry, regime: Regime) -> tuple[str, ...]:
    duty = entry.duty.split("/")[1]
    who = "so-noi-vu" if regime.duty(duty).reporters.agencies else entry.tier or "so"
    assert entry.due.tzinfo is VIETNAM
    return (
        *(duty, entry.period, who, str(entry.agencies)),
        *(d.isoformat() for d in (entry.window_first, entry.window_last, entry.opens)),
        entry.last_day.isoformat(),
        WEEKDAYS[entry.last_day.weekday()],
        entry.clause,
    )


def test_every_deadline_of_2024_to_2027(config: Config, regime: Regime) -> None:
    """Worked out from the documents' words without the code under test."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        expected = [tuple(row) for row in csv.reader(file)][1:]
    found = [row_of(entry, regime) for entry in entries(config, regime, FIRST, LAST)]
    assert len(expected) == 39
    assert sorted(found) == sorted(expected)


def test_years_without_a_notice_are_provisional(config: Config, regime: Regime) -> None:
    counted: dict[int, set[bool]] = {}
    for entry in entries(config, regime, date(2025, 1, 1), LAST):
        if entry.duty.endswith("bao-cao-nam"):
            counted.setdefault(entry.last_day.year, set()).add(bool(entry.provisional))
    assert counted == {2025: {False}, 2026: {False}, 2027: {True}}


def recurring(config: Config, regime: Regime) -> Iterator[tuple[str, Period]]:
    for duty in regime.duties:
        for found in terms(regime, duty, FIRST, LAST, config.calendar):
            yield duty.id, found.period


def test_four_reports_a_year_for_the_agencies_and_four_for_the_province(
    config: Config, regime: Regime
) -> None:
    of_2026 = [(d, p.id) for d, p in recurring(config, regime) if p.year == 2026]
    agencies = [p for d, p in of_2026 if d in AGENCIES_REPORT]
    province = [p for d, p in of_2026 if d.startswith("gui-bo-")]
    assert sorted(agencies) == sorted(province) == ["2026", "2026-H1", "2026-Q1", "2026-Q3"]


def test_at_least_a_working_day_lies_between_cut_off_and_deadline(
    config: Config, regime: Regime
) -> None:
    """Nghị định 09/2019/NĐ-CP, Điều 8, khoản 5."""
    assert regime.days_after_cutoff == 1
    for duty_id, period in recurring(config, regime):
        found = term(regime, regime.duty(duty_id), period, config.calendar)
        for due in (found.due, *found.tiers.values()):
            assert config.calendar.between(found.window.last, due.stated) >= 1


def test_each_level_reports_before_the_next(config: Config, regime: Regime) -> None:
    """Communes and districts, then departments, then a working day is left to the 20th."""
    for kind in ("quy", "6-thang", "nam"):
        own, province = regime.duty(f"bao-cao-{kind}"), regime.duty(f"gui-bo-{kind}")
        for found in terms(regime, own, FIRST, LAST, config.calendar):
            to_ministry = term(regime, province, found.period, config.calendar).due.last_day
            department = found.due_for(Level.DEPARTMENT).last_day
            assert found.due_for(Level.COMMUNE) == found.due_for(Level.DISTRICT)
            assert found.due_for(Level.COMMUNE).last_day < department < to_ministry
            assert config.calendar.is_working(department)
            assert config.calendar.between(department, to_ministry) >= 1


@pytest.mark.parametrize(
    ("kind", "period", "day", "day_off", "reminded"),
    [
        ("6-thang", "2026-H1", date(2026, 6, 20), "Thứ Bảy", date(2026, 6, 19)),
        ("quy", "2026-Q3", date(2026, 9, 20), "Chủ nhật", date(2026, 9, 18)),
        ("nam", "2026", date(2026, 12, 20), "Chủ nhật", date(2026, 12, 18)),
    ],
)
def test_the_twentieth_stays_on_a_day_off_and_the_last_letter_goes_before(
    config: Config, regime: Regime, kind: str, period: str, day: date, day_off: str, reminded: date
) -> None:
    assert regime.days_off.rule is Shift.NONE
    duty = regime.duty(f"gui-bo-{kind}")
    found = term(regime, duty, Period.parse(period), config.calendar)
    assert found.due.stated == found.due.last_day == day
    assert config.calendar.reason_off(day) == day_off
    letters = [
        r.day
        for r in rungs(duty.ladder, found.opens, found.due, config.calendar)
        if r.kind is Kind.REMINDER
    ]
    assert max(letters) == reminded


def test_what_is_assumed_is_said(regime: Regime) -> None:
    used = {a for duty in regime.duties for a in duty.assumptions}
    assert used == {a.id for a in regime.assumptions}
    assert regime.days_off.source == "Giả định ngay-nghi"
    for duty in regime.duties:
        if duty.id in AGENCIES_REPORT:
            assert "han-tung-cap" in duty.assumptions
            assert duty.stated.startswith("(văn bản không nêu ngày")


def test_requests_name_their_own_deadline(regime: Regime) -> None:
    duty = regime.duty("theo-yeu-cau")
    assert duty.takes_requests
    assert duty.deadline.requested


# Agencies


def alive(regime: Regime, level: Level, day: date) -> list[str]:
    return [a.code for a in regime.agencies.values() if a.level is level and a.exists_on(day)]


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
    found = set(alive(regime, Level.DEPARTMENT, day)) - without
    assert len(found) == departments
    assert len(alive(regime, Level.DISTRICT, day)) == districts
    assert len(alive(regime, Level.COMMUNE, day)) == communes


def test_sixty_one_communes_and_four_wards(regime: Regime) -> None:
    """Nghị quyết 1672/NQ-UBTVQH15, Điều 1."""
    kinds = Counter(c.split("-")[0] for c in alive(regime, Level.COMMUNE, date(2025, 7, 1)))
    assert kinds == {"xa": 61, "phuong": 4}
    names = [a.name for a in regime.agencies.values() if a.level is Level.COMMUNE]
    assert len(set(names)) == 65


def test_every_agency_has_two_addresses_that_reach_nobody(regime: Regime) -> None:
    counted = Counter((c.agency, c.role) for c in regime.contacts)
    assert counted == {(code, role): 1 for code in regime.agencies for role in Role}
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
    assert levels.pop(Level.DEPARTMENT) == departments
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
    assert list(succession_faults(regime)) == []
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
    districts = [a.code for a in regime.agencies.values() if a.level is Level.DISTRICT]
    assert len(districts) == 11
    assert all(answerable(regime, code, ENDED) is None for code in districts)


def test_every_commune_lies_in_districts_that_ended(regime: Regime) -> None:
    of: dict[str, set[str]] = {}
    for move in regime.successions:
        if move.day == ENDED:
            of.setdefault(move.successor, set()).add(move.predecessor)
            assert not move.whole
            assert not move.heir
    assert set(of) == set(alive(regime, Level.COMMUNE, ENDED))
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
        for code in alive(regime, Level.DEPARTMENT, DUE_Q1)
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
    for code in alive(regime, Level.DEPARTMENT, DUE_H1):
        found = forerunners(regime, code, DUE_Q1, DUE_H1)
        assert (found.agencies, found.split) == ((code,), ())
    for code in alive(regime, Level.COMMUNE, DUE_Q3):
        assert forerunners(regime, code, DUE_H1, DUE_Q3).split
        assert forerunners(regime, code, DUE_Q3, date(2025, 12, 17)).split == ()


# The form


def rows_of(form: Form) -> dict[str, Indicator]:
    return {row.code: row for _, row in form.indicators()}


def test_the_six_fields_and_the_steering_of_them(form: Form) -> None:
    assert [sheet.name for sheet in form.indicator_sheets] == [
        "1. Chỉ đạo điều hành",
        "2. Thể chế",
        "3. Thủ tục hành chính",
        "4. Tổ chức bộ máy",
        "5. Chế độ công vụ",
        "6. Tài chính công",
        "7. Chính quyền số",
    ]
    assert 60 <= len(rows_of(form)) <= 90
    assert isinstance(form.sheets[0], EntrySheet)
    assert isinstance(form.sheets[-1], EntrySheet)


def test_no_form_passes_for_the_ministrys(config: Config) -> None:
    for form in config.forms.values():
        shown = [form.title, form.note, *(s.title + s.note for s in form.sheets)]
        assert "Bộ Nội vụ" not in " ".join(shown)


@pytest.mark.parametrize(
    ("agency", "asked", "not_asked"),
    [
        ("so-noi-vu", {"CD-14", "TT-02"}, {"BM-08", "CV-06"}),
        ("so-tu-phap", {"TC-05", "TC-06", "TC-07"}, {"CD-14"}),
        ("ubnd-cao-loc", {"CV-06"}, {"TT-02", "TK-09"}),
        ("phuong-ky-lua", {"CV-06", "TK-09"}, {"TT-02", "CD-14"}),
    ],
)
def test_rows_show_where_they_apply(
    regime: Regime, form: Form, agency: str, asked: set[str], not_asked: set[str]
) -> None:
    found = set(rows_of(form.for_agency(regime.agencies[agency])))
    assert asked <= found
    assert not not_asked & found


def test_every_reporter_gets_whole_sums_and_percentages(regime: Regime, form: Form) -> None:
    duty = regime.duty("bao-cao-quy")
    for agency in (a for a in regime.agencies.values() if duty.reporters.include(a)):
        rows = rows_of(form.for_agency(agency))
        for row in rows.values():
            if row.compute is not None:
                assert {*row.compute.part, *row.compute.whole} <= set(rows), agency.code
        for rule in form.rules.sums:
            assert len({code in rows for code in (rule.total, *rule.parts)}) == 1, agency.code


def test_percentages_are_computed_and_their_parts_held_below_the_whole(form: Form) -> None:
    held = {(r.part, r.whole) for r in form.rules.within}
    held |= {(part, r.total) for r in form.rules.sums for part in r.parts}
    for code, row in rows_of(form).items():
        assert (row.unit == "%") == (row.compute is not None), code
        if row.compute is not None:
            for part in row.compute.part:
                assert any((part, whole) in held for whole in row.compute.whole), code


def test_states_of_a_moment_have_no_cumulative_column(form: Form) -> None:
    for code, row in rows_of(form).items():
        if "đến cuối kỳ" in row.name:
            assert "cumulative" not in row.columns, code


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Mức độ hài lòng trong giải quyết thủ tục hành chính", "≥ 90%"),
        ("Tỷ lệ thủ tục cung cấp dịch vụ công trực tuyến", "≥ 80%"),
        (
            "Tỷ lệ hồ sơ công việc xử lý trên môi trường mạng",
            "≥ 90% (tỉnh), ≥ 80% (huyện), ≥ 60% (xã)",
        ),
    ],
)
def test_targets_keep_their_operator(form: Form, name: str, target: str) -> None:
    assert [r.target for r in rows_of(form).values() if r.name == name] == [target]
