// What: what the user wrote wrong (or should know), as a value. Many at once; never thrown.
// Must not know: how it is printed (report/ does that).
// Invariants: code is stable and documented in docs/diagnostics.md; message has no trailing full stop or newline.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/source.h"

namespace bascule {

enum class Severity { kError, kWarning, kNote };

/// A secondary place that helps to understand a diagnostic ("the other definition is here").
struct RelatedPlace {
  std::string message;
  Location location;
  bool operator==(const RelatedPlace&) const = delete;
};

/// One finding. code: stable kebab-case name ("duplicate-revision"). cause: why it is so, may be empty.
/// help: what to do next, best a command to type; may be empty.
struct Diagnostic {
  std::string code;
  Severity severity = Severity::kError;
  std::string message;
  Location location;
  std::string cause;
  std::string help;
  std::vector<RelatedPlace> related;
};

/// Collects diagnostics in the order in which they were found.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
  void append(Diagnostics other) {
    for (auto& item : other.list_) list_.push_back(std::move(item));
  }
  bool empty() const { return list_.empty(); }
  bool has_errors() const;
  std::size_t error_count() const;
  const std::vector<Diagnostic>& list() const { return list_; }

 private:
  std::vector<Diagnostic> list_;
};

}  // namespace bascule
