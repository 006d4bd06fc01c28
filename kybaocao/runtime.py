"""The installation at work: its parts wired together, and the only clock."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from kybaocao.adapters import regime_files
from kybaocao.adapters.archive import Archive
from kybaocao.adapters.config_shelf import Refused
from kybaocao.adapters.inbox import Inbox
from kybaocao.adapters.ledger import Event, Ledger, copy_ledger
from kybaocao.adapters.letters import Letters
from kybaocao.adapters.mailer import Mailer, MailSettings
from kybaocao.adapters.private import close_to_others
from kybaocao.adapters.reader_pool import ReaderPool
from kybaocao.configured import Configured, configured, read, shelf_of
from kybaocao.rules.calendar.frequency import Frequency
from kybaocao.rules.calendar.official_days import VIETNAM
from kybaocao.rules.calendar.period import Period
from kybaocao.rules.cycle.obligation import Term, as_opened, term
from kybaocao.rules.declared.in_use import as_known, in_use_faults
from kybaocao.rules.errors import ConfigError, ConfigFault, KyBaoCaoError
from kybaocao.rules.form.versions import meanings
from kybaocao.rules.regime.duty import Duty
from kybaocao.rules.regime.regime import Regime
from kybaocao.settings import SETTINGS_FILE, Settings, SettingsError, read_settings

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def now() -> datetime:
    """Return the time in Asia/Ho_Chi_Minh. Nothing else in the package asks a clock."""
    return datetime.now(VIETNAM)


@dataclass(frozen=True)
class Office:
    """An installation at work: what is declared, what is known, and where things lie."""

    settings: Settings
    config: regime_files.Config
    ledger: Ledger
    archive: Archive
    inbox: Inbox
    letters: Letters
    readers: ReaderPool
    config_mark: str = ""
    refused: Refused | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.readers.close()
        self.ledger.close()

    @property
    def active(self) -> Mapping[str, date]:
        """The active regimes with the day from which each counts."""
        return self.settings.active

    def belonging(self, *said: str) -> str:
        """Return whose a thing is: the first regime said that is active, else the only active one.

        Empty where neither tells: then it is the operator's, and no regime's people see it.
        """
        only = next(iter(self.active)) if len(self.active) == 1 else ""
        return next((regime for regime in said if regime in self.active), only)

    def regime(self, regime_id: str) -> Regime:
        """Return a declared regime. Raises KyBaoCaoError, in English, if there is none."""
        try:
            return self.config.regimes[regime_id]
        except KeyError:
            known = ", ".join(sorted(self.config.regimes))
            raise KyBaoCaoError(f"no regime '{regime_id}' in config/regimes: {known}") from None

    def duty(self, regime_id: str, duty_id: str) -> tuple[Regime, Duty]:
        """Return a declared duty and its regime. Raises KyBaoCaoError if there is none."""
        regime = self.regime(regime_id)
        try:
            return regime, regime.duty(duty_id)
        except KeyError:
            known = ", ".join(f"{regime_id}/{d.id}" for d in regime.duties)
            raise KyBaoCaoError(f"no duty '{regime_id}/{duty_id}': {known}") from None

    def asked(self, regime: Regime, duty: Duty, period: Period) -> tuple[Duty, Term]:
        """Return a duty as it stands for one of its periods, and its term as it was opened.

        A request names title, form, agencies and deadline of its own. Raises KyBaoCaoError
        for a request that nobody made.
        """
        if period.frequency is not Frequency.REQUEST:
            of = term(regime, duty, period, self.config.calendar)
            return duty, self.as_opened(regime, of)
        number = {"year": period.year, "number": period.index}
        for request in self.ledger.decisions.requests(regime=regime.id, duty=duty.id, **number):
            return request.asked_of(duty), request.term
        raise KyBaoCaoError(f"nobody asked for {regime.id}/{duty.id}/{period.id}")

    def as_opened(self, regime: Regime, of: Term) -> Term:
        """Return a term with the days under which it was opened: the ledger's hold.

        A change of config or calendar moves no deadline of which agencies have been told.
        """
        books = self.ledger.owed(regime=of.regime, duty=of.duty, period=of.period.id)
        return as_opened(
            of,
            [
                (regime.agencies[owed.agency].level, owed.opens, owed.due)
                for owed in books
                if owed.agency in regime.agencies
            ],
        )

    def refreshed(self) -> "Office":
        """Return this office with the config that holds by now: itself while nothing changed.

        A good edit is taken once it has settled, a faulty one is refused and the last good
        config stays.
        """
        if not self.config_mark:
            return self
        known = Configured(self.config, self.config_mark, self.refused)
        found = _configured(self.settings, self.ledger, known=known, patient=True)
        if (found.mark, found.refused) == (self.config_mark, self.refused):
            return self
        for regime_id in self.settings.active:
            self.ledger.seed_contacts(regime_id, found.config.regimes[regime_id].contacts)
        return replace(self, config=found.config, config_mark=found.mark, refused=found.refused)

    def go_live(self, regime_id: str) -> date:
        """Return the day from which a regime counts. Raises KyBaoCaoError if it is not active."""
        try:
            return self.active[regime_id]
        except KeyError:
            raise KyBaoCaoError(
                f"regime '{regime_id}' is not active: name it with its first day in "
                f"{SETTINGS_FILE}, [active]"
            ) from None

    def dated(self, at: datetime) -> datetime:
        """Return the instant to which a run was dated, if this ledger takes it.

        Raises KyBaoCaoError: a live ledger is carried to now and to no other day, since what is
        dated ahead makes later letters look sent, and what is dated back sends those of days
        gone. A rehearsal takes any day.
        """
        today = now()
        if self.settings.rehearsal or (at.date() == today.date() and at <= today):
            return at
        raise KyBaoCaoError(
            f"the ledger is live and cannot be carried to {at:%Y-%m-%dT%H:%M}, only to now: "
            "--dry-run shows what another day would bring"
        )

    def mailer(self) -> Mailer:
        """Return a mailer for the configured server. Raises KyBaoCaoError if there is none."""
        mail = self.settings.mail
        if not mail.host:
            raise KyBaoCaoError("no mail server: set mail.host (KYBAOCAO_MAIL__HOST)")
        if self.settings.rehearsal and mail.host not in THIS_MACHINE:
            raise KyBaoCaoError(f"a rehearsal sends no letter to {mail.host}, only on this machine")
        return Mailer(
            MailSettings(
                host=mail.host,
                port=mail.port,
                sender=mail.sender,
                sender_name=mail.sender_name,
                user=mail.user,
                password=mail.password,
                security=mail.security,
                ca_file=self.settings.home / mail.ca_file if mail.ca_file else None,
                timeout=mail.timeout,
            )
        )


def reader_pool(settings: Settings) -> ReaderPool:
    """Return a pool of killable readers, with the limits that the settings name."""
    return ReaderPool(settings.reading_seconds, settings.reading_memory_mib)


def hold_forms(config: regime_files.Config, ledger: Ledger, at: datetime) -> None:
    """Hold the declared forms against those in use, and remember what is used from now on.

    Raises ConfigError where a version is lost that reports are on, or its codes mean another
    thing; forms of duties that nobody declares any more are passed over.
    """
    duties = {(r.id, d.id): d for r in config.regimes.values() for d in r.duties}
    asked = {duties[of].form for of in ledger.forms.opened() if of in duties}
    used: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for one in ledger.forms.in_use():
        if one.form in asked:
            term = (f"{one.regime}/{one.duty}/{one.period}", one.reports)
            used.setdefault((one.form, one.version), []).append(term)
    stored = {key: held for key, held in ledger.forms.known().items() if key[0] in asked}
    if faults := list(in_use_faults(config.forms, used, as_known(stored.items()))):
        raise ConfigError([ConfigFault("config/forms", 0, fault) for fault in faults])
    for form_id in sorted(asked):
        form = config.form(form_id)
        if (form_id, form.version) not in stored:
            held = {code: asdict(one.meaning) for code, one in meanings(form).items()}
            ledger.forms.learn(form_id, form.version, held, at)


def office(settings: Settings | None = None, ledger_url: str = "", patient: bool = False) -> Office:
    """Return the installation, its settings and config validated, its ledger up to date.

    It is a context manager, which closes the ledger and the readers. With `ledger_url` it works
    on that ledger, and makes no folder. A `patient` one is a service's, which lets an edit of
    config settle. Raises SettingsError or ConfigError holding every fault found; where a config
    was good before, the office goes on with that one, and `refused` says what is wrong.
    """
    settings = settings or read_settings()
    # Whatever is wrong at the very first start is said before anything is made.
    first = None if shelf_of(settings).last_good() else read(settings)
    if first is not None:
        _check_active(settings, first)
    data = settings.data_folder
    inbox = Inbox(data / "inbox", settings.largest_file_mib * 2**20)
    try:
        if not ledger_url:
            inbox.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"setting data (KYBAOCAO_DATA): {error.filename} cannot be made: {error.strerror}"
        ) from error
    archive = Archive(data / "archive")
    letters = Letters(settings.home / "templates" / "letters")
    ledger = Ledger(ledger_url or settings.ledger_url, settings.mail.sender.rpartition("@")[2])
    ledger.migrate()
    if not ledger_url:
        _close(settings, ledger)
    try:
        found = _configured(settings, ledger, loaded=first, patient=patient, keep=not ledger_url)
        _check_active(settings, found)
    except (ConfigError, SettingsError):
        ledger.close()
        raise
    for regime_id in settings.active:
        ledger.seed_contacts(regime_id, found.config.regimes[regime_id].contacts)
    return Office(
        settings,
        found.config,
        ledger,
        archive,
        inbox,
        letters,
        reader_pool(settings),
        found.mark,
        found.refused,
    )


def _configured(settings: Settings, ledger: Ledger, **how: Any) -> Configured:
    """Return the config to work with; what was taken or refused for the first time is logged."""
    before, at = shelf_of(settings).last_good(), now()
    found = configured(settings, lambda config: hold_forms(config, ledger, at), at, **how)
    act: str = ""
    detail: dict[str, Any] = {}
    if found.refused is not None and found.refused.at == at:
        act, detail = "config-refused", {"error": [str(fault) for fault in found.refused.faults]}
    elif before not in ("", found.mark) and shelf_of(settings).last_good() == found.mark:
        act, detail = "config-taken", {"sha256": found.mark}
    for regime_id in settings.active if act else ():
        ledger.log(Event(at, "kybaocao", act, regime_id, detail))
    return found


def _check_active(settings: Settings, found: Configured) -> None:
    if unknown := sorted(set(settings.active) - set(found.config.regimes)):
        known = ", ".join(sorted(found.config.regimes))
        raise SettingsError(
            f"setting active (KYBAOCAO_ACTIVE): no regime {', '.join(unknown)}; known: {known}"
        )


def _close(settings: Settings, ledger: Ledger) -> None:
    """Close what holds secrets to others, however it came to be there."""
    close_to_others(settings.data_folder)
    close_to_others(settings.home / SETTINGS_FILE)
    for file in ledger.files:
        close_to_others(file)


@contextmanager
def untouched(settings: Settings | None = None) -> Iterator[Office]:
    """Give the installation with a copy of its ledger, so that nothing done in it leaves a trace.

    Raises KyBaoCaoError for a ledger that cannot be copied, and whatever `office` does.
    """
    settings = settings or read_settings()
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "ledger.db"
        copy_ledger(settings.ledger_url, copied)
        with office(settings, f"sqlite:///{copied}") as opened:
            yield opened
