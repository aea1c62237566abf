"""with_variant and TypeDecorator-free dialect choices

Revision ID: tg03
Revises: tg02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql, sqlite

revision = "tg03"
down_revision = "tg02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "variants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("document", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
        sa.Column("reverse", postgresql.JSONB(astext_type=sa.Text()).with_variant(sa.JSON(), "sqlite")),
        sa.Column("twice", sa.String(10).with_variant(sa.String(20), "postgresql").with_variant(sa.Text(), "sqlite")),
        sa.Column("unused", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")),
        sa.Column("unused_class", sa.Integer().with_variant(mysql.INTEGER(display_width=11, unsigned=True), "mysql")),
        sa.Column("timestamp", sa.DateTime().with_variant(sqlite.DATETIME(truncate_microseconds=True), "sqlite")
                  .with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), "postgresql")),
    )


def downgrade():
    op.drop_table("variants")
