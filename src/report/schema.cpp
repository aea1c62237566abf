#include "report/schema.h"

#include <string>
#include <vector>

#include "base/overload.h"
#include "model/sql_words.h"

namespace bascule::report {

namespace {

/// A canonical expression is text; what stands around it in an index is spelled out.
struct ExpressionText {
  std::string operator()(const model::TextExpr& text) const { return text.sql; }
  std::string operator()(const model::ColumnExpr& column) const { return model::name_text(column.column); }
  std::string operator()(const Box<model::UnaryExpr>& unary) const {
    const std::string operand = std::visit(*this, unary->operand);
    return unary->postfix ? operand + " " + unary->op : unary->op + " " + operand;
  }
  std::string operator()(const Box<model::CollateExpr>& collate) const {
    return std::visit(*this, collate->operand) + " COLLATE " + model::name_text(Identifier(collate->collation));
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};
std::string text_of(const model::Expression& expression) { return std::visit(ExpressionText{}, expression); }

std::string type_text(const model::Type& type) {
  if (const auto* native = std::get_if<model::NativeType>(&type)) return native->sql;
  if (const auto* raw = std::get_if<model::RawType>(&type)) return raw->sql;
  return "";
}
std::string collation_of(const model::Type& type) {
  const auto* native = std::get_if<model::NativeType>(&type);
  return native == nullptr ? "" : native->collation;
}

Json names(const std::vector<Identifier>& identifiers) {
  std::vector<std::string> texts;
  for (const Identifier& one : identifiers) texts.push_back(one.text());
  return texts;
}

Json named(const QualifiedName& name) {
  Json json = Json::object();
  if (!name.schema.empty()) json.set("schema", name.schema.text());
  json.set("name", name.name.text());
  return json;
}

void set_text(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json.set(key, text);
}
void set_text(Json& json, const char* key, const std::optional<std::string>& text) {
  if (text) json.set(key, *text);
}
void set_text(Json& json, const char* key, const std::optional<model::Expression>& expression) {
  if (expression) json.set(key, text_of(*expression));
}

Json options_json(const model::SequenceOptions& options) {
  Json json = Json::object();
  if (options.data_type) json.set("type", type_text(*options.data_type));
  const auto number = [&](const char* key, const std::optional<std::int64_t>& value) {
    if (value) json.set(key, *value);
  };
  number("start", options.start);
  number("increment", options.increment);
  number("minimum", options.minimum);
  number("maximum", options.maximum);
  number("cache", options.cache);
  if (options.cycle) json.set("cycle", true);
  return json;
}

Json column_json(const model::Column& column) {
  Json json = Json::object();
  json.set("name", column.name.text()).set("type", type_text(column.type)).set("nullable", column.nullable);
  set_text(json, "collation", collation_of(column.type));
  set_text(json, "default", column.server_default);
  if (column.autoincrement) json.set("autoincrement", true);
  if (column.identity)
    json.set(
        "identity",
        Json::object().set("always", column.identity->always).set("options", options_json(column.identity->options)));
  if (column.computed)
    json.set("generated", Json::object()
                              .set("expression", text_of(column.computed->sql))
                              .set("stored", column.computed->persisted.value_or(false)));
  set_text(json, "comment", column.comment);
  return json;
}

void set_deferral(Json& json, const model::Deferral& deferral) {
  if (deferral.deferrable) json.set("deferrable", *deferral.deferrable);
  set_text(json, "initially", deferral.initially);
}

struct ConstraintJson {
  Json operator()(const model::PrimaryKey& key) const {
    Json json = begin("primary_key", key);
    json.set("columns", names(key.columns));
    if (!key.postgresql_include.empty()) json.set("include", names(key.postgresql_include));
    return json;
  }
  Json operator()(const model::UniqueConstraint& unique) const {
    Json json = begin("unique", unique);
    json.set("columns", names(unique.columns));
    if (!unique.postgresql_include.empty()) json.set("include", names(unique.postgresql_include));
    if (unique.nulls_not_distinct) json.set("nulls_not_distinct", true);
    return json;
  }
  Json operator()(const model::ForeignKey& key) const {
    Json json = begin("foreign_key", key);
    json.set("columns", names(key.columns))
        .set("references", named(key.referent).set("columns", names(key.referent_columns)));
    set_text(json, "on_delete", key.on_delete);
    set_text(json, "on_update", key.on_update);
    set_text(json, "match", key.match);
    if (key.not_valid) json.set("not_valid", true);
    return json;
  }
  Json operator()(const model::CheckConstraint& check) const {
    Json json = begin("check", check);
    json.set("expression", text_of(check.sql));
    if (check.not_valid) json.set("not_valid", true);
    if (check.no_inherit) json.set("no_inherit", true);
    return json;
  }
  Json operator()(const model::ExcludeConstraint& exclude) const {
    Json json = begin("exclude", exclude);
    Json elements = Json::array();
    for (const auto& element : exclude.elements)
      elements.push(Json::object().set("expression", text_of(element.sql)).set("operator", element.op));
    json.set("using", exclude.using_method).set("elements", std::move(elements));
    set_text(json, "where", exclude.where);
    return json;
  }

 private:
  template <class One>
  static Json begin(const char* kind, const One& one) {
    Json json = Json::object();
    json.set("kind", kind);
    set_text(json, "name", one.name.text());
    set_deferral(json, one.deferral);
    set_text(json, "comment", one.comment);
    return json;
  }
};
static_assert(kCovers<ConstraintJson, model::Constraint>);

Json pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json json = Json::object();
  for (const auto& [key, value] : pairs) json.set(key, value);
  return json;
}

Json index_json(const model::Index& index) {
  Json json = Json::object();
  json.set("name", index.name.text()).set("unique", index.unique);
  Json elements = Json::array();
  for (const model::IndexElement& element : index.elements) {
    Json one = Json::object();
    one.set("expression", text_of(element.sql));
    set_text(one, "opclass", element.opclass);
    elements.push(std::move(one));
  }
  json.set("elements", std::move(elements));
  set_text(json, "using", index.postgresql.using_method);
  set_text(json, "where", index.postgresql.where ? index.postgresql.where : index.sqlite.where);
  if (!index.postgresql.include.empty()) json.set("include", names(index.postgresql.include));
  if (index.postgresql.nulls_not_distinct) json.set("nulls_not_distinct", *index.postgresql.nulls_not_distinct);
  if (!index.postgresql.with.empty()) json.set("with", pairs_json(index.postgresql.with));
  set_text(json, "tablespace", index.postgresql.tablespace.text());
  return json;
}

Json table_json(const model::Table& table) {
  Json json = named(table.name);
  Json columns = Json::array();
  for (const model::Column& column : table.columns) columns.push(column_json(column));
  Json constraints = Json::array();
  for (const model::Constraint& item : table.constraints) constraints.push(std::visit(ConstraintJson{}, item));
  Json indexes = Json::array();
  for (const model::Index& index : table.indexes) indexes.push(index_json(index));
  json.set("columns", std::move(columns)).set("constraints", std::move(constraints)).set("indexes", std::move(indexes));
  set_text(json, "comment", table.comment);
  if (!table.prefixes.empty()) json.set("prefixes", table.prefixes);
  const auto& options = table.postgresql;
  set_text(json, "partition_by", options.partition_by);
  if (!options.partition_of.name.empty())
    json.set("partition_of", named(options.partition_of).set("bound", options.partition_bound));
  if (!options.inherits.empty()) {
    Json parents = Json::array();
    for (const QualifiedName& parent : options.inherits) parents.push(named(parent));
    json.set("inherits", std::move(parents));
  }
  if (!options.with.empty()) json.set("with", pairs_json(options.with));
  set_text(json, "tablespace", options.tablespace.text());
  if (table.sqlite.autoincrement) json.set("autoincrement", true);
  if (!table.sqlite.with_rowid) json.set("without_rowid", true);
  if (table.sqlite.strict) json.set("strict", true);
  return json;
}

Json domain_json(const model::Domain& domain) {
  Json json = named(domain.name);
  json.set("type", type_text(domain.type));
  set_text(json, "collation", domain.collation);
  set_text(json, "default", domain.server_default);
  if (domain.not_null) json.set("not_null", *domain.not_null);
  if (domain.check)
    json.set("check",
             Json::object().set("name", domain.constraint_name.text()).set("expression", text_of(*domain.check)));
  return json;
}

Json object_json(const model::SchemaObject& object) {
  Json json = named(object.name);
  json.set("kind", std::string(model::object_noun(object.kind)));
  if (!object.on_table.name.empty()) json.set("on", named(object.on_table));
  set_text(json, "signature", object.signature);
  set_text(json, "definition", object.definition);
  if (object.indexes.empty()) return json;
  Json indexes = Json::array();
  for (const model::Index& index : object.indexes) indexes.push(index_json(index));
  json.set("indexes", std::move(indexes));
  return json;
}

}  // namespace

Json to_json(const model::Schema& schema) {
  Json tables = Json::array();
  for (const model::Table& table : schema.tables) tables.push(table_json(table));
  Json enums = Json::array();
  for (const model::EnumType& type : schema.enums) enums.push(named(type.name).set("values", type.values));
  Json domains = Json::array();
  for (const model::Domain& domain : schema.domains) domains.push(domain_json(domain));
  Json sequences = Json::array();
  for (const model::Sequence& sequence : schema.sequences) {
    Json one = named(sequence.name).set("options", options_json(sequence.options));
    if (!sequence.owned_by.name.empty())
      one.set("owned_by", named(sequence.owned_by).set("column", sequence.owned_by_column.text()));
    sequences.push(std::move(one));
  }
  Json objects = Json::array();
  for (const model::SchemaObject& object : schema.objects) objects.push(object_json(object));
  return Json::object()
      .set("version", kSchemaJsonVersion)
      .set("tables", std::move(tables))
      .set("enums", std::move(enums))
      .set("domains", std::move(domains))
      .set("sequences", std::move(sequences))
      .set("objects", std::move(objects));
}

}  // namespace bascule::report
