"""DOMAIN

Revision ID: tq02
Revises: tq01
Create Date: 2025-02-02 10:02:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import DOMAIN

revision = "tq02"
down_revision = "tq01"
branch_labels = None
depends_on = None

positive = DOMAIN("positive", sa.Integer(), check="VALUE > 0", not_null=True, constraint_name="positive_check")
label = DOMAIN(name="label", data_type=sa.String(20), default="none", collation="C", create_type=False)


def upgrade() -> None:
    bind = op.get_bind()
    label.create(bind, checkfirst=True)
    op.create_table(
        "domains",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("positive", positive),
        sa.Column("label", label),
        sa.Column("other", DOMAIN("other domain", sa.Numeric(10, 2), default=sa.text("1.5"), check=sa.text("VALUE < 100"))),
    )
    op.execute("INSERT INTO domains (id, positive) VALUES (1, 5)")


def downgrade() -> None:
    bind = op.get_bind()
    op.drop_table("domains")
    for domain in (positive, label, DOMAIN("other domain", sa.Numeric())):
        domain.drop(bind, checkfirst=False)
