// Changes of rows that may be split: which, and along what. Splitting is equivalent where what becomes of a row depends
// on that row alone: each is then written once, in whatever order.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/locks_parts.h"
#include "dialects/postgres/online.h"
#include "dialects/postgres/postgres.h"
#include "dialects/postgres/statement_text.h"
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
/// Types that cannot be compared: IS DISTINCT FROM is an error.
constexpr auto kNotComparable = std::to_array<std::string_view>(
    {"json", "xml", "point", "polygon", "box", "path", "circle", "line", "lseg", "txid_snapshot"});

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& names, std::string_view wanted) {
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

/// What an expression, or several, speak of.
struct Reading {
  bool of_each_row = false;         ///< random(), nextval() ...
  bool of_the_transaction = false;  ///< now() ...
  std::vector<Identifier> columns;
};

class Splitting {
 public:
  Splitting(std::string_view sql, Node statement, const model::Schema& schema)
      : text_(sql), tag_(statement.tag()), node_(statement.inside()), schema_(schema) {}

  Result<plan::Backfill, std::string> read() {
    if (tag_ != "UpdateStmt" && tag_ != "DeleteStmt") return no("it neither updates nor deletes rows");
    const Node target = node_["relation"];
    table_ = model::find_table(schema_, relation_of(target));
    if (table_ == nullptr) return no(fmt::format("table {} is not known", display(relation_of(target))));
    alias_ = identifier_of(target["alias"]["aliasname"]);
    updates_ = tag_ == "UpdateStmt";
    using Check = std::string (Splitting::*)();
    constexpr std::array<Check, 5> kChecks = {&Splitting::refuse_form, &Splitting::refuse_table,
                                              &Splitting::refuse_queries, &Splitting::refuse_functions,
                                              &Splitting::refuse_references};
    for (const Check check : kChecks)
      if (std::string why = (this->*check)(); !why.empty()) return no(std::move(why));
    if (std::string why = choose_key(); !why.empty()) return no(std::move(why));
    texts();
    return std::move(made_);
  }

 private:
  static tl::unexpected<std::string> no(std::string why) { return tl::unexpected<std::string>(std::move(why)); }

  std::string refuse_form() {
    if (node_["withClause"]) return "it begins with WITH";
    if (node_["returningList"]) return "it has RETURNING";
    if (node_["fromClause"]) return "it reads other tables in FROM";
    if (node_["usingClause"]) return "it reads other tables in USING";
    if (node_["whereClause"].tag() == "CurrentOfExpr") return "it follows a cursor";
    if (!node_["relation"]["inh"].flag()) return "it says ONLY";
    return {};
  }

  std::string refuse_table() {
    for (const model::Table& other : schema_.tables)
      for (const QualifiedName& parent : other.postgresql.inherits)
        if (model::same_name(parent, table_->name))
          return fmt::format("{} inherits from {}", display(other.name), display(table_->name));
    for (const model::SchemaObject& object : schema_.objects) {
      if (!model::same_name(object.on_table, table_->name) || object.on_table.name.empty()) continue;
      if (object.kind == model::ObjectKind::kRule)
        return fmt::format("the rule {} makes something else of it", object.name.name.text());
      const std::string text = to_lower_ascii(object.definition);
      if (object.kind == model::ObjectKind::kTrigger && text.find("row") == std::string::npos)
        return fmt::format("the trigger {} runs once a statement", object.name.name.text());
    }
    return {};
  }

  std::string refuse_queries() {
    std::string why;
    walk(Node(node_), [&](Node node) {
      if (!why.empty()) return;
      if (node["ctename"]) why = "a query in it has parts of its own";
      const Node relation = node["relname"] ? node : Node();
      if (!relation || same_place(relation)) return;
      const QualifiedName name = relation_of(relation);
      if (model::same_name(name, table_->name))
        why = fmt::format("it reads other rows of {}", display(table_->name));
      else if (model::find_table(schema_, name) == nullptr)
        why = fmt::format("it reads {}, which may read {}", display(name), display(table_->name));
    });
    return why;
  }

  bool same_place(Node relation) const {
    const Node target = node_["relation"];
    return relation["location"].number() == target["location"].number() &&
           relation["relname"].text() == target["relname"].text();
  }

  std::string refuse_functions() {
    for (std::size_t i = 0; i < targets().size(); ++i)
      if (std::string why = look_at(target(i)["val"], set_); !why.empty()) return why;
    if (set_.of_the_transaction) return "it writes the time of its transaction, and batches have a transaction each";
    Reading condition;
    if (std::string why = look_at(node_["whereClause"], condition); !why.empty()) return why;
    if (condition.of_each_row) return "its condition is another one each time";
    return {};
  }

  std::string look_at(Node tree, Reading& out) const {
    std::string why;
    const NewerSyntax newer(text_.sql());
    const Server server;
    plan::Impact nothing;
    const LockModel model(schema_, server, newer, nothing);
    walk(tree, [&](Node node) {
      if (const Node column = node["ColumnRef"]) note_column(column, out);
      if (node["SQLValueFunction"])
        out.of_the_transaction = out.of_the_transaction || tells_time(node["SQLValueFunction"]);
      const Node call = node["FuncCall"];
      if (!call || !why.empty()) return;
      QualifiedName name = name_of(call["funcname"]);
      const std::string& plain = name.name.text();
      if (any_of(kOfTheTransaction, plain) && (plain != "age" || call["args"].size() == 1)) {
        out.of_the_transaction = true;
        return;
      }
      if (any_of(kOfEachRow, plain)) {
        out.of_each_row = true;
        return;
      }
      // Its arguments are walked on their own: only the call itself is asked about.
      const ExpressionFacts facts = model.facts_of(node);
      if (!facts.assumed.empty() && facts.assumed == plain)
        why = fmt::format("what the function {} reads is not known", display(name));
      else if (reads_table(name))
        why = fmt::format("the function {} reads {}", display(name), display(table_->name));
      else if (facts.volatility == Volatility::kVolatile && facts.volatile_part == plain + "()")
        why = fmt::format("the function {} may give something else each time", display(name));
    });
    return why;
  }

  static bool tells_time(Node value) {
    const auto op = value["op"].text();
    return op.find("DATE") != std::string_view::npos || op.find("TIME") != std::string_view::npos;
  }

  bool reads_table(const QualifiedName& function) const {
    return std::any_of(schema_.objects.begin(), schema_.objects.end(), [&](const model::SchemaObject& object) {
      return object.kind == model::ObjectKind::kFunction && model::same_name(object.name, function) &&
             to_lower_ascii(object.definition).find(to_lower_ascii(table_->name.name.text())) != std::string::npos;
    });
  }

  void note_column(Node column, Reading& out) const {
    const Node fields = column["fields"];
    if (fields.size() == 0) return;
    const Node last = fields.item(fields.size() - 1);
    const Identifier name = identifier_of(last["String"]["sval"]);
    const bool whole_row =
        last["A_Star"] || name.empty() ||
        (model::find_column(*table_, name) == nullptr && (name == alias_ || name == table_->name.name));
    if (!whole_row) return out.columns.push_back(name);
    for (const model::Column& every : table_->columns) out.columns.push_back(every.name);
  }

  /// Checks that hold at the end of a statement, and not in the middle of it.
  std::string refuse_references() {
    for (std::size_t i = 0; i < targets().size(); ++i) assigned_.push_back(identifier_of(target(i)["name"]));
    const auto assigns = [&](const std::vector<Identifier>& columns) {
      return std::any_of(columns.begin(), columns.end(),
                         [&](const Identifier& column) { return model::contains(assigned_, column); });
    };
    for (const model::Constraint& one : table_->constraints) {
      if (const auto* key = std::get_if<model::ForeignKey>(&one)) {
        if (!model::same_name(key->referent, table_->name)) continue;
        const bool follows = iequals_ascii(key->on_delete, "CASCADE") || iequals_ascii(key->on_delete, "SET NULL");
        if (updates_ ? assigns(key->columns) || assigns(key->referent_columns) : !follows)
          return fmt::format("rows of {} refer to each other by {}", display(table_->name), key->name.text());
      }
      const auto* unique = std::get_if<model::UniqueConstraint>(&one);
      const auto* primary = std::get_if<model::PrimaryKey>(&one);
      const model::Deferral* deferral = unique != nullptr    ? &unique->deferral
                                        : primary != nullptr ? &primary->deferral
                                                             : nullptr;
      if (updates_ && deferral != nullptr && deferral->deferrable.value_or(false) &&
          assigns(model::constraint_columns(one)))
        return fmt::format("{} is checked when all rows are written", model::constraint_name(one).text());
    }
    return {};
  }

  // -- The key ------------------------------------------------------------------------------------------------------

  std::string choose_key() {
    const std::vector<Identifier> key = key_columns_of_table();
    if (names_rows_by(key)) return "it names its rows by their key";
    for (const Identifier& column : key) {
      made_.key_sql.push_back(postgres_dialect().quote(column));
      made_.key_types.push_back(type_text(*model::find_column(*table_, column)));
    }
    if (!key.empty()) return {};
    if (!table_->postgresql.partition_by.empty())
      return fmt::format("{} is partitioned and has no key to walk along", display(table_->name));
    // Along ctid a changed row may be met again where it has moved to.
    const bool again = std::any_of(set_.columns.begin(), set_.columns.end(),
                                   [&](const Identifier& column) { return model::contains(assigned_, column); });
    if (updates_ && (again || set_.of_each_row) && filled_column().empty())
      return fmt::format("{} has no key to walk along, and no row may be written twice", display(table_->name));
    return {};
  }

  /// SET c = random() WHERE c IS NULL: what was written is not met again. Empty: it is nothing of the kind.
  Identifier filled_column() const {
    const Node test = node_["whereClause"]["NullTest"];
    const Node fields = test["arg"]["ColumnRef"]["fields"];
    if (!test || test["nulltesttype"].is("IS_NOT_NULL") || fields.size() == 0) return {};
    const Identifier column = identifier_of(fields.item(fields.size() - 1)["String"]["sval"]);
    const bool alone = assigned_.size() == 1 && assigned_.front() == column && set_.of_each_row;
    return alone && !model::contains(set_.columns, column) ? column : Identifier();
  }

  std::vector<Identifier> key_columns_of_table() const {
    if (const model::PrimaryKey* key = model::primary_key(*table_);
        key != nullptr && usable(key->columns, key->deferral))
      return key->columns;
    for (const model::Constraint& one : table_->constraints)
      if (const auto* key = std::get_if<model::UniqueConstraint>(&one);
          key != nullptr && usable(key->columns, key->deferral))
        return key->columns;
    for (const model::Index& index : table_->indexes) {
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
      const model::Column* column = model::find_column(*table_, name);
      const bool unchecked = column != nullptr && column->not_null && column->not_null->not_valid;
      return column != nullptr && !column->nullable && !unchecked && !model::contains(assigned_, name) &&
             !type_text(*column).empty();
    });
  }

  static std::string type_text(const model::Column& column) {
    const auto spelled = postgres_dialect().type(column.type);
    return spelled ? canonical_type(*spelled).sql : std::string();
  }

  /// WHERE id = 1, WHERE id IN (1, 2): a handful of rows that the author counted.
  bool names_rows_by(const std::vector<Identifier>& key) const {
    if (key.size() != 1) return false;
    std::vector<Node> left = {node_["whereClause"]};
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

  void texts() {
    made_.table = table_->name;
    made_.table_sql = postgres_dialect().quote(table_->name);
    const std::size_t end = text_.count();
    std::size_t from = 0;
    if (updates_) from = text_.find_word({0, end}, "SET") + 1;
    const std::size_t where = node_["whereClause"] ? text_.find_word({from, end}, "WHERE") : end;
    if (where < end) made_.where_sql = plain(text_.slice({where + 1, end}));
    if (!updates_) return;
    made_.set_sql = plain(text_.slice({from, where}));
    const auto written = text_.split({from, where});
    if (written.size() == targets().size()) made_.wrong_sql = wrong(written);
  }

  /// Rows that are not yet as they shall be; empty where a row does not tell.
  std::string wrong(const std::vector<StatementText::Range>& written) const {
    if (const Identifier column = filled_column(); !column.empty())
      return postgres_dialect().quote(column) + " IS NULL";
    if (set_.of_each_row) return {};
    for (const model::SchemaObject& object : schema_.objects) {
      if (object.kind != model::ObjectKind::kTrigger || !model::same_name(object.on_table, table_->name)) continue;
      const std::string text = to_lower_ascii(object.definition);
      if (text.find("before") != std::string::npos && text.find("update") != std::string::npos) return {};
    }
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < written.size(); ++i) {
      const Node value = target(i)["val"];
      const bool simple = !target(i)["indirection"] && value.tag() != "MultiAssignRef" &&
                          value.tag() != "SetToDefault" && text_.symbol(written[i].begin + 1, '=');
      const model::Column* column = model::find_column(*table_, assigned_[i]);
      if (!simple || column == nullptr) return {};
      const std::string type = type_text(*column);
      if (type.empty() || any_of(kNotComparable, type) || column->computed) return {};
      Reading reading;
      static_cast<void>(look_at(value, reading));
      if (std::any_of(reading.columns.begin(), reading.columns.end(),
                      [&](const Identifier& read) { return model::contains(assigned_, read); }))
        return {};
      const std::string expression = plain(text_.slice({written[i].begin + 2, written[i].end}));
      // As it will be stored: 1.5 in an integer column is 2.
      parts.push_back(fmt::format("{} IS DISTINCT FROM CAST(({}) AS {})", postgres_dialect().quote(assigned_[i]),
                                  expression, type));
    }
    return join(parts, " OR ");
  }

  /// A slice without the alias of the table: what is made of it has none.
  std::string plain(const std::string& slice) const {
    if (alias_.empty()) return slice;
    const StatementText text(slice);
    std::string out;
    std::size_t at = 0;
    std::size_t copied = 0;
    for (std::size_t i = 0; i + 1 < text.count(); ++i) {
      const std::string_view word = text.written(i);
      const bool dotted = text.symbol(i + 1, '.') && (i == 0 || !text.symbol(i - 1, '.'));
      at = static_cast<std::size_t>(word.data() - slice.data());
      if (!dotted || !names(word, alias_)) continue;
      out += slice.substr(copied, at - copied) + postgres_dialect().quote(table_->name.name);
      copied = at + word.size();
    }
    return out + slice.substr(copied);
  }
  static bool names(std::string_view word, const Identifier& name) {
    if (word.size() > 1 && word.front() == '"') return word.substr(1, word.size() - 2) == name.text();
    return to_lower_ascii(word) == name.text();
  }

  // -- The tree -----------------------------------------------------------------------------------------------------

  Node targets() const { return node_["targetList"]; }
  Node target(std::size_t index) const { return targets().item(index)["ResTarget"]; }

  template <class Look>
  static void walk(Node tree, Look look) {
    std::vector<Node> left = {tree};
    while (!left.empty()) {
      const Node node = left.back();
      left.pop_back();
      look(node);
      for (std::size_t i = 0; i < node.size(); ++i) left.push_back(node.item(i));
      for (std::size_t i = 0; i < node.member_count(); ++i) left.push_back(node.member(i));
    }
  }

  StatementText text_;
  std::string tag_;
  Node node_;
  const model::Schema& schema_;
  const model::Table* table_ = nullptr;
  Identifier alias_;
  bool updates_ = false;
  Reading set_;
  std::vector<Identifier> assigned_;
  plan::Backfill made_;
};

}  // namespace

Result<plan::Backfill, std::string> PostgresOnline::batches(std::string_view statement,
                                                            const model::Schema& before) const {
  const ParseTree tree(statement);
  if (tree.problem() || tree.statement_count() != 1) return failure(std::string("it could not be read"));
  return Splitting(statement, tree.statement(0), before).read();
}

}  // namespace bascule::dialects::postgres
