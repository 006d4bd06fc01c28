"""Lạng Sơn, the 2017 plan on PAR INDEX: every term of every duty, who owes what, the forms.

The days of the golden table were worked out from the plan's words, the regime's assumptions and
a list of the days off of 2017 and 2018, not by the code under test.
"""

from datetime import date

import pytest

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.regime import Regime
from tests.regimes.regime_cases import codes_of, reporters, target_of, term_of, terms_of

REGIME = "lang-son"


@pytest.fixture(scope="module")
def form(config: Config) -> Form:
    return config.form("bao-cao-lang-son")


@pytest.fixture(scope="module")
def evidence(config: Config) -> Form:
    return config.form("tieu-chi-par-index")


# The calendar


@pytest.mark.parametrize(
    ("duty_id", "period", "stated", "last_day"),
    [
        ("tong-hop-6-thang", "2017-H1", date(2017, 6, 25), date(2017, 6, 26)),  # a Sunday
        ("tong-hop-quy", "2018-Q1", date(2018, 3, 25), date(2018, 3, 26)),  # a Sunday
        # 30/9 is a Saturday.
        ("ke-hoach-trien-khai", "2017-once", date(2017, 9, 30), date(2017, 10, 2)),
        ("bao-cao-nam", "2018", date(2018, 12, 20), date(2018, 12, 20)),
    ],
)
def test_a_day_off_gives_way_to_the_next_working_day(
    config: Config, duty_id: str, period: str, stated: date, last_day: date
) -> None:
    due = term_of(config, duty_id, period).due
    assert (due.stated, due.last_day) == (stated, last_day)


def test_departments_report_before_what_is_made_of_their_reports(config: Config) -> None:
    for kind in ("quy", "6-thang", "nam"):
        first, second = (terms_of(config, f"{stem}-{kind}") for stem in ("bao-cao", "tong-hop"))
        assert [t.period for t in first] == [t.period for t in second]
        assert all(a.due.at < b.due.at for a, b in zip(first, second, strict=True))


# The document and what it leaves open


def test_the_plan_says_that_its_number_and_day_are_unknown(regime: Regime) -> None:
    assert "không rõ số, ngày" in regime.document.number
    assert regime.document.date is None
    assert all("so-va-ngay" in duty.assumptions for duty in regime.duties)


def test_no_duty_has_a_day_of_the_plan_s_own(regime: Regime) -> None:
    readings = {
        *("ngay-20", "ngay-25", "thang-01", "ke-hoach-rieng", "bo-noi-vu", "vuong-mac"),
    }
    for duty in regime.duties:
        assert len(readings & set(duty.assumptions)) == 1, duty.id


# Who owes what


@pytest.mark.parametrize("duty_id", ["bao-cao-quy", "bao-cao-6-thang", "bao-cao-nam"])
def test_nineteen_departments_and_eleven_districts_report(regime: Regime, duty_id: str) -> None:
    """III.3: cơ quan chuyên môn thuộc UBND tỉnh; UBND các huyện, thành phố."""
    found = reporters(regime, duty_id)
    assert sum(code.startswith("ubnd-") for code in found) == 11
    assert len(found) == 30
    assert {"so-noi-vu", "so-ngoai-vu", "ban-dan-toc", "ubnd-lang-son"} <= found
    assert "ban-quan-ly-khu-kinh-te" not in found
    duty = regime.duty(duty_id)
    assert (duty.recipient, duty.through) == ("ubnd-tinh", "so-noi-vu")


def test_communes_have_no_duty(regime: Regime) -> None:
    assert "xa" not in {a.level for a in regime.agencies.values()}


@pytest.mark.parametrize(
    "duty_id", ["tong-hop-quy", "tong-hop-6-thang", "tong-hop-nam", "bao-cao-bo-noi-vu"]
)
def test_the_home_affairs_department_reports_on_the_whole(regime: Regime, duty_id: str) -> None:
    assert reporters(regime, duty_id) == {"so-noi-vu"}


def test_difficulties_come_from_every_department_and_district(regime: Regime) -> None:
    duty = regime.duty("vuong-mac")
    assert duty.takes_requests
    assert reporters(regime, "vuong-mac") == set(regime.agencies) - {"ubnd-tinh"}


# The evidence for the index


def fields_of(evidence: Form, regime: Regime, code: str) -> list[str]:
    own = evidence.for_agency(regime.agencies[code])
    return [sheet.id for sheet in own.indicator_sheets]


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("so-noi-vu", ["chi-dao-dieu-hanh", "to-chuc-bo-may", "cong-chuc", "mot-cua", "dieu-tra"]),
        ("so-tu-phap", ["van-ban-qppl"]),
        ("van-phong-ubnd-tinh", ["thu-tuc-hanh-chinh"]),
        ("so-tai-chinh", ["tai-chinh-cong"]),
        ("so-thong-tin-truyen-thong", ["hien-dai-hoa"]),
        ("so-khoa-hoc-cong-nghe", ["iso"]),
        ("so-ke-hoach-dau-tu", ["tac-dong"]),
        ("so-y-te", []),
    ],
)
def test_each_department_scores_the_fields_of_its_competence(
    evidence: Form, regime: Regime, code: str, fields: list[str]
) -> None:
    assert fields_of(evidence, regime, code) == fields
    assert (code in reporters(regime, "tai-lieu-kiem-chung")) == bool(fields)


def test_every_field_has_one_owner(evidence: Form, regime: Regime) -> None:
    owners = sorted(reporters(regime, "tai-lieu-kiem-chung"))
    shown = [field for code in owners for field in fields_of(evidence, regime, code)]
    assert sorted(shown) == sorted(sheet.id for sheet in evidence.indicator_sheets)
    assert {row.source[-1] for _, row in evidence.indicators()} == set("123456789")


def test_no_point_values_are_invented(evidence: Form) -> None:
    for _, row in evidence.indicators():
        assert row.maximum is None, row.code
        assert not row.target_words, row.code


def test_evidence_or_an_explanation_is_required(evidence: Form) -> None:
    column = next(c for c in evidence.columns if c.id == "tai-lieu")
    assert column.text
    assert column.required
    assert "giải trình" in column.name


def test_scores_add_up_to_the_field_s_total(evidence: Form) -> None:
    summed = {code for rule in evidence.rules.sums for code in (rule.total, *rule.parts)}
    assert summed == {row.code for _, row in evidence.indicators()}


# The forms


def test_rows_show_only_where_they_apply(regime: Regime, form: Form) -> None:
    own = {code: codes_of(form.for_agency(agency)) for code, agency in regime.agencies.items()}
    for code, agency in regime.agencies.items():
        assert ({"CV-13", "HD-09", "MC-15"} <= own[code]) == (agency.level == "huyen")
        assert ("TT-04" in own[code]) == (agency.level == "so")
    assert {code for code in own if "CD-13" in own[code]} == {"so-noi-vu"}
    assert {code for code in own if "TD-01" in own[code]} == {"so-ke-hoach-dau-tu"}


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("HD-09", "≥ 70%"),
        ("MC-02", "100%"),
        ("MC-04", "100% cấp tỉnh, cấp huyện (năm 2017)"),
        ("MC-12", "100%"),
    ],
)
def test_targets_keep_the_operator_of_the_plan(form: Form, code: str, target: str) -> None:
    assert target_of(form, code) == target
