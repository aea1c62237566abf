#!/usr/bin/env python3
"""The projects of the differential test and the examples, on PostgreSQL: revision by revision naively, revision by revision
online. The databases are the same after every revision.

A revision that an online run refuses (it breaks the old release, or nothing gentler is known) is run with what its message
says to allow; one that it cannot run at all is counted and named.

usage: projects.py BASCULE [PROJECT ...]"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

import online

ROOT = online.HERE.parent.parent
PROJECTS = ROOT / "tests" / "differential" / "projects"


def materialise(directory, place):
    """A project of the differential test, as its own runner writes it. None: not for PostgreSQL, or it needs Python."""
    settings = tomllib.loads((directory / "project.toml").read_text())
    if "postgresql" not in settings["databases"] or settings.get("packages"):
        return None
    shutil.copytree(directory, place / "migrations", ignore=shutil.ignore_patterns("project.toml", "source", "*.md"))
    if (directory / "source").is_dir():
        shutil.copytree(directory / "source", place, dirs_exist_ok=True)
    shutil.copy(ROOT / "tests" / "differential" / "env" / "env.py", place / "migrations")
    (place / "alembic.ini").write_text("[alembic]\nscript_location = migrations\nprepend_sys_path = .\n")
    naming = settings.get("naming_convention")
    if naming:
        lines = "".join(f"{json.dumps(key)} = {json.dumps(text)}\n" for key, text in naming.items())
        (place / "bascule.toml").write_text("[alembic.naming]\n" + lines)
    return place


SEQUENCES = "SELECT seqrelid::regclass || ' ' || seqincrement FROM pg_sequence ORDER BY 1"


def next_values(ground, database):
    """What each sequence gives next, whatever has been read from it."""
    found = [line.rsplit(" ", 1) for line in ground.cluster.sql(SEQUENCES, database).splitlines() if line]
    each = [f"SELECT '{name}', CASE WHEN is_called THEN last_value + {step} ELSE last_value END FROM {name}"
            for name, step in found]
    return ground.cluster.sql(" UNION ALL ".join(each), database) if each else ""


def dump(ground, database):
    """The database as text: its rows in any order, its sequences by what they give next."""
    text = ground.cluster.dump(database, "--exclude-schema=bascule", "--inserts")
    lines = [line for line in text.splitlines() if line and not line.startswith(("--", "\\", "SELECT pg_catalog.setval("))]
    rows = sorted(line for line in lines if line.startswith("INSERT "))
    lines = [line for line in lines if not line.startswith("INSERT ")]
    return "\n".join([*lines, *rows, "invalid: " + ground.cluster.sql(online.INVALID, database),
                      next_values(ground, database)])


def step(ground, place, database, words):
    return ground.run(place, database, "--json", "upgrade", "+1", *words, check=False)


def one_online(ground, place, database):
    """One revision up, online. "" when it ran, else why not."""
    words = ["--online", "--lock-deadline", "30s"]
    for _ in range(12):
        done = step(ground, place, database, words)
        if done.returncode == 0:
            return ""
        try:
            found = json.loads(done.stdout)["diagnostics"]
        except ValueError:
            return done.stdout + done.stderr
        names = {word for one in found for part in [one["help"].split("--allow ")[1:]] for word in
                 [text.split()[0].strip(".,;`") for text in part]}
        more = [name for name in sorted(names) if name not in words]
        if not more:
            return "; ".join(f"{one['code']}: {one['message']}" for one in found)
        for name in more:
            words += ["--allow", name]
    return "it asks for ever more"


def compare(ground, place):
    """Revisions that ran online, those that could not, and what differs."""
    naive, ours = "naive", "ours"
    for database in (naive, ours):
        ground.cluster.drop_database(database)
        ground.cluster.create_database(database)
    ran, refused = 0, []
    while True:
        done = step(ground, place, naive, [])
        if done.returncode != 0 or not json.loads(done.stdout).get("revisions"):
            return ran, refused, ""
        revision = json.loads(done.stdout)["revisions"][-1]
        why = one_online(ground, place, ours)
        if why:
            refused.append(f"{revision}: {why}")
            step(ground, place, ours, [])
        else:
            ran += 1
        wrong = online.difference(dump(ground, naive), dump(ground, ours))
        if wrong:
            return ran, refused, f"after {revision}:\n{wrong}"


def main():
    wanted = sys.argv[2:]
    wrong = count = ran = 0
    refused = []
    with online.Ground(sys.argv[1]) as ground, tempfile.TemporaryDirectory() as scratch:
        places = []
        for directory in sorted(PROJECTS.iterdir()):
            if not (directory / "project.toml").exists():
                continue
            place = pathlib.Path(scratch) / directory.name
            place.mkdir()
            if materialise(directory, place):
                places.append((directory.name, place))
        for directory in sorted((ROOT / "examples").iterdir()):
            if directory.is_dir():
                places.append((f"examples/{directory.name}", shutil.copytree(directory, pathlib.Path(scratch) / f"e-{directory.name}")))
        for name, place in places:
            if wanted and name not in wanted:
                continue
            count += 1
            try:
                done, not_run, problem = compare(ground, place)
            except (AssertionError, subprocess.TimeoutExpired, online.pgcluster.PgClusterError) as error:
                done, not_run, problem = 0, [], str(error)
            ran += done
            refused += [f"{name}: {one}" for one in not_run]
            wrong += bool(problem)
            if problem or done == 0:
                print(f"  {name}: {'FAILED ' + problem if problem else 'no revision ran'}", flush=True)
    for one in refused:
        print(f"  not online: {one}")
    print(f"{count - wrong} of {count} projects have the same end; {ran} revisions ran online, {len(refused)} could not")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
