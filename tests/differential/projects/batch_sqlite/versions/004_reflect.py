"""reflect_args and reflect_kwargs

Revision ID: bs04
Revises: bs03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "bs04"
down_revision = "bs03"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("r", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("flag", sa.Boolean()),
                    sa.Column("kind", sa.String(5)), sa.Column("extra", sa.Text()))
    op.execute("INSERT INTO r VALUES (1, 1, 'a', 'e')")
    with op.batch_alter_table("r", reflect_args=[sa.Column("flag", sa.Boolean(create_constraint=True, name="r_flag"))]) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(5), nullable=False)
    with op.batch_alter_table(
        "r", reflect_args=(sa.Column("kind", sa.String(50), server_default="k"),), reflect_kwargs={"extend_existing": True}
    ) as batch_op:
        batch_op.drop_column("extra")


def downgrade():
    op.drop_table("r")
