"""Letters from templates: facts in, subject, text and HTML out (`templates/letters/`)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from kybaocao.rules.calendar.official_days import local_time, official_day
from kybaocao.rules.cells.numbers import shown
from kybaocao.rules.cells.phrases import quoted, said
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.finding import Finding
from kybaocao.rules.regime.names import report_title
from kybaocao.rules.regime.regime import HelpLine

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

JOINER = "\u2060"
"""The word joiner: shows nothing, and no address goes across it."""
_LINKS_BREAK = re.compile(
    r"(?<=:)(?=//)|(?<=\w)(?=@)|(?<=@)"
    # Not in a number before words (`1.Hồ sơ`) or in a clause (`I.2.a`): these are searched for.
    r"|(?<=\w)(?<!\b\d)(?<!\b\d\d)\.(?!(?:xls|ods|csv|pdf|doc)[xmb]?\b)(?=[^\W\d_]{2})"
)


class LetterError(KyBaoCaoError):
    """A template that is missing, or that asks for what no letter carries."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a consolidation has come: reports by agency, and the names still missing.

    `told` is what changed since the one delivered before, and its proof.
    """

    total: int
    on_time: int
    late: int
    missing: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def accepted(self) -> int:
        return self.on_time + self.late

    @property
    def is_partial(self) -> bool:
        return self.accepted < self.total


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """What a letter says of a file that was sent.

    `findings` are those that block. `reason` is why it cannot be read, or what is asked about it;
    `returned_for` why a person returned it. `was_read` says that it could be read, and only its
    report is not known.
    """

    version: int = 1
    received_at: datetime | None = None
    file_name: str = ""
    sha256: str = ""
    on_time: bool = True
    is_nil: bool = False
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    reason: str = ""
    returned_for: str = ""
    was_read: bool = False


@dataclass(frozen=True, kw_only=True)
class WishedTime:
    """More time that an agency asks for: until which day, why, and why it was not given."""

    until: date | None = None
    reason: str = ""
    answer_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterItem:
    """One report that a letter speaks of. All text is Vietnamese, as people should read it.

    `document` (`Quyết định số …`) and `clause` are the legal basis, `stated` the deadline in its
    words; `last_day` is the last day in time. `days_left` and `days_late` count working days.
    `note` says what is out of rule: more time, a waiver, an heir that answers.
    `attachment` names the file that travels with the letter for this report, if any; it
    `is_marked` if it is the one that was returned. With `mending_days` a person gave the report
    back, and `last_day` is the end of these working days. `papers` names those that must come
    beside it and have not. An unreadable file may belong to no report that we know; then
    `duty_name` is empty. Only the delivery of a consolidation has `progress`.
    """

    duty_name: str = ""
    regime_name: str = ""
    document: str = ""
    clause: str = ""
    stated: str = ""
    period_label: str = ""
    window: str = ""
    covers: str = "số liệu"
    last_day: date | None = None
    days_left: int = 0
    days_late: int = 0
    agency_name: str = ""
    recipient_name: str = ""
    state_name: str = ""
    is_returned: bool = False
    is_marked: bool = False
    mending_days: int = 0
    is_waived: bool = False
    is_settled: bool = False
    note: str = ""
    assumptions: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    attachment: str = ""
    sent: SentFile = SentFile()
    wish: WishedTime = WishedTime()
    progress: Progress | None = None

    @property
    def title(self) -> str:
        """The report's name and period: `Báo cáo CCHC quý III năm 2016`."""
        return report_title(self.duty_name, self.period_label)


@dataclass(frozen=True)
class LetterLink:
    """An address that signs the reader in, and the words for the page to which it leads."""

    words: str
    url: str


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """What one letter says: all reports of one kind of letter for one address.

    `to_name` is the agency or office addressed; `to_secretariat` tells the secretariat's
    escalation, a table of agencies, from the one to an agency's head. `how_to_send` is one
    sentence, without a full stop or with one. `calendars` names the calendar files attached.
    `links` lead to the pages of the portal, and are empty where there is none; `contact` is whom
    to ask, if the regime names anybody.
    """

    address: str
    to_name: str
    sender_name: str
    today: date
    items: Sequence[LetterItem]
    how_to_send: str = ""
    to_secretariat: bool = False
    waiting: Sequence[str] = ()
    calendars: Sequence[str] = ()
    links: Sequence[LetterLink] = ()
    contact: HelpLine | None = None


@dataclass(frozen=True)
class Basis:
    """A legal basis, given once for all reports that share it."""

    titles: tuple[str, ...]
    document: str
    clause: str
    stated: str


@dataclass(frozen=True)
class Rendered:
    """A letter's words; the subject is a single line."""

    subject: str
    text: str
    html: str


class Letters:
    """Renders the letters of one folder of templates: `<kind>.subject`, `.txt`, `.html`."""

    def __init__(self, templates_dir: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates_dir),
            autoescape=select_autoescape(("html",), default_for_string=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "brief": brief,
            "day": official_day,
            "line": line,
            "moment": local_time,
            "number": shown,
            "quoted": quoted,
            "said": said,
            "sentence": sentence,
            "theirs": theirs,
            "weekday": weekday,
        }

    def render(self, kind: Kind, facts: LetterFacts) -> Rendered:
        """Return the letter of that kind. Raises LetterError if the templates cannot say it."""
        if not facts.items:
            raise LetterError(f"a letter of kind '{kind}' needs at least one report")
        known = {
            "facts": facts,
            "items": facts.items,
            "bases": bases(facts.items),
            "assumptions": list(dict.fromkeys(a for i in facts.items for a in i.assumptions)),
        }
        try:
            subject, text, html = (
                self._environment.get_template(f"{kind}.{part}").render(known)
                for part in ("subject", "txt", "html")
            )
        except (TemplateError, TypeError, AttributeError) as error:
            raise LetterError(f"the letter '{kind}' cannot be written: {error}") from error
        return Rendered(line(subject), _tidy(text), html)


def bases(items: Sequence[LetterItem]) -> list[Basis]:
    """Return the legal bases of these reports, each once, in order."""
    found: dict[tuple[str, str, str], Basis] = {}
    for item in items:
        if not item.document:
            continue
        key = (item.document, item.clause, item.stated)
        basis = found.setdefault(key, Basis((), *key))
        if item.title not in basis.titles:
            found[key] = replace(basis, titles=(*basis.titles, item.title))
    return list(found.values())


def weekday(value: date) -> str:
    """Return a day with its weekday: `thứ Tư, ngày 14/9/2016`."""
    return f"{WEEKDAYS[value.weekday()]}, ngày {official_day(value)}"


def line(text: str) -> str:
    """Return text on one line: no control or invisible characters, single spaces.

    What turns the direction of writing (U+202E) is among them.
    """
    return " ".join("".join(map(_on_a_line, text)).split())


def _on_a_line(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cf", "Cs", "Cn", "Co") and char != JOINER else char


def theirs(text: str) -> str:
    """Return a sender's text on one line, in which no mail program finds an address to link."""
    whole = line(text).replace(JOINER, "")
    return _LINKS_BREAK.sub(lambda found: f"{JOINER}{found[0]}", whole)


def sentence(text: str) -> str:
    """Return text on one line, with a full stop at its end if it has no stop yet."""
    said = line(text)
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def brief(text: str, longest: int = 160) -> str:
    """Return a sender's text on one line, cut at `longest` characters, without links."""
    short = line(text)
    return theirs(short if len(short) <= longest else short[: longest - 1].rstrip() + "…")


def _tidy(text: str) -> str:
    """Return text without trailing spaces or more than one blank line in a row."""
    kept: list[str] = []
    for row in text.split("\n"):
        if row.strip() or (kept and kept[-1]):
            kept.append(row.rstrip())
    return "\n".join(kept).strip() + "\n"
