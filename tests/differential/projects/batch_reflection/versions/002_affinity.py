"""Type names that SQLAlchemy does not know go by affinity

Revision ID: br02
Revises: br01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "br02"
down_revision = "br01"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE TABLE affinity (
            id INTEGER NOT NULL,
            a DOUBLE PRECISION,
            b UNKNOWN_TYPE(3),
            c UUID,
            d MEDIUMINT,
            e LONGTEXT,
            f STRING,
            g TINYINT(1),
            h CHARACTER VARYING(30),
            PRIMARY KEY (id)
        )""")
    op.execute("INSERT INTO affinity VALUES (1, 1.5, 'x', 'y', 5, 'long', 'string', 1, 'vary')")
    with op.batch_alter_table("affinity", recreate="always") as batch_op:
        batch_op.create_unique_constraint("affinity_d", ["d"])


def downgrade():
    op.drop_table("affinity")
