"""The whole of a PostgreSQL database as one flat dictionary {what: description}, read from the catalogs.

Two databases are the same when their dictionaries are equal. Nothing in it depends on oids, on attribute numbers (only on
the order of columns) or on the order in which things were made. Members of extensions are left out; so is what every
database has.
"""

_USER_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"


def _not_of_extension(catalog, oid):
    return (f"NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = '{catalog}'::regclass AND e.objid = {oid}"
            " AND e.deptype = 'e')")


# Each query gives rows (what, description...); the description's columns are joined by " | ".
_QUERIES = {
    "schema": """
        SELECT n.nspname, obj_description(n.oid, 'pg_namespace')
        FROM pg_namespace n WHERE {user_schema}""",
    "extension": "SELECT x.extname, n.nspname FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace"
                 " WHERE x.extname <> 'plpgsql'",
    "relation": """
        SELECT format('%I.%I', n.nspname, c.relname), 'kind=' || c.relkind::text, 'persistence=' || c.relpersistence::text,
          'options=' || array_to_string(c.reloptions, ','), 'tablespace=' || t.spcname, 'access=' || am.amname,
          'partition key=' || pg_get_partkeydef(c.oid), 'partition bound=' || pg_get_expr(c.relpartbound, c.oid),
          'inherits=' || (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i
                          WHERE i.inhrelid = c.oid AND c.relkind IN ('r', 'p')),
          'identity=' || c.relreplident::text, 'security=' || c.relrowsecurity::text || c.relforcerowsecurity::text,
          'view=' || CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
          'comment=' || obj_description(c.oid, 'pg_class')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace LEFT JOIN pg_am am ON am.oid = c.relam
        WHERE {user_schema} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {not_of_extension_class}""",
    "column": """
        SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname),
          'position=' || row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attnotnull THEN 'not null' END, 'default=' || pg_get_expr(d.adbin, d.adrelid),
          'identity=' || nullif(a.attidentity::text, ''), 'generated=' || nullif(a.attgenerated::text, ''),
          'collation=' || CASE WHEN a.attcollation <> y.typcollation THEN l.collname END, 'storage=' || a.attstorage::text,
          'compression=' || nullif(a.attcompression::text, ''), 'statistics=' || nullif(a.attstattarget, -1),
          'dimensions=' || nullif(a.attndims, 0), CASE WHEN a.attinhcount > 0 THEN 'inherited' END,
          CASE WHEN NOT a.attislocal THEN 'not local' END, 'comment=' || col_description(c.oid, a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE {user_schema} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
          AND {not_of_extension_class}""",
    "constraint": """
        SELECT coalesce(r.conrelid::regclass::text, r.contypid::regtype::text) || '.' || quote_ident(r.conname),
          'kind=' || r.contype::text, pg_get_constraintdef(r.oid),
          CASE WHEN r.condeferrable THEN 'deferrable' END, CASE WHEN r.condeferred THEN 'deferred' END,
          CASE WHEN NOT r.convalidated THEN 'not valid' END, CASE WHEN NOT r.conislocal THEN 'not local' END,
          'index=' || CASE WHEN r.contype IN ('p', 'u', 'x') THEN r.conindid::regclass::text END,
          'comment=' || obj_description(r.oid, 'pg_constraint')
        FROM pg_constraint r JOIN pg_namespace n ON n.oid = r.connamespace WHERE {user_schema}
          AND {not_of_extension_constraint}""",
    "index": """
        SELECT format('%I.%I', n.nspname, c.relname), pg_get_indexdef(c.oid),
          CASE WHEN i.indisprimary THEN 'primary' END, CASE WHEN NOT i.indisvalid THEN 'invalid' END,
          CASE WHEN NOT i.indisready THEN 'not ready' END, CASE WHEN i.indisclustered THEN 'clustered' END,
          CASE WHEN i.indisreplident THEN 'replica identity' END, 'tablespace=' || t.spcname,
          'comment=' || obj_description(c.oid, 'pg_class')
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE {user_schema} AND {not_of_extension_class}""",
    "sequence": """
        SELECT format('%I.%I', n.nspname, c.relname), format_type(s.seqtypid, NULL), 'start=' || s.seqstart,
          'increment=' || s.seqincrement, 'minimum=' || s.seqmin, 'maximum=' || s.seqmax, 'cache=' || s.seqcache,
          CASE WHEN s.seqcycle THEN 'cycle' END,
          'owner=' || (SELECT d.deptype::text || ' ' || format('%s.%I', d.refobjid::regclass, a.attname) FROM pg_depend d
                       JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                       WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
                         AND d.refclassid = 'pg_class'::regclass),
          'last=' || coalesce(pg_sequence_last_value(c.oid)::text, 'never'),
          'comment=' || obj_description(c.oid, 'pg_class')
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {user_schema} AND {not_of_extension_class}""",
    "type": """
        SELECT format('%I.%I', n.nspname, t.typname), 'kind=' || t.typtype::text,
          'labels=' || (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e
                        WHERE e.enumtypid = t.oid),
          'base=' || CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
          CASE WHEN t.typnotnull THEN 'not null' END, 'default=' || t.typdefault,
          'collation=' || CASE WHEN t.typtype = 'd' THEN (SELECT l.collname FROM pg_collation l, pg_type b
                          WHERE l.oid = t.typcollation AND b.oid = t.typbasetype AND b.typcollation <> t.typcollation) END,
          'comment=' || obj_description(t.oid, 'pg_type')
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
        WHERE {user_schema} AND t.typtype IN ('e', 'd', 'r', 'c') AND (t.typtype <> 'c' OR c.relkind = 'c')
          AND {not_of_extension_type}""",
    "trigger": """
        SELECT g.tgrelid::regclass::text || '.' || g.tgname, pg_get_triggerdef(g.oid)
        FROM pg_trigger g WHERE NOT g.tgisinternal""",
    "function": """
        SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE {user_schema} AND p.prokind <> 'a' AND {not_of_extension_function}""",
    "statistics": """
        SELECT format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid)
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE {user_schema}""",
}

_FORMAT = {
    "user_schema": _USER_SCHEMA,
    "not_of_extension_class": _not_of_extension("pg_class", "c.oid"),
    "not_of_extension_constraint": _not_of_extension("pg_constraint", "r.oid"),
    "not_of_extension_type": _not_of_extension("pg_type", "t.oid"),
    "not_of_extension_function": _not_of_extension("pg_proc", "p.oid"),
}

_TABLES = f"""
    SELECT n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
      ARRAY(SELECT quote_ident(a.attname) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_USER_SCHEMA} AND c.relkind = 'r' AND {_not_of_extension('pg_class', 'c.oid')}"""


def snapshot(cursor):
    """The database behind a DB-API cursor of psycopg2. The connection should be in autocommit."""
    found = {}
    for kind, query in _QUERIES.items():
        cursor.execute(query.format(**_FORMAT))
        for what, *description in cursor.fetchall():
            found[f"{kind} {what}"] = " | ".join(str(part) for part in description if part is not None)
    cursor.execute(_TABLES)
    for _, _, name, columns in cursor.fetchall():
        values = ", ".join(f"{column}::text" for column in columns) or "1"
        cursor.execute(f"SELECT {values} FROM ONLY {name}")
        rows = sorted(repr(row) for row in cursor.fetchall())
        found[f"data {name}"] = "\n".join(rows)
    return found
