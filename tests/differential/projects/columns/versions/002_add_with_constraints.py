"""add_column with a key, an index, a unique constraint

Revision ID: co02
Revises: co01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "co02"
down_revision = "co01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("accounts", sa.Column("indexed", sa.Integer(), index=True))
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id", name="accounts_team")))
        batch_op.add_column(sa.Column("second_team_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("accounts_second_team", "teams", ["second_team_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_constraint("accounts_second_team", type_="foreignkey")
        batch_op.drop_constraint("accounts_team", type_="foreignkey")
        batch_op.drop_column("second_team_id")
        batch_op.drop_column("team_id")
    op.drop_index("ix_accounts_indexed", "accounts")
    op.drop_column("accounts", "indexed")
    op.drop_table("teams")
