#include "dialects/postgres/parse_tree.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <pg_query.h>
#include <rapidjson/document.h>

#include "base/check.h"
#include "base/text.h"
#include "dialects/read_twice.h"

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
    // A pool's usual piece is 64 kB, which most trees would leave empty. Values take about twice their text.
    pool = std::make_unique<rapidjson::MemoryPoolAllocator<>>(std::strlen(result.parse_tree) * 2 + 256);
    document = std::make_unique<rapidjson::Document>(pool.get());
    document->ParseInsitu<rapidjson::kParseIterativeFlag>(result.parse_tree);
    BASCULE_CHECK(!document->HasParseError(), "libpg_query has written JSON that is none");
  }
  ~Parsed() {
    document.reset();
    pg_query_free_parse_result(result);
  }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  const std::string text;
  PgQueryParseResult result;                               // owns the text that the document's strings lie in
  std::unique_ptr<rapidjson::MemoryPoolAllocator<>> pool;  // freeing values in it does not recurse
  std::unique_ptr<rapidjson::Document> document;
};
using ParsedPtr = std::shared_ptr<const Parsed>;

/// What was read for its meaning and not yet for its locks, of all threads. Bounded: the oldest goes first.
class Kept {
 public:
  void put(ParsedPtr parsed) {
    const std::lock_guard lock(mutex_);
    if (!known_.emplace(parsed->text, parsed).second) return;
    order_.push_back(std::move(parsed));
    if (order_.size() <= kMost) return;
    forget(order_.front());
    order_.pop_front();
  }
  /// null: it is not there.
  ParsedPtr take(std::string_view text) {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(text);
    if (found == known_.end()) return nullptr;
    ParsedPtr parsed = std::move(found->second);
    known_.erase(found);
    // They are taken in about the order in which they came.
    const auto place = std::find(order_.begin(), order_.end(), parsed);
    if (place != order_.end()) order_.erase(place);
    return parsed;
  }

 private:
  void forget(const ParsedPtr& parsed) {
    const auto found = known_.find(parsed->text);
    if (found != known_.end() && found->second == parsed) known_.erase(found);
  }

  static constexpr std::size_t kMost = 2048;
  std::mutex mutex_;
  std::unordered_map<std::string_view, ParsedPtr> known_;  // guarded by mutex_; keys lie in what they lead to
  std::deque<ParsedPtr> order_;                            // guarded by mutex_
};

/// The last statement is kept in any case, and others on their way from one thread to another; not those that are so
/// long that they would be missed elsewhere.
ParsedPtr parse(std::string_view sql, ReadFor purpose) {
  constexpr std::size_t kLongestKept = 65536;
  static Kept kept;
  thread_local ParsedPtr last;
  ParsedPtr parsed = purpose == ReadFor::kLocks ? kept.take(sql) : nullptr;
  if (last && last->text == sql) return last;
  if (!parsed) parsed = std::make_shared<const Parsed>(sql);
  if (sql.size() > kLongestKept) return parsed;
  if (purpose == ReadFor::kMeaning && ReadTwice::expected()) kept.put(parsed);
  return last = parsed;
}

}  // namespace

struct ParseTree::Held {
  std::shared_ptr<const Parsed> parsed;
};

ParseTree::ParseTree(std::string_view sql, ReadFor purpose) {
  if (const auto nul = sql.find('\0'); nul != std::string_view::npos) {
    problem_ = ParseProblem{"the statement holds a NUL character", nul};
    return;
  }
  // libpg_query would copy the bytes into its JSON as they are.
  if (const auto bad = invalid_utf8(sql)) {
    problem_ = ParseProblem{"the statement is not valid UTF-8", bad};
    return;
  }
  held_ = std::make_unique<Held>(Held{parse(sql, purpose)});
  if (const auto* error = held_->parsed->result.error)
    problem_ = ParseProblem{error->message, byte_offset(sql, error->cursorpos)};
}

ParseTree::~ParseTree() = default;

std::size_t ParseTree::statement_count() const {
  return problem_ ? 0 : Node(held_->parsed->document.get())["stmts"].size();
}

Node ParseTree::statement(std::size_t index) const {
  return Node(held_->parsed->document.get())["stmts"].item(index)["stmt"];
}

}  // namespace bascule::dialects::postgres
