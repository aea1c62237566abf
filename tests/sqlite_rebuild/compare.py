"""Rebuilds tables with Alembic and with Bascule (sqlite_rebuild_driver) and compares the databases.

Usage: compare.py DRIVER [NAME...]   (Alembic 1.20 or newer must be importable; otherwise the test is skipped: exit 77)
"""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import warnings

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "differential")]

try:
    import alembic
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
except ImportError:
    sys.exit(77)
if tuple(int(part) for part in alembic.__version__.split(".")[:2]) < (1, 20):
    sys.exit(77)

from cases import CASES
from harness.snapshot_sqlite import snapshot

warnings.simplefilter("ignore")


def type_of(spec):
    kind, *arguments = spec
    keywords = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
    return getattr(sa, kind)(*arguments, **keywords)


def column_of(spec):
    keywords = {"nullable": spec.get("nullable", True)}
    if "default" in spec:
        keywords["server_default"] = sa.text(spec["default"])
    return sa.Column(spec["name"], type_of(spec["type"]), **keywords)


def constraint_of(spec):
    kind, name = spec["kind"], spec["name"]
    if kind == "unique":
        return sa.UniqueConstraint(*spec["columns"], name=name)
    return sa.CheckConstraint(spec["sql"], name=name)


def apply(batch, item):
    op, name = item["op"], item["name"]
    if op == "add_column":
        batch.add_column(column_of(item), **{key: item[key] for key in ("insert_before", "insert_after") if key in item})
    elif op == "drop_column":
        batch.drop_column(name)
    elif op == "alter_column":
        keywords = {}
        for ours, theirs in (("new_name", "new_column_name"), ("nullable", "nullable")):
            if ours in item:
                keywords[theirs] = item[ours]
        for ours, theirs in (("type", "type_"), ("existing_type", "existing_type")):
            if ours in item:
                keywords[theirs] = type_of(item[ours])
        if "default" in item:
            keywords["server_default"] = None if item["default"] is None else sa.text(item["default"])
        batch.alter_column(name, **keywords)
    elif op == "add_constraint":
        kind = item["kind"]
        if kind == "unique":
            batch.create_unique_constraint(name, item["columns"])
        elif kind == "primary":
            batch.create_primary_key(name, item["columns"])
        elif kind == "check":
            batch.create_check_constraint(name, item["sql"])
        else:
            batch.create_foreign_key(name, item["referent"], item["columns"], item["referent_columns"], ondelete=item.get("ondelete"))
    elif op == "drop_constraint":
        batch.drop_constraint(name)
    elif op == "create_index":
        batch.create_index(name, item["columns"], unique=item.get("unique", False))
    else:
        batch.drop_index(name)


def with_alembic(path, case):
    """Alembic's complaint, or None."""
    engine = sa.create_engine(f"sqlite:///{path}")
    options = case.batch
    try:
        with engine.begin() as connection:
            for sql in options.get("before", []):
                connection.exec_driver_sql(sql)
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table(
                case.table, recreate=options.get("recreate", "auto"), naming_convention=options.get("naming"),
                table_args=tuple(constraint_of(one) for one in options.get("table_args", [])),
                reflect_args=tuple(column_of(one) for one in options.get("reflect_args", [])),
                partial_reordering=tuple(tuple(one) for one in options.get("partial_reordering", []))) as batch:
                for item in case.items:
                    apply(batch, item)
    except Exception as problem:  # whatever it raises is its answer
        return f"{type(problem).__name__}: {problem}"
    finally:
        engine.dispose()
    return None


def with_bascule(driver, path, case):
    batch = {**case.batch, "table": case.table, "items": case.items}
    done = subprocess.run([driver, str(path)], input=json.dumps(batch), capture_output=True, text=True, timeout=30)
    return json.loads(done.stdout) if done.stdout else {"error": done.stderr or f"exit {done.returncode}"}


def check(driver, case, folder):
    """What is wrong, as lines."""
    theirs, ours = folder / "theirs.db", folder / "ours.db"
    for path in (theirs, ours):
        connection = sqlite3.connect(path)
        connection.executescript(case.setup)
        connection.close()
    complaint, answer = with_alembic(theirs, case), with_bascule(driver, ours, case)
    if os.environ.get("VERBOSE"):
        print(json.dumps(answer, indent=1, ensure_ascii=False))
    wrong = []
    if case.fails and (complaint is None or case.fails not in complaint):
        wrong.append(f"Alembic was to fail with {case.fails!r}: {complaint}")
    if not case.fails and complaint is not None:
        wrong.append(f"Alembic failed: {complaint}")
    if case.refused != ("error" in answer):
        wrong.append(f"Bascule: {answer}")
    if wrong:
        return wrong
    connection = sqlite3.connect(ours)
    for sql, value in case.expect:
        found = connection.execute(sql).fetchone()[0]
        if found != value:
            wrong.append(f"{sql}: {found!r}, not {value!r}")
    if not case.fails and not case.refused:
        mine = snapshot(connection)
        other = snapshot(sqlite3.connect(theirs))
        different = [f"{key}\n      Alembic: {other.get(key)}\n      Bascule: {mine.get(key)}"
                     for key in sorted({*mine, *other}) if mine.get(key) != other.get(key)]
        if different and not case.differs:
            wrong += different
        if case.differs and not different:
            wrong.append(f"there is no difference any more: {case.differs}")
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE '%alembic_tmp%'").fetchone()[0]:
        wrong.append("the temporary table is still there")
    return wrong


def main():
    driver, *names = sys.argv[1:]
    failed = 0
    for case in CASES:
        if names and case.name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            wrong = check(driver, case, pathlib.Path(folder))
        if wrong:
            failed += 1
            print(f"FAILED {case.name}")
            for line in wrong:
                print("   ", line)
    print(f"{len(CASES)} batches, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
