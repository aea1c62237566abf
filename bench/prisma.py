"""Prisma's part of the benchmark: a generated project, and the same statements and commits as one script for psql."""

import hashlib
import uuid

SCHEMA = 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n'

TABLE = '''-- CreateTable
CREATE TABLE "Account{n}" (
    "id" SERIAL NOT NULL,
    "email" VARCHAR(255) NOT NULL DEFAULT '',
    "balance" DECIMAL(65,30) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Account{n}_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Account{n}_email_key" ON "Account{n}"("email");
'''
COLUMNS = '-- AlterTable\nALTER TABLE "Account{n}" ADD COLUMN "note" TEXT, ADD COLUMN "ownerId" INTEGER;\n'
KEY = ('-- AddForeignKey\nALTER TABLE "Account{n}" ADD CONSTRAINT "Account{n}_ownerId_fkey" FOREIGN KEY ("ownerId") '
       'REFERENCES "Account0"("id") ON DELETE SET NULL ON UPDATE CASCADE;\n')
INDEX = '-- CreateIndex\nCREATE INDEX "Account{n}_note_idx" ON "Account{n}"("note", "ownerId" DESC);\n'

HISTORY = '''CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
'''


def migration(number):
    return (TABLE, COLUMNS, KEY, INDEX)[number % 4].format(n=number - number % 4)


def write_project(directory, count, script):
    """A project in `directory`; in the file `script` what psql needs to do the same."""
    folder = directory / "prisma" / "migrations"
    folder.mkdir(parents=True)
    (directory / "prisma" / "schema.prisma").write_text(SCHEMA)
    (folder / "migration_lock.toml").write_text('provider = "postgresql"\n')
    parts = []
    for number in range(count):
        name = f"{20240101000000 + number}_step_{number}"
        text = migration(number)
        (folder / name).mkdir()
        (folder / name / "migration.sql").write_text(text)
        checksum = hashlib.sha256(text.encode()).hexdigest()
        parts.append(f"BEGIN;\n{HISTORY if number == 0 else ''}{text}"
                     "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, "
                     f"applied_steps_count) VALUES ('{uuid.uuid4()}', '{checksum}', clock_timestamp(), '{name}', now(), 1);\n"
                     "COMMIT;\n")
    script.write_text("".join(parts))
