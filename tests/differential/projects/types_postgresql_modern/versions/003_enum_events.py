"""When types are created and dropped

Revision ID: tq03
Revises: tq02
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tq03"
down_revision = "tq02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("one", sa.Column("a", sa.Enum("x", "y", name="auto_enum")))
    op.create_table("two", sa.Column("a", postgresql.ENUM("x", "y", name="own_enum")),
                    sa.Column("b", postgresql.ENUM("x", "y", name="own_enum", create_type=False)))
    postgresql.ENUM("p", "q", name="by_hand").create(op.get_bind())
    op.add_column("one", sa.Column("b", postgresql.ENUM("p", "q", name="by_hand", create_type=False), server_default="p"))
    op.execute("INSERT INTO one (a) VALUES ('x')")


def downgrade() -> None:
    op.drop_table("two")
    op.drop_table("one")
    for name in ("auto_enum", "own_enum", "by_hand"):
        op.execute(f"DROP TYPE IF EXISTS {name}")
