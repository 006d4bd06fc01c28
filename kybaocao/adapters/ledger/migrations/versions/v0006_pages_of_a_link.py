"""What a letter's link opens: its page, and no more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("paths", sa.JSON()))
        word = sa.Column("word", sa.String(length=64), nullable=False, server_default="")
        sessions.add_column(word)
    # Sessions of before have no word for their forms: whoever is signed in signs in again.
    op.execute(sa.text("DELETE FROM sessions"))


def downgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("word")
        sessions.drop_column("paths")
