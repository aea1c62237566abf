// What: the schema as locks need to see it: a table's indexes whatever made them, its parts and parents, both ends of
// its foreign keys, what else hangs on it. Internal to this folder.
// Must not know: statements, impacts.
// Invariants: nothing is copied but names and the indexes of materialized views, which are seen as tables; a part of a
// table has what its whole has, under the names that PostgreSQL gives. Searches are linear over the schema.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/lookup.h"
#include "model/schema.h"

namespace bascule::dialects::postgres {

/// An index, and what the model knows it by: one of index and constraint.
struct IndexFact {
  QualifiedName name;
  const model::Table* table = nullptr;
  const model::Index* index = nullptr;
  const model::Constraint* constraint = nullptr;  ///< a key or an exclusion
  bool partitioned = false;                       ///< it has no file of its own
  bool of_whole = false;                          ///< the server made it for the index of the table above
};

/// A foreign key with the table that holds it.
struct KeyFact {
  const model::Table* table = nullptr;
  const model::ForeignKey* key = nullptr;
};

class SchemaFacts {
 public:
  explicit SchemaFacts(const model::Schema& schema);
  SchemaFacts(const SchemaFacts&) = delete;
  SchemaFacts& operator=(const SchemaFacts&) = delete;

  const model::Schema& schema() const { return schema_; }
  const model::Table* table(const QualifiedName& name) const { return model::find_table(schema_, name); }
  /// The table, then the tables that it is a part of or inherits from, nearest first.
  std::vector<const model::Table*> ancestry(const model::Table& table) const;
  /// Its parts and the tables that inherit from it, at every depth.
  std::vector<const model::Table*> descendants(const model::Table& table) const;
  /// Its direct parts and heirs.
  std::vector<const model::Table*> children(const model::Table& table) const;
  const model::Table* default_partition(const model::Table& table) const;
  static bool partitioned(const model::Table& table) { return !table.postgresql.partition_by.empty(); }
  static bool is_partition(const model::Table& table) { return !table.postgresql.partition_of.name.empty(); }
  /// The table and its descendants that hold rows of their own.
  std::vector<const model::Table*> with_rows(const model::Table& table, bool only = false) const;

  const model::Column* column(const model::Table& table, const Identifier& name) const;
  /// Of the table itself and of those above it whose constraints it shares.
  std::vector<const model::Constraint*> constraints(const model::Table& table) const;
  const model::Constraint* constraint(const model::Table& table, const Identifier& name) const;
  /// Whether the table or one above it has made the column NOT NULL.
  bool not_null(const model::Table& table, const Identifier& column) const;

  /// The column whose NOT NULL is the constraint of that name, as PostgreSQL 18 has them; null: there is none.
  static const model::Column* not_null_named(const model::Table& table, const Identifier& name);

  std::vector<IndexFact> indexes(const model::Table& table) const;
  std::optional<IndexFact> index(const QualifiedName& name) const;
  /// The index that the server made on `part` for one of its whole.
  std::optional<IndexFact> part_of_index(const IndexFact& whole, const model::Table& part) const;

  std::vector<KeyFact> keys_of(const model::Table& table) const;
  /// Foreign keys of others (and its own) that refer to the table or to one that it is a part of.
  std::vector<KeyFact> keys_to(const model::Table& table) const;

  /// Sequences that go with the table, or with one column of it.
  std::vector<QualifiedName> owned_sequences(const model::Table& table, const Identifier* column = nullptr) const;
  std::vector<const model::SchemaObject*> objects_on(const model::Table& table, model::ObjectKind kind) const;
  const model::SchemaObject* object(model::ObjectKind kind, const QualifiedName& name) const;
  const model::SchemaObject* view(const QualifiedName& name) const;
  /// A materialized view as a table of its name and its indexes; null: there is none of that name.
  const model::Table* materialized(const QualifiedName& name) const;
  bool is_materialized(const model::Table& table) const;
  /// Views and materialized views that read the relation, at every depth.
  std::vector<const model::SchemaObject*> views_on(const QualifiedName& relation) const;
  const model::Domain* domain(std::string_view spelled_type) const;
  bool is_enum(std::string_view spelled_type) const;
  const model::Sequence* sequence(const QualifiedName& name) const;

  /// A type as format_type() spells it.
  static std::string spelled(const model::Type& type);
  /// The SQL of an expression.
  static std::string sql_of(const model::Expression& expression);

 private:
  IndexFact of_index(const model::Table& table, const model::Index& index) const;
  std::string part_name(const model::Table& part, const IndexFact& whole, const std::vector<IndexFact>& there) const;

  const model::Schema& schema_;
  std::vector<model::Table> materialized_;
};

/// The columns of an index: those that it orders by, or those beside them.
std::vector<Identifier> key_columns(const IndexFact& index);
bool includes(const IndexFact& index, const Identifier& column);
/// Whether the index, its predicate or one of its expressions speaks of the column.
bool mentions(const IndexFact& index, const Identifier& column);
/// Whether it has a predicate or an expression.
bool has_expressions(const IndexFact& index);
bool unique(const IndexFact& index);
std::string access_method(const IndexFact& index);
/// Whether an element of the index is the column itself, perhaps ordered or collated.
const Identifier* plain_column(const model::Expression& element);

}  // namespace bascule::dialects::postgres
