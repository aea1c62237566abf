// ALTER COLUMN ... TYPE: whether the table has to be written anew, which indexes are built again, what is checked
// again.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

struct LockModel::TypeChange {
  std::string from, to;   ///< as format_type() spells them; from empty: not known
  std::string collation;  ///< the new one
  bool rewrites = false;
  bool other_operators = false;  ///< an index on the column cannot stay
  bool other_collation = false;
};

namespace {

/// "timestamp(3) without time zone": timestamp without time zone, {3}.
struct TypeParts {
  std::string base;
  std::vector<std::int64_t> numbers;
  bool array = false;
};

TypeParts parts_of(std::string type) {
  TypeParts parts;
  if (type.size() > 2 && type.substr(type.size() - 2) == "[]") {
    parts.array = true;
    type.resize(type.size() - 2);
  }
  const auto open = type.find('(');
  const auto close = type.find(')', open);
  if (open == std::string::npos || close == std::string::npos) {
    parts.base = type;
    return parts;
  }
  for (const auto number : split(std::string_view(type).substr(open + 1, close - open - 1), ',')) {
    std::int64_t value = 0;
    const auto text = trim(number);
    std::from_chars(text.data(), text.data() + text.size(), value);
    parts.numbers.push_back(value);
  }
  parts.base = type.substr(0, open) + type.substr(close + 1);
  return parts;
}

constexpr std::int64_t kFullPrecision = 6;
constexpr std::string_view kTimestamp = "timestamp without time zone";
constexpr std::string_view kTimestampTz = "timestamp with time zone";

bool has_precision(std::string_view base) {
  return base == kTimestamp || base == kTimestampTz || base == "time without time zone" ||
         base == "time with time zone" || base == "interval";
}

/// Whether a length or precision can change without touching rows. Source: measured; the support functions of
/// varchar(), varbit(), numeric(), timestamp() and their sisters.
bool numbers_grow(std::string_view base, const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to) {
  if (from == to || to.empty()) return true;
  if (has_precision(base)) return to[0] >= kFullPrecision || (!from.empty() && from[0] <= to[0]);
  if (base == "character varying" || base == "bit varying") return !from.empty() && from[0] <= to[0];
  if (base == "numeric") return from.size() == 2 && to.size() == 2 && from[1] == to[1] && from[0] <= to[0];
  return false;
}

constexpr auto kOidTypes = std::to_array<std::string_view>({
    "oid",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
});
bool is_oid(std::string_view base) { return std::find(kOidTypes.begin(), kOidTypes.end(), base) != kOidTypes.end(); }

/// Types whose values have the same bytes (pg_cast.castmethod 'b'), where no length has to be kept.
bool same_bytes(std::string_view from, std::string_view to) {
  const auto text_like = [](std::string_view base) { return base == "text" || base == "character varying"; };
  if (text_like(from) && text_like(to)) return true;
  if ((from == "citext" && text_like(to)) || (text_like(from) && to == "citext")) return true;
  if (from == "cidr" && to == "inet") return true;
  if (from == "xml" && text_like(to)) return true;
  if (from == "bit" && to == "bit varying") return true;
  if ((from == "integer" && is_oid(to)) || (is_oid(from) && to == "integer")) return true;
  return (from == "oid" && is_oid(to)) || (is_oid(from) && to == "oid");
}

/// The default operator class of a b-tree, by a name that equal ones share.
std::string_view operators_of(std::string_view base) {
  if (base == "text" || base == "character varying") return "text";
  if (base == "cidr" || base == "inet") return "inet";
  if (is_oid(base)) return "oid";
  return base;
}

/// Zones that are UTC and never were anything else.
constexpr auto kUtcZones = std::to_array<std::string_view>({
    "utc",       "etc/utc",       "gmt",       "etc/gmt",       "uct",    "etc/uct", "zulu",  "etc/zulu",
    "universal", "etc/universal", "greenwich", "etc/greenwich", "gmt0",   "gmt+0",   "gmt-0", "etc/gmt0",
    "etc/gmt+0", "etc/gmt-0",     "0",         "+00",           "+00:00",
});

/// Whether an expression is the column itself.
bool is_column(Node expression, const Identifier& column) {
  const Node fields = expression["ColumnRef"]["fields"];
  return fields.size() > 0 && identifier_of(fields.item(fields.size() - 1)["String"]["sval"]) == column;
}

std::string collation_of(const model::Type& type) {
  std::string found;
  if (const auto* native = std::get_if<model::NativeType>(&type)) found = native->collation;
  if (const auto* scalar = std::get_if<model::ScalarType>(&type)) found = scalar->collation;
  return found == "default" ? std::string() : found;
}

/// Whether texts would have to be read as values of another kind: no assignment does that.
bool needs_using(const TypeParts& from, const TypeParts& to, const SchemaFacts& facts) {
  constexpr auto kNoTexts = std::to_array<std::string_view>({
      "smallint",
      "integer",
      "bigint",
      "numeric",
      "real",
      "double precision",
      "boolean",
      "date",
      "uuid",
      "json",
      "jsonb",
      "bytea",
      "inet",
      "cidr",
      "interval",
      "xml",
      kTimestamp,
      kTimestampTz,
  });
  if (from.base != "text" && from.base != "character varying" && from.base != "character") return false;
  return (to.array && !from.array) || facts.is_enum(to.base) ||
         std::find(kNoTexts.begin(), kNoTexts.end(), to.base) != kNoTexts.end();
}

/// One step from one type to another.
struct Step {
  bool rewrites = false;
  std::string why;
};

class Steps {
 public:
  Steps(const SchemaFacts& facts, const Server& server, std::vector<std::string>& assumptions)
      : facts_(facts), server_(server), assumptions_(assumptions) {}

  /// Domains looked through.
  std::string base(std::string type) const {
    for (int depth = 0; depth < 16; ++depth) {
      const auto* domain = facts_.domain(type);
      if (domain == nullptr) break;
      type = SchemaFacts::spelled(domain->type);
    }
    return type;
  }

  Step step(const std::string& from, const std::string& to) {
    if (from == to) return {};
    if (const auto* domain = facts_.domain(to)) {
      if (domain->check || domain->not_null.value_or(false))
        return {true, fmt::format("the domain {} has a constraint that every row is checked against", to)};
      return step(from, SchemaFacts::spelled(domain->type));
    }
    if (facts_.domain(from) != nullptr) return step(base(from), to);
    const TypeParts a = parts_of(from);
    const TypeParts b = parts_of(to);
    const Step anew{true, fmt::format("{} is stored otherwise than {}", to, from)};
    if (a.array || b.array) return {true, fmt::format("the elements of {} are converted one by one", from)};
    if (a.base == b.base) {
      if (numbers_grow(a.base, a.numbers, b.numbers)) return {};
      return {true, fmt::format("every value of {} has to be fitted into {}", from, to)};
    }
    if ((a.base == kTimestamp && b.base == kTimestampTz) || (a.base == kTimestampTz && b.base == kTimestamp))
      return timestamps(b, anew);
    if (!same_bytes(a.base, b.base)) return anew;
    if (!b.numbers.empty()) return {true, fmt::format("every value has to be fitted into {}", to)};
    return {};
  }

 private:
  Step timestamps(const TypeParts& to, const Step& anew) {
    if (server_.major < 12) return anew;
    if (!to.numbers.empty() && to.numbers[0] < kFullPrecision) return anew;
    if (server_.time_zone.empty()) {
      assumptions_.emplace_back("the session's TimeZone is not known: taken as another one than UTC");
      return anew;
    }
    const std::string zone = to_lower_ascii(server_.time_zone);
    if (std::find(kUtcZones.begin(), kUtcZones.end(), zone) != kUtcZones.end()) return {};
    return {true, "the session's TimeZone is " + server_.time_zone + ": only in UTC are both stored alike"};
  }

  const SchemaFacts& facts_;
  const Server& server_;
  std::vector<std::string>& assumptions_;
};

}  // namespace

LockModel::TypeChange LockModel::type_change(Node definition, const model::Table& table, const Identifier& column) {
  TypeChange change;
  change.to = type_of(definition["typeName"]);
  const auto* its = facts_.column(table, column);
  if (its != nullptr) change.from = SchemaFacts::spelled(its->type);
  const Node collate = definition["collClause"]["collname"];
  if (collate) change.collation = std::string(collate.item(collate.size() - 1)["String"]["sval"].text());
  if (change.collation == "default") change.collation.clear();
  change.other_collation = its != nullptr && collation_of(its->type) != change.collation;
  if (change.from.empty()) {
    assume(fmt::format("the type of {} is not known: taken as one that has to be converted", column.text()));
    change.rewrites = change.other_operators = true;
    cause(fmt::format("the whole of {} is written anew with {} as {}", display(table.name), column.text(), change.to));
    return change;
  }
  // USING (column)::a::b: each cast is a step of its own.
  std::vector<std::string> stations;
  Node expression = definition["raw_default"];
  while (expression["TypeCast"]) {
    stations.insert(stations.begin(), type_of(expression["TypeCast"]["typeName"]));
    expression = expression["TypeCast"]["arg"];
  }
  stations.push_back(change.to);
  Steps steps(facts_, server_, out_.assumptions);
  std::string why;
  if (expression && !is_column(expression, column)) {
    why = "USING works out every value anew";
  } else {
    std::string at = change.from;
    for (const auto& station : stations) {
      const Step step = steps.step(at, station);
      if (step.rewrites && why.empty()) why = step.why;
      at = station;
    }
  }
  change.rewrites = !why.empty();
  if (needs_using(parts_of(steps.base(change.from)), parts_of(steps.base(change.to)), facts_)) {
    if (!definition["raw_default"])
      refuse(fmt::format("{} does not become {} by itself: USING has to say how", change.from, change.to));
    else if (its->server_default)
      refuse(fmt::format("the default of {} does not become {} by itself: drop it first", column.text(), change.to));
  }
  change.other_operators =
      operators_of(parts_of(steps.base(change.from)).base) != operators_of(parts_of(steps.base(change.to)).base);
  if (change.rewrites)
    cause(fmt::format("{} from {} to {}: {}, so the whole of {} and its indexes are written anew", column.text(),
                      change.from, change.to, why, display(table.name)));
  else
    cause(fmt::format("{} from {} to {} leaves the rows as they are", column.text(), change.from, change.to));
  return change;
}

bool LockModel::type_change_refused(const model::Table& table, const Identifier& column) {
  for (const auto& other : table.columns)
    if (other.computed && other.name != column && model::mentions_column(other.computed->sql, column))
      refuse(fmt::format("the generated column {} is made from {}", other.name.text(), column.text()));
  for (const auto* view : facts_.views_on(table.name)) {
    const bool reads =
        model::mentions_name(view->definition, column) || view->definition.find('*') != std::string::npos;
    if (reads) refuse(fmt::format("{} reads {}", display(view->name), column.text()));
  }
  for (const auto* policy : facts_.objects_on(table, model::ObjectKind::kPolicy))
    if (model::mentions_name(policy->definition, column))
      refuse(fmt::format("the policy {} reads {}", policy->name.name.text(), column.text()));
  for (const auto* rule : facts_.objects_on(table, model::ObjectKind::kRule))
    if (model::mentions_name(rule->definition, column))
      refuse(fmt::format("the rule {} reads {}", rule->name.name.text(), column.text()));
  for (const auto* trigger : facts_.objects_on(table, model::ObjectKind::kTrigger))
    if (model::mentions_name(trigger->definition, column))
      refuse(fmt::format("the trigger {} speaks of {}", trigger->name.name.text(), column.text()));
  if (model::mentions_name(table.postgresql.partition_by, column))
    refuse(fmt::format("{} is part of the partition key", column.text()));
  const auto line = facts_.ancestry(table);
  if (line.size() > 1 && std::any_of(line.begin() + 1, line.end(), [&](const model::Table* one) {
        return model::find_column(*one, column) != nullptr;
      }))
    refuse(fmt::format("{} is inherited: its type is changed in the table above only", column.text()));
  return !out_.refused.empty();
}

void LockModel::change_type(Node command, const Target& target) {
  const Identifier column = identifier_of(command["name"]);
  const Node definition = command["def"]["ColumnDef"];
  if (target.table == nullptr) {
    assume(fmt::format("the type of {} is not known: taken as one that has to be converted", column.text()));
    return rewrite_tables(target, fmt::format("{} becomes {}: the whole table is written anew", column.text(),
                                              type_of(definition["typeName"])));
  }
  type_change_refused(*target.table, column);
  const TypeChange change = type_change(definition, *target.table, column);
  change_type_of(*target.table, column, change, target);
  if (target.only) return;
  for (const auto* child : facts_.descendants(*target.table)) {
    lock(*child, Mode::kAccessExclusive, child_why(*child));
    change_type_of(*child, column, change, target);
  }
}

void LockModel::change_type_of(const model::Table& table, const Identifier& column, const TypeChange& change,
                               const Target& target) {
  (void)target;
  const bool has_rows = !SchemaFacts::partitioned(table);
  if (change.rewrites && has_rows) rewrite_table(table, fmt::format("{} becomes {}", column.text(), change.to));
  for (const auto& index : facts_.indexes(table)) {
    if (!mentions(index, column)) continue;
    lock(index, Mode::kAccessExclusive, "an index on the column");
    if (change.rewrites || !has_rows || includes(index, column)) continue;
    bool keeps_collation = !change.other_collation;
    bool keeps_operators = !change.other_operators;
    if (index.index != nullptr)
      for (const auto& element : index.index->elements) {
        const auto* plain = plain_column(element.sql);
        if (plain == nullptr || *plain != column) continue;
        if (!element.opclass.empty()) keeps_operators = true;
        if (model::mentions_name(SchemaFacts::sql_of(element.sql), Identifier("collate"))) keeps_collation = true;
      }
    if (keeps_collation && keeps_operators && !has_expressions(index)) continue;
    rewrite(index.name, RelationKind::kIndex, "it is built again for the new type");
    build(index.name, "for the new type");
    scan(table.name, "to build the index " + display(index.name));
    cause(fmt::format("the index {} is built again while nobody can read or write {}", display(index.name),
                      display(table.name)));
  }
  const auto* its = facts_.column(table, column);
  if (its != nullptr && its->identity && change.from != change.to)
    for (const auto& sequence : facts_.owned_sequences(table, &column)) {
      lock(sequence, RelationKind::kSequence, Mode::kShareRowExclusive, "the identity's sequence gets the new type",
           table.name);
      rewrite(sequence, RelationKind::kSequence, "its one row is written anew");
    }
  recheck(table, column, change);
}

void LockModel::recheck(const model::Table& table, const Identifier& column, const TypeChange& change) {
  for (const auto* constraint : facts_.constraints(table)) {
    const auto* check = std::get_if<model::CheckConstraint>(constraint);
    if (check == nullptr || check->not_valid || check->not_enforced) continue;
    if (!model::mentions_column(check->sql, column) || SchemaFacts::partitioned(table)) continue;
    scan(table.name, fmt::format("to check {} again", check->name.text()));
    cause(fmt::format("the check {} is made again: the whole of {} is read", check->name.text(), display(table.name)));
  }
  const bool again = change.rewrites || change.other_operators;
  for (const auto& one : facts_.keys_of(table)) {
    if (!model::contains(one.key->columns, column)) continue;
    lock_referent(one.key->referent, Mode::kAccessExclusive,
                  fmt::format("the foreign key {} is made again", one.key->name.text()));
    if (again && !one.key->not_valid && !one.key->not_enforced && !SchemaFacts::partitioned(table))
      check_foreign_key(table, one.key->referent);
  }
  for (const auto& one : facts_.keys_to(table)) {
    if (!model::contains(one.key->referent_columns, column) || one.table == &table) continue;
    lock(*one.table, Mode::kAccessExclusive, fmt::format("its foreign key {} is made again", one.key->name.text()));
    if (SchemaFacts::partitioned(*one.table)) lock_children(*one.table, Mode::kAccessExclusive);
    if (again && !one.key->not_valid && !one.key->not_enforced)
      for (const auto* holder : facts_.with_rows(*one.table, !SchemaFacts::partitioned(*one.table)))
        check_foreign_key(*holder, table.name);
  }
}

}  // namespace bascule::dialects::postgres
