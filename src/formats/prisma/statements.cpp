#include "formats/prisma/statements.h"

#include <algorithm>
#include <utility>

namespace bascule::formats::prisma {

namespace {

using syntax::sql::Flavour;

/// SQLite: PRAGMA foreign_keys = OFF, in any spelling.
bool switches_foreign_keys(std::string_view statement) {
  const auto words = leading_words(statement, Flavour::kSqlite, 2);
  return words.size() == 2 && words[0] == "pragma" && words[1] == "foreign_keys" &&
         statement.find_first_of("=(") != std::string_view::npos;
}

/// SQLite: what fails or does nothing inside a transaction.
bool leaves_transaction(std::string_view statement) {
  const auto words = leading_words(statement, Flavour::kSqlite, 2);
  if (words.empty()) return false;
  if (words[0] == "vacuum" || words[0] == "attach" || words[0] == "detach") return true;
  return words.size() == 2 && words[0] == "pragma" && words[1] == "journal_mode";
}

}  // namespace

Statements operations_of(const SourceFilePtr& file, const std::string& dialect) {
  const Flavour flavour = flavour_of(dialect);
  const std::string_view text = file->text();
  const auto place = [&](const Position& begin) { return Location{file, {begin, begin}}; };
  Statements out;
  auto pieces = cut(text, flavour, file->path(), place);
  if (!pieces) {
    out.diagnostics.add(std::move(pieces.error()));
    return out;
  }
  const bool own_transaction = std::any_of(pieces->begin(), pieces->end(), [&](const Piece& piece) {
    return !piece.for_client && transaction_control(piece.text, flavour) != TransactionControl::kNone;
  });
  if (own_transaction) {
    out.operations.push_back(sql_operation(std::string(text), place({1, 1, 0}), true));
    return out;
  }
  const bool foreign_keys_off =
      flavour == Flavour::kSqlite &&
      std::any_of(pieces->begin(), pieces->end(), [](const Piece& piece) { return switches_foreign_keys(piece.text); });
  if (foreign_keys_off) out.operations.push_back(sql_operation("PRAGMA foreign_keys=OFF", place({1, 1, 0}), true));
  for (Piece& piece : *pieces) {
    piece.operation.autocommit = flavour == Flavour::kSqlite && leaves_transaction(piece.text);
    out.operations.push_back(std::move(piece.operation));
  }
  if (foreign_keys_off)
    out.operations.push_back(sql_operation("PRAGMA foreign_keys=ON", place(file->at(text.size())), true));
  return out;
}

}  // namespace bascule::formats::prisma
