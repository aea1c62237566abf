"""Lower emails

Revision ID: lrow_loo03
Revises: lrow_loo02
Create Date: 2025-03-01 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lrow_loo03"
down_revision = "lrow_loo02"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, email FROM users WHERE email IS NOT NULL ORDER BY id")).fetchall()
    seen = set()
    for id_, email in rows:
        lowered = email.lower()
        assert lowered not in seen
        seen.add(lowered)
        op.execute(sa.text("UPDATE users SET email = :email WHERE id = :id").bindparams(email=lowered, id=id_))


def downgrade():
    pass
