// Types, sequences, and objects that are known by their text.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "dialects/postgres/canonical.h"
#include "dialects/postgres/introspect.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

std::string not_of_extension(const char* catalog, const char* alias) {
  return std::string(" AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '") + catalog +
         "'::regclass AND e.objid = " + alias + ".oid AND e.deptype = 'e')";
}

std::string enums_query() {
  return std::string(
             "SELECT n.nspname, t.typname, l.enumlabel FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
             " LEFT JOIN pg_enum l ON l.enumtypid = t.oid WHERE t.typtype = 'e' AND ") +
         kWantedSchema + not_of_extension("pg_type", "t") + " ORDER BY t.oid, l.enumsortorder";
}

std::string domains_query() {
  return std::string(
             "SELECT n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), t.typnotnull,"
             " pg_get_expr(t.typdefaultbin, 0), CASE WHEN t.typcollation <> b.typcollation THEN l.collname END,"
             " k.conname, pg_get_expr(k.conbin, 0)"
             " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype"
             " LEFT JOIN pg_collation l ON l.oid = t.typcollation"
             " LEFT JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'c'"
             " WHERE t.typtype = 'd' AND ") +
         kWantedSchema + not_of_extension("pg_type", "t") + " ORDER BY t.oid, k.oid";
}

std::string sequences_query() {
  return std::string(
             "SELECT n.nspname, c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin,"
             " s.seqmax, s.seqcache, s.seqcycle, d.deptype, d.refobjid || '.' || d.refobjsubid"
             " FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
             " LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND"
             " d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')"
             " WHERE c.relpersistence <> 't' AND ") +
         kWantedSchema + not_of_extension("pg_class", "c") + " ORDER BY c.oid";
}

std::string policy_definition() {
  return "'CREATE POLICY ' || quote_ident(o.polname) || ' ON ' || o.polrelid::regclass ||"
         " CASE WHEN o.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END || ' FOR ' || CASE o.polcmd WHEN 'r' THEN"
         " 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END || ' TO ' ||"
         " CASE WHEN o.polroles = '{0}' THEN 'PUBLIC' ELSE (SELECT string_agg(quote_ident(r.rolname), ', ')"
         " FROM pg_roles r WHERE r.oid = ANY (o.polroles)) END ||"
         " coalesce(' USING (' || pg_get_expr(o.polqual, o.polrelid) || ')', '') ||"
         " coalesce(' WITH CHECK (' || pg_get_expr(o.polwithcheck, o.polrelid) || ')', '')";
}

/// kind, schema, name, schema and name of what it is on, signature, definition; in the order in which they were made.
/// A view's text comes without what makes it.
std::string objects_query() {
  const std::string wanted = kWantedSchema;
  const std::string signature =
      "'(' || coalesce((SELECT string_agg(format_type(u.type, NULL), ', ' ORDER BY u.at) FROM unnest(p.proargtypes) "
      "WITH ORDINALITY u(type, at)), '') || ')'";
  return "SELECT kind, schema, name, on_schema, on_name, signature, definition FROM ("
         "SELECT 'schema' AS kind, '' AS schema, n.nspname::text AS name, '' AS on_schema, '' AS on_name,"
         " '' AS signature, 'CREATE SCHEMA ' || quote_ident(n.nspname) AS definition, n.oid AS made"
         " FROM pg_namespace n WHERE n.nspname <> 'public' AND " +
         wanted + not_of_extension("pg_namespace", "n") +
         " UNION ALL SELECT 'extension', '', x.extname, '', '', '', 'CREATE EXTENSION ' || quote_ident(x.extname),"
         " x.oid FROM pg_extension x WHERE x.extname <> 'plpgsql'"
         " UNION ALL SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, n.nspname, c.relname,"
         " '', '', '', pg_get_viewdef(c.oid), c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
         " WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND " +
         wanted + not_of_extension("pg_class", "c") +
         " UNION ALL SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,"
         " n.nspname, p.proname, '', '', " +
         signature +
         ", CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE '' END, p.oid"
         " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " +
         wanted + not_of_extension("pg_proc", "p") +
         " AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND"
         " i.deptype = 'i')"
         " UNION ALL SELECT 'trigger', '', g.tgname, n.nspname, c.relname, '', pg_get_triggerdef(g.oid), g.oid"
         " FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
         " WHERE NOT g.tgisinternal AND " +
         wanted +
         " AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_trigger'::regclass AND i.objid = g.oid AND"
         " i.refclassid = 'pg_trigger'::regclass)"
         " UNION ALL SELECT 'policy', '', o.polname, n.nspname, c.relname, '', " +
         policy_definition() +
         ", o.oid"
         " FROM pg_policy o JOIN pg_class c ON c.oid = o.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
         " WHERE " +
         wanted +
         " UNION ALL SELECT 'rule', '', r.rulename, n.nspname, c.relname, '', pg_get_ruledef(r.oid), r.oid"
         " FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace"
         " WHERE r.rulename <> '_RETURN' AND " +
         wanted +
         " UNION ALL SELECT 'event trigger', '', v.evtname, '', '', '', '', v.oid FROM pg_event_trigger v WHERE true" +
         not_of_extension("pg_event_trigger", "v") +
         " UNION ALL SELECT 'collation', n.nspname, l.collname, '', '', '', '', l.oid"
         " FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE " +
         wanted +
         " UNION ALL SELECT 'statistics', n.nspname, s.stxname, '', '', '', pg_get_statisticsobjdef(s.oid), s.oid"
         " FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE " +
         wanted +
         " UNION ALL SELECT 'type', n.nspname, t.typname, '', '', '', CASE WHEN t.typtype = 'c' THEN 'CREATE TYPE ' ||"
         " t.oid::regtype || ' AS (' || (SELECT string_agg(quote_ident(b.attname) || ' ' || format_type(b.atttypid,"
         " b.atttypmod), ', ' ORDER BY b.attnum) FROM pg_attribute b WHERE b.attrelid = t.typrelid AND b.attnum > 0 AND"
         " NOT b.attisdropped) || ')' ELSE '' END, t.oid FROM pg_type t"
         " JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid"
         " WHERE (t.typtype = 'r' OR (t.typtype = 'c' AND c.relkind = 'c')) AND " +
         wanted + not_of_extension("pg_type", "t") + ") AS objects ORDER BY made, kind";
}

model::ObjectKind kind_of(std::string_view noun) {
  using enum model::ObjectKind;
  for (const model::ObjectKind kind : {kSchema, kExtension, kView, kMaterializedView, kFunction, kProcedure, kAggregate,
                                       kTrigger, kPolicy, kRule, kEventTrigger, kCollation, kStatistics, kType})
    if (model::object_noun(kind) == noun) return kind;
  return kOther;
}

bool is_view(model::ObjectKind kind) {
  return kind == model::ObjectKind::kView || kind == model::ObjectKind::kMaterializedView;
}

std::string view_statement(model::ObjectKind kind, const QualifiedName& name, std::string query) {
  while (!query.empty() && (query.back() == ';' || query.back() == '\n' || query.back() == ' ')) query.pop_back();
  return "CREATE " + model::object_keyword(kind) + " " + postgres_dialect().quote(name) + " AS\n" + query;
}

}  // namespace

db::DbResult<void> read_types(db::Connection& connection, const std::vector<db::Cell>& wanted, model::Schema& schema) {
  BASCULE_TRY_ASSIGN(const db::ResultSet enums, connection.query(enums_query(), wanted));
  for (const auto& cells : enums.rows) {
    const CatalogRow row(cells);
    const QualifiedName name = row.qualified(0);
    if (schema.enums.empty() || !(schema.enums.back().name == name)) {
      schema.enums.emplace_back();
      schema.enums.back().name = name;
    }
    if (!row.is_null(2)) schema.enums.back().values.push_back(row.text(2));
  }
  BASCULE_TRY_ASSIGN(const db::ResultSet domains, connection.query(domains_query(), wanted));
  for (const auto& cells : domains.rows) {
    const CatalogRow row(cells);
    const QualifiedName name = row.qualified(0);
    if (!schema.domains.empty() && schema.domains.back().name == name) continue;  // the model has room for one check
    model::Domain domain;
    domain.name = name;
    domain.type = model::NativeType{"postgresql", row.text(2), ""};
    if (row.flag(3)) domain.not_null = true;
    if (!row.is_null(4)) domain.server_default = model::TextExpr{row.text(4)};
    domain.collation = row.text(5);
    if (!row.is_null(6)) {
      domain.constraint_name = row.name(6);
      domain.check = model::TextExpr{row.text(7)};
    }
    schema.domains.push_back(std::move(domain));
  }
  return {};
}

db::DbResult<void> read_sequences(db::Connection& connection, const std::vector<db::Cell>& wanted,
                                  const ColumnPlaces& places, model::Schema& schema) {
  BASCULE_TRY_ASSIGN(const db::ResultSet got, connection.query(sequences_query(), wanted));
  std::unordered_map<std::string, model::Table*> tables;
  for (model::Table& table : schema.tables) tables.emplace(model::name_key(table.name), &table);
  for (const auto& cells : got.rows) {
    const CatalogRow row(cells);
    model::Sequence sequence;
    sequence.name = row.qualified(0);
    model::SequenceOptions& options = sequence.options;
    options.data_type = model::NativeType{"postgresql", row.text(2), ""};
    options.start = row.number(3);
    options.increment = row.number(4);
    options.minimum = row.number(5);
    options.maximum = row.number(6);
    options.cache = row.number(7);
    options.cycle = row.flag(8);
    if (!row.is_null(9)) {
      const auto place = places.find(row.text(10));
      if (place == places.end() || place->second.table.name.empty()) continue;  // of a table that is left out
      if (row.text(9) == "i") {
        model::Column* column =
            model::find_column(*tables.at(model::name_key(place->second.table)), place->second.column);
        if (column != nullptr && column->identity) column->identity->options = options;
        continue;
      }
      sequence.owned_by = place->second.table;
      sequence.owned_by_column = place->second.column;
    }
    schema.sequences.push_back(std::move(sequence));
  }
  return {};
}

db::DbResult<void> read_objects(db::Connection& connection, const std::vector<db::Cell>& wanted,
                                model::Schema& schema) {
  BASCULE_TRY_ASSIGN(const db::ResultSet got, connection.query(objects_query(), wanted));
  for (const auto& cells : got.rows) {
    const CatalogRow row(cells);
    model::SchemaObject object;
    object.kind = kind_of(row.text(0));
    object.name = row.qualified(1);
    if (!row.text(4).empty()) object.on_table = row.qualified(3);
    object.signature = row.text(5);
    object.definition = row.text(6);
    if (is_view(object.kind)) object.definition = view_statement(object.kind, object.name, object.definition);
    schema.objects.push_back(std::move(object));
  }
  return {};
}

}  // namespace bascule::dialects::postgres
