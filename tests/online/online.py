"""What the tests of online runs share: a server with the base schema, projects of one change, snapshots to compare."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lib"))
import pgcatalog  # noqa: E402
import pgcluster  # noqa: E402

CHANGES = HERE / "changes"
INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
PREPARED = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
# What Bascule keeps for itself, as the catalogs name it.
OURS = r"\bbascule_revisions|\bbascule\.|\bschema bascule\b"


class Change:
    """One file of changes/: a migration as a team writes it, and what its first lines say about it."""

    def __init__(self, path):
        self.name = path.stem
        text = path.read_text()
        self.sql = text
        self.same_data = not re.search(r"^-- data:", text, re.M)
        found = re.search(r"^-- since: (\d+)", text, re.M)
        self.since = int(found.group(1)) if found else 0
        # Servers before that major have nothing gentle for it: there an online run refuses it, unless it is allowed.
        found = re.search(r"^-- online-since: (\d+) \((.+)\)$", text, re.M)
        self.online_since, self.why = (int(found.group(1)), found.group(2)) if found else (0, "")
        # The same of servers from a major on.
        found = re.search(r"^-- online-until: (\d+) \((.+)\)$", text, re.M)
        self.online_until, self.why_later = (int(found.group(1)), found.group(2)) if found else (99, "")
        # Servers before that major take it outside of transactions only, so that a naive migration has to be written so.
        found = re.search(r"^-- transaction-since: (\d+)", text, re.M)
        self.transaction_since = int(found.group(1)) if found else 0
        # What it does that an online run does only when it is told so.
        self.allow = [word for name in re.findall(r"^-- allow: (\S+)", text, re.M) for word in ("--allow", name)]


    def not_for(self, version):
        """Why it cannot be run online on a server of that major; empty: it can."""
        if self.since > version:
            return f"needs PostgreSQL {self.since}"
        if self.online_since > version:
            return f"refused before PostgreSQL {self.online_since}: {self.why}"
        return f"refused after PostgreSQL {self.online_until}: {self.why_later}" if self.online_until < version else ""


class Refused(AssertionError):
    """The online plan is refused. `words`: what would allow it."""

    def __init__(self, diagnostics):
        super().__init__("\n".join(one["message"] + ": " + one.get("cause", "") for one in diagnostics))
        names = {name for one in diagnostics for name in re.findall(r"--allow ([a-z-]+)", one["help"])}
        self.words = [word for name in sorted(names) for word in ("--allow", name)]


def changes(names=()):
    """All changes, or those named."""
    found = [Change(path) for path in sorted(CHANGES.glob("*.sql")) if path.stem != "base"]
    unknown = set(names) - {change.name for change in found}
    if unknown:
        sys.exit(f"no such change: {', '.join(sorted(unknown))}")
    return [change for change in found if not names or change.name in names]


class Ground:
    """A server with the database `base`, from which others are copied."""

    def __init__(self, bascule, configuration=""):
        self.bascule = os.path.abspath(bascule)
        self.cluster = pgcluster.PgCluster(configuration)
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name)

    def __enter__(self):
        self.cluster.__enter__()
        self.cluster.create_database("base")
        self.cluster.sql((CHANGES / "base.sql").read_text(), "base")
        return self

    def __exit__(self, *exception):
        self.cluster.__exit__(*exception)
        self._folder.cleanup()

    def fresh(self, name):
        """A new copy of the base database."""
        self.cluster.drop_database(name)
        self.cluster.sql(f'CREATE DATABASE "{name}" TEMPLATE base STRATEGY file_copy' if self.cluster.version >= 15
                         else f'CREATE DATABASE "{name}" TEMPLATE base')
        return name

    def project(self, change, name=None, header=""):
        """A project of plain SQL whose one revision is the change."""
        folder = self.folder / (name or change.name)
        if not folder.exists():
            (folder / "migrations").mkdir(parents=True)
            (folder / "bascule.toml").write_text('format = "sql"\n')
            (folder / "migrations" / "001_change.sql").write_text(
                f"-- revision: 001\n-- revises:\n{header}-- migrate:up\n{change.sql}\n")
        return folder

    def naive(self, change, database):
        """Runs the change as it is written, in a new copy of the base database."""
        project = self.project(change)
        if change.transaction_since > self.cluster.version:
            project = self.project(change, f"{change.name}-naive", "-- transaction: off\n")
        self.run(project, self.fresh(database), "upgrade", "head")
        return database

    def command(self, project, database, *words):
        return [self.bascule, "-d", str(project), "--url", self.cluster.url(database), *words]

    def run(self, project, database, *words, check=True, timeout=120):
        """Runs Bascule; its output and exit code."""
        done = subprocess.run(self.command(project, database, *words), capture_output=True, text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"bascule {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def online(self, change, database, *words, **options):
        """Runs the change with --online."""
        return self.run(self.project(change), database, *self.online_words(change), *words, **options)

    def online_words(self, change):
        return ["upgrade", "head", "--online", "--lock-deadline", "60s", *change.allow]

    def plan(self, change, database):
        """The online plan, as JSON. Raises Refused."""
        done = self.run(self.project(change), database, "--json", "plan", "head", "--online", *change.allow, check=False)
        said = json.loads(done.stdout)
        if done.returncode != 0:
            raise Refused(said["diagnostics"])
        return said

    def steps(self, change, database):
        """The statements of the online plan. Raises Refused."""
        return [step["sql"] for revision in self.plan(change, database)["revisions"] for step in revision["steps"]]

    def rewrites(self, change, database):
        """The names of the rewrites that the online plan owes something to. Raises Refused."""
        return {step["rewrite"] for revision in self.plan(change, database)["compared"] for part in revision["parts"]
                for step in part["online"] if step["rewrite"]}

    def revisions(self, database):
        """The history's rows."""
        return self.cluster.sql("SELECT revision FROM bascule_revisions", database).strip()

    def done(self, database):
        """Whether the change is in the history."""
        there = self.cluster.sql("SELECT to_regclass('bascule_revisions') IS NOT NULL", database).strip() == "t"
        return there and self.revisions(database) != ""

    def snapshot(self, database, data=True):
        """Everything that a migration could have changed, as text: schema, validity, rows. What Bascule keeps for itself
        (the journal, the history's time) is left out."""
        out = [pgcatalog.describe(self.cluster, database, OURS)]
        if self.cluster.can_dump:
            dump = self.cluster.dump(database, "--schema-only", "--exclude-schema=bascule",
                                     "--exclude-table=bascule_revisions")
            out += [line for line in dump.splitlines() if line and not line.startswith(("--", "\\", "SET "))]
        out.append("invalid indexes: " + self.cluster.sql(INVALID, database).strip())
        out.append("constraints not valid: " + self.cluster.sql(PREPARED, database).strip())
        out.append("revisions: " + self.revisions(database))
        if data:
            tables = self.cluster.sql(
                "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace "
                "AND c.relname <> 'bascule_revisions' ORDER BY 1", database).splitlines()
            for table in tables:
                rows = self.cluster.sql(f"SELECT count(*), md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {table} t",
                                        database).strip()
                out.append(f"{table}: {rows}")
        return "\n".join(out) + "\n"


def difference(expected, got):
    """What two snapshots do not share, a line each; empty: they are the same."""
    import difflib

    return "\n".join(line for line in difflib.unified_diff(expected.splitlines(), got.splitlines(), "naive", "online",
                                                          lineterm="", n=1))
