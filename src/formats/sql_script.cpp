#include "formats/sql_script.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "syntax/sql/statements.h"

namespace bascule::formats {

namespace {

namespace sql = syntax::sql;

constexpr std::string_view kBlanks = " \t\r\n\f\v";

/// Positions of a stretch as those of its file.
class Places {
 public:
  explicit Places(const Stretch& stretch) : file_(stretch.file), base_(stretch.file->at(stretch.begin)) {}
  Location at(const Position& inside) const {
    Position out = inside;
    out.line += base_.line - 1;
    if (inside.line == 1) out.column += base_.column - 1;
    out.offset += base_.offset;
    return {file_, {out, out}};
  }

 private:
  SourceFilePtr file_;
  Position base_;
};

}  // namespace

sql::Flavour flavour_of(const std::string& dialect) {
  if (dialect == "mysql" || dialect == "mariadb") return sql::Flavour::kMysql;
  return dialect == "sqlite" ? sql::Flavour::kSqlite : sql::Flavour::kPostgres;
}

model::AuthoredOperation sql_operation(std::string sql, Location where, bool outside) {
  return {model::RawSql{std::move(sql)}, std::move(where), "SQL", outside};
}

std::vector<std::string> leading_words(std::string_view statement, sql::Flavour flavour, std::size_t most) {
  std::vector<std::string> words;
  sql::Lexer lexer(statement, flavour);
  while (words.size() < most) {
    const auto token = lexer.next();
    if (!token) return words;
    words.push_back(token->kind == sql::TokenKind::kWord ? to_lower_ascii(sql::written(statement, *token)) : "?");
  }
  return words;
}

/// On SQLite END and BEGIN IMMEDIATE are plain, too.
TransactionControl transaction_control(std::string_view statement, sql::Flavour flavour) {
  constexpr std::string_view kBeginnings = "bBsScCeEaArR";
  constexpr std::size_t kMost = 4;
  if (statement.empty() || kBeginnings.find(statement[0]) == std::string_view::npos) return TransactionControl::kNone;
  std::vector<std::string> words = leading_words(statement, flavour, kMost);
  if (words.empty()) return TransactionControl::kNone;
  const std::string verb = words.front();
  const bool begins = verb == "begin" || (verb == "start" && words.size() > 1 && words[1] == "transaction");
  const bool commits = verb == "commit" || verb == "end";
  if (!begins && !commits) {
    const bool back =
        verb == "abort" || (verb == "rollback" && std::find(words.begin(), words.end(), "to") == words.end());
    return back ? TransactionControl::kOther : TransactionControl::kNone;
  }
  words.erase(words.begin());
  constexpr std::array<std::string_view, 5> kSayNothing = {"transaction", "work", "immediate", "deferred", "exclusive"};
  const bool plain = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kSayNothing.begin(), kSayNothing.end(), word) != kSayNothing.end();
  });
  if (!plain) return TransactionControl::kOther;
  return begins ? TransactionControl::kPlainBegin : TransactionControl::kPlainCommit;
}

Result<std::vector<Piece>, Diagnostic> cut(std::string_view text, sql::Flavour flavour, const std::string& path,
                                           const std::function<Location(const Position&)>& where) {
  const sql::Script script = sql::split(text, flavour);
  if (script.problem) {
    Diagnostic unclosed;
    unclosed.code = "unclosed-sql";
    unclosed.message = path + ": " + std::string(sql::describe(script.problem->what));
    unclosed.location = where(script.problem->begin);
    unclosed.help = "nothing of the file was run; close it where it should end";
    return failure(std::move(unclosed));
  }
  std::vector<Piece> out;
  out.reserve(script.statements.size());
  for (const sql::StatementSpan& span : script.statements) {
    std::string statement(span.text);
    if (span.copy_from_stdin) statement += ";\n" + std::string(span.copy_data) + "\\.\n";
    out.push_back({span.text, span.kind == sql::SpanKind::kClientCommand,
                   sql_operation(std::move(statement), where(span.begin), false)});
  }
  return out;
}

Statements statements_of(const Stretch& stretch, const std::string& dialect, Grouping grouping) {
  Statements out;
  const sql::Flavour flavour = flavour_of(dialect);
  const std::string_view text = stretch.file->text().substr(stretch.begin, stretch.end - stretch.begin);
  const Places places(stretch);
  auto pieces = cut(text, flavour, stretch.file->path(), [&](const Position& inside) { return places.at(inside); });
  if (!pieces) {
    out.diagnostics.add(std::move(pieces.error()));
    return out;
  }
  std::vector<TransactionControl> controls;
  for (const Piece& piece : *pieces) controls.push_back(transaction_control(piece.text, flavour));
  const std::size_t count = controls.size();
  const auto said = static_cast<std::size_t>(std::count_if(
      controls.begin(), controls.end(), [](TransactionControl one) { return one != TransactionControl::kNone; }));
  const bool wrapped = said == 2 && count >= 2 && controls.front() == TransactionControl::kPlainBegin &&
                       controls.back() == TransactionControl::kPlainCommit && grouping == Grouping::kInTransaction;
  const bool together =
      count > 0 &&
      ((said > 0 && !wrapped) || (grouping == Grouping::kTogether && count > 1 && flavour == sql::Flavour::kPostgres));
  if (together) {
    out.operations.push_back(sql_operation(std::string(text), pieces->front().operation.where, true));
    return out;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (wrapped && (i == 0 || i + 1 == count)) continue;
    model::AuthoredOperation& operation = (*pieces)[i].operation;
    operation.autocommit = grouping != Grouping::kInTransaction;
    out.operations.push_back(std::move(operation));
  }
  return out;
}

Diagnostic wrong_at(const SourceFilePtr& file, std::size_t offset, std::string code, std::string message,
                    std::string help) {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.location = {file, {file->at(offset), file->at(offset)}};
  out.help = std::move(help);
  return out;
}

std::vector<SectionMark> section_marks(std::string_view text) {
  std::vector<SectionMark> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    const std::size_t next = std::min(end + 1, text.size());
    if (line.starts_with("--")) {
      line = trim(line.substr(2));
      for (const auto& [word, direction] :
           {std::pair{std::string_view("migrate:up"), model::Direction::kUpgrade},
            std::pair{std::string_view("migrate:down"), model::Direction::kDowngrade}}) {
        if (!line.starts_with(word)) continue;
        const std::string_view rest = line.substr(word.size());
        if (rest.empty() || kBlanks.find(rest.front()) != std::string_view::npos)
          out.push_back({direction, begin, next, std::string(trim(rest))});
      }
    }
    begin = next;
  }
  return out;
}

Stretch section_below(const SourceFilePtr& file, const std::vector<SectionMark>& marks, std::size_t index) {
  const std::size_t end = index + 1 < marks.size() ? marks[index + 1].line_begin : file->text().size();
  return {file, marks[index].body_begin, end};
}

Diagnostic no_way_up(const SourceFilePtr& file) {
  return wrong_at(file, 0, "missing-up-section", file->path() + " has no line \"-- migrate:up\"",
                  "write it above the statements");
}

bool without_transaction(std::string_view options) {
  for (const std::string_view word : split(options, ' '))
    if (trim(word) == "transaction:false") return true;
  return false;
}

std::size_t find_text_before(std::string_view text, std::size_t end) {
  std::size_t begin = 0;
  while (begin < end) {
    const std::size_t line_end = std::min(text.find('\n', begin), end);
    const std::string_view line = trim(text.substr(begin, line_end - begin));
    if (!line.empty() && !line.starts_with("--")) return begin;
    begin = line_end + 1;
  }
  return std::string_view::npos;
}

Result<SourceFilePtr, Diagnostic> read_sql_file(const std::string& path) {
  auto text = read_file(path);
  if (!text) {
    Diagnostic out;
    out.code = "unreadable-file";
    out.message = text.error().message;
    if (text.error().error_number == EACCES) out.help = "make it readable: chmod u+r " + path;
    return failure(std::move(out));
  }
  if (const auto bad = invalid_utf8(*text)) {
    const auto line = 1 + std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
    Diagnostic out;
    out.code = "not-utf8";
    out.message = "cannot read " + path + ": line " + std::to_string(line) + " is not UTF-8";
    out.help = "save the file as UTF-8";
    return failure(std::move(out));
  }
  return std::make_shared<const SourceFile>(path, std::move(*text));
}

}  // namespace bascule::formats
