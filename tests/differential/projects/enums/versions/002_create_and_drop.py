"""Types created and dropped by hand

Revision ID: en02
Revises: en01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "en02"
down_revision = "en01"
branch_labels = None
depends_on = None

mood = sa.Enum("sad", "ok", "happy", name="mood")


def upgrade() -> None:
    mood.create(op.get_bind(), checkfirst=True)
    op.add_column("shirts", sa.Column("mood", mood, nullable=True))
    op.execute("UPDATE shirts SET mood = 'happy' WHERE id = 1")


def downgrade() -> None:
    with op.batch_alter_table("shirts") as batch_op:
        batch_op.drop_column("mood")
    mood.drop(op.get_bind(), checkfirst=True)
