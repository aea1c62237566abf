#include "dialects/mariadb/locks.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/mariadb.h"
#include "model/lookup.h"

namespace bascule::dialects {

namespace mariadb {

namespace {

using Kind = Statement::Kind;

constexpr std::string_view kCommits = "MariaDB commits what is open before and after it: it cannot be rolled back";

class Judge {
 public:
  Judge(const Statement& statement, const model::Schema& schema, const Server& server)
      : statement_(statement), schema_(schema), server_(server) {}

  plan::Impact read() {
    switch (statement_.kind) {
      case Kind::kAlterTable:
      case Kind::kCreateIndex:
      case Kind::kDropIndex: {
        plan::Impact impact = alteration(statement_, schema_, server_);
        if (impact.refused.empty()) impact.causes.emplace_back(kCommits);
        return impact;
      }
      case Kind::kCreateTable:
        create_table();
        break;
      case Kind::kDropTable:
        drop_tables();
        break;
      case Kind::kRenameTable:
        rename_tables();
        break;
      case Kind::kTruncate:
        truncate();
        break;
      case Kind::kOptimize:
        for (const QualifiedName& table : statement_.tables) optimize(table);
        break;
      case Kind::kUpdate:
      case Kind::kDelete:
        change_rows();
        return std::move(impact_);
      case Kind::kInsert:
        hold_rows("INSERT locks the rows that it makes");
        return std::move(impact_);
      case Kind::kCreateObject:
      case Kind::kDropObject:
        object();
        break;
      case Kind::kLockTables:
      case Kind::kOther:
        impact_.known = false;
        return std::move(impact_);
      case Kind::kEmpty:
      case Kind::kHarmless:
      case Kind::kRows:
        return std::move(impact_);
    }
    if (impact_.refused.empty()) impact_.causes.emplace_back(kCommits);
    return std::move(impact_);
  }

 private:
  const model::Table* known(const QualifiedName& table) const { return model::find_table(schema_, table); }
  bool is_view(const QualifiedName& name) const {
    return std::any_of(schema_.objects.begin(), schema_.objects.end(), [&](const model::SchemaObject& object) {
      return object.kind == model::ObjectKind::kView && model::same_name(object.name, name);
    });
  }
  void refuse(std::string why) {
    if (impact_.refused.empty()) impact_.refused = std::move(why);
  }
  void hold(plan::LockUse use) {
    if (plan::find_lock(impact_, use.relation) == nullptr) impact_.locks.push_back(std::move(use));
  }
  void hold_parents(const QualifiedName& table) {
    if (const model::Table* found = known(table))
      for (const QualifiedName& parent : parents_of(*found)) hold(parent_moment(parent));
  }
  /// Refuses where the table is not there; files may not know it.
  bool missing(const QualifiedName& table) {
    if (known(table) != nullptr) return false;
    if (server_.schema_complete) refuse("there is no table " + display(table));
    return server_.schema_complete;
  }

  void create_table() {
    const QualifiedName& table = statement_.created.name;
    if (statement_.temporary) return;
    const bool there = known(table) != nullptr || is_view(table);
    if (there && statement_.guarded) return;
    if (there && !statement_.or_replace) return refuse(display(table) + " exists already");
    if (there) {
      hold(exclusive_moment(table));
      impact_.causes.emplace_back("OR REPLACE drops the table that is there, with its rows");
    } else {
      impact_.creates.push_back(table);
    }
    if (!statement_.from_elsewhere) return;
    for (const QualifiedName& read : statement_.reads)
      if (known(read) != nullptr && statement_.created.columns.empty() && statement_.reads.size() == 1)
        impact_.scans.push_back({read, plan::RelationKind::kTable, "to fill the new table"});
  }

  /// A table that others refer to, unless they go with it.
  const model::Table* referring(const QualifiedName& table) const {
    for (const model::Table& other : schema_.tables) {
      if (model::same_name(other.name, table)) continue;
      const bool goes_too = std::any_of(statement_.tables.begin(), statement_.tables.end(),
                                        [&](const QualifiedName& one) { return model::same_name(one, other.name); });
      if (goes_too) continue;
      for (const QualifiedName& parent : parents_of(other))
        if (model::same_name(parent, table)) return &other;
    }
    return nullptr;
  }

  void drop_tables() {
    if (statement_.temporary) return;
    for (const QualifiedName& table : statement_.tables) {
      if (known(table) == nullptr && statement_.guarded && server_.schema_complete) continue;
      if (missing(table)) return;
      if (const model::Table* other = referring(table); other != nullptr && server_.foreign_keys)
        return refuse("a foreign key of " + display(other->name) + " refers to " + display(table));
      hold(exclusive_moment(table));
      hold_parents(table);
    }
  }

  void rename_tables() {
    std::vector<QualifiedName> gone;
    for (std::size_t i = 0; i < statement_.new_tables.size(); ++i) {
      const QualifiedName& from = statement_.tables[i];
      const QualifiedName& to = statement_.new_tables[i];
      const auto same = [](const QualifiedName& name) {
        return [&name](const QualifiedName& one) { return model::same_name(one, name); };
      };
      const bool made_here = std::any_of(statement_.new_tables.begin(),
                                         statement_.new_tables.begin() + static_cast<std::ptrdiff_t>(i), same(from));
      if (known(from) == nullptr && !made_here) {
        if (statement_.guarded && server_.schema_complete) continue;
        if (missing(from)) return;
      }
      if (known(to) != nullptr && std::none_of(gone.begin(), gone.end(), same(to)))
        return refuse(display(to) + " exists already");
      gone.push_back(from);
      if (made_here) continue;
      hold(exclusive_moment(from));
      hold_parents(from);
    }
  }

  void truncate() {
    const QualifiedName& table = statement_.tables.front();
    if (missing(table)) return;
    if (const model::Table* other = referring(table); other != nullptr && server_.foreign_keys)
      return refuse("a foreign key of " + display(other->name) + " refers to " + display(table));
    hold(exclusive_moment(table));
    hold_parents(table);
    impact_.causes.emplace_back("the table is dropped and made again, empty");
  }

  void optimize(const QualifiedName& table) {
    if (missing(table)) return;
    const model::Table* found = known(table);
    const bool innodb = found == nullptr || engine_of(*found) == "innodb";
    impact_.algorithm = innodb ? "INPLACE" : "COPY";
    hold(lock_on(table, innodb ? Lock::kNone : Lock::kExclusive));
    impact_.rewrites.push_back({table, plan::RelationKind::kTable, "OPTIMIZE writes the table and its indexes anew"});
  }

  /// Row locks stay to the end of the transaction; who writes other rows goes on.
  void hold_rows(std::string why) {
    const QualifiedName& table = statement_.tables.front();
    plan::LockUse use;
    use.relation = table;
    use.mode = "ROW LOCKS";
    use.strength = 0;
    use.why = std::move(why);
    hold(std::move(use));
  }

  void change_rows() {
    const QualifiedName& table = statement_.tables.front();
    if (missing(table)) return;
    const bool update = statement_.kind == Kind::kUpdate;
    if (statement_.has_where || statement_.has_limit) {
      return hold_rows(
          "InnoDB locks every row that it reads on its way, and keeps the locks to the end of the "
          "transaction");
    }
    impact_.scans.push_back(
        {table, plan::RelationKind::kTable, update ? "every row is changed" : "every row is removed"});
    plan::LockUse use;
    use.relation = table;
    use.mode = "ROW LOCKS on every row";
    use.strength = 2;
    use.blocks = {false, true, true, false};
    use.why = "each row stays locked until the transaction ends";
    hold(std::move(use));
  }

  void object() {
    const model::SchemaObject& object = statement_.object;
    if (object.kind != model::ObjectKind::kTrigger) return;
    QualifiedName table = object.on_table;
    for (const model::SchemaObject& known_object : schema_.objects)
      if (table.name.empty() && known_object.kind == object.kind && model::same_name(known_object.name, object.name))
        table = known_object.on_table;
    if (!table.name.empty() && !missing(table)) hold(exclusive_moment(table));
  }

  const Statement& statement_;
  const model::Schema& schema_;
  const Server& server_;
  plan::Impact impact_;
};

}  // namespace

plan::LockUse lock_on(const QualifiedName& table, Lock lock) {
  plan::LockUse use;
  use.relation = table;
  switch (lock) {
    case Lock::kNone:
      use.mode = "LOCK=NONE";
      use.strength = 1;
      use.blocks = {};
      use.why = "its metadata lock is EXCLUSIVE for a moment only";
      break;
    case Lock::kShared:
      use.mode = "LOCK=SHARED";
      use.strength = 2;
      use.blocks = {false, true, true, true};
      break;
    case Lock::kExclusive:
      use.mode = "LOCK=EXCLUSIVE";
      use.strength = 3;
      use.blocks = {true, true, true, true};
      break;
  }
  return use;
}

plan::LockUse exclusive_moment(const QualifiedName& table) {
  plan::LockUse use;
  use.relation = table;
  use.mode = "METADATA EXCLUSIVE";
  use.strength = 3;
  use.blocks = {true, true, true, true};
  use.why = "for a moment, once every transaction that touched the table has ended";
  return use;
}

plan::LockUse parent_moment(const QualifiedName& parent) {
  plan::LockUse use;
  use.relation = parent;
  use.mode = "METADATA SHARED_NO_WRITE";
  use.strength = 1;
  use.blocks = {};
  use.why = "a foreign key refers to it: for a moment, once every transaction that wrote to it has ended";
  return use;
}

std::vector<QualifiedName> parents_of(const model::Table& table) {
  std::vector<QualifiedName> found;
  for (const model::Constraint& constraint : table.constraints) {
    const auto* key = std::get_if<model::ForeignKey>(&constraint);
    if (key == nullptr || model::same_name(key->referent, table.name)) continue;
    const bool twice = std::any_of(found.begin(), found.end(),
                                   [&](const QualifiedName& one) { return model::same_name(one, key->referent); });
    if (!twice) found.push_back(key->referent);
  }
  return found;
}

plan::Impact impact_of(std::string_view statement, const model::Schema& before, const Server& server) {
  const Statement read = read_statement(statement);
  return Judge(read, before, server).read();
}

}  // namespace mariadb

plan::Impact MariadbDialect::impact(std::string_view statement, const model::Schema& before,
                                    const Server& server) const {
  return mariadb::impact_of(statement, before, server);
}

/// Nothing is rebuilt by Bascule itself here: a batch's changes are statements of their own.
plan::Impact MariadbDialect::impact(const model::BatchAlter&, const model::Schema&, const Server&) const { return {}; }

bool MariadbDialect::rebuilds(const model::BatchAlter&) const { return false; }

}  // namespace bascule::dialects
