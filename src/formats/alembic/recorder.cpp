#include "formats/alembic/recorder.h"

#include <variant>

#include "base/text.h"
#include "formats/alembic/sa_exceptions.h"
#include "formats/live.h"
#include "model/operation.h"

namespace bascule::formats::alembic {

namespace {

std::string column_list(const std::vector<Identifier>& columns) {
  std::vector<std::string> names;
  for (const Identifier& column : columns) names.push_back(column.text());
  return join(names, ", ");
}

std::string text_list(const std::vector<Identifier>& columns) {
  std::vector<std::string> names;
  for (const Identifier& column : columns) names.push_back("'" + column.text() + "'");
  return "[" + join(names, ", ") + "]";
}

}  // namespace

void Recorder::record(model::Operation operation, Location where, std::string written_as) {
  operations_.push_back({std::move(operation), std::move(where), std::move(written_as), autocommit_depth_ > 0});
  if (target_.live == nullptr) return;
  require_transaction();
  const model::AuthoredOperation& authored = operations_.back();
  auto done = target_.live->apply(authored);
  if (!done) raise_failure(done.error(), target_.dialect, authored.where, authored.written_as);
  last_rows_ = std::move(*done);
  // A loop may change millions of rows; nobody asks for these again.
  const bool rows_only = std::holds_alternative<model::InsertRows>(authored.operation) ||
                         std::holds_alternative<model::UpdateRows>(authored.operation) ||
                         std::holds_alternative<model::DeleteRows>(authored.operation) ||
                         std::holds_alternative<model::RawSql>(authored.operation);
  if (rows_only) operations_.pop_back();
}

void Recorder::require_transaction() const {
  if (!broken_at_) return;
  raise_sqlalchemy("InvalidRequestError",
                   "Can't operate on closed transaction inside context manager.  Please complete the context manager "
                   "before emitting further commands.");
}

void Recorder::enter_autocommit(const Location& where) {
  if (++autocommit_depth_ > 1 || target_.live == nullptr) return;
  auto done = target_.live->enter_autocommit();
  if (!done) raise_failure(done.error(), target_.dialect, where, "autocommit_block");
}

void Recorder::leave_autocommit(const Location& where) {
  if (--autocommit_depth_ > 0 || target_.live == nullptr) return;
  auto done = target_.live->leave_autocommit();
  if (!done) raise_failure(done.error(), target_.dialect, where, "autocommit_block");
}

Diagnostics Recorder::warnings() const {
  const auto adds = [](const auto& operation, const LeftOutKey& missing) {
    const auto* added = std::get_if<model::AddConstraint>(&operation);
    const auto* key = added != nullptr ? std::get_if<model::ForeignKey>(&added->constraint) : nullptr;
    return key != nullptr && added->table == missing.table && key->columns == missing.key.columns;
  };
  const auto is_added = [&](const LeftOutKey& missing) {
    for (const model::AuthoredOperation& authored : operations_) {
      if (adds(authored.operation, missing)) return true;
      const auto* batch = std::get_if<model::BatchAlter>(&authored.operation);
      if (batch == nullptr) continue;
      for (const model::BatchItem& item : batch->items) {
        if (adds(item, missing)) return true;
      }
    }
    return false;
  };
  Diagnostics out;
  for (const LeftOutKey& missing : left_out_) {
    if (is_added(missing)) continue;
    const model::ForeignKey& key = missing.key;
    const std::string name = key.name.empty() ? "of (" + column_list(key.columns) + ")" : "'" + key.name.text() + "'";
    Diagnostic warning;
    warning.code = "foreign-key-left-out";
    warning.severity = Severity::kWarning;
    warning.message = "table '" + display(missing.table) + "' is made without its foreign key " + name + " to " +
                      display(key.referent) + "(" + column_list(key.referent_columns) + ")";
    warning.location = missing.where;
    warning.cause =
        "use_alter puts the key off to an ALTER TABLE that op.create_table does not write, in Alembic either";
    warning.help = "add it after both tables are made: op.create_foreign_key(" +
                   (key.name.empty() ? "None" : "'" + key.name.text() + "'") + ", '" + missing.table.name.text() +
                   "', '" + key.referent.name.text() + "', " + text_list(key.columns) + ", " +
                   text_list(key.referent_columns) + ")";
    out.add(std::move(warning));
  }
  return out;
}

}  // namespace bascule::formats::alembic
