// SET NOT NULL on a table that is in use.
// Needs: PostgreSQL 12: before, the server does not believe a check.
// Does: up to 17 a check that the column is not NULL, NOT VALID and then validated; SET NOT NULL, which finds the check
// and reads nothing; and the check goes, in the same transaction. From 18 on NOT NULL itself is added NOT VALID and
// validated.
// The same end: the column is NOT NULL; the check that helped is gone; from 18 on the constraint has the name that the
// server would have given it.
#include <fmt/core.h>

#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

constexpr std::size_t kNameBytes = 63;

/// A name of ours that no constraint of the table has.
Identifier helper_name(const model::Table& table, const Identifier& column) {
  std::string base = "bascule_not_null_" + column.text();
  for (int number = 0;; ++number) {
    const std::string end = number == 0 ? std::string() : std::to_string(number);
    std::size_t bytes = std::min(base.size(), kNameBytes - end.size());
    while (bytes > 0 && bytes < base.size() && (static_cast<unsigned char>(base[bytes]) & 0xC0U) == 0x80U) --bytes;
    Identifier name(base.substr(0, bytes) + end);
    if (model::find_constraint(table, name) == nullptr) return name;
  }
}

/// As the server names it, where that is plain to see; empty: it would cut or number it.
Identifier not_null_name(const model::Table& table, const Identifier& column, const model::Schema& before) {
  std::string name = table.name.name.text() + "_" + column.text() + "_not_null";
  if (name.size() > kNameBytes) return {};
  for (const model::Table& other : before.tables) {
    if (model::find_constraint(other, Identifier(name)) != nullptr) return {};
    for (const model::Column& one : other.columns)
      if (one.not_null && one.not_null->name.text() == name) return {};
  }
  return Identifier(name);
}

Drafts by_not_null(const model::AlterColumn& altered, const Identifier& name, const Sight& sight) {
  model::AlterColumn added = altered;
  added.not_null = model::Column::NotNull{name, true};
  std::string sql =
      fmt::format("ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {} NOT VALID", sight.dialect.quote(altered.table),
                  sight.dialect.quote(name), sight.dialect.quote(altered.column));
  return {{.operation = added,
           .sql = std::move(sql),
           .reason = "new rows are checked from here on; nothing is read",
           .settled = true},
          {.operation = model::ValidateConstraint{altered.table, name},
           .reason = "the rows that are there are checked while others read and write",
           .settled = true}};
}

Drafts by_check(const model::AlterColumn& altered, const Identifier& name, const Sight& sight) {
  model::CheckConstraint check;
  check.name = name;
  check.sql = model::TextExpr{sight.dialect.quote(altered.column) + " IS NOT NULL"};
  check.not_valid = true;
  model::DropConstraint gone{.table = altered.table, .name = name, .kind = model::ConstraintKind::kCheck};
  return {{.operation = model::AddConstraint{altered.table, check, false},
           .reason = "new rows are checked from here on; nothing is read",
           .settled = true},
          {.operation = model::ValidateConstraint{altered.table, name},
           .reason = "the rows that are there are checked while others read and write",
           .settled = true},
          {.operation = altered, .reason = "the check proves it: nothing is read", .settled = true, .with_next = true},
          {.operation = gone, .reason = "the check has done its work", .settled = true}};
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* altered = std::get_if<model::AlterColumn>(&operation);
  if (altered == nullptr || !altered->nullable || *altered->nullable || altered->type || altered->not_null)
    return std::nullopt;
  const model::Table* table = sight.old_table(altered->table);
  if (!sight.hazard || table == nullptr || sight.server.major < 12) return std::nullopt;
  const bool whole = table->postgresql.partition_by.empty() && table->postgresql.inherits.empty();
  if (sight.server.major >= 18 && whole)
    if (const Identifier name = not_null_name(*table, altered->column, sight.before); !name.empty())
      return by_not_null(*altered, name, sight);
  return by_check(*altered, helper_name(*table, altered->column), sight);
}

}  // namespace

const Rewrite set_not_null = {
    .id = "set_not_null",
    .naive = "`SET NOT NULL`",
    .online =
        "`ADD CHECK (c IS NOT NULL) NOT VALID`; `VALIDATE`; `SET NOT NULL` and the check dropped in one "
        "transaction. From PostgreSQL 18 on `ADD ... NOT NULL c NOT VALID`; `VALIDATE`",
    .needs = "PostgreSQL 12",
    .same = "the column is `NOT NULL`, under the server's own name, and the check is gone",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
