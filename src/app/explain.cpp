#include "app/explain.h"

#include <algorithm>
#include <utility>

#include "app/lint_server.h"
#include "app/lint_settings.h"
#include "app/schema_chain.h"
#include "base/text.h"

namespace bascule::app {

namespace {

bool looks_like_a_name(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

std::vector<const safety::Rule*> by_group() {
  std::vector<const safety::Rule*> rules = safety::all_rules();
  std::stable_sort(rules.begin(), rules.end(),
                   [](const safety::Rule* a, const safety::Rule* b) { return a->group < b->group; });
  return rules;
}

Failure unknown_rule(const std::string& name) {
  std::vector<std::string> names;
  for (const safety::Rule* rule : safety::all_rules()) names.emplace_back(rule->id);
  Diagnostic out;
  out.code = "unknown-rule";
  out.message = "there is no rule '" + name + "'";
  const auto near = did_you_mean(name, names);
  out.help = near ? "did you mean `bascule explain " + *near + "`?" : "`bascule explain` lists the rules";
  return make_failure(ExitCode::kUsage, std::move(out));
}

/// The schema that the statements find, as far as anybody says.
Outcome<model::Schema> schema_before(const Surroundings& around, const Workspace* workspace) {
  if (around.connection) return schema_of_server(around);
  model::Schema schema;
  if (workspace == nullptr) return schema;
  Diagnostics uncertain;  // what is not known of it is in the impact's assumptions
  auto chapters = chapters_to(*workspace, *around.dialect, "heads", uncertain);
  if (!chapters) return schema;
  for (const Chapter& chapter : *chapters) apply_chapter(schema, chapter, *around.dialect, uncertain);
  return schema;
}

}  // namespace

Outcome<Explanation> explain(const Request& request, const ExplainRequest& wanted) {
  Explanation out;
  if (wanted.what.empty()) {
    out.rules = by_group();
    return out;
  }
  out.rule = safety::find_rule(wanted.what);
  if (out.rule != nullptr) return out;
  if (looks_like_a_name(wanted.what)) return failure(unknown_rule(wanted.what));

  LintRequest settings_of;
  settings_of.server_version = wanted.server_version;
  settings_of.dialect = wanted.dialect;
  BASCULE_TRY_ASSIGN(const LintConfiguration configuration, read_lint_settings(request, settings_of));
  auto workspace = open_workspace(request);
  const Workspace* const project = workspace ? &*workspace : nullptr;
  BASCULE_TRY_ASSIGN(const Surroundings around,
                     look_at_server(request, project,
                                    {configuration.dialect, configuration.settings.server_version,
                                     configuration.settings.time_zone, false}));
  out.server = around.words;
  BASCULE_TRY_ASSIGN(model::Schema schema, schema_before(around, project));
  const syntax::sql::Script script = around.dialect->split(wanted.what);
  for (const syntax::sql::StatementSpan& span : script.statements) {
    if (span.kind != syntax::sql::SpanKind::kStatement) continue;
    std::string sql(span.text);
    plan::Impact impact = around.dialect->impact(sql, schema, around.server);
    Chapter chapter{"", {{model::RawSql{sql}, Location{}, "SQL", false}}};
    Diagnostics uncertain;
    apply_chapter(schema, chapter, *around.dialect, uncertain);
    out.statements.push_back({std::move(sql), std::move(impact)});
  }
  return out;
}

}  // namespace bascule::app
