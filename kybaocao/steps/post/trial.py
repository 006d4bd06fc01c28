"""A letter that only tries whether letters go out."""

from datetime import datetime
from html import escape
from uuid import uuid4

from kybaocao.adapters.mailer import AddressMailError, Mail, MailConfigError
from kybaocao.rules.calendar.official_days import local_time
from kybaocao.rules.regime.address import address_fault, is_placeholder
from kybaocao.runtime import Office

SUBJECT = "Thư thử của hệ thống Kỳ Báo Cáo"


def send_trial(office: Office, address: str, now: datetime) -> None:
    """Send a test letter through the settings in force; returns once the server has taken it.

    Raises KyBaoCaoError without a mail server, else the MailError that stopped it.
    """
    mail = office.settings.mail
    if fault := address_fault(address):
        raise AddressMailError(f"'{address}' {fault}")
    if not office.settings.rehearsal:
        if is_placeholder(mail.sender):
            raise MailConfigError(f"mail.sender là địa chỉ mẫu {mail.sender}")
        if is_placeholder(address):
            raise AddressMailError(f"{address} là địa chỉ mẫu")
    said = (
        f"Đây là thư thử, gửi lúc {local_time(now)} qua máy chủ {mail.host}. Nhận được thư này "
        "nghĩa là hệ thống gửi thư được đến địa chỉ của bạn. Không cần trả lời."
    )
    domain = mail.sender.rpartition("@")[2]
    html = f'<!DOCTYPE html><html lang="vi"><body><p>{escape(said)}</p></body></html>'
    message = Mail(f"<{uuid4().hex}@{domain}>", address, SUBJECT, f"{said}\n", html, now)
    with office.mailer() as mailer:
        mailer.send(message)
