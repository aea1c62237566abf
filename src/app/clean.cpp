#include "app/clean.h"

#include <utility>

namespace bascule::app {

namespace {

Failure refused(const Address& address, const std::optional<bool>& allowed) {
  Diagnostic out;
  out.code = "clean-refused";
  out.message = "clean would drop everything in " + address.url.display();
  if (allowed.has_value()) {
    out.cause = "the project's settings forbid it (cleanDisabled)";
    out.help = "for a database that you can lose: --set cleanDisabled=false";
  } else {
    out.help = "for a database that you can lose: say it again with --force";
  }
  return make_failure(ExitCode::kUsage, std::move(out));
}

}  // namespace

Outcome<CleanReport> clean(const Request& request, bool confirmed) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  CleanReport report;
  BASCULE_TRY_ASSIGN(report.address, find_address(request, *workspace.project));
  const formats::ProjectSettings& settings = workspace.project->settings();
  if (settings.clean_allowed ? !*settings.clean_allowed : !confirmed)
    return failure(refused(report.address, settings.clean_allowed));
  BASCULE_TRY_ASSIGN(const auto connection, connect(report.address, request, Access::kWrite));
  BASCULE_TRY(take_run_lock(*connection, report.address, request));
  auto statements = report.address.dialect->clean_sql(*connection, settings.schemas);
  if (!statements) return failure(database_failure(statements.error(), "looking what is there", report.address));
  report.dropped = std::move(*statements);
  if (report.dropped.empty()) return report;
  std::vector<std::string> run = {connection->begin_sql(db::TransactionStart::kWrite)};
  run.insert(run.end(), report.dropped.begin(), report.dropped.end());
  run.emplace_back("COMMIT");
  auto done = connection->execute(run);
  if (!done) {
    connection->rollback();
    return failure(database_failure(done.error().error, "clean", report.address));
  }
  return report;
}

}  // namespace bascule::app
