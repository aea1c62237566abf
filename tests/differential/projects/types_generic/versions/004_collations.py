"""Collations

Revision ID: tg04
Revises: tg03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tg04"
down_revision = "tg03"
branch_labels = None
depends_on = None


def upgrade():
    collation = "C" if op.get_bind().dialect.name == "postgresql" else "NOCASE"
    op.create_table(
        "collations",
        sa.Column("string", sa.String(10, collation=collation)),
        sa.Column("text", sa.Text(collation=collation), nullable=False, server_default="x"),
        sa.Column("unicode", sa.Unicode(10, collation=collation)),
        sa.Column("unicode_text", sa.UnicodeText(collation=collation)),
        sa.Column("varchar", sa.VARCHAR(10, collation)),
        sa.Column("char", sa.CHAR(10, collation=collation)),
        sa.Column("upper_text", sa.TEXT(collation=collation)),
    )
    op.create_index("collations_string", "collations", ["string"])


def downgrade():
    op.drop_table("collations")
