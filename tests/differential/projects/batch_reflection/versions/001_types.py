"""Every type through a reflected rebuild

Revision ID: br01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "br01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE TABLE "hand made" (
            "Id" integer NOT NULL PRIMARY KEY,
            plain TEXT,
            words FLOAT DEFAULT 1.5,
            text text DEFAULT 'it''s' NOT NULL,
            number NUMERIC(10, 2) DEFAULT (1 + 1),
            flag BOOLEAN DEFAULT FALSE CONSTRAINT flag_check CHECK (flag IN (0, 1)),
            stamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
            big BIGINT UNIQUE,
            blob BLOB,
            json JSON,
            char CHAR(3),
            nvarchar NVARCHAR(7),
            date DATE,
            time TIME,
            datetime DATETIME,
            decimal DECIMAL(5, 1),
            small SMALLINT,
            varchar varchar(20),
            CONSTRAINT words_check CHECK (words > 0),
            UNIQUE (plain, text)
        )""")
    op.execute("""INSERT INTO "hand made" (plain, big, varchar, stamp) VALUES ('x', 5, 'o', 'now'), (6, 7, x'00ff', NULL)""")
    op.execute('CREATE INDEX "hand index" ON "hand made" (text, number)')
    op.execute('CREATE UNIQUE INDEX hand_partial ON "hand made" (big) WHERE big > 100')
    with op.batch_alter_table("hand made") as batch_op:
        batch_op.alter_column("blob", new_column_name="renamed")
        batch_op.add_column(sa.Column("added", sa.Integer()))


def downgrade():
    op.drop_table("hand made")
