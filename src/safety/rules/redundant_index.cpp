#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/text.h"
#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// An index as this rule compares it: of the table's own, or the one that a constraint keeps.
struct Kept {
  std::string text;  ///< "the primary key", "the index orders_a_b"
  Identifier name;
  std::vector<model::IndexElement> elements;
  std::vector<Identifier> include;
  bool unique = false;
  bool of_constraint = false;
};

model::Expression without_order(model::Expression element) {
  if (const auto* order = std::get_if<Box<model::UnaryExpr>>(&element); order != nullptr && (*order)->postfix)
    return without_order((*order)->operand);
  return element;
}

std::vector<model::IndexElement> elements_of(const std::vector<Identifier>& columns) {
  std::vector<model::IndexElement> elements;
  for (const auto& column : columns) elements.push_back({model::ColumnExpr{{}, column}, ""});
  return elements;
}

std::optional<Kept> kept(const model::Index& index) {
  if (is_partial(index) || !is_btree(index) || index.postgresql.invalid || index.elements.empty()) return std::nullopt;
  Kept made{"the index " + index.name.text(), index.name, index.elements, index.postgresql.include, index.unique};
  if (made.elements.size() == 1) made.elements[0].sql = without_order(made.elements[0].sql);  // read either way
  return made;
}

std::optional<Kept> kept(const model::Constraint& constraint) {
  const auto columns = model::constraint_columns(constraint);
  if (columns.empty()) return std::nullopt;
  const Identifier& name = model::constraint_name(constraint);
  if (std::holds_alternative<model::PrimaryKey>(constraint))
    return Kept{"the primary key", name, elements_of(columns), {}, true, true};
  if (std::holds_alternative<model::UniqueConstraint>(constraint))
    return Kept{name.empty() ? "the unique constraint" : "the unique constraint " + name.text(),
                name,
                elements_of(columns),
                {},
                true,
                true};
  return std::nullopt;
}

/// Whether every query that narrow serves is served by wide, and narrow enforces nothing that wide does not.
bool covers(const Kept& wide, const Kept& narrow) {
  if (narrow.elements.size() > wide.elements.size() || !narrow.include.empty()) return false;
  if (narrow.unique && (!wide.unique || narrow.elements.size() != wide.elements.size())) return false;
  for (std::size_t i = 0; i < narrow.elements.size(); ++i) {
    const bool same = narrow.elements[i] == wide.elements[i] ||
                      (narrow.elements.size() == 1 && narrow.elements[i].opclass == wide.elements[i].opclass &&
                       without_order(wide.elements[i].sql) == narrow.elements[i].sql);
    if (!same) return false;
  }
  return true;
}

struct Made {
  const StatementView* statement;
  QualifiedName table;
  Identifier index;
};

std::vector<Made> made_indexes(const Chain& chain) {
  std::vector<Made> made;
  for (const StatementView& statement : chain.statements) {
    if (statement.direction == model::Direction::kDowngrade || !chain.revisions[statement.revision].selected) continue;
    for (const auto& operation : statement.meaning.operations)
      if (const auto* create = std::get_if<model::CreateIndex>(&operation))
        made.push_back({&statement, create->table, create->index.name});
  }
  return made;
}

class Comparison {
 public:
  Comparison(const Chain& chain, const Rule& rule, FindingSink& sink)
      : chain_(chain), rule_(rule), sink_(sink), made_(made_indexes(chain)) {
    for (std::size_t i = 0; i < made_.size(); ++i) numbers_[key(made_[i].table, made_[i].index)] = i;
  }

  void run() {
    for (std::size_t i = 0; i < made_.size(); ++i) compare(i);
  }

 private:
  /// Its number among the indexes that the selected revisions make; nullopt: it was there before.
  std::optional<std::size_t> number(const QualifiedName& table, const Identifier& index) const {
    const auto found = numbers_.find(key(table, index));
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }
  static std::string key(const QualifiedName& table, const Identifier& index) {
    return model::name_key(table) + '\0' + index.text();
  }

  void compare(std::size_t i) {
    const Made& made = made_[i];
    const model::Table* table = model::find_table(chain_.schema_end, made.table);
    const model::Index* index = table == nullptr ? nullptr : model::find_index(*table, made.index);
    if (index == nullptr || is_small(chain_, made.table) || number(made.table, made.index) != i) return;
    const auto own = kept(*index);
    if (!own) return;
    for (const auto& constraint : table->constraints) {
      const auto other = kept(constraint);
      if (other && !(other->name == own->name) && covers(*other, *own)) return say(made, *own, *other);
    }
    for (const auto& one : table->indexes) {
      if (one.name == index->name) continue;
      const auto other = kept(one);
      if (!other) continue;
      // Told where the second of the two is made: before, there was nothing to say.
      const auto order = number(made.table, one.name);
      if (order && *order > i) continue;
      if (covers(*other, *own)) return say(made, *own, *other);
      if (covers(*own, *other)) say(made, *other, *own);
    }
  }

  void say(const Made& made, const Kept& narrow, const Kept& wide) {
    if (!told_.insert(model::name_key({made.table.schema, narrow.name})).second) return;
    const bool equal = narrow.elements.size() == wide.elements.size();
    const Names names = named(chain_, made.table, {{"index", spelled(chain_, narrow.name)}});
    Finding finding = finding_at(chain_, *made.statement, made.table,
                                 "the index " + narrow.name.text() + " on " + display(made.table) +
                                     " serves no query that " + wide.text + " does not",
                                 equal ? wide.text + " has the same columns in the same order"
                                       : wide.text + " begins with the same columns in the same order");
    if (chain_.dialect != nullptr && chain_.dialect->name() != "postgresql")
      finding.help = other_way(chain_, rule_, names,
                               chain_.dialect->name() == "sqlite"
                                   ? "-- leave it out; where it is there already:\nDROP INDEX {index};"
                                   : "-- leave it out; where it is there already:\nDROP INDEX {index} ON {table};",
                               "# leave it out; where it is there already:\n"
                               "op.drop_index('{index}', table_name='{table}')");
    sink_.add(rule_, std::move(finding), names);
  }

  const Chain& chain_;
  const Rule& rule_;
  FindingSink& sink_;
  std::vector<Made> made_;
  std::unordered_map<std::string, std::size_t> numbers_;  ///< of the last one of that name
  std::set<std::string> told_;                            ///< one finding an index that gives nothing
};

void check(const ChainContext& context, const Rule& rule, FindingSink& sink) {
  Comparison(context.chain, rule, sink).run();
}

}  // namespace

const Rule kRedundantIndex{
    .id = "redundant-index",
    .group = Group::kIndexes,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "An index does what another one does already",
    .catches =
        "An index whose columns are those of the primary key, of a unique constraint or of another index, or lead one "
        "of them, at the end of the migrations that are looked at. Partial indexes, expressions, other orders and "
        "other methods are compared as they are written.",
    .why =
        "Every primary key and unique constraint has an index of its own, and a B-tree on (a, b) serves queries by a "
        "as well. A second index costs space, a write for every INSERT, and time of vacuum, and gives nothing. An "
        "index on fewer columns is smaller: keep it on purpose if it is read very often.",
    .safe_sql =
        "-- leave it out; where it is there already, outside of a transaction:\n"
        "DROP INDEX CONCURRENTLY {index};",
    .safe_alembic =
        "# leave it out; where it is there already:\n"
        "with op.get_context().autocommit_block():\n"
        "    op.drop_index('{index}', table_name='{table}', postgresql_concurrently=True)",
    .bad =
        "-- migration: items\n"
        "CREATE TABLE items (id bigint PRIMARY KEY, name text);\n"
        "CREATE INDEX ix_items_id ON items (id);\n",
    .good =
        "-- migration: items\n"
        "CREATE TABLE items (id bigint PRIMARY KEY, name text);\n"
        "CREATE INDEX ix_items_name ON items (name);\n",
    .on_chain = check,
};

}  // namespace bascule::safety::rules
