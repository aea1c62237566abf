// What: declarative classes that a migration (or the application) maps to tables: which attribute is which column, and
// relationships as far as they are read.
// Must not know: sessions, connections.
// Invariants: a class is mapped once, when its body has been evaluated; its columns are no longer among the class's own
// names: the class gives them by attribute(), an instance keeps only what it was given or loaded.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evaluate/objects.h"
#include "formats/alembic/sa_schema.h"

namespace bascule::formats::alembic {

/// relationship(...): read when an instance is asked for it.
class Relationship final : public evaluate::Object {
 public:
  Value target;                 ///< a class, its name, or a function that gives it; None: the annotation says it
  Value secondary;              ///< a Table, or a function that gives it
  std::optional<bool> uselist;  ///< unset: by the direction
  std::optional<Value> order_by;
  std::string unread;      ///< an argument that changes what is read, and that Bascule does not follow
  std::string annotation;  ///< "Mapped[list[Tag]]"
  std::string type_name() const override { return "Relationship"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
};

/// What declarative_base() gives, and what a class that derives from DeclarativeBase becomes.
class DeclarativeBase final : public evaluate::Object {
 public:
  DeclarativeBase(Context& context, std::shared_ptr<MetaDataItem> metadata)
      : context_(context), metadata_(std::move(metadata)) {}
  Context& context() const { return context_; }
  const std::shared_ptr<MetaDataItem>& metadata() const { return metadata_; }
  /// The mapped class of that name; null: there is none, or none any more.
  std::shared_ptr<evaluate::ClassObject> find_class(std::string_view name) const;
  void remember(const std::shared_ptr<evaluate::ClassObject>& type) { classes_[type->name] = type; }

  std::string type_name() const override { return "DeclarativeMeta"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;

 private:
  Context& context_;
  std::shared_ptr<MetaDataItem> metadata_;
  std::map<std::string, std::weak_ptr<evaluate::ClassObject>, std::less<>> classes_;
};

/// A mapped class's other side: what evaluate::ClassObject::native_base is.
class Mapper final : public evaluate::Object {
 public:
  struct Attribute {
    std::string name;
    std::shared_ptr<ColumnItem> column;
    bool deferred = false;
  };

  explicit Mapper(std::shared_ptr<DeclarativeBase> base) : base_(std::move(base)) {}
  const DeclarativeBase& base() const { return *base_; }
  const Attribute* find(std::string_view name) const;
  const Attribute* find(const ColumnClause& column) const;
  std::vector<const Attribute*> key() const;
  /// The attribute that a synonym stands for, or the name itself.
  std::string_view real_name(std::string_view name) const;
  std::shared_ptr<evaluate::ClassObject> class_object() const { return type.lock(); }
  /// Refuses what is mapped in a way that Bascule does not follow.
  void check_usable(Interpreter& interpreter) const;

  std::string type_name() const override { return "Mapper"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;

  std::string name;
  std::shared_ptr<TableItem> table;
  std::vector<Attribute> attributes;
  std::map<std::string, std::shared_ptr<Relationship>, std::less<>> relationships;
  std::map<std::string, std::string, std::less<>> synonyms;
  std::map<std::string, Value, std::less<>> unknown;  ///< may be columns: their definition is not known
  std::string unusable;                               ///< inheritance and the like: why no query of it is made
  std::weak_ptr<evaluate::ClassObject> type;

 private:
  std::shared_ptr<DeclarativeBase> base_;
};

/// A column as a class's attribute, where the two have different names: rows call it by the attribute's.
class AttributeColumn final : public ColumnClause {
 public:
  AttributeColumn(const ColumnClause& column, std::string attribute)
      : ColumnClause(column.name(), column.type_object(), column.table()) {
    key = std::move(attribute);
  }
};

/// The mapper of a mapped class; null: the value is none.
std::shared_ptr<Mapper> mapper_of(const Value& value);
/// Of an instance's class.
std::shared_ptr<Mapper> mapper_of(const evaluate::Instance& instance);
/// A Table, or the table of a mapped class; null: neither.
std::shared_ptr<TableClause> table_of(const Value& value);

/// What __getattr__ of an instance asks when an attribute was neither given nor loaded. (orm_unit_of_work.cpp)
std::optional<Value> missing_attribute(Interpreter& interpreter, const std::shared_ptr<evaluate::Instance>& instance,
                                       const Mapper& mapper, std::string_view name);

/// What a Mapped[...] annotation says of a column.
struct AnnotatedColumn {
  bool nullable = false;
  std::optional<model::Type> type;  ///< unset: Bascule does not know it
};
std::optional<AnnotatedColumn> read_annotation(std::string_view text);

/// load_only(...), defer(...): which columns a query of a mapped class reads.
class LoadOption final : public evaluate::Object {
 public:
  std::vector<std::shared_ptr<ColumnClause>> columns;
  enum class Kind { kOnly, kDefer, kNothing } kind = Kind::kNothing;
  std::string type_name() const override { return "Load"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
};

/// declarative_base, DeclarativeBase, mapped_column, relationship ...: what belongs in sqlalchemy.orm.
std::unordered_map<std::string, Value> declarative_members(Context& context);
/// A base class as declarative_base() gives it.
Value make_declarative_base(Context& context, const std::shared_ptr<MetaDataItem>& metadata);

}  // namespace bascule::formats::alembic
