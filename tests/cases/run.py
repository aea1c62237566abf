#!/usr/bin/env python3
"""Runs the text cases: tests/cases/**/*.case, each on every database that it names. See README.md beside this file.

    tests/cases/run.py --bascule build/bascule                 all cases
    tests/cases/run.py --bascule build/bascule --update NAME   rewrite the expectations of cases whose name holds NAME
"""

import argparse
import datetime
import concurrent.futures
import difflib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
from pgcluster import PgCluster  # noqa: E402

ROOT = HERE.parent.parent
SECTION = re.compile(r"^=== (file|revision|shell|run|sql)(?:\[(\w+)\])?(?: (.*))?$")
REVISION = re.compile(r"(\S+?)(?: after (\S+))?(?: labels (\S+))?(?: depends (\S+))?(?:: (.*))?$")
# What must never be printed, whatever a case expects; cases use it as the password in their URLs.
SECRET = "s3cr3t"
DURATION = re.compile(r"(?<![\d.])\d+(?:\.\d+)? (?:ms|s)\b")
# A moment of this run, as databases spell it: its width stays, so that tables stay tables.
WHEN = re.compile(r"\b(20\d\d-\d\d-\d\d)( \d\d:\d\d:\d\d)(?:\.\d+)?")


def as_now(match):
    """Today's moments become "<when>"; a moment that the case itself wrote stays."""
    day = datetime.date.fromisoformat(match.group(1))
    near = abs((datetime.datetime.now(datetime.timezone.utc).date() - day).days) <= 1
    return "<when>".ljust(19) if near else match.group(0)


TIMEOUT = 60


class CaseError(Exception):
    """The case file itself is wrong."""


class Section:
    """kind: file, revision, shell, run, sql. database: the only one it is for, or None. argument: the rest of its line.
    actual: with --update, what came out on each database."""

    def __init__(self, kind, database, argument):
        self.kind, self.database, self.argument, self.body = kind, database, argument or "", []
        self.actual = {}


class Case:
    def __init__(self, path):
        self.path = path
        self.name = str(path.relative_to(HERE)).removesuffix(".case")
        self.databases, self.head, self.sections = [], [], []
        for line in path.read_text(encoding="utf-8").split("\n"):
            found = SECTION.match(line)
            if found:
                self.sections.append(Section(*found.groups()))
            elif self.sections:
                self.sections[-1].body.append(line)
            else:
                self.head.append(line)
                if line.startswith("databases:"):
                    self.databases = line.split(":", 1)[1].split()
        for section in self.sections:  # the blank line before the next section is layout
            while section.body and section.body[-1] == "":
                section.body.pop()
        if not self.databases:
            raise CaseError(f"{path}: no line `databases: sqlite postgresql` (or `none`)")

    def update(self):
        """Takes what came out as what is expected; a section that came out differently on two databases becomes two."""
        sections = []
        for section in self.sections:
            if not section.actual or all(matches(section.body, actual) for actual in section.actual.values()):
                sections.append(section)
                continue
            outcomes = list(section.actual.values())
            if all(outcome == outcomes[0] for outcome in outcomes):
                section.body = outcomes[0]
                sections.append(section)
                continue
            for database, actual in section.actual.items():
                one = Section(section.kind, database, section.argument)
                one.body = section.body if matches(section.body, actual) else actual
                sections.append(one)
        self.sections = sections

    def text(self):
        parts = ["\n".join(self.head).rstrip("\n") + "\n"]
        for section in self.sections:
            only = f"[{section.database}]" if section.database else ""
            head = f"=== {section.kind}{only}" + (f" {section.argument}" if section.argument else "")
            parts.append("\n".join([head, *section.body]).rstrip("\n") + "\n")
        return "\n".join(parts)


class Place:
    """Where one case runs on one database: a folder and a URL."""

    def __init__(self, case, database, cluster, bascule):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="case."))
        self.database, self.bascule, self.cluster = database, bascule, cluster
        self.pg_name = None
        self.url = ""
        if database == "sqlite":
            self.url = f"sqlite:///{self.directory}/case.db"
        elif database == "postgresql":
            self.pg_name = re.sub(r"\W", "_", "case_" + case.name)[-60:].lower()
            cluster.create_database(self.pg_name)
            self.url = cluster.url(self.pg_name)
        self.environment = {
            "PATH": f"{bascule.parent}:{os.environ['PATH']}",
            "HOME": str(self.directory),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "URL": self.url,
            "PGSOCKET": cluster.directory if cluster else "",
            "ROOT": str(ROOT),
        }
        if self.url:
            self.environment["BASCULE_URL"] = self.url
        # PATIENCE: how many times slower than a plain build everything may be.
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "PATIENCE"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def close(self):
        subprocess.run(["chmod", "-R", "u+rwX", str(self.directory)], check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    def shell(self, command):
        return subprocess.run(["bash", "-c", command], cwd=self.directory, env=self.environment, capture_output=True,
                              timeout=TIMEOUT, stdin=subprocess.DEVNULL)

    def sql(self, statement):
        """Rows as text lines, cells joined by `|`."""
        if self.database == "sqlite":
            connection = sqlite3.connect(self.directory / "case.db")
            try:
                rows = connection.execute(statement).fetchall()
                connection.commit()
            finally:
                connection.close()
            return ["|".join("" if cell is None else str(cell) for cell in row) for row in rows]
        done = subprocess.run([shutil.which("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", self.url, "-c", statement],
                              capture_output=True, text=True, timeout=TIMEOUT, check=False)
        if done.returncode != 0:
            raise CaseError(f"sql failed: {done.stderr}")
        return done.stdout.rstrip("\n").split("\n") if done.stdout.strip() else []

    def normalise(self, data):
        text = data.decode("utf-8", errors="backslashreplace")
        if self.url:
            text = text.replace(self.url, "<url>")
        if self.database == "postgresql":
            # The address as Bascule prints it: SQLAlchemy's spelling.
            text = re.sub(r"postgresql://\S*" + re.escape(self.pg_name) + r"\S*", "<url>", text)
        text = text.replace(str(self.directory), "<dir>")
        if self.cluster:
            text = text.replace(str(self.cluster.directory), "<socket>")
        text = text.replace(str(ROOT), "<root>")
        return re.sub(r"(<when>) +$", r"\1", WHEN.sub(as_now, DURATION.sub("<time>", text)), flags=re.MULTILINE)


def matches(expected, actual):
    """Equal, but for `[...]` in an expected line, which stands for anything, and `[...]` alone: any lines."""
    pattern = []
    for line in expected:
        if line == "[...]":
            pattern.append(r"(?:[^\n]*\n)*?")
        else:
            pattern.append("[^\\n]*".join(re.escape(part) for part in line.split("[...]")) + r"\n")
    return re.fullmatch("".join(pattern), "".join(line + "\n" for line in actual)) is not None


def lines_of(text):
    return text.rstrip("\n").split("\n") if text.strip("\n") else []


def revision_text(argument, body):
    """A revision file from `ID after PARENT,PARENT labels A,B depends C: message` and the functions that it has."""
    found = REVISION.match(argument)
    if not found:
        raise CaseError(f"=== revision {argument}: cannot be read")
    name, parents, labels, depends, message = found.groups()
    python = lambda names: repr(None) if not names else repr(tuple(names.split(","))) if "," in names else repr(names)
    lines = [f'"""{message}"""'] if message else []
    lines += [f"revision = {name!r}", f"down_revision = {python(parents)}"]
    lines += [f"branch_labels = {python(labels)}"] if labels else []
    lines += [f"depends_on = {python(depends)}"] if depends else []
    lines += ["from alembic import op", "import sqlalchemy as sa", *body]
    for function in ("upgrade", "downgrade"):
        if not any(line.startswith(f"def {function}(") for line in body):
            lines += ["", "", f"def {function}():", "    pass"]
    return name, "\n".join(lines) + "\n"


def run_section(section, place):
    """The section's body as it turned out (None: nothing to compare)."""
    if section.kind == "file":
        target = place.directory / section.argument
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(section.body) + "\n", encoding="utf-8")
        return None
    if section.kind == "revision":
        name, text = revision_text(section.argument, section.body)
        target = place.directory / "migrations" / "versions" / f"{name}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return None
    if section.kind == "shell":
        done = place.shell("set -euo pipefail\n" + "\n".join(section.body))
        if done.returncode != 0:
            raise CaseError(f"shell failed ({done.returncode}): {done.stderr.decode(errors='replace')}")
        return None
    if section.kind == "sql":
        return place.sql(section.argument)
    done = place.shell(section.argument)
    if SECRET.encode() in done.stdout + done.stderr:
        raise CaseError(f"=== run {section.argument}: the password was printed:\n{done.stdout + done.stderr}")
    actual = [f"exit {done.returncode}"]
    for name, data in (("stdout", done.stdout), ("stderr", done.stderr)):
        text = place.normalise(data)
        if text.strip():
            actual += [f"--- {name}", *lines_of(text)]
    return actual


def run_case(case, database, options, cluster):
    """None if all is as expected, else the difference as text."""
    place = Place(case, database, cluster, options.bascule)
    differences = []
    try:
        for section in case.sections:
            if section.database not in (None, database):
                continue
            actual = run_section(section, place)
            if options.update and actual is not None:
                section.actual[database] = actual
            elif actual is not None and not matches(section.body, actual):
                differences += [f"=== {section.kind} {section.argument}"]
                differences += list(difflib.unified_diff(section.body, actual, "expected", "actual", lineterm=""))
                break
    except (CaseError, subprocess.TimeoutExpired, sqlite3.Error) as error:
        differences.append(str(error))
    finally:
        if options.keep:
            print(f"kept: {place.directory}")
        else:
            place.close()
    return "\n".join(differences) or None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only cases whose name holds one of these")
    parser.add_argument("--bascule", type=pathlib.Path, required=True)
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql", "none"])
    parser.add_argument("--update", action="store_true", help="rewrite the expectations that differ")
    parser.add_argument("--keep", action="store_true", help="keep the folders in which cases ran")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    options.bascule = options.bascule.resolve()

    cases = [Case(path) for path in sorted(HERE.rglob("*.case"))]
    if options.names:
        cases = [case for case in cases if any(name in case.name for name in options.names)]
    wanted = [(case, database) for case in cases for database in case.databases
              if not options.database or database in options.database]
    if not wanted:
        print("no case matches")
        return 1
    cluster = None
    if any(database == "postgresql" for _, database in wanted):
        # A role of this name must give its password; everybody else is trusted.
        cluster = PgCluster(access="local all with_password scram-sha-256\n")
        cluster.start()
    failed = 0
    try:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            jobs = [(case, database, pool.submit(run_case, case, database, options, cluster)) for case, database in wanted]
            for case, database, job in jobs:
                difference = job.result()
                if difference:
                    failed += 1
                    print(f"FAILED {case.name} on {database}\n{difference}\n")
    finally:
        if cluster:
            cluster.stop()
    if options.update:
        for case in cases:
            case.update()
            case.path.write_text(case.text(), encoding="utf-8")
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
