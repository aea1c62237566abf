"""Many statements in one string

Revision ID: dp01
Revises:
Create Date: 2025-02-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "dp01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE audit (id serial PRIMARY KEY, note text);
        INSERT INTO audit (note) VALUES ('first; not the end'), ('100%');
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            NEW.note := NEW.note || ' (touched: ' || to_char(timestamp '2024-01-01 10:11:12', 'HH24:MI') || ')';
            RETURN NEW;
        END;
        $body$;
        CREATE TRIGGER audit_touch BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION touch();
        UPDATE audit SET note = note WHERE id = 1;
    """)
    op.execute("""
        DO $$
        DECLARE r record;
        BEGIN
            FOR r IN SELECT * FROM audit LOOP
                INSERT INTO audit (note) VALUES (format('copy of %s: %L', r.id, r.note));
            END LOOP;
        END $$
    """)
    op.execute("CREATE VIEW audit_notes AS SELECT id, upper(note) AS note FROM audit WHERE note LIKE '%t%'")
    op.execute("COMMENT ON VIEW audit_notes IS 'a view''s comment'")
    op.execute(sa.text("INSERT INTO audit (note) VALUES (:a), ('12\\:34')").bindparams(a="x"))
    op.execute("INSERT INTO audit (note) SELECT n::text FROM generate_series(1, 3) AS n")
    op.execute("CREATE INDEX audit_pattern ON audit (note text_pattern_ops) WHERE note ~ '^[a-z]+:\\d{1,2}%'")


def downgrade() -> None:
    op.execute("DROP VIEW audit_notes; DROP TABLE audit; DROP FUNCTION touch()")
