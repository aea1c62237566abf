// Partitions: ATTACH, DETACH, CREATE TABLE ... PARTITION OF.
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

namespace {

/// A constant of a bound or a check that can be compared: an integer, or a text (a date, a string).
struct Constant {
  std::optional<std::int64_t> number;
  std::string text;
  bool operator==(const Constant&) const = default;
};

std::optional<Constant> constant_of(Node node) {
  bool negative = false;
  while (true) {
    if (node["TypeCast"]) {
      node = node["TypeCast"]["arg"];
    } else if (node["A_Expr"] && !node["A_Expr"]["lexpr"]) {
      negative = true;
      node = node["A_Expr"]["rexpr"];
    } else {
      break;
    }
  }
  const Node held = node["A_Const"];
  if (!held) return std::nullopt;
  if (held["sval"]) return Constant{std::nullopt, std::string(held["sval"]["sval"].text())};
  if (!held["ival"]) return std::nullopt;
  const auto value = held["ival"]["ival"].number().value_or(0);
  return Constant{negative ? -value : value, ""};
}

/// -1, 0, 1; nullopt where the two cannot be compared.
std::optional<int> compare(const Constant& a, const Constant& b) {
  if (a.number && b.number) return *a.number < *b.number ? -1 : *a.number > *b.number ? 1 : 0;
  if (a.number || b.number) return std::nullopt;
  // Dates of one shape compare as texts.
  if (a.text.size() != b.text.size()) return a.text == b.text ? std::optional(0) : std::nullopt;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

/// What is known of a column's values.
struct Limits {
  bool not_null = false;
  std::optional<Constant> at_least, more_than, at_most, less_than;
  std::vector<Constant> among;  ///< IN (...), or = one
};

void read_comparison(Node comparison, const Identifier& column, Limits& limits) {
  const auto op = comparison["name"].item(0)["String"]["sval"].text();
  const Node fields = comparison["lexpr"]["ColumnRef"]["fields"];
  if (fields.size() == 0 || identifier_of(fields.item(fields.size() - 1)["String"]["sval"]) != column) return;
  const Node right = comparison["rexpr"];
  const Node list = comparison["kind"].is("AEXPR_IN")       ? right["List"]["items"]
                    : comparison["kind"].is("AEXPR_OP_ANY") ? right["A_ArrayExpr"]["elements"]
                                                            : Node();
  for (std::size_t i = 0; i < list.size(); ++i)
    if (const auto one = constant_of(list.item(i))) limits.among.push_back(*one);
  if (list) return;
  const auto value = constant_of(right);
  if (!value) return;
  if (op == ">=") limits.at_least = value;
  if (op == ">") limits.more_than = value;
  if (op == "<=") limits.at_most = value;
  if (op == "<") limits.less_than = value;
  if (op == "=") limits.among = {*value};
}

void read_limits(Node expression, const Identifier& column, Limits& limits) {
  if (says_not_null(expression, column)) limits.not_null = true;
  if (const Node junction = expression["BoolExpr"]; junction && junction["boolop"].is("AND_EXPR")) {
    for (std::size_t i = 0; i < junction["args"].size(); ++i) read_limits(junction["args"].item(i), column, limits);
    return;
  }
  if (expression["A_Expr"]) read_comparison(expression["A_Expr"], column, limits);
}

Limits limits_of_checks(const SchemaFacts& facts, const model::Table& table, const Identifier& column,
                        bool table_not_null) {
  Limits limits;
  limits.not_null = table_not_null || facts.not_null(table, column);
  for (const auto* constraint : facts.constraints(table)) {
    const auto* check = std::get_if<model::CheckConstraint>(constraint);
    if (check == nullptr || check->not_valid || check->not_enforced) continue;
    const ParseTree tree("SELECT " + SchemaFacts::sql_of(check->sql));
    if (tree.problem()) continue;
    read_limits(tree.statement(0)["SelectStmt"]["targetList"].item(0)["ResTarget"]["val"], column, limits);
  }
  return limits;
}

/// A side of a range; unbounded: MINVALUE or MAXVALUE.
struct Side {
  std::optional<Constant> value;
  bool unbounded = false;
};
Side side_of(Node datums) {
  const Node datum = datums.item(0);
  const Node column = datum["ColumnRef"]["fields"].item(0)["String"]["sval"];
  if (column.is("minvalue") || column.is("maxvalue")) return {std::nullopt, true};
  return {constant_of(datum), false};
}

bool at_least(const Limits& limits, const Side& side) {
  if (side.unbounded) return true;
  if (!side.value) return false;
  const auto reaches = [&](const std::optional<Constant>& limit) {
    const auto order = limit ? compare(*limit, *side.value) : std::nullopt;
    return order && *order >= 0;
  };
  if (reaches(limits.at_least) || reaches(limits.more_than)) return true;
  return !limits.among.empty() && std::all_of(limits.among.begin(), limits.among.end(), [&](const Constant& one) {
    return compare(one, *side.value).value_or(-1) >= 0;
  });
}

bool below(const Limits& limits, const Side& side) {
  if (side.unbounded) return true;
  if (!side.value) return false;
  const auto less = limits.less_than ? compare(*limits.less_than, *side.value) : std::nullopt;
  if (less && *less <= 0) return true;
  const auto most = limits.at_most ? compare(*limits.at_most, *side.value) : std::nullopt;
  if (most && *most < 0) return true;
  return !limits.among.empty() && std::all_of(limits.among.begin(), limits.among.end(), [&](const Constant& one) {
    return compare(one, *side.value).value_or(1) < 0;
  });
}

std::vector<Constant> listed_values(Node bound) {
  std::vector<Constant> values;
  for (std::size_t i = 0; i < bound["listdatums"].size(); ++i)
    if (const auto one = constant_of(bound["listdatums"].item(i))) values.push_back(*one);
  return values;
}

}  // namespace

Identifier partition_column(const model::Table& whole) {
  const auto words = model::sql_words(whole.postgresql.partition_by);
  if (words.size() < 4 || !words[1].is("(") || !words[2].is_name() || !words[3].is(")")) return {};
  return Identifier(words[2].text);
}

namespace {

/// "FOR VALUES FROM (1) TO (10)" as the tree that reads it; it lives as long as the text's.
Node bound_of(const ParseTree& tree) { return tree.problem() ? Node() : tree.statement(0)["CreateStmt"]["partbound"]; }
std::string statement_of(const model::Table& part) {
  return "CREATE TABLE part PARTITION OF whole " + part.postgresql.partition_bound;
}

/// Whether a value stands below the end of one range and at or above the begin of the other: -1, 0, 1 as compare().
std::optional<bool> begins_below(const Side& begin, const Side& end) {
  if (begin.unbounded || end.unbounded) return true;
  if (!begin.value || !end.value) return std::nullopt;
  const auto order = compare(*begin.value, *end.value);
  if (!order) return std::nullopt;
  return *order < 0;
}

bool overlap(Node a, Node b) {
  if (a["is_default"].flag() || b["is_default"].flag()) return a["is_default"].flag() && b["is_default"].flag();
  if (a["strategy"].text() != b["strategy"].text()) return false;
  if (a["strategy"].is("r"))
    return begins_below(side_of(a["lowerdatums"]), side_of(b["upperdatums"])).value_or(false) &&
           begins_below(side_of(b["lowerdatums"]), side_of(a["upperdatums"])).value_or(false);
  if (!a["strategy"].is("l")) return false;
  const auto theirs = listed_values(b);
  const auto values = listed_values(a);
  return std::any_of(values.begin(), values.end(),
                     [&](const Constant& one) { return std::find(theirs.begin(), theirs.end(), one) != theirs.end(); });
}

bool holds_value(Node bound, const Constant& value) {
  Limits limits;
  limits.among = {value};
  if (bound["is_default"].flag()) return false;
  if (bound["strategy"].is("r"))
    return at_least(limits, side_of(bound["lowerdatums"])) && below(limits, side_of(bound["upperdatums"]));
  const auto values = listed_values(bound);
  return bound["strategy"].is("l") && std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

const model::Table* LockModel::overlapped(const model::Table& whole, Node bound) const {
  if (partition_column(whole).empty()) return nullptr;
  for (const auto* part : facts_.children(whole)) {
    const std::string statement = statement_of(*part);
    const ParseTree tree(statement);
    if (const Node its = bound_of(tree); its && overlap(its, bound)) return part;
  }
  return nullptr;
}

const model::Table* LockModel::partition_for(const model::Table& whole, Node value) const {
  const auto constant = constant_of(value);
  if (!constant || partition_column(whole).empty()) return nullptr;
  for (const auto* part : facts_.children(whole)) {
    const std::string statement = statement_of(*part);
    const ParseTree tree(statement);
    if (const Node its = bound_of(tree); its && holds_value(its, *constant))
      return SchemaFacts::partitioned(*part) ? nullptr : part;
  }
  return nullptr;
}

bool LockModel::bound_proved(const model::Table& part, const model::Table& whole, Node bound) const {
  const Identifier column = partition_column(whole);
  if (column.empty() || bound["is_default"].flag()) return false;
  // A table without known columns was made LIKE another one: like this one, most likely.
  const bool alike = part.columns.empty() && facts_.not_null(whole, column);
  const Limits limits = limits_of_checks(facts_, part, column, alike);
  if (!limits.not_null) return false;
  if (bound["strategy"].is("r"))
    return at_least(limits, side_of(bound["lowerdatums"])) && below(limits, side_of(bound["upperdatums"]));
  if (!bound["strategy"].is("l") || limits.among.empty()) return false;
  const auto values = listed_values(bound);
  return std::all_of(limits.among.begin(), limits.among.end(),
                     [&](const Constant& one) { return std::find(values.begin(), values.end(), one) != values.end(); });
}

/// Whether a valid check of the default partition says that none of its rows belongs to the bound.
bool LockModel::default_excludes(const model::Table& part, const model::Table& whole, Node bound) const {
  const Identifier column = partition_column(whole);
  if (column.empty()) return false;
  const Limits limits = limits_of_checks(facts_, part, column, false);
  if (bound["strategy"].is("r")) {
    const Side lower = side_of(bound["lowerdatums"]);
    const Side upper = side_of(bound["upperdatums"]);
    return (!upper.unbounded && at_least(limits, upper)) || (!lower.unbounded && below(limits, lower));
  }
  if (!bound["strategy"].is("l") || limits.among.empty()) return false;
  const auto values = listed_values(bound);
  return std::none_of(limits.among.begin(), limits.among.end(), [&](const Constant& one) {
    return std::find(values.begin(), values.end(), one) != values.end();
  });
}

void LockModel::scan_default(const model::Table& whole, Node bound) {
  const auto* rest = facts_.default_partition(whole);
  if (rest == nullptr) return;
  lock(*rest, Mode::kAccessExclusive, "the default partition: no row in it may belong to the new one");
  lock_children(*rest, Mode::kAccessExclusive);
  if (bound["is_default"].flag()) return;
  if (default_excludes(*rest, whole, bound)) {
    cause(fmt::format("a check of {} says that none of its rows belongs to the new partition", display(rest->name)));
    return;
  }
  for (const auto* one : facts_.with_rows(*rest)) {
    scan(one->name, "to check that no row in it belongs to the new partition");
    cause(fmt::format("the whole of the default partition {} is read while nobody can use it", display(one->name)));
  }
}

void LockModel::attach_partition(Node definition, const Target& target) {
  const QualifiedName name = relation_of(definition["name"]);
  const Node bound = definition["bound"];
  lock(name, RelationKind::kTable, Mode::kAccessExclusive, "the table that becomes a partition");
  const auto* part = known(name);
  if (part == nullptr) {
    scan(name, "to check that every row belongs to the partition");
    if (target.table == nullptr) return;
  }
  if (target.table == nullptr) return scan(name, "to check that every row belongs to the partition");
  const model::Table& whole = *target.table;
  if (!SchemaFacts::partitioned(whole)) refuse(fmt::format("{} is not partitioned", display(whole.name)));
  if (part != nullptr && SchemaFacts::is_partition(*part))
    refuse(fmt::format("{} is a partition already", display(name)));
  if (const auto* other = overlapped(whole, bound))
    refuse(fmt::format("the partition {} takes a part of these values", display(other->name)));
  scan_default(whole, bound);
  for (const auto& index : facts_.indexes(whole))
    if (major() >= 12) lock(index, Mode::kShareUpdateExclusive, "an index of " + display(whole.name));
  for (const auto& one : facts_.keys_of(whole))
    lock_referent(
        one.key->referent, major() >= 12 ? Mode::kShareRowExclusive : Mode::kRowShare,
        fmt::format("the foreign key {} of {} holds for the partition too", one.key->name.text(), display(whole.name)));
  if (part == nullptr) return;
  for (const auto& column : whole.columns) {
    const auto* its = facts_.column(*part, column.name);
    if (its == nullptr && part->columns.empty()) continue;
    if (its == nullptr) {
      refuse(fmt::format("{} has no column {}", display(name), column.name.text()));
    } else if (!part->columns.empty() && facts_.not_null(whole, column.name) && !facts_.not_null(*part, column.name)) {
      refuse(fmt::format("{} is NOT NULL in {} and not in {}", column.name.text(), display(whole.name), display(name)));
    }
  }
  lock_children(*part, Mode::kAccessExclusive);
  if (bound_proved(*part, whole, bound)) {
    cause(fmt::format("a check of {} says what the bound says: its rows are not read", display(name)));
  } else if (!bound["is_default"].flag() || !facts_.children(whole).empty()) {
    for (const auto* one : facts_.with_rows(*part)) scan(one->name, "to check that every row belongs to the partition");
    cause(fmt::format("the whole of {} is read to check that every row belongs to it", display(name)));
  }
  attach_indexes(*part, whole);
  for (const auto& one : facts_.keys_of(whole)) {
    const bool has = std::any_of(part->constraints.begin(), part->constraints.end(), [&](const auto& constraint) {
      const auto* key = std::get_if<model::ForeignKey>(&constraint);
      return key != nullptr && key->columns == one.key->columns && model::same_name(key->referent, one.key->referent) &&
             !key->not_valid;
    });
    if (has)
      lock_referent(one.key->referent, Mode::kAccessExclusive, "the partition's own foreign key becomes a part");
    else
      check_foreign_key(*part, one.key->referent);
  }
}

/// Each index of the whole takes one of the partition's, or is built on it.
void LockModel::attach_indexes(const model::Table& part, const model::Table& whole) {
  const auto there = facts_.indexes(part);
  std::vector<bool> used(there.size(), false);
  for (const auto& index : facts_.indexes(whole)) {
    bool matched = false;
    for (std::size_t i = 0; i < there.size() && !matched; ++i) {
      matched = !used[i] && key_columns(there[i]) == key_columns(index) && unique(there[i]) == unique(index) &&
                has_expressions(there[i]) == has_expressions(index) &&
                access_method(there[i]) == access_method(index) &&
                (index.constraint == nullptr || there[i].constraint != nullptr);
      if (matched) used[i] = true;
    }
    if (matched || (index.index != nullptr && index.index->postgresql.only_here)) continue;
    std::string label = "idx";
    std::string columns = joined_names(key_columns(index));
    if (index.constraint != nullptr) {
      const bool primary = std::holds_alternative<model::PrimaryKey>(*index.constraint);
      label = primary ? "pkey" : "key";
      if (primary) columns.clear();
    }
    const QualifiedName made = fresh(part.name.schema, part.name.name.text(), columns, label);
    create(made);
    if (SchemaFacts::partitioned(part)) continue;
    scan(part.name, "to build the index " + display(made));
    build(made, "a part of " + display(index.name));
    cause(fmt::format("{} has no index like {}: it is built while nobody can use the table", display(part.name),
                      display(index.name)));
  }
}

void LockModel::detach_partition(Node definition, const Target& target, bool finalize) {
  const QualifiedName name = relation_of(definition["name"]);
  const bool concurrently = definition["concurrent"].flag();
  const bool light = major() < 14 && !concurrently;
  lock(name, RelationKind::kTable, light ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive, "the partition");
  if (concurrently) {
    outside_transactions();
    out_.concurrent = out_.waits_for_transactions = true;
    cause("it waits for every transaction that uses the partitioned table, and lets reads and writes pass");
    if (major() < 14) refuse("DETACH PARTITION ... CONCURRENTLY is new in PostgreSQL 14");
  }
  (void)finalize;
  const auto* part = known(name);
  if (part != nullptr && target.table != nullptr &&
      !model::same_name(part->postgresql.partition_of, target.table->name))
    return refuse(fmt::format("{} is no partition of {}", display(name), display(target.name)));
  if (part != nullptr) lock_children(*part, Mode::kAccessExclusive);
  if (target.table != nullptr)
    if (const auto* rest = facts_.default_partition(*target.table)) {
      if (concurrently) refuse("a partition is not detached concurrently where there is a default partition");
      lock(*rest, Mode::kAccessExclusive, "the default partition: what belongs to it changes");
    }
  if (part == nullptr) return;
  for (const auto& index : facts_.indexes(*part))
    if (index.of_whole) lock(index, Mode::kAccessExclusive, "a part of an index of the partitioned table");
  if (target.table == nullptr) return;
  for (const auto& one : facts_.keys_of(*target.table))
    lock_referent(one.key->referent, Mode::kShareRowExclusive,
                  fmt::format("the foreign key {} is made again for the partition alone", one.key->name.text()));
}

void LockModel::create_partition(Node node, const model::Table* whole, const QualifiedName& name) {
  if (whole == nullptr) return;
  if (!SchemaFacts::partitioned(*whole)) return refuse(display(whole->name) + " is not partitioned");
  if (const auto* other = overlapped(*whole, node["partbound"]))
    refuse(fmt::format("the partition {} takes a part of these values", display(other->name)));
  scan_default(*whole, node["partbound"]);
  for (const auto& index : facts_.indexes(*whole)) {
    if (index.index != nullptr && index.index->postgresql.only_here) continue;
    if (major() >= 12) lock(index, Mode::kShareUpdateExclusive, "an index of " + display(whole->name));
    std::string label = "idx";
    std::string columns = joined_names(key_columns(index));
    if (index.constraint != nullptr) {
      const bool primary = std::holds_alternative<model::PrimaryKey>(*index.constraint);
      label = primary ? "pkey" : "key";
      if (primary) columns.clear();
    }
    create(fresh(name.schema, name.name.text(), columns, label));
  }
  for (const auto& one : facts_.keys_of(*whole))
    lock_referent(one.key->referent, major() >= 12 ? Mode::kShareRowExclusive : Mode::kAccessShare,
                  fmt::format("the foreign key {} of {} holds for the partition too", one.key->name.text(),
                              display(whole->name)));
}

}  // namespace bascule::dialects::postgres
