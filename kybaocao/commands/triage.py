"""Commands for the files that wait for a person, and for what comes beside reports."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.rules.regime.ruling import Paper


def triage(
    number: int | None = None,
    /,
    *,
    assign: str | None = None,
    attach: str | None = None,
    kind: Paper = Paper.SIGNED,
    reject: Annotated[bool, Parameter(negative=())] = False,
    ask: str | None = None,
    reason: str = "",
    as_json: words.AsJson = False,
) -> None:
    """Show the files that wait for a person, or decide about one of them.

    Parameters
    ----------
    number
        The file's number in the list; without it, the list is shown.
    assign
        The report that it is, as quang-nam/bao-cao-quy/2016-Q3/so-y-te.
    attach
        The report beside which it is a paper, written alike.
    kind
        What the paper is.
    reject
        It is no report.
    ask
        The agency to ask about it, as quang-nam/so-y-te.
    reason
        Why, or what is asked.
    as_json
        Print the list as JSON.
    """
    from kybaocao.steps.decide import triage as step
    from kybaocao.steps.view.waiting import waiting

    decided = [word for word in (assign, attach, ask, reject or None) if word is not None]
    if (number is None) != (not decided) or len(decided) > 1:
        raise words.WrongUseError(
            "Give a number with one of --assign, --attach, --ask and --reject, or neither."
        )
    now = runtime.now()
    with runtime.office() as office:
        if number is None:
            screen.show_waiting(waiting(office), as_json)
        elif assign is not None:
            owed = words.owed(office, assign)
            placed = step.assign(office, number, owed, reason, "operator", now)
            verdict = screen.VERDICTS[placed.verdict]
            screen.say(f"Đã xếp vào {owed.key}, phiên bản {placed.version}: {verdict}.")
        elif attach is not None:
            owed = words.owed(office, attach)
            step.attach_waiting(office, number, owed, kind, "operator", now)
            screen.say(f"Đã kèm vào {owed.key}.")
        elif ask is not None:
            regime, _, agency = ask.partition("/")
            sent = step.ask(office, number, regime, agency, reason, "operator", now)
            screen.say(f"Đã hỏi {agency}: {sent} thư.")
        else:
            step.reject(office, number, reason, "operator", now)
            screen.say("Đã ghi nhận: không phải báo cáo. Tệp vẫn được lưu.")


def attach(
    file: Path,
    report: str,
    /,
    *,
    kind: Paper = Paper.SIGNED,
    mark: str = "",
    signed_on: str | None = None,
    signer: str = "",
) -> None:
    """Keep a paper beside a report: the signed report, evidence, a plan; never read as data.

    Parameters
    ----------
    file
        The paper, as PDF, DOCX or whatever it is.
    report
        The report, as quang-nam/bao-cao-quy/2016-Q3/so-y-te.
    kind
        What it is.
    mark
        Its number and mark, as 123/BC-SYT.
    signed_on
        The day on which it was signed, as 2016-09-12.
    signer
        Who signed it.
    """
    from kybaocao.steps.intake import papers
    from kybaocao.steps.intake.receive import plain_name

    day = words.day(signed_on) if signed_on is not None else None
    data, name, now = file.read_bytes(), plain_name(file.name), runtime.now()
    with runtime.office() as office:
        owed = words.owed(office, report)
        papers.attach(
            office, data, name, owed, kind, now, number=mark, signed_on=day, signer=signer
        )
        screen.say(f"Đã kèm vào {owed.key}: {name}.")


def giveback(report: str, /, *, reason: str) -> None:
    """Return the accepted version of a report to its agency, to be mended and sent again.

    Parameters
    ----------
    report
        The report, as quang-nam/bao-cao-quy/2016-Q3/so-y-te.
    reason
        What is wrong with it; the agency reads this.
    """
    from kybaocao.steps.decide import triage as step

    with runtime.office() as office:
        owed = words.owed(office, report)
        version = step.give_back(office, owed, reason, "operator", runtime.now())
        screen.say(f"Đã trả lại {owed.key}, phiên bản {version.version}.")
