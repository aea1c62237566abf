// A trigger that gives new rows a column's value while a run fills the old ones.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/online.h"
#include "dialects/postgres/postgres.h"

namespace bascule::dialects::postgres {

namespace {

/// A name of ours that says what it is for, in the 63 bytes of a name.
Identifier filler_name(const model::Table& table, const Identifier& column) {
  const auto cut = [](const std::string& text) {
    std::size_t bytes = std::min<std::size_t>(text.size(), 24);
    while (bytes > 0 && bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
    return text.substr(0, bytes);
  };
  return Identifier("bascule_fill_" + cut(table.name.name.text()) + "_" + cut(column.text()));
}

}  // namespace

OnlineDialect::Filler PostgresOnline::filler(const model::Table& table, const Identifier& column,
                                             std::string_view value, const Server& server) const {
  Filler made;
  // Partitioned tables have such triggers from 13 on.
  if (!table.postgresql.partition_by.empty() && server.major < 13) return made;
  const PostgresDialect& dialect = postgres_dialect();
  made.trigger = filler_name(table, column);
  const std::string function = dialect.quote(QualifiedName{table.name.schema, made.trigger});
  const std::string trigger = dialect.quote(made.trigger);
  const std::string on = dialect.quote(table.name);
  const std::string its = dialect.quote(column);
  std::string tag = "$bascule$";
  while (value.find(tag) != std::string_view::npos) tag.insert(tag.size() - 1, "_");
  made.make = {fmt::format("CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS {} BEGIN NEW.{} := "
                           "(SELECT {} FROM (SELECT NEW.*) AS {}); RETURN NEW; END {}",
                           function, tag, its, value, dialect.quote(table.name.name), tag),
               fmt::format("CREATE TRIGGER {} BEFORE INSERT ON {} FOR EACH ROW WHEN (NEW.{} IS NULL) EXECUTE FUNCTION "
                           "{}()",
                           trigger, on, its, function)};
  made.drop = {fmt::format("DROP TRIGGER {} ON {}", trigger, on), fmt::format("DROP FUNCTION {}()", function)};
  return made;
}

}  // namespace bascule::dialects::postgres
