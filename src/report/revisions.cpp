#include "report/revisions.h"

#include "base/text.h"

namespace bascule::report {

namespace {

std::string marks(const graph::RevisionView& view, const Style& style) {
  std::string out;
  if (!view.labels.empty()) out += " (" + join(view.labels, ", ") + ")";
  if (view.is_current) out += " " + style.green("(current)");
  if (view.is_head) out += view.is_effective_head ? " (effective head)" : " " + style.green("(head)");
  if (view.is_branch_point) out += " (branchpoint)";
  if (view.is_merge_point) out += " (mergepoint)";
  return out;
}

std::string parents(const graph::RevisionView& view) {
  return view.revision.down_revisions.empty() ? "<base>" : join(view.revision.down_revisions, ", ");
}

}  // namespace

std::string revision_name(const graph::RevisionView& view, const Style& style) {
  return style.bold(view.revision.id) + marks(view, style);
}

std::string history_line(const graph::RevisionView& view, const Style& style) {
  std::string from = parents(view);
  if (!view.revision.depends_on.empty()) from += " (" + join(view.revision.depends_on, ", ") + ")";
  return from + " -> " + revision_name(view, style) + ", " + view.revision.message;
}

std::string revision_details(const graph::RevisionView& view, const Style& style) {
  const bool merge = view.revision.down_revisions.size() > 1;
  std::string out = "Rev: " + revision_name(view, style) + "\n";
  out += (merge ? "Merges: " : "Parent: ") + parents(view) + "\n";
  if (!view.revision.depends_on.empty()) out += "Also depends on: " + join(view.revision.depends_on, ", ") + "\n";
  if (view.is_branch_point) out += "Branches into: " + join(view.children, ", ") + "\n";
  if (!view.revision.branch_labels.empty()) out += "Branch names: " + join(view.revision.branch_labels, ", ") + "\n";
  out += "Path: " + view.revision.path + "\n";
  if (view.revision.create_date) out += "Create date: " + *view.revision.create_date + "\n";
  out += "\n    " + view.revision.message + "\n";
  return out;
}

Json to_json(const graph::RevisionView& view) {
  Json out = Json::object();
  out.set("revision", view.revision.id).set("down_revisions", view.revision.down_revisions);
  out.set("message", view.revision.message).set("create_date", view.revision.create_date);
  out.set("path", view.revision.path).set("branch_labels", view.labels).set("depends_on", view.revision.depends_on);
  out.set("children", view.children).set("head", view.is_head).set("effective_head", view.is_effective_head);
  out.set("branchpoint", view.is_branch_point).set("mergepoint", view.is_merge_point).set("current", view.is_current);
  return out;
}

}  // namespace bascule::report
