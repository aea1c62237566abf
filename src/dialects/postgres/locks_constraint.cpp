// Constraints: ADD, DROP, VALIDATE, ALTER.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

namespace {

constexpr std::string_view kReadToCheck = "to check that no row breaks it";

}  // namespace

bool LockModel::not_enforced(Node constraint) const {
  return newer_.in_clause(NewerForm::kNotEnforced, place_of(constraint)) != nullptr;
}

void LockModel::add_constraint(Node constraint, const Target& target) {
  const auto kind = constraint["contype"].text();
  const Identifier name = identifier_of(constraint["conname"]);
  if (!name.empty() && target.table != nullptr && facts_.constraint(*target.table, name) != nullptr &&
      kind != "CONSTR_CHECK" && !dropped(name))
    refuse(fmt::format("{} has a constraint {} already", display(target.name), name.text()));
  if (kind == "CONSTR_CHECK") {
    const bool not_null = newer_.in_clause(NewerForm::kNotNullConstraint, place_of(constraint)) != nullptr;
    return not_null ? add_not_null(constraint, target) : add_check(constraint, target);
  }
  if (kind == "CONSTR_FOREIGN")
    return add_foreign_key(target, constraint, !constraint["skip_validation"].flag() && !not_enforced(constraint),
                           identifiers_of(constraint["fk_attrs"]));
  if (kind == "CONSTR_EXCLUSION") return add_exclusion(constraint, target);
  if (constraint["indexname"]) return add_key_using_index(constraint, target);
  add_key(constraint, target, identifiers_of(constraint["keys"]));
}

void LockModel::add_check(Node constraint, const Target& target) {
  const Identifier name = identifier_of(constraint["conname"]);
  const bool no_inherit = constraint["is_no_inherit"].flag();
  if (target.table != nullptr && !target.only && (!no_inherit || major() >= 18))
    lock_children(*target.table, Mode::kAccessExclusive);
  if (target.table != nullptr && SchemaFacts::partitioned(*target.table)) {
    if (no_inherit) refuse("a check of a partitioned table holds for its partitions too");
    if (target.only && !facts_.children(*target.table).empty())
      refuse("a check is added to all partitions, or to none");
  }
  if (target.table != nullptr && !name.empty() && !dropped(name) &&
      model::find_constraint(*target.table, name) != nullptr)
    refuse(fmt::format("{} has a constraint {} already", display(target.name), name.text()));
  if (constraint["skip_validation"].flag() || not_enforced(constraint))
    return cause("rows that are there are not checked; new and changed ones are");
  const std::string said = name.empty() ? "the check" : "the check " + name.text();
  cause(fmt::format("the whole of {} is read to check that every row keeps to {}, while nobody can use it",
                    display(target.name), said));
  if (target.table == nullptr) return scan(target.name, std::string(kReadToCheck));
  for (const auto* one : facts_.with_rows(*target.table, target.only || no_inherit)) {
    // A child that has the same check already is merged with it, and not read.
    if (one != target.table && !name.empty() && model::find_constraint(*one, name) != nullptr) continue;
    scan(one->name, std::string(kReadToCheck));
  }
}

void LockModel::add_not_null(Node constraint, const Target& target) {
  const Node fields = constraint["raw_expr"]["ColumnRef"]["fields"];
  const Identifier column = identifier_of(fields.item(0)["String"]["sval"]);
  if (!constraint["skip_validation"].flag()) return set_not_null(target, column);
  if (target.table != nullptr && !target.only) lock_children(*target.table, Mode::kAccessExclusive);
  cause("rows that are there are not checked; new and changed ones are");
}

// -- keys -------------------------------------------------------------------------------------------------------------

void LockModel::make_indexes(const Target& target, const QualifiedName& name, const std::string& columns,
                             const std::string& label, Mode part_mode) {
  create(name);
  if (target.table == nullptr || !SchemaFacts::partitioned(*target.table)) {
    scan(target.name, "to build the index " + display(name));
    return build(name, "it is new");
  }
  if (target.only) return;
  const bool unique_index = label != "idx" && label != "excl";
  for (const auto* part : facts_.descendants(*target.table)) {
    lock(*part, part_mode, child_why(*part));
    // A partition's own index of the same shape becomes the part.
    const auto there = facts_.indexes(*part);
    const auto same = std::find_if(there.begin(), there.end(), [&](const IndexFact& index) {
      const bool keyed = label == "pkey" || label == "key";
      return !has_expressions(index) && joined_names(key_columns(index)) == columns && unique(index) == unique_index &&
             (!keyed || index.constraint != nullptr) && access_method(index) == "btree" && !index.of_whole;
    });
    if (same != there.end()) {
      lock(*same, Mode::kShare, "it becomes a part of the index " + display(name));
      continue;
    }
    const QualifiedName made = fresh(part->name.schema, part->name.name.text(), label == "pkey" ? "" : columns,
                                     label == "unique idx" ? "idx" : label);
    create(made);
    if (SchemaFacts::partitioned(*part)) continue;
    scan(part->name, "to build the index " + display(made));
    build(made, "a part of the index " + display(name));
  }
}

void LockModel::add_key(Node constraint, const Target& target, const std::vector<Identifier>& columns) {
  const bool primary = constraint["contype"].is("CONSTR_PRIMARY");
  const Identifier name = identifier_of(constraint["conname"]);
  const std::string label = primary ? "pkey" : "key";
  const QualifiedName index =
      name.empty() ? fresh(target.name.schema, target.name.name.text(), primary ? "" : joined_names(columns), label)
                   : QualifiedName{target.name.schema, name};
  if (target.table != nullptr) {
    const auto* before = model::primary_key(*target.table);
    if (primary && before != nullptr && !dropped(before->name))
      refuse(fmt::format("{} has a primary key already", display(target.name)));
    const auto key = model::sql_words(target.table->postgresql.partition_by);
    for (std::size_t i = 1; i < key.size(); ++i)
      if (key[i].is_name() && facts_.column(*target.table, Identifier(key[i].text)) != nullptr &&
          !model::contains(columns, Identifier(key[i].text)))
        refuse(fmt::format("a key of a partitioned table must hold its partition key {}", key[i].text));
  }
  if (primary) {
    const Target not_null{target.name, target.table, target.only, target.mode};
    for (const auto& column : columns)
      if (target.table == nullptr || facts_.column(*target.table, column) != nullptr) set_not_null(not_null, column);
  }
  cause(fmt::format("the index {} is built while nobody can read or write {}", display(index), display(target.name)));
  make_indexes(target, index, joined_names(columns), label, major() >= 18 ? Mode::kAccessExclusive : Mode::kShare);
}

void LockModel::add_key_using_index(Node constraint, const Target& target) {
  const QualifiedName used{target.name.schema, identifier_of(constraint["indexname"])};
  const Identifier name = identifier_of(constraint["conname"]);
  const bool renamed = !name.empty() && name != used.name;
  const bool primary = constraint["contype"].is("CONSTR_PRIMARY");
  Mode mode = Mode::kAccessShare;
  if (renamed) mode = major() >= 12 ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive;
  lock(used, RelationKind::kIndex, mode, "it becomes the constraint's index", target.name);
  const auto index = facts_.index(used);
  if (target.table != nullptr && SchemaFacts::partitioned(*target.table))
    refuse("a partitioned table takes no index that is there as its key");
  const auto* before = target.table == nullptr ? nullptr : model::primary_key(*target.table);
  if (primary && before != nullptr && !dropped(before->name))
    refuse(fmt::format("{} has a primary key already", display(target.name)));
  if (!index) {
    if (refuse_missing(fmt::format("there is no index {}", display(used)))) return;
    assume(fmt::format("index {} is not known: taken as a valid unique index on columns", display(used)));
    if (primary) {
      assume(fmt::format("the columns of {} are taken as nullable", display(used)));
      scan(target.name, "to check that the key is NULL in no row");
    }
    return;
  }
  if (index->constraint != nullptr) refuse(fmt::format("{} belongs to a constraint already", display(used)));
  if (!unique(*index)) refuse(fmt::format("{} is not unique", display(used)));
  if (has_expressions(*index)) refuse(fmt::format("{} has a predicate or an expression", display(used)));
  if (index->index != nullptr && index->index->postgresql.invalid)
    refuse(fmt::format("{} is not valid", display(used)));
  if (!primary) return;
  for (const auto& column : key_columns(*index)) {
    const auto* its = target.table == nullptr ? nullptr : facts_.column(*target.table, column);
    if (its != nullptr && its->not_null && its->not_null->not_valid)
      refuse(fmt::format("the NOT NULL of {} is NOT VALID: it has to be validated first", column.text()));
    set_not_null(target, column);
  }
}

void LockModel::add_exclusion(Node constraint, const Target& target) {
  std::string columns;
  const Node elements = constraint["exclusions"];
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Node element = elements.item(i)["List"]["items"].item(0)["IndexElem"];
    columns += (columns.empty() ? "" : "_") + (element["name"] ? std::string(element["name"].text()) : "expr");
  }
  const Identifier name = identifier_of(constraint["conname"]);
  const QualifiedName index = name.empty() ? fresh(target.name.schema, target.name.name.text(), columns, "excl")
                                           : QualifiedName{target.name.schema, name};
  cause(fmt::format("the index {} is built and every row compared with it while nobody can read or write {}",
                    display(index), display(target.name)));
  make_indexes(target, index, columns, "excl", major() >= 18 ? Mode::kAccessExclusive : Mode::kShare);
}

// -- DROP, VALIDATE, ALTER --------------------------------------------------------------------------------------------

void LockModel::drop_constraint(Node command, const Target& target) {
  const Identifier name = identifier_of(command["name"]);
  if (target.table == nullptr)
    return assume(fmt::format("constraint {} of {} is not known: a foreign key's other table would be locked too",
                              name.text(), display(target.name)));
  const auto* constraint = facts_.constraint(*target.table, name);
  if (constraint == nullptr) {
    if (major() >= 18 && SchemaFacts::not_null_named(*target.table, name) != nullptr) {
      if (!target.only) lock_children(*target.table, Mode::kAccessExclusive);
      return;
    }
    if (!command["missing_ok"].flag() &&
        !refuse_missing(fmt::format("{} has no constraint {}", display(target.name), name.text())))
      assume(fmt::format("constraint {} of {} is not known", name.text(), display(target.name)));
    return;
  }
  drop_one_constraint(*target.table, *constraint, cascades(command));
  const auto* check = std::get_if<model::CheckConstraint>(constraint);
  const bool goes_down = check != nullptr ? !check->no_inherit : SchemaFacts::partitioned(*target.table);
  if (!goes_down || target.only) return;
  for (const auto* child : facts_.descendants(*target.table)) {
    lock(*child, Mode::kAccessExclusive, child_why(*child));
    for (const auto& index : facts_.indexes(*child))
      if (index.of_whole && index.constraint == constraint)
        lock(index, Mode::kAccessExclusive, "it goes with the constraint " + name.text());
  }
}

void LockModel::drop_one_constraint(const model::Table& table, const model::Constraint& constraint, bool cascade) {
  const Identifier& name = model::constraint_name(constraint);
  if (const auto* key = std::get_if<model::ForeignKey>(&constraint)) {
    lock_referent(key->referent, Mode::kAccessExclusive,
                  fmt::format("the foreign key {} refers to it: its triggers there go", name.text()));
    return cause(fmt::format("a foreign key has triggers on both tables: nobody can read {} either, for a moment",
                             display(key->referent)));
  }
  if (std::holds_alternative<model::CheckConstraint>(constraint)) return;
  for (const auto& index : facts_.indexes(table))
    if (index.constraint == &constraint)
      lock(index, Mode::kAccessExclusive, "it goes with the constraint " + name.text());
  auto columns = model::constraint_columns(constraint);
  std::sort(columns.begin(), columns.end());
  for (const auto& one : facts_.keys_to(table)) {
    auto wanted = one.key->referent_columns;
    std::sort(wanted.begin(), wanted.end());
    const bool uses = wanted.empty() ? std::holds_alternative<model::PrimaryKey>(constraint) : wanted == columns;
    if (!uses) continue;
    if (!cascade) {
      refuse(fmt::format("the foreign key {} of {} needs it", one.key->name.text(), display(one.table->name)));
      continue;
    }
    lock(*one.table, Mode::kAccessExclusive, fmt::format("its foreign key {} goes too", one.key->name.text()));
  }
}

void LockModel::validate_constraint(Node command, const Target& target) {
  const Identifier name = identifier_of(command["name"]);
  if (target.table == nullptr) {
    assume(fmt::format("constraint {} of {} is not known: taken as a check that is not valid yet", name.text(),
                       display(target.name)));
    return scan(target.name, std::string(kReadToCheck));
  }
  const auto* constraint = facts_.constraint(*target.table, name);
  const auto* column = major() >= 18 ? SchemaFacts::not_null_named(*target.table, name) : nullptr;
  if (column != nullptr) {
    if (!target.only) lock_children(*target.table, target.mode);
    if (column->not_null && column->not_null->not_valid)
      scan_tables(target, fmt::format("to check that {} is NULL in no row", column->name.text()));
    return;
  }
  if (constraint == nullptr) {
    if (refuse_missing(fmt::format("{} has no constraint {}", display(target.name), name.text()))) return;
    assume(fmt::format("constraint {} of {} is not known: taken as a check that is not valid yet", name.text(),
                       display(target.name)));
    return scan_tables(target, std::string(kReadToCheck));
  }
  if (const auto* key = std::get_if<model::ForeignKey>(constraint)) {
    if (key->not_enforced) return refuse(fmt::format("{} is not enforced", name.text()));
    if (!key->not_valid) return cause(fmt::format("{} is valid already: nothing is read", name.text()));
    const auto* referent = known(key->referent);
    lock(referent == nullptr ? key->referent : referent->name, RelationKind::kTable, Mode::kRowShare,
         "the table that the foreign key refers to");
    cause("rows are read while others write: VALIDATE stops schema changes and vacuum only");
    if (SchemaFacts::partitioned(*target.table) && !target.only) lock_children(*target.table, target.mode);
    for (const auto* one : facts_.with_rows(*target.table, target.only)) check_foreign_key(*one, key->referent);
    return;
  }
  const auto* check = std::get_if<model::CheckConstraint>(constraint);
  if (check == nullptr) return refuse(fmt::format("{} is neither a foreign key nor a check", name.text()));
  if (check->not_enforced) return refuse(fmt::format("{} is not enforced", name.text()));
  if (!check->not_valid) return cause(fmt::format("{} is valid already: nothing is read", name.text()));
  if (!target.only && !check->no_inherit) lock_children(*target.table, target.mode);
  cause("rows are read while others write: VALIDATE stops schema changes and vacuum only");
  scan_tables({target.name, target.table, target.only || check->no_inherit, target.mode}, std::string(kReadToCheck));
}

void LockModel::alter_constraint(Node command, const Target& target) {
  const Identifier name = identifier_of(command["def"]["Constraint"]["conname"]);
  if (target.table == nullptr)
    return assume(fmt::format("constraint {} of {} is not known", name.text(), display(target.name)));
  const auto* constraint = facts_.constraint(*target.table, name);
  const auto* key = constraint == nullptr ? nullptr : std::get_if<model::ForeignKey>(constraint);
  const bool inherits = newer_.within(NewerForm::kInherit, 0, newer_.text().size()) != nullptr;
  const bool stops = newer_.within(NewerForm::kNoInherit, 0, newer_.text().size()) != nullptr;
  if (inherits || stops) return lock_children(*target.table, Mode::kAccessExclusive);
  if (key == nullptr) {
    if (constraint != nullptr) return refuse(fmt::format("{} is no foreign key", name.text()));
    if (major() >= 18 && SchemaFacts::not_null_named(*target.table, name) != nullptr) return;
    refuse_missing(fmt::format("{} has no constraint {}", display(target.name), name.text()));
    return;
  }
  if (SchemaFacts::partitioned(*target.table)) lock_children(*target.table, Mode::kAccessExclusive);
  if (newer_.within(NewerForm::kNotEnforced, 0, newer_.text().size()) != nullptr) {
    if (!key->not_enforced) lock_referent(key->referent, Mode::kAccessExclusive, "the foreign key's triggers there go");
    return;
  }
  if (newer_.within(NewerForm::kEnforced, 0, newer_.text().size()) == nullptr || !key->not_enforced) return;
  lock_referent(key->referent, Mode::kShareRowExclusive, "the table that the foreign key refers to");
  cause("a foreign key that is enforced again is checked on every row");
  for (const auto* one : facts_.with_rows(*target.table, false)) check_foreign_key(*one, key->referent);
}

}  // namespace bascule::dialects::postgres
