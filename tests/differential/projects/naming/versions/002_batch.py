"""Conventions in batches

Revision ID: na02
Revises: na01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "na02"
down_revision = "na01"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("posts") as batch_op:
        batch_op.drop_constraint("fk_posts_editor_id_users", type_="foreignkey")
        batch_op.create_unique_constraint(None, ["editor_id"])
        batch_op.create_check_constraint("self", "editor_id <> user_id")
        batch_op.create_check_constraint(op.f("ck_exact"), "editor_id > 0")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_constraint("uq_users_email", type_="unique")
        batch_op.create_index(batch_op.f("ix_final"), ["email", "name"])
        batch_op.add_column(sa.Column("manager_id", sa.Integer(), sa.ForeignKey("users.id", name="fk_users_manager")))


def downgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_constraint("fk_users_manager", type_="foreignkey")
        batch_op.drop_column("manager_id")
        batch_op.drop_index("ix_final")
        batch_op.create_unique_constraint("uq_users_email", ["email"])
    with op.batch_alter_table("posts") as batch_op:
        batch_op.drop_constraint(op.f("ck_exact"), type_="check")
        batch_op.drop_constraint("self", type_="check")
        batch_op.drop_constraint("uq_posts_editor_id", type_="unique")
        batch_op.create_foreign_key(None, "users", ["editor_id"], ["id"])
