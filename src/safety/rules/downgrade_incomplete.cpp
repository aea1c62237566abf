#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// More than these are counted.
constexpr std::size_t kNamed = 3;

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const RevisionView& revision = context.revision;
  // An empty way down is told by downgrade-missing.
  if (!revision.left_over || revision.left_over->empty() || revision.downgrade_begin == revision.downgrade_end) return;
  std::vector<std::string> first(*revision.left_over);
  if (first.size() > kNamed) {
    const std::size_t more = first.size() - kNamed;
    first.resize(kNamed);
    first.push_back(std::to_string(more) + " more");
  }
  const StatementView& statement = context.chain.statements[revision.downgrade_begin];
  sink.add(rule,
           finding_at(context.chain, statement, {},
                      "up and then down does not lead back to the schema before: " + enumeration(first),
                      "both ways were replayed on the schema that the migration finds"),
           {});
}

}  // namespace

const Rule kDowngradeIncomplete{
    .id = "downgrade-incomplete",
    .group = Group::kDowngrade,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "The way down does not restore the schema",
    .catches =
        "A migration whose way up and way down, one after the other, leave a schema that differs from the one before: "
        "a column, index, constraint, type or default too much, missing, or not as it was.",
    .why =
        "The next way up then fails on what is there already (PostgreSQL keeps an enum type when its table is "
        "dropped), "
        "or the older release finds a schema that it was never run with.",
    .safe_sql = "-- on the way down: undo every statement of the way up, the last one first",
    .safe_alembic =
        "def downgrade() -> None:\n"
        "    ...  # undo every operation of upgrade(), the last one first\n"
        "    # an enum type goes by itself: sa.Enum(name='...').drop(op.get_bind())",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: nick\n"
        "ALTER TABLE users ADD COLUMN nick text;\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "-- downgrade\n"
        "ALTER TABLE users DROP COLUMN phone;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: nick\n"
        "ALTER TABLE users ADD COLUMN nick text;\n"
        "-- downgrade\n"
        "ALTER TABLE users DROP COLUMN nick;\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
