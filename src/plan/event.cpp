#include "plan/event.h"

namespace bascule::plan {

std::string_view event_name(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kRunStarted:
      return "run-started";
    case Event::Kind::kRevisionStarted:
      return "revision-started";
    case Event::Kind::kResumed:
      return "resumed";
    case Event::Kind::kStepStarted:
      return "step-started";
    case Event::Kind::kStepThere:
      return "step-there";
    case Event::Kind::kBlocked:
      return "blocked";
    case Event::Kind::kUnblocked:
      return "unblocked";
    case Event::Kind::kTerminated:
      return "terminated";
    case Event::Kind::kRetry:
      return "retry";
    case Event::Kind::kPaused:
      return "paused";
    case Event::Kind::kNote:
      return "note";
    case Event::Kind::kVerified:
      return "verified";
    case Event::Kind::kProgress:
      return "progress";
    case Event::Kind::kCleanedUp:
      return "cleaned-up";
    case Event::Kind::kReconnected:
      return "reconnected";
    case Event::Kind::kStepDone:
      return "step-done";
    case Event::Kind::kStepUndone:
      return "step-undone";
    case Event::Kind::kRevisionDone:
      return "revision-done";
    case Event::Kind::kRunDone:
      return "run-done";
    case Event::Kind::kFailed:
      return "failed";
  }
  return "";
}

}  // namespace bascule::plan
