// Expressions as the server's catalog gives them back, without what it adds on its own: casts of literals and of short
// texts, parentheses, ANY (ARRAY[...]) for IN. What to undo was measured with pg_get_expr on PostgreSQL 15.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/postgres.h"
#include "dialects/render_common.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

using model::SqlWord;
using model::WordKind;

/// Thrown where the grammar below ends; caught in canonical_expression.
struct NotRead {};

struct Node {
  enum class Kind {
    kAtom,    ///< a name, a number, a keyword: text as it is printed
    kString,  ///< text: its content
    kCall,    ///< text(kids)
    kBinary,  ///< kids[0] text kids[1] ...; AND and OR have any number
    kPrefix,
    kPostfix,
    kCast,  ///< kids[0]::text
    kList,  ///< (kids)
    kArray,
    kCase,       ///< WHEN, THEN, WHEN, THEN ..., perhaps ELSE; text: "operand" where the first kid is one
    kSubscript,  ///< kids[0][kids[1]]
    kField       ///< (kids[0]).text
  };
  Kind kind = Kind::kAtom;
  std::string text;
  std::vector<Node> kids;
  bool has_else = false;
};

enum Level {
  kNone,
  kOr,
  kAnd,
  kNot,
  kIs,
  kCompare,
  kIn,
  kOther,
  kAdd,
  kMultiply,
  kPower,
  kZone,
  kCollate,
  kSign,
  kTop
};

constexpr auto kShortTexts = std::to_array<std::string_view>(
    {"text", "character varying", "character", "bpchar", "text[]", "character varying[]", "name"});
constexpr auto kNumbers =
    std::to_array<std::string_view>({"integer", "bigint", "smallint", "numeric", "double precision", "real"});

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_number(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const bool digits = text.find_first_of("0123456789") == 0 || (text.size() > 1 && text[0] == '.');
  return digits && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}
std::string plain_number(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  return std::string(text);
}

std::string quote_name(std::string name) { return postgres_dialect().quote(Identifier(std::move(name))); }

Node atom(std::string text) { return Node{Node::Kind::kAtom, std::move(text), {}}; }
Node node(Node::Kind kind, std::string text, std::vector<Node> kids) {
  return Node{kind, std::move(text), std::move(kids)};
}

bool is_literal(const Node& one) {
  return one.kind == Node::Kind::kString || (one.kind == Node::Kind::kAtom && is_number(one.text));
}

/// A chain of AND or OR is one node, however it was grouped.
Node chain(const std::string& op, Node left, Node right) {
  Node all = node(Node::Kind::kBinary, op, {});
  for (Node* side : {&left, &right}) {
    if (side->kind == Node::Kind::kBinary && side->text == op)
      for (Node& kid : side->kids) all.kids.push_back(std::move(kid));
    else
      all.kids.push_back(std::move(*side));
  }
  return all;
}

class Reader {
 public:
  Reader(std::string_view sql, const ExpressionContext& context)
      : sql_(sql), words_(model::sql_words(sql)), context_(context) {}

  Node read() {
    Node all = expression(kNone);
    if (at_ != words_.size()) throw NotRead{};
    return all;
  }

 private:
  const SqlWord& peek(std::size_t ahead = 0) const {
    static const SqlWord kEnd{WordKind::kSymbol, 0, 0, ""};
    return at_ + ahead < words_.size() ? words_[at_ + ahead] : kEnd;
  }
  bool take(std::string_view symbol) {
    if (!peek().is(symbol)) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (!peek().is_word(word)) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view symbol) {
    if (!take(symbol)) throw NotRead{};
  }
  void expect_word(std::string_view word) {
    if (!take_word(word)) throw NotRead{};
  }

  struct Depth {
    explicit Depth(int& held) : depth(held) {
      if (++depth > 200) throw NotRead{};
    }
    ~Depth() { --depth; }
    int& depth;
  };

  Node expression(int above) {
    const Depth guard(depth_);
    Node left = prefix();
    while (std::optional<Node> more = infix(left, above)) left = std::move(*more);
    return left;
  }

  Node prefix() {
    if (take_word("not")) return node(Node::Kind::kPrefix, "NOT", {expression(kNot)});
    if (take("-")) {
      Node operand = expression(kSign);
      if (operand.kind == Node::Kind::kAtom && is_number(operand.text) && operand.text[0] != '-')
        return atom("-" + operand.text);
      return node(Node::Kind::kPrefix, "-", {std::move(operand)});
    }
    if (take("+")) return expression(kSign);
    if (peek().kind == WordKind::kOperator && !peek().is("::")) {
      std::string op = words_[at_++].text;
      return node(Node::Kind::kPrefix, std::move(op), {expression(kOther)});
    }
    return primary();
  }

  Node primary() {
    const SqlWord& word = peek();
    if (take("(")) return parenthesized();
    if (word.kind == WordKind::kString) {
      ++at_;
      return node(Node::Kind::kString, word.text, {});
    }
    if (word.kind == WordKind::kNumber) {
      ++at_;
      return atom(word.text);
    }
    if (word.kind == WordKind::kName) {
      if (word.text == "case") return choice();
      if (word.text == "array" && peek(1).is("[")) return array();
      if (word.text == "cast" && peek(1).is("(")) return cast_call();
      if (word.text == "trim" && peek(1).is("(")) return trim();
      if (word.text == "select" || word.text == "exists" || word.text == "row") throw NotRead{};
      if (auto typed = typed_literal()) return std::move(*typed);
    }
    if (word.is_name()) return name();
    throw NotRead{};
  }

  Node parenthesized() {
    std::vector<Node> items;
    do items.push_back(expression(kNone));
    while (take(","));
    expect(")");
    if (peek().is(".")) {
      ++at_;
      if (!peek().is_name()) throw NotRead{};
      return node(Node::Kind::kField, quote_name(words_[at_++].text), std::move(items));
    }
    if (items.size() == 1) return std::move(items.front());
    return node(Node::Kind::kList, "", std::move(items));
  }

  Node choice() {
    expect_word("case");
    Node all = node(Node::Kind::kCase, "", {});
    if (!peek().is_word("when")) {
      all.text = "operand";
      all.kids.push_back(expression(kNone));
    }
    while (take_word("when")) {
      all.kids.push_back(expression(kNone));
      expect_word("then");
      all.kids.push_back(expression(kNone));
    }
    if (take_word("else")) {
      all.kids.push_back(expression(kNone));
      all.has_else = true;
    }
    expect_word("end");
    return all;
  }

  Node array() {
    at_ += 2;
    Node all = node(Node::Kind::kArray, "", {});
    if (take("]")) return all;
    do all.kids.push_back(peek().is("[") ? nested_array() : expression(kNone));
    while (take(","));
    expect("]");
    return all;
  }
  Node nested_array() {
    --at_;  // array() skips two words
    return array();
  }

  Node cast_call() {
    at_ += 2;
    Node operand = expression(kNone);
    expect_word("as");
    const std::size_t first = at_;
    int depth = 0;
    while (at_ < words_.size() && (depth > 0 || !peek().is(")"))) {
      if (peek().is("(")) ++depth;
      if (peek().is(")")) --depth;
      ++at_;
    }
    std::string type = canonical_type(slice(first, at_)).sql;
    expect(")");
    return cast(std::move(operand), std::move(type));
  }

  /// TRIM(BOTH FROM x): what the server makes of trim(x) and btrim(x).
  Node trim() {
    at_ += 2;
    std::string function = "btrim";
    if (take_word("leading"))
      function = "ltrim";
    else if (take_word("trailing"))
      function = "rtrim";
    else
      take_word("both");
    std::vector<Node> arguments;
    if (take_word("from")) {
      arguments.push_back(expression(kNone));
    } else {
      arguments.push_back(expression(kNone));
      if (take_word("from")) arguments.insert(arguments.begin(), expression(kNone));
    }
    expect(")");
    return node(Node::Kind::kCall, std::move(function), std::move(arguments));
  }

  /// DATE '2020-01-01', interval '1 day'.
  std::optional<Node> typed_literal() {
    std::size_t end = at_;
    while (end < words_.size() && words_[end].kind == WordKind::kName && end - at_ < 4) ++end;
    if (end == at_ || end >= words_.size() || words_[end].kind != WordKind::kString) return std::nullopt;
    static constexpr auto kTyped = std::to_array<std::string_view>(
        {"date", "time", "timestamp", "interval", "timestamptz", "json", "jsonb", "uuid", "bytea", "text", "varchar",
         "numeric", "integer", "boolean", "bool", "timestamp with time zone", "timestamp without time zone",
         "time with time zone", "double precision"});
    const std::string type = to_lower_ascii(slice(at_, end));
    if (!among(kTyped, type)) return std::nullopt;
    Node text = node(Node::Kind::kString, words_[end].text, {});
    at_ = end + 1;
    return cast(std::move(text), canonical_type(type).sql);
  }

  Node name() {
    std::vector<std::string> parts = {name_part()};
    while (peek().is(".") && peek(1).is_name()) {
      ++at_;
      parts.push_back(name_part());
    }
    if (peek().is("(")) return call(parts);
    // The table's own name before a column.
    const std::string table = quote_name(std::string(context_.table));
    if (parts.size() >= 2 && parts[parts.size() - 2] == table) parts = {parts.back()};
    if (parts.size() == 1 && words_[at_ - 1].kind == WordKind::kName) {
      static constexpr auto kKeywords = std::to_array<std::string_view>(
          {"current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
           "current_user", "localtime", "localtimestamp", "session_user", "user", "true", "false", "null", "default"});
      if (among(kKeywords, parts[0])) {
        if (parts[0] == "user") parts[0] = "current_user";
        if (parts[0] != "true" && parts[0] != "false")
          for (char& c : parts[0]) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
    }
    return atom(join(parts, "."));
  }
  std::string name_part() {
    const SqlWord& word = words_[at_++];
    return word.kind == WordKind::kQuotedName ? quote_name(word.text) : word.text;
  }

  Node call(std::vector<std::string> parts) {
    if (parts.size() == 2 && (parts[0] == "pg_catalog" || parts[0] == "public")) parts.erase(parts.begin());
    std::string function = join(parts, ".");
    if (function == "\"substring\"" || function == "substr") function = "substring";
    ++at_;
    Node all = node(Node::Kind::kCall, function, {});
    if (function == "extract") return extract();
    if (take(")")) return all;
    if (take_word("distinct")) all.text += " DISTINCT";
    do all.kids.push_back(take("*") ? atom("*") : expression(kNone));
    while (take(",") || (function == "substring" && (take_word("from") || take_word("for"))));
    expect(")");
    if (peek().is_word("over") || peek().is_word("filter")) throw NotRead{};
    // A sequence by its name: whatever type the text is given.
    if (function == "nextval" && all.kids.size() == 1 && all.kids[0].kind == Node::Kind::kCast &&
        all.kids[0].kids[0].kind == Node::Kind::kString) {
      Node text = std::move(all.kids[0].kids[0]);
      all.kids[0] = std::move(text);
    }
    if (function == "nextval" && all.kids.size() == 1 && all.kids[0].kind == Node::Kind::kString)
      all.kids[0].text = relation_text(all.kids[0].text);
    return all;
  }
  /// A relation's name inside a string, quoted as the server does.
  static std::string relation_text(const std::string& text) {
    std::vector<std::string> parts;
    for (const SqlWord& word : model::sql_words(text))
      if (word.is_name()) parts.push_back(quote_name(word.text));
    if (parts.size() == 2 && parts[0] == "public") parts.erase(parts.begin());
    return parts.empty() ? text : join(parts, ".");
  }
  Node extract() {
    const SqlWord& field = peek();
    if (!field.is_name() && field.kind != WordKind::kString) throw NotRead{};
    ++at_;
    expect_word("from");
    Node all = node(Node::Kind::kCall, "extract", {atom(to_lower_ascii(field.text)), expression(kNone)});
    expect(")");
    return all;
  }

  std::string slice(std::size_t first, std::size_t last) const {
    if (first >= last) throw NotRead{};
    return std::string(sql_.substr(words_[first].begin, words_[last - 1].end - words_[first].begin));
  }

  /// The type after ::, as far as a type reaches.
  std::string type_after_cast() {
    const std::size_t first = at_;
    if (!peek().is_name()) throw NotRead{};
    const std::string word = words_[at_++].text;
    while (peek().is(".") && peek(1).is_name()) at_ += 2;
    if (word == "double") take_word("precision");
    if (word == "character" || word == "bit" || word == "char") take_word("varying");
    const auto zone = [&] {
      if ((peek().is_word("with") || peek().is_word("without")) && peek(1).is_word("time")) at_ += 3;
    };
    const bool timed = word == "timestamp" || word == "time";
    if (timed) zone();
    if (peek().is("(")) {
      while (at_ < words_.size() && !peek().is(")")) ++at_;
      ++at_;
    }
    if (timed) zone();
    while (peek().is("[")) {
      while (at_ < words_.size() && !peek().is("]")) ++at_;
      ++at_;
    }
    if (at_ > words_.size()) throw NotRead{};
    return canonical_type(slice(first, at_)).sql;
  }

  /// A cast, unless the server would have written it by itself.
  static Node cast(Node operand, std::string type) {
    if (among(kShortTexts, type)) {
      // 'a'::text, (status)::text, ARRAY[...]::text[]: an empty array needs its type.
      if (operand.kind != Node::Kind::kArray || !operand.kids.empty()) return operand;
    }
    if (operand.kind == Node::Kind::kAtom && operand.text == "NULL") return operand;
    // Names of things: to_tsvector('english'::regconfig, ...).
    if (type.starts_with("reg") && operand.kind == Node::Kind::kString) return operand;
    if (among(kNumbers, type)) {
      if (operand.kind == Node::Kind::kString && is_number(operand.text)) return atom(plain_number(operand.text));
      if (operand.kind == Node::Kind::kAtom && is_number(operand.text)) return operand;
    }
    return node(Node::Kind::kCast, std::move(type), {std::move(operand)});
  }

  /// Beside a comparison or in a list the other side gives a literal its type.
  static Node bare(Node operand) {
    if (operand.kind == Node::Kind::kCast && is_literal(operand.kids[0])) {
      Node inner = std::move(operand.kids[0]);
      // The server writes out the time of a date that is a timestamp.
      if (operand.text.starts_with("timestamp") && inner.text.size() == 19 && inner.text.ends_with(" 00:00:00"))
        inner.text.resize(10);
      return inner;
    }
    if (operand.kind == Node::Kind::kCast && operand.kids[0].kind == Node::Kind::kArray &&
        !operand.kids[0].kids.empty()) {
      Node inner = std::move(operand.kids[0]);
      return bare(std::move(inner));
    }
    if (operand.kind == Node::Kind::kArray)
      for (Node& kid : operand.kids) kid = bare(std::move(kid));
    return operand;
  }

  std::optional<Node> infix(Node& left, int above) {
    const SqlWord& word = peek();
    if (word.is("::")) {
      if (above >= kTop) return std::nullopt;
      ++at_;
      return cast(std::move(left), type_after_cast());
    }
    if (word.is("[")) {
      ++at_;
      Node index = expression(kNone);
      expect("]");
      return node(Node::Kind::kSubscript, "", {std::move(left), std::move(index)});
    }
    if (word.kind == WordKind::kName) return word_infix(left, above);
    if (word.kind != WordKind::kOperator) return std::nullopt;
    return operator_infix(left, above);
  }

  std::optional<Node> operator_infix(Node& left, int above) {
    std::string op = peek().text;
    int level = kOther;
    if (op == "+" || op == "-") level = kAdd;
    if (op == "*" || op == "/" || op == "%") level = kMultiply;
    if (op == "^") level = kPower;
    if (op == "!=") op = "<>";
    const bool compares = op == "=" || op == "<>" || op == "<" || op == ">" || op == "<=" || op == ">=";
    if (compares) level = kCompare;
    if (level <= above) return std::nullopt;
    ++at_;
    if (op == "~~" || op == "!~~" || op == "~~*" || op == "!~~*") {
      const char* spelled = op == "~~" ? "LIKE" : op == "!~~" ? "NOT LIKE" : op == "~~*" ? "ILIKE" : "NOT ILIKE";
      return node(Node::Kind::kBinary, spelled, {std::move(left), expression(kOther)});
    }
    if ((peek().is_word("any") || peek().is_word("all") || peek().is_word("some")) && peek(1).is("("))
      return quantified(std::move(left), op);
    Node right = expression(level);
    if (compares) return node(Node::Kind::kBinary, op, {bare(std::move(left)), bare(std::move(right))});
    return node(Node::Kind::kBinary, op, {std::move(left), std::move(right)});
  }

  /// x = ANY (ARRAY[...]): what the server makes of x IN (...).
  Node quantified(Node left, const std::string& op) {
    const bool any = !peek().is_word("all");
    at_ += 2;
    Node list = bare(expression(kNone));
    expect(")");
    const bool in = (op == "=" && any) || (op == "<>" && !any);
    if (in && list.kind == Node::Kind::kArray && !list.kids.empty())
      return membership(std::move(left), std::move(list.kids), !any);
    return node(Node::Kind::kBinary, op,
                {std::move(left), node(Node::Kind::kCall, any ? "ANY " : "ALL ", {std::move(list)})});
  }
  static Node membership(Node left, std::vector<Node> items, bool negated) {
    for (Node& item : items) item = bare(std::move(item));
    if (items.size() == 1)
      return node(Node::Kind::kBinary, negated ? "<>" : "=", {bare(std::move(left)), std::move(items[0])});
    return node(Node::Kind::kBinary, negated ? "NOT IN" : "IN",
                {std::move(left), node(Node::Kind::kList, "", std::move(items))});
  }

  std::optional<Node> word_infix(Node& left, int above) {
    const bool negated = peek().is_word("not");
    const SqlWord& word = peek(negated ? 1 : 0);
    const auto consume = [&](std::size_t words) { at_ += words + (negated ? 1 : 0); };
    const std::string no = negated ? "NOT " : "";
    if (!negated && (word.is_word("and") || word.is_word("or"))) {
      const bool both = word.is_word("and");
      if ((both ? kAnd : kOr) <= above) return std::nullopt;
      ++at_;
      return chain(both ? "AND" : "OR", std::move(left), expression(both ? kAnd : kOr));
    }
    if (!negated && word.is_word("is")) return is_test(left, above);
    if (!negated && (word.is_word("isnull") || word.is_word("notnull"))) {
      if (kIs <= above) return std::nullopt;
      const bool null = word.is_word("isnull");
      ++at_;
      return node(Node::Kind::kPostfix, null ? "IS NULL" : "IS NOT NULL", {std::move(left)});
    }
    if (word.is_word("like") || word.is_word("ilike")) {
      if (kIn <= above) return std::nullopt;
      const bool any_case = word.is_word("ilike");
      consume(1);
      Node right = expression(kIn);
      if (peek().is_word("escape")) throw NotRead{};
      return node(Node::Kind::kBinary, no + (any_case ? "ILIKE" : "LIKE"), {std::move(left), std::move(right)});
    }
    if (word.is_word("in")) {
      if (kIn <= above) return std::nullopt;
      consume(1);
      expect("(");
      std::vector<Node> items;
      do items.push_back(expression(kNone));
      while (take(","));
      expect(")");
      return membership(std::move(left), std::move(items), negated);
    }
    if (word.is_word("between")) {
      if (kIn <= above) return std::nullopt;
      consume(1);
      if (take_word("symmetric")) throw NotRead{};
      take_word("asymmetric");
      Node low = bare(expression(kIn));
      expect_word("and");
      Node high = bare(expression(kIn));
      Node again = left;
      return chain(negated ? "OR" : "AND",
                   node(Node::Kind::kBinary, negated ? "<" : ">=", {std::move(left), std::move(low)}),
                   node(Node::Kind::kBinary, negated ? ">" : "<=", {std::move(again), std::move(high)}));
    }
    if (!negated && word.is_word("at") && peek(1).is_word("time")) {
      if (kZone <= above) return std::nullopt;
      at_ += 3;
      return node(Node::Kind::kBinary, "AT TIME ZONE", {std::move(left), expression(kZone)});
    }
    if (!negated && word.is_word("collate")) {
      if (kCollate <= above) return std::nullopt;
      ++at_;
      if (peek().is_word("pg_catalog") && peek(1).is(".")) at_ += 2;
      if (!peek().is_name()) throw NotRead{};
      return node(Node::Kind::kPostfix, "COLLATE \"" + replace_all(words_[at_++].text, "\"", "\"\"") + "\"",
                  {std::move(left)});
    }
    return std::nullopt;
  }

  std::optional<Node> is_test(Node& left, int above) {
    if (kIs <= above) return std::nullopt;
    ++at_;
    const bool negated = take_word("not");
    const std::string is = negated ? "IS NOT " : "IS ";
    if (take_word("distinct")) {
      expect_word("from");
      return node(Node::Kind::kBinary, is + "DISTINCT FROM", {bare(std::move(left)), bare(expression(kIs))});
    }
    for (const auto& [word, spelled] : {std::pair{"null", "NULL"}, std::pair{"true", "TRUE"},
                                        std::pair{"false", "FALSE"}, std::pair{"unknown", "UNKNOWN"}})
      if (take_word(word)) return node(Node::Kind::kPostfix, is + spelled, {std::move(left)});
    throw NotRead{};
  }

  std::string_view sql_;
  std::vector<SqlWord> words_;
  const ExpressionContext& context_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

int level_of(const Node& one) {
  if (one.kind == Node::Kind::kAtom && one.text.starts_with("-")) return kSign;
  if (one.kind == Node::Kind::kPrefix) return one.text == "NOT" ? kNot : one.text == "-" ? kSign : kOther;
  if (one.kind == Node::Kind::kPostfix) return one.text.starts_with("COLLATE") ? kCollate : kIs;
  if (one.kind != Node::Kind::kBinary) return kTop;
  const std::string& op = one.text;
  if (op == "OR") return kOr;
  if (op == "AND") return kAnd;
  if (op.starts_with("IS ")) return kIs;
  if (op == "=" || op == "<>" || op == "<" || op == ">" || op == "<=" || op == ">=") return kCompare;
  if (op == "AT TIME ZONE") return kZone;
  if (op.ends_with("LIKE") || op.ends_with("IN")) return kIn;
  if (op == "+" || op == "-") return kAdd;
  if (op == "*" || op == "/" || op == "%") return kMultiply;
  return op == "^" ? kPower : kOther;
}

std::string print(const Node& one);

std::string list_text(const std::vector<Node>& kids) {
  std::vector<std::string> parts;
  for (const Node& kid : kids) parts.push_back(print(kid));
  return join(parts, ", ");
}

/// In parentheses where it binds no tighter than what is around it.
std::string print_within(const Node& one, int level, bool or_equal) {
  const int own = level_of(one);
  return own > level || (or_equal && own == level) ? print(one) : "(" + print(one) + ")";
}

std::string print(const Node& one) {
  switch (one.kind) {
    case Node::Kind::kAtom:
      return one.text;
    case Node::Kind::kString:
      return quoted_text(one.text);
    case Node::Kind::kCall:
      if (one.text == "extract") return "EXTRACT(" + one.kids[0].text + " FROM " + print(one.kids[1]) + ")";
      return one.text + "(" + list_text(one.kids) + ")";
    case Node::Kind::kBinary: {
      const int level = level_of(one);
      const bool groups = one.text == "AND" || one.text == "OR";
      std::string text;
      for (std::size_t i = 0; i < one.kids.size(); ++i) {
        if (i > 0) text += " " + one.text + " ";
        text += print_within(one.kids[i], level, i == 0 && !groups && level != kCompare && level != kIn);
      }
      return text;
    }
    case Node::Kind::kPrefix: {
      const int level = level_of(one);
      return one.text + (one.text == "NOT" ? " " : "") + print_within(one.kids[0], level, false);
    }
    case Node::Kind::kPostfix:
      return print_within(one.kids[0], level_of(one), false) + " " + one.text;
    case Node::Kind::kCast:
      return print_within(one.kids[0], kTop, true) + "::" + one.text;
    case Node::Kind::kList:
      return "(" + list_text(one.kids) + ")";
    case Node::Kind::kArray:
      return "ARRAY[" + list_text(one.kids) + "]";
    case Node::Kind::kCase: {
      std::string text = "CASE";
      std::size_t i = 0;
      if (one.text == "operand") text += " " + print(one.kids[i++]);
      const std::size_t end = one.kids.size() - (one.has_else ? 1 : 0);
      for (; i + 1 < end; i += 2) text += " WHEN " + print(one.kids[i]) + " THEN " + print(one.kids[i + 1]);
      if (one.has_else) text += " ELSE " + print(one.kids.back());
      return text + " END";
    }
    case Node::Kind::kSubscript:
      return print_within(one.kids[0], kTop, true) + "[" + print(one.kids[1]) + "]";
    case Node::Kind::kField:
      return "(" + list_text(one.kids) + ")." + one.text;
  }
  return "";
}

/// JSON without blanks outside of its strings: jsonb keeps none of the author's.
std::string compact_json(std::string_view text) {
  std::string compact;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) inside = !inside;
    if (inside || std::isspace(static_cast<unsigned char>(text[i])) == 0) compact += text[i];
  }
  return compact;
}

/// $1,234.50 and 1234.5 are one sum of money.
Node literal_money(Node literal) {
  std::string sum = replace_all(replace_all(literal.text, "$", ""), ",", "");
  if (!is_number(sum)) return literal;
  const auto point = sum.find('.');
  if (point == std::string::npos)
    sum += ".00";
  else
    sum.resize(std::max(sum.size(), point + 3), '0');
  literal.text = sum;
  return literal;
}

/// A literal as a default of a column of that type: what the server stores when it reads it.
Node literal_default(Node literal, std::string_view type) {
  const std::string& text = literal.text;
  if (literal.kind != Node::Kind::kString) return literal;
  if (type == "boolean") {
    const std::string word = to_lower_ascii(trim(text));
    static constexpr auto kTrue = std::to_array<std::string_view>({"t", "true", "y", "yes", "on", "1"});
    static constexpr auto kFalse = std::to_array<std::string_view>({"f", "false", "n", "no", "off", "0"});
    if (among(kTrue, word)) return atom("true");
    if (among(kFalse, word)) return atom("false");
    return literal;
  }
  const bool number = among(kNumbers, type) || type.starts_with("numeric(");
  if (number && is_number(trim(text))) return atom(plain_number(trim(text)));
  if (type == "money") return literal_money(std::move(literal));
  if (type == "jsonb") literal.text = compact_json(text);
  if (type == "uuid") literal.text = to_lower_ascii(text);
  if (type.starts_with("timestamp") && text.size() == 10 && text[4] == '-') literal.text += " 00:00:00";
  return literal;
}

Node settled_default(Node whole, std::string_view type) {
  if (whole.kind == Node::Kind::kCast) {
    const Node& inner = whole.kids[0];
    const bool array = inner.kind == Node::Kind::kArray;
    // Without its type ARRAY[] would say nothing; '{}' says the same.
    if (array && inner.kids.empty()) return node(Node::Kind::kString, "{}", {});
    const bool null = inner.kind == Node::Kind::kAtom && inner.text == "NULL";
    // 'x'::some_type, where the column has that type anyway.
    if (is_literal(inner) || array || null) {
      Node literal = inner;
      return literal_default(std::move(literal), type);
    }
    if (whole.text == type) {
      Node same = std::move(whole.kids[0]);
      return same;
    }
  }
  return literal_default(std::move(whole), type);
}

/// Words one blank apart: for what was not read.
std::string evened(std::string_view sql) {
  std::string text;
  std::size_t end = 0;
  for (const SqlWord& word : model::sql_words(sql)) {
    if (!text.empty() && word.begin > end) text += ' ';
    text += sql.substr(word.begin, word.end - word.begin);
    end = word.end;
  }
  return text;
}

}  // namespace

std::string canonical_expression(std::string_view sql, const ExpressionContext& context) {
  try {
    Node whole = Reader(sql, context).read();
    if (context.place != ExpressionPlace::kDefault) return print(whole);
    whole = settled_default(std::move(whole), context.column_type);
    // DEFAULT takes only some operators without parentheses around them.
    return level_of(whole) < kSign ? "(" + print(whole) + ")" : print(whole);
  } catch (const NotRead&) {
    return evened(sql);
  }
}

}  // namespace bascule::dialects::postgres
