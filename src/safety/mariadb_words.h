// What: questions that rules ask of statements for MariaDB.
// Must not know: single rules.
#pragma once

#include <string>

#include "dialects/mariadb/mariadb.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/scene.h"

namespace bascule::safety {

inline bool on_mariadb(const Chain& chain) {
  return chain.dialect != nullptr && dialects::is_mariadb(chain.dialect->name());
}

/// The lock that the statement takes on the table that it alters; null: it alters none in use.
inline const plan::LockUse* altering_lock(const StatementContext& context) {
  const plan::Impact& impact = context.statement.impact;
  if (impact.algorithm.empty() || impact.locks.empty()) return nullptr;
  const plan::LockUse& lock = impact.locks.front();
  return context.harmless(lock.relation) ? nullptr : &lock;
}

/// An earlier statement of the migration has switched the checks of foreign keys off.
inline bool foreign_key_checks_off(const StatementContext& context) {
  const auto setting = setting_in_force(context, "foreign_key_checks");
  return setting && (setting->value == "0" || setting->value == "off");
}

/// The statement adds a foreign key to a table that is there.
inline bool adds_foreign_key(const StatementContext& context) {
  for (const model::AddConstraint* add : context.all<model::AddConstraint>())
    if (std::holds_alternative<model::ForeignKey>(add->constraint)) return true;
  for (const model::AddColumn* add : context.all<model::AddColumn>())
    for (const model::Constraint& one : add->constraints)
      if (std::holds_alternative<model::ForeignKey>(one)) return true;
  return false;
}

/// What makes the table's rows be written anew or its writes wait, without the words that every ALTER has.
std::string why_so(const plan::Impact& impact);
/// "ALTER TABLE", "CREATE INDEX": the statement as MariaDB calls it.
std::string statement_name(const StatementView& statement);

}  // namespace bascule::safety
