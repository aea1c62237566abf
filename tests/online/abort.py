#!/usr/bin/env python3
"""Every change, begun online, killed behind each of its steps and taken back with `bascule abort`: the schema is what
it was before. Where rows were changed, they stay changed, and abort says so.

usage: abort.py BASCULE [CHANGE ...]"""

import sys

import online

# The first run makes the history's table, and it stays.
HISTORY = ("CREATE TABLE bascule_revisions (revision varchar(255) PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT "
           "CURRENT_TIMESTAMP)")
KILL = "after-step=case \"$(cat)\" in *'\"step\":{},'*) kill -9 $PPID ;; esac"


def look(ground, database, rows):
    return [line for line in ground.snapshot(database, rows).splitlines() if not line.startswith("revisions:")]


def take_back(ground, change, number):
    """What differs from before when the change was killed behind the step and taken back; empty: nothing. None: there was
    nothing left to take back."""
    database = ground.fresh("aborted")
    ground.cluster.sql(HISTORY, database)
    before = look(ground, database, False)
    began = ground.online(change, database, "--hook", KILL.format(number), check=False)
    if began.returncode != -9:
        return f"not killed behind step {number}: exit {began.returncode}: {began.stderr}"
    if ground.revisions(database) == "001":
        return None  # the steps behind it were in the same transaction: it is done
    done = ground.run(ground.project(change), database, "abort", check=False)
    if done.returncode != 0:
        return f"behind step {number}: exit {done.returncode}: {done.stderr}"
    wrong = online.difference("\n".join(before), "\n".join(look(ground, database, False)))
    return wrong and f"behind step {number}:\n{wrong}"


def main():
    failed = count = 0
    with online.Ground(sys.argv[1]) as ground:
        for change in online.changes(sys.argv[2:]):
            if why := change.not_for(ground.cluster.version):
                print(f"  {change.name}: skipped: {why}")
                continue
            steps = len(ground.steps(change, ground.fresh("aborted")))
            # Behind the last step there is nothing left to take back.
            for number in range(1, steps):
                wrong = take_back(ground, change, number)
                count += wrong is not None
                failed += bool(wrong)
                if wrong:
                    print(f"  {change.name}: FAILED {wrong}", flush=True)
            print(f"  {change.name}: {steps} steps", flush=True)
    print(f"{count - failed} of {count} aborted runs left the schema as it was")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
