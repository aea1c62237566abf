// Why what an UPDATE or DELETE makes of a row may depend on other rows: on what it reads, calls, fires and refers to.
#include "dialects/postgres/online_rows.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/locks_parts.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

/// Volatile for each row anyway: rows do not share what they give.
constexpr auto kOfEachRow = std::to_array<std::string_view>({
    "clock_timestamp",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "nextval",
    "random",
    "random_normal",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
});
/// The same for all rows of one transaction, another in the next one.
constexpr auto kOfTheTransaction = std::to_array<std::string_view>({
    "age",
    "now",
    "pg_current_xact_id",
    "statement_timestamp",
    "transaction_timestamp",
    "txid_current",
});
/// What stands in queries: aggregates, window functions and functions that give rows. All of them are steady.
constexpr std::string_view kOfQueries =
    " any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist "
    "dense_rank every first_value generate_series generate_subscripts json_agg json_array_elements "
    "json_array_elements_text json_each json_each_text json_object_agg json_object_keys jsonb_agg "
    "jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_agg jsonb_object_keys lag "
    "last_value lead max min mode nth_value ntile percent_rank percentile_cont percentile_disc range_agg "
    "range_intersect_agg rank regexp_matches regexp_split_to_table regr_avgx regr_avgy regr_count regr_intercept "
    "regr_r2 regr_slope regr_sxx regr_sxy regr_syy row_number stddev stddev_pop stddev_samp string_agg "
    "string_to_table sum unnest var_pop var_samp variance xmlagg ";
/// What a text of a date or time type may say of the moment at which it is read.
constexpr auto kOfTheMoment = std::to_array<std::string_view>({"now", "today", "tomorrow", "yesterday"});
/// Types that take such a word for what it is.
constexpr auto kTakeWords = std::to_array<std::string_view>(
    {"text", "character varying", "character", "json", "jsonb", "bytea", "name", "xml"});

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& names, std::string_view wanted) {
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

/// Whether the action changes or deletes the rows that refer: not NO ACTION, not RESTRICT.
bool acts(std::string_view action) {
  const std::string word = to_lower_ascii(action.substr(0, 7));
  return word == "cascade" || word.starts_with("set");
}

bool acts(const model::ForeignKey& key) { return acts(key.on_delete) || acts(key.on_update); }

std::vector<Identifier> referred(const model::Table& table, const model::ForeignKey& key) {
  if (!key.referent_columns.empty()) return key.referent_columns;
  const model::PrimaryKey* primary = model::primary_key(table);
  return primary == nullptr ? std::vector<Identifier>() : primary->columns;
}

bool tells_moment(std::string_view text) {
  std::string word;
  for (const char c : std::string(text) + " ") {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += c;
      continue;
    }
    if (any_of(kOfTheMoment, to_lower_ascii(word))) return true;
    word.clear();
  }
  return false;
}

bool holds(Node tree, std::string_view tag) {
  bool found = false;
  walk_tree(tree, [&](Node node, bool) { found = found || node[tag]; });
  return found;
}

bool is_immutable(const model::SchemaObject& function) {
  const ParseTree tree(function.definition);
  const Node options = tree.problem() ? Node() : tree.statement(0)["CreateFunctionStmt"]["options"];
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Node option = options.item(i)["DefElem"];
    if (option["defname"].is("volatility")) return iequals_ascii(option["arg"]["String"]["sval"].text(), "immutable");
  }
  return false;
}

}  // namespace

BuiltIn built_in(const QualifiedName& function, std::size_t arguments) {
  const std::string& name = function.name.text();
  // Extensions bring some of them, in schemas of their own.
  if (any_of(kOfEachRow, name)) return BuiltIn::kEachRow;
  if (!function.schema.empty() && function.schema.text() != "pg_catalog") return BuiltIn::kUnknown;
  if (any_of(kOfTheTransaction, name) && (name != "age" || arguments == 1)) return BuiltIn::kTransaction;
  if (name.find(' ') == std::string::npos && kOfQueries.find(" " + name + " ") != std::string_view::npos)
    return BuiltIn::kSteady;
  // Asked about by itself, without its arguments: they are looked at on their own.
  const std::string call = "SELECT " + postgres_dialect().quote(function.name) + "()";
  const ParseTree tree(call);
  if (tree.problem()) return BuiltIn::kUnknown;
  const model::Schema nothing;
  const NewerSyntax newer(call);
  plan::Impact impact;
  const Server server;
  const ExpressionFacts facts = LockModel(nothing, server, newer, impact).facts_of(tree.statement(0));
  if (!facts.assumed.empty()) return BuiltIn::kUnknown;
  return facts.volatility == Volatility::kVolatile ? BuiltIn::kVolatile : BuiltIn::kSteady;
}

RowChange::RowChange(std::string_view sql, Node statement, const model::Schema& schema)
    : text_(sql), node_(statement.inside()), tag_(statement.tag()), schema_(schema), facts_(schema) {
  updates_ = tag_ == "UpdateStmt";
  if (!updates_ && tag_ != "DeleteStmt") return;
  table_ = model::find_table(schema_, relation_of(node_["relation"]));
  alias_ = identifier_of(node_["relation"]["alias"]["aliasname"]);
  for (std::size_t i = 0; i < target_count(); ++i) assigned_.push_back(identifier_of(target(i)["name"]));
}

StatementText::Range RowChange::set_part() const {
  const std::size_t end = text_.count();
  if (!updates_) return {0, 0};
  const std::size_t from = text_.find_word({0, end}, "SET") + 1;
  return {from, node_["whereClause"] ? text_.find_word({from, end}, "WHERE") : end};
}

StatementText::Range RowChange::where_part() const {
  const std::size_t end = text_.count();
  return {node_["whereClause"] ? text_.find_word({set_part().end, end}, "WHERE") + 1 : end, end};
}

std::vector<StatementText::Range> RowChange::written() const {
  std::vector<StatementText::Range> found = text_.split(set_part());
  if (found.size() != target_count()) return {};
  for (std::size_t i = 0; i < found.size(); ++i)
    if (target(i)["indirection"] || target(i)["val"].tag() == "MultiAssignRef" ||
        !text_.symbol(found[i].begin + 1, '='))
      return {};
  return found;
}

bool RowChange::where_null(const Identifier& column) const {
  const Node test = node_["whereClause"]["NullTest"];
  const Node fields = test["arg"]["ColumnRef"]["fields"];
  return test && !test["nulltesttype"].is("IS_NOT_NULL") && fields.size() > 0 &&
         identifier_of(fields.item(fields.size() - 1)["String"]["sval"]) == column;
}

std::string RowChange::depends() {
  if (tag_ != "UpdateStmt" && tag_ != "DeleteStmt") return "it neither updates nor deletes rows";
  if (!known()) return fmt::format("table {} is not known", display(relation_of(node_["relation"])));
  if (std::string why = refuse_form(); !why.empty()) return why;
  if (std::string why = refuse_table(); !why.empty()) return why;
  if (std::string why = refuse_queries(); !why.empty()) return why;
  if (std::string why = refuse_values(); !why.empty()) return why;
  if (std::string why = refuse_triggers(); !why.empty()) return why;
  if (std::string why = refuse_references(); !why.empty()) return why;
  return refuse_deferred();
}

std::string RowChange::refuse_form() const {
  if (node_["withClause"]) return "it begins with WITH";
  if (node_["returningList"]) return "it has RETURNING";
  if (node_["fromClause"]) return "it reads other tables in FROM";
  if (node_["usingClause"]) return "it reads other tables in USING";
  if (node_["whereClause"].tag() == "CurrentOfExpr") return "it follows a cursor";
  if (!node_["relation"]["inh"].flag()) return "it says ONLY";
  return {};
}

std::string RowChange::refuse_table() const {
  for (const model::Table& other : schema_.tables)
    for (const QualifiedName& parent : other.postgresql.inherits)
      if (model::same_name(parent, table_->name))
        return fmt::format("{} inherits from {}", display(other.name), display(table_->name));
  for (const model::SchemaObject* rule : facts_.objects_on(*table_, model::ObjectKind::kRule))
    return fmt::format("the rule {} makes something else of it", rule->name.name.text());
  return {};
}

// -- What it reads ----------------------------------------------------------------------------------------------------

std::string RowChange::refuse_queries() {
  const std::vector<const model::Table*> own = family(*table_);
  std::string why;
  walk_tree(node_, [&](Node node, bool) {
    if (!why.empty()) return;
    if (node["ctename"]) why = "a query in it has parts of its own";
    if (!node["relname"] || same_place(node)) return;
    const QualifiedName name = relation_of(node);
    const model::Table* table = model::find_table(schema_, name);
    if (table == nullptr)
      why = fmt::format("it reads {}, which may read {}", display(name), display(table_->name));
    else if (table == table_)
      why = fmt::format("it reads other rows of {}", display(table_->name));
    else if (std::find(own.begin(), own.end(), table) != own.end())
      why = fmt::format("it reads {}, which shares rows with {}", display(name), display(table_->name));
    else
      read_.push_back(table);
  });
  return why;
}

bool RowChange::same_place(Node relation) const {
  const Node own = node_["relation"];
  return relation["location"].number() == own["location"].number() &&
         relation["relname"].text() == own["relname"].text();
}

std::vector<const model::Table*> RowChange::family(const model::Table& table) const {
  std::vector<const model::Table*> found;
  const auto add = [&](const model::Table* one) {
    if (std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
  };
  for (const model::Table* above : facts_.ancestry(table)) {
    add(above);
    for (const model::Table* below : facts_.descendants(*above)) add(below);
  }
  return found;
}

// -- What it calls ----------------------------------------------------------------------------------------------------

std::string RowChange::refuse_values() {
  for (std::size_t i = 0; i < target_count(); ++i) {
    const Node value = target(i)["val"];
    if (std::string why = look_at(value, values_); !why.empty()) return why;
    const model::Column* column = model::find_column(*table_, assigned_[i]);
    if (column == nullptr) return fmt::format("column {} is not known", assigned_[i].text());
    const std::string type = SchemaFacts::spelled(column->type);
    const bool takes_words =
        any_of(kTakeWords, std::string_view(type).substr(0, type.find('('))) || facts_.is_enum(type);
    walk_tree(value, [&](Node node, bool) {
      const std::string_view text = node["A_Const"]["sval"]["sval"].text();
      const bool alone = value["A_Const"] && takes_words;
      if (tells_moment(text) && !alone) values_.of_the_transaction = true;
    });
    if (holds(value, "SetToDefault"))
      if (std::string why = refuse_default(*column); !why.empty()) return why;
  }
  if (values_.of_the_transaction) return "it writes the time of its transaction, and batches have a transaction each";
  if (std::string why = look_at(node_["whereClause"], condition_); !why.empty()) return why;
  if (condition_.of_each_row) return "its condition is another one each time";
  return {};
}

std::string RowChange::refuse_default(const model::Column& column) {
  if (column.computed) return {};
  if (column.identity || column.autoincrement) {
    values_.of_each_row = true;
    return {};
  }
  if (!column.server_default) {
    if (facts_.domain(SchemaFacts::spelled(column.type)) == nullptr) return {};
    return fmt::format("the default of {} is its type's", column.name.text());
  }
  const ParseTree tree("SELECT " + SchemaFacts::sql_of(*column.server_default));
  if (tree.problem()) return fmt::format("the default of {} could not be read", column.name.text());
  return look_at(tree.statement(0), values_);
}

std::string RowChange::look_at(Node tree, Reading& out) const {
  std::string why;
  walk_tree(tree, [&](Node node, bool in_query) {
    if (const Node column = node["ColumnRef"]) note_column(column, out);
    if (const Node value = node["SQLValueFunction"]) {
      const auto op = value["op"].text();
      const bool time = op.find("DATE") != std::string_view::npos || op.find("TIME") != std::string_view::npos;
      out.of_the_transaction = out.of_the_transaction || time;
    }
    const Node call = node["FuncCall"];
    if (!call || !why.empty()) return;
    const QualifiedName name = name_of(call["funcname"]);
    if (auto own = of_users_function(name)) {
      why = std::move(*own);
      return;
    }
    switch (built_in(name, call["args"].size())) {
      case BuiltIn::kSteady:
        return;
      case BuiltIn::kTransaction:
        out.of_the_transaction = true;
        return;
      case BuiltIn::kEachRow:
        out.of_each_row = true;
        if (in_query) why = fmt::format("{}() in a query of it may give all rows one value", display(name));
        return;
      case BuiltIn::kVolatile:
        why = fmt::format("the function {} may give something else each time", display(name));
        return;
      case BuiltIn::kUnknown:
        why = fmt::format("what the function {} reads is not known", display(name));
        return;
    }
  });
  return why;
}

std::optional<std::string> RowChange::of_users_function(const QualifiedName& name) const {
  std::optional<std::string> why;
  for (const model::SchemaObject& object : schema_.objects) {
    const bool called = object.kind == model::ObjectKind::kFunction || object.kind == model::ObjectKind::kAggregate;
    // Without a schema it is whichever the search path finds.
    const bool same = name.schema.empty() ? object.name.name == name.name : model::same_name(object.name, name);
    if (!called || !same) continue;
    if (object.kind == model::ObjectKind::kAggregate || !is_immutable(object))
      return fmt::format("the function {} is not IMMUTABLE: what it gives may depend on other rows", display(name));
    if (speaks_of_table(object.definition))
      return fmt::format("the function {} reads {}", display(name), display(table_->name));
    why = "";
  }
  return why;
}

bool RowChange::speaks_of_table(std::string_view text) const {
  const std::string& name = table_->name.name.text();
  const auto part_of_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
  };
  const std::string lower = to_lower_ascii(text);
  const std::string wanted = to_lower_ascii(name);
  for (std::size_t at = lower.find(wanted); at != std::string::npos; at = lower.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    if ((at == 0 || !part_of_name(lower[at - 1])) && (end == lower.size() || !part_of_name(lower[end]))) return true;
  }
  return false;
}

void RowChange::note_column(Node column, Reading& out) const {
  const Node fields = column["fields"];
  if (fields.size() == 0) return;
  const Node last = fields.item(fields.size() - 1);
  const Identifier name = identifier_of(last["String"]["sval"]);
  const bool whole_row =
      last["A_Star"] || name.empty() ||
      (model::find_column(*table_, name) == nullptr && (name == alias_ || name == table_->name.name));
  const model::Column* read = model::find_column(*table_, name);
  // A generated column may say anything of the others.
  if (!whole_row && (read == nullptr || !read->computed)) return out.columns.push_back(name);
  for (const model::Column& every : table_->columns) out.columns.push_back(every.name);
}

// -- What it fires ----------------------------------------------------------------------------------------------------

std::vector<TriggerFact> RowChange::triggers() const {
  constexpr std::int64_t kDelete = 8;
  constexpr std::int64_t kUpdate = 16;
  std::vector<TriggerFact> found;
  const auto read = [&](const model::Table& table, bool rows_only) {
    for (const model::SchemaObject* object : facts_.objects_on(table, model::ObjectKind::kTrigger)) {
      const ParseTree tree(object->definition);
      const Node made = tree.problem() ? Node() : tree.statement(0)["CreateTrigStmt"];
      TriggerFact fact;
      fact.name = object->name.name;
      if (made) {
        if ((made["events"].number().value_or(0) & (updates_ ? kUpdate : kDelete)) == 0) continue;
        fact.each_row = made["row"].flag();
        fact.whole = made["transitionRels"].size() > 0;
        fact.deferred = made["deferrable"].flag();
        const Node columns = made["columns"];
        for (std::size_t i = 0; i < columns.size(); ++i)
          fact.columns.push_back(identifier_of(columns.item(i)["String"]["sval"]));
        fact.function = name_of(made["funcname"]);
      }
      if (fact.each_row || !rows_only) found.push_back(std::move(fact));
    }
  };
  read(*table_, false);
  for (const model::Table* part : facts_.descendants(*table_)) read(*part, true);
  return found;
}

std::string RowChange::side_effect() const {
  for (const TriggerFact& trigger : triggers())
    if (trigger.columns.empty() || assigns(trigger.columns))
      return fmt::format("the trigger {} fires", trigger.name.text());
  std::vector<const model::Table*> tables = facts_.descendants(*table_);
  tables.push_back(table_);
  for (const model::Table* table : tables) {
    if (const auto rules = facts_.objects_on(*table, model::ObjectKind::kRule); !rules.empty())
      return fmt::format("the rule {} makes something else of it", rules.front()->name.name.text());
    if (const auto policies = facts_.objects_on(*table, model::ObjectKind::kPolicy); !policies.empty())
      return fmt::format("the policy {} may hide rows from it", policies.front()->name.name.text());
  }
  return {};
}

std::string RowChange::refuse_triggers() const {
  for (const TriggerFact& trigger : triggers()) {
    const std::string& name = trigger.name.text();
    if (!trigger.each_row) return fmt::format("the trigger {} runs once a statement", name);
    if (trigger.whole) return fmt::format("the trigger {} sees all rows that are changed", name);
    if (trigger.deferred) return fmt::format("the trigger {} runs when all rows are written", name);
    if (!read_.empty()) return fmt::format("the trigger {} may write what a query in it reads", name);
    for (const model::SchemaObject& object : schema_.objects)
      if (object.kind == model::ObjectKind::kFunction && object.name.name == trigger.function.name &&
          speaks_of_table(object.definition))
        return fmt::format("the function of the trigger {} speaks of {}", name, display(table_->name));
  }
  return {};
}

// -- What refers to it ------------------------------------------------------------------------------------------------

bool RowChange::assigns(const std::vector<Identifier>& columns) const {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const Identifier& column) { return model::contains(assigned_, column); });
}

/// Foreign keys whose actions change other rows, and those that are checked when the statement ends.
std::string RowChange::refuse_references() const {
  std::vector<const model::Table*> reached = {table_};  // whose rows the statement may change
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const bool first = i == 0;
    for (const KeyFact& fact : facts_.keys_to(*reached[i])) {
      const bool written = assigns(referred(*reached[i], *fact.key));
      if (first && fact.table == table_) {
        const bool its_own = iequals_ascii(fact.key->on_delete, "CASCADE");
        const bool emptied = acts(fact.key->on_delete) && !its_own;
        const bool read =
            std::any_of(fact.key->columns.begin(), fact.key->columns.end(),
                        [&](const Identifier& column) { return model::contains(condition_.columns, column); });
        if (updates_ ? written || assigns(fact.key->columns) : !its_own && (!emptied || read))
          return fmt::format("rows of {} refer to each other by {}", display(table_->name), fact.key->name.text());
        continue;
      }
      if (first && updates_ && !written) continue;
      const bool follows = !first ? acts(*fact.key) : acts(updates_ ? fact.key->on_update : fact.key->on_delete);
      if (first && updates_ && !follows)
        return fmt::format("rows of {} refer by {} to what it writes", display(fact.table->name),
                           fact.key->name.text());
      for (const model::Table* one : follows ? family(*fact.table) : std::vector<const model::Table*>())
        if (std::find(reached.begin(), reached.end(), one) == reached.end()) reached.push_back(one);
    }
  }
  for (const model::Table* one : reached) {
    if (one != table_ && std::find(read_.begin(), read_.end(), one) != read_.end())
      return fmt::format("it reads {}, whose rows change with those of {}", display(one->name), display(table_->name));
    for (const KeyFact& fact : facts_.keys_to(*one)) {
      const bool among = std::find(reached.begin(), reached.end(), fact.table) != reached.end();
      const bool from_here = one == table_ && acts(*fact.key);
      if (!among || from_here || (one == table_ && fact.table == table_)) continue;
      if (fact.table == table_ || !acts(*fact.key))
        return fmt::format("rows of {} and {} depend on each other by {}", display(fact.table->name),
                           display(one->name), fact.key->name.text());
    }
  }
  return {};
}

/// Keys that are checked when all rows are written.
std::string RowChange::refuse_deferred() const {
  if (!updates_) return {};
  for (const model::Constraint* one : facts_.constraints(*table_)) {
    const auto* unique = std::get_if<model::UniqueConstraint>(one);
    const auto* primary = std::get_if<model::PrimaryKey>(one);
    const auto* exclusion = std::get_if<model::ExcludeConstraint>(one);
    const model::Deferral* deferral = unique != nullptr      ? &unique->deferral
                                      : primary != nullptr   ? &primary->deferral
                                      : exclusion != nullptr ? &exclusion->deferral
                                                             : nullptr;
    if (deferral == nullptr || !deferral->deferrable.value_or(false)) continue;
    // What an exclusion speaks of stands in expressions.
    if (exclusion != nullptr || assigns(model::constraint_columns(*one)))
      return fmt::format("{} is checked when all rows are written", model::constraint_name(*one).text());
  }
  return {};
}

}  // namespace bascule::dialects::postgres
