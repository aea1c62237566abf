// Rows: SELECT, INSERT, UPDATE, DELETE, MERGE, COPY, LOCK. What the planner looks at is locked with the table: all of
// its indexes.
#include <algorithm>

#include <fmt/core.h>

#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

namespace {

constexpr int kDeepestView = 8;

/// Whether a WITH or a rule's action writes: what it writes to is not read.
bool writes(std::string_view member) {
  return member == "InsertStmt" || member == "UpdateStmt" || member == "DeleteStmt" || member == "MergeStmt";
}

using Names = std::vector<Identifier>;

/// Relations that a tree names in FROM and its like. Names of common table expressions are none where they are known:
/// in the statement that has the WITH, and in the expressions behind theirs.
class Relations {
 public:
  std::vector<Node> in(Node tree, Names with) {
    scopes_.push_back(std::move(with));
    left_ = {{tree, 0}};
    while (!left_.empty()) {
      const auto [node, scope] = left_.back();
      left_.pop_back();
      if (!node["relname"])
        push_parts(node, scope, {});
      else if (node["schemaname"] || !model::contains(scopes_[scope], identifier_of(node["relname"])))
        found_.push_back(node);
    }
    return std::move(found_);
  }

 private:
  struct Left {
    Node node;
    std::size_t scope = 0;
  };

  /// What is inside of a node, the first on top. @param but a member that is left out.
  void push_parts(Node node, std::size_t scope, std::string_view but) {
    const Node with = node["withClause"];
    const std::size_t inner = with ? with_names(with, scope) : scope;
    for (std::size_t i = node.size(); i > 0; --i) left_.push_back({node.item(i - 1), inner});
    for (std::size_t i = node.member_count(); i > 0; --i) {
      const std::string_view name = node.member_name(i - 1);
      if (name == but) continue;
      if (name == "withClause")
        push_with(with, scope);
      else if (writes(name))
        push_parts(node.member(i - 1), inner, "relation");
      else
        left_.push_back({node.member(i - 1), inner});
    }
  }
  void push_with(Node with, std::size_t scope) {
    const Node parts = with["ctes"];
    std::vector<Left> each;
    std::size_t known = with["recursive"].flag() ? with_names(with, scope) : scope;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Node part = parts.item(i)["CommonTableExpr"];
      each.push_back({part["ctequery"], known});
      Names names = scopes_[known];
      names.push_back(identifier_of(part["ctename"]));
      known = add_scope(std::move(names));
    }
    left_.insert(left_.end(), each.rbegin(), each.rend());
  }
  std::size_t with_names(Node with, std::size_t scope) {
    Names names = scopes_[scope];
    const Node parts = with["ctes"];
    for (std::size_t i = 0; i < parts.size(); ++i)
      names.push_back(identifier_of(parts.item(i)["CommonTableExpr"]["ctename"]));
    return add_scope(std::move(names));
  }
  std::size_t add_scope(Names names) {
    scopes_.push_back(std::move(names));
    return scopes_.size() - 1;
  }

  std::vector<Names> scopes_;
  std::vector<Left> left_;
  std::vector<Node> found_;
};

/// @param with names of common table expressions that the statement around it has.
std::vector<Node> relations_in(Node tree, Names with = {}) { return Relations().in(tree, std::move(with)); }

/// What a FROM item that reads relations is called in conditions.
Names joined_in(Node from) {
  Names names;
  std::vector<Node> left = {from};
  while (!left.empty()) {
    const Node node = left.back();
    left.pop_back();
    const Node table = node["RangeVar"];
    const Node query = node["RangeSubselect"];
    if (table) {
      names.push_back(identifier_of(table["alias"] ? table["alias"]["aliasname"] : table["relname"]));
    } else if (query) {
      if (!relations_in(query["subquery"]).empty()) names.push_back(identifier_of(query["alias"]["aliasname"]));
    } else {
      for (std::size_t i = 0; i < node.size(); ++i) left.push_back(node.item(i));
      for (std::size_t i = 0; i < node.member_count(); ++i) left.push_back(node.member(i));
    }
  }
  return names;
}

/// Whether an index may find the rows: a condition compares the first column of one with what is known beforehand.
class IndexSearch {
 public:
  /// @param joined what the other tables of the statement are called: their columns are not known beforehand.
  IndexSearch(const SchemaFacts& facts, const model::Table& table, Names joined = {})
      : indexes_(facts.indexes(table)), joined_(std::move(joined)) {}

  bool may_find(Node condition) const {
    std::vector<Node> left = {condition};
    while (!left.empty()) {
      const Node node = left.back();
      left.pop_back();
      if (const Node compared = node["A_Expr"]) {
        const Node one = compared["lexpr"];
        const Node other = compared["rexpr"];
        if ((leads(one) && !varies(other)) || (leads(other) && !varies(one))) return true;
      } else if (const Node query = node["SubLink"]) {
        // Looked at row by row, unless it reads nothing.
        if (leads(query["testexpr"]) && relations_in(query["subselect"]).empty()) return true;
      } else if (node["ColumnRef"]) {
        if (leads(node)) return true;
      } else {
        for (std::size_t i = 0; i < node.size(); ++i) left.push_back(node.item(i));
        for (std::size_t i = 0; i < node.member_count(); ++i) left.push_back(node.member(i));
      }
    }
    return false;
  }

 private:
  template <class Predicate>
  static bool any_column(Node tree, Predicate is_so) {
    std::vector<Node> left = {tree};
    while (!left.empty()) {
      const Node node = left.back();
      left.pop_back();
      if (node["SubLink"]) continue;
      if (const Node fields = node["ColumnRef"]["fields"]) {
        const auto part = [&](std::size_t from_end) {
          return from_end < fields.size() ? identifier_of(fields.item(fields.size() - 1 - from_end)["String"]["sval"])
                                          : Identifier();
        };
        if (is_so(part(1), part(0))) return true;
      }
      for (std::size_t i = 0; i < node.size(); ++i) left.push_back(node.item(i));
      for (std::size_t i = 0; i < node.member_count(); ++i) left.push_back(node.member(i));
    }
    return false;
  }
  /// Whether it speaks of the first column of an index of the table.
  bool leads(Node tree) const {
    return any_column(tree, [&](const Identifier& of, const Identifier& column) {
      if (!of.empty() && model::contains(joined_, of)) return false;
      return std::any_of(indexes_.begin(), indexes_.end(), [&](const auto& index) {
        const auto keys = key_columns(index);
        return (!keys.empty() && keys.front() == column) || has_expressions(index);
      });
    });
  }
  /// Whether it speaks of a column of another table.
  bool varies(Node tree) const {
    return any_column(tree, [&](const Identifier& of, const Identifier&) {
      return of.empty() ? !joined_.empty() : model::contains(joined_, of);
    });
  }

  std::vector<IndexFact> indexes_;
  Names joined_;
};

bool names_column(Node tree) {
  if (tree["ColumnRef"]) return true;
  for (std::size_t i = 0; i < tree.size(); ++i)
    if (names_column(tree.item(i))) return true;
  for (std::size_t i = 0; i < tree.member_count(); ++i)
    if (names_column(tree.member(i))) return true;
  return false;
}

bool locks_rows(Node select) { return static_cast<bool>(select["lockingClause"]); }

}  // namespace

void LockModel::read_relation(const QualifiedName& name, Mode mode, const std::string& why, int depth, bool only) {
  const auto* table = facts_.table(name);
  if (table == nullptr) {
    const auto* view = facts_.view(name);
    if (view == nullptr) {
      if (facts_.sequence(name) != nullptr) return lock(name, RelationKind::kSequence, mode, why);
      if (model::name_key(name).rfind("pg_", 0) == 0 || name.schema.text() == "pg_catalog" ||
          name.schema.text() == "information_schema")
        return;
      known(name);
      return lock(name, RelationKind::kTable, mode, why);
    }
    const bool plain = view->kind == model::ObjectKind::kView;
    lock(name, plain ? RelationKind::kView : RelationKind::kMaterializedView, mode, why);
    if (!plain) lock_indexes(*facts_.materialized(name), mode, "plans look at every index of " + display(name));
    if (plain && depth < kDeepestView) read_sql(view->definition, "the view " + display(name) + " reads it", depth + 1);
    return;
  }
  // Up to 11, indexes are taken by what the table is to the statement and not by its lock.
  Mode index_mode = mode;
  if (major() < 12 && mode == Mode::kRowShare) index_mode = Mode::kAccessShare;
  const auto one = [&](const model::Table& it, const std::string& its_why) {
    lock(it, mode, its_why);
    if (!SchemaFacts::partitioned(it) || major() >= 16)
      lock_indexes(it, index_mode, "plans look at every index of " + display(it.name));
  };
  one(*table, why);
  if (only) return;
  for (const auto* child : facts_.descendants(*table)) one(*child, child_why(*child));
}

void LockModel::read_sql(std::string_view sql, const std::string& why, int depth) {
  const ParseTree tree(sql);
  if (tree.problem()) return;
  const Node made = tree.statement(0).inside();
  for (const Node relation : relations_in(made["query"]))
    read_relation(relation_of(relation), Mode::kAccessShare, why, depth);
  if (depth == 1)
    for (const Node relation : relations_in(made["query"]))
      if (const auto* table = facts_.table(relation_of(relation)))
        for (const auto* part : facts_.with_rows(*table)) scan(part->name, why);
}

void LockModel::read_relations_of(Node tree, const std::string& why) {
  const Node select = tree["SelectStmt"];
  for (const Node relation : relations_in(tree, with_)) read_relation(relation, Mode::kAccessShare, why);
  scan_unindexed(tree);
  // One table, no limit, no condition that an index helps with: all of it.
  if (!select || select["limitCount"] || select["fromClause"].size() != 1) return;
  const Node only = select["fromClause"].item(0)["RangeVar"];
  const auto* table = only ? facts_.table(relation_of(only)) : nullptr;
  if (table == nullptr && only) table = facts_.materialized(relation_of(only));
  if (table == nullptr) return;
  const Node where = select["whereClause"];
  for (const auto* part : facts_.with_rows(*table, !only["inh"].flag()))
    if (!where || (names_column(where) && !IndexSearch(facts_, *part).may_find(where)))
      scan(part->name, why, kind_of(*part));
}

/// What is named and looked up, and not planned.
void LockModel::name_relations_of(Node tree, const std::string& why) {
  for (const Node relation : relations_in(tree)) {
    const QualifiedName name = relation_of(relation);
    const auto* table = facts_.table(name);
    const auto* view = table == nullptr ? facts_.view(name) : nullptr;
    if (table == nullptr && view == nullptr && facts_.sequence(name) == nullptr) known(name);
    RelationKind kind = RelationKind::kTable;
    if (view != nullptr)
      kind = view->kind == model::ObjectKind::kView ? RelationKind::kView : RelationKind::kMaterializedView;
    lock(name, kind, Mode::kAccessShare, why);
  }
}

/// Each common table expression, with the names that it knows in with_. Gives all of them, for the statement itself.
template <class Each>
std::vector<Identifier> LockModel::with_parts(Node with, Each each) {
  const Names outside = with_;
  const Node parts = with["ctes"];
  Names all = outside;
  for (std::size_t i = 0; i < parts.size(); ++i)
    all.push_back(identifier_of(parts.item(i)["CommonTableExpr"]["ctename"]));
  if (with["recursive"].flag()) with_ = all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Node part = parts.item(i)["CommonTableExpr"];
    each(part["ctequery"]);
    with_.push_back(identifier_of(part["ctename"]));
  }
  with_ = outside;
  return all;
}

void LockModel::rows(Node statement) {
  const auto tag = statement.tag();
  const Node node = statement.inside();
  if (tag == "ExplainStmt" || tag == "PrepareStmt" || tag == "DeclareCursorStmt") {
    const Node query = node["query"];
    bool runs = tag != "PrepareStmt";
    if (tag == "ExplainStmt") {
      runs = false;
      const Node options = node["options"];
      for (std::size_t i = 0; i < options.size(); ++i)
        runs = runs || options.item(i)["DefElem"]["defname"].is("analyze");
    }
    if (tag == "PrepareStmt") return name_relations_of(query, "the statement is looked at");
    rows(query);
    if (!runs) out_.scans.clear();
    return;
  }
  if (tag == "ExecuteStmt") {
    out_.known = false;
    return assume("what a prepared statement does is not looked up");
  }
  for (const auto& sequence : expression(node).sequences)
    lock(sequence, RelationKind::kSequence, Mode::kRowExclusive, "it gives numbers");
  if (tag != "SelectStmt") return write_rows(tag, node);
  if (node["intoClause"]) create(relation_of(node["intoClause"]["rel"]));
  with_parts(node["withClause"], [&](Node query) {
    if (query.tag() != "SelectStmt") write_rows(query.tag(), query.inside());
  });
  if (!locks_rows(node)) return read_relations_of(statement, "the query reads it");
  const Node only = node["lockingClause"].item(0)["LockingClause"]["lockedRels"];
  for (const Node relation : relations_in(node["fromClause"])) {
    const Identifier alias = identifier_of(relation["alias"]["Alias"] ? relation["alias"]["Alias"]["aliasname"]
                                           : relation["alias"]        ? relation["alias"]["aliasname"]
                                                                      : relation["relname"]);
    bool locked = only.size() == 0;
    for (std::size_t i = 0; i < only.size(); ++i)
      locked = locked || identifier_of(only.item(i)["RangeVar"]["relname"]) == alias;
    read_relation(relation, locked ? Mode::kRowShare : Mode::kAccessShare, "its rows are read");
  }
  scan_unindexed(node);
}

namespace {

/// Whether the relation is what the statement writes to.
bool is_target(Node tree, Node relation) {
  const Node target = tree["relation"];
  return target && target["location"].number() == relation["location"].number() &&
         target["relname"].text() == relation["relname"].text();
}

std::vector<Identifier> assigned(Node targets) {
  std::vector<Identifier> columns;
  for (std::size_t i = 0; i < targets.size(); ++i)
    columns.push_back(identifier_of(targets.item(i)["ResTarget"]["name"]));
  return columns;
}

}  // namespace

void LockModel::scan_unindexed(Node tree) {
  // What bounds the work bounds the reading.
  if (tree["limitCount"] || tree["SelectStmt"]["limitCount"]) return;
  for (const Node relation : relations_in(tree, with_)) {
    const auto* table = facts_.table(relation_of(relation));
    if (table == nullptr) continue;
    for (const auto* part : facts_.with_rows(*table, !relation["inh"].flag()))
      if (facts_.indexes(*part).empty() && !is_target(tree, relation))
        scan(part->name, "it has no index to search it by");
  }
}

/// A view of one table passes writes on to it.
void LockModel::write_view(const model::SchemaObject& view, std::string_view tag, bool whole) {
  if (view.kind == model::ObjectKind::kMaterializedView) return refuse(display(view.name) + " is not written to");
  lock(view.name, RelationKind::kView, Mode::kRowExclusive);
  const ParseTree tree(view.definition);
  const auto relations = tree.problem() ? std::vector<Node>() : relations_in(tree.statement(0).inside()["query"]);
  if (relations.size() != 1)
    return assume("what is written through the view " + display(view.name) + " is not looked at");
  const QualifiedName name = relation_of(relations[0]);
  const std::string why = "the view " + display(view.name) + " passes writes on to it";
  if (tag == "InsertStmt") return lock(name, RelationKind::kTable, Mode::kRowExclusive, why);
  read_relation(name, Mode::kRowExclusive, why);
  if (whole) scan(name, "there is no condition");
}

void LockModel::write_rows(std::string_view tag, Node node) {
  const Node relation = node["relation"];
  const QualifiedName name = relation_of(relation);
  const auto* table = facts_.table(name);
  const Names with = with_parts(node["withClause"], [&](Node query) {
    if (query.tag() == "SelectStmt")
      read_relations_of(query, "the statement reads it");
    else
      write_rows(query.tag(), query.inside());
  });
  if (table == nullptr) {
    if (const auto* view = facts_.view(name)) {
      write_view(*view, tag, !node["whereClause"]);
    } else {
      known(name);
      lock(name, RelationKind::kTable, Mode::kRowExclusive);
    }
  } else if (tag == "InsertStmt") {
    lock(*table, Mode::kRowExclusive);
    if (SchemaFacts::partitioned(*table)) insert_into_partitions(node, *table);
    if (node["onConflictClause"]["infer"]) lock_indexes(*table, Mode::kRowExclusive, "the index that finds conflicts");
  } else {
    read_relation(relation, Mode::kRowExclusive, "");
  }
  if (table != nullptr && tag != "DeleteStmt" && tag != "MergeStmt")
    for (const auto& column : assigned(tag == "InsertStmt" ? node["cols"] : node["targetList"]))
      has_column({name, table}, column);
  // What else is read.
  for (const auto member : {"fromClause", "usingClause", "selectStmt", "sourceRelation", "whereClause", "targetList"})
    for (const Node other : relations_in(node[member], with))
      read_relation(other, Mode::kAccessShare, "the statement reads it");
  scan_unindexed(node);
  if (tag == "InsertStmt") return inserted(node, table);
  if (table == nullptr) {
    if (!node["whereClause"] && facts_.view(name) == nullptr) scan(name, "every row is written");
    return;
  }
  const Node where = node["whereClause"];
  Names joined;
  for (const auto member : {"fromClause", "usingClause", "sourceRelation"})
    for (Identifier& alias : joined_in(node[member])) joined.push_back(std::move(alias));
  for (const auto* part : facts_.with_rows(*table, !relation["inh"].flag())) {
    const Node condition = tag == "MergeStmt" ? node["joinCondition"] : where;
    const bool whole = !condition || !IndexSearch(facts_, *part, joined).may_find(condition);
    if (whole) scan(part->name, where ? "no index begins with a column of the condition" : "there is no condition");
  }
  const auto columns = assigned(node["targetList"]);
  if (tag == "DeleteStmt") referential_actions(*table, true, nullptr);
  if (tag == "UpdateStmt") referential_actions(*table, false, &columns);
}

/// Sequences that number what an INSERT leaves out.
void LockModel::default_sequences(Node node, const model::Table& table, const std::vector<Identifier>& columns) {
  const Node lists = node["selectStmt"]["SelectStmt"]["valuesLists"];
  const std::size_t said = lists.size() > 0 ? lists.item(0)["List"]["items"].size() : table.columns.size();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& column = table.columns[i];
    const bool given = columns.empty() ? node["selectStmt"] && i < said : model::contains(columns, column.name);
    if (given) continue;
    for (const auto& sequence : facts_.owned_sequences(table, &column.name))
      lock(sequence, RelationKind::kSequence, Mode::kRowExclusive, "it numbers the new rows", table.name);
    if (!column.server_default) continue;
    for (const auto& sequence : expression_of(SchemaFacts::sql_of(*column.server_default)).sequences)
      lock(sequence, RelationKind::kSequence, Mode::kRowExclusive, "it numbers the new rows");
  }
}

/// Constants tell which partitions the rows go to. Up to 11 all of them are opened.
void LockModel::insert_into_partitions(Node node, const model::Table& whole) {
  if (major() < 12) return lock_children(whole, Mode::kRowExclusive);
  const Node lists = node["selectStmt"]["SelectStmt"]["valuesLists"];
  const auto columns = assigned(node["cols"]);
  const Identifier key = partition_column(whole);
  std::size_t at = 0;
  const std::size_t count = columns.empty() ? whole.columns.size() : columns.size();
  while (at < count && (columns.empty() ? whole.columns[at].name : columns[at]) != key) ++at;
  bool told = lists.size() > 0 && at < count;
  for (std::size_t i = 0; i < lists.size() && told; ++i) {
    const Node values = lists.item(i)["List"]["items"];
    const auto* part = at < values.size() ? partition_for(whole, values.item(at)) : nullptr;
    told = part != nullptr;
    if (told) lock(*part, Mode::kRowExclusive, "the partition that the rows go to");
  }
  if (!told) assume(fmt::format("which partitions of {} the rows go to is not known", display(whole.name)));
}

/// The other side of foreign keys that new rows have.
void LockModel::inserted(Node node, const model::Table* table) {
  if (table == nullptr) return;
  const auto columns = assigned(node["cols"]);
  default_sequences(node, *table, columns);
  const Node lists = node["selectStmt"]["SelectStmt"]["valuesLists"];
  const auto all_null = [&](const Identifier& column) {
    if (lists.size() == 0) return false;
    std::size_t at = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i] == column) at = i;
    for (std::size_t i = 0; columns.empty() && i < table->columns.size(); ++i)
      if (table->columns[i].name == column) at = i;
    for (std::size_t i = 0; i < lists.size(); ++i) {
      const Node values = lists.item(i)["List"]["items"];
      if (at < values.size() && !values.item(at)["A_Const"]["isnull"].flag()) return false;
    }
    return true;
  };
  for (const auto& one : facts_.keys_of(*table)) {
    if (one.key->not_enforced) continue;
    const bool filled =
        columns.empty() || std::any_of(one.key->columns.begin(), one.key->columns.end(), [&](const auto& column) {
          const auto* its = facts_.column(*table, column);
          return model::contains(columns, column) || (its != nullptr && its->server_default);
        });
    if (filled && std::none_of(one.key->columns.begin(), one.key->columns.end(), all_null))
      read_relation(one.key->referent, Mode::kRowShare,
                    fmt::format("the foreign key {} looks the new rows up there", one.key->name.text()));
  }
}

void LockModel::referential_actions(const model::Table& table, bool deletes, const std::vector<Identifier>* changed) {
  const auto touches = [&](const std::vector<Identifier>& columns) {
    return changed == nullptr || std::any_of(columns.begin(), columns.end(), [&](const Identifier& column) {
             return model::contains(*changed, column);
           });
  };
  if (!deletes)
    for (const auto& one : facts_.keys_of(table))
      if (touches(one.key->columns) && !one.key->not_enforced)
        read_relation(one.key->referent, Mode::kRowShare,
                      fmt::format("the foreign key {} looks the new values up there", one.key->name.text()));
  for (const auto& one : facts_.keys_to(table)) {
    auto columns = one.key->referent_columns;
    if (const auto* key = model::primary_key(table); columns.empty() && key != nullptr) columns = key->columns;
    if ((!deletes && !touches(columns)) || one.key->not_enforced) continue;
    const std::string& action = deletes ? one.key->on_delete : one.key->on_update;
    const bool writes = !action.empty() && action != "RESTRICT" && action != "NO ACTION";
    read_relation(
        one.table->name, writes ? Mode::kRowExclusive : Mode::kRowShare,
        fmt::format("its foreign key {} refers to what is {}", one.key->name.text(), deletes ? "deleted" : "changed"));
    const bool indexed = [&] {
      for (const auto& index : facts_.indexes(*one.table)) {
        const auto keys = key_columns(index);
        if (!keys.empty() && model::contains(one.key->columns, keys.front())) return true;
      }
      return false;
    }();
    if (!indexed)
      for (const auto* part : facts_.with_rows(*one.table))
        scan(part->name, fmt::format("no index finds the rows of the foreign key {}", one.key->name.text()));
  }
}

void LockModel::copy(Node node) {
  if (node["query"]) return rows(node["query"]);
  const QualifiedName name = relation_of(node["relation"]);
  const auto* table = known(name);
  const bool from = node["is_from"].flag();
  lock(name, RelationKind::kTable, from ? Mode::kRowExclusive : Mode::kAccessShare);
  if (!from) return scan(name, "all of it is copied out");
  if (table == nullptr) return;
  const auto columns = identifiers_of(node["attlist"]);
  for (const auto& one : facts_.keys_of(*table)) {
    const bool filled = columns.empty() || std::any_of(one.key->columns.begin(), one.key->columns.end(),
                                                       [&](const auto& c) { return model::contains(columns, c); });
    if (filled) read_relation(one.key->referent, Mode::kRowShare, "the foreign key looks the new rows up there");
  }
}

void LockModel::lock_statement(Node node) {
  const auto number = node["mode"].number().value_or(static_cast<int>(Mode::kAccessExclusive));
  const Mode mode = static_cast<Mode>(std::clamp<std::int64_t>(number, 1, static_cast<int>(Mode::kAccessExclusive)));
  const Node relations = node["relations"];
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const Node relation = relations.item(i)["RangeVar"];
    const QualifiedName name = relation_of(relation);
    const auto* table = facts_.table(name);
    if (table == nullptr) {
      if (const auto* view = facts_.view(name); view != nullptr && view->kind == model::ObjectKind::kView) {
        lock(name, RelationKind::kView, mode);
        const ParseTree tree(view->definition);
        if (!tree.problem())
          for (const Node read : relations_in(tree.statement(0).inside()["query"]))
            lock(relation_of(read), RelationKind::kTable, mode, "the view " + display(name) + " reads it");
        continue;
      }
      if (facts_.view(name) != nullptr) refuse(display(name) + " is locked by no statement");
      known(name);
      lock(name, RelationKind::kTable, mode);
      continue;
    }
    lock(*table, mode);
    if (relation["inh"].flag()) lock_children(*table, mode);
  }
}

}  // namespace bascule::dialects::postgres
