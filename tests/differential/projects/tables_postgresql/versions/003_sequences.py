"""Sequences and serials

Revision ID: xt03
Revises: xt02
Create Date: 2025-02-03 10:03:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateSequence, DropSequence, Sequence

revision = "xt03"
down_revision = "xt02"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(CreateSequence(Sequence("alone")))
    op.execute(sa.schema.CreateSequence(sa.Sequence("with_all", start=10, increment=5, minvalue=5, maxvalue=500, cycle=True, cache=3,
                                                    data_type=sa.SmallInteger())))
    op.execute(CreateSequence(Sequence("no_limits", start=-1, nominvalue=True, nomaxvalue=True, increment=-1, data_type=sa.Integer)))
    op.execute("CREATE SEQUENCE table_seq START 7")
    op.execute("CREATE SCHEMA counters")
    op.execute(CreateSequence(Sequence("Odd Name", schema="counters", start=3)))
    op.create_table("linked", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("parent", sa.Integer(), sa.ForeignKey("linked.id", link_to_name=True)))
    op.create_table(
        "sequenced",
        sa.Column("id", sa.Integer(), sa.Sequence("table_seq"), primary_key=True),
        sa.Column("next", sa.BigInteger(), server_default=sa.text("nextval('alone')")),
        sa.Column("next_value", sa.Integer(), Sequence("with_all"), server_default=Sequence("with_all").next_value()),
    )
    op.create_table("serial_small", sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=True))
    op.create_table("serial_big", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table("serial_optional", sa.Column("id", sa.Integer(), Sequence("optional_seq", optional=True), primary_key=True))
    op.create_table("serial_composite", sa.Column("a", sa.Integer(), primary_key=True, autoincrement=True),
                    sa.Column("b", sa.Integer(), primary_key=True))
    op.create_table("Serial Odd", sa.Column("Odd Id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO sequenced (id) VALUES (nextval('table_seq')), (nextval('table_seq'))")
    op.execute("SELECT setval('serial_big_id_seq', 1000)")


def downgrade():
    op.execute(DropSequence(Sequence("Odd Name", schema="counters")))
    op.execute("DROP SCHEMA counters")
    for name in ["linked", "Serial Odd", "serial_composite", "serial_optional", "serial_big", "serial_small", "sequenced"]:
        op.drop_table(name)
    op.execute("DROP SEQUENCE table_seq")
    op.execute(DropSequence(Sequence("no_limits")))
    op.execute(DropSequence(Sequence("with_all")))
    op.execute(DropSequence(Sequence("alone")))
