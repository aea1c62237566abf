// What: a schema learnt from migrations without a database of their own. Internal to app/schema.
// Must not know: printing.
#pragma once

#include <string>
#include <vector>

#include "app/workspace.h"
#include "model/authored.h"
#include "model/schema.h"

namespace bascule::app {

/// What one revision does, in the order in which it runs.
struct Chapter {
  std::string revision;
  std::vector<model::AuthoredOperation> operations;
};

/// Everything from an empty database to the target. What depends on rows is in warnings, as far as it is known.
Outcome<std::vector<Chapter>> chapters_to(const Workspace& workspace, const dialects::Dialect& dialect,
                                          const std::string& target, Diagnostics& warnings);

/// Applies operations to a schema; raw SQL is understood first. What is not known is a warning at its place.
void apply_chapter(model::Schema& schema, const Chapter& chapter, const dialects::Dialect& dialect,
                   Diagnostics& warnings);

/// The schema after the chapters, by running them on an empty database in memory. For dialects that have such.
Outcome<model::Schema> schema_of_twin(const std::vector<Chapter>& chapters, const dialects::Dialect& dialect,
                                      const dialects::IntrospectOptions& options, Diagnostics& warnings);

/// The schema after the chapters: by running them on a twin where there can be one, else by applying them.
Outcome<model::Schema> schema_after(const std::vector<Chapter>& chapters, const dialects::Dialect& dialect,
                                    const dialects::IntrospectOptions& options, Diagnostics& warnings);

/// What to leave out of a schema: the history table of the project, or of any format where there is none.
dialects::IntrospectOptions introspect_options(const Workspace* workspace);

}  // namespace bascule::app
