#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// NAMEDATALEN - 1.
constexpr std::size_t kLongest = 63;

/// Whether the text can hold such a name at all: spares reading most statements. A quoted one may hold anything.
bool may_be_too_long(std::string_view sql) {
  std::size_t run = 0;
  for (const char c : sql) {
    const bool in_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                         c == '$' || static_cast<unsigned char>(c) >= 0x80;
    run = in_name ? run + 1 : 0;
    if (run > kLongest || c == '"') return true;
  }
  return false;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const std::string& kind = context.statement.meaning.statement_kind;
  if (!kind.starts_with("create") && !kind.starts_with("alter") && kind != "rename") return;
  if (context.statement.sql.size() <= kLongest || !may_be_too_long(context.statement.sql)) return;
  for (const Word& word : words_of(context.statement.sql)) {
    if (!word.is_name() || word.text().size() <= kLongest) continue;
    sink.add(rule, {}, "the name " + word.text() + " is cut after " + word.text().substr(0, kLongest),
             "PostgreSQL keeps the first 63 bytes of a name, and says so in a notice only",
             {{"name", word.text().substr(0, kLongest)}});
    return;
  }
}

}  // namespace

const Rule kIdentifierTooLong{
    .id = "identifier-too-long",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A name that is cut off",
    .catches = "A name of more than 63 bytes in a statement that makes or changes something.",
    .why =
        "PostgreSQL cuts it with a notice that most tools do not show. Two names that differ at the end become "
        "one, and whoever looks the object up by its full name in the catalogue does not find it.",
    .safe_sql = "-- a name of at most 63 bytes: {name}",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY an_index_whose_name_tells_everything_about_the_users_email_column ON users "
        "(email);\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY users_email ON users (email);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
