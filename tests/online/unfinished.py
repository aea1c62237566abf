#!/usr/bin/env python3
"""Online runs that did not end: gone on with, or taken back. What cannot be taken back is said, what was there before the run
is left alone, and nobody waits for it.

usage: unfinished.py BASCULE [NAME ...]"""

import json
import subprocess
import sys
import time

import online
from trouble import Holder, S, Skip, change_of, expect, psql, run, small


def taken_back(ground):
    """abort leaves what was there before."""
    change = change_of(ground, "CREATE INDEX orders_customer ON orders (customer_id);\nALTER TABLE orders ADD COLUMN d integer;\n"
                               "ALTER TABLE orders ADD CONSTRAINT orders_ok CHECK (total >= 0);\nDROP INDEX orders_state;")
    database = ground.fresh("trouble")
    project = ground.project(change)
    # The history table is made by the first run, and stays.
    def look():
        return [line for line in ground.snapshot(database).splitlines() if "revision" not in line]
    ground.cluster.sql("CREATE TABLE bascule_revisions (revision varchar(255) PRIMARY KEY, applied_at timestamptz NOT NULL "
                       "DEFAULT CURRENT_TIMESTAMP)", database)
    before = look()
    steps = len(ground.steps(change, database))
    for number in range(1, steps):
        ground.run(project, database, "upgrade", "head", "--online", "--hook",
                   f"after-step=case \"$(cat)\" in *'\"step\":{number},'*) kill -9 $PPID ;; esac", check=False)
        done = ground.run(project, database, "abort")
        expect(f"revision '001'" in done.stdout, done.stdout)
        after = look()
        expect(before == after, f"after {number} steps:\n" + online.difference("\n".join(before), "\n".join(after)))


def abort_interrupted(ground):
    """What was begun to be taken back is not gone on with."""
    change = change_of(ground, "CREATE INDEX events_payload ON events (payload);")
    database = ground.fresh("trouble")
    project = ground.project(change)
    indexes = "SELECT indexrelid::regclass FROM pg_index WHERE indrelid::regclass::text LIKE 'events%'"
    before = ground.cluster.sql(indexes, database)
    ground.run(project, database, "upgrade", "head", "--online", "--hook",
               "after-step=case \"$(cat)\" in *'\"step\":3,'*) kill -9 $PPID ;; esac", check=False)
    ground.cluster.sql("DROP INDEX events_payload; UPDATE bascule.step SET state = 'undone' WHERE number = 2", database)
    done = ground.run(project, database, "upgrade", "head", "--online", check=False)
    expect(done.returncode == 2 and "abort-unfinished" in done.stderr, f"exit {done.returncode}: {done.stderr}")
    ground.run(project, database, "abort")
    after = ground.cluster.sql(indexes, database)
    expect(after == before, f"before:\n{before}after:\n{after}")
    ground.online(change, database)


def schema(ground, database):
    return [line for line in ground.snapshot(database).splitlines() if not line.startswith(("bascule_", "revisions:"))]


def killed_behind(ground, change, database, step):
    ground.online(change, database, "--hook", f"after-step=case \"$(cat)\" in *'\"step\":{step},'*) kill -9 $PPID ;; esac",
                  check=False)


def aborted(ground, sql, before, step, stays, undone):
    """Begun, killed behind a step and taken back: what `stays` says, and nothing else."""
    change = change_of(ground, sql)
    change.allow = ["--allow", "drop-column", "--allow", "drop-table", "--allow", "change-column-type"]
    database = small(ground, before)
    killed_behind(ground, change, database, step)
    done = ground.run(ground.project(change), database, "abort", "--json")
    said = json.loads(done.stdout)
    got = [one["statement"] for one in said["stays"]]
    expect(got == stays and said["steps_undone"] == undone, f"{sql}\n{done.stdout}{done.stderr}")
    state = ground.cluster.sql("SELECT state FROM bascule.run", database).strip()
    expect(state == "aborted", f"the run is {state}")
    expect(ground.cluster.sql(online.PREPARED, database).strip() == "0", "a constraint is not valid")
    expect(ground.cluster.sql(online.INVALID, database).strip() == "0", "an index is not valid")
    return database


def abort_names_what_stays(ground):
    """What cannot be taken back is named and is not counted, and the run ends all the same."""
    aborted(ground, "ALTER TABLE s DROP COLUMN uid;\nCREATE INDEX s_note ON s (note);\nALTER TABLE s ADD COLUMN n integer;", S, 2,
            ["ALTER TABLE s DROP COLUMN uid"], 1)
    aborted(ground, "INSERT INTO s VALUES (2, 'y', 2);\nCREATE INDEX s_note ON s (note);\nALTER TABLE s ADD COLUMN n integer;", S,
            2, ["INSERT INTO s VALUES (2, 'y', 2)"], 1)
    aborted(ground, "GRANT SELECT ON s TO PUBLIC;\nCREATE INDEX s_note ON s (note);\nALTER TABLE s ADD COLUMN n integer;", S, 2,
            ["GRANT SELECT ON s TO PUBLIC"], 1)
    aborted(ground, "ALTER TABLE s DROP COLUMN uid, ADD COLUMN n integer;\nCREATE INDEX s_note ON s (note);\n"
                    "ALTER TABLE s ADD COLUMN m integer;", S, 2, ["ALTER TABLE s DROP COLUMN uid, ADD COLUMN n integer"], 1)
    # It is said before anything is touched, too.
    change = change_of(ground, "ALTER TABLE s DROP COLUMN uid;\nCREATE INDEX s_note ON s (note);\nALTER TABLE s ADD COLUMN n integer;")
    change.allow = ["--allow", "drop-column"]
    database = small(ground, S)
    killed_behind(ground, change, database, 2)
    said = ground.run(ground.project(change), database, "abort").stdout
    expect(0 < said.find("nothing takes this back") < said.find("Took back 1 step of"), said)
    expect("Stays: ALTER TABLE s DROP COLUMN uid" in said, said)


def abort_goes_on_where_the_server_refuses(ground):
    index = "CREATE INDEX s_u ON s (uid);"
    aborted(ground, "DROP INDEX s_u;\nALTER TABLE s DROP COLUMN uid;\nALTER TABLE s ADD COLUMN n integer;\n"
                    "CREATE INDEX s_note ON s (note);", S + index, 3,
            ["DROP INDEX CONCURRENTLY s_u", "ALTER TABLE s DROP COLUMN uid"], 1)
    # NULLs that have come since: NOT NULL does not come back, and no check is left.
    aborted(ground, "ALTER TABLE s ALTER COLUMN state DROP NOT NULL;\nUPDATE s SET state = NULL;\n"
                    "CREATE INDEX s_note ON s (note);\nALTER TABLE s ADD COLUMN n integer;", S, 3,
            ["ALTER TABLE s ALTER COLUMN state DROP NOT NULL", "UPDATE s SET state = NULL"], 1)
    aborted(ground, "ALTER TABLE s DROP CONSTRAINT s_uid;\nUPDATE s SET uid = -1;\nCREATE INDEX s_note ON s (note);\n"
                    "ALTER TABLE s ADD COLUMN n integer;", S, 3,
            ["ALTER TABLE s DROP CONSTRAINT s_uid", "UPDATE s SET uid = -1"], 1)
    # What went with something that stays gone is taken back by that.
    aborted(ground, "ALTER TABLE s ADD COLUMN n integer;\nCREATE INDEX s_n ON s (n);\nDROP TABLE s;\n"
                    "CREATE INDEX orders_customer ON orders (customer_id);\nALTER TABLE orders ADD COLUMN n integer;", S, 4,
            ["DROP TABLE s"], 3)


def abort_brings_back(ground):
    """Constraints, without anybody being kept waiting; types; a column's numbers."""
    before = ("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE k (id integer CONSTRAINT k_key PRIMARY KEY, n integer NOT NULL "
              "CONSTRAINT k_n UNIQUE, c integer CONSTRAINT k_c CHECK (c > 0), s integer CONSTRAINT k_s REFERENCES k2, x e "
              "DEFAULT 'b'); INSERT INTO k VALUES (1, 1, 1, NULL, 'a');")
    before = "CREATE TABLE k2 (id integer PRIMARY KEY);" + before
    for sql, step in (
            ("ALTER TABLE k DROP CONSTRAINT k_key;\nCREATE INDEX k_i ON k (c);", 1),
            ("ALTER TABLE k DROP CONSTRAINT k_n;\nCREATE INDEX k_i ON k (c);", 1),
            ("ALTER TABLE k DROP CONSTRAINT k_c;\nCREATE INDEX k_i ON k (c);", 1),
            ("ALTER TABLE k DROP CONSTRAINT k_s;\nCREATE INDEX k_i ON k (c);", 1),
            ("ALTER TABLE k ALTER COLUMN n DROP NOT NULL;\nCREATE INDEX k_i ON k (c);", 1),
            ("ALTER TABLE k DROP CONSTRAINT k_n, DROP CONSTRAINT k_c, ALTER COLUMN n DROP NOT NULL;\nCREATE INDEX k_i ON k (c);", 1),
            ("ALTER TABLE k ALTER COLUMN x TYPE text;\nCREATE INDEX k_i ON k (c);", 1)):
        change = change_of(ground, sql)
        change.allow = ["--allow", "change-column-type"]
        database = small(ground, before)
        wanted = schema(ground, database)
        killed_behind(ground, change, database, step)
        waits = ground.run(ground.project(change), database, "abort", "--json")
        expect(json.loads(waits.stdout)["stays"] == [], f"{sql}\n{waits.stdout}")
        wrong = online.difference("\n".join(wanted), "\n".join(schema(ground, database)))
        expect(not wrong, f"{sql}\n{wrong}")
    if ground.cluster.version < 12:
        return  # which have nothing gentle for NOT NULL
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY;\n"
                               "CREATE INDEX orders_customer ON orders (customer_id);\nALTER TABLE orders ADD COLUMN m integer;")
    database = small(ground, "")
    wanted = schema(ground, database)
    steps = len(ground.steps(change, database))
    killed_behind(ground, change, database, steps - 1)
    said = ground.run(ground.project(change), database, "abort", "--json").stdout
    expect([one["statement"][:6] for one in json.loads(said)["stays"]] == ["UPDATE"], said)
    wrong = online.difference("\n".join(wanted), "\n".join(schema(ground, database)))
    expect(not wrong, wrong)


def abort_keeps_nobody_waiting(ground):
    """A key that comes back is built while others write."""
    change = change_of(ground, "ALTER TABLE orders DROP CONSTRAINT orders_pkey;\nCREATE INDEX orders_customer ON orders (customer_id);")
    database = small(ground, "")
    killed_behind(ground, change, database, 1)
    with Holder(ground, database, "UPDATE orders SET note = 'x' WHERE id = 2"):
        process = subprocess.Popen(ground.command(ground.project(change), database, "abort"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        building = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE INDEX CONC%'"
        for _ in range(100):
            if ground.cluster.sql(building, database).strip() != "0" or process.poll() is not None:
                break
            time.sleep(0.05)
        expect(process.poll() is None, "it was not built concurrently")
        ground.cluster.sql("SET lock_timeout = '200ms'; UPDATE orders SET note = 'written' WHERE id = 1", database)
    out, err = process.communicate(timeout=60)
    expect(process.returncode == 0, out + err)


def abort_stopped_by_a_lock(ground):
    """It says what is still there, and goes on."""
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN d integer;\nCREATE INDEX orders_customer ON orders (customer_id);")
    database = small(ground, "")
    killed_behind(ground, change, database, 1)
    with Holder(ground, database, "SELECT count(*) FROM orders"):
        time.sleep(0.3)
        done = ground.run(ground.project(change), database, "abort", "--lock-deadline", "1s", check=False)
    expect(done.returncode == 4 and "1 of 2 steps are done and stay" in done.stderr, f"exit {done.returncode}: {done.stderr}")
    expect("001_change.sql:4\n" in done.stderr, f"a place without a column has one: {done.stderr}")
    expect("Took back 1 step of" in ground.run(ground.project(change), database, "abort").stdout, "not taken back")


def index_drop_interrupted(ground):
    """Dropped by half, it is dropped by the next run, and built again by an abort."""
    change = change_of(ground, "DROP INDEX orders_state;\nALTER TABLE orders ADD COLUMN d integer;")
    there = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('orders_state')"
    for goes_on in (True, False):
        database = small(ground, "")
        # As if killed in the midst of it.
        with Holder(ground, database, "SELECT count(*) FROM orders"):
            process = subprocess.Popen(ground.command(ground.project(change), database, *ground.online_words(change)),
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(100):
                if ground.cluster.sql(there, database).strip() == "f":
                    break
                time.sleep(0.05)
            process.kill()
            process.wait()
            ground.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'DROP INDEX CONC%'",
                               database)
        expect(ground.cluster.sql(there, database).strip() == "f", "the index is not dropped by half")
        if goes_on:
            ground.online(change, database)
            expect(ground.cluster.sql(there, database).strip() == "", "it is still there")
        else:
            said = ground.run(ground.project(change), database, "abort").stdout
            expect(ground.cluster.sql(there, database).strip() == "t", f"it is not back: {said}")


def reindex_interrupted(ground):
    """What a REINDEX TABLE that was killed has built goes, with the table's TOAST index."""
    if ground.cluster.version < 12:
        raise Skip("no REINDEX CONCURRENTLY before PostgreSQL 12")
    change = change_of(ground, "REINDEX TABLE orders;\nALTER TABLE orders ADD COLUMN d integer;")
    beside = "SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)'"
    for words in (["upgrade"], ["abort"]):
        database = small(ground, "")
        with Holder(ground, database, "UPDATE orders SET note = 'x' WHERE id = 1"):
            process = subprocess.Popen(ground.command(ground.project(change), database, *ground.online_words(change)),
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(100):
                if ground.cluster.sql(beside, database).strip() != "0":
                    break
                time.sleep(0.05)
            process.kill()
            process.wait()
            ground.cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'REINDEX%'", database)
        expect(int(ground.cluster.sql(beside, database)) > 1, "nothing was left")
        ground.online(change, database) if words == ["upgrade"] else ground.run(ground.project(change), database, "abort")
        expect(ground.cluster.sql(beside, database).strip() == "0", f"{words}: they are still there")


def index_there_before(ground):
    """An index of that name that was there is none of ours: an error as without --online, or skipped where the author says
    IF NOT EXISTS; and an abort leaves it."""
    index = "CREATE UNIQUE INDEX ix ON orders (number) WHERE id < 0"
    there = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix'"
    for sql, code in (("CREATE UNIQUE INDEX ix ON orders (number) WHERE id > 0", 1), (index, 1),
                      ("CREATE UNIQUE INDEX IF NOT EXISTS ix ON orders (number) WHERE id > 0", 0)):
        change = change_of(ground, f"CREATE INDEX orders_customer ON orders (customer_id);\n{sql};\n"
                                   "CREATE INDEX orders_total ON orders (total);\nALTER TABLE orders ADD COLUMN d integer;")
        database = small(ground, index)
        before = ground.cluster.sql(there, database)
        if code == 0:
            killed_behind(ground, change, database, 3)
        else:
            done = ground.online(change, database, check=False)
            expect(done.returncode == 1 and "name-in-the-way" in done.stderr and "ix" in done.stderr, done.stdout + done.stderr)
        ground.run(ground.project(change), database, "abort")
        expect(ground.cluster.sql(there, database) == before, "it is gone, or another one")
        if code == 0:
            ground.online(change, database)
            expect(ground.cluster.sql(there, database) == before, "it is another one")
    # Nobody knew of it when the plan was made.
    change = change_of(ground, "DO $$BEGIN EXECUTE 'CREATE INDEX ix ON orders (number)'; END$$;\n"
                               "CREATE INDEX IF NOT EXISTS ix ON orders (total);")
    database = small(ground, "")
    done = ground.online(change, database)
    expect("is there already, since before this run" in done.stdout, done.stdout)
    expect("(number)" in ground.cluster.sql(there, database), "it is another one")


def column_there_before(ground):
    """Outside of a transaction, too, the server's own word counts."""
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders ADD COLUMN d integer;")
    database = small(ground, "")
    project = ground.project(change, header="-- transaction: off\n")
    done = ground.run(project, database, "upgrade", "head", "--online", check=False)
    expect(done.returncode == 1 and "already exists" in done.stderr, done.stdout + done.stderr)
    ground.run(project, database, "abort", check=False)  # nothing is unfinished, if its steps shared a transaction
    ground.cluster.sql("SELECT note FROM orders LIMIT 1", database)


UNFINISHED = [taken_back, abort_interrupted, abort_names_what_stays, abort_goes_on_where_the_server_refuses,
              abort_brings_back, abort_keeps_nobody_waiting, abort_stopped_by_a_lock, index_drop_interrupted,
              reindex_interrupted, index_there_before, column_there_before]


if __name__ == "__main__":
    sys.exit(run(UNFINISHED))
