#include "safety/statement_words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace bascule::safety {

namespace {

/// Reads along the words; beyond the end lies an empty symbol.
class Cursor {
 public:
  explicit Cursor(const Words& words, std::size_t at = 0) : words_(words), at_(at) {}
  const Word& peek(std::size_t ahead = 0) const {
    static const Word kEnd{};
    return at_ + ahead < words_.size() ? words_[at_ + ahead] : kEnd;
  }
  bool at_end() const { return at_ >= words_.size(); }
  std::size_t at() const { return at_; }
  void step() { ++at_; }
  bool take(std::string_view keyword) {
    if (!peek().is(keyword)) return false;
    ++at_;
    return true;
  }
  bool take(char symbol) {
    if (!peek().is(symbol)) return false;
    ++at_;
    return true;
  }
  std::optional<QualifiedName> name() {
    if (!peek().is_name()) return std::nullopt;
    Identifier first(peek().text());
    step();
    if (!peek().is('.') || !peek(1).is_name()) return QualifiedName{{}, std::move(first)};
    step();
    Identifier second(peek().text());
    step();
    return QualifiedName{std::move(first), std::move(second)};
  }
  /// Words up to the first of these keywords outside of brackets.
  Words until(std::initializer_list<std::string_view> keywords) {
    Words found;
    for (; !at_end(); step()) {
      const Word& word = peek();
      if (word.depth == 0 && word.word.kind == model::WordKind::kName &&
          std::find(keywords.begin(), keywords.end(), word.text()) != keywords.end())
        break;
      found.push_back(word);
    }
    return found;
  }

 private:
  const Words& words_;
  std::size_t at_;
};

Words without_brackets(Words words) {
  while (words.size() > 2 && words.front().is('(') && words.back().is(')') &&
         std::all_of(words.begin(), words.end(), [&](const Word& word) { return word.depth >= words.front().depth; })) {
    words.erase(words.begin());
    words.pop_back();
  }
  return words;
}

void read_assignments(const Words& words, RowChange& change) {
  Words one;
  const auto finish = [&] {
    // column = value; table.column is not SQL here, (a, b) = ... names several
    if (one.size() > 2 && one[0].is_name() && one[1].is('='))
      change.assignments.emplace_back(Identifier(one[0].text()), Words(one.begin() + 2, one.end()));
    else if (!one.empty() && one[0].is('('))
      for (const Word& word : one) {
        if (word.is('=') && word.depth == 0) break;
        if (word.is_name()) change.assignments.emplace_back(Identifier(word.text()), one);
      }
    one.clear();
  };
  for (const Word& word : words) {
    if (word.is(',') && word.depth == 0)
      finish();
    else
      one.push_back(word);
  }
  finish();
}

std::optional<RowChange> read_update(Cursor cursor) {
  RowChange change{.kind = RowChange::Kind::kUpdate};
  if (cursor.take("or")) cursor.step();  // SQLite: UPDATE OR IGNORE
  cursor.take("only");
  auto table = cursor.name();
  if (!table) return std::nullopt;
  change.table = std::move(*table);
  cursor.until({"set"});
  if (!cursor.take("set")) return std::nullopt;
  read_assignments(cursor.until({"from", "where", "returning"}), change);
  cursor.until({"where", "returning"});
  if (cursor.take("where")) change.where = cursor.until({"returning"});
  return change;
}

std::optional<RowChange> read_delete(Cursor cursor) {
  RowChange change{.kind = RowChange::Kind::kDelete};
  if (!cursor.take("from")) return std::nullopt;
  cursor.take("only");
  auto table = cursor.name();
  if (!table) return std::nullopt;
  change.table = std::move(*table);
  cursor.until({"where", "returning"});
  if (cursor.take("where")) change.where = cursor.until({"returning"});
  return change;
}

std::optional<RowChange> read_insert(Cursor cursor) {
  RowChange change{.kind = RowChange::Kind::kInsert};
  if (cursor.take("or")) cursor.step();
  if (!cursor.take("into")) return std::nullopt;
  auto table = cursor.name();
  if (!table) return std::nullopt;
  change.table = std::move(*table);
  cursor.until({"values", "select", "with", "default", "table"});
  const Words query = without_brackets(cursor.until({}));
  change.from_query = !query.empty() && (query[0].is("select") || query[0].is("with") || query[0].is("table"));
  // A query of no table makes one row.
  const auto has = [&](std::string_view keyword) {
    return std::any_of(query.begin(), query.end(), [&](const Word& word) { return word.is(keyword); });
  };
  if (change.from_query && !has("from") && !query[0].is("table")) change.from_query = false;
  change.bounded_query = has("where") || has("limit") || has("fetch");
  return change;
}

bool is_order(const Word& word) {
  return word.word.is("<") || word.word.is("<=") || word.word.is(">") || word.word.is(">=");
}

/// What a unit of a time setting is worth.
struct Unit {
  std::string_view name;
  double milliseconds;
};
constexpr auto kUnits =
    std::to_array<Unit>({{"us", 0.001}, {"ms", 1}, {"s", 1000}, {"min", 60e3}, {"h", 3600e3}, {"d", 86400e3}});

}  // namespace

Words words_of(std::string_view sql) {
  Words words;
  int depth = 0;
  std::vector<model::SqlWord> plain = model::sql_words(sql);
  words.reserve(plain.size());
  for (model::SqlWord& word : plain) {
    if (word.is(";")) continue;
    if (word.is("(")) ++depth;
    const bool closes = word.is(")");
    words.push_back({std::move(word), depth});
    if (closes && depth > 0) --depth;
  }
  return words;
}

std::optional<SettingChange> setting_change(const Words& words) {
  Cursor cursor(words);
  SettingChange change;
  const auto rest = [&] {
    std::string value;
    for (; !cursor.at_end(); cursor.step())
      value += (value.empty() || !cursor.peek().is_name() ? "" : " ") + cursor.peek().text();
    return value == "default" ? std::string() : value;
  };
  if (cursor.take("set")) {
    change.local = cursor.take("local");
    if (!change.local) cursor.take("session");
    if (!cursor.peek().is_name()) return std::nullopt;
    change.name = to_lower_ascii(cursor.peek().text());
    cursor.step();
    if (!cursor.take('=') && !cursor.take("to")) return std::nullopt;
    change.value = rest();
    return change;
  }
  if (cursor.take("reset")) {
    if (!cursor.peek().is_name()) return std::nullopt;
    change.name = to_lower_ascii(cursor.peek().text());
    return change;
  }
  if (cursor.take("pragma")) {
    if (!cursor.peek().is_name()) return std::nullopt;
    change.name = to_lower_ascii(cursor.peek().text());
    cursor.step();
    if (!cursor.take('=')) return std::nullopt;
    change.value = rest();
    return change;
  }
  if (!cursor.take("select")) return std::nullopt;
  if (cursor.take("pg_catalog")) cursor.take('.');
  if (!cursor.take("set_config") || !cursor.take('(') || !cursor.peek().is_string()) return std::nullopt;
  change.name = to_lower_ascii(cursor.peek().text());
  cursor.step();
  if (!cursor.take(',') || !cursor.peek().is_literal()) return std::nullopt;
  change.value = cursor.peek().text();
  cursor.step();
  change.local = cursor.take(',') && cursor.take("true");
  return change;
}

std::optional<std::int64_t> milliseconds(std::string_view value) {
  value = trim(value);
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit = trim(value.substr(static_cast<std::size_t>(end - value.data())));
  if (unit.empty()) return static_cast<std::int64_t>(number);
  for (const Unit& known : kUnits)
    if (unit == known.name) return static_cast<std::int64_t>(number * known.milliseconds);
  return std::nullopt;
}

std::optional<TransactionCommand> transaction_command(const Words& words) {
  Cursor cursor(words);
  if (cursor.take("begin")) return TransactionCommand::kBegin;
  if (cursor.take("start") && cursor.take("transaction")) return TransactionCommand::kBegin;
  if (cursor.take("commit") || cursor.take("end")) {
    if (cursor.peek().is("prepared")) return std::nullopt;
    return TransactionCommand::kCommit;
  }
  if (cursor.take("abort")) return TransactionCommand::kRollback;
  if (!cursor.take("rollback")) return std::nullopt;
  if (!cursor.take("work")) cursor.take("transaction");
  if (cursor.peek().is("to") || cursor.peek().is("prepared")) return std::nullopt;
  return TransactionCommand::kRollback;
}

std::optional<RowChange> row_change(const Words& words) {
  Cursor cursor(words);
  if (cursor.take("with"))  // the queries before the statement stand in brackets
    cursor.until({"insert", "update", "delete", "merge", "select"});
  if (cursor.take("update")) return read_update(cursor);
  if (cursor.take("delete")) return read_delete(cursor);
  if (cursor.take("insert")) return read_insert(cursor);
  if (cursor.take("merge")) {
    RowChange change{.kind = RowChange::Kind::kMerge, .from_query = true};
    if (!cursor.take("into")) return std::nullopt;
    cursor.take("only");
    auto table = cursor.name();
    if (!table) return std::nullopt;
    change.table = std::move(*table);
    return change;
  }
  if (cursor.take("copy")) {
    RowChange change{.kind = RowChange::Kind::kCopy};
    auto table = cursor.name();
    if (!table) return std::nullopt;
    change.table = std::move(*table);
    cursor.until({"from", "to"});
    if (!cursor.take("from")) return std::nullopt;
    return change;
  }
  return std::nullopt;
}

bool names(const Words& words, const Identifier& column) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.is_name() && iequals_ascii(word.text(), column.text()); });
}

std::optional<Identifier> only_is_null(const Words& condition) {
  const Words words = without_brackets(condition);
  std::size_t at = 0;
  if (words.size() == 5 && words[1].is('.')) at = 2;  // table.column
  if (words.size() != at + 3 || !words[at].is_name() || !words[at + 1].is("is") || !words[at + 2].is("null"))
    return std::nullopt;
  return Identifier(words[at].text());
}

bool always_true(const Words& condition) {
  const Words words = without_brackets(condition);
  if (words.size() == 1)
    return words[0].is("true") || (words[0].word.kind == model::WordKind::kNumber && words[0].text() == "1");
  return words.size() == 3 && words[0].is_literal() && words[1].is('=') && words[2].is_literal() &&
         words[0].text() == words[2].text();
}

bool picks_by(const Words& condition, const Identifier& column) {
  const Words words = without_brackets(condition);
  const int depth = words.empty() ? 0 : words.front().depth - (words.front().is('(') ? 1 : 0);
  for (const Word& word : words)
    if (word.depth == depth && word.is("or")) return false;
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    if (words[i].depth != depth || !words[i].is_name() || !iequals_ascii(words[i].text(), column.text())) continue;
    if (words[i + 1].is("between") || words[i + 1].is("in") || is_order(words[i + 1])) return true;
    // = value, = any (...), = (select ...), = :parameter; not = another.column
    if (words[i + 1].is('=') && (!words[i + 2].is_name() || words[i + 2].is("any"))) return true;
  }
  return false;
}

}  // namespace bascule::safety
