// What: an operation together with where its author wrote it: what evaluating a revision yields.
#pragma once

#include <string>

#include "base/source.h"
#include "model/operation.h"

namespace bascule::model {

struct AuthoredOperation {
  Operation operation;
  Location where;           ///< the call in the migration's file
  std::string written_as;   ///< as its author named it: "op.create_index", "batch_op.add_column"
  bool autocommit = false;  ///< inside autocommit_block(): runs outside a transaction
};

}  // namespace bascule::model
