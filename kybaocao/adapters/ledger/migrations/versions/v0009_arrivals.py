"""The same bytes may come again as a new version; arrivals are known by their keys."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("uq_submissions_unknown_sha256", "submissions")
    if op.get_bind().dialect.name == "sqlite":
        _made_anew()
    else:
        op.drop_constraint("uq_submissions_obligation_id_sha256", "submissions", type_="unique")
    op.create_index("ix_submissions_sha256", "submissions", ["sha256"])
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_arrivals_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("key", name=op.f("uq_arrivals_key")),
    )


def downgrade() -> None:
    """Fails where bytes have come twice for a report, which the older ledger cannot hold."""
    op.drop_table("arrivals")
    op.drop_index("ix_submissions_sha256", "submissions")
    name, columns = op.f("uq_submissions_obligation_id_sha256"), ["obligation_id", "sha256"]
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(sa.UniqueConstraint(*columns, name=name))
    else:
        op.create_unique_constraint(name, "submissions", columns)
    op.create_index(
        "uq_submissions_unknown_sha256",
        "submissions",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("obligation_id IS NULL"),
        postgresql_where=sa.text("obligation_id IS NULL"),
    )


def _made_anew(*more: sa.UniqueConstraint) -> None:
    """Make the table again, as SQLite wants it where a constraint changes.

    Other tables point to its rows: until the end of the transaction they may point to nothing.
    """
    op.execute("PRAGMA defer_foreign_keys=ON")
    op.execute("CREATE TABLE submissions_before AS SELECT * FROM submissions")
    op.drop_table("submissions")
    made = op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=True),
        sa.Column("form_version", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("sender", sa.String(length=254), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_submissions_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "obligation_id", "version", name=op.f("uq_submissions_obligation_id_version")
        ),
        *more,
    )
    names = [column.name for column in made.columns]
    before = sa.table("submissions_before", *map(sa.column, names))
    op.execute(made.insert().from_select(names, sa.select(before)))
    op.drop_table("submissions_before")
