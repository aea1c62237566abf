// What: what a database offers to plans that run while an application works: how a step's effect is seen in the
// catalog, which changes of rows may be split, what is asked of the server meanwhile.
// Must not know: the run loop, rewrites.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "dialects/server.h"
#include "model/operation.h"
#include "model/schema.h"
#include "plan/online.h"

namespace bascule::dialects {

class OnlineDialect {
 public:
  virtual ~OnlineDialect() = default;
  /// What can be read of one atomic operation's effect. before: the schema that it finds.
  virtual plan::Guard guard(const model::Operation& atomic, const model::Schema& before,
                            const Server& server) const = 0;
  /// One whole-table UPDATE or DELETE as batches, or why it has to stay whole ("it reads other rows of orders").
  virtual Result<plan::Backfill, std::string> batches(std::string_view statement,
                                                      const model::Schema& before) const = 0;
  virtual const plan::OnlineWords& words() const = 0;
};

}  // namespace bascule::dialects
