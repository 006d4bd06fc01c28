"""A file that waits belongs to a regime, whose people alone see it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# A report's file is of its regime; one that waits, of the regime whose contact sent it, or of
# the only one that there is. What remains is the operator's.
FILLED = (
    """
    UPDATE submissions SET regime =
        (SELECT regime FROM obligations WHERE obligations.id = submissions.obligation_id)
    WHERE obligation_id IS NOT NULL
    """,
    """
    UPDATE submissions SET regime =
        (SELECT min(regime) FROM contacts WHERE contacts.address = submissions.sender)
    WHERE obligation_id IS NULL AND 1 =
        (SELECT count(DISTINCT regime) FROM contacts WHERE contacts.address = submissions.sender)
    """,
    """
    UPDATE submissions SET regime = (SELECT min(regime) FROM obligations)
    WHERE regime = '' AND 1 = (SELECT count(DISTINCT regime) FROM obligations)
    """,
)


def upgrade() -> None:
    regime = sa.Column("regime", sa.String(length=64), nullable=False, server_default="")
    op.add_column("submissions", regime)
    for statement in FILLED:
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("submissions", "regime")
