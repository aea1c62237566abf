"""Upper-case names that SQLite takes as they are

Revision ID: ts01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ts01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "names",
        sa.Column("text_length", sa.Text(length=5)),
        sa.Column("unicode_text_length", sa.UnicodeText(length=9)),
        sa.Column("upper_text_length", sa.TEXT(length=11)),
        sa.Column("binary", sa.BINARY()),
        sa.Column("binary_length", sa.BINARY(length=10)),
        sa.Column("blob", sa.BLOB()),
        sa.Column("blob_length", sa.BLOB(length=10)),
        sa.Column("clob", sa.CLOB()),
        sa.Column("clob_length", sa.CLOB(length=10)),
        sa.Column("datetime", sa.DATETIME()),
        sa.Column("datetime_zone", sa.DATETIME(timezone=True)),
        sa.Column("nchar", sa.NCHAR()),
        sa.Column("nchar_length", sa.NCHAR(length=10)),
        sa.Column("nvarchar", sa.NVARCHAR()),
        sa.Column("nvarchar_length", sa.NVARCHAR(length=10)),
        sa.Column("varbinary", sa.VARBINARY()),
        sa.Column("varbinary_length", sa.VARBINARY(length=10)),
    )


def downgrade():
    op.drop_table("names")
