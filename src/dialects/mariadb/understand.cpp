// The meaning of a MariaDB statement in the model's words. What has no operation stays RawSql.
#include <string>
#include <utility>

#include "dialects/mariadb/mariadb.h"
#include "dialects/mariadb/statement.h"
#include "model/lookup.h"

namespace bascule::dialects {

namespace mariadb {

namespace {

using Kind = Statement::Kind;

class Meaning {
 public:
  Meaning(const Statement& statement, std::string_view sql, Understood& out)
      : statement_(statement), sql_(sql), out_(out) {}

  void read() {
    out_.parsed = statement_.kind != Kind::kOther || !statement_.words.empty();
    out_.statement_kind = statement_.words;
    switch (statement_.kind) {
      case Kind::kEmpty:
        out_.parsed = out_.complete = out_.changes_nothing = out_.keeps_schema = true;
        return;
      case Kind::kAlterTable:
      case Kind::kCreateIndex:
      case Kind::kDropIndex:
        return alter();
      case Kind::kCreateTable:
        return create_table();
      case Kind::kDropTable:
        touch(Touch::Kind::kDrop);
        if (!statement_.temporary)
          for (const QualifiedName& table : statement_.tables)
            say(model::DropTable{.table = table, .if_exists = statement_.guarded});
        out_.keeps_schema = statement_.temporary;
        return;
      case Kind::kRenameTable:
        touch(Touch::Kind::kAlter);
        for (std::size_t i = 0; i < statement_.new_tables.size(); ++i)
          say(model::RenameTable{statement_.tables[i], statement_.new_tables[i].name});
        return;
      case Kind::kTruncate:
        touch(Touch::Kind::kWrite);
        out_.keeps_schema = true;
        return say(model::TruncateTables{.tables = statement_.tables});
      case Kind::kInsert:
      case Kind::kUpdate:
      case Kind::kDelete:
        touch(Touch::Kind::kWrite);
        out_.keeps_schema = true;
        return;
      case Kind::kOptimize:
        touch(Touch::Kind::kAlter);
        out_.keeps_schema = true;
        return;
      case Kind::kRows:
        out_.keeps_schema = true;
        return;
      case Kind::kHarmless:
      case Kind::kLockTables:
        out_.changes_nothing = out_.keeps_schema = true;
        return;
      case Kind::kCreateObject:
        if (!statement_.object.on_table.name.empty()) touch(Touch::Kind::kAlter);
        return say(model::CreateObject{statement_.object, statement_.or_replace, statement_.guarded});
      case Kind::kDropObject:
        return say(model::DropObject{
            .kind = statement_.object.kind, .name = statement_.object.name, .if_exists = statement_.guarded});
      case Kind::kOther:
        return;
    }
  }

 private:
  void say(model::Operation operation) {
    out_.operations.push_back(std::move(operation));
    out_.complete = statement_.complete;
  }
  void touch(Touch::Kind kind) {
    for (const QualifiedName& table : statement_.tables) out_.touches.push_back({table, kind});
  }

  void create_table() {
    out_.touches.push_back({statement_.created.name, Touch::Kind::kCreate});
    for (const QualifiedName& table : statement_.reads) out_.touches.push_back({table, Touch::Kind::kRead});
    if (statement_.or_replace) say(model::DropTable{.table = statement_.created.name, .if_exists = true});
    say(model::CreateTable{statement_.created, statement_.guarded});
    out_.complete = statement_.complete && !statement_.from_elsewhere;
  }

  void alter() {
    if (statement_.tables.empty()) return;
    out_.if_table_exists = statement_.kind == Kind::kAlterTable && statement_.guarded;
    touch(Touch::Kind::kAlter);
    for (const Change& one : statement_.changes) change(one, statement_.tables.front());
  }

  void change(const Change& one, const QualifiedName& table) {
    switch (one.kind) {
      case Change::Kind::kAddColumn:
        return add_column(one, table);
      case Change::Kind::kDropColumn:
        return say(model::DropColumn{.table = table, .column = one.name, .if_exists = one.guarded});
      case Change::Kind::kModifyColumn:
        return modify_column(one, table);
      case Change::Kind::kRenameColumn: {
        model::AlterColumn altered{.table = table, .column = one.name};
        altered.new_name = one.new_name;
        return say(std::move(altered));
      }
      case Change::Kind::kSetDefault:
      case Change::Kind::kDropDefault: {
        model::AlterColumn altered{.table = table, .column = one.name};
        altered.server_default = one.kind == Change::Kind::kDropDefault
                                     ? model::DefaultChange(model::DropDefault{})
                                     : model::DefaultChange(model::Expression(model::TextExpr{one.value}));
        return say(std::move(altered));
      }
      case Change::Kind::kAddKey:
        if (one.key.kind != KeyDefinition::Kind::kPrimary)
          return say(model::CreateIndex{table, index_of(one.key), one.guarded});
        {
          model::PrimaryKey key;
          key.columns = one.key.columns;
          return say(model::AddConstraint{table, std::move(key), one.guarded});
        }
      case Change::Kind::kDropKey:
        if (!one.name.empty())
          return say(model::DropIndex{.table = table, .name = {table.schema, one.name}, .if_exists = one.guarded});
        return say(model::DropConstraint{table, Identifier(), model::ConstraintKind::kPrimaryKey, one.guarded});
      case Change::Kind::kRenameKey:
        return say(model::RenameObject{.kind = model::ObjectKind::kIndex,
                                       .name = {table.schema, one.name},
                                       .on_table = table,
                                       .new_name = one.new_name});
      case Change::Kind::kAddForeignKey:
      case Change::Kind::kAddCheck:
        return say(model::AddConstraint{table, *one.constraint, one.guarded});
      case Change::Kind::kDropForeignKey:
        return say(model::DropConstraint{table, one.name, model::ConstraintKind::kForeignKey, one.guarded});
      case Change::Kind::kDropConstraint:
        return say(model::DropConstraint{table, one.name, model::ConstraintKind::kUnknown, one.guarded});
      case Change::Kind::kRenameTable:
        return say(model::RenameTable{table, one.new_table.name});
      case Change::Kind::kConvert:
        option(table, "charset", one.option);
        return option(table, "collate", one.value);
      case Change::Kind::kOption:
        if (one.option == "comment") return say(model::SetTableComment{table, one.value});
        return option(table, one.option, one.value);
      case Change::Kind::kPartitionBy:
        return option(table, "partition_by", one.value);
      case Change::Kind::kAddVersioning:
        return option(table, "versioned", "yes");
      case Change::Kind::kDropVersioning:
        return option(table, "versioned", "");
      case Change::Kind::kIgnoreKey:
      case Change::Kind::kForce:
      case Change::Kind::kOrderBy:
      case Change::Kind::kToggleKeys:
      case Change::Kind::kPartition:
        return option(table, "", "");
      case Change::Kind::kOther:
        out_.operations.emplace_back(model::RawSql{std::string(sql_)});
        out_.complete = false;
        return;
    }
  }

  void option(const QualifiedName& table, const std::string& name, const std::string& value) {
    // The statement's text once: a statement of many options would hold it as many times.
    say(model::SetTableOption{table, name.empty() ? name : name + "=" + value,
                              std::string(said_option_ ? std::string_view() : sql_)});
    said_option_ = true;
  }

  void add_column(const Change& one, const QualifiedName& table) {
    model::AddColumn added{.table = table, .column = one.definition.column};
    added.constraints = one.definition.constraints;
    added.if_not_exists = one.guarded;
    added.inline_references = true;
    if (one.definition.position && !one.definition.position->first)
      added.insert_after = one.definition.position->second;
    if (one.definition.unique) {
      KeyDefinition key;
      key.kind = KeyDefinition::Kind::kUnique;
      key.columns = {one.name};
      key.elements.push_back({model::ColumnExpr{{}, one.name}, ""});
      added.indexes.push_back(index_of(key));
    }
    if (one.definition.primary_key) {
      model::PrimaryKey key;
      key.columns = {one.name};
      added.constraints.emplace_back(std::move(key));
    }
    say(std::move(added));
  }

  /// MODIFY says the column anew: what it does not say is gone.
  void modify_column(const Change& one, const QualifiedName& table) {
    model::AlterColumn altered{.table = table, .column = one.name};
    const model::Column& column = one.definition.column;
    if (!(one.new_name == one.name)) altered.new_name = one.new_name;
    altered.type = column.type;
    altered.nullable = column.nullable;
    if (column.computed)
      altered.server_default = model::DefaultChange(*column.computed);
    else if (column.server_default)
      altered.server_default = model::DefaultChange(*column.server_default);
    else
      altered.server_default = model::DefaultChange(model::DropDefault{});
    altered.comment = model::AlterColumn::CommentChange{column.comment};
    altered.autoincrement = column.autoincrement;
    if (one.definition.position && !one.definition.position->first)
      altered.insert_after = one.definition.position->second;
    say(std::move(altered));
    for (const model::Constraint& constraint : one.definition.constraints)
      say(model::AddConstraint{table, constraint, false});
  }

  const Statement& statement_;
  std::string_view sql_;
  Understood& out_;
  bool said_option_ = false;
};

}  // namespace

}  // namespace mariadb

Understood MariadbDialect::understand(std::string_view statement) const {
  Understood out;
  const mariadb::Statement read = mariadb::read_statement(statement);
  mariadb::Meaning(read, statement, out).read();
  if (out.operations.empty() && read.kind != mariadb::Statement::Kind::kEmpty) {
    out.operations = {model::RawSql{std::string(statement)}};
    out.complete = false;
  }
  return out;
}

syntax::sql::Script MariadbDialect::split(std::string_view script) const {
  return syntax::sql::split(script, syntax::sql::Flavour::kMysql);
}

}  // namespace bascule::dialects
