"""Identity with every option; computed

Revision ID: xt04
Revises: xt03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xt04"
down_revision = "xt03"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("identities", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True),
                    sa.Column("always", sa.BigInteger(), sa.Identity(always=True)),
                    sa.Column("options", sa.Integer(), sa.Identity(start=5, increment=3, minvalue=2, maxvalue=99, cycle=True, cache=4)),
                    sa.Column("no_limits", sa.Integer(), sa.Identity(nominvalue=True, nomaxvalue=True, increment=-2)),
                    sa.Column("small", sa.SmallInteger(), sa.Identity(start=-7, minvalue=-10, cycle=False), nullable=False),
                    sa.Column("oracle_only", sa.Integer(), sa.Identity(on_null=None, order=None)))
    op.create_table("computed", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer(), sa.Computed("a * 2", persisted=True)),
                    sa.Column("c", sa.Text(), sa.Computed(sqltext="'100%' || a::text || '.x'", persisted=True)),
                    sa.Column("d", sa.Integer(), sa.Computed(sa.text("a % 7"), persisted=True), nullable=False))
    op.execute("INSERT INTO computed (a) VALUES (3), (10)")
    op.execute("INSERT INTO identities (small) VALUES (DEFAULT)")


def downgrade():
    op.drop_table("computed")
    op.drop_table("identities")
