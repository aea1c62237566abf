"""create_*_constraint in both spellings

Revision ID: xp01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xp01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("a", sa.Column("id", sa.Integer(), nullable=False), sa.Column("x", sa.Integer()),
                    sa.Column("y", sa.Integer()), sa.Column("z", sa.String(10)))
    op.create_table("b", sa.Column("id", sa.Integer(), nullable=False), sa.Column("a_id", sa.Integer()),
                    sa.Column("x", sa.Integer()), sa.Column("y", sa.Integer()))
    op.create_primary_key("a_pkey_named", "a", ["id"])
    op.create_primary_key(constraint_name=None, table_name="b", columns=["id", "x"], schema="public")
    op.create_unique_constraint("a_xy", "a", ["x", "y"])
    op.create_unique_constraint(None, "a", ["z"])
    op.create_unique_constraint(constraint_name="a_y", table_name="a", columns=["y"], schema="public", deferrable=True,
                                initially="DEFERRED")
    op.create_unique_constraint("a_z_not_deferrable", "a", ["z", "x"], deferrable=False)
    op.create_check_constraint("a_positive", "a", "x > 0")
    op.create_check_constraint("a_like", "a", sa.text("z LIKE '%a:b%' OR z IS NULL"))
    op.create_check_constraint(None, "a", sa.column("y") < 100)
    op.create_check_constraint(constraint_name="a_in", table_name="a", condition=sa.column("x").in_([1, 2, 3]), schema="public")
    op.create_check_constraint("a_between", "a", sa.and_(sa.column("x") >= 1, sa.column("y").isnot(None)))
    op.create_check_constraint("a_length", "a", sa.func.length(sa.column("z")) > 1)
    op.create_check_constraint("a_deferrable_none", "a", "x <> 13", deferrable=None)
    op.create_foreign_key("b_a", "b", "a", ["a_id"], ["id"])
    op.create_foreign_key(None, "b", "a", ["x", "y"], ["x", "y"], ondelete="CASCADE", onupdate="SET NULL", match="FULL")
    op.create_foreign_key(constraint_name="b_a_again", source_table="b", referent_table="a", local_cols=["a_id"],
                          remote_cols=["id"], deferrable=True, initially="DEFERRED", source_schema="public",
                          referent_schema="public")
    op.create_foreign_key("b_a_immediate", "b", "a", ["a_id"], ["id"], deferrable=True, initially="IMMEDIATE", use_alter=True)
    op.create_foreign_key("b_a_not", "b", "a", ["a_id"], ["id"], deferrable=False, match="SIMPLE", ondelete="NO ACTION")
    op.create_foreign_key("b_a_restrict", "b", "a", ["a_id"], ["id"], ondelete="RESTRICT", onupdate="SET DEFAULT")


def downgrade():
    op.drop_constraint("b_a_restrict", "b")
    op.drop_constraint("b_a_not", "b", type_="foreignkey")
    op.drop_constraint(constraint_name="b_a_again", table_name="b", type_="foreignkey", schema="public")
    op.drop_constraint("a_positive", "a", "check")
    op.drop_table("b")
    op.drop_constraint("a_xy", "a", type_="unique")
    op.drop_constraint("a_pkey_named", "a", type_="primary")
    op.drop_table("a")
