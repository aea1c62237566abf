"""Tables

Revision ID: lorm01
Revises: 
Create Date: 2025-03-01 10:01:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "lorm01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)),
                    sa.Column("size", sa.Integer))
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_name", sa.String(50)),
                    sa.Column("email", sa.String(80)), sa.Column("active", sa.Boolean, server_default=sa.true()),
                    sa.Column("age", sa.Integer), sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id")),
                    sa.Column("born", sa.Date), sa.Column("note", sa.String(80), server_default="none yet"))
    op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True), sa.Column("label", sa.String(50)))
    op.create_table("user_tags", sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")),
                    sa.Column("tag_id", sa.Integer, sa.ForeignKey("tags.id")))
    op.create_table("log", sa.Column("id", sa.Integer, primary_key=True), sa.Column("line", sa.String(200)))
    op.execute("INSERT INTO teams (name) VALUES ('red'), ('blue'), ('it''s green')")
    op.execute("INSERT INTO users (user_name, email, active, age, team_id, born) VALUES "
               "('Ann', 'ann@example.org', true, 31, 1, '1990-01-02'), ('Bob', NULL, false, NULL, 1, NULL), "
               "('Cäcilie O''Hara', 'c@example.org', true, 50, 2, '1980-12-31'), ('Dan', 'd@example.org', true, 20, NULL, NULL)")
    op.execute("INSERT INTO tags (label) VALUES ('a'), ('b'), ('c')")
    op.execute("INSERT INTO user_tags (user_id, tag_id) VALUES (1, 1), (1, 2), (3, 3)")


def downgrade():
    for table in ("log", "user_tags", "tags", "users", "teams"):
        op.drop_table(table)
