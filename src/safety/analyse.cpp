#include "safety/analyse.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "dialects/mariadb/mariadb.h"
#include "dialects/read_twice.h"
#include "model/apply.h"
#include "model/lookup.h"
#include "safety/collect.h"
#include "safety/way_back.h"

namespace bascule::safety {

namespace {

unsigned database_of(const dialects::Dialect& dialect) {
  if (dialects::is_mariadb(dialect.name())) return kMariadb;
  return dialect.name() == "sqlite" ? kSqlite : kPostgres;
}

/// The rules that speak of this database, by what they look at.
struct Rules {
  std::vector<const Rule*> of_statements, of_revisions, of_chains;

  explicit Rules(unsigned database) {
    for (const Rule* rule : all_rules()) {
      if ((rule->databases & database) == 0) continue;
      if (rule->on_statement != nullptr) of_statements.push_back(rule);
      if (rule->on_revision != nullptr) of_revisions.push_back(rule);
      if (rule->on_chain != nullptr) of_chains.push_back(rule);
    }
  }
};

/// A rebuild's changes one by one, as a statement's would be.
dialects::Understood meaning_of(const model::BatchAlter& batch) {
  dialects::Understood out;
  for (const model::BatchItem& item : batch.items)
    std::visit([&](const auto& operation) { out.operations.emplace_back(operation); }, item);
  if (batch.recreate == model::Recreate::kAlways) {
    for (const model::Constraint& constraint : batch.table_constraints)
      out.operations.emplace_back(model::AddConstraint{batch.table, constraint, false});
    for (const model::Index& index : batch.table_indexes)
      out.operations.emplace_back(model::CreateIndex{batch.table, index, false});
  }
  out.parsed = out.complete = true;
  out.statement_kind = "rebuild";
  out.touches.push_back({batch.table, dialects::Touch::Kind::kAlter});
  return out;
}

/// Whether all that the statement does to the schema is in its operations.
bool is_certain(const dialects::Understood& meaning) {
  return meaning.complete || meaning.changes_nothing || meaning.keeps_schema;
}

/// SET search_path and its like: names without a schema mean something else from then on.
bool may_move_names(const StatementView& statement) {
  return statement.meaning.changes_nothing && strcasestr(statement.sql.c_str(), "search_path") != nullptr;
}

}  // namespace

/// A migration; its statements are understood by the thread that has the time.
struct Analysis::Piece {
  Migration migration;
  bool understood = false;
  std::vector<dialects::Understood> upgrade, downgrade;
};

class Analysis::State {
 public:
  State(Chain chain, model::Schema start, LevelOf level_of, NewIn new_in)
      : chain_(std::move(chain)),
        dialect_(*chain_.dialect),
        rules_(database_of(dialect_)),
        schema_(std::move(start)),
        behind_(schema_),
        level_of_(std::move(level_of)),
        collector_(chain_, level_of_),
        new_in_(new_in),
        complete_(chain_.server.schema_complete) {
    chain_.one_deploy = new_in == NewIn::kRun;
  }

  void understand(Piece& piece) const {
    const Migration& migration = piece.migration;
    std::optional<dialects::ReadTwice> twice;  // judge() asks for the impact
    if (migration.revision.selected) twice.emplace();
    for (const Authored& one : migration.upgrade) piece.upgrade.push_back(meaning(one));
    if (migration.revision.selected)
      for (const Authored& one : migration.downgrade) piece.downgrade.push_back(meaning(one));
    piece.understood = true;
  }

  void add(Piece piece) {
    if (!piece.understood) understand(piece);
    Migration& migration = piece.migration;
    chain_.revisions.push_back(std::move(migration.revision));
    const std::size_t number = chain_.revisions.size() - 1;
    if (revision(number).selected && new_in_ == NewIn::kRevision) new_tables_.clear();
    go_up(number, std::move(migration.upgrade), std::move(piece.upgrade));
    if (!revision(number).selected) return;
    go_down(number, std::move(migration.downgrade), std::move(piece.downgrade));
    collector_.look_at(&revision(number), nullptr);
    const RevisionContext context{chain_, revision(number),
                                  [&]() -> const model::Schema& { return before(revision(number)); }, schema_,
                                  new_tables_};
    for (const Rule* rule : rules_.of_revisions) rule->on_revision(context, *rule, collector_);
  }

  LintResult finish() {
    chain_.schema_end = std::move(schema_);
    collector_.look_at(nullptr, nullptr);
    const ChainContext context{chain_};
    for (const Rule* rule : rules_.of_chains) rule->on_chain(context, *rule, collector_);
    LintResult out;
    out.findings = collector_.take();
    for (const RevisionView& one : chain_.revisions) {
      if (!one.selected) continue;
      ++out.revisions;
      out.statements += one.upgrade_end - one.upgrade_begin + one.downgrade_end - one.downgrade_begin;
    }
    out.chain = std::move(chain_);
    return out;
  }

 private:
  RevisionView& revision(std::size_t number) { return chain_.revisions[number]; }

  dialects::Understood meaning(const Authored& authored) const {
    return authored.rebuild ? meaning_of(*authored.rebuild) : dialect_.understand(authored.sql);
  }

  static StatementView view_of(Authored& authored, dialects::Understood meaning, std::size_t number,
                               model::Direction direction) {
    StatementView view;
    view.meaning = std::move(meaning);
    view.sql = std::move(authored.sql);
    view.location = std::move(authored.location);
    view.operation = authored.operation;
    view.authored_sql = authored.authored_sql;
    view.revision = number;
    view.transaction = authored.transaction;
    view.direction = direction;
    return view;
  }

  void go_up(std::size_t number, std::vector<Authored> statements, std::vector<dialects::Understood> meanings) {
    const bool selected = revision(number).selected;
    revision(number).upgrade_begin = chain_.statements.size();
    for (std::size_t i = 0; i < statements.size(); ++i) {
      Authored& authored = statements[i];
      chain_.statements.push_back(view_of(authored, std::move(meanings[i]), number, model::Direction::kUpgrade));
      StatementView& statement = chain_.statements.back();
      if (selected) judge(statement, authored, schema_, new_tables_);
      const bool applied = apply(statement, schema_, selected);
      // What it has made or dropped unseen, nobody knows any more; nor what a name stands for behind another path.
      if (!applied || !is_certain(statement.meaning) || may_move_names(statement)) complete_ = false;
    }
    revision(number).upgrade_end = chain_.statements.size();
  }

  /// The way down runs on that part of the schema that it and the way up touch: a copy of the whole for each revision
  /// would cost more than everything else.
  void go_down(std::size_t number, std::vector<Authored> statements, std::vector<dialects::Understood> meanings) {
    RevisionView& own = revision(number);
    own.downgrade_begin = chain_.statements.size();
    std::vector<StatementView> down;
    down.reserve(statements.size());
    for (std::size_t i = 0; i < statements.size(); ++i)
      down.push_back(view_of(statements[i], std::move(meanings[i]), number, model::Direction::kDowngrade));
    const bool comparable = own.downgrade_written && own.downgrade_known && own.has_upgrade;
    if (!down.empty() || comparable) {
      std::vector<const StatementView*> both;
      for (std::size_t i = own.upgrade_begin; i < own.upgrade_end; ++i) both.push_back(&chain_.statements[i]);
      for (const StatementView& statement : down) both.push_back(&statement);
      bool certain = comparable && std::all_of(both.begin(), both.end(), [](const StatementView* one) {
                       return is_certain(one->meaning) && (one->impact.refused.empty());
                     });
      std::set<std::string> names = with_neighbours(schema_, named_in(both));
      const model::Schema& old = before(own);
      names.merge(with_neighbours(old, names));
      model::Schema near = part_of(schema_, names);
      certain = certain && unapplied_ != number;
      std::set<std::string> new_tables;
      for (std::size_t i = 0; i < down.size(); ++i) {
        chain_.statements.push_back(std::move(down[i]));
        StatementView& statement = chain_.statements.back();
        judge(statement, statements[i], near, new_tables);
        certain = apply(statement, near, true) && certain;
      }
      if (certain) own.left_over = left_over(part_of(old, names), near, dialect_);
    }
    own.downgrade_end = chain_.statements.size();
  }

  /// Asks the lock model and the rules.
  void judge(StatementView& statement, const Authored& authored, const model::Schema& before,
             std::set<std::string>& new_tables) {
    dialects::Server server = chain_.server;
    // A way down is given that part of the schema only that it touches.
    server.schema_complete = complete_ && statement.direction == model::Direction::kUpgrade;
    statement.impact = authored.rebuild ? dialect_.impact(*authored.rebuild, before, server)
                                        : dialect_.impact(statement.sql, before, server);
    if (!server.schema_complete) doubt_absence(statement.impact);
    const RevisionView& own = revision(statement.revision);
    collector_.look_at(&own, &statement);
    const StatementContext context{chain_, own, statement, before, new_tables};
    for (const Rule* rule : rules_.of_statements) rule->on_statement(context, *rule, collector_);
    remember_new(statement, before, new_tables);
  }

  /// Files tell what they make, not what else is there: a revision that could not be read may have made it.
  static void doubt_absence(plan::Impact& impact) {
    constexpr std::string_view kKinds[] = {"table ", "index ", "column ", "view "};
    constexpr std::string_view kAbsent = "there is no ";
    if (!impact.refused.starts_with(kAbsent)) return;
    const std::string_view what = std::string_view(impact.refused).substr(kAbsent.size());
    if (std::none_of(std::begin(kKinds), std::end(kKinds),
                     [&](std::string_view kind) { return what.starts_with(kind); }))
      return;
    impact.assumptions.push_back(std::string(what) + " is not known: taken to be there");
    impact.refused.clear();
  }

  static void remember_new(const StatementView& statement, const model::Schema& before,
                           std::set<std::string>& new_tables) {
    const auto make = [&](const QualifiedName& name) {
      if (model::find_table(before, name) == nullptr) new_tables.insert(model::name_key(name));
    };
    for (const QualifiedName& name : statement.impact.creates) make(name);
    for (const model::Operation& operation : statement.meaning.operations) {
      if (const auto* created = std::get_if<model::CreateTable>(&operation)) {
        make(created->table.name);
      } else if (const auto* renamed = std::get_if<model::RenameTable>(&operation)) {
        if (new_tables.contains(model::name_key(renamed->table)))
          new_tables.insert(model::name_key({renamed->table.schema, renamed->new_name}));
      }
    }
  }

  /// False: its effect is not known in full. What cannot be applied is remembered at the statement, never in the way.
  bool apply(StatementView& statement, model::Schema& schema, bool remember) {
    const dialects::Understood& meaning = statement.meaning;
    if (meaning.changes_nothing) return true;
    if (meaning.if_table_exists && !tables_known(meaning, schema)) return true;
    bool all = true;
    for (const model::Operation& operation : meaning.operations) {
      if (std::holds_alternative<model::RawSql>(operation)) continue;
      if (auto applied = model::apply(schema, operation); applied) {
        dialect_.complete(schema, operation);
      } else {
        all = false;
        if (remember) statement.impact.assumptions.push_back("not replayed: " + model::problem_text(applied.error()));
      }
    }
    if (!all && remember && statement.direction == model::Direction::kUpgrade) unapplied_ = statement.revision;
    return all;
  }

  static bool tables_known(const dialects::Understood& meaning, const model::Schema& schema) {
    return std::all_of(meaning.touches.begin(), meaning.touches.end(), [&](const dialects::Touch& touch) {
      return touch.kind != dialects::Touch::Kind::kAlter || model::find_table(schema, touch.relation) != nullptr;
    });
  }

  /// The schema that the revision finds, without copying it and for those who ask only: what ran since is done to an
  /// older one again.
  const model::Schema& before(const RevisionView& own) {
    for (; caught_up_ < own.upgrade_begin; ++caught_up_) {
      StatementView& statement = chain_.statements[caught_up_];
      if (statement.direction == model::Direction::kUpgrade) apply(statement, behind_, false);
    }
    return behind_;
  }

  Chain chain_;
  const dialects::Dialect& dialect_;
  Rules rules_;
  model::Schema schema_;
  model::Schema behind_;  ///< before the revision that was asked for last; statements before caught_up_ are in it
  std::size_t caught_up_ = 0;
  LevelOf level_of_;
  Collector collector_;
  NewIn new_in_;
  bool complete_;  ///< Server::schema_complete, and nothing unseen has happened since
  std::set<std::string> new_tables_;
  std::size_t unapplied_ = static_cast<std::size_t>(-1);  ///< the last revision whose way up could not be replayed
};

Analysis::Analysis(Chain chain, model::Schema start, LevelOf level_of, NewIn new_in)
    : state_(std::make_unique<State>(std::move(chain), std::move(start), std::move(level_of), new_in)),
      belt_(std::make_unique<Belt<Piece>>([this](Piece piece) { state_->add(std::move(piece)); })) {}
Analysis::~Analysis() = default;
void Analysis::add(Migration migration) {
  Piece piece;
  piece.migration = std::move(migration);
  if (!belt_->is_starved()) state_->understand(piece);
  belt_->put(std::move(piece));
}
LintResult Analysis::finish() && {
  belt_->finish();
  return state_->finish();
}

}  // namespace bascule::safety
