#!/usr/bin/env python3
"""Every step of every change, interrupted before it, in the middle of it and behind it: by SIGKILL for the process, by
the end of the server's backend, by a crash of the server. Then the same command again: the database is the one that an
undisturbed naive run leaves.

usage: killed.py BASCULE SHARE OF [CHANGE ...]     (of the changes, this share: 1 4 is the first of four)
       killed.py BASCULE --few [CHANGE ...]        (one change for each rewrite; killed before and behind each step)"""

import sys
import subprocess

import online

# What happens at an event; {pid} is Bascule's. setsid: a hook's children end with it.
KILL = "kill -9 $PPID"
SOON = "setsid sh -c 'sleep {delay}; kill -9 '$PPID >/dev/null 2>&1 &"
BACKEND = "setsid sh -c 'sleep {delay}; {psql} -c \"{end}\"' >/dev/null 2>&1 &"
END = ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
       "AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
DELAYS = ("0.002", "0.02")


def at_step(event, number, action):
    """The words of a hook that does something at one step."""
    return ["--hook", f"{event}-step=case \"$(cat)\" in *'\"step\":{number},'*) {action} ;; esac"]


def cases(ground, database, steps, few):
    """What to try: a name, the hook's words, whether the process may end well by itself."""
    psql = f"{ground.cluster.program('psql')} -XAtq -h {ground.cluster.directory} -U postgres -d {database}"
    for number in range(1, steps + 1):
        yield f"killed before step {number}", at_step("before", number, KILL), False
        yield f"killed behind step {number}", at_step("after", number, KILL), False
        if few:
            continue
        for delay in DELAYS:
            yield f"killed {delay} s into step {number}", at_step("before", number, SOON.format(delay=delay)), True
        ended = BACKEND.format(delay=DELAYS[0], psql=psql, end=END)
        yield f"backend ended in step {number}", at_step("before", number, ended), True


def settle(ground, database):
    """Waits until the server has noticed that its client is gone, as the next run would."""
    ground.cluster.sql(END, database)


def interrupt(ground, change, database, hook, may_end_well):
    """One run with a hook, then one without. What is wrong, or an empty text."""
    ground.fresh(database)
    project = ground.project(change)
    first = subprocess.run(ground.command(project, database, *ground.online_words(change), *hook), capture_output=True,
                           text=True, timeout=120)
    if first.returncode == 0 and not may_end_well:
        return "the kill did not happen"
    if first.returncode not in (0, -9):
        return f"exit {first.returncode}\n{first.stdout}{first.stderr}"
    ground.online(change, database)
    return ""


def crash(ground, change, database):
    """The server goes away in the middle, as in a power cut; the same process goes on when it is back."""
    ground.fresh(database)
    ground.cluster.sql("CHECKPOINT", database)
    process = subprocess.Popen(ground.command(ground.project(change), database, *ground.online_words(change)),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        process.wait(timeout=0.05)
    except subprocess.TimeoutExpired:
        pass
    ground.cluster.kill()
    ground.cluster.start_again()
    said, _ = process.communicate(timeout=120)
    if process.returncode != 0:
        # It had not connected yet, or was told so at a moment when it had nothing to look up.
        again = ground.online(change, database, check=False)
        if again.returncode != 0:
            return f"exit {process.returncode}\n{said}\nthen exit {again.returncode}\n{again.stdout}{again.stderr}"
    return ""


def try_change(ground, change, few):
    ground.naive(change, "naive")
    expected = ground.snapshot("naive", change.same_data)
    steps = len(ground.steps(change, ground.fresh("killed")))
    tried, failures = 0, []

    def check(name, wrong):
        wrong = wrong or online.difference(expected, ground.snapshot("killed", change.same_data))
        if wrong:
            failures.append(f"{name}: {wrong}")

    for name, hook, may_end_well in cases(ground, "killed", steps, few):
        tried += 1
        try:
            check(name, interrupt(ground, change, "killed", hook, may_end_well))
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failures.append(f"{name}: {error}")
    if not few:
        tried += 1
        check("server crashed", crash(ground, change, "killed"))
    return tried, failures


def one_for_each_rewrite(ground, changes):
    """As few of the changes as show every rewrite that they show together."""
    left, chosen, shown = {}, [], set()
    for change in changes:
        try:
            left[change] = ground.rewrites(change, ground.fresh("killed"))
        except online.Refused:
            chosen.append(change)  # which is a failure; it is told with the others
    while left:
        best = max(left, key=lambda change: len(left[change] - shown))
        if left[best] <= shown:
            break
        shown |= left.pop(best)
        chosen.append(best)
    print(f"  rewrites: {', '.join(sorted(shown))}", flush=True)
    return chosen


def main():
    few = sys.argv[2] == "--few"
    names, share, of = (sys.argv[3:], 1, 1) if few else (sys.argv[4:], int(sys.argv[2]), int(sys.argv[3]))
    wrong = total = 0
    with online.Ground(sys.argv[1], "synchronous_commit = on\n") as ground:
        changes = []
        for change in online.changes(names)[share - 1::of]:
            why = change.not_for(ground.cluster.version)
            if why:
                print(f"  {change.name}: skipped: {why}")
            else:
                changes.append(change)
        for change in one_for_each_rewrite(ground, changes) if few else changes:
            try:
                tried, failures = try_change(ground, change, few)
            except AssertionError as error:
                tried, failures = 1, [str(error)]
            total += tried
            wrong += len(failures)
            print(f"  {change.name}: {tried - len(failures)} of {tried}", flush=True)
            for failure in failures[:3]:
                print(f"    FAILED {failure}", flush=True)
    print(f"{total - wrong} of {total} interruptions led to the same end")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
