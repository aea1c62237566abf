#include "formats/prisma/settings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "formats/dotenv.h"
#include "formats/prisma/literals.h"

namespace bascule::formats::prisma {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kConfigEndings = {".ts", ".mjs", ".js", ".cjs", ".mts", ".cts"};

bool is_file(const fs::path& path) {
  std::error_code unknown;
  return fs::is_regular_file(path, unknown);
}
bool is_folder(const fs::path& path) {
  std::error_code unknown;
  return fs::is_directory(path, unknown);
}
/// Below `base`, spelled without "./".
std::string below(const fs::path& base, const fs::path& path) {
  fs::path joined = path.is_absolute() ? path : base / path;
  std::string text = joined.lexically_normal().string();
  if (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

/// What was found of a project: its config file's literals and its schema.
struct Found {
  std::string config_file;
  Literals config;
  std::string schema;        ///< a file or a folder
  std::string schema_named;  ///< who named it; empty: it lies where Prisma looks by itself
};

std::string find_config(const fs::path& directory, const std::optional<std::string>& named) {
  const auto is_config = [](const std::string& path) {
    const std::string ending = fs::path(path).extension().string();
    return std::find(kConfigEndings.begin(), kConfigEndings.end(), ending) != kConfigEndings.end();
  };
  if (named) return is_config(*named) ? *named : "";
  for (const std::string_view ending : kConfigEndings) {
    for (const char* name : {"prisma.config", ".config/prisma"}) {
      const fs::path path = directory / (name + std::string(ending));
      if (is_file(path)) return path.lexically_normal().string();
    }
  }
  return "";
}

Found look(const OpenRequest& request) {
  Found out;
  const fs::path directory = request.directory;
  out.config_file = find_config(directory, request.config);
  if (!out.config_file.empty()) {
    if (const auto text = read_file(out.config_file)) out.config = read_script_literals(*text);
  }
  if (const auto option = request.options.find("schema"); option != request.options.end()) {
    out.schema = below(directory, option->second);
    out.schema_named = "--schema";
    return out;
  }
  if (request.config && request.config->ends_with(".prisma")) {
    out.schema = *request.config;
    out.schema_named = "-c";
    return out;
  }
  if (const auto schema = out.config.find("schema"); schema != out.config.end() && schema->second.text) {
    out.schema = below(fs::path(out.config_file).parent_path(), *schema->second.text);
    out.schema_named = out.config_file;
    return out;
  }
  if (const fs::path package = directory / "package.json"; is_file(package)) {
    if (const auto text = read_file(package.string())) {
      const Literals literals = read_json_literals(*text);
      const auto schema = literals.find("prisma.schema");
      if (schema != literals.end() && schema->second.text) {
        out.schema = below(directory, *schema->second.text);
        out.schema_named = "prisma.schema in " + package.lexically_normal().string();
        return out;
      }
    }
  }
  for (const char* name : {"schema.prisma", "prisma/schema.prisma"}) {
    if (!is_file(directory / name)) continue;
    out.schema = (directory / name).lexically_normal().string();
    return out;
  }
  // Since Prisma 6.6 a folder has to be named; before, it was taken by itself.
  if (is_folder(directory / "prisma/schema")) out.schema = (directory / "prisma/schema").lexically_normal().string();
  return out;
}

/// The schema's files, sorted; those of a folder also from the folders in it.
std::vector<std::string> schema_files(const std::string& schema) {
  if (!is_folder(schema)) return {schema};
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::recursive_directory_iterator it(schema, failed), end; !failed && it != end; it.increment(failed))
    if (it->path().extension() == ".prisma" && is_file(it->path())) out.push_back(it->path().string());
  std::sort(out.begin(), out.end());
  return out;
}

/// The process's variables and those of .env files, which never replace them.
Variables variables(const OpenRequest& request, const fs::path& schema_folder) {
  Variables out = request.environment;
  std::vector<fs::path> files;
  for (const fs::path& path :
       {fs::path(request.directory) / ".env", schema_folder / ".env", fs::path(request.directory) / "prisma/.env"}) {
    const fs::path plain = path.lexically_normal();
    if (std::find(files.begin(), files.end(), plain) == files.end()) files.push_back(plain);
  }
  for (const fs::path& path : files) {
    const auto text = read_file(path.string());
    if (!text) continue;
    for (auto& [name, value] : expand_dotenv(parse_dotenv(*text), out)) out.try_emplace(name, value);
  }
  return out;
}

/// SQLite's file: is taken from the folder of whoever names it, not from the current one.
std::string resolve_file_url(const std::string& url, const fs::path& folder) {
  constexpr std::string_view kScheme = "file:";
  if (!url.starts_with(kScheme)) return url;
  std::string path = url.substr(kScheme.size());
  std::string query;
  if (const auto mark = path.find('?'); mark != std::string::npos) {
    query = path.substr(mark);
    path.resize(mark);
  }
  if (path.starts_with("//")) path.erase(0, 2);
  if (path.empty() || path == ":memory:") return url;
  return std::string(kScheme) + below(folder, path) + query;
}

std::string schema_of_url(const std::string& url) {
  if (url.starts_with("file:")) return "";
  for (std::size_t at = url.find('?'); at != std::string::npos; at = url.find('&', at + 1)) {
    constexpr std::string_view kKey = "schema=";
    if (url.compare(at + 1, kKey.size(), kKey) != 0) continue;
    const std::size_t begin = at + 1 + kKey.size();
    return url.substr(begin, url.find('&', begin) - begin);
  }
  return "";
}

class SettingsReader {
 public:
  SettingsReader(const OpenRequest& request, Found found) : request_(request), found_(std::move(found)) {}

  Result<Settings, Diagnostic> read() {
    out_.schema_path = found_.schema;
    fs::path base = is_folder(found_.schema) ? fs::path(found_.schema) : fs::path(found_.schema).parent_path();
    if (found_.schema.empty()) base = fs::path(request_.directory) / "prisma";
    for (const std::string& path : found_.schema.empty() ? std::vector<std::string>() : schema_files(found_.schema)) {
      auto text = read_file(path);
      if (!text) return failure(unreadable(path, text.error().message));
      if (const auto at = invalid_utf8(*text)) return failure(unreadable(path, "it is not UTF-8"));
      const auto file = std::make_shared<const SourceFile>(path, std::move(*text));
      auto datasource = read_datasource(file, out_.problems);
      if (!datasource) continue;
      datasource_ = std::move(datasource);
      base = fs::path(path).parent_path();  // the migrations lie beside the file that names the database
      break;
    }
    variables_ = variables(request_, base);
    out_.migrations = (base / "migrations").lexically_normal().string();
    if (const Literal* path = literal("migrations.path"); path != nullptr && path->text)
      out_.migrations = below(config_folder(), *path->text);
    if (datasource_) {
      if (datasource_->provider) {
        out_.provider = datasource_->provider->text == "postgres" ? "postgresql" : datasource_->provider->text;
        out_.provider_where = datasource_->provider->where;
      }
      out_.schemas = datasource_->schemas;
    }
    read_url(base);
    if (out_.schemas.empty() && out_.url) {
      std::string schema = schema_of_url(*out_.url);
      if (!schema.empty()) out_.schemas.push_back(std::move(schema));
    }
    return std::move(out_);
  }

 private:
  const Literal* literal(const std::string& key) const {
    const auto found = found_.config.find(key);
    return found == found_.config.end() ? nullptr : &found->second;
  }
  fs::path config_folder() const { return fs::path(found_.config_file).parent_path(); }

  Diagnostic unreadable(const std::string& path, const std::string& why) const {
    Diagnostic out;
    out.code = "prisma-schema-missing";
    out.message = "cannot read the schema " + path;
    out.cause = found_.schema_named.empty() ? why : found_.schema_named + " names it; " + why;
    return out;
  }

  /// The config's URL before the schema's, directUrl before url: what Prisma migrates with.
  void read_url(const fs::path& base) {
    for (const char* key : {"datasource.directUrl", "datasource.url"}) {
      const Literal* value = literal(key);
      if (value == nullptr || !value->known()) continue;
      take_url(value->text.value_or(""), value->variable, found_.config_file, config_folder());
      if (out_.url && !out_.url->empty()) return;
    }
    if (!datasource_) return;
    for (const auto* value : {&datasource_->direct_url, &datasource_->url}) {
      if (!*value) continue;
      take_url((*value)->text, (*value)->variable, (*value)->where.file->path(), base);
      if (out_.url && !out_.url->empty()) return;
    }
  }

  void take_url(const std::string& text, const std::optional<std::string>& variable, const std::string& file,
                const fs::path& folder) {
    if (!variable) {
      out_.url = resolve_file_url(text, folder);
      out_.url_source = file;
      return;
    }
    const auto found = variables_.find(*variable);
    const bool set = found != variables_.end() && !found->second.empty();
    if (!set && text.empty() && out_.url) return;  // the first of two that are not set is told
    out_.url = resolve_file_url(set ? found->second : text, folder);
    out_.url_source = "env(\"" + *variable + "\") in " + file;
    if (!set && text.empty()) out_.url_source += ", which is not set";
  }

  const OpenRequest& request_;
  Found found_;
  Settings out_;
  std::optional<Datasource> datasource_;
  Variables variables_;
};

}  // namespace

bool has_project(const OpenRequest& request) {
  const Found found = look(request);
  return !found.schema.empty() || !found.config_file.empty();
}

std::optional<Result<Settings, Diagnostic>> find_settings(const OpenRequest& request) {
  Found found = look(request);
  if (found.schema.empty() && found.config_file.empty()) return std::nullopt;
  return SettingsReader(request, std::move(found)).read();
}

}  // namespace bascule::formats::prisma
