"""UNIQUE with quoted names

Revision ID: bq01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bq01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("odd", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("with space", sa.String(10)),
                    sa.Column('with"quote', sa.String(10)),
                    sa.UniqueConstraint("with space", 'with"quote', name="Uq With Space"))
    with op.batch_alter_table("odd", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("more", sa.Integer()))


def downgrade():
    op.drop_table("odd")
