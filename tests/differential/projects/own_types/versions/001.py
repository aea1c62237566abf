"""types"""
import sqlalchemy as sa
from alembic import op

import app
import app.db.types
from app.constants import LENGTHS, TABLE, Status
from app.db.types import LongText, Money, Name, PseudoJSON

revision = "001"
down_revision = None


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", app.db.types.GUID(), primary_key=True),
        sa.Column("parent", app.GUID, nullable=True),
        sa.Column("data", PseudoJSON()),
        sa.Column("code", Name(LENGTHS["code"], loud=True)),
        sa.Column("note", Name(length=LENGTHS["note"]), server_default="none"),
        sa.Column("price", Money(places=4)),
        sa.Column("text", LongText),
        sa.Column("status", sa.Enum(Status, name="status"), nullable=False),
    )


def downgrade():
    op.drop_table(TABLE)
    sa.Enum(name="status").drop(op.get_bind(), checkfirst=True)
