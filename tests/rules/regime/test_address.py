"""One rule for an e-mail address: what no server takes is refused at the door, in words."""

import pytest

from kybaocao.rules.regime.address import address_fault, is_placeholder


@pytest.mark.parametrize(
    "address",
    [
        "vanthu@so-noi-vu.example",
        "cchc.snv+bao-cao@quangnam.gov.vn",
        "o'hara@x.vn",
        "x" * 64 + "@a.vn",
        "a@xn--thnh-hoa-m1a.vn",
    ],
)
def test_an_address_that_servers_take_is_one(address: str) -> None:
    assert address_fault(address) == ""


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mailto:a@b.vn", "mailto:"),
        ("a@b.vn.", "dấu chấm ở cuối"),
        ("a@tỉnh.vn", "tên miền không dấu"),
        ("vănthư@b.vn", "chữ có dấu trước @"),
        ("a@so_noi_vu.vn", "gạch dưới"),
        ("x" * 65 + "@b.vn", "65 ký tự"),
        ("a@" + ".".join(["b" * 60] * 5) + ".vn", "tối đa"),
        ("a..b@c.vn", "trước @"),
        (".a@c.vn", "trước @"),
        ("a@b", "tên miền không đúng"),
        ("a@-b.vn", "tên miền không đúng"),
        ("a@b..vn", "tên miền không đúng"),
        ("a@10.0.0.1", "tên miền không đúng"),
        ("a@b.vn, c@d.vn", "một địa chỉ"),
        ("Văn thư <a@b.vn>", "một địa chỉ"),
        ("a@b@c.vn", "hai dấu @"),
        ("a.vn", "ten@donvi.vn"),
        ("@b.vn", "ten@donvi.vn"),
        ("a@", "ten@donvi.vn"),
    ],
)
def test_what_is_none_is_refused_for_its_own_reason(address: str, said: str) -> None:
    assert said in address_fault(address)


def test_an_address_that_is_still_to_be_filled_in_is_known() -> None:
    assert is_placeholder("vanthu@so-noi-vu.example")
    assert is_placeholder("a@b.EXAMPLE.com")
    assert not is_placeholder("a@example.gov.vn")
    assert not is_placeholder("example@b.vn")
