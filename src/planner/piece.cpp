#include "planner/piece.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "model/apply.h"
#include "planner/lower.h"
#include "planner/meaning.h"

namespace bascule::planner {

namespace {

/// Where the statement stands, if the file holds the text as it is; else the place of the whole.
Location place_in(const Location& whole, const std::string& text, std::size_t offset, std::string_view statement) {
  if (!whole.file || offset == 0) return whole;
  const std::string_view file = whole.file->text();
  const std::size_t begin = whole.span.begin.offset;
  // A SQL file holds the text itself; a call in another language holds it somewhere in its literal.
  std::size_t at = begin + offset;
  if (file.substr(std::min(at, file.size())).substr(0, statement.size()) != statement) {
    if (file.find(text, begin) == std::string_view::npos) return whole;
    at = file.find(text, begin) + offset;
  }
  return {whole.file, {whole.file->at(at), whole.file->at(at + statement.size())}};
}

void cut(const plan::Step& step, const std::string& sql, const dialects::Dialect& dialect, std::vector<Piece>& out) {
  bool first = true;
  std::vector<StatementMeaning> found = meanings(sql, dialect);
  const bool copies =
      std::any_of(found.begin(), found.end(), [](const StatementMeaning& one) { return one.span.copy_from_stdin; });
  if (copies) {  // its rows are a part of the text
    Piece whole;
    whole.sql = sql;
    whole.operations = {model::RawSql{sql}};
    whole.statement_kind = "copy";
    whole.cause = step.cause;
    whole.in_transaction = step.in_transaction;
    out.push_back(std::move(whole));
    return;
  }
  for (auto& [span, understood] : found) {
    Piece piece;
    piece.sql = std::string(span.text);
    piece.complete = understood.complete;
    piece.parsed = understood.parsed;
    piece.changes_nothing = understood.changes_nothing;
    piece.if_table_exists = understood.if_table_exists;
    piece.statement_kind = std::move(understood.statement_kind);
    piece.cause = step.cause;
    piece.cause.location = place_in(step.cause.location, sql, span.begin.offset, span.text);
    // What is sent as one text is one transaction to the server, whoever sends it.
    piece.in_transaction = step.in_transaction || found.size() > 1;
    piece.together = !first;
    first = false;
    for (model::Operation& operation : understood.operations) {
      if (!piece.complete) {
        piece.operations.push_back(std::move(operation));
        continue;
      }
      for (model::Operation& part : decompose(operation)) piece.operations.push_back(std::move(part));
    }
    out.push_back(std::move(piece));
  }
}

}  // namespace

const model::Operation* Piece::single() const {
  return complete && operations.size() == 1 ? &operations.front() : nullptr;
}

std::vector<Piece> pieces_of(const std::vector<plan::Step>& steps, const dialects::Dialect& dialect) {
  std::vector<Piece> out;
  for (const plan::Step& step : steps) {
    const std::string& sql = std::get<plan::Statement>(step.action).sql;
    if (std::holds_alternative<model::RawSql>(step.effect)) {
      cut(step, sql, dialect, out);
      continue;
    }
    Piece piece;
    piece.sql = sql;
    piece.operations = {step.effect};
    piece.complete = true;
    piece.cause = step.cause;
    piece.in_transaction = step.in_transaction;
    out.push_back(std::move(piece));
  }
  return out;
}

bool advance(model::Schema& schema, const std::vector<model::Operation>& operations, const dialects::Dialect& dialect) {
  bool all = true;
  for (const model::Operation& operation : operations) {
    if (std::holds_alternative<model::RawSql>(operation)) {
      all = false;
      continue;
    }
    if (model::apply(schema, operation))
      dialect.complete(schema, operation);
    else
      all = false;
  }
  return all;
}

}  // namespace bascule::planner
