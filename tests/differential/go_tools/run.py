#!/usr/bin/env python3
"""The real goose or golang-migrate and Bascule on the same migrations: forwards and backwards by one, and taking turns in
both orders. Database and history table must be equal after each command, and each must find nothing to do after the other.

The tools are in build/go-tools (scripts/go-tools builds them); without them the test is skipped and says why.
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

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "lib"))

SKIPPED = 77

# Each migration: its way up and its way down for goose, whose annotations are added; the same for golang-migrate.
BOTH = {
    "00001_users": ("CREATE TABLE users (id integer PRIMARY KEY, name text DEFAULT 'a;b');\n"
                    "INSERT INTO users VALUES (1, 'x');\nINSERT INTO users (id) VALUES (2);\n", "DROP TABLE users;\n"),
    "00002_age": ("ALTER TABLE users ADD COLUMN age integer;\n", "ALTER TABLE users DROP COLUMN age;\n"),
    "00004_posts": ("-- a comment\nCREATE TABLE posts (id integer PRIMARY KEY, author integer);\n"
                    "CREATE INDEX posts_author ON posts (author);\n", "DROP TABLE posts;\n"),
}
MIGRATIONS = {
    "postgresql": {
        **BOTH,
        "00005_function": ("-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n"
                           "  RETURN 1; -- ;\nEND\n$$;\n-- +goose StatementEnd\n", "DROP FUNCTION f();\n"),
        "00006_index": ("CREATE INDEX CONCURRENTLY users_name ON users (name);\n",
                        "DROP INDEX CONCURRENTLY users_name;\n"),
    },
    "sqlite": {
        **BOTH,
        "00005_trigger": ("-- +goose StatementBegin\nCREATE TRIGGER t AFTER INSERT ON users BEGIN\n"
                          "  UPDATE users SET name = 'y' WHERE id = new.id;\nEND;\n-- +goose StatementEnd\n",
                          "DROP TRIGGER t;\n"),
    },
}
LATE = ("00003_late", ("CREATE TABLE late (id integer);\n", "DROP TABLE late;\n"))
BROKEN = ("00009_broken", ("CREATE TABLE once (id integer);\nSELECT * FROM nowhere;\n", "DROP TABLE once;\n"))
OUTSIDE = "00006_index"


class Database:
    def __init__(self, kind, name, cluster, folder):
        self.kind, self.cluster, self.name = kind, cluster, name
        if kind == "sqlite":
            self.path = folder / f"{name}.db"
        else:
            cluster.create_database(name)

    def state(self):
        """Everything in it; times apart, and the order of rows, which nobody promises."""
        if self.kind == "sqlite":
            with sqlite3.connect(self.path) as connection:
                lines = list(connection.iterdump())
        else:
            done = subprocess.run([f"{self.cluster.bin}/pg_dump", self.cluster.url(self.name)], capture_output=True,
                                  text=True, check=True)
            lines = [line for line in done.stdout.splitlines() if not re.match(r"\\(un)?restrict |--", line)]
        return sorted(re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", "<time>", line) for line in lines)


class Goose:
    """Its words, and the story that is played in them."""
    word = "goose"

    def write(self, folder, name, ways):
        note = "-- +goose NO TRANSACTION\n" if name == OUTSIDE else ""
        (folder / f"{name}.sql").write_text(f"{note}-- +goose Up\n{ways[0]}\n-- +goose Down\n{ways[1]}")

    def command(self, tool, database):
        return [*tool, "-dir", "db/migrations"]

    def environment(self, database):
        if database.kind == "sqlite":
            return {"GOOSE_DRIVER": "sqlite3", "GOOSE_DBSTRING": str(database.path)}
        return {"GOOSE_DRIVER": "postgres",
                "GOOSE_DBSTRING": f"postgres://postgres@/{database.name}?host={database.cluster.directory}&sslmode=disable"}

    def story(self, test):
        names = sorted(test.all)
        test.put(names[:2])
        yield "up"
        test.put(names)
        yield "up-by-one"
        yield "up"
        yield "redo"
        yield "down"
        yield f"up-to {int(names[-1].split('_')[0])}"
        test.put([*names, LATE[0]])
        yield "!up"
        yield "-allow-missing up"
        yield "down"
        yield "down"
        yield "-allow-missing up"
        test.put([*names, LATE[0], BROKEN[0]])
        yield "!up"
        test.put([*names, LATE[0]])
        yield "NOTHING up"
        yield "down-to 2"
        yield "reset"


class GolangMigrate:
    word = "golang-migrate"

    def write(self, folder, name, ways):
        for way, text in zip(("up", "down"), ways):
            (folder / f"{name}.{way}.sql").write_text(re.sub("-- \\+goose.*\n", "", text))

    def command(self, tool, database):
        if database.kind == "sqlite":
            url = f"sqlite3://{database.path}"
        else:
            url = f"postgres://postgres@/{database.name}?host={database.cluster.directory}&sslmode=disable"
        return [*tool, "-path", "db/migrations", "-database", url]

    def environment(self, database):
        return {}

    def story(self, test):
        names = sorted(test.all)
        test.put(names[:2])
        yield "up"
        test.put(names)
        yield "up 1"
        yield "up"
        yield "down 1"
        yield "goto 2"
        yield "up"
        yield "goto 1"
        yield "force 4"
        yield "force 1"
        yield "up 1"
        yield "up"
        # A file below the standing version counts as run.
        test.put([*names, LATE[0]])
        yield "NOTHING up"
        yield "!goto 77"
        test.put(names)
        yield "down -all"


class Test:
    def __init__(self, options, words, tool, cluster):
        self.bascule = str(options.bascule.resolve())
        self.kind, self.words, self.tool, self.cluster = options.database, words, str(tool), cluster
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="go_tools."))
        self.files = self.folder / "db" / "migrations"
        self.files.mkdir(parents=True)
        self.all = MIGRATIONS[self.kind]
        self.failures = 0

    def put(self, names):
        """Only these stand in the project."""
        for one in self.files.iterdir():
            one.unlink()
        for name in names:
            self.words.write(self.files, name, {**self.all, **dict([LATE, BROKEN])}[name])

    def run(self, who, database, words, fails=False):
        environment = {name: value for name, value in os.environ.items() if name not in ("BASCULE_URL", "DATABASE_URL")}
        environment.update(self.words.environment(database))
        tool = [self.bascule, self.words.word] if who == "bascule" else [self.tool]
        done = subprocess.run([*self.words.command(tool, database), *words], cwd=self.folder, env=environment,
                              input="y\n", capture_output=True, text=True, timeout=60)
        if (done.returncode != 0) != fails:
            self.fail(f"{who} {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")

    def fail(self, text):
        self.failures += 1
        print(f"FAILED: {text}", flush=True)

    def play(self, name, contenders):
        """One story, its commands shared out among the contenders; the database after each command."""
        database = Database(self.kind, name, self.cluster, self.folder)
        turn = 0
        states = []
        for line in self.words.story(self):
            words = line.lstrip("!").split()
            if words[0] == "NOTHING":
                before = database.state()
                for who in ("original", "bascule"):
                    self.run(who, database, words[1:])
                    if database.state() != before:
                        self.fail(f"{name}: {who} ran something again")
                continue
            self.run(contenders[turn % len(contenders)], database, words, line.startswith("!"))
            turn += 1
            states.append((line, database.state()))
        return states

    def turns(self):
        expected = self.play("alone_original", ["original"])
        for name, contenders in (("alone_bascule", ["bascule"]), ("original_first", ["original", "bascule"]),
                                 ("bascule_first", ["bascule", "original"])):
            for (words, left), (_, right) in zip(expected, self.play(name, contenders)):
                if left != right:
                    lines = [f"  original: {line}" for line in left if line not in right]
                    lines += [f"  bascule:  {line}" for line in right if line not in left]
                    self.fail(f"{name}: after {words} they differ\n" + "\n".join(lines or [f"  {left}", f"  {right}"]))
        return len(expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bascule", type=pathlib.Path, required=True)
    parser.add_argument("--tool", choices=("goose", "golang_migrate"), required=True)
    parser.add_argument("--database", choices=("postgresql", "sqlite"), required=True)
    options = parser.parse_args()
    words, program = (Goose(), "goose") if options.tool == "goose" else (GolangMigrate(), "migrate")
    tool = pathlib.Path(os.environ.get("BASCULE_GO_TOOLS", ROOT / "build" / "go-tools")) / program
    if not tool.exists():
        print(f"skipped: there is no {tool.name} in build/go-tools (scripts/go-tools builds it where there is Go)")
        return SKIPPED
    cluster = None
    if options.database == "postgresql":
        from pgcluster import PgCluster
        cluster = PgCluster()
        cluster.start()
    test = Test(options, words, tool, cluster)
    try:
        commands = test.turns()
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(test.folder, ignore_errors=True)
    print(f"{test.failures} failures" if test.failures else f"{words.word} and Bascule agree after {commands} commands")
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main())
