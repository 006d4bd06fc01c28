"""Faults of declarations that only show when their parts are held against each other."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from kybaocao.rules.declared.faults import Place
from kybaocao.rules.form.form import Entry, Form, Indicator, Kind, TableColumn, TableSheet
from kybaocao.rules.regime.duty import PARENT
from kybaocao.rules.regime.regime import Regime

Fault = tuple[Place, str]


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
    place: Place, row: Indicator, form: Form, rows: Mapping[str, Indicator]
) -> Iterator[Fault]:
    figures = [c.id for c in form.columns if not c.text]
    for name in row.columns:
        if name not in figures:
            yield (*place, "columns"), _one_of(name, "a figure column", figures)
    if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
        yield (*place, "maximum"), f"expected at least the minimum, {row.minimum:g}"
    for n, target in enumerate(row.target) if isinstance(row.target, tuple) else ():
        if row.kind is Kind.PERCENT and not 0 <= target.value <= 100:
            yield (*place, "target", n), f"expected percentage points, found {target.value:g}"
    for code in (*row.compute.part, *row.compute.whole) if row.compute else ():
        if code not in rows:
            yield (*place, "compute"), f"expected an indicator's code, found '{code}'"
        elif rows[code].compute:
            words = f"{code} is computed itself; expected rows that are filled in"
            yield (*place, "compute"), words
        elif lacking := sorted(set(row.columns) - set(rows[code].columns)):
            words = f"{code} asks for no figure in {', '.join(lacking)}"
            yield (*place, "compute"), f"{words}, so that {row.code} can never be computed there"


def _reason_faults(code: str, entries: Mapping[str, Entry]) -> Iterator[Fault]:
    if (entry := entries.get(code)) is None:
        yield ("reason_row",), _one_of(code, "the code of an entry", entries)
    elif entry.kind is not Kind.TEXT or entry.required:
        words = "asks for a text that is not required, since a first report replaces nothing"
        yield ("reason_row",), f"expected an entry that {words}; {code} does not"


def _choices(place: Place, of: Entry | TableColumn) -> Iterator[Fault]:
    if (of.kind is Kind.CHOICE) != bool(of.choices):
        yield (*place, "choices"), "`kind: choice` and `choices` go together"


def regime_faults(
    regime: Regime, codes: Collection[str] | None, forms: Collection[str] | None
) -> Iterator[Fault]:
    """Yield each fault of a regime held against the agencies' codes and the forms' ids.

    None stands for what could not be read, so that nothing can be said against it.
    """
    agencies, duties = regime.agencies, {d.id for d in regime.duties}
    assumptions = {a.id for a in regime.assumptions}
    yield from _twice([d.id for d in regime.duties], "duties", "duty")
    yield from _twice([a.id for a in regime.assumptions], "assumptions", "assumption")
    if codes is not None and regime.secretariat not in codes:
        yield ("secretariat",), f"expected a code of agencies.csv, found '{regime.secretariat}'"
    for n, duty in enumerate(regime.duties):
        named: list[tuple[Place, str]] = [(("through",), duty.through)] if duty.through else []
        if duty.recipient != PARENT:
            named.append((("recipient",), duty.recipient))
        elif duty.through:
            yield ("duties", n, "through"), "with `recipient: parent`, the superior's desk collects"
        for key in ("agencies", "without"):
            listed: Sequence[str] = getattr(duty.reporters, key)
            named += [(("reporters", key, m), code) for m, code in enumerate(listed)]
        for place, code in named:
            if codes is not None and code not in codes:
                yield ("duties", n, *place), f"expected a code of agencies.csv, found '{code}'"
        if forms is not None and duty.form not in forms:
            yield ("duties", n, "form"), _one_of(duty.form, "a form", forms)
        others = duties - {duty.id}
        if duty.replaces is not None and duty.replaces not in others:
            yield ("duties", n, "replaces"), _one_of(duty.replaces, "another duty", others)
        for m, wanted in enumerate(duty.follows):
            if wanted not in others:
                yield ("duties", n, "follows", m), _one_of(wanted, "another duty", others)
            elif (form := regime.duty(wanted).form) != duty.form:
                words = f"{wanted} is on the form {form}; figures go on within one form only"
                yield ("duties", n, "follows", m), words
        for m, wanted in enumerate(duty.assumptions):
            if wanted not in assumptions:
                place = ("duties", n, "assumptions", m)
                yield place, _one_of(wanted, "an assumption", assumptions)
        everyone = codes is not None and len(agencies) == len(codes)
        if everyone and not any(duty.reporters.include(a) for a in agencies.values()):
            yield ("duties", n, "reporters"), "no agency of agencies.csv owes this report"
        orphans = [a.code for a in agencies.values() if duty.reporters.include(a) and not a.parent]
        if everyone and duty.recipient == PARENT and orphans:
            yield ("duties", n, "recipient"), f"{', '.join(orphans)} have no parent"


def _together(place: Place, codes: Sequence[str], asked: dict[str, set[str]]) -> Iterator[Fault]:
    unknown = [code for code in codes if code not in asked]
    for code in unknown:
        yield place, f"expected an indicator's code, found '{code}'"
    if not unknown and not set.intersection(*(asked[code] for code in codes)):
        yield place, f"{', '.join(codes)} share no column, so that the rule can never apply"


def _twice(ids: Sequence[str], key: str, what: str) -> Iterator[Fault]:
    place = [int(part) if part.isdigit() else part for part in key.split(".")]
    for name, count in Counter(ids).items():
        if count > 1:
            last = len(ids) - 1 - list(reversed(ids)).index(name)
            yield (*place, last), f"{what} {name} exists twice"


def _one_of(found: str, what: str, known: Iterable[str]) -> str:
    return f"expected {what} ({', '.join(sorted(known)) or 'there is none'}), found '{found}'"
