#include "formats/open.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/folder.h"
#include "base/text.h"
#include "formats/alembic/project.h"
#include "formats/dbmate/project.h"
#include "formats/flyway/project.h"
#include "formats/golang_migrate/project.h"
#include "formats/goose/project.h"
#include "formats/prisma/project.h"
#include "formats/prisma/words.h"
#include "formats/sql/project.h"
#include "formats/toml_file.h"

namespace bascule::formats {

namespace {

using Opened = std::optional<Result<std::unique_ptr<Project>, Diagnostic>>;

/// detect: whether its files are there, without reading migrations. open: nullopt where they are not.
struct Format {
  const char* name;
  bool (*detect)(const OpenRequest& request);
  Opened (*open)(const OpenRequest& request);
  const Vocabulary& (*vocabulary)();
};

Opened open_alembic(const OpenRequest& request) {
  return alembic::open_alembic_project(request.directory, request.config, request.environment);
}
bool detect_alembic(const OpenRequest& request) { return open_alembic(request).has_value(); }
/// Bascule's own words are Alembic's, and nobody else's.
Result<Words, Diagnostic> as_they_are(const Words& words) { return words; }
const Vocabulary& alembic_vocabulary() {
  static const Vocabulary kWords = {"alembic", {}, {}, as_they_are};
  return kWords;
}
const Vocabulary& sql_vocabulary() {
  static const Vocabulary kWords = {"sql", {}, {}, as_they_are};
  return kWords;
}

constexpr Format kFormats[] = {
    {"alembic", detect_alembic, open_alembic, alembic_vocabulary},
    {"flyway", flyway::detect_flyway_project, flyway::open_flyway_project, flyway::flyway_vocabulary},
    {"prisma", prisma::detect_prisma, prisma::open_prisma_project, prisma::prisma_vocabulary},
    {"sql", sql::detect_sql, sql::open_sql_project, sql_vocabulary},
    {"dbmate", dbmate::detect_dbmate, dbmate::open_dbmate_project, dbmate::dbmate_vocabulary},
    {"goose", goose::detect_goose, goose::open_goose_project, goose::goose_vocabulary},
    {"golang-migrate", golang_migrate::detect_golang_migrate, golang_migrate::open_golang_migrate_project,
     golang_migrate::golang_migrate_vocabulary},
};

Diagnostic no_project(const std::string& directory) {
  Diagnostic out;
  out.code = "no-project";
  out.message = "there is no migration project in " + (directory == "." ? "this folder" : directory);
  out.cause =
      "looked for alembic.ini, bascule.toml, pyproject.toml with [tool.alembic], migrations/versions and "
      "alembic/versions (Alembic); flyway.conf, flyway.toml and files like V1__name.sql (Flyway); "
      "prisma/schema.prisma (Prisma); migrations/*.sql with \"-- revision:\" (plain SQL); db/migrations (dbmate); "
      "*.sql with \"-- +goose\" (goose); *.up.sql (golang-migrate)";
  out.help = "go to the project's folder (or name it with -d), or start a new one with: bascule init";
  return out;
}

/// `format = "sql"` in bascule.toml. A file that is not sound is told by the format that reads it.
std::optional<std::string> declared_format(const OpenRequest& request) {
  namespace fs = std::filesystem;
  const std::string path = request.config ? *request.config : (fs::path(request.directory) / "bascule.toml").string();
  if (!path.ends_with(".toml")) return std::nullopt;
  const auto text = read_file(path);
  if (!text) return std::nullopt;
  const auto toml = parse_toml(path, *text);
  if (!toml) return std::nullopt;
  const auto found = toml->values.find("format");
  return found == toml->values.end() ? std::nullopt : std::optional(found->second);
}

Diagnostic unknown_format(const std::string& name) {
  Diagnostic out;
  out.code = "unknown-format";
  out.message = "there is no project format '" + name + "'";
  out.help = "the formats are " + join(format_names(), ", ");
  return out;
}

Diagnostic ambiguous(const std::vector<std::string>& found, const std::string& directory) {
  Diagnostic out;
  out.code = "ambiguous-project";
  out.message = "more than one kind of project is in " + (directory == "." ? "this folder" : directory) + ": " +
                join(found, ", ");
  out.help = "say which one is meant: bascule --format " + found.front() + " ..., or format = \"" + found.front() +
             "\" in bascule.toml";
  return out;
}

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

std::vector<std::string> detect_formats(const OpenRequest& request) {
  if (auto declared = declared_format(request)) return {std::move(*declared)};
  std::vector<std::string> found;
  for (const Format& format : kFormats) {
    if (format.detect(request)) found.emplace_back(format.name);
  }
  return found;
}

const Vocabulary* vocabulary(const std::string& format) {
  for (const Format& one : kFormats) {
    if (format == one.name) return &one.vocabulary();
  }
  return nullptr;
}

Result<std::unique_ptr<Project>, Diagnostic> open_project(const OpenRequest& request) {
  const FoldersListedOnce looked;  // every format looks into the same folders
  std::string name;
  if (request.format) {
    name = *request.format;
  } else {
    const std::vector<std::string> found = detect_formats(request);
    if (found.empty()) return failure(no_project(request.directory));
    if (found.size() > 1) return failure(ambiguous(found, request.directory));
    name = found.front();
  }
  const auto* format =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const Format& one) { return name == one.name; });
  if (format == std::end(kFormats)) return failure(unknown_format(name));
  // A project that was named need not be there to be seen: its folder may still be empty.
  OpenRequest named = request;
  named.format = name;
  if (auto project = format->open(named)) return std::move(*project);
  return failure(no_project(request.directory));
}

}  // namespace bascule::formats
