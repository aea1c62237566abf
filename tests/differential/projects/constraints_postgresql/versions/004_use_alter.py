"""use_alter and tables that name each other

Revision ID: xp04
Revises: xp03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "xp04"
down_revision = "xp03"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "employees",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("department_id", sa.Integer()),
    )
    op.create_table(
        "departments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("head_id", sa.Integer(), sa.ForeignKey("employees.id", name="departments_head", use_alter=True)),
        sa.Column("deputy_id", sa.Integer()),
        sa.ForeignKeyConstraint(["deputy_id"], ["employees.id"], name="departments_deputy", use_alter=True),
        sa.ForeignKeyConstraint(["deputy_id"], ["public.employees.id"], name="departments_schema", link_to_name=True),
    )
    op.create_foreign_key("employees_department", "employees", "departments", ["department_id"], ["id"], use_alter=True)


def downgrade():
    op.drop_constraint("employees_department", "employees", type_="foreignkey")
    op.drop_table("departments")
    op.drop_table("employees")
