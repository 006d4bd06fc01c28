"""The versions of forms in use: what their codes mean, and how many reports are on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from kybaocao.adapters.ledger.database import Database
from kybaocao.adapters.ledger.post import insert_missing
from kybaocao.adapters.ledger.schema import form_versions, obligations, submissions


@dataclass(frozen=True)
class InUse:
    """How many files of a term could be read on one version of a form."""

    regime: str
    duty: str
    period: str
    form: str
    version: int
    reports: int


class FormVersions:
    """What the ledger knows of forms; a version is known once a term was opened on it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, ids: Iterable[int]) -> dict[int, tuple[str | None, int | None]]:
        """Return on which form and version each submission is."""
        query = select(submissions.c.id, submissions.c.form, submissions.c.form_version)
        with self.database.reading() as connection:
            rows = connection.execute(query.where(submissions.c.id.in_(list(ids))))
            return {row.id: (row.form, row.form_version) for row in rows}

    def in_use(self) -> list[InUse]:
        """Return the versions that reports are on, by term."""
        o, s = obligations.c, submissions.c
        term = (o.regime, o.duty, o.period, s.form, s.form_version)
        query = (
            select(*term, func.count())
            .join(submissions, s.obligation_id == o.id)
            .where(s.form.is_not(None), s.form_version.is_not(None))
            .group_by(*term)
            .order_by(*term)
        )
        with self.database.reading() as connection:
            return [InUse(*row) for row in connection.execute(query)]

    def opened(self) -> set[tuple[str, str]]:
        """Return the duties (regime, duty) of which a term was opened."""
        query = select(obligations.c.regime, obligations.c.duty).distinct()
        with self.database.reading() as connection:
            return {(row.regime, row.duty) for row in connection.execute(query)}

    def known(self) -> dict[tuple[str, int], Mapping[str, Any]]:
        """Return what each known version's codes meant when it was first used."""
        query = select(form_versions.c.form, form_versions.c.version, form_versions.c.meanings)
        with self.database.reading() as connection:
            return {(r.form, r.version): r.meanings for r in connection.execute(query)}

    def replaced(self, form: str, version: int) -> datetime | None:
        """Return since when a version is used in place of an earlier one; None if of none."""
        c = form_versions.c
        query = select(c.version, c.first_used_at).where(c.form == form, c.version <= version)
        with self.database.reading() as connection:
            used: dict[int, datetime] = {
                r.version: r.first_used_at for r in connection.execute(query)
            }
        return used.get(version) if len(used) > 1 else None

    def learn(self, form: str, version: int, meanings: Mapping[str, Any], at: datetime) -> None:
        """Remember what a version's codes mean; what is known stays as it is."""
        row = {"form": form, "version": version, "meanings": meanings, "first_used_at": at}
        with self.database.writing() as connection:
            insert_missing(connection, form_versions, [row])
