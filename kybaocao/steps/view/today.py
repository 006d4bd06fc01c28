"""What happened today, and what waits for the secretariat."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kybaocao.adapters.ledger import Letter, LetterStatus
from kybaocao.rules.calendar.official_days import VIETNAM, start_of
from kybaocao.rules.cycle.event_words import (
    DECISIONS,
    VERDICTS,
    about_words,
    counted_words,
    letter_words,
)
from kybaocao.rules.cycle.reminder import Kind
from kybaocao.rules.cycle.standing import Verdict
from kybaocao.rules.cycle.waiver import ExtensionRequest
from kybaocao.rules.regime.regime import Regime
from kybaocao.runtime import Office
from kybaocao.steps.mail import mail_words
from kybaocao.steps.view.event_log import LogLine, lines_of_day
from kybaocao.steps.view.moves import moves
from kybaocao.steps.view.status import config_words, stopped_words

# Beyond these the log tells the rest.
MOST_DECISIONS = MOST_FILES = 10


@dataclass(frozen=True)
class Wish:
    """A wish for more time that nobody has answered, and the report that it is about."""

    asked: ExtensionRequest
    about: str
    path: str


@dataclass(frozen=True)
class Today:
    """The day so far, in sentences; then how many files and which wishes wait, and failed letters.

    `stopped` says what keeps a consolidation from being delivered, `moved` which deadlines would
    be others by what is declared now, `config` what is wrong with an edit that is not used,
    `mail` what keeps letters from leaving.
    `decisions` and `files` are the day's latest; `more` counts those left out.
    """

    summary: tuple[str, ...]
    decisions: tuple[LogLine, ...]
    files: tuple[LogLine, ...]
    more: int
    waiting: int
    wishes: tuple[Wish, ...]
    failed: tuple[Letter, ...]
    stopped: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()


def today(office: Office, regime: Regime, now: datetime) -> Today:
    """Return what happened in a regime since midnight, and what waits at `now`."""
    day = now.astimezone(VIETNAM).date()
    lines = lines_of_day(office, regime, day)
    files = [line for line in lines if line.event.act == "receive"]
    decisions = [line for line in lines if line.event.act in DECISIONS]
    failed = office.ledger.post.letters(regime=regime.id, status=LetterStatus.FAILED.value)
    left_out = max(0, len(files) - MOST_FILES) + max(0, len(decisions) - MOST_DECISIONS)
    return Today(
        summary=(*_opened(lines), *_files_words(files), *_sent(office, regime, now), *_made(lines)),
        decisions=tuple(decisions[:MOST_DECISIONS]),
        files=tuple(files[:MOST_FILES]),
        more=left_out,
        waiting=len(office.ledger.unknown(regime.id)),
        wishes=tuple(_wishes(office, regime)),
        failed=tuple(reversed(failed)),
        stopped=tuple(stopped_words(office, regime=regime.id)),
        moved=tuple(move.words for move in moves(office, regime, now)),
        config=tuple(config_words(office)),
        mail=tuple(mail_words(office, now, regime.id)),
    )


def _wishes(office: Office, regime: Regime) -> Iterator[Wish]:
    for asked in office.ledger.decisions.wishes(answer=""):
        owed = office.ledger.owed_of(asked.obligation_id)
        if owed is not None and owed.regime == regime.id:
            yield Wish(asked, about_words(regime, owed.key), f"/bao-cao/{owed.id}")


def _opened(lines: list[LogLine]) -> list[str]:
    opened = [line for line in reversed(lines) if line.event.act == "open"]
    return [f"Mở {line.about} cho {line.event.detail.get('new', 0)} đơn vị." for line in opened]


def _files_words(files: list[LogLine]) -> list[str]:
    if not files:
        return []
    found = Counter(Verdict(line.event.detail["verdict"]) for line in files)
    said = counted_words((found[verdict], words) for verdict, words in VERDICTS.items())
    return [f"Nhận {len(files)} tệp: {said}."]


def _sent(office: Office, regime: Regime, now: datetime) -> list[str]:
    since = start_of(now.astimezone(VIETNAM).date())
    sent = office.ledger.views.sent(regime.id, since, since + timedelta(days=1))
    if not sent:
        return []
    said = counted_words((sent.get(kind, 0), letter_words(kind)) for kind in Kind)
    return [f"Gửi {sum(sent.values())} thư: {said}."]


def _made(lines: list[LogLine]) -> list[str]:
    return [
        f"Tổng hợp {line.about}: {line.event.detail.get('accepted')}/"
        f"{line.event.detail.get('owed')} báo cáo."
        for line in reversed(lines)
        if line.event.act == "consolidate"
    ]
