#include "formats/flyway/course.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "formats/flyway/sequence.h"

namespace bascule::formats::flyway {

namespace {

Diagnostic non_empty(const Surroundings& around, const Settings& settings) {
  Diagnostic out;
  out.code = "non-empty-schema";
  out.message =
      "found non-empty schema " + join(around.filled_schemas, ", ") + " but no history table " + settings.table;
  out.cause = "running all migrations would make again what is there";
  out.help =
      "bascule flyway baseline -baselineVersion=VERSION says that the database stands at VERSION; or set "
      "flyway.baselineOnMigrate=true";
  return out;
}

Diagnostic missing_schema(const std::string& schema) {
  Diagnostic out;
  out.code = "missing-schema";
  out.message = "there is no schema " + schema + " for the history table, and createSchemas is false";
  out.help = "create it: CREATE SCHEMA " + quoted_name(schema);
  return out;
}

Diagnostic in_java(const Script& script) {
  Diagnostic out;
  out.code = "java-migration";
  out.message = "migration " + script.script + " is written in Java, which Bascule does not run";
  out.location.file = std::make_shared<const SourceFile>(script.path, "");
  out.help =
      "run Flyway itself up to it (bascule goes on from there: the history table is the same), or rewrite it "
      "in SQL";
  return out;
}

const std::string& sql_of(const model::AuthoredOperation& operation) {
  return std::get<model::RawSql>(operation.operation).sql;
}

}  // namespace

CourseBuilder::CourseBuilder(const Settings& settings, const Scripts& scripts, const Surroundings& around,
                             HistoryTable table, std::string dialect, std::map<std::string, std::string> built_in)
    : settings_(settings),
      scripts_(scripts),
      around_(around),
      table_(std::move(table)),
      dialect_(std::move(dialect)),
      built_in_(std::move(built_in)),
      exists_(around.table_exists),
      count_(around.rows.size()),
      rank_(around.rows.empty() ? 0 : around.rows.back().rank),
      state_(state_text(exists_, count_, rank_)) {}

void CourseBuilder::prepare(bool for_undo) {
  std::vector<std::string>& sql = course_.preparation;
  if (!settings_.init_sql.empty()) sql.push_back(settings_.init_sql);
  const bool postgres = dialect_ == "postgresql";
  const bool creates = !for_undo && settings_.create_schemas && postgres && !around_.missing_schemas.empty();
  if (!for_undo && settings_.create_schemas) {
    for (const char* event : {"createSchema", "beforeCreateSchema"})
      for (const auto& operation : event_operations(event)) sql.push_back(sql_of(operation));
  }
  if (creates) {
    for (const std::string& schema : around_.missing_schemas) sql.push_back("CREATE SCHEMA " + quoted_name(schema));
  } else if (!around_.missing_schemas.empty() && !for_undo) {
    const auto schemas = configured_schemas(settings_);
    if (schemas.front() == around_.missing_schemas.front()) wrong_.database.add(missing_schema(schemas.front()));
  }
  // As Flyway does for every migration: the default schema stands first on the search path.
  if (postgres && around_.family && !around_.schema.empty()) {
    const std::string& path = around_.search_path;
    const std::string& schema = around_.schema;
    std::string wanted = path;
    if (path != schema && !path.starts_with(schema + ",")) {
      wanted = quoted_name(schema) + (path.empty() ? "" : "," + path);
      sql.push_back("SELECT pg_catalog.set_config('search_path', " + quoted_value(wanted) + ", false)");
    }
    restore_ = {"RESET ROLE", "SELECT pg_catalog.set_config('search_path', " + quoted_value(wanted) + ", false)"};
  } else if (postgres && !around_.family && settings_.default_schema) {
    sql.push_back("SET search_path = " + quoted_name(*settings_.default_schema) + ", public");
  }
  if (exists_ || for_undo) return;
  std::optional<HistoryRow> baseline;
  if (!creates && !around_.filled_schemas.empty() && !settings_.skip_executing) {
    if (!settings_.baseline_on_migrate) {
      wrong_.database.add(non_empty(around_, settings_));
      return;
    }
    auto row = baseline_row(settings_);
    if (!row) {
      wrong_.project.add(std::move(row.error()));
      return;
    }
    for (const auto& operation : event_operations("beforeBaseline")) sql.push_back(sql_of(operation));
    baseline = std::move(*row);
  }
  for (std::string& statement : table_.create_sql(baseline ? &*baseline : nullptr)) sql.push_back(std::move(statement));
  exists_ = true;
  Move made;
  made.id = settings_.table;
  made.description = "history table";
  made.auxiliary = true;
  if (baseline) {
    for (const auto& operation : event_operations("afterBaseline")) sql.push_back(sql_of(operation));
    ++count_;
    rank_ = 1;
  }
  if (creates) {
    HistoryRow marker;
    marker.description = "<< Flyway Schema Creation >>";
    marker.type = "SCHEMA";
    std::vector<std::string> names;
    for (const std::string& schema : around_.missing_schemas) names.push_back(quoted_name(schema));
    marker.script = join(names, ",");
    sql.push_back(table_.insert_sql(marker, "0"));
    ++count_;
    rank_ = 0;
  }
  // It is committed before the first migration, which may fail.
  close(std::move(made));
}

std::optional<Statements> CourseBuilder::cut_script(const Script& script) {
  if (script.file == nullptr) {
    wrong_.project.add(in_java(script));
    return std::nullopt;
  }
  auto statements = cut(settings_, script, dialect_, built_in_);
  if (statements) return std::move(*statements);
  wrong_.project.add(std::move(statements.error()));
  return std::nullopt;
}

std::vector<model::AuthoredOperation> CourseBuilder::event_operations(const std::string& event) {
  std::vector<model::AuthoredOperation> out;
  const auto found = scripts_.callbacks.find(event);
  if (found == scripts_.callbacks.end()) return out;
  for (const Script& script : found->second) {
    if (auto statements = cut_script(script))
      std::move(statements->operations.begin(), statements->operations.end(), std::back_inserter(out));
  }
  return out;
}

void CourseBuilder::close(Move move) {
  move.state_before = state_;
  state_ = state_text(exists_, count_, rank_);
  move.state_after = state_;
  course_.moves.push_back(std::move(move));
}

void CourseBuilder::on_failure(const std::string& event, Move& move) {
  for (const auto& operation : event_operations(event)) move.on_failure.push_back({sql_of(operation), false, true});
}

void CourseBuilder::callbacks(const std::string& event) {
  const auto found = scripts_.callbacks.find(event);
  if (found == scripts_.callbacks.end()) return;
  for (const Script& script : found->second) {
    auto statements = cut_script(script);
    if (!statements) continue;
    Move move;
    move.id = script.name.stem;
    move.description = "callback";
    move.auxiliary = true;
    move.path = script.path;
    move.operations = std::move(statements->operations);
    if (statements->changes_session) move.history = restore_;
    close(std::move(move));
  }
}

void CourseBuilder::run_script(const Script& script, const char* each, Move& move) {
  auto statements = cut_script(script);
  if (!statements) return;
  const auto around = [&](const std::string& event) {
    for (model::AuthoredOperation operation : event_operations(event)) {
      operation.autocommit = !statements->in_transaction;
      move.operations.push_back(std::move(operation));
    }
  };
  const std::string name = each;
  around("beforeEach" + name);
  for (model::AuthoredOperation& operation : statements->operations) {
    around("beforeEach" + name + "Statement");
    move.operations.push_back(std::move(operation));
    around("afterEach" + name + "Statement");
  }
  around("afterEach" + name);
  if (statements->changes_session) move.history = restore_;
}

void CourseBuilder::record(Move& move, HistoryRow row, bool in_transaction) {
  row.rank = ++rank_;
  ++count_;
  std::string elapsed = settings_.group || !in_transaction ? "" : table_.elapsed_sql();
  if (elapsed.empty()) elapsed = plan::kTookMilliseconds;
  move.history.push_back(table_.insert_sql(row, elapsed));
  // What ran before the failure stays, and Flyway says so in the history; but on PostgreSQL it takes this row back with
  // the transaction that holds its lock, unless it is told to lock otherwise.
  if (in_transaction || (dialect_ == "postgresql" && settings_.transactional_lock)) return;
  row.success = false;
  move.on_failure.push_back({table_.insert_sql(row, "0"), false, true});
}

void CourseBuilder::migrate(const Item& item) {
  const Script& script = *item.script;
  Move move;
  move.id = item.version() ? item.version()->text() : script.name.stem;
  move.description = script.name.description;
  move.path = script.path;
  if (!settings_.skip_executing) {
    run_script(script, "Migrate", move);
    on_failure("afterEachMigrateError", move);
    on_failure("afterMigrateError", move);
  }
  const bool in_transaction = std::none_of(move.operations.begin(), move.operations.end(),
                                           [](const auto& operation) { return operation.autocommit; });
  record(move, row_of(script, item.sums, 0), in_transaction);
  close(std::move(move));
}

void CourseBuilder::undo(const Item& item, const Script* undo, const Sums& sums) {
  Move move;
  move.id = item.version()->text();
  move.description = item.description();
  move.path = item.script != nullptr ? item.script->path : std::string();
  move.direction = model::Direction::kDowngrade;
  HistoryRow row;
  if (undo == nullptr) {
    move.derive_reverse = true;
    row = *item.row;
    row.type = "DELETE";
  } else {
    move.path = undo->path;
    run_script(*undo, "Undo", move);
    on_failure("afterEachUndoError", move);
    on_failure("afterUndoError", move);
    row = row_of(*undo, sums, 0);
  }
  const bool in_transaction = std::none_of(move.operations.begin(), move.operations.end(),
                                           [](const auto& operation) { return operation.autocommit; });
  record(move, std::move(row), in_transaction);
  close(std::move(move));
}

Result<Course, Refusal> CourseBuilder::finish() {
  if (wrong_.has_errors()) return failure(std::move(wrong_));
  if (course_.moves.empty()) course_.preparation.clear();
  return std::move(course_);
}

}  // namespace bascule::formats::flyway
