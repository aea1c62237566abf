"""Date to DateTime, Time to Interval, DateTime to Date

Revision ID: bl01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bl01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("dates", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("date", sa.Date()),
                    sa.Column("time", sa.Time()), sa.Column("moment", sa.DateTime()))
    op.execute("INSERT INTO dates VALUES (1, '2024-01-02', '01:02:03', '2024-01-02 03:04:05')")
    with op.batch_alter_table("dates") as batch_op:
        batch_op.alter_column("date", existing_type=sa.Date(), type_=sa.DateTime())
        batch_op.alter_column("time", existing_type=sa.Time(), type_=sa.Interval())
        batch_op.alter_column("moment", existing_type=sa.DateTime(), type_=sa.Date())


def downgrade():
    op.drop_table("dates")
