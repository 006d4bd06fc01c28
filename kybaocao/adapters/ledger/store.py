"""Obligations, submissions, consolidations, contacts and the event log."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, delete, select

from kybaocao.adapters.ledger import arrivals
from kybaocao.adapters.ledger.access import Access
from kybaocao.adapters.ledger.arrivals import Holds, always
from kybaocao.adapters.ledger.database import CONSOLIDATING, Database, alone
from kybaocao.adapters.ledger.decisions import Decisions
from kybaocao.adapters.ledger.events import log
from kybaocao.adapters.ledger.forms import FormVersions
from kybaocao.adapters.ledger.post import PostOffice, insert_missing, queue
from kybaocao.adapters.ledger.proofs import Proofs
from kybaocao.adapters.ledger.records import (
    Address,
    Arrival,
    Event,
    LetterDraft,
    Made,
    Owed,
    Submission,
)
from kybaocao.adapters.ledger.rulings import Rulings, rule
from kybaocao.adapters.ledger.schema import (
    consolidations,
    contacts,
    events,
    findings,
    obligations,
    submissions,
)
from kybaocao.adapters.ledger.views import Views
from kybaocao.rules.cycle.obligation import Due, Obligation
from kybaocao.rules.finding import Finding, Severity, needs_first
from kybaocao.rules.form.form import Figure
from kybaocao.rules.regime.contact import Contact, Role
from kybaocao.rules.regime.ruling import Ruling


class Ledger:
    """One ledger. `domain` is the right side of the Message-IDs of its letters."""

    def __init__(self, url: str, domain: str = "kybaocao.example") -> None:
        self.database = Database(url)
        self.post = PostOffice(self.database)
        self.decisions = Decisions(self.database, domain)
        self.rulings = Rulings(self.database, domain)
        self.proofs = Proofs(self.database)
        self.forms = FormVersions(self.database)
        self.access = Access(self.database)
        self.views = Views(self.database)
        self._domain = domain

    def migrate(self) -> None:
        """Bring the ledger's schema to the newest version."""
        self.database.migrate()

    @property
    def files(self) -> list[Path]:
        """The files in which it lies; none on a server."""
        return self.database.files

    def close(self) -> None:
        self.database.close()

    def open(self, owed: Sequence[Obligation], drafts: Iterable[LetterDraft], at: datetime) -> int:
        """Record obligations with their opening letters; return how many were new.

        A period that is opened twice changes nothing the second time.
        """
        rows = [
            {
                "regime": o.term.regime,
                "duty": o.term.duty,
                "period": o.term.period.id,
                "agency": o.agency,
                "opens": o.term.opens,
                "stated": o.due.stated,
                "last_day": o.due.last_day,
                "opened_at": at,
            }
            for o in owed
        ]
        with self.database.writing() as connection:
            new = len(insert_missing(connection, obligations, rows))
            queue(connection, drafts, at, self._domain)
            if new:
                log(connection, Event(at, "kybaocao", "open", owed[0].term.key, {"new": new}))
        return new

    def owed(self, **equal: str) -> list[Owed]:
        """Return the obligations whose columns equal the values given, in order of id."""
        query = select(obligations).where(*(obligations.c[n] == v for n, v in equal.items()))
        with self.database.reading() as connection:
            return [_owed(row) for row in connection.execute(query.order_by(obligations.c.id))]

    def find_owed(self, regime: str, duty: str, period: str, agency: str) -> Owed | None:
        """Return the one obligation of that key, or None."""
        return next(iter(self.owed(regime=regime, duty=duty, period=period, agency=agency)), None)

    def owed_of(self, obligation_id: int) -> Owed | None:
        """Return the obligation of that id, or None."""
        query = select(obligations).where(obligations.c.id == obligation_id)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _owed(row)

    def versions(self, owed: Iterable[Owed]) -> dict[int, list[Submission]]:
        """Return every obligation's submissions, oldest version first, by obligation id."""
        with self.database.reading() as connection:
            return arrivals.versions(connection, [o.id for o in owed])

    def unknown(self, regime: str | None = None) -> list[Submission]:
        """Return the files of which nobody knows whose report they are, oldest first.

        With `regime` those that belong to it, and none whose regime is not known.

        A file that came again and found its report is known, and one that a person settled. One
        that had a report before it was sent as another waits.
        """
        with self.database.reading() as connection:
            only = () if regime is None else (submissions.c.regime == regime,)
            return arrivals.waiting(connection, *only)

    def still_waits(self, submission_id: int) -> bool:
        """Return whether a file waits for a person."""
        with self.database.reading() as connection:
            return bool(arrivals.waiting(connection, submissions.c.id == submission_id))

    def waiting(self, sha256: str, regime: str) -> list[Submission]:
        """Return those of a regime's unknown files that have these bytes."""
        with self.database.reading() as connection:
            return arrivals.waiting(connection, *arrivals.same(sha256, regime))

    def submission(self, submission_id: int) -> Submission:
        """Return one submission by id. Raises LookupError if there is none."""
        found = self.find_submission(submission_id)
        if found is None:
            raise LookupError(f"no submission {submission_id}")
        return found

    def find_submission(self, submission_id: int) -> Submission | None:
        """Return the submission of that id, or None."""
        query = select(*arrivals.columns()).where(submissions.c.id == submission_id)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else arrivals.submission(row)

    def came(self, key: str) -> tuple[Submission, bool] | None:
        """Return what became of what was handed in under a key, and whether it was a repeat."""
        with self.database.reading() as connection:
            return arrivals.came(connection, key) if key else None

    def record(
        self,
        arrival: Arrival,
        at: datetime,
        drafts: Sequence[LetterDraft] = (),
        actor: str = "kybaocao",
        *,
        holds: Holds = always,
        ruling: Ruling | None = None,
    ) -> Submission | None:
        """Record a file with its findings, figures and letters, all at once.

        Returns the new submission, numbered without gaps, or None, in which case nothing
        changes: its key came before, or what was decided about it holds no longer, or it does
        not wait for the `ruling`, the person's word that makes it a version. `holds` is
        asked within the transaction with the versions that are there by then, or with the
        files of the same bytes that wait, if it belongs to no report. Each draft gets the
        submission's number.
        """
        with self.database.writing() as connection:
            if ruling is not None and not arrivals.waits(connection, ruling.submission_id):
                return None
            there = arrivals.there(connection, arrival)
            if not holds(there) or (arrival.key and arrivals.came(connection, arrival.key)):
                return None
            made = arrivals.insert_submission(connection, arrival, at)
            numbered = [replace(d, submission_id=made.id) for d in drafts]
            queue(connection, numbered, at, self._domain)
            detail = {
                "verdict": made.verdict.value,
                "sha256": made.sha256,
                "version": made.version,
            }
            log(connection, Event(at, actor, "receive", f"submission/{made.id}", detail))
            if ruling is not None:
                rule(connection, ruling)
            return made

    def record_repeat(
        self,
        of: Submission,
        arrival: Arrival,
        at: datetime,
        drafts: Sequence[LetterDraft] = (),
        actor: str = "kybaocao",
        *,
        holds: Holds = always,
        ruling: Ruling | None = None,
    ) -> bool:
        """Record that a version came again, and its letters; return False as `record` does None."""
        with self.database.writing() as connection:
            if ruling is not None and not arrivals.waits(connection, ruling.submission_id):
                return False
            there = arrivals.there(connection, arrival)
            if not holds(there) or (arrival.key and arrivals.came(connection, arrival.key)):
                return False
            arrivals.remember(connection, arrival.key, of.id, is_repeat=True)
            queue(connection, drafts, at, self._domain)
            detail = {
                "verdict": of.verdict.value,
                "sha256": of.sha256,
                "version": of.version,
                "reason": arrival.reason,
            }
            log(connection, Event(at, actor, "receive-again", f"submission/{of.id}", detail))
            if ruling is not None:
                rule(connection, ruling)
            return True

    def findings(self, submission_id: int) -> list[Finding]:
        """Return what was found in a submission: what must be mended first."""
        query = select(findings).where(findings.c.submission_id == submission_id)
        with self.database.reading() as connection:
            found = [
                Finding(
                    row.code,
                    Severity(row.severity),
                    row.sheet,
                    row.cell,
                    row.value,
                    row.expected,
                    row.action,
                    row.subject,
                )
                for row in connection.execute(query.order_by(findings.c.number))
            ]
        return needs_first(found)

    def figures(self, submission_ids: Iterable[int]) -> dict[int, tuple[Figure, ...]]:
        """Return the values read from submissions, with their cells of origin, by id."""
        query = select(submissions.c.id, submissions.c.figures)
        query = query.where(submissions.c.id.in_(list(submission_ids)))
        with self.database.reading() as connection:
            return {
                row.id: tuple(Figure(**figure) for figure in row.figures)
                for row in connection.execute(query)
            }

    def queue(self, drafts: Sequence[LetterDraft], at: datetime) -> int:
        """Record letters to be sent; return how many were new."""
        if not drafts:
            return 0
        with self.database.writing() as connection:
            return queue(connection, drafts, at, self._domain)

    def consolidation(self, regime: str, duty: str, period: str, recipient: str) -> Made | None:
        """Return the newest consolidation of a term for a recipient, or None."""
        query = (
            select(consolidations)
            .where(
                consolidations.c.regime == regime,
                consolidations.c.duty == duty,
                consolidations.c.period == period,
                consolidations.c.recipient == recipient,
            )
            .order_by(consolidations.c.id.desc())
            .limit(1)
        )
        return self._made(query)

    def newest_consolidations(self, regime: str, duty: str, period: str) -> dict[str, Made]:
        """Return the newest consolidation of a term for each recipient that has one."""
        of = {"regime": regime, "duty": duty, "period": period}
        query = select(consolidations).filter_by(**of).order_by(consolidations.c.id)
        with self.database.reading() as connection:
            return {row.recipient: _made(row) for row in connection.execute(query)}

    def consolidated(self, regime: str, duty: str) -> list[str]:
        """Return the periods of which a duty has consolidations."""
        query = select(consolidations.c.period.distinct()).where(
            consolidations.c.regime == regime, consolidations.c.duty == duty
        )
        with self.database.reading() as connection:
            return list(connection.scalars(query))

    def consolidation_of(self, consolidation_id: int) -> Made | None:
        """Return one consolidation by id, or None."""
        return self._made(select(consolidations).where(consolidations.c.id == consolidation_id))

    def _made(self, query: Select[Any]) -> Made | None:
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _made(row)

    def record_consolidation(self, made: Made, at: datetime, after: int) -> Made | None:
        """Record a consolidation (its `id` is ignored); the same inputs are recorded once.

        Returns None, and records nothing, if the one delivered last is by now another than that
        of id `after` (0: none): what was seen before it must not be delivered after it.
        """
        values = {k: v for k, v in asdict(made).items() if k != "id"}
        of = (consolidations.c[n] == values[n] for n in ("regime", "duty", "period", "recipient"))
        newest = select(consolidations).where(*of).order_by(consolidations.c.id.desc()).limit(1)
        with self.database.writing() as connection:
            alone(connection, CONSOLIDATING)
            last = connection.execute(newest).one_or_none()
            if last is not None and last.id != after:
                return _made(last) if last.inputs == made.inputs else None
            if insert_missing(connection, consolidations, [values]):
                subject = f"{made.regime}/{made.duty}/{made.period}"
                detail = {"accepted": made.accepted, "owed": made.owed, "sha256": made.sha256}
                log(connection, Event(at, "kybaocao", "consolidate", subject, detail))
            query = select(consolidations).where(
                *(consolidations.c[n] == values[n] for n in ("regime", "duty", "period", "inputs"))
            )
            return _made(connection.execute(query).one())

    def seed_contacts(self, regime: str, seeds: Sequence[Contact]) -> int:
        """Record contacts of agencies that have none yet; return how many were new."""
        with self.database.writing() as connection:
            query = select(contacts.c.agency).where(contacts.c.regime == regime)
            known = set(connection.scalars(query))
            new = [seed for seed in seeds if seed.agency not in known]
            return len(insert_missing(connection, contacts, _contact_rows(regime, new)))

    def replace_contacts(
        self,
        regime: str,
        given: Sequence[Contact],
        at: datetime,
        actor: str,
        named: Collection[str] = (),
    ) -> list[Contact]:
        """Put the contacts given in the place of those that their agencies, and `named`, have.

        Return those that they had.
        """
        agencies = sorted({contact.agency for contact in given} | set(named))
        old = (contacts.c.regime == regime, contacts.c.agency.in_(agencies))
        with self.database.writing() as connection:
            query = select(contacts).where(*old).order_by(contacts.c.id)
            before = [
                Contact(
                    agency=row.agency,
                    role=Role(row.role),
                    address=row.address,
                    name=row.name,
                    telephone=row.telephone,
                )
                for row in connection.execute(query)
            ]
            connection.execute(delete(contacts).where(*old))
            insert_missing(connection, contacts, _contact_rows(regime, given))
            detail = {"agencies": agencies, "addresses": [c.address for c in given]}
            log(connection, Event(at, actor, "contacts", regime, detail))
        return before

    def contacts(self, regime: str, **equal: str) -> list[Address]:
        """Return a regime's contacts whose other columns equal the values given."""
        of = (contacts.c.regime == regime, *(contacts.c[n] == v for n, v in equal.items()))
        query = select(contacts).where(*of).order_by(contacts.c.id)
        with self.database.reading() as connection:
            return [
                Address(
                    row.regime, row.agency, Role(row.role), row.address, row.name, row.telephone
                )
                for row in connection.execute(query)
            ]

    def log(self, event: Event) -> None:
        """Append one line to the event log."""
        with self.database.writing() as connection:
            log(connection, event)

    def events(self, **equal: str) -> list[Event]:
        """Return the events whose columns equal the values given, oldest first."""
        query = select(events).where(*(events.c[n] == v for n, v in equal.items()))
        with self.database.reading() as connection:
            return [
                Event(row.at, row.actor, row.act, row.subject, row.detail)
                for row in connection.execute(query.order_by(events.c.id))
            ]


def _contact_rows(regime: str, given: Sequence[Contact]) -> list[dict[str, Any]]:
    return [{"regime": regime, **contact.model_dump(mode="json")} for contact in given]


def _made(row: Row[Any]) -> Made:
    values = {name: row._mapping[name] for name in Made.__dataclass_fields__}
    return Made(**{**values, "told": tuple(row.told)})


def _owed(row: Row[Any]) -> Owed:
    return Owed(
        row.id,
        row.regime,
        row.duty,
        row.period,
        row.agency,
        row.opens,
        Due(row.stated, row.last_day),
        row.opened_at,
    )
