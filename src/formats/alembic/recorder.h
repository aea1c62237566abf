// What: where op.* calls and .create()/.drop() of types put their operations while a revision is evaluated.
// Must not know: Python syntax, SQL.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/format.h"
#include "model/authored.h"

namespace bascule::formats::alembic {

class Recorder {
 public:
  explicit Recorder(EvaluationTarget target) : target_(std::move(target)) {}
  const EvaluationTarget& target() const { return target_; }
  void record(model::Operation operation, Location where, std::string written_as) {
    operations_.push_back({std::move(operation), std::move(where), std::move(written_as), autocommit_depth_ > 0});
  }
  void enter_autocommit() { ++autocommit_depth_; }
  void leave_autocommit() { --autocommit_depth_; }
  std::vector<model::AuthoredOperation> take() { return std::move(operations_); }

 private:
  EvaluationTarget target_;
  std::vector<model::AuthoredOperation> operations_;
  int autocommit_depth_ = 0;
};

}  // namespace bascule::formats::alembic
