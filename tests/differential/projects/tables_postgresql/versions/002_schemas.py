"""Everything in a schema of its own

Revision ID: xt02
Revises: xt01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xt02"
down_revision = "xt01"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE SCHEMA app")
    op.execute('CREATE SCHEMA "Odd Schema"')
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20), index=True, unique=False),
                    sa.Column("gone", sa.Integer()), schema="app", comment="users of app")
    op.create_table("posts", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("user_id", sa.Integer(), sa.ForeignKey("app.users.id", name="posts_user")),
                    sa.Column("note", sa.Text(), comment="a note"), schema="Odd Schema")
    op.bulk_insert(sa.table("users", sa.column("id"), sa.column("name"), schema="app"), [{"id": 1, "name": "x"}])
    op.add_column("users", sa.Column("age", sa.Integer(), server_default="5", comment="years"), schema="app")
    op.add_column("users", sa.Column("boss_id", sa.Integer(), sa.ForeignKey("app.users.id")), schema="app")
    op.alter_column("users", "name", nullable=False, schema="app", existing_type=sa.String(20), new_column_name="full_name")
    op.drop_column("users", "gone", schema="app")
    op.create_index("users_age", "users", ["age"], schema="app", unique=True)
    op.create_unique_constraint("users_name", "users", ["full_name"], schema="app")
    op.create_check_constraint("users_check", "users", "age > 0", schema="app")
    op.create_foreign_key("posts_user_again", "posts", "users", ["user_id"], ["id"], source_schema="Odd Schema",
                          referent_schema="app", ondelete="CASCADE")
    op.create_table_comment("posts", "posts of users", schema="Odd Schema")
    op.rename_table("posts", "Articles", schema="Odd Schema")
    with op.batch_alter_table("users", schema="app") as batch_op:
        batch_op.add_column(sa.Column("batch", sa.Integer(), nullable=True))
        batch_op.create_index("users_batch", ["batch"])
        batch_op.drop_index("users_age")
        batch_op.create_foreign_key("users_batch_fk", "users", ["batch"], ["id"], referent_schema="app")
        batch_op.alter_column("age", server_default=None, existing_type=sa.Integer())


def downgrade():
    with op.batch_alter_table("users", schema="app") as batch_op:
        batch_op.drop_constraint("users_batch_fk", type_="foreignkey")
        batch_op.drop_index("users_batch")
    op.drop_index("ix_app_users_name", table_name="users", schema="app")
    op.rename_table("Articles", "posts", schema="Odd Schema")
    op.drop_constraint("posts_user_again", "posts", type_="foreignkey", schema="Odd Schema")
    op.drop_table("posts", schema="Odd Schema")
    op.drop_table("users", schema="app")
    op.execute('DROP SCHEMA "Odd Schema"')
    op.execute("DROP SCHEMA app")
