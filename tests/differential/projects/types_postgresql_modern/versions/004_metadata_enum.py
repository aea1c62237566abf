"""An Enum with metadata= and a Sequence without a start

Revision ID: tq04
Revises: tq03
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tq04"
down_revision = "tq03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("with_metadata", sa.Column("a", sa.Enum("m", "n", name="metadata_enum", metadata=sa.MetaData())))
    op.execute(sa.schema.CreateSequence(sa.Sequence("backwards", nominvalue=True, nomaxvalue=True, increment=-1)))


def downgrade() -> None:
    op.execute(sa.schema.DropSequence(sa.Sequence("backwards")))
    op.drop_table("with_metadata")
    op.execute("DROP TYPE metadata_enum")
