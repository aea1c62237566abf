// The statement as a whole: its kind, its tables, and what it asks for.
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/reader.h"

namespace bascule::dialects::mariadb {

namespace {

using Kind = Statement::Kind;
using model::ObjectKind;

/// Statements that leave schema and rows as they are.
constexpr auto kHarmless = std::to_array<std::string_view>(
    {"SET",    "BEGIN", "START", "COMMIT",  "ROLLBACK", "SAVEPOINT", "RELEASE", "ANALYZE",
     "CHECK",  "USE",   "SHOW",  "EXPLAIN", "DESCRIBE", "DESC",      "FLUSH",   "DO",
     "UNLOCK", "RESET", "KILL",  "HELP",    "PREPARE",  "DEALLOCATE"});
/// Statements that change rows at most, or rights.
constexpr auto kRowWords =
    std::to_array<std::string_view>({"SELECT", "WITH", "VALUES", "LOAD", "GRANT", "REVOKE", "TABLE", "HANDLER"});

struct Noun {
  std::string_view word;
  ObjectKind kind;
};
constexpr auto kNouns = std::to_array<Noun>({{"VIEW", ObjectKind::kView},
                                             {"TRIGGER", ObjectKind::kTrigger},
                                             {"FUNCTION", ObjectKind::kFunction},
                                             {"PROCEDURE", ObjectKind::kProcedure},
                                             {"EVENT", ObjectKind::kOther},
                                             {"SEQUENCE", ObjectKind::kSequence},
                                             {"DATABASE", ObjectKind::kSchema},
                                             {"SCHEMA", ObjectKind::kSchema},
                                             {"USER", ObjectKind::kOther},
                                             {"ROLE", ObjectKind::kOther},
                                             {"SERVER", ObjectKind::kForeignServer},
                                             {"PACKAGE", ObjectKind::kOther}});

class StatementReader {
 public:
  explicit StatementReader(std::string_view sql) : cursor_(sql) {}

  Statement read() {
    if (cursor_.at_end()) {
      out_.kind = Kind::kEmpty;
      return std::move(out_);
    }
    if (cursor_.peek().kind == TokenKind::kWord) out_.words = to_lower_ascii(cursor_.peek().text);
    if (cursor_.take("ALTER"))
      alter();
    else if (cursor_.take("CREATE"))
      create();
    else if (cursor_.take("DROP"))
      drop();
    else if (cursor_.take("RENAME"))
      rename();
    else if (cursor_.take("TRUNCATE"))
      truncate();
    else if (cursor_.take("OPTIMIZE"))
      optimize();
    else if (cursor_.take_any({"INSERT", "REPLACE"}))
      insert();
    else if (cursor_.take("UPDATE"))
      update();
    else if (cursor_.take("DELETE"))
      remove();
    else
      by_first_word();
    if (!cursor_.at_end() && out_.kind != Kind::kHarmless && out_.kind != Kind::kRows) out_.complete = false;
    return std::move(out_);
  }

 private:
  void kind(Kind kind, std::string words) {
    out_.kind = kind;
    out_.words = std::move(words);
  }
  void go_to_end() {
    while (!cursor_.at_end()) cursor_.step();
  }
  /// WAIT n, NOWAIT.
  void wait() {
    if (cursor_.take("WAIT")) cursor_.step();
    cursor_.take("NOWAIT");
  }

  void by_first_word() {
    const Token& first = cursor_.peek();
    const auto begins = [&](std::string_view word) { return first.is(word); };
    if (cursor_.sees({"LOCK", "TABLES"}) || cursor_.sees({"LOCK", "TABLE"})) {
      out_.kind = Kind::kLockTables;
    } else if (std::any_of(kHarmless.begin(), kHarmless.end(), begins)) {
      out_.kind = Kind::kHarmless;
    } else if (std::any_of(kRowWords.begin(), kRowWords.end(), begins)) {
      out_.kind = Kind::kRows;
    }
    go_to_end();
  }

  void alter() {
    const bool online = cursor_.take("ONLINE");
    cursor_.take("IGNORE");
    if (!cursor_.take("TABLE")) {
      out_.words = "alter " + to_lower_ascii(cursor_.peek().text);
      return go_to_end();
    }
    kind(Kind::kAlterTable, "alter table");
    if (online) out_.wishes.lock = "NONE";
    out_.guarded = take_if_exists(cursor_);
    out_.tables.push_back(cursor_.qualified_name());
    wait();
    read_changes(cursor_, out_);
  }

  void create() {
    out_.or_replace = cursor_.take_all({"OR", "REPLACE"});
    out_.temporary = cursor_.take("TEMPORARY");
    if (cursor_.take("TABLE")) {
      kind(Kind::kCreateTable, "create table");
      out_.guarded = take_if_not_exists(cursor_);
      out_.created.name = cursor_.qualified_name();
      out_.tables.push_back(out_.created.name);
      if (out_.temporary) out_.created.prefixes.emplace_back("TEMPORARY");
      return read_create_table(cursor_, out_);
    }
    KeyDefinition::Kind key = KeyDefinition::Kind::kPlain;
    if (cursor_.take("UNIQUE")) key = KeyDefinition::Kind::kUnique;
    if (cursor_.take("FULLTEXT")) key = KeyDefinition::Kind::kFulltext;
    if (cursor_.take("SPATIAL")) key = KeyDefinition::Kind::kSpatial;
    cursor_.take_any({"ONLINE", "OFFLINE"});
    if (cursor_.take("INDEX")) return create_index(key);
    object(Kind::kCreateObject, "create");
  }

  void create_index(KeyDefinition::Kind key) {
    kind(Kind::kCreateIndex, "create index");
    Change change;
    change.kind = Change::Kind::kAddKey;
    change.guarded = out_.guarded = take_if_not_exists(cursor_);
    change.name = cursor_.name();
    if (cursor_.take_any({"USING", "TYPE"})) cursor_.step();
    if (!cursor_.take("ON")) return;
    out_.tables.push_back(cursor_.qualified_name());
    wait();
    change.key = read_key(cursor_, key);
    change.key.name = change.name;
    out_.changes.push_back(std::move(change));
    while (read_wish(cursor_, out_.wishes)) continue;
    wait();
    while (read_wish(cursor_, out_.wishes)) continue;
  }

  /// A view, a trigger, a function ...: its kind and name; its text goes to the end.
  void object(Kind what, const std::string& verb) {
    out_.kind = what;
    const std::size_t begin = cursor_.at();
    // DEFINER = ..., ALGORITHM = MERGE, SQL SECURITY ... may stand before the noun.
    while (!cursor_.at_end()) {
      for (const Noun& noun : kNouns) {
        if (!cursor_.peek().is(noun.word) || (noun.word == "SCHEMA" && cursor_.peek(1).is('.'))) continue;
        cursor_.step();
        if (noun.word == "PACKAGE") cursor_.take("BODY");
        out_.words = verb + " " + to_lower_ascii(noun.word);
        out_.object.kind = noun.kind;
        out_.guarded = take_if_exists(cursor_) || take_if_not_exists(cursor_) || out_.guarded;
        out_.object.name = cursor_.qualified_name();
        if (noun.kind == ObjectKind::kSchema) out_.object.name = {{}, out_.object.name.name};
        out_.object.definition = std::string(cursor_.sql());
        if (noun.kind == ObjectKind::kTrigger && what == Kind::kCreateObject) trigger_table();
        if (what == Kind::kDropObject && cursor_.peek().is(',')) out_.complete = false;
        return go_to_end();
      }
      cursor_.step();
    }
    cursor_.jump(begin);
    out_.kind = Kind::kOther;
    out_.words = verb + " " + to_lower_ascii(cursor_.peek().text);
    go_to_end();
  }

  void trigger_table() {
    while (!cursor_.at_end() && !cursor_.peek().is("ON")) cursor_.step();
    if (cursor_.take("ON")) out_.object.on_table = cursor_.qualified_name();
    out_.tables.push_back(out_.object.on_table);
  }

  void drop() {
    out_.temporary = cursor_.take("TEMPORARY");
    if (cursor_.take_any({"TABLE", "TABLES"})) {
      kind(Kind::kDropTable, "drop table");
      out_.guarded = take_if_exists(cursor_);
      do out_.tables.push_back(cursor_.qualified_name());
      while (cursor_.take(','));
      wait();
      cursor_.take_any({"RESTRICT", "CASCADE"});
      return;
    }
    if (!cursor_.take("INDEX")) return object(Kind::kDropObject, "drop");
    kind(Kind::kDropIndex, "drop index");
    Change change;
    change.kind = Change::Kind::kDropKey;
    change.guarded = out_.guarded = take_if_exists(cursor_);
    change.name = cursor_.name();
    if (iequals_ascii(change.name.text(), "PRIMARY")) change.name = Identifier();
    if (!cursor_.take("ON")) return;
    out_.tables.push_back(cursor_.qualified_name());
    out_.changes.push_back(std::move(change));
    while (!cursor_.at_end() &&
           (read_wish(cursor_, out_.wishes) || cursor_.peek().is("WAIT") || cursor_.peek().is("NOWAIT")))
      wait();
  }

  void rename() {
    if (!cursor_.take_any({"TABLE", "TABLES"})) return go_to_end();
    kind(Kind::kRenameTable, "rename table");
    out_.guarded = take_if_exists(cursor_);
    do {
      out_.tables.push_back(cursor_.qualified_name());
      wait();
      if (!cursor_.take("TO")) return;
      out_.new_tables.push_back(cursor_.qualified_name());
    } while (cursor_.take(','));
  }

  void truncate() {
    cursor_.take("TABLE");
    kind(Kind::kTruncate, "truncate");
    out_.tables.push_back(cursor_.qualified_name());
    wait();
  }

  void optimize() {
    cursor_.take_any({"NO_WRITE_TO_BINLOG", "LOCAL"});
    cursor_.take_any({"TABLE", "TABLES"});
    kind(Kind::kOptimize, "optimize");
    do out_.tables.push_back(cursor_.qualified_name());
    while (cursor_.take(','));
    wait();
  }

  /// Goes over the rest and notes its WHERE and LIMIT, outside of brackets.
  void rest_of_rows() {
    bool in_where = false;
    while (!cursor_.at_end()) {
      if (cursor_.peek().is('(') && !in_where) {
        cursor_.jump(cursor_.behind_bracket(cursor_.at()));
        continue;
      }
      if (cursor_.peek().is("WHERE")) out_.has_where = in_where = true;
      if (cursor_.peek().is("LIMIT")) {
        out_.has_limit = true;
        in_where = false;
      }
      if (in_where && cursor_.peek().is_name()) out_.where_columns.emplace_back(cursor_.peek().text);
      cursor_.step();
    }
  }

  void insert() {
    kind(Kind::kInsert, out_.words);
    cursor_.take_any({"LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY"});
    cursor_.take("IGNORE");
    cursor_.take("INTO");
    out_.tables.push_back(cursor_.qualified_name());
    if (cursor_.peek().is('(')) {
      const std::size_t open = cursor_.at();
      if (!cursor_.peek(1).is("SELECT")) cursor_.jump(cursor_.behind_bracket(open));
    }
    if (cursor_.take('(')) static_cast<void>(0);
    out_.from_query = cursor_.peek().is("SELECT") || cursor_.peek().is("WITH") || cursor_.peek().is("TABLE");
    rest_of_rows();
  }

  void update() {
    kind(Kind::kUpdate, out_.words);
    cursor_.take("LOW_PRIORITY");
    cursor_.take("IGNORE");
    out_.tables.push_back(cursor_.qualified_name());
    rest_of_rows();
  }

  void remove() {
    kind(Kind::kDelete, out_.words);
    while (cursor_.take_any({"LOW_PRIORITY", "QUICK", "IGNORE", "HISTORY"})) continue;
    cursor_.take("FROM");
    out_.tables.push_back(cursor_.qualified_name());
    rest_of_rows();
  }

  Cursor cursor_;
  Statement out_;
};

void take_element(Cursor& cursor, Statement& into) {
  model::Table& table = into.created;
  if (auto change = read_key_or_constraint(cursor)) {
    if (change->kind == Change::Kind::kAddKey) {
      if (change->key.kind == KeyDefinition::Kind::kPrimary) {
        model::PrimaryKey key;
        key.columns = change->key.columns;
        table.constraints.emplace_back(std::move(key));
      } else {
        table.indexes.push_back(index_of(change->key));
      }
    } else if (change->constraint) {
      table.constraints.push_back(std::move(*change->constraint));
    } else {
      into.complete = false;
    }
    return;
  }
  Identifier name = cursor.name();
  if (name.empty() || cursor.peek().is("FOR")) {  // PERIOD FOR SYSTEM_TIME
    into.complete = false;
    return;
  }
  ColumnDefinition definition = read_column(cursor, std::move(name));
  if (!definition.understood) into.complete = false;
  if (definition.primary_key) {
    model::PrimaryKey key;
    key.columns = {definition.column.name};
    table.constraints.emplace_back(std::move(key));
  }
  if (definition.unique) {
    KeyDefinition key;
    key.kind = KeyDefinition::Kind::kUnique;
    key.columns = {definition.column.name};
    key.elements.push_back({model::ColumnExpr{{}, definition.column.name}, ""});
    table.indexes.push_back(index_of(key));
  }
  for (model::Constraint& one : definition.constraints) table.constraints.push_back(std::move(one));
  table.columns.push_back(std::move(definition.column));
}

constexpr std::string_view kEngine = "engine";

}  // namespace

void read_create_table(Cursor& cursor, Statement& into) {
  const auto like = [&] {
    into.from_elsewhere = true;
    into.reads.push_back(cursor.qualified_name());
  };
  if (cursor.take("LIKE")) return like();
  if (cursor.peek().is('(') && cursor.peek(1).is("LIKE")) {
    cursor.jump(cursor.at() + 2);
    like();
    cursor.take(')');
    return;
  }
  if (cursor.peek().is('(') && !cursor.peek(1).is("SELECT")) {
    const std::size_t end = cursor.behind_bracket(cursor.at());
    cursor.step();
    while (cursor.at() + 1 < end) {
      take_element(cursor, into);
      if (!cursor.peek().is(',') && cursor.at() + 1 < end) {
        into.complete = false;
        cursor.skip_to_comma();
        if (cursor.at() + 1 >= end) break;
      }
      cursor.take(',');
    }
    cursor.jump(end);
  }
  for (model::Column& column : into.created.columns)
    for (const model::Constraint& one : into.created.constraints)
      if (const auto* key = std::get_if<model::PrimaryKey>(&one);
          key != nullptr && std::find(key->columns.begin(), key->columns.end(), column.name) != key->columns.end())
        column.nullable = false;
  while (!cursor.at_end()) {
    cursor.take(',');
    if (auto option = read_table_option(cursor)) {
      if (option->option == "comment")
        into.created.comment = option->value;
      else
        set_table_option(into.created, option->option, option->value);
    } else if (cursor.take_all({"PARTITION", "BY"})) {
      const std::size_t begin = cursor.at();
      while (!cursor.at_end()) cursor.step();
      into.created.postgresql.partition_by = cursor.slice(begin, cursor.at());
    } else {
      break;
    }
  }
  cursor.take_any({"IGNORE", "REPLACE"});
  cursor.take("AS");
  if (cursor.peek().is("SELECT") || cursor.peek().is("WITH") || cursor.peek().is('(')) {
    into.from_elsewhere = true;
    for (; !cursor.at_end(); cursor.step())
      if (cursor.peek().is("FROM") && cursor.peek(1).is_name()) {
        const std::size_t at = cursor.at();
        cursor.step();
        into.reads.push_back(cursor.qualified_name());
        cursor.jump(at);
      }
  }
}

std::string table_option(const model::Table& table, std::string_view name) {
  if (name == kEngine) return table.postgresql.using_method;
  for (const auto& [key, value] : table.postgresql.with)
    if (key == name) return value;
  return {};
}

std::string engine_of(const model::Table& table) {
  return table.postgresql.using_method.empty() ? "innodb" : table.postgresql.using_method;
}

void set_table_option(model::Table& table, const std::string& name, const std::string& value) {
  std::string lower = to_lower_ascii(value);
  if (name == "charset" && lower == "utf8") lower = "utf8mb3";
  if (name == kEngine) {
    table.postgresql.using_method = std::move(lower);
    return;
  }
  for (auto& [key, old] : table.postgresql.with)
    if (key == name) {
      old = std::move(lower);
      return;
    }
  table.postgresql.with.emplace_back(name, std::move(lower));
}

Statement read_statement(std::string_view sql) { return StatementReader(sql).read(); }

}  // namespace bascule::dialects::mariadb
