#include "safety/look.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <variant>

#include "base/overload.h"
#include "base/text.h"
#include "model/lookup.h"
#include "safety/write_help.h"

namespace bascule::safety {

namespace {

bool work_on(const std::vector<plan::Work>& work, const StatementContext& context, const QualifiedName& table) {
  return std::any_of(work.begin(), work.end(), [&](const plan::Work& one) {
    return one.kind != plan::RelationKind::kIndex && is_part_of(context.before, one.relation, table);
  });
}

/// The column that an index's element is, without its order; null: it is an expression.
const model::ColumnExpr* indexed_column(const model::Expression& element) {
  if (const auto* column = std::get_if<model::ColumnExpr>(&element)) return column;
  if (const auto* order = std::get_if<Box<model::UnaryExpr>>(&element))
    return (*order)->postfix ? indexed_column((*order)->operand) : nullptr;
  return nullptr;
}

bool names_word(std::string_view sql, std::string_view word) {
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = sql.find(word); at != std::string_view::npos; at = sql.find(word, at + 1)) {
    const bool begins = at == 0 || !part(sql[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == sql.size() || !part(sql[end]))) return true;
  }
  return false;
}

/// Statements that never write to a column that is there.
bool writes_no_rows(const StatementView& statement) {
  const std::string& kind = statement.meaning.statement_kind;
  return kind.rfind("alter ", 0) == 0 || kind.rfind("create ", 0) == 0 || kind.rfind("drop ", 0) == 0 ||
         kind == "comment" || kind == "grant";
}

/// Whether a column's type is this one. How its author or the server spelled it decides where its name stands.
struct IsType {
  const QualifiedName& name;
  bool spelled(std::string_view sql) const {
    return iequals_ascii(replace_all(sql, "\"", ""), name.name.text()) ||
           iequals_ascii(replace_all(sql, "\"", ""), display(name));
  }
  bool operator()(const model::ScalarType&) const { return false; }
  bool operator()(const model::NativeType& type) const { return spelled(type.sql); }
  bool operator()(const model::EnumType& type) const { return model::same_name(type.name, name); }
  bool operator()(const model::DomainType& type) const { return model::same_name(type.name, name); }
  bool operator()(const model::RawType& type) const { return spelled(type.sql); }
  bool operator()(const Box<model::ArrayType>& type) const { return std::visit(*this, type->item); }
  bool operator()(const Box<model::VariantType>& type) const { return std::visit(*this, type->base); }
};
static_assert(kCovers<IsType, model::Type>);

}  // namespace

const Identifier* column_of(const model::Table& table, const QualifiedName& type) {
  for (const model::Column& column : table.columns)
    if (std::visit(IsType{type}, column.type)) return &column.name;
  return nullptr;
}

std::vector<const model::Table*> users_of_type(const StatementContext& context, const QualifiedName& type) {
  std::vector<const model::Table*> found;
  for (const model::Table& table : context.before.tables)
    if (column_of(table, type) != nullptr && !context.is_new(table.name)) found.push_back(&table);
  return found;
}

bool is_part_of(const model::Schema& schema, const QualifiedName& table, const QualifiedName& ancestor) {
  if (model::same_name(table, ancestor)) return true;
  std::vector<QualifiedName> left = {table};
  for (std::size_t i = 0; i < left.size() && i < schema.tables.size() + 1; ++i) {
    const model::Table* known = model::find_table(schema, left[i]);
    if (known == nullptr) continue;
    std::vector<QualifiedName> parents = known->postgresql.inherits;
    if (!known->postgresql.partition_of.name.empty()) parents.push_back(known->postgresql.partition_of);
    for (auto& parent : parents) {
      if (model::same_name(parent, ancestor)) return true;
      left.push_back(std::move(parent));
    }
  }
  return false;
}

bool reads_whole(const StatementContext& context, const QualifiedName& table) {
  const plan::Impact& impact = context.statement.impact;
  return !impact.known || work_on(impact.scans, context, table) || !impact.index_builds.empty();
}

bool scans_part_of(const StatementContext& context, const QualifiedName& table) {
  return work_on(context.statement.impact.scans, context, table);
}

bool writes_anew(const StatementContext& context, const QualifiedName& table) {
  return work_on(context.statement.impact.rewrites, context, table);
}

bool keeps_out(const StatementContext& context, const QualifiedName& table) {
  const plan::Impact& impact = context.statement.impact;
  if (const auto* lock = plan::find_lock(impact, table)) return lock->blocks.reads || lock->blocks.writes;
  return !impact.known;
}

std::string stopped(const StatementContext& context, const QualifiedName& table, UsualLock usual) {
  const auto* lock = plan::find_lock(context.statement.impact, table);
  const bool reads = lock != nullptr ? lock->blocks.reads : usual.reads;
  return (reads ? "reads of and writes to " : "writes to ") + display(table);
}

std::string holds(const StatementContext& context, const QualifiedName& table, UsualLock usual) {
  const auto* lock = plan::find_lock(context.statement.impact, table);
  return "it holds " + (lock != nullptr ? lock->mode : std::string(usual.mode)) + " on " + display(table);
}

std::vector<const plan::LockUse*> hard_locks(const StatementContext& context) {
  std::vector<const plan::LockUse*> found;
  for (const plan::LockUse& lock : context.statement.impact.locks) {
    if (lock.kind != plan::RelationKind::kTable && lock.kind != plan::RelationKind::kMaterializedView) continue;
    if ((lock.blocks.reads || lock.blocks.writes) && !context.harmless(lock.relation)) found.push_back(&lock);
  }
  return found;
}

bool is_small(const Chain& chain, const QualifiedName& table) {
  if (chain.live == nullptr) return false;
  const plan::TableFacts* facts = plan::find_facts(*chain.live, table);
  return facts != nullptr && facts->bytes < chain.small_table_bytes;
}

const model::Table* table_of_index(const model::Schema& schema, const QualifiedName& index) {
  for (const model::Table& table : schema.tables)
    if (model::same_name({table.name.schema, index.name}, index) && model::find_index(table, index.name) != nullptr)
      return &table;
  return nullptr;
}

std::string a_partition(const Chain& chain, const model::Schema& schema, const QualifiedName& whole) {
  for (const model::Table& table : schema.tables)
    if (model::same_name(table.postgresql.partition_of, whole)) return spelled(chain, table.name);
  return "each_partition";
}

const model::Table* default_partition(const model::Schema& schema, const QualifiedName& whole) {
  for (const model::Table& table : schema.tables)
    if (model::same_name(table.postgresql.partition_of, whole) &&
        iequals_ascii(trim(table.postgresql.partition_bound), "DEFAULT"))
      return &table;
  return nullptr;
}

std::optional<std::vector<Identifier>> plain_columns(const model::Index& index) {
  std::vector<Identifier> columns;
  for (const auto& element : index.elements) {
    const auto* column = indexed_column(element.sql);
    if (column == nullptr) return std::nullopt;
    columns.push_back(column->column);
  }
  return columns;
}

bool is_partial(const model::Index& index) { return index.postgresql.where || index.sqlite.where; }

bool is_btree(const model::Index& index) {
  return index.postgresql.using_method.empty() || iequals_ascii(index.postgresql.using_method, "btree");
}

bool never_filled(const Chain& chain, const StatementView& until, const QualifiedName& table,
                  const Identifier& column) {
  bool empty = false;
  for (const StatementView& statement : chain.statements) {
    if (statement.revision != until.revision || statement.direction != until.direction) continue;
    for (const auto& operation : statement.meaning.operations) {
      const auto* add = std::get_if<model::AddColumn>(&operation);
      if (add == nullptr || !(add->column.name == column) || !model::same_name(add->table, table)) continue;
      empty = add->column.nullable && !add->column.server_default && !add->column.identity && !add->column.computed &&
              !add->column.autoincrement && !std::holds_alternative<model::DomainType>(add->column.type);
    }
    if (&statement == &until) break;
    if (empty && !writes_no_rows(statement) && names_word(statement.sql, column.text())) empty = false;
  }
  return empty;
}

std::string enumeration(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string spelled(const Chain& chain, const Identifier& name) {
  const bool sql = chain.spelling == Spelling::kSql && chain.dialect != nullptr;
  return sql && !name.empty() ? chain.dialect->quote(name) : name.text();
}

std::string spelled(const Chain& chain, const QualifiedName& name) {
  return name.schema.empty() ? spelled(chain, name.name)
                             : spelled(chain, name.schema) + "." + spelled(chain, name.name);
}

std::string spelled(const Chain& chain, const std::vector<Identifier>& names) {
  std::vector<std::string> parts;
  for (const auto& name : names)
    parts.push_back(chain.spelling == Spelling::kAlembic ? "'" + name.text() + "'" : spelled(chain, name));
  return join(parts, ", ");
}

std::string spelled_sql(const Chain& chain, const std::vector<Identifier>& names) {
  std::vector<std::string> parts;
  for (const auto& name : names) parts.push_back(chain.dialect != nullptr ? chain.dialect->quote(name) : name.text());
  return join(parts, ", ");
}

std::string spelled(const Chain& chain, const model::Expression& expression) {
  if (chain.dialect == nullptr) return "...";
  const auto sql = chain.dialect->expression(expression);
  return sql ? std::string(trim(*sql)) : "...";
}

Names named(const Chain& chain, const QualifiedName& table, Names others) {
  others.emplace("table", spelled(chain, table));
  for (auto& [name, text] : others)
    if (text.empty()) text = "...";
  return others;
}

std::string name_or(const Chain& chain, const Identifier& name, const QualifiedName& table,
                    const std::vector<Identifier>& columns, std::string_view suffix) {
  if (!name.empty()) return spelled(chain, name);
  std::string made = table.name.text();
  for (const auto& column : columns) made += "_" + column.text();
  return spelled(chain, Identifier(made + "_" + std::string(suffix)));
}

std::string deed(const StatementView& statement) {
  for (const auto& operation : statement.meaning.operations) {
    if (std::holds_alternative<model::DropColumn>(operation)) return "DROP COLUMN";
    if (std::holds_alternative<model::DropConstraint>(operation)) return "DROP CONSTRAINT";
    if (std::holds_alternative<model::AttachPartition>(operation)) return "ATTACH PARTITION";
    if (std::holds_alternative<model::DetachPartition>(operation)) return "DETACH PARTITION";
    if (std::holds_alternative<model::AddConstraint>(operation)) return "ADD CONSTRAINT";
    if (std::holds_alternative<model::TruncateTables>(operation)) return "TRUNCATE";
    if (const auto* alter = std::get_if<model::AlterColumn>(&operation); alter != nullptr && alter->type)
      return "ALTER COLUMN ... TYPE";
  }
  std::string words = statement.meaning.statement_kind.empty() ? "the statement" : statement.meaning.statement_kind;
  if (statement.meaning.statement_kind.empty()) return words;
  for (char& c : words) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return words;
}

std::string other_way(const Chain& chain, const Rule& rule, const Names& names, std::string_view sql,
                      std::string_view alembic) {
  Rule other = rule;
  other.safe_sql = sql;
  other.safe_alembic = alembic;
  return write_help(other, chain.spelling, names);
}

Finding finding_at(const Chain& chain, const StatementView& statement, const QualifiedName& table, std::string message,
                   std::string why) {
  Finding finding;
  const RevisionView& revision = chain.revisions[statement.revision];
  finding.location = statement.location;
  finding.revision = revision.id;
  finding.path = revision.path;
  finding.direction = statement.direction;
  finding.table = table;
  finding.statement = statement.sql;
  finding.message = std::move(message);
  finding.why = std::move(why);
  return finding;
}

}  // namespace bascule::safety
