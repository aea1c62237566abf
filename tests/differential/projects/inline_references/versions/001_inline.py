"""Keys and references within ADD COLUMN

Revision ID: il01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "il01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("target", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("source", sa.Column("value", sa.Integer()))
    op.add_column("source", sa.Column("target_id", sa.Integer(), sa.ForeignKey("target.id")), inline_references=True)
    op.add_column("source", sa.Column("named_id", sa.Integer(),
                                      sa.ForeignKey("target.id", name="source_named", ondelete="CASCADE", onupdate="SET NULL",
                                                    deferrable=True, initially="DEFERRED", match="FULL")),
                  inline_references=True)
    op.add_column("source", sa.Column("outline_id", sa.Integer(), sa.ForeignKey("target.id")), inline_references=False)
    op.add_column("source", sa.Column("id", sa.Integer(), primary_key=True), inline_primary_key=True)
    with op.batch_alter_table("source") as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), sa.ForeignKey("target.id")), inline_references=True)


def downgrade():
    op.drop_table("source")
    op.drop_table("target")
