// What: PostgreSQL's own reading of a statement, as a tree that can be walked. Internal to this folder.
// Must not know: the model; what is done with the tree.
// Invariants: any bytes are taken and nothing recurses over the statement's depth; libpg_query and its JSON are seen by
// the .cpp alone. What the tree does not hold (a zero, a false, a location at 0) reads as absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bascule::dialects::postgres {

/// A part of the tree, or nothing. Cheap to copy; lives as long as its tree.
class Node {
 public:
  Node() = default;
  explicit Node(const void* value) : value_(value) {}

  explicit operator bool() const { return value_ != nullptr; }
  /// A member; nothing where there is none, or where this is no object.
  Node operator[](std::string_view member) const;
  /// Of a text; else empty.
  std::string_view text() const;
  bool is(std::string_view text_wanted) const { return text() == text_wanted; }
  bool flag() const;
  std::optional<std::int64_t> number() const;

  /// Of a list; else 0.
  std::size_t size() const;
  Node item(std::size_t index) const;

  bool is_object() const;
  std::size_t member_count() const;
  std::string_view member_name(std::size_t index) const;
  Node member(std::size_t index) const;
  /// A wrapped node, {"CreateStmt": {...}}: what it is, and itself.
  std::string_view tag() const { return member_name(0); }
  Node inside() const { return member(0); }

 private:
  const void* value_ = nullptr;
};

struct ParseProblem {
  std::string message;
  std::optional<std::size_t> offset;  ///< in bytes
};

/// For what a statement is read. What was read for its meaning is kept for its locks, where both are asked for
/// (dialects/read_twice.h).
enum class ReadFor : std::uint8_t { kOnce, kMeaning, kLocks };

class ParseTree {
 public:
  /// Reads a statement. @param sql its text.
  explicit ParseTree(std::string_view sql, ReadFor purpose = ReadFor::kOnce);
  ~ParseTree();
  ParseTree(const ParseTree&) = delete;
  ParseTree& operator=(const ParseTree&) = delete;

  /// Why it cannot be read; nullopt if it can.
  const std::optional<ParseProblem>& problem() const { return problem_; }
  std::size_t statement_count() const;
  /// The wrapped statement: its tag says which.
  Node statement(std::size_t index) const;

 private:
  struct Held;
  std::unique_ptr<Held> held_;
  std::optional<ParseProblem> problem_;
};

}  // namespace bascule::dialects::postgres
