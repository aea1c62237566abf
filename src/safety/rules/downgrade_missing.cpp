#include <algorithm>
#include <variant>

#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// A value of an enum cannot be taken out again: there is nothing to write.
bool stays(const dialects::Understood& meaning) {
  return !meaning.operations.empty() &&
         std::all_of(meaning.operations.begin(), meaning.operations.end(), [](const model::Operation& operation) {
           return std::holds_alternative<model::AddEnumValue>(operation);
         });
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const RevisionView& revision = context.revision;
  if (!revision.has_upgrade || !revision.downgrade_possible || !revision.downgrade_known) return;
  if (revision.downgrade_written && revision.downgrade_begin != revision.downgrade_end) return;
  // Rows alone may well have no way back.
  bool changes_schema = false;
  for (std::size_t i = revision.upgrade_begin; i < revision.upgrade_end; ++i) {
    const dialects::Understood& meaning = context.chain.statements[i].meaning;
    changes_schema = changes_schema || (!meaning.changes_nothing && !meaning.keeps_schema && !stays(meaning));
  }
  if (!changes_schema) return;
  Finding finding;
  finding.location = revision.location;
  finding.direction = model::Direction::kDowngrade;
  finding.message = revision.downgrade_written ? "the way down does nothing: the schema stays as the way up made it"
                                               : "there is no way down";
  finding.why = "when this migration has to be taken back, somebody writes the way down in a hurry";
  sink.add(rule, std::move(finding), {});
}

}  // namespace

const Rule kDowngradeMissing{
    .id = "downgrade-missing",
    .group = Group::kDowngrade,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "There is no way down",
    .catches =
        "A migration that changes the schema and has no way down, or an empty one, in a format that has ways down. A "
        "downgrade() that raises says what it means and is not reported.",
    .why =
        "A release that has to be taken back takes its migrations back too. A way down that was written together with "
        "the way up has been thought about, and can be tried.",
    .safe_sql =
        "-- in the file's (or the format's own) section for the way down: undo the statements, the last one first",
    .safe_alembic =
        "def downgrade() -> None:\n"
        "    ...  # undo upgrade(), the last operation first\n"
        "# or, where there is no way back, say so:\n"
        "    raise NotImplementedError(\"the dropped values are gone\")",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "-- downgrade\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "-- downgrade\n"
        "ALTER TABLE users DROP COLUMN phone;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
