"""Types without parts

Revision ID: tp01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tp01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE EXTENSION hstore")
    op.create_table(
        "plain",
        sa.Column("bigint", postgresql.BIGINT()),
        sa.Column("bit", postgresql.BIT()),
        sa.Column("bit_length", postgresql.BIT(length=8)),
        sa.Column("bit_varying", postgresql.BIT(varying=True)),
        sa.Column("bit_varying_length", postgresql.BIT(16, varying=True)),
        sa.Column("boolean", postgresql.BOOLEAN()),
        sa.Column("bytea", postgresql.BYTEA()),
        sa.Column("bytea_length", postgresql.BYTEA(length=9)),
        sa.Column("char", postgresql.CHAR(5)),
        sa.Column("cidr", postgresql.CIDR()),
        sa.Column("date", postgresql.DATE()),
        sa.Column("double", postgresql.DOUBLE_PRECISION()),
        sa.Column("double_precision", postgresql.DOUBLE_PRECISION(precision=53)),
        sa.Column("float", postgresql.FLOAT()),
        sa.Column("float_precision", postgresql.FLOAT(precision=20)),
        sa.Column("hstore", postgresql.HSTORE()),
        sa.Column("hstore_text", postgresql.HSTORE(text_type=sa.Text())),
        sa.Column("inet", postgresql.INET(), server_default="127.0.0.1"),
        sa.Column("integer", postgresql.INTEGER()),
        sa.Column("json", postgresql.JSON(astext_type=sa.Text())),
        sa.Column("json_null", postgresql.JSON(none_as_null=True)),
        sa.Column("jsonb", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("jsonb_null", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="[]"),
        sa.Column("macaddr", postgresql.MACADDR()),
        sa.Column("macaddr8", postgresql.MACADDR8),
        sa.Column("money", postgresql.MONEY(), server_default="1.50"),
        sa.Column("numeric", postgresql.NUMERIC(precision=20, scale=5)),
        sa.Column("oid", postgresql.OID()),
        sa.Column("real", postgresql.REAL()),
        sa.Column("regclass", postgresql.REGCLASS(), server_default=sa.text("'pg_class'::regclass")),
        sa.Column("smallint", postgresql.SMALLINT()),
        sa.Column("text", postgresql.TEXT()),
        sa.Column("tsvector", postgresql.TSVECTOR(), sa.Computed("to_tsvector('english', coalesce(text, ''))", persisted=True)),
        sa.Column("uuid", postgresql.UUID(), server_default=sa.text("gen_random_uuid()"), primary_key=True),
        sa.Column("uuid_text", postgresql.UUID(as_uuid=False)),
        sa.Column("varchar", postgresql.VARCHAR(20)),
    )
    op.execute("INSERT INTO plain (uuid, text, hstore, inet) "
               "VALUES ('00000000-0000-0000-0000-000000000001', 'the quick foxes', 'a=>1, b=>NULL', '10.1.2.3/24')")


def downgrade():
    op.drop_table("plain")
    op.execute("DROP EXTENSION hstore")
