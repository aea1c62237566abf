#!/usr/bin/env python3
"""SARIF as bascule writes it, against its published schema: findings, suppressed ones, the baseline's, files that cannot be
read, names that need escaping. Schema and validator come from npm (scripts/squawk); without them the test is skipped.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = HERE.parent.parent / "build" / "squawk" / "node_modules"
SCHEMA = PACKAGES / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"
SKIPPED = 77

BASE = "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note text);\n"
FINDINGS = """-- an index
CREATE INDEX "orders_üser" ON orders (user_id);
-- bascule: ignore index-not-concurrent -- nobody uses it yet
CREATE INDEX orders_note ON orders (note);
-- bascule: ignore no-such-rule -- why not
ALTER TABLE orders ALTER COLUMN id TYPE numeric(30, 2);
"""
BROKEN = "CREATE TABLE ! nonsense;\n"


def check(name, document):
    """What is wrong with it, as lines."""
    done = subprocess.run(["node", HERE / "validate.js", PACKAGES, SCHEMA], input=document, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return [f"{name}: {line}" for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bascule", type=pathlib.Path, required=True)
    bascule = parser.parse_args().bascule.resolve()
    if not SCHEMA.exists() or not shutil.which("node"):
        print(f"skipped: {'node is missing' if SCHEMA.exists() else 'the schema is not there'}; scripts/squawk gets it from npm")
        return SKIPPED
    problems = check("control", '{"version": "2.1.0", "runs": [{"tool": {}, "results": [{"level": "loud"}]}]}')
    if len(problems) < 3:
        raise SystemExit(f"the validator lets nonsense pass: {problems}")
    problems = []
    with tempfile.TemporaryDirectory(prefix="sarif.") as name:
        folder = pathlib.Path(name)
        migrations = folder / "my migrations"
        migrations.mkdir()
        (migrations / "000001_base.up.sql").write_text(BASE)
        (migrations / "000002_%f#1.up.sql").write_text(FINDINGS)
        (migrations / "000003_broken.up.sql").write_text(BROKEN)

        def lint(*words):
            done = subprocess.run([bascule, "-d", folder, "lint", "-o", "sarif", *words], cwd=folder, capture_output=True, text=True)
            if done.returncode not in (0, 1, 2) or not done.stdout:
                raise SystemExit(f"lint {' '.join(words)}: exit {done.returncode}: {done.stderr}")
            return done.stdout

        files = sorted(str(path.relative_to(folder)) for path in migrations.iterdir())
        runs = {"one file": lint(files[1]), "all files": lint(*files[:2]), "broken": lint(*files), "nothing": lint(files[0])}
        for name, document in runs.items():
            problems += check(name, document)
        levels = [one["level"] for one in json.loads(runs["all files"])["runs"][0]["results"]]
        held = [one["suppressions"] for one in json.loads(runs["all files"])["runs"][0]["results"]]
        if not levels or not any(held):
            problems.append(f"the files should give findings, and suppressed ones: {levels} {held}")
    print("\n".join(problems) or f"{len(runs)} documents are valid")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
