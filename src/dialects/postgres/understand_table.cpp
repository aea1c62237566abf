// CREATE TABLE: columns, what hangs on them, and the table's options.
#include <algorithm>

#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

namespace {

/// The type behind SERIAL and its sisters; kNull where it is none.
model::ScalarKind serial_kind(Node type_name) {
  if (type_name["names"].size() != 1 || type_name["arrayBounds"]) return model::ScalarKind::kNull;
  const Node name = type_name["names"].item(0)["String"]["sval"];
  if (name.is("serial") || name.is("serial4")) return model::ScalarKind::kSqlInteger;
  if (name.is("bigserial") || name.is("serial8")) return model::ScalarKind::kSqlBigint;
  if (name.is("smallserial") || name.is("serial2")) return model::ScalarKind::kSqlSmallint;
  return model::ScalarKind::kNull;
}

struct DeferralOf {
  model::Deferral* operator()(model::PrimaryKey& key) const { return &key.deferral; }
  model::Deferral* operator()(model::UniqueConstraint& key) const { return &key.deferral; }
  model::Deferral* operator()(model::ForeignKey& key) const { return &key.deferral; }
  model::Deferral* operator()(model::CheckConstraint&) const { return nullptr; }
  model::Deferral* operator()(model::ExcludeConstraint& key) const { return &key.deferral; }
};

/// A NOT VALID in CREATE TABLE says nothing: there are no rows to check.
void no_rows_yet(model::Constraint& constraint) {
  if (auto* key = std::get_if<model::ForeignKey>(&constraint)) key->not_valid = false;
  if (auto* check = std::get_if<model::CheckConstraint>(&constraint)) check->not_valid = false;
}

}  // namespace

/// What follows the keyword of a column's clause, up to its next clause or the end of its definition.
Range Understanding::clause_of(Node definition, std::size_t wanted) {
  const Node constraints = definition["constraints"];
  const std::size_t begin = token_at(constraints.item(wanted)["Constraint"]);
  std::size_t end = text_.find_symbol({begin, text_.count()}, ',');
  end = std::min(end, text_.find_symbol({begin, end}, ')'));
  const auto stop_at = [&](Node node) {
    const std::size_t token = token_at(node);
    if (token > begin) end = std::min(end, token);
  };
  for (std::size_t i = 0; i < constraints.size(); ++i) stop_at(constraints.item(i)["Constraint"]);
  if (definition["collClause"]) stop_at(definition["collClause"]);
  return {begin, end};
}

void Understanding::column_constraint(Node definition, std::size_t index, model::Column& column,
                                      std::vector<model::Constraint>& constraints) {
  const Node node = definition["constraints"].item(index)["Constraint"];
  const Node kind = node["contype"];
  const auto last_deferral = [&]() -> model::Deferral& {
    static thread_local model::Deferral nothing;
    model::Deferral* found = constraints.empty() ? nullptr : std::visit(DeferralOf{}, constraints.back());
    if (found == nullptr) unsay();
    return found == nullptr ? nothing : *found;
  };
  if (kind.is("CONSTR_NOTNULL")) {
    column.nullable = false;
    if (node["conname"]) column.not_null = {identifier(node["conname"]), false};
  } else if (kind.is("CONSTR_NULL")) {
    column.nullable = true;
  } else if (kind.is("CONSTR_DEFAULT") && newer_form(NewerForm::kVirtual, node)) {
    column.computed = model::Computed{parenthesized_after(node, "DEFAULT"), false};
  } else if (kind.is("CONSTR_DEFAULT")) {
    const Range clause = clause_of(definition, index);
    const std::size_t keyword = text_.find_word(clause, "DEFAULT");  // after a CONSTRAINT name, perhaps
    column.server_default = model::TextExpr{text_.slice({keyword + 1, clause.end})};
  } else if (kind.is("CONSTR_IDENTITY")) {
    column.nullable = false;
    column.identity = model::Identity{node["generated_when"].is("a"), sequence_options(node["options"], nullptr)};
  } else if (kind.is("CONSTR_GENERATED")) {
    column.computed = model::Computed{parenthesized_after(node, "AS"), true};
  } else if (kind.is("CONSTR_ATTR_DEFERRABLE")) {
    last_deferral().deferrable = true;
  } else if (kind.is("CONSTR_ATTR_NOT_DEFERRABLE")) {
    last_deferral().deferrable = false;
  } else if (kind.is("CONSTR_ATTR_DEFERRED")) {
    last_deferral().deferrable = true;
    last_deferral().initially = "DEFERRED";
  } else if (kind.is("CONSTR_ATTR_IMMEDIATE")) {
    last_deferral().initially = "IMMEDIATE";
  } else if (auto made = constraint(node)) {
    if (auto* primary = std::get_if<model::PrimaryKey>(&*made)) {
      primary->columns = {column.name};
      column.nullable = false;
    }
    if (auto* unique = std::get_if<model::UniqueConstraint>(&*made)) unique->columns = {column.name};
    if (auto* foreign = std::get_if<model::ForeignKey>(&*made)) foreign->columns = {column.name};
    constraints.push_back(std::move(*made));
  } else {
    unsay();
  }
}

model::Column Understanding::column(Node node, std::vector<model::Constraint>& constraints) {
  model::Column made;
  made.name = identifier(node["colname"]);
  if (node["compression"] || node["storage_name"] || node["fdwoptions"] || !node["typeName"]) unsay();
  if (const auto kind = serial_kind(node["typeName"]); kind != model::ScalarKind::kNull) {
    made.type = model::ScalarType{.kind = kind};
    made.autoincrement = true;
    made.nullable = false;
  } else {
    made.type = type(node["typeName"], node["collClause"]);
  }
  const Node clauses = node["constraints"];
  const std::size_t before = constraints.size();
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    column_constraint(node, i, made, constraints);
    // DEFERRABLE belongs to the constraint before it: never to another column's.
    const Node kind = clauses.item(i)["Constraint"]["contype"];
    if (constraints.size() == before && kind.text().substr(0, 12) == "CONSTR_ATTR_") unsay();
  }
  return made;
}

void Understanding::table_elements(Node elements, model::Table& table) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Node element = elements.item(i);
    if (element.tag() == "ColumnDef") {
      std::vector<model::Constraint> constraints;
      table.columns.push_back(column(element.inside(), constraints));
      for (auto& made : constraints) table.constraints.push_back(std::move(made));
    } else if (element.tag() == "Constraint") {
      if (newer_form(NewerForm::kNotNullConstraint, element.inside())) {
        const Identifier name =
            identifier(element.inside()["raw_expr"]["ColumnRef"]["fields"].item(0)["String"]["sval"]);
        for (auto& column : table.columns) {
          if (column.name != name) continue;
          column.nullable = false;
          if (element.inside()["conname"]) column.not_null = {identifier(element.inside()["conname"]), false};
        }
        continue;
      }
      auto made = constraint(element.inside());
      if (!made) return unsay();
      table.constraints.push_back(std::move(*made));
    } else if (element.tag() == "TableLikeClause") {
      incomplete();
    } else {
      return unsay();
    }
  }
  for (auto& made : table.constraints) {
    no_rows_yet(made);
    const auto* primary = std::get_if<model::PrimaryKey>(&made);
    if (primary == nullptr) continue;
    for (auto& column : table.columns)
      if (std::find(primary->columns.begin(), primary->columns.end(), column.name) != primary->columns.end())
        column.nullable = false;
  }
}

void Understanding::table_options(Node node, model::Table& table) {
  auto& options_of = table.postgresql;
  const Node parents = node["inhRelations"];
  if (const Node bound = node["partbound"]) {
    options_of.partition_of = relation(parents.item(0)["RangeVar"]);
    const std::size_t at = token_at(bound);  // FROM, IN, WITH or DEFAULT
    std::size_t end = at + 1;
    if (text_.word(at, "FROM")) end = text_.after(at + 1) + 1;  // TO
    options_of.partition_bound =
        bound["is_default"].flag() ? "DEFAULT" : text_.slice({at - 2, text_.after(end)});  // FOR VALUES
    if (!table.columns.empty() || !table.constraints.empty()) incomplete();
  } else {
    for (std::size_t i = 0; i < parents.size(); ++i)
      options_of.inherits.push_back(relation(parents.item(i)["RangeVar"]));
  }
  if (const Node partitioned = node["partspec"]) {
    const std::size_t strategy = token_at(partitioned) + 2;  // PARTITION BY
    options_of.partition_by = text_.slice({strategy, text_.after(strategy + 1)});
  }
  options_of.using_method = std::string(node["accessMethod"].text());
  options_of.tablespace = identifier(node["tablespacename"]);
  if (node["oncommit"].is("ONCOMMIT_DROP")) options_of.on_commit = "DROP";
  if (node["oncommit"].is("ONCOMMIT_DELETE_ROWS")) options_of.on_commit = "DELETE ROWS";
  if (node["oncommit"].is("ONCOMMIT_PRESERVE_ROWS")) options_of.on_commit = "PRESERVE ROWS";
  if (const Node with = node["options"]) {
    const Node first = with.item(0)["DefElem"];
    const std::size_t bracket = token_at(first);
    if (bracket == 0 || !text_.symbol(bracket - 1, '(')) return unsay();  // WITHOUT OIDS
    options_of.with = options(bracket - 1);
  }
}

void Understanding::create_table(Node node) {
  model::CreateTable made;
  made.table.name = relation(node["relation"]);
  made.if_not_exists = node["if_not_exists"].flag();
  if (node["relation"]["relpersistence"].is("t")) made.table.prefixes.emplace_back("TEMPORARY");
  if (node["relation"]["relpersistence"].is("u")) made.table.prefixes.emplace_back("UNLOGGED");
  if (node["ofTypename"]) return unsay();
  table_elements(node["tableElts"], made.table);
  table_options(node, made.table);
  say(std::move(made));
}

}  // namespace bascule::dialects::postgres
