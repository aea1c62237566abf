#include "plan/stored.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "base/json_reader.h"
#include "base/text.h"

namespace bascule::plan {

namespace {

constexpr int kStoredVersion = 1;

constexpr std::array<std::pair<Pace, std::string_view>, 6> kPaces = {{{Pace::kPlain, "plain"},
                                                                      {Pace::kBrief, "brief"},
                                                                      {Pace::kScan, "scan"},
                                                                      {Pace::kConcurrent, "concurrent"},
                                                                      {Pace::kBatches, "batches"},
                                                                      {Pace::kUnbounded, "unbounded"}}};

Json guard_json(const Guard& guard) {
  return Json::object()
      .set("done_when", guard.done_when)
      .set("leftover_when", guard.leftover_when)
      .set("clean_up", guard.clean_up)
      .set("blocked_when", guard.blocked_when)
      .set("blocked_text", guard.blocked_text)
      .set("rows_against", guard.rows_against)
      .set("rows_against_text", guard.rows_against_text)
      .set("undo", guard.undo)
      .set("undo_in_transaction", guard.undo_in_transaction)
      .set("undo_first", guard.undo_first)
      .set("undo_last", guard.undo_last)
      .set("undo_is_whole", guard.undo_is_whole);
}

Json backfill_json(const Backfill& batches) {
  return Json::object()
      .set("schema", batches.table.schema.text())
      .set("table", batches.table.name.text())
      .set("table_sql", batches.table_sql)
      .set("alias_sql", batches.alias_sql)
      .set("key_sql", batches.key_sql)
      .set("key_types", batches.key_types)
      .set("set_sql", batches.set_sql)
      .set("where_sql", batches.where_sql)
      .set("wrong_sql", batches.wrong_sql);
}

std::vector<std::string> texts(const JsonNode& node, std::string_view key) {
  std::vector<std::string> out;
  if (const JsonNode* list = node.find(key))
    for (const JsonNode& item : list->items) out.push_back(item.text);
  return out;
}

Guard read_guard(const JsonNode& node) {
  Guard guard;
  guard.done_when = node.text_of("done_when");
  guard.leftover_when = node.text_of("leftover_when");
  guard.clean_up = texts(node, "clean_up");
  guard.blocked_when = node.text_of("blocked_when");
  guard.blocked_text = node.text_of("blocked_text");
  guard.rows_against = node.text_of("rows_against");
  guard.rows_against_text = node.text_of("rows_against_text");
  guard.undo = texts(node, "undo");
  guard.undo_in_transaction = node.text_of("undo_in_transaction") == "true";
  guard.undo_first = texts(node, "undo_first");
  guard.undo_last = texts(node, "undo_last");
  // An older plan does not say: what has an undo is taken back by it.
  guard.undo_is_whole =
      node.find("undo_is_whole") == nullptr ? !guard.undo.empty() : node.text_of("undo_is_whole") == "true";
  return guard;
}

Backfill read_backfill(const JsonNode& node) {
  Backfill batches;
  batches.table = {Identifier(node.text_of("schema")), Identifier(node.text_of("table"))};
  batches.table_sql = node.text_of("table_sql");
  batches.alias_sql = node.text_of("alias_sql");
  batches.key_sql = texts(node, "key_sql");
  batches.key_types = texts(node, "key_types");
  batches.set_sql = node.text_of("set_sql");
  batches.where_sql = node.text_of("where_sql");
  batches.wrong_sql = node.text_of("wrong_sql");
  return batches;
}

Result<Step, std::string> read_step(const JsonNode& node) {
  Step step;
  const std::string sql = node.text_of("sql");
  step.action = Statement{sql};
  step.effect = model::RawSql{sql};
  step.cause.operation = node.text_of("operation");
  step.cause.subject = node.text_of("subject");
  if (const std::string file = node.text_of("file"); !file.empty()) {
    step.cause.location.file = std::make_shared<const SourceFile>(file, "");
    const std::string line = node.text_of("line");
    std::from_chars(line.data(), line.data() + line.size(), step.cause.location.span.begin.line);
  }
  step.in_transaction = node.text_of("in_transaction") == "true";
  const std::string pace = node.text_of("pace");
  const auto named = std::find_if(kPaces.begin(), kPaces.end(), [&](const auto& one) { return one.second == pace; });
  if (named == kPaces.end()) return failure("a step of unknown pace '" + pace + "'");
  step.conduct.pace = named->first;
  if (const JsonNode* guard = node.find("guard")) step.conduct.guard = read_guard(*guard);
  step.conduct.lock_tables = texts(node, "lock_tables");
  step.conduct.reason = node.text_of("reason");
  step.conduct.rewrite = node.text_of("rewrite");
  if (const JsonNode* batches = node.find("batches")) step.conduct.batches = read_backfill(*batches);
  step.conduct.with_previous = node.text_of("with_previous") == "true";
  return step;
}

}  // namespace

std::string_view pace_name(Pace pace) {
  return std::find_if(kPaces.begin(), kPaces.end(), [&](const auto& named) { return named.first == pace; })->second;
}

std::string write_stored(const RevisionPlan& revision) {
  Json steps = Json::array();
  for (const Step& step : revision.steps) {
    const auto* statement = std::get_if<Statement>(&step.action);
    BASCULE_CHECK(statement != nullptr, "a rebuild in a plan that is to be stored");
    Json one = Json::object();
    one.set("operation", step.cause.operation).set("subject", step.cause.subject);
    if (step.cause.location.file)
      one.set("file", step.cause.location.file->path()).set("line", step.cause.location.span.begin.line);
    one.set("sql", statement->sql).set("in_transaction", step.in_transaction);
    const auto pace =
        std::find_if(kPaces.begin(), kPaces.end(), [&](const auto& named) { return named.first == step.conduct.pace; });
    one.set("pace", pace->second).set("guard", guard_json(step.conduct.guard));
    one.set("lock_tables", step.conduct.lock_tables);
    one.set("reason", step.conduct.reason).set("rewrite", step.conduct.rewrite);
    if (step.conduct.batches) one.set("batches", backfill_json(*step.conduct.batches));
    one.set("with_previous", step.conduct.with_previous);
    steps.push(std::move(one));
  }
  return Json::object()
      .set("version", kStoredVersion)
      .set("revision", revision.revision)
      .set("message", revision.message)
      .set("path", revision.path)
      .set("direction", revision.direction == model::Direction::kUpgrade ? "upgrade" : "downgrade")
      .set("from", revision.heads_before)
      .set("to", revision.heads_after)
      .set("steps", std::move(steps))
      .dump();
}

Result<RevisionPlan, std::string> read_stored(std::string_view text) {
  const auto json = read_json(text);
  if (!json || json->kind != JsonNode::Kind::kObject) return failure(std::string("it is no JSON object"));
  if (const std::string version = json->text_of("version"); version != std::to_string(kStoredVersion))
    return failure("it has version '" + version + "', this Bascule reads " + std::to_string(kStoredVersion));
  RevisionPlan revision;
  revision.revision = json->text_of("revision");
  revision.message = json->text_of("message");
  revision.path = json->text_of("path");
  revision.direction =
      json->text_of("direction") == "upgrade" ? model::Direction::kUpgrade : model::Direction::kDowngrade;
  revision.heads_before = texts(*json, "from");
  revision.heads_after = texts(*json, "to");
  const JsonNode* steps = json->find("steps");
  if (steps == nullptr) return failure(std::string("it has no steps"));
  for (const JsonNode& node : steps->items) {
    BASCULE_TRY_ASSIGN(Step step, read_step(node));
    revision.steps.push_back(std::move(step));
  }
  return revision;
}

std::string naive_text(const RevisionPlan& naive) {
  std::string out;
  for (const Step& step : naive.steps) {
    const auto* statement = std::get_if<Statement>(&step.action);
    out += statement != nullptr ? std::string(trim(statement->sql)) : "-- a table is rebuilt";
    out += ";\n";
  }
  return out;
}

}  // namespace bascule::plan
