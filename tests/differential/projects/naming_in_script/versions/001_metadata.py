"""MetaData(naming_convention=...) in the script

Revision ID: ns01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ns01"
down_revision = None
branch_labels = None
depends_on = None

convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=convention)


def upgrade():
    op.create_table("target", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("child", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("target_id", sa.Integer(), sa.ForeignKey("target.id")),
                    sa.Column("code", sa.String(10), unique=True))
    op.execute("INSERT INTO target VALUES (1)")
    op.execute("INSERT INTO child (id, target_id, code) VALUES (1, 1, 'x')")
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("child", naming_convention=convention) as batch_op:
            batch_op.drop_constraint("fk_child_target_id_target", type_="foreignkey")
            batch_op.drop_constraint("uq_child_code", type_="unique")


def downgrade():
    op.drop_table("child")
    op.drop_table("target")
