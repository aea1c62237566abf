#!/usr/bin/env python3
"""The real Flyway beside Bascule.

Each scenario (scenarios.py) is a folder of files and a list of steps: a command, or a change of the files. It is played
four times on databases of its own: by Flyway, by Bascule, and by the two taking turns, each beginning once. After each
command all four must agree: failed or not, the schema, the history table (but for times), and Flyway's `info`.

Flyway is in build/flyway (scripts/flyway puts it there); without it the test is skipped and says why.
"""

import argparse
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests" / "lib"))
sys.path.insert(0, str(HERE))
from pgcluster import PgCluster, PgClusterError  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402

SKIPPED = 77


class Flyway:
    """One Java process for all commands."""

    def __init__(self, folder, directory):
        self.process = subprocess.Popen(
            ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8", "-cp",
             f"{folder}:{folder}/jars/*", "Driver"], cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8")

    def run(self, *words):
        self.process.stdin.write("\t".join(words) + "\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith("EXIT "):
                return int(line[5:]), "".join(lines)
            lines.append(line)
        raise RuntimeError("Flyway has ended: " + "".join(lines))

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)


class Sqlite:
    name = "sqlite"

    def __init__(self, directory):
        self.directory = directory

    def create(self, name):
        return str(self.directory / (name + ".db"))

    def jdbc(self, place):
        return "jdbc:sqlite:" + place

    def state(self, place):
        with sqlite3.connect(place) as connection:
            schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
            rows = {}
            for kind, name, _, sql in schema:
                if kind == "table" and not name.startswith("sqlite_"):
                    columns = "*"
                    if "installed_rank" in sql:
                        columns = "installed_rank, version, description, type, script, checksum, installed_by, success"
                        assert connection.execute(f'SELECT count(*) FROM "{name}" WHERE typeof(execution_time) <> \'integer\' '
                                                  "OR installed_on NOT LIKE '2%'").fetchone()[0] == 0
                    rows[name] = connection.execute(f'SELECT {columns} FROM "{name}"').fetchall()
        connection.close()
        return {"schema": schema, "rows": rows}


class Postgres:
    name = "postgresql"

    def __init__(self, cluster, address):
        self.cluster = cluster
        self.address = address

    def create(self, name):
        self.cluster.create_database(name)
        return name

    def jdbc(self, place):
        return f"jdbc:postgresql://{self.address}/{place}?user=postgres"

    def state(self, place):
        dump = self.cluster.dump(place)
        # The history's times differ; whatever else is in a row must not.
        lines = []
        history = False
        for line in dump.splitlines():
            if line.startswith("\\restrict") or line.startswith("\\unrestrict"):
                continue
            if line.startswith("COPY ") and "(installed_rank," in line:
                history = True
            elif line.startswith("\\."):
                history = False
            elif history:
                cells = line.split("\t")
                assert re.match(r"2\d\d\d-", cells[7]) and cells[8].isdigit(), line
                cells[7] = cells[8] = "-"
                line = "\t".join(cells)
            lines.append(line)
        return lines


def own_address():
    """A loopback address of this run alone: Java's driver knows no unix sockets, and the server's port is fixed."""
    return f"127.{random.randint(1, 250)}.{random.randint(1, 250)}.{random.randint(1, 250)}"


def difference(left, right):
    if isinstance(left, list):
        only_left = [line for line in left if line not in right]
        only_right = [line for line in right if line not in left]
        return "\n".join(["  - " + str(line) for line in only_left] + ["  + " + str(line) for line in only_right])
    return f"  - {left}\n  + {right}"


def masked(output):
    """The table that `info` prints, without its times."""
    table = "".join(line for line in output.splitlines(True) if line[0] in "+|")
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "<time>             "[:19], table)


class Play:
    """One scenario on one kind of database."""

    def __init__(self, scenario, database, flyway, bascule, directory):
        self.scenario = scenario
        self.database = database
        self.flyway = flyway
        self.bascule = bascule
        self.directory = directory
        self.problems = []

    def play(self):
        files = self.directory / f"{self.scenario.name}_{self.database.name}"
        files.mkdir()
        self.folder = files
        places = {}
        for who in ("flyway", "bascule", "turns_a", "turns_b"):
            name = f"{self.scenario.name}_{who}_{self.database.name}".lower()
            places[who] = self.database.create(name)
            if self.scenario.before:
                self.sql(places[who], self.scenario.before)
        self.write(self.scenario.files)
        turn = 0
        for step in self.scenario.steps:
            if not isinstance(step, str):
                self.write(step)
                continue
            runners = {"flyway": self.by_flyway, "bascule": self.by_bascule,
                       "turns_a": self.by_bascule if turn % 2 else self.by_flyway,
                       "turns_b": self.by_flyway if turn % 2 else self.by_bascule}
            turn += 1
            answers = {who: run(places[who], step) for who, run in runners.items()}
            wanted = self.judge("flyway", places, answers, step)
            for who in ("bascule", "turns_a", "turns_b"):
                got = self.judge(who, places, answers, step)
                for what, value in wanted.items():
                    if value != got[what]:
                        self.problems.append(
                            f"{self.scenario.name} ({self.database.name}): after `{step}` {what} differs for {who}:\n"
                            f"{difference(value, got[what])}\n  Flyway said: {answers['flyway'][1].strip()[:600]}\n"
                            f"  {who} said: {answers[who][1].strip()[:600]}")
                        return

    def judge(self, who, places, answers, step):
        exit_code, output = answers[who]
        result = {"the exit code": min(exit_code, 1), "the database": self.database.state(places[who])}
        if step.startswith("info"):
            result["info"] = masked(output).splitlines()
        return result

    def sql(self, place, text):
        if self.database.name == "sqlite":
            with sqlite3.connect(place) as connection:
                connection.executescript(text)
            connection.close()
        else:
            self.database.cluster.sql(text, place)

    def write(self, files):
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def options(self, place, step, locations):
        words = step.split(" ")
        options = {"url": self.database.jdbc(place), "locations": locations}
        options.update(self.scenario.settings)
        options.update(dict(word[1:].split("=", 1) for word in words[1:]))
        return words[0], options

    def by_flyway(self, place, step):
        command, options = self.options(place, step, f"filesystem:{self.folder}/sql")
        extra = []
        if (self.folder / "flyway.conf").exists():
            extra = [f"-configFiles={self.folder}/flyway.conf"]
        return self.flyway.run(command, *extra, *[f"-{key}={value}" for key, value in options.items()])

    def by_bascule(self, place, step):
        command, options = self.options(place, step, "filesystem:sql")
        done = subprocess.run(
            [self.bascule, "flyway", *[f"-{key}={value}" for key, value in options.items()], command], cwd=self.folder,
            capture_output=True, text=True, encoding="utf-8", timeout=60,
            env={**{k: v for k, v in os.environ.items() if not k.endswith("_URL")}, "TZ": "UTC", "NO_COLOR": "1"})
        return done.returncode, done.stdout if command == "info" and done.stdout else done.stdout + done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bascule", required=True)
    parser.add_argument("--only", help="scenarios whose name holds this")
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--keep", action="store_true", help="leave the folder where it is")
    arguments = parser.parse_args()
    folder = ROOT / "build" / "flyway"
    if not (folder / "fetched").exists() or shutil.which("java") is None:
        print("skipped: Flyway is not in build/flyway (scripts/flyway fetches it with Maven, where that can be reached)")
        return SKIPPED
    bascule = str(pathlib.Path(arguments.bascule).resolve())
    directory = pathlib.Path(tempfile.mkdtemp(prefix="flyway."))
    flyway = Flyway(folder, directory)
    address = own_address()
    problems, count = [], 0
    try:
        with PgCluster(configuration=f"listen_addresses = '{address}'\n") as cluster:
            for database in (Sqlite(directory), Postgres(cluster, address)):
                if arguments.database and database.name != arguments.database:
                    continue
                for scenario in SCENARIOS:
                    if database.name not in scenario.databases or (arguments.only and arguments.only not in scenario.name):
                        continue
                    play = Play(scenario, database, flyway, bascule, directory)
                    play.play()
                    count += 1
                    problems += play.problems
                    for problem in play.problems:
                        print(problem, flush=True)
            flyway.stop()
    except PgClusterError as wrong:
        print(f"skipped: {wrong}")
        return SKIPPED
    finally:
        flyway.process.kill()
        if arguments.keep:
            print(directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    print(f"{count} scenarios, {len(problems)} with differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
