"""Values

Revision ID: lpostgre01
Revises: 
Create Date: 2025-03-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "lpostgre01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("samples", sa.Column("id", sa.Integer, primary_key=True), sa.Column("u", postgresql.UUID(as_uuid=True)),
                    sa.Column("tags", postgresql.ARRAY(sa.Text)), sa.Column("numbers", postgresql.ARRAY(sa.Integer)),
                    sa.Column("data", postgresql.JSONB), sa.Column("at", sa.DateTime(timezone=True)),
                    sa.Column("i", postgresql.INTERVAL), sa.Column("status", postgresql.ENUM("on", "off", name="status")))
    op.execute("""INSERT INTO samples VALUES (1, '3f06af63-a93c-11e4-9797-00505690773f', ARRAY['a', 'b "c"', 'd,e'],
      ARRAY[3, 1, 2], '{"k": {"x": 1}}', '2024-01-02 03:04:05+02', '1 day 02:00:00', 'on'), (2, NULL, '{}', NULL, '[1]', NULL, NULL, 'off')""")


def downgrade():
    op.drop_table("samples")
    op.execute("DROP TYPE status")
