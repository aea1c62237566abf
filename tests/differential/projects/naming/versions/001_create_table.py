"""Conventions inside create_table

Revision ID: na01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "na01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(50), unique=True),
        sa.Column("name", sa.String(50), index=True),
        sa.Column("age", sa.Integer()),
        sa.Column("active", sa.Boolean(create_constraint=True, name="active")),
        sa.Column("kind", sa.Enum("a", "b", native_enum=False, create_constraint=True, name="kind")),
        sa.CheckConstraint("age > 0", name="positive"),
        sa.CheckConstraint("age < 200", name=op.f("exact_name")),
        sa.UniqueConstraint("name", "age"),
        sa.UniqueConstraint("age", name="given"),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", ondelete="CASCADE")),
        sa.Column("editor_id", sa.Integer()),
        sa.Column("final_id", sa.Integer()),
        sa.ForeignKeyConstraint(["editor_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["final_id"], ["users.id"], name=op.f("fk_final")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO users (id, email, age) VALUES (1, 'e', 5)")


def downgrade():
    op.drop_table("posts")
    op.drop_table("users")
