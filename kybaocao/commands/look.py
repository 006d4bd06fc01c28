"""Commands that show and change nothing: what is declared, what falls due, how it stands."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.settings import read_settings


def calendar(
    *,
    regime: str,
    since: Annotated[str, Parameter(name="--from")],
    until: Annotated[str, Parameter(name="--to")],
    agency: str | None = None,
    as_json: words.AsJson = False,
    ics: Path | None = None,
) -> None:
    """Show what a regime makes due between two days, with clause and assumptions.

    Parameters
    ----------
    regime
        The regime's id, a folder of config/regimes.
    since
        First day, as 2016-06-02.
    until
        Last day, as 2016-12-31.
    agency
        The code of an agency, for what that one owes; all of them if left out.
    as_json
        Print a JSON list instead of a table.
    ics
        Write an iCalendar file instead of a table, for Outlook, Thunderbird or a phone.
    """
    from kybaocao.adapters.regime_files import load
    from kybaocao.steps.post.calendar_file import regime_file
    from kybaocao.steps.view.calendar import entries

    first, last = words.day(since), words.day(until)
    if last < first:
        raise words.WrongUseError(f"--to {last} is before --from {first}.")
    if as_json and ics is not None:
        raise words.WrongUseError("--json and --ics do not go together.")
    settings = read_settings()
    config = load(settings.home / "config")
    declared = words.regime_of(config, regime)
    if agency is not None and agency not in declared.agencies:
        raise words.WrongUseError(f"No agency '{agency}' in {regime}: see agencies.csv.")
    if regime in settings.active:
        # What agencies were told holds, and nothing is written by looking.
        with runtime.untouched(settings) as office:
            span = (config, declared, first, last, agency or "")
            found = list(entries(*span, office.as_opened))
    else:
        found = list(entries(config, declared, first, last, agency or ""))
    if as_json:
        screen.show_json([e.as_json() for e in found])
    elif ics is not None:
        domain = settings.mail.sender.rpartition("@")[2]
        ics.write_bytes(regime_file(declared, found, domain, agency or ""))
        screen.say(f"Đã ghi {len(found)} hạn báo cáo vào {ics}.")
    else:
        screen.show_calendar(declared, found)


def duties(
    regime: str,
    /,
    *,
    as_json: words.AsJson = False,
    markdown: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
) -> None:
    """Show a regime's register: who owes what, when, by which clause, and what it assumes.

    Parameters
    ----------
    regime
        The regime's id, a folder of config/regimes.
    as_json
        Print one JSON object instead of text.
    markdown
        Write a page in Markdown for the reader of the decision; a hyphen prints it.
    """
    from kybaocao.adapters.regime_files import load
    from kybaocao.adapters.register_page import page
    from kybaocao.rules.regime.register import register

    if as_json and markdown is not None:
        raise words.WrongUseError("--json and --markdown do not go together.")
    settings = read_settings()
    config = load(settings.home / "config")
    declared = words.regime_of(config, regime)
    titles = {duty.form: config.form(duty.form).title for duty in declared.duties}
    found = register(declared, titles)
    if as_json:
        screen.show_json(found.as_json())
    elif markdown is None:
        screen.show_register(found)
    else:
        text = page(settings.home / "templates", found)
        if str(markdown) == "-":
            print(text, end="")
        else:
            markdown.write_text(text, encoding="utf-8")
            screen.say(f"Đã ghi bản đăng ký nghĩa vụ báo cáo vào {markdown}.")


def status(*, as_json: words.AsJson = False) -> None:
    """Show how every open report stands, which letters wait, and what waits for a person.

    Parameters
    ----------
    as_json
        Print one JSON object instead of tables.
    """
    from kybaocao.steps.view.status import overview

    with runtime.office() as office:
        found = overview(office, runtime.now())
    if as_json:
        screen.show_json(found.as_json())
        return
    screen.show_overview(found)


def config() -> int:
    """Check everything in config/ as the services do, and say what they work with.

    Exits with 1 if something is wrong; the services then go on with what was good last.
    """
    with runtime.untouched() as office:
        refused, declared = office.refused, office.config
    if refused is None:
        screen.say(
            f"Cấu hình đúng: {len(declared.regimes)} chế độ báo cáo, {len(declared.forms)} biểu "
            "mẫu; các dịch vụ dùng cấu hình này, không cần khởi động lại."
        )
        return 0
    for fault in refused.faults:
        screen.complain(str(fault))
    screen.say("Cấu hình có lỗi; các dịch vụ vẫn chạy theo cấu hình đúng gần nhất.")
    return 1
