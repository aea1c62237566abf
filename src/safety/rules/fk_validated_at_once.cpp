#include "model/lookup.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr int kFirstNotValidOnPartitioned = 18;

constexpr std::string_view kPartitionedSql =
    "-- before PostgreSQL 18 a partitioned table takes no NOT VALID foreign key: give it to each partition first\n"
    "ALTER TABLE {partition} ADD CONSTRAINT {constraint} FOREIGN KEY ({columns}) REFERENCES {referent} NOT VALID;\n"
    "-- in a later migration, for every partition\n"
    "ALTER TABLE {partition} VALIDATE CONSTRAINT {constraint};\n"
    "-- then the parent's adopts them and reads nothing\n"
    "ALTER TABLE {table} ADD CONSTRAINT {constraint} FOREIGN KEY ({columns}) REFERENCES {referent};";

std::vector<Identifier> referent_columns(const model::Schema& schema, const model::ForeignKey& key) {
  if (!key.referent_columns.empty()) return key.referent_columns;
  const model::Table* table = model::find_table(schema, key.referent);
  const model::PrimaryKey* primary = table == nullptr ? nullptr : model::primary_key(*table);
  return primary == nullptr ? std::vector<Identifier>{} : primary->columns;
}

void say(const StatementContext& context, const Rule& rule, FindingSink& sink, const QualifiedName& table,
         const model::ForeignKey& key, std::string_view what) {
  const Chain& chain = context.chain;
  const bool alone = model::same_name(table, key.referent) || context.is_new(key.referent);
  const std::string both = alone ? display(table) : display(table) + " and " + display(key.referent);
  Finding finding;
  finding.table = table;
  const auto held = held_exclusively(context, table);
  const auto held_there = alone ? std::nullopt : held_exclusively(context, key.referent);
  if (const auto& longer = held ? held : held_there) {
    const std::string all = " stops reads of and writes to ";
    finding.message = std::string(what);
    if (alone)
      finding.message += all + display(table) + " while it is read";
    else if (held && held_there)
      finding.message += all + both + " while both are read";
    else if (held)
      finding.message += all + display(table) + ", and writes to " + display(key.referent) + ", while both are read";
    else
      finding.message += " stops writes to " + display(table) + ", and reads of and writes to " +
                         display(key.referent) + ", while both are read";
    finding.why = "the lock that " + deed(*longer->by) + " took (" + place_of(*longer->by) + "), " +
                  longer->lock->mode + " on " + display(longer->lock->relation) +
                  ", is held to the end of the transaction";
  } else {
    finding.message = std::string(what) + " stops " + stopped(context, table, kShareRowExclusive) +
                      (alone ? " while it is read" : " and " + display(key.referent) + " while both are read");
    finding.why = "it locks " + both + " and looks up every row of " + display(table) + " in " + display(key.referent) +
                  " before it lets go";
  }
  const Names names = named(chain, table,
                            {{"constraint", name_or(chain, key.name, table, key.columns, "fkey")},
                             {"columns", spelled(chain, key.columns)},
                             {"referent", spelled(chain, key.referent)},
                             {"partition", a_partition(chain, context.before, table)},
                             {"referent_columns", spelled(chain, referent_columns(context.before, key))}});
  const model::Table* known = model::find_table(context.before, table);
  if (known != nullptr && !known->postgresql.partition_by.empty() && chain.server.major < kFirstNotValidOnPartitioned)
    finding.help = other_way(chain, rule, names, kPartitionedSql);
  sink.add(rule, std::move(finding), names);
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddConstraint>()) {
    const auto* key = std::get_if<model::ForeignKey>(&add->constraint);
    if (key == nullptr || key->not_valid || key->not_enforced || context.harmless(add->table)) continue;
    if (reads_whole(context, add->table)) say(context, rule, sink, add->table, *key, "ADD FOREIGN KEY");
  }
  for (const auto* add : context.all<model::AddColumn>()) {
    // A new column without a value refers to nothing: nothing is read.
    if (!add->column.server_default || context.harmless(add->table) || !reads_whole(context, add->table)) continue;
    for (const auto& constraint : add->constraints)
      if (const auto* key = std::get_if<model::ForeignKey>(&constraint); key != nullptr && !key->not_valid)
        say(context, rule, sink, add->table, *key, "ADD COLUMN ... DEFAULT ... REFERENCES");
  }
}

}  // namespace

const Rule kFkValidatedAtOnce{
    .id = "fk-validated-at-once",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A foreign key is checked while writes to both tables wait",
    .catches =
        "ADD FOREIGN KEY without NOT VALID on a table that is in use; ADD COLUMN ... DEFAULT ... REFERENCES. A new "
        "column with REFERENCES and without a default is checked against nothing and not reported.",
    .why =
        "SHARE ROW EXCLUSIVE is held on both tables while all rows of the one are looked up in the other: writes to "
        "either wait, reads go on. NOT VALID takes the same locks for a moment and reads nothing; VALIDATE, in a later "
        "transaction, lets reads and writes of both pass. On a partitioned table NOT VALID exists since PostgreSQL "
        "18; before, keys of the partitions that are valid already spare the parent's the reading. Measured on "
        "PostgreSQL 11 to 18.",
    .safe_sql =
        "-- migration 1: new rows are checked from now on\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint}\n"
        "  FOREIGN KEY ({columns}) REFERENCES {referent} ({referent_columns}) NOT VALID;\n"
        "-- migration 2, in a transaction of its own: checks the old rows, nobody waits\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};",
    .safe_alembic =
        "# revision 1: new rows are checked from now on\n"
        "op.create_foreign_key('{constraint}', '{table}', '{referent}', [{columns}], [{referent_columns}],\n"
        "                      postgresql_not_valid=True)\n"
        "# revision 2, in a transaction of its own: checks the old rows, nobody waits\n"
        "op.execute(\"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}\")",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: key\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: key\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n"
        "-- migration: validate\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT orders_user;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
