"""Reads config/: regimes, agencies, contacts, forms and calendar; reports every fault at once."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import holidays
from pydantic import BaseModel, ValidationError

from kybaocao.rules.calendar.day_table import OwnDays, Table, YearTable, calendar_of, table_faults
from kybaocao.rules.calendar.workdays import WorkCalendar
from kybaocao.rules.declaration import KeyPath
from kybaocao.rules.declared import yaml_tree
from kybaocao.rules.declared.config import Config
from kybaocao.rules.declared.declared import (
    adding_faults,
    cutoff_faults,
    form_faults,
    regime_faults,
    succession_faults,
    task_faults,
    version_faults,
)
from kybaocao.rules.declared.faults import model_faults
from kybaocao.rules.declared.parts import parts_of
from kybaocao.rules.declared.yaml_tree import line_of
from kybaocao.rules.errors import ConfigError, ConfigFault
from kybaocao.rules.form.form import Form
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.contact import Contact
from kybaocao.rules.regime.level import KNOWN, Level, Levels, level_faults
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import Task

__all__ = ["Config", "known_days", "load", "read_levels", "read_versions"]

M = TypeVar("M", bound=BaseModel)
FIRST_YEAR, LAST_YEAR = 2010, 2050
SWAPPED = "Làm bù cho ngày nghỉ hoán đổi"


@cache
def known_days() -> tuple[Mapping[date, str], Mapping[date, str]]:
    """Return Vietnam's days off and worked Saturdays as the holidays package knows them."""
    # Without a language, the names come in that of the machine.
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    known = holidays.country_holidays("VN", years=years, language="vi")
    return dict(known.items()), dict.fromkeys(known.weekend_workdays, SWAPPED)


def load(config_dir: Path) -> Config:
    """Return the whole configuration. Raises ConfigError holding every fault found."""
    reader = _ConfigReader(config_dir)
    reader.folders()
    levels = reader.levels()
    calendar = reader.calendar()
    forms, ids = reader.forms()
    regimes = reader.regimes(ids, calendar)
    reader.adding(regimes.values(), forms)
    if reader.faults:
        raise ConfigError(reader.faults)
    return Config(regimes, forms, calendar, levels)


def read_versions(config_dir: Path, form_id: str, before: int) -> list[Form]:
    """Return those versions of a form that can be read and are before one, the oldest first."""
    reader = _ConfigReader(config_dir)
    reader.levels()
    forms, _ = reader.forms()
    return [forms[key] for key in sorted(forms) if key[0] == form_id and key[1] < before]


def read_levels(config_dir: Path) -> tuple[Level, ...]:
    """Return the levels of agencies alone. Raises ConfigError holding every fault found."""
    reader = _ConfigReader(config_dir)
    found = reader.levels()
    if reader.faults:
        raise ConfigError(reader.faults)
    return found


class _ConfigReader:
    def __init__(self, config_dir: Path) -> None:
        self.dir = config_dir
        self.known_levels: dict[str, Level] | None = None
        self.faults: list[ConfigFault] = []

    def folders(self) -> None:
        for folder in ("forms", "regimes"):
            if not (self.dir / folder).is_dir():
                self.fault(self.dir / folder, 0, "this folder is missing")

    def fault(self, path: Path, line: int, message: str) -> None:
        name = path.relative_to(self.dir.parent).as_posix()
        self.faults.append(ConfigFault(name, line, message))

    def levels(self) -> tuple[Level, ...]:
        """Return the levels; from then on everything read is held against them."""
        path = self.dir / "levels.yaml"
        tree = self.tree(path)
        found = self.model(Levels, tree, path)
        if found is None:
            return ()
        self.places(path, tree, level_faults(found.levels))
        self.known_levels = {level.id: level for level in found.levels}
        return found.levels

    def calendar(self) -> WorkCalendar:
        folder = self.dir / "calendar"
        tables: dict[str, Table] = {}
        trees = {path.stem: self.tree(path) for path in sorted(folder.glob("*.yaml"))}
        for name, tree in trees.items():
            kind: type[Table] = YearTable if name.isdecimal() else OwnDays
            table = self.model(kind, tree, folder / f"{name}.yaml")
            if table is not None:
                tables[name] = table
        unread = trees.keys() - tables.keys()
        for name, place, message in table_faults(tables, unread):
            line = line_of(trees[name], place) if name in trees else 0
            self.fault(folder / f"{name}.yaml", line, message)
        return calendar_of(tables.values(), *known_days())

    def forms(self) -> tuple[dict[tuple[str, int], Form], set[str] | None]:
        """Return the forms, and every id named, be the form faulty; None if one is unreadable."""
        found: dict[tuple[str, int], Form] = {}
        trees: dict[tuple[str, int], tuple[Path, Any]] = {}
        ids: set[str] = set()
        unreadable = False
        for path in sorted((self.dir / "forms").glob("*.yaml")):
            tree = self.tree(path)
            form = self.model(Form, tree, path)
            if isinstance(tree, dict):
                ids.add(str(tree.get("id")))
            else:
                unreadable = True
            if form is None:
                continue
            self.places(path, tree, form_faults(form))
            if (form.id, form.version) in found:
                self.fault(path, line_of(tree, ("id",)), f"form {form.id} exists twice")
            found[form.id, form.version] = form
            trees[form.id, form.version] = (path, tree)
        for (form_id, version), (path, tree) in trees.items():
            older = [found[key] for key in sorted(found) if key[0] == form_id and key[1] < version]
            self.places(path, tree, version_faults(older, found[form_id, version]))
        return found, None if unreadable else ids

    def regimes(self, forms: set[str] | None, calendar: WorkCalendar) -> dict[str, Regime]:
        found: dict[str, Regime] = {}
        for folder in sorted(p for p in (self.dir / "regimes").glob("*") if p.is_dir()):
            path = folder / "regime.yaml"
            tree = self.tree(path)
            regime = self.model(Regime, tree, path)
            agencies, codes = self.agencies(folder / "agencies.csv")
            contacts = self.contacts(folder / "contacts.csv", codes)
            successions = self.beside(folder / "successions.csv", Succession)
            tasks = self.beside(folder / "tasks.csv", Task)
            parts = parts_of(tree, self.known_levels)
            self.places(path, tree, regime_faults(parts, agencies, codes, forms))
            if codes is not None and len(agencies) == len(codes):
                levels = self.known_levels or {}
                of_moves = succession_faults(agencies, [row for _, _, row in successions])
                of_tasks = task_faults(agencies, levels, [row for _, _, row in tasks])
                for rows, faults in ((successions, of_moves), (tasks, of_tasks)):
                    for number, message in faults:
                        self.fault(rows[number][0], rows[number][1], message)
            if regime is None:
                continue
            if regime.id != folder.name:
                message = f"expected id '{folder.name}', the folder's name, found '{regime.id}'"
                self.fault(path, line_of(tree, ("id",)), message)
            regime = regime.holding(
                agencies,
                contacts,
                tuple(row for _, _, row in successions),
                tuple(row for _, _, row in tasks),
                (self.known_levels or {}).values(),
            )
            if regime.days_after_cutoff:
                self.places(path, tree, cutoff_faults(regime, calendar))
            found[regime.id] = regime
        return found

    def adding(self, regimes: Iterable[Regime], forms: Mapping[tuple[str, int], Form]) -> None:
        """Hold what forms say of adding up against the levels of those who report on them."""
        for regime in regimes:
            path = self.dir / "regimes" / regime.id / "regime.yaml"
            self.places(path, self.tree(path), adding_faults(regime, forms))

    def agencies(self, path: Path) -> tuple[dict[str, Agency], set[str] | None]:
        """Return the agencies, and every code named, be its row faulty; None if unreadable."""
        found: dict[str, Agency] = {}
        rows = self.rows(path, Agency)
        codes = {row.get("code", "") for _, row in rows or ()}
        for line, row in rows or ():
            for name in ("parent", "desk"):
                if row.get(name, "") not in codes | {""}:
                    message = f"{name}: expected a code of this file, found '{row[name]}'"
                    self.fault(path, line, message)
        for line, row in rows or ():
            agency = self.model(Agency, row, path, line)
            if agency is None:
                continue
            if agency.code in found:
                self.fault(path, line, f"agency {agency.code} exists twice")
            found[agency.code] = agency
        return found, None if rows is None else codes

    def contacts(self, path: Path, codes: set[str] | None) -> tuple[Contact, ...]:
        found: list[Contact] = []
        for line, row in self.rows(path, Contact) or ():
            contact = self.model(Contact, row, path, line)
            if contact is None:
                continue
            if codes is not None and contact.agency not in codes:
                message = f"agency: expected a code of agencies.csv, found '{contact.agency}'"
                self.fault(path, line, message)
            if any((c.agency, c.address) == (contact.agency, contact.address) for c in found):
                self.fault(path, line, f"{contact.address} exists twice for {contact.agency}")
            found.append(contact)
        return tuple(found)

    def beside(self, path: Path, kind: type[M]) -> list[tuple[Path, int, M]]:
        """Return the rows of a CSV file that a regime need not have, each with its place."""
        rows = self.rows(path, kind) if path.exists() else ()
        read = [(line, self.model(kind, row, path, line)) for line, row in rows or ()]
        return [(path, line, row) for line, row in read if row is not None]

    def rows(self, path: Path, model: type[BaseModel]) -> list[tuple[int, dict[str, str]]] | None:
        """Return a CSV file's rows with their lines, empty cells left out; None if unreadable."""
        text = self.text(path)
        if text is None:
            return None
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        found: list[tuple[int, dict[str, str]]] = []
        try:
            unknown = set(reader.fieldnames or ()) - set(model.model_fields)
            required = {n for n, f in model.model_fields.items() if f.is_required()}
            lacking = required - set(reader.fieldnames or ())
            if unknown or lacking:
                wanted = ",".join(model.model_fields)
                difference = _difference(unknown, lacking)
                message = f"expected the columns {wanted}, parted by commas; {difference}"
                self.fault(path, 1, message)
                return None
            for row in reader:
                if row.pop(None, None):
                    self.fault(path, reader.line_num, "more cells than columns")
                given = {k: v.strip() for k, v in row.items() if v and v.strip()}
                found.append((reader.line_num, given))
        except csv.Error as error:
            self.fault(path, reader.line_num, f"not readable as CSV: {error}")
            return None
        return found

    def text(self, path: Path) -> str | None:
        """Return a file's text, or None after a recorded fault."""
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(path, line, "expected text in UTF-8")
        except OSError as error:
            self.fault(path, 0, f"cannot be read: {error.strerror}")
        return None

    def tree(self, path: Path) -> Any:
        """Return a YAML file's tree with line numbers, or None after a recorded fault."""
        text = self.text(path)
        if text is None:
            return None
        try:
            tree = yaml_tree.read(text)
        except yaml_tree.TreeError as error:
            self.fault(path, error.line, f"not readable as YAML: {error}")
            return None
        if tree is None:
            self.fault(path, 1, "is empty")
        return tree

    def model(self, kind: type[M], tree: Any, path: Path, line: int = 0) -> M | None:
        """Return `tree` as a model, or None after recording each fault with its line."""
        if tree is None:
            return None
        try:
            return kind.model_validate(tree, context={KNOWN: self.known_levels})
        except ValidationError as error:
            for place, message in model_faults(tree, error):
                named = f"{'.'.join(map(str, place))}: {message}" if place else message
                self.fault(path, line or line_of(tree, place), named)
            return None

    def places(self, path: Path, tree: Any, faults: Iterable[tuple[KeyPath, str]]) -> None:
        for place, message in faults:
            self.fault(path, line_of(tree, place), message)


def _difference(unknown: set[str], lacking: set[str]) -> str:
    parts = []
    if unknown:
        parts.append(f"found also {', '.join(sorted(unknown))}")
    if lacking:
        parts.append(f"missing {', '.join(sorted(lacking))}")
    return "; ".join(parts)
