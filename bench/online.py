#!/usr/bin/env python3
"""What an application feels while migrations run: Bascule with --online, and the same migration naively, by Alembic.

A table under a steady load of reads and writes (pgbench, rate-limited, a process of its own) and a long read transaction
that comes and goes. For each change: the worst and the 99.9th percentile of the application's transactions while the
migration ran, those that failed, and how long it took. Latencies count from when a transaction was due, not from when it
was begun: who waits in a queue waits.

usage: online.py --bascule PATH [--rows N] [--rate N] [--only NAME ...] [--no-alembic]"""

import argparse
import glob
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "lib"))
import pgcluster  # noqa: E402

LOCK_TIMEOUT_MS = 100
CONFIGURATION = """
fsync = on
synchronous_commit = on
autovacuum = on
shared_buffers = 1GB
max_wal_size = 4GB
maintenance_work_mem = 256MB
checkpoint_timeout = 15min
"""
SETUP = """
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, number text NOT NULL, total numeric(10, 2) NOT NULL,
  state text NOT NULL, first_name text, last_name text, full_name text, note text);
INSERT INTO customers SELECT g, 'customer ' || g FROM generate_series(1, 1000) g;
INSERT INTO orders SELECT g, 1 + g % 1000, 'N' || g, g % 97, CASE g % 4 WHEN 0 THEN 'open' ELSE 'done' END, 'first' || g,
  'last' || g, NULL, NULL FROM generate_series(1, {rows}) g;
CREATE INDEX orders_state ON orders (state);
"""
# The application: (weight, script).
LOAD = [
    (6, "\\set id random(1, {rows})\nSELECT total, state FROM orders WHERE id = :id;\n"),
    (3, "\\set id random(1, {rows})\nUPDATE orders SET note = 'seen' WHERE id = :id;\n"),
    (1, "\\set id random({rows} + 1, {rows} * 100)\nINSERT INTO orders (id, customer_id, number, total, state, first_name, "
        "last_name) VALUES (:id, 1, 'X' || :id, 1, 'open', 'a', 'b') ON CONFLICT DO NOTHING;\n"),
]
CHANGES = {
    "create index": "CREATE INDEX orders_customer ON orders (customer_id)",
    "unique constraint": "ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number)",
    "foreign key": "ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id)",
    "check": "ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0)",
    "set not null": "ALTER TABLE orders ALTER COLUMN first_name SET NOT NULL",
    "volatile default": "ALTER TABLE orders ADD COLUMN token text DEFAULT md5(random()::text)",
    "add column": "ALTER TABLE orders ADD COLUMN colour text",
    "update of all rows": "UPDATE orders SET full_name = first_name || ' ' || last_name",
}


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


class Load:
    """pgbench, from when it is started until it is stopped."""

    def __init__(self, cluster, database, folder, options):
        self.cluster, self.database, self.options = cluster, database, options
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.stop_reading = threading.Event()

    def __enter__(self):
        words = []
        for number, (weight, script) in enumerate(LOAD):
            path = self.folder / f"{number}.sql"
            path.write_text(script.format(rows=self.options.rows))
            words += ["-f", f"{path}@{weight}"]
        self.bench = subprocess.Popen(
            [self.cluster.program("pgbench"), "-n", "-h", self.cluster.directory, "-U", "postgres", "-c", "8", "-j", "1",
             "-R", str(self.options.rate), "-T", "3600", "--log", "-M", "prepared", *words, self.database],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read_for_long)
        self.reader.start()
        time.sleep(2)
        self.began = time.time()
        return self

    def read_for_long(self):
        """A report: a transaction that keeps its snapshot and its lock for a while, again and again."""
        while not self.stop_reading.wait(1.5):
            self.cluster.sql("BEGIN; SELECT count(*) FROM orders WHERE id < 1000; SELECT pg_sleep(1.5); COMMIT",
                             self.database)

    def __exit__(self, *exception):
        self.ended = time.time()
        time.sleep(0.5)
        self.stop_reading.set()
        self.bench.terminate()
        _, self.errors = self.bench.communicate()
        self.reader.join()

    def result(self):
        """Worst and 99.9th percentile in ms, of transactions that were due while it was on, and how many failed."""
        latencies, failed = [], 0
        for path in glob.glob(str(self.folder / "pgbench_log.*")):
            for line in open(path):
                fields = line.split()
                if len(fields) < 7:
                    continue
                end = int(fields[4]) + int(fields[5]) / 1e6
                if fields[2] in ("failed", "skipped"):
                    failed += self.began <= end <= self.ended + 0.5
                    continue
                took = int(fields[2]) / 1e6
                if end - took <= self.ended and end >= self.began:
                    latencies.append(took * 1000)
        failed += self.errors.count("ERROR:")
        latencies.sort()
        return {"worst": latencies[-1] if latencies else 0, "p999": percentile(latencies, 0.999),
                "p99": percentile(latencies, 0.99), "count": len(latencies), "failed": failed}


def project(folder, sql):
    """A project of Alembic's with one revision, which Bascule and Alembic both run."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (folder / "migrations" / "script.py.mako").write_text("")
    (folder / "migrations" / "env.py").write_text(
        "import os\nimport sqlalchemy\nfrom alembic import context\n"
        "engine = sqlalchemy.create_engine(os.environ['DATABASE_URL'])\n"
        "with engine.connect() as connection:\n    context.configure(connection=connection)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n")
    (versions / "001_change.py").write_text(
        f'"""change"""\nfrom alembic import op\nrevision = "001"\ndown_revision = None\n\n\ndef upgrade():\n'
        f"    op.execute({sql!r})\n\n\ndef downgrade():\n    pass\n")
    return folder


def measure(cluster, folder, options, sql, command, environment):
    cluster.drop_database("app")
    cluster.sql("CREATE DATABASE app TEMPLATE base")
    cluster.sql("VACUUM ANALYZE", "app")
    cluster.sql("CHECKPOINT", "app")
    with Load(cluster, "app", folder, options) as load:
        started = time.time()
        done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
        took = time.time() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return {**load.result(), "took": took}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bascule", required=True)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--no-alembic", action="store_true")
    options = parser.parse_args()
    alembic = None
    if not options.no_alembic:
        probe = subprocess.run([sys.executable, "-c", "import alembic, psycopg2; print(alembic.__version__)"],
                               capture_output=True, text=True)
        alembic = probe.stdout.strip() if probe.returncode == 0 else None
        if alembic is None:
            print("Alembic is not there: the naive run is Bascule's, without --online")
    late = 0
    with tempfile.TemporaryDirectory() as place, pgcluster.PgCluster(CONFIGURATION) as cluster:
        folder = pathlib.Path(place)
        cluster.create_database("base")
        cluster.sql(SETUP.format(rows=options.rows), "base")
        cluster.sql("VACUUM ANALYZE", "base")
        print(f"{options.rows:,} rows; {options.rate} transactions a second, 8 connections; a read of 1.5 s every 3 s; "
              f"lock timeout {LOCK_TIMEOUT_MS} ms; naive: {'Alembic ' + alembic if alembic else 'Bascule'}")
        print(f"{'':20} {'online':>46}   {'naive':>46}")
        heads = f"{'worst':>9} {'p99.9':>9} {'p99':>8} {'failed':>7} {'took':>8}"
        print(f"{'change':20} {heads:>46}   {heads:>46}")
        idle = measure(cluster, folder, options, "", ["sleep", "10"], {})
        print(f"{'(none)':20} {line(idle)}", flush=True)
        for number, (name, sql) in enumerate(CHANGES.items()):
            if options.only and name not in options.only:
                continue
            home = project(folder / str(number), sql)
            environment = {"DATABASE_URL": cluster.url("app"), "PYTHONDONTWRITEBYTECODE": "1"}
            bascule = [options.bascule, "-d", str(home)]
            ours = measure(cluster, folder, options, sql,
                           [*bascule, "upgrade", "head", "--online", "--lock-timeout", f"{LOCK_TIMEOUT_MS}ms"], environment)
            naive = [*bascule, "upgrade", "head"]
            if alembic:
                naive = [sys.executable, "-m", "alembic", "-c", str(home / "alembic.ini"), "upgrade", "head"]
                environment["DATABASE_URL"] = cluster.url("app", "psycopg2")
                os.chdir(home)
            theirs = measure(cluster, folder, options, sql, naive, environment)
            os.chdir(ROOT)
            print(f"{name:20} {line(ours)}   {line(theirs)}", flush=True)
            late += ours["worst"] > LOCK_TIMEOUT_MS * 1.1 or ours["failed"] > 0
    print(f"aim: no transaction of the application waits longer than {LOCK_TIMEOUT_MS * 1.1:.0f} ms and none fails: "
          f"{'kept' if late == 0 else f'missed by {late} changes'}")


def line(result):
    return (f"{result['worst']:7.0f}ms {result['p999']:7.1f}ms {result['p99']:6.1f}ms {result['failed']:>7} "
            f"{result['took']:7.1f}s")


if __name__ == "__main__":
    main()
