// What: takes what rules say and makes findings of it: place, statement, level, help, estimate, fingerprint.
// Must not know: single rules, suppressions. Internal to safety/.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "safety/analyse.h"
#include "safety/rule.h"

namespace bascule::safety {

/// Stays the same when lines move. ordinal: how many equal ones came before.
std::string fingerprint(std::string_view rule, std::string_view path, std::string_view statement, std::size_t ordinal);
/// The statement on one line: comments stay, blanks become one.
std::string on_one_line(std::string_view sql);

class Collector final : public FindingSink {
 public:
  Collector(const Chain& chain, const LevelOf& level_of) : chain_(chain), level_of_(level_of) {}

  /// Who is being asked; null where it is the chain as a whole.
  void look_at(const RevisionView* revision, const StatementView* statement) {
    revision_ = revision;
    statement_ = statement;
  }
  using FindingSink::add;
  void add(const Rule& rule, Finding finding, const Names& names) override;
  /// By path and place.
  std::vector<Finding> take();

 private:
  void place(Finding& finding) const;

  const Chain& chain_;
  const LevelOf& level_of_;
  const RevisionView* revision_ = nullptr;
  const StatementView* statement_ = nullptr;
  std::vector<Finding> findings_;
  std::map<std::string, std::size_t> seen_;
};

}  // namespace bascule::safety
