"""postgresql_not_valid and later validation

Revision ID: xp03
Revises: xp02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xp03"
down_revision = "xp02"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("INSERT INTO a (id, x, y) VALUES (1, 1, 1)")
    op.create_check_constraint("a_not_valid", "a", "x > 100", postgresql_not_valid=True)
    op.create_foreign_key("b_not_valid", "b", "a", ["x"], ["id"], postgresql_not_valid=True)
    op.create_foreign_key("b_validated", "b", "a", ["y"], ["id"], postgresql_not_valid=True, ondelete="CASCADE")
    op.execute("ALTER TABLE b VALIDATE CONSTRAINT b_validated")
    op.create_table("c", sa.Column("n", sa.Integer()),
                    sa.CheckConstraint("n > 0", name="c_check", postgresql_not_valid=True))


def downgrade():
    op.drop_table("c")
    op.drop_constraint("b_validated", "b", type_="foreignkey")
    op.drop_constraint("b_not_valid", "b", type_="foreignkey")
    op.drop_constraint("a_not_valid", "a", type_="check")
    op.execute("DELETE FROM a")
