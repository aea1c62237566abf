#include "db/url.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "base/text.h"

namespace bascule::db {

namespace {

constexpr std::string_view kSpellings =
    "write it as postgresql://user:password@host:5432/database, sqlite:///file.db, or libpq's host=... dbname=...";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::map<std::string, std::string> query_options(std::string_view query) {
  std::map<std::string, std::string> options;
  if (query.empty()) return options;
  for (std::string_view pair : split(query, '&')) {
    const auto equals = pair.find('=');
    if (pair.empty()) continue;
    std::string key = percent_decoded(pair.substr(0, equals));
    std::string value = equals == std::string_view::npos ? "" : percent_decoded(pair.substr(equals + 1));
    options[std::move(key)] = std::move(value);
  }
  return options;
}

/// host:port with an IPv6 address in brackets; several hosts ("a:1,b:2") as libpq has them.
void read_hosts(std::string_view text, Url& url) {
  std::vector<std::string> hosts;
  std::vector<std::string> ports;
  for (std::string_view one : split(text, ',')) {
    std::string_view host = one;
    std::string_view port;
    const auto bracket = one.rfind(']');
    const auto colon = one.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
      host = one.substr(0, colon);
      port = one.substr(colon + 1);
    }
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    hosts.push_back(percent_decoded(host));
    ports.emplace_back(port);
  }
  url.host = join(hosts, ",");
  const bool any_port = std::any_of(ports.begin(), ports.end(), [](const std::string& p) { return !p.empty(); });
  if (any_port) url.port = join(ports, ",");
}

Result<Url, UrlError> postgres_url(std::string_view rest);

/// MySQL's and MariaDB's: for lint, which needs to know that it is one.
Result<Url, UrlError> mysql_url(std::string_view rest, const std::string& backend) {
  BASCULE_TRY_ASSIGN(Url url, postgres_url(rest));
  url.dialect = backend;
  return url;
}

Result<Url, UrlError> postgres_url(std::string_view rest) {
  Url url;
  url.dialect = "postgresql";
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  std::string_view authority = rest;
  // A password may hold '/', unescaped, in practice; the last '@' before the path ends the credentials.
  const auto at = rest.rfind('@');
  const auto slash = rest.find('/', at == std::string_view::npos ? 0 : at);
  if (slash != std::string_view::npos) {
    authority = rest.substr(0, slash);
    url.database = percent_decoded(rest.substr(slash + 1));
  }
  if (at != std::string_view::npos) {
    std::string_view credentials = authority.substr(0, at);
    authority = authority.substr(at + 1);
    const auto colon = credentials.find(':');
    url.user = percent_decoded(credentials.substr(0, colon));
    if (colon != std::string_view::npos) url.password = percent_decoded(credentials.substr(colon + 1));
  }
  if (!authority.empty()) read_hosts(authority, url);
  url.options = query_options(query);
  const auto take = [&](const char* key, std::string& target) {
    if (auto found = url.options.find(key); found != url.options.end()) {
      target = found->second;
      url.options.erase(found);
    }
  };
  take("host", url.host);
  take("port", url.port);
  take("user", url.user);
  take("password", url.password);
  take("dbname", url.database);
  if (!url.port.empty() &&
      !std::all_of(url.port.begin(), url.port.end(), [](unsigned char c) { return std::isdigit(c) || c == ','; })) {
    // The text itself is not shown: where a '@' is missing, it is the password.
    return failure(UrlError{"the port in the database URL is not a number",
                            "a ':' or '@' or '/' inside the password must be written as %3A, %40, %2F"});
  }
  return url;
}

Result<Url, UrlError> sqlite_url(std::string_view rest) {
  Url url;
  url.dialect = "sqlite";
  std::string_view query;
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  if (!rest.empty() && rest.front() != '/') {
    return failure(UrlError{
        "a SQLite URL has no host, but this one names something before its path",
        "write sqlite:///app.db (three slashes) for a relative path, sqlite:////srv/app.db for an absolute one"});
  }
  if (!rest.empty()) rest.remove_prefix(1);
  url.database = percent_decoded(rest);
  if (url.database.empty()) url.database = ":memory:";
  url.options = query_options(query);
  return url;
}

/// libpq's keyword/value words: host=/tmp dbname='my db' password=a\'b
std::optional<Url> libpq_words(std::string_view text) {
  Url url;
  url.dialect = "postgresql";
  std::size_t i = 0;
  const auto skip_blanks = [&] {
    while (i < text.size() && std::isspace(static_cast<unsigned char>(text[i]))) ++i;
  };
  bool any = false;
  for (skip_blanks(); i < text.size(); skip_blanks()) {
    const std::size_t start = i;
    while (i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_')) ++i;
    const std::string key(text.substr(start, i - start));
    skip_blanks();
    if (key.empty() || i >= text.size() || text[i] != '=') return std::nullopt;
    ++i;
    skip_blanks();
    std::string value;
    if (i < text.size() && text[i] == '\'') {
      for (++i; i < text.size() && text[i] != '\''; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        value += text[i];
      }
      if (i >= text.size()) return std::nullopt;
      ++i;
    } else {
      for (; i < text.size() && !std::isspace(static_cast<unsigned char>(text[i])); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        value += text[i];
      }
    }
    any = true;
    if (key == "host")
      url.host = value;
    else if (key == "port")
      url.port = value;
    else if (key == "user")
      url.user = value;
    else if (key == "password")
      url.password = value;
    else if (key == "dbname")
      url.database = value;
    else
      url.options[key] = value;
  }
  if (!any) return std::nullopt;
  return url;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return text.ends_with(e); });
}

/// Java's: jdbc:postgresql://host/db?user=..., jdbc:postgresql:db, jdbc:sqlite:file. Its driver's own options that
/// libpq has under another name get that one.
Result<Url, UrlError> jdbc_url(std::string_view text) {
  if (text.starts_with("sqlite:")) {
    text.remove_prefix(std::string_view("sqlite:").size());
    if (text.starts_with("file:")) text.remove_prefix(std::string_view("file:").size());
    Url url;
    url.dialect = "sqlite";
    url.database = percent_decoded(text.substr(0, text.find('?')));
    if (url.database.empty()) url.database = ":memory:";
    return url;
  }
  if (text.starts_with("mysql://") || text.starts_with("mariadb://")) {
    const std::string backend(text.substr(0, text.find(':')));
    return mysql_url(text.substr(backend.size() + 3), backend);
  }
  if (!text.starts_with("postgresql:")) {
    const std::string backend(text.substr(0, text.find(':')));
    return failure(UrlError{"Bascule does not speak to '" + backend + "' databases",
                            "it runs migrations on jdbc:postgresql: and jdbc:sqlite: URLs"});
  }
  text.remove_prefix(std::string_view("postgresql:").size());
  std::string rest = text.starts_with("//") ? std::string(text.substr(2)) : "/" + std::string(text);
  BASCULE_TRY_ASSIGN(Url url, postgres_url(rest));
  const auto rename = [&](const char* from, const char* to) {
    const auto found = url.options.find(from);
    if (found == url.options.end()) return;
    url.options[to] = found->second;
    url.options.erase(from);
  };
  rename("currentSchema", "schema");
  rename("ApplicationName", "application_name");
  rename("connectTimeout", "connect_timeout");
  if (const auto ssl = url.options.find("ssl"); ssl != url.options.end()) {
    // Its driver checks the certificate where nothing else is said.
    if (ssl->second != "false" && url.options.count("sslmode") == 0) url.options["sslmode"] = "verify-full";
    url.options.erase("ssl");
  }
  if (url.host.empty() && url.port.empty()) url.host = "localhost";
  return url;
}

}  // namespace

std::string Url::display() const {
  if (dialect == "sqlite") return database == ":memory:" ? "sqlite://" : "sqlite:///" + database;
  std::string out = dialect + "://";
  if (!user.empty()) {
    out += user;
    if (!password.empty()) out += ":***";
    out += "@";
  }
  const bool socket = host.starts_with("/");
  if (!socket) out += host;
  if (!port.empty() && !socket) out += ":" + port;
  out += "/" + database;
  if (socket) out += "?host=" + host + (port.empty() ? "" : "&port=" + port);
  return out;
}

Result<Url, UrlError> parse_url(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  if (text.empty()) return failure(UrlError{"the database URL is empty", std::string(kSpellings)});
  if (text.starts_with("jdbc:")) return jdbc_url(text.substr(5));
  if (text.starts_with("file:")) {
    std::string_view rest = text.substr(5);
    if (rest.starts_with("//")) rest.remove_prefix(2);
    Url url;
    url.dialect = "sqlite";
    url.database = percent_decoded(rest.substr(0, rest.find('?')));
    return url;
  }
  const auto scheme_end = text.find("://");
  if (scheme_end != std::string_view::npos) {
    const std::string scheme = to_lower_ascii(text.substr(0, scheme_end));
    const std::string backend = scheme.substr(0, scheme.find('+'));
    const std::string_view rest = text.substr(scheme_end + 3);
    if (backend == "postgresql" || backend == "postgres") return postgres_url(rest);
    if (backend == "sqlite" || backend == "sqlite3") return sqlite_url(rest);
    if (backend == "mysql" || backend == "mariadb") return mysql_url(rest, backend);
    if (backend == "mssql" || backend == "oracle") {
      return failure(UrlError{"Bascule does not speak to '" + backend + "' databases",
                              "it runs migrations on postgresql:// and sqlite:// URLs"});
    }
    return failure(UrlError{"'" + scheme + "' is not a database that Bascule knows", std::string(kSpellings)});
  }
  if (ends_with_any(text, {".db", ".sqlite", ".sqlite3"})) {
    Url url;
    url.dialect = "sqlite";
    url.database = std::string(text);
    return url;
  }
  if (auto words = libpq_words(text)) return *words;
  return failure(UrlError{"the database URL cannot be understood", std::string(kSpellings)});
}

}  // namespace bascule::db
