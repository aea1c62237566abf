#!/usr/bin/env python3
"""The real Prisma and Bascule on the same migrations: all by one, half by each in both orders, and a failure that the
other one settles. Database and history table must be equal, and each must find nothing to do after the other.

Prisma runs with the schema engine that its package carries in WebAssembly, through a driver adapter. Two things of the
adapter for PostgreSQL are put right in the project's prisma.config.mjs, so that it does what Prisma's native engine does:
it cannot read the type "name", and it cuts a script at every semicolon where the engine sends it whole.
"""

import argparse
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lib"))

SKIPPED = 77

CONFIG = {
    "postgresql": """
import { PrismaPg } from '@prisma/adapter-pg'
class Adapter extends PrismaPg {
  async connect() {
    const adapter = await super.connect()
    const query = adapter.performIO.bind(adapter)
    adapter.performIO = async (sql) => {
      const result = await query(sql)
      for (const field of result.fields ?? []) if (field.dataTypeID === 19) field.dataTypeID = 25
      return result
    }
    adapter.executeScript = async (sql) => {
      try { await adapter.client.query(sql) } catch (error) { adapter.onError(error) }
    }
    return adapter
  }
}
const make = () => new Adapter({ connectionString: process.env.ADAPTER_URL })
""",
    "sqlite": """
import { PrismaLibSQL } from '@prisma/adapter-libsql'
const make = () => new PrismaLibSQL({ url: process.env.ADAPTER_URL }, { timestampFormat: 'unixepoch-ms' })
""",
}
CONFIG_END = """
export default { experimental: { adapter: true }, engine: 'js', schema: 'prisma/schema.prisma', adapter: async () => make() }
"""

MIGRATIONS = {
    "postgresql": {
        "0_init": 'CREATE TYPE "Role" AS ENUM (\'ADMIN\');\n-- CreateTable\nCREATE TABLE "User" (\n'
                  '    "id" SERIAL NOT NULL,\n    "role" "Role" NOT NULL DEFAULT \'ADMIN\',\n'
                  '    CONSTRAINT "User_pkey" PRIMARY KEY ("id")\n);\n',
        "01_line_ends": 'ALTER TABLE "User" ADD COLUMN "email" TEXT;\r\n-- text; with a semicolon\r\n'
                        'INSERT INTO "User" ("email") VALUES (\'a;b\'), (\'c\');\r\n',
        "20240101000000_function": "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1; -- ;\nEND\n$$;\n"
                                   'CREATE VIEW v AS SELECT f() AS f, count(*) AS n FROM "User";\n',
        "20240102000000_enum": 'ALTER TYPE "Role" ADD VALUE \'GUEST\';\n',
        "20240103000000_concurrently": '-- alone in its file\nCREATE INDEX CONCURRENTLY "User_email" ON "User"("email");\n',
        "20240104000000_own_transaction": 'BEGIN;\nCREATE TABLE own ("id" int);\nINSERT INTO own VALUES (1);\nCOMMIT;\n'
                                          'INSERT INTO own VALUES (2);\n',
        "20240105000000_empty": "-- This is an empty migration.\n",
        "20240105000000_Names": 'CREATE TABLE "names" ("Ä" int);\n',
    },
    "sqlite": {
        "0_init": 'CREATE TABLE "P" (\n  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n  "n" TEXT\n);\n'
                  'CREATE TABLE "C" ("id" INTEGER NOT NULL PRIMARY KEY, "p" INTEGER NOT NULL REFERENCES "P"("id") ON DELETE CASCADE);\n',
        "01_cascades": "INSERT INTO \"P\" VALUES (1,'a'),(2,'b'),(3,NULL);\r\nINSERT INTO \"C\" VALUES (1,1),(2,2),(3,3);\r\n"
                       'DELETE FROM "P" WHERE id = 2;\r\n',
        "20240101000000_redefine": '-- RedefineTables\nPRAGMA defer_foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\n'
                                   'CREATE TABLE "new_P" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "n" TEXT NOT NULL DEFAULT \'\');\n'
                                   'INSERT INTO "new_P" ("id", "n") SELECT "id", coalesce("n", \'\') FROM "P";\n'
                                   'DROP TABLE "P";\nALTER TABLE "new_P" RENAME TO "P";\n'
                                   'PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=OFF;\n',
        "20240102000000_cascades_again": 'DELETE FROM "P" WHERE id = 1;\n',
        "20240103000000_trigger": 'CREATE TRIGGER t AFTER INSERT ON "P" BEGIN UPDATE "P" SET n = \'x\' WHERE id = new.id; END;\n'
                                  "INSERT INTO \"P\" VALUES (9, 'will be x');\n",
        "20240105000000_empty": "-- This is an empty migration.\n",
        "20240105000000_Names": 'CREATE TABLE "names" ("Ä" int);\n',
    },
}
BROKEN = "CREATE TABLE once (i int);\nSELECT * FROM nowhere;\n"


class Database:
    """One database of one contender."""

    def __init__(self, kind, name, cluster, folder):
        self.kind, self.name, self.cluster = kind, name, cluster
        if kind == "sqlite":
            self.path = folder / f"{name}.db"
            self.url = self.adapter_url = f"file:{self.path}"
        else:
            cluster.create_database(name)
            self.url = cluster.url(name)
            self.adapter_url = f"postgresql://postgres@localhost/{name}?host={cluster.directory}"

    def rows(self, sql):
        if self.kind == "sqlite":
            with sqlite3.connect(self.path) as connection:
                return [tuple(row) for row in connection.execute(sql)]
        done = subprocess.run([f"{self.cluster.bin}/psql", "-XAtq", "-F", "\x1f", "-R", "\x1e", self.url, "-c", sql],
                              capture_output=True, text=True, check=True)
        return [tuple(line.split("\x1f")) for line in done.stdout.rstrip("\n").split("\x1e") if line]

    def dump(self):
        if self.kind == "sqlite":
            with sqlite3.connect(self.path) as connection:
                return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "_prisma_migrations"')]
        done = subprocess.run([f"{self.cluster.bin}/pg_dump", "--exclude-table-data=_prisma_migrations", self.url],
                              capture_output=True, text=True, check=True)
        return [line for line in done.stdout.splitlines() if not re.match(r"\\(un)?restrict |--", line)]

    def history(self):
        """What does not differ from run to run. Times must be there, in order, and be recent."""
        kinds = ("typeof(started_at), typeof(finished_at), typeof(rolled_back_at)" if self.kind == "sqlite" else "1, 2, 3")
        # SQLite's times are milliseconds, and two migrations may share one.
        order = "rowid" if self.kind == "sqlite" else "started_at, migration_name"
        return self.rows("SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, "
                         "CASE WHEN logs IS NULL THEN 'none' WHEN logs = '' THEN 'empty' ELSE 'text' END, applied_steps_count, "
                         f"length(id), substr(id, 15, 1), coalesce(finished_at >= started_at, false), {kinds} "
                         f"FROM _prisma_migrations ORDER BY {order}")


class Test:
    def __init__(self, options, tool, cluster):
        self.bascule = str(options.bascule.resolve())
        self.kind, self.tool, self.cluster = options.database, tool, cluster
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="prisma."))
        self.project = self.folder / "project"
        (self.project / "prisma" / "migrations").mkdir(parents=True)
        (self.project / "node_modules").symlink_to(tool)
        (self.project / "prisma.config.mjs").write_text(CONFIG[self.kind] + CONFIG_END)
        (self.project / "prisma" / "schema.prisma").write_text(
            f'datasource db {{\n  provider = "{self.kind}"\n  url = env("DATABASE_URL")\n}}\n')
        (self.project / "prisma" / "migrations" / "migration_lock.toml").write_text(f'provider = "{self.kind}"\n')
        self.failures = 0

    def database(self, name):
        return Database(self.kind, name, self.cluster, self.folder)

    def migrations(self, names):
        """Only these stand in the project."""
        folder = self.project / "prisma" / "migrations"
        for one in folder.iterdir():
            if one.is_dir():
                shutil.rmtree(one)
        for name in names:
            (folder / name).mkdir()
            (folder / name / "migration.sql").write_bytes(MIGRATIONS[self.kind][name].encode())

    def run(self, who, database, *words, exit_code=0):
        environment = {**os.environ, "DATABASE_URL": database.url, "ADAPTER_URL": database.adapter_url,
                       "CHECKPOINT_DISABLE": "1", "PRISMA_HIDE_UPDATE_MESSAGE": "1", "NO_COLOR": "1"}
        # Named, so that nothing is downloaded; the adapter's engine is used.
        for engine in ("QUERY_ENGINE_LIBRARY", "QUERY_ENGINE_BINARY", "SCHEMA_ENGINE_BINARY", "FMT_BINARY"):
            environment[f"PRISMA_{engine}"] = "/bin/true"
        environment.pop("BASCULE_URL", None)
        command = [self.bascule, "prisma"] if who == "bascule" else [str(self.tool / ".bin" / "prisma")]
        done = subprocess.run([*command, *words], cwd=self.project, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        if (done.returncode == 0) != (exit_code == 0):
            self.fail(f"{who} {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def fail(self, text):
        self.failures += 1
        print(f"FAILED: {text}", flush=True)

    def same(self, title, one, other):
        for what in ("dump", "history"):
            left, right = getattr(one, what)(), getattr(other, what)()
            if left == right:
                continue
            lines = [f"  prisma:  {line}" for line in left if line not in right]
            lines += [f"  bascule: {line}" for line in right if line not in left]
            self.fail(f"{title}: {what} differs\n" + "\n".join(lines or [f"  {left}", f"  {right}"]))

    def nothing_to_do(self, title, database):
        before = database.rows("SELECT id FROM _prisma_migrations ORDER BY id")
        for who in ("prisma", "bascule"):
            self.run(who, database, "migrate", "deploy")
            self.run(who, database, "migrate", "status")
        if database.rows("SELECT id FROM _prisma_migrations ORDER BY id") != before:
            self.fail(f"{title}: something was run again")

    def turns(self):
        names = list(MIGRATIONS[self.kind])
        half = len(names) // 2
        alone = {}
        for who in ("prisma", "bascule"):
            self.migrations(names)
            alone[who] = self.database(f"all_{who}")
            self.run(who, alone[who], "migrate", "deploy")
        self.same("all by one", alone["prisma"], alone["bascule"])
        self.nothing_to_do("all by Bascule", alone["bascule"])
        for first, second in (("prisma", "bascule"), ("bascule", "prisma")):
            mixed = self.database(f"first_{first}")
            self.migrations(names[:half])
            self.run(first, mixed, "migrate", "deploy")
            self.migrations(names)
            for who in ("prisma", "bascule"):
                self.run(who, mixed, "migrate", "status", exit_code=1)
            self.run(second, mixed, "migrate", "deploy")
            self.same(f"half by {first}, half by {second}", alone["prisma"], mixed)

    def failure(self):
        """One fails, the other refuses to go on, settles it, and runs it corrected."""
        name = "20250101000000_broken"
        for first, second in (("prisma", "bascule"), ("bascule", "prisma")):
            database = self.database(f"failed_{first}")
            self.migrations(list(MIGRATIONS[self.kind])[:1])
            folder = self.project / "prisma" / "migrations" / name
            folder.mkdir()
            (folder / "migration.sql").write_text(BROKEN)
            self.run(first, database, "migrate", "deploy", exit_code=1)
            row = [line for line in database.history() if line[0] == name]
            if len(row) != 1 or [str(cell) for cell in row[0][2:6]] not in (["f", "f", "text", "0"], ["0", "0", "text", "0"]):
                self.fail(f"{first}: the failed migration's row is {row}")
            for who in ("prisma", "bascule"):
                self.run(who, database, "migrate", "status", exit_code=1)
            refused = self.run(second, database, "migrate", "deploy", exit_code=1)
            if "P3009" not in refused:
                self.fail(f"{second} goes on after a failure: {refused}")
            self.run(second, database, "migrate", "resolve", "--rolled-back", name)
            # Prisma on SQLite keeps what ran before the statement that failed.
            drop = "DROP TABLE IF EXISTS once;\n"
            (folder / "migration.sql").write_text(drop + "CREATE TABLE once (i int);\n")
            self.run(second, database, "migrate", "deploy")
            self.run(first, database, "migrate", "status")
            self.run(first, database, "migrate", "resolve", "--applied", name, exit_code=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bascule", type=pathlib.Path, required=True)
    parser.add_argument("--database", choices=("postgresql", "sqlite"), required=True)
    parser.add_argument("--keep", action="store_true", help="leave the project there")
    options = parser.parse_args()
    tool = pathlib.Path(os.environ.get("BASCULE_PRISMA", ROOT / "build" / "prisma" / "node_modules"))
    if not (tool / ".bin" / "prisma").exists() or shutil.which("node") is None:
        print(f"skipped: {tool} has no Prisma (scripts/prisma installs it)")
        return SKIPPED
    cluster = None
    if options.database == "postgresql":
        from pgcluster import PgCluster
        cluster = PgCluster()
        cluster.start()
    test = Test(options, tool, cluster)
    try:
        test.turns()
        test.failure()
    finally:
        if cluster:
            cluster.stop()
        if options.keep:
            print(f"kept: {test.folder}")
        else:
            shutil.rmtree(test.folder, ignore_errors=True)
    print(f"{test.failures} failures" if test.failures else "Prisma and Bascule agree")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
