// What: words and counts that every form of a lint's result says alike.
// Must not know: any form.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plan/impact.h"
#include "safety/result.h"

namespace bascule::report {

struct LintCounts {
  std::size_t errors = 0, warnings = 0, notes = 0;
  std::size_t revisions = 0;  ///< with findings
  std::size_t suppressed = 0, in_baseline = 0;
  std::size_t all() const { return errors + warnings + notes; }
};
LintCounts count(const safety::LintResult& result);

/// "1 error, 3 warnings"; "nothing".
std::string found_words(const LintCounts& counts);
/// "1 error, 3 warnings in 2 of 14 migrations, 41 statements; PostgreSQL 15 (assumed: ...)".
std::string closing_line(const safety::LintResult& result);
/// The finding's sentence with what makes it worse to read alone: "... (on the way down)".
std::string sentence(const safety::Finding& finding);
/// The sentence, the cause, the estimate with its basis, what was assumed; a line each.
std::vector<std::string> finding_lines(const safety::Finding& finding);
/// The finding's file: where it points, or else its migration.
std::string finding_path(const safety::Finding& finding);
/// 1-based; 1 where it points nowhere.
std::size_t finding_line(const safety::Finding& finding);

/// "0042_index.sql"; where the folder is what tells migrations apart, the folder: "20250115_index".
std::string migration_name(const safety::RevisionView& revision);
/// Bare SQL, which belongs to no project: it is called what its file is called.
bool is_bare_file(const safety::RevisionView& revision);

/// Who has to wait for such a lock: "reads and writes", "writes"; "nobody".
std::string waiting_words(const plan::Blocks& blocks);
/// "orders", "index orders_user", "sequence orders_id_seq".
std::string relation_words(const QualifiedName& relation, plan::RelationKind kind);
/// "orders (to check that no row breaks it)".
std::string work_words(const plan::Work& work);

}  // namespace bascule::report
