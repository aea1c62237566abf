#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const RevisionView& revision = context.revision;
  if (!revision.has_upgrade || !revision.description.empty()) return;
  Finding finding;
  finding.location = revision.location;
  finding.message = "nothing says what this migration is for";
  finding.why = "it has neither a comment nor a docstring beside its name";
  sink.add(rule, std::move(finding), {});
}

}  // namespace

const Rule kDescriptionMissing{
    .id = "description-missing",
    .group = Group::kStyle,
    .level = Level::kOff,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A migration without a description",
    .catches = "A migration with no comment (or docstring) at its top.",
    .why =
        "What a migration does can be read; why it was needed, what it expects of the release around it, and what "
        "to do if it fails cannot. Off unless asked for.",
    .safe_sql =
        "-- Orders get a number that customers can read; filled in by the next migration.\n"
        "...",
    .safe_alembic =
        "\"\"\"Add orders.number\n"
        "\n"
        "Orders get a number that customers can read; filled in by the next revision.\n"
        "\n"
        "Revision ID: ...\n"
        "\"\"\"",
    .bad =
        "-- migration: users\n"
        "CREATE TABLE users (id bigint PRIMARY KEY);\n",
    .good =
        "-- migration: users\n"
        "-- Whoever may log in.\n"
        "CREATE TABLE users (id bigint PRIMARY KEY);\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
