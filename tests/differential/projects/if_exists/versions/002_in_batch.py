"""In batches

Revision ID: ie02
Revises: ie01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ie02"
down_revision = "ie01"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("t", recreate="never") as batch_op:
        batch_op.create_index("t_more", ["id"], if_not_exists=True, unique=False)
        batch_op.create_index("t_more", ["id"], if_not_exists=True)


def downgrade():
    with op.batch_alter_table("t", recreate="never") as batch_op:
        batch_op.drop_index("t_more", if_exists=True)
        batch_op.drop_index("t_more", if_exists=True)
