"""Types of time

Revision ID: tp02
Revises: tp01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import INTERVAL, TIMESTAMP

revision = "tp02"
down_revision = "tp01"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "times",
        sa.Column("interval", postgresql.INTERVAL()),
        sa.Column("interval_precision", postgresql.INTERVAL(precision=3)),
        sa.Column("interval_fields", INTERVAL(fields="YEAR TO MONTH")),
        sa.Column("interval_both", INTERVAL(fields="DAY TO SECOND", precision=2)),
        sa.Column("interval_day", postgresql.INTERVAL(fields="day"), server_default=sa.text("interval '3 days'")),
        sa.Column("time", postgresql.TIME()),
        sa.Column("time_precision", postgresql.TIME(precision=2)),
        sa.Column("time_zone", postgresql.TIME(timezone=True)),
        sa.Column("time_zone_precision", postgresql.TIME(timezone=True, precision=0)),
        sa.Column("timestamp", TIMESTAMP()),
        sa.Column("timestamp_precision", TIMESTAMP(precision=3)),
        sa.Column("timestamp_zone", TIMESTAMP(timezone=True), server_default=sa.text("timezone('utc', now())")),
        sa.Column("timestamp_zone_precision", postgresql.TIMESTAMP(timezone=True, precision=0)),
        sa.Column("timestamp_positional", postgresql.TIMESTAMP(True, 6)),
        sa.Column("generic_interval", sa.Interval(second_precision=4)),
    )


def downgrade():
    op.drop_table("times")
