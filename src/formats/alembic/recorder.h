// What: where op.* calls and .create()/.drop() of types put their operations while a revision is evaluated.
// Must not know: Python syntax, SQL.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/identifier.h"
#include "formats/format.h"
#include "model/authored.h"
#include "model/schema.h"

namespace bascule::formats::alembic {

class Recorder {
 public:
  explicit Recorder(EvaluationTarget target) : target_(std::move(target)) {}
  const EvaluationTarget& target() const { return target_; }
  void record(model::Operation operation, Location where, std::string written_as) {
    operations_.push_back({std::move(operation), std::move(where), std::move(written_as), autocommit_depth_ > 0});
  }
  /// Notes a foreign key of a CREATE TABLE that the table is made without.
  void leave_out(const QualifiedName& table, const model::ForeignKey& key, Location where) {
    left_out_.push_back({table, key, std::move(where)});
  }
  /// A warning for each left-out key that no operation recorded so far adds.
  Diagnostics warnings() const;
  void enter_autocommit() { ++autocommit_depth_; }
  void leave_autocommit() { --autocommit_depth_; }
  std::vector<model::AuthoredOperation> take() { return std::move(operations_); }

 private:
  struct LeftOutKey {
    QualifiedName table;
    model::ForeignKey key;
    Location where;
  };

  EvaluationTarget target_;
  std::vector<model::AuthoredOperation> operations_;
  std::vector<LeftOutKey> left_out_;
  int autocommit_depth_ = 0;
};

}  // namespace bascule::formats::alembic
