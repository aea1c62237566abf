#include "exec/backfill_range.h"

#include <cstdlib>
#include <utility>

#include <fmt/core.h>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/text.h"

namespace bascule::exec {

namespace {

std::string quoted(const std::string& text) { return "'" + replace_all(text, "'", "''") + "'"; }

}  // namespace

std::string write_position(const Range& range) {
  return Json::object().set("at", range.at).set("end", range.end).line();
}

std::optional<Range> read_position(const std::string& text) {
  const auto json = read_json(text);
  if (!json) return std::nullopt;
  Range range;
  for (auto [name, key] : {std::pair{"at", &range.at}, std::pair{"end", &range.end}}) {
    const JsonNode* list = json->find(name);
    if (list == nullptr) return std::nullopt;
    for (const JsonNode& item : list->items) key->push_back(item.text);
  }
  return range;
}

RangeSql::RangeSql(const plan::Backfill& batches) : batches_(batches), keys_(join(batches.key_sql, ", ")) {
  row_ = batches.key_sql.size() == 1 ? keys_ : "(" + keys_ + ")";
}

std::string RangeSql::value(const Key& key) const {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < key.size(); ++i)
    parts.push_back("CAST(" + quoted(key[i]) + " AS " + batches_.key_types[i] + ")");
  return parts.size() == 1 ? parts[0] : "(" + join(parts, ", ") + ")";
}

std::string RangeSql::between(const Range& range, const Key& upper) const {
  if (by_block())
    return fmt::format("ctid >= '({},0)' AND ctid < '({},0)'", range.at.empty() ? "0" : range.at[0], upper[0]);
  const std::string below = row_ + " <= " + value(upper);
  return range.at.empty() ? below : row_ + " > " + value(range.at) + " AND " + below;
}

std::string RangeSql::last_key() const {
  if (by_block()) {
    return fmt::format(
        "SELECT blocks FROM (SELECT pg_relation_size({}) / current_setting('block_size')::bigint AS blocks) s "
        "WHERE blocks > 0",
        quoted(batches_.table_sql));
  }
  return fmt::format("SELECT {} FROM {} ORDER BY {} DESC LIMIT 1", keys_, batches_.table_sql,
                     join(batches_.key_sql, " DESC, "));
}

std::string RangeSql::about_rows() const {
  return fmt::format("SELECT CAST(reltuples AS bigint) FROM pg_catalog.pg_class WHERE oid = CAST({} AS regclass)",
                     quoted(batches_.table_sql));
}

std::string RangeSql::sample() const {
  return fmt::format("SELECT {0} FROM {1} TABLESAMPLE SYSTEM (1) ORDER BY {0}", keys_, batches_.table_sql);
}

std::string RangeSql::next_key(const Range& range, std::int64_t size) const {
  return fmt::format("SELECT {0} FROM {1} WHERE {2} ORDER BY {0} OFFSET {3} LIMIT 1", keys_, batches_.table_sql,
                     between(range, range.end), size - 1);
}

std::string RangeSql::named() const {
  return batches_.alias_sql.empty() ? batches_.table_sql : batches_.table_sql + " AS " + batches_.alias_sql;
}

/// The value is not worked out for rows that the author's condition leaves out: there it may fail.
std::string RangeSql::still_to_do() const {
  const std::string& where = batches_.where_sql;
  const std::string& wrong = batches_.wrong_sql;
  if (wrong.empty() || where.empty()) return wrong + where;
  return "CASE WHEN (" + where + ") THEN (" + wrong + ") ELSE false END";
}

std::string RangeSql::change(const Range& range, const Key& upper) const {
  std::string out =
      batches_.set_sql.empty() ? "DELETE FROM " + named() : "UPDATE " + named() + " SET " + batches_.set_sql;
  out += " WHERE " + between(range, upper);
  const std::string rest = still_to_do();
  return rest.empty() ? out : out + " AND (" + rest + ")";
}

std::string RangeSql::still_wrong() const {
  const bool deletes = batches_.set_sql.empty();
  if (deletes ? batches_.where_sql.empty() && !by_block() : batches_.wrong_sql.empty()) return "";
  const std::string rest = still_to_do();
  return "SELECT count(*) FROM " + named() + (rest.empty() ? "" : " WHERE " + rest);
}

}  // namespace bascule::exec
