// A trigger that gives new rows a column's value while a run fills the old ones.
#include <algorithm>
#include <cstdint>

#include <fmt/core.h>

#include "dialects/postgres/locks_parts.h"
#include "dialects/postgres/online.h"
#include "dialects/postgres/online_rows.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"

namespace bascule::dialects::postgres {

namespace {

/// A name of ours that says what it is for, in the 63 bytes of a name. Where one is cut, a number tells it from others
/// that begin alike.
Identifier filler_name(const model::Table& table, const Identifier& column) {
  constexpr std::size_t kMost = 20;
  const auto cut = [&](const std::string& text) {
    std::size_t bytes = std::min(text.size(), kMost);
    while (bytes > 0 && bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    return text.substr(0, bytes);
  };
  const std::string& of = table.name.name.text();
  const std::string name = "bascule_fill_" + cut(of) + "_" + cut(column.text());
  if (of.size() <= kMost && column.text().size() <= kMost) return Identifier(name);
  std::uint32_t number = 2166136261U;  // FNV-1a
  for (const char c : of + "." + column.text()) number = (number ^ static_cast<unsigned char>(c)) * 16777619U;
  return Identifier(fmt::format("{}_{:08x}", name, number));
}

/// Extensions' functions, which whoever inserts may not see.
bool of_extension(std::string_view function) {
  return function.starts_with("st_") || function.starts_with("uuid_") || function == "hstore" ||
         function == "gen_random_bytes" || function == "gen_salt";
}

std::string refuse_column(Node reference, const RowChange& change) {
  const Node fields = reference["fields"];
  const Identifier name = identifier_of(fields.item(fields.size() - 1)["String"]["sval"]);
  const Identifier of = fields.size() == 2 ? identifier_of(fields.item(0)["String"]["sval"]) : Identifier();
  const Identifier& called = change.alias().empty() ? change.table().name.name : change.alias();
  const model::Column* column = model::find_column(change.table(), name);
  const bool plain = fields.size() == 1 || (fields.size() == 2 && of == called);
  if (column == nullptr || !plain) return "its value speaks of the row otherwise than by its columns' names";
  return column->computed ? "its value reads the generated column " + name.text() : std::string();
}

std::string refuse_call(Node call, const model::Schema& before, const Server& server) {
  const QualifiedName name = name_of(call["funcname"]);
  const BuiltIn gives = built_in(name, call["args"].size());
  const bool own = std::any_of(before.objects.begin(), before.objects.end(), [&](const model::SchemaObject& object) {
    return object.kind == model::ObjectKind::kFunction && object.name.name == name.name;
  });
  const bool elsewhere = !name.schema.empty() && name.schema.text() != "pg_catalog";
  // The server's own since 13.
  const bool too_new = name.name.text() == "gen_random_uuid" && server.major < 13;
  const bool of_sequence = name.name.text() == "nextval";
  if (own || elsewhere || too_new || of_extension(name.name.text()) || gives == BuiltIn::kUnknown)
    return "its value calls " + display(name) + ", which is not the server's own";
  if (of_sequence || gives == BuiltIn::kVolatile)
    return "its value calls " + display(name) + ", which not everybody may who inserts";
  return {};
}

/// The trigger runs as whoever inserts, with his search path and his rights: it must need none.
std::string refuse_value(Node value, const RowChange& change, const model::Schema& before, const Server& server) {
  std::string why;
  if (value.tag() == "SetToDefault") return "its value is its default";
  walk_tree(value, [&](Node node, bool) {
    if (!why.empty()) return;
    if (node["SubLink"]) why = "its value reads other tables";
    if (node["CollateClause"]) why = "its value names a collation";
    if (const Node reference = node["ColumnRef"]; reference && why.empty()) why = refuse_column(reference, change);
    if (const Node call = node["FuncCall"]; call && why.empty()) why = refuse_call(call, before, server);
    const Node names = node["TypeCast"]["typeName"]["names"];
    if (names.size() == 0) return;
    const QualifiedName type = name_of(names);
    const auto same = [&](const auto& one) { return one.name.name == type.name; };
    const bool users = std::any_of(before.enums.begin(), before.enums.end(), same) ||
                       std::any_of(before.domains.begin(), before.domains.end(), same) ||
                       std::any_of(before.objects.begin(), before.objects.end(), same);
    if (users) why = "its value names the type " + display(type);
  });
  return why;
}

std::string refuse(const RowChange& change, std::size_t index, const model::Schema& before, const Server& server) {
  if (change.node()["fromClause"] || change.node()["withClause"]) return "its value reads other tables";
  if (change.written().empty()) return "its value is not written by itself";
  // Partitioned tables have such triggers from 13 on.
  if (!change.table().postgresql.partition_by.empty() && server.major < 13)
    return "a partitioned table has no such triggers before PostgreSQL 13";
  return refuse_value(change.target(index)["val"], change, before, server);
}

void spell(OnlineDialect::Filler& made, const RowChange& change, std::string_view value) {
  const PostgresDialect& dialect = postgres_dialect();
  const model::Table& table = change.table();
  made.trigger = filler_name(table, made.column);
  const std::string function = dialect.quote(QualifiedName{table.name.schema, made.trigger});
  const std::string trigger = dialect.quote(made.trigger);
  const std::string on = dialect.quote(table.name);
  const std::string its = dialect.quote(made.column);
  const std::string called = dialect.quote(change.alias().empty() ? table.name.name : change.alias());
  std::string tag = "$bascule$";
  while (value.find(tag) != std::string_view::npos) tag.insert(tag.size() - 1, "_");
  made.make = {fmt::format("CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS {} BEGIN NEW.{} := "
                           "(SELECT {} FROM (SELECT NEW.*) AS {}); RETURN NEW; END {}",
                           function, tag, its, value, called, tag),
               fmt::format("CREATE TRIGGER {} BEFORE INSERT ON {} FOR EACH ROW WHEN (NEW.{} IS NULL) EXECUTE FUNCTION "
                           "{}()",
                           trigger, on, its, function)};
  made.drop = {fmt::format("DROP TRIGGER {} ON {}", trigger, on), fmt::format("DROP FUNCTION {}()", function)};
}

}  // namespace

std::vector<OnlineDialect::Filler> PostgresOnline::fillers(std::string_view update, const model::Schema& before,
                                                           const Server& server) const {
  std::vector<Filler> found;
  const ParseTree tree(update);
  if (tree.problem() || tree.statement_count() != 1) return found;
  const RowChange change(update, tree.statement(0), before);
  if (!change.known() || !change.updates()) return found;
  const std::vector<StatementText::Range> written = change.written();
  for (std::size_t i = 0; i < change.target_count(); ++i) {
    Filler made;
    made.table = change.table().name;
    made.column = change.assigned()[i];
    if (change.node()["whereClause"] && !change.where_null(made.column)) continue;
    made.why_not = refuse(change, i, before, server);
    if (made.why_not.empty()) spell(made, change, change.text().slice({written[i].begin + 2, written[i].end}));
    found.push_back(std::move(made));
  }
  return found;
}

}  // namespace bascule::dialects::postgres
