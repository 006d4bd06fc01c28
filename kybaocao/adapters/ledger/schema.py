"""The ledger's tables. Alembic's migrations make them; a test holds both together."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from kybaocao.rules.calendar.official_days import VIETNAM

# RFC 5321, 4.5.3.1.3: a path of 256 octets, angle brackets included.
ADDRESS = 254

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware point in time, kept in UTC, since SQLite drops a time's zone; read as Vietnam's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the ledger must know its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(VIETNAM)


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True)


obligations = Table(
    "obligations",
    metadata,
    _key(),
    Column("regime", String(64), nullable=False),
    Column("duty", String(64), nullable=False),
    Column("period", String(16), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("opens", Date, nullable=False),
    Column("stated", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("opened_at", Instant, nullable=False),
    UniqueConstraint("regime", "duty", "period", "agency"),
)

submissions = Table(
    "submissions",
    metadata,
    _key(),
    # NULL while nobody knows whose report it is: it waits for a person.
    Column("obligation_id", ForeignKey("obligations.id")),
    Column("version", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("form", String(64)),
    Column("form_version", Integer),
    Column("figures", JSON, nullable=False),
    # Why a version replaces an accepted one, in its sender's words.
    Column("reason", Text, nullable=False, server_default=""),
    # The address of who sent it; empty where only the channel is known.
    Column("sender", String(ADDRESS), nullable=False, server_default=""),
    # Whose people see it; empty while nobody knows, when it is the operator's.
    Column("regime", String(64), nullable=False, server_default=""),
    UniqueConstraint("obligation_id", "version"),
    Index("ix_submissions_sha256", "sha256"),
)

# What was handed in under a key, and what became of it, so that a file that is taken in again
# after a crash is known to be the same act.
arrivals = Table(
    "arrivals",
    metadata,
    _key(),
    Column("key", String(160), nullable=False, unique=True),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("is_repeat", Boolean, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("submission_id", ForeignKey("submissions.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("sheet", Text, nullable=False),
    Column("cell", String(16), nullable=False),
    Column("value", Text, nullable=False),
    Column("expected", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
)

consolidations = Table(
    "consolidations",
    metadata,
    _key(),
    Column("regime", String(64), nullable=False),
    Column("duty", String(64), nullable=False),
    Column("period", String(16), nullable=False),
    Column("as_of", Instant, nullable=False),
    # Identifies content and predecessor, so that the same is made once.
    Column("inputs", String(64), nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("owed", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("recipient", String(64), nullable=False, server_default=""),
    # What went in; NULL for those made before it was kept.
    Column("content", JSON(none_as_null=True)),
    Column("told", JSON, nullable=False, server_default="[]"),
    UniqueConstraint("regime", "duty", "period", "inputs"),
)

# How each consolidation was held against the originals before it was delivered.
form_versions = Table(
    "form_versions",
    metadata,
    _key(),
    Column("form", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    # By code, what it stands for: `rules.form.versions.Meaning`.
    Column("meanings", JSON, nullable=False),
    Column("first_used_at", Instant, nullable=False),
    UniqueConstraint("form", "version"),
)

proofs = Table(
    "proofs",
    metadata,
    _key(),
    Column("regime", String(64), nullable=False),
    Column("duty", String(64), nullable=False),
    Column("period", String(16), nullable=False),
    Column("recipient", String(64), nullable=False),
    Column("inputs", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("files", Integer, nullable=False),
    Column("cells", Integer, nullable=False),
    Column("unproved", JSON, nullable=False),
    Column("differences", JSON, nullable=False),
    # Why a person had it delivered for all its differences.
    Column("reason", Text, nullable=False, server_default=""),
    Column("actor", String(ADDRESS), nullable=False, server_default=""),
    UniqueConstraint("regime", "duty", "period", "inputs"),
)

letters = Table(
    "letters",
    metadata,
    _key(),
    Column("key", String(512), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("address", String(ADDRESS), nullable=False),
    Column("regime", String(64), nullable=False),
    Column("duty", String(64)),
    Column("period", String(16)),
    Column("agency", String(64)),
    # The day of the ladder or of the digest; with `asked_at` a person's, beside the ladder.
    Column("day", Date),
    # For whom the letter is, since agencies may share an address.
    Column("recipient", String(64), nullable=False, server_default=""),
    Column("role", String(16), nullable=False, server_default="officer"),
    Column("asked_at", Instant),
    Column("submission_id", ForeignKey("submissions.id")),
    Column("consolidation_id", ForeignKey("consolidations.id")),
    Column("wish_id", ForeignKey("extension_requests.id")),
    Column("waiver_id", ForeignKey("waivers.id")),
    Column("ruling_id", ForeignKey("rulings.id")),
    Column("attachment_name", String(255)),
    Column("attachment_sha256", String(64)),
    Column("message_id", String(255), nullable=False),
    # The Message-ID of the mail that carries this letter, given at the first claim.
    Column("parcel", String(255)),
    Column("status", String(16), nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("claimed_until", Instant),
    # How often it was claimed, and how often the mail server said no to this very letter.
    Column("attempts", Integer, nullable=False, default=0),
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("sent_at", Instant),
    Column("cause", String(16), nullable=False, server_default=""),
    Column("error", Text),
    Index("ix_letters_status", "status", "not_before"),
    Index("ix_letters_obligation", "regime", "duty", "period", "agency"),
)

# A later line about the same report stands above the earlier ones.
waivers = Table(
    "waivers",
    metadata,
    _key(),
    Column("kind", String(16), nullable=False),
    Column("regime", String(64), nullable=False),
    Column("duty", String(64), nullable=False),
    # Empty for every report that falls due until the day given.
    Column("period", String(16), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("until", Date),
    Column("reason", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("actor", String(ADDRESS), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_waivers_report", "regime", "duty", "agency"),
)

requests = Table(
    "requests",
    metadata,
    _key(),
    Column("regime", String(64), nullable=False),
    Column("duty", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("form", String(64), nullable=False),
    Column("agencies", JSON, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("opens", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("actor", String(ADDRESS), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("regime", "duty", "year", "number"),
)

rulings = Table(
    "rulings",
    metadata,
    _key(),
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", String(256), nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String(ADDRESS), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("submission_id", "kind", "target", "reason"),
)

documents = Table(
    "documents",
    metadata,
    _key(),
    Column("obligation_id", ForeignKey("obligations.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("number", String(64), nullable=False),
    Column("signed_on", Date),
    Column("signer", String(255), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("actor", String(ADDRESS), nullable=False),
    Column("at", Instant, nullable=False),
    # What it is by its bytes (`PaperLook`); empty for one kept before that was looked at.
    Column("look", String(16), nullable=False, server_default=""),
    UniqueConstraint("obligation_id", "kind", "sha256"),
)

contacts = Table(
    "contacts",
    metadata,
    _key(),
    Column("regime", String(64), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("address", String(ADDRESS), nullable=False),
    Column("name", String(255), nullable=False),
    Column("telephone", String(64), nullable=False, server_default=""),
    UniqueConstraint("regime", "agency", "role", "address"),
)

# An agency's wish for more time, and what became of it.
extension_requests = Table(
    "extension_requests",
    metadata,
    _key(),
    Column("obligation_id", ForeignKey("obligations.id"), nullable=False),
    Column("until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String(ADDRESS), nullable=False),
    Column("at", Instant, nullable=False),
    Column("answer", String(16), nullable=False, server_default=""),
    Column("answer_reason", Text, nullable=False, server_default=""),
    Column("answered_by", String(ADDRESS), nullable=False, server_default=""),
    Column("answered_at", Instant),
    UniqueConstraint("obligation_id", "until", "reason"),
)

# Of links and sessions only the sha256 of the secret is kept.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    _key(),
    Column("hash", String(64), nullable=False, unique=True),
    Column("regime", String(64), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("address", String(ADDRESS), nullable=False),
    Column("path", String(255), nullable=False),
    Column("once", Boolean, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    _key(),
    Column("hash", String(64), nullable=False, unique=True),
    Column("regime", String(64), nullable=False),
    Column("agency", String(64), nullable=False),
    Column("address", String(ADDRESS), nullable=False),
    # The pages that letters' links opened; NULL for someone who signed in.
    Column("paths", JSON),
    # What its pages' forms bring; it outlives the cookie, which every signing in changes.
    Column("word", String(64), nullable=False, server_default=""),
    Column("opened_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

# Triggers, made by the first migration, refuse to change or delete an event.
events = Table(
    "events",
    metadata,
    _key(),
    Column("at", Instant, nullable=False),
    Column("actor", String(ADDRESS), nullable=False),
    Column("act", String(64), nullable=False),
    Column("subject", String(512), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("ix_events_subject", "subject"),
)
