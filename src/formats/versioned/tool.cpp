#include "formats/versioned/tool.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace bascule::formats::versioned {

std::string Tool::state(const Ledger& ledger) const {
  if (!ledger.exists) return "none";
  std::string highest;
  for (const Row& row : ledger.rows) {
    const bool longer = row.version.size() > highest.size();
    if (longer || (row.version.size() == highest.size() && row.version > highest)) highest = row.version;
  }
  return (highest.empty() ? "nothing" : highest) + " (" + counted(ledger.count, "row") + ")";
}

void Tool::record(const Step& step, Ledger& ledger) const {
  if (step.direction == model::Direction::kUpgrade) {
    ledger.rows.push_back({step.migration.version, ""});
    ++ledger.count;
    return;
  }
  const auto gone = std::remove_if(ledger.rows.begin(), ledger.rows.end(),
                                   [&](const Row& row) { return row.version == step.migration.version; });
  ledger.count -= static_cast<std::size_t>(ledger.rows.end() - gone);
  ledger.rows.erase(gone, ledger.rows.end());
}

Result<AmendmentPlan, Refusal> Tool::amend(const Amendment& amendment, const Ledger& /*ledger*/,
                                           const std::string& /*dialect*/) const {
  Diagnostic wrong;
  wrong.code = "no-such-command";
  wrong.message = "a project of " + format() + " has no command '" + amendment.what + "'";
  wrong.help = "`bascule stamp VERSION` records that everything up to a version has run";
  return failure(Refusal::of_goal(std::move(wrong)));
}

std::vector<const Migration*> out_of_order(const Tool& tool, const std::vector<Migration>& migrations,
                                           const Ledger& ledger) {
  std::vector<const Migration*> pending;
  std::vector<const Migration*> out;
  for (const Migration& migration : migrations) {
    if (!tool.is_applied(migration, ledger)) {
      pending.push_back(&migration);
    } else {
      out.insert(out.end(), pending.begin(), pending.end());
      pending.clear();
    }
  }
  return out;
}

}  // namespace bascule::formats::versioned
