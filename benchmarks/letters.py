"""Sending letters to a catcher in another process: our mailer, and bare smtplib."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import Work
from kybaocao.adapters.mail_catcher import MailCatcher
from kybaocao.adapters.mailer import Attachment, Mail, Mailer, MailSettings, compose
from kybaocao.rules.calendar.official_days import VIETNAM

COUNT = 200
HOST = "127.0.0.1"
SENDER = "baocao@kybaocao.example"
SENT_AT = datetime(2016, 8, 23, 7, 5, tzinfo=VIETNAM)


def catch(folder: str, talk: Connection) -> None:
    """Run a catcher, tell its port, and go on until the other side hangs up."""
    with MailCatcher(Path(folder)) as catcher:
        talk.send(catcher.port)
        talk.poll(None)


@contextmanager
def catcher() -> Iterator[int]:
    """Give the port of a mail catcher that runs in a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    with TemporaryDirectory(prefix="kybaocao-bench-") as folder:
        child = context.Process(target=catch, args=(folder, theirs))
        child.start()
        theirs.close()
        try:
            yield ours.recv()
        finally:
            ours.close()
            child.join()


def works(port: int, workbook: bytes) -> dict[str, Work]:
    """Return the ways to send letters that carry a workbook."""
    settings = MailSettings(host=HOST, port=port, sender=SENDER, security="none")
    mails = [
        Mail(
            message_id=f"<{number}@kybaocao.example>",
            to=f"vanthu@don-vi-{number}.example",
            subject="[CCHC] Mở kỳ: Báo cáo cải cách hành chính quý III năm 2016",
            text="Kính gửi đơn vị,\n\n" + "Đề nghị báo cáo theo biểu mẫu đính kèm.\n" * 10,
            html="<p>Kính gửi đơn vị,</p>" + "<p>Đề nghị báo cáo theo biểu mẫu.</p>" * 10,
            date=SENT_AT,
            attachments=(Attachment("bao-cao-quy.xlsx", workbook),),
        )
        for number in range(COUNT)
    ]
    ready = [(mail.to, compose(mail, settings)) for mail in mails]

    def ours() -> None:
        with Mailer(settings) as mailer:
            for mail in mails:
                mailer.send(mail)

    def bare() -> None:
        with smtplib.SMTP(HOST, port) as client:
            for to, letter in ready:
                client.sendmail(SENDER, [to], letter)

    return {"smtplib, letters made before": Work(bare, COUNT), "our mailer": Work(ours, COUNT)}
