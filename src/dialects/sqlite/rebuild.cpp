// SqliteDialect::expand: the statements of a rebuild (create, copy, drop, rename), in Alembic's order.
#include "dialects/sqlite/rebuild.h"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/check.h"
#include "base/text.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

namespace sqlite {

namespace {

/// Alembic's name: at most 50 characters.
Identifier temporary_name(const Identifier& table) {
  std::string name = "_alembic_tmp_" + table.text();
  std::size_t characters = 0;
  std::size_t end = 0;
  for (; end < name.size(); ++end) {
    if ((static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) continue;
    if (characters++ == 50) break;
  }
  return Identifier(name.substr(0, end), table.quote());
}

/// Column renames that SQLite itself has to do first, because other tables, views or triggers speak of the column and
/// SQLite knows how to change them. Alembic leaves these behind, broken.
std::vector<const DraftColumn*> renamed_beforehand(const Draft& draft, const Surroundings& around,
                                                   const QualifiedName& table,
                                                   const std::vector<Identifier>& old_columns) {
  std::vector<const DraftColumn*> found;
  for (const DraftColumn& column : draft.columns()) {
    const Identifier& key = column.key;
    if (!column.existed || key == column.column.name) continue;
    const bool taken = std::any_of(old_columns.begin(), old_columns.end(), [&](const Identifier& old) {
      return iequals_ascii(old.text(), column.column.name.text());
    });
    const bool referred =
        std::any_of(around.references.begin(), around.references.end(),
                    [&](const Reference& reference) { return iequals_ascii(reference.column, key.text()); }) ||
        std::any_of(around.elsewhere.begin(), around.elsewhere.end(), [&](const StoredObject& object) {
          return mentions_name(object.sql, table.name.text()) && mentions_name(object.sql, key.text());
        });
    if (referred && !taken) found.push_back(&column);
  }
  return found;
}

class Rebuild {
 public:
  Rebuild(const model::BatchAlter& batch, const Draft& draft, const Surroundings* around,
          const std::vector<Identifier>& old_columns)
      : batch_(batch),
        draft_(draft),
        around_(around),
        temporary_{batch.table.schema, temporary_name(batch.table.name)} {
    if (around_ != nullptr) beforehand_ = renamed_beforehand(draft_, *around_, batch_.table, old_columns);
  }

  Rendered<plan::Expansion> expansion() {
    for (const DraftColumn* column : beforehand_)
      add(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", name(batch_.table), name(column->key),
                      name(column->column.name)));
    const model::Table table = draft_.table(temporary_.name);
    BASCULE_TRY_ASSIGN(auto created, sqlite_dialect().render(model::CreateTable{table}));
    append(std::move(created));
    BASCULE_TRY(copy_rows());
    if (draft_.had_autoincrement() && table.sqlite.autoincrement) keep_sequence();
    add("DROP TABLE " + name(batch_.table));
    rename_back();
    BASCULE_TRY_ASSIGN(auto indexes, draft_.create_indexes());
    append(std::move(indexes));
    recreate_triggers();
    if (!draft_.new_table_name().empty())
      add("ALTER TABLE " + name(batch_.table) + " RENAME TO " + name(draft_.new_table_name()));
    check_foreign_keys(table);
    return plan::Expansion{std::move(statements_), std::move(checks_)};
  }

 private:
  static std::string name(const Identifier& identifier) { return sqlite_dialect().quote(identifier); }
  static std::string name(const QualifiedName& qualified) { return sqlite_dialect().quote(qualified); }
  void add(std::string sql) { statements_.push_back(std::move(sql)); }
  void append(std::vector<std::string> more) {
    statements_.insert(statements_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  std::string schema() const { return batch_.table.schema.empty() ? "" : name(batch_.table.schema) + "."; }

  Rendered<void> copy_rows() {
    std::vector<std::string> targets;
    std::vector<std::string> sources;
    for (const DraftColumn& column : draft_.columns()) {
      if (!column.existed || column.column.computed) continue;
      const bool renamed = std::find(beforehand_.begin(), beforehand_.end(), &column) != beforehand_.end();
      std::string source = name(renamed ? column.column.name : column.key);
      if (column.cast) {
        model::Type type = model::resolve_variant(*column.cast, "sqlite");
        if (auto* scalar = std::get_if<model::ScalarType>(&type)) scalar->collation.clear();
        if (auto* choice = std::get_if<model::EnumType>(&type)) choice->collation.clear();
        if (auto* native = std::get_if<model::NativeType>(&type)) native->collation.clear();
        BASCULE_TRY_ASSIGN(const std::string spelled, sqlite_dialect().type(type));
        source = "CAST(" + source + " AS " + spelled + ")";
      }
      targets.push_back(name(column.column.name));
      sources.push_back(std::move(source));
    }
    if (targets.empty()) targets = sources = {"rowid"};  // every old column was dropped: the rows stay
    add(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", name(temporary_), join(targets, ", "), join(sources, ", "),
                    name(batch_.table)));
    return {};
  }

  /// The highest number ever given out, which may be of a row that is gone.
  void keep_sequence() {
    const std::string sequence = schema() + "sqlite_sequence";
    const auto text = [](const Identifier& identifier) {
      return "'" + replace_all(identifier.text(), "'", "''") + "'";
    };
    add(fmt::format("DELETE FROM {} WHERE name = {}", sequence, text(temporary_.name)));
    add(fmt::format("INSERT INTO {0} (name, seq) SELECT {1}, seq FROM {0} WHERE name = {2}", sequence,
                    text(temporary_.name), text(batch_.table.name)));
  }

  /// Views and triggers elsewhere speak of a table that is not there at this moment. SQLite would refuse to rename
  /// another table to that name, unless it is told not to look at them.
  void rename_back() {
    const bool somebody_looks = around_ == nullptr || !around_->elsewhere.empty();
    const bool legacy = somebody_looks && (around_ == nullptr || !around_->legacy_rename);
    if (legacy) add("PRAGMA legacy_alter_table=ON");
    add("ALTER TABLE " + name(temporary_) + " RENAME TO " + name(batch_.table.name));
    if (legacy) add("PRAGMA legacy_alter_table=OFF");
  }

  /// Those that hang on a dropped column would make every write fail; they go with it.
  void recreate_triggers() {
    if (around_ == nullptr) return;
    const std::string prefix = batch_.table.schema.empty() ? "" : name(batch_.table.schema);
    for (const StoredObject& trigger : around_->triggers) {
      const auto& dropped = draft_.dropped_columns();
      if (std::any_of(dropped.begin(), dropped.end(),
                      [&](const Identifier& column) { return trigger_mentions_column(trigger.sql, column.text()); }))
        continue;
      add(in_schema(rename_in_trigger(trigger.sql, draft_.renames()), prefix));
    }
  }

  void check_foreign_keys(const model::Table& table) {
    if (around_ == nullptr) return;
    const bool has_keys =
        std::any_of(table.constraints.begin(), table.constraints.end(),
                    [](const model::Constraint& item) { return std::holds_alternative<model::ForeignKey>(item); });
    for (const std::string& checked : around_->keys_in_order) {
      const bool itself = checked == batch_.table.name.text();
      if (itself && !has_keys) continue;
      const Identifier& now =
          itself && !draft_.new_table_name().empty() ? draft_.new_table_name() : Identifier(checked);
      checks_.push_back("PRAGMA " + schema() + "foreign_key_check(" + name(Identifier(now.text(), true)) + ")");
    }
  }

  const model::BatchAlter& batch_;
  const Draft& draft_;
  const Surroundings* around_;
  QualifiedName temporary_;
  std::vector<const DraftColumn*> beforehand_;
  std::vector<std::string> statements_;
  std::vector<std::string> checks_;  ///< of foreign keys: later operations may still mend the rows
};

Result<plan::Expansion, ExpandError> expand_draft(const model::BatchAlter& batch, Draft draft,
                                                  db::Connection* connection) {
  std::vector<Identifier> old_columns;
  for (const DraftColumn& column : draft.columns()) old_columns.push_back(column.key);
  if (auto applied = draft.apply(); !applied) return failure(ExpandError(std::move(applied.error())));
  std::optional<Surroundings> around;
  if (connection != nullptr) {
    auto found = read_surroundings(*connection, batch.table, temporary_name(batch.table.name).text());
    if (!found) return failure(ExpandError(std::move(found.error())));
    around = std::move(*found);
    if (around->temporary_table_exists) {
      const std::string left_over = temporary_name(batch.table.name).text();
      return failure(ExpandError(
          Unsupported{fmt::format("the table '{}' is in the way: an interrupted rebuild of '{}' has left it behind",
                                  left_over, display(batch.table)),
                      fmt::format("check that '{}' has all its rows, then: DROP TABLE \"{}\"", display(batch.table),
                                  replace_all(left_over, "\"", "\"\""))}));
    }
  }
  auto expansion = Rebuild(batch, draft, around ? &*around : nullptr, old_columns).expansion();
  if (!expansion) return failure(ExpandError(std::move(expansion.error())));
  return std::move(*expansion);
}

}  // namespace

}  // namespace sqlite

Result<plan::Expansion, ExpandError> SqliteDialect::expand(const model::BatchAlter& batch,
                                                           db::Connection* connection) const {
  if (batch.copy_from) return sqlite::expand_draft(batch, sqlite::Draft(batch, *batch.copy_from), connection);
  if (connection == nullptr) {
    return failure(ExpandError(Unsupported{
        fmt::format("without a database, nobody knows what the table '{}' looks like, and SQLite can change it only by "
                    "making it anew",
                    display(batch.table)),
        fmt::format("run it on the database (without --sql), or describe the table: op.batch_alter_table(\"{}\", "
                    "copy_from=sa.Table(...))",
                    batch.table.name.text())}));
  }
  BASCULE_TRY_ASSIGN(sqlite::StoredTable stored, sqlite::read_table(*connection, batch.table));
  auto indexes = sqlite::read_indexes(*connection, batch.table);
  if (!indexes) return failure(ExpandError(std::move(indexes.error())));
  return sqlite::expand_draft(batch, sqlite::Draft(batch, std::move(stored), *indexes), connection);
}

}  // namespace bascule::dialects
