// ALTER TABLE on columns: new ones, dropped ones, NOT NULL, identity, generated.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

/// A column as ADD COLUMN makes it.
struct LockModel::NewColumn {
  Identifier name;
  bool not_null = false;
  bool has_default = false;  ///< DEFAULT, or what stands for one; NULL too
  bool filled = false;       ///< old rows get a value
  bool generated = false;
  bool virtual_column = false;
  std::string rewrites = {};  ///< why the table is written anew; empty: it is not
  std::string scans = {};     ///< why it is read
  std::vector<Node> keys = {};
  std::vector<Node> references = {};
};

namespace {

bool is_serial(Node type_name) {
  const auto last = type_name["names"].item(type_name["names"].size() - 1)["String"]["sval"].text();
  return type_name["names"].size() == 1 && !type_name["arrayBounds"] &&
         (last == "serial" || last == "bigserial" || last == "smallserial" || last == "serial2" || last == "serial4" ||
          last == "serial8");
}

bool is_null(Node expression) { return expression["A_Const"]["isnull"].flag(); }

}  // namespace

void LockModel::add_column(Node command, const Target& target) {
  const Node definition = command["def"]["ColumnDef"];
  NewColumn made{.name = identifier_of(definition["colname"])};
  added_.push_back(made.name);
  if (target.table != nullptr) {
    const bool exists =
        facts_.column(*target.table, made.name) != nullptr && !model::contains(dropped_columns_, made.name);
    if (exists && command["missing_ok"].flag())
      return cause(fmt::format("{} has a column {} already: nothing is done, and yet the lock is waited for",
                               display(target.name), made.name.text()));
    if (exists) refuse(fmt::format("{} has a column {} already", display(target.name), made.name.text()));
    if (SchemaFacts::is_partition(*target.table)) refuse("a partition gets its columns from the partitioned table");
    if (!target.only) lock_children(*target.table, Mode::kAccessExclusive);
    if (target.only && !facts_.children(*target.table).empty())
      refuse("a column is added to all tables that inherit, or to none");
  }
  if (is_serial(definition["typeName"])) {
    create(fresh(target.name.schema, target.name.name.text(), made.name.text(), "seq"));
    made.has_default = made.filled = made.not_null = true;
    made.rewrites =
        fmt::format("{} is serial: every row gets a number, so the whole table is written anew", made.name.text());
  }
  const Node constraints = definition["constraints"];
  for (std::size_t i = 0; i < constraints.size(); ++i)
    new_column_constraint(constraints.item(i)["Constraint"], target, made);
  const std::string type = type_of(definition["typeName"]);
  const model::Domain* domain = facts_.domain(type);
  if (domain != nullptr && !made.has_default && domain->server_default) {
    const auto facts = expression_of(SchemaFacts::sql_of(*domain->server_default));
    made.has_default = made.filled = true;
    if (facts.volatility == Volatility::kVolatile && major() >= 13)
      made.rewrites = fmt::format("the default of the domain {} is volatile", type);
  }
  if (domain != nullptr && (domain->check || domain->not_null.value_or(false)) && !made.virtual_column)
    made.rewrites =
        fmt::format("the domain {} has a constraint: the whole table is written anew to check each row", type);
  if (made.not_null && !made.filled && !made.generated) {
    made.scans = fmt::format("to check that no row lacks a value in {}", made.name.text());
    refuse(fmt::format("column {} would be NULL in the rows that are there: it needs a default, or an empty table",
                       made.name.text()));
  }
  if (made.not_null && made.virtual_column)
    made.scans = fmt::format("to check that {} is NULL in no row", made.name.text());
  if (!made.rewrites.empty()) rewrite_tables(target, made.rewrites);
  if (!made.scans.empty()) {
    scan_tables(target, made.scans);
    cause(fmt::format("the whole of {} is read {}", display(target.name), made.scans));
  }
  new_column_keys(target, made);
}

void LockModel::new_column_default(Node tree, NewColumn& made) {
  made.has_default = true;
  made.filled = !is_null(tree);
  const auto facts = expression(tree);
  if (!facts.assumed.empty()) assume(fmt::format("function {} is not known: taken as volatile", facts.assumed));
  if (facts.volatility != Volatility::kVolatile) return;
  made.rewrites =
      fmt::format("the default {} is volatile: every row gets a value of its own, so the whole table is written anew",
                  facts.volatile_part);
  for (const auto& sequence : facts.sequences)
    lock(sequence, RelationKind::kSequence, Mode::kRowExclusive, "the default takes numbers from it");
}

void LockModel::new_column_constraint(Node constraint, const Target& target, NewColumn& made) {
  const auto kind = constraint["contype"].text();
  if (kind == "CONSTR_NOTNULL") {
    made.not_null = true;
  } else if (kind == "CONSTR_DEFAULT") {
    const std::size_t place = place_of(constraint);
    if (newer_.within(NewerForm::kVirtual, place, place + 1) != nullptr) {
      made.generated = made.virtual_column = true;
      return has_columns(target, constraint["raw_expr"]);
    }
    new_column_default(constraint["raw_expr"], made);
  } else if (kind == "CONSTR_IDENTITY") {
    made.filled = made.not_null = true;
    create(fresh(target.name.schema, target.name.name.text(), made.name.text(), "seq"));
    made.rewrites =
        fmt::format("{} is an identity: every row gets a number, so the whole table is written anew", made.name.text());
  } else if (kind == "CONSTR_GENERATED") {
    const auto facts = expression(constraint["raw_expr"]);
    has_columns(target, constraint["raw_expr"]);
    if (facts.volatility == Volatility::kVolatile && facts.assumed.empty())
      refuse(fmt::format("{} is volatile: a generated column has to be immutable", facts.volatile_part));
    made.generated = made.has_default = made.filled = true;
    made.rewrites = fmt::format("{} is stored: it is worked out for every row, so the whole table is written anew",
                                made.name.text());
    if (major() < 12) refuse("generated columns are new in PostgreSQL 12");
  } else if (kind == "CONSTR_CHECK") {
    if (not_enforced(constraint)) return;
    made.scans = fmt::format("to check that every row keeps to the check of {}", made.name.text());
  } else if (kind == "CONSTR_PRIMARY" || kind == "CONSTR_UNIQUE") {
    made.keys.push_back(constraint);
    if (kind == "CONSTR_PRIMARY") made.not_null = true;
  } else if (kind == "CONSTR_FOREIGN") {
    made.references.push_back(constraint);
  }
}

void LockModel::new_column_keys(const Target& target, const NewColumn& made) {
  for (const Node key : made.keys) {
    add_key(key, target, {made.name});
  }
  for (const Node reference : made.references) {
    // Rows that are there have NULL in it then, and NULL refers to nothing.
    const bool check = made.has_default && !not_enforced(reference);
    add_foreign_key(target, reference, check, {made.name});
    if (!made.has_default)
      cause(fmt::format("{} is NULL in all rows that are there: nothing is checked", made.name.text()));
  }
}

// -- DROP COLUMN ------------------------------------------------------------------------------------------------------

void LockModel::drop_column(Node command, const Target& target) {
  const Identifier column = identifier_of(command["name"]);
  if (target.table == nullptr) return;
  if (facts_.column(*target.table, column) == nullptr && !target.table->columns.empty()) {
    if (!command["missing_ok"].flag())
      return refuse(fmt::format("{} has no column {}", display(target.name), column.text()));
    return cause(fmt::format("{} has no column {}: nothing is done, and yet the lock is waited for",
                             display(target.name), column.text()));
  }
  if (facts_.ancestry(*target.table).size() > 1 && model::find_column(*facts_.ancestry(*target.table)[1], column))
    refuse(fmt::format("{} is inherited: it is dropped in the table above only", column.text()));
  if (model::mentions_name(target.table->postgresql.partition_by, column))
    refuse(fmt::format("{} is part of the partition key", column.text()));
  drop_column_dependents(*target.table, column, cascades(command));
  if (target.only) {
    if (!SchemaFacts::partitioned(*target.table)) lock_children(*target.table, Mode::kAccessExclusive);
    if (SchemaFacts::partitioned(*target.table)) refuse("a column goes from all partitions or from none");
    return;
  }
  for (const auto* child : facts_.descendants(*target.table)) {
    lock(*child, Mode::kAccessExclusive, child_why(*child));
    drop_column_dependents(*child, column, cascades(command));
  }
}

void LockModel::drop_column_dependents(const model::Table& table, const Identifier& column, bool cascade) {
  for (const auto& index : facts_.indexes(table))
    if (mentions(index, column)) lock(index, Mode::kAccessExclusive, "it goes with the column " + column.text());
  for (const auto& one : facts_.keys_of(table))
    if (model::contains(one.key->columns, column)) {
      lock_referent(one.key->referent, Mode::kAccessExclusive,
                    fmt::format("the foreign key {} refers to it", one.key->name.text()));
      cause(fmt::format("dropping the foreign key {} locks {} too", one.key->name.text(), display(one.key->referent)));
    }
  for (const auto& one : facts_.keys_to(table)) {
    if (!model::contains(one.key->referent_columns, column) || one.table == &table) continue;
    if (cascade)
      lock(*one.table, Mode::kAccessExclusive, fmt::format("its foreign key {} goes too", one.key->name.text()));
    else
      refuse(fmt::format("the foreign key {} of {} refers to {}", one.key->name.text(), display(one.table->name),
                         column.text()));
  }
  for (const auto& sequence : facts_.owned_sequences(table, &column))
    lock(sequence, RelationKind::kSequence, Mode::kAccessExclusive, "it belongs to the column " + column.text(),
         table.name);
  // Up to 14 a generated column goes with what it is made from.
  for (const auto& other : table.columns)
    if (major() >= 15 && other.computed && other.name != column &&
        model::mentions_column(other.computed->sql, column) && !cascade)
      refuse(fmt::format("the generated column {} is made from {}", other.name.text(), column.text()));
  for (const auto* view : facts_.views_on(table.name)) {
    if (!model::mentions_name(view->definition, column) && view->definition.find('*') == std::string::npos) continue;
    if (cascade)
      lock_view(*view, Mode::kAccessExclusive, "it reads the column and goes with it");
    else
      refuse(fmt::format("{} reads {}", display(view->name), column.text()));
  }
  for (const auto* trigger : facts_.objects_on(table, model::ObjectKind::kTrigger))
    if (model::mentions_name(trigger->definition, column) && !cascade)
      refuse(fmt::format("the trigger {} speaks of {}", trigger->name.name.text(), column.text()));
  for (const auto* policy : facts_.objects_on(table, model::ObjectKind::kPolicy))
    if (model::mentions_name(policy->definition, column) && !cascade)
      refuse(fmt::format("the policy {} reads {}", policy->name.name.text(), column.text()));
}

// -- NOT NULL ---------------------------------------------------------------------------------------------------------

/// Whether an expression that is known to hold says that the column is not null: AND needs one part, OR needs all.
bool says_not_null(Node expression, const Identifier& column) {
  if (const Node test = expression["NullTest"]) {
    const Node fields = test["arg"]["ColumnRef"]["fields"];
    return test["nulltesttype"].is("IS_NOT_NULL") && fields.size() > 0 &&
           identifier_of(fields.item(fields.size() - 1)["String"]["sval"]) == column;
  }
  const Node junction = expression["BoolExpr"];
  if (!junction) return false;
  const Node parts = junction["args"];
  if (junction["boolop"].is("NOT_EXPR")) {
    const Node test = parts.item(0)["NullTest"];
    const Node fields = test["arg"]["ColumnRef"]["fields"];
    return test && test["nulltesttype"].text() != "IS_NOT_NULL" && fields.size() > 0 &&
           identifier_of(fields.item(fields.size() - 1)["String"]["sval"]) == column;
  }
  const bool all = junction["boolop"].is("OR_EXPR");
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (says_not_null(parts.item(i), column) != all) return !all;
  return all;
}

bool LockModel::proved_not_null(const model::Table& table, const Identifier& column) const {
  for (const auto* constraint : facts_.constraints(table)) {
    const auto* check = std::get_if<model::CheckConstraint>(constraint);
    if (check == nullptr || check->not_valid || check->not_enforced || dropped(check->name)) continue;
    if (!model::mentions_column(check->sql, column)) continue;
    const ParseTree tree("SELECT " + SchemaFacts::sql_of(check->sql));
    if (tree.problem()) continue;
    const Node value = tree.statement(0)["SelectStmt"]["targetList"].item(0)["ResTarget"]["val"];
    if (says_not_null(value, column)) return true;
  }
  return false;
}

void LockModel::set_not_null(const Target& target, const Identifier& column) {
  if (target.table == nullptr) {
    assume(fmt::format("column {} is taken as nullable, and no check says otherwise", column.text()));
    cause(
        fmt::format("the whole of {} is read to check that {} is NULL in no row", display(target.name), column.text()));
    return scan(target.name, fmt::format("to check that {} is NULL in no row", column.text()));
  }
  if (!target.only) lock_children(*target.table, Mode::kAccessExclusive);
  const auto* known_column = facts_.column(*target.table, column);
  if (known_column == nullptr) {
    if (!model::contains(added_, column))
      assume(fmt::format("column {} of {} is not known: taken as nullable", column.text(), display(target.name)));
  }
  for (const auto* one : facts_.with_rows(*target.table, target.only)) {
    const auto* its = facts_.column(*one, column);
    const bool unchecked = its != nullptr && its->not_null && its->not_null->not_valid;
    if (facts_.not_null(*one, column) && !unchecked) continue;
    if (major() >= 12 && proved_not_null(*one, column)) {
      cause(fmt::format("a check of {} proves that {} is never NULL: nothing is read", display(one->name),
                        column.text()));
      continue;
    }
    scan(one->name, fmt::format("to check that {} is NULL in no row", column.text()));
    cause(fmt::format("the whole of {} is read to check that {} is NULL in no row", display(one->name), column.text()));
  }
}

void LockModel::drop_not_null(const Target& target, const Identifier& column) {
  if (target.table == nullptr) return;
  if (!target.only) lock_children(*target.table, Mode::kAccessExclusive);
  const auto* key = model::primary_key(*target.table);
  if (key != nullptr && model::contains(key->columns, column))
    refuse(fmt::format("{} is in the primary key", column.text()));
  const auto* its = facts_.column(*target.table, column);
  if (its != nullptr && its->identity) refuse(fmt::format("{} is an identity column", column.text()));
  if (SchemaFacts::is_partition(*target.table)) {
    const auto* whole = facts_.table(target.table->postgresql.partition_of);
    if (whole != nullptr && facts_.not_null(*whole, column))
      refuse(fmt::format("{} is NOT NULL in {}", column.text(), display(whole->name)));
  }
}

// -- identity and generated columns -----------------------------------------------------------------------------------

void LockModel::identity(std::string_view kind, Node command, const Target& target) {
  const Identifier column = identifier_of(command["name"]);
  const auto* its = target.table == nullptr ? nullptr : facts_.column(*target.table, column);
  const bool goes_down = major() >= 17 && target.table != nullptr && SchemaFacts::partitioned(*target.table);
  if (goes_down && !target.only) lock_children(*target.table, Mode::kAccessExclusive);
  if (kind == "AT_AddIdentity") {
    if (its != nullptr && !facts_.not_null(*target.table, column))
      refuse(fmt::format("{} must be NOT NULL before it becomes an identity", column.text()));
    if (its != nullptr && its->server_default) refuse(fmt::format("{} has a default already", column.text()));
    return create(fresh(target.name.schema, target.name.name.text(), column.text(), "seq"));
  }
  if (its != nullptr && !its->identity) {
    if (!command["missing_ok"].flag()) refuse(fmt::format("{} is no identity column", column.text()));
    return;
  }
  const QualifiedName sequence{target.name.schema,
                               Identifier(object_name(target.name.name.text(), column.text(), "seq"))};
  if (kind == "AT_DropIdentity")
    return lock(sequence, RelationKind::kSequence, Mode::kAccessExclusive, "the identity's sequence goes", target.name);
  lock(sequence, RelationKind::kSequence, Mode::kShareRowExclusive, "the identity's sequence", target.name);
  // SET GENERATED alone leaves the sequence's file as it is.
  const Node options = command["def"]["List"]["items"] ? command["def"]["List"]["items"] : command["def"];
  for (std::size_t i = 0; i < options.size(); ++i)
    if (!options.item(i)["DefElem"]["defname"].is("generated"))
      rewrite(sequence, RelationKind::kSequence, "its one row is written anew");
}

void LockModel::set_expression(Node command, const Target& target) {
  const Identifier column = identifier_of(command["name"]);
  if (target.table != nullptr && !target.only) lock_children(*target.table, Mode::kAccessExclusive);
  const auto* its = target.table == nullptr ? nullptr : facts_.column(*target.table, column);
  if (its == nullptr) assume(fmt::format("column {} is not known: taken as stored", column.text()));
  if (its != nullptr && its->computed && its->computed->persisted == false) {
    for (const auto* constraint : facts_.constraints(*target.table))
      if (std::holds_alternative<model::CheckConstraint>(*constraint))
        return refuse("the expression of a virtual column cannot be set where the table has a check");
    return;
  }
  rewrite_tables(target,
                 fmt::format("{} is worked out anew for every row: the whole table is written anew", column.text()));
}

}  // namespace bascule::dialects::postgres
