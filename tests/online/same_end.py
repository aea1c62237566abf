#!/usr/bin/env python3
"""Every change, run naively and online: the databases are the same afterwards. Then again with writers at work.

usage: same_end.py BASCULE [CHANGE ...]"""

import sys
import threading

import online

WRITES = [
    "UPDATE orders SET note = 'seen' WHERE id = {0}",
    "INSERT INTO orders (id, customer_id, number, state, first_name, last_name, full_name, total) "
    "VALUES (100000 + {1}, 1, 'W{1}', 'open', 'a', 'b', 'a b', 1)",
    "UPDATE customers SET region = 'east' WHERE id = 1 + {0} % 200",
    "DELETE FROM orders WHERE id = 100000 + {1} - 3",
    "SELECT count(*) FROM open_orders",
]


def writer(ground, database, stop, problems):
    """An application that reads and writes while the change runs; what it is refused is a problem, unless the change is
    done: then it is the new schema that refuses."""
    number = 0
    while not stop.is_set():
        number += 1
        for write in WRITES:
            try:
                ground.cluster.sql(write.format(1 + number * 7 % 5000, number), database)
            except online.pgcluster.PgClusterError as error:
                if not ground.done(database):
                    problems.append(str(error)[str(error).find("ERROR:"):].strip())


def compare(ground, change):
    naive = ground.naive(change, "naive")
    quiet, busy = (ground.fresh(name) for name in ("quiet", "busy"))
    steps = ground.steps(change, quiet)
    ground.online(change, quiet)
    wrong = online.difference(ground.snapshot(naive, change.same_data), ground.snapshot(quiet, change.same_data))
    if wrong:
        return f"differs after these steps:\n  " + "\n  ".join(steps) + f"\n{wrong}", len(steps)

    stop, problems = threading.Event(), []
    application = threading.Thread(target=writer, args=(ground, busy, stop, problems))
    application.start()
    try:
        ground.online(change, busy)
    finally:
        stop.set()
        application.join()
    wrong = online.difference(ground.snapshot(naive, False), ground.snapshot(busy, False))
    if wrong:
        return f"differs when writers are at work:\n{wrong}", len(steps)
    if problems:
        return "the application was refused:\n" + "\n".join(problems[:5]), len(steps)
    return "", len(steps)


def allowed(ground, change):
    """A change that the server has nothing gentle for: refused, and the same end where it is allowed."""
    try:
        ground.steps(change, ground.fresh("quiet"))
    except online.Refused as refused:
        change.allow = refused.words
        return compare(ground, change)
    return f"not refused, though its file says: {change.not_for(ground.cluster.version)}", 0


def main():
    failed = refused = steps = count = 0
    with online.Ground(sys.argv[1]) as ground:
        version = ground.cluster.version
        for change in online.changes(sys.argv[2:]):
            if change.since > version:
                print(f"  {change.name}: skipped: {change.not_for(version)}")
                continue
            count += 1
            reason = change.not_for(version)
            try:
                wrong, taken = allowed(ground, change) if reason else compare(ground, change)
            except AssertionError as error:
                wrong, taken = str(error), 0
            if reason and not wrong:
                print(f"  {change.name}: {reason}; with {' '.join(change.allow)} the same end", flush=True)
                refused += 1
                continue
            steps += taken
            print(f"  {change.name}: {'FAILED ' + wrong if wrong else f'same end, {taken} steps'}", flush=True)
            failed += bool(wrong)
    print(f"{count - failed} of {count} changes have the same end ({steps} steps), {refused} of them only where allowed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
