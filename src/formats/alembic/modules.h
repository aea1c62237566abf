// What: the modules that migrations import and that Bascule knows: alembic, sqlalchemy and its dialects, sqlmodel.
// Must not know: files, revisions.
// Invariants: namespaces are made once a project, when first imported; natives reach what changes (the recorder)
// through the Context. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "evaluate/interpreter.h"
#include "formats/alembic/op_context.h"
#include "formats/alembic/source_modules.h"

namespace bascule::formats::alembic {

class Modules final : public evaluate::ModuleProvider {
 public:
  explicit Modules(model::NamingConvention naming);
  /// Starts an evaluation: what natives record from now on is for this revision and target.
  void begin(const std::string& revision, const EvaluationTarget& target);
  /// From now on, what the project's own modules hold is read from their files. environment outlives this.
  void use_sources(SourceSettings settings, const std::map<std::string, std::string>& environment);
  Context& context() { return context_; }
  std::optional<Value> import_module(std::string_view dotted_name) override;
  std::string instead_of_unknown_call() const override;
  /// The object `op`.
  const Value& op();

 private:
  std::optional<Value> make(std::string_view dotted_name);
  Value make_sqlalchemy(const std::string& dotted_name);
  const std::unordered_map<std::string, Value>& sqlalchemy_members();
  Value make_dialects();

  Context context_;
  std::optional<Value> op_;
  std::unordered_map<std::string, std::optional<Value>> made_;
  std::unordered_map<std::string, Value> sqlalchemy_members_;
  std::unique_ptr<SourceModules> sources_;
};

}  // namespace bascule::formats::alembic
