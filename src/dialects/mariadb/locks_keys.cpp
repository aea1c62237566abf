// Keys and constraints.
#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/altering.h"
#include "dialects/mariadb/tokens.h"
#include "model/lookup.h"

namespace bascule::dialects::mariadb {

bool Altering::is_foreign_key(const Identifier& name) const {
  const model::Constraint* found = model::find_constraint(*table_, name);
  return found != nullptr && std::holds_alternative<model::ForeignKey>(*found);
}

bool Altering::drops_primary_key() const {
  return std::any_of(statement_.changes.begin(), statement_.changes.end(),
                     [](const Change& one) { return one.kind == Kind::kDropKey && one.name.empty(); });
}

bool Altering::adds_primary_key() const {
  return std::any_of(statement_.changes.begin(), statement_.changes.end(), [](const Change& one) {
    return (one.kind == Kind::kAddKey && one.key.kind == KeyKind::kPrimary) ||
           (one.kind == Kind::kAddColumn && one.definition.primary_key);
  });
}

void Altering::add_key(const Change& one) {
  const KeyDefinition& key = one.key;
  const bool replaces = statement_.or_replace || other_change(Kind::kDropKey, one.name) != nullptr;
  if (!one.name.empty() && table_ != nullptr && model::find_index(*table_, one.name) != nullptr && !replaces)
    return refuse("there is an index " + one.name.text() + " already");
  for (const Identifier& column : key.columns)
    if (lacks(column)) return refuse("there is no column " + column_name(name_, column));
  switch (key.kind) {
    case KeyKind::kPrimary:
      if (table_ != nullptr && model::primary_key(*table_) != nullptr && !drops_primary_key())
        return refuse("the table has a primary key");
      return needs_.rebuild("rows lie in the order of the primary key");
    case KeyKind::kFulltext:
      if (!has_fulltext()) needs_.rebuild("the first FULLTEXT index of a table adds a hidden column");
      needs_.shared("a FULLTEXT index is built");
      break;
    case KeyKind::kSpatial:
      needs_.shared("a SPATIAL index is built");
      break;
    case KeyKind::kUnique:
    case KeyKind::kPlain:
      break;
  }
  needs_.index("an index is built", true);
  impact_.index_builds.push_back({{name_.schema, usual_name(key)}, plan::RelationKind::kIndex, ""});
  for (const Identifier& column : key.columns) {
    const Change* added = other_change(Kind::kAddColumn, column);
    if (added != nullptr && is_virtual(added->definition.column))
      needs_.shared("an index is built over a VIRTUAL column that is new");
  }
}

void Altering::drop_primary_key() {
  if (!adds_primary_key()) needs_.copy("without a primary key rows lie in another order");
}

void Altering::drop_key(const Change& one) {
  if (table_ == nullptr) return needs_.index("an index is dropped", false);
  if (one.name.empty()) {
    const model::PrimaryKey* key = model::primary_key(*table_);
    if (key == nullptr) return refuse("the table has no primary key");
    for (const Identifier& column : key->columns) {
      const model::Column* found = find_column(column);
      const bool indexed = any_index([&](const model::Index& index) { return leads(columns_of(index), {column}); });
      if (found != nullptr && found->autoincrement && !indexed && !adds_primary_key())
        return refuse("an AUTO_INCREMENT column needs a key: " + column.text());
    }
    if (!key->columns.empty() && !adds_primary_key() && refuse_if_referenced(key->columns.front())) return;
    return drop_primary_key();
  }
  const model::Index* index = model::find_index(*table_, one.name);
  if (index == nullptr) return refuse("there is no index " + one.name.text());
  if (server_.foreign_keys && refuse_if_needed(*index)) return;
  needs_.index("an index is dropped", false);
}

bool Altering::refuse_if_needed(const model::Index& index) {
  const auto columns = columns_of(index);
  const auto another = [&](const std::vector<Identifier>& key) {
    const model::PrimaryKey* primary = model::primary_key(*table_);
    if (primary != nullptr && leads(primary->columns, key)) return true;
    const bool added = std::any_of(statement_.changes.begin(), statement_.changes.end(), [&](const Change& one) {
      return one.kind == Kind::kAddKey && leads(one.key.columns, key);
    });
    return added || any_index([&](const model::Index& other) {
             return !(other.name == index.name) && leads(columns_of(other), key) &&
                    other_change(Kind::kDropKey, other.name) == nullptr;
           });
  };
  for (const model::Table& table : schema_.tables)
    for (const model::Constraint& constraint : table.constraints) {
      const auto* key = std::get_if<model::ForeignKey>(&constraint);
      if (key == nullptr) continue;
      const bool own = model::same_name(table.name, name_);
      const bool needed =
          (own && leads(columns, key->columns) && !drops_foreign_key(key->name) && !another(key->columns)) ||
          (model::same_name(key->referent, name_) && !key->referent_columns.empty() &&
           leads(columns, key->referent_columns) && !another(key->referent_columns));
      if (!needed) continue;
      refuse("the foreign key " + key->name.text() + " of " + display(table.name) + " needs it");
      return true;
    }
  return false;
}

void Altering::add_check(const Change& one) {
  if (!one.name.empty() && table_ != nullptr && model::find_constraint(*table_, one.name) != nullptr &&
      other_change(Kind::kDropConstraint, one.name) == nullptr)
    return refuse("there is a constraint " + one.name.text() + " already");
  needs_.copy("every row is checked by being written anew");
}

void Altering::drop_constraint(const Change& one) {
  if (table_ == nullptr) return;
  if (model::find_constraint(*table_, one.name) != nullptr) return;
  if (iequals_ascii(one.name.text(), "PRIMARY")) return drop_primary_key();
  if (model::find_index(*table_, one.name) != nullptr) return needs_.index("an index is dropped", false);
  if (!one.guarded) refuse("there is no constraint " + one.name.text());
}

void Altering::add_foreign_key(const model::ForeignKey& key) {
  if (partitioned()) return refuse("a partitioned table cannot have foreign keys");
  if (!key.name.empty() && table_ != nullptr && model::find_constraint(*table_, key.name) != nullptr &&
      !drops_foreign_key(key.name))
    return refuse("there is a constraint " + key.name.text() + " already");
  if (table_ != nullptr && refuse_target(key)) return;
  if (server_.foreign_keys) {
    if (!model::same_name(key.referent, name_)) new_parents_.push_back(key.referent);
    assume("foreign_key_checks: taken as on; with SET foreign_key_checks = 0 nothing is copied, and nothing checked");
    return needs_.copy("the rows of a new foreign key are checked by being written anew");
  }
  const bool indexed = any_index([&](const model::Index& index) { return leads(columns_of(index), key.columns); }) ||
                       (table_ != nullptr && model::primary_key(*table_) != nullptr &&
                        leads(model::primary_key(*table_)->columns, key.columns));
  const bool added = std::any_of(statement_.changes.begin(), statement_.changes.end(), [&](const Change& one) {
    return one.kind == Kind::kAddKey && leads(one.key.columns, key.columns);
  });
  if (!indexed && !added) needs_.index("an index over the key's columns is built", true);
}

bool Altering::refuse_target(const model::ForeignKey& key) {
  for (const Identifier& column : key.columns)
    if (lacks(column)) {
      refuse("there is no column " + column_name(name_, column));
      return true;
    }
  if (!server_.foreign_keys) return false;
  const model::Table* parent = model::find_table(schema_, key.referent);
  if (parent == nullptr) {
    if (server_.schema_complete) refuse("there is no table " + display(key.referent));
    return server_.schema_complete;
  }
  if (key.referent_columns.size() != key.columns.size()) return false;
  const model::PrimaryKey* primary = model::primary_key(*parent);
  const bool indexed = (primary != nullptr && leads(primary->columns, key.referent_columns)) ||
                       std::any_of(parent->indexes.begin(), parent->indexes.end(), [&](const model::Index& index) {
                         return leads(columns_of(index), key.referent_columns);
                       });
  if (!indexed) {
    refuse(display(key.referent) + " has no index that begins with the columns that the key refers to");
    return true;
  }
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const model::Column* here = find_column(key.columns[i]);
    const model::Column* there = model::find_column(*parent, key.referent_columns[i]);
    const auto* own = here == nullptr ? nullptr : std::get_if<model::RawType>(&here->type);
    const auto* other = there == nullptr ? nullptr : std::get_if<model::RawType>(&there->type);
    if (own == nullptr || other == nullptr) continue;
    const ColumnType left = read_type(own->sql);
    const ColumnType right = read_type(other->sql);
    if (left.base == right.base && left.is_unsigned == right.is_unsigned) continue;
    if (left.is_text() && right.is_text()) continue;
    refuse(key.columns[i].text() + " and " + column_name(key.referent, key.referent_columns[i]) +
           " are of different types");
    return true;
  }
  return false;
}

}  // namespace bascule::dialects::mariadb
