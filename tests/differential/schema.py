#!/usr/bin/env python3
"""The schema from files alone beside the one that running the files made.

    schema.py --bascule build/bascule [--project NAME] [--database sqlite]

Each project (those of the differential test, and the examples) is migrated to its heads on a fresh database; then
`bascule diff heads database` must find nothing, on every database that the project is for. schema_differences.toml lists
what does not come out equal, each with its reason; an entry that no longer occurs is an error.
"""

import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

from pgcluster import PgCluster  # noqa: E402
from run import DATABASES, Project  # noqa: E402

TIMEOUT_SECONDS = 120


class Example:
    """A folder under examples/, as its reader has it."""

    def __init__(self, directory):
        self.name = "examples/" + os.path.basename(directory)
        self.directory = directory
        self.databases = DATABASES

    def materialise(self, directory):
        shutil.copytree(self.directory, directory, dirs_exist_ok=True)


def known_differences():
    with open(os.path.join(HERE, "schema_differences.toml"), "rb") as file:
        entries = tomllib.load(file).get("difference", [])
    return {(entry["project"], entry["database"]): entry["reason"] for entry in entries}


class Runner:
    """Runs Bascule in a project's folder."""

    def __init__(self, bascule, directory, url):
        self.bascule, self.directory, self.url = bascule, directory, url

    def __call__(self, *words):
        environment = {key: text for key, text in os.environ.items() if key not in ("DATABASE_URL", "BASCULE_URL")}
        done = subprocess.run([self.bascule, *words, "--url", self.url], cwd=self.directory, env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS)
        return done.returncode, done.stdout, done.stderr


def check(bascule, project, database, cluster, work):
    """What differs, in lines; empty: nothing. None: the project cannot be migrated as a whole."""
    name = f"{project.name}-{database}".replace("/", "-")
    directory = os.path.join(work, name)
    os.makedirs(directory)
    project.materialise(directory)
    if database == "sqlite":
        url = f"sqlite:///{directory}/database.sqlite"
    else:
        cluster.create_database(name)
        url = cluster.url(name)
    run = Runner(bascule, directory, url)
    try:
        code, _, errors = run("upgrade", "heads")
        if code != 0:
            return None, errors.splitlines()
        code, output, errors = run("diff", "heads", "database", "--json", "--exit-code")
        if code == 0:
            return True, []
        try:
            report = json.loads(output)
        except ValueError:
            return False, [f"exit code {code}", *errors.splitlines(), *output.splitlines()]
        lines = []
        for change in report.get("changes", []):
            lines.append(f"{change['operation']} {change['subject']}")
            lines += ["    " + line for sql in change["sql"] for line in sql.splitlines()]
        lines += [f"{one['code']}: {one['message']}" for one in report.get("diagnostics", [])]
        return False, lines
    finally:
        if database == "postgresql":
            cluster.drop_database(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bascule", required=True)
    parser.add_argument("--project", action="append")
    parser.add_argument("--database", choices=DATABASES)
    options = parser.parse_args()
    options.bascule = os.path.abspath(options.bascule)

    projects = [Project(os.path.dirname(path)) for path in sorted(glob.glob(os.path.join(HERE, "projects/*/project.toml")))]
    projects += [Example(path) for path in sorted(glob.glob(os.path.join(ROOT, "examples/*"))) if os.path.isdir(path)]
    known = known_differences()
    failures = checked = 0
    seen = set()
    with tempfile.TemporaryDirectory() as work, PgCluster() as cluster:
        os.chmod(work, 0o755)
        for project in projects:
            if options.project and project.name not in options.project:
                continue
            for database in project.databases:
                if options.database and database != options.database:
                    continue
                equal, lines = check(options.bascule, project, database, cluster, work)
                key = (project.name, database)
                if equal is None:
                    print(f"skipped {project.name} on {database}: it does not run to its heads")
                    continue
                checked += 1
                if not equal:
                    seen.add(key)
                if equal == (key not in known):
                    continue
                failures += 1
                print(f"FAILED {project.name} on {database}" + ("" if lines else ": listed as different, and is not"))
                print("\n".join("    " + line for line in lines))
    print(f"{checked} schemas compared, {failures} failures, {len(seen & known.keys())} known differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
