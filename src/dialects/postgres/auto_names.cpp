#include "dialects/postgres/auto_names.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/overload.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/parse_tree.h"
#include "dialects/postgres/postgres.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

constexpr std::size_t kNameBytes = 63;

/// At most `bytes` of it, never ending inside a character of UTF-8.
std::string_view clipped(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string joined(const std::vector<Identifier>& columns) {
  std::string text;
  for (const Identifier& column : columns) {
    if (!text.empty()) text += '_';
    text += column.text();
    if (text.size() > kNameBytes) break;
  }
  return text;
}

std::string_view last_text(Node list) {
  const Node last = list.size() == 0 ? Node() : list.item(list.size() - 1);
  return last["String"]["sval"].text();
}

/// How sure the server is of the name that it reads off an expression: that of a cast's type gives way to others.
enum class Sureness { kNone, kWeak, kSure };
struct FoundName {
  std::string text;
  Sureness sureness = Sureness::kNone;
};

/// The server's own rule (FigureIndexColname) for an expression.
FoundName found_name(Node wrapped) {
  const std::string_view tag = wrapped.tag();
  const Node node = wrapped.inside();
  const auto sure = [](std::string_view text) { return FoundName{std::string(text), Sureness::kSure}; };
  if (tag == "ColumnRef") return sure(last_text(node["fields"]));
  if (tag == "FuncCall") return sure(last_text(node["funcname"]));
  if (tag == "CollateClause") return found_name(node["arg"]);
  if (tag == "A_Indirection") {
    const std::string_view field = last_text(node["indirection"]);
    return field.empty() ? found_name(node["arg"]) : sure(field);
  }
  if (tag == "A_Expr" && node["kind"].is("AEXPR_NULLIF")) return sure("nullif");
  if (tag == "CoalesceExpr") return sure("coalesce");
  if (tag == "MinMaxExpr") return sure(node["op"].is("IS_LEAST") ? "least" : "greatest");
  if (tag == "A_ArrayExpr") return sure("array");
  if (tag == "RowExpr") return sure("row");
  if (tag == "TypeCast") {
    FoundName inner = found_name(node["arg"]);
    return inner.sureness == Sureness::kSure
               ? inner
               : FoundName{std::string(last_text(node["typeName"]["names"])), Sureness::kWeak};
  }
  if (tag == "CaseExpr") {
    FoundName inner = found_name(node["defresult"]);
    return inner.sureness == Sureness::kSure ? inner : FoundName{"case", Sureness::kWeak};
  }
  return {};
}

std::string name_in_text(const std::string& sql) {
  const ParseTree tree("SELECT " + sql);
  if (tree.problem() || tree.statement_count() != 1) return "expr";
  FoundName found = found_name(tree.statement(0).inside()["targetList"].item(0)["ResTarget"]["val"]);
  return found.text.empty() ? "expr" : std::move(found.text);
}

/// What an index calls the column that an element makes.
std::string element_name(const model::Expression& expression) {
  if (const auto* unary = std::get_if<Box<model::UnaryExpr>>(&expression)) return element_name((*unary)->operand);
  if (const auto* collate = std::get_if<Box<model::CollateExpr>>(&expression)) return element_name((*collate)->operand);
  if (const auto* column = std::get_if<model::ColumnExpr>(&expression)) return column->column.text();
  if (const auto* call = std::get_if<Box<model::FunctionExpr>>(&expression)) return (*call)->name;
  const auto* text = std::get_if<model::TextExpr>(&expression);
  return text != nullptr ? name_in_text(text->sql) : "expr";
}

class Filler {
 public:
  Filler(model::Schema& schema, model::Table& table) : schema_(schema), table_(table) {}

  void run() {
    sequences();
    for (model::Constraint& item : table_.constraints)
      if (auto* check = std::get_if<model::CheckConstraint>(&item); check != nullptr && check->name.empty())
        check->name = constraint_name(checked_column(*check), "check");
    for (model::Constraint& item : table_.constraints)
      if (auto* key = std::get_if<model::PrimaryKey>(&item); key != nullptr && key->name.empty())
        key->name = relation_name("", "pkey");
    for (model::Constraint& item : table_.constraints) {
      if (auto* unique = std::get_if<model::UniqueConstraint>(&item); unique != nullptr && unique->name.empty())
        unique->name = relation_name(joined(with_included(unique->columns, unique->postgresql_include)), "key");
      if (auto* exclude = std::get_if<model::ExcludeConstraint>(&item); exclude != nullptr && exclude->name.empty())
        exclude->name = relation_name(joined(excluded(*exclude)), "excl");
    }
    for (model::Index& index : table_.indexes)
      if (index.name.empty()) index.name = relation_name(joined(indexed(index)), "idx");
    for (model::Constraint& item : table_.constraints) {
      auto* key = std::get_if<model::ForeignKey>(&item);
      if (key == nullptr) continue;
      if (key->name.empty()) key->name = constraint_name(joined(key->columns), "fkey");
      if (key->referent_columns.empty()) {
        const model::Table* referent = model::find_table(std::as_const(schema_), key->referent);
        const model::PrimaryKey* primary = referent == nullptr ? nullptr : model::primary_key(*referent);
        if (primary != nullptr) key->referent_columns = primary->columns;
      }
    }
  }

 private:
  void sequences() {
    for (model::Column& column : table_.columns) {
      if (!is_serial(column)) continue;
      const bool known = std::any_of(schema_.sequences.begin(), schema_.sequences.end(), [&](const auto& sequence) {
        return !sequence.owned_by.name.empty() && model::same_name(sequence.owned_by, table_.name) &&
               sequence.owned_by_column == column.name;
      });
      if (known) continue;
      column.nullable = false;
      model::Sequence sequence;
      sequence.name = QualifiedName{table_.name.schema, relation_name(column.name.text(), "seq")};
      sequence.owned_by = table_.name;
      sequence.owned_by_column = column.name;
      schema_.sequences.push_back(std::move(sequence));
    }
  }

  /// The one column that a check speaks of; empty for several or none.
  std::string checked_column(const model::CheckConstraint& check) const {
    std::string found;
    for (const model::Column& column : table_.columns) {
      if (!model::mentions_column(check.sql, column.name)) continue;
      if (!found.empty()) return "";
      found = column.name.text();
    }
    return found;
  }
  static std::vector<Identifier> excluded(const model::ExcludeConstraint& exclude) {
    std::vector<Identifier> names;
    for (const auto& element : exclude.elements) names.emplace_back(element_name(element.sql));
    return names;
  }
  static std::vector<Identifier> indexed(const model::Index& index) {
    std::vector<Identifier> names;
    for (const auto& element : index.elements) add_column(names, element_name(element.sql));
    return with_included(std::move(names), index.postgresql.include);
  }
  /// The columns of INCLUDE count for an index's name like its own.
  static std::vector<Identifier> with_included(std::vector<Identifier> names, const std::vector<Identifier>& included) {
    for (const Identifier& column : included) add_column(names, column.text());
    return names;
  }
  /// No two columns of an index have one name.
  static void add_column(std::vector<Identifier>& names, const std::string& base) {
    Identifier name(base);
    for (int i = 1; model::contains(names, name); ++i) {
      const std::string number = std::to_string(i);
      name = Identifier(std::string(clipped(base, kNameBytes - number.size())) + number);
    }
    names.push_back(std::move(name));
  }

  template <class Taken>
  Identifier first_free(std::string_view columns, const std::string& label, Taken taken) const {
    for (int number = 0;; ++number) {
      const std::string numbered = number == 0 ? label : label + std::to_string(number);
      Identifier name(object_name(table_.name.name.text(), columns, numbered));
      if (!taken(name)) return name;
    }
  }
  /// A key's index is a relation and a constraint at once.
  Identifier relation_name(std::string_view columns, const std::string& label) const {
    return first_free(columns, label, [&](const Identifier& name) { return is_relation(name) || is_constraint(name); });
  }
  Identifier constraint_name(std::string_view columns, const std::string& label) const {
    return first_free(columns, label, [&](const Identifier& name) { return is_constraint(name); });
  }

  bool same_schema(const QualifiedName& other) const {
    return model::same_name(QualifiedName{other.schema, Identifier("x")},
                            QualifiedName{table_.name.schema, Identifier("x")});
  }
  bool is_constraint(const Identifier& name) const {
    return std::any_of(schema_.tables.begin(), schema_.tables.end(), [&](const model::Table& other) {
      return model::find_constraint(other, name) != nullptr && same_schema(other.name);
    });
  }
  bool is_relation(const Identifier& name) const {
    const auto named = [&](const auto& one) { return one.name.name == name && same_schema(one.name); };
    if (std::any_of(schema_.sequences.begin(), schema_.sequences.end(), named)) return true;
    if (std::any_of(schema_.objects.begin(), schema_.objects.end(), [&](const model::SchemaObject& object) {
          const bool view =
              object.kind == model::ObjectKind::kView || object.kind == model::ObjectKind::kMaterializedView;
          return view && named(object);
        }))
      return true;
    return std::any_of(schema_.tables.begin(), schema_.tables.end(), [&](const model::Table& other) {
      return (other.name.name == name || model::find_index(other, name) != nullptr) && same_schema(other.name);
    });
  }

  model::Schema& schema_;
  model::Table& table_;
};

/// The tables whose parts an operation may have left unnamed.
struct Touched {
  using Names = std::vector<QualifiedName>;
  Names operator()(const model::CreateTable& o) const { return {o.table.name}; }
  Names operator()(const model::AddColumn& o) const { return {o.table}; }
  Names operator()(const model::AlterColumn& o) const { return {o.table}; }
  Names operator()(const model::AddConstraint& o) const { return {o.table}; }
  Names operator()(const model::CreateIndex& o) const { return {o.table}; }
  Names operator()(const model::DetachPartition& o) const { return {o.partition}; }
  Names operator()(const model::BatchAlter& o) const {
    for (const auto& item : o.items)
      if (const auto* renamed = std::get_if<model::RenameTable>(&item))
        return {QualifiedName{o.table.schema, renamed->new_name}};
    return {o.table};
  }
  template <class Other>
  Names operator()(const Other&) const {
    return {};
  }
};

/// What the rendered statement leaves out: keys that a later ALTER TABLE makes, comments of constraints.
void leave_unmade(model::Schema& schema, const model::Operation& operation) {
  const auto* created = std::get_if<model::CreateTable>(&operation);
  const auto* added = std::get_if<model::AddConstraint>(&operation);
  const auto* column = std::get_if<model::AddColumn>(&operation);
  if (created == nullptr && added == nullptr && column == nullptr) return;
  model::Table* table = model::find_table(schema, created != nullptr ? created->table.name
                                                  : added != nullptr ? added->table
                                                                     : column->table);
  if (table == nullptr) return;
  if (created != nullptr) {
    std::erase_if(table->constraints, [](const model::Constraint& item) {
      const auto* key = std::get_if<model::ForeignKey>(&item);
      return key != nullptr && key->use_alter;
    });
    for (model::Constraint& item : table->constraints) {
      // A new table has no rows that could break them: the server takes them for valid.
      if (auto* key = std::get_if<model::ForeignKey>(&item)) key->not_valid = false;
      if (auto* check = std::get_if<model::CheckConstraint>(&item)) check->not_valid = false;
    }
  }
  // New constraints stand at the end.
  const std::size_t count = added != nullptr    ? 1
                            : column != nullptr ? column->constraints.size()
                                                : table->constraints.size();
  for (std::size_t i = 0; i < std::min(count, table->constraints.size()); ++i) {
    model::Constraint& item = table->constraints[table->constraints.size() - 1 - i];
    std::visit([](auto& one) { one.comment.reset(); }, item);
    // ADD COLUMN ... REFERENCES and PRIMARY KEY are written without their names.
    const bool unnamed =
        std::holds_alternative<model::ForeignKey>(item) || std::holds_alternative<model::PrimaryKey>(item);
    if (column != nullptr && unnamed) model::set_constraint_name(item, Identifier());
  }
}

}  // namespace

bool is_serial(const model::Column& column) {
  if (!column.autoincrement || column.identity) return false;
  const auto spelled = postgres_dialect().type(column.type);
  if (!spelled) return false;
  const std::string type = canonical_type(*spelled).sql;
  return type == "integer" || type == "bigint" || type == "smallint";
}

std::string object_name(std::string_view table, std::string_view columns, std::string_view label) {
  const std::size_t overhead = (columns.empty() ? 0 : 1) + label.size() + 1;
  const std::size_t available = kNameBytes - std::min(kNameBytes, overhead);
  std::size_t first = table.size();
  std::size_t second = columns.size();
  while (first + second > available) --(first > second ? first : second);
  std::string name(clipped(table, first));
  if (!columns.empty()) name += "_" + std::string(clipped(columns, second));
  return name + "_" + std::string(label);
}

void fill_in(model::Schema& schema, const QualifiedName& name) {
  if (model::Table* table = model::find_table(schema, name)) Filler(schema, *table).run();
}

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

void PostgresDialect::complete(model::Schema& schema, const model::Operation& operation) const {
  postgres::leave_unmade(schema, operation);
  for (const QualifiedName& table : std::visit(postgres::Touched{}, operation)) postgres::fill_in(schema, table);
}

}  // namespace bascule::dialects
