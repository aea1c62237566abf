// Everything that migrations can have made in a schema, dropped: one statement an object, extensions' members left out.
#include <utility>

#include "dialects/postgres/postgres.h"

namespace bascule::dialects {

namespace {

/// In the order in which CASCADE leaves least to the next: the statements are made by the server, names quoted there.
constexpr const char* kQuery = R"sql(
WITH wanted AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname = ANY (string_to_array($1, chr(31)))
), own AS (
  SELECT objid FROM pg_depend WHERE deptype = 'e'
)
SELECT statement FROM (
  SELECT 1 AS rank, format('DROP MATERIALIZED VIEW IF EXISTS %I.%I CASCADE', w.nspname, c.relname) AS statement
    FROM pg_class c JOIN wanted w ON w.oid = c.relnamespace WHERE c.relkind = 'm' AND c.oid NOT IN (SELECT objid FROM own)
  UNION ALL
  SELECT 2, format('DROP VIEW IF EXISTS %I.%I CASCADE', w.nspname, c.relname)
    FROM pg_class c JOIN wanted w ON w.oid = c.relnamespace WHERE c.relkind = 'v' AND c.oid NOT IN (SELECT objid FROM own)
  UNION ALL
  SELECT 3, format(CASE c.relkind WHEN 'f' THEN 'DROP FOREIGN TABLE IF EXISTS %I.%I CASCADE'
                                  ELSE 'DROP TABLE IF EXISTS %I.%I CASCADE' END, w.nspname, c.relname)
    FROM pg_class c JOIN wanted w ON w.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND c.oid NOT IN (SELECT objid FROM own)
  UNION ALL
  SELECT 4, format('DROP ROUTINE IF EXISTS %I.%I(%s) CASCADE', w.nspname, p.proname,
                   pg_get_function_identity_arguments(p.oid))
    FROM pg_proc p JOIN wanted w ON w.oid = p.pronamespace WHERE p.oid NOT IN (SELECT objid FROM own)
  UNION ALL
  SELECT 5, format('DROP SEQUENCE IF EXISTS %I.%I CASCADE', w.nspname, c.relname)
    FROM pg_class c JOIN wanted w ON w.oid = c.relnamespace WHERE c.relkind = 'S' AND c.oid NOT IN (SELECT objid FROM own)
  UNION ALL
  SELECT 6, format(CASE t.typtype WHEN 'd' THEN 'DROP DOMAIN IF EXISTS %I.%I CASCADE'
                                  ELSE 'DROP TYPE IF EXISTS %I.%I CASCADE' END, w.nspname, t.typname)
    FROM pg_type t JOIN wanted w ON w.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typtype IN ('d', 'e', 'r', 'c') AND (t.typtype <> 'c' OR c.relkind = 'c')
      AND t.oid NOT IN (SELECT objid FROM own)
  UNION ALL
  SELECT 7, format('DROP EXTENSION IF EXISTS %I CASCADE', e.extname)
    FROM pg_extension e JOIN wanted w ON w.oid = e.extnamespace WHERE e.extname <> 'plpgsql'
) AS all_of_them ORDER BY rank, statement)sql";

}  // namespace

db::DbResult<std::vector<std::string>> PostgresDialect::clean_sql(db::Connection& connection,
                                                                  const std::vector<std::string>& schemas) const {
  std::string names;
  for (const std::string& schema : schemas) names += (names.empty() ? "" : "\x1f") + schema;
  const std::vector<db::Cell> parameters = {names.empty() ? std::string("public") : names};
  auto rows = connection.query(kQuery, parameters);
  if (!rows) return failure(std::move(rows.error()));
  std::vector<std::string> statements;
  for (auto& row : rows->rows)
    if (!row.empty() && row[0]) statements.push_back(std::move(*row[0]));
  return statements;
}

}  // namespace bascule::dialects
