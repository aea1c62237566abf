#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

struct Ways {
  const RevisionContext& context;

  template <class Visit>
  void up(Visit visit) const {
    for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i)
      visit(context.chain.statements[i]);
  }
  template <class Visit>
  void down(Visit visit) const {
    for (std::size_t i = context.revision.downgrade_begin; i < context.revision.downgrade_end; ++i)
      visit(context.chain.statements[i]);
  }
  template <class T, class Visit>
  static void each(const StatementView& statement, Visit visit) {
    for (const model::Operation& operation : statement.meaning.operations)
      if (const auto* one = std::get_if<T>(&operation)) visit(*one);
  }
};

/// The way up moves the column's values elsewhere.
bool moved_up(const Ways& ways, const QualifiedName& table, const Identifier& column) {
  bool moved = false;
  ways.up([&](const StatementView& statement) { moved = moved || reads_column(statement, table, column); });
  return moved;
}

/// The way down writes to the column.
bool filled_down(const Ways& ways, const QualifiedName& table, const Identifier& column) {
  bool filled = false;
  ways.down([&](const StatementView& statement) {
    const auto change = row_change(statement);
    if (change && model::same_name(change->table, table)) filled = filled || names(words_of(statement.sql), column);
  });
  return filled;
}

bool made_up(const Ways& ways, const QualifiedName& table) {
  bool made = false;
  ways.up([&](const StatementView& statement) {
    Ways::each<model::CreateTable>(statement,
                                   [&](const auto& one) { made = made || model::same_name(one.table.name, table); });
    Ways::each<model::RenameTable>(statement, [&](const auto& one) {
      made = made || model::same_name({one.table.schema, one.new_name}, table);
    });
    // CREATE TABLE ... AS and its like
    for (const QualifiedName& name : statement.impact.creates) made = made || model::same_name(name, table);
  });
  return made;
}

bool made_up(const Ways& ways, const QualifiedName& table, const Identifier& column) {
  bool made = made_up(ways, table);
  ways.up([&](const StatementView& statement) {
    Ways::each<model::AddColumn>(statement, [&](const auto& one) {
      made = made || (one.column.name == column && model::same_name(one.table, table));
    });
    Ways::each<model::AlterColumn>(statement, [&](const auto& one) {
      made = made || (one.new_name && *one.new_name == column && model::same_name(one.table, table));
    });
  });
  return made;
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  const Ways ways{context};
  ways.down([&](const StatementView& statement) {
    const auto say = [&](const QualifiedName& table, std::string message, std::string why) {
      sink.add(rule, finding_at(chain, statement, table, std::move(message), std::move(why)), named(chain, table));
    };
    Ways::each<model::DropTable>(statement, [&](const model::DropTable& drop) {
      if (model::find_table(context.before(), drop.table) == nullptr || made_up(ways, drop.table)) return;
      say(drop.table, "the way down drops " + display(drop.table) + ", which was there before the way up",
          "its rows are older than this migration");
    });
    Ways::each<model::DropColumn>(statement, [&](const model::DropColumn& drop) {
      const model::Table* table = model::find_table(context.before(), drop.table);
      if (table == nullptr || model::find_column(*table, drop.column) == nullptr ||
          made_up(ways, drop.table, drop.column))
        return;
      say(drop.table,
          "the way down drops column " + drop.column.text() + " of " + display(drop.table) +
              ", which was there before the way up",
          "its values are older than this migration");
    });
    Ways::each<model::AddColumn>(statement, [&](const model::AddColumn& add) {
      if (!moved_up(ways, add.table, add.column.name) || filled_down(ways, add.table, add.column.name)) return;
      say(add.table,
          "the way down makes column " + add.column.name.text() + " of " + display(add.table) +
              " again, and leaves it empty",
          "the way up has copied its values elsewhere; nothing copies them back");
    });
    Ways::each<model::TruncateTables>(statement, [&](const model::TruncateTables& truncate) {
      for (const QualifiedName& table : truncate.tables)
        if (model::find_table(context.before(), table) != nullptr)
          say(table, "the way down removes every row of " + display(table),
              "rows older than this migration go as well");
    });
    const auto change = row_change(statement);
    if (change && change->kind == RowChange::Kind::kDelete && !change->where &&
        model::find_table(context.before(), change->table) != nullptr)
      say(change->table, "the way down removes every row of " + display(change->table),
          "rows older than this migration go as well");
  });
}

}  // namespace

const Rule kDowngradeLosesData{
    .id = "downgrade-loses-data",
    .group = Group::kDowngrade,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "The way down loses what was there before",
    .catches =
        "A way down that drops a table or column which the way up has not made, empties a table, or makes a column "
        "again without copying back the values that the way up has moved elsewhere. That a way down drops what its "
        "own way up has added is told by downgrade-drops-additions, which is off.",
    .why =
        "Whoever takes a migration back expects the data of before. What was moved has to be moved back before its new "
        "place is dropped.",
    .safe_sql =
        "-- on the way down: first the values, then the column that holds them now\n"
        "ALTER TABLE {table} ADD COLUMN ...;\n"
        "UPDATE {table} SET ... = ...;\n"
        "ALTER TABLE {table} DROP COLUMN ...;",
    .safe_alembic =
        "def downgrade() -> None:\n"
        "    # first the values, then the column that holds them now\n"
        "    op.add_column('{table}', sa.Column(...))\n"
        "    op.execute(\"UPDATE {table} SET ... = ...\")\n"
        "    op.drop_column('{table}', '...')",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "-- downgrade\n"
        "ALTER TABLE users DROP COLUMN phone;\n"
        "DROP TABLE orders;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "-- downgrade\n"
        "ALTER TABLE users DROP COLUMN phone;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
