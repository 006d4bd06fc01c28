"""What every page has: whom to ask."""

import pytest

from kybaocao.rules.regime.contact import dialled
from kybaocao.rules.regime.regime import HelpLine
from kybaocao.runtime import Office
from tests.portal.conftest import SignIn, Visit
from tests.steps.conftest import REGIME

DESK = HelpLine(office="Phòng Cải cách hành chính", telephone="(0235) 0000 000 máy lẻ 12")


@pytest.fixture(autouse=True)
def named(office: Office) -> None:
    """The regime says whom to ask."""
    regimes = dict(office.config.regimes)
    regimes[REGIME] = regimes[REGIME].model_copy(update={"contact": DESK})
    object.__setattr__(office.config, "regimes", regimes)


@pytest.mark.parametrize("path", ["/dang-nhap", "/khong-co-trang-nay", "/vao/khong-dung"])
def test_who_is_not_signed_in_reads_whom_to_ask(visit: Visit, path: str) -> None:
    assert "<b>Phòng Cải cách hành chính</b>" in visit().get(path).text


@pytest.mark.parametrize("path", ["/bao-cao", "/tong-hop", "/danh-ba", "/bao-cao/9999"])
def test_every_page_says_whom_to_ask_and_dials_the_number(
    opened: Office, sign_in: SignIn, path: str
) -> None:
    page = sign_in("so-noi-vu").get(path).text
    assert '<a href="tel:02350000000">(0235) 0000 000 máy lẻ 12</a>' in page
    assert "mailto:" not in page


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0235.3852.345", "02353852345"),
        ("+84 235 3852 345", "+842353852345"),
        ("0235-3852-345", "02353852345"),
        ("0235 3852 345 / 0235 3852 346", "02353852345"),
        ("0235 3852 345 - 3852 346", "02353852345"),
    ],
)
def test_of_several_numbers_the_first_is_dialled(written: str, expected: str) -> None:
    assert dialled(HelpLine(office="x", telephone=written).telephone) == expected


@pytest.mark.parametrize("written", ["", "gọi văn thư", "x@y.example", "12;34"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="telephone"):
        HelpLine(office="x", telephone=written)
