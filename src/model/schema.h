// What: the nouns: tables, columns, constraints, indexes, enums, sequences, as plain values.
// Must not know: SQL spelling, any database, any format.
// Invariants: names given here are final (naming conventions were applied by the reader).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/identifier.h"
#include "model/expression.h"
#include "model/type.h"

namespace bascule::model {

/// Options of a sequence, an identity column, or CREATE SEQUENCE.
struct SequenceOptions {
  std::optional<std::int64_t> start, increment, minimum, maximum, cache;
  bool no_minimum = false;
  bool no_maximum = false;
  bool cycle = false;
  std::optional<bool> order;
  std::optional<Type> data_type;
  bool operator==(const SequenceOptions&) const = default;
};
struct Sequence {
  QualifiedName name;
  SequenceOptions options;
  QualifiedName owned_by;  ///< the table whose column owns it (SERIAL, OWNED BY): it goes with that; empty: nobody
  Identifier owned_by_column;
  bool operator==(const Sequence&) const = default;
};
/// GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY.
struct Identity {
  bool always = false;
  SequenceOptions options;
  bool operator==(const Identity&) const = default;
};
/// GENERATED ALWAYS AS (sql) [STORED | VIRTUAL]; persisted unset: the dialect's default.
struct Computed {
  Expression sql;
  std::optional<bool> persisted;
  bool operator==(const Computed&) const = default;
};

struct Column {
  Identifier name;
  Type type;
  bool nullable = true;
  std::optional<Expression> server_default;
  std::optional<Identity> identity;
  std::optional<Computed> computed;
  /// PostgreSQL 18: NOT NULL as a constraint with a name. not_valid: old rows were not checked.
  struct NotNull {
    Identifier name;
    bool not_valid = false;
    bool operator==(const NotNull&) const = default;
  };
  std::optional<NotNull> not_null;
  /// The column numbers itself (SERIAL; INTEGER PRIMARY KEY): the reader decided so by SQLAlchemy's rules for
  /// autoincrement, primary key and foreign key. Dialects that have no such thing ignore it.
  bool autoincrement = false;
  std::optional<std::string> comment;
  std::map<std::string, std::string> sqlite_options;  ///< on_conflict_not_null, on_conflict_primary_key, ...
  bool operator==(const Column&) const = default;
};

/// unset: not said. initially: "DEFERRED" or "IMMEDIATE" (upper case) or empty.
struct Deferral {
  std::optional<bool> deferrable;
  std::string initially;
  bool operator==(const Deferral&) const = default;
};

struct PrimaryKey {
  Identifier name;  ///< empty: unnamed
  std::vector<Identifier> columns;
  Deferral deferral;
  std::optional<std::string> comment;
  std::vector<Identifier> postgresql_include;
  std::string sqlite_on_conflict;
  Identifier postgresql_using_index;  ///< an index that becomes the key's; columns are then not said
  bool operator==(const PrimaryKey&) const = default;
};
struct UniqueConstraint {
  Identifier name;
  std::vector<Identifier> columns;
  Deferral deferral;
  std::optional<std::string> comment;
  bool nulls_not_distinct = false;
  std::vector<Identifier> postgresql_include;
  std::string sqlite_on_conflict;
  Identifier postgresql_using_index;  ///< an index that becomes the constraint's; columns are then not said
  bool operator==(const UniqueConstraint&) const = default;
};
struct ForeignKey {
  Identifier name;
  std::vector<Identifier> columns;
  QualifiedName referent;
  std::vector<Identifier> referent_columns;  ///< empty: the referent's primary key
  std::string on_delete, on_update, match;   ///< as written, empty: not said
  Deferral deferral;
  bool use_alter = false;  ///< made by a later ALTER TABLE where the database can
  bool not_valid = false;
  bool not_enforced = false;  ///< PostgreSQL 18
  std::optional<std::string> comment;
  bool operator==(const ForeignKey&) const = default;
};
struct CheckConstraint {
  Identifier name;
  Expression sql;
  Deferral deferral;
  bool not_valid = false;
  bool not_enforced = false;  ///< PostgreSQL 18
  bool no_inherit = false;
  std::optional<std::string> comment;
  bool operator==(const CheckConstraint&) const = default;
};
struct ExcludeConstraint {
  struct Element {
    Expression sql;
    std::string op;
    std::string opclass;
    bool operator==(const Element&) const = default;
  };
  Identifier name;
  std::string using_method = "gist";
  std::vector<Element> elements;
  std::optional<Expression> where;
  Deferral deferral;
  std::optional<std::string> comment;
  bool operator==(const ExcludeConstraint&) const = default;
};

using Constraint = std::variant<PrimaryKey, UniqueConstraint, ForeignKey, CheckConstraint, ExcludeConstraint>;

struct IndexElement {
  Expression sql;       ///< ColumnExpr, TextExpr, or anything, with DESC / NULLS as UnaryExpr around it
  std::string opclass;  ///< postgresql_ops
  bool operator==(const IndexElement&) const = default;
};
struct Index {
  Identifier name;
  std::vector<IndexElement> elements;
  bool unique = false;
  struct Postgres {
    bool concurrently = false;
    bool invalid = false;    ///< a concurrent build that failed left it behind
    bool only_here = false;  ///< ON ONLY: not on the partitions
    std::string using_method;
    std::optional<Expression> where;
    std::vector<Identifier> include;
    std::optional<bool> nulls_not_distinct;
    std::vector<std::pair<std::string, std::string>> with;
    Identifier tablespace;
    bool operator==(const Postgres&) const = default;
  } postgresql;
  struct Sqlite {
    std::optional<Expression> where;
    bool operator==(const Sqlite&) const = default;
  } sqlite;
  bool operator==(const Index&) const = default;
};

struct Table {
  QualifiedName name;
  std::vector<Column> columns;
  std::vector<Constraint> constraints;
  std::vector<Index> indexes;
  std::optional<std::string> comment;
  std::vector<std::string> prefixes;  ///< "TEMPORARY", "UNLOGGED"
  struct Postgres {
    std::string partition_by, using_method, on_commit;
    std::vector<QualifiedName> inherits;
    QualifiedName partition_of;   ///< the partitioned table that this one is a part of; empty: none
    std::string partition_bound;  ///< SQL: "FOR VALUES FROM (1) TO (10)", "DEFAULT"
    std::vector<std::pair<std::string, std::string>> with;
    Identifier tablespace;
    bool operator==(const Postgres&) const = default;
  } postgresql;
  struct Sqlite {
    bool autoincrement = false;
    bool with_rowid = true;
    bool strict = false;
    bool operator==(const Sqlite&) const = default;
  } sqlite;
  bool operator==(const Table&) const = default;
};

struct Domain {
  QualifiedName name;
  Type type;
  std::string collation;
  std::optional<Expression> server_default;
  Identifier constraint_name;
  std::optional<bool> not_null;
  std::optional<Expression> check;
  bool operator==(const Domain&) const = default;
};

/// What a database holds besides tables, or a part of a table that has a name of its own.
enum class ObjectKind {
  kTable,
  kIndex,
  kSequence,
  kType,
  kDomain,
  kView,
  kMaterializedView,
  kFunction,
  kProcedure,
  kAggregate,
  kTrigger,
  kEventTrigger,
  kPolicy,
  kRule,
  kExtension,
  kSchema,
  kCollation,
  kOperator,
  kStatistics,
  kPublication,
  kForeignTable,
  kForeignServer,
  kOther,
};
/// "materialized view", for messages; empty for kOther.
std::string_view object_noun(ObjectKind kind);
/// "MATERIALIZED VIEW", for SQL; empty for kOther.
std::string object_keyword(ObjectKind kind);

/// An object of which the model knows the name and the text only.
struct SchemaObject {
  ObjectKind kind = ObjectKind::kView;
  QualifiedName name;
  QualifiedName on_table;           ///< of a trigger, policy or rule
  std::string signature;            ///< of a function: "(integer, text)"; empty: not said
  std::string definition;           ///< the statement that makes it
  std::vector<Index> indexes = {};  ///< of a materialized view
  bool operator==(const SchemaObject&) const = default;
};

/// Everything that migrations make: the state of a database. Each list is in the order in which its members came to be;
/// indexes, constraints and comments sit in their tables.
struct Schema {
  std::vector<Table> tables;
  std::vector<EnumType> enums;
  std::vector<Domain> domains;
  std::vector<Sequence> sequences;
  std::vector<SchemaObject> objects;
  bool operator==(const Schema&) const = default;
};

/// Naming conventions as SQLAlchemy's MetaData(naming_convention=...): key ("ix", "uq", "ck", "fk", "pk") to template.
using NamingConvention = std::map<std::string, std::string>;

}  // namespace bascule::model
