"""The whole of an SQLite database as one flat dictionary {what: description}.

Two databases are the same when their dictionaries are equal. The text of CREATE statements is compared as normalised
tokens (whitespace, quoting style and the case of words do not count; the order of table constraints does not either), and
beside it everything that the pragmas tell, where case does count.
"""

import re
import sqlite3

_TOKEN = re.compile(r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<text>[xX]?'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<other>\|\||<=|>=|<>|==|!=|->>|->|.)
""", re.VERBOSE | re.DOTALL)

_CONSTRAINT_WORDS = {"constraint", "primary", "unique", "check", "foreign"}


def tokens(sql):
    """Normalised tokens: words in lower case, quoted identifiers without quotes (case kept low too), texts as they are."""
    found = []
    for match in _TOKEN.finditer(sql or ""):
        kind, text = match.lastgroup, match.group()
        if kind == "space":
            continue
        if kind == "quoted":
            quote = text[0]
            text = text[1:-1].replace(quote * 2, quote)
        found.append(text if kind == "text" else text.lower())
    return found


def _split_body(parts):
    """The items between the outermost parentheses of a CREATE TABLE, split at its commas: (head, items, tail)."""
    if "(" not in parts:
        return parts, [], []
    begin = parts.index("(")
    depth, items, current = 0, [], []
    for position in range(begin, len(parts)):
        part = parts[position]
        if part == "(":
            depth += 1
            if depth == 1:
                continue
        elif part == ")":
            depth -= 1
            if depth == 0:
                items.append(current)
                return parts[:begin], items, parts[position + 1:]
        if part == "," and depth == 1:
            items.append(current)
            current = []
        else:
            current.append(part)
    return parts, [], []


def _without_default_parentheses(parts):
    """`DEFAULT (x)` and `DEFAULT x` are the same to SQLite."""
    found, position = [], 0
    while position < len(parts):
        found.append(parts[position])
        position += 1
        if found[-1] == "default" and parts[position:position + 1] == ["("]:
            depth, begin = 0, position
            while position < len(parts):
                depth += {"(": 1, ")": -1}.get(parts[position], 0)
                position += 1
                if depth == 0:
                    break
            found += parts[begin + 1:position - 1]
    return found


def normalised_table(sql):
    """A CREATE TABLE statement in a form that two tools' spellings of the same table share."""
    head, items, tail = _split_body(tokens(sql))
    columns = [" ".join(_without_default_parentheses(item)) for item in items if not (item and item[0] in _CONSTRAINT_WORDS)]
    constraints = sorted(" ".join(item) for item in items if item and item[0] in _CONSTRAINT_WORDS)
    return "\n".join([" ".join(head), *("  " + item for item in columns + constraints), " ".join(tail)])


def _quote(name):
    return '"' + name.replace('"', '""') + '"'


def snapshot(connection):
    """The database behind an sqlite3.Connection."""
    found = {}
    run = lambda sql: connection.execute(sql).fetchall()
    master = run("SELECT type, name, tbl_name, sql FROM sqlite_master")
    for kind, name, table, sql in master:
        if kind == "table":
            found[f"table {name}"] = normalised_table(sql)
        elif sql is not None:
            found[f"{kind} {name}"] = f"on {table}: " + " ".join(tokens(sql))
    for schema, name, kind, columns, without_rowid, strict in run("PRAGMA table_list"):
        if schema == "main" and name not in ("sqlite_schema",):
            found[f"table_list {name}"] = f"{kind} columns={columns} without_rowid={without_rowid} strict={strict}"
    tables = [name for kind, name, _, _ in master if kind == "table"]
    for table in tables:
        quoted = _quote(table)
        columns = run(f"PRAGMA table_xinfo({quoted})")
        for position, name, kind, not_null, default, key, hidden in columns:
            default = None if default is None else " ".join(tokens(default))
            found[f"column {table}.{name}"] = (
                f"position={position} | {kind} | not null={not_null} | default={default} | key={key} | hidden={hidden}")
        foreign = {}
        for number, sequence, *rest in run(f"PRAGMA foreign_key_list({quoted})"):
            foreign.setdefault(number, []).append((sequence, *rest))
        for count, key in enumerate(sorted(repr(sorted(key, key=lambda part: part[0])) for key in foreign.values())):
            found[f"foreign key {table} {count}"] = key
        for _, name, unique, origin, partial in run(f"PRAGMA index_list({quoted})"):
            parts = [part[2:] for part in run(f"PRAGMA index_xinfo({_quote(name)})")]
            shown = f"automatic {parts}" if name.startswith("sqlite_autoindex_") else name
            found[f"index of {table}: {shown}"] = f"unique={unique} origin={origin} partial={partial} {parts}"
        stored = ", ".join(f"quote({_quote(column[1])})" for column in columns) or "1"
        types = ", ".join(f"typeof({_quote(column[1])})" for column in columns) or "1"
        rows = run(f"SELECT {stored}, {types} FROM {quoted}")
        width = len(columns)
        found[f"data {table}"] = "\n".join(sorted(
            repr([f"{kind} {value}" for value, kind in zip(row[:width], row[width:])]) for row in rows))
    try:
        broken = sorted(repr((table, parent)) for table, _, parent, _ in run("PRAGMA foreign_key_check"))
    except sqlite3.OperationalError as error:  # a key that refers to a column that is not there
        broken = [str(error)]
    if broken:
        found["broken foreign keys"] = "\n".join(broken)
    if run("PRAGMA integrity_check") != [("ok",)]:
        found["integrity"] = repr(run("PRAGMA integrity_check"))
    for setting in ("encoding", "user_version", "application_id", "auto_vacuum"):
        found[f"pragma {setting}"] = str(run(f"PRAGMA {setting}")[0][0])
    return found
