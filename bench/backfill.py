#!/usr/bin/env python3
"""A column filled in a table of millions of rows: one UPDATE, `bascule backfill` with one and two jobs, and the loop over rows
that a team writes by hand. Wall time as a ratio to the UPDATE; then the application's 99th percentile meanwhile.

usage: backfill.py --bascule PATH [--rows N] [--rounds N] [--no-load]"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import online

SETUP = """
CREATE TABLE users (id bigint PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, email text, full_name text);
INSERT INTO users SELECT g, 'first' || g, 'last' || g, g || '@example.org', NULL FROM generate_series(1, {rows}) g;
"""
SET = "full_name = first_name || ' ' || last_name"
# By hand: a thousand rows a transaction, an UPDATE a row.
LOOP = """
import sys, psycopg2
connection = psycopg2.connect(sys.argv[1])
cursor, last = connection.cursor(), 0
while True:
    cursor.execute("SELECT id, first_name, last_name FROM users WHERE id > %s AND id <= %s ORDER BY id LIMIT 1000",
                   (last, int(sys.argv[2])))
    batch = cursor.fetchall()
    if not batch:
        break
    for row in batch:
        cursor.execute("UPDATE users SET full_name = %s WHERE id = %s", (f"{row[1]} {row[2]}", row[0]))
    connection.commit()
    last = batch[-1][0]
"""


def fresh(cluster):
    cluster.drop_database("app")
    cluster.sql("CREATE DATABASE app TEMPLATE base")
    cluster.sql("VACUUM ANALYZE", "app")
    cluster.sql("CHECKPOINT", "app")


def timed(cluster, command):
    fresh(cluster)
    began = time.time()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return time.time() - began


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bascule", required=True)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-load", action="store_true")
    options = parser.parse_args()
    options.rate = 200
    with tempfile.TemporaryDirectory() as place, online.pgcluster.PgCluster(online.CONFIGURATION) as cluster:
        cluster.create_database("base")
        cluster.sql(SETUP.format(rows=options.rows), "base")
        cluster.sql("VACUUM ANALYZE", "base")
        whole = [f"{cluster.bin}/psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", cluster.directory, "-U", "postgres", "-d", "app",
                 "-c", f"UPDATE users SET {SET}"]

        def backfill(*words):
            return [options.bascule, "--url", cluster.url("app"), "-d", place, "backfill", "users", "--set", SET, *words]

        runs = {"one UPDATE": whole, "backfill --jobs 1": backfill("--batch-time", "250ms"),
                "backfill --jobs 2": backfill("--batch-time", "250ms", "--jobs", "2"),
                "backfill, defaults": backfill()}
        best = {}
        for _ in range(options.rounds):
            for name, command in runs.items():
                best[name] = min(best.get(name, 1e9), timed(cluster, command))
        print(f"{options.rows:,} rows, best of {options.rounds}, unthrottled:")
        for name, took in best.items():
            print(f"  {name:20} {took:7.1f} s  {took / best['one UPDATE']:5.2f}")
        # The loop takes minutes: a part of the rows tells.
        part = max(1000, options.rows // 50)
        probe = subprocess.run([sys.executable, "-c", "import psycopg2"], capture_output=True)
        if probe.returncode == 0:
            loop = timed(cluster, [sys.executable, "-c", LOOP, cluster.conninfo("app"), str(part)]) * options.rows / part
            print(f"  {'a loop over rows':20} {loop:7.1f} s  {loop / best['one UPDATE']:5.2f}  (from {part:,} of them)")
        else:
            print("  a loop over rows: skipped: psycopg2 is not there")
        if options.no_load:
            return
        online.LOAD[:] = [(3, "\\set id random(1, {rows})\nSELECT email FROM users WHERE id = :id;\n"),
                          (1, "\\set id random(1, {rows})\nUPDATE users SET email = 'x' WHERE id = :id;\n")]
        online.Load.read_for_long = lambda self: None
        folder = pathlib.Path(place)
        idle = online.measure(cluster, folder, options, "", ["sleep", "10"], {})
        print(f"the application meanwhile ({options.rate} transactions a second; idle: {online.line(idle)}):")
        print(f"  {'':20} {'worst':>9} {'p99.9':>9} {'p99':>8} {'failed':>7} {'took':>8}  p99 to idle")
        for name, command in runs.items():
            felt = online.measure(cluster, folder, options, "", command, dict(os.environ))
            print(f"  {name:20} {online.line(felt)}  {felt['p99'] / idle['p99']:5.2f}", flush=True)


if __name__ == "__main__":
    main()
