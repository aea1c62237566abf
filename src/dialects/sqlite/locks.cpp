// What a statement does to others on SQLite. Everything here was measured on 3.40 (tests/unit/sqlite_locks_test.cpp),
// with a rollback journal and with a write-ahead log.
//
// There is one lock, on the database file. Whoever writes holds RESERVED from its first write to the end of its
// transaction: one writer at a time, readers go on. To commit with a rollback journal it needs EXCLUSIVE for a moment,
// and waits for readers; it needs that at once when its changes outgrow the page cache (2 MB), and then keeps readers
// out until the end of the transaction. That is why a statement that writes whole tables says EXCLUSIVE here. With a
// write-ahead log readers are never kept out.
#include "dialects/sqlite/locks.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "dialects/sqlite/ddl_reader.h"
#include "dialects/sqlite/locks_refusals.h"
#include "dialects/sqlite/sqlite.h"
#include "model/lookup.h"

namespace bascule::dialects::sqlite {

namespace {

enum class Lock { kNone, kShared, kReserved, kExclusive };

plan::LockUse lock_use(Lock lock, const Identifier& schema) {
  plan::LockUse use;
  use.relation.name = schema.empty() ? Identifier("main") : schema;
  use.kind = plan::RelationKind::kDatabase;
  switch (lock) {
    case Lock::kNone:
      break;
    case Lock::kShared:
      use.mode = "SHARED";
      use.strength = 1;
      break;
    case Lock::kReserved:
      use.mode = "RESERVED";
      use.strength = 2;
      use.why = "one writer at a time; with a rollback journal readers are kept out for the moment of the commit";
      break;
    case Lock::kExclusive:
      use.mode = "EXCLUSIVE";
      use.strength = 4;
      use.why =
          "it writes more than the page cache holds: with a rollback journal readers wait until the commit, with a "
          "write-ahead log (journal_mode=wal) they do not";
      break;
  }
  const bool writes = lock == Lock::kReserved || lock == Lock::kExclusive;
  use.blocks = {lock == Lock::kExclusive, writes, writes, writes};
  return use;
}

class Judge {
 public:
  Judge(const model::Schema& schema, const Server& server) : schema_(schema), server_(server) {}

  plan::Impact statement(std::string_view sql) {
    tokens_ = tokenize(sql);
    if (tokens_.empty()) return impact_;
    const Understood understood = sqlite_dialect().understand(sql);
    bool said = false;
    for (const model::Operation& operation : understood.operations) said = this->operation(operation) || said;
    if (!said) by_first_word(sql);
    return std::move(impact_);
  }

  plan::Impact rebuild(const model::BatchAlter& batch) {
    if (!sqlite_dialect().rebuilds(batch)) {
      for (const model::BatchItem& item : batch.items)
        std::visit([&](auto change) { in_place(std::move(change), batch.table); }, item);
      return std::move(impact_);
    }
    hold(Lock::kExclusive, batch.table.schema);
    read_whole(batch.table, "to copy its rows into the new table");
    rewrite(batch.table, "SQLite cannot make this change in place: the table is copied, dropped and renamed");
    rewrite_indexes(batch.table, "the new table has none of the old one's indexes");
    impact_.causes.emplace_back("SQLite cannot make this change in place: every row is copied to a new table");
    return std::move(impact_);
  }

 private:
  template <class Item>
  void in_place(Item item, const QualifiedName& table) {
    if constexpr (requires { item.table = table; }) item.table = table;
    operation(item);
  }

  /// False: the operation says nothing that SQLite does.
  bool operation(const model::Operation& operation) {
    if (auto why = refusal(operation, schema_, server_, impact_.assumptions)) {
      impact_.refused = std::move(*why);
      return true;
    }
    if (const auto* made = std::get_if<model::CreateTable>(&operation)) return create(*made), true;
    if (const auto* dropped = std::get_if<model::DropTable>(&operation)) return drop(*dropped), true;
    if (const auto* renamed = std::get_if<model::RenameTable>(&operation)) return text_only(renamed->table), true;
    if (const auto* added = std::get_if<model::AddColumn>(&operation)) return add(*added), true;
    if (const auto* dropped = std::get_if<model::DropColumn>(&operation)) return drop(*dropped), true;
    if (const auto* altered = std::get_if<model::AlterColumn>(&operation)) return text_only(altered->table), true;
    if (const auto* made = std::get_if<model::CreateIndex>(&operation)) return create(*made), true;
    if (const auto* dropped = std::get_if<model::DropIndex>(&operation)) return drop(*dropped), true;
    if (const auto* made = std::get_if<model::CreateObject>(&operation)) return create(*made), true;
    if (const auto* dropped = std::get_if<model::DropObject>(&operation)) return drop(*dropped), true;
    return false;
  }

  /// Only the text in sqlite_schema changes; every statement that others have prepared is prepared again.
  void text_only(const QualifiedName& table) { hold(Lock::kReserved, table.schema); }

  void create(const model::CreateTable& made) {
    if (is_temporary(made.table)) return;
    if (made.if_not_exists && relation_exists(schema_, made.table.name))
      return hold(Lock::kShared, made.table.name.schema);
    hold(Lock::kReserved, made.table.name.schema);
    impact_.creates.push_back(made.table.name);
  }

  void drop(const model::DropTable& dropped) {
    if (model::find_table(schema_, dropped.table) == nullptr) return hold(Lock::kShared, dropped.table.schema);
    hold(Lock::kExclusive, dropped.table.schema);
    impact_.causes.emplace_back("every page of the table and of its indexes is given back");
  }

  void add(const model::AddColumn& added) {
    hold(Lock::kReserved, added.table.schema);
    const bool checked = std::any_of(added.constraints.begin(), added.constraints.end(), [](const auto& constraint) {
      return std::holds_alternative<model::CheckConstraint>(constraint);
    });
    if (checked || (added.column.computed && !added.column.nullable))
      read_whole(added.table, "to check that no row breaks it");
  }

  void drop(const model::DropColumn& dropped) {
    const model::Table* table = model::find_table(schema_, dropped.table);
    const model::Column* column = table == nullptr ? nullptr : model::find_column(*table, dropped.column);
    if (column != nullptr && column->computed && !column->computed->persisted.value_or(false))
      return text_only(dropped.table);
    hold(Lock::kExclusive, dropped.table.schema);
    read_whole(dropped.table, "every row is written without the column");
    rewrite(dropped.table, "every row is written without the column");
  }

  void create(const model::CreateIndex& made) {
    const QualifiedName index{made.table.schema, made.index.name};
    if (made.if_not_exists && index_exists(schema_, index)) return hold(Lock::kShared, made.table.schema);
    hold(Lock::kExclusive, made.table.schema);
    read_whole(made.table, "to build the index");
    impact_.index_builds.push_back({index, plan::RelationKind::kIndex, ""});
    impact_.creates.push_back(index);
  }

  void drop(const model::DropIndex& dropped) {
    if (!index_exists(schema_, dropped.name)) return hold(Lock::kShared, dropped.name.schema);
    hold(Lock::kExclusive, dropped.name.schema);
    impact_.causes.emplace_back("every page of the index is given back");
  }

  void create(const model::CreateObject& made) {
    hold(Lock::kReserved, made.object.name.schema);
    if (made.object.kind == model::ObjectKind::kView) impact_.creates.push_back(made.object.name);
  }
  void drop(const model::DropObject& dropped) { hold(Lock::kReserved, dropped.name.schema); }

  // What no operation says.

  void by_first_word(std::string_view sql) {
    const auto begins = [&](std::string_view word) { return tokens_[0].is_word(word); };
    if (begins("SELECT") || begins("VALUES")) return hold(Lock::kShared, {});
    if (begins("WITH")) return with();
    if (begins("INSERT") || begins("REPLACE")) return insert();
    if (begins("UPDATE")) return change_rows("UPDATE");
    if (begins("DELETE")) return change_rows("DELETE");
    if (begins("CREATE")) return create_otherwise();
    if (begins("REINDEX")) return reindex();
    if (begins("ANALYZE")) return analyze();
    if (begins("VACUUM")) return vacuum();
    if (begins("PRAGMA")) return pragma();
    if (begins("BEGIN")) return begin();
    for (const std::string_view word :
         {"COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "EXPLAIN", "ATTACH", "DETACH"})
      if (begins(word)) return;
    for (const std::string_view word : {"ALTER", "TRUNCATE", "COMMENT", "GRANT", "REVOKE", "LOCK", "MERGE"})
      if (begins(word)) {
        impact_.refused = "SQLite has no such statement: " + std::string(trim(sql));
        return;
      }
    impact_.known = false;
  }

  void with() {
    for (const std::string_view word : {"INSERT", "REPLACE", "UPDATE", "DELETE"})
      if (std::any_of(tokens_.begin(), tokens_.end(), [&](const Token& token) { return token.is_word(word); }))
        return hold(Lock::kReserved, {});
    hold(Lock::kShared, {});
  }

  /// Rows that come from a query may be any number; those of VALUES are few.
  void insert() {
    const bool selects =
        std::any_of(tokens_.begin(), tokens_.end(), [](const Token& t) { return t.is_word("SELECT"); });
    hold(selects ? Lock::kExclusive : Lock::kReserved, {});
  }

  void change_rows(std::string_view verb) {
    std::size_t at = 1;
    if (at < tokens_.size() && tokens_[at].is_word("OR")) at += 2;
    if (at < tokens_.size() && tokens_[at].is_word("FROM")) ++at;
    const QualifiedName table = name_at(at);
    if (model::find_table(schema_, table) == nullptr && !relation_exists(schema_, table)) {
      impact_.refused = "there is no table " + display(table);
      return;
    }
    int depth = 0;
    for (const Token& token : tokens_) {
      depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
      if (depth == 0 && token.is_word("WHERE")) return hold(Lock::kReserved, table.schema);
    }
    hold(Lock::kExclusive, table.schema);
    read_whole(table, verb == "UPDATE" ? "every row is changed" : "every row is removed");
  }

  /// CREATE TABLE ... AS and CREATE VIRTUAL TABLE.
  void create_otherwise() {
    const auto is = [&](std::string_view word) {
      return std::any_of(tokens_.begin(), tokens_.end(), [&](const Token& token) { return token.is_word(word); });
    };
    if (!is("TABLE")) {
      impact_.refused = "SQLite has no such statement";
      return;
    }
    if (tokens_[1].is_word("TEMP") || tokens_[1].is_word("TEMPORARY")) return hold(Lock::kShared, {});
    hold(is("SELECT") ? Lock::kExclusive : Lock::kReserved, {});
    for (std::size_t at = 0; at + 1 < tokens_.size(); ++at)
      if (tokens_[at].is_word("TABLE")) {
        impact_.creates.push_back(name_at(tokens_[at + 1].is_word("IF") ? at + 4 : at + 1));
        return;
      }
  }

  /// REINDEX alone, of a table, of an index, or of a collation, which may be any index's.
  void reindex() {
    const QualifiedName named = name_at(1);
    hold(Lock::kExclusive, named.schema);
    for (const model::Table& table : schema_.tables) {
      const bool whole = tokens_.size() == 1 || model::same_name(table.name, named);
      bool any = false;
      for (const model::Index& index : table.indexes) {
        if (!whole && !(index.name == named.name)) continue;
        any = true;
        impact_.rewrites.push_back({{table.name.schema, index.name}, plan::RelationKind::kIndex, "REINDEX"});
      }
      if (any || whole) read_whole(table.name, "to build its indexes again");
    }
  }

  void analyze() {
    const QualifiedName named = name_at(1);
    hold(Lock::kReserved, named.schema);
    for (const model::Table& table : schema_.tables)
      if (tokens_.size() == 1 || model::same_name(table.name, named))
        read_whole(table.name, "to count its indexes' keys");
  }

  void vacuum() {
    hold(Lock::kExclusive, {});
    impact_.transaction = plan::TransactionNeed::kForbidden;
    for (const model::Table& table : schema_.tables) {
      read_whole(table.name, "the whole file is written anew");
      rewrite(table.name, "the whole file is written anew");
      rewrite_indexes(table.name, "the whole file is written anew");
    }
  }

  void pragma() {
    if (tokens_.size() < 2) return;
    const bool sets = tokens_.size() > 2;
    if (tokens_[1].is_word("journal_mode") && sets && tokens_.back().is_word("WAL")) {
      hold(Lock::kExclusive, {});
      impact_.transaction = plan::TransactionNeed::kForbidden;
    } else if (tokens_[1].is_word("foreign_keys") && sets) {
      impact_.causes.emplace_back("inside a transaction this pragma does nothing");
    } else if (sets && (tokens_[1].is_word("user_version") || tokens_[1].is_word("application_id"))) {
      hold(Lock::kReserved, {});
    }
  }

  void begin() {
    if (tokens_.size() > 1 && tokens_[1].is_word("IMMEDIATE")) hold(Lock::kReserved, {});
    if (tokens_.size() > 1 && tokens_[1].is_word("EXCLUSIVE")) hold(Lock::kExclusive, {});
  }

  // The parts of an impact.

  void hold(Lock lock, const Identifier& schema) {
    plan::LockUse use = lock_use(lock, schema);
    if (use.strength == 0) return;
    for (plan::LockUse& held : impact_.locks)
      if (held.relation == use.relation) {
        if (held.strength < use.strength) held = std::move(use);
        return;
      }
    impact_.locks.push_back(std::move(use));
  }
  void read_whole(const QualifiedName& table, std::string why) {
    if (!plan::scans(impact_, table)) impact_.scans.push_back({table, plan::RelationKind::kTable, std::move(why)});
  }
  void rewrite(const QualifiedName& table, std::string why) {
    if (!plan::rewrites(impact_, table))
      impact_.rewrites.push_back({table, plan::RelationKind::kTable, std::move(why)});
  }
  void rewrite_indexes(const QualifiedName& of, const std::string& why) {
    const model::Table* table = model::find_table(schema_, of);
    if (table == nullptr) return;
    for (const model::Index& index : table->indexes)
      impact_.rewrites.push_back({{of.schema, index.name}, plan::RelationKind::kIndex, why});
  }
  QualifiedName name_at(std::size_t at) const {
    if (at >= tokens_.size()) return {};
    if (at + 2 < tokens_.size() && tokens_[at + 1].is('.'))
      return {Identifier(tokens_[at].text), Identifier(tokens_[at + 2].text)};
    return {{}, Identifier(tokens_[at].text)};
  }

  const model::Schema& schema_;
  const Server& server_;
  std::vector<Token> tokens_;
  plan::Impact impact_;
};

}  // namespace

plan::Impact impact_of(std::string_view statement, const model::Schema& before, const Server& server) {
  return Judge(before, server).statement(statement);
}

plan::Impact impact_of(const model::BatchAlter& rebuild, const model::Schema& before, const Server& server) {
  return Judge(before, server).rebuild(rebuild);
}

}  // namespace bascule::dialects::sqlite
