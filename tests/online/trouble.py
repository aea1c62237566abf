#!/usr/bin/env python3
"""What an online run meets on a bad day. Each is a function; the message that the user reads is part of what is tested.

usage: trouble.py BASCULE [NAME ...]"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import online


class Skip(Exception):
    """Why a test cannot be done here."""


def expect(true, what):
    if not true:
        raise AssertionError(what)


def change_of(ground, sql):
    """A change that is in no file."""
    change = online.Change.__new__(online.Change)
    ground.made = getattr(ground, "made", 0) + 1
    change.name, change.sql, change.same_data, change.since, change.allow = f"made{ground.made}", sql, True, 0, []
    return change


def psql(ground, database):
    return [ground.cluster.program("psql"), "-XAtq", "-h", ground.cluster.directory, "-U", "postgres", "-d", database]


class Holder:
    """Another session, in a transaction that has done something."""

    def __init__(self, ground, database, sql):
        self.process = subprocess.Popen(psql(ground, database), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "PGAPPNAME": "report"})
        self.process.stdin.write(f"BEGIN; {sql};\n\\echo ready\n")
        self.process.stdin.flush()
        while self.process.stdout.readline().strip() != "ready":
            pass

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def more_orders(ground, database):
    """So many that a throttled backfill of them is not over before somebody has looked, however fast the machine is."""
    ground.cluster.sql("INSERT INTO orders (id, customer_id, number, first_name, last_name) SELECT g, 1, 'N' || g, 'first', 'last' "
                       "FROM generate_series(5001, 100000) g", database)


def lock_never_free(ground):
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN a integer;\nCREATE INDEX orders_a ON orders (a);")
    database = ground.fresh("trouble")
    with Holder(ground, database, "SELECT count(*) FROM orders"):
        time.sleep(0.3)
        began = time.time()
        done = ground.run(ground.project(change), database, "upgrade", "head", "--online", "--lock-deadline", "2s",
                          check=False)
        expect(done.returncode == 4, f"exit {done.returncode}: {done.stderr}")
        expect(2 <= time.time() - began < 20, "the deadline was not kept")
        for word in ("lock-not-free", "report", "idle in transaction", "SELECT count(*) FROM orders"):
            expect(word in done.stderr, f"'{word}' is not in: {done.stderr}")
        expect(ground.cluster.sql("SELECT count(*) FROM pg_locks WHERE NOT granted", database).strip() == "0",
               "something still waits")
    ground.online(change, database)


def blockers_ended_when_told(ground):
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN b integer;")
    database = ground.fresh("trouble")
    with Holder(ground, database, "SELECT count(*) FROM orders"):
        time.sleep(0.3)
        done = ground.online(change, database, "--terminate-blockers-after", "500ms")
        expect("ended" in done.stdout and "report" in done.stdout, done.stdout)


def unique_over_duplicates(ground):
    change = change_of(ground, "CREATE UNIQUE INDEX orders_code ON orders (code);")
    database = ground.fresh("trouble")
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "rows-against" in done.stderr, done.stderr)
    expect("code = c" in done.stderr and "rows = 100" in done.stderr, f"no duplicate is named: {done.stderr}")
    expect(ground.cluster.sql("SELECT count(*) FROM pg_class WHERE relname = 'orders_code'", database).strip() == "0",
           "the index is still there")


def duplicates_that_come_later(ground):
    """They are not there when they are looked for, but when the index is built."""
    change = change_of(ground, "CREATE UNIQUE INDEX orders_number_once ON orders (number);")
    database = ground.fresh("trouble")
    insert = " ".join([*psql(ground, database), "-c",
                       "\"INSERT INTO orders (id, customer_id, number) VALUES (90001, 1, 'N1')\""])
    holder = None
    try:
        # The build waits for this transaction; the duplicate comes meanwhile.
        holder = Holder(ground, database, "UPDATE orders SET note = 'x' WHERE id = 1")
        process = subprocess.Popen(ground.command(ground.project(change), database, *ground.online_words(change)),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(100):
            time.sleep(0.1)
            if ground.cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE UNIQUE INDEX CONC%' "
                                  "AND wait_event_type = 'Lock'", database).strip() == "1":
                break
        subprocess.run(insert, shell=True, check=True)
    finally:
        holder.__exit__()
    _, said = process.communicate(timeout=60)
    expect(process.returncode == 1, f"exit {process.returncode}: {said}")
    expect("N1" in said, f"the duplicate is not named: {said}")
    expect(ground.cluster.sql("SELECT count(*) FROM pg_class WHERE relname = 'orders_number_once'", database).strip() == "0",
           "the invalid index is still there")
    ground.cluster.sql("DELETE FROM orders WHERE id = 90001", database)
    ground.online(change, database)


def index_of_that_name(ground):
    change = change_of(ground, "CREATE INDEX orders_state ON orders (total);")
    database = ground.fresh("trouble")
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "orders_state" in done.stderr, done.stderr)
    expect("(total)" not in ground.cluster.sql("SELECT indexdef FROM pg_indexes WHERE indexname = 'orders_state'", database),
           "the index was replaced")


def invalid_index_left(ground):
    change = change_of(ground, "CREATE INDEX orders_customer ON orders (customer_id);")
    database = ground.fresh("trouble")
    ground.cluster.sql("CREATE INDEX orders_customer ON orders (customer_id); "
                       "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_customer'::regclass", database)
    ground.online(change, database)
    expect(ground.cluster.sql(online.INVALID, database).strip() == "0", "it is still invalid")


def not_null_over_nulls(ground):
    if ground.cluster.version < 12:
        raise Skip("refused before PostgreSQL 12, with or without NULLs")
    change = change_of(ground, "ALTER TABLE orders ALTER COLUMN full_name SET NOT NULL;")
    database = ground.fresh("trouble")
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "rows-against" in done.stderr, done.stderr)
    expect("where full_name is NULL (5000 in all)" in done.stderr and "of_all" not in done.stderr, done.stderr)
    expect(ground.cluster.sql("SELECT count(*) FROM pg_constraint WHERE NOT convalidated", database).strip() == "0",
           "a constraint was left behind")
    ground.cluster.sql("UPDATE orders SET note = 'still written' WHERE id = 1", database)


def check_over_rows_that_break_it(ground):
    change = change_of(ground, "ALTER TABLE orders ADD CONSTRAINT orders_large CHECK (total > 50);")
    database = ground.fresh("trouble")
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "rows-against" in done.stderr, done.stderr)
    ground.cluster.sql("UPDATE orders SET note = 'still written' WHERE total < 50", database)


def orphans_of_a_foreign_key(ground):
    change = change_of(ground, "ALTER TABLE orders ADD CONSTRAINT orders_fk FOREIGN KEY (customer_id) REFERENCES customers;")
    database = ground.fresh("trouble")
    ground.cluster.sql("UPDATE orders SET customer_id = 9999 WHERE id = 7", database)
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "9999" in done.stderr, done.stderr)
    ground.cluster.sql("UPDATE orders SET customer_id = 1 WHERE id = 7", database)
    ground.online(change, database)


def many_partitions(ground):
    change = change_of(ground, "CREATE INDEX parts_v ON parts (v);\nALTER TABLE parts ADD CONSTRAINT parts_positive "
                               "CHECK (v > 0);")
    setup = ("CREATE TABLE parts (k integer NOT NULL, v integer) PARTITION BY LIST (k); DO $$BEGIN FOR i IN 1..200 LOOP "
             "EXECUTE format('CREATE TABLE parts_%s PARTITION OF parts FOR VALUES IN (%s)', i, i); END LOOP; END$$; "
             "INSERT INTO parts SELECT 1 + g % 200, 1 + g FROM generate_series(1, 10000) g")
    naive, database = ground.fresh("naive"), ground.fresh("trouble")
    for one in (naive, database):
        ground.cluster.sql(setup, one)
    ground.run(ground.project(change), naive, "upgrade", "head")
    ground.online(change, database)
    wrong = online.difference(ground.snapshot(naive), ground.snapshot(database))
    expect(not wrong, wrong)


def role_without_ownership(ground):
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN c integer;\nCREATE INDEX orders_c ON orders (c);")
    database = ground.fresh("trouble")
    ground.cluster.sql("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN; GRANT CREATE ON DATABASE trouble TO "
                       "stranger; GRANT CREATE ON SCHEMA public TO stranger", database)
    url = ground.cluster.url(database).replace("postgres@", "stranger@")
    done = subprocess.run([ground.bascule, "-d", str(ground.project(change)), "--url", url, "upgrade", "head", "--online"],
                          capture_output=True, text=True)
    expect(done.returncode == 1 and "must be owner" in done.stderr, done.stderr)
    expect("stranger" in done.stderr or "owner" in done.stderr, done.stderr)
    expect(ground.cluster.sql("SELECT count(*) FROM pg_attribute WHERE attname = 'c'", database).strip() == "0", "it ran")


def two_runs_at_once(ground):
    change = change_of(ground, "CREATE INDEX orders_customer ON orders (customer_id);\nALTER TABLE orders ALTER COLUMN state "
                               "SET DEFAULT 'open';")
    database = ground.fresh("trouble")
    words = ground.command(ground.project(change), database, *ground.online_words(change))
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    expect([process.returncode for process in both] == [0, 0], str(said))
    expect(sum("Nothing to do" in out for out, _ in said) == 1, str(said))


def deleted_file_changed_meanwhile(ground):
    """An unfinished revision whose file has changed is not gone on with."""
    change = change_of(ground, "CREATE INDEX orders_customer ON orders (customer_id);\nALTER TABLE orders ADD COLUMN d integer;")
    database = ground.fresh("trouble")
    project = ground.project(change)
    ground.run(project, database, "upgrade", "head", "--online", "--hook", "after-step=kill -9 $PPID", check=False)
    path = project / "migrations" / "001_change.sql"
    kept = path.read_text()
    path.write_text(kept.replace("ADD COLUMN d integer", "ADD COLUMN d bigint"))
    done = ground.online(change, database, check=False)
    expect(done.returncode == 2 and "unfinished-run-changed" in done.stderr, done.stderr)
    expect("- ALTER TABLE orders ADD COLUMN d integer" in done.stderr, done.stderr)
    plain = ground.run(project, database, "upgrade", "head", check=False)
    expect(plain.returncode == 2 and "unfinished-run" in plain.stderr, plain.stderr)
    path.write_text(kept)
    status = ground.run(project, database, "status")
    expect("Unfinished" in status.stdout and "1/2  done" in status.stdout, status.stdout)
    ground.online(change, database)
    expect("Unfinished" not in ground.run(project, database, "status").stdout, "it is still there")


def small(ground, sql):
    """A database of its own with what the SQL makes, and the history's table, which the first run makes and which stays."""
    database = ground.fresh("trouble")
    ground.cluster.sql("CREATE TABLE bascule_revisions (revision varchar(255) PRIMARY KEY, applied_at timestamptz NOT NULL "
                       "DEFAULT CURRENT_TIMESTAMP);" + sql, database)
    return database


S = ("CREATE TABLE s (id integer PRIMARY KEY, note text, uid integer NOT NULL, state text NOT NULL DEFAULT 'a', "
     "CONSTRAINT s_uid CHECK (uid > 0)); INSERT INTO s VALUES (1, 'x', 1);")


def rows_against_a_later_step(ground):
    """They are found before the first step, which could not be taken back."""
    change = change_of(ground, "ALTER TABLE s DROP COLUMN uid;\nALTER TABLE s ADD CONSTRAINT s_large CHECK (id > 5);")
    change.allow = ["--allow", "drop-column"]
    database = small(ground, S)
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "rows-against" in done.stderr and "nothing of revision '001' was kept" in done.stderr,
           done.stderr)
    expect(ground.cluster.sql("SELECT uid FROM s", database).strip() == "1", "the column is gone")
    # What rows are like after a step that changes them is not asked before.
    change = change_of(ground, "UPDATE s SET id = 6;\nALTER TABLE s ADD CONSTRAINT s_large CHECK (id > 5);\n"
                               "ALTER TABLE s DROP COLUMN note;\nALTER TABLE s ADD COLUMN note integer DEFAULT 7;\n"
                               "ALTER TABLE s ADD CONSTRAINT s_note CHECK (note = 7);")
    change.allow = ["--allow", "drop-column"]
    ground.online(change, database)


def journal_of_others(ground):
    """A role that may not read the journal is not kept from what has nothing to do with it."""
    index = change_of(ground, "CREATE INDEX orders_customer ON orders (customer_id);")
    database = ground.fresh("trouble")
    ground.online(index, database)
    ground.cluster.sql("DROP ROLE IF EXISTS other; CREATE ROLE other LOGIN; GRANT CREATE ON SCHEMA public TO other; "
                       "GRANT ALL ON bascule_revisions TO other", database)
    project = ground.project(index)
    (project / "migrations" / "002_mine.sql").write_text(
        "-- revision: 002\n-- revises: 001\n-- migrate:up\nCREATE TABLE mine (id integer);\n")
    url = ground.cluster.url(database).replace("postgres@", "other@")
    for words in (["status"], ["upgrade", "head"]):
        done = subprocess.run([ground.bascule, "-d", str(project), "--url", url, *words], capture_output=True, text=True)
        expect(done.returncode == 0 and "journal-not-read" in done.stderr, f"{words}: {done.stdout}{done.stderr}")


def foreign_key_of_two_collations(ground):
    change = change_of(ground, "ALTER TABLE c ADD CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p;")
    database = small(ground, "CREATE TABLE p (name text COLLATE \"C\" PRIMARY KEY); CREATE TABLE c (p text); "
                             "INSERT INTO p VALUES ('a'); INSERT INTO c VALUES ('a'), ('b');")
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "rows-against" in done.stderr and "p = b" in done.stderr, done.stderr)
    ground.cluster.sql("DELETE FROM c WHERE p = 'b'", database)
    ground.online(change, database)


def paused_and_resumed(ground):
    change = change_of(ground, "UPDATE orders SET full_name = first_name || ' ' || last_name;")
    database = ground.fresh("trouble")
    project = ground.project(change)
    more_orders(ground, database)
    events = pathlib.Path(ground.folder) / "events.json"
    hook = "before-step=" + " ".join([ground.bascule, "-d", str(project), "--url", f"'{ground.cluster.url(database)}'", "throttle",
                                      "1"])
    process = subprocess.Popen([*ground.command(project, database, *ground.online_words(change)), "--batch-time", "5ms", "--hook",
                                hook, "--events", str(events)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(300):
            if events.exists() and '"event":"progress"' in events.read_text():
                break
            time.sleep(0.05)
        expect(process.poll() is None, "it is over")
        ground.run(project, database, "pause")
        for _ in range(300):
            if '"event":"paused"' in events.read_text():
                break
            time.sleep(0.05)
        left = "SELECT count(*) FROM orders WHERE full_name IS NULL"
        first = ground.cluster.sql(left, database)
        time.sleep(1)
        expect(first == ground.cluster.sql(left, database) and first.strip() != "0", f"it does not pause at {first}")
    finally:
        ground.run(project, database, "resume", check=False)
    out, err = process.communicate(timeout=60)
    expect(process.returncode == 0, out + err)
    expect('"event":"paused"' in events.read_text(), "no event")
    expect(ground.cluster.sql(left, database).strip() == "0", "not all rows")


def rows_that_go_with_others(ground):
    """A DELETE whose later rows are not found any more once its first ones are gone: it is left whole."""
    change = change_of(ground, "DELETE FROM users WHERE id IN (SELECT reported FROM reports);")
    before = """CREATE TABLE users (id integer PRIMARY KEY);
        INSERT INTO users SELECT g FROM generate_series(1, 3000) g;
        CREATE TABLE reports (id integer PRIMARY KEY, reporter integer REFERENCES users ON DELETE CASCADE, reported integer);
        INSERT INTO reports SELECT g, g, g + 1 FROM generate_series(1, 2999) g"""
    database = ground.fresh("trouble")
    ground.cluster.sql(before, database)
    ground.online(change, database)
    expect(ground.cluster.sql("SELECT count(*) FROM users", database).strip() == "1", "not all are gone")


def rows_that_move(ground):
    """Without a key, rows that others change meanwhile are written elsewhere: they are looked for again."""
    change = change_of(ground, "UPDATE keyless SET b = 'c';")
    database = ground.fresh("trouble")
    ground.cluster.sql("INSERT INTO keyless SELECT g, 'b' FROM generate_series(3001, 20000) g", database)
    project = ground.project(change)
    hook = "before-step=" + " ".join([ground.bascule, "-d", str(project), "--url", f"'{ground.cluster.url(database)}'", "throttle",
                                      "1"])
    process = subprocess.Popen([*ground.command(project, database, *ground.online_words(change)), "--batch-time", "5ms", "--hook",
                                hook], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    done = "SELECT count(*) FROM keyless WHERE b = 'c'"
    while process.poll() is None and ground.cluster.sql(done, database).strip() == "0":
        time.sleep(0.02)
    for _ in range(5):
        ground.cluster.sql("UPDATE keyless SET a = a WHERE a % 50 = 7 AND b = 'b'", database)
    ground.run(project, database, "throttle", "100", check=False)
    out, err = process.communicate(timeout=60)
    expect(process.returncode == 0, out + err)
    left = ground.cluster.sql("SELECT count(*) FROM keyless WHERE b = 'b'", database).strip()
    expect(left == "0", f"{left} rows are left")
    expect(ground.cluster.sql("SELECT count(*) > 1 FROM bascule.range", database).strip() == "t", "it was walked once")


def rows_that_never_end(ground):
    """Without a key, rows that come as fast as they are changed: the step is not done, and that is said."""
    change = change_of(ground, "UPDATE keyless SET b = 'c';")
    database = ground.fresh("trouble")
    # A row that cannot be set right stands for those that come without end.
    ground.cluster.sql("CREATE FUNCTION back() RETURNS trigger LANGUAGE plpgsql AS "
                       "$$BEGIN IF NEW.a = 5 THEN RETURN NULL; END IF; RETURN NEW; END$$", database)
    made = "CREATE TRIGGER back BEFORE UPDATE ON keyless FOR EACH ROW EXECUTE FUNCTION back()"
    hook = "before-step=" + " ".join([*psql(ground, database), "-c", f"'{made}'"])
    done = ground.online(change, database, "--hook", hook, check=False)
    expect(done.returncode == 1, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    expect("1 rows of keyless are not as they shall be after 10 walks" in done.stderr, done.stderr)
    ground.cluster.sql("DROP TRIGGER back ON keyless", database)
    ground.online(change, database)
    expect(ground.cluster.sql("SELECT count(*) FROM keyless WHERE b = 'b'", database).strip() == "0", "it does not go on")


def rows_that_cost_much(ground):
    """A batch is small before anybody knows what a row costs, and cut when it takes too long."""
    change = change_of(ground, "DELETE FROM customers;")
    database = ground.fresh("trouble")
    ground.cluster.sql("DELETE FROM customers WHERE id > 100; CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
                       "$$BEGIN PERFORM pg_sleep(CASE WHEN OLD.id < 50 THEN 0 WHEN OLD.id = 80 THEN 0.6 ELSE 0.03 END); "
                       "RETURN OLD; END$$; CREATE TRIGGER slow BEFORE DELETE ON customers FOR EACH ROW EXECUTE FUNCTION slow()",
                       database)
    process = subprocess.Popen(ground.command(ground.project(change), database, *ground.online_words(change)),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    longest = 0.0
    while process.poll() is None:
        held = ground.cluster.sql("SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM "
                                  "pg_stat_activity WHERE query LIKE 'DELETE FROM customers%' AND state = 'active'", database)
        longest = max(longest, float(held))
    out, err = process.communicate()
    expect(process.returncode == 0, out + err)
    expect(longest < 1.5, f"a batch took {longest} s")
    expect("one row of customers takes longer than" in out + err, out + err)
    expect(ground.cluster.sql("SELECT count(*) FROM customers", database).strip() == "0", "rows are left")


def key_that_texts_cut(ground):
    """A key whose text is shorter than its value, where the database says so."""
    change = change_of(ground, "UPDATE measured SET v = v + 1;")
    database = ground.fresh("trouble")
    ground.cluster.sql("CREATE TABLE measured (k float8 PRIMARY KEY, v integer); INSERT INTO measured SELECT g / 3.0, 1 FROM "
                       "generate_series(1, 3000) g; ALTER DATABASE trouble SET extra_float_digits = 0", database)
    ground.online(change, database, timeout=60)
    expect(ground.cluster.sql("SELECT count(*) FROM measured WHERE v = 2", database).strip() == "3000", "not once each")


def pooler(ground):
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        raise Skip("pgbouncer is not installed")
    change = change_of(ground, "CREATE INDEX orders_customer ON orders (customer_id);")
    database = ground.fresh("trouble")
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777)
        folder = pathlib.Path(place)
        (folder / "users").write_text('"postgres" ""\n')
        for mode, wanted in (("transaction", 2), ("session", 0)):
            (folder / "pgbouncer.ini").write_text(
                f"[databases]\n* = host={ground.cluster.directory}\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {place}\n"
                f"listen_port = 6432\nauth_type = trust\nauth_file = {place}/users\npool_mode = {mode}\n"
                f"logfile = {place}/log\npidfile = {place}/pid\nignore_startup_parameters = extra_float_digits,options\n")
            command = [program, str(folder / "pgbouncer.ini")]
            if os.geteuid() == 0:
                command = ["runuser", "-u", "postgres", "--", *command]
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                for _ in range(100):
                    if (folder / ".s.PGSQL.6432").exists():
                        break
                    time.sleep(0.05)
                url = f"postgresql://postgres@/{database}?host={place}&port=6432"
                done = subprocess.run([ground.bascule, "-d", str(ground.project(change)), "--url", url, "upgrade", "head",
                                       "--online"], capture_output=True, text=True, timeout=60)
                expect(done.returncode == wanted, f"{mode}: exit {done.returncode}: {done.stdout}{done.stderr}")
                expect(wanted == 0 or "session-does-not-last" in done.stderr, done.stderr)
            finally:
                server.terminate()
                server.wait()


def nothing_works_behind_a_lock(ground):
    """What follows an ALTER does not keep readers out, however long it takes, and is not cut short."""
    change = change_of(ground, "ALTER TABLE orders ADD COLUMN f integer;\nDO $$BEGIN PERFORM pg_sleep(3); END$$;")
    database = ground.fresh("trouble")
    process = subprocess.Popen(ground.command(ground.project(change), database, *ground.online_words(change)),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    longest = 0
    while process.poll() is None:
        began = time.time()
        ground.cluster.sql("SELECT count(*) FROM orders WHERE id = 1", database)
        longest = max(longest, time.time() - began)
        time.sleep(0.05)
    _, said = process.communicate()
    expect(process.returncode == 0, said)
    expect(longest < 1.5, f"a reader waited {longest:.1f} s")


def required_column_and_rows(ground):
    """ADD COLUMN ... NOT NULL over rows that would have no value: nothing of the ALTER is done, and the message says why."""
    change = change_of(ground, "ALTER TABLE orders DROP COLUMN note, ADD COLUMN g integer NOT NULL;")
    change.allow = ["--allow", "drop-column"]
    database = ground.fresh("trouble")
    done = ground.online(change, database, check=False)
    expect(done.returncode == 1 and "orders has rows, for which g would be NULL" in done.stderr, done.stderr)
    expect(ground.cluster.sql("SELECT count(*) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'note'",
                              database).strip() == "1", "the column is gone")


def full_disk(ground):
    """The disk is full in the middle of an index build: nothing is left, and the same command goes on when there is room."""
    if os.geteuid() != 0:
        raise Skip("only root can mount a small disk")
    place = tempfile.mkdtemp(dir=ground.cluster.directory)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=777", "none", place], capture_output=True).returncode != 0:
        raise Skip("nothing can be mounted here")
    try:
        subprocess.run(["chown", "postgres", place], check=True)
        ground.cluster.drop_database("small")
        ground.cluster.sql(f"CREATE TABLESPACE small LOCATION '{place}'")
        ground.cluster.sql("CREATE DATABASE small TEMPLATE base TABLESPACE small")
        filler = pathlib.Path(place) / "filler"
        change = change_of(ground, "ALTER TABLE orders ADD COLUMN e integer;\n"
                                   "CREATE INDEX orders_long ON orders (repeat(md5(number), 20));")
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 65536):
                    pass
            except OSError:
                file.truncate(file.tell() - 400_000)
        done = ground.online(change, "small", check=False)
        expect(done.returncode == 1 and ("No space left" in done.stderr or "could not extend" in done.stderr), f"exit {done.returncode}: {done.stdout}{done.stderr}")
        # There may be no room for removing it, either; then it is said.
        expect(ground.cluster.sql(online.INVALID, "small").strip() == "0" or "what it left stays" in done.stderr,
               "an invalid index is left")
        filler.unlink()
        ground.online(change, "small")
        expect(ground.cluster.sql(online.INVALID, "small").strip() == "0", "an invalid index is left in the end")
    finally:
        ground.cluster.drop_database("small")
        subprocess.run([*psql(ground, "postgres"), "-c", "DROP TABLESPACE IF EXISTS small"], capture_output=True)
        subprocess.run(["umount", "-l", place], check=False)


TROUBLES = [lock_never_free, blockers_ended_when_told, unique_over_duplicates, duplicates_that_come_later, index_of_that_name,
            invalid_index_left, not_null_over_nulls, check_over_rows_that_break_it, orphans_of_a_foreign_key, many_partitions,
            role_without_ownership, two_runs_at_once, deleted_file_changed_meanwhile, rows_against_a_later_step,
            journal_of_others, foreign_key_of_two_collations, paused_and_resumed, rows_that_go_with_others, rows_that_move,
            rows_that_never_end, rows_that_cost_much, key_that_texts_cut, pooler, nothing_works_behind_a_lock,
            required_column_and_rows, full_disk]


def run(troubles):
    """Those of them that the command line names, or all. The exit code."""
    wanted = sys.argv[2:]
    wrong = skipped = 0
    chosen = [trouble for trouble in troubles if not wanted or trouble.__name__ in wanted]
    with online.Ground(sys.argv[1], "synchronous_commit = on\n") as ground:
        for trouble in chosen:
            try:
                trouble(ground)
                print(f"  {trouble.__name__}: ok", flush=True)
            except Skip as why:
                skipped += 1
                print(f"  {trouble.__name__}: skipped: {why}", flush=True)
            except (AssertionError, subprocess.TimeoutExpired, online.pgcluster.PgClusterError) as error:
                wrong += 1
                print(f"  {trouble.__name__}: FAILED {error}", flush=True)
    print(f"{len(chosen) - wrong - skipped} of {len(chosen)} troubles were dealt with, {skipped} skipped")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(run(TROUBLES))
