"""create_exclude_constraint

Revision ID: xp02
Revises: xp01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "xp02"
down_revision = "xp01"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("during", postgresql.TSRANGE(), nullable=False),
        sa.Column("days", postgresql.DATERANGE()),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.false()),
        postgresql.ExcludeConstraint(("days", "&&"), name="bookings_days", using="gist"),
        postgresql.ExcludeConstraint((sa.column("room"), "="), (sa.column("days"), "&&"), name="bookings_columns"),
    )
    op.create_exclude_constraint("bookings_no_overlap", "bookings", ("room", "="), ("during", "&&"), using="gist",
                                 where=sa.text("NOT cancelled"))
    op.create_exclude_constraint("bookings_plain", "bookings", ("during", "&&"), where="room > 5", schema="public")
    op.create_exclude_constraint("bookings_deferred", "bookings", *[(sa.column("room"), "="), ("days", "=")], deferrable=True,
                                 initially="DEFERRED")
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.create_exclude_constraint("bookings_batch", ("room", "="), ("during", "-|-"), using="gist")


def downgrade():
    op.drop_constraint("bookings_no_overlap", "bookings")
    op.drop_constraint("bookings_plain", "bookings", type_=None)
    op.drop_table("bookings")
    op.execute("DROP EXTENSION btree_gist")
