// What: one statement on its way from its tree to its impact. Internal to this folder.
// Must not know: connections, rules.
// Invariants: what is measured on PostgreSQL 11 to 18 is the source of every lock here (tests/locks). A table that the
// schema does not know is taken to exist, with nothing hanging on it, and that is said. Where a reader lives:
// locks_<concept>.cpp; the dispatch in locks.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/postgres/locks_schema.h"
#include "dialects/postgres/newer_syntax.h"
#include "dialects/postgres/parse_tree.h"
#include "dialects/server.h"
#include "plan/impact.h"

namespace bascule::dialects::postgres {

/// PostgreSQL's table locks, weakest first.
enum class Mode : int {
  kAccessShare = 1,
  kRowShare,
  kRowExclusive,
  kShareUpdateExclusive,
  kShare,
  kShareRowExclusive,
  kExclusive,
  kAccessExclusive,
};
std::string_view mode_name(Mode mode);
/// Whom it keeps out: SELECT takes ACCESS SHARE, SELECT FOR UPDATE takes ROW SHARE, writes take ROW EXCLUSIVE, vacuum
/// and its like take SHARE UPDATE EXCLUSIVE.
plan::Blocks blocks_of(Mode mode);

enum class Volatility { kConstant, kVolatile };
/// What an expression's value depends on. volatile_part: the function that makes it so ("clock_timestamp()").
struct ExpressionFacts {
  Volatility volatility = Volatility::kConstant;
  std::string volatile_part;
  std::string assumed;                   ///< a function that nobody knows, taken as volatile
  std::vector<QualifiedName> sequences;  ///< whose nextval it calls
};

/// What ALTER TABLE is about.
struct Target {
  QualifiedName name;
  const model::Table* table = nullptr;
  bool only = false;
  Mode mode = Mode::kAccessExclusive;
};

Identifier identifier_of(Node text);
QualifiedName relation_of(Node range_var);

class LockModel {
 public:
  LockModel(const model::Schema& schema, const Server& server, const NewerSyntax& newer, plan::Impact& out)
      : facts_(schema), server_(server), newer_(newer), out_(out) {}

  /// @param statement wrapped: {"CreateStmt": {...}}.
  void read(Node statement);
  /// What the value of an expression, or of all in a statement, depends on.
  ExpressionFacts facts_of(Node tree) const { return expression(tree); }

 private:
  // locks.cpp
  bool read_table_statement(std::string_view tag, Node node);
  bool read_object_statement(std::string_view tag, Node node);
  bool read_maintenance(std::string_view tag, Node node);
  bool read_row_statement(std::string_view tag, Node statement);
  void lock(const QualifiedName& relation, plan::RelationKind kind, Mode mode, std::string why = {},
            QualifiedName of_table = {});
  void lock(const model::Table& table, Mode mode, std::string why = {}) {
    lock(table.name, kind_of(table), mode, std::move(why));
  }
  /// A view; where the lock is the strongest, the indexes of a materialized one too.
  void lock_view(const model::SchemaObject& view, Mode mode, const std::string& why);
  plan::RelationKind kind_of(const model::Table& table) const {
    return facts_.is_materialized(table) ? plan::RelationKind::kMaterializedView : plan::RelationKind::kTable;
  }
  void lock(const IndexFact& index, Mode mode, std::string why = {});
  void lock_indexes(const model::Table& table, Mode mode, const std::string& why);
  void scan(const QualifiedName& relation, std::string why, plan::RelationKind kind = plan::RelationKind::kTable);
  void rewrite(const QualifiedName& relation, plan::RelationKind kind, std::string why);
  void build(const QualifiedName& index, std::string why);
  void create(QualifiedName relation);
  void cause(std::string text);
  void assume(std::string text);
  void refuse(std::string text);
  /// Where the schema is all that there is: refuses what it does not have. False: it may be there.
  bool refuse_missing(const std::string& text);
  void refuse_missing(const QualifiedName& relation);
  void refuse_missing_schema(const Identifier& schema);
  void outside_transactions() { out_.transaction = plan::TransactionNeed::kForbidden; }
  /// The table behind a name; says it where there is none.
  const model::Table* known(const QualifiedName& name);
  /// The table's file and those of its indexes are written anew, from reading it whole.
  void rewrite_table(const model::Table& table, const std::string& why);
  void rewrite_tables(const Target& target, const std::string& why);
  void scan_tables(const Target& target, const std::string& why);
  void lock_children(const model::Table& table, Mode mode);
  std::string child_why(const model::Table& child) const;
  /// A name that no relation has, as PostgreSQL numbers them: base, base1, base2 ...
  QualifiedName fresh(const Identifier& schema, std::string_view table, std::string_view columns,
                      const std::string& label) const;
  bool relation_exists(const QualifiedName& name) const;
  int major() const { return server_.major; }

  // locks_alter_table.cpp
  void alter_table(Node node);
  Mode level_of(Node command, const Target& target) const;
  void alter_command(Node command, const Target& target);
  /// Refuses a column that a known table does not have. False: it has none.
  bool has_column(const Target& target, const Identifier& column);
  /// The same for every plain column that an expression names.
  void has_columns(const Target& target, Node expression);
  bool alter_storage(std::string_view kind, Node command, const Target& target);
  bool alter_attachment(std::string_view kind, Node command, const Target& target);
  void set_persistence(const Target& target, bool logged);
  void alter_index(Node node);
  void alter_view(Node node);
  void owner_of(const Target& target);
  void set_schema(Node node);
  void rename(Node node);
  void rename_column(Node node, const Target& target);
  void rename_constraint(Node node, const Target& target);

  // locks_column.cpp
  void add_column(Node command, const Target& target);
  struct NewColumn;
  void new_column_constraint(Node constraint, const Target& target, NewColumn& made);
  void new_column_default(Node expression, NewColumn& made);
  void new_column_keys(const Target& target, const NewColumn& made);
  void drop_column(Node command, const Target& target);
  void drop_column_dependents(const model::Table& table, const Identifier& column, bool cascade);
  void set_not_null(const Target& target, const Identifier& column);
  /// Whether a valid check of the table says that the column is not null.
  bool proved_not_null(const model::Table& table, const Identifier& column) const;
  void drop_not_null(const Target& target, const Identifier& column);
  void identity(std::string_view kind, Node command, const Target& target);
  void set_expression(Node command, const Target& target);

  // locks_type_change.cpp
  void change_type(Node command, const Target& target);
  struct TypeChange;
  void change_type_of(const model::Table& table, const Identifier& column, const TypeChange& change,
                      const Target& target);
  bool type_change_refused(const model::Table& table, const Identifier& column);
  TypeChange type_change(Node definition, const model::Table& table, const Identifier& column);
  void recheck(const model::Table& table, const Identifier& column, const TypeChange& change);

  // locks_constraint.cpp
  void add_constraint(Node constraint, const Target& target);
  void add_check(Node constraint, const Target& target);
  void add_not_null(Node constraint, const Target& target);
  void add_foreign_key(const Target& target, Node constraint, bool validate, const std::vector<Identifier>& columns);
  void add_key(Node constraint, const Target& target, const std::vector<Identifier>& columns);
  void add_key_using_index(Node constraint, const Target& target);
  void add_exclusion(Node constraint, const Target& target);
  void make_indexes(const Target& target, const QualifiedName& name, const std::string& columns,
                    const std::string& label, Mode part_mode);
  void drop_constraint(Node command, const Target& target);
  void drop_one_constraint(const model::Table& table, const model::Constraint& constraint, bool cascade);
  void validate_constraint(Node command, const Target& target);
  void alter_constraint(Node command, const Target& target);
  /// Reads both tables of a foreign key whole, as the check of a new one does.
  void check_foreign_key(const model::Table& table, const QualifiedName& referent);
  void lock_referent(const QualifiedName& referent, Mode mode, const std::string& why);
  bool not_enforced(Node constraint) const;
  bool attachable_key(const model::Table& part, Node constraint, const std::vector<Identifier>& columns) const;

  // locks_index.cpp
  void create_index(Node node);
  void holds_partition_key(const model::Table& table, std::string_view columns);
  void drop_indexes(Node node);
  void drop_index(const QualifiedName& name, bool concurrently, bool cascade, bool missing_ok);
  void drop_index_keys(const IndexFact& index, bool cascade);
  void reindex(Node node);
  void reindex_index(const QualifiedName& name, bool concurrently);
  void reindex_table(const model::Table& table, bool concurrently);
  void attach_index(Node command, const IndexFact& whole);

  // locks_partition.cpp
  void attach_partition(Node definition, const Target& target);
  void attach_indexes(const model::Table& part, const model::Table& whole);
  void detach_partition(Node definition, const Target& target, bool finalize);
  void create_partition(Node node, const model::Table* whole, const QualifiedName& name);
  /// Whether a valid check of the table says what the bound says; never for hashes.
  bool bound_proved(const model::Table& part, const model::Table& whole, Node bound) const;
  /// Whether a partition that is there takes values of the bound too.
  const model::Table* overlapped(const model::Table& whole, Node bound) const;
  /// The partition that takes a constant; null: it cannot be told.
  const model::Table* partition_for(const model::Table& whole, Node value) const;
  bool default_excludes(const model::Table& part, const model::Table& whole, Node bound) const;
  void scan_default(const model::Table& whole, Node bound);

  // locks_table.cpp
  void create_table(Node node);
  void create_table_keys(Node node, const QualifiedName& name);
  void create_like(Node clause, const QualifiedName& name);
  void create_table_as(Node node);
  void create_view(Node node);
  void replace_view(const model::SchemaObject& view, Node query);
  void drop_tables(Node node);
  void drop_table(const QualifiedName& name, bool cascade, const std::vector<QualifiedName>& also);
  void drop_views(Node node);
  void drop_view(const QualifiedName& name, plan::RelationKind kind, bool cascade,
                 const std::vector<QualifiedName>& also);
  void drop_schemas(Node node);
  void truncate(Node node);
  void truncate_table(const model::Table& table, const std::string& why);

  // locks_object.cpp
  void create_sequence(Node node);
  void sequence_owner(Node options);
  void alter_sequence(Node node);
  void drop_sequence_users(const QualifiedName& name, bool cascade);
  void drop_objects(Node node);
  void alter_domain(Node node);
  void drop_types(Node node);
  void create_trigger(Node node);
  void drop_from_table(Node node);
  void drop_functions(Node node);
  void policy(Node node);
  void rule(Node node);
  void comment(Node node);
  void grant(Node node);
  void statistics(Node node);
  void drop_statistics(Node node);
  void publication(Node node);
  void owner(Node node);
  void alter_enum(Node node);

  // locks_rows.cpp
  void rows(Node statement);
  template <class Each>
  std::vector<Identifier> with_parts(Node with, Each each);
  void write_rows(std::string_view tag, Node node);
  void inserted(Node node, const model::Table* table);
  void insert_into_partitions(Node node, const model::Table& whole);
  void copy(Node node);
  void lock_statement(Node node);
  /// What the planner takes on a relation that a query reads: its indexes, partitions, and what a view reads.
  void read_relation(const QualifiedName& name, Mode mode, const std::string& why, int depth = 0, bool only = false);
  void read_relation(Node range_var, Mode mode, const std::string& why) {
    read_relation(relation_of(range_var), mode, why, 0, !range_var["inh"].flag());
  }
  /// Tables that the tree names and that no index helps to search.
  void scan_unindexed(Node tree);
  void write_view(const model::SchemaObject& view, std::string_view tag, bool whole);
  void default_sequences(Node node, const model::Table& table, const std::vector<Identifier>& columns);
  /// All relations that the tree names for reading.
  void read_relations_of(Node tree, const std::string& why);
  /// The same for what is looked up and not planned: a view's query.
  void name_relations_of(Node tree, const std::string& why);
  void read_sql(std::string_view sql, const std::string& why, int depth);
  void referential_actions(const model::Table& table, bool deletes, const std::vector<Identifier>* changed);

  // locks_maintenance.cpp
  void vacuum(Node node);
  void cluster(Node node);
  void refresh(Node node);
  void refresh_indexes(const model::Table& view, bool concurrently, bool filled);

  // locks_expression.cpp
  ExpressionFacts expression(Node tree) const;
  ExpressionFacts expression_of(std::string_view sql) const;
  void function_facts(const QualifiedName& name, ExpressionFacts& facts, int depth) const;
  void walk_expression(Node tree, ExpressionFacts& facts, int depth) const;

  /// Constraints that the same ALTER TABLE drops: they are gone before anything is added.
  bool dropped(const Identifier& constraint) const { return model::contains(dropped_, constraint); }

  SchemaFacts facts_;
  std::vector<Identifier> with_;  ///< names of common table expressions around what is read
  const Server& server_;
  const NewerSyntax& newer_;
  plan::Impact& out_;
  std::vector<Identifier> dropped_;
  std::vector<Identifier> added_;            ///< columns that the same ALTER TABLE adds
  std::vector<Identifier> dropped_columns_;  ///< it drops columns before it adds any, in whatever order they stand
};

// Reading names off the tree.
/// A list of strings: [schema,] name.
QualifiedName name_of(Node list);
std::vector<Identifier> identifiers_of(Node list);
/// Where the node stands, in bytes; 0 where it does not say.
std::size_t place_of(Node node);
bool cascades(Node node);
/// The type as format_type() spells it, with its modifier; empty where it cannot be told.
std::string type_of(Node type_name);
/// "a, b and c", for messages.
std::string listed(const std::vector<Identifier>& names);
std::string joined_names(const std::vector<Identifier>& columns);
/// The one plain column that a table is partitioned by; empty where it is more, or an expression.
Identifier partition_column(const model::Table& whole);
/// Whether an expression that is a check says that the column is not null.
bool says_not_null(Node expression, const Identifier& column);

}  // namespace bascule::dialects::postgres
