"""The mail catcher keeps what it is sent, in order, before it says so."""

import smtplib
from pathlib import Path

import pytest

from kybaocao.adapters.mail_catcher import MailCatcher

LETTER = (
    b"To: dau-moi@stp.example\r\n"
    b"Subject: =?utf-8?q?=C4=90=C3=A3_nh=E1=BA=ADn=3A_../b=C3=A1o_c=C3=A1o?=\r\n"
    b"\r\n"
    b"Xin chao.\r\n..\r\n"
)


def send(catcher: MailCatcher, letter: bytes = LETTER) -> None:
    with smtplib.SMTP(catcher.host, catcher.port, timeout=60) as client:
        client.sendmail("cchc@quangnam.example", ["dau-moi@stp.example"], letter)


def test_a_letter_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    with MailCatcher(tmp_path / "letters") as catcher:
        send(catcher)
        [kept] = catcher.letters
    assert kept.read_bytes() == LETTER
    assert kept.name == "0001-dau-moi-da-nhan-bao-cao.eml"
    assert catcher.messages[0]["Subject"] == "Đã nhận: ../báo cáo"


def test_letters_stand_in_order_and_a_second_opening_goes_on(tmp_path: Path) -> None:
    for _ in range(2):
        with MailCatcher(tmp_path) as catcher:
            send(catcher)
            send(catcher)
    assert [p.name[:4] for p in catcher.letters] == ["0001", "0002", "0003", "0004"]
    (tmp_path / "10000-later.eml").write_bytes(LETTER)
    assert catcher.letters[-1].name == "10000-later.eml"


def test_a_letter_without_headers_has_a_safe_name(tmp_path: Path) -> None:
    with MailCatcher(tmp_path) as catcher:
        send(catcher, b"\r\n../../etc\r\n")
    assert [p.name for p in tmp_path.iterdir()] == ["0001-thu.eml"]


def test_a_large_attachment_passes(tmp_path: Path) -> None:
    large = LETTER + (b"x" * 76 + b"\r\n") * 260_000
    with MailCatcher(tmp_path) as catcher:
        send(catcher, large)
        assert catcher.letters[0].stat().st_size == len(large)


def test_a_letter_that_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    with MailCatcher(folder) as catcher:
        folder.rmdir()
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(catcher)
        assert refused.value.smtp_code == 451
        folder.mkdir()
        send(catcher)
        assert [p.name[:4] for p in catcher.letters] == ["0001"]


def test_it_listens_on_this_machine_alone(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="loopback"):
        MailCatcher(tmp_path, host="0.0.0.0")  # noqa: S104
