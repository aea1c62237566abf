#include "formats/alembic/write_revision.h"

#include <cctype>
#include <cerrno>
#include <ctime>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "formats/alembic/evaluate_revision.h"
#include "formats/slug.h"

namespace bascule::formats::alembic {
namespace {

namespace fs = std::filesystem;

Diagnostic problem(std::string code, std::string message, std::string help = "") {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.help = std::move(help);
  return out;
}

/// A str as Python's repr writes it.
std::string python_text(const std::string& text) {
  const char quote = text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else
      out += c;
  }
  return out + quote;
}

std::string python_tuple(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(python_text(text));
  return "(" + join(items, ", ") + (items.size() == 1 ? ",)" : ")");
}

/// None, one str, or a tuple.
std::string python_scalar(const std::vector<std::string>& texts) {
  if (texts.empty()) return "None";
  return texts.size() == 1 ? python_text(texts[0]) : python_tuple(texts);
}

/// A text that may stand in a docstring.
std::string docstring_text(const std::string& text) {
  return replace_all(replace_all(text, "\\", "\\\\"), "\"\"\"", "\\\"\\\"\\\"");
}

/// "2025-01-15 10:30:00.000000" or "...+01:00" in its parts; missing ones are 0.
struct DateParts {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  long long epoch = 0;
};

DateParts date_parts(const std::string& date) {
  DateParts parts;
  int* const fields[] = {&parts.year, &parts.month, &parts.day, &parts.hour, &parts.minute, &parts.second};
  std::size_t at = 0;
  for (int* field : fields) {
    while (at < date.size() && std::isdigit(static_cast<unsigned char>(date[at])) == 0) ++at;
    while (at < date.size() && std::isdigit(static_cast<unsigned char>(date[at])) != 0 && *field < 100000)
      *field = *field * 10 + (date[at++] - '0');
  }
  std::tm local{};
  local.tm_year = parts.year - 1900;
  local.tm_mon = parts.month - 1;
  local.tm_mday = parts.day;
  local.tm_hour = parts.hour;
  local.tm_min = parts.minute;
  local.tm_sec = parts.second;
  local.tm_isdst = -1;
  const std::size_t sign = date.size() >= 6 ? date.size() - 6 : 0;
  if (at < sign && (date[sign] == '+' || date[sign] == '-')) {
    const long long offset = 60LL * (60 * std::atoi(date.c_str() + sign + 1) + std::atoi(date.c_str() + sign + 4));
    parts.epoch = static_cast<long long>(timegm(&local)) + (date[sign] == '+' ? -offset : offset);
  } else {
    parts.epoch = static_cast<long long>(std::mktime(&local));
  }
  return parts;
}

std::string padded(long long number, std::size_t width) {
  std::string text = std::to_string(number);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

/// The value of %(name)<format>, where format is s, d, .2d or 02d.
std::optional<std::string> field_value(const std::string& name, const std::string& format, const NewRevision& revision,
                                       const std::string& slug, const DateParts& date) {
  if (name == "rev") return format == "s" ? std::optional(revision.id) : std::nullopt;
  if (name == "slug") return format == "s" ? std::optional(slug) : std::nullopt;
  const std::pair<const char*, long long> numbers[] = {
      {"epoch", date.epoch}, {"year", date.year},     {"month", date.month},  {"day", date.day},
      {"hour", date.hour},   {"minute", date.minute}, {"second", date.second}};
  std::size_t width = 0;
  if (format.size() > 1 && (format[0] == '.' || format[0] == '0'))
    width = static_cast<std::size_t>(std::atoi(format.c_str() + 1));
  for (const auto& [known, number] : numbers)
    if (name == known) return padded(number, width);
  return std::nullopt;
}

Result<std::string, Diagnostic> choose_folder(const Settings& settings, const NewRevision& revision) {
  if (!revision.version_path) {
    if (settings.version_locations.size() == 1) return settings.version_locations.front();
    // Alembic: a child goes where its (first) parent is; a new base has to say.
    if (!revision.parent_path.empty()) return fs::path(revision.parent_path).parent_path().string();
    return failure(
        problem("several-version-locations",
                "this project keeps revisions in several folders, and the new one has no parent to stand beside",
                "say which with --version-path " + settings.version_locations.front()));
  }
  std::error_code ignored;
  const fs::path wanted = fs::weakly_canonical(*revision.version_path, ignored);
  for (const std::string& location : settings.version_locations)
    if (fs::weakly_canonical(location, ignored) == wanted) return location;
  return failure(problem("unknown-version-path",
                         *revision.version_path + " is not one of this project's version locations",
                         "they are: " + join(settings.version_locations, ", ")));
}

Result<void, Diagnostic> create(const std::string& path, const std::string& text) {
  auto done = create_file_atomically(path, text);
  if (done) return {};
  if (done.error().error_number == EEXIST)
    return failure(
        problem("file-exists", "there is a file " + path + " already", "choose another message or --rev-id"));
  return failure(problem("cannot-write", done.error().message));
}

std::string sql_text(const NewRevision& revision, const char* what) {
  return "-- " + std::string(what) + " of " + revision.id + (revision.message.empty() ? "" : ": " + revision.message) +
         "\n";
}

}  // namespace

Result<std::string, Diagnostic> file_name_of(const Settings& settings, const NewRevision& revision) {
  const std::string& pattern = settings.file_template;
  const DateParts date = date_parts(revision.create_date);
  const std::string slug = slug_of(revision.message, settings.truncate_slug_length);
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      out += pattern[i];
      continue;
    }
    if (pattern.compare(i, 2, "%%") == 0) {
      out += '%';
      ++i;
      continue;
    }
    const std::size_t close = pattern.find(')', i);
    const std::size_t conversion = close == std::string::npos ? close : pattern.find_first_of("sd", close);
    std::optional<std::string> value;
    if (pattern.compare(i, 2, "%(") == 0 && conversion != std::string::npos)
      value = field_value(pattern.substr(i + 2, close - i - 2), pattern.substr(close + 1, conversion - close), revision,
                          slug, date);
    if (!value)
      return failure(problem("invalid-file-template",
                             "file_template '" + pattern + "' cannot be filled in at '" + pattern.substr(i) + "'",
                             "it may hold %(rev)s %(slug)s %(epoch)s %(year)d %(month).2d %(day).2d %(hour).2d "
                             "%(minute).2d %(second).2d"));
    out += *value;
    i = conversion;
  }
  return out + ".py";
}

std::string revision_text(const NewRevision& revision) {
  const std::string message = docstring_text(revision.message.empty() ? "empty message" : revision.message);
  const std::string revises = join(revision.down_revisions, ", ");
  std::string out = "\"\"\"" + message + "\n\n";
  out += "Revision ID: " + revision.id + "\n";
  out += "Revises: " + revises + "\n";
  out += "Create Date: " + revision.create_date + "\n\n\"\"\"\n";
  if (revision.sql_file) out += "from pathlib import Path\n";
  out += "from typing import Sequence, Union\n\nfrom alembic import op\nimport sqlalchemy as sa\n\n\n";
  out += "# revision identifiers, used by Alembic.\n";
  out += "revision: str = " + python_text(revision.id) + "\n";
  out += "down_revision: Union[str, Sequence[str], None] = " + python_scalar(revision.down_revisions) + "\n";
  out += "branch_labels: Union[str, Sequence[str], None] = " +
         (revision.branch_labels.empty() ? "None" : python_tuple(revision.branch_labels)) + "\n";
  out += "depends_on: Union[str, Sequence[str], None] = " + python_scalar(revision.depends_on) + "\n\n\n";
  // Bascule runs the SQL file itself. The body is for Alembic, and refuses to be nothing where the file went missing.
  const auto body = [&](const char* ending) {
    if (!revision.sql_file) return std::string("    pass\n");
    return std::string(
               "    # Bascule runs the file beside this one as it is.\n    op.execute(Path(__file__).with_suffix(\"") +
           ending + "\").read_text(encoding=\"utf-8\"))\n";
  };
  out += "def upgrade() -> None:\n    \"\"\"Upgrade schema.\"\"\"\n" + body(".up.sql") + "\n\n";
  out += "def downgrade() -> None:\n    \"\"\"Downgrade schema.\"\"\"\n" + body(".down.sql");
  return out;
}

Result<std::vector<std::string>, Diagnostic> write_revision_files(const Settings& settings,
                                                                  const NewRevision& revision) {
  if (revision.id.empty() || revision.id.find_first_of("@-+:") != std::string::npos)
    return failure(problem("invalid-revision-id", "'" + revision.id + "' cannot be a revision id",
                           "ids are not empty and hold no @, -, + or :"));
  BASCULE_TRY_ASSIGN(const std::string folder, choose_folder(settings, revision));
  BASCULE_TRY_ASSIGN(const std::string name, file_name_of(settings, revision));
  const std::string path = (fs::path(folder) / name).string();
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error)
    return failure(problem("cannot-write",
                           "cannot make the folder " + fs::path(path).parent_path().string() + ": " + error.message()));
  std::vector<std::string> written = {path};
  // The .py comes last: until it is there, the SQL files belong to nothing.
  if (revision.sql_file) {
    const std::string up = sql_file_path(path, model::Direction::kUpgrade);
    const std::string down = sql_file_path(path, model::Direction::kDowngrade);
    if (fs::exists(path, error))
      return failure(
          problem("file-exists", "there is a file " + path + " already", "choose another message or --rev-id"));
    BASCULE_TRY(create(up, sql_text(revision, "Upgrade")));
    auto made = create(down, sql_text(revision, "Downgrade"));
    if (!made) {
      fs::remove(up, error);
      return failure(std::move(made.error()));
    }
    written.push_back(up);
    written.push_back(down);
  }
  auto made = create(path, revision_text(revision));
  if (!made) {
    for (std::size_t i = 1; i < written.size(); ++i) fs::remove(written[i], error);
    return failure(std::move(made.error()));
  }
  return written;
}

}  // namespace bascule::formats::alembic
