// What: packages beside SQLAlchemy whose names migrations import: Flask-SQLAlchemy's `db`, sqlalchemy.ext.mutable,
// sqlalchemy_utils' column types.
// Must not know: the application.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "formats/alembic/op_context.h"

namespace bascule::formats::alembic {

/// db = SQLAlchemy(): SQLAlchemy's names, a base class (db.Model) and a session on the migration's connection.
class FlaskDatabase final : public evaluate::Object {
 public:
  FlaskDatabase(Context& context, std::unordered_map<std::string, Value> members);
  std::string type_name() const override { return "SQLAlchemy"; }
  bool callable() const override { return true; }
  /// SQLAlchemy(app, ...): itself, since there is one database.
  Value call(Interpreter& interpreter, evaluate::Arguments& arguments) override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;

 private:
  std::unordered_map<std::string, Value> members_;
};

/// Whether a class of the application derives from it.
bool derives_from_flask(const Value& klass);
Value flask_module(Context& context, std::unordered_map<std::string, Value> sqlalchemy);
/// sqlalchemy.ext.mutable: as_mutable(type) is the type.
Value mutable_module();
/// sqlalchemy_utils and its parts; nullopt: another module.
std::optional<Value> type_package_module(std::string_view dotted_name, Recorder& recorder);

}  // namespace bascule::formats::alembic
