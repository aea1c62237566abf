"""Compares Bascule's revision graph with Alembic's on random graphs.

    compare.py DRIVER [--graphs N] [--seed N] [--show N]

DRIVER is the program built from tests/tools/graph_driver.cpp. Each round makes a random graph (several bases,
branches, merges, labels, depends_on), asks both about many targets, and compares what they resolve, the order in
which revisions run, and the changes to the version rows. Exit code 1 if anything differs, 77 without Alembic.

Where Alembic's own answer depends on the hashing of strings (the order of a Python set), the script puts it into the
order of the files first. Where Alembic dies of a failed assertion or a KeyError instead of refusing with a message,
Bascule must refuse; the few cases in which Bascule has a sensible answer instead are in `lenient`.
"""

import argparse
import random
import subprocess
import sys
import types
import warnings

try:
    import alembic
    from alembic.runtime import migration
    from alembic.script import revision as alembic_revision
    from alembic.script.base import ScriptDirectory
    from alembic.util import exc as alembic_exc
except ImportError:
    print("no Alembic for this Python: skipped")
    sys.exit(77)

warnings.simplefilter("ignore")

REFUSALS = (alembic_revision.RevisionError, alembic_exc.CommandError)
DEATHS = (AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)


class Revision(alembic_revision.Revision):
    module = types.SimpleNamespace(upgrade=lambda: None, downgrade=lambda: None)


class RevisionMap(alembic_revision.RevisionMap):
    def _normalize_depends_on(self, revisions, map_):
        super()._normalize_depends_on(revisions, map_)
        for rev in revisions:
            kept = set(rev._normalized_resolved_dependencies)
            rev._normalized_resolved_dependencies = tuple(
                d for d in dict.fromkeys(rev._resolved_dependencies) if d in kept
            )


class Step(migration.RevisionStep):
    def merge_branch_idents(self, heads):
        deleted, updated, to = super().merge_branch_idents(heads)
        # Alembic also wants to delete rows that are not there, and dies; what is left is what it means.
        merged = [r for r in self.from_revisions if r in {*deleted, updated} and r in heads]
        return merged[:-1], merged[-1], to

    def _unmerge_to_revisions(self, heads):
        kept = set(super()._unmerge_to_revisions(heads))
        if set(heads) == {self.revision.revision}:
            # Old versions (1.8) also insert rows for revisions that the other new rows include.
            for rev in self.revision_map.get_revisions(self.to_revisions):
                kept -= {r.revision for r in self.revision_map._get_ancestor_nodes([rev])} - {rev.revision}
        return tuple(r for r in self.to_revisions if r in kept)


migration.MigrationStep.upgrade_from_script = classmethod(lambda cls, m, s: Step(m, s, True))
migration.MigrationStep.downgrade_from_script = classmethod(lambda cls, m, s: Step(m, s, False))


class Rows(migration.HeadMaintainer):
    """The version rows, with their changes written down instead of executed."""

    def __init__(self, heads):
        super().__init__(None, heads)
        self.changes = []

    def _insert_version(self, version):
        assert version not in self.heads
        self.heads.add(version)
        self.changes.append("+" + version)

    def _delete_version(self, version):
        self.heads.remove(version)
        self.changes.append("-" + version)

    def _update_version(self, from_, to_):
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)
        self.changes.append(from_ + ">" + to_)


class Graph:
    """A random graph, as lines for the driver and as an Alembic ScriptDirectory."""

    def __init__(self, rng):
        size = rng.choice([0, 1, 2, 3, 5, 8, 13, 13, 20, 30])
        alphabet = rng.choice(["ab", "0123456789abcdef"])
        self.ids = []
        while len(self.ids) < size:
            id_ = "".join(rng.choice(alphabet) for _ in range(rng.choice([5, 6, 12])))
            if id_ not in self.ids:
                self.ids.append(id_)
        self.labels = []
        self.rows = []
        merge_chance, base_chance = rng.choice([0, 0.1, 0.4]), rng.choice([0, 0.1, 0.3])
        branch_chance, dep_chance = rng.choice([0, 0.1, 0.5]), rng.choice([0, 0, 0.1, 0.4])
        label_chance = rng.choice([0, 0.1, 0.3])
        for i, id_ in enumerate(self.ids):
            before = self.ids[:i]
            free = [r for r in before if not any(r in row[1] for row in self.rows)]
            downs, deps, labels = [], [], []
            if before and rng.random() >= base_chance:
                pool = free if free and rng.random() >= branch_chance else before
                downs.append(rng.choice(pool))
                while rng.random() < merge_chance:
                    downs.append(rng.choice(free or before))
            while before and rng.random() < dep_chance:
                deps.append(rng.choice(before + self.labels))
            if rng.random() < label_chance:
                labels = ["%s_%d" % (rng.choice(["pay", "ship", "abab"]), i)]
                self.labels += labels
            self.rows.append((id_, list(dict.fromkeys(downs)), list(dict.fromkeys(deps)), labels))
        rng.shuffle(self.rows)
        self.script = ScriptDirectory.__new__(ScriptDirectory)
        self.script.revision_map = self.map = RevisionMap(
            lambda: [Revision(i, tuple(d), tuple(p) or None, tuple(l)) for i, d, p, l in self.rows]
        )

    def lines(self):
        return ["clear"] + [
            "\t".join(["rev", i, ",".join(d), ",".join(p), ",".join(l)]) for i, d, p, l in self.rows
        ]

    def symbol(self, rng):
        if not self.ids:
            return rng.choice(["head", "heads", "base", "abab"])
        id_ = rng.choice(self.ids)
        label = rng.choice(self.labels or ["nolabel"])
        return rng.choice(
            [id_, id_, id_, id_[:4], id_[:3], label, label, label[:4], "head", "heads", "base", "zzzz"]
        )

    def target(self, rng):
        steps = "%s%d" % (rng.choice("+-"), rng.choice([0, 1, 1, 1, 2, 3, 7]))
        label = rng.choice(self.labels + [self.symbol(rng)])
        return rng.choice(
            [
                "head", "heads", "base", "heads", steps, steps,
                self.symbol(rng), self.symbol(rng) + steps, label + "@" + self.symbol(rng),
                label + "@" + steps, label + "@head", label + "@heads", label + "@base",
                label + "@" + self.symbol(rng) + steps,
            ]
        )  # fmt: skip

    def current(self, rng):
        """Rows that a database may have: after upgrades, and rarely any revisions."""
        if not self.ids or rng.random() < 0.15:
            return ()
        if rng.random() < 0.05:
            return tuple(rng.sample(self.ids, min(len(self.ids), rng.choice([1, 2, 3]))))
        rows = Rows(())
        for _ in range(rng.choice([1, 1, 2, 3])):
            try:
                for step in self.script._upgrade_revs(rng.choice(self.ids), tuple(rows.heads)):
                    rows.update_to_step(step)
            except REFUSALS + DEATHS:
                pass
        return tuple(i for i, *_ in self.rows if i in rows.heads)

    # What Alembic says, in the driver's words.

    def build(self):
        m = self.map
        m._revision_map
        labels = "".join(
            " %s=%s" % (i, ",".join(sorted(m.get_revision(i).branch_labels))) for i, *_ in self.rows
        )
        order = m._topological_sort([m.get_revision(i) for i in self.ids], m.get_revisions("heads"))
        return "%s | %s | %s |%s | %s" % (
            ",".join(m.heads), ",".join(m.bases), ",".join(m._real_heads), labels, ",".join(order)
        )  # fmt: skip

    def run(self, current, target, up):
        steps = (self.script._upgrade_revs if up else self.script._downgrade_revs)(target, current)
        rows, text = Rows(current), ""
        for step in steps:
            rows.changes = []
            text += " %s:" % step.revision.revision
            try:
                rows.update_to_step(step)
            except DEATHS:
                return text.strip() + " error version-rows-mismatch"
            text += "".join(c + "," for c in rows.changes)
        return "%s | %s" % (text.strip(), ",".join(sorted(rows.heads)))

    def stamp(self, current, targets):
        rows = Rows(current)
        for step in self.script._stamp_revs(tuple(targets), current):
            rows.update_to_step(step)
        return "%s | %s" % ("".join(c + "," for c in rows.changes), ",".join(sorted(rows.heads)))

    def history(self, base, head):
        return ",".join(r.revision for r in self.script.walk_revisions(base or "base", head or "heads"))

    def get(self, name):
        return ",".join(r.revision for r in self.script.get_revisions(name))

    def one(self, name):
        found = self.script.get_revision(name)
        return found.revision if found else "base"

    def tips(self, current):
        return ",".join(sorted(r.revision for r in self.script.get_all_current(current)))


def lenient(question, answer):
    """Questions at which Alembic dies and Bascule answers by design."""
    # Walking down from the heads exactly to the base gives "base", which Alembic then takes for a revision.
    return question[0] in ("get", "stamp") and "-" in question[-1]


def questions(graph, rng, count):
    yield ("build",), graph.build
    for _ in range(count):
        kind = rng.choice(["upgrade", "upgrade", "downgrade", "downgrade", "stamp", "history", "current", "get", "tips"])
        if kind in ("upgrade", "downgrade"):
            current, target = graph.current(rng), graph.target(rng)
            yield (kind, ",".join(current), target), lambda: graph.run(current, target, kind == "upgrade")
        elif kind == "stamp":
            current = graph.current(rng)
            targets = [graph.target(rng) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
            yield ("stamp", ",".join(current), ",".join(targets)), lambda: graph.stamp(current, targets)
        elif kind == "history":
            base, head = rng.choice(["", graph.target(rng)]), rng.choice(["", graph.target(rng)])
            yield ("history", base, head), lambda: graph.history(base, head)
        elif kind == "current":
            current, other, side = graph.current(rng), graph.target(rng), rng.choice(["from", "to"])
            if not current:
                continue
            yield ("history-current", ",".join(current), other, side), lambda: (
                graph.history(current, other) if side == "from" else graph.history(other, current)
            )
        elif kind == "get":
            name, word = graph.target(rng), rng.choice(["get", "one"])
            yield (word, name), lambda: getattr(graph, word)(name)
        else:
            current = graph.current(rng)
            yield ("tips", ",".join(current)), lambda: graph.tips(current)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("driver")
    parser.add_argument("--graphs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10, help="how many differences to print")
    args = parser.parse_args()
    driver = subprocess.Popen([args.driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    asked = refused = died = differences = 0
    for seed in range(args.seed, args.seed + args.graphs):
        rng = random.Random(seed)
        graph = Graph(rng)
        driver.stdin.write("\n".join(graph.lines()) + "\n")
        for question, ask in questions(graph, rng, 40):
            driver.stdin.write("\t".join(question) + "\n")
            driver.stdin.flush()
            answer = driver.stdout.readline().rstrip("\n")
            asked += 1
            try:
                expected = "ok " + ask()
                is_same = answer.split() == expected.split()
            except REFUSALS as error:
                refused += 1
                expected = "refusal: %s" % error
                is_same = answer.startswith("error ")
            except DEATHS as error:
                died += 1
                expected = "death: %r" % error
                is_same = answer.startswith("error ") or lenient(question, answer)
            if is_same:
                continue
            differences += 1
            if differences <= args.show:
                print("seed %d: %s" % (seed, "  ".join(question)))
                print("\n".join("    " + line.replace("\t", "  ") for line in graph.lines()[1:]))
                print("  alembic %s: %s\n  bascule: %s" % (alembic.__version__, expected, answer))
    driver.stdin.close()
    driver.wait()
    print(
        "alembic %s: %d graphs, %d questions (%d refused, %d at which Alembic dies), %d differences"
        % (alembic.__version__, args.graphs, asked, refused, died, differences)
    )
    return 1 if differences or driver.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
