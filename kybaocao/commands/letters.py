"""Commands for letters: let a regime's leave, send some again, and try the mail server."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.rules.cycle.mail_cause import MailCause, cause_words
from kybaocao.rules.errors import KyBaoCaoError, RefusedError


def go(regime: str, /, *, by: str = "") -> None:
    """Show which letters of a regime wait, and how they look; with --by, let them leave.

    Nothing of a regime leaves but sign-in links before somebody has said so, once.

    Parameters
    ----------
    regime
        The regime's id; it must be active.
    by
        Who has seen the letters and lets them leave; without it they are only shown.
    """
    from kybaocao.steps.decide.letters import say_go
    from kybaocao.steps.post.preview import preview

    now = runtime.now()
    with runtime.office() as office:
        declared = words.regime(office, regime)
        office.go_live(declared.id)
        seen = preview(office, declared, now)
        for line in seen.words:
            screen.say(line)
        folder = office.settings.data_folder / "out" / declared.id / "thu-mau"
        for sample in seen.samples:
            path = folder / f"{sample.kind}.html"
            _write(path, sample.page)
            screen.say(f"Thư mẫu: {path}")
        if not by.strip():
            screen.say(f"Chưa cho gửi. Xem xong, cho gửi bằng: kybaocao go {declared.id} --by TÊN")
        elif say_go(office, declared, by.strip(), now):
            screen.say(f"Thư của {declared.id} được gửi từ bây giờ, trong giờ làm việc.")
        else:
            screen.say(f"Thư của {declared.id} đã được cho gửi từ trước.")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def resend(
    letter: int | None = None,
    /,
    *,
    cause: Annotated[MailCause | None, Parameter(show_choices=True)] = None,
) -> None:
    """List the letters that did not go out, or send one again, or all of one cause.

    Parameters
    ----------
    letter
        The letter's number, as the list and `status` tell it.
    cause
        All letters of this cause, as the list names it in brackets.
    """
    from kybaocao.steps.decide.letters import send_again, undelivered

    if letter is not None and cause is not None:
        raise words.WrongUseError("Name a letter or --cause, not both.")
    with runtime.office() as office:
        if letter is None and cause is None:
            found = undelivered(office)
            for one in found:
                given_up = "không gửi nữa" if one.status == "failed" else "sẽ thử lại"
                said = f"Số {one.id} [{one.cause or '-'}]: {one.address}, {given_up}"
                screen.say(f"{said}: {cause_words(one.cause)} ({one.error})")
            if not found:
                screen.say("Không có thư nào bị giữ lại.")
            return
        asked = office.ledger.post.letters(id=letter) if letter is not None else []
        if cause is not None:
            asked = [one for one in undelivered(office) if one.cause == cause]
        try:
            _, said = send_again(office, asked, "operator", runtime.now())
        except RefusedError as error:
            raise KyBaoCaoError(error.told) from None
        screen.say(said)


def testmail(address: str, /) -> None:
    """Send one test letter by the settings that are in force, and say what became of it.

    Parameters
    ----------
    address
        Where to; nothing but this letter is sent.
    """
    from kybaocao.adapters.mailer import MailError
    from kybaocao.steps.post.trial import send_trial

    with runtime.office() as office:
        mail = office.settings.mail
        try:
            send_trial(office, address, runtime.now())
        except MailError as error:
            said = f"Thư thử đến {address} không đi được: {cause_words(error.cause)}"
            raise KyBaoCaoError(f"{said} ({error})") from None
        screen.say(
            f"Máy chủ {mail.host}:{mail.port} đã nhận thư thử từ {mail.sender} đến {address}. Hãy "
            "mở hộp thư này xem thư có đến, và có nằm trong thư rác không."
        )
