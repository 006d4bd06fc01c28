"""What went into each consolidation, what it told, and how it was proved."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consolidations", sa.Column("content", sa.JSON()))
    op.add_column(
        "consolidations", sa.Column("told", sa.JSON(), nullable=False, server_default="[]")
    )
    op.create_table(
        "proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regime", sa.String(length=64), nullable=False),
        sa.Column("duty", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("unproved", sa.JSON(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("actor", sa.String(length=254), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
        sa.UniqueConstraint(
            "regime",
            "duty",
            "period",
            "inputs",
            name=op.f("uq_proofs_regime_duty_period_inputs"),
        ),
    )


def downgrade() -> None:
    op.drop_table("proofs")
    op.drop_column("consolidations", "told")
    op.drop_column("consolidations", "content")
