// What: the parts of diff(). Internal to this room.
// Must not know: see diff.h.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/lookup.h"
#include "model/operation.h"

namespace bascule::model {

/// Operations by when they may run; joined in this order.
struct Stages {
  std::vector<Operation> spaces;         ///< schemas, extensions
  std::vector<Operation> drop_objects;   ///< views, triggers ... that go, or stand in the way
  std::vector<Operation> drop_keys;      ///< foreign keys
  std::vector<Operation> drop_parts;     ///< other constraints, indexes, attachments
  std::vector<Operation> types;          ///< enums, domains, sequences
  std::vector<Operation> early_objects;  ///< functions that tables need
  std::vector<Operation> tables;
  std::vector<Operation> columns;
  std::vector<Operation> drop_columns;
  std::vector<Operation> add_parts;
  std::vector<Operation> add_keys;
  std::vector<Operation> comments;
  std::vector<Operation> drop_tables;
  std::vector<Operation> drop_types;
  std::vector<Operation> objects;
  std::vector<Operation> view_indexes;  ///< of materialized views
  std::vector<Operation> drop_spaces;
};

/// What of one table (in both schemas) differs. changed_tables: names whose columns went or changed their type.
void diff_table(const Table& from, const Table& to, Stages& stages, std::set<std::string>& changed_tables);
/// Enums, domains and sequences.
void diff_types(const Schema& from, const Schema& to, Stages& stages);
/// Everything that is known by its text. changed_tables: views that speak of these are made again.
void diff_objects(const Schema& from, const Schema& to, const std::set<std::string>& changed_tables, Stages& stages);
/// New tables, in an order in which they can be made, and those that go.
void create_tables(const Schema& from, const Schema& to, Stages& stages);
void drop_tables(const Schema& from, const Schema& to, Stages& stages);

}  // namespace bascule::model
