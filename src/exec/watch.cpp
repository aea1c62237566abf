#include "exec/watch.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.h"

namespace bascule::exec {

namespace {

/// {"a","b"}: PostgreSQL's text of an array.
std::string array_text(const std::vector<std::string>& items) {
  std::string out = "{";
  for (const std::string& item : items) {
    if (out.size() > 1) out += ',';
    out += '"' + replace_all(replace_all(item, "\\", "\\\\"), "\"", "\\\"") + '"';
  }
  return out + "}";
}

bool is_true(const db::Cell& cell) { return cell && (*cell == "t" || *cell == "true" || *cell == "1"); }

}  // namespace

db::DbResult<std::vector<plan::Blocker>> read_blockers(db::Connection& connection, const plan::OnlineWords& words,
                                                       const std::vector<std::string>& tables,
                                                       const std::string& session) {
  std::vector<plan::Blocker> out;
  if (words.blockers.empty() || tables.empty()) return out;
  const std::array<db::Cell, 2> parameters = {array_text(tables), session};
  BASCULE_TRY_ASSIGN(const db::ResultSet rows, connection.query(words.blockers, parameters));
  for (const std::vector<db::Cell>& row : rows.rows) {
    plan::Blocker one;
    one.session = std::strtoll(row[0].value_or("0").c_str(), nullptr, 10);
    one.application = row[1].value_or("");
    one.user = row[2].value_or("");
    one.state = row[3].value_or("");
    one.query = std::string(trim(row[4].value_or("")));
    one.open_for = std::chrono::milliseconds(
        static_cast<std::int64_t>(1000 * std::max(0.0, std::strtod(row[5].value_or("0").c_str(), nullptr))));
    one.waits = is_true(row[6]);
    one.protected_from_us = is_true(row[7]);
    one.mode = row[8].value_or("");
    out.push_back(std::move(one));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const plan::Blocker& a, const plan::Blocker& b) { return a.open_for > b.open_for; });
  return out;
}

}  // namespace bascule::exec
