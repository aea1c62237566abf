#include "app/lint_chain.h"

#include <algorithm>
#include <map>
#include <utility>

#include "app/evaluate.h"
#include "app/lint_statements.h"
#include "app/lint_words.h"
#include "app/python_defaults.h"
#include "formats/sequence.h"
#include "formats/sql_script.h"
#include "graph/path.h"

namespace bascule::app {

namespace {

/// One migration as its format gives it: its way up evaluated, its place in the graph where it has one.
struct Step {
  const graph::Revision* revision = nullptr;
  std::string id, message, path;
  formats::Evaluation upgrade;
  bool evaluated = false;
};

bool is_known(const Diagnostics& known, const Diagnostic& diagnostic) {
  return std::any_of(known.list().begin(), known.list().end(), [&](const Diagnostic& one) {
    return one.code == diagnostic.code && one.message == diagnostic.message &&
           one.location.span.begin.offset == diagnostic.location.span.begin.offset;
  });
}

class Reader {
 public:
  Reader(const Workspace& workspace, const dialects::Dialect& dialect, bool one_transaction, safety::Analysis& analysis)
      : workspace_(workspace), dialect_(dialect), numbers_(one_transaction), analysis_(analysis) {
    target_.dialect = dialect.name();
    const std::string format = workspace.project->format();
    downgrade_possible_ = format != "prisma" && format != "flyway";
  }

  Outcome<ReadChain> read(const Selected& selected, bool only_selected) {
    BASCULE_TRY_ASSIGN(std::vector<Step> steps, steps_in_order());
    std::vector<const graph::Revision*> expected;
    for (const Step& step : steps)
      if (!step.evaluated && (!only_selected || selected(step.id, step.path))) expected.push_back(step.revision);
    workspace_.project->expect(expected);
    for (Step& step : steps) {
      const bool looked_at = selected(step.id, step.path);
      if (looked_at || !only_selected) add(std::move(step), looked_at);
    }
    out_.transactions = numbers_.last();
    return std::move(out_);
  }

 private:
  Outcome<std::vector<Step>> steps_in_order() {
    if (formats::Sequence* sequence = workspace_.project->sequence()) {
      static_cast<void>(sequence->read(nullptr));  // no database, nothing to fail
      formats::EvaluationTarget offline = target_;
      offline.offline = true;
      if (auto course = sequence->chart({model::Direction::kUpgrade, "head"}, offline)) return steps_of(*course);
      // Something is wrong with one of them: each for itself then.
    }
    auto path = graph::upgrade_path(workspace_.graph, {}, "heads");
    if (!path) return failure(make_failure(ExitCode::kUsage, std::move(path.error())));
    std::vector<Step> steps;
    for (const graph::RevisionIndex index : *path) {
      const graph::Revision& revision = workspace_.graph[index];
      Step& step = steps.emplace_back();
      step.revision = &revision;
      step.id = revision.id;
      step.message = revision.message;
      step.path = revision.path;
    }
    return steps;
  }

  std::vector<Step> steps_of(formats::Course& course) const {
    std::map<std::string, const graph::Revision*> by_path;
    for (std::size_t i = 0; i < workspace_.graph.size(); ++i) {
      const graph::Revision& revision = workspace_.graph[graph::index_of(i)];
      by_path.emplace(revision.path, &revision);
    }
    std::vector<Step> steps;
    for (formats::Move& move : course.moves) {
      if (move.path.empty()) continue;
      Step& step = steps.emplace_back();
      const auto found = by_path.find(move.path);
      if (found != by_path.end()) step.revision = found->second;
      step.id = std::move(move.id);
      step.message = std::move(move.description);
      step.path = std::move(move.path);
      step.upgrade.operations = std::move(move.operations);
      step.evaluated = true;
    }
    return steps;
  }

  void add(Step step, bool looked_at) {
    if (!step.evaluated)
      step.upgrade = evaluate(workspace_, dialect_, *step.revision, model::Direction::kUpgrade, target_);
    if (step.upgrade.needs_rows && looked_at) note_rows(*step.upgrade.needs_rows, step.id);
    safety::Migration migration;
    safety::RevisionView& view = migration.revision;
    view.id = step.id;
    view.message = step.message;
    view.path = step.path;
    view.selected = looked_at;
    if (step.revision != nullptr) view.location = step.revision->location;
    view.downgrade_possible = downgrade_possible_;
    numbers_.begin_upgrade();
    migration.upgrade = lowered(step.upgrade, looked_at, Severity::kError);
    numbers_.end_upgrade();
    view.has_upgrade = !migration.upgrade.empty();
    if (looked_at) look_closer(step, migration);
    analysis_.add(std::move(migration));
  }

  std::vector<safety::Authored> lowered(formats::Evaluation& evaluation, bool looked_at, Severity loudest) {
    Diagnostics found = std::move(evaluation.diagnostics);
    std::vector<safety::Authored> statements =
        statements_to_judge(evaluation.operations, dialect_, numbers_, looked_at, found);
    for (Diagnostic one : found.list()) {
      if (one.severity == Severity::kError && (!looked_at || loudest != Severity::kError))
        one.severity = Severity::kWarning;
      if ((looked_at || one.severity != Severity::kNote) && !is_known(out_.problems, one))
        out_.problems.add(std::move(one));
    }
    return statements;
  }

  /// The way down, and what the file says besides what it does.
  void look_closer(const Step& step, safety::Migration& migration) {
    safety::RevisionView& view = migration.revision;
    std::map<std::string, SourceFilePtr> files;
    std::map<std::string, std::vector<Span>> calls;  // that send SQL, by file
    const auto remember_calls = [&](const std::vector<model::AuthoredOperation>& operations) {
      for (const model::AuthoredOperation& one : operations)
        if (one.where.file && std::holds_alternative<model::RawSql>(one.operation))
          calls[one.where.file->path()].push_back(one.where.span);
    };
    remember_calls(step.upgrade.operations);
    const auto remember = [&](const Location& place) {
      if (place.file) files.emplace(place.file->path(), place.file);
    };
    remember(view.location);
    for (const safety::Authored& one : migration.upgrade) remember(one.location);
    if (step.revision != nullptr) {
      formats::Evaluation down = evaluate(workspace_, dialect_, *step.revision, model::Direction::kDowngrade, target_);
      const auto& found = down.diagnostics.list();
      const bool no_function = std::any_of(found.begin(), found.end(),
                                           [](const Diagnostic& one) { return one.code == "no-downgrade-function"; });
      view.downgrade_written = !down.unwritten && !no_function;
      view.downgrade_known = !down.diagnostics.has_errors() && !down.needs_rows;
      if (view.downgrade_written) {
        remember_calls(down.operations);
        numbers_.begin_downgrade();
        migration.downgrade = lowered(down, true, Severity::kWarning);
        for (const safety::Authored& one : migration.downgrade) remember(one.location);
      }
    }
    const auto own = files.find(view.path);
    if (own != files.end()) {
      if (!view.location.file) view.location = {own->second, {{1, 1, 0}, {1, 1, 0}}};
      view.description = description_of(*own->second, view.message);
      if (is_python(view.path)) view.python_defaults = python_defaults(own->second);
    }
    for (const auto& [path, file] : files)
      for (safety::SourceComment& one : comments_of(file, target_.dialect, calls[path]))
        out_.comments.push_back(std::move(one));
  }

  void note_rows(const formats::RowsNeeded& needs, const std::string& revision) {
    Diagnostic note;
    note.code = "judged-in-part";
    note.severity = Severity::kNote;
    note.message = "what revision '" + revision + "' does from here on depends on rows of the database";
    note.location = needs.location;
    note.cause = "it needs " + needs.what + "; the statements before it were judged";
    out_.problems.add(std::move(note));
  }

  const Workspace& workspace_;
  const dialects::Dialect& dialect_;
  TransactionNumbers numbers_;
  safety::Analysis& analysis_;
  formats::EvaluationTarget target_;
  bool downgrade_possible_ = true;
  ReadChain out_;
};

std::string file_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

Outcome<ReadChain> read_project(const Workspace& workspace, const dialects::Dialect& dialect, bool one_transaction,
                                const Selected& selected, bool only_selected, safety::Analysis& analysis) {
  return Reader(workspace, dialect, one_transaction, analysis).read(selected, only_selected);
}

void read_files(const std::vector<SourceFilePtr>& files, const dialects::Dialect& dialect, safety::Analysis& analysis,
                ReadChain& read) {
  TransactionNumbers numbers(false, read.transactions);
  const std::string name(dialect.name());
  const auto statements = [&](const SourceFilePtr& file, std::size_t begin, std::size_t end, bool outside) {
    formats::Statements found = formats::statements_of(
        {file, begin, end}, name, outside ? formats::Grouping::kOutside : formats::Grouping::kInTransaction);
    read.problems.append(std::move(found.diagnostics));
    return statements_to_judge(found.operations, dialect, numbers, true, read.problems);
  };
  for (const SourceFilePtr& file : files) {
    safety::Migration migration;
    safety::RevisionView& view = migration.revision;
    view.id = file_name(file->path());
    view.path = file->path();
    view.selected = true;
    view.location = {file, {{1, 1, 0}, {1, 1, 0}}};
    view.description = description_of(*file, "");
    const std::vector<formats::SectionMark> marks = formats::section_marks(file->text());
    const auto section = [&](model::Direction direction) {
      std::vector<safety::Authored> all;
      for (std::size_t i = 0; i < marks.size(); ++i) {
        if (marks[i].direction != direction) continue;
        const std::size_t end = i + 1 < marks.size() ? marks[i + 1].line_begin : file->text().size();
        for (auto& one : statements(file, marks[i].body_begin, end, formats::without_transaction(marks[i].options)))
          all.push_back(std::move(one));
      }
      return all;
    };
    numbers.begin_upgrade();
    migration.upgrade =
        marks.empty() ? statements(file, 0, file->text().size(), false) : section(model::Direction::kUpgrade);
    numbers.end_upgrade();
    view.has_upgrade = !migration.upgrade.empty();
    view.downgrade_written = std::any_of(marks.begin(), marks.end(), [](const formats::SectionMark& mark) {
      return mark.direction == model::Direction::kDowngrade;
    });
    view.downgrade_possible = view.downgrade_written;
    if (view.downgrade_written) {
      numbers.begin_downgrade();
      migration.downgrade = section(model::Direction::kDowngrade);
    }
    for (safety::SourceComment& one : comments_of(file, name)) read.comments.push_back(std::move(one));
    analysis.add(std::move(migration));
  }
  read.transactions = numbers.last();
}

}  // namespace bascule::app
