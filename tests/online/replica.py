#!/usr/bin/env python3
"""Online runs beside a streaming replica: one that replays too slowly is waited for, one that is gone is not.

usage: replica.py BASCULE [NAME ...]"""

import os
import signal
import subprocess
import sys
import tempfile
import time

import online
from online import pgcluster

# No answers of the replica but those that what is written, or replayed, makes it give.
PRIMARY = "wal_level = replica\nmax_wal_senders = 10\nwal_sender_timeout = 0\n"
REPLICA = "wal_receiver_status_interval = 1000s\nwal_receiver_timeout = 0\n"
FILLED = "SELECT count(*) FROM orders WHERE full_name IS NOT NULL"
ROWS = "5000"


def expect(true, what):
    if not true:
        raise AssertionError(what)


def wait_until(true, what, patience=60):
    end = time.monotonic() + patience
    while not true():
        expect(time.monotonic() < end, f"it has not come to this: {what() if callable(what) else what}")
        time.sleep(0.05)


def number(cluster, sql, database="postgres"):
    return cluster.sql(sql, database).strip()


def fall_behind(primary, replica, seconds):
    """Replay stops, and the primary comes to hear that it is late."""
    replica.sql("SELECT pg_wal_replay_pause()")
    late_by(primary, seconds)


def late_by(primary, seconds):
    def late():
        primary.sql("SELECT pg_logical_emit_message(true, 'test', 'something to replay')")
        return number(primary, f"SELECT bool_or(replay_lag > interval '{seconds} s') FROM pg_stat_replication") == "t"
    wait_until(late, "somebody is late")


def caught_up(primary, replica):
    """The replica has what the primary has."""
    at = number(primary, "SELECT pg_current_wal_lsn()")
    wait_until(lambda: number(replica, f"SELECT pg_last_wal_replay_lsn() >= '{at}'") == "t", "the replica has caught up")


class Run:
    """A run of Bascule in the background, its events and its output in files."""

    def __init__(self, ground, project, database, *words, url=None):
        self.events = ground.folder / "events.json"
        self.events.unlink(missing_ok=True)
        self.output = ground.folder / "output"
        command = [ground.bascule, "-d", str(project), "--url", url or ground.cluster.url(database), *words, "--events",
                   str(self.events)]
        with open(self.output, "w") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()

    def text(self):
        return self.output.read_text()

    def heard(self, *words):
        lines = self.events.read_text().splitlines() if self.events.exists() else []
        return any(all(word in line for word in words) for line in lines)

    def hears(self, *words):
        wait_until(lambda: self.heard(*words) or self.process.poll() is not None, lambda: f"{words}: {self.text()}")
        expect(self.heard(*words), f"no event with {words}: {self.text()}")

    def ends_well(self):
        code = self.process.wait(timeout=60)
        expect(code == 0, f"exit {code}: {self.text()}")


def lagging(ground, replica):
    """The backfill waits, says for whom, and goes on as soon as all is replayed, though nothing is written meanwhile."""
    change = online.Change(online.CHANGES / "update_whole.sql")
    database = ground.fresh("lagging")
    late = ["--max-lag", "300ms"]
    # The background writer would write something every now and then, and make the replica answer.
    writer = int(number(ground.cluster, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'background writer'"))
    fall_behind(ground.cluster, replica, 1)
    os.kill(writer, signal.SIGSTOP)
    try:
        with Run(ground, ground.project(change), database, *ground.online_words(change), *late, "--jobs", "2") as run:
            run.hears('"event":"paused"', "replica 'walreceiver' is ", " s behind", "--max-lag allows 0.3 s")
            before = number(ground.cluster, FILLED, database)
            time.sleep(1.2)
            expect(before == number(ground.cluster, FILLED, database) == "0", "it does not pause")
            expect(run.text().count("paused") == 1, f"it is told of again and again: {run.text()}")
            expect(run.process.poll() is None, f"it has ended: {run.text()}")
            replica.sql("SELECT pg_wal_replay_resume()")
            run.hears('"event":"resumed"')
            run.ends_well()
            expect("goes on" in run.text(), run.text())
    finally:
        os.kill(writer, signal.SIGCONT)
    expect(number(ground.cluster, "SELECT count(*) FROM bascule_revisions", database) == "1", "it is not in the history")
    caught_up(ground.cluster, replica)
    expect(ground.snapshot(database) == replica_snapshot(ground, replica, database), "the replica has something else")


def replica_snapshot(ground, replica, database):
    primary, ground.cluster = ground.cluster, replica
    try:
        return ground.snapshot(database)
    finally:
        ground.cluster = primary


def backfill(ground, database, *words, **options):
    return Run(ground, ground.folder, database, "backfill", "orders", "--set", "full_name = first_name || ' ' || last_name",
               "--max-lag", "300ms", *words, **options)


def gone_while_it_is_waited_for(ground, replica):
    """The replica is cut off while it is waited for: the run says so and goes on; a replica that comes back has it all."""
    database = ground.fresh("gone")
    fall_behind(ground.cluster, replica, 1)
    with backfill(ground, database) as run:
        run.hears('"event":"paused"', "replica 'walreceiver'")
        # While replay is paused the replica does not connect again.
        ground.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
        run.hears('"event":"note"', "replica 'walreceiver' is no longer connected")
        run.ends_well()
        expect("no longer connected" in run.text(), run.text())
    expect(number(ground.cluster, FILLED, database) == ROWS, "not all rows")
    replica.sql("SELECT pg_wal_replay_resume()")
    caught_up(ground.cluster, replica)
    expect(number(replica, FILLED, database) == ROWS, "the replica has not all rows")


def restarted_while_it_is_waited_for(ground, replica):
    """The replica goes down and comes back with replay running: nothing is lost, nothing hangs."""
    database = ground.fresh("restarted")
    fall_behind(ground.cluster, replica, 1)
    with backfill(ground, database) as run:
        run.hears('"event":"paused"', "replica 'walreceiver'")
        replica.kill()
        run.hears('"event":"note"', "no longer connected")
        replica.start_again()
        run.ends_well()
    caught_up(ground.cluster, replica)
    expect(number(replica, FILLED, database) == ROWS, "the replica has not all rows")


def not_seen(ground, replica):
    """A role that may not see replicas is told that they are not waited for, once."""
    database = ground.fresh("not_seen")
    ground.cluster.sql("DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN; GRANT CREATE ON DATABASE not_seen TO plain; "
                       "ALTER TABLE orders OWNER TO plain", database)
    url = ground.cluster.url(database).replace("postgres@", "plain@")
    with backfill(ground, database, url=url) as run:
        run.ends_well()
        expect(run.text().count("pg_read_all_stats") == 1, run.text())
    with backfill(ground, database) as run:
        run.ends_well()
        expect("pg_read_all_stats" not in run.text(), run.text())
    ground.cluster.drop_database(database)
    ground.cluster.sql("DROP ROLE plain")


def archive(ground, replica):
    """What only receives has a lag that grows for ever, and is no replica."""
    database = ground.fresh("archive")
    caught_up(ground.cluster, replica)
    with tempfile.TemporaryDirectory() as place:
        receiver = subprocess.Popen([f"{ground.cluster.bin}/pg_receivewal", "-D", place, "-h", ground.cluster.directory, "-U",
                                     "postgres", "-n"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            receives = "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal'"
            wait_until(lambda: number(ground.cluster, receives) == "1", "pg_receivewal is connected")
            late_by(ground.cluster, 1)
            with backfill(ground, database) as run:
                run.ends_well()
                expect(not run.heard('"event":"paused"'), run.text())
        finally:
            receiver.kill()
            receiver.wait()


def slot_without_a_receiver(ground, replica):
    """The last one: the replica stops for good, its slot stays."""
    database = ground.fresh("slot")
    replica.stop()
    idle = "SELECT count(*) FROM pg_replication_slots WHERE NOT active"
    wait_until(lambda: number(ground.cluster, idle) == "1", "the slot has no receiver")
    with backfill(ground, database) as run:
        run.ends_well()
        expect(not run.heard('"event":"paused"'), run.text())
    expect(number(ground.cluster, FILLED, database) == ROWS, "not all rows")


TESTS = [lagging, gone_while_it_is_waited_for, restarted_while_it_is_waited_for, not_seen, archive, slot_without_a_receiver]


def main():
    wanted = sys.argv[2:]
    chosen = [test for test in TESTS if not wanted or test.__name__ in wanted]
    wrong = 0
    with online.Ground(sys.argv[1], PRIMARY) as ground, pgcluster.Replica(ground.cluster, "replica", REPLICA) as replica:
        for test in chosen:
            try:
                test(ground, replica)
                print(f"  {test.__name__}: ok", flush=True)
            except (AssertionError, subprocess.TimeoutExpired, pgcluster.PgClusterError) as error:
                wrong += 1
                print(f"  {test.__name__}: FAILED {error}", flush=True)
                if test is not chosen[-1]:
                    replica.sql("SELECT pg_wal_replay_resume()")
    print(f"{len(chosen) - wrong} of {len(chosen)} replicas were treated well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
