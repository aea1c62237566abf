#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  const StatementView* begin = nullptr;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const auto command = transaction_command(chain.statements[i]);
    if (!command) continue;
    begin = *command == TransactionCommand::kBegin ? &chain.statements[i] : nullptr;
  }
  if (begin == nullptr) return;
  sink.add(rule,
           finding_at(chain, *begin, {}, "this BEGIN is never committed",
                      "when the connection ends, everything since then is rolled back; until it does, the locks are "
                      "held"),
           {});
}

}  // namespace

const Rule kUncommittedTransaction{
    .id = "uncommitted-transaction",
    .group = Group::kTransactions,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite,
    .title = "A transaction that nobody commits",
    .catches = "BEGIN in a migration without a COMMIT behind it.",
    .why =
        "Run by a client such as psql, the whole of it is rolled back when the file ends. Run by a tool, the "
        "transaction stays open with all its locks until the connection closes, or swallows what the tool does next.",
    .safe_sql =
        "BEGIN;\n"
        "...\n"
        "COMMIT;",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "BEGIN;\n"
        "ALTER TABLE users ADD COLUMN phone text;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "BEGIN;\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "COMMIT;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
