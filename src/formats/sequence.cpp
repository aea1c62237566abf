#include "formats/sequence.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace bascule::formats {

Diagnostics Refusal::all() const {
  Diagnostics out = project;
  out.append(goal);
  out.append(database);
  return out;
}

void Refusal::append(Refusal other) {
  project.append(std::move(other.project));
  goal.append(std::move(other.goal));
  database.append(std::move(other.database));
}

Refusal Refusal::of_project(Diagnostic why) {
  Refusal out;
  out.project.add(std::move(why));
  return out;
}

Refusal Refusal::of_project(Diagnostics why) {
  Refusal out;
  out.project = std::move(why);
  return out;
}

Refusal Refusal::of_goal(Diagnostic why) {
  Refusal out;
  out.goal.add(std::move(why));
  return out;
}

Refusal Refusal::of_database(Diagnostic why) {
  Refusal out;
  out.database.add(std::move(why));
  return out;
}

std::string graph_id(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '@' || c == '-' || c == '+' || c == ':'; }, '.');
  return name;
}

void append_to_chain(std::vector<graph::Revision>& chain, std::string id, std::string message, const std::string& path,
                     const SourceFilePtr& file) {
  graph::Revision revision;
  revision.id = std::move(id);
  if (!chain.empty()) revision.down_revisions.push_back(chain.back().id);
  revision.message = std::move(message);
  revision.path = path;
  revision.location = {file ? file : std::make_shared<const SourceFile>(path, ""), {{1, 1, 0}, {1, 1, 0}}};
  chain.push_back(std::move(revision));
}

}  // namespace bascule::formats
