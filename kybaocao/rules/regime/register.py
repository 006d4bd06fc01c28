"""The register of a regime: its duties, tasks and assumptions in words, for its readers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kybaocao.rules.calendar.official_days import official_day
from kybaocao.rules.cells.phrases import capital, quoted
from kybaocao.rules.regime import wording
from kybaocao.rules.regime.agency import Agency, Succession
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.names import agency_name, document_words
from kybaocao.rules.regime.regime import Regime
from kybaocao.rules.regime.task import Task, codes_in, level_of

REMINDERS = "Thư nhắc"


@dataclass(frozen=True)
class NumberedAssumption:
    """What the document leaves open, under its number in the register."""

    number: int
    id: str
    text: str


@dataclass(frozen=True)
class DutyEntry:
    """One duty in words. `assumptions` holds numbers of the register's list."""

    id: str
    name: str
    who: tuple[str, ...]
    recipient: str
    handling: str
    form: str
    frequency: str
    deadline: tuple[str, ...]
    window: str
    opening: str
    reminders: str
    replaces: str
    replaced_by: tuple[str, ...]
    clause: str
    stated: str
    assumptions: tuple[int, ...]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Everything about the duty but its name, in the order in which people ask."""
        numbers = ", ".join(map(str, self.assumptions))
        facts = [
            ("Ai báo cáo", "; ".join(self.who)),
            ("Gửi", self.recipient),
            ("Biểu mẫu", self.form),
            ("Kỳ báo cáo", self.frequency),
            ("Thời hạn", "; ".join(self.deadline)),
            ("Văn bản ghi", f"{quoted(self.stated)} – {self.clause}"),
            ("Số liệu", self.window),
            ("Mở kỳ", self.opening),
            ("Xử lý", self.handling),
            ("Thay cho", f"{self.replaces} (kỳ kết thúc cùng tháng)" if self.replaces else ""),
            ("Được thay bởi", "; ".join(self.replaced_by)),
            (REMINDERS, self.reminders),
            ("Giả định", f"số {numbers}" if numbers else "không có"),
        ]
        return [(name, capital(value)) for name, value in facts if value]


@dataclass(frozen=True)
class AgencyEntry:
    """One agency: its superior, the days between which it exists, and where we read of it."""

    code: str
    name: str
    level: str
    parent: str
    since: date | None
    until: date | None
    source: str

    @property
    def life(self) -> str:
        """The days in words; empty for an agency without a beginning or an end."""
        since = f"từ ngày {official_day(self.since)}" if self.since else ""
        until = f"đến hết ngày {official_day(self.until)}" if self.until else ""
        return " ".join(filter(None, (since, until)))


@dataclass(frozen=True)
class SuccessionEntry:
    """Work that went from one agency to another."""

    day: date
    predecessor: str
    successor: str
    scope: str
    whole: bool
    heir: bool
    source: str

    @property
    def role(self) -> str:
        """What the successor took over beyond the scope that is named, in words."""
        whole = "toàn bộ công việc" if self.whole else ""
        return "; ".join(filter(None, (whole, "cả báo cáo còn nợ" if self.heir else "")))

    @property
    def what(self) -> str:
        """The scope, and what came with it."""
        return f"{self.scope} ({self.role})" if self.role else self.scope


@dataclass(frozen=True)
class TaskEntry:
    """One task that the document assigns; `deadline` is in its words."""

    id: str
    title: str
    leads: str
    helpers: str
    deadline: str
    source: str


@dataclass(frozen=True)
class Register:
    """Everything that a regime declares, in words."""

    id: str
    name: str
    document: str
    title: str
    in_force: str
    secretariat: str
    days_off: str
    days_off_source: str
    days_after_cutoff: int
    corrected: str
    mending_days: int
    duties: tuple[DutyEntry, ...]
    assumptions: tuple[NumberedAssumption, ...]
    agencies: tuple[AgencyEntry, ...]
    successions: tuple[SuccessionEntry, ...]
    tasks: tuple[TaskEntry, ...]

    @property
    def common_reminders(self) -> str:
        """When letters remind, where that is the same for every duty; else empty."""
        found = {duty.reminders for duty in self.duties}
        return found.pop() if len(found) == 1 else ""

    def facts_of(self, duty: DutyEntry) -> list[tuple[str, str]]:
        """Return what is to say of a duty, less what holds for every one."""
        return [f for f in duty.facts if f[0] != REMINDERS or not self.common_reminders]

    @property
    def succession_rows(self) -> list[tuple[str, ...]]:
        """The successions as rows: day, from, to, what, and what says so."""
        return [
            (official_day(s.day), s.predecessor, s.successor, s.what, s.source)
            for s in self.successions
        ]

    @property
    def task_rows(self) -> list[tuple[str, ...]]:
        """The tasks as rows: number, title, who leads, who helps, deadline."""
        return [(t.id, t.title, t.leads, t.helpers, t.deadline) for t in self.tasks]

    def as_json(self) -> dict[str, Any]:
        """Return the register with days in ISO 8601."""
        return asdict(self, dict_factory=lambda items: {k: _plain(v) for k, v in items})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def register(regime: Regime, form_titles: Mapping[str, str]) -> Register:
    """Return the register of a regime; `form_titles` are the titles of its forms by id."""
    numbers = {a.id: n for n, a in enumerate(regime.assumptions, 1)}
    since, until = regime.in_force.since, regime.in_force.until
    force = f"từ ngày {official_day(since)}"
    return Register(
        id=regime.id,
        name=regime.name,
        document=document_words(regime.document),
        title=regime.document.title,
        in_force=f"{force} đến hết ngày {official_day(until)}" if until else force,
        secretariat=agency_name(regime, regime.secretariat),
        days_off=wording.SHIFTS[regime.days_off.rule],
        days_off_source=wording.source_words(regime.days_off.source, regime.assumptions),
        days_after_cutoff=regime.days_after_cutoff,
        corrected=wording.CORRECTIONS[regime.corrected],
        mending_days=regime.mending_days,
        duties=tuple(_duty(regime, duty, form_titles, numbers) for duty in regime.duties),
        assumptions=tuple(
            NumberedAssumption(numbers[a.id], a.id, a.text) for a in regime.assumptions
        ),
        agencies=tuple(_agency(regime, agency) for agency in regime.agencies.values()),
        successions=tuple(_succession(regime, row) for row in regime.successions),
        tasks=tuple(_task(regime, task) for task in regime.tasks),
    )


def _duty(
    regime: Regime, duty: Duty, titles: Mapping[str, str], numbers: Mapping[str, int]
) -> DutyEntry:
    names = {other.id: other.name for other in regime.duties}
    return DutyEntry(
        id=duty.id,
        name=duty.name,
        who=tuple(wording.reporters_words(regime, duty)),
        recipient=wording.recipient_words(regime, duty),
        handling=wording.HANDLINGS[duty.handling],
        form=titles[duty.form],
        frequency=wording.frequency_words(duty),
        deadline=tuple(wording.deadlines_words(regime, duty)),
        window=wording.window_words(duty),
        opening=wording.opening_words(duty),
        reminders=wording.ladder_words(duty.ladder),
        replaces=names.get(duty.replaces or "", ""),
        replaced_by=tuple(other.name for other in regime.duties if other.replaces == duty.id),
        clause=f"{regime.document.number}, {duty.clause}",
        stated=duty.stated,
        assumptions=tuple(sorted(numbers[a.id] for a in regime.assumptions_of(duty))),
    )


def _agency(regime: Regime, agency: Agency) -> AgencyEntry:
    return AgencyEntry(
        code=agency.code,
        name=agency.name,
        level=capital(regime.levels[agency.level].name),
        parent=agency_name(regime, agency.parent) if agency.parent else "",
        since=agency.since,
        until=agency.until,
        source=agency.source,
    )


def _succession(regime: Regime, row: Succession) -> SuccessionEntry:
    return SuccessionEntry(
        day=row.day,
        predecessor=agency_name(regime, row.predecessor),
        successor=agency_name(regime, row.successor),
        scope=row.scope,
        whole=row.whole,
        heir=row.heir,
        source=row.source,
    )


def _task(regime: Regime, task: Task) -> TaskEntry:
    helpers = [_parties(regime, task.coordinating), task.others]
    return TaskEntry(
        id=task.id,
        title=task.title,
        leads=_parties(regime, task.leads),
        helpers="; ".join(filter(None, helpers)),
        deadline=task.deadline_words,
        source=task.source,
    )


def _parties(regime: Regime, codes: str) -> str:
    """Return agencies by their short names, and `*level` as the level in words."""
    return "; ".join(_party(regime, code) for code in codes_in(codes))


def _party(regime: Regime, code: str) -> str:
    if (level := level_of(code)) is not None:
        return f"mọi {regime.levels[level].short_name}"
    agency = regime.agencies.get(code)
    return agency.short if agency else code
