#!/usr/bin/env python3
"""The differential test: the real Alembic and Bascule walk the same projects up and down, and after every step the two
databases must be equal.

    run.py --bascule build/bascule          the test
    run.py --alembic-only                   every project runs with every Alembic, and all of them agree
    run.py --coverage                       what Alembic and SQLAlchemy offer that no project uses

Alembic is Debian's package (always) and the newest one in a virtual environment (where there is one). PostgreSQL is a
throwaway cluster. Only the standard library is needed here; the workers need alembic, sqlalchemy and psycopg2.

A project is a folder under projects/ with a project.toml and versions/*.py; see projects/README.md.
"""

import argparse
import concurrent.futures
import contextlib
import difflib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "harness"))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

import coverage_report  # noqa: E402
from pgcluster import PgCluster  # noqa: E402

WORKER = os.path.join(HERE, "harness", "worker.py")
DEBIAN_PYTHON = "/usr/bin/python3"
DATABASES = ("sqlite", "postgresql")
JOB_TIMEOUT_SECONDS = 180


class Project:
    """One folder under projects/."""

    def __init__(self, directory):
        self.name = os.path.basename(directory)
        self.directory = directory
        with open(os.path.join(directory, "project.toml"), "rb") as file:
            settings = tomllib.load(file)
        self.databases = settings.pop("databases")
        self.min_alembic = settings.pop("min_alembic", None)
        self.reason = settings.pop("min_alembic_reason", "it uses what older versions lack")
        self.naming_convention = settings.pop("naming_convention", None)
        self.given_steps = settings.pop("steps", None)
        self.leaves_behind = settings.pop("leaves_behind", [])
        self.description = settings.pop("description")
        self.packages = settings.pop("packages", [])
        if settings:
            raise SystemExit(f"{self.name}/project.toml: unknown settings: {', '.join(settings)}")
        self.revision_files = sorted(
            os.path.join(path, name) for path, _, names in os.walk(os.path.join(directory, "versions"))
            for name in names if name.endswith(".py"))

    def steps(self):
        """The walk: to the head one by one, back to the base one by one, then both in one go."""
        if self.given_steps:
            return [step.split() for step in self.given_steps]
        count = len(self.revision_files)
        return [["upgrade", "+1"]] * count + [["downgrade", "-1"]] * count + [["upgrade", "head"], ["downgrade", "base"]]

    def materialise(self, directory):
        """Writes the project as both tools expect it."""
        migrations = os.path.join(directory, "migrations")
        shutil.copytree(self.directory, migrations,
                        ignore=shutil.ignore_patterns("project.toml", "source", "__pycache__", "*.md"))
        source = os.path.join(self.directory, "source")
        if os.path.isdir(source):
            shutil.copytree(source, directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(os.path.join(HERE, "env", "env.py"), migrations)
        with open(os.path.join(directory, "alembic.ini"), "w", encoding="utf-8") as file:
            file.write("[alembic]\nscript_location = migrations\nprepend_sys_path = .\n")
        if self.naming_convention:
            with open(os.path.join(directory, "bascule.toml"), "w", encoding="utf-8") as file:
                file.write("[alembic.naming]\n")
                file.writelines(f"{json.dumps(key)} = {json.dumps(text)}\n" for key, text in self.naming_convention.items())

    def digest(self):
        """Changes when anything that an Alembic run depends on changes."""
        hasher = hashlib.sha256()
        sources = sorted(os.path.join(path, name) for path, _, names in os.walk(os.path.join(self.directory, "source"))
                         for name in names)
        files = [os.path.join(self.directory, "project.toml"), os.path.join(HERE, "env", "env.py"), *self.revision_files,
                 *sources]
        harness = os.path.join(HERE, "harness")
        files += sorted(os.path.join(harness, name) for name in os.listdir(harness) if name.endswith(".py"))
        for path in files:
            with open(path, "rb") as file:
                hasher.update(path.encode() + b"\0" + file.read() + b"\0")
        return hasher.hexdigest()[:24]


# What a project may ask for with `packages`: imported by migrations, not by everybody's Alembic.
OPTIONAL_PACKAGES = ["alembic_utils", "alembic_postgresql_enum"]


class Worker:
    """A worker process; not to be shared between threads."""

    def __init__(self, python, tool, log):
        self.process = subprocess.Popen([python, "-B", WORKER, tool], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=log, text=True, start_new_session=True,
                                        env={**os.environ, "PGTZ": "UTC", "TZ": "UTC", "PYTHONHASHSEED": "0",
                                             "PYTHONWARNINGS": "ignore", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"})
        self.greeting = self.process.stdout.readline().split()

    def run(self, job):
        timer = threading.Timer(JOB_TIMEOUT_SECONDS, lambda: os.killpg(self.process.pid, signal.SIGKILL))
        timer.start()
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().split()
        finally:
            timer.cancel()
        return answer == ["done", "0"]

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


class Tool:
    """What walks a project: an Alembic in its interpreter, or Bascule."""

    def __init__(self, name, python, tool):
        self.name, self.python, self.tool, self.version = name, python, tool, None
        self.packages = set()


class Harness:
    """Runs the tools over the projects and keeps what they produced."""

    def __init__(self, options, tools, work):
        self.options, self.work = options, work
        self.tools = tools
        self.cluster = None
        self._local = threading.local()
        self._workers = []
        self._lock = threading.Lock()
        self._count = 0
        self.log = open(os.path.join(work, "workers.log"), "w+", encoding="utf-8")

    def worker(self, tool):
        workers = self._local.__dict__.setdefault("workers", {})
        if tool.name not in workers or workers[tool.name].process.poll() is not None:
            workers[tool.name] = Worker(tool.python, tool.tool, self.log)
            with self._lock:
                self._workers.append(workers[tool.name])
        return workers[tool.name]

    def close(self):
        for worker in self._workers:
            worker.close()
        self.log.close()

    def walk(self, tool, project, database):
        """Runs one tool over one project on a fresh database; returns the worker's result."""
        cached = None
        if self.options.cache and tool.tool == "alembic":
            os.makedirs(self.options.cache, exist_ok=True)
            thorough = "-thorough" if self.options.thorough else ""
            cached = os.path.join(self.options.cache,
                                  f"{project.digest()}-{database}-{tool.name}-{tool.version}{thorough}.json")
            if os.path.exists(cached):
                with open(cached, encoding="utf-8") as file:
                    return json.load(file)
        with self._lock:
            self._count += 1
            name = f"{project.name}-{database}-{tool.name}-{self._count}"
        directory = os.path.join(self.work, name)
        os.makedirs(directory)
        project.materialise(directory)
        steps = project.steps()
        job = {"tool": tool.tool, "directory": directory, "steps": steps, "bascule": self.options.bascule,
               "naming_convention": project.naming_convention, "result": os.path.join(directory, "result.json")}
        if database == "sqlite":
            job["url"] = f"sqlite:///{directory}/database.sqlite"
        else:
            database_name = self._empty_database(name)
            job["url"] = self.cluster.url(database_name, driver="psycopg2")
            job["dumps"] = ["all"] if self.options.thorough else [len(steps) - 1, len(steps)]
            job["pg_dump"] = os.path.join(self.cluster.bin, "pg_dump")
        reusable = False
        try:
            if not self.worker(tool).run(job):
                self.log.flush()
                with open(self.log.name, encoding="utf-8") as file:
                    return {"steps": [], "crash": file.read()[-4000:]}
            with open(job["result"], encoding="utf-8") as file:
                result = json.load(file)
            if cached:
                shutil.copy(job["result"], cached)
            reusable = "error" not in result["steps"][-1] and not remains(result["steps"][-1]["state"], False, [])
            return result
        finally:
            if database == "postgresql":
                if reusable:
                    self._local.empty_database = database_name
                else:
                    self.cluster.drop_database(database_name)
            if not self.options.keep:
                shutil.rmtree(directory, ignore_errors=True)

    def _empty_database(self, name):
        """This thread's database, if the walk before left it empty, or a new one. Making one costs a tenth of a second."""
        left = self._local.__dict__.pop("empty_database", None)
        if left is None:
            self.cluster.create_database(name)
        return left or name


def normalised_dump(text):
    """pg_dump's output without comments, settings and \\restrict lines."""
    lines = [line for line in text.splitlines() if line and not re.match(r"--|SET |SELECT pg_catalog\.set_config|\\", line)]
    return "\n".join(lines)


def state_difference(first, second, first_name, second_name):
    """A readable account of how two snapshots differ; empty when they do not."""
    lines = []
    for key in sorted(first.keys() | second.keys()):
        left, right = first.get(key), second.get(key)
        if left == right:
            continue
        if left is None or right is None:
            lines.append(f"only in {first_name if right is None else second_name}: {key}")
            lines += ["    " + line for line in (left or right).splitlines()]
        else:
            lines.append(f"differs: {key}")
            lines += ["    " + line for line in difflib.unified_diff(
                left.splitlines(), right.splitlines(), first_name, second_name, lineterm="", n=1)]
    return lines


def _is_looking(statement):
    """Is it one of Alembic's or SQLAlchemy's own questions to the catalogs?"""
    return (statement.upper().startswith(("PRAGMA", "SELECT PG_CATALOG", "SHOW ", "SELECT ALEMBIC_VERSION"))
            or "pg_catalog.pg_" in statement or "sqlite_master" in statement or "sqlite_temp_master" in statement)


def differences(expected, actual, expected_name, actual_name):
    """Pairs (label of the step, lines) for each step at which two walks differ."""
    for left, right in zip(expected["steps"], actual["steps"]):
        lines = []
        if "error" in right and "error" not in left:
            lines = [f"{actual_name} failed:", *("    " + line for line in right["error"].splitlines())]
        elif "error" not in left:
            lines = state_difference(left["state"], right["state"], expected_name, actual_name)
            if not lines and "pg_dump" in left and "pg_dump" in right:
                lines = list(difflib.unified_diff(
                    normalised_dump(left["pg_dump"]).splitlines(), normalised_dump(right["pg_dump"]).splitlines(),
                    f"pg_dump after {expected_name}", f"pg_dump after {actual_name}", lineterm="", n=2))
        if lines:
            for walked, name in ((left, expected_name), (right, actual_name)):
                if walked.get("statements"):
                    lines += [f"what {name} ran:"]
                    lines += ["    " + line for statement in walked["statements"] if not _is_looking(statement)
                              for line in statement.splitlines() if line.strip()]
            if right.get("output"):
                lines += [f"what {actual_name} printed:", *("    " + line for line in right["output"].splitlines())]
            yield left["label"], lines
        if "error" in right:
            return


def remains(state, is_sqlite, allowed):
    """What a snapshot of a project's base still holds that should be gone."""
    found = [key for key in state if "alembic_version" not in key and key != "schema public"]
    if is_sqlite:
        found = [key for key in found if re.match(r"(?:table|index|trigger|view) (?!sqlite_sequence$)", key)]
    return sorted(key for key in found if key not in allowed)


class Known:
    """known_differences.toml: differences by design. One that no longer occurs is an error."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.entries = tomllib.load(file).get("difference", [])
        self.used = [False] * len(self.entries)
        self.considered = [False] * len(self.entries)
        self._lock = threading.Lock()
        for entry in self.entries:
            missing = {"project", "step", "reason"} - entry.keys()
            if missing:
                raise SystemExit(f"{path}: an entry lacks {', '.join(sorted(missing))}")

    def consider(self, project, database):
        for number, entry in enumerate(self.entries):
            if entry["project"] == project and entry.get("database", database) == database:
                self.considered[number] = True

    def covers(self, project, database, label):
        covered = False
        with self._lock:
            for number, entry in enumerate(self.entries):
                if (entry["project"] == project and entry.get("database", database) == database
                        and entry["step"] in ("*", label)):
                    self.used[number] = covered = True
        return covered

    def stale(self):
        return [entry for entry, used, considered in zip(self.entries, self.used, self.considered)
                if considered and not used]


def version_tuple(text):
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def check(harness, known, project, database, alembics, bascule):
    """Runs one project on one database with all tools. Returns [(version, status, lines)]."""
    reports, walks = [], {}
    for tool in alembics:
        if project.min_alembic and version_tuple(tool.version) < version_tuple(project.min_alembic):
            reports.append((tool.name, "skipped", [f"needs Alembic {project.min_alembic}: {project.reason}"]))
            continue
        missing = [name for name in project.packages if name not in tool.packages]
        if missing:
            reports.append((tool.name, "skipped", [f"needs {', '.join(missing)}, which {tool.python} does not have"]))
            continue
        walk = harness.walk(tool, project, database)
        walks[tool.name] = walk
        problems = []
        if "crash" in walk:
            problems = ["the worker crashed:", walk["crash"]]
        for step in walk["steps"]:
            if "error" in step:
                problems += [f"Alembic itself fails at step {step['label']}:", *step["error"].splitlines()[:14]]
        if not problems:
            left = remains(walk["steps"][-1]["state"], database == "sqlite", project.leaves_behind)
            problems = [f"left behind at the base: {key}" for key in left]
        if not problems and not bascule and len(walks) == 2:
            first_name, first = next(iter(walks.items()))
            for label, lines in differences(first, walk, first_name, tool.name):
                problems += [f"the two Alembics differ at step {label}:", *lines]
                break
        if harness.options.show:
            show(f"{project.name} x {database} x {tool.name}", walk)
        if problems:
            reports.append((tool.name, "FAILED", problems))
        elif not bascule:
            reports.append((tool.name, "ok", []))
    if not bascule or any(status == "FAILED" for _, status, _ in reports):
        return reports
    if walks:
        known.consider(project.name, database)
        ours = harness.walk(bascule, project, database)
        failures = {}
        for name, walk in walks.items():
            problems = ["the worker crashed:", ours["crash"]] if "crash" in ours else []
            excused = 0
            for label, lines in differences(walk, ours, name, "bascule"):
                if known.covers(project.name, database, label):
                    excused += 1
                    continue
                problems = [f"at step {label}:", *lines]
                break
            if not problems and len(ours["steps"]) < len(walk["steps"]) and not excused:
                problems = ["Bascule did not finish the walk"]
            found = [line for line in problems[:problems.index(f"what {name} ran:")] if not line.startswith("    ---")] \
                if f"what {name} ran:" in problems else problems
            seen = next((other for other, lines in failures.items() if lines == found), None)
            failures[name] = found
            if problems and seen:
                problems = [f"as with {seen}: {problems[0]}"]
            note = [f"{excused} known differences"] if excused else []
            reports.append((name, "FAILED" if problems else "ok", problems or note))
    return reports


_printing = threading.Lock()


def show(title, walk):
    """Prints the statements of a walk."""
    with _printing:
        for step in walk["steps"]:
            print(f"-- {title}: {step['label']}")
            for statement in step.get("statements", []):
                if not _is_looking(statement):
                    print("\n".join(line for line in statement.splitlines() if line.strip()) + ";")


def find_projects(options):
    directory = options.projects
    names = sorted(name for name in os.listdir(directory) if os.path.exists(os.path.join(directory, name, "project.toml")))
    if options.project:
        unknown = [name for name in options.project if name not in names]
        if unknown:
            raise SystemExit(f"no such project: {', '.join(unknown)} (see --list)")
        names = [name for name in names if name in options.project]
    if options.shard:
        number, total = (int(part) for part in options.shard.split("/"))
        names = names[number - 1::total]
    return [Project(os.path.join(directory, name)) for name in names]


def find_tools(options):
    """The Alembics to run: [Tool]; says what is skipped and why."""
    tools = []
    if options.alembic in ("newest", "both"):
        python = options.venv_python or os.path.join(ROOT, "build", "venv", "bin", "python")
        if os.path.exists(python):
            tools.append(Tool("newest", python, "alembic"))
        elif options.venv_python or options.alembic == "newest":
            raise SystemExit(f"{python} does not exist (scripts/venv makes build/venv)")
        else:
            print(f"newest Alembic: skipped, {os.path.relpath(python)} does not exist (scripts/venv makes it)")
    if options.alembic in ("debian", "both"):
        tools.append(Tool("debian", DEBIAN_PYTHON, "alembic"))
    for tool in tools:
        probe = ("import alembic, sqlalchemy, psycopg2, importlib.util\n"
                 "print(alembic.__version__, sqlalchemy.__version__)\n"
                 f"print(*[name for name in {OPTIONAL_PACKAGES!r} if importlib.util.find_spec(name)])")
        done = subprocess.run([tool.python, "-W", "ignore", "-c", probe], capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            raise SystemExit(f"{tool.python} has no alembic, sqlalchemy or psycopg2 (scripts/install-deps installs Debian's, "
                             f"scripts/venv the newest):\n{done.stderr}")
        tool.version, sqlalchemy_version, *packages = done.stdout.split()
        tool.packages = set(packages)
        print(f"{tool.name}: Alembic {tool.version}, SQLAlchemy {sqlalchemy_version} ({tool.python})")
    return tools


@contextlib.contextmanager
def cancelling(pool):
    """Leaves a pool without starting what still waits when something goes wrong (an interrupt, above all)."""
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bascule", metavar="PATH", help="the program to test")
    parser.add_argument("--alembic-only", action="store_true", help="check the projects with Alembic alone")
    parser.add_argument("--coverage", action="store_true", help="print what no project uses")
    parser.add_argument("--list", action="store_true", help="list the projects")
    parser.add_argument("--project", action="append", metavar="NAME", help="only this project (may be repeated)")
    parser.add_argument("--database", choices=DATABASES, help="only this database")
    parser.add_argument("--alembic", choices=("newest", "debian", "both"), default="both")
    parser.add_argument("--venv-python", metavar="PATH", help="the interpreter that has the newest Alembic")
    parser.add_argument("--projects", metavar="DIR", default=os.path.join(HERE, "projects"), help="the folder of the projects")
    parser.add_argument("--shard", metavar="I/N", help="only each Nth project, from the Ith on")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    parser.add_argument("--thorough", action="store_true", help="compare pg_dump's output after every step, not only at the ends")
    parser.add_argument("--cache", metavar="DIR", help="remember Alembic's results in DIR (for quick repeats while developing)")
    parser.add_argument("--keep", action="store_true", help="keep the project copies and the results")
    parser.add_argument("--show", action="store_true", help="print what Alembic ran at each step")
    parser.add_argument("--verbose", action="store_true", help="show whole differences, not their first lines")
    options = parser.parse_args()
    if options.bascule:
        options.bascule = os.path.abspath(options.bascule)
        if not os.access(options.bascule, os.X_OK):
            raise SystemExit(f"{options.bascule} is not a program")
    if not (options.bascule or options.alembic_only or options.coverage or options.list):
        parser.error("one of --bascule, --alembic-only, --coverage, --list is needed")
    return options


def main():
    options = parse_arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    projects = find_projects(options)
    revisions = sum(len(project.revision_files) for project in projects)
    if options.list:
        for project in projects:
            newest = f", Alembic {project.min_alembic}+" if project.min_alembic else ""
            print(f"{project.name}: {len(project.revision_files)} revisions, {' '.join(project.databases)}{newest}")
            print(f"    {project.description}")
        print(f"{len(projects)} projects, {revisions} revisions")
        return 0
    tools = find_tools(options)
    if options.coverage:
        return coverage_report.report([path for project in projects for path in project.revision_files], WORKER, tools[0].python)

    started = time.monotonic()
    known = Known(os.path.join(HERE, "known_differences.toml"))
    bascule = None if options.alembic_only else Tool("bascule", DEBIAN_PYTHON, "bascule")
    databases = [options.database] if options.database else DATABASES
    work = tempfile.mkdtemp(prefix="differential.")
    harness = Harness(options, tools, work)
    counts = {"ok": 0, "FAILED": 0, "skipped": 0}
    try:
        needs_postgres = any("postgresql" in project.databases for project in projects) and "postgresql" in databases
        if needs_postgres:
            harness.cluster = PgCluster().start()
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool, cancelling(pool):
            pending = {}
            for project in sorted(projects, key=lambda project: -len(project.revision_files)):
                for database in databases:
                    if database in project.databases:
                        future = pool.submit(check, harness, known, project, database, tools, bascule)
                        pending[future] = (project, database)
            for future in concurrent.futures.as_completed(pending):
                project, database = pending[future]
                for version, status, lines in future.result():
                    counts[status] += 1
                    note = f" ({lines[0]})" if lines and status != "FAILED" else ""
                    print(f"{status:7} {project.name} x {database} x {version}{note}", flush=True)
                    if status == "FAILED":
                        shown = lines if options.verbose else lines[:60]
                        print("\n".join("        " + line for text in shown for line in text.splitlines()))
                        if len(shown) < len(lines):
                            print(f"        ... {len(lines) - len(shown)} more lines (--verbose shows them)")
    finally:
        harness.close()
        if harness.cluster:
            if options.keep:
                print("the databases are gone with their cluster; SQLite's are kept")
            harness.cluster.stop()
        if options.keep:
            print(f"kept: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)
    stale = known.stale() if bascule else []
    for entry in stale:
        print(f"STALE   known_differences.toml: {entry['project']}, {entry['step']}: did not occur ({entry['reason']})")
    print(f"{len(projects)} projects, {revisions} revisions: {counts['ok']} ok, {counts['FAILED']} failed, "
          f"{counts['skipped']} skipped, {len(stale)} stale; {time.monotonic() - started:.1f} s")
    return 1 if counts["FAILED"] or stale else 0


if __name__ == "__main__":
    sys.exit(main())
