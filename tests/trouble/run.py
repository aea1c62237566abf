#!/usr/bin/env python3
"""Troubles that a text case cannot make. usage: run.py BASCULE full_disk|server_killed"""

import contextlib
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
import pgcluster  # noqa: E402

SKIPPED = 77


def write_chain(folder: pathlib.Path, bodies: list[str]) -> None:
    """A project of one chain: revision 001 is bodies[0], and so on."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    for number, body in enumerate(bodies, start=1):
        parent = f'"{number - 1:03}"' if number > 1 else "None"
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        (versions / f"{number:03}.py").write_text(
            f'"""step {number}"""\nimport sqlalchemy as sa\nfrom alembic import op\n'
            f'revision = "{number:03}"\ndown_revision = {parent}\n\n\n'
            f"def upgrade():\n{lines}\n\ndef downgrade():\n    pass\n"
        )


def expect(true: bool, what: str) -> None:
    if not true:
        raise AssertionError(what)


def full_disk(bascule: str) -> int:
    """A file system that fills up in the middle of a revision, for real."""
    size = 400 * 1024
    probe = subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False)
    in_namespace = ["unshare", "-rm"] if probe.returncode == 0 else []
    if not in_namespace and os.geteuid() != 0:
        print("trouble.full_disk: skipped: neither root nor user namespaces, so nothing can be mounted")
        return SKIPPED
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        create = 'op.create_table("t{0}", sa.Column("id", sa.Integer))'
        rows = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
            "INSERT INTO t2 SELECT i FROM n"
        )
        write_chain(folder, [create.format(1), create.format(2), f'op.execute("{rows}")', create.format(4)])
        disk = folder / "disk"
        disk.mkdir()
        # Everything on the small disk happens in one process tree: outside of it the mount is not there.
        script = f"""
            mount -t tmpfs -o size={size} tmpfs disk || exit 77
            "$0" --url sqlite:///disk/app.db upgrade head; echo "exit $?"
            "$0" --url sqlite:///disk/app.db current
            ls disk
            cp disk/app.db after.db
        """
        done = subprocess.run(
            [*in_namespace, "sh", "-c", script, bascule], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode == 77:
            print(f"trouble.full_disk: skipped: no tmpfs can be mounted here: {done.stderr.strip()}")
            return SKIPPED
        said = done.stdout + done.stderr
        expect("exit 1" in done.stdout, f"a full disk must fail the run:\n{said}")
        expect("full" in done.stderr and "003" in done.stderr, f"it must say what is full, and where:\n{said}")
        expect("stands at '002'" in done.stderr, f"it must say what stands:\n{said}")
        expect("\n002\n" in done.stdout, f"SQLite's journal does not keep `current` from looking:\n{said}")
        expect("app.db-journal" not in done.stdout, f"the journal has been rolled back:\n{said}")
        database = sqlite3.connect(folder / "after.db")
        expect(database.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the file is sound")
        expect(database.execute("SELECT count(*) FROM t2").fetchone() == (0,), "nothing of revision 003 was kept")
        database.close()
        # With room, the same command goes on.
        again = subprocess.run(
            [bascule, "--url", "sqlite:///after.db", "upgrade", "head"], cwd=folder, capture_output=True, text=True, check=False
        )
        expect(again.returncode == 0, again.stderr)
        database = sqlite3.connect(folder / "after.db")
        expect(database.execute("SELECT count(*) FROM t2").fetchone() == (200000,), "revision 003 ran once")
    print("a full disk: 1 passed")
    return 0


@contextlib.contextmanager
def writers(cluster: pgcluster.PgCluster, count: int):
    """An application that writes as fast as it can, until the block ends."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            subprocess.run(
                ["psql", "-qX", cluster.conninfo("app"), "-c", "INSERT INTO traffic SELECT generate_series(1, 50)"],
                capture_output=True,
                check=False,
            )

    threads = [threading.Thread(target=write) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def server_killed(bascule: str) -> int:
    """The server is killed while revisions run one after the other and an application writes."""
    if not pgcluster.find_bin_directory():
        print("trouble.server_killed: skipped: PostgreSQL's server is not installed")
        return SKIPPED
    chance = random.Random(3)
    revisions = 60
    body = 'op.create_table("t{0}", sa.Column("id", sa.Integer))\nop.execute("SELECT pg_sleep(0.02)")'
    with tempfile.TemporaryDirectory() as place, pgcluster.PgCluster("fsync = on\n") as cluster:
        folder = pathlib.Path(place)
        write_chain(folder, [body.format(number) for number in range(1, revisions + 1)])
        cluster.create_database("app")
        cluster.sql("CREATE TABLE traffic (id integer)", "app")
        command = [bascule, "--url", cluster.url("app"), "upgrade", "head"]
        killed = 0
        with writers(cluster, 2):
            for _ in range(3):
                run = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                time.sleep(chance.uniform(0.15, 0.6))
                cluster.kill()
                _, errors = run.communicate(timeout=60)
                killed += run.returncode != 0
                if run.returncode != 0:
                    expect(run.returncode == 1, f"exit {run.returncode}: {errors}")
                    expect("help:" in errors, f"it says what to do next:\n{errors}")
                    expect("stands at" in errors or "not known" in errors or "no-connection" in errors, errors)
                time.sleep(0.3)
                cluster.start_again()
                there = cluster.sql("SELECT to_regclass('alembic_version') IS NOT NULL", "app").strip() == "t"
                rows = cluster.sql("SELECT version_num FROM alembic_version", "app").split() if there else []
                tables = cluster.sql("SELECT count(*) FROM pg_tables WHERE tablename ~ '^t[0-9]+$'", "app").split()
                at = int(rows[0]) if rows else 0
                expect(int(tables[0]) == at, f"the table says {at}, and {tables[0]} revisions' tables are there")
        expect(killed > 0, "no run was hit: the test says nothing")
        last = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        expect(last.returncode == 0, last.stderr)
        expect(cluster.sql("SELECT version_num FROM alembic_version", "app").split() == [f"{revisions:03}"], "head")
    print(f"a server killed under load: {killed} runs hit, 1 passed")
    return 0


def main() -> int:
    bascule, trouble = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
    if shutil.which(bascule) is None:
        print(f"there is no {bascule}", file=sys.stderr)
        return 1
    return {"full_disk": full_disk, "server_killed": server_killed}[trouble](bascule)


if __name__ == "__main__":
    sys.exit(main())
