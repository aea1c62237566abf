#include <array>
#include <cstddef>
#include <vector>

#include "base/text.h"
#include "report/layout.h"
#include "report/lint.h"
#include "report/lint_words.h"
#include "report/markdown.h"

namespace bascule::report {

namespace {

using safety::Group;
using safety::Rule;

constexpr std::size_t kPageWidth = 120;

constexpr std::array kGroups = {Group::kIndexes, Group::kConstraints,  Group::kColumns,   Group::kTables,
                                Group::kData,    Group::kTransactions, Group::kDowngrade, Group::kStyle};

std::string_view group_title(Group group) {
  switch (group) {
    case Group::kIndexes:
      return "Indexes";
    case Group::kConstraints:
      return "Constraints";
    case Group::kColumns:
      return "Columns";
    case Group::kTables:
      return "Tables, schemas, types";
    case Group::kTransactions:
      return "Transactions and timeouts";
    case Group::kData:
      return "Rows";
    case Group::kDowngrade:
      return "Ways down";
    case Group::kStyle:
      return "Style";
  }
  return "";
}

std::string databases_of(const Rule& rule) {
  std::vector<std::string> names;
  if ((rule.databases & safety::kPostgres) != 0) names.emplace_back("PostgreSQL");
  if ((rule.databases & safety::kSqlite) != 0) names.emplace_back("SQLite");
  if ((rule.databases & safety::kMariadb) != 0) names.emplace_back("MariaDB");
  return join(names, ", ");
}

/// The safe way of a rule that speaks of nothing in particular: {table} is my_table.
std::string with_names(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    const std::string_view name =
        end == std::string_view::npos ? std::string_view() : text.substr(at + 1, end - at - 1);
    const bool placeholder =
        !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
    if (placeholder) {
      out += name == "columns" ? "my_column" : "my_" + std::string(name);
      at = end + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

/// Lines of at most `width` bytes where words allow it; line ends stay.
std::string wrapped(std::string_view text, std::size_t width = 100) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    std::size_t used = 0;
    for (const std::string_view word : split(line, ' ')) {
      if (used > 0 && used + 1 + word.size() > width) {
        out += "\n";
        used = 0;
      } else if (used > 0) {
        out += " ";
        ++used;
      }
      out += word;
      used += word.size();
    }
    out += "\n";
  }
  return out;
}

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(trim(text), '\n'))
    out += (line.empty() ? "" : "  ") + std::string(line) + "\n";
  return out;
}

}  // namespace

std::string_view group_name(Group group) {
  switch (group) {
    case Group::kIndexes:
      return "indexes";
    case Group::kConstraints:
      return "constraints";
    case Group::kColumns:
      return "columns";
    case Group::kTables:
      return "tables";
    case Group::kTransactions:
      return "transactions";
    case Group::kData:
      return "data";
    case Group::kDowngrade:
      return "downgrade";
    case Group::kStyle:
      return "style";
  }
  return "";
}

std::string rule_text(const Rule& rule, const Style& style) {
  std::string out = style.bold(std::string(rule.id) + ": " + std::string(rule.title)) + "\n";
  out += std::string(level_name(rule.level)) + "; " + databases_of(rule) + "\n\n" + wrapped(rule.catches);
  const auto section = [&](std::string_view title, const std::string& body) {
    if (!body.empty()) out += "\n" + style.bold(title) + "\n" + body;
  };
  section("Why", wrapped(rule.why));
  section("The safe way", indented(with_names(rule.safe_sql)));
  if (!rule.safe_alembic.empty()) section("In an Alembic file", indented(with_names(rule.safe_alembic)));
  if (!rule.bad.empty()) section("Found", indented(rule.bad));
  if (!rule.good.empty()) section("Not found", indented(rule.good));
  return out;
}

std::string rule_markdown(const Rule& rule) {
  std::string out = "# " + std::string(rule.id) + "\n\n" + markdown_text(rule.title, true) + ".\n\n";
  out += "Level: " + std::string(level_name(rule.level)) + ". Group: " + std::string(group_name(rule.group)) +
         ". Databases: " + databases_of(rule) + ".\n";
  const auto section = [&](std::string_view title, const std::string& body) {
    out += "\n## " + std::string(title) + "\n\n" + body;
  };
  section("What it catches", wrapped(markdown_text(rule.catches, true), kPageWidth));
  section("Why", wrapped(markdown_text(rule.why, true), kPageWidth));
  if (!rule.safe_sql.empty()) section("The safe way", markdown_block(with_names(rule.safe_sql), "sql"));
  if (!rule.safe_alembic.empty())
    out += "\nIn an Alembic file:\n\n" + markdown_block(with_names(rule.safe_alembic), "python");
  if (!rule.bad.empty()) section("Found", markdown_block(rule.bad, "sql"));
  if (!rule.good.empty()) section("Not found", markdown_block(rule.good, "sql"));
  return out;
}

std::string rule_index_markdown() {
  std::string out =
      "# Rules\n\n`bascule explain RULE` prints these pages; [lint.md](../lint.md) tells how to switch a rule off, "
      "change its level, or answer for one finding.\n";
  for (const Group group : kGroups) {
    std::string rows;
    for (const Rule* rule : safety::all_rules()) {
      if (rule->group != group) continue;
      const std::string id(rule->id);
      rows += "| [" + id + "](" + id + ".md) | " + std::string(level_name(rule->level)) + " | " + databases_of(*rule) +
              " | " + markdown_text(rule->title, true) + " |\n";
    }
    if (rows.empty()) continue;
    out += "\n## " + std::string(group_title(group)) + "\n\n| rule | level | databases | |\n|---|---|---|---|\n" + rows;
  }
  return out;
}

}  // namespace bascule::report
