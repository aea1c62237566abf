"""Users

Revision ID: lexecute01
Revises: 
Create Date: 2025-03-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lexecute01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)),
                    sa.Column("email", sa.String(80)), sa.Column("active", sa.Boolean, server_default=sa.true()),
                    sa.Column("age", sa.Integer))
    users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("email", sa.String),
                     sa.column("active", sa.Boolean), sa.column("age", sa.Integer))
    op.bulk_insert(users, [
        {"id": 1, "name": "Ann Lee", "email": "Ann@Example.org", "active": True, "age": 31},
        {"id": 2, "name": "Bob", "email": "bob@example.org", "active": False, "age": None},
        {"id": 3, "name": "Cäcilie O'Hara", "email": None, "active": True, "age": 50},
        {"id": 4, "name": "Ann Lee", "email": "ann2@example.org", "active": True, "age": 20},
    ])


def downgrade():
    op.drop_table("users")
