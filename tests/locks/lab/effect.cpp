#include "lab/effect.h"

#include <array>
#include <cstddef>

#include "base/text.h"

namespace bascule::lab {

namespace {

constexpr std::array<const char*, 8> kModes = {
    "ACCESS SHARE", "ROW SHARE",           "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
    "SHARE",        "SHARE ROW EXCLUSIVE", "EXCLUSIVE",     "ACCESS EXCLUSIVE"};

std::string or_none(const std::vector<std::string>& items) { return items.empty() ? "none" : join(items, ", "); }

std::vector<std::string> only_in(const std::set<std::string>& these, const std::set<std::string>& others) {
  std::vector<std::string> found;
  for (const std::string& item : these)
    if (!others.contains(item)) found.push_back(item);
  return found;
}

std::set<std::string> lock_lines(const Effect& effect) {
  std::set<std::string> lines;
  for (const auto& [relation, mode] : effect.locks) lines.insert(relation + " " + mode);
  return lines;
}

class Differ {
 public:
  std::vector<std::string> lines;

  void compare(const std::string& what, const std::set<std::string>& predicted, const std::set<std::string>& measured) {
    if (predicted == measured) return;
    add(what, or_none(only_in(predicted, measured)), or_none(only_in(measured, predicted)));
  }
  void add(const std::string& what, const std::string& predicted, const std::string& measured) {
    lines.push_back("- " + what + ": " + predicted);
    lines.push_back("+ " + what + ": " + measured);
  }
};

}  // namespace

std::string shown(const QualifiedName& name) {
  const std::string& schema = name.schema.text();
  const bool plain = schema.empty() || schema == "public" || schema.starts_with("pg_temp");
  return plain ? name.name.text() : schema + "." + name.name.text();
}

std::string label(const std::string& name, plan::RelationKind kind) {
  return kind == plan::RelationKind::kTable ? name : name + " (" + std::string(plan::noun(kind)) + ")";
}

int strength(const std::string& mode) {
  for (std::size_t at = 0; at < kModes.size(); ++at)
    if (mode == kModes.at(at)) return static_cast<int>(at) + 1;
  return 0;
}

plan::Blocks blocks(const std::string& mode) {
  // PostgreSQL's manual, "Table-Level Locks": the first mode that conflicts with what a SELECT, a locking SELECT, a
  // write and a vacuum take.
  plan::Blocks out;
  out.reads = strength(mode) >= strength("ACCESS EXCLUSIVE");
  out.locking_reads = strength(mode) >= strength("EXCLUSIVE");
  out.writes = strength(mode) >= strength("SHARE");
  out.maintenance = strength(mode) >= strength("SHARE UPDATE EXCLUSIVE");
  return out;
}

void add_lock(Effect& effect, const std::string& relation, const std::string& mode) {
  std::string& kept = effect.locks[relation];
  if (strength(mode) >= strength(kept)) kept = mode;
}

std::vector<std::string> differences(const Effect& predicted, const Effect& measured) {
  Differ differ;
  for (const std::string& trouble : predicted.trouble) differ.add(trouble, "", "");
  for (const std::string& trouble : measured.trouble) differ.add("the lab", "", trouble);
  const bool ran = measured.refused.empty();
  if (ran != predicted.refused.empty())
    differ.add("refused", ran ? predicted.refused : "not", ran ? "not" : measured.refused);
  if (!ran) return differ.lines;
  differ.compare("locks", lock_lines(predicted), lock_lines(measured));
  differ.compare("rewrites", predicted.rewrites, measured.rewrites);
  differ.compare("scans", predicted.scans, measured.scans);
  if (predicted.transaction_forbidden != measured.transaction_forbidden)
    differ.add("in a transaction", predicted.transaction_forbidden ? "forbidden" : "allowed",
               measured.transaction_forbidden ? "forbidden" : "allowed");
  if (measured.waits_for_transactions && !predicted.waits_for_transactions)
    differ.add("waits for transactions", "no", "yes");
  return differ.lines;
}

std::vector<std::string> lesser_differences(const Effect& predicted, const Effect& measured) {
  Differ differ;
  if (!measured.refused.empty()) return {};
  differ.compare("creates", predicted.creates, measured.creates);
  differ.compare("index builds", predicted.index_builds, measured.index_builds);
  return differ.lines;
}

}  // namespace bascule::lab
