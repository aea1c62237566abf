#!/usr/bin/env python3
"""Migrations made at random, each of a few statements that the database takes: run naively and online, the databases are
the same afterwards. What differs is made smaller before it is shown.

usage: generated.py BASCULE [--seed N] [--count N] [--statements N]"""

import argparse
import json
import random
import re
import sys

import online

CATALOG = """
SELECT json_agg(t) FROM (
  SELECT c.oid::regclass::text AS name, c.relkind AS kind, c.relispartition AS part,
    (SELECT json_agg(json_build_object('name', quote_ident(attname), 'type', format_type(atttypid, atttypmod), 'not_null',
                                       attnotnull, 'default', atthasdef, 'own', attgenerated <> '' OR attidentity <> '')
                     ORDER BY attnum)
     FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
    (SELECT coalesce(json_agg(json_build_object('name', quote_ident(conname), 'kind', contype) ORDER BY conname), '[]')
     FROM pg_constraint WHERE conrelid = c.oid) AS constraints,
    (SELECT coalesce(json_agg(indexrelid::regclass::text ORDER BY 1), '[]') FROM pg_index
     WHERE indrelid = c.oid) AS indexes
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'bascule_revisions'
  ORDER BY c.relname) t
"""
# Names beside plain ones: words, capitals, blanks, quotes, 63 letters.
NAMES = ["a1", "b2", "c3", '"Mixed"', '"order"', '"two words"', '"quo""te"', "über", "n" * 63]
TYPES = ["integer", "bigint", "text", "varchar(20)", "varchar(50)", "numeric(12,2)", "boolean", "date", "timestamptz", "uuid", "jsonb",
         "mood", "text[]", "double precision"]
VALUES = {"integer": ["0", "7"], "bigint": ["0", "42"], "text": ["''", "'it''s'"], "varchar(20)": ["'x'"], "varchar(50)": ["'y'"],
          "numeric(12,2)": ["0", "1.5"], "boolean": ["true", "false"], "date": ["'2025-01-02'"], "timestamptz":
          ["'2025-01-02 03:04:05+00'", "now()", "clock_timestamp()"], "uuid": ["gen_random_uuid()"], "jsonb": ["'{}'"],
          "mood": ["'low'"], "text[]": ["'{}'"], "double precision": ["0", "random()"]}
VOLATILE = re.compile(r"now\(\)|clock_timestamp|random|nextval|serial|IDENTITY|current_")


class Maker:
    """Statements for a database as it stands."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.number = 0

    def look(self, catalog):
        self.tables = catalog

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, share):
        return self.random.random() < share

    def new_name(self, prefix):
        self.number += 1
        return self.pick(NAMES) if self.chance(0.15) else f"{prefix}{self.number}"

    def table(self):
        # What is busy before the migration rather than what it has made.
        table = self.pick(self.tables)
        return table if table["columns"] else self.tables[0]

    def column(self, table, *types):
        found = [one for one in table["columns"] if not types or one["type"].startswith(types)]
        return self.pick(found) if found else self.pick(table["columns"])

    def columns(self, table, most=2):
        names = [one["name"] for one in table["columns"]]
        return self.random.sample(names, min(len(names), self.random.randint(1, most)))

    def predicate(self, table):
        column = self.column(table)
        name, kind = column["name"], column["type"]
        choices = [f"{name} IS NOT NULL", f"{name} IS NULL"]
        if kind in ("integer", "bigint") or kind.startswith("numeric"):
            choices += [f"{name} > 10", f"{name} >= 0", f"{name} BETWEEN 1 AND 1000000", f"{name} % 2 = 0"]
        if kind == "text" or kind.startswith("character varying"):
            choices += [f"length({name}) < 100", f"{name} <> 'nobody'", f"lower({name}) = {name}", f"{name} LIKE 'f%'"]
        if self.chance(0.1):
            choices.append(f"({self.predicate(table)} OR {self.predicate(table)})")
        return self.pick(choices)

    def value(self, kind):
        for name, values in VALUES.items():
            if kind == name or (kind.startswith("character varying") and name == "varchar(20)") or \
                    (kind.startswith("numeric") and name.startswith("numeric")) or \
                    (kind.startswith("timestamp") and name == "timestamptz"):
                return self.pick(values)
        return "NULL"

    def index(self):
        table = self.table()
        parts = []
        for name in self.columns(table, 3):
            column = next(one for one in table["columns"] if one["name"] == name)
            text = column["type"] == "text" or column["type"].startswith("character varying")
            part = f"lower({name})" if text and self.chance(0.25) else f"({name} || 'x')" if text and self.chance(0.1) else name
            if self.chance(0.2):
                part += self.pick([" DESC", " NULLS FIRST", " DESC NULLS LAST", " ASC"])
            elif text and self.chance(0.2):
                part += self.pick([" text_pattern_ops", ' COLLATE "C"'])
            parts.append(part)
        unique = "UNIQUE " if self.chance(0.25) else ""
        name = "" if self.chance(0.2) else self.new_name("ix") + " "
        exists = "IF NOT EXISTS " if name and self.chance(0.1) else ""
        method = self.pick(["", "", "", "USING btree ", "USING hash ", "USING brin "])
        sql = f"CREATE {unique}INDEX {exists}{name}ON {table['name']} {method}({', '.join(parts)})"
        if self.chance(0.15):
            sql += f" INCLUDE ({', '.join(self.columns(table))})"
        if self.chance(0.1):
            sql += " WITH (fillfactor = 70)"
        if self.chance(0.25):
            sql += f" WHERE {self.predicate(table)}"
        return sql

    def drop_index(self):
        table = self.table()
        if not table["indexes"]:
            return self.index()
        return f"DROP INDEX {self.pick(['', 'IF EXISTS '])}{self.pick(table['indexes'])}{self.pick(['', '', ' CASCADE'])}"

    def reindex(self):
        table = self.table()
        return f"REINDEX INDEX {self.pick(table['indexes'])}" if table["indexes"] and self.chance(0.5) else \
            f"REINDEX TABLE {table['name']}"

    def constraint(self, table):
        kind = self.pick(["unique", "check", "check", "foreign", "foreign", "primary"])
        name = f"CONSTRAINT {self.new_name('k')} " if self.chance(0.7) else ""
        later = self.pick(["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"])
        if kind == "unique":
            keep = f" INCLUDE ({', '.join(self.columns(table, 1))})" if self.chance(0.1) else ""
            return f"{name}UNIQUE ({', '.join(self.columns(table))}){keep}{later}"
        if kind == "primary":
            return f"{name}PRIMARY KEY ({', '.join(self.columns(table))})"
        if kind == "check":
            return f"{name}CHECK ({self.predicate(table)}){self.pick(['', '', ' NOT VALID', ' NO INHERIT'])}"
        other = self.pick([one for one in self.tables if not one["part"]])
        action = self.pick(["", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE", " MATCH FULL"])
        to = other["name"] if self.chance(0.3) else f"{other['name']} ({self.pick(other['columns'])['name']})"
        return (f"{name}FOREIGN KEY ({self.column(table, 'bigint', 'integer')['name']}) REFERENCES {to}{action}{later}"
                f"{self.pick(['', '', ' NOT VALID'])}")

    def new_column(self, table):
        name, kind = self.new_name("col"), self.pick(TYPES)
        exists = "IF NOT EXISTS " if self.chance(0.1) else ""
        extra = ""
        if self.chance(0.08):
            return f"{exists}{name} {self.pick(['serial', 'bigserial', 'bigint GENERATED BY DEFAULT AS IDENTITY'])}"
        if self.chance(0.5):
            extra += f" DEFAULT {self.pick(VALUES[kind])}"
        if self.chance(0.35):
            extra += " NOT NULL"
        if self.chance(0.1):
            extra += " UNIQUE"
        if self.chance(0.1):
            extra += f" CHECK ({name} IS NOT NULL)"
        if kind == "bigint" and self.chance(0.4):
            extra += " REFERENCES customers" + self.pick(["", " (id) ON DELETE CASCADE"])
        return f"{exists}{name} {kind}{extra}"

    def action(self, table):
        column = self.column(table)
        name = column["name"]
        choice = self.random.randrange(14)
        if choice < 3:
            return f"ADD COLUMN {self.new_column(table)}"
        if choice < 6:
            return f"ADD {self.constraint(table)}"
        if choice == 6:
            return f"ALTER COLUMN {name} SET NOT NULL"
        if choice == 7:
            return f"ALTER COLUMN {name} DROP NOT NULL"
        if choice == 8:
            return f"ALTER COLUMN {name} SET DEFAULT {self.value(column['type'])}"
        if choice == 9:
            return f"ALTER COLUMN {name} DROP DEFAULT"
        if choice == 10:
            kind = self.pick(["text", "varchar(100)", "bigint", "numeric(14,2)", "timestamptz"])
            using = f" USING {name}::{kind}" if self.chance(0.3) else ""
            return f"ALTER COLUMN {name} TYPE {kind}{using}"
        if choice == 11:
            named = [one for one in table["constraints"] if one["kind"] not in "nt"]
            return f"DROP CONSTRAINT {self.pick(named)['name']}{self.pick(['', '', ' CASCADE'])}" if named else \
                f"DROP COLUMN {name}"
        if choice == 12:
            return self.pick([f"ALTER COLUMN {name} SET STATISTICS 200", f"ALTER COLUMN {name} SET STORAGE EXTERNAL",
                              "SET (fillfactor = 80)", "SET (autovacuum_enabled = true)", "REPLICA IDENTITY FULL",
                              f"ALTER COLUMN {name} SET (n_distinct = 5)"])
        return f"DROP COLUMN {self.pick(['', 'IF EXISTS '])}{name}{self.pick(['', ' CASCADE'])}"

    def alter(self):
        table = self.table()
        actions = [self.action(table) for _ in range(self.pick([1, 1, 1, 2, 3]))]
        only = "ONLY " if self.chance(0.03) else ""
        return f"ALTER TABLE {only}{table['name']} {', '.join(actions)}"

    def rename(self):
        table = self.table()
        choice = self.random.randrange(4)
        if choice == 0:
            return f"ALTER TABLE {table['name']} RENAME TO {self.new_name('t')}"
        if choice == 1 and table["constraints"]:
            return f"ALTER TABLE {table['name']} RENAME CONSTRAINT {self.pick(table['constraints'])['name']} TO {self.new_name('k')}"
        if choice == 2 and table["indexes"]:
            return f"ALTER INDEX {self.pick(table['indexes'])} RENAME TO {self.new_name('ix')}"
        return f"ALTER TABLE {table['name']} RENAME COLUMN {self.column(table)['name']} TO {self.new_name('col')}"

    def validate(self):
        table = self.table()
        found = [one for one in table["constraints"] if one["kind"] in "cf"]
        return f"ALTER TABLE {table['name']} VALIDATE CONSTRAINT {self.pick(found)['name']}" if found else self.alter()

    def rows(self):
        table = self.table()
        column = self.column(table)
        where = f" WHERE {self.predicate(table)}" if self.chance(0.5) else ""
        if self.chance(0.2):
            return f"DELETE FROM {table['name']}{where}"
        other = self.column(table)["name"]
        name, kind = column["name"], column["type"]
        texts = [one["name"] for one in table["columns"] if one["type"] == "text"]
        value = self.value(kind)
        if kind in ("integer", "bigint") and self.chance(0.6):
            value = self.pick([f"{name} + 1", f"coalesce({name}, 0)", f"-{name}", "(SELECT count(*) FROM customers)",
                               f"length({other}::text)"])
        if kind == "text" and self.chance(0.6):
            value = self.pick([f"lower({name})", f"coalesce({name}, 'none')", f"{self.pick(texts)} || '!'", f"{other}::text",
                               "(SELECT min(name) FROM customers)", f"CASE WHEN {self.predicate(table)} THEN 'a' ELSE {name} END"])
        if self.chance(0.12):
            return f"UPDATE {table['name']} SET {name} = c.name FROM customers c WHERE c.id = {table['name']}.{other}"
        return f"UPDATE {table['name']} SET {name} = {value}{where}"

    def other(self):
        table = self.table()
        column = self.column(table)["name"]
        return self.pick([
            f"COMMENT ON TABLE {table['name']} IS 'it''s {self.number}'", f"COMMENT ON COLUMN {table['name']}.{column} IS NULL",
            f"COMMENT ON COLUMN {table['name']}.{column} IS 'x'", f"GRANT SELECT ON {table['name']} TO PUBLIC",
            f"REVOKE ALL ON {table['name']} FROM PUBLIC", f"ALTER TYPE mood ADD VALUE 'm{self.new_name('v')[-1:]}'",
            f"CREATE VIEW {self.new_name('v')} AS SELECT {column} FROM {table['name']}",
            f"CREATE TABLE {self.new_name('made')} (id bigint PRIMARY KEY, c bigint REFERENCES customers, note text DEFAULT 'n')",
            f"CREATE TABLE {self.new_name('copy')} AS SELECT * FROM {table['name']}",
            f"INSERT INTO customers VALUES ({900 + self.number}, 'new', NULL)", f"ANALYZE {table['name']}",
            "CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
            "ALTER TABLE events DETACH PARTITION events_2025", "DROP VIEW open_orders", f"TRUNCATE {table['name']}",
            f"ALTER TABLE {table['name']} ENABLE ROW LEVEL SECURITY", f"DROP TABLE {table['name']}",
            f"CREATE STATISTICS {self.new_name('s')} ON {', '.join(self.columns(table, 3))} FROM {table['name']}",
        ])

    def statement(self):
        make = self.random.choices([self.index, self.drop_index, self.alter, self.rename, self.validate, self.rows, self.other,
                                    self.reindex], [20, 5, 45, 4, 4, 14, 12, 2])[0]
        return make()


class Taken:
    """A migration's statements, tried one after the other in a database."""

    def __init__(self, ground, seed, wanted):
        maker = Maker(seed)
        ground.fresh("draft")
        self.statements = []
        for _ in range(wanted * 6):
            maker.look(json.loads(ground.cluster.sql(CATALOG, "draft")))
            sql = maker.statement()
            try:
                ground.cluster.sql(f"SET lock_timeout = '5s'; BEGIN; {sql}; COMMIT", "draft")
            except online.pgcluster.PgClusterError:
                continue
            self.statements.append(sql)
            if len(self.statements) == wanted:
                break


class Trial:
    """The statements as one migration, naively and online."""

    counter = 0

    def __init__(self, ground, statements):
        Trial.counter += 1
        change = online.Change.__new__(online.Change)
        change.name, change.sql, change.allow = f"generated{Trial.counter}", ";\n".join(statements) + ";", []
        change.transaction_since, change.same_data = 0, not VOLATILE.search(change.sql)
        self.outcome, self.why = self.run(ground, change)

    def run(self, ground, change):
        try:
            naive = ground.naive(change, "naive")
        except AssertionError as error:
            return "not valid", str(error)
        database = ground.fresh("online")
        for _ in range(5):
            try:
                self.steps = ground.steps(change, database)
                break
            except online.Refused as refused:
                if not set(refused.words) - set(change.allow):
                    return "refused", str(refused)
                change.allow += refused.words
        else:
            return "refused", "again and again"
        try:
            ground.online(change, database)
        except AssertionError as error:
            return "fails", str(error)
        wrong = online.difference(ground.snapshot(naive, change.same_data), ground.snapshot(database, change.same_data))
        return ("differs", wrong) if wrong else ("same", "")


def smaller(ground, statements, outcome):
    """As few of the statements as still do it."""
    trial = None
    shrinking = True
    while shrinking and len(statements) > 1:
        shrinking = False
        for i in range(len(statements)):
            fewer = statements[:i] + statements[i + 1:]
            attempt = Trial(ground, fewer)
            if attempt.outcome == outcome:
                statements, trial, shrinking = fewer, attempt, True
                break
    return statements, trial or Trial(ground, statements)


def show(seed, statements, trial):
    lines = [line[:400] for line in trial.why.splitlines()]
    print(f"seed {seed}: {trial.outcome}:", *statements, sep="\n  ")
    print(*lines[:16], *(["..."] if len(lines) > 16 else []), sep="\n")
    print("the online plan:", *getattr(trial, "steps", []), sep="\n  ", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bascule")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--statements", type=int, default=4)
    options = parser.parse_args()
    outcomes = {}
    with online.Ground(options.bascule) as ground:
        for seed in range(options.seed, options.seed + options.count):
            statements = Taken(ground, seed, options.statements).statements
            trial = Trial(ground, statements)
            if trial.outcome in ("fails", "differs"):
                statements, trial = smaller(ground, statements, trial.outcome)
                show(seed, statements, trial)
            elif trial.outcome == "refused":
                statements, trial = smaller(ground, statements, trial.outcome)
                show(seed, statements, trial)
            outcomes[trial.outcome] = outcomes.get(trial.outcome, 0) + 1
    print(f"{options.count} generated migrations: " + ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items())))
    return 1 if outcomes.get("fails") or outcomes.get("differs") or not outcomes.get("same") else 0


if __name__ == "__main__":
    sys.exit(main())
