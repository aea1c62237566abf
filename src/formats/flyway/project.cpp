#include "formats/flyway/project.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "formats/flyway/locations.h"
#include "formats/flyway/scripts.h"
#include "formats/flyway/sequence.h"
#include "formats/flyway/settings.h"
#include "formats/flyway/statements.h"
#include "formats/new_file.h"

namespace bascule::formats::flyway {

namespace {

std::string id_of(const Script& script) {
  return script.name.version ? script.name.version->text() : graph_id(script.name.stem);
}

class FlywayProject final : public Project {
 public:
  explicit FlywayProject(Settings settings) : settings_(std::move(settings)) {
    project_settings_.url = settings_.url;
    project_settings_.url_source = settings_.url_source;
    project_settings_.transaction_per_migration = !settings_.group;
    project_settings_.clean_allowed = !settings_.clean_disabled;
    project_settings_.schemas = configured_schemas(settings_);
    scripts_ = read_scripts(settings_, found_);
    sequence_ = std::make_unique<FlywaySequence>(settings_, scripts_);
  }

  std::string format() const override { return "flyway"; }
  std::string place() const override { return settings_.place; }
  const ProjectSettings& settings() const override { return project_settings_; }
  std::unique_ptr<history::HistoryStore> history_store() const override { return nullptr; }
  Sequence* sequence() override { return sequence_.get(); }

  std::vector<graph::Revision> read_revisions(Diagnostics& diagnostics) override {
    diagnostics.append(settings_.notes);
    diagnostics.append(found_);
    std::vector<graph::Revision> out;
    out.reserve(scripts_.migrations.size());
    for (const Script& script : scripts_.migrations) {
      if (script.undo() || script.baseline()) continue;
      append_to_chain(out, id_of(script), script.name.description, script.path, script.file);
    }
    return out;
  }

  Evaluation evaluate(const graph::Revision& revision, model::Direction direction,
                      const EvaluationTarget& target) override {
    Evaluation out;
    const auto& all = scripts_.migrations;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Script& s) {
      return !s.undo() && !s.baseline() && s.path == revision.path && id_of(s) == revision.id;
    });
    const Script* script = found == all.end() ? nullptr : &*found;
    if (direction == model::Direction::kDowngrade && script != nullptr)
      script = script->name.version ? undo_of(scripts_, *script->name.version) : nullptr;
    if (script == nullptr) {
      out.unwritten = true;
      return out;
    }
    if (script->file == nullptr) {
      Diagnostic java;
      java.code = "java-migration";
      java.message = "migration " + script->script + " is written in Java, which Bascule does not run";
      java.location = revision.location;
      out.diagnostics.add(std::move(java));
      return out;
    }
    auto statements = cut(settings_, *script, target.dialect, sequence_->built_in(target.dialect));
    if (statements)
      out.operations = std::move(statements->operations);
    else
      out.diagnostics.add(std::move(statements.error()));
    return out;
  }

  Result<std::vector<std::string>, Diagnostic> write_revision(const NewRevision& revision) override {
    const std::string folder = revision.version_path ? *revision.version_path : first_folder(settings_);
    if (folder.empty()) {
      Diagnostic wrong;
      wrong.code = "cannot-write";
      wrong.message = "no location is a folder that a new migration could go to";
      wrong.help = "name one with --version-path";
      return failure(std::move(wrong));
    }
    std::string words;
    for (const char c : revision.message) words += c == ' ' || c == '/' || c == '\\' ? '_' : c;
    if (words.empty()) words = "migration";
    const std::string path =
        (std::filesystem::path(folder) /
         (settings_.versioned_prefix + next_version() + settings_.separator + words + settings_.sql_suffixes.front()))
            .string();
    BASCULE_TRY(write_new_file(path, "-- " + (revision.message.empty() ? words : revision.message) + "\n"));
    return std::vector<std::string>{path};
  }

 private:
  /// After the last version, in its own manner: 7 after 6, 1.10 after 1.9, a time after a time.
  std::string next_version() const {
    const Script* last = nullptr;
    for (const Script& script : scripts_.migrations)
      if (script.name.kind == FileKind::kVersioned && script.name.version) last = &script;
    if (last == nullptr) return "1";
    std::string text = last->name.version->text();
    constexpr std::size_t kLikeATime = 12;
    const auto dot = text.rfind('.');
    const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
    if (dot == std::string::npos && text.size() >= kLikeATime) return time_stamp().substr(0, text.size());
    // One more, digit by digit: a version may be longer than any number.
    std::size_t at = text.size();
    while (at > begin && text[at - 1] == '9') text[--at] = '0';
    if (at > begin)
      ++text[at - 1];
    else
      text.insert(begin, "1");
    return replace_all(text, ".", last->file_name.find('_') < last->file_name.find(settings_.separator) ? "_" : ".");
  }

  Settings settings_;
  ProjectSettings project_settings_;
  Scripts scripts_;
  Diagnostics found_;
  std::unique_ptr<FlywaySequence> sequence_;
};

}  // namespace

bool detect_flyway_project(const OpenRequest& request) { return looks_like_flyway(request); }

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_flyway_project(const OpenRequest& request) {
  auto settings = find_settings(request);
  if (!settings) return std::nullopt;
  if (!*settings) return Result<std::unique_ptr<Project>, Diagnostic>(failure(std::move(settings->error())));
  return Result<std::unique_ptr<Project>, Diagnostic>(std::make_unique<FlywayProject>(std::move(**settings)));
}

}  // namespace bascule::formats::flyway
