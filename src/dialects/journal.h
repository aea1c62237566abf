// What: the journal's tables, spelled for each database.
// Must not know: what is written into them (history/journal does).
#pragma once

#include <string_view>

#include "plan/journal_words.h"

namespace bascule::dialects {

/// By SQLAlchemy's name of the dialect; null: no journal is kept there. The page of the format: docs/journal.md.
const plan::JournalWords* find_journal(std::string_view dialect);

}  // namespace bascule::dialects
