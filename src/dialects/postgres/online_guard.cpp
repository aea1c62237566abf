// Guards: how each operation's effect is seen in the catalog.
#include <fmt/core.h>

#include "base/overload.h"
#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/locks_parts.h"
#include "dialects/postgres/online.h"
#include "dialects/postgres/online_catalog.h"
#include "dialects/postgres/postgres.h"
#include "model/apply.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

constexpr const char* kValid = "x.indisvalid AND x.indisready AND x.indislive";

/// What REINDEX CONCURRENTLY calls the index that it builds.
constexpr std::string_view kBeside = "_ccnew";

std::string ask(const std::string& condition) { return "SELECT " + condition; }

/// What an index build of another session looks like: it is not valid yet, and no leftover either.
/// Up to PostgreSQL 11 there is no view of builds: whoever holds the lock that one takes may be building.
std::string not_being_built(const Server& server) {
  if (server.major >= 12)
    return "NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)";
  return "NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'relation' AND l.relation = x.indrelid AND "
         "l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid())";
}

class GuardOf {
 public:
  GuardOf(const model::Schema& before, const Server& server) : before_(before), server_(server) {}

  plan::Guard operator()(const model::CreateTable& o) const { return made(relation_exists(o.table.name)); }
  plan::Guard operator()(const model::DropTable& o) const { return gone(relation_exists(o.table)); }
  plan::Guard operator()(const model::RenameTable& o) const {
    return made(fmt::format("({} AND {})", negated(relation_exists(o.table)),
                            relation_exists(QualifiedName{o.table.schema, o.new_name})));
  }
  plan::Guard operator()(const model::AddColumn& o) const { return made(column_exists(o.table, o.column.name)); }
  plan::Guard operator()(const model::DropColumn& o) const { return gone(column_exists(o.table, o.column)); }

  plan::Guard operator()(const model::AlterColumn& o) const {
    if (o.new_name)
      return made(
          fmt::format("({} AND {})", negated(column_exists(o.table, o.column)), column_exists(o.table, *o.new_name)));
    if (o.type) return type_changed(o);
    if (o.nullable) return nullable_changed(o);
    if (o.comment) return comment_is(column_comment(o.table, o.column), o.comment->text);
    if (o.server_default) return default_changed(o);
    return {};
  }

  plan::Guard operator()(const model::AddConstraint& o) const {
    return std::visit([&](const auto& one) { return constraint(o, one); }, o.constraint);
  }
  plan::Guard operator()(const model::DropConstraint& o) const {
    if (o.name.empty()) return {};
    return gone(constraint_exists(o.table, o.name));
  }

  plan::Guard operator()(const model::CreateIndex& o) const {
    if (o.index.name.empty()) return {};
    const std::string shape = index_shape(o.index, o.table);
    const std::string taken = relation_exists(QualifiedName{o.table.schema, o.index.name});
    plan::Guard guard;
    // Of a partitioned table's index that stands on the whole alone: valid when every part has been attached.
    const bool whole_alone = o.index.postgresql.only_here;
    guard.done_when =
        ask(index_exists(o.table, o.index.name, whole_alone ? shape : shape + " AND " + std::string(kValid)));
    if (o.if_not_exists) {
      // The server looks at the name alone.
      guard.done_when = ask(taken);
    } else {
      guard.blocked_when = ask(other_relation(o.table, o.index.name, "false"));
      guard.blocked_text = fmt::format(
          "something is called {} already, or an index of that name is being built right now", o.index.name.text());
    }
    if (o.index.postgresql.concurrently) {
      guard.leftover_when =
          ask(index_exists(o.table, o.index.name, shape + " AND NOT x.indisvalid AND " + not_being_built(server_)));
      guard.clean_up = {"DROP INDEX CONCURRENTLY IF EXISTS " +
                        postgres_dialect().quote(QualifiedName{o.table.schema, o.index.name})};
    }
    return guard;
  }
  plan::Guard operator()(const model::DropIndex& o) const {
    plan::Guard guard = gone(relation_exists(o.name));
    if (!o.concurrently) return guard;
    // Interrupted, it is there and invalid: one that was dropped by half is dropped, or is made anew by the undo.
    guard.leftover_when = ask(
        fmt::format("EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indexrelid = {} AND NOT x.indisvalid AND {})",
                    oid_of(o.name), not_being_built(server_)));
    guard.clean_up = {"DROP INDEX CONCURRENTLY IF EXISTS " + postgres_dialect().quote(o.name)};
    if (o.if_exists) return guard;
    guard.blocked_when = guard.done_when;
    guard.blocked_text = fmt::format("there is no index {}", display(o.name));
    return guard;
  }

  plan::Guard operator()(const model::SetTableComment& o) const {
    return comment_is(fmt::format("pg_catalog.obj_description({}, 'pg_class')", oid_of(o.table)), o.comment);
  }
  plan::Guard operator()(const model::SetColumnComment& o) const {
    return comment_is(column_comment(o.table, o.column), o.comment);
  }
  plan::Guard operator()(const model::SetConstraintComment& o) const {
    return comment_is(fmt::format("(SELECT pg_catalog.obj_description(k.oid, 'pg_constraint') FROM "
                                  "pg_catalog.pg_constraint k WHERE k.conrelid = {} AND k.conname = {})",
                                  oid_of(o.table), literal(o.constraint.text())),
                      o.comment);
  }

  plan::Guard operator()(const model::CreateEnum& o) const { return made(type_exists(o.type.name)); }
  plan::Guard operator()(const model::DropEnum& o) const { return gone(type_exists(o.name)); }
  plan::Guard operator()(const model::CreateDomain& o) const { return made(type_exists(o.name)); }
  plan::Guard operator()(const model::DropDomain& o) const { return gone(type_exists(o.name)); }
  plan::Guard operator()(const model::CreateSequence& o) const { return made(relation_exists(o.sequence.name)); }
  plan::Guard operator()(const model::DropSequence& o) const { return gone(relation_exists(o.name)); }
  // Rows: nothing in the catalog tells.
  plan::Guard operator()(const model::InsertRows&) const { return {}; }
  plan::Guard operator()(const model::UpdateRows&) const { return {}; }
  plan::Guard operator()(const model::DeleteRows&) const { return {}; }
  plan::Guard operator()(const model::TruncateTables&) const { return {}; }

  plan::Guard operator()(const model::RenameConstraint& o) const {
    return made(fmt::format("({} AND {})", negated(constraint_exists(o.table, o.name)),
                            constraint_exists(o.table, o.new_name)));
  }
  plan::Guard operator()(const model::ValidateConstraint& o) const {
    return made(constraint_exists(o.table, o.name, "k.convalidated"));
  }
  plan::Guard operator()(const model::AddEnumValue& o) const {
    plan::Guard guard = made(has_value(o.type, o.value));
    if (o.if_not_exists) return guard;
    guard.blocked_when = guard.done_when;
    guard.blocked_text = fmt::format("{} has the value {} already", display(o.type), literal(o.value));
    return guard;
  }
  plan::Guard operator()(const model::RenameEnumValue& o) const {
    return made(fmt::format("({} AND {})", negated(has_value(o.type, o.value)), has_value(o.type, o.new_value)));
  }
  plan::Guard operator()(const model::AttachPartition& o) const { return made(is_part(o.table, o.partition)); }
  plan::Guard operator()(const model::DetachPartition& o) const {
    plan::Guard guard = gone(is_part(o.table, o.partition));
    if (o.concurrently && server_.major >= 14) {
      guard.blocked_when = guard.done_when;
      guard.blocked_text = fmt::format("{} is no partition of {}", display(o.partition), display(o.table));
      // Interrupted between its two transactions, it is neither a part nor free: FINALIZE ends that.
      guard.leftover_when =
          ask(fmt::format("EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = {} AND i.inhrelid = {} AND "
                          "i.inhdetachpending)",
                          oid_of(o.table), oid_of(o.partition)));
      guard.clean_up = {fmt::format("ALTER TABLE {} DETACH PARTITION {} FINALIZE", postgres_dialect().quote(o.table),
                                    postgres_dialect().quote(o.partition))};
    }
    return guard;
  }
  // Known by kind and text only: whether it is as the text says is not to be seen.
  plan::Guard operator()(const model::SetTableOption&) const { return {}; }
  plan::Guard operator()(const model::CreateObject& o) const {
    if (o.or_replace || o.if_not_exists) return {};
    return made(object_exists(o.object.kind, o.object.name, o.object.on_table));
  }
  plan::Guard operator()(const model::DropObject& o) const { return gone(object_exists(o.kind, o.name, o.on_table)); }
  plan::Guard operator()(const model::RenameObject& o) const {
    const std::string before = object_exists(o.kind, o.name, o.on_table);
    if (before.empty()) return {};
    return made(fmt::format("({} AND {})", negated(before),
                            object_exists(o.kind, QualifiedName{o.name.schema, o.new_name}, o.on_table)));
  }
  plan::Guard operator()(const model::MoveToSchema& o) const {
    const std::string before = object_exists(o.kind, o.name, {});
    if (before.empty()) return {};
    return made(fmt::format("({} AND {})", negated(before),
                            object_exists(o.kind, QualifiedName{o.new_schema, o.name.name}, {})));
  }
  plan::Guard operator()(const model::RawSql& o) const {
    const ParseTree tree(o.sql);
    if (tree.problem() || tree.statement_count() != 1) return {};
    const Node statement = tree.statement(0);
    if (const Node altered = statement["AlterTableStmt"]; altered["objtype"].is("OBJECT_INDEX"))
      return index_attached(altered);
    if (const Node reindex = statement["ReindexStmt"]) return reindexed(reindex);
    return {};
  }
  plan::Guard operator()(const model::BatchAlter&) const { return {}; }

 private:
  static plan::Guard made(const std::string& condition) {
    plan::Guard guard;
    if (!condition.empty()) guard.done_when = ask(condition);
    return guard;
  }
  static plan::Guard gone(const std::string& condition) {
    return condition.empty() ? plan::Guard() : made(negated(condition));
  }

  /// ALTER INDEX ... ATTACH PARTITION.
  static plan::Guard index_attached(Node altered) {
    const Node command = altered["cmds"].item(0)["AlterTableCmd"];
    if (!command["subtype"].is("AT_AttachPartition")) return {};
    return made(is_part(relation_of(altered["relation"]), relation_of(command["def"]["PartitionCmd"]["name"])));
  }

  /// REINDEX ... CONCURRENTLY: what it built beside the indexes and did not finish, or did not remove. Whether it was
  /// done is not seen.
  static plan::Guard reindexed(Node reindex) {
    bool concurrently = false;
    for (std::size_t i = 0; i < reindex["params"].size(); ++i)
      concurrently = concurrently || reindex["params"].item(i)["DefElem"]["defname"].is("concurrently");
    if (!concurrently) return {};
    const Node kind = reindex["kind"];
    if (kind.is("REINDEX_OBJECT_INDEX")) return reindexed_index(relation_of(reindex["relation"]));
    if (kind.is("REINDEX_OBJECT_TABLE")) {
      const std::string table = oid_of(relation_of(reindex["relation"]));
      return reindexed_tables(
          fmt::format("(t.oid = {0} OR t.oid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree({0}) p))", table));
    }
    if (kind.is("REINDEX_OBJECT_SCHEMA"))
      return reindexed_tables(
          fmt::format("t.relnamespace = (SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname = {})",
                      literal(reindex["name"].text())));
    return kind.is("REINDEX_OBJECT_DATABASE") ? reindexed_tables("true") : plan::Guard();
  }

  static plan::Guard reindexed_index(QualifiedName beside) {
    const std::string name = beside.name.text();
    if (name.size() + kBeside.size() > 63) return {};  // it is cut then
    beside.name = Identifier(name + std::string(kBeside));
    plan::Guard guard;
    guard.leftover_when = ask(fmt::format(
        "EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indexrelid = {} AND NOT x.indisvalid)", oid_of(beside)));
    guard.clean_up = {"DROP INDEX CONCURRENTLY IF EXISTS " + postgres_dialect().quote(beside)};
    return guard;
  }

  /// tables: a condition on pg_class t. Their TOAST tables' indexes are built anew with theirs.
  static plan::Guard reindexed_tables(const std::string& tables) {
    const std::string left = fmt::format(
        "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid WHERE NOT "
        "x.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND x.indrelid IN (SELECT "
        "pg_catalog.unnest(ARRAY[t.oid, t.reltoastrelid]) FROM pg_catalog.pg_class t WHERE {}) AND NOT EXISTS (SELECT "
        "FROM pg_catalog.pg_stat_progress_create_index p WHERE p.relid = x.indrelid)",
        tables);
    plan::Guard guard;
    guard.leftover_when = ask("EXISTS (" + left + ")");
    // Their names are known only then. Each takes its table for a moment; a lock that is not free is tried for again.
    guard.clean_up = {
        fmt::format("DO $bascule$ DECLARE one pg_catalog.regclass; BEGIN PERFORM pg_catalog.set_config('lock_timeout', "
                    "'100ms', true); FOR one IN {} LOOP EXECUTE 'DROP INDEX ' || one; END LOOP; END $bascule$",
                    left)};
    return guard;
  }

  plan::Guard type_changed(const model::AlterColumn& o) const {
    const auto spelled = postgres_dialect().type(*o.type);
    if (!spelled) return {};
    return made(column_exists(
        o.table, o.column,
        fmt::format("pg_catalog.format_type(a.atttypid, a.atttypmod) = {}", literal(canonical_type(*spelled).sql))));
  }

  plan::Guard nullable_changed(const model::AlterColumn& o) const {
    if (*o.nullable) return made(column_exists(o.table, o.column, "NOT a.attnotnull"));
    // 18: a NOT NULL that is not valid yet is one already, as attnotnull tells it.
    if (o.not_null && server_.major >= 18) return made(constraint_exists(o.table, o.not_null->name, "k.contype = 'n'"));
    if (server_.major >= 18)
      return made(column_exists(o.table, o.column,
                                "a.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid "
                                "= a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND NOT k.convalidated)"));
    return made(column_exists(o.table, o.column, "a.attnotnull"));
  }

  static plan::Guard default_changed(const model::AlterColumn& o) {
    if (std::holds_alternative<model::Identity>(*o.server_default))
      return made(column_exists(o.table, o.column, "a.attidentity <> ''"));
    if (std::holds_alternative<model::DropDefault>(*o.server_default))
      return made(column_exists(o.table, o.column, "NOT a.atthasdef AND a.attidentity = ''"));
    return {};  // what the server makes of an expression is spelled its own way; setting it again does no harm
  }

  static std::string column_comment(const QualifiedName& table, const Identifier& column) {
    return fmt::format(
        "(SELECT pg_catalog.col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = {} "
        "AND a.attname = {} AND NOT a.attisdropped)",
        oid_of(table), literal(column.text()));
  }
  static plan::Guard comment_is(const std::string& comment, const std::optional<std::string>& wanted) {
    // An empty comment is none.
    const std::string text = !wanted || wanted->empty() ? "NULL" : literal(*wanted);
    return made(fmt::format("({} IS NOT DISTINCT FROM {})", comment, text));
  }

  static std::string has_value(const QualifiedName& type, const std::string& value) {
    return type_exists(type, fmt::format("EXISTS (SELECT FROM pg_catalog.pg_enum e WHERE e.enumtypid = y.oid AND "
                                         "e.enumlabel = {})",
                                         literal(value)));
  }
  static std::string is_part(const QualifiedName& table, const QualifiedName& part) {
    return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = {} AND i.inhrelid = {})",
                       oid_of(table), oid_of(part));
  }

  /// The name that the server will give; the author's where there is one.
  Identifier name_of(const model::AddConstraint& o) const {
    if (const Identifier& name = model::constraint_name(o.constraint); !name.empty()) return name;
    const model::Table* table = model::find_table(before_, o.table);
    if (table == nullptr) return {};
    model::Schema near;
    near.tables = before_.tables;
    if (!model::apply(near, o)) return {};
    postgres_dialect().complete(near, o);
    const model::Table* after = model::find_table(std::as_const(near), o.table);
    return after == nullptr || after->constraints.empty() ? Identifier()
                                                          : model::constraint_name(after->constraints.back());
  }

  template <class Key>
  plan::Guard key(const model::AddConstraint& o, const Key& one, const char* type) const {
    const Identifier name =
        one.name.empty() && !one.postgresql_using_index.empty() ? one.postgresql_using_index : name_of(o);
    if (name.empty()) return {};
    const std::string columns = one.columns.empty() ? std::string() : " AND " + key_shape(one.columns, o.table);
    plan::Guard guard = made(constraint_exists(o.table, name, fmt::format("k.contype = '{}'{}", type, columns)));
    guard.blocked_when = ask(constraint_exists(o.table, name, fmt::format("NOT (k.contype = '{}'{})", type, columns)));
    guard.blocked_text = fmt::format("there is a constraint {} of another definition", name.text());
    return guard;
  }
  plan::Guard constraint(const model::AddConstraint& o, const model::PrimaryKey& one) const { return key(o, one, "p"); }
  plan::Guard constraint(const model::AddConstraint& o, const model::UniqueConstraint& one) const {
    return key(o, one, "u");
  }
  plan::Guard constraint(const model::AddConstraint& o, const model::ForeignKey& one) const {
    const Identifier name = name_of(o);
    if (name.empty()) return {};
    const std::string same = fmt::format("k.contype = 'f' AND k.confrelid = {} AND {}", oid_of(one.referent),
                                         key_shape(one.columns, o.table));
    plan::Guard guard = made(constraint_exists(o.table, name, one.not_valid ? same : same + " AND k.convalidated"));
    guard.blocked_when = ask(constraint_exists(o.table, name, "NOT (" + same + ")"));
    guard.blocked_text = fmt::format("there is a constraint {} of another definition", name.text());
    return guard;
  }
  plan::Guard constraint(const model::AddConstraint& o, const model::CheckConstraint& one) const {
    const Identifier name = name_of(o);
    if (name.empty()) return {};
    plan::Guard guard = made(constraint_exists(
        o.table, name, one.not_valid || one.not_enforced ? "k.contype = 'c'" : "k.contype = 'c' AND k.convalidated"));
    guard.blocked_when = ask(constraint_exists(o.table, name, "k.contype <> 'c'"));
    guard.blocked_text = fmt::format("there is a constraint {} of another kind", name.text());
    return guard;
  }
  plan::Guard constraint(const model::AddConstraint& o, const model::ExcludeConstraint&) const {
    const Identifier name = name_of(o);
    return name.empty() ? plan::Guard() : made(constraint_exists(o.table, name, "k.contype = 'x'"));
  }

  /// Empty: it cannot be seen without its signature, or it is of a kind that is not looked up.
  static std::string object_exists(model::ObjectKind kind, const QualifiedName& name, const QualifiedName& on_table) {
    switch (kind) {
      case model::ObjectKind::kTable:
      case model::ObjectKind::kIndex:
      case model::ObjectKind::kSequence:
      case model::ObjectKind::kView:
      case model::ObjectKind::kMaterializedView:
      case model::ObjectKind::kForeignTable:
        return relation_exists(name);
      case model::ObjectKind::kType:
      case model::ObjectKind::kDomain:
        return type_exists(name);
      case model::ObjectKind::kTrigger:
        return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = {} AND g.tgname = {})",
                           oid_of(on_table), literal(name.name.text()));
      case model::ObjectKind::kPolicy:
        return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_policy g WHERE g.polrelid = {} AND g.polname = {})",
                           oid_of(on_table), literal(name.name.text()));
      case model::ObjectKind::kSchema:
        return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_namespace g WHERE g.nspname = {})",
                           literal(name.name.text()));
      case model::ObjectKind::kExtension:
        return fmt::format("EXISTS (SELECT FROM pg_catalog.pg_extension g WHERE g.extname = {})",
                           literal(name.name.text()));
      case model::ObjectKind::kFunction:
      case model::ObjectKind::kProcedure:
      case model::ObjectKind::kAggregate:
      case model::ObjectKind::kEventTrigger:
      case model::ObjectKind::kRule:
      case model::ObjectKind::kCollation:
      case model::ObjectKind::kOperator:
      case model::ObjectKind::kStatistics:
      case model::ObjectKind::kPublication:
      case model::ObjectKind::kForeignServer:
      case model::ObjectKind::kOther:
        return {};
    }
    return {};
  }

  const model::Schema& before_;
  const Server& server_;
};
static_assert(kCovers<GuardOf, model::Operation>);

}  // namespace

plan::Guard PostgresOnline::guard(const model::Operation& atomic, const model::Schema& before,
                                  const Server& server) const {
  plan::Guard guard = std::visit(GuardOf(before, server), atomic);
  find_rows_against(atomic, before, guard);
  find_undo(atomic, before, server, guard);
  return guard;
}

}  // namespace bascule::dialects::postgres
