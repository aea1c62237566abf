#!/usr/bin/env python3
"""The tests of online runs on every PostgreSQL that scripts/postgres-matrix got: the same end, killed at each step of
each rewrite, troubles, migrations made at random.

usage: matrix.py BASCULE [MAJOR ...]     (as many majors at a time as JOBS says: 2)"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

import online

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
TESTS = [["snapshot.py"], ["same_end.py"], ["killed.py", "--few"], ["trouble.py"], ["unfinished.py"],
         ["generated.py", "--count", "30"]]


def run(bascule, directory):
    """The tests on one server. Whether all went well, and what they said."""
    environment = {**os.environ, online.pgcluster.CHOICE: directory}
    well, said = True, []
    for name, *words in TESTS:
        arguments = [sys.executable, str(HERE / name), *([bascule] if name != "snapshot.py" else []), *words]
        done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        said.append(f"{name} {' '.join(words)}".strip() + f"\n{done.stdout}")
        well = well and done.returncode == 0
    return well, "".join(said)


def main():
    bascule, wanted = os.path.abspath(sys.argv[1]), [int(major) for major in sys.argv[2:]]
    majors = {major: place for major, place in online.pgcluster.matrix().items() if not wanted or major in wanted}
    if not majors:
        print("online matrix: skipped: no such servers in build/postgres-matrix (scripts/postgres-matrix says why)")
        return SKIPPED
    failed = []
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        results = {major: pool.submit(run, bascule, place) for major, place in majors.items()}
        for major, result in results.items():
            well, said = result.result()
            print(f"== PostgreSQL {major}\n{said}", end="", flush=True)
            failed += [] if well else [str(major)]
    print(f"online runs on PostgreSQL {', '.join(map(str, majors))}: {'failed on ' + ', '.join(failed) if failed else 'ok'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
