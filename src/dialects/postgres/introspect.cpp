// Tables with their columns, constraints and indexes. Source of the catalogs' meaning: PostgreSQL's manual, chapter
// "System Catalogs".
#include "dialects/postgres/introspect.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"

namespace bascule::dialects::postgres {

namespace {

constexpr char kSeparator = '\x01';  ///< chr(1) in the queries: between the items of a list

const std::string kNotOfExtension =
    " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype "
    "= 'e')";

std::string tables_query() {
  return std::string(
             "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, d.description,"
             " CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, pg_get_expr(c.relpartbound, c.oid),"
             " array_to_string(c.reloptions, chr(1)), a.amname, s.spcname"
             " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am a ON a.oid = c.relam"
             " LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace"
             " LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0"
             " WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ") +
         kWantedSchema + kNotOfExtension + " ORDER BY c.oid";
}

constexpr const char* kInheritance =
    "SELECT i.inhrelid, n.nspname, p.relname, c.relispartition FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace"
    " WHERE c.relkind IN ('r', 'p') ORDER BY i.inhrelid, i.inhseqno";

/// has_generated: generated columns are new in PostgreSQL 12.
std::string columns_query(bool has_generated) {
  return std::string(
             "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
             " a.attidentity, ") +
         (has_generated ? "a.attgenerated" : "''::\"char\"") +
         std::string(
             ", pg_get_expr(x.adbin, x.adrelid),"
             " CASE WHEN a.attcollation <> t.typcollation THEN l.collname END, d.description"
             " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
             " JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation"
             " LEFT JOIN pg_attrdef x ON x.adrelid = a.attrelid AND x.adnum = a.attnum AND a.atthasdef"
             " LEFT JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND"
             " d.objsubid = a.attnum"
             " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' "
             "AND ") +
         kWantedSchema + " ORDER BY a.attrelid, a.attnum";
}

/// What the server made for a partition, or for a table that inherits, belongs to the table above.
std::string constraints_query(bool has_enforced) {
  return std::string(
             "SELECT k.conrelid, k.conname, k.contype, array_to_string(k.conkey, ' '), fn.nspname, f.relname,"
             " array_to_string(k.confkey, ' '), k.confrelid, k.confupdtype, k.confdeltype, k.confmatchtype,"
             " k.condeferrable, k.condeferred, k.convalidated, k.connoinherit, pg_get_expr(k.conbin, k.conrelid),"
             " k.conindid, d.description, CASE WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid) END, ") +
         (has_enforced ? "k.conenforced" : "true") +
         std::string(
             " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
             " LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace"
             " LEFT JOIN pg_description d ON d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass"
             " WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0 AND k.conislocal AND"
             " c.relpersistence <> 't' AND ") +
         kWantedSchema + " ORDER BY k.oid";
}

std::string not_nulls_query() {
  return std::string(
             "SELECT k.conrelid, k.conname, k.conkey[1], k.convalidated FROM pg_constraint k"
             " JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
             " WHERE k.contype = 'n' AND c.relpersistence <> 't' AND ") +
         kWantedSchema + " ORDER BY k.oid";
}

/// nulls_not_distinct: the column that says so is new in PostgreSQL 15.
std::string indexes_query(bool has_nulls_not_distinct) {
  return std::string(
             "SELECT i.indexrelid, i.indrelid, c.relname, i.indisunique, i.indkey::text, i.indnkeyatts,"
             " i.indoption::text, ") +
         (has_nulls_not_distinct ? "i.indnullsnotdistinct" : "false") +
         std::string(
             ", a.amname, pg_get_expr(i.indpred, i.indrelid), array_to_string(c.reloptions, chr(1)), s.spcname,"
             " (SELECT string_agg(CASE WHEN o.opcdefault THEN '' ELSE o.opcname END, chr(1) ORDER BY u.at)"
             " FROM unnest(i.indclass) WITH ORDINALITY u(class, at) JOIN pg_opclass o ON o.oid = u.class),"
             " (SELECT string_agg(CASE WHEN u.coll = 0 OR u.coll = coalesce(b.attcollation, u.coll)"
             " OR l.collname = 'default' THEN '' ELSE l.collname END, chr(1) ORDER BY u.at)"
             " FROM unnest(i.indcollation) WITH ORDINALITY u(coll, at)"
             " LEFT JOIN pg_collation l ON l.oid = u.coll"
             " LEFT JOIN pg_attribute b ON b.attrelid = i.indrelid AND b.attnum = i.indkey[u.at - 1] AND b.attnum > 0),"
             " CASE WHEN i.indexprs IS NOT NULL THEN (SELECT string_agg(pg_get_indexdef(i.indexrelid, g, false),"
             " chr(1) ORDER BY g) FROM generate_series(1, i.indnkeyatts) g) END,"
             " k.oid IS NOT NULL, c.relispartition, i.indisvalid OR c.relkind = 'I', t.relkind, n.nspname, t.relname"
             " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid"
             " JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_am a ON a.oid = c.relam"
             " LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace"
             " LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') AND"
             " k.conrelid = i.indrelid"
             " WHERE t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't' AND ") +
         kWantedSchema + " ORDER BY i.indexrelid";
}

std::vector<std::int64_t> numbers(std::string_view text) {
  std::vector<std::int64_t> found;
  for (const std::string_view part : split(text, ' ')) {
    std::int64_t number = 0;
    if (std::from_chars(part.data(), part.data() + part.size(), number).ec == std::errc()) found.push_back(number);
  }
  return found;
}

std::vector<std::pair<std::string, std::string>> options(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> found;
  if (text.empty()) return found;
  for (const std::string_view part : split(text, kSeparator)) {
    const auto equals = part.find('=');
    found.emplace_back(part.substr(0, equals), equals == std::string_view::npos ? "" : part.substr(equals + 1));
  }
  return found;
}

std::string action(const std::string& code) {
  if (code == "r") return "RESTRICT";
  if (code == "c") return "CASCADE";
  if (code == "n") return "SET NULL";
  if (code == "d") return "SET DEFAULT";
  return "";
}

/// An index as the catalog has it.
struct CatalogIndex {
  model::Index index;
  std::vector<Identifier> keys;
};

class Reader {
 public:
  Reader(db::Connection& connection, const IntrospectOptions& options) : connection_(connection), options_(options) {
    wanted_ = {join(options.schemas, std::string(1, kSeparator))};
  }

  db::DbResult<model::Schema> read() {
    BASCULE_TRY_ASSIGN(const db::ResultSet path, connection_.query("SELECT current_setting('search_path')", {}));
    BASCULE_TRY(search("public"));
    auto done = read_all();
    const std::string before = path.rows.empty() ? "" : path.rows[0][0].value_or("");
    auto restored = search(before);
    if (!done) return failure(std::move(done).error());
    if (!restored) return failure(std::move(restored).error());
    return std::move(schema_);
  }

 private:
  long major() const { return std::strtol(connection_.server_version().c_str(), nullptr, 10); }

  db::DbResult<void> search(const std::string& path) {
    const std::vector<db::Cell> parameters = {path};
    BASCULE_TRY(connection_.query("SELECT set_config('search_path', $1, false)", parameters));
    return {};
  }

  db::DbResult<void> read_all() {
    BASCULE_TRY(read_tables());
    BASCULE_TRY(read_columns());
    BASCULE_TRY(read_indexes());
    BASCULE_TRY(read_constraints());
    BASCULE_TRY(read_types(connection_, wanted_, schema_));
    BASCULE_TRY(read_sequences(connection_, wanted_, places_, schema_));
    BASCULE_TRY(read_objects(connection_, wanted_, schema_));
    if (major() >= 18) BASCULE_TRY(read_not_nulls());
    for (model::SchemaObject& object : schema_.objects)
      if (const auto found = of_views_.find(model::name_key(object.name)); is_view(object) && found != of_views_.end())
        object.indexes = std::move(found->second);
    return {};
  }
  static bool is_view(const model::SchemaObject& object) { return object.kind == model::ObjectKind::kMaterializedView; }

  model::Table* table(const std::string& oid) {
    const auto found = tables_.find(oid);
    return found == tables_.end() ? nullptr : &schema_.tables[found->second];
  }
  const std::string& column_name(const std::string& oid, std::int64_t number) const {
    static const std::string kNone;
    const auto found = places_.find(oid + "." + std::to_string(number));
    return found == places_.end() ? kNone : found->second.column.text();
  }
  std::vector<Identifier> column_names(const std::string& oid, std::string_view list) const {
    std::vector<Identifier> names;
    for (const std::int64_t number : numbers(list)) names.emplace_back(column_name(oid, number));
    return names;
  }

  db::DbResult<void> read_tables() {
    BASCULE_TRY_ASSIGN(const db::ResultSet got, connection_.query(tables_query(), wanted_));
    for (const auto& cells : got.rows) {
      const CatalogRow row(cells);
      model::Table one;
      one.name = row.qualified(1);
      const bool left_out = std::any_of(options_.leave_out.begin(), options_.leave_out.end(),
                                        [&](const QualifiedName& name) { return model::same_name(name, one.name); });
      if (left_out) continue;
      if (row.text(4) == "u") one.prefixes.emplace_back("UNLOGGED");
      if (!row.is_null(5)) one.comment = row.text(5);
      one.postgresql.partition_by = row.text(6);
      one.postgresql.partition_bound = row.text(7);
      one.postgresql.with = options(row.text(8));
      one.postgresql.using_method = row.text(9) == "heap" ? "" : row.text(9);
      one.postgresql.tablespace = row.name(10);
      tables_.emplace(row.text(0), schema_.tables.size());
      schema_.tables.push_back(std::move(one));
    }
    BASCULE_TRY_ASSIGN(const db::ResultSet parents, connection_.query(kInheritance, {}));
    for (const auto& cells : parents.rows) {
      const CatalogRow row(cells);
      model::Table* child = table(row.text(0));
      if (child == nullptr) continue;
      if (row.flag(3))
        child->postgresql.partition_of = row.qualified(1);
      else
        child->postgresql.inherits.push_back(row.qualified(1));
    }
    return {};
  }

  db::DbResult<void> read_columns() {
    BASCULE_TRY_ASSIGN(const db::ResultSet got, connection_.query(columns_query(major() >= 12), wanted_));
    for (const auto& cells : got.rows) {
      const CatalogRow row(cells);
      model::Table* owner = table(row.text(0));
      if (owner == nullptr) {
        // Of a materialized view, whose indexes speak of it, or of a table that is left out.
        places_.emplace(row.text(0) + "." + row.text(1), ColumnPlace{{}, row.name(2)});
        continue;
      }
      model::Column column;
      column.name = row.name(2);
      column.type = model::NativeType{"postgresql", row.text(3), row.text(8)};
      column.nullable = !row.flag(4);
      if (!row.text(5).empty()) {
        column.identity.emplace();
        column.identity->always = row.text(5) == "a";
      }
      if (!row.is_null(7)) {
        if (row.text(6).empty())
          column.server_default = model::TextExpr{row.text(7)};
        else
          column.computed = model::Computed{model::TextExpr{row.text(7)}, row.text(6) == "s"};
      }
      if (!row.is_null(9)) column.comment = row.text(9);
      places_.emplace(row.text(0) + "." + row.text(1), ColumnPlace{owner->name, column.name});
      owner->columns.push_back(std::move(column));
    }
    return {};
  }

  db::DbResult<void> read_indexes() {
    BASCULE_TRY_ASSIGN(const db::ResultSet got, connection_.query(indexes_query(major() >= 15), wanted_));
    for (const auto& cells : got.rows) {
      const CatalogRow row(cells);
      model::Table* owner = table(row.text(1));
      if (row.text(18) == "m") of_views_[model::name_key(row.qualified(19))].push_back(index(row).index);
      if (owner == nullptr || row.flag(16)) continue;
      CatalogIndex one = index(row);
      if (row.flag(15))
        of_constraints_.emplace(row.text(0), std::move(one));
      else
        owner->indexes.push_back(std::move(one.index));
    }
    return {};
  }

  CatalogIndex index(const CatalogRow& row) const {
    CatalogIndex one;
    model::Index& index = one.index;
    index.name = row.name(2);
    index.unique = row.flag(3);
    const std::vector<std::int64_t> keys = numbers(row.text(4));
    const auto key_count = static_cast<std::size_t>(row.number(5));
    const std::vector<std::int64_t> order = numbers(row.text(6));
    if (row.flag(7)) index.postgresql.nulls_not_distinct = true;
    index.postgresql.invalid = !row.flag(17);
    index.postgresql.using_method = row.text(8) == "btree" ? "" : row.text(8);
    if (!row.is_null(9)) index.postgresql.where = model::TextExpr{row.text(9)};
    index.postgresql.with = options(row.text(10));
    index.postgresql.tablespace = row.name(11);
    const std::string classes_text = row.text(12);
    const std::string collations_text = row.text(13);
    const std::string expressions_text = row.text(14);
    const auto classes = split(classes_text, kSeparator);
    const auto collations = split(collations_text, kSeparator);
    const auto expressions = split(expressions_text, kSeparator);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const Identifier column(column_name(row.text(1), keys[i]));
      if (i >= key_count) {
        index.postgresql.include.push_back(column);
        continue;
      }
      one.keys.push_back(column);
      model::IndexElement element;
      if (keys[i] != 0)
        element.sql = model::ColumnExpr{{}, column};
      else
        element.sql = model::TextExpr{i < expressions.size() ? std::string(expressions[i]) : ""};
      if (i < collations.size() && !collations[i].empty())
        element.sql = Box<model::CollateExpr>(model::CollateExpr{std::move(element.sql), std::string(collations[i])});
      if (i < classes.size()) element.opclass = classes[i];
      // Bit 1: descending; bit 2: nulls first.
      const std::int64_t bits = i < order.size() ? order[i] : 0;
      const bool descends = (bits & 1) != 0;
      const bool nulls_first = (bits & 2) != 0;
      if (descends) element.sql = Box<model::UnaryExpr>(model::UnaryExpr{"DESC", std::move(element.sql), true});
      if (nulls_first != descends)
        element.sql = Box<model::UnaryExpr>(
            model::UnaryExpr{nulls_first ? "NULLS FIRST" : "NULLS LAST", std::move(element.sql), true});
      index.elements.push_back(std::move(element));
    }
    return one;
  }

  db::DbResult<void> read_constraints() {
    BASCULE_TRY_ASSIGN(const db::ResultSet got, connection_.query(constraints_query(major() >= 18), wanted_));
    for (const auto& cells : got.rows) {
      const CatalogRow row(cells);
      model::Table* owner = table(row.text(0));
      if (owner == nullptr) continue;
      model::Constraint item = constraint(row);
      model::set_constraint_name(item, row.name(1));
      std::visit(
          [&](auto& one) {
            if (row.flag(11)) one.deferral.deferrable = true;
            if (row.flag(12)) one.deferral.initially = "DEFERRED";
            if (!row.is_null(17)) one.comment = row.text(17);
          },
          item);
      owner->constraints.push_back(std::move(item));
    }
    return {};
  }

  /// Since 18 a NOT NULL is a constraint.
  db::DbResult<void> read_not_nulls() {
    BASCULE_TRY_ASSIGN(const db::ResultSet got, connection_.query(not_nulls_query(), wanted_));
    for (const auto& cells : got.rows) {
      const CatalogRow row(cells);
      model::Table* owner = table(row.text(0));
      if (owner == nullptr) continue;
      model::Column* column = model::find_column(*owner, Identifier(column_name(row.text(0), row.number(2))));
      if (column == nullptr) continue;
      column->not_null = model::Column::NotNull{row.name(1), !row.flag(3)};
    }
    return {};
  }

  model::Constraint constraint(const CatalogRow& row) const {
    const std::string kind = row.text(2);
    const std::vector<Identifier> columns = column_names(row.text(0), row.text(3));
    const auto of_index = of_constraints_.find(row.text(16));
    const model::Index* index = of_index == of_constraints_.end() ? nullptr : &of_index->second.index;
    if (kind == "p") {
      model::PrimaryKey key;
      key.columns = columns;
      if (index != nullptr) key.postgresql_include = index->postgresql.include;
      return key;
    }
    if (kind == "u") {
      model::UniqueConstraint unique;
      unique.columns = columns;
      if (index != nullptr) {
        unique.postgresql_include = index->postgresql.include;
        unique.nulls_not_distinct = index->postgresql.nulls_not_distinct.value_or(false);
      }
      return unique;
    }
    if (kind == "f") {
      model::ForeignKey key;
      key.columns = columns;
      key.referent = row.qualified(4);
      key.referent_columns = column_names(row.text(7), row.text(6));
      key.on_update = action(row.text(8));
      key.on_delete = action(row.text(9));
      if (row.text(10) == "f") key.match = "FULL";
      key.not_enforced = !row.flag(19);
      key.not_valid = !row.flag(13) && !key.not_enforced;
      return key;
    }
    if (kind == "x") return exclusion(row, index);
    model::CheckConstraint check;
    check.sql = model::TextExpr{row.text(15)};
    check.not_enforced = !row.flag(19);
    check.not_valid = !row.flag(13) && !check.not_enforced;
    check.no_inherit = row.flag(14);
    return check;
  }

  /// The elements are its index's; the operators stand in the definition only: EXCLUDE USING gist (room WITH =, ...).
  static model::ExcludeConstraint exclusion(const CatalogRow& row, const model::Index* index) {
    model::ExcludeConstraint exclude;
    if (index == nullptr) return exclude;
    exclude.using_method = index->postgresql.using_method.empty() ? "btree" : index->postgresql.using_method;
    exclude.where = index->postgresql.where;
    const std::string definition = row.text(18);
    std::size_t at = 0;
    for (const model::IndexElement& element : index->elements) {
      model::ExcludeConstraint::Element one{element.sql, "", element.opclass};
      at = definition.find(" WITH ", at);
      if (at != std::string::npos) {
        at += 6;
        one.op = definition.substr(at, definition.find_first_of(",)", at) - at);
      }
      exclude.elements.push_back(std::move(one));
    }
    return exclude;
  }

  db::Connection& connection_;
  const IntrospectOptions& options_;
  std::vector<db::Cell> wanted_;
  model::Schema schema_;
  std::unordered_map<std::string, std::size_t> tables_;  ///< by oid, in schema_.tables
  ColumnPlaces places_;
  std::unordered_map<std::string, CatalogIndex> of_constraints_;         ///< by oid
  std::unordered_map<std::string, std::vector<model::Index>> of_views_;  ///< by name_key of a materialized view
};

}  // namespace

std::int64_t CatalogRow::number(std::size_t at) const {
  std::int64_t number = 0;
  const std::string held = text(at);
  std::from_chars(held.data(), held.data() + held.size(), number);
  return number;
}

QualifiedName CatalogRow::qualified(std::size_t at) const {
  return QualifiedName{text(at) == "public" ? Identifier() : name(at), name(at + 1)};
}

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

db::DbResult<model::Schema> PostgresDialect::introspect(db::Connection& connection,
                                                        const IntrospectOptions& options) const {
  return postgres::Reader(connection, options).read();
}

}  // namespace bascule::dialects
