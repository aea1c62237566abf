// Foreign keys: what a new one locks and reads on both of its tables.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/locks_parts.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

namespace {

/// Whether an equality of the two columns is sure to exist, or not known not to.
bool comparable(const model::Column& a, const model::Column& b) {
  const auto family = [](const model::Column& column) {
    const std::string type = SchemaFacts::spelled(column.type);
    const std::string_view base = std::string_view(type).substr(0, type.find('('));
    if (base == "smallint" || base == "integer" || base == "bigint" || base == "numeric") return 1;
    if (base == "text" || base == "character varying" || base == "character") return 2;
    if (base == "uuid") return 3;
    return 0;
  };
  return family(a) == family(b) || family(a) == 0 || family(b) == 0;
}

bool same_key(const model::ForeignKey& a, const std::vector<Identifier>& columns, const QualifiedName& referent) {
  return a.columns == columns && model::same_name(a.referent, referent);
}

}  // namespace

void LockModel::lock_referent(const QualifiedName& referent, Mode mode, const std::string& why) {
  const auto* table = facts_.table(referent);
  lock(table == nullptr ? referent : table->name, RelationKind::kTable, mode, why);
  if (table != nullptr && SchemaFacts::partitioned(*table)) lock_children(*table, mode);
}

bool LockModel::attachable_key(const model::Table& part, Node constraint,
                               const std::vector<Identifier>& columns) const {
  const QualifiedName referent = relation_of(constraint["pktable"]);
  for (const auto& one : part.constraints) {
    const auto* key = std::get_if<model::ForeignKey>(&one);
    if (key != nullptr && same_key(*key, columns, referent) && !key->not_enforced && (!key->not_valid || major() >= 18))
      return true;
  }
  return false;
}

void LockModel::check_foreign_key(const model::Table& table, const QualifiedName& referent) {
  const std::string why = "to check that every row refers to one that is there";
  scan(table.name, why);
  lock_indexes(table, Mode::kAccessShare, "the check of the foreign key plans a query over it");
  const auto* other = facts_.table(referent);
  if (other == nullptr) return scan(referent, "the rows that are referred to");
  read_relation(referent, Mode::kAccessShare, "the check of the foreign key reads it");
  for (const auto* one : facts_.with_rows(*other, !SchemaFacts::partitioned(*other)))
    scan(one->name, "the rows that are referred to");
}

void LockModel::add_foreign_key(const Target& target, Node constraint, bool validate,
                                const std::vector<Identifier>& columns) {
  const QualifiedName referent = relation_of(constraint["pktable"]);
  const Identifier name = identifier_of(constraint["conname"]);
  const model::Table* other = model::same_name(referent, target.name) ? target.table : known(referent);
  for (const auto& column : columns) has_column(target, column);
  lock_referent(referent, Mode::kShareRowExclusive, "the table that the foreign key refers to");
  cause(fmt::format("a foreign key puts triggers on both tables: writes to {} wait too", display(referent)));
  const bool partitioned = target.table != nullptr && SchemaFacts::partitioned(*target.table);
  if (other != nullptr && SchemaFacts::partitioned(*other) && major() < 12)
    refuse("foreign keys to partitioned tables are new in PostgreSQL 12");
  if (other != nullptr) {
    auto wanted = identifiers_of(constraint["pk_attrs"]);
    const auto* primary = model::primary_key(*other);
    if (wanted.empty() && primary == nullptr && !other->columns.empty())
      refuse(fmt::format("{} has no primary key to refer to", display(referent)));
    std::sort(wanted.begin(), wanted.end());
    const auto indexes = facts_.indexes(*other);
    const bool matched = wanted.empty() || std::any_of(indexes.begin(), indexes.end(), [&](const IndexFact& index) {
                           auto keys = key_columns(index);
                           std::sort(keys.begin(), keys.end());
                           return unique(index) && !has_expressions(index) && keys == wanted;
                         });
    if (!matched && !other->columns.empty())
      refuse(fmt::format("no unique constraint of {} has the columns {}", display(referent), listed(wanted)));
  }
  if (other != nullptr && target.table != nullptr) {
    auto wanted = identifiers_of(constraint["pk_attrs"]);
    if (const auto* primary = model::primary_key(*other); wanted.empty() && primary != nullptr)
      wanted = primary->columns;
    for (std::size_t i = 0; i < columns.size() && i < wanted.size(); ++i) {
      const auto* here = facts_.column(*target.table, columns[i]);
      const auto* there = facts_.column(*other, wanted[i]);
      if (here != nullptr && there != nullptr && !comparable(*here, *there))
        refuse(fmt::format("{} and {} are of types that are not compared", columns[i].text(), wanted[i].text()));
    }
  }
  const bool heirs_too = major() >= 18 && target.table != nullptr;
  if ((partitioned || heirs_too) && !target.only) lock_children(*target.table, Mode::kShareRowExclusive);
  if (partitioned && constraint["skip_validation"].flag() && major() < 18)
    refuse("a foreign key of a partitioned table can be NOT VALID since PostgreSQL 18 only");
  if (!partitioned) {
    if (!validate) return;
    cause(fmt::format("the whole of {} and of {} is read to check the rows that are there", display(target.name),
                      display(referent)));
    if (target.table != nullptr) return check_foreign_key(*target.table, referent);
    scan(target.name, "to check that every row refers to one that is there");
    scan(referent, "the rows that are referred to");
    if (other != nullptr) lock_indexes(*other, Mode::kAccessShare, "the check of the foreign key reads it");
    return;
  }
  for (const auto* part : facts_.with_rows(*target.table, false)) {
    const bool attached = attachable_key(*part, constraint, columns);
    // The triggers of the partition's own key go: they sit on the other table.
    if (attached)
      lock_referent(referent, Mode::kAccessExclusive,
                    fmt::format("the foreign key that {} has already becomes a part of this one", display(part->name)));
    const bool checked =
        attached && std::any_of(part->constraints.begin(), part->constraints.end(), [&](const auto& one) {
          const auto* key = std::get_if<model::ForeignKey>(&one);
          return key != nullptr && same_key(*key, columns, referent) && !key->not_valid;
        });
    if (validate && !checked) check_foreign_key(*part, referent);
  }
}

}  // namespace bascule::dialects::postgres
