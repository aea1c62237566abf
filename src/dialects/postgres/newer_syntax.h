// What: forms of PostgreSQL 16 to 18 that the parser (PostgreSQL 15's) does not read, put into words that it reads, and
// what they meant. Internal to this folder.
// Must not know: trees, the model.
// Invariants: the text keeps its length, and every word outside of what was replaced keeps its place. A statement
// without such forms comes back unchanged, and is not copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bascule::dialects::postgres {

enum class NewerForm : std::uint8_t {
  kNotNullConstraint,  ///< 18: [CONSTRAINT name] NOT NULL column; now CHECK (column)
  kVirtual,            ///< 18: GENERATED ALWAYS AS (...) [VIRTUAL]; now DEFAULT (...)
  kEnforced,           ///< 18: ENFORCED; now blank
  kNotEnforced,        ///< 18: NOT ENFORCED; now blank
  kSetExpression,      ///< 17: SET EXPRESSION AS (...); now SET DEFAULT (...)
  kInherit,            ///< 18: ALTER CONSTRAINT ... INHERIT; now blank
  kNoInherit,          ///< 18: ALTER CONSTRAINT ... NO INHERIT; now blank
  kStorage,            ///< 16: STORAGE of a new column; now blank
  kOther,              ///< words that change nothing that is asked here; now blank
};

/// One such form, in bytes of the statement.
struct SeenForm {
  NewerForm form = NewerForm::kOther;
  std::size_t begin = 0;
  std::size_t end = 0;
  int since = 18;  ///< the version that has it
};

class NewerSyntax {
 public:
  /// @param sql one statement; must outlive this.
  explicit NewerSyntax(std::string_view sql);

  /// The statement as PostgreSQL 15 reads it.
  std::string_view text() const { return seen_.empty() ? sql_ : std::string_view(replaced_); }
  const std::vector<SeenForm>& seen() const { return seen_; }
  /// The form that begins within these bytes; null if there is none.
  const SeenForm* within(NewerForm form, std::size_t begin, std::size_t end) const;
  /// The form in the clause that begins there: up to its comma or closing bracket.
  const SeenForm* in_clause(NewerForm form, std::size_t begin) const;

 private:
  std::string_view sql_;
  std::string replaced_;
  std::vector<SeenForm> seen_;
};

}  // namespace bascule::dialects::postgres
