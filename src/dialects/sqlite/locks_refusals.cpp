#include "dialects/sqlite/locks_refusals.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/text.h"
#include "dialects/sqlite/ddl_reader.h"
#include "dialects/sqlite/sqlite.h"
#include "model/lookup.h"

namespace bascule::dialects::sqlite {

namespace {

using Refusal = std::optional<std::string>;

const model::SchemaObject* find_view(const model::Schema& schema, const QualifiedName& name) {
  for (const model::SchemaObject& object : schema.objects)
    if (object.kind == model::ObjectKind::kView && model::same_name(object.name, name)) return &object;
  return nullptr;
}

std::string text_of(const model::Expression& expression) {
  const auto spelled = sqlite_dialect().expression(expression);
  return spelled ? *spelled : std::string();
}

/// Whether a text names this column, as a word or in quotes.
bool mentions(std::string_view sql, const Identifier& column) {
  const auto tokens = tokenize(sql);
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const Token& token) { return token.is_name() && iequals_ascii(token.text, column.text()); });
}

/// A literal, perhaps with a sign or in parentheses: what SQLite can put into rows that are there already.
bool is_constant(std::string_view sql) {
  auto tokens = tokenize(sql);
  while (tokens.size() > 2 && tokens.front().is('(') && tokens.back().is(')')) {
    tokens.erase(tokens.begin());
    tokens.pop_back();
  }
  if (tokens.size() == 2 && (tokens[0].is('-') || tokens[0].is('+'))) tokens.erase(tokens.begin());
  if (tokens.size() != 1) return tokens.size() == 2 && tokens[0].is_word("X") && tokens[1].kind == TokenKind::kString;
  if (tokens[0].kind == TokenKind::kString || tokens[0].kind == TokenKind::kNumber) return true;
  if (tokens[0].kind == TokenKind::kQuotedName) return true;
  return tokens[0].is_word("NULL") || tokens[0].is_word("TRUE") || tokens[0].is_word("FALSE");
}

bool is_null(std::string_view sql) {
  const auto tokens = tokenize(sql);
  return tokens.size() == 1 && tokens[0].is_word("NULL");
}

class Refusing {
 public:
  Refusing(const model::Schema& schema, const Server& server, std::vector<std::string>& assumptions)
      : schema_(schema), server_(server), assumptions_(assumptions) {}

  Refusal create_table(const model::CreateTable& made) const {
    if (made.if_not_exists || is_temporary(made.table)) return {};
    if (relation_exists(schema_, made.table.name)) return display(made.table.name) + " exists already";
    return {};
  }

  Refusal drop_table(const model::DropTable& dropped) const {
    if (find_view(schema_, dropped.table) != nullptr) return display(dropped.table) + " is a view";
    if (model::find_table(schema_, dropped.table) == nullptr)
      return dropped.if_exists ? Refusal() : "there is no table " + display(dropped.table);
    if (!server_.foreign_keys) return {};
    for (const model::Table& table : schema_.tables) {
      if (model::same_name(table.name, dropped.table)) continue;
      for (const model::Constraint& constraint : table.constraints) {
        const auto* key = std::get_if<model::ForeignKey>(&constraint);
        if (key == nullptr || !model::same_name(key->referent, dropped.table)) continue;
        const std::string action = to_lower_ascii(key->on_delete);
        if (action == "cascade" || action == "set null" || action == "set default") continue;
        return with_rows(table.name, "rows of " + display(table.name) + " refer to it");
      }
    }
    return {};
  }

  Refusal rename_table(const model::RenameTable& renamed) const {
    if (auto missing = no_table(renamed.table)) return missing;
    const QualifiedName wanted{renamed.table.schema, renamed.new_name};
    if (relation_exists(schema_, wanted) || index_exists(schema_, wanted))
      return "there is a table, view or index " + display(wanted) + " already";
    return {};
  }

  Refusal add_column(const model::AddColumn& added) const {
    if (find_view(schema_, added.table) != nullptr) return display(added.table) + " is a view";
    if (auto missing = no_table(added.table)) return missing;
    const model::Column& column = added.column;
    if (model::find_column(*model::find_table(schema_, added.table), column.name) != nullptr)
      return "there is a column " + display(added.table) + "." + column.name.text() + " already";
    for (const model::Constraint& constraint : added.constraints) {
      if (std::holds_alternative<model::PrimaryKey>(constraint)) return "SQLite cannot add a PRIMARY KEY column";
      if (std::holds_alternative<model::UniqueConstraint>(constraint)) return "SQLite cannot add a UNIQUE column";
    }
    if (column.computed)
      return column.computed->persisted.value_or(false) ? with_rows(added.table, "SQLite cannot add a STORED column")
                                                        : Refusal();
    const std::string value = column.server_default ? text_of(*column.server_default) : "";
    const bool has_value = column.server_default && !is_null(value);
    if (has_value && !is_constant(value))
      return with_rows(added.table, "SQLite cannot add a column whose default is not a constant: " + value);
    if (!column.nullable && !has_value)
      return with_rows(added.table, "SQLite cannot add a NOT NULL column without a default");
    const bool refers = std::any_of(added.constraints.begin(), added.constraints.end(), [](const auto& constraint) {
      return std::holds_alternative<model::ForeignKey>(constraint);
    });
    if (refers && has_value && server_.foreign_keys)
      return with_rows(added.table, "SQLite cannot add a REFERENCES column with a default while foreign keys are on");
    return {};
  }

  Refusal drop_column(const model::DropColumn& dropped) const {
    if (auto missing = no_table(dropped.table)) return missing;
    const model::Table& table = *model::find_table(schema_, dropped.table);
    const model::Column* column = model::find_column(table, dropped.column);
    if (column == nullptr) return "there is no column " + display(dropped.table) + "." + dropped.column.text();
    if (table.columns.size() == 1) return std::string("it is the table's only column");
    for (const model::Constraint& constraint : table.constraints)
      if (auto why = used_by(constraint, dropped.column, table)) return why;
    for (const model::Index& index : table.indexes)
      if (uses(index, dropped.column)) return "the index " + index.name.text() + " uses it";
    for (const model::Column& other : table.columns)
      if (other.computed && !(other.name == dropped.column) && mentions(text_of(other.computed->sql), dropped.column))
        return "the generated column " + other.name.text() + " uses it";
    return used_by_object(dropped);
  }

  Refusal alter_column(const model::AlterColumn& altered) const {
    if (auto missing = no_table(altered.table)) return missing;
    const model::Table& table = *model::find_table(schema_, altered.table);
    if (model::find_column(table, altered.column) == nullptr)
      return "there is no column " + display(altered.table) + "." + altered.column.text();
    if (!altered.new_name) return std::string("SQLite cannot change a column in place");
    if (model::find_column(table, *altered.new_name) != nullptr)
      return "there is a column " + display(altered.table) + "." + altered.new_name->text() + " already";
    return {};
  }

  Refusal create_index(const model::CreateIndex& made) const {
    if (find_view(schema_, made.table) != nullptr) return std::string("views may not be indexed");
    if (auto missing = no_table(made.table)) return missing;
    if (!made.if_not_exists && index_exists(schema_, {made.table.schema, made.index.name}))
      return "there is an index " + made.index.name.text() + " already";
    return {};
  }

  Refusal drop_index(const model::DropIndex& dropped) const {
    if (dropped.name.name.text().starts_with("sqlite_autoindex_"))
      return std::string("the index of a UNIQUE or PRIMARY KEY constraint cannot be dropped");
    if (dropped.if_exists || index_exists(schema_, dropped.name)) return {};
    return "there is no index " + display(dropped.name);
  }

 private:
  Refusal no_table(const QualifiedName& table) const {
    if (model::find_table(schema_, table) != nullptr) return {};
    return "there is no table " + display(table);
  }
  Refusal with_rows(const QualifiedName& table, std::string why) const {
    assumptions_.push_back("table " + display(table) + ": taken as holding rows");
    return why;
  }

  /// A column's own CHECK and REFERENCES go with it. In the model they look like the table's: what names this column
  /// and no other is taken as the column's own.
  static Refusal used_by(const model::Constraint& constraint, const Identifier& column, const model::Table& table) {
    if (const auto* check = std::get_if<model::CheckConstraint>(&constraint)) {
      const std::string sql = text_of(check->sql);
      const bool others = std::any_of(table.columns.begin(), table.columns.end(), [&](const model::Column& other) {
        return !(other.name == column) && mentions(sql, other.name);
      });
      return mentions(sql, column) && others ? Refusal("a check uses it together with other columns") : Refusal();
    }
    const auto columns = model::constraint_columns(constraint);
    if (!model::contains(columns, column)) return {};
    if (std::holds_alternative<model::ForeignKey>(constraint))
      return columns.size() > 1 ? Refusal("a foreign key uses it") : Refusal();
    const bool key = std::holds_alternative<model::PrimaryKey>(constraint);
    return std::string(key ? "it is part of the primary key" : "a UNIQUE constraint uses it");
  }

  static bool uses(const model::Index& index, const Identifier& column) {
    for (const model::IndexElement& element : index.elements)
      if (mentions(text_of(element.sql), column)) return true;
    return index.sqlite.where && mentions(text_of(*index.sqlite.where), column);
  }

  Refusal used_by_object(const model::DropColumn& dropped) const {
    for (const model::SchemaObject& object : schema_.objects)
      if (mentions(object.definition, dropped.column) && mentions(object.definition, dropped.table.name))
        return "the " + std::string(model::object_noun(object.kind)) + " " + object.name.name.text() + " uses it";
    return {};
  }

  const model::Schema& schema_;
  const Server& server_;
  std::vector<std::string>& assumptions_;
};

}  // namespace

bool is_temporary(const model::Table& table) {
  return std::any_of(table.prefixes.begin(), table.prefixes.end(),
                     [](const std::string& word) { return word.starts_with("TEMP"); });
}

bool relation_exists(const model::Schema& schema, const QualifiedName& name) {
  return model::find_table(schema, name) != nullptr || find_view(schema, name) != nullptr;
}

bool index_exists(const model::Schema& schema, const QualifiedName& name) {
  return std::any_of(schema.tables.begin(), schema.tables.end(), [&](const model::Table& table) {
    return (name.schema.empty() || table.name.schema == name.schema) && model::find_index(table, name.name) != nullptr;
  });
}

std::optional<std::string> refusal(const model::Operation& operation, const model::Schema& schema, const Server& server,
                                   std::vector<std::string>& assumptions) {
  const Refusing refusing(schema, server, assumptions);
  if (const auto* made = std::get_if<model::CreateTable>(&operation)) return refusing.create_table(*made);
  if (const auto* dropped = std::get_if<model::DropTable>(&operation)) return refusing.drop_table(*dropped);
  if (const auto* renamed = std::get_if<model::RenameTable>(&operation)) return refusing.rename_table(*renamed);
  if (const auto* added = std::get_if<model::AddColumn>(&operation)) return refusing.add_column(*added);
  if (const auto* dropped = std::get_if<model::DropColumn>(&operation)) return refusing.drop_column(*dropped);
  if (const auto* altered = std::get_if<model::AlterColumn>(&operation)) return refusing.alter_column(*altered);
  if (const auto* made = std::get_if<model::CreateIndex>(&operation)) return refusing.create_index(*made);
  if (const auto* dropped = std::get_if<model::DropIndex>(&operation)) return refusing.drop_index(*dropped);
  return {};
}

}  // namespace bascule::dialects::sqlite
