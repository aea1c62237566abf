#include "dialects/postgres/parse_tree.h"

#include <cstring>
#include <utility>

#include <pg_query.h>
#include <rapidjson/document.h>

#include "base/check.h"
#include "base/text.h"

namespace bascule::dialects::postgres {

namespace {

using Value = rapidjson::Value;

const Value* value_of(const void* held) { return static_cast<const Value*>(held); }

std::string_view text_of(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

/// The byte offset of the 1-based character that the parser names; 0 and less mean that it names none.
std::optional<std::size_t> byte_offset(std::string_view sql, int character) {
  if (character <= 0) return std::nullopt;
  std::size_t at = 0;
  for (int seen = 1; at < sql.size() && seen < character; ++seen) {
    ++at;
    while (at < sql.size() && (static_cast<unsigned char>(sql[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

}  // namespace

Node Node::operator[](std::string_view name) const {
  if (!is_object()) return {};
  for (auto member = value_of(value_)->MemberBegin(); member != value_of(value_)->MemberEnd(); ++member)
    if (text_of(member->name) == name) return Node(&member->value);
  return {};
}

std::string_view Node::text() const {
  return value_ != nullptr && value_of(value_)->IsString() ? text_of(*value_of(value_)) : std::string_view();
}

bool Node::flag() const { return value_ != nullptr && value_of(value_)->IsTrue(); }

std::optional<std::int64_t> Node::number() const {
  if (value_ == nullptr || !value_of(value_)->IsInt64()) return std::nullopt;
  return value_of(value_)->GetInt64();
}

std::size_t Node::size() const {
  return value_ != nullptr && value_of(value_)->IsArray() ? value_of(value_)->Size() : 0;
}

Node Node::item(std::size_t index) const {
  return index < size() ? Node(&(*value_of(value_))[static_cast<rapidjson::SizeType>(index)]) : Node();
}

bool Node::is_object() const { return value_ != nullptr && value_of(value_)->IsObject(); }

std::size_t Node::member_count() const { return is_object() ? value_of(value_)->MemberCount() : 0; }

std::string_view Node::member_name(std::size_t index) const {
  return index < member_count() ? text_of(value_of(value_)->MemberBegin()[static_cast<std::ptrdiff_t>(index)].name)
                                : std::string_view();
}

Node Node::member(std::size_t index) const {
  return index < member_count() ? Node(&value_of(value_)->MemberBegin()[static_cast<std::ptrdiff_t>(index)].value)
                                : Node();
}

namespace {

/// What the parser made of a text, never changed afterwards.
struct Parsed {
  explicit Parsed(std::string_view sql) : text(sql), result(pg_query_parse(text.c_str())) {
    if (result.error != nullptr) return;
    document.ParseInsitu<rapidjson::kParseIterativeFlag>(result.parse_tree);
    BASCULE_CHECK(!document.HasParseError(), "libpg_query has written JSON that is none");
  }
  ~Parsed() { pg_query_free_parse_result(result); }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  std::string text;
  PgQueryParseResult result;     // owns the text that the document's strings lie in
  rapidjson::Document document;  // its values live in a pool: freeing them does not recurse
};

/// A statement is read several times in a row: for its meaning, then for its locks. The last one is kept, unless it is
/// so long that it would be missed elsewhere.
std::shared_ptr<const Parsed> parse(std::string_view sql) {
  constexpr std::size_t kLongestKept = 65536;
  thread_local std::shared_ptr<const Parsed> last;
  if (last && last->text == sql) return last;
  auto parsed = std::make_shared<const Parsed>(sql);
  if (sql.size() <= kLongestKept) last = parsed;
  return parsed;
}

}  // namespace

struct ParseTree::Held {
  std::shared_ptr<const Parsed> parsed;
};

ParseTree::ParseTree(std::string_view sql) {
  if (const auto nul = sql.find('\0'); nul != std::string_view::npos) {
    problem_ = ParseProblem{"the statement holds a NUL character", nul};
    return;
  }
  // libpg_query would copy the bytes into its JSON as they are.
  if (const auto bad = invalid_utf8(sql)) {
    problem_ = ParseProblem{"the statement is not valid UTF-8", bad};
    return;
  }
  held_ = std::make_unique<Held>(Held{parse(sql)});
  if (const auto* error = held_->parsed->result.error)
    problem_ = ParseProblem{error->message, byte_offset(sql, error->cursorpos)};
}

ParseTree::~ParseTree() = default;

std::size_t ParseTree::statement_count() const { return problem_ ? 0 : Node(&held_->parsed->document)["stmts"].size(); }

Node ParseTree::statement(std::size_t index) const {
  return Node(&held_->parsed->document)["stmts"].item(index)["stmt"];
}

}  // namespace bascule::dialects::postgres
