#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  bool open = false;
  const StatementView* previous = nullptr;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const StatementView& statement = chain.statements[i];
    const auto command = transaction_command(statement);
    const auto say = [&](std::string message, std::string why) {
      sink.add(rule, finding_at(chain, statement, {}, std::move(message), std::move(why)), {});
    };
    if (command == TransactionCommand::kBegin) {
      const bool under_tool = previous != nullptr && statement.transaction != 0 &&
                              previous->transaction == statement.transaction && !transaction_command(*previous);
      if (open)
        say("BEGIN inside BEGIN: there is one transaction, and the first COMMIT ends it",
            "a transaction does not nest; the server warns and goes on");
      else if (under_tool)
        say("BEGIN inside the transaction that the migration runs in",
            "a transaction does not nest: the next COMMIT ends the one that keeps the migration and its record "
            "together");
      open = true;
    } else if (command) {
      const std::string word = *command == TransactionCommand::kCommit ? "COMMIT" : "ROLLBACK";
      if (!open && statement.transaction != 0)
        say(word + " ends the transaction that the migration runs in",
            *command == TransactionCommand::kCommit
                ? "what comes before it stays if a later statement fails, and what comes after it runs without one"
                : "what comes before it is undone, and the migration is recorded as done");
      else if (!open)
        say(word + " without a BEGIN", "there is no transaction to end; the server warns and goes on");
      open = false;
    }
    previous = &statement;
  }
}

}  // namespace

const Rule kNestedTransaction{
    .id = "nested-transaction",
    .group = Group::kTransactions,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite,
    .title = "A transaction command in another's transaction",
    .catches =
        "BEGIN inside BEGIN, COMMIT or ROLLBACK without a BEGIN, and either of them inside the transaction that the "
        "migration tool has opened.",
    .why =
        "Transactions do not nest. The inner COMMIT ends the tool's transaction: if something fails behind it, a half "
        "of the migration stays in the database, and the tool believes that none of it does.",
    .safe_sql = "-- leave BEGIN and COMMIT to the tool, or take all of the file's statements out of its transaction",
    .safe_alembic =
        "# what has to run outside of the transaction:\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"...\")",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: two\n"
        "BEGIN;\n"
        "ALTER TABLE users ADD COLUMN a text;\n"
        "BEGIN;\n"
        "ALTER TABLE users ADD COLUMN b text;\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: two\n"
        "BEGIN;\n"
        "ALTER TABLE users ADD COLUMN a text;\n"
        "ALTER TABLE users ADD COLUMN b text;\n"
        "COMMIT;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
