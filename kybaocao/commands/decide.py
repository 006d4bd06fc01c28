"""Commands for what people decide: more time, no report, or a report out of turn."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from kybaocao import runtime
from kybaocao.commands import screen, words
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Window


def extend(duty: str, period: str, agency: str, /, *, until: str, reason: str, by: str) -> None:
    """Give an agency more time for one report.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    period
        As 2016-Q3, 2016-H1 or 2016.
    agency
        The agency's code.
    until
        The new last day, as 2016-09-20; a report that comes on it is in time.
    reason
        Why.
    by
        Who granted it, as "Giám đốc Sở Nội vụ, văn bản số …".
    """
    from kybaocao.steps.decide import grants

    words.names(duty)
    with runtime.office() as office:
        regime, declared = words.declared(office, duty)
        word = grants.Word(reason, by)
        of, day = words.period(period), words.day(until)
        grants.extend(office, regime, declared, of, agency, day, word, runtime.now())
    screen.say(f"Đã gia hạn: {agency}, {duty} {of.id}, đến hết ngày {day:%d/%m/%Y}.")


def reschedule(duty: str, period: str, /, *, reason: str, by: str) -> None:
    """Give everybody the later deadline that config and calendar say now, and tell them.

    What was opened holds until then; a deadline that would come sooner stays as it is.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    period
        As 2016-Q3, 2016-H1 or 2016.
    reason
        Why the deadline moves, as the agencies will read it.
    by
        Who decided it, as "Giám đốc Sở Nội vụ, văn bản số …".
    """
    from kybaocao.steps.decide import grants
    from kybaocao.steps.view.moves import moves

    words.names(duty)
    with runtime.office() as office:
        regime, declared = words.declared(office, duty)
        of, now, word = words.period(period), runtime.now(), grants.Word(reason, by)
        found = [m for m in moves(office, regime, now) if (m.duty, m.period) == (declared, of)]
        later = [(s.agency.code, move.now) for move in found if move.is_later for s in move.reports]
        for agency, day in later:
            grants.extend(office, regime, declared, of, agency, day, word, now)
    for move in found:
        if not move.is_later:
            screen.say(move.words)
    screen.say(f"Đã lùi hạn cho {len(later)} đơn vị: {duty} {of.id}.")


def waive(
    duty: str,
    agency: str,
    /,
    *,
    period: str | None = None,
    until: str | None = None,
    reason: str,
    by: str,
) -> None:
    """Free an agency from one report, or from all that fall due until a day.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    agency
        The agency's code.
    period
        The report's period, as 2016-Q3.
    until
        Instead of a period: the day until which reports that fall due are waived.
    reason
        Why.
    by
        Who granted it.
    """
    from kybaocao.steps.decide import grants

    words.names(duty)
    of = words.period(period) if period is not None else None
    day = words.day(until) if until is not None else None
    if (of is None) == (day is None):
        raise words.WrongUseError("Give one of --period and --until.")
    with runtime.office() as office:
        regime, declared = words.declared(office, duty)
        word = grants.Word(reason, by)
        grants.waive(office, regime, declared, of, agency, day, word, runtime.now())
    span = of.id if of else f"đến hết ngày {day:%d/%m/%Y}"
    screen.say(f"Đã miễn báo cáo: {agency}, {duty}, {span}.")


def withdraw(
    duty: str, agency: str = "", /, *, period: str | None = None, reason: str, by: str
) -> None:
    """Take back an extension or a waiver, so that the rule holds again, or a whole request.

    Parameters
    ----------
    duty
        Regime and duty, as quang-nam/bao-cao-quy.
    agency
        The agency's code; left out, the period is a request, and everyone asked is freed.
    period
        The report's period; without it, what was waived until a day.
    reason
        Why.
    by
        Who took it back.
    """
    from kybaocao.steps.decide import grants, requests

    words.names(duty)
    of = words.period(period) if period is not None else None
    with runtime.office() as office:
        regime, declared = words.declared(office, duty)
        word = grants.Word(reason, by)
        if not agency:
            if of is None:
                raise words.WrongUseError("Name an agency, or the --period of a request.")
            freed = requests.cancel(office, regime, declared, of, word, runtime.now())
            screen.say(f"Đã thu hồi yêu cầu {duty} {of.id}: {freed} đơn vị không phải gửi.")
            return
        grants.withdraw(office, regime, declared, of, agency, word, runtime.now())
    screen.say(f"Đã thu hồi: {agency}, {duty}{f' {of.id}' if of else ''}.")


def request(
    duty: str,
    /,
    *,
    title: str,
    last_day: str,
    reason: str,
    by: str,
    form: str | None = None,
    agency: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    data_from: str | None = None,
    data_to: str | None = None,
) -> None:
    """Ask agencies for a report out of turn; they get its workbook and its reminders.

    Parameters
    ----------
    duty
        Regime and a duty that takes requests, as bac-giang/so-tu-phap.
    title
        What is asked for, as people should read it.
    last_day
        The last day on which it is in time, as 2016-10-14.
    reason
        Why it is asked for, as the document that asks.
    by
        Who asks.
    form
        The form to fill; the duty's if left out.
    agency
        Who is asked, by code, once for each; the duty's reporters if left out.
    data_from
        The first day of the data; the year's first if left out.
    data_to
        The last day of the data; today if left out.
    """
    from kybaocao.steps.cycle.cycle import advance
    from kybaocao.steps.decide import grants, requests

    words.names(duty)
    now = runtime.now()
    today = now.astimezone(VIETNAM).date()
    first = words.day(data_from) if data_from is not None else date(today.year, 1, 1)
    window = Window(first, words.day(data_to) if data_to is not None else today)
    with runtime.office() as office:
        regime, declared = words.declared(office, duty)
        office.go_live(regime.id)
        asked, is_new = requests.ask(
            office,
            regime,
            declared,
            title=title,
            form=form or declared.form,
            agencies=agency,
            window=window,
            last_day=words.day(last_day),
            word=grants.Word(reason, by),
            now=now,
        )
        said = "Đã yêu cầu" if is_new else "Đã yêu cầu trước đó"
        screen.say(
            f"{said}: {asked.title}, kỳ {asked.period.id}, {len(asked.agencies)} đơn vị, "
            f"hạn hết ngày {asked.last_day:%d/%m/%Y}."
        )
        screen.say("Đã làm: " + advance(office, regime.id, declared.id, now).summary)


def decisions(regime: str, /, *, as_json: words.AsJson = False) -> None:
    """Show what was granted and what was asked for in a regime, who said so, and why.

    Parameters
    ----------
    regime
        The regime's id.
    as_json
        Print one JSON object instead of tables.
    """
    with runtime.office() as office:
        declared = words.regime(office, regime)
        of = office.ledger.decisions
        granted, asked = of.waivers(regime=declared.id), of.requests(regime=declared.id)
    screen.show_decisions(declared, granted, asked, as_json)
