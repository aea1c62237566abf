"""tables"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "001"
down_revision = None


def upgrade():
    status = postgresql.ENUM("active", "passive", "gone", name="status", create_type=False)
    status.create(op.get_bind())
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("status", status, server_default="active"),
        sa.Column("seen", sa.ARRAY(status), server_default=sa.text("ARRAY['active', 'passive']::status[]")),
        sa.Column("none", sa.ARRAY(status), server_default="{}"),
    )
    op.create_index("ix_active", "account", ["id"], postgresql_where=sa.text("status = 'passive'"))
    op.execute("INSERT INTO account (id, status) VALUES (1, 'active'), (2, 'passive')")


def downgrade():
    op.drop_table("account")
    op.execute("DROP TYPE status")
