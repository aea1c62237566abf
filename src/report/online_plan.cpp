#include "report/online_plan.h"

#include <fmt/core.h>

#include "base/text.h"
#include "plan/stored.h"
#include "report/lint.h"
#include "report/lint_words.h"
#include "report/plan.h"

namespace bascule::report {

namespace {

std::string indented(std::string_view text, const std::string& by) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) out += by + std::string(line) + "\n";
  return out;
}

std::string_view pace_word(plan::Pace pace) {
  switch (pace) {
    case plan::Pace::kPlain:
      return "";
    case plan::Pace::kBrief:
      return "a lock for a moment";
    case plan::Pace::kScan:
      return "reads much, reads and writes go on";
    case plan::Pace::kConcurrent:
      return "several transactions of its own, reads and writes go on";
    case plan::Pace::kBatches:
      return "in batches, each a short transaction";
    case plan::Pace::kUnbounded:
      return "may keep others waiting for long: it was allowed";
  }
  return "";
}

/// The lock that keeps most out, and what is done meanwhile, in a line; empty: nobody has to wait.
std::string impact_line(const JudgedStatement& one) {
  const plan::LockUse* lock = plan::strongest_lock(one.impact);
  const std::string waiting = lock != nullptr ? waiting_words(lock->blocks) : "nobody";
  std::string out;
  if (lock != nullptr) out = lock->mode + " on " + display(lock->relation) + ": keeps " + waiting + " waiting";
  const bool whole = !one.impact.rewrites.empty() || !one.impact.index_builds.empty() || !one.impact.scans.empty();
  if (whole && waiting != "nobody") {
    out += !one.impact.rewrites.empty()       ? " while " + work_words(one.impact.rewrites.front()) + " is written anew"
           : !one.impact.index_builds.empty() ? " while " + work_words(one.impact.index_builds.front()) + " is built"
                                              : " while " + work_words(one.impact.scans.front()) + " is read";
  }
  if (one.estimate) out += (out.empty() ? "" : "; ") + one.estimate->text;
  return out;
}

bool unchanged(const ComparedPart& part) {
  if (part.naive.size() != part.online.size()) return false;
  for (std::size_t i = 0; i < part.naive.size(); ++i)
    if (trim(part.naive[i].sql) != trim(part.online[i].sql)) return false;
  return true;
}

void add_naive(std::string& out, const JudgedStatement& one, const Style& style) {
  out += indented(std::string(trim(one.sql)) + ";", "    - ");
  if (const std::string line = impact_line(one); !line.empty()) out += style.yellow("      " + line) + "\n";
}

void add_online(std::string& out, const JudgedStatement& one, std::size_t number, std::size_t of, const Style& style) {
  out += indented(std::string(trim(one.sql)) + ";", "    + ");
  std::string line = fmt::format("step {} of {}", number, of);
  if (one.conduct->with_previous) line += ", in one transaction with the step before";
  if (!one.impact.known)
    line += ": it may take its time, its wait for a lock is bounded";
  else if (const auto word = pace_word(one.conduct->pace); !word.empty())
    line += ": " + std::string(word);
  out += style.dim("      " + line) + "\n";
  const plan::LockUse* lock = plan::strongest_lock(one.impact);
  if (lock != nullptr && (lock->blocks.reads || lock->blocks.writes))
    out += style.dim("      " + impact_line(one)) + "\n";
  if (!one.conduct->reason.empty()) out += style.dim("      why: " + one.conduct->reason) + "\n";
}

Json judged_json(const JudgedStatement& one) {
  Json out = Json::object();
  out.set("sql", one.sql).set("impact", impact_json(one.impact));
  if (one.estimate)
    out.set("estimate", Json::object()
                            .set("seconds", one.estimate->seconds)
                            .set("text", one.estimate->text)
                            .set("basis", one.estimate->basis));
  if (one.conduct) {
    out.set("pace", plan::pace_name(one.conduct->pace)).set("reason", one.conduct->reason);
    out.set("rewrite", one.conduct->rewrite).set("with_previous", one.conduct->with_previous);
    out.set("lock_tables", one.conduct->lock_tables);
  }
  return out;
}

}  // namespace

std::string to_text(const ComparedPlans& plans, const Style& style) {
  std::string out;
  for (const ComparedRevision& revision : plans.revisions) {
    const std::string to = revision.plan.direction == model::Direction::kUpgrade ? "upgrade " : "downgrade ";
    out += style.bold("-- " + to + revision.plan.revision +
                      (revision.plan.message.empty() ? "" : "  " + revision.plan.message)) +
           style.dim("  (" + revision.plan.path + ")") + "\n";
    std::size_t number = 0;
    for (const ComparedPart& part : revision.parts) {
      const std::string place =
          part.location.file ? fmt::format("{}:{}", part.location.file->path(), part.location.span.begin.line) : "";
      const bool same = unchanged(part);
      out += "\n" + style.bold(place) + (same ? "  as it was written" : "") + "\n";
      if (!same)
        for (const JudgedStatement& one : part.naive) add_naive(out, one, style);
      for (const JudgedStatement& one : part.online) add_online(out, one, ++number, revision.plan.steps.size(), style);
    }
    if (revision.parts.empty()) out += style.dim("-- runs as it is: its statements are known when it runs") + "\n";
    out += "\n";
  }
  if (!plans.revisions.empty())
    out += "-: as written. +: as --online runs it. Judged for " + plans.server +
           "; run it: bascule upgrade head --online\n";
  return out;
}

Json to_json(const ComparedPlans& plans) {
  Json revisions = Json::array();
  for (const ComparedRevision& revision : plans.revisions) {
    Json parts = Json::array();
    for (const ComparedPart& part : revision.parts) {
      Json naive = Json::array();
      for (const JudgedStatement& one : part.naive) naive.push(judged_json(one));
      Json online = Json::array();
      for (const JudgedStatement& one : part.online) online.push(judged_json(one));
      Json item = Json::object();
      if (part.location.file) item.set("file", part.location.file->path()).set("line", part.location.span.begin.line);
      parts.push(item.set("naive", std::move(naive)).set("online", std::move(online)));
    }
    revisions.push(Json::object().set("revision", revision.plan.revision).set("parts", std::move(parts)));
  }
  return to_json(plans.online).set("server", plans.server).set("compared", std::move(revisions));
}

}  // namespace bascule::report
