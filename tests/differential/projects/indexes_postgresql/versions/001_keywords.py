"""using, ops, include, with, tablespace, where

Revision ID: ip101
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ip101"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION pg_trgm")
    op.create_table("d", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("doc", postgresql.JSONB()),
                    sa.Column("tags", postgresql.ARRAY(sa.Text())), sa.Column("name", sa.Text()),
                    sa.Column("at", sa.DateTime()), sa.Column("vector", postgresql.TSVECTOR()))
    op.create_index("d_doc", "d", ["doc"], postgresql_using="gin")
    op.create_index("d_doc_path", "d", ["doc"], postgresql_using="gin", postgresql_ops={"doc": "jsonb_path_ops"})
    op.create_index("d_tags", "d", ["tags"], unique=False, postgresql_using="GIN")
    op.create_index("d_trgm", "d", ["name"], postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"})
    op.create_index("d_hash", "d", ["name"], postgresql_using="hash")
    op.create_index("d_brin", "d", ["at"], postgresql_using="brin", postgresql_with={"pages_per_range": 32, "autosummarize": True})
    op.create_index("d_fill", "d", ["id"], unique=True, postgresql_with={"fillfactor": 50})
    op.create_index("d_include", "d", ["id"], unique=True, postgresql_include=["name", "at"])
    op.create_index("d_include_empty", "d", ["at"], postgresql_include=[])
    op.create_index("d_tablespace", "d", ["id"], postgresql_tablespace="pg_default")
    op.create_index("d_where", "d", ["id"], postgresql_where=sa.text("name IS NOT NULL AND at > '2024-01-01'"))
    op.create_index("d_all", "d", ["name", sa.text("at DESC")], unique=True, postgresql_where="id > 5",
                    postgresql_using="btree", postgresql_ops={"name": "text_pattern_ops"}, postgresql_include=["id"],
                    postgresql_with={"fillfactor": 70, "deduplicate_items": "off"}, schema="public")
    op.create_index("d_label", "d", [sa.func.lower(sa.column("name")).label("lowered"), "id"],
                    postgresql_ops={"lowered": "text_pattern_ops"})
    op.create_index("d_expression", "d", [sa.text("(doc ->> 'a:b')"), sa.text("(doc->>'c')")])
    op.create_index("d_cast", "d", [sa.text("((doc ->> 'n')::integer)")])
    op.create_index("d_collate", "d", [sa.text('name COLLATE "C"'), sa.column("name").collate("POSIX")])
    op.create_index("d_tsvector", "d", [sa.text("to_tsvector('english', name)")], postgresql_using="gin")
    op.create_index("d_func_args", "d", [sa.func.coalesce(sa.column("name"), "x"), sa.func.date_trunc("day", sa.column("at"))])


def downgrade():
    op.drop_index("d_all", table_name="d", schema="public", postgresql_where="id > 5", postgresql_using="btree")
    op.drop_index("d_doc", "d", postgresql_using="gin")
    op.drop_table("d")
    op.execute("DROP EXTENSION pg_trgm")
