"""A duty's rules in the words of officials: who, how often, by when, of which data."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from kybaocao.rules.calendar.frequency import ROMAN, Frequency, Rhythm
from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.calendar.period import WindowRule, days_in
from kybaocao.rules.calendar.workdays import ONE_DAY, Shift
from kybaocao.rules.cells.phrases import capital, joined
from kybaocao.rules.regime.agency import Agency
from kybaocao.rules.regime.duty import PARENT, Deadline, Duty, Handling, Ladder
from kybaocao.rules.regime.names import agency_name
from kybaocao.rules.regime.regime import Assumption, Correction, Regime

SHIFTS = {
    Shift.NONE: "giữ nguyên ngày đã nêu",
    Shift.NEXT: "chuyển sang ngày làm việc tiếp theo",
    Shift.PREVIOUS: "chuyển lên ngày làm việc liền trước",
}

CORRECTIONS = {
    Correction.FIRST: (
        "báo cáo gửi trong hạn, bị trả lại rồi được chấp nhận sau hạn vẫn tính là đúng hạn"
    ),
    Correction.ACCEPTED: "tính theo thời điểm nhận của bản được chấp nhận",
}

YEARS = {"previous": " năm trước", "same": "", "next": " năm sau"}


def source_words(source: str, assumptions: Sequence[Assumption]) -> str:
    """Return a source, an assumption's id in it given as its number: `Giả định 4`."""
    word, _, last = source.rpartition(" ")
    numbers = {a.id: n for n, a in enumerate(assumptions, 1)}
    return f"{word} {numbers[last]}" if last in numbers else source


# Who


def level_words(regime: Regime, levels: Iterable[str]) -> str:
    """Return the levels in words, from the top: `sở, ban, ngành và Ủy ban nhân dân cấp huyện`."""
    wanted = set(levels)
    return joined([level.name for level in regime.levels.values() if level.id in wanted])


def count_words(agencies: Collection[Agency], since: date, until: date | None) -> str:
    """Return how many exist while a regime is in force: `22 đơn vị; từ 01/3/2025: 14 đơn vị`."""
    edges = {since}
    for agency in agencies:
        edges |= {agency.since} if agency.since else set()
        edges |= {agency.until + ONE_DAY} if agency.until else set()
    days = sorted(d for d in edges if d >= since and (until is None or d <= until))
    told: list[tuple[date, int]] = []
    for day in days:
        number = sum(agency.exists_on(day) for agency in agencies)
        if not told or told[-1][1] != number:
            told.append((day, number))
    said = [f"{told[0][1]} đơn vị"] if told[0][1] or len(told) == 1 else []
    for day, number in told[1:]:
        said.append(f"từ {official_day(day)}: {f'{number} đơn vị' if number else 'không còn'}")
    return "; ".join(said)


def reporters_words(regime: Regime, duty: Duty) -> list[str]:
    """Return who owes the report: a line for each level, for the agencies named, those left out.

    Levels carry the number of their agencies while the regime is in force.
    """
    who, force, found = duty.reporters, regime.in_force, []
    for level in (level for level in regime.levels.values() if level.id in who.levels):
        mine = [a for a in regime.agencies.values() if a.level == level.id and who.include(a)]
        number = count_words(mine, force.since, force.until)
        found.append(f"{capital(level.name)} ({number})")
    found += [agency_name(regime, code) for code in who.agencies]
    if who.without:
        found.append(f"trừ {joined([agency_name(regime, code) for code in who.without])}")
    return found


def recipient_words(regime: Regime, duty: Duty) -> str:
    """Return to whom, and through whom: `Ủy ban nhân dân tỉnh X, qua Sở Nội vụ`."""
    if duty.recipient == PARENT:
        mine = [a for a in regime.agencies.values() if duty.reporters.include(a)]
        above = dict.fromkeys(regime.recipient_of(duty, a) for a in mine)
        desks = {regime.collector_of(duty, a) for a in mine}
        if len(above) != 1:
            through = ", qua cơ quan đầu mối của cấp trên" if desks - above.keys() else ""
            return f"Cơ quan cấp trên trực tiếp của đơn vị báo cáo{through}"
        duty = regime.owed_by(duty, mine[0])
    through = f", qua {agency_name(regime, duty.through)}" if duty.through else ""
    return agency_name(regime, duty.recipient) + through


HANDLINGS = {
    Handling.CONSOLIDATE: "kiểm tra, tổng hợp thành một báo cáo",
    Handling.FORWARD: "kiểm tra, chuyển nguyên tệp, không tổng hợp",
}


def absence_words(agency: Agency, day: date) -> str:
    """Return why an agency owes no report that falls due on a day; empty if it exists then."""
    if agency.exists_on(day):
        return ""
    if agency.until is not None and agency.until < day:
        return f"đã chấm dứt hoạt động từ ngày {official_day(agency.until + ONE_DAY)}"
    return f"hoạt động từ ngày {official_day(agency.since)}" if agency.since else ""


# When


def frequency_words(duty: Duty) -> str:
    """Return how often a report is owed: `hằng quý`, `quý I và quý III hằng năm`, `một lần`."""
    every = duty.every
    if every is Frequency.REQUEST:
        return every.rhythm.each
    if duty.once is not None:
        found = f"{every.rhythm.each}, năm {duty.once.year}"
    elif duty.which and every.rhythm.some:
        found = joined([every.some_of(n) for n in duty.which]) + every.rhythm.every_year
    else:
        found = every.rhythm.each
    return f"{found}; ngoài ra khi được yêu cầu" if duty.on_request else found


def deadline_words(deadline: Deadline, duty: Duty) -> str:
    """Return a deadline in words, with the last day that is in time where the words hide it."""
    if deadline.requested:
        return "ngày nêu trong từng yêu cầu"
    if deadline.after_cutoff is not None:
        return f"hết ngày làm việc thứ {deadline.after_cutoff} sau ngày chốt số liệu"
    place = _place(deadline, duty)
    if deadline.by == "end-of-quarter":
        return f"hết {place}"
    if deadline.by == "end-of-month":
        return f"hết ngày cuối cùng của {place}"
    if deadline.before is not None:
        return f"trước ngày {deadline.before} {place} (hết ngày {deadline.before - 1})"
    return f"chậm nhất hết ngày {deadline.by} {place}"


def deadlines_words(regime: Regime, duty: Duty) -> list[str]:
    """Return a duty's deadline; where levels have their own, a line for each, named first."""
    if not duty.tiers:
        return [deadline_words(duty.deadline, duty)]
    own = {level for tier in duty.tiers for level in tier.levels}
    rest = [level for level in duty.reporters.levels if level not in own]
    lines = [
        f"{level_words(regime, t.levels)}: {deadline_words(t.deadline, duty)}" for t in duty.tiers
    ]
    if rest or duty.reporters.agencies:
        who = level_words(regime, rest) or "các đơn vị khác"
        lines.insert(0, f"{who}: {deadline_words(duty.deadline, duty)}")
    return [capital(line) for line in lines]


def _place(deadline: Deadline, duty: Duty) -> str:
    """Return the month or quarter in which a deadline's days are counted."""
    if deadline.month or deadline.quarter:
        named = (
            f"tháng {deadline.month}" if deadline.month else f"quý {ROMAN[deadline.quarter or 1]}"
        )
        if duty.once is not None:
            offset = {"previous": -1, "same": 0, "next": 1}[deadline.year]
            return f"{named} năm {duty.once.year + offset}"
        return named + YEARS[deadline.year]
    later, length = deadline.months_later, duty.every.months
    names = duty.every.rhythm.counted_in
    if not duty.which and later < len(names):
        return names[later]
    months = []
    for index in duty.which or range(1, duty.every.per_year + 1):
        years, month = divmod(index * length + later - 1, 12)
        months.append(f"tháng {month + 1}" + (" năm sau" if years else ""))
    return joined(months)


# Of which data, and how it goes on


def window_words(duty: Duty) -> str:
    """Return which days a report covers."""
    if duty.once is not None:
        first, last = official_day(duty.once.first), official_day(duty.once.last)
        return f"từ ngày {first} đến ngày {last}"
    if duty.window is None:
        return "khoảng thời gian nêu trong từng yêu cầu"
    rhythm, whole = duty.every.rhythm, Rhythm.calendar
    if duty.window is WindowRule.CALENDAR:
        if _is_one(duty) and rhythm.calendar == whole:
            return f"từ ngày 01/01 đến ngày {_last_day(duty)}"
        return rhythm.calendar
    if _is_one(duty):
        return f"từ ngày 15/12 năm trước đến ngày {_of_month(14, rhythm.months)}"
    return rhythm.mid_month


def _is_one(duty: Duty) -> bool:
    """Return whether a report's data begin with the year each time."""
    return duty.every.per_year == 1 or duty.which == (1,)


def _last_day(duty: Duty) -> str:
    month = duty.every.months
    return _of_month(days_in(2001, month), month)


def _of_month(day: int, month: int) -> str:
    return official_day(date(2001, month, day)).removesuffix("/2001")


def opening_words(duty: Duty) -> str:
    """Return when a period opens."""
    if duty.opens is None:
        return "ngày nêu trong từng yêu cầu"
    return f"{duty.opens} ngày làm việc trước hạn"


def ladder_words(ladder: Ladder) -> str:
    """Return when letters remind: before the deadline, after it, and who hears in the end."""
    said = []
    if ladder.before:
        counts = joined([str(n) for n in sorted(ladder.before, reverse=True)])
        said.append(f"nhắc khi còn {counts} ngày làm việc đến hạn")
    if ladder.last_day:
        said.append("nhắc trong ngày làm việc cuối cùng của hạn")
    if ladder.overdue_until >= ladder.overdue_first:
        said.append(
            f"quá hạn nhắc từ ngày làm việc thứ {ladder.overdue_first}, cứ "
            f"{ladder.overdue_every} ngày một lần, đến ngày thứ {ladder.overdue_until}"
        )
    if ladder.escalate_after is not None:
        said.append(
            f"ngày làm việc thứ {ladder.escalate_after} sau hạn báo lãnh đạo đơn vị và cơ quan "
            "tổng hợp"
        )
    return "; ".join(said) or "không nhắc"
