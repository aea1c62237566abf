"""Walks one project up and down with one tool and writes down the database after each step.

Run as a server: reads jobs, one JSON object a line, from standard input; each job runs in a forked child, so that Alembic
and SQLAlchemy are imported once and nothing leaks from project to project; prints one line when a job is done.

A job: {"tool": "alembic"|"bascule", "directory", "url", "steps": [["upgrade", "+1"], ...], "result": file to write,
"bascule": program, "naming_convention": {...}|null}. The result is a JSON object {"versions": {...}, "steps": [{"label",
"command", "state", "statements", "error", "output"}]}; it ends at the first step that fails.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import time
import traceback
import urllib.parse
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import snapshot_postgres  # noqa: E402
import snapshot_sqlite  # noqa: E402


class Database:
    """The database of a job, seen from outside: only its snapshot and its version rows."""

    def __init__(self, url):
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self._path = url.split("///", 1)[1]
        else:
            import psycopg2
            parts = urllib.parse.urlsplit(url)
            host = urllib.parse.parse_qs(parts.query)["host"][0]
            self._connection = psycopg2.connect(host=host, user="postgres", dbname=parts.path.lstrip("/"))
            self._connection.autocommit = True
            with self._connection.cursor() as cursor:  # all that the walk before may have left
                cursor.execute("DROP TABLE IF EXISTS public.alembic_version")

    @contextlib.contextmanager
    def _sqlite(self):
        import sqlite3
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    def snapshot(self):
        if self.is_sqlite:
            with self._sqlite() as connection:
                return snapshot_sqlite.snapshot(connection)
        with self._connection.cursor() as cursor:
            return snapshot_postgres.snapshot(cursor)

    def versions(self):
        """The revision ids in the alembic_version table; empty when there is none."""
        query = "SELECT version_num FROM alembic_version"
        if self.is_sqlite:
            import sqlite3
            with self._sqlite() as connection:
                try:
                    return {row[0] for row in connection.execute(query)}
                except sqlite3.OperationalError:
                    return set()
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.alembic_version')")
            if cursor.fetchone()[0] is None:
                return set()
            cursor.execute(query)
            return {row[0] for row in cursor.fetchall()}


def run_alembic(job):
    from alembic import command
    from alembic.config import Config
    configuration = Config(os.path.join(job["directory"], "alembic.ini"), stdout=io.StringIO(), output_buffer=io.StringIO())
    configuration.attributes.update(url=job["url"], naming_convention=job.get("naming_convention"))

    def step(name, *arguments):
        statements = configuration.attributes["statements"] = []
        getattr(command, name)(configuration, *arguments)
        return "", statements

    return step


def run_bascule(job):
    def step(name, *arguments):
        command = [job["bascule"], "--url", job["url"], name, *arguments]
        done = subprocess.run(command, cwd=job["directory"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}")
        return done.stdout, []

    return step


def describe_error(error):
    """What to show of a failed step: the server's words and the statement where there are such, else the traceback."""
    if isinstance(error, RuntimeError):
        return str(error)
    if getattr(error, "orig", None) is not None and getattr(error, "statement", None):
        return f"{type(error.orig).__name__}: {error.orig}\n{error.statement}  {error.params or ''}"
    lines = traceback.format_exc().splitlines()
    return "\n".join(lines[-14:])


def run_job(job):
    os.chdir(job["directory"])
    warnings.simplefilter("ignore")
    result = {"steps": []}
    database = Database(job["url"])
    tool_step = run_alembic(job) if job["tool"] == "alembic" else run_bascule(job)
    before = set()
    for count, (name, *arguments) in enumerate(job["steps"], 1):
        entry = {"command": " ".join([name, *arguments])}
        result["steps"].append(entry)
        started = time.monotonic()
        try:
            entry["output"], entry["statements"] = tool_step(name, *arguments)
            entry["state"] = database.snapshot()
        except BaseException as error:
            entry["label"] = f"{count} {entry['command']}"
            entry["error"] = describe_error(error)
            break
        entry["seconds"] = round(time.monotonic() - started, 4)
        after = database.versions()
        changed = ",".join(sorted(after - before or before - after)) or "nothing"
        entry["label"] = f"{count} {entry['command']} ({changed})"
        before = after
        for dump in job.get("dumps", []):
            if dump == count or dump == "all":
                host = urllib.parse.parse_qs(urllib.parse.urlsplit(job["url"]).query)["host"][0]
                database_name = urllib.parse.urlsplit(job["url"]).path.lstrip("/")
                entry["pg_dump"] = subprocess.run(
                    [job["pg_dump"], "--schema-only", "--no-owner", "-h", host, "-U", "postgres", database_name],
                    capture_output=True, text=True, check=True).stdout
    with open(job["result"], "w", encoding="utf-8") as file:
        json.dump(result, file)


def describe():
    """What the installed Alembic and SQLAlchemy offer, as JSON: for the coverage report."""
    import inspect
    import alembic
    import sqlalchemy
    from alembic.operations import BatchOperations, Operations
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.dialects.postgresql.base import PGDialect
    from sqlalchemy.dialects.sqlite.base import SQLiteDialect
    from sqlalchemy.types import TypeEngine

    def parameters(function):
        return [name for name, parameter in inspect.signature(function).parameters.items()
                if name != "self" and parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
                and not name.startswith("_")]

    def types(module):
        return {name: parameters(getattr(module, name).__init__) for name in dir(module)
                if inspect.isclass(getattr(module, name)) and issubclass(getattr(module, name), TypeEngine)}

    def methods(owner):
        return {name: parameters(getattr(owner, name)) for name in dir(owner)
                if not name.startswith("_") and callable(getattr(owner, name))}

    constructs = ["Column", "ForeignKey", "ForeignKeyConstraint", "UniqueConstraint", "CheckConstraint",
                  "PrimaryKeyConstraint", "Computed", "Identity", "Sequence", "Index", "Table", "MetaData"]
    dialect_arguments = {}
    for prefix, dialect in (("postgresql", PGDialect), ("sqlite", SQLiteDialect)):
        dialect_arguments[prefix] = {construct.__name__: list(names) for construct, names in dialect.construct_arguments}
    print(json.dumps({
        "alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__,
        "op": methods(Operations), "batch_op": methods(BatchOperations),
        "sa": {name: parameters(getattr(sqlalchemy, name).__init__) for name in constructs},
        "types": {"sa": types(sqlalchemy), "postgresql": types(postgresql), "sqlite": types(sqlite)},
        "dialect_arguments": dialect_arguments}))


def main():
    if sys.argv[1:] == ["describe"]:
        describe()
        return
    if sys.argv[1:] == ["alembic"]:
        import alembic
        import alembic.command
        import alembic.config
        import psycopg2  # noqa: F401
        import sqlalchemy
        import sqlalchemy.dialects.postgresql
        import sqlalchemy.dialects.postgresql.psycopg2
        import sqlalchemy.dialects.sqlite  # noqa: F401
        print(f"ready {alembic.__version__} {sqlalchemy.__version__}", flush=True)
    else:
        import psycopg2  # noqa: F401
        print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                run_job(json.loads(line))
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        _, status = os.waitpid(child, 0)
        print(f"done {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main()
