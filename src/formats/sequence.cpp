#include "formats/sequence.h"

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

}  // namespace bascule::formats
