"""A database's schema as text, read from PostgreSQL's catalogs: for servers that no pg_dump at hand can dump, and for what
pg_dump does not show (dependencies, the server's own triggers, states of indexes).

Two databases of one server that give the same text have the same schema. Whole rows of the catalogs are compared, so that
what a later major adds is seen; left out are numbers of objects, columns and files (names stand for them) and what the
server notes for itself: statistics, flags that it clears when it pleases, and how it marks a partition's foreign key and
its triggers, which is another way when the whole's key takes it over than when it comes of the whole's, to no effect.
"""

import re

# Objects of the database's own: not the server's, not the journal's.
_OWN = """
n AS (SELECT oid, nspname FROM pg_namespace
      WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'bascule')),
c AS (SELECT k.oid AS id, format('%I.%I', nspname, relname) AS name FROM pg_class k JOIN n ON n.oid = relnamespace)
"""

# A kind of object, its name, all that it is, and where that is read.
_PARTS = [
    ("relation", "name",
     """to_jsonb(k) - '{oid,relname,relnamespace,reltype,reloftype,relowner,relam,relfilenode,reltablespace,relpages,reltuples,
            relallvisible,relallfrozen,reltoastrelid,relfrozenxid,relminmxid,relnatts,relrewrite,relhastriggers,relhasrules,
            relhasindex,relhassubclass,relpartbound}'::text[]
        || jsonb_build_object('owner', pg_get_userbyid(relowner), 'bound', pg_get_expr(relpartbound, id),
             'partitioned by', CASE relkind WHEN 'p' THEN pg_get_partkeydef(id) END,
             'query', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(id) END,
             'access method', (SELECT amname FROM pg_am WHERE oid = relam),
             'tablespace', (SELECT spcname FROM pg_tablespace WHERE oid = reltablespace))""",
     "FROM c JOIN pg_class k ON k.oid = id"),
    ("column", "format('%s %s', name, row_number() OVER (PARTITION BY id ORDER BY attnum))",
     """to_jsonb(a) - '{attrelid,attnum,atttypid,attcollation,attcacheoff,atthasmissing,attmissingval}'::text[]
        || jsonb_build_object('type', format_type(atttypid, atttypmod), 'collation', attcollation::regcollation,
             'default', (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum))""",
     "FROM c JOIN pg_attribute a ON attrelid = id AND attnum > 0 AND NOT attisdropped"),
    ("constraint", "format('%s on %s%s', conname, CASE WHEN conrelid <> 0 THEN conrelid::regclass END, "
                   "CASE WHEN contypid <> 0 THEN contypid::regtype END)",
     """to_jsonb(k) - '{oid,connamespace,conrelid,contypid,conindid,conparentid,confrelid,conkey,confkey,conpfeqop,conppeqop,
            conffeqop,conexclop,conbin,confdelsetcols}'::text[] - CASE contype WHEN 'f' THEN 'connoinherit' ELSE '' END
        -- A key says so or not depending on how it came to be a part of its whole's; it means something for others only.
        - CASE WHEN contype IN ('p', 'u') THEN 'connoinherit' ELSE '' END
        || jsonb_build_object('definition', pg_get_constraintdef(k.oid), 'index', conindid::regclass, 'parent',
             (SELECT format('%s on %s', conname, conrelid::regclass) FROM pg_constraint p WHERE p.oid = k.conparentid))""",
     "FROM pg_constraint k JOIN n ON n.oid = connamespace"),
    ("index", "name",
     """to_jsonb(i) - '{indexrelid,indrelid,indkey,indcollation,indclass,indoption,indexprs,indpred,indcheckxmin}'::text[]
        || jsonb_build_object('definition', pg_get_indexdef(indexrelid))""",
     "FROM c JOIN pg_index i ON indexrelid = id"),
    ("child", "inhrelid::regclass", "to_jsonb(i) - '{inhrelid,inhparent}'::text[] || jsonb_build_object('of', inhparent::regclass)",
     "FROM pg_inherits i"),
    ("sequence", "name", "to_jsonb(s) - '{seqrelid,seqtypid}'::text[] || jsonb_build_object('type', seqtypid::regtype)",
     "FROM c JOIN pg_sequence s ON seqrelid = id"),
    ("trigger", "format('%s on %s', tgname, name)",
     """to_jsonb(t) - '{oid,tgname,tgrelid,tgparentid,tgfoid,tgconstrrelid,tgconstrindid,tgconstraint,tgattr,tgargs,
            tgqual}'::text[] || jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'constraint',
             (SELECT conname FROM pg_constraint WHERE pg_constraint.oid = tgconstraint))""",
     "FROM c JOIN pg_trigger t ON tgrelid = id"),
    ("function", "p.oid::regprocedure",
     """to_jsonb(p) - '{oid,pronamespace,proowner,proargtypes,proallargtypes,prorettype,provariadic,prolang,prosupport,
            prosqlbody,proargdefaults,protrftypes}'::text[]
        || jsonb_build_object('owner', pg_get_userbyid(proowner),
             'definition', CASE WHEN prokind <> 'a' THEN pg_get_functiondef(p.oid) END)""",
     "FROM pg_proc p JOIN n ON n.oid = pronamespace"),
    ("type", "t.oid::regtype",
     """to_jsonb(t) - '{oid,typnamespace,typowner,typrelid,typelem,typarray,typbasetype,typcollation,typdefaultbin,
            typsubscript}'::text[]
        || jsonb_build_object('owner', pg_get_userbyid(typowner), 'base', format_type(typbasetype, typtypmod),
             'labels', (SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))""",
     "FROM pg_type t JOIN n ON n.oid = typnamespace"),
    ("statistics", "stxname",
     """to_jsonb(s) - '{oid,stxrelid,stxnamespace,stxowner,stxkeys,stxexprs}'::text[]
        || jsonb_build_object('definition', pg_get_statisticsobjdef(s.oid), 'owner', pg_get_userbyid(stxowner))""",
     "FROM pg_statistic_ext s JOIN n ON n.oid = stxnamespace"),
    ("rule", "format('%s on %s', rulename, tablename)", "to_jsonb(r)", "FROM pg_rules r JOIN n ON nspname = schemaname"),
    ("policy", "format('%s on %s', policyname, tablename)", "to_jsonb(p)", "FROM pg_policies p"),
    ("published", "format('%s %s', pubname, tablename)", "to_jsonb(p)", "FROM pg_publication_tables p"),
    ("extension", "extname", "to_jsonb(extversion)", "FROM pg_extension"),
    ("schema", "s.nspname", "jsonb_build_array(pg_get_userbyid(nspowner), nspacl)", "FROM pg_namespace s JOIN n ON n.oid = s.oid"),
    ("default rights", "pg_get_userbyid(defaclrole)",
     "to_jsonb(d) - '{oid,defaclnamespace,defaclrole}'::text[] || jsonb_build_object('schema', defaclnamespace::regnamespace)",
     "FROM pg_default_acl d"),
    ("comment", "pg_describe_object(classoid, objoid, objsubid)", "to_jsonb(description)",
     "FROM pg_description WHERE objoid >= 16384"),
    ("dependency", "pg_describe_object(classid, objid, objsubid)",
     "jsonb_build_array(pg_describe_object(refclassid, refobjid, refobjsubid), deptype)",
     """FROM pg_depend WHERE objid >= 16384 AND pg_describe_object(classid, objid, objsubid) NOT LIKE '%pg_toast.%'
       AND NOT (classid = 'pg_trigger'::regclass AND objid IN (SELECT oid FROM pg_trigger WHERE tgisinternal))"""),
]

# Names that the server makes of the numbers of objects.
_NUMBERED = re.compile(r"((?:RI|PK|Unique)_ConstraintTrigger_(?:[ac]_)?)\d+")


def _select(kind, name, what, source):
    return f"SELECT format('%s %s: %s', '{kind}', {name}, {what}) AS line {source}"


def describe(cluster, database, left_out=r"(?!)"):
    """The schema, a line for each object and each of its sides, sorted. `left_out`: a regular expression of lines that are
    not wanted. Raises PgClusterError."""
    query = f"WITH {_OWN} " + "\nUNION ALL\n".join(_select(*part) for part in _PARTS)
    if cluster.version < 13:  # there is no type of that name yet
        query = query.replace("attcollation::regcollation",
                              "(SELECT collname FROM pg_collation WHERE pg_collation.oid = attcollation)")
    if cluster.version < 12:  # an index that is attached keeps the other sort of its dependencies on columns: of no effect
        query = query.replace(", deptype)", ", CASE WHEN deptype = 'I' AND refobjsubid > 0 THEN 'a' ELSE deptype END)")
    unwanted = re.compile(left_out)
    lines = (_NUMBERED.sub(r"\1", line) for line in cluster.sql(query, database).splitlines())
    return "\n".join(sorted(line for line in lines if not unwanted.search(line)))
