#!/usr/bin/env python3
"""What SQL means.

    run.py text DRIVER [--update]   every *.txt here: each statement, and under it ("=> ...") what it means
    run.py server DRIVER            the same statements on a PostgreSQL, twice: as they stand, and as the operations that
                                    they were understood as are spelled. The two databases must be the same wherever a
                                    comment says "-- checkpoint", and at the end of each file.

A file's name begins with its dialect. Those named *_unread.txt hold what the server would not take: they are not run.
"""

import difflib
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
from pgcluster import PgCluster, PgClusterError  # noqa: E402


def files(prefix=""):
    return sorted(HERE.glob(f"{prefix}*_*.txt"))


def script_of(path):
    """The statements of a file, without what they mean."""
    return "".join(line for line in path.read_text().splitlines(keepends=True) if not line.startswith("=>"))


def drive(driver, mode, path):
    dialect = {"postgres": "postgresql", "sqlite": "sqlite"}[path.name.split("_")[0]]
    return subprocess.run([driver, mode, dialect], input=script_of(path), capture_output=True, text=True, check=True).stdout


def check_text(driver, update):
    failed = 0
    for path in files():
        meant, expected = drive(driver, "dump", path), path.read_text()
        if meant == expected:
            continue
        if update:
            path.write_text(meant)
            continue
        failed += 1
        sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), meant.splitlines(True), path.name, "now"))
    return failed


def dump(cluster, database):
    """The database as SQL, without what differs between two of them by itself."""
    text = cluster.dump(database, "--no-owner", "--inserts")
    return [line for line in text.splitlines(True) if not re.match(r"\\(un)?restrict|--|$", line)]


def check_server(driver):
    failed = 0
    with PgCluster() as cluster:
        for path in files("postgres"):
            if path.stem.endswith("_unread"):
                continue
            statements = json.loads(drive(driver, "render", path))
            plain, meant = path.stem + "_plain", path.stem + "_meant"
            cluster.create_database(plain)
            cluster.create_database(meant)
            pending = {plain: [], meant: []}
            done = []

            def compare(where):
                nonlocal failed
                for database, texts in pending.items():
                    try:
                        if texts:
                            cluster.sql(";\n".join(texts), database)
                    except PgClusterError as error:
                        print(f"{path.name}, {database}, up to {where}: {error}")
                        failed += 1
                    texts.clear()
                difference = list(difflib.unified_diff(dump(cluster, plain), dump(cluster, meant), "as it stands", "as understood"))
                if difference:
                    print(f"{path.name}: differs up to {where}; since the last checkpoint:")
                    for text, rendered in done:
                        print("  ", text, "\n    =>", "\n       ".join(rendered))
                    sys.stdout.writelines(difference)
                    failed += 1
                done.clear()

            for statement in statements:
                text = statement["text"]
                rendered = [text] if statement["raw"] else statement["rendered"]
                # A statement that no transaction takes goes alone; what was before it goes first.
                alone = "CONCURRENTLY" in text.upper()
                if "-- checkpoint" in statement["leading"]:
                    compare(text)
                for database, texts in ((plain, [text]), (meant, rendered)):
                    if alone:
                        for earlier in pending[database]:
                            cluster.sql(earlier, database)
                        pending[database].clear()
                        for one in texts:
                            cluster.sql(one, database)
                    else:
                        pending[database] += texts
                done.append((text, rendered))
            compare("the end")
    return failed


def main():
    mode, driver = sys.argv[1], sys.argv[2]
    failed = check_text(driver, "--update" in sys.argv) if mode == "text" else check_server(driver)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
