"""Type changes and what they do to the data

Revision ID: br03
Revises: br02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "br03"
down_revision = "br02"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("casts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("integer", sa.Integer()),
                    sa.Column("text", sa.Text()), sa.Column("numeric", sa.Numeric(10, 2)), sa.Column("date", sa.Date()),
                    sa.Column("datetime", sa.DateTime()), sa.Column("boolean", sa.Boolean()), sa.Column("json", sa.JSON()),
                    sa.Column("float", sa.Float()), sa.Column("string", sa.String(10)), sa.Column("time", sa.Time()))
    op.execute("INSERT INTO casts VALUES (1, 12, '34', 5.5, '2024-01-02', '2024-01-02 03:04:05', 1, '[1]', 1.25, 'abc', '01:02:03')")
    op.execute("INSERT INTO casts VALUES (2, NULL, 'x9', 6, NULL, NULL, 0, 'null', 2, '12', NULL)")
    with op.batch_alter_table("casts") as batch_op:
        batch_op.alter_column("integer", existing_type=sa.Integer(), type_=sa.String(5))
        batch_op.alter_column("text", existing_type=sa.Text(), type_=sa.Integer())
        batch_op.alter_column("numeric", existing_type=sa.Numeric(10, 2), type_=sa.Numeric(20, 4))
        batch_op.alter_column("datetime", existing_type=sa.DateTime(), type_=sa.Text())
        batch_op.alter_column("boolean", existing_type=sa.Boolean(), type_=sa.Integer())
        batch_op.alter_column("json", existing_type=sa.JSON(), type_=sa.Text())
        batch_op.alter_column("float", existing_type=sa.Float(), type_=sa.Integer())
        batch_op.alter_column("string", existing_type=sa.String(10), type_=sa.Float())


def downgrade():
    op.drop_table("casts")
