#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/reader.h"

namespace bascule::dialects::mariadb {

namespace {

using Kind = Change::Kind;

Change change_of(Kind kind) {
  Change change;
  change.kind = kind;
  return change;
}

/// Verbs that do something to single partitions.
constexpr auto kPartitionVerbs =
    std::to_array<std::string_view>({"TRUNCATE", "REORGANIZE", "EXCHANGE", "COALESCE", "REBUILD", "ANALYZE", "CHECK",
                                     "OPTIMIZE", "REPAIR", "CONVERT", "DROP", "ADD"});

class AlterReader {
 public:
  AlterReader(Cursor& cursor, Statement& into) : cursor_(cursor), into_(into) {}

  void read() {
    while (!cursor_.at_end()) {
      one();
      if (cursor_.at_end()) return;
      if (cursor_.take(',')) continue;
      // Table options and PARTITION BY need no comma before them.
      const std::size_t at = cursor_.at();
      if (const bool goes_on = starts_without_comma(); goes_on && at != last_stop_) {
        last_stop_ = at;
        continue;
      }
      into_.complete = false;
      push(change_of(Kind::kOther));
      cursor_.skip_to_comma();
      cursor_.take(',');
    }
  }

 private:
  void push(Change change) {
    if (change.kind == Kind::kOther || !change.definition.understood) into_.complete = false;
    into_.changes.push_back(std::move(change));
  }

  bool starts_without_comma() {
    if (cursor_.sees({"PARTITION", "BY"}) || cursor_.sees({"REMOVE", "PARTITIONING"}) ||
        cursor_.peek().is("ALGORITHM") || cursor_.peek().is("LOCK") || is_partition_verb(cursor_))
      return true;
    const std::size_t at = cursor_.at();
    const bool option = read_table_option(cursor_).has_value();
    cursor_.jump(at);
    return option;
  }

  void one() {
    if (read_wish(cursor_, into_.wishes)) return;
    if (is_partition_verb(cursor_)) return partition();
    if (cursor_.take("ADD")) return add();
    if (cursor_.take("DROP")) return drop();
    if (cursor_.take_any({"MODIFY", "CHANGE"})) return modify();
    if (cursor_.take("ALTER")) return alter();
    if (cursor_.take("RENAME")) return rename();
    if (cursor_.take("FORCE")) return push(change_of(Kind::kForce));
    if (cursor_.take_all({"ORDER", "BY"})) {
      while (!cursor_.at_end()) cursor_.step();
      return push(change_of(Kind::kOrderBy));
    }
    if (cursor_.take_all({"CONVERT", "TO"})) return convert();
    if (cursor_.take_all({"ENABLE", "KEYS"}) || cursor_.take_all({"DISABLE", "KEYS"}))
      return push(change_of(Kind::kToggleKeys));
    if (cursor_.sees({"PARTITION", "BY"}) || cursor_.sees({"REMOVE", "PARTITIONING"})) return partition_by();
    if (auto option = read_table_option(cursor_)) return push(std::move(*option));
    push(change_of(Kind::kOther));
    cursor_.skip_to_comma();
  }

  static bool is_partition_verb(const Cursor& cursor) {
    for (const std::string_view verb : kPartitionVerbs)
      if (cursor.peek().is(verb))
        return cursor.peek(1).is("PARTITION") || (verb == "CONVERT" && cursor.peek(1).is("TABLE"));
    return false;
  }

  void partition() {
    Change change = change_of(Kind::kPartition);
    change.option = to_upper(cursor_.peek().text);
    const std::size_t begin = cursor_.at();
    for (; !cursor_.at_end(); cursor_.step())
      if (cursor_.take_all({"WITH", "TABLE"}) || cursor_.take_all({"TO", "TABLE"})) {
        change.new_table = cursor_.qualified_name();
        break;
      }
    while (!cursor_.at_end()) cursor_.step();
    change.value = cursor_.slice(begin, cursor_.at());
    push(std::move(change));
  }

  void partition_by() {
    Change change = change_of(Kind::kPartitionBy);
    const std::size_t begin = cursor_.at();
    if (!cursor_.take_all({"REMOVE", "PARTITIONING"})) {
      cursor_.jump(begin + 2);
      while (!cursor_.at_end()) cursor_.step();
      change.value = cursor_.slice(begin + 2, cursor_.at());
    }
    push(std::move(change));
  }

  void add() {
    if (cursor_.take_all({"SYSTEM", "VERSIONING"})) return push(change_of(Kind::kAddVersioning));
    if (cursor_.sees({"PERIOD", "FOR"})) {
      push(change_of(Kind::kOther));
      return cursor_.skip_to_comma();
    }
    if (auto key = read_key_or_constraint(cursor_)) {
      if (key->kind == Kind::kOther) cursor_.skip_to_comma();
      return push(std::move(*key));
    }
    cursor_.take("COLUMN");
    const bool guarded = take_if_not_exists(cursor_);
    if (cursor_.take('(')) {
      while (!cursor_.at_end() && !cursor_.take(')')) {
        add_column(guarded);
        cursor_.take(',');
      }
      return;
    }
    add_column(guarded);
  }

  void add_column(bool guarded) {
    Change change = change_of(Kind::kAddColumn);
    change.guarded = guarded;
    change.name = cursor_.name();
    if (change.name.empty()) {
      cursor_.skip_to_comma();
      return push(change_of(Kind::kOther));
    }
    change.definition = read_column(cursor_, change.name);
    push(std::move(change));
  }

  void modify() {
    cursor_.jump(cursor_.at() - 1);
    const bool renames = cursor_.take("CHANGE");
    cursor_.take("MODIFY");
    cursor_.take("COLUMN");
    Change change = change_of(Kind::kModifyColumn);
    change.guarded = take_if_exists(cursor_);
    change.name = cursor_.name();
    change.new_name = renames ? cursor_.name() : change.name;
    change.definition = read_column(cursor_, change.new_name);
    push(std::move(change));
  }

  void drop() {
    if (cursor_.take_all({"SYSTEM", "VERSIONING"})) return push(change_of(Kind::kDropVersioning));
    if (cursor_.take_all({"PRIMARY", "KEY"})) return push(change_of(Kind::kDropKey));
    Kind kind = Kind::kDropColumn;
    if (cursor_.take_all({"FOREIGN", "KEY"})) {
      kind = Kind::kDropForeignKey;
    } else if (cursor_.take_any({"INDEX", "KEY"})) {
      kind = Kind::kDropKey;
    } else if (cursor_.take("CONSTRAINT")) {
      kind = Kind::kDropConstraint;
    } else {
      cursor_.take("COLUMN");
    }
    Change change = change_of(kind);
    change.guarded = take_if_exists(cursor_);
    change.name = cursor_.name();
    if (kind == Kind::kDropColumn) cursor_.take_any({"RESTRICT", "CASCADE"});
    // DROP INDEX `PRIMARY` is DROP PRIMARY KEY.
    if (kind == Kind::kDropKey && iequals_ascii(change.name.text(), "PRIMARY")) change.name = Identifier();
    push(std::move(change));
  }

  void alter() {
    if (cursor_.take_any({"INDEX", "KEY"})) {
      Change change = change_of(Kind::kIgnoreKey);
      change.guarded = take_if_exists(cursor_);
      change.name = cursor_.name();
      cursor_.skip_to_comma();
      return push(std::move(change));
    }
    cursor_.take("COLUMN");
    Change change = change_of(Kind::kOther);
    change.guarded = take_if_exists(cursor_);
    change.name = cursor_.name();
    if (cursor_.take_all({"SET", "DEFAULT"})) {
      change.kind = Kind::kSetDefault;
      const std::size_t begin = cursor_.at();
      cursor_.skip_to_comma();
      change.value = cursor_.slice(begin, cursor_.at());
    } else if (cursor_.take_all({"DROP", "DEFAULT"})) {
      change.kind = Kind::kDropDefault;
    } else {
      cursor_.skip_to_comma();
    }
    push(std::move(change));
  }

  void rename() {
    const bool column = cursor_.take("COLUMN");
    const bool key = !column && cursor_.take_any({"INDEX", "KEY"});
    if (column || key) {
      Change change = change_of(column ? Kind::kRenameColumn : Kind::kRenameKey);
      change.guarded = take_if_exists(cursor_);
      change.name = cursor_.name();
      cursor_.take("TO");
      change.new_name = cursor_.name();
      return push(std::move(change));
    }
    cursor_.take_any({"TO", "AS"});
    cursor_.take('=');
    Change change = change_of(Kind::kRenameTable);
    change.new_table = cursor_.qualified_name();
    push(std::move(change));
  }

  void convert() {
    Change change = change_of(Kind::kConvert);
    if (!cursor_.take_all({"CHARACTER", "SET"})) cursor_.take("CHARSET");
    change.option = to_lower_ascii(cursor_.peek().text);
    cursor_.step();
    if (cursor_.take("COLLATE")) {
      change.value = to_lower_ascii(cursor_.peek().text);
      cursor_.step();
    }
    push(std::move(change));
  }

  Cursor& cursor_;
  Statement& into_;
  std::size_t last_stop_ = static_cast<std::size_t>(-1);
};

}  // namespace

void read_changes(Cursor& cursor, Statement& into) { AlterReader(cursor, into).read(); }

}  // namespace bascule::dialects::mariadb
