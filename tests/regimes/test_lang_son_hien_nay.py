"""Lạng Sơn today: two tiers, four reports a year, the form."""

from collections.abc import Iterator
from datetime import date

import pytest

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.calendar.workdays import Shift
from kybaocao.rules.cycle.obligation import term, terms
from kybaocao.rules.cycle.reminder import Kind, rungs
from kybaocao.rules.form.form import EntrySheet, Form, Indicator
from kybaocao.rules.regime.regime import Regime
from kybaocao.steps.view.calendar import CalendarEntry, entries
from tests.regimes.regime_cases import golden

REGIME = "lang-son-hien-nay"
FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
AGENCIES_REPORT = ("bao-cao-quy", "bao-cao-6-thang", "bao-cao-nam")


@pytest.fixture(scope="module")
def form(config: Config) -> Form:
    return config.form("sau-linh-vuc")


def row_of(entry: CalendarEntry, regime: Regime) -> tuple[str, ...]:
    duty = entry.duty.split("/")[1]
    who = "so-noi-vu" if regime.duty(duty).reporters.agencies else entry.tier or "so"
    assert entry.due.tzinfo is VIETNAM
    return (
        *(entry.duty, entry.period, who, str(entry.agencies)),
        *(d.isoformat() for d in (entry.window_first, entry.window_last, entry.opens)),
        entry.last_day.isoformat(),
        WEEKDAYS[entry.last_day.weekday()],
        entry.clause,
    )


def test_every_deadline_of_2024_to_2027(config: Config, regime: Regime) -> None:
    """Worked out from the documents' words without the code under test."""
    expected = [tuple(row.values()) for row in golden(REGIME)]
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
        for due in found.dues:
            assert config.calendar.between(found.window.last, due.stated) >= 1


def test_each_level_reports_before_the_next(config: Config, regime: Regime) -> None:
    """Communes and districts, then departments, then a working day is left to the 20th."""
    for kind in ("quy", "6-thang", "nam"):
        own, province = regime.duty(f"bao-cao-{kind}"), regime.duty(f"gui-bo-{kind}")
        for found in terms(regime, own, FIRST, LAST, config.calendar):
            to_ministry = term(regime, province, found.period, config.calendar).due.last_day
            department = found.due_for("so").last_day
            assert found.due_for("xa") == found.due_for("huyen")
            assert found.due_for("xa").last_day < department < to_ministry
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
    assert regime.days_off.source == "Giả định ngay-nghi"
    for duty in regime.duties:
        if duty.id in AGENCIES_REPORT:
            assert "han-tung-cap" in duty.assumptions
            assert duty.stated.startswith("(văn bản không nêu ngày")


def test_requests_name_their_own_deadline(regime: Regime) -> None:
    duty = regime.duty("theo-yeu-cau")
    assert duty.takes_requests
    assert duty.deadline.requested


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
    assert [r.target_words for r in rows_of(form).values() if r.name == name] == [target]
