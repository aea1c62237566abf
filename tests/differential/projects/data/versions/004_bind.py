"""Through the connection

Revision ID: da04
Revises: da03
Create Date: 2025-02-04 10:04:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "da04"
down_revision = "da03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    bind.execute(sa.text("INSERT INTO things (id, name) VALUES (6000, 'through the connection')"))
    bind.execute(sa.text("UPDATE things SET text = :t WHERE id = :i"), {"t": "bound", "i": 6000})
    connection = op.get_context().connection
    connection.execute(sa.text("UPDATE things SET number = 1 WHERE id = 6000"))
    bind.execute(sa.table("things", sa.column("id"), sa.column("name")).insert(), [{"id": 6001, "name": "x"}, {"id": 6002, "name": "y"}])


def downgrade() -> None:
    op.get_bind().execute(sa.text("DELETE FROM things WHERE id >= 6000"))
