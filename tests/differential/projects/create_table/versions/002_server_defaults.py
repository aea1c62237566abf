"""Server defaults

Revision ID: ct02
Revises: ct01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "ct02"
down_revision = "ct01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "defaults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("string", sa.String(30), server_default="some text"),
        sa.Column("quote", sa.String(30), server_default="it's"),
        sa.Column("double_quote", sa.String(30), server_default='say "hi"'),
        sa.Column("empty", sa.String(30), server_default=""),
        sa.Column("percent", sa.String(30), server_default="100%"),
        sa.Column("colon", sa.String(30), server_default="a:b"),
        sa.Column("backslash", sa.String(30), server_default="a\\b"),
        sa.Column("number_string", sa.Integer(), server_default="5"),
        sa.Column("negative", sa.Integer(), server_default="-5"),
        sa.Column("number_text", sa.Integer(), server_default=sa.text("6")),
        sa.Column("expression", sa.Integer(), server_default=sa.text("(1 + 2)")),
        sa.Column("string_text", sa.String(30), server_default=sa.text("'quoted'")),
        sa.Column("percent_text", sa.String(30), server_default=sa.text("'50%'")),
        sa.Column("null_text", sa.String(30), server_default=sa.text("NULL")),
        sa.Column("decimal", sa.Numeric(10, 2), server_default="0.00"),
        sa.Column("current", sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("current_func", sa.DateTime(), server_default=sa.func.current_timestamp()),
        sa.Column("now_func", sa.DateTime(), server_default=sa.func.now()),
        sa.Column("now_timezone", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("date_func", sa.Date(), server_default=sa.func.current_date()),
        sa.Column("lower_func", sa.String(30), server_default=sa.func.lower("ABC")),
        sa.Column("coalesce_func", sa.Integer(), server_default=sa.func.coalesce(sa.null(), 3)),
        sa.Column("true_constant", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("false_constant", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("false_expression", sa.Boolean(), server_default=sa.sql.expression.false()),
        sa.Column("true_text", sa.Boolean(), server_default=sa.text("true")),
        sa.Column("true_string", sa.Boolean(), server_default="1"),
        sa.Column("literal_integer", sa.Integer(), server_default=sa.literal(42)),
        sa.Column("literal_string", sa.String(30), server_default=sa.literal("lit'eral")),
        sa.Column("literal_column", sa.Integer(), server_default=sa.literal_column("43")),
        sa.Column("null_constant", sa.Integer(), server_default=sa.null()),
        sa.Column("cast", sa.Integer(), server_default=sa.cast("12", sa.Integer())),
        sa.Column("clause", sa.String(10), server_default=sa.DefaultClause("clause")),
        sa.Column("json_text", sa.JSON(), server_default=sa.text("'{\"a\": [1, 2]}'")),
        sa.Column("json_string", sa.JSON(), server_default="[]"),
        sa.Column("long_text", sa.Text(), server_default="line one\nline two"),
        sa.Column("non_ascii", sa.Text(), server_default="Größe ☃"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO defaults (id, current, current_func, now_func, now_timezone, date_func) "
               "VALUES (1, NULL, NULL, NULL, '2024-01-01 00:00:00', NULL)")


def downgrade() -> None:
    op.drop_table("defaults")
