"""postgresql_with, postgresql_using

Revision ID: tz01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "tz01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("using_heap", sa.Column("id", sa.Integer(), primary_key=True), postgresql_using="heap")
    op.create_table("with_fillfactor", sa.Column("id", sa.Integer(), primary_key=True),
                    postgresql_with={"fillfactor": 70, "autovacuum_enabled": False})
    op.create_table("without_oids", sa.Column("id", sa.Integer()), postgresql_with_oids=False)


def downgrade():
    op.drop_table("without_oids")
    op.drop_table("with_fillfactor")
    op.drop_table("using_heap")
