// Answers questions about revision graphs on stdin, one line each, for tests/differential/graph/compare.py.
// Fields are separated by tabs, lists by commas:
//   clear | rev <id> <parents> <depends_on> <labels> | build
//   upgrade <rows> <target> | downgrade <rows> <target> | stamp <rows> <targets>
//   history <from> <to> | history-current <rows> <other> <from|to> | get <name> | one <name> | tips <rows>
// Every line from "build" on is answered by one line: "ok ..." or "error <code> <message>".
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "graph/graph.h"
#include "graph/heads.h"
#include "graph/path.h"
#include "graph/target.h"

namespace {

using namespace std::string_literals;
namespace graph = bascule::graph;
using graph::RevisionIndices;

std::vector<std::string> pieces(const std::string& text, char separator, bool keep_empty) {
  std::vector<std::string> result;
  std::string piece;
  for (const char c : text + separator) {
    if (c != separator) {
      piece += c;
    } else {
      if (keep_empty || !piece.empty()) result.push_back(piece);
      piece.clear();
    }
  }
  return result;
}

std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

class Driver {
 public:
  /// The answer to one line; empty if it needs none.
  std::string answer(const std::string& line) {
    fields_ = pieces(line, '\t', true);
    const std::string& word = fields_[0];
    if (word == "clear") {
      revisions_.clear();
      return {};
    }
    if (word == "rev") {
      graph::Revision revision;
      revision.id = field(1);
      revision.down_revisions = pieces(field(2), ',', false);
      revision.depends_on = pieces(field(3), ',', false);
      revision.branch_labels = pieces(field(4), ',', false);
      revision.path = field(1) + ".py";
      revisions_.push_back(std::move(revision));
      return {};
    }
    if (word == "build") return build();
    if (word == "upgrade") return run(true);
    if (word == "downgrade") return run(false);
    if (word == "stamp") return stamp();
    if (word == "history") return list(graph::history_path(graph_, field(1), field(2)));
    if (word == "history-current") return history_current();
    if (word == "get") return list(graph::resolve_revisions(graph_, field(1)));
    if (word == "one") return one();
    if (word == "tips") return tips();
    return "error unknown-command " + word;
  }

 private:
  std::string field(std::size_t i) const { return i < fields_.size() ? fields_[i] : ""s; }
  std::vector<std::string> ids(const RevisionIndices& indices) const { return graph::ids_of(graph_, indices); }
  std::string sorted(const RevisionIndices& indices) const {
    auto names = ids(indices);
    std::sort(names.begin(), names.end());
    return join(names, ",");
  }
  static std::string error(const bascule::Diagnostic& diagnostic) {
    return fmt::format("error {} {} ({}) help: {}", diagnostic.code, diagnostic.message, diagnostic.cause,
                       diagnostic.help);
  }
  graph::Outcome<RevisionIndices> rows(std::size_t i) const {
    return graph::resolve_database_rows(graph_, pieces(field(i), ',', false), "versions");
  }

  std::string build() {
    auto built = graph::RevisionGraph::build(revisions_);
    if (built.diagnostics.has_errors()) return error(built.diagnostics.list().front());
    graph_ = std::move(built.graph);
    std::string labels;
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      auto names = graph_.labels(graph::index_of(i));
      std::sort(names.begin(), names.end());
      labels += fmt::format(" {}={}", graph_.id(graph::index_of(i)), join(names, ","));
    }
    return fmt::format("ok {} | {} | {} |{} | {}", join(ids(graph_.heads()), ","), join(ids(graph_.bases()), ","),
                       join(ids(graph_.real_heads()), ","), labels, join(ids(graph::whole_history(graph_)), ","));
  }

  std::string show(const graph::RowChange& change) const {
    if (const auto* row = std::get_if<graph::InsertRow>(&change)) return "+" + graph_.id(row->revision);
    if (const auto* row = std::get_if<graph::DeleteRow>(&change)) return "-" + graph_.id(row->revision);
    const auto& row = std::get<graph::UpdateRow>(change);
    return graph_.id(row.from) + ">" + graph_.id(row.to);
  }

  std::string run(bool up) const {
    auto heads = rows(1);
    if (!heads) return error(heads.error());
    const auto path =
        up ? graph::upgrade_path(graph_, *heads, field(2)) : graph::downgrade_path(graph_, *heads, field(2));
    if (!path) return error(path.error());
    std::string steps;
    for (const graph::RevisionIndex index : *path) {
      auto change =
          up ? graph::heads_after_upgrade(graph_, *heads, index) : graph::heads_after_downgrade(graph_, *heads, index);
      steps += fmt::format(" {}:", graph_.id(index));
      if (!change) return fmt::format("ok{} error {}", steps, change.error().code);
      for (const auto& row : change->rows) steps += show(row) + ",";
      *heads = std::move(change->heads);
    }
    return fmt::format("ok{} | {}", steps, sorted(*heads));
  }

  std::string stamp() const {
    const auto heads = rows(1);
    if (!heads) return error(heads.error());
    const auto change = graph::heads_after_stamp(graph_, *heads, pieces(field(2), ',', false));
    if (!change) return error(change.error());
    std::string changes;
    for (const auto& row : change->rows) changes += show(row) + ",";
    return fmt::format("ok {} | {}", changes, sorted(change->heads));
  }

  std::string history_current() const {
    const auto heads = rows(1);
    if (!heads) return error(heads.error());
    return list(field(3) == "from" ? graph::history_path(graph_, *heads, field(2))
                                   : graph::history_path(graph_, field(2), *heads));
  }

  std::string one() const {
    const auto found = graph::resolve_revision(graph_, field(1));
    if (!found) return error(found.error());
    return "ok " + (*found ? graph_.id(**found) : "base"s);
  }

  std::string tips() const {
    const auto heads = rows(1);
    if (!heads) return error(heads.error());
    return "ok " + sorted(graph::applied_tips(graph_, *heads));
  }

  std::string list(const graph::Outcome<RevisionIndices>& found) const {
    return found ? "ok " + join(ids(*found), ",") : error(found.error());
  }

  std::vector<std::string> fields_;
  std::vector<graph::Revision> revisions_;
  graph::RevisionGraph graph_;
};

}  // namespace

int main() {
  Driver driver;
  for (std::string line; std::getline(std::cin, line);) {
    const std::string answer = driver.answer(line);
    if (!answer.empty()) std::cout << answer << std::endl;
  }
}
