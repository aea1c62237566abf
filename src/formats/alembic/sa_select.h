// What: queries as scripts build them: select(), union(), exists(), and Session.query on tables.
// Must not know: rendering, connections.
// Invariants: a query object is never changed; its methods return a bigger one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/alembic/sa_from.h"

namespace bascule::formats::alembic {

/// How the cells of one column of a result are named and read.
struct ResultColumn {
  std::string key;                   ///< empty: as the database names it
  std::shared_ptr<TypeObject> type;  ///< null: as the database types them
  std::optional<model::Type> model_type;
};

class Mapper;

class SelectObject final : public evaluate::Object {
 public:
  /// A mapped class among what is asked for: its columns stand from `first` on; names: their attributes.
  struct Entity {
    std::shared_ptr<Mapper> mapper;
    std::size_t first = 0;
    std::vector<std::string> names;
  };
  const std::vector<Entity>& entities() const { return entities_; }
  /// Whether one mapped class, and nothing else, is asked for.
  bool is_one_entity() const { return entities_.size() == 1 && entities_.front().names.size() == columns_.size(); }
  explicit SelectObject(Recorder& recorder) : recorder_(recorder) {}
  const model::SelectExpr& query() const { return query_; }
  const std::vector<ResultColumn>& columns() const { return columns_; }
  /// Adds what select() is given: a column, an expression, a table (all its columns), a list of them (SQLAlchemy 1.3).
  void add_column(Interpreter& interpreter, const Value& value);
  void add_condition(Interpreter& interpreter, const Value& value);
  void add_from(Interpreter& interpreter, const Value& value);
  /// Several queries joined by UNION and its like.
  void combine(Interpreter& interpreter, const std::string& words, const std::vector<Value>& parts);
  /// The query as a value: (SELECT ...).
  model::Expression as_expression() const { return Box<model::SelectExpr>(query_); }
  std::optional<model::Type> value_type() const;
  std::shared_ptr<AliasClause> named(const std::string& name, bool common) const;

  std::string type_name() const override { return query_.parts.empty() ? "Select" : "CompoundSelect"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  bool truth(Interpreter& interpreter) override;

 private:
  using Method = void (SelectObject::*)(Interpreter&, const evaluate::Arguments&);
  static Method find_method(std::string_view name);
  std::shared_ptr<SelectObject> self() const;
  /// Notes what aliases an expression speaks of.
  model::Expression known(model::Expression expression);
  void note_aliases(const model::FromItem& item);
  std::string unique_label(const std::string& wanted) const;
  void add_named(model::Expression expression, const std::string& label, std::shared_ptr<TypeObject> type,
                 std::optional<model::Type> model_type);
  void add_join(Interpreter& interpreter, const evaluate::Arguments& arguments, bool outer);
  model::Expression order_key(Interpreter& interpreter, const Value& value, const std::string& needed_for);

  void where(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void filter_by(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void select_from(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void join(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void outer_join(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void join_from(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void order_by(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void group_by(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void having(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void limit(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void offset(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void distinct(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void lock(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void correlate(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void add_columns(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void only_columns(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void options(Interpreter& interpreter, const evaluate::Arguments& arguments);
  void nothing(Interpreter&, const evaluate::Arguments&) {}
  void add_entity(Interpreter& interpreter, const std::shared_ptr<Mapper>& mapper);

  model::SelectExpr query_;
  std::vector<ResultColumn> columns_;
  std::vector<Value> given_;  ///< what add_column was given, for filter_by
  std::vector<Entity> entities_;
  Value joined_;  ///< what was joined last
  Recorder& recorder_;
};

/// EXISTS (query): an expression that can still be narrowed.
class ExistsObject final : public ExpressionObject {
 public:
  explicit ExistsObject(std::shared_ptr<SelectObject> query);
  std::string type_name() const override { return "Exists"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;

 private:
  std::shared_ptr<SelectObject> query_;
};

/// select(columns).where(condition).
Value make_select(Interpreter& interpreter, const std::vector<Value>& columns, const std::optional<Value>& condition,
                  Recorder& recorder);
/// Aliases that an expression names: for the statements that read other tables.
std::vector<model::FromItem> aliases_in(const std::vector<const model::Expression*>& expressions, Recorder& recorder);
/// The columns of RETURNING, with how their cells are read.
std::vector<model::SelectColumn> to_columns(Interpreter& interpreter, const std::vector<Value>& values,
                                            Recorder& recorder, std::vector<ResultColumn>& read);
/// select, exists, union ..., join, outerjoin, alias, subquery, over ...
std::unordered_map<std::string, Value> select_members(Recorder& recorder);

}  // namespace bascule::formats::alembic
