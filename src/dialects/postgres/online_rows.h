// What: one UPDATE or DELETE on its way into batches: its parts, what its expressions speak of, and why what becomes of
// a row may depend on other rows. Internal to this folder.
// Must not know: how batches are run.
// Invariants: what is not known is taken as depending on other rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/postgres/locks_schema.h"
#include "dialects/postgres/parse_tree.h"
#include "dialects/postgres/statement_text.h"
#include "model/schema.h"

namespace bascule::dialects::postgres {

/// Looks at every node of a tree, and tells whether it stands inside of a query.
template <class Look>
void walk_tree(Node tree, Look look) {
  std::vector<std::pair<Node, bool>> left = {{tree, false}};
  while (!left.empty()) {
    const auto [node, in_query] = left.back();
    left.pop_back();
    look(node, in_query);
    const bool inside = in_query || node["SubLink"];
    for (std::size_t i = 0; i < node.size(); ++i) left.emplace_back(node.item(i), inside);
    for (std::size_t i = 0; i < node.member_count(); ++i) left.emplace_back(node.member(i), inside);
  }
}

/// What a function of the server's own gives. kEachRow: something else for each row; kTransaction: the same for all
/// rows of one transaction; kSteady: what its arguments say; kUnknown: it is none that is known.
enum class BuiltIn : std::uint8_t { kSteady, kEachRow, kTransaction, kVolatile, kUnknown };
BuiltIn built_in(const QualifiedName& function, std::size_t arguments);

/// What an expression, or several, speak of.
struct Reading {
  bool of_each_row = false;         ///< random(), nextval() ...
  bool of_the_transaction = false;  ///< now() ...
  std::vector<Identifier> columns;
};

struct TriggerFact {
  Identifier name;
  bool each_row = false;
  bool whole = false;               ///< it sees all rows that are changed, by a transition table
  bool deferred = false;            ///< it may run when the transaction ends
  std::vector<Identifier> columns;  ///< of UPDATE OF; empty: any
  QualifiedName function;
};

class RowChange {
 public:
  /// @param statement wrapped; lives longer, as do the others.
  RowChange(std::string_view sql, Node statement, const model::Schema& schema);

  /// Whether its table is; the others below may be asked only then.
  bool known() const { return table_ != nullptr; }
  const StatementText& text() const { return text_; }
  Node node() const { return node_; }
  bool updates() const { return updates_; }
  const model::Table& table() const { return *table_; }
  const Identifier& alias() const { return alias_; }
  const SchemaFacts& facts() const { return facts_; }
  std::size_t target_count() const { return node_["targetList"].size(); }
  Node target(std::size_t index) const { return node_["targetList"].item(index)["ResTarget"]; }
  const std::vector<Identifier>& assigned() const { return assigned_; }
  /// Of what is assigned.
  const Reading& values() const { return values_; }

  /// What follows SET and WHERE; empty where there is none.
  StatementText::Range set_part() const;
  StatementText::Range where_part() const;
  /// "column = value", one for each target; none where they are written otherwise: (a, b) = (1, 2).
  std::vector<StatementText::Range> written() const;
  /// Whether its condition is that this column is null, and nothing else.
  bool where_null(const Identifier& column) const;

  /// Why it cannot be split; empty: what becomes of a row depends on that row alone. values() is known then.
  std::string depends();
  /// Why what this expression gives may depend on other rows, or not be known; empty: it does not.
  std::string look_at(Node tree, Reading& out) const;
  /// Triggers of the table, or of its parts, that the statement fires.
  std::vector<TriggerFact> triggers() const;
  /// OnlineDialect::side_effect.
  std::string side_effect() const;

 private:
  std::string refuse_form() const;
  std::string refuse_table() const;
  std::string refuse_queries();
  std::string refuse_values();
  std::string refuse_default(const model::Column& column);
  std::string refuse_triggers() const;
  std::string refuse_references() const;
  std::string refuse_deferred() const;
  /// nullopt: it is none of the user's; a text: why it must not be called, if not empty.
  std::optional<std::string> of_users_function(const QualifiedName& name) const;
  bool speaks_of_table(std::string_view text) const;
  bool same_place(Node relation) const;
  bool assigns(const std::vector<Identifier>& columns) const;
  void note_column(Node column, Reading& out) const;
  /// The table, its parts and heirs, and those that it is a part or an heir of, with theirs.
  std::vector<const model::Table*> family(const model::Table& table) const;

  StatementText text_;
  Node node_;
  std::string tag_;
  const model::Schema& schema_;
  SchemaFacts facts_;
  const model::Table* table_ = nullptr;
  Identifier alias_;
  bool updates_ = false;
  std::vector<Identifier> assigned_;
  Reading values_;
  Reading condition_;
  std::vector<const model::Table*> read_;  ///< by queries in it
};

}  // namespace bascule::dialects::postgres
