"""Tables and columns with odd names

Revision ID: id01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "id01"
down_revision = None
branch_labels = None
depends_on = None

LONG = "a_table_name_that_is_as_long_as_postgresql_allows_it_to_be_63_b"
assert len(LONG) == 63


def upgrade() -> None:
    op.create_table(
        "User Accounts",
        sa.Column("Id", sa.Integer(), primary_key=True),
        sa.Column("select", sa.Integer(), nullable=False),
        sa.Column("camelCase", sa.String(10), server_default="x"),
        sa.Column("with space", sa.String(10), comment="a comment"),
        sa.Column('with"quote', sa.String(10)),
        sa.Column("with'apostrophe", sa.String(10)),
        sa.Column("100%", sa.String(2)),
        sa.Column("größe", sa.Integer()),
        sa.Column("9lives", sa.Integer()),
        sa.Column("dollar$", sa.Integer()),
        sa.Column("semi;colon", sa.Integer()),
        sa.Column("user", sa.Integer(), unique=True),
        sa.CheckConstraint('"with space" <> \'\'', name="Ck%percent"),
        comment="An odd table's comment",
    )
    op.create_table(
        "order",
        sa.Column("group", sa.Integer(), primary_key=True),
        sa.Column("table", sa.Integer(), sa.ForeignKey("User Accounts.Id", name="from")),
        sa.Column("end", sa.Integer()),
        sa.ForeignKeyConstraint(["end"], ["User Accounts.user"], name="Fk Odd", ondelete="CASCADE"),
    )
    op.create_table(
        "Odd Constraints",
        sa.Column("with space", sa.String(10)),
        sa.Column('with"quote', sa.String(10)),
        sa.Column("camelCase", sa.String(10)),
        sa.UniqueConstraint("with space", 'with"quote', name="Uq With Space"),
        sa.CheckConstraint('"camelCase" <> \'\'', name="Ck Camel"),
    )
    op.create_table(LONG, sa.Column(LONG, sa.Integer(), primary_key=True))
    op.create_table("dotted.name", sa.Column("a.b", sa.Integer()))
    op.create_table("UPPER", sa.Column("UPPER", sa.Integer()), sa.Column("lower", sa.Integer()))


def downgrade() -> None:
    op.drop_table("UPPER")
    op.drop_table("dotted.name")
    op.drop_table(LONG)
    op.drop_table("Odd Constraints")
    op.drop_table("order")
    op.drop_table("User Accounts")
