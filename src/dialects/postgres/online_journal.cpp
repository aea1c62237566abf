// The journal's tables in PostgreSQL; the page of the format: docs/journal.md.
#include "dialects/postgres/online.h"

namespace bascule::dialects::postgres {

namespace {

constexpr const char* kVersion = "CREATE TABLE IF NOT EXISTS bascule.journal (version integer NOT NULL PRIMARY KEY)";
constexpr const char* kRun =
    "CREATE TABLE IF NOT EXISTS bascule.run (id bigint PRIMARY KEY, history text NOT NULL, revision text NOT NULL, "
    "direction text NOT NULL, state text NOT NULL, program text NOT NULL, naive text NOT NULL, plan text NOT NULL, "
    "wish text NOT NULL DEFAULT '', started_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP, "
    "finished_at timestamp with time zone)";
constexpr const char* kStep =
    "CREATE TABLE IF NOT EXISTS bascule.step (run bigint NOT NULL REFERENCES bascule.run ON DELETE CASCADE, "
    "number integer NOT NULL, state text NOT NULL, "
    "started_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP, "
    "finished_at timestamp with time zone, PRIMARY KEY (run, number))";
constexpr const char* kRange =
    "CREATE TABLE IF NOT EXISTS bascule.range (run bigint NOT NULL REFERENCES bascule.run ON DELETE CASCADE, "
    "step integer NOT NULL, part integer NOT NULL, position text NOT NULL, rows bigint NOT NULL DEFAULT 0, "
    "PRIMARY KEY (run, step, part))";

}  // namespace

const plan::JournalWords& PostgresOnline::journal() const {
  static const plan::JournalWords kWords = {
      .version = "bascule.journal",
      .run = "bascule.run",
      .step = "bascule.step",
      .range = "bascule.range",
      // to_regclass raises where the schema may not be looked into.
      .exists =
          "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
          "c.relnamespace WHERE n.nspname = 'bascule' AND c.relname = 'journal')",
      .create =
          {
              "CREATE SCHEMA IF NOT EXISTS bascule",
              kVersion,
              kRun,
              kStep,
              kRange,
          },
      .migrate = {},
  };
  return kWords;
}

}  // namespace bascule::dialects::postgres
