"""rows, and constants in loops"""
import sqlalchemy as sa
from alembic import op

from app import constants
from app.db.types import GUID, Name

revision = "002"
down_revision = "001"

orders = sa.table(
    constants.TABLE,
    sa.column("id", GUID()),
    sa.column("code", Name(8, loud=True)),
    sa.column("status", sa.Enum(constants.Status, name="status")),
)


def upgrade():
    op.bulk_insert(
        orders,
        [{"id": "3f2b8c1e-0000-4000-8000-000000000001", "code": "abc", "status": constants.DEFAULT},
         {"id": "3f2b8c1e-0000-4000-8000-000000000002", "code": "def", "status": constants.Status.PAID}],
    )
    for number in constants.NUMBERS:
        op.add_column(constants.TABLE, sa.Column(f"n{number}", sa.String(number)))
    for kind in constants.KINDS:
        op.create_index(f"ix_{kind}", constants.TABLE, ["code"] if kind == "small" else ["note", "code"])
    if constants.Level.LOW.value == "low":
        op.add_column(constants.TABLE, sa.Column("other", GUID(), nullable=True))


def downgrade():
    with op.batch_alter_table(constants.TABLE) as batch_op:
        batch_op.drop_column("other")
        for kind in constants.KINDS:
            batch_op.drop_index(f"ix_{kind}")
        for number in constants.NUMBERS:
            batch_op.drop_column(f"n{number}")
    op.execute(orders.delete().where(orders.c.id == "3f2b8c1e-0000-4000-8000-000000000001"))
