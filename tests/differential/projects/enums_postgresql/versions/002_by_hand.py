"""Types made by hand for columns added later

Revision ID: ep02
Revises: ep01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ep02"
down_revision = "ep01"
branch_labels = None
depends_on = None

size = postgresql.ENUM("small", "large", name="size")


def upgrade():
    size.create(op.get_bind())
    size.create(op.get_bind(), checkfirst=True)
    op.add_column("animals", sa.Column("size", size, server_default="small", nullable=False))
    op.add_column("animals", sa.Column("sizes", postgresql.ARRAY(size)))
    op.alter_column("animals", "size", type_=sa.String(10), postgresql_using="size::text", server_default=None)
    op.execute("ALTER TYPE size RENAME TO size_old")
    new = sa.Enum("small", "middle", "large", name="size")
    new.create(op.get_bind(), checkfirst=False)
    op.alter_column("animals", "size", type_=new, existing_type=sa.String(10), postgresql_using="size::size")
    op.alter_column("animals", "sizes", type_=postgresql.ARRAY(new), postgresql_using="sizes::text[]::size[]")
    op.execute("DROP TYPE size_old")
    op.execute("ALTER TYPE size RENAME VALUE 'middle' TO 'medium'")


def downgrade():
    op.drop_column("animals", "sizes")
    op.drop_column("animals", "size")
    size.drop(op.get_bind(), checkfirst=True)
    size.drop(op.get_bind(), checkfirst=True)
