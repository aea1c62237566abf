#include "app/lint_statements.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "planner/lower.h"

namespace bascule::app {

namespace {

/// The place behind a text that begins here.
Position behind(Position at, std::string_view text) {
  for (const char c : text) {
    ++at.offset;
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++at.column;
    }
  }
  return at;
}

bool stands_at(const SourceFile& file, std::size_t offset, std::string_view text) {
  return offset <= file.text().size() && file.text().substr(offset).starts_with(text);
}

/// Where a statement of an author's SQL stands. SQL files hold it as it is; a Python call often does, in its literal.
Location place_of(const Location& call, std::string_view statement, const Position& within, const Position& first) {
  if (!call.file) return call;
  const Position& begin = call.span.begin;
  Position at = begin;
  at.line += within.line - first.line;
  if (within.line != first.line)
    at.column = within.column;
  else
    at.column += within.column - first.column;
  at.offset += within.offset - first.offset;
  if (stands_at(*call.file, at.offset, statement)) return {call.file, {at, behind(at, statement)}};
  if (call.span.end.offset <= begin.offset) return call;
  const std::string_view text = call.file->text().substr(begin.offset, call.span.end.offset - begin.offset);
  const std::size_t found = text.find(statement);
  if (found == std::string_view::npos) return call;
  at = behind(begin, text.substr(0, found));
  return {call.file, {at, behind(at, statement)}};
}

bool is_begin(std::string_view word) { return iequals_ascii(word, "begin") || iequals_ascii(word, "start"); }
bool is_end(std::string_view word) {
  return iequals_ascii(word, "commit") || iequals_ascii(word, "end") || iequals_ascii(word, "rollback") ||
         iequals_ascii(word, "abort");
}
std::string_view first_word(std::string_view sql) { return sql.substr(0, sql.find_first_of(" \t\r\n;")); }

class Cutter {
 public:
  Cutter(const dialects::Dialect& dialect, TransactionNumbers& numbers, bool places)
      : dialect_(dialect), numbers_(numbers), places_(places) {}

  void add(plan::Step step) {
    if (auto* rebuild = std::get_if<plan::Rebuild>(&step.action)) {
      safety::Authored one;
      one.sql = "-- the table " + display(rebuild->batch.table) + " is rebuilt";
      one.location = step.cause.location;
      one.operation = model::operation_name(step.effect);
      one.transaction = step.in_transaction ? numbers_.inside() : numbers_.own();
      one.rebuild = std::move(rebuild->batch);
      out_.push_back(std::move(one));
      if (!step.in_transaction) numbers_.leave();
      return;
    }
    std::string& sql = std::get<plan::Statement>(step.action).sql;
    if (!std::holds_alternative<model::RawSql>(step.effect)) {
      push(std::move(sql), step, step.cause.location, step.in_transaction ? numbers_.inside() : 0);
    } else {
      cut(sql, step);
    }
    if (!step.in_transaction) numbers_.leave();
  }

  std::vector<safety::Authored> take() { return std::move(out_); }

 private:
  void push(std::string sql, const plan::Step& step, Location location, std::size_t transaction) {
    safety::Authored one;
    one.sql = std::move(sql);
    one.location = std::move(location);
    one.operation = model::operation_name(step.effect);
    one.authored_sql = std::holds_alternative<model::RawSql>(step.effect);
    one.transaction = transaction;
    out_.push_back(std::move(one));
  }

  /// The author's SQL: several statements that are sent as one text are one transaction on PostgreSQL, unless they say
  /// otherwise themselves.
  void cut(const std::string& sql, const plan::Step& step) {
    const syntax::sql::Script script = dialect_.split(sql);
    std::vector<const syntax::sql::StatementSpan*> spans;
    for (const auto& span : script.statements)
      if (span.kind == syntax::sql::SpanKind::kStatement) spans.push_back(&span);
    if (spans.empty()) return;
    const bool together = spans.size() > 1 && dialect_.name() == "postgresql";
    bool explicitly = false;
    std::size_t own = !step.in_transaction && together ? numbers_.own() : 0;
    for (const auto* span : spans) {
      const std::string_view word = first_word(span->text);
      if (!step.in_transaction && is_begin(word)) {
        explicitly = true;
        if (own == 0) own = numbers_.own();
      }
      const std::size_t transaction = step.in_transaction ? numbers_.inside() : together || explicitly ? own : 0;
      Location location =
          places_ ? place_of(step.cause.location, span->text, span->begin, spans.front()->begin) : step.cause.location;
      push(std::string(span->text), step, std::move(location), transaction);
      if (!step.in_transaction && is_end(word)) {
        explicitly = false;
        own = together ? numbers_.own() : 0;
      }
    }
  }

  const dialects::Dialect& dialect_;
  TransactionNumbers& numbers_;
  bool places_;
  std::vector<safety::Authored> out_;
};

}  // namespace

std::vector<safety::Authored> statements_to_judge(const std::vector<model::AuthoredOperation>& operations,
                                                  const dialects::Dialect& dialect, TransactionNumbers& numbers,
                                                  bool places, Diagnostics& diagnostics) {
  Cutter cutter(dialect, numbers, places);
  for (plan::Step& step : planner::lower(operations, dialect, diagnostics)) cutter.add(std::move(step));
  return cutter.take();
}

}  // namespace bascule::app
