// Changes of rows that may be split: which, and along what. Splitting is equivalent where what becomes of a row depends
// on that row alone (online_rows.cpp): each is then written once, in whatever order.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/locks_parts.h"
#include "dialects/postgres/online.h"
#include "dialects/postgres/online_rows.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"

namespace bascule::dialects::postgres {

namespace {

/// Types whose equal values are the same value: not 1.0 and 1.00, not 1 day and 24 hours, not {"a": 1} in two
/// spellings.
constexpr auto kEqualIsSame = std::to_array<std::string_view>({
    "bigint",
    "boolean",
    "bytea",
    "character varying",
    "date",
    "integer",
    "smallint",
    "text",
    "timestamp with time zone",
    "timestamp without time zone",
    "uuid",
});

class Splitting {
 public:
  Splitting(std::string_view sql, Node statement, const model::Schema& schema) : row_(sql, statement, schema) {}

  Result<plan::Backfill, std::string> read() {
    if (std::string why = row_.depends(); !why.empty()) return failure(std::move(why));
    if (std::string why = choose_key(); !why.empty()) return failure(std::move(why));
    texts();
    // Along ctid rows are looked for until none is left: they have to tell.
    if (made_.key_sql.empty() && row_.updates() && made_.wrong_sql.empty())
      return failure(fmt::format("{} has no key to walk along, and its rows do not tell whether they are done",
                                 display(row_.table().name)));
    return std::move(made_);
  }

 private:
  // -- The key ------------------------------------------------------------------------------------------------------

  std::string choose_key() {
    const std::vector<Identifier> key = key_columns_of_table();
    if (names_rows_by(key)) return "it names its rows by their key";
    for (const Identifier& column : key) {
      made_.key_sql.push_back(postgres_dialect().quote(column));
      made_.key_types.push_back(SchemaFacts::spelled(model::find_column(row_.table(), column)->type));
    }
    if (!key.empty()) return {};
    if (!row_.table().postgresql.partition_by.empty())
      return fmt::format("{} is partitioned and has no key to walk along", display(row_.table().name));
    // Along ctid a changed row may be met again where it has moved to.
    const bool again = std::any_of(row_.values().columns.begin(), row_.values().columns.end(),
                                   [&](const Identifier& one) { return model::contains(row_.assigned(), one); });
    if (row_.updates() && (again || row_.values().of_each_row) && filled_column().empty())
      return fmt::format("{} has no key to walk along, and no row may be written twice", display(row_.table().name));
    return {};
  }

  /// SET c = random() WHERE c IS NULL: what was written is not met again. Empty: it is nothing of the kind.
  Identifier filled_column() const {
    const bool one = row_.assigned().size() == 1 && row_.values().of_each_row && row_.values().columns.empty();
    if (!one || !row_.where_null(row_.assigned().front())) return {};
    bool may_be_null = false;
    walk_tree(row_.target(0)["val"], [&](Node node, bool) {
      may_be_null = may_be_null || node["CaseExpr"] || node["SubLink"] || node["SetToDefault"] ||
                    node["A_Const"]["isnull"].flag() || node["A_Expr"]["kind"].is("AEXPR_NULLIF");
    });
    return may_be_null ? Identifier() : row_.assigned().front();
  }

  std::vector<Identifier> key_columns_of_table() const {
    if (const model::PrimaryKey* key = model::primary_key(row_.table());
        key != nullptr && usable(key->columns, key->deferral))
      return key->columns;
    for (const model::Constraint& one : row_.table().constraints)
      if (const auto* key = std::get_if<model::UniqueConstraint>(&one);
          key != nullptr && usable(key->columns, key->deferral))
        return key->columns;
    for (const model::Index& index : row_.table().indexes) {
      const bool plain = index.unique && !index.postgresql.where && !index.postgresql.invalid &&
                         !index.postgresql.only_here && index.postgresql.using_method.empty();
      std::vector<Identifier> columns;
      for (const model::IndexElement& element : index.elements)
        if (const auto* column = std::get_if<model::ColumnExpr>(&element.sql)) columns.push_back(column->column);
      if (plain && columns.size() == index.elements.size() && usable(columns, {})) return columns;
    }
    return {};
  }

  bool usable(const std::vector<Identifier>& columns, const model::Deferral& deferral) const {
    if (columns.empty() || deferral.deferrable.value_or(false)) return false;
    return std::all_of(columns.begin(), columns.end(), [&](const Identifier& name) {
      const model::Column* column = model::find_column(row_.table(), name);
      const bool unchecked = column != nullptr && column->not_null && column->not_null->not_valid;
      return column != nullptr && !column->nullable && !unchecked && !model::contains(row_.assigned(), name) &&
             !SchemaFacts::spelled(column->type).empty();
    });
  }

  /// WHERE id = 1, WHERE id IN (1, 2): a handful of rows that the author counted.
  bool names_rows_by(const std::vector<Identifier>& key) const {
    if (key.size() != 1) return false;
    std::vector<Node> left = {row_.node()["whereClause"]};
    while (!left.empty()) {
      const Node node = left.back();
      left.pop_back();
      if (const Node both = node["BoolExpr"]; both && both["boolop"].is("AND_EXPR")) {
        for (std::size_t i = 0; i < both["args"].size(); ++i) left.push_back(both["args"].item(i));
        continue;
      }
      const Node test = node["A_Expr"];
      if (!test || (!test["kind"].is("AEXPR_OP") && !test["kind"].is("AEXPR_IN"))) continue;
      if (!test["name"].item(0)["String"]["sval"].is("=")) continue;
      const Node fields = test["lexpr"]["ColumnRef"]["fields"];
      if (fields.size() == 0 || identifier_of(fields.item(fields.size() - 1)["String"]["sval"]) != key.front())
        continue;
      if (test["rexpr"]["A_Const"] || test["rexpr"]["TypeCast"]["arg"]["A_Const"] || test["rexpr"]["List"]) return true;
    }
    return false;
  }

  // -- The texts ----------------------------------------------------------------------------------------------------

  /// As they are written: which table a name means is the server's to say, so that the table keeps its alias.
  void texts() {
    const StatementText& text = row_.text();
    made_.table = row_.table().name;
    made_.table_sql = postgres_dialect().quote(row_.table().name);
    if (!row_.alias().empty()) made_.alias_sql = postgres_dialect().quote(row_.alias());
    made_.where_sql = text.slice(row_.where_part());
    made_.set_sql = text.slice(row_.set_part());
    if (row_.updates()) made_.wrong_sql = wrong();
  }

  /// Rows that are not yet as they shall be; empty where a row does not tell, or where to leave out one that is right
  /// already would be seen: by a trigger.
  std::string wrong() const {
    if (!row_.triggers().empty()) return {};
    if (const Identifier column = filled_column(); !column.empty())
      return postgres_dialect().quote(column) + " IS NULL";
    if (row_.values().of_each_row) return {};
    const std::vector<StatementText::Range> written = row_.written();
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < written.size(); ++i) {
      const Node value = row_.target(i)["val"];
      const model::Column* column = model::find_column(row_.table(), row_.assigned()[i]);
      if (value.tag() == "SetToDefault" || column == nullptr || !equal_is_same(*column)) return {};
      Reading reading;
      static_cast<void>(row_.look_at(value, reading));
      if (std::any_of(reading.columns.begin(), reading.columns.end(),
                      [&](const Identifier& read) { return model::contains(row_.assigned(), read); }))
        return {};
      // As it will be stored: 1.5 in an integer column is 2.
      parts.push_back(fmt::format("{} IS DISTINCT FROM CAST(({}) AS {})", postgres_dialect().quote(row_.assigned()[i]),
                                  row_.text().slice({written[i].begin + 2, written[i].end}),
                                  SchemaFacts::spelled(column->type)));
    }
    return join(parts, " OR ");
  }

  bool equal_is_same(const model::Column& column) const {
    const auto written = postgres_dialect().type(column.type);
    if (!written || column.computed) return false;
    const SpelledType type = canonical_type(*written);
    // A collation may hold texts for equal that are not the same.
    if (!type.collation.empty()) return false;
    if (row_.facts().is_enum(type.sql)) return true;
    std::string plain = type.sql;  // character varying(20), timestamp(3) with time zone
    if (const auto open = plain.find('('); open != std::string::npos) plain.erase(open, plain.find(')') + 1 - open);
    return std::find(kEqualIsSame.begin(), kEqualIsSame.end(), plain) != kEqualIsSame.end();
  }

  RowChange row_;
  plan::Backfill made_;
};

}  // namespace

Result<plan::Backfill, std::string> PostgresOnline::batches(std::string_view statement,
                                                            const model::Schema& before) const {
  const ParseTree tree(statement);
  if (tree.problem() || tree.statement_count() != 1) return failure(std::string("it could not be read"));
  return Splitting(statement, tree.statement(0), before).read();
}

std::string PostgresOnline::side_effect(std::string_view update, const model::Schema& before) const {
  const ParseTree tree(update);
  if (tree.problem() || tree.statement_count() != 1) return "it could not be read";
  const RowChange change(update, tree.statement(0), before);
  return change.known() ? change.side_effect() : "its table is not known";
}

}  // namespace bascule::dialects::postgres
