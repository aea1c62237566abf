#include "formats/prisma/problems.h"

#include "base/text.h"

namespace bascule::formats::prisma {

namespace {

Diagnostic make(std::string code, std::string message, std::string cause, std::string help) {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.cause = std::move(cause);
  out.help = std::move(help);
  return out;
}

Location start_of(const Migration& migration) {
  if (!migration.file) return {};
  return {migration.file, {{1, 1, 0}, {1, 1, 0}}};
}

/// The first lines of a log, without the traces that Prisma's engine adds.
std::string first_lines(const std::string& logs) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(logs, '\n')) {
    const std::string_view plain = trim(line);
    if (plain.starts_with("A migration failed to apply.") || plain.starts_with("Migration name:") ||
        plain.starts_with("Database error:") || plain.starts_with("DbError {"))
      continue;
    if (plain.starts_with("0: ")) break;
    if (!plain.empty()) lines.emplace_back(plain);
    if (lines.size() == 3) break;
  }
  return join(lines, "; ");
}

}  // namespace

Diagnostic provider_switched(const std::string& provider, const Location& where, const std::string& locked,
                             const std::string& folder) {
  Diagnostic out = make("prisma-provider-switched",
                        "the schema is for " + provider + ", its migrations are for " + (locked.empty() ? "?" : locked),
                        folder + "/migration_lock.toml says so; this is Prisma's error P3019",
                        "set the provider back, or move the migrations away and start new ones");
  out.location = where;
  return out;
}

Diagnostic other_database(const std::string& provider, const Location& where, const std::string& dialect) {
  Diagnostic out = make("prisma-other-database", "the schema is for " + provider + ", the database is " + dialect, "",
                        "name the right database with --url, or correct the datasource's provider");
  out.location = where;
  return out;
}

Diagnostic schema_not_empty(const std::vector<std::string>& tables, const std::string& first_migration) {
  std::string cause = "there are tables (" + tables.front();
  if (tables.size() > 1) cause += " and " + std::to_string(tables.size() - 1) + " more";
  cause += ") and no _prisma_migrations; this is Prisma's error P3005";
  const std::string example = first_migration.empty() ? "NAME" : first_migration;
  return make(
      "prisma-schema-not-empty", "the database is not empty, and no migration has been recorded in it",
      std::move(cause),
      "if it already has what the first migrations make, say so: bascule prisma migrate resolve --applied " + example);
}

Diagnostic migration_failed(const Record& record, const Migration* migration) {
  const std::string logs = first_lines(record.logs);
  Diagnostic out =
      make("prisma-failed-migration",
           "the migration '" + record.name + "' has failed, and nothing new runs before that is settled",
           "it started at " + record.started_at + " UTC" + (logs.empty() ? "" : " and ended with: " + logs) +
               "; this is Prisma's error P3009",
           "correct it, then say that it was rolled back: bascule prisma migrate resolve --rolled-back " + record.name +
               " (if its changes are in the database: --applied), and run `bascule prisma " + "migrate deploy`");
  if (migration != nullptr) out.location = start_of(*migration);
  return out;
}

Diagnostic migration_edited(const Migration& migration) {
  Diagnostic out =
      make("prisma-migration-edited", "the migration '" + migration.name + "' was changed after it was applied",
           "its checksum is not the one in _prisma_migrations; deploy goes on, as Prisma's does",
           "restore the file from version control, and put the change into a new migration");
  out.severity = Severity::kWarning;
  out.location = start_of(migration);
  return out;
}

Diagnostic migration_missing(const Record& record, const std::string& folder) {
  Diagnostic out = make(
      "prisma-migration-missing", "the migration '" + record.name + "' is in the database, but not in " + folder,
      "deploy goes on, as Prisma's does", "restore its folder from version control, or take the branch that has it");
  out.severity = Severity::kWarning;
  return out;
}

Diagnostic file_missing(const Migration& migration) {
  return make("prisma-migration-file-missing", "the migration '" + migration.name + "' has no migration.sql",
              migration.why + "; this is Prisma's error P3015", "restore the file, or remove the folder");
}

Diagnostic unknown_migration(const std::string& name, const std::vector<Migration>& migrations) {
  std::vector<std::string> names;
  for (const Migration& migration : migrations) names.push_back(migration.name);
  const auto near = did_you_mean(name, names);
  return make("prisma-unknown-migration", "there is no migration '" + name + "'",
              "a migration's name is the whole name of its folder; this is Prisma's error P3017",
              near ? "did you mean " + *near + "?" : "list them with: bascule status");
}

Diagnostic already_applied(const std::string& name) {
  return make("prisma-already-applied", "the migration '" + name + "' is already recorded as applied",
              "this is Prisma's error P3008", "nothing is to be done");
}

Diagnostic never_applied(const std::string& name) {
  return make("prisma-never-applied",
              "the migration '" + name + "' cannot be marked as rolled back: the database does not know it",
              "a migration's name is the whole name of its folder; this is Prisma's error P3011",
              "list what the database knows with: bascule status");
}

Diagnostic not_failed(const std::string& name) {
  return make("prisma-not-failed", "the migration '" + name + "' cannot be marked as rolled back: it has not failed",
              "this is Prisma's error P3012", "to take its changes back, run: bascule downgrade -1");
}

Diagnostic resolve_usage(std::string message) {
  return make("usage", std::move(message), "", "bascule prisma migrate resolve --applied NAME, or --rolled-back NAME");
}

}  // namespace bascule::formats::prisma
