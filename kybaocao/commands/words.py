"""What people type after a command: days, times, duties, files. Raises WrongUseError."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import Parameter

from kybaocao import runtime
from kybaocao.adapters.ledger import Owed
from kybaocao.adapters.regime_files import Config
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Term
from kybaocao.rules.errors import KyBaoCaoError
from kybaocao.rules.regime.duty import Duty, Handling
from kybaocao.rules.regime.regime import Regime

# Days that decisions speak of; what lies beyond is a slip of the finger.
FIRST_YEAR, LAST_YEAR = 1945, 2200
AsJson = Annotated[bool, Parameter(name="--json", negative=())]
D = TypeVar("D", bound=date)


class WrongUseError(KyBaoCaoError):
    """The command's words do not fit; the text is one sentence."""


def day(text: str) -> date:
    """Return a day."""
    try:
        return _sensible(date.fromisoformat(text))
    except ValueError:
        raise WrongUseError(f"'{text}' is no day: expected 2016-09-14.") from None


def when(text: str) -> date | datetime:
    """Return a day, or a time in Vietnam."""
    try:
        if "T" not in text:
            return _sensible(date.fromisoformat(text))
        return _sensible(_local(text))
    except ValueError:
        raise WrongUseError(
            f"'{text}' is no time: expected 2016-09-14 or 2016-09-14T16:50."
        ) from None


def arrival(text: str, now: datetime) -> datetime:
    """Return a time in Vietnam that is not after `now`."""
    try:
        moment = _sensible(_local(text))
    except ValueError:
        raise WrongUseError(f"'{text}' is no time: expected 2016-09-14T16:50.") from None
    if moment > now:
        raise WrongUseError(f"--received-at {text} has not come yet.")
    return moment


def _local(text: str) -> datetime:
    if "T" not in text:
        raise ValueError("a day alone")
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _sensible(day: D) -> D:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("out of range")
    return day


def names(text: str) -> tuple[str, str]:
    """Return the regime and the duty that `regime/duty` names, known or not."""
    regime, slash, duty = text.partition("/")
    if not (regime and slash and duty):
        raise WrongUseError(f"'{text}' is no duty: expected regime/duty, as quang-nam/bao-cao-quy.")
    return regime, duty


def regime(office: runtime.Office, text: str) -> Regime:
    """Return the declared regime of that id."""
    try:
        return office.regime(text)
    except KyBaoCaoError as error:
        raise WrongUseError(f"{error}.") from None


def regime_of(config: Config, text: str) -> Regime:
    """Return the regime of that id in a configuration."""
    if text not in config.regimes:
        raise WrongUseError(f"No regime '{text}'; known: {', '.join(sorted(config.regimes))}.")
    return config.regimes[text]


def declared(office: runtime.Office, text: str) -> tuple[Regime, Duty]:
    """Return the declared duty that `regime/duty` names, and its regime."""
    try:
        return office.duty(*names(text))
    except KyBaoCaoError as error:
        raise WrongUseError(f"{error}.") from None


def owed(office: runtime.Office, text: str) -> Owed:
    """Return the report on the books that `regime/duty/period/agency` names."""
    parts = text.split("/")
    if len(parts) != 4:
        raise WrongUseError(
            f"'{text}' is no report: expected quang-nam/bao-cao-quy/2016-Q3/so-y-te."
        )
    found = office.ledger.find_owed(*parts)
    if found is None:
        raise WrongUseError(f"No report '{text}' is on the books.")
    return found


def period(text: str) -> Period:
    """Return a period."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise WrongUseError(f"{error}.") from None


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files, and the files below folders but for hidden ones."""
    given = list(paths)
    if not given:
        raise WrongUseError("Name at least one file or folder.")
    for path in given:
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$"))
            )
        elif path.is_file():
            yield path
        else:
            raise WrongUseError(f"There is no file or folder '{path}'.")


def collected_term(office: runtime.Office, duty: str, of: Period) -> tuple[Regime, Duty, Term]:
    """Return the regime, the duty and the term of which reports are consolidated.

    Raises WrongUseError for one of which they are not, KyBaoCaoError if it is not open.
    """
    regime, declared_duty = declared(office, duty)
    if of.frequency is not declared_duty.every and not declared_duty.is_asked(of):
        raise WrongUseError(
            f"{duty} has no period '{of.id}': it is due every {declared_duty.every}."
        )
    if declared_duty.handling is Handling.FORWARD:
        raise WrongUseError(f"{duty} is forwarded to its recipient, and not consolidated.")
    if not office.ledger.owed(regime=regime.id, duty=declared_duty.id, period=of.id):
        raise KyBaoCaoError(f"{duty} has not been opened for {of.id}: run 'kybaocao run {duty}'")
    asked, term = office.asked(regime, declared_duty, of)
    return regime, asked, term
