// What: a session's objects: which row each one is, what of it was loaded, and what flush() writes.
// Must not know: how queries are built from scripts (orm_query), drivers.
// Invariants: one object for each row that was loaded; what was loaded is compared with what the object holds now, so
// that only what changed is written; rows are written in the order in which SQLAlchemy writes them: tables that others
// refer to first, new objects in the order in which they were added.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/alembic/orm_mapper.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

class UnitOfWork;

/// What a session knows of an object. Kept in the object itself, where SQLAlchemy keeps its own.
class EntityState final : public evaluate::Object {
 public:
  std::string type_name() const override { return "InstanceState"; }
  std::weak_ptr<UnitOfWork> work;
  std::map<std::string, Value, std::less<>> loaded;   ///< columns as the database had them
  std::vector<std::string> wanted;                    ///< columns that are read when it is read again
  std::map<std::string, Value, std::less<>> fetched;  ///< relationships: a copy of what was given
  bool persistent = false;
  bool expired = false;
};
/// Whether a relationship is many to one: a foreign key of the class's own table.
bool leads_to_one(Interpreter& interpreter, const Mapper& mapper, const std::string& name,
                  const Relationship& relationship);
using InstancePtr = std::shared_ptr<evaluate::Instance>;
/// Null: no session has seen it.
std::shared_ptr<EntityState> state_of(const evaluate::Instance& instance);

class UnitOfWork final : public std::enable_shared_from_this<UnitOfWork> {
 public:
  explicit UnitOfWork(Context& context) : context_(context) {}
  Context& context() const { return context_; }
  bool autoflush = true;
  bool expires_on_commit = true;

  void add(const InstancePtr& instance);
  void remove(Interpreter& interpreter, const InstancePtr& instance);
  void expunge(const InstancePtr& instance);
  void clear();
  bool holds(const InstancePtr& instance) const;
  const std::vector<InstancePtr>& pending() const { return pending_; }
  const std::vector<InstancePtr>& deleted() const { return deleted_; }
  std::vector<InstancePtr> changed(Interpreter& interpreter) const;

  /// Writes what is new, changed and deleted. Without a live database it is recorded.
  void flush(Interpreter& interpreter, const Location& where);
  void flush_for_query(Interpreter& interpreter, const Location& where) {
    if (autoflush) flush(interpreter, where);
  }
  /// What is asked for from now on is read again.
  void expire_all();
  void expire(const InstancePtr& instance);
  void expire_table(const QualifiedName& table);

  /// Rows of a query, with its entities made one cell each.
  void make_entities(Interpreter& interpreter, const SelectObject& query, std::vector<std::string>& keys,
                     std::vector<std::vector<Value>>& rows);
  /// The object of that primary key: known, or read now. None: there is no such row. Opaque without a live database.
  Value get(Interpreter& interpreter, const std::shared_ptr<Mapper>& mapper, const std::vector<Value>& key,
            const Location& where);
  /// Reads columns of a known object.
  void load(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
            const std::vector<std::string>& names);
  Value load_relationship(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper,
                          const std::string& name, const Relationship& relationship);
  /// A query's result: rows, or an opaque value.
  Value execute(Interpreter& interpreter, const Value& statement, const Value& parameters, const Location& where,
                const std::string& name);

 private:
  std::string identity(Interpreter& interpreter, const Mapper& mapper, const std::vector<Value>& key) const;
  std::vector<Value> key_of(const evaluate::Instance& instance, const Mapper& mapper) const;
  Value entity(Interpreter& interpreter, const SelectObject::Entity& slot, const std::vector<Value>& cells);
  void insert(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper, const Location& where);
  void update(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper, const Location& where);
  void erase(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper, const Location& where);
  void follow_relationships(Interpreter& interpreter, const InstancePtr& instance, const Mapper& mapper);
  Value with_key(Interpreter& interpreter, Value statement, const evaluate::Instance& instance, const Mapper& mapper);
  void forget_unused();

  Context& context_;
  std::map<std::string, InstancePtr> known_;  ///< by table and primary key
  std::vector<InstancePtr> order_;            ///< the known ones, as they were loaded
  std::vector<InstancePtr> pending_;
  std::vector<InstancePtr> deleted_;
};

}  // namespace bascule::formats::alembic
