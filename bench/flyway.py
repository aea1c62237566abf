"""Flyway's part of the benchmark: a generated project."""

TABLE = """-- Accounts, version {n}
CREATE TABLE account{n} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email varchar(255) NOT NULL DEFAULT '',
    balance numeric(65,30) NOT NULL CHECK (balance >= 0),
    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX account{n}_email ON account{n} (email);
"""
COLUMNS = "ALTER TABLE account{n} ADD COLUMN note text, ADD COLUMN owner_id bigint;\n"
KEY = ("ALTER TABLE account{n} ADD CONSTRAINT account{n}_owner FOREIGN KEY (owner_id) "
       "REFERENCES account0 (id) ON DELETE SET NULL;\n")
INDEX = "CREATE INDEX account{n}_note ON account{n} (note, owner_id DESC);\n"


def write_project(directory, count):
    folder = directory / "sql"
    folder.mkdir(parents=True)
    (directory / "flyway.conf").write_text("flyway.locations=filesystem:sql\n")
    for number in range(count):
        text = (TABLE, COLUMNS, KEY, INDEX)[number % 4].format(n=number - number % 4)
        (folder / f"V{number + 1}__step_{number}.sql").write_text(text)
