// What: what bind.execute() gives with a live database: rows, already read, in the shapes that scripts take them.
// Must not know: connections.
// Invariants: rows are read fully when the statement is executed, so that statements inside a loop over them change
// nothing about the loop; what has been fetched is not given again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/interpreter.h"
#include "evaluate/value.h"

namespace bascule::formats::alembic {

using evaluate::Interpreter;
using evaluate::Value;

/// A row: a tuple whose items have names too.
class RowObject final : public evaluate::Object {
 public:
  RowObject(std::shared_ptr<const std::vector<std::string>> keys, std::vector<Value> cells)
      : keys_(std::move(keys)), cells_(std::move(cells)) {}
  const std::vector<Value>& cells() const { return cells_; }
  const std::vector<std::string>& keys() const { return *keys_; }
  /// {key: cell}
  Value mapping() const;
  std::string type_name() const override { return "Row"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override;
  std::optional<std::vector<Value>> iterate(Interpreter&) override { return cells_; }
  std::optional<std::int64_t> length(Interpreter&) override { return static_cast<std::int64_t>(cells_.size()); }
  std::optional<bool> contains(Interpreter&, const Value& item) override;
  std::optional<Value> binary(Interpreter& interpreter, evaluate::BinaryOperator op, const Value& other,
                              bool reflected) override;
  bool truth(Interpreter&) override { return !cells_.empty(); }
  bool equals(const evaluate::Object& other) const override;
  std::size_t hash() const override;
  std::string repr(Interpreter& interpreter) override;

 private:
  Value as_tuple() const { return evaluate::make_tuple(cells_); }
  std::shared_ptr<const std::vector<std::string>> keys_;
  std::vector<Value> cells_;
};

/// What a statement did and gave. Views of it (scalars(), mappings()) take rows from the same place.
struct ResultState {
  std::shared_ptr<const std::vector<std::string>> keys;
  std::vector<std::vector<Value>> rows;
  std::size_t next = 0;
  bool gives_rows = false;
  std::int64_t affected = -1;
  std::optional<Value> inserted_key;  ///< a tuple
};

class ResultObject final : public evaluate::Object {
 public:
  /// kRows: Row objects; kScalars: one column's cells; kMappings: dicts.
  enum class Shape { kRows, kScalars, kMappings };
  explicit ResultObject(std::shared_ptr<ResultState> state, Shape shape = Shape::kRows, std::size_t column = 0)
      : state_(std::move(state)), shape_(shape), column_(column) {}
  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override;
  bool truth(Interpreter&) override { return true; }

 private:
  using Method = Value (ResultObject::*)(Interpreter&, const evaluate::Arguments&);
  static Method find_method(std::string_view name);
  Value shaped(std::vector<Value> cells) const;
  std::vector<Value> take(std::size_t most);
  void need_rows() const;
  std::optional<Value> only(bool none_allowed);
  std::size_t column_of(const evaluate::Arguments& arguments, std::size_t otherwise) const;

  Value all(Interpreter&, const evaluate::Arguments&);
  Value first(Interpreter&, const evaluate::Arguments&);
  Value one(Interpreter&, const evaluate::Arguments&);
  Value one_or_none(Interpreter&, const evaluate::Arguments&);
  Value fetch_one(Interpreter&, const evaluate::Arguments&);
  Value fetch_many(Interpreter&, const evaluate::Arguments&);
  Value partitions(Interpreter&, const evaluate::Arguments&);
  Value scalar(Interpreter&, const evaluate::Arguments&);
  Value scalar_one(Interpreter&, const evaluate::Arguments&);
  Value scalar_one_or_none(Interpreter&, const evaluate::Arguments&);
  Value scalars(Interpreter&, const evaluate::Arguments&);
  Value mappings(Interpreter&, const evaluate::Arguments&);
  Value unique(Interpreter&, const evaluate::Arguments&);
  Value keys(Interpreter&, const evaluate::Arguments&);
  Value close(Interpreter&, const evaluate::Arguments&);
  Value itself(Interpreter&, const evaluate::Arguments&);

  std::shared_ptr<ResultState> state_;
  Shape shape_;
  std::size_t column_;
};

}  // namespace bascule::formats::alembic
