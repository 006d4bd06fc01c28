"""Findings name what their cell asks for, and contacts have a telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("findings", sa.Column("subject", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "contacts",
        sa.Column("telephone", sa.String(length=64), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("contacts", "telephone")
    op.drop_column("findings", "subject")
