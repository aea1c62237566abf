"""execute: strings, text, parameters, several statements

Revision ID: da02
Revises: da01
Create Date: 2025-02-02 10:02:00.000000

"""
from textwrap import dedent

import sqlalchemy as sa
from alembic import op

revision = "da02"
down_revision = "da01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE things SET number = 10 WHERE name = 'one'")
    op.execute(sa.text("UPDATE things SET text = 'from text' WHERE name = 'two'"))
    op.execute(sqltext="UPDATE things SET text = '100% sure' WHERE name LIKE 'thr%'")
    op.execute("UPDATE things SET text = 'a\\:b' WHERE name = 'light'")
    op.execute("UPDATE things SET text = '12:30 and x::y' WHERE name = 'multi'")
    op.execute(sa.text("UPDATE things SET text = :value WHERE name = :name").bindparams(value="bound: it's", name="single"))
    op.execute(sa.text("UPDATE things SET number = :n WHERE id = :id")
               .bindparams(sa.bindparam("n", 77, sa.Integer()), sa.bindparam(key="id", value=1001, type_=sa.Integer)))
    op.execute(sa.text("DELETE FROM things WHERE id = :id").bindparams(id=1002))
    op.execute(
        """
        INSERT INTO things (id, name, text)
        VALUES (3000, 'multi line',
                'a ''quoted'' text; with a semicolon -- and no comment')
        -- a comment at the end
        """
    )
    op.execute(dedent("""\
        /* a comment first */
        INSERT INTO things (id, name) VALUES (3001, 'dedented')"""))
    op.execute("INSERT INTO things (id, name) VALUES (3002, 'with semicolon');")
    op.execute("UPDATE things SET text = 'options' WHERE id = 3002", execution_options={"stream_results": False})
    op.execute(f"UPDATE things SET text = '{'f' * 3}' WHERE id = {3000 + 1}")
    op.execute("UPDATE things SET number = %d WHERE name = '%s'" % (55, "defaulted"))
    op.execute("UPDATE things SET number = {} WHERE name = '{name}'".format(56, name="whole"))
    op.execute(sa.text("INSERT INTO things (id, name, number) SELECT id + 5000, name, number % 7 FROM things WHERE id >= 1000"))


def downgrade() -> None:
    op.execute("DELETE FROM things WHERE id > 2999")
    op.execute(sa.text("UPDATE things SET text = NULL"))
