"""Settings

Revision ID: lon_conf01
Revises: 
Create Date: 2025-03-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lon_conf01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("settings", sa.Column("key", sa.String(20), primary_key=True), sa.Column("value", sa.String(20)),
                    sa.Column("n", sa.Integer))
    op.execute("INSERT INTO settings (key, value, n) VALUES ('a', 'old', 1), ('b', 'old', 2)")


def downgrade():
    op.drop_table("settings")
