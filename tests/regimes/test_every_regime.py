"""What holds for every regime: its golden table, its readings, its forms and blank workbooks."""

from collections.abc import Callable

import pytest

from kybaocao.adapters.regime_files import Config
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.steps.view.calendar import entries
from tests.regimes.regime_cases import (
    ALWAYS,
    faults_of_a_blank,
    golden,
    parts_lost,
    quarters_replaced,
    row_of,
    words_of,
)

ConfigOf = Callable[[str], Config]

ON_REQUEST = {
    "an-giang": {"bao-cao-dot-xuat", "y-kien-nguoi-dan"},
    "bac-giang": {"danh-gia-xep-loai"},
    "lam-dong": {"cap-duoi-dot-xuat", "bao-cao-dot-xuat", "so-noi-vu-dot-xuat"},
    "lang-son": {"bao-cao-bo-noi-vu", "vuong-mac"},
    "lang-son-hien-nay": {"theo-yeu-cau"},
    "quang-nam": {"tien-do-nhiem-vu", "ra-soat-tthc"},
}
BLANKS = {
    "an-giang": {
        "bao-cao-3-thang": "ubnd-tan-chau",
        "bao-cao-nam": "so-tu-phap",
        "so-noi-vu-quy": "so-noi-vu",
        "kiem-soat-tthc-quy": "ubnd-long-xuyen",
        "kiem-soat-tthc-nam": "so-y-te",
        "ke-hoach-nam": "so-y-te",
        "ke-hoach-giai-doan": "ubnd-cho-moi",
        "so-noi-vu-ke-hoach-nam": "so-noi-vu",
    },
    "bac-giang": {
        "bao-cao-quy": "so-noi-vu",
        "bao-cao-6-thang": "so-noi-vu",
        "bao-cao-nam": "so-noi-vu",
        "ke-hoach-nam": "so-noi-vu",
        "iso": "so-khoa-hoc-cong-nghe",
    },
    "lam-dong": {
        "cap-duoi-quy": "xa-lieng-sronh",
        "cap-duoi-nam": "phong-kinh-te-da-lat",
        "bao-cao-quy": "ubnd-dam-rong",
        "bao-cao-6-thang": "so-y-te",
        "so-noi-vu-nam": "so-noi-vu",
        "ke-hoach-nam": "ubnd-da-lat",
        "ke-hoach-nam-xa": "thi-tran-d-ran",
        "tong-hop-the-che": "so-tu-phap",
    },
    "lang-son": {
        "bao-cao-quy": "so-noi-vu",
        "bao-cao-6-thang": "so-noi-vu",
        "tong-hop-nam": "so-noi-vu",
        "tai-lieu-kiem-chung": "so-noi-vu",
        "ke-hoach-trien-khai": "so-noi-vu",
    },
}


@pytest.mark.parametrize(
    ("regime_id", "rows"),
    [("an-giang", 55), ("bac-giang", 73), ("lam-dong", 55), ("lang-son", 16), ("quang-nam", 54)],
)
def test_every_term_while_the_document_is_in_force(
    config_of: ConfigOf, regime_id: str, rows: int
) -> None:
    config, expected = config_of(regime_id), golden(regime_id)
    assert len(expected) == rows
    found = entries(config, config.regimes[regime_id], *ALWAYS)
    for one, wanted in zip(found, expected, strict=True):
        assert row_of(one, wanted) == wanted


@pytest.mark.parametrize("regime_id", ON_REQUEST)
def test_every_duty_is_in_the_golden_table_or_waits_for_a_request(
    config_of: ConfigOf, regime_id: str
) -> None:
    duties = config_of(regime_id).regimes[regime_id].duties
    told = {row["duty"].removeprefix(f"{regime_id}/") for row in golden(regime_id)}
    asked = {duty.id for duty in duties if duty.every is Frequency.REQUEST}
    assert asked == ON_REQUEST[regime_id]
    assert told | asked == {duty.id for duty in duties}


@pytest.mark.parametrize(
    ("regime_id", "duty_id", "year"),
    [
        ("an-giang", "bao-cao-3-thang", 2013),
        ("an-giang", "so-noi-vu-quy", 2013),
        ("an-giang", "kiem-soat-tthc-quy", 2013),
        ("bac-giang", "bao-cao-quy", 2014),
        ("lam-dong", "cap-duoi-quy", 2013),
        ("lam-dong", "bao-cao-quy", 2013),
        ("lam-dong", "so-noi-vu-quy", 2013),
        ("lang-son", "bao-cao-quy", 2018),
        ("lang-son", "tong-hop-quy", 2018),
    ],
)
def test_half_year_and_year_stand_for_their_last_quarter(
    config_of: ConfigOf, regime_id: str, duty_id: str, year: int
) -> None:
    regime = config_of(regime_id).regimes[regime_id]
    assert quarters_replaced(regime, duty_id, year) == [2, 4]


@pytest.mark.parametrize("regime_id", ON_REQUEST)
def test_every_assumption_is_named_by_a_duty(config_of: ConfigOf, regime_id: str) -> None:
    regime = config_of(regime_id).regimes[regime_id]
    used = {code for duty in regime.duties for code in duty.assumptions}
    assert used == {a.id for a in regime.assumptions}


@pytest.mark.parametrize(
    ("regime_id", "form_id"),
    [
        ("an-giang", "bao-cao-an-giang"),
        ("bac-giang", "bao-cao-bac-giang"),
        ("lam-dong", "bao-cao-lam-dong"),
        ("lam-dong", "bao-cao-xa-lam-dong"),
        ("lang-son", "bao-cao-lang-son"),
        ("lang-son-hien-nay", "sau-linh-vuc"),
    ],
)
def test_no_row_loses_its_parts_where_it_shows(
    config_of: ConfigOf, regime_id: str, form_id: str
) -> None:
    config = config_of(regime_id)
    form = config.form(form_id)
    for agency in config.regimes[regime_id].agencies.values():
        assert parts_lost(form, form.for_agency(agency)) == [], agency.code


@pytest.mark.parametrize("regime_id", ON_REQUEST)
def test_no_form_passes_for_a_ministry_s(config_of: ConfigOf, regime_id: str) -> None:
    config = config_of(regime_id)
    for form_id in {duty.form for duty in config.regimes[regime_id].duties}:
        words = words_of(config.form(form_id))
        assert "Bộ " not in words, form_id
        assert "Văn phòng Chính phủ" not in words, form_id


@pytest.mark.parametrize(
    ("regime_id", "duty_id", "code"),
    [(regime, duty, code) for regime, of in BLANKS.items() for duty, code in of.items()],
)
def test_a_blank_workbook_lacks_answers_and_nothing_else(
    config_of: ConfigOf, regime_id: str, duty_id: str, code: str
) -> None:
    assert faults_of_a_blank(config_of(regime_id), duty_id, code) == {"required-blank"}
