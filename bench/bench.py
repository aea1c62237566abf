#!/usr/bin/env python3
"""Performance promises, measured side by side: Bascule, Alembic, and psql as the floor.

Every number is the median of several rounds; the contenders take turns within a round, so that a busy machine disturbs
all of them alike. Read the ratios, not the seconds. Nothing here is a test: a noisy machine must not fail a build.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lib"))
from pgcluster import PgCluster  # noqa: E402

import flyway  # noqa: E402
import lint  # noqa: E402
import prisma  # noqa: E402

REVISION = '''"""{message}

Revision ID: {id}
Revises: {parent}
Create Date: 2025-01-15 10:30:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "{id}"
down_revision: Union[str, Sequence[str], None] = {parent!r}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
{up}


def downgrade() -> None:
    """Downgrade schema."""
{down}
'''

TABLE = '''    op.create_table(
        "t{n}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False, server_default="0.00"),
        sa.Column("quantity", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("created_at", sa.DateTime(), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_t{n}"),
    )
    op.create_index("ix_t{n}_name", "t{n}", ["name"], unique=False)
    op.create_index("ix_t{n}_created", "t{n}", ["is_active", "created_at"], unique=False)'''


def body(number):
    """What revision `number` does: a table, then columns, indexes and foreign keys of the tables so far."""
    table = number - number % 4
    if number % 4 == 0:
        return TABLE.format(n=number), f'    op.drop_table("t{number}")'
    if number % 4 == 1:
        return (f'    op.add_column("t{table}", sa.Column("extra", sa.String(length=50), nullable=True))',
                f'    op.drop_column("t{table}", "extra")')
    if number % 4 == 2:
        return (f'    op.create_index("ix_t{table}_email", "t{table}", ["email"], unique=False)',
                f'    op.drop_index("ix_t{table}_email", table_name="t{table}")')
    other = max(0, table - 4)
    return (f'    op.add_column("t{table}", sa.Column("other_id", sa.Integer(), nullable=True))\n'
            f'    op.create_foreign_key("fk_t{table}_other", "t{table}", "t{other}", ["other_id"], ["id"])',
            f'    op.drop_constraint("fk_t{table}_other", "t{table}", type_="foreignkey")\n'
            f'    op.drop_column("t{table}", "other_id")')


SQL_MIGRATION = '''-- CreateTable
CREATE TABLE "public"."Account{n}" (
    "id" SERIAL NOT NULL,
    "userId" INTEGER NOT NULL,
    "email" VARCHAR(255) NOT NULL DEFAULT '',
    "balance" DECIMAL(65,30) NOT NULL CHECK ("balance" >= 0),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Account{n}_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Account{n}_email_key" ON "public"."Account{n}"("email", "userId" DESC) WHERE "balance" > 0;

-- AddForeignKey
ALTER TABLE "public"."Account{n}" ADD CONSTRAINT "Account{n}_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE, ALTER COLUMN "email" DROP DEFAULT;
'''


ENV = '''from alembic import context
from sqlalchemy import create_engine, pool
import os
url = os.environ["BENCH_URL"].replace("postgresql://", "postgresql+psycopg2://", 1)
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
'''


def write_project(directory, count):
    versions = directory / "migrations" / "versions"
    versions.mkdir(parents=True)
    (directory / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (directory / "migrations" / "env.py").write_text(ENV)
    (directory / "migrations" / "script.py.mako").write_text("")
    parent = None
    for number in range(count):
        up, down = body(number)
        name = f"{number:012x}"
        (versions / f"{name}_step.py").write_text(
            REVISION.format(id=name, parent=parent, message=f"step {number}", up=up, down=down))
        parent = name


class Bench:
    def __init__(self, options):
        self.bascule = str(options.bascule.resolve())
        self.rounds = options.rounds
        self.count = options.revisions
        self.python = sys.executable
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="bench."))
        self.cluster = PgCluster(configuration="fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n")

    def alembic(self, *arguments):
        return [self.python, "-m", "alembic", *arguments]

    def time(self, command, url="", output=None, allowed=(0,)):
        """Seconds and peak MB of one run, which must end with one of the allowed exit codes."""
        environment = {**os.environ, "BENCH_URL": url, "BASCULE_URL": url}
        started = time.perf_counter()
        with open(output or os.devnull, "wb") as sink:
            process = subprocess.Popen(command, cwd=self.directory, env=environment, stdout=sink, stderr=subprocess.PIPE)
            trouble = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - started
        if os.waitstatus_to_exitcode(status) not in allowed:
            raise SystemExit(f"{command}: {trouble.decode(errors='replace')[-2000:]}")
        return took, usage.ru_maxrss / 1024

    def compare(self, title, contenders, aim, rounds=None):
        """contenders: {name: function returning (seconds, MB)}; the first is Bascule."""
        results = {name: [] for name in contenders}
        for _ in range(rounds or self.rounds):
            for name, run in contenders.items():
                results[name].append(run())
        medians = {name: statistics.median(took for took, _ in runs) for name, runs in results.items()}
        peak = max(megabytes for _, megabytes in results["bascule"])
        ours = medians["bascule"]
        text = ", ".join(f"{name} {took * 1000:.1f} ms" for name, took in medians.items())
        ratios = ", ".join(f"{took / ours:.2f} x {name}" for name, took in medians.items() if name != "bascule")
        print(f"{title}\n    {text}\n    ours is 1.00; {ratios}; our peak {peak:.0f} MB\n    aim: {aim}", flush=True)

    def apply_fresh(self, command_of):
        """A function that applies everything to a database made for it."""
        def run():
            name = f"bench_{time.monotonic_ns()}"
            self.cluster.create_database(name)
            return self.time(command_of(name), self.cluster.url(name))
        return run

    def run(self):
        write_project(self.directory, self.count)
        self.cluster.start()
        try:
            self.measure()
        finally:
            self.cluster.stop()
            shutil.rmtree(self.directory, ignore_errors=True)

    def measure(self):
        n = self.count
        print(f"{n} revisions, median of {self.rounds} rounds, PostgreSQL {self.cluster.bin.split('/')[-2]} with fsync on, "
              f"Alembic from {self.python}\n")
        self.understanding()
        lint.measure(self)
        self.compare("start-up: --version", {
            "bascule": lambda: self.time([self.bascule, "--version"]),
            "alembic": lambda: self.time(self.alembic("--version")),
        }, "under 5 ms", rounds=max(15, self.rounds))

        self.cluster.create_database("standing")
        url = self.cluster.url("standing")
        self.time([self.bascule, "upgrade", "head"], url)
        self.compare(f"upgrade head, nothing to do, {n} revisions", {
            "bascule": lambda: self.time([self.bascule, "upgrade", "head"], url),
            "alembic": lambda: self.time(self.alembic("upgrade", "head"), url),
        }, "under 40 ms, 10 times faster than Alembic", rounds=max(9, self.rounds))

        script = self.directory / "all.sql"
        self.time([self.bascule, "upgrade", "base:head", "--sql"], url, output=script)
        self.compare(f"upgrade base:head --sql, {n} revisions", {
            "bascule": lambda: self.time([self.bascule, "upgrade", "base:head", "--sql"], url),
            "alembic": lambda: self.time(self.alembic("upgrade", "base:head", "--sql"), url),
        }, "10 times faster than Alembic")

        psql = shutil.which("psql", path=f"{self.cluster.bin}:{os.environ['PATH']}")
        self.compare(f"{n} revisions applied to an empty PostgreSQL, a commit each", {
            "bascule": self.apply_fresh(lambda name: [self.bascule, "upgrade", "head"]),
            "--online": self.apply_fresh(lambda name: [self.bascule, "upgrade", "head", "--online"]),
            "psql": self.apply_fresh(lambda name: [psql, "-Xq", "-v", "ON_ERROR_STOP=1", self.cluster.url(name), "-f", str(script)]),
            "alembic": self.apply_fresh(lambda name: self.alembic("upgrade", "head")),
        }, "no more than psql takes for the same statements and commits; --online no more than 1.05 of it")
        self.prisma(psql)
        self.flyway()

    def flyway(self):
        """What Flyway's info shows of 1,000 files that have run, beside starting the program at all."""
        project = self.directory / "flyway_project"
        flyway.write_project(project, 1000)
        self.cluster.create_database("flyway")
        url = self.cluster.url("flyway")
        self.time([self.bascule, "-d", str(project), "flyway", "migrate"], url)
        self.compare("Flyway's info, 1000 files that have run, PostgreSQL", {
            "bascule": lambda: self.time([self.bascule, "-d", str(project), "flyway", "info"], url),
            "start-up": lambda: self.time([self.bascule, "--version"], url),
        }, "under 60 ms", rounds=max(15, self.rounds))

    def prisma(self, psql):
        """500 Prisma migrations, as psql -f does the same statements and commits."""
        project, script = self.directory / "prisma_project", self.directory / "prisma.sql"
        prisma.write_project(project, 500, script)
        contenders = {
            "bascule": self.apply_fresh(lambda name: [self.bascule, "-d", str(project), "prisma", "migrate", "deploy"]),
            "psql": self.apply_fresh(lambda name: [psql, "-Xq", "-v", "ON_ERROR_STOP=1", self.cluster.url(name), "-f", str(script)]),
        }
        self.compare("500 Prisma migrations deployed to an empty PostgreSQL", contenders,
                     "no more than 1.05 of what psql takes for the same statements and commits")


    def understanding(self):
        """SQL migrations into operations, nothing run: CPU time of one process, best of several rounds."""
        driver = pathlib.Path(self.bascule).parent / "tests" / "understand" / "bascule_understand_driver"
        if not driver.exists():
            return print(f"understanding SQL: not measured, {driver} is not built")
        migrations = "".join(SQL_MIGRATION.format(n=number) for number in range(self.count))
        done = subprocess.run([driver, "time", "postgresql"], input=migrations, capture_output=True, text=True, check=True)
        print(f"understanding {self.count} SQL migrations\n    {done.stdout.strip()} of CPU\n    aim: under 100 ms for 1000",
              flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bascule", type=pathlib.Path, required=True)
    parser.add_argument("--revisions", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    Bench(parser.parse_args()).run()


if __name__ == "__main__":
    main()
