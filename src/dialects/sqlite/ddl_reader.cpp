#include "dialects/sqlite/ddl_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "base/text.h"

namespace bascule::dialects::sqlite {

namespace {

/// Leaves the reader; caught in read_create_table, never seen outside.
struct Unreadable {
  std::string what;
};

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

class Reader {
 public:
  explicit Reader(std::string_view sql) : sql_(sql), tokens_(tokenize(sql)) {}

  StoredTable read() {
    expect("CREATE");
    take("TEMP") || take("TEMPORARY");
    if (take("VIRTUAL")) throw Unreadable{"it is a virtual table"};
    if (take("VIEW")) throw Unreadable{"it is a view"};
    expect("TABLE");
    if (take("IF")) expect("NOT"), expect("EXISTS");
    name();
    if (take('.')) name();
    expect('(');
    bool constraints = false;
    do {
      constraints = constraints || starts_table_constraint();
      if (constraints) {
        while (starts_table_constraint()) table_constraint();  // SQLite does not ask for commas between them
      } else {
        column();
      }
    } while (take(','));
    expect(')');
    while (at_ < tokens_.size() && !peek().is(';')) {
      if (take("WITHOUT")) {
        expect("ROWID");
        table_.options.with_rowid = false;
      } else if (take("STRICT")) {
        table_.options.strict = true;
      } else if (!take(',')) {
        fail();
      }
    }
    return std::move(table_);
  }

 private:
  const Token& peek(std::size_t ahead = 0) const {
    static const Token kEnd{};
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kEnd;
  }
  [[noreturn]] void fail() const {
    throw Unreadable{at_ < tokens_.size() ? "its stored text cannot be read near '" + peek().text + "'"
                                          : "its stored text ends too early"};
  }
  bool take(std::string_view word) {
    if (!peek().is_word(word)) return false;
    ++at_;
    return true;
  }
  bool take(char symbol) {
    if (!peek().is(symbol)) return false;
    ++at_;
    return true;
  }
  template <class What>
  void expect(What what) {
    if (!take(what)) fail();
  }
  /// SQLite takes a string where it wants a name.
  Identifier name() {
    const Token& token = peek();
    if (!token.is_name() && token.kind != TokenKind::kString) fail();
    ++at_;
    if (token.kind != TokenKind::kString) return Identifier(token.text);
    return Identifier(replace_all(std::string_view(token.text).substr(1, token.text.size() - 2), "''", "'"));
  }
  /// The text between parentheses.
  std::string parenthesized() {
    expect('(');
    const std::size_t first = at_;
    for (int depth = 1; depth > 0; ++at_) {
      if (at_ >= tokens_.size()) fail();
      if (peek().is('(')) ++depth;
      if (peek().is(')')) --depth;
    }
    return slice(first, at_ - 1);
  }
  std::string slice(std::size_t first, std::size_t last) const {
    if (first >= last) return {};
    return std::string(sql_.substr(tokens_[first].begin, tokens_[last - 1].end - tokens_[first].begin));
  }

  std::string conflict() {
    if (!peek().is_word("ON") || !peek(1).is_word("CONFLICT")) return {};
    at_ += 2;
    return upper(name().text());
  }

  bool starts_table_constraint() const {
    constexpr auto kStarts = std::to_array<std::string_view>({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"});
    return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view word) { return peek().is_word(word); });
  }

  bool starts_column_constraint() const {
    constexpr auto kStarts = std::to_array<std::string_view>({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "NOT", "NULL",
                                                              "DEFAULT", "COLLATE", "REFERENCES", "AS", "DEFERRABLE"});
    if (peek().is_word("GENERATED") && peek(1).is_word("ALWAYS")) return true;
    return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view word) { return peek().is_word(word); });
  }

  void column() {
    StoredColumn stored;
    stored.column.name = name();
    const std::size_t first = at_;
    while (at_ < tokens_.size() && !peek().is(',') && !peek().is(')') && !starts_column_constraint()) {
      if (peek().is('(')) {
        parenthesized();
      } else {
        ++at_;
      }
    }
    stored.column.type = model::RawType{slice(first, at_)};
    Identifier constraint_name;
    while (at_ < tokens_.size() && !peek().is(',') && !peek().is(')')) {
      if (take("CONSTRAINT")) {
        constraint_name = name();
      } else {
        column_constraint(stored, std::exchange(constraint_name, {}));
      }
    }
    table_.columns.push_back(std::move(stored));
  }

  void column_constraint(StoredColumn& stored, const Identifier& constraint_name) {
    model::Column& column = stored.column;
    if (take("PRIMARY")) {
      expect("KEY");
      take("ASC") || take("DESC");
      model::PrimaryKey key{.name = constraint_name, .columns = {column.name}};
      key.sqlite_on_conflict = conflict();
      if (take("AUTOINCREMENT")) {
        table_.options.autoincrement = true;
        if (!key.sqlite_on_conflict.empty()) column.sqlite_options["on_conflict_primary_key"] = key.sqlite_on_conflict;
      }
      add(std::move(key), {""});
    } else if (peek().is_word("NOT") && peek(1).is_word("NULL")) {
      at_ += 2;
      column.nullable = false;
      if (std::string action = conflict(); !action.empty()) column.sqlite_options["on_conflict_not_null"] = action;
    } else if (take("NULL")) {
      conflict();
    } else if (take("UNIQUE")) {
      model::UniqueConstraint unique{.name = constraint_name, .columns = {column.name}};
      unique.sqlite_on_conflict = conflict();
      add(std::move(unique), {""});
    } else if (take("CHECK")) {
      check(constraint_name);
    } else if (take("DEFAULT")) {
      column.server_default = model::TextExpr{default_value()};
    } else if (take("COLLATE")) {
      stored.collation = name().text();
    } else if (peek().is_word("REFERENCES")) {
      model::ForeignKey key{.name = constraint_name, .columns = {column.name}};
      references(key);
      add(std::move(key), {});
    } else if (peek().is_word("GENERATED") || peek().is_word("AS")) {
      if (take("GENERATED")) expect("ALWAYS");
      expect("AS");
      model::Computed computed{.sql = model::TextExpr{parenthesized()}};
      if (take("STORED")) {
        computed.persisted = true;
      } else if (take("VIRTUAL")) {
        computed.persisted = false;
      }
      column.computed = std::move(computed);
    } else if (!take_deferral(nullptr)) {
      fail();
    }
  }

  std::string default_value() {
    if (peek().is('(')) return "(" + parenthesized() + ")";
    const std::size_t first = at_;
    while (peek().is('+') || peek().is('-')) ++at_;
    if (at_ >= tokens_.size()) fail();
    ++at_;
    return slice(first, at_);
  }

  void table_constraint() {
    Identifier constraint_name;
    if (take("CONSTRAINT")) constraint_name = name();
    if (take("PRIMARY")) {
      expect("KEY");
      model::PrimaryKey key{.name = constraint_name};
      std::vector<std::string> suffixes = key_columns(key.columns);
      key.sqlite_on_conflict = conflict();
      add(std::move(key), std::move(suffixes));
    } else if (take("UNIQUE")) {
      model::UniqueConstraint unique{.name = constraint_name};
      std::vector<std::string> suffixes = key_columns(unique.columns);
      unique.sqlite_on_conflict = conflict();
      add(std::move(unique), std::move(suffixes));
    } else if (take("CHECK")) {
      check(constraint_name);
    } else if (take("FOREIGN")) {
      expect("KEY");
      model::ForeignKey key{.name = constraint_name, .columns = names()};
      references(key);
      add(std::move(key), {});
    } else {
      fail();
    }
  }

  void add(model::Constraint value, std::vector<std::string> suffixes) {
    table_.constraints.push_back(StoredConstraint{std::move(value), std::move(suffixes)});
  }

  void check(const Identifier& constraint_name) {
    add(model::CheckConstraint{.name = constraint_name, .sql = model::TextExpr{parenthesized()}}, {});
    conflict();  // SQLite reads it here and does nothing with it
  }

  std::vector<std::string> key_columns(std::vector<Identifier>& columns) {
    std::vector<std::string> suffixes;
    expect('(');
    do {
      columns.push_back(name());
      const std::size_t first = at_;
      while (at_ < tokens_.size() && !peek().is(',') && !peek().is(')') && !peek().is_word("AUTOINCREMENT")) ++at_;
      suffixes.push_back(slice(first, at_));
      if (take("AUTOINCREMENT")) table_.options.autoincrement = true;
    } while (take(','));
    expect(')');
    return suffixes;
  }

  std::vector<Identifier> names() {
    std::vector<Identifier> found;
    expect('(');
    do {
      found.push_back(name());
      if (take("COLLATE")) name();
      take("ASC") || take("DESC");
    } while (take(','));
    expect(')');
    return found;
  }

  void references(model::ForeignKey& key) {
    expect("REFERENCES");
    key.referent.name = name();
    if (peek().is('(')) key.referent_columns = names();
    for (;;) {
      if (take("MATCH")) {
        key.match = upper(name().text());
      } else if (peek().is_word("ON") && !peek(1).is_word("CONFLICT")) {
        ++at_;
        const bool deletes = peek().is_word("DELETE");
        const bool updates = peek().is_word("UPDATE");
        ++at_;
        std::string action = upper(name().text());
        if (action == "SET" || action == "NO") action += " " + upper(name().text());
        if (action == "NO ACTION") action.clear();  // the same as saying nothing
        if (deletes) key.on_delete = action;
        if (updates) key.on_update = action;
      } else if (!take_deferral(&key.deferral)) {
        return;
      }
    }
  }

  bool take_deferral(model::Deferral* deferral) {
    const bool negative = peek().is_word("NOT") && peek(1).is_word("DEFERRABLE");
    if (!negative && !peek().is_word("DEFERRABLE")) return false;
    at_ += negative ? 2 : 1;
    if (deferral != nullptr) deferral->deferrable = !negative;
    if (take("INITIALLY")) {
      const std::string initially = upper(name().text());
      if (deferral != nullptr) deferral->initially = initially;
    }
    return true;
  }

  std::string_view sql_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  StoredTable table_;
};

}  // namespace

Result<StoredTable, std::string> read_create_table(std::string_view sql) {
  try {
    return Reader(sql).read();
  } catch (const Unreadable& unreadable) {
    return failure(unreadable.what);
  }
}

}  // namespace bascule::dialects::sqlite
