#!/usr/bin/env python3
"""Projects of other tools, run online and killed: Alembic, Prisma, Flyway, dbmate. Three revisions each; the second builds an
index, adds a foreign key and updates every row. After each kill the same command again: the database, the tool's own history
table included, is the one that an undisturbed naive run leaves, and the tool itself, where it is installed, says the same
of both. What the tool says and does while the run is unfinished is tested too: docs/online.md tells of it.

usage: tools.py BASCULE [TOOL ...]"""

import concurrent.futures
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import types

import killed
import online
import projects

ROOT = online.HERE.parent.parent

FIRST = """CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, number text NOT NULL, total integer NOT NULL);
INSERT INTO customers SELECT g, 'customer ' || g FROM generate_series(1, 200) g;
INSERT INTO orders SELECT g, 1 + g % 200, 'N' || g, g FROM generate_series(1, 4000) g;
"""
# Twice would be seen: the UPDATE is not one that can be repeated.
SECOND = """CREATE INDEX orders_customer ON orders (customer_id);
ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id);
UPDATE orders SET total = total * 2;
"""
THIRD = """ALTER TABLE orders ADD COLUMN paid boolean NOT NULL DEFAULT false;
CREATE UNIQUE INDEX orders_number ON orders (number);
"""
TEXTS = [FIRST, SECOND, THIRD]


def expect(true, what):
    if not true:
        raise AssertionError(what)


def module(path):
    """The differential test's way of talking to a tool."""
    spec = importlib.util.spec_from_file_location(path.parent.name + "_differential", path)
    out = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(out)
    return out


class Alembic:
    name = "alembic"
    revisions = ["a1", "b2", "c3"]
    mask = staticmethod(lambda line: line)

    def __init__(self, ground, folder):
        self.folder, self.cluster = folder, ground.cluster
        self.python = str(ROOT / "scripts" / "test-python")
        found = subprocess.run([self.python, "-c", "import alembic, psycopg2"], capture_output=True)
        self.installed = found.returncode == 0
        versions = folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
        (folder / "migrations" / "env.py").write_text(
            "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine, pool\n"
            "with create_engine(os.environ['DATABASE_URL'], poolclass=pool.NullPool).connect() as connection:\n"
            "    context.configure(connection=connection, transaction_per_migration=True)\n"
            "    with context.begin_transaction():\n        context.run_migrations()\n")
        bodies = [
            f"    op.execute('''{FIRST}''')\n",
            "    op.create_index('orders_customer', 'orders', ['customer_id'])\n"
            "    op.create_foreign_key('orders_customer_fk', 'orders', 'customers', ['customer_id'], ['id'])\n"
            "    op.execute('UPDATE orders SET total = total * 2')\n",
            "    op.add_column('orders', sa.Column('paid', sa.Boolean, nullable=False, server_default=sa.false()))\n"
            "    op.create_index('orders_number', 'orders', ['number'], unique=True)\n"]
        below = None
        for revision, body in zip(self.revisions, bodies):
            (versions / f"{revision}_change.py").write_text(
                f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '{revision}'\ndown_revision = {below!r}\n\n\n"
                f"def upgrade():\n{body}\n\ndef downgrade():\n    pass\n")
            below = revision

    def tool(self, database, *words):
        environment = {**os.environ, "DATABASE_URL": self.cluster.url(database, "psycopg2")}
        done = subprocess.run([self.python, "-m", "alembic", *words], cwd=self.folder, env=environment, capture_output=True,
                              text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def says(self, database):
        return self.tool(database, "current")[1]

    def pending(self, database):
        """Of the revisions, those that the tool would run."""
        at = next((one for one in self.revisions if re.search(rf"^{one}\b", self.says(database), re.M)), None)
        return self.revisions[self.revisions.index(at) + 1:] if at else self.revisions

    def runs(self, database):
        return self.tool(database, "upgrade", "head")


class Prisma:
    name = "prisma"
    revisions = ["20250101000000_first", "20250102000000_second", "20250103000000_third"]

    def __init__(self, ground, folder):
        self.cluster = ground.cluster
        differential = module(ROOT / "tests" / "differential" / "prisma" / "run.py")
        tool = pathlib.Path(os.environ.get("BASCULE_PRISMA", ROOT / "build" / "prisma" / "node_modules"))
        self.installed = (tool / ".bin" / "prisma").exists() and shutil.which("node") is not None
        options = types.SimpleNamespace(bascule=pathlib.Path(ground.bascule), database="postgresql")
        self.test = differential.Test(options, tool, ground.cluster)
        self.test.fail = lambda text: None
        self.made = self.test.folder
        self.folder = self.test.project
        for revision, text in zip(self.revisions, TEXTS):
            place = self.folder / "prisma" / "migrations" / revision
            place.mkdir()
            (place / "migration.sql").write_text(text)

    @staticmethod
    def mask(line):
        """What differs between two runs: the id, and when it was."""
        if not line.startswith("INSERT INTO public._prisma_migrations"):
            return line
        return re.sub(r"'\d{4}-\d\d-\d\d [^']*'", "'<time>'", re.sub(r"'[0-9a-f]{8}-[0-9a-f-]{27}'", "'<id>'", line))

    def tool(self, database, *words):
        place = types.SimpleNamespace(url=self.cluster.url(database), adapter_url=f"postgresql://postgres@localhost/{database}"
                                      f"?host={self.cluster.directory}")
        said = []
        self.test.fail = said.append
        out = self.test.run("prisma", place, *words)
        return len(said), out

    def says(self, database):
        return re.sub(r'database "[^"]*"', "the database", self.tool(database, "migrate", "status")[1])

    def pending(self, database):
        said = self.says(database).partition("not yet been applied")[2]
        return [one for one in self.revisions if one in said]

    def runs(self, database):
        return self.tool(database, "migrate", "deploy")


class Flyway:
    name = "flyway"
    revisions = ["1", "2", "3"]
    address = None

    def __init__(self, ground, folder):
        self.folder = folder
        differential = module(ROOT / "tests" / "differential" / "flyway" / "run.py")
        self.masked = differential.masked
        program = ROOT / "build" / "flyway"
        self.installed = (program / "fetched").exists() and shutil.which("java") is not None
        self.process = differential.Flyway(program, folder) if self.installed else None
        (folder / "sql").mkdir()
        (folder / "flyway.conf").write_text("flyway.locations=filesystem:sql\nflyway.installedBy=somebody\n")
        for revision, text in zip(self.revisions, TEXTS):
            (folder / "sql" / f"V{revision}__change.sql").write_text(text)

    @staticmethod
    def mask(line):
        if not line.startswith("INSERT INTO public.flyway_schema_history"):
            return line
        return re.sub(r"'\d{4}-\d\d-\d\d [^']*', \d+,", "'<time>', <ms>,", line)

    def tool(self, database, word):
        return self.process.run(word, f"-url=jdbc:postgresql://{self.address}/{database}?user=postgres",
                                f"-locations=filesystem:{self.folder}/sql", "-installedBy=somebody")

    def says(self, database):
        return self.masked(self.tool(database, "info")[1])

    def pending(self, database):
        rows = [line.split("|") for line in self.says(database).splitlines() if "Pending" in line]
        return [row[2].strip() for row in rows]

    def runs(self, database):
        return self.tool(database, "migrate")


class Dbmate:
    name = "dbmate"
    revisions = ["20250101000000", "20250102000000", "20250103000000"]
    mask = staticmethod(lambda line: line)

    def __init__(self, ground, folder):
        self.folder, self.cluster = folder, ground.cluster
        tool = os.environ.get("BASCULE_DBMATE") or next(ROOT.glob("build/dbmate/node_modules/@dbmate/*/bin/dbmate"), None)
        self.program, self.installed = str(tool), tool is not None
        (folder / "db" / "migrations").mkdir(parents=True)
        for revision, text in zip(self.revisions, TEXTS):
            (folder / "db" / "migrations" / f"{revision}_change.sql").write_text(f"-- migrate:up\n{text}\n-- migrate:down\n")

    def tool(self, database, word):
        url = f"postgres://postgres@/{database}?host={self.cluster.directory}&sslmode=disable"
        done = subprocess.run([self.program, word], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "DATABASE_URL": url, "DBMATE_NO_DUMP_SCHEMA": "true"})
        return done.returncode, done.stdout + done.stderr

    def says(self, database):
        return self.tool(database, "status")[1]

    def pending(self, database):
        return re.findall(r"^\[ \] (\d+)_", self.says(database), re.M)

    def runs(self, database):
        return self.tool(database, "migrate")


def copy(ground, name, source):
    ground.cluster.drop_database(name)
    ground.cluster.sql(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return name


def dump(ground, tool, database):
    """All of it but what differs between any two runs."""
    lines = [tool.mask(line) for line in projects.dump(ground, database).splitlines()]
    rows = sorted(line for line in lines if line.startswith("INSERT "))
    return "\n".join([line for line in lines if not line.startswith("INSERT ")] + rows)


def at(event, revision, step, action):
    """The words of a hook that does something at one step of one revision."""
    return ["--hook", f"{event}-step=case \"$(cat)\" in *'\"revision\":\"{revision}\",\"step\":{step},'*) {action} ;; esac"]


def points(ground, tool, database):
    """Where to kill: a name, the hook's words, whether the run may end well by itself."""
    done = ground.run(tool.folder, database, "--json", "plan", "head", "--online")
    for revision in online.json.loads(done.stdout)["revisions"]:
        name = revision["revision"]
        yield f"before step 1 of {name}", at("before", name, 1, killed.KILL), False
        for step in range(1, len(revision["steps"]) + 1):
            yield f"in step {step} of {name}", at("before", name, step, killed.SOON.format(delay=killed.DELAYS[0])), True
            yield f"behind step {step} of {name}", at("after", name, step, killed.KILL), False


def interrupted(ground, tool, hook, may_end_well=False):
    """A database whose run was killed."""
    database = copy(ground, f"{tool.name}_killed", f"{tool.name}_first")
    done = ground.run(tool.folder, database, "upgrade", "head", "--online", *hook, check=False)
    codes = (0, -9) if may_end_well else (-9,)
    expect(done.returncode in codes, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    return database


def meanwhile(ground, tool, expected):
    """The tool itself beside an unfinished run, and Bascule after that."""
    second = tool.revisions[1]
    database = interrupted(ground, tool, at("after", second, 1, killed.KILL))
    pending = tool.pending(database)
    expect(pending == tool.revisions[1:], f"unfinished, and the tool would run {pending}: {tool.says(database)}")
    code, said = tool.runs(database)
    expect(code != 0 and "orders_customer" in said, f"it runs beside the unfinished run: {said}")
    done = ground.run(tool.folder, database, "upgrade", "head", "--online", check=False)
    if tool.name == "prisma":
        # It has noted that it failed; as ever nothing runs until that is settled.
        expect(done.returncode != 0 and "P3009" in done.stderr, f"exit {done.returncode}: {done.stdout}{done.stderr}")
        ground.run(tool.folder, database, "prisma", "migrate", "resolve", "--rolled-back", second)
        done = ground.run(tool.folder, database, "upgrade", "head", "--online")
        ground.cluster.sql("DELETE FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL", database)
    expect(done.returncode == 0, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    wrong = online.difference(expected, dump(ground, tool, database))
    expect(not wrong, wrong)


def try_tool(ground, tool):
    first, naive = f"{tool.name}_first", f"{tool.name}_naive"
    ground.cluster.create_database(first)
    ground.run(tool.folder, first, "upgrade", tool.revisions[0])
    ground.run(tool.folder, copy(ground, naive, first), "upgrade", "head")
    expected, count, failures = dump(ground, tool, naive), 0, []
    for name, hook, may_end_well in points(ground, tool, first):
        count += 1
        try:
            database = interrupted(ground, tool, hook, may_end_well)
            ground.run(tool.folder, database, "upgrade", "head", "--online")
            wrong = online.difference(expected, dump(ground, tool, database))
        except (AssertionError, subprocess.TimeoutExpired) as error:
            wrong = str(error)
        if wrong:
            failures.append(f"killed {name}: {wrong}")
    if not tool.installed:
        print(f"  {tool.name}: what it says itself is skipped: it is not installed")
        return count, failures
    try:
        count += 1
        database = f"{tool.name}_killed"
        left, right = tool.says(naive), tool.says(database)
        expect(left == right and not tool.pending(database), online.difference(left, right) or right)
        code, said = tool.runs(database)
        expect(code == 0 and dump(ground, tool, database) == expected, f"it had something to do: {said}")
        meanwhile(ground, tool, expected)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        failures.append(f"what it says itself: {error}")
    return count, failures


TOOLS = [Alembic, Prisma, Flyway, Dbmate]


def guarded(ground, tool):
    try:
        return try_tool(ground, tool)
    except (AssertionError, online.pgcluster.PgClusterError) as error:
        return 1, [str(error)]
    finally:
        if getattr(tool, "process", None):
            tool.process.stop()
        shutil.rmtree(getattr(tool, "made", tool.folder), ignore_errors=True)


def main():
    wrong = total = 0
    Flyway.address = module(ROOT / "tests" / "differential" / "flyway" / "run.py").own_address()
    kinds = [kind for kind in TOOLS if not sys.argv[2:] or kind.name in sys.argv[2:]]
    with online.Ground(sys.argv[1], f"synchronous_commit = on\nlisten_addresses = '{Flyway.address}'\n") as ground:
        tools = []
        for kind in kinds:
            folder = ground.folder / kind.name
            folder.mkdir()
            tools.append(kind(ground, folder))
        # They wait for other programs most of the time.
        with concurrent.futures.ThreadPoolExecutor(len(tools)) as threads:
            for tool, (count, failures) in zip(tools, threads.map(lambda tool: guarded(ground, tool), tools)):
                total += count
                wrong += len(failures)
                print(f"  {tool.name}: {count - len(failures)} of {count}", flush=True)
                for failure in failures[:3]:
                    print(f"    FAILED {failure}", flush=True)
    print(f"{total - wrong} of {total} led to the same end")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
