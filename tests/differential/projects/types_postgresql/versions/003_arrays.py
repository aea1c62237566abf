"""Arrays

Revision ID: tp03
Revises: tp02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tp03"
down_revision = "tp02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "arrays",
        sa.Column("text", postgresql.ARRAY(sa.Text())),
        sa.Column("text_class", postgresql.ARRAY(sa.Text)),
        sa.Column("string", postgresql.ARRAY(sa.String(length=50)), server_default="{}"),
        sa.Column("string_default", postgresql.ARRAY(sa.String()), server_default=sa.text("ARRAY[]::varchar[]"), nullable=False),
        sa.Column("integer_two", postgresql.ARRAY(sa.Integer(), dimensions=2), server_default="{{1,2},{3,4}}"),
        sa.Column("numeric", postgresql.ARRAY(item_type=sa.Numeric(10, 2), as_tuple=True, zero_indexes=True)),
        sa.Column("timestamp", postgresql.ARRAY(sa.DateTime(timezone=True))),
        sa.Column("uuid", postgresql.ARRAY(postgresql.UUID(as_uuid=True))),
        sa.Column("jsonb", postgresql.ARRAY(postgresql.JSONB())),
        sa.Column("generic", sa.ARRAY(sa.Integer())),
        sa.Column("generic_dimensions", sa.ARRAY(sa.String(5), dimensions=3)),
        sa.Column("generic_keywords", sa.ARRAY(item_type=sa.Integer(), as_tuple=False, dimensions=1, zero_indexes=False)),
        sa.Column("collated", postgresql.ARRAY(sa.String(5, collation="C"))),
    )
    op.add_column("arrays", sa.Column("added", postgresql.ARRAY(sa.SmallInteger()), server_default=sa.text("'{1}'::smallint[]")))
    op.alter_column("arrays", "text", type_=postgresql.ARRAY(sa.String(9)), existing_type=postgresql.ARRAY(sa.Text()))


def downgrade():
    op.drop_table("arrays")
