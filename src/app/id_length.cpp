#include "app/id_length.h"

#include <utility>

#include "base/text.h"

namespace bascule::app {

namespace {

Diagnostic too_long(const Workspace& workspace, const std::string& id, std::size_t limit, const std::string& table) {
  Diagnostic out;
  out.code = "revision-id-too-long";
  out.message = "the revision id '" + id + "' has " + counted(utf8_length(id), "character") + "; " + table +
                ".version_num takes " + std::to_string(limit);
  if (const auto index = workspace.graph.find(id)) out.location = workspace.graph[*index].location;
  return out;
}

}  // namespace

std::optional<std::size_t> id_limit(const formats::Project& project, const dialects::Dialect& dialect) {
  if (!dialect.checks_text_length() || project.history_store() == nullptr) return std::nullopt;
  const auto column = project.history_store()->id_column();
  return column ? std::optional(column->length) : std::nullopt;
}

Outcome<void> check_id_lengths(const Workspace& workspace, const Address& address, const std::vector<std::string>& ids,
                               bool table_exists, db::Connection* connection) {
  const auto usual = id_limit(*workspace.project, *address.dialect);
  if (!usual) return {};
  std::vector<std::string> suspects;
  for (const std::string& id : ids) {
    if (utf8_length(id) > *usual) suspects.push_back(id);
  }
  if (suspects.empty()) return {};
  const auto store = workspace.project->history_store();
  std::optional<std::size_t> limit = usual;
  if (table_exists) {
    if (connection == nullptr) return {};
    const history::IdColumn column = *store->id_column();
    auto is = address.dialect->text_length(*connection, column.table, column.column);
    if (!is) return failure(database_failure(is.error(), "reading " + store->table_name(), address));
    limit = *is;
    if (!limit) return {};
  }
  Diagnostics found;
  for (const std::string& id : suspects) {
    if (utf8_length(id) <= *limit) continue;
    Diagnostic wrong = too_long(workspace, id, *limit, store->table_name());
    wrong.cause = "the database would refuse it after the revision has run";
    wrong.help = table_exists ? "widen it: ALTER TABLE " + address.dialect->quote(store->id_column()->table) +
                                    " ALTER COLUMN version_num TYPE VARCHAR(255), or shorten the id"
                              : "shorten the id, in its file and where other files name it";
    found.add(std::move(wrong));
  }
  if (found.empty()) return {};
  return failure(Failure{ExitCode::kUnsound, std::move(found)});
}

Diagnostics long_id_warnings(const Workspace& workspace, const dialects::Dialect& dialect) {
  Diagnostics out;
  const auto limit = id_limit(*workspace.project, dialect);
  if (!limit) return out;
  const std::string table = workspace.project->history_store()->table_name();
  for (std::size_t i = 0; i < workspace.graph.size(); ++i) {
    const graph::Revision& revision = workspace.graph[graph::index_of(i)];
    if (utf8_length(revision.id) <= *limit) continue;
    Diagnostic warning = too_long(workspace, revision.id, *limit, table);
    warning.severity = Severity::kWarning;
    warning.cause = "as a run makes it; a table that somebody widened may take it";
    warning.help = "shorten the id, in its file and where other files name it";
    out.add(std::move(warning));
  }
  return out;
}

}  // namespace bascule::app
