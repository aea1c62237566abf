#include "formats/versioned/project.h"

#include <algorithm>
#include <utility>

#include "formats/versioned/problems.h"
#include "formats/versioned/sequence.h"

namespace bascule::formats::versioned {

namespace {

class VersionedProject final : public Project {
 public:
  explicit VersionedProject(std::unique_ptr<Tool> tool) : tool_(std::move(tool)), sequence_(*tool_, migrations_) {}

  std::string format() const override { return tool_->format(); }
  std::string place() const override { return tool_->place(); }
  const ProjectSettings& settings() const override { return tool_->settings(); }

  std::vector<graph::Revision> read_revisions(Diagnostics& diagnostics) override {
    load();
    diagnostics.append(problems_);
    std::vector<graph::Revision> out;
    out.reserve(migrations_.size());
    for (const Migration& migration : migrations_)
      append_to_chain(out, migration.version, description_of(migration), migration.path,
                      migration.file ? migration.file : migration.down_file);
    return out;
  }

  Evaluation evaluate(const graph::Revision& revision, model::Direction direction,
                      const EvaluationTarget& target) override {
    load();
    Evaluation out;
    const auto found = std::find_if(migrations_.begin(), migrations_.end(),
                                    [&](const Migration& one) { return one.version == revision.id; });
    if (found == migrations_.end())
      out.diagnostics.add(unknown_version(revision.id, migrations_));
    else if (found->runs_code)
      out.diagnostics.add(cannot_run_code(*found, tool_->format()));
    else
      return tool_->read_body(*found, direction, target.dialect);
    return out;
  }

  std::unique_ptr<history::HistoryStore> history_store() const override { return nullptr; }
  Sequence* sequence() override {
    load();
    return &sequence_;
  }

  Result<std::vector<std::string>, Diagnostic> write_revision(const NewRevision& revision) override {
    load();
    auto written = tool_->write(revision.message, migrations_);
    loaded_ = false;
    return written;
  }

 private:
  void load() {
    if (std::exchange(loaded_, true)) return;
    problems_ = {};
    migrations_ = tool_->list(problems_);
  }

  std::unique_ptr<Tool> tool_;
  std::vector<Migration> migrations_;
  Diagnostics problems_;
  bool loaded_ = false;
  VersionedSequence sequence_;
};

}  // namespace

std::unique_ptr<Project> make_project(std::unique_ptr<Tool> tool) {
  return std::make_unique<VersionedProject>(std::move(tool));
}

bool detect(const FolderTool& tool, const OpenRequest& request) {
  const std::string folder = tool.find(Environment(request));
  return !folder.empty() && tool.holds(folder);
}

std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open(const FolderTool& tool, const OpenRequest& request) {
  if (!request.format && !detect(tool, request)) return std::nullopt;
  const Environment environment(request);
  std::string folder = tool.find(environment);
  if (folder.empty()) folder = environment.path(tool.usual);
  return Result<std::unique_ptr<Project>, Diagnostic>(make_project(tool.make(environment, std::move(folder))));
}

}  // namespace bascule::formats::versioned
