// The meaning of a SQLite statement: tables by the reader of stored DDL, the other forms by their words. Expressions
// are slices of the author's text; what has no operation stays RawSql.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialects/sqlite/ddl_reader.h"
#include "dialects/sqlite/introspect.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

namespace sqlite {

namespace {

using model::ObjectKind;

/// Statements that leave schema and rows as they are.
constexpr auto kHarmless = std::to_array<std::string_view>({"PRAGMA", "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT",
                                                            "RELEASE", "ANALYZE", "REINDEX", "VACUUM", "EXPLAIN"});

/// Statements that change rows, and never the schema.
constexpr auto kKeepSchema =
    std::to_array<std::string_view>({"INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "SELECT"});

class Reader {
 public:
  Reader(std::string_view sql, Understood& out) : sql_(sql), out_(out), tokens_(tokenize(sql)) {}

  bool empty() const { return tokens_.empty(); }

  void read() {
    out_.statement_kind = kind();
    const auto begins = [&](std::string_view word) { return !empty() && tokens_[0].is_word(word); };
    out_.changes_nothing = std::any_of(kHarmless.begin(), kHarmless.end(), begins);
    out_.keeps_schema = out_.changes_nothing || std::any_of(kKeepSchema.begin(), kKeepSchema.end(), begins);
    if (take("CREATE"))
      create();
    else if (take("DROP"))
      drop();
    else if (take("ALTER"))
      alter();
    else
      unsay();
  }
  bool said() const { return !unsaid_; }

 private:
  /// The first word, and of CREATE, DROP and ALTER what they are about.
  std::string kind() const {
    if (empty() || tokens_[0].kind != TokenKind::kWord) return {};
    std::string words = to_lower_ascii(tokens_[0].text);
    if (words != "create" && words != "drop" && words != "alter") return words;
    std::size_t noun = 1;
    while (noun < tokens_.size() && (tokens_[noun].is_word("TEMP") || tokens_[noun].is_word("TEMPORARY") ||
                                     tokens_[noun].is_word("UNIQUE") || tokens_[noun].is_word("VIRTUAL")))
      ++noun;
    return noun < tokens_.size() ? words + " " + to_lower_ascii(tokens_[noun].text) : words;
  }

  const Token& peek(std::size_t ahead = 0) const {
    static const Token kEnd{};
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kEnd;
  }
  bool at_end() const { return at_ >= tokens_.size(); }
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
  void unsay() { unsaid_ = true; }
  void say(model::Operation operation) {
    out_.operations.push_back(std::move(operation));
    out_.complete = true;
  }
  void touch(const QualifiedName& name, Touch::Kind kind) { out_.touches.push_back({name, kind}); }

  Identifier name() {
    const Token& token = peek();
    if (!token.is_name() && token.kind != TokenKind::kString) unsay();
    ++at_;
    if (token.kind != TokenKind::kString || token.text.size() < 2) return Identifier(token.text);
    return Identifier(replace_all(std::string_view(token.text).substr(1, token.text.size() - 2), "''", "'"));
  }
  QualifiedName qualified_name() {
    Identifier first = name();
    if (!take('.')) return {{}, std::move(first)};
    return {std::move(first), name()};
  }
  bool if_not_exists() {
    if (!peek().is_word("IF")) return false;
    at_ += 3;
    return true;
  }
  bool if_exists() {
    if (!peek().is_word("IF")) return false;
    at_ += 2;
    return true;
  }
  std::string slice(std::size_t first, std::size_t last) const {
    if (first >= last || last > tokens_.size()) return {};
    return std::string(sql_.substr(tokens_[first].begin, tokens_[last - 1].end - tokens_[first].begin));
  }
  /// The token after the bracket that closes the one at token.
  std::size_t after_bracket(std::size_t token) const {
    int depth = 0;
    for (; token < tokens_.size(); ++token) {
      if (tokens_[token].is('(')) ++depth;
      if (tokens_[token].is(')') && --depth == 0) return token + 1;
    }
    return token;
  }

  void create() {
    const bool temporary = take("TEMP") || take("TEMPORARY");
    const bool unique = take("UNIQUE");
    if (take("TABLE"))
      create_table(temporary);
    else if (take("INDEX"))
      create_index(unique);
    else if (take("VIEW"))
      create_object(ObjectKind::kView);
    else if (take("TRIGGER"))
      create_object(ObjectKind::kTrigger);
    else
      unsay();
  }

  void create_object(ObjectKind kind) {
    model::CreateObject made;
    made.object.kind = kind;
    made.if_not_exists = if_not_exists();
    made.object.name = qualified_name();
    made.object.definition = slice(0, tokens_.size());
    if (kind == ObjectKind::kTrigger) {
      while (!at_end() && !peek().is_word("ON") && !peek().is_word("BEGIN")) ++at_;
      if (take("ON")) made.object.on_table = qualified_name();
      touch(made.object.on_table, Touch::Kind::kAlter);
    } else {
      touch(made.object.name, Touch::Kind::kCreate);
    }
    say(std::move(made));
  }

  void create_table(bool temporary) {
    model::CreateTable made;
    made.if_not_exists = if_not_exists();
    made.table.name = qualified_name();
    if (temporary) made.table.prefixes.emplace_back("TEMPORARY");
    touch(made.table.name, Touch::Kind::kCreate);
    auto stored = read_create_table(sql_);
    if (!stored) return unsay();  // AS SELECT, or something that the reader does not know
    bool complete = true;
    for (auto& column : stored->columns) made.table.columns.push_back(typed(std::move(column)));
    for (auto& constraint : stored->constraints) {
      for (const auto& suffix : constraint.suffixes) complete = complete && suffix.empty();  // COLLATE, DESC in a key
      made.table.constraints.push_back(std::move(constraint.value));
    }
    made.table.sqlite = stored->options;
    say(std::move(made));
    out_.complete = complete;
  }

  static model::Column typed(StoredColumn stored) {
    if (const auto* raw = std::get_if<model::RawType>(&stored.column.type))
      stored.column.type = reflected_type(raw->sql, stored.collation);
    return std::move(stored.column);
  }

  void create_index(bool unique) {
    model::CreateIndex made;
    made.if_not_exists = if_not_exists();
    const QualifiedName index = qualified_name();
    made.index.name = index.name;
    made.index.unique = unique;
    if (!take("ON")) return unsay();
    made.table = {index.schema, name()};
    touch(made.table, Touch::Kind::kAlter);
    if (!peek().is('(')) return unsay();
    const std::size_t end = after_bracket(at_);
    for (++at_; at_ < end;) {
      std::size_t stop = at_;
      for (int depth = 0; stop + 1 < end && (depth > 0 || !tokens_[stop].is(',')); ++stop) {
        if (tokens_[stop].is('(')) ++depth;
        if (tokens_[stop].is(')')) --depth;
      }
      made.index.elements.push_back(index_element(at_, stop));
      at_ = stop + 1;
    }
    at_ = end;
    if (take("WHERE")) {
      made.index.sqlite.where = model::TextExpr{slice(at_, tokens_.size())};
      at_ = tokens_.size();
    }
    if (!at_end()) return unsay();
    say(std::move(made));
  }

  model::IndexElement index_element(std::size_t first, std::size_t last) const {
    const bool descends = last > first + 1 && tokens_[last - 1].is_word("DESC");
    const bool ascends = last > first + 1 && tokens_[last - 1].is_word("ASC");
    if (descends || ascends) --last;
    model::Expression indexed = model::TextExpr{slice(first, last)};
    if (last == first + 1 && tokens_[first].is_name()) indexed = model::ColumnExpr{{}, Identifier(tokens_[first].text)};
    if (descends || ascends) indexed = Box<model::UnaryExpr>({descends ? "DESC" : "ASC", std::move(indexed), true});
    return {std::move(indexed), ""};
  }

  void drop() {
    const bool table = take("TABLE");
    const bool index = !table && take("INDEX");
    const bool view = !table && !index && take("VIEW");
    if (!table && !index && !view && !take("TRIGGER")) return unsay();
    const bool checks = if_exists();
    const QualifiedName dropped = qualified_name();
    if (!at_end()) return unsay();
    if (table || view) touch(dropped, Touch::Kind::kDrop);
    if (table)
      say(model::DropTable{.table = dropped, .if_exists = checks});
    else if (index)
      say(model::DropIndex{.name = dropped, .if_exists = checks});
    else
      say(model::DropObject{
          .kind = view ? ObjectKind::kView : ObjectKind::kTrigger, .name = dropped, .if_exists = checks});
  }

  void alter() {
    if (!take("TABLE")) return unsay();
    const QualifiedName table = qualified_name();
    touch(table, Touch::Kind::kAlter);
    if (take("RENAME")) {
      if (take("TO")) return say(model::RenameTable{table, name()});
      take("COLUMN");
      const Identifier column = name();
      if (!take("TO")) return unsay();
      return say(model::AlterColumn{.table = table, .column = column, .new_name = name()});
    }
    if (take("DROP")) {
      take("COLUMN");
      return say(model::DropColumn{.table = table, .column = name()});
    }
    if (!take("ADD")) return unsay();
    take("COLUMN");
    // A column's definition reads like the only column of a table.
    auto stored = read_create_table("CREATE TABLE t (" + slice(at_, tokens_.size()) + "\n)");
    if (!stored || stored->columns.size() != 1) return unsay();
    model::AddColumn made{.table = table};
    made.column = typed(std::move(stored->columns[0]));
    for (auto& constraint : stored->constraints) made.constraints.push_back(std::move(constraint.value));
    made.inline_references = true;
    say(std::move(made));
  }

  std::string_view sql_;
  Understood& out_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool unsaid_ = false;
};

}  // namespace

}  // namespace sqlite

Understood SqliteDialect::understand(std::string_view statement) const {
  Understood out;
  out.parsed = true;
  sqlite::Reader reader(statement, out);
  if (reader.empty()) {
    out.complete = true;
    out.changes_nothing = true;
    out.keeps_schema = true;
    return out;
  }
  reader.read();
  if (reader.said() && !out.operations.empty()) return out;
  out.operations = {model::RawSql{std::string(statement)}};
  out.complete = false;
  return out;
}

syntax::sql::Script SqliteDialect::split(std::string_view script) const {
  return syntax::sql::split(script, syntax::sql::Flavour::kSqlite);
}

}  // namespace bascule::dialects
