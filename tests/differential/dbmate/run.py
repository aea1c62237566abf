#!/usr/bin/env python3
"""The real dbmate and Bascule on the same migrations: forwards and backwards by one, and taking turns in both orders, with
files that come late, have no transaction, or fail. Database and history table must be equal after each command, and each
must find nothing to do after the other.

dbmate is in build/dbmate (scripts/dbmate puts it there); without it the test is skipped and says why.
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
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))

SKIPPED = 77

BOTH = {
    "20240101000000_users.sql":
        "-- a comment\n\n-- migrate:up\nCREATE TABLE users (id integer PRIMARY KEY, name text DEFAULT 'a;b');\r\n"
        "INSERT INTO users VALUES (1, 'x'); INSERT INTO users (id) VALUES (2);\n\n-- migrate:down\nDROP TABLE users;\n",
    "20240102000000_no_name_needed.sql":
        "--migrate:up\nALTER TABLE users ADD COLUMN age integer\n-- migrate:down\nALTER TABLE users DROP COLUMN age\n",
    "20240103000000_empty.sql": "-- migrate:up\n\n-- migrate:down\n",
    "5.sql": "-- migrate:up\nCREATE TABLE five (id integer);\n-- migrate:down\nDROP TABLE five;\n",
}
MIGRATIONS = {
    "postgresql": {
        **BOTH,
        "20240104000000_function.sql":
            "-- migrate:up\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1; -- ;\nEND\n$$;\n"
            "CREATE TYPE mood AS ENUM ('sad');\n-- migrate:down\nDROP FUNCTION f();\nDROP TYPE mood;\n",
        "20240105000000_enum.sql":
            "-- migrate:up transaction:false\nALTER TYPE mood ADD VALUE 'happy';\n-- migrate:down\nSELECT 1;\n",
        "20240106000000_concurrently.sql":
            "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n"
            "-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY users_name;\n",
    },
    "sqlite": {
        **BOTH,
        "20240104000000_trigger.sql":
            "-- migrate:up\nCREATE TRIGGER t AFTER INSERT ON users BEGIN UPDATE users SET name = 'y' WHERE id = new.id; END;\n"
            "INSERT INTO users VALUES (3, 'will be y', 1);\n-- migrate:down\nDELETE FROM users WHERE id = 3;\nDROP TRIGGER t;\n",
        "20240105000000_outside.sql":
            "-- migrate:up transaction:false\nPRAGMA foreign_keys = ON;\nCREATE INDEX users_name ON users (name);\nVACUUM;\n"
            "-- migrate:down transaction:false\nDROP INDEX users_name;\n",
    },
}
LATE = "20240102120000_late.sql"
LATE_TEXT = "-- migrate:up\nCREATE TABLE late (id integer);\n-- migrate:down\nDROP TABLE late;\n"
BROKEN = "20250101000000_broken.sql"
BROKEN_TEXT = "-- migrate:up\nCREATE TABLE once (id integer);\nSELECT * FROM nowhere;\n-- migrate:down\n"


class Database:
    def __init__(self, kind, name, cluster, folder):
        self.kind, self.cluster = kind, cluster
        if kind == "sqlite":
            self.path = folder / f"{name}.db"
            self.url = f"sqlite:{self.path}"
        else:
            cluster.create_database(name)
            self.dump_url = cluster.url(name)
            self.url = f"postgres://postgres@/{name}?host={cluster.directory}&sslmode=disable"

    def state(self):
        if self.kind == "sqlite":
            with sqlite3.connect(self.path) as connection:
                return list(connection.iterdump())
        done = subprocess.run([f"{self.cluster.bin}/pg_dump", self.dump_url], capture_output=True, text=True, check=True)
        lines = [line for line in done.stdout.splitlines() if not re.match(r"\\(un)?restrict |--", line)]
        # The order of rows is that in which they were written; nobody promises it.
        return sorted(lines)


class Test:
    def __init__(self, options, tool, cluster):
        self.bascule = str(options.bascule.resolve())
        self.kind, self.tool, self.cluster = options.database, str(tool), cluster
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dbmate."))
        self.files = self.folder / "db" / "migrations"
        self.files.mkdir(parents=True)
        self.all = MIGRATIONS[self.kind]
        self.failures = 0

    def put(self, names):
        """Only these stand in the project."""
        for one in self.files.iterdir():
            one.unlink()
        for name in names:
            text = {**self.all, LATE: LATE_TEXT, BROKEN: BROKEN_TEXT}[name]
            (self.files / name).write_bytes(text.encode())

    def run(self, who, database, *words, exit_code=0):
        environment = {**os.environ, "DATABASE_URL": database.url, "DBMATE_NO_DUMP_SCHEMA": "true"}
        environment.pop("BASCULE_URL", None)
        command = [self.bascule, "dbmate"] if who == "bascule" else [self.tool]
        done = subprocess.run([*command, *words], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        if (done.returncode == 0) != (exit_code == 0):
            self.fail(f"{who} {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def fail(self, text):
        self.failures += 1
        print(f"FAILED: {text}", flush=True)

    def play(self, name, contenders):
        """One story, its commands shared out among the contenders; the database after each command."""
        database = Database(self.kind, name, self.cluster, self.folder)
        turn = 0
        states = []

        def step(*words, exit_code=0):
            nonlocal turn
            self.run(contenders[turn % len(contenders)], database, *words, exit_code=exit_code)
            turn += 1
            states.append((" ".join(words), database.state()))

        names = sorted(self.all)
        self.put(names[:2])
        step("up")
        self.put(names)
        step("migrate")
        self.put([*names, LATE])
        step("migrate", "--strict", exit_code=1)
        step("migrate")
        step("rollback")
        step("down")
        step("migrate")
        self.put([*names, LATE, BROKEN])
        step("migrate", exit_code=1)
        self.put([*names, LATE])
        for who in ("dbmate", "bascule"):
            before = database.state()
            said = self.run(who, database, "status")
            if re.search(r"\[ \]|[1-9]\d* pending", said, re.IGNORECASE):
                self.fail(f"{name}: {who} has something pending: {said}")
            self.run(who, database, "migrate")
            if database.state() != before:
                self.fail(f"{name}: {who} ran something again")
        for _ in range(len(names) + 1):
            step("rollback")
        step("rollback", exit_code=1)
        return states

    def turns(self):
        expected = self.play("alone_dbmate", ["dbmate"])
        for name, contenders in (("alone_bascule", ["bascule"]), ("dbmate_first", ["dbmate", "bascule"]),
                                 ("bascule_first", ["bascule", "dbmate"])):
            for (words, left), (_, right) in zip(expected, self.play(name, contenders)):
                if left != right:
                    lines = [f"  dbmate:  {line}" for line in left if line not in right]
                    lines += [f"  bascule: {line}" for line in right if line not in left]
                    self.fail(f"{name}: after {words} they differ\n" + "\n".join(lines or [f"  {left}", f"  {right}"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bascule", type=pathlib.Path, required=True)
    parser.add_argument("--database", choices=("postgresql", "sqlite"), required=True)
    options = parser.parse_args()
    tool = os.environ.get("BASCULE_DBMATE")
    if tool is None:
        tool = next(ROOT.glob("build/dbmate/node_modules/@dbmate/*/bin/dbmate"), None)
    if tool is None:
        print("skipped: build/dbmate has no dbmate (scripts/dbmate installs it)")
        return SKIPPED
    cluster = None
    if options.database == "postgresql":
        from pgcluster import PgCluster
        cluster = PgCluster()
        cluster.start()
    test = Test(options, tool, cluster)
    try:
        test.turns()
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(test.folder, ignore_errors=True)
    print(f"{test.failures} failures" if test.failures else "dbmate and Bascule agree")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
