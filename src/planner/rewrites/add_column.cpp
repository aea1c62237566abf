// ADD COLUMN that would write the table anew, or read it: with a volatile default, numbering itself, with a check, a
// key, or NOT NULL that a later UPDATE of the revision makes true.
// Needs: no stored generated column, no domain with a constraint: those are worked out for every row under the lock.
// Where rows are filled: no trigger, rule or policy that an UPDATE of theirs would meet, and rows that can be walked in
// batches.
// Does: adds the column bare, which takes a moment; then its default, for new rows; fills the old rows in batches; then
// NOT NULL and constraints, each the gentle way. An identity is numbered by a sequence of ours until the column may
// become one.
// The same end: the column stands where it would, with the same default, sequence and constraints under the same
// names; every old row has a value of its own from the same expression.
#include <fmt/core.h>

#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

Draft default_to(const model::AddColumn& added, model::DefaultChange change, std::string reason) {
  model::AlterColumn change_it = alter(added.table, added.column.name);
  change_it.server_default = std::move(change);
  return {.operation = std::move(change_it), .reason = std::move(reason)};
}

Draft filled(const model::AddColumn& added, const model::Expression& value, const Sight& sight) {
  model::UpdateRows update;
  update.statement.table = added.table;
  update.statement.assignments = {{added.column.name, value}};
  update.statement.where = model::TextExpr{sight.dialect.quote(added.column.name) + " IS NULL"};
  return {.operation = std::move(update), .reason = "the rows that are there get their values a few at a time"};
}

Draft not_null(const model::AddColumn& added) {
  model::AlterColumn change_it = alter(added.table, added.column.name);
  change_it.nullable = false;
  return {.operation = std::move(change_it)};
}

model::Expression next_of(const QualifiedName& sequence, const Sight& sight) {
  return model::TextExpr{"nextval(" + sql_text(sight.dialect.quote(sequence)) + "::regclass)"};
}

/// The column with nothing that would have to be made true for old rows.
model::AddColumn bare(const model::AddColumn& added) {
  model::AddColumn column = added;
  column.constraints.clear();
  column.inline_references = false;
  column.column.nullable = true;
  column.column.not_null.reset();
  column.column.server_default.reset();
  column.column.identity.reset();
  column.column.autoincrement = false;
  return column;
}

/// The constraints, by the names that the server would have given them.
Drafts constraints_of(const model::AddColumn& added, const Sight& sight) {
  Drafts drafts;
  const model::Schema after = sight.after(added);
  const model::Table* table = model::find_table(after, added.table);
  if (table == nullptr || table->constraints.size() < added.constraints.size()) return drafts;
  const std::size_t first = table->constraints.size() - added.constraints.size();
  for (std::size_t i = 0; i < added.constraints.size(); ++i)
    drafts.push_back({.operation = model::AddConstraint{added.table, table->constraints[first + i], false}});
  return drafts;
}

/// The sequence that numbering makes: the new one. Its own where the model keeps it (serial), else one of ours.
std::optional<model::Sequence> sequence_made(const model::AddColumn& added, const Sight& sight) {
  const model::Schema after = sight.after(added);
  for (const model::Sequence& sequence : after.sequences)
    if (model::same_name(sequence.owned_by, added.table) && sequence.owned_by_column == added.column.name)
      return sequence;
  return std::nullopt;
}

Drafts as_serial(const model::AddColumn& added, model::Sequence sequence, const Sight& sight) {
  const auto spelled = sight.dialect.type(added.column.type);
  // SERIAL numbers as far as its type goes.
  if (spelled && !sequence.options.data_type) sequence.options.data_type = added.column.type;
  const model::Expression next = next_of(sequence.name, sight);
  Drafts drafts = {{.operation = bare(added), .reason = "the column alone takes a moment"},
                   {.operation = model::CreateSequence{sequence, false}, .reason = "the numbers of the new column"},
                   default_to(added, next, "new rows are numbered from here on"),
                   filled(added, next, sight)};
  drafts.push_back(not_null(added));
  drafts[0].with_next = drafts[1].with_next = true;
  return drafts;
}

/// A name of ours, of plain letters.
Identifier helper_name(const model::AddColumn& added) {
  std::string name = "bascule_" + added.table.name.text().substr(0, 24) + "_" + added.column.name.text().substr(0, 24);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) c = '_';
  }
  return Identifier(name);
}

Drafts as_identity(const model::AddColumn& added, const Sight& sight) {
  model::Sequence helper;
  helper.name = QualifiedName{added.table.schema, helper_name(added)};
  helper.options = added.column.identity->options;
  const model::Expression next = next_of(helper.name, sight);
  const std::string onwards =
      fmt::format("SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {}), {}, false)",
                  sql_text(sight.dialect.quote(added.table)), sql_text(added.column.name.text()),
                  std::get<model::TextExpr>(next).sql);
  Drafts drafts = {{.operation = bare(added), .reason = "the column alone takes a moment"},
                   {.operation = model::CreateSequence{helper, false}, .reason = "numbers until it is an identity"},
                   default_to(added, next, "new rows are numbered from here on"),
                   filled(added, next, sight),
                   not_null(added)};
  drafts[0].with_next = drafts[1].with_next = true;
  Draft drop = default_to(added, model::DropDefault{}, "an identity has no default");
  Draft become = default_to(added, *added.column.identity, "the column numbers itself from here on");
  drop.with_next = become.with_next = true;
  drafts.push_back(std::move(drop));
  drafts.push_back(std::move(become));
  drafts.push_back({.operation = model::RawSql{onwards},
                    .sql = onwards,
                    .reason = "it goes on where the numbers so far end",
                    .settled = true,
                    .with_next = true});
  drafts.push_back(
      {.operation = model::DropSequence{.name = helper.name}, .reason = "what numbered until now", .settled = true});
  return drafts;
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* added = std::get_if<model::AddColumn>(&operation);
  if (added == nullptr || !sight.hazard || added->column.computed || sight.old_table(added->table) == nullptr)
    return std::nullopt;
  Drafts drafts;
  if (sight.hazard->kind == Hazard::Kind::kRewrite) {
    if (added->column.identity) {
      drafts = as_identity(*added, sight);
    } else if (const auto sequence = sequence_made(*added, sight); added->column.autoincrement && sequence) {
      drafts = as_serial(*added, *sequence, sight);
    } else if (added->column.server_default && !std::holds_alternative<model::DomainType>(added->column.type)) {
      drafts = {{.operation = bare(*added), .reason = "the column alone takes a moment"},
                default_to(*added, *added->column.server_default, "new rows get it from here on"),
                filled(*added, *added->column.server_default, sight)};
      if (!added->column.nullable) drafts.push_back(not_null(*added));
    } else {
      return std::nullopt;
    }
  } else if (!added->column.nullable && !added->column.server_default) {
    const auto last = filled_later(*added, sight.pieces, sight.piece);
    if (!last) return std::nullopt;
    drafts = {{.operation = bare(*added), .reason = "NOT NULL comes when the rows have their values"}};
    Draft later = not_null(*added);
    later.last = true;
    later.until = *last;
    drafts.push_back(std::move(later));
  } else if (!added->constraints.empty()) {
    model::AddColumn alone = *added;
    alone.constraints.clear();
    alone.inline_references = false;
    drafts = {{.operation = std::move(alone), .reason = "the column alone takes a moment"}};
  } else {
    return std::nullopt;
  }
  for (Draft& one : constraints_of(*added, sight)) drafts.push_back(std::move(one));
  return drafts;
}

}  // namespace

const Rewrite add_column = {
    .id = "add_column",
    .naive =
        "`ADD COLUMN` with a volatile default, `SERIAL`, `IDENTITY`, `CHECK`, `UNIQUE`, `REFERENCES` beside a "
        "default, or `NOT NULL` that a later `UPDATE` of the revision makes true",
    .online =
        "the bare column; its default for new rows; the old rows in batches; then `NOT NULL` and constraints, each "
        "the gentle way",
    .needs =
        "no stored generated column and no domain with a constraint; where rows are filled, no trigger on `UPDATE`, "
        "rule or policy on the table, which `ALTER TABLE` would pass by, and rows that can be walked in batches",
    .same = "the column stands where it would, with the same default, sequence and constraints under the same names",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
