"""Inspect

Revision ID: linspect02
Revises: linspect01
Create Date: 2025-03-01 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine.reflection import Inspector

revision = "linspect02"
down_revision = "linspect01"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    inspector = sa.inspect(bind)
    columns = [c["name"] for c in inspector.get_columns("users")]
    if "nick" not in columns:
        op.add_column("users", sa.Column("nick", sa.String(20)))
    if "orders" not in inspector.get_table_names():
        op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True),
                        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_orders_user")),
                        sa.Column("code", sa.String(10), nullable=False),
                        sa.UniqueConstraint("code", name="uq_orders_code"))
        op.create_index("ix_orders_user", "orders", ["user_id", "code"])
    inspector = Inspector.from_engine(bind)
    indexes = {i["name"]: i["column_names"] for i in inspector.get_indexes("orders")}
    assert indexes["ix_orders_user"] == ["user_id", "code"], indexes
    uniques = [u["name"] for u in inspector.get_unique_constraints("orders")]
    assert uniques == ["uq_orders_code"], uniques
    keys = inspector.get_foreign_keys("orders")
    assert keys[0]["referred_table"] == "users" and keys[0]["constrained_columns"] == ["user_id"], keys
    assert keys[0]["name"] == "fk_orders_user"
    assert inspector.get_pk_constraint("orders")["constrained_columns"] == ["id"]
    nullable = {c["name"]: c["nullable"] for c in inspector.get_columns("orders")}
    assert nullable["code"] is False and nullable["user_id"] is True, nullable
    assert inspector.has_table("orders") and not inspector.has_table("nothing")
    if bind.dialect.name == "postgresql":
        assert inspector.default_schema_name == "public"
        op.execute(f"COMMENT ON TABLE orders IS '{len(columns)} columns before'")


def downgrade():
    inspector = sa.inspect(op.get_bind())
    if inspector.has_table("orders"):
        op.drop_index("ix_orders_user", table_name="orders")
        op.drop_table("orders")
    op.drop_column("users", "nick")
