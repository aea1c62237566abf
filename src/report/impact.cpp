#include <string_view>

#include "base/text.h"
#include "report/lint.h"
#include "report/lint_words.h"

namespace bascule::report {

namespace {

using plan::Impact;
using plan::LockUse;
using plan::Work;

constexpr std::size_t kLabelWidth = 12;  // "transaction" and a blank

/// Lines under a label: the label stands in the first one only.
class Sheet {
 public:
  explicit Sheet(const Style& style) : style_(style) {}
  void add(std::string_view label, std::string_view text) {
    const std::string shown = label == label_ ? "" : std::string(label);
    label_ = label;
    out_ += style_.bold(shown) + std::string(kLabelWidth - shown.size(), ' ') + std::string(text) + "\n";
  }
  std::string take() { return std::move(out_); }

 private:
  const Style& style_;
  std::string_view label_;
  std::string out_;
};

/// As a word of JSON: "materialized_view".
std::string kind_name(plan::RelationKind kind) { return replace_all(plan::noun(kind), " ", "_"); }

Json works_json(const std::vector<Work>& works) {
  Json list = Json::array();
  for (const Work& one : works) {
    Json item = Json::object();
    item.set("relation", display(one.relation)).set("kind", kind_name(one.kind)).set("why", one.why);
    list.push(std::move(item));
  }
  return list;
}

Json lock_json(const LockUse& lock) {
  Json blocks = Json::object();
  blocks.set("reads", lock.blocks.reads).set("locking_reads", lock.blocks.locking_reads);
  blocks.set("writes", lock.blocks.writes).set("maintenance", lock.blocks.maintenance);
  Json out = Json::object();
  out.set("relation", display(lock.relation)).set("kind", kind_name(lock.kind)).set("mode", lock.mode);
  out.set("blocks", std::move(blocks)).set("why", lock.why);
  return out;
}

}  // namespace

std::string impact_text(const Impact& impact, const Style& style) {
  Sheet sheet(style);
  if (!impact.refused.empty()) sheet.add("refused", impact.refused);
  if (!impact.known) sheet.add("hidden", "what it does cannot be told from its text: this is the least of it");
  for (const LockUse& one : impact.locks) {
    std::string text = one.mode + " on " + relation_words(one.relation, one.kind);
    if (!one.why.empty()) text += ", " + one.why;
    const std::string waiting = waiting_words(one.blocks);
    sheet.add("locks", text + (waiting == "nobody" ? ": keeps nobody waiting" : ": keeps " + waiting + " waiting"));
  }
  for (const Work& one : impact.rewrites) sheet.add("rewrites", work_words(one));
  for (const Work& one : impact.scans) sheet.add("reads whole", work_words(one));
  for (const Work& one : impact.index_builds) sheet.add("builds", work_words(one));
  for (const QualifiedName& one : impact.creates) sheet.add("creates", display(one));
  if (impact.transaction == plan::TransactionNeed::kForbidden)
    sheet.add("transaction", "cannot run inside a transaction");
  if (impact.concurrent) sheet.add("transaction", "runs in several transactions of its own, writes go on meanwhile");
  if (impact.waits_for_transactions) sheet.add("waits for", "every transaction that is older than itself");
  for (const std::string& one : impact.causes) sheet.add("because", one);
  for (const std::string& one : impact.assumptions) sheet.add("assumed", one);
  std::string out = sheet.take();
  return out.empty() ? "takes no lock that anybody else could wait for\n" : out;
}

Json impact_json(const Impact& impact) {
  Json out = Json::object();
  out.set("known", impact.known);
  Json locks = Json::array();
  for (const LockUse& one : impact.locks) locks.push(lock_json(one));
  out.set("locks", std::move(locks)).set("rewrites", works_json(impact.rewrites));
  out.set("scans", works_json(impact.scans)).set("index_builds", works_json(impact.index_builds));
  std::vector<std::string> creates;
  for (const QualifiedName& one : impact.creates) creates.push_back(display(one));
  out.set("creates", creates);
  out.set("transaction", impact.transaction == plan::TransactionNeed::kForbidden ? "forbidden" : "any");
  out.set("waits_for_transactions", impact.waits_for_transactions).set("concurrent", impact.concurrent);
  out.set("causes", impact.causes).set("assumptions", impact.assumptions);
  out.set("refused", impact.refused.empty() ? Json() : Json(impact.refused));
  return out;
}

}  // namespace bascule::report
