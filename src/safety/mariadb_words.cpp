#include "safety/mariadb_words.h"

#include <cctype>
#include <vector>

#include "base/text.h"

namespace bascule::safety {

std::string why_so(const plan::Impact& impact) {
  std::vector<std::string> kept;
  for (const std::string& cause : impact.causes)
    if (!cause.starts_with("MariaDB commits") && !cause.starts_with("ALGORITHM=" + impact.algorithm + ":"))
      kept.push_back(cause);
  return join(kept, "; ");
}

std::string statement_name(const StatementView& statement) {
  std::string words = statement.meaning.statement_kind;
  for (char& c : words) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return words;
}

}  // namespace bascule::safety
