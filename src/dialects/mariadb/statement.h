// What: one MariaDB statement as data, as far as a small recogniser reads it: what it changes, and how it asks for it.
// Must not know: schemas, locks, how a statement is judged.
// Invariants: every change keeps its order. What is not recognised is a change of kind kOther (or a statement of kind
// kOther), never a guess.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/identifier.h"
#include "model/schema.h"

namespace bascule::dialects::mariadb {

/// A column as a statement defines it. column.type is a RawType: the type as written, with character set and collation.
struct ColumnDefinition {
  model::Column column;
  bool primary_key = false;
  bool unique = false;
  bool on_update = false;                           ///< ON UPDATE CURRENT_TIMESTAMP
  bool names_versioning = false;                    ///< WITH, WITHOUT SYSTEM VERSIONING
  std::vector<model::Constraint> constraints = {};  ///< CHECK and REFERENCES
  /// FIRST, or AFTER a column.
  std::optional<std::pair<bool, Identifier>> position = std::nullopt;
  bool understood = true;  ///< every word of it was read
};

/// A key. PRIMARY KEY has no name; others may have none.
struct KeyDefinition {
  enum class Kind : std::uint8_t { kPrimary, kUnique, kPlain, kFulltext, kSpatial };
  Kind kind = Kind::kPlain;
  Identifier name;
  std::vector<model::IndexElement> elements;
  std::vector<Identifier> columns;  ///< the columns among the elements
};

struct Change {
  enum class Kind : std::uint8_t {
    kAddColumn,
    kDropColumn,
    kModifyColumn,  ///< MODIFY, CHANGE: the column as a whole
    kRenameColumn,
    kSetDefault,
    kDropDefault,
    kAddKey,
    kDropKey,  ///< DROP INDEX, DROP PRIMARY KEY (then without a name)
    kRenameKey,
    kIgnoreKey,  ///< ALTER INDEX ... [NOT] IGNORED
    kAddForeignKey,
    kAddCheck,
    kDropForeignKey,
    kDropConstraint,
    kRenameTable,
    kConvert,  ///< CONVERT TO CHARACTER SET
    kOption,   ///< a table option: name, value
    kForce,
    kOrderBy,
    kToggleKeys,   ///< ENABLE KEYS, DISABLE KEYS
    kPartitionBy,  ///< PARTITION BY, REMOVE PARTITIONING: the whole table
    kPartition,    ///< one partition: name is the verb, "ADD", "REORGANIZE" ...
    kAddVersioning,
    kDropVersioning,
    kOther
  };
  Kind kind = Kind::kOther;
  bool guarded = false;  ///< IF EXISTS, IF NOT EXISTS
  Identifier name, new_name;
  ColumnDefinition definition = {};                            ///< kAddColumn, kModifyColumn
  KeyDefinition key = {};                                      ///< kAddKey
  std::optional<model::Constraint> constraint = std::nullopt;  ///< kAddForeignKey, kAddCheck
  QualifiedName new_table = {};                                ///< kRenameTable; of EXCHANGE PARTITION the other table
  std::string option = {}, value = {};  ///< kOption (option in lower case), kSetDefault, kConvert, kPartition
};

/// What a statement asks for besides its changes. Upper case; empty: not said.
struct Wishes {
  std::string algorithm;  ///< "INSTANT", "NOCOPY", "INPLACE", "COPY"; DEFAULT is empty
  std::string lock;       ///< "NONE", "SHARED", "EXCLUSIVE"; DEFAULT is empty
};

struct Statement {
  enum class Kind : std::uint8_t {
    kEmpty,
    kAlterTable,
    kCreateIndex,  ///< changes: one kAddKey
    kDropIndex,    ///< changes: one kDropKey
    kCreateTable,
    kDropTable,
    kRenameTable,  ///< tables and new_tables, pair by pair
    kTruncate,
    kInsert,
    kUpdate,
    kDelete,
    kOptimize,
    kCreateObject,
    kDropObject,
    kLockTables,
    kHarmless,  ///< SET, BEGIN, ANALYZE ...: neither schema nor rows
    kRows,      ///< other statements that change rows at most: LOAD DATA, CALL is none of them
    kOther
  };
  Kind kind = Kind::kOther;
  std::string words;  ///< "alter table", "create index"; empty: not even that much was read
  std::vector<QualifiedName> tables, new_tables;
  bool guarded = false;     ///< IF EXISTS, IF NOT EXISTS
  bool or_replace = false;  ///< OR REPLACE
  bool temporary = false;
  std::vector<Change> changes;
  Wishes wishes;
  model::Table created;              ///< kCreateTable, with its keys and constraints
  bool from_elsewhere = false;       ///< CREATE TABLE ... LIKE, ... AS SELECT: columns are not all said
  std::vector<QualifiedName> reads;  ///< tables that it reads besides: LIKE, SELECT (as far as they are seen)
  bool complete = true;              ///< every word was read
  model::SchemaObject object;        ///< kCreateObject, kDropObject
  bool has_where = false;            ///< kUpdate, kDelete, kInsert's query
  bool has_limit = false;
  bool from_query = false;                ///< kInsert
  std::vector<Identifier> where_columns;  ///< names in WHERE
};

/// Table options as the model keeps them, for which it has no word of its own: the engine stands where PostgreSQL keeps
/// a table's access method, the others among its storage parameters, in lower case.
std::string table_option(const model::Table& table, std::string_view name);
/// "innodb" where nothing else is said.
std::string engine_of(const model::Table& table);
void set_table_option(model::Table& table, const std::string& name, const std::string& value);

/// An unnamed key is called after its first column.
Identifier usual_name(const KeyDefinition& key);
/// The index that a key (any but PRIMARY) is.
model::Index index_of(const KeyDefinition& key);

Statement read_statement(std::string_view sql);

}  // namespace bascule::dialects::mariadb
