// Which relations a statement names, and what it does to them: read off the tree, whatever the statement is.
#include <algorithm>
#include <set>

#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// What a statement does to the relation that one of its members names.
Touch::Kind kind_of(std::string_view statement, Node node, std::string_view member) {
  using Kind = Touch::Kind;
  if (member == "rel" || member == "view") return Kind::kCreate;  // CREATE TABLE AS, SELECT INTO, CREATE VIEW
  if (member == "sequence") return statement == "CreateSeqStmt" ? Kind::kCreate : Kind::kAlter;
  if (member == "inhRelations" || member == "objects") return Kind::kAlter;
  if (member == "relations") return statement == "TruncateStmt" ? Kind::kWrite : Kind::kRead;
  if (statement == "CreatePolicyStmt" || statement == "AlterPolicyStmt")
    return member == "table" ? Kind::kAlter : Kind::kRead;
  if (statement == "PartitionCmd") return Kind::kAlter;
  if (member != "relation") return Kind::kRead;
  if (statement == "InsertStmt" || statement == "UpdateStmt" || statement == "DeleteStmt" || statement == "MergeStmt" ||
      statement == "RefreshMatViewStmt")
    return Kind::kWrite;
  if (statement == "VacuumStmt") return Kind::kRead;
  if (statement == "CopyStmt") return node["is_from"].flag() ? Kind::kWrite : Kind::kRead;
  if (statement == "CreateStmt" || statement == "base") return Kind::kCreate;
  return ends_with(statement, "Stmt") ? Kind::kAlter : Kind::kRead;
}

/// What DROP and COMMENT name by lists: {"List": {"items": [...]}}.
void add_dropped(Node statement, std::vector<Touch>& found) {
  const Node node = statement.inside();
  const auto type = node["removeType"].text();
  if (type != "OBJECT_TABLE" && type != "OBJECT_VIEW" && type != "OBJECT_MATVIEW" && type != "OBJECT_SEQUENCE" &&
      type != "OBJECT_INDEX" && type != "OBJECT_FOREIGN_TABLE" && type != "OBJECT_TRIGGER" && type != "OBJECT_POLICY" &&
      type != "OBJECT_RULE")
    return;
  const bool on_table = type == "OBJECT_TRIGGER" || type == "OBJECT_POLICY" || type == "OBJECT_RULE";
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Node names = objects.item(i)["List"]["items"];
    const std::size_t size = names.size() - (on_table && names.size() > 0 ? 1 : 0);
    if (size == 0) continue;
    const auto part = [&](std::size_t index) {
      return Identifier(std::string(names.item(index)["String"]["sval"].text()));
    };
    Touch touch{{size > 1 ? part(size - 2) : Identifier(), part(size - 1)}, Touch::Kind::kDrop};
    if (on_table) touch.kind = Touch::Kind::kAlter;
    found.push_back(std::move(touch));
  }
}

}  // namespace

std::vector<Touch> touches_of(Node statement) {
  struct Visit {
    Node node;
    Node owner;                  // the nearest statement around it
    std::string_view owner_tag;  // what that is
    std::string_view member;     // of the owner
  };
  std::vector<Touch> found;
  std::set<std::string_view> local;  // names of common table expressions
  std::vector<Visit> left = {{statement, {}, {}, {}}};
  while (!left.empty()) {
    const Visit visit = left.back();
    left.pop_back();
    if (const auto name = visit.node["relname"]; name) {
      const QualifiedName relation{Identifier(std::string(visit.node["schemaname"].text())),
                                   Identifier(std::string(name.text()))};
      if (visit.owner_tag != "CompositeTypeStmt")
        found.push_back({relation, kind_of(visit.owner_tag, visit.owner, visit.member)});
      continue;
    }
    if (const auto name = visit.node["ctename"]; name) local.insert(name.text());
    for (std::size_t i = visit.node.size(); i > 0; --i)
      left.push_back({visit.node.item(i - 1), visit.owner, visit.owner_tag, visit.member});
    for (std::size_t i = visit.node.member_count(); i > 0; --i) {
      const auto name = visit.node.member_name(i - 1);
      const Node member = visit.node.member(i - 1);
      const bool owns =
          ends_with(name, "Stmt") || name == "PartitionCmd" || name == "base" || name == "TableLikeClause";
      // A wrapper's name says what is inside; any other member's name says what it is to its owner.
      const bool wraps = !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
      if (owns)
        left.push_back({member, member, name, {}});
      else
        left.push_back({member, visit.owner, visit.owner_tag, wraps ? visit.member : name});
    }
  }
  if (statement.tag() == "DropStmt") add_dropped(statement, found);
  std::vector<Touch> unique;
  for (auto& touch : found) {
    const bool is_local = touch.kind == Touch::Kind::kRead && touch.relation.schema.empty() &&
                          local.count(touch.relation.name.text()) != 0;
    if (!is_local && std::find(unique.begin(), unique.end(), touch) == unique.end()) unique.push_back(std::move(touch));
  }
  return unique;
}

}  // namespace bascule::dialects::postgres
