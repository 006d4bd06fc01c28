"""A paper says what it is by its bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "documents", sa.Column("look", sa.String(length=16), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("documents", "look")
