#include "formats/alembic/orm_mapper.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "evaluate/error.h"
#include "formats/alembic/sa_exceptions.h"

namespace bascule::formats::alembic {

using evaluate::ClassObject;
using evaluate::Instance;
using evaluate::ObjectPtr;

std::optional<Value> Relationship::attribute(Interpreter&, std::string_view name) {
  if (name.starts_with("__")) return std::nullopt;
  refuse_unsupported("a relationship in an expression (." + std::string(name) + ")",
                     "write the join or the condition with columns");
}

std::shared_ptr<ClassObject> DeclarativeBase::find_class(std::string_view name) const {
  const auto found = classes_.find(name.substr(name.rfind('.') + 1));
  return found == classes_.end() ? nullptr : found->second.lock();
}

const Mapper::Attribute* Mapper::find(std::string_view wanted) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& one) { return one.name == wanted; });
  return found == attributes.end() ? nullptr : &*found;
}

const Mapper::Attribute* Mapper::find(const ColumnClause& column) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& one) {
    return one.column.get() == &column ||
           (one.column->name() == column.name() && one.column->table() == column.table());
  });
  return found == attributes.end() ? nullptr : &*found;
}

std::vector<const Mapper::Attribute*> Mapper::key() const {
  std::vector<const Attribute*> out;
  for (const Attribute& one : attributes) {
    if (one.column->primary_key) out.push_back(&one);
  }
  return out;
}

std::string_view Mapper::real_name(std::string_view wanted) const {
  const auto found = synonyms.find(wanted);
  return found == synonyms.end() ? wanted : std::string_view(found->second);
}

void Mapper::check_usable(Interpreter& interpreter) const {
  if (!unusable.empty()) refuse_unsupported("the mapped class " + name + ": " + unusable, "name its table: sa.table()");
  if (key().empty()) {
    for (const auto& [attribute, value] : unknown) {
      static_cast<void>(attribute);
      interpreter.refuse_opaque(value, "the primary key of the mapped class " + name);
    }
    raise_sqlalchemy("ArgumentError",
                     "Mapper " + name + " could not assemble any primary key columns for mapped table");
  }
}

std::optional<Value> Mapper::attribute(Interpreter& interpreter, std::string_view wanted) {
  if (const Attribute* found = find(real_name(wanted))) {
    if (found->name == found->column->name().text()) return Value(ObjectPtr(found->column));
    return Value(ObjectPtr(std::make_shared<AttributeColumn>(*found->column, found->name)));
  }
  if (const auto found = relationships.find(wanted); found != relationships.end())
    return Value(ObjectPtr(found->second));
  if (const auto found = unknown.find(wanted); found != unknown.end()) return found->second;
  if (wanted == "__table__") return Value(ObjectPtr(table));
  if (wanted == "__mapper__") return Value(ObjectPtr(shared_from_this()));
  return base_->attribute(interpreter, wanted);
}

std::shared_ptr<Mapper> mapper_of(const Value& value) {
  const auto klass = value.as<ClassObject>();
  return klass ? std::dynamic_pointer_cast<Mapper>(klass->native_base) : nullptr;
}

std::shared_ptr<Mapper> mapper_of(const Instance& instance) {
  return std::dynamic_pointer_cast<Mapper>(instance.type->native_base);
}

std::shared_ptr<TableClause> table_of(const Value& value) {
  if (auto table = value.as<TableClause>()) return table;
  const auto mapper = mapper_of(value);
  return mapper ? mapper->table : nullptr;
}

std::optional<AnnotatedColumn> read_annotation(std::string_view text) {
  const std::size_t open = text.find("Mapped[");
  if (open == std::string_view::npos || (open > 0 && text[open - 1] != '.')) return std::nullopt;
  std::string_view inner = text.substr(open + 7);
  if (!inner.empty() && inner.back() == ']') inner.remove_suffix(1);
  inner = trim(inner);
  while (inner.size() > 1 && (inner.front() == '"' || inner.front() == '\''))
    inner = trim(inner.substr(1, inner.size() - 2));
  AnnotatedColumn out;
  for (const std::string_view optional : {"Optional[", "typing.Optional[", "t.Optional["}) {
    if (!inner.starts_with(optional)) continue;
    out.nullable = true;
    inner = trim(inner.substr(optional.size(), inner.size() - optional.size() - 1));
  }
  for (const std::string_view none : {"| None", "|None"}) {
    if (!inner.ends_with(none)) continue;
    out.nullable = true;
    inner = trim(inner.substr(0, inner.size() - none.size()));
  }
  for (const std::string_view none : {"None | ", "None|"}) {
    if (!inner.starts_with(none)) continue;
    out.nullable = true;
    inner = trim(inner.substr(none.size()));
  }
  using Kind = model::ScalarKind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 14> kTypes = {{{"int", Kind::kInteger},
                                                                                {"str", Kind::kString},
                                                                                {"bool", Kind::kBoolean},
                                                                                {"float", Kind::kFloat},
                                                                                {"bytes", Kind::kLargeBinary},
                                                                                {"datetime", Kind::kDateTime},
                                                                                {"datetime.datetime", Kind::kDateTime},
                                                                                {"datetime.date", Kind::kDate},
                                                                                {"date", Kind::kDate},
                                                                                {"Decimal", Kind::kNumeric},
                                                                                {"decimal.Decimal", Kind::kNumeric},
                                                                                {"UUID", Kind::kUuid},
                                                                                {"uuid.UUID", Kind::kUuid},
                                                                                {"timedelta", Kind::kInterval}}};
  for (const auto& [name, kind] : kTypes) {
    if (inner != name) continue;
    model::ScalarType type;
    type.kind = kind;
    out.type = type;
  }
  return out;
}

std::optional<Value> LoadOption::attribute(Interpreter&, std::string_view name) {
  if (name.starts_with("__")) return std::nullopt;
  // joinedload(...).load_only(...): what it says of other classes is not read here.
  const auto self = std::static_pointer_cast<LoadOption>(shared_from_this());
  return evaluate::make_function("Load." + std::string(name), [self](Interpreter&, evaluate::Arguments&) {
    auto quiet = std::make_shared<LoadOption>();
    quiet->kind = self->kind;
    quiet->columns = self->columns;
    return Value(ObjectPtr(quiet));
  });
}

}  // namespace bascule::formats::alembic
