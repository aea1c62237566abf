// What: the meaning of a PostgreSQL statement: its tree, and the text that the tree points at, made into operations.
// Internal to this folder.
// Must not know: connections, plans, what the operations are for.
// Invariants: nothing is guessed: what the model cannot say sets unsaid(), and the statement is then RawSql as it
// stands. Expressions are slices of the author's text. Nothing recurses over the depth of an expression. Where a reader
// lives: understand_<concept>.cpp; the dispatch in understand.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/postgres/newer_syntax.h"
#include "dialects/postgres/parse_tree.h"
#include "dialects/postgres/statement_text.h"
#include "dialects/understood.h"
#include "model/operation.h"

namespace bascule::dialects::postgres {

/// The meaning of one statement. @param sql without its terminator.
Understood understand(std::string_view sql);

/// The tables, views and sequences that a statement names (common table expressions left out), each kind of use once.
std::vector<Touch> touches_of(Node statement);

using Range = StatementText::Range;

/// One statement on its way to operations.
class Understanding {
 public:
  /// @param text what the parser read: the statement in words that PostgreSQL 15 has.
  Understanding(const StatementText& text, const NewerSyntax& newer, Understood& out)
      : text_(text), newer_(newer), out_(out) {}

  /// @param statement wrapped: {"CreateStmt": {...}}.
  void read(Node statement);
  bool said() const { return !unsaid_; }

 private:
  // understand.cpp
  bool read_schema_statement(std::string_view tag, Node node);
  bool read_object_statement(std::string_view tag, Node node);
  bool read_row_statement(std::string_view tag, Node node);

  // understand_table.cpp
  void create_table(Node node);
  model::Column column(Node node, std::vector<model::Constraint>& constraints);
  void column_constraint(Node definition, std::size_t index, model::Column& column,
                         std::vector<model::Constraint>& constraints);
  Range clause_of(Node definition, std::size_t constraint);
  void table_elements(Node elements, model::Table& table);
  void table_options(Node node, model::Table& table);

  // understand_constraint.cpp
  std::optional<model::Constraint> constraint(Node node);
  model::ForeignKey foreign_key(Node node);
  model::ExcludeConstraint exclusion(Node node);
  /// A key's columns: names in the tree. Refuses what the model has no place for.
  template <class Key>
  Key key(Node node);
  model::Expression parenthesized_after(Node node, std::string_view keyword);
  model::SequenceOptions sequence_options(Node options, model::Sequence* sequence);

  // understand_alter.cpp
  void alter_table(Node node);
  struct Change {
    int pass = 0;
    std::vector<model::Operation> operations;
  };
  Change alter_command(Node command, Range written, const QualifiedName& table);
  bool alter_column(std::string_view kind, Node command, Range written, const QualifiedName& table, Change& change);
  bool alter_constraint(std::string_view kind, Node command, const QualifiedName& table, Change& change);
  bool alter_partition(std::string_view kind, Node command, Range written, const QualifiedName& table, Change& change);
  Change add_column(Node command, const QualifiedName& table);

  // understand_index.cpp
  void create_index(Node node);
  model::IndexElement index_element(Node element, Range written);

  // understand_objects.cpp
  void create_object(model::ObjectKind kind, QualifiedName name, Node node, std::string signature = {},
                     QualifiedName on_table = {});
  void create_function(Node node);
  void define(Node node);
  void create_enum(Node node);
  void alter_enum(Node node);
  void create_domain(Node node);
  void create_sequence(Node node);
  void create_table_as(Node node);
  void table_of_query(Node into, bool if_not_exists);
  void comment(Node node);

  // understand_names.cpp
  void drop(Node node);
  void rename(Node node);
  void move_to_schema(Node node);
  struct Named {
    QualifiedName name;
    QualifiedName on_table;
    std::string signature;
  };
  /// An object as DROP, COMMENT and ALTER ... RENAME name it.
  Named named(std::string_view object_type, Node object);
  std::string signature(Node parameters);

  // understand_rows.cpp
  void insert(Node node);
  void update(Node node);
  void remove(Node node);
  void truncate(Node node);
  bool plain_target(Node relation);

  // understand_types.cpp
  model::Type type(Node node, Node collate = {});
  std::string type_text(Node node);
  std::string collation(Node collate);
  std::optional<std::int64_t> constant(Node node);

  QualifiedName relation(Node node);
  QualifiedName name_of(Node list);
  static Identifier identifier(Node node) { return Identifier(std::string(node.text())); }
  std::vector<Identifier> identifiers(Node list);
  std::size_t token_at(Node node) const;
  /// Whether the clause that begins there is, or holds, this form of a newer version.
  bool newer_form(NewerForm form, Node clause) const;
  /// The token after a relation's name.
  std::size_t after_name(Node relation) const;
  /// name = value, ... as written between the brackets at token.
  std::vector<std::pair<std::string, std::string>> options(std::size_t bracket);
  Range whole() const { return {0, text_.count()}; }

  void say(model::Operation operation) { out_.operations.push_back(std::move(operation)); }
  /// The model has no word for this: the statement stays as it stands.
  void unsay() { unsaid_ = true; }
  /// What was said is true, and not all of it.
  void incomplete() { out_.complete = false; }

  const StatementText& text_;
  const NewerSyntax& newer_;
  Understood& out_;
  bool unsaid_ = false;
};

/// The model's kind of an OBJECT_..., where it has one.
std::optional<model::ObjectKind> object_kind(std::string_view object_type);

}  // namespace bascule::dialects::postgres
