"""Faults of declarations that only show when their parts are held against each other."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from kybaocao.rules.calendar.workdays import ONE_DAY, WorkCalendar
from kybaocao.rules.cells import text
from kybaocao.rules.cycle.obligation import terms
from kybaocao.rules.declaration import Fault, KeyPath
from kybaocao.rules.declared.parts import Parts
from kybaocao.rules.form.form import (
    Aggregation,
    Entry,
    Form,
    Indicator,
    InputKind,
    TableColumn,
    TableSheet,
)
from kybaocao.rules.form.versions import changes, meant
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.duty import PARENT, Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import Task, codes_in, deadline_of, level_of

RANKS = tuple(map(text.fold, ("thứ hạng", "hạng", "xếp hạng")))
"""Units of places in a row of others, which make no sum."""


def form_faults(form: Form) -> Iterator[Fault]:
    """Yield each fault of a form: its place (keys and indexes) and what was expected."""
    yield from _twice([c.id for c in form.columns], "columns", "column")
    yield from _twice([s.id for s in form.sheets], "sheets", "sheet")
    # Excel takes names that differ in case alone for the same.
    yield from _twice([s.name.casefold() for s in form.sheets], "sheets", "sheet name")
    rows = {row.code: row for _, row in form.indicators()}
    seen: set[str] = set()
    entries: dict[str, Entry] = {}
    for n, sheet in enumerate(form.sheets):
        if isinstance(sheet, TableSheet):
            yield from _twice([c.id for c in sheet.columns], f"sheets.{n}.columns", "column")
            for m, column in enumerate(sheet.columns):
                yield from _choices(("sheets", n, "columns", m), column)
            continue
        inputs: Sequence[Entry | Indicator] = sheet.rows
        for m, row in enumerate(inputs):
            place = ("sheets", n, "rows", m)
            if row.code in seen:
                yield (*place, "code"), f"row {row.code} exists twice"
            seen.add(row.code)
            if isinstance(row, Entry):
                entries[row.code] = row
                yield from _choices(place, row)
            else:
                yield from _indicator_faults(place, row, form, rows)
    if form.reason_row is not None:
        yield from _reason_faults(form.reason_row, entries)
    asked = {code: set(row.columns) for code, row in rows.items()}
    for n, total in enumerate(form.rules.sums):
        yield from _together(("rules", "sums", n), (total.total, *total.parts), asked)
    for n, within in enumerate(form.rules.within):
        yield from _together(("rules", "within", n), (within.part, within.whole), asked)
    for n, carried in enumerate(form.rules.carried):
        yield from _together(("rules", "carried", n), (carried.opening, carried.closing), asked)
    if (rule := form.rules.cumulative) is not None:
        figures = [c.id for c in form.columns if not c.text]
        for key, name in (("period", rule.period), ("cumulative", rule.cumulative)):
            if name not in figures:
                yield ("rules", "cumulative", key), _one_of(name, "a figure column", figures)


def _indicator_faults(
    place: KeyPath, row: Indicator, form: Form, rows: Mapping[str, Indicator]
) -> Iterator[Fault]:
    figures = [c.id for c in form.columns if not c.text]
    for name in row.columns:
        if name not in figures:
            yield (*place, "columns"), _one_of(name, "a figure column", figures)
    if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
        yield (*place, "maximum"), f"expected at least the minimum, {row.minimum:g}"
    for n, target in enumerate(row.target) if isinstance(row.target, tuple) else ():
        if row.kind is InputKind.PERCENT and not 0 <= target.value <= 100:
            yield (*place, "target", n), f"expected percentage points, found {target.value:g}"
    if Aggregation.SUM in row.ways and _never_adds(row):
        words = f"figures in '{row.unit}' are never added; expected none, max, shared or ratio"
        yield (*place, "aggregate"), words
    for code in (*row.compute.part, *row.compute.whole) if row.compute else ():
        if code not in rows:
            yield (*place, "compute"), f"expected an indicator's code, found '{code}'"
        elif rows[code].compute:
            words = f"{code} is computed itself; expected rows that are filled in"
            yield (*place, "compute"), words
        elif lacking := sorted(set(row.columns) - set(rows[code].columns)):
            words = f"{code} asks for no figure in {', '.join(lacking)}"
            yield (*place, "compute"), f"{words}, so that {row.code} can never be computed there"
        elif not _asked_wherever(form, code, row.code):
            words = f"{code} is not asked of all of whom {row.code} is"
            yield (*place, "compute"), f"{words}, so that it has no parts there"
    if row.compute and all(code in rows for code in (*row.compute.part, *row.compute.whole)):
        several = {rows[code].ways for code in (*row.compute.part, *row.compute.whole)}
        if len(several) > 1:
            yield (*place, "compute"), "expected parts that all add up in the same way"


def _never_adds(row: Indicator) -> bool:
    return row.kind is InputKind.PERCENT or "%" in row.unit or text.fold(row.unit) in RANKS


def _asked_wherever(form: Form, part: str, ratio: str) -> bool:
    """Return whether a row is asked of everybody of whom another one is, as far as one can see."""
    asked = {row.code: (sheet.applies, row.applies) for sheet, row in form.indicators()}
    return all(any(one.covers(other) for other in asked[ratio]) for one in asked[part])


def version_faults(older: Sequence[Form], form: Form) -> Iterator[Fault]:
    """Yield each code of a form that means another thing than in the versions before it."""
    for changed in changes(meant(older), form) if older else ():
        if changed.is_refused:
            words = f"version {older[-1].version} had '{changed.before}' for {changed.code}"
            advice = "give a new code to what is new, or declare what the old one `was`"
            yield changed.place, f"{words}, found '{changed.now}'; {advice}"


def adding_faults(regime: Regime, forms: Mapping[tuple[str, int], Form]) -> Iterator[Fault]:
    """Yield each duty whose form does not say for a level of its reporters how it adds up."""
    newest = {form_id: forms[form_id, version] for form_id, version in sorted(forms)}
    for n, duty in enumerate(regime.duties):
        levels = {a.level for a in regime.agencies.values() if duty.reporters.include(a)}
        silent = {
            (level, row.code)
            for level in levels
            for sheet, row in (newest[duty.form].indicators() if duty.form in newest else ())
            if isinstance(row.aggregate, dict) and level not in row.aggregate
            if sheet.applies.may_be_at(level) and row.applies.may_be_at(level)
        }
        for level, code in sorted(silent):
            words = f"form {duty.form}, row {code}: `aggregate` says nothing for level '{level}'"
            yield ("duties", n, "form"), words


def _reason_faults(code: str, entries: Mapping[str, Entry]) -> Iterator[Fault]:
    if (entry := entries.get(code)) is None:
        yield ("reason_row",), _one_of(code, "the code of an entry", entries)
    elif entry.kind is not InputKind.TEXT or entry.required:
        words = "asks for a text that is not required, since a first report replaces nothing"
        yield ("reason_row",), f"expected an entry that {words}; {code} does not"


def _choices(place: KeyPath, of: Entry | TableColumn) -> Iterator[Fault]:
    if (of.kind is InputKind.CHOICE) != bool(of.choices):
        yield (*place, "choices"), "`kind: choice` and `choices` go together"


def regime_faults(
    parts: Parts,
    agencies: Mapping[str, Agency],
    codes: Collection[str] | None,
    forms: Collection[str] | None,
) -> Iterator[Fault]:
    """Yield each fault of a regime's sound parts held against agencies, codes and forms.

    None stands for what could not be read, so that nothing can be said against it.
    """
    yield from _twice(parts.duty_ids, "duties", "duty")
    yield from _twice(parts.assumptions or (), "assumptions", "assumption")
    if codes is not None and parts.secretariat is not None and parts.secretariat not in codes:
        yield ("secretariat",), _no_code(parts.secretariat)
    for n, duty in parts.duties.items():
        found = [
            *_party_faults(duty, codes),
            *_form_of_faults(duty, forms),
            *_other_duty_faults(duty, parts),
            *_assumption_faults(duty, parts.assumptions),
        ]
        if codes is not None and len(agencies) == len(codes):
            found += _reporter_faults(duty, agencies.values())
        yield from ((("duties", n, *place), message) for place, message in found)


def _party_faults(duty: Duty, codes: Collection[str] | None) -> Iterator[Fault]:
    named: list[tuple[KeyPath, str]] = [(("through",), duty.through)] if duty.through else []
    if duty.recipient != PARENT:
        named.append((("recipient",), duty.recipient))
    elif duty.through:
        yield ("through",), "with `recipient: parent`, the superior's desk collects"
    for key in ("agencies", "without"):
        listed: Sequence[str] = getattr(duty.reporters, key)
        named += [(("reporters", key, m), code) for m, code in enumerate(listed)]
    for place, code in named:
        if codes is not None and code not in codes:
            yield place, _no_code(code)


def _form_of_faults(duty: Duty, forms: Collection[str] | None) -> Iterator[Fault]:
    if forms is not None and duty.form not in forms:
        yield ("form",), _one_of(duty.form, "a form", forms)


def _other_duty_faults(duty: Duty, parts: Parts) -> Iterator[Fault]:
    others = parts.others(duty)
    if others is None:
        return
    if duty.replaces is not None and duty.replaces not in others:
        yield ("replaces",), _one_of(duty.replaces, "another duty", others)
    for m, wanted in enumerate(duty.follows):
        followed = parts.duty(wanted)
        if wanted not in others:
            yield ("follows", m), _one_of(wanted, "another duty", others)
        elif followed is not None and followed.form != duty.form:
            words = f"{wanted} is on the form {followed.form}; figures go on within one form only"
            yield ("follows", m), words


def _assumption_faults(duty: Duty, known: Collection[str] | None) -> Iterator[Fault]:
    for m, wanted in enumerate(duty.assumptions):
        if known is not None and wanted not in known:
            yield ("assumptions", m), _one_of(wanted, "an assumption", known)


def _reporter_faults(duty: Duty, agencies: Collection[Agency]) -> Iterator[Fault]:
    reporters = [agency for agency in agencies if duty.reporters.include(agency)]
    if not reporters:
        yield ("reporters",), "no agency of agencies.csv owes this report"
    orphans = [agency.code for agency in reporters if not agency.parent]
    if duty.recipient == PARENT and orphans:
        yield ("recipient",), f"{', '.join(orphans)} have no parent"


def _together(place: KeyPath, codes: Sequence[str], asked: dict[str, set[str]]) -> Iterator[Fault]:
    unknown = [code for code in codes if code not in asked]
    for code in unknown:
        yield place, f"expected an indicator's code, found '{code}'"
    if not unknown and not set.intersection(*(asked[code] for code in codes)):
        yield place, f"{', '.join(codes)} share no column, so that the rule can never apply"


def _twice(ids: Sequence[str | None], key: str, what: str) -> Iterator[Fault]:
    place = [int(part) if part.isdigit() else part for part in key.split(".")]
    for name, count in Counter(ids).items():
        if count > 1 and name is not None:
            last = len(ids) - 1 - list(reversed(ids)).index(name)
            yield (*place, last), f"{what} {name} exists twice"


def _no_code(found: str) -> str:
    return f"expected a code of agencies.csv, found '{found}'"


def _one_of(found: str, what: str, known: Iterable[str]) -> str:
    return f"expected {what} ({', '.join(sorted(known)) or 'there is none'}), found '{found}'"


# Deadlines

LOOKED_AHEAD = 5
"""Years for which a regime without an end is tried."""


def cutoff_faults(regime: Regime, calendar: WorkCalendar) -> Iterator[Fault]:
    """Yield each duty that may fall due too soon after its data window (NĐ 09/2019, Điều 8).

    The first such period is named. Regimes that demand no days in between have no faults.
    """
    first = regime.in_force.since
    last = regime.in_force.until or date(first.year + LOOKED_AHEAD, 12, 31)
    for n, duty in enumerate(regime.duties):
        for term in terms(regime, duty, first, last, calendar):
            found = min(calendar.between(term.window.last, due.last_day) for due in term.dues)
            if found < regime.days_after_cutoff:
                yield (
                    ("duties", n, "deadline"),
                    f"expected at least {regime.days_after_cutoff} working days after the data "
                    f"window, which ends on {term.window.last}; found {found} for {term.period}",
                )
                break


# Rows beside a regime

RowFault = tuple[int, str]


def succession_faults(
    agencies: Mapping[str, Agency], rows: Sequence[Succession]
) -> Iterator[RowFault]:
    """Yield each fault of a regime's successions: the row's index and what was expected."""
    for n, row in enumerate(rows):
        unknown = [c for c in (row.predecessor, row.successor) if c not in agencies]
        for code in unknown:
            yield n, _no_code(code)
        if unknown:
            continue
        if row.predecessor == row.successor:
            yield n, f"{row.predecessor} cannot succeed itself"
            continue
        if not agencies[row.successor].exists_on(row.day):
            yield n, f"{row.successor} does not exist on {row.day}"
        first, eve = agencies[row.predecessor], row.day - ONE_DAY
        if not first.exists_on(eve):
            words = f", {first.until + ONE_DAY}" if first.until and first.until < eve else ""
            yield n, f"{row.predecessor} has nothing to give: expected a day of its life{words}"
        elif first.until != eve and (row.whole or row.heir):
            words = "none took the whole" if row.whole else "nobody inherits its reports"
            yield n, f"{row.predecessor} goes on after {eve}, so that {words}"
        yield from ((n, words) for words in _beside(row, rows, n))


def _beside(row: Succession, rows: Sequence[Succession], n: int) -> Iterator[str]:
    """Yield what is wrong with a row beside the others of the same predecessor."""
    others = [(m, o) for m, o in enumerate(rows) if o.predecessor == row.predecessor and m != n]
    if row.whole and any(o.day == row.day for _, o in others):
        yield f"{row.predecessor} went to several agencies, so that none took the whole"
    if row.heir and any(o.heir for _, o in others):
        yield f"{row.predecessor} has two heirs"
    same = [m for m, o in others if (o.successor, o.day) == (row.successor, row.day)]
    if any(m < n for m in same):
        yield f"{row.predecessor} goes to {row.successor} twice; put both scopes in one row"


def task_faults(
    agencies: Mapping[str, Agency], levels: Collection[str], tasks: Sequence[Task]
) -> Iterator[RowFault]:
    """Yield each fault of a regime's tasks: the row's index and what was expected."""
    ids = [task.id for task in tasks]
    for n, task in enumerate(tasks):
        if task.id in ids[:n]:
            yield n, f"task {task.id} exists twice"
        for key in ("leads", "coordinating"):
            codes = codes_in(getattr(task, key))
            for m, code in enumerate(codes):
                if code in codes[:m]:
                    yield n, f"{key}: {code} is named twice"
                elif fault := _unknown_party(agencies, levels, code):
                    yield n, f"{key}: {fault}"
        if not task.lead_codes:
            yield n, "leads: expected the agency that leads the task"
        try:
            deadline_of(task.deadline)
        except ValueError as error:
            yield n, f"deadline: {error}"
        if not task.stated:
            yield n, "stated: expected the deadline in the document's words, or that it has none"


def _unknown_party(
    agencies: Mapping[str, Agency], levels: Collection[str], code: str
) -> str | None:
    """Return what is wrong with a code that stands for one agency, or a level for many."""
    if not code.startswith("*"):
        unknown = code not in agencies
        return _no_code(code) if unknown else None
    if (level := level_of(code)) not in levels:
        known = ", ".join(f"*{level}" for level in levels)
        return f"expected a level ({known}), found '{code}'"
    if not any(agency.level == level for agency in agencies.values()):
        return f"no agency of agencies.csv is of the level '{code}'"
    return None
