#include "dialects/postgres/newer_syntax.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "dialects/postgres/quick_look.h"
#include "syntax/sql/lexer.h"

namespace bascule::dialects::postgres {

namespace {

using syntax::sql::Token;
using syntax::sql::TokenKind;

/// Whether the next word after NOT NULL or GENERATED may be that of a newer form: what stands in most column
/// definitions is not.
bool may_go_on(std::string_view behind) {
  std::size_t at = 0;
  while (at < behind.size() && (behind[at] == ' ' || (behind[at] >= '\t' && behind[at] <= '\r'))) ++at;
  if (at == behind.size() || std::string_view(",);").find(behind[at]) != std::string_view::npos) return false;
  const auto next_is = [&](std::string_view word) { return iequals_ascii(behind.substr(at, word.size()), word); };
  return !next_is("default ") && !next_is("by ") && !next_is("primary ");
}

/// The words that every such form has one of; without them no token is looked at twice.
bool may_hold_newer_forms(std::string_view sql) {
  static constexpr auto kWords =
      std::to_array<std::string_view>({"enforced", "expression", "inherit", "not\n", "not\t", "not\r", "not/", "not--",
                                       "overlaps", "period", "only", "by source", "by target", "storage"});
  static constexpr auto kCommon = std::to_array<std::string_view>({"generated", "not null", "not  null"});
  static constexpr QuickLook kLook(kWords);
  static constexpr QuickLook kCloserLook(kCommon);
  return kLook.finds_any(sql) || kCloserLook.finds_any(sql, may_go_on);
}

class Reader {
 public:
  Reader(std::string_view sql, std::string& replaced, std::vector<SeenForm>& seen)
      : sql_(sql), replaced_(replaced), seen_(seen) {
    syntax::sql::Lexer lexer(sql, syntax::sql::Flavour::kPostgres);
    while (const auto token = lexer.next()) tokens_.push_back(*token);
  }

  void run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (word(i, "GENERATED"))
        generated(i);
      else if (word(i, "ENFORCED"))
        enforced(i);
      else if (word(i, "SET") && word(i + 1, "EXPRESSION") && word(i + 2, "AS"))
        replace(i + 1, i + 3, NewerForm::kSetExpression, "DEFAULT", 17);
      else if (word(i, "NOT") && word(i + 1, "NULL"))
        not_null(i);
      else if (word(i, "ALTER") && word(i + 1, "CONSTRAINT"))
        inheritance(i + 3);
      else if (word(i, "STORAGE") && i > 1 && !word(i - 1, "SET") && !word(i - 1, "INCLUDING") &&
               !word(i - 1, "EXCLUDING") && is_storage(i + 1))
        replace(i, i + 2, NewerForm::kStorage, "", 16);
      else if (word(i, "WITHOUT") && word(i + 1, "OVERLAPS"))
        replace(i, i + 2, NewerForm::kOther, "");
      else if (word(i, "PERIOD") && i > 0 && (symbol(i - 1, ',') || symbol(i - 1, '(')) && name(i + 1))
        replace(i, i + 1, NewerForm::kOther, "");
      else if ((word(i, "VACUUM") || word(i, "ANALYZE")) && i == 0 && word(i + 1, "ONLY"))
        replace(i + 1, i + 2, NewerForm::kOther, "");
      else if (word(i, "MATCHED") && word(i + 1, "BY") && (word(i + 2, "SOURCE") || word(i + 2, "TARGET")))
        replace(i + 1, i + 3, NewerForm::kOther, "", 17);
    }
  }

 private:
  bool word(std::size_t i, std::string_view wanted) const {
    return i < tokens_.size() && syntax::sql::is_word(sql_, tokens_[i], wanted);
  }
  bool is_storage(std::size_t i) const {
    return word(i, "PLAIN") || word(i, "EXTERNAL") || word(i, "EXTENDED") || word(i, "MAIN") || word(i, "DEFAULT");
  }
  bool symbol(std::size_t i, char wanted) const {
    return i < tokens_.size() && syntax::sql::is_symbol(sql_, tokens_[i], wanted);
  }
  bool name(std::size_t i) const {
    return i < tokens_.size() && (tokens_[i].kind == TokenKind::kWord || tokens_[i].kind == TokenKind::kQuotedName);
  }
  /// The token after the bracket that closes the one at i.
  std::size_t after(std::size_t i) const {
    for (int depth = 0; i < tokens_.size(); ++i) {
      if (symbol(i, '(')) ++depth;
      if (symbol(i, ')') && --depth == 0) return i + 1;
    }
    return i;
  }
  void replace(std::size_t first, std::size_t last, NewerForm form, std::string_view by, int since = 18) {
    if (replaced_.empty()) replaced_ = std::string(sql_);
    const std::size_t begin = tokens_[first].begin;
    const std::size_t end = tokens_[last - 1].end;
    std::fill(replaced_.begin() + static_cast<std::ptrdiff_t>(begin),
              replaced_.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    std::copy(by.begin(), by.end(), replaced_.begin() + static_cast<std::ptrdiff_t>(begin));
    seen_.push_back({form, begin, end, since});
  }

  /// GENERATED ALWAYS AS (expression) [VIRTUAL]
  void generated(std::size_t i) {
    if (!word(i + 1, "ALWAYS") || !word(i + 2, "AS") || !symbol(i + 3, '(')) return;
    const std::size_t behind = after(i + 3);
    if (word(behind, "STORED")) return;
    replace(i, i + 3, NewerForm::kVirtual, "DEFAULT");
    if (!word(behind, "VIRTUAL")) return;
    const std::size_t before = seen_.size();
    replace(behind, behind + 1, NewerForm::kOther, "");
    seen_[before - 1].end = tokens_[behind].end;
    seen_.pop_back();
  }
  void enforced(std::size_t i) {
    const bool clause = i > 0 && !symbol(i - 1, ',') && !symbol(i - 1, '(') && !symbol(i - 1, '.') &&
                        !symbol(i + 1, '.') && !symbol(i + 1, '(');
    if (!clause) return;
    const bool negated = word(i - 1, "NOT");
    // A column of that name: "enforced boolean", "ADD COLUMN enforced ...".
    if (!negated && !symbol(i - 1, ')') && !in_constraint(i)) return;
    if (negated && symbol(i - 2 < tokens_.size() ? i - 2 : i, '(')) return;
    replace(negated ? i - 1 : i, i + 1, negated ? NewerForm::kNotEnforced : NewerForm::kEnforced, "");
  }
  bool in_constraint(std::size_t i) const {
    if (i >= 3 && word(i - 3, "ALTER") && word(i - 2, "CONSTRAINT")) return true;
    if (i >= 1 && (word(i - 1, "DEFERRABLE") || word(i - 1, "DEFERRED") || word(i - 1, "IMMEDIATE"))) return true;
    for (std::size_t back = i; back-- > 0 && i - back < 8;)
      if (word(back, "REFERENCES")) return true;
    return false;
  }
  /// A constraint of a table: behind ADD, CONSTRAINT name, a comma or the first bracket, and followed by a column.
  void not_null(std::size_t i) {
    if (!name(i + 2) || word(i + 2, "DEFAULT") || word(i + 2, "NOT")) return;
    const bool added = i > 0 && word(i - 1, "ADD");
    const bool named = i > 1 && name(i - 1) && word(i - 2, "CONSTRAINT") &&
                       (i < 3 || word(i - 3, "ADD") || symbol(i - 3, ',') || symbol(i - 3, '('));
    const bool in_list = i > 0 && (symbol(i - 1, ',') || symbol(i - 1, '('));
    if (!added && !named && !in_list) return;
    const auto column = syntax::sql::written(sql_, tokens_[i + 2]);
    replace(i, i + 3, NewerForm::kNotNullConstraint, "CHECK(" + std::string(column) + ")");
  }
  /// ALTER CONSTRAINT name [NO] INHERIT
  void inheritance(std::size_t i) {
    if (word(i, "INHERIT")) replace(i, i + 1, NewerForm::kInherit, "");
    if (word(i, "NO") && word(i + 1, "INHERIT")) replace(i, i + 2, NewerForm::kNoInherit, "");
  }

  std::string_view sql_;
  std::string& replaced_;
  std::vector<SeenForm>& seen_;
  std::vector<Token> tokens_;
};

}  // namespace

NewerSyntax::NewerSyntax(std::string_view sql) : sql_(sql) {
  if (may_hold_newer_forms(sql)) Reader(sql, replaced_, seen_).run();
}

const SeenForm* NewerSyntax::within(NewerForm form, std::size_t begin, std::size_t end) const {
  for (const auto& one : seen_)
    if (one.form == form && one.begin >= begin && one.begin < end) return &one;
  return nullptr;
}

const SeenForm* NewerSyntax::in_clause(NewerForm form, std::size_t begin) const {
  if (seen_.empty()) return nullptr;
  const std::string_view sql = text();
  std::size_t end = begin;
  for (int depth = 0; end < sql.size(); ++end) {
    if (sql[end] == '(') ++depth;
    if (sql[end] == ')' && --depth < 0) break;
    if (sql[end] == ',' && depth == 0) break;
  }
  return within(form, begin, end);
}

}  // namespace bascule::dialects::postgres
