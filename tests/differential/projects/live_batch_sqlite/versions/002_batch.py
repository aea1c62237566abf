"""Batch

Revision ID: lbatch_s02
Revises: lbatch_s01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lbatch_s02"
down_revision = "lbatch_s01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    inspector = sa.inspect(bind)
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(10), server_default="x"))
        batch_op.alter_column("name", nullable=False, existing_type=sa.String(50))
    for (id_,) in bind.execute(sa.text("SELECT id FROM users ORDER BY id")):
        bind.execute(sa.text("UPDATE users SET kind = :k WHERE id = :id"), {"k": f"k{id_}", "id": id_})
    if "kind" in [c["name"] for c in inspector.get_columns("users")]:
        with op.batch_alter_table("users") as batch_op:
            batch_op.create_unique_constraint("uq_users_kind", ["kind"])


def downgrade():
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT count(*) FROM users")).scalar() == 4:
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint("uq_users_kind", type_="unique")
            batch_op.drop_column("kind")
            batch_op.alter_column("name", nullable=True, existing_type=sa.String(50))
