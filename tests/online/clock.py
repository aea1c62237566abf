#!/usr/bin/env python3
"""Online runs under a wall clock that jumps by an hour, forward and back: Bascule's own, and the server's. Deadlines, pauses
and batches are as ever, nothing that is said has an hour in it, and nobody waits for one.

usage: clock.py BASCULE [NAME ...]"""

import datetime
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import online
from trouble import Holder, change_of, expect, more_orders

HOUR = 3600
# Real time after which something hangs; nothing here takes a tenth of it.
PATIENCE = 90


class WallClock:
    """A clock that can be set, for the programs that are started with its environment."""

    def __init__(self, folder):
        library, file = pathlib.Path(folder) / "wall_clock.so", pathlib.Path(folder) / "ahead"
        subprocess.run([os.environ.get("CC", "cc"), "-O1", "-shared", "-fPIC", "-o", library, online.HERE / "wall_clock.c"],
                       check=True)
        self.file = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        self.environment = {"LD_PRELOAD": str(library), "WALL_CLOCK": str(file)}
        self.set(0)

    def set(self, seconds):
        os.pwrite(self.file, struct.pack("l", seconds), 0)


class Run:
    """A run of Bascule in the background."""

    def __init__(self, ground, project, database, *words, environment=None):
        self.path = ground.folder / "events.json"
        self.path.unlink(missing_ok=True)
        self.output = ground.folder / "output"
        with open(self.output, "w") as file:
            self.process = subprocess.Popen([*ground.command(project, database, *words), "--events", str(self.path)],
                                            stdout=file, stderr=subprocess.STDOUT,
                                            env={**os.environ, **(environment or {})})
        self.began = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()

    def events(self):
        text = self.path.read_text() if self.path.exists() else ""
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def count(self, kind):
        return sum(event["event"] == kind for event in self.events())

    def hears(self, kind, more=1):
        """Waits for further events of this kind."""
        wanted = self.count(kind) + more
        while self.count(kind) < wanted:
            expect(self.process.poll() is None, f"it has ended without {kind}: {self.output.read_text()}")
            expect(time.monotonic() - self.began < PATIENCE, f"no {kind}: {self.output.read_text()}")
            time.sleep(0.02)

    def ends(self, code):
        """Ends, with this code, and has said nothing out of time. Gives how long it took."""
        got = self.process.wait(timeout=PATIENCE)
        took = time.monotonic() - self.began
        said = self.output.read_text()
        expect(got == code, f"exit {got}: {said}")
        for event in self.events():
            for key in ("took_ms", "pause_ms", "done", "total", "tries"):
                value = event.get(key, 0)
                most = 1000 * took + 60_000 if key.endswith("_ms") else 100_000
                expect(0 <= value <= most, f"{key} is {value}: {event}")
        for number, unit in re.findall(r"(-?\d[\d.]*) (ms|s|min)\b", said):
            expect(0 <= float(number) * {"ms": 0.001, "s": 1, "min": 60}[unit] <= took + 60, f"'{number} {unit}': {said}")
        return took

    def jumped(self):
        """The clock has jumped under it: by its own account, forward and back."""
        at = [datetime.datetime.fromisoformat(event["at"].replace("Z", "+00:00")) for event in self.events()]
        steps = [(right - left).total_seconds() for left, right in zip(at, at[1:])]
        expect(max(steps) > HOUR / 2 and min(steps) < -HOUR / 2, f"the clock has not jumped: {steps}")


def there_and_back(clock, run, kind, first=HOUR):
    """The clock jumps, and jumps again, each time after a further event of a kind."""
    for ahead in (first, -first, 0):
        run.hears(kind)
        clock.set(ahead)


def lock_deadline(ground, clock):
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN a integer;")
    database = ground.fresh("clock")
    with Holder(ground, database, "SELECT count(*) FROM orders"):
        time.sleep(0.3)
        words = ["upgrade", "head", "--online", "--lock-deadline", "8s"]
        with Run(ground, ground.project(change), database, *words, environment=clock.environment) as run:
            run.hears("blocked")
            clock.set(HOUR)
            run.hears("blocked")  # it says so every five seconds
            clock.set(-HOUR)
            took = run.ends(4)
            expect(8 <= took < PATIENCE, f"the deadline was not kept: {took} s")
            run.jumped()
    clock.set(0)
    ground.online(change, database)


def lock_that_comes_free(ground, clock):
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN a integer;")
    for ahead in (HOUR, -HOUR):
        database = ground.fresh("clock")
        with Holder(ground, database, "SELECT count(*) FROM orders") as holder:
            time.sleep(0.3)
            with Run(ground, ground.project(change), database, *ground.online_words(change),
                     environment=clock.environment) as run:
                run.hears("blocked")
                clock.set(ahead)
                time.sleep(0.3)
                holder.__exit__()
                run.ends(0)
        clock.set(0)


def pause_between_tries(ground, clock):
    """A row of the backfill is locked: it tries again and again; what it says of its pauses is true."""
    change = change_of(ground, "UPDATE orders SET full_name = first_name || ' ' || last_name;")
    database = ground.fresh("clock")
    with Holder(ground, database, "UPDATE orders SET note = 'mine' WHERE id = 4000") as holder:
        with Run(ground, ground.project(change), database, *ground.online_words(change), "--lock-timeout", "10ms",
                 environment=clock.environment) as run:
            there_and_back(clock, run, "retry")
            holder.__exit__()
            run.ends(0)
            run.jumped()
    expect(ground.cluster.sql("SELECT count(*) FROM orders WHERE full_name IS NOT NULL", database).strip() == "5000", "rows")


def backfill(ground, clock):
    """Batches stay as they are, and so does the rest between them: an hour that seems to have passed is not rested."""
    change = change_of(ground, "UPDATE orders SET full_name = first_name || ' ' || last_name;")
    database = ground.fresh("clock")
    more_orders(ground, database)
    project = ground.project(change)
    throttle = " ".join([ground.bascule, "-d", str(project), "--url", f"'{ground.cluster.url(database)}'", "throttle", "1"])
    with Run(ground, project, database, *ground.online_words(change), "--batch-time", "3ms", "--hook",
             f"before-step={throttle}", environment=clock.environment) as run:
        there_and_back(clock, run, "progress")
        ground.run(project, database, "throttle", "100")
        run.ends(0)
        run.jumped()
        done = [event["done"] for event in run.events() if event["event"] == "progress"]
        expect(done == sorted(done), f"it goes back: {done}")
    expect(ground.cluster.sql("SELECT count(*) FROM orders WHERE full_name IS NULL", database).strip() == "0", "rows")


def index_that_waits(ground, clock):
    """A concurrent build waits for a transaction, and says from a second connection how far it is."""
    change = change_of(ground, "CREATE INDEX orders_customer ON orders (customer_id);")
    database = ground.fresh("clock")
    with Holder(ground, database, "UPDATE orders SET note = 'mine' WHERE id = 1") as holder:
        with Run(ground, ground.project(change), database, *ground.online_words(change),
                 environment=clock.environment) as run:
            there_and_back(clock, run, "progress")
            holder.__exit__()
            run.ends(0)
            run.jumped()
    expect(ground.cluster.sql(online.INVALID, database).strip() == "0", "an invalid index is left")


def servers_lock_timeout(ground, clock):
    """The server's clock is set back while it waits for a lock: its own timeout then comes an hour late. We do not wait."""
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN a integer;")
    database = ground.fresh("clock")
    waits = ("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = 'clock' AND "
             "query LIKE '%ADD COLUMN%' AND pid <> pg_backend_pid()")
    words = ["upgrade", "head", "--online", "--lock-deadline", "300s", "--lock-timeout", "3s"]
    for _ in range(5):
        # It tries while the other transaction is younger than the lock timeout: on a busy machine not at once.
        with Holder(ground, database, "SELECT count(*) FROM orders"), Run(ground, ground.project(change), database, *words) as run:
            while (tries := ground.cluster.sql(waits, database).strip()) != "1" and not run.count("blocked"):
                expect(run.process.poll() is None, f"it has ended: {run.output.read_text()}")
            if tries != "1":
                continue
            clock.set(-HOUR)
            # The next pause is ten timeouts long: that it begins is enough.
            run.hears("retry")
            expect(ground.cluster.sql(waits, database).strip() == "0", "it still waits")
            return
    expect(False, "it never tries")


def servers_ages(ground, clock):
    """Transactions that began in the server's future have no negative age; those of an hour ago are waited for."""
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN a integer;")
    for ahead in (-HOUR, HOUR):
        database = ground.fresh("clock")
        with Holder(ground, database, "SELECT count(*) FROM orders") as holder:
            time.sleep(0.3)
            clock.set(ahead)
            with Run(ground, ground.project(change), database, *ground.online_words(change)) as run:
                run.hears("blocked" if ahead > 0 else "retry")
                holder.__exit__()
                expect(run.process.wait(timeout=PATIENCE) == 0, run.output.read_text())
                ages = [blocker["open_ms"] for event in run.events() for blocker in event.get("blockers", [])]
                expect(all(age >= 0 for age in ages), f"ages are {ages}")
        clock.set(0)


OURS = [lock_deadline, lock_that_comes_free, pause_between_tries, backfill, index_that_waits]
SERVERS = [servers_lock_timeout, servers_ages]


def run_tests(ground, clock, tests):
    wrong = 0
    for test in tests:
        try:
            test(ground, clock)
            print(f"  {test.__name__}: ok", flush=True)
        except (AssertionError, subprocess.TimeoutExpired, online.pgcluster.PgClusterError) as error:
            wrong += 1
            print(f"  {test.__name__}: FAILED {error}", flush=True)
        finally:
            clock.set(0)
    return wrong


def main():
    wanted = sys.argv[2:]
    ours, servers = ([test for test in tests if not wanted or test.__name__ in wanted] for tests in (OURS, SERVERS))
    folder = tempfile.mkdtemp(prefix="clock.")
    os.chmod(folder, 0o755)
    clock = WallClock(folder)
    wrong = 0
    try:
        if ours:
            with online.Ground(sys.argv[1]) as ground:
                wrong += run_tests(ground, clock, ours)
        if servers:
            os.environ.update(clock.environment)
            ground = online.Ground(sys.argv[1])
            with ground:
                for name in clock.environment:
                    del os.environ[name]
                wrong += run_tests(ground, clock, servers)
    finally:
        shutil.rmtree(folder)
    print(f"{len(ours) + len(servers) - wrong} of {len(ours) + len(servers)} jumps of a clock changed nothing")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
