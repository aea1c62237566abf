#include "dialects/journal.h"

namespace bascule::dialects {

namespace {

const plan::JournalWords& postgres_journal() {
  static const plan::JournalWords words = {
      "bascule.journal",
      "bascule.run",
      "bascule.step",
      "bascule.range",
      "SELECT to_regclass('bascule.journal') IS NOT NULL",
      {
          "CREATE SCHEMA IF NOT EXISTS bascule",
          "CREATE TABLE IF NOT EXISTS bascule.journal (version integer NOT NULL PRIMARY KEY)",
          "CREATE TABLE IF NOT EXISTS bascule.run (id bigint PRIMARY KEY, history text NOT NULL, revision text NOT "
          "NULL, "
          "direction text NOT NULL, state text NOT NULL, program text NOT NULL, naive text NOT NULL, plan text NOT "
          "NULL, "
          "wish text NOT NULL DEFAULT '', started_at timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP, "
          "finished_at timestamp with time zone)",
          "CREATE TABLE IF NOT EXISTS bascule.step (run bigint NOT NULL REFERENCES bascule.run ON DELETE CASCADE, "
          "number integer NOT NULL, state text NOT NULL, started_at timestamp with time zone NOT NULL DEFAULT "
          "CURRENT_TIMESTAMP, "
          "finished_at timestamp with time zone, PRIMARY KEY (run, number))",
          "CREATE TABLE IF NOT EXISTS bascule.range (run bigint NOT NULL REFERENCES bascule.run ON DELETE CASCADE, "
          "step integer NOT NULL, part integer NOT NULL, position text NOT NULL, rows bigint NOT NULL DEFAULT 0, "
          "PRIMARY KEY (run, step, part))",
      },
      {}};
  return words;
}

const plan::JournalWords& sqlite_journal() {
  static const plan::JournalWords words = {
      "bascule_journal",
      "bascule_run",
      "bascule_step",
      "bascule_range",
      "SELECT count(*) FROM sqlite_master WHERE name = 'bascule_journal'",
      {
          "CREATE TABLE IF NOT EXISTS bascule_journal (version integer NOT NULL PRIMARY KEY)",
          "CREATE TABLE IF NOT EXISTS bascule_run (id integer PRIMARY KEY, history text NOT NULL, revision text NOT "
          "NULL, "
          "direction text NOT NULL, state text NOT NULL, program text NOT NULL, naive text NOT NULL, plan text NOT "
          "NULL, "
          "wish text NOT NULL DEFAULT '', started_at text NOT NULL DEFAULT CURRENT_TIMESTAMP, finished_at text)",
          "CREATE TABLE IF NOT EXISTS bascule_step (run integer NOT NULL REFERENCES bascule_run ON DELETE CASCADE, "
          "number integer NOT NULL, state text NOT NULL, started_at text NOT NULL DEFAULT CURRENT_TIMESTAMP, "
          "finished_at text, PRIMARY KEY (run, number))",
          "CREATE TABLE IF NOT EXISTS bascule_range (run integer NOT NULL REFERENCES bascule_run ON DELETE CASCADE, "
          "step integer NOT NULL, part integer NOT NULL, position text NOT NULL, rows integer NOT NULL DEFAULT 0, "
          "PRIMARY KEY (run, step, part))",
      },
      {}};
  return words;
}

}  // namespace

const plan::JournalWords* find_journal(std::string_view dialect) {
  if (dialect == "postgresql") return &postgres_journal();
  if (dialect == "sqlite") return &sqlite_journal();
  return nullptr;
}

}  // namespace bascule::dialects
