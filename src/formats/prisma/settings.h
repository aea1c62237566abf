// What: where a Prisma project's parts are and what they say: the schema's files, the migrations, the database's URL.
// Must not know: any database, the SQL of migrations.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "formats/open.h"
#include "formats/prisma/schema_file.h"

namespace bascule::formats::prisma {

struct Settings {
  std::string schema_path;  ///< schema.prisma, or the folder of the schema's files
  std::string migrations;   ///< the folder of migrations
  std::string provider;     ///< "postgresql", "sqlite", "mysql" ...; empty: the schema does not say
  Location provider_where;
  std::vector<std::string> schemas;  ///< the datasource's, else the URL's ?schema=
  std::optional<std::string> url;    ///< empty: it names a variable that is not set
  std::string url_source;
  Diagnostics problems;  ///< of the schema's files
};

/// Whether a schema, or a prisma.config file with its migrations, is in the folder; reads little.
bool has_project(const OpenRequest& request);
/// nullopt: there is no project. Error codes: prisma-schema-missing (a path that was named leads nowhere).
std::optional<Result<Settings, Diagnostic>> find_settings(const OpenRequest& request);

}  // namespace bascule::formats::prisma
