#include "app/evaluate.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "app/schema_chain.h"
#include "base/text.h"
#include "formats/sql_script.h"
#include "model/lookup.h"
#include "planner/meaning.h"

namespace bascule::app {

namespace {

formats::Evaluation evaluate_override(const std::string& path, const dialects::Dialect& dialect) {
  formats::Evaluation out;
  auto file = formats::read_sql_file(path);
  if (!file) {
    out.diagnostics.add(std::move(file.error()));
    return out;
  }
  const std::size_t end = (*file)->text().size();
  formats::Statements statements = formats::statements_of({std::move(*file), 0, end}, std::string(dialect.name()),
                                                          formats::Grouping::kInTransaction);
  out.operations = std::move(statements.operations);
  out.diagnostics = std::move(statements.diagnostics);
  return out;
}

/// The operations of a way up with their SQL understood, each with the one that it comes from.
struct Meaning {
  std::vector<model::Operation> operations;
  std::vector<const model::AuthoredOperation*> authors;
};

Meaning meaning_of(const Chapter& chapter, const dialects::Dialect& dialect) {
  Meaning out;
  for (const model::AuthoredOperation& authored : chapter.operations) {
    for (model::Operation& operation : planner::meaning(authored.operation, dialect)) {
      out.operations.push_back(std::move(operation));
      out.authors.push_back(&authored);
    }
  }
  return out;
}

/// What some databases can do only by rebuilding the table is said as a batch, neighbours of one table as one;
/// elsewhere it comes apart again.
std::vector<model::Operation> in_batches(std::vector<model::Operation> operations) {
  std::vector<model::Operation> out;
  bool open = false;  // the last one may be added to
  const auto add = [&](QualifiedName table, auto& item) {
    auto* last = open ? std::get_if<model::BatchAlter>(&out.back()) : nullptr;
    if (last == nullptr || !model::same_name(last->table, table)) {
      model::BatchAlter fresh;
      fresh.table = std::move(table);
      last = &std::get<model::BatchAlter>(out.emplace_back(std::move(fresh)));
    }
    last->items.emplace_back(std::move(item));
    open = true;
  };
  for (model::Operation& operation : operations) {
    if (auto* constraint = std::get_if<model::AddConstraint>(&operation)) {
      add(constraint->table, *constraint);
    } else if (auto* lost = std::get_if<model::DropConstraint>(&operation)) {
      add(lost->table, *lost);
    } else if (auto* dropped = std::get_if<model::DropColumn>(&operation)) {
      add(dropped->table, *dropped);
    } else if (auto* altered = std::get_if<model::AlterColumn>(&operation)) {
      // The items of a batch name columns as they were before it.
      const bool renames = altered->new_name.has_value();
      open = open && !renames;
      add(altered->table, *altered);
      open = !renames;
    } else {
      out.push_back(std::move(operation));
      open = false;
    }
  }
  return out;
}

std::string loss_text(const model::DataLoss& loss, const std::string& count) {
  const std::string table = display(loss.table);
  return loss.column.empty() ? counted(std::stoull(count), "row") + " of " + table
                             : counted(std::stoull(count), "value") + " of " + table + "." + loss.column.text();
}

}  // namespace

std::string override_path(const Workspace& workspace, const std::string& revision, model::Direction direction) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  const fs::path place(workspace.project->place());
  const fs::path folder = fs::is_directory(place, unknown) ? place : place.parent_path();
  const char* end = direction == model::Direction::kUpgrade ? ".up.sql" : ".down.sql";
  return (folder / "overrides" / (replace_all(revision, "/", "_") + end)).string();
}

formats::Evaluation evaluate(const Workspace& workspace, const dialects::Dialect& dialect,
                             const graph::Revision& revision, model::Direction direction,
                             const formats::EvaluationTarget& target) {
  const std::string path = override_path(workspace, revision.id, direction);
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown)) return evaluate_override(path, dialect);
  return workspace.project->evaluate(revision, direction, target);
}

Outcome<DerivedWay> derive_way_down(const Workspace& workspace, const dialects::Dialect& dialect,
                                    const std::string& revision, bool allow_data_loss) {
  const std::string by_hand = override_path(workspace, revision, model::Direction::kDowngrade);
  std::error_code absent;
  if (std::filesystem::exists(by_hand, absent)) {
    formats::Evaluation evaluation = evaluate_override(by_hand, dialect);
    if (evaluation.diagnostics.has_errors())
      return failure(Failure{ExitCode::kUnsound, std::move(evaluation.diagnostics)});
    return DerivedWay{std::move(evaluation.operations), true, {}};
  }
  Diagnostics uncertain;
  BASCULE_TRY_ASSIGN(std::vector<Chapter> chapters, chapters_to(workspace, dialect, revision, uncertain));
  std::size_t at = 0;
  while (at < chapters.size() && chapters[at].revision != revision) ++at;
  Diagnostic unknown;
  unknown.code = "no-way-down";
  unknown.help = "write it by hand: " + by_hand;
  if (at == chapters.size()) {
    unknown.message = "nobody wrote a way down for '" + revision + "', and it is not on the way from an empty database";
    return failure(make_failure(ExitCode::kUnsound, std::move(unknown)));
  }
  const Chapter chapter = std::move(chapters[at]);
  chapters.resize(at);
  BASCULE_TRY_ASSIGN(const model::Schema before,
                     schema_after(chapters, dialect, introspect_options(&workspace), uncertain));
  const Meaning meaning = meaning_of(chapter, dialect);
  model::Reversal reversal = model::reverse(
      meaning.operations, before,
      [&](model::Schema& schema, const model::Operation& operation) { dialect.complete(schema, operation); });
  Failure refused;
  refused.code = ExitCode::kUnsound;
  for (const model::Irreversible& gap : reversal.gaps) {
    if (gap.structure_returns && allow_data_loss) continue;
    Diagnostic wrong = unknown;
    wrong.message = "the way down of '" + revision + "' cannot be derived: " + gap.reason;
    wrong.location = meaning.authors[gap.operation]->where;
    if (gap.structure_returns) wrong.help += ", or accept it: --allow-data-loss";
    refused.diagnostics.add(std::move(wrong));
  }
  if (!refused.diagnostics.empty()) return failure(std::move(refused));
  DerivedWay way;
  way.losses = std::move(reversal.losses);
  Location where;
  if (!chapter.operations.empty()) where.file = chapter.operations.front().where.file;
  for (model::Operation& operation : in_batches(std::move(reversal.operations)))
    way.operations.push_back({std::move(operation), where, "derived", false});
  return way;
}

Outcome<void> check_losses(const plan::Plan& plan, db::Connection& connection, const Address& address, bool allowed) {
  if (allowed) return {};
  std::string lost;
  for (const plan::RevisionPlan& revision : plan.revisions) {
    for (const model::DataLoss& loss : revision.losses) {
      auto there = address.dialect->table_exists(connection, loss.table);
      if (!there) return failure(database_failure(there.error(), "looking for " + display(loss.table), address));
      if (!*there) continue;  // an earlier revision of the same way down has made it again, or it is gone
      const std::string what = loss.column.empty() ? "*" : address.dialect->quote(loss.column);
      auto rows = connection.query("SELECT count(" + what + ") FROM " + address.dialect->quote(loss.table));
      if (!rows) return failure(database_failure(rows.error(), "counting " + display(loss.table), address));
      const std::string count = rows->rows.at(0).at(0).value_or("0");
      if (count != "0") lost += (lost.empty() ? "" : ", ") + loss_text(loss, count);
    }
  }
  if (lost.empty()) return {};
  Diagnostic out;
  out.code = "data-loss";
  out.message = "the derived way down would destroy " + lost;
  out.cause = "nobody wrote this way down; it follows from the way up";
  out.help = "save the data, or accept the loss: --allow-data-loss";
  return failure(make_failure(ExitCode::kUsage, std::move(out)));
}

}  // namespace bascule::app
