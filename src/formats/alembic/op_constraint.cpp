// create_*_constraint, create_primary_key, create_foreign_key, drop_constraint.
#include "base/text.h"
#include "evaluate/error.h"
#include "formats/alembic/op.h"

namespace bascule::formats::alembic {
namespace {

using evaluate::Arguments;
using evaluate::Binder;

/// Names the constraint and records it.
void add(const Target& target, const Binder& bind, const QualifiedName& table, model::Constraint constraint,
         model::GivenName name) {
  ConstraintItem item(std::move(constraint), bind.where());
  item.name = std::move(name);
  target.record(
      model::AddConstraint{table, build_constraint(target.context, target.context.naming, table, item), false}, bind);
}

Value create_check(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind =
      target.bind("create_check_constraint", arguments, {"constraint_name", "table_name", "condition", "schema"},
                  {"constraint_name", "condition"}, {"schema", "deferrable", "initially", "comment"});
  const QualifiedName table = target.table(interpreter, bind);
  model::CheckConstraint check;
  check.sql = to_sql(interpreter, bind.required("condition"), "the condition of " + bind.function());
  check.deferral = to_deferral(interpreter, bind);
  check.comment = text_argument(interpreter, bind, "comment");
  model::Constraint constraint = std::move(check);
  apply_constraint_options(interpreter, bind, dialect_options(bind, {"info", "source"}), constraint);
  bind.required("constraint_name");
  add(target, bind, table, std::move(constraint), name_argument(interpreter, bind, "constraint_name"));
  return Value();
}

Value create_unique(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind =
      target.bind("create_unique_constraint", arguments, {"constraint_name", "table_name", "columns", "schema"},
                  {"constraint_name", "columns"}, {"schema", "deferrable", "initially", "comment"});
  const QualifiedName table = target.table(interpreter, bind);
  model::UniqueConstraint unique;
  unique.columns = identifier_list(interpreter, bind.required("columns"), "the columns of " + bind.function());
  unique.deferral = to_deferral(interpreter, bind);
  unique.comment = text_argument(interpreter, bind, "comment");
  model::Constraint constraint = std::move(unique);
  apply_constraint_options(interpreter, bind, dialect_options(bind, {"info"}), constraint);
  bind.required("constraint_name");
  add(target, bind, table, std::move(constraint), name_argument(interpreter, bind, "constraint_name"));
  return Value();
}

Value create_primary_key(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind =
      target.bind("create_primary_key", arguments, {"constraint_name", "table_name", "columns", "schema"},
                  {"constraint_name", "columns"}, {"schema"});
  bind.reject_extra();
  const QualifiedName table = target.table(interpreter, bind);
  model::PrimaryKey key;
  key.columns = identifier_list(interpreter, bind.required("columns"), "the columns of " + bind.function());
  bind.required("constraint_name");
  add(target, bind, table, std::move(key), name_argument(interpreter, bind, "constraint_name"));
  return Value();
}

Value create_foreign_key(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind =
      target.bind("create_foreign_key", arguments,
                  {"constraint_name", "source_table", "referent_table", "local_cols", "remote_cols", "onupdate",
                   "ondelete", "deferrable", "initially", "match", "source_schema", "referent_schema"},
                  {"constraint_name", "referent_table", "local_cols", "remote_cols"},
                  {"onupdate", "ondelete", "deferrable", "initially", "match", "source_schema", "referent_schema",
                   "use_alter", "comment"});
  const QualifiedName table = target.table(interpreter, bind, "source_table", "source_schema");
  model::ForeignKey key;
  key.referent.name = identifier_argument(interpreter, bind, "referent_table");
  key.referent.schema = optional_identifier(interpreter, bind, "referent_schema");
  key.columns = identifier_list(interpreter, bind.required("local_cols"), "local_cols of " + bind.function());
  key.referent_columns =
      identifier_list(interpreter, bind.required("remote_cols"), "remote_cols of " + bind.function());
  if (key.columns.size() != key.referent_columns.size())
    refuse_schema(bind.function() + " has " + counted(key.columns.size(), "local column") + " but " +
                      std::to_string(key.referent_columns.size()) + " remote",
                  "give both lists the same length", bind.where());
  apply_foreign_key_options(interpreter, bind, key);
  // use_alter speaks of CREATE TABLE; here the key is added by ALTER TABLE anyhow.
  key.use_alter = false;
  bind.required("constraint_name");
  add(target, bind, table, std::move(key), name_argument(interpreter, bind, "constraint_name"));
  return Value();
}

Value create_exclude(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind =
      target.bind("create_exclude_constraint", arguments, {"constraint_name", "table_name"}, {"constraint_name"},
                  {"schema", "deferrable", "initially", "using", "where", "ops", "comment"}, true);
  const QualifiedName table = target.table(interpreter, bind);
  bind.required("constraint_name");
  const auto item = make_exclude_item(interpreter, bind, bind.rest());
  target.record(
      model::AddConstraint{table, build_constraint(target.context, target.context.naming, table, *item), false}, bind);
  return Value();
}

struct Kind {
  const char* type;
  model::ConstraintKind kind;
  const char* convention;
};
constexpr Kind kKinds[] = {{"foreignkey", model::ConstraintKind::kForeignKey, "fk"},
                           {"primary", model::ConstraintKind::kPrimaryKey, "pk"},
                           {"unique", model::ConstraintKind::kUnique, "uq"},
                           {"check", model::ConstraintKind::kCheck, "ck"}};

Value drop_constraint(Interpreter& interpreter, Arguments& arguments, const Target& target) {
  const Binder bind = target.bind("drop_constraint", arguments, {"constraint_name", "table_name", "type_", "schema"},
                                  {"constraint_name", "type_"}, {"schema", "if_exists"});
  bind.reject_extra();
  model::DropConstraint operation;
  operation.table = target.table(interpreter, bind);
  operation.if_exists = flag_argument(interpreter, bind, "if_exists", false);
  model::NamingSubject subject;
  subject.table = operation.table;
  if (const auto type = text_argument(interpreter, bind, "type_")) {
    for (const Kind& known : kKinds) {
      if (*type != known.type) continue;
      operation.kind = known.kind;
      subject.kind = known.convention;
    }
    if (subject.kind.empty())
      evaluate::raise_type_error("'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None");
  }
  bind.required("constraint_name");
  const model::GivenName given = name_argument(interpreter, bind, "constraint_name");
  // Without a name only the primary key's convention can say which constraint it is: it needs no columns.
  if (!given.text.empty() || subject.kind == "pk")
    operation.name = settle_name(target.context, target.context.naming, subject, given, bind.where());
  if (operation.name.empty())
    throw evaluate::Refusal("name-required", bind.function() + " needs the name of the constraint",
                            "look its name up in the database: \\d " + display(operation.table) + " in psql",
                            bind.where());
  target.record(std::move(operation), bind);
  return Value();
}

}  // namespace

std::vector<NamedOperator> constraint_operators() {
  return {{"create_check_constraint", create_check},     {"create_unique_constraint", create_unique},
          {"create_primary_key", create_primary_key},    {"create_foreign_key", create_foreign_key},
          {"create_exclude_constraint", create_exclude}, {"drop_constraint", drop_constraint}};
}

}  // namespace bascule::formats::alembic
