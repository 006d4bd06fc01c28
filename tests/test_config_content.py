"""What config/ declares, held against what it has to declare and to cite."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest

from kybaocao.adapters.regime_files import Config, load
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.workdays import ONE_DAY
from kybaocao.rules.form.form import (
    Aggregation,
    EntrySheet,
    Form,
    Indicator,
    IndicatorSheet,
    InputKind,
    TableSheet,
)
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.contact import Role
from kybaocao.rules.regime.duty import Handling
from kybaocao.rules.regime.regime import Correction, Regime
from tests.support import ROOT

CONFIG = ROOT / "config"
FORMS = ("cchc-quy", "ra-soat-vbqppl", "cai-cach-tai-chinh-cong", "ung-dung-cntt")
DECEMBER_FORMS = FORMS[1:]


@pytest.fixture(scope="module")
def config() -> Config:
    return load(CONFIG)


@pytest.fixture(scope="module", params=FORMS)
def form(config: Config, request: pytest.FixtureRequest) -> Form:
    return config.form(request.param)


@pytest.fixture(scope="module", params=("quang-nam", "bac-giang"))
def regime(config: Config, request: pytest.FixtureRequest) -> Regime:
    return config.regimes[request.param]


def rows_of(form: Form) -> dict[str, Indicator]:
    return {row.code: row for _, row in form.indicators()}


def reporters_of(config: Config, form: Form) -> Iterator[Agency]:
    for regime in config.regimes.values():
        for duty in regime.duties:
            if duty.form == form.id:
                yield from (a for a in regime.agencies.values() if duty.reporters.include(a))


# Regimes


def test_the_duties_whose_deadline_is_stated(config: Config) -> None:
    found = {(r.id, d.id) for r in config.regimes.values() for d in r.duties}
    assert found >= {
        ("quang-nam", "bao-cao-quy"),
        ("quang-nam", "bao-cao-nam"),
        ("bac-giang", "so-tu-phap"),
        ("bac-giang", "so-tai-chinh"),
        ("bac-giang", "so-thong-tin-truyen-thong"),
    }


def test_duties_cite_a_clause_and_the_deadline_in_its_own_words(config: Config) -> None:
    quang_nam, bac_giang = config.regimes["quang-nam"], config.regimes["bac-giang"]
    assert [(d.clause, d.stated) for d in quang_nam.duties] == [
        ("Điều 1, V.1.d", "trước ngày 15 của tháng cuối quý"),
        ("Điều 1, V.1.d", "báo cáo năm trước ngày 15 tháng 12"),
        ("Điều 1, V.2", "thường xuyên (văn bản không nêu ngày)"),
        ("Điều 1, V.1.a", "trước ngày 20 tháng 6 năm 2016"),
        ("Điều 1, V.3.đ", "định kỳ hàng quý (văn bản không nêu ngày)"),
        ("Điều 1, V.3.a", "định kỳ (văn bản không nêu kỳ và ngày)"),
        ("Điều 1, V.4.b", "(văn bản không nêu kỳ và ngày)"),
        ("Điều 1, V.3.g", "hàng năm (văn bản không nêu ngày)"),
    ]
    december = [d for d in bac_giang.duties if d.form in DECEMBER_FORMS]
    assert [d.clause for d in december] == [
        "Phần thứ ba, khoản 3",
        "Phần thứ ba, khoản 4; Phụ lục, số 7",
        "Phần thứ ba, khoản 6",
    ]
    assert {d.stated for d in december} == {"tháng 12 hàng năm và theo yêu cầu của UBND tỉnh"}


def test_many_reporters_are_consolidated_and_single_ones_forwarded(config: Config) -> None:
    for regime in config.regimes.values():
        for duty in regime.duties:
            count = sum(duty.reporters.include(a) for a in regime.agencies.values())
            assert (duty.handling is Handling.CONSOLIDATE) == (count > 1), duty.id


def test_recipients(config: Config) -> None:
    quang_nam = {d.id: d.recipient for d in config.regimes["quang-nam"].duties}
    assert quang_nam["bao-cao-quy"] == quang_nam["bao-cao-nam"] == "so-noi-vu"
    assert quang_nam["hiep-hoi-doanh-nghiep"] == "ubnd-tinh"
    assert quang_nam["tham-tra-du-toan"] == "so-tai-chinh"
    december = [d for d in config.regimes["bac-giang"].duties if d.form in DECEMBER_FORMS]
    assert {d.recipient for d in december} == {"ubnd-tinh"}
    assert all(d.on_request for d in december)


def test_each_duty_says_what_its_document_leaves_open(regime: Regime) -> None:
    silent = {"ky-so-lieu", "ngay-nghi", "thoi-diem-nhan", "sua-lai", "mo-ky"}
    reading, forms = {
        "quang-nam": ("truoc-ngay-15", FORMS[:1]),
        "bac-giang": ("thang-12", DECEMBER_FORMS),
    }[regime.id]
    duties = [d for d in regime.duties if d.form in forms]
    assert duties
    for duty in duties:
        named = {a.id for a in regime.assumptions_of(duty)}
        assert named >= silent | {reading}, duty.id


def test_no_assumption_is_idle(regime: Regime) -> None:
    used = {a for duty in regime.duties for a in duty.assumptions}
    assert used == {a.id for a in regime.assumptions}


def test_cumulative_figures_are_explained_where_a_quarter_asks_them(config: Config) -> None:
    assert "luy-ke" in config.regimes["quang-nam"].duty("bao-cao-quy").assumptions


def test_what_counts_as_on_time_after_a_correction(config: Config) -> None:
    assert config.regimes["quang-nam"].corrected is Correction.FIRST
    assert config.regimes["bac-giang"].corrected is Correction.ACCEPTED


def test_the_decisions_are_in_force_from_their_signing(config: Config) -> None:
    for regime_id in ("quang-nam", "bac-giang"):
        regime = config.regimes[regime_id]
        assert regime.in_force.since == regime.document.date
    assert config.regimes["quang-nam"].in_force.until == date(2020, 12, 31)
    assert config.regimes["bac-giang"].in_force.until == date(2015, 12, 31)


# Agencies and contacts


def test_districts(config: Config) -> None:
    counts = {
        r.id: sum(a.level == "huyen" for a in r.agencies.values()) for r in config.regimes.values()
    }
    assert counts.items() >= {"quang-nam": 18, "bac-giang": 10, "lang-son": 11}.items()


def test_vertical_agencies_have_no_reporting_duty(config: Config) -> None:
    names = [
        agency.name
        for regime in config.regimes.values()
        for agency in regime.agencies.values()
        if any(duty.reporters.include(agency) for duty in regime.duties)
    ]
    vertical = ("Công an", "Cục Thuế", "Cục thuế", "Hải quan", "Bảo hiểm xã hội", "Kho bạc")
    assert not [n for n in names if n.startswith(vertical)]


def test_each_agency_stands_under_the_province_and_cites_a_source(regime: Regime) -> None:
    for agency in regime.agencies.values():
        assert (agency.parent is None) == (agency.level == "tinh"), agency.code
        document, publication = r"\d+/(\d{4}/)?(QĐ|NĐ)-", r"Cổng thông tin .*, \d+/\d+/\d{4}"
        assert re.search(f"{document}|{publication}", agency.source), agency.code


def test_names_and_short_names_are_unique(regime: Regime) -> None:
    for names in (
        [a.name for a in regime.agencies.values()],
        [a.short for a in regime.agencies.values()],
    ):
        assert len(set(names)) == len(names)


def test_each_agency_has_an_officer_and_a_head(regime: Regime) -> None:
    found = sorted((c.agency, c.role) for c in regime.contacts)
    assert found == sorted(
        (code, role) for code in regime.agencies for role in (Role.OFFICER, Role.HEAD)
    )


def test_addresses_cannot_reach_anybody(regime: Regime) -> None:
    assert all(c.address.endswith(".example") for c in regime.contacts)
    assert len({c.address for c in regime.contacts}) == len(regime.contacts)


def test_contacts_name_offices_and_no_persons(regime: Regime) -> None:
    for contact in regime.contacts:
        office = {Role.OFFICER: "Văn thư", Role.HEAD: "Lãnh đạo"}[contact.role]
        assert contact.name == f"{office} {regime.agencies[contact.agency].short}"


# Forms


def test_the_quarterly_form_covers_eight_reform_areas(config: Config) -> None:
    form = config.form("cchc-quy")
    assert [s.name for s in form.indicator_sheets] == [
        "1. Chỉ đạo điều hành",
        "2. Thể chế",
        "3. Thủ tục hành chính",
        "4. Tổ chức bộ máy",
        "5. Công chức, công vụ",
        "6. Tài chính công",
        "7. Hiện đại hóa",
        "8. Một cửa",
    ]
    assert all(len(s.rows) >= 5 for s in form.indicator_sheets)
    assert len(rows_of(form)) >= 60


def test_the_quarterly_form_has_a_cover_tasks_and_words(config: Config) -> None:
    sheets = config.form("cchc-quy").sheets
    assert isinstance(sheets[0], EntrySheet)
    assert isinstance(sheets[-2], TableSheet)
    assert isinstance(sheets[-1], EntrySheet)
    assert all(row.long for row in sheets[-1].rows)


@pytest.mark.parametrize("form_id", DECEMBER_FORMS)
def test_december_forms(config: Config, form_id: str) -> None:
    form = config.form(form_id)
    assert 10 <= len(rows_of(form)) <= 18
    assert isinstance(form.sheets[0], EntrySheet)
    assert isinstance(form.sheets[-1], EntrySheet)
    assert [c.id for c in form.columns] == ["planned", "done", "note"]


def test_only_quarters_and_half_years_ask_cumulative_figures(config: Config) -> None:
    form = config.form("cchc-quy")
    assert [c.id for c in form.columns_for(Frequency.QUARTER)] == [
        "planned",
        "done",
        "cumulative",
        "note",
    ]
    assert [c.id for c in form.columns_for(Frequency.YEAR)] == ["planned", "done", "note"]


def test_sources_cite_a_document(form: Form) -> None:
    for code, row in rows_of(form).items():
        assert re.search(r"\d+(/\d{4})?/(QĐ|NĐ|TT)-", row.source), code


def test_no_form_passes_for_a_ministry_form(form: Form) -> None:
    shown = " ".join([form.title, form.note, *(s.title + s.note for s in form.sheets)])
    assert "Bộ " not in shown


def test_percentages_are_computed_and_not_asked(form: Form) -> None:
    for code, row in rows_of(form).items():
        percentage = row.unit == "%" or row.name.startswith(("Tỷ lệ", "Mức độ"))
        assert percentage == (row.compute is not None), code
        assert percentage == (row.kind is InputKind.PERCENT), code
    for sheet in form.sheets:
        if not isinstance(sheet, IndicatorSheet):
            rows = sheet.rows if isinstance(sheet, EntrySheet) else sheet.columns
            assert all(r.kind is not InputKind.PERCENT for r in rows)


def test_computed_rows_are_made_of_figures_asked_in_their_columns(form: Form) -> None:
    rows = rows_of(form)
    for row in rows.values():
        if row.compute is None:
            continue
        for code in (*row.compute.part, *row.compute.whole):
            assert rows[code].compute is None
            assert set(row.columns) <= set(rows[code].columns), (row.code, code)


def test_rules_refer_to_asked_rows_that_share_a_column(form: Form) -> None:
    rows = rows_of(form)
    groups = [(r.total, *r.parts) for r in form.rules.sums]
    groups += [(r.part, r.whole) for r in form.rules.within]
    for codes in groups:
        assert all(rows[code].compute is None for code in codes), codes
        assert set.intersection(*(set(rows[code].columns) for code in codes)), codes


def test_parts_of_a_percentage_are_held_below_their_whole(form: Form) -> None:
    """A ratio may pass 100 % only where it compares two different things."""
    held = {(r.part, r.whole) for r in form.rules.within}
    held |= {(part, r.total) for r in form.rules.sums for part in r.parts}
    for row in rows_of(form).values():
        if row.compute is None or row.name.startswith("Tỷ lệ tuyển dụng mới"):
            continue
        for part in row.compute.part:
            assert any(
                (part, whole) in held or _linked(part, whole, held) for whole in row.compute.whole
            ), row.code


def _linked(part: str, whole: str, held: set[tuple[str, str]]) -> bool:
    return any(p == part and ((w, whole) in held) for p, w in held)


def test_what_is_cumulative_is_asked_in_the_period_too(config: Config) -> None:
    form = config.form("cchc-quy")
    for code, row in rows_of(form).items():
        assert "done" in row.columns, code
    assert form.rules.cumulative is not None


def test_figures_at_a_moment_have_no_cumulative_column(form: Form) -> None:
    for code, row in rows_of(form).items():
        if "(đến cuối kỳ)" in row.name or row.aggregate is Aggregation.NONE:
            assert "cumulative" not in row.columns, code


def test_files_add_up_as_in_the_government_office_table(config: Config) -> None:
    """Thông tư 01/2020/TT-VPCP, Biểu 06: received and carried over = solved and still open."""
    form = config.form("cchc-quy")
    names = {code: row.name for code, row in rows_of(form).items()}
    sums = [(names[r.total], [names[p] for p in r.parts]) for r in form.rules.sums]
    all_files = "Tổng số hồ sơ phải giải quyết (tiếp nhận mới và kỳ trước chuyển qua)"
    assert (all_files, ["Hồ sơ tiếp nhận mới", "Hồ sơ từ kỳ trước chuyển qua"]) in sums
    assert (all_files, ["Hồ sơ đã giải quyết", "Hồ sơ đang giải quyết (đến cuối kỳ)"]) in sums
    assert (
        "Hồ sơ đã giải quyết",
        ["Đã giải quyết: trước hạn", "Đã giải quyết: đúng hạn", "Đã giải quyết: quá hạn"],
    ) in sums


def test_every_reporter_gets_whole_rules_and_whole_percentages(config: Config, form: Form) -> None:
    agencies = list(reporters_of(config, form))
    assert agencies
    for agency in agencies:
        own = form.for_agency(agency)
        rows = rows_of(own)
        for row in rows.values():
            if row.compute is not None:
                assert set(row.compute.part) | set(row.compute.whole) <= set(rows), agency.code
        for rule in form.rules.sums:
            present = {c in rows for c in (rule.total, *rule.parts)}
            assert len(present) == 1, (agency.code, rule.total)


def test_communes_are_asked_of_districts_only(config: Config) -> None:
    regime, form = config.regimes["quang-nam"], config.form("cchc-quy")
    for code, row in rows_of(form).items():
        if row.name.startswith("Cấp xã:") or "Ủy ban nhân dân cấp xã" in row.name:
            to = {a.level for a in regime.agencies.values() if row.applies.to(a)}
            assert to == {"huyen"}, code


def test_rows_meant_for_single_agencies_name_agencies_that_exist(config: Config) -> None:
    agencies = config.regimes["quang-nam"].agencies
    for code, row in rows_of(config.form("cchc-quy")).items():
        assert set(row.applies.agencies) <= set(agencies), code


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn", "100%"),
        ("Tỷ lệ thời gian giải quyết thủ tục hành chính được cắt giảm", "≥ 30% (2016-2017)"),
        (
            "Mức độ hài lòng đối với sự phục vụ của cơ quan hành chính",
            "> 75% (2017), > 85% (2018-2020)",
        ),
        ("Tỷ lệ tinh giản biên chế so với biên chế giao năm 2015", "≥ 10% (cuối năm 2020)"),
        (
            "Tỷ lệ cơ quan, đơn vị bố trí theo vị trí việc làm",
            "≥ 60% (2016-2017), 100% (2018-2020)",
        ),
    ],
)
def test_targets_keep_the_operator_of_the_decision(config: Config, name: str, target: str) -> None:
    found = [r.target_words for r in rows_of(config.form("cchc-quy")).values() if r.name == name]
    assert found == [target]


def test_names_are_in_composed_unicode_and_have_no_stray_spaces() -> None:
    for path in CONFIG.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert unicodedata.is_normalized("NFC", text), path.name
            assert "\u00a0" not in text, path.name


# Calendar


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (date(2012, 12, 31), date(2013, 1, 5)),
        (date(2015, 1, 2), date(2014, 12, 27)),
        (date(2018, 12, 31), date(2019, 1, 5)),
        (date(2019, 4, 29), date(2019, 5, 4)),
        (date(2024, 4, 29), date(2024, 5, 4)),
        (date(2025, 5, 2), date(2025, 4, 26)),
        (date(2026, 1, 2), date(2026, 1, 10)),
    ],
)
def test_swapped_days(config: Config, off: date, worked: date) -> None:
    assert not config.calendar.is_working(off)
    assert config.calendar.is_working(worked)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2016, 2, 6), date(2016, 2, 14)),
        (date(2018, 2, 14), date(2018, 2, 20)),
        (date(2026, 2, 14), date(2026, 2, 22)),
    ],
)
def test_new_year_holidays(config: Config, first: date, last: date) -> None:
    calendar = config.calendar
    assert calendar.between(first, last) == 0
    assert not calendar.is_working(first)
    assert calendar.is_working(last + ONE_DAY)
