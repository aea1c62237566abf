"""synced"""
import sqlalchemy as sa
from alembic import op
from alembic_postgresql_enum import ColumnType, TableReference
from alembic_postgresql_enum.sql_commands.indexes import TableIndex

revision = "002"
down_revision = "001"


def upgrade():
    op.sync_enum_values(
        enum_schema="public",
        enum_name="status",
        new_values=["active", "waiting", "new"],
        affected_columns=[
            TableReference(table_schema="public", table_name="account", column_name="status",
                           existing_server_default="'active'::status"),
            TableReference(table_schema="public", table_name="account", column_name="seen", column_type=ColumnType.ARRAY,
                           existing_server_default="ARRAY['active'::status, 'passive'::status]"),
            TableReference("account", "none", column_type=ColumnType.ARRAY, existing_server_default="'{}'::status[]"),
        ],
        enum_values_to_rename=[("passive", "waiting")],
        indexes_to_recreate=[
            TableIndex(name="public.ix_active",
                       definition="CREATE INDEX ix_active ON public.account USING btree (id) WHERE (status = 'passive'::status)")
        ],
    )
    op.add_enum_value(enum_schema="public", enum_name="status", new_value="late")
    op.add_enum_value("public", "status", "early", before_value="active")


def downgrade():
    op.execute("DROP INDEX ix_active")
    op.sync_enum_values(
        "public",
        "status",
        ["active", "passive", "gone"],
        [("account", "status"), ("account", "seen", ColumnType.ARRAY), ("account", "none", ColumnType.ARRAY)],
        enum_values_to_rename=[("waiting", "passive")],
    )
    op.create_index("ix_active", "account", ["id"], postgresql_where=sa.text("status = 'passive'"))
