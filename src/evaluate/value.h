// What: the values of the evaluated language: Python's, as far as migrations use them, and native objects.
// Must not know: Alembic, SQL, databases. Natives are given by whoever evaluates (formats/).
// Invariants: containers and objects are shared by reference, as in Python; a Dict keeps insertion order, a Set too.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/source.h"

namespace bascule::evaluate {

struct List;
struct Tuple;
struct Dict;
struct Set;
class Object;
struct Opaque;
class Interpreter;

struct NoneType {
  bool operator==(const NoneType&) const = default;
};
struct Bytes {
  std::string data;
  bool operator==(const Bytes&) const = default;
};

using ListPtr = std::shared_ptr<List>;
using TuplePtr = std::shared_ptr<const Tuple>;
using DictPtr = std::shared_ptr<Dict>;
using SetPtr = std::shared_ptr<Set>;
using ObjectPtr = std::shared_ptr<Object>;
using OpaquePtr = std::shared_ptr<const Opaque>;

/// A value. Integers are 64 bits wide; arithmetic beyond is refused, never wrapped.
class Value {
 public:
  using Payload = std::variant<NoneType, bool, std::int64_t, double, std::string, Bytes, ListPtr, TuplePtr, DictPtr,
                               SetPtr, ObjectPtr, OpaquePtr>;
  Value() = default;
  template <class T>
  requires std::is_constructible_v<Payload, T> &&(!std::is_same_v<std::decay_t<T>, Value>)Value(T&& held)
      : payload_(std::forward<T>(held)) {}                            // NOLINT(google-explicit-constructor)
  Value(const char* text) : payload_(std::string(text)) {}            // NOLINT(google-explicit-constructor)
  Value(std::string_view text) : payload_(std::string(text)) {}       // NOLINT(google-explicit-constructor)
  Value(int number) : payload_(static_cast<std::int64_t>(number)) {}  // NOLINT(google-explicit-constructor)

  const Payload& payload() const { return payload_; }
  bool is_none() const { return std::holds_alternative<NoneType>(payload_); }
  bool is_opaque() const { return std::holds_alternative<OpaquePtr>(payload_); }
  const bool* as_bool() const { return std::get_if<bool>(&payload_); }
  const std::int64_t* as_int() const { return std::get_if<std::int64_t>(&payload_); }
  const double* as_float() const { return std::get_if<double>(&payload_); }
  const std::string* as_str() const { return std::get_if<std::string>(&payload_); }
  const Bytes* as_bytes() const { return std::get_if<Bytes>(&payload_); }
  List* as_list() const;
  const Tuple* as_tuple() const;
  Dict* as_dict() const;
  Set* as_set() const;
  const Opaque* as_opaque() const;
  /// The native object if it is one of class T.
  template <class T>
  std::shared_ptr<T> as() const {
    auto* object = std::get_if<ObjectPtr>(&payload_);
    return object ? std::dynamic_pointer_cast<T>(*object) : nullptr;
  }
  /// list and tuple (not str): their items; nullptr for anything else.
  const std::vector<Value>* as_sequence() const;

 private:
  Payload payload_;
};

/// Destroys values without recursing as deep as they are nested.
void release(std::vector<Value>&& values);

struct List {
  List() = default;
  explicit List(std::vector<Value> held) : items(std::move(held)) {}
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  ~List() { release(std::move(items)); }
  std::vector<Value> items;
};
struct Tuple {
  Tuple() = default;
  explicit Tuple(std::vector<Value> held) : items(std::move(held)) {}
  Tuple(const Tuple&) = delete;
  Tuple& operator=(const Tuple&) = delete;
  ~Tuple() { release(std::move(items)); }
  std::vector<Value> items;
};

/// What cannot be known without running the project's own code. Lazy: using it only fails when a decision or a
/// statement needs it. what: "myapp.models.User.__table__"; origin: where the name came from (its import).
struct Opaque {
  std::string what;
  std::string cause;  ///< "imported from myapp.models", "the result of a query"
  Location origin;
  bool harmless = false;  ///< a call of it changes nothing: what a query gives back
};

/// Python equality and hash, for keys (str, int, float, bool, None, tuple of those, objects by identity).
bool equal(const Value& a, const Value& b);
/// Throws a Python TypeError for what cannot be hashed.
std::size_t hash_of(const Value& value);

/// Insertion-ordered map.
struct Dict {
  Dict() = default;
  Dict(const Dict&) = default;
  Dict& operator=(const Dict&) = default;
  ~Dict();
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const;
  const Value* find(const std::string& key) const { return find(std::string_view(key)); }
  void set(Value key, Value value);
  bool erase(const Value& key);
  const std::vector<std::pair<Value, Value>>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  void clear();

 private:
  std::size_t position(const Value& key) const;
  std::vector<std::pair<Value, Value>> entries_;
  std::unordered_multimap<std::size_t, std::size_t> index_;
};

/// Insertion-ordered set. A frozenset is a Set that only the interpreter keeps from changing.
struct Set {
  bool frozen = false;
  bool contains(const Value& item) const;
  bool add(Value item);
  bool erase(const Value& item);
  const std::vector<Value>& items() const { return items_; }
  void clear();

 private:
  std::size_t position(const Value& item) const;
  std::vector<Value> items_;
  std::unordered_multimap<std::size_t, std::size_t> index_;
};

/// What a call was given. where: the whole call expression in file.
struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> keywords;
  Location where;
};

enum class BinaryOperator {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kFloorDiv,
  kMod,
  kPow,
  kBitAnd,
  kBitOr,
  kBitXor,
  kLeftShift,
  kRightShift,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
};
enum class UnaryOperator { kNegative, kPositive, kInvert };

/// An object with behaviour: functions, classes, modules, and the natives of a format (sa.Column, op ...).
/// Every hook may throw (see evaluate/error.h); the interpreter adds the place.
class Object : public std::enable_shared_from_this<Object> {
 public:
  virtual ~Object() = default;
  /// Python's type name, for messages: "Column", "function".
  virtual std::string type_name() const = 0;
  /// nullopt: there is no such attribute (AttributeError).
  virtual std::optional<Value> attribute(Interpreter& interpreter, std::string_view name);
  /// false: attributes cannot be set.
  virtual bool set_attribute(Interpreter& interpreter, std::string_view name, Value value);
  virtual bool callable() const { return false; }
  /// Whether code that is handed this object can change a database with it: a connection, `op`.
  virtual bool reaches_database() const { return false; }
  virtual Value call(Interpreter& interpreter, Arguments& arguments);
  /// nullopt: not supported (TypeError, or identity for == and !=). reflected: this object stands on the right.
  virtual std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected);
  virtual std::optional<Value> unary(Interpreter& interpreter, UnaryOperator op);
  virtual std::optional<Value> index(Interpreter& interpreter, const Value& key);
  virtual bool set_index(Interpreter& interpreter, const Value& key, Value value);
  /// nullopt: not iterable / has no length / has no `in`.
  virtual std::optional<std::vector<Value>> iterate(Interpreter& interpreter);
  virtual std::optional<std::int64_t> length(Interpreter& interpreter);
  virtual std::optional<bool> contains(Interpreter& interpreter, const Value& item);
  /// Whether `if object:` is taken. Objects are true unless they say otherwise.
  virtual bool truth(Interpreter& interpreter);
  /// isinstance(value, object) for class-like objects; nullopt: this object is no class.
  virtual std::optional<bool> is_instance(Interpreter& interpreter, const Value& value);
  /// with-blocks: nullopt from enter means: not a context manager. exit runs on every way out; failing: by exception.
  virtual std::optional<Value> enter(Interpreter& interpreter);
  virtual void exit(Interpreter& interpreter, bool failing);
  virtual std::string repr(Interpreter& interpreter);
  virtual std::string str(Interpreter& interpreter) { return repr(interpreter); }
  /// Equality by value where the object has it (uuid, datetime ...); identity otherwise.
  virtual bool equals(const Object& other) const { return this == &other; }
  virtual std::size_t hash() const { return std::hash<const void*>{}(this); }
};

/// A native function.
using NativeFunction = std::function<Value(Interpreter&, Arguments&)>;
/// name: as in messages: "op.create_table".
/// reaches_database: as of Object.
Value make_function(std::string name, NativeFunction function, bool reaches_database = false);
/// A namespace with fixed members and an optional fallback for names that are not listed (nullopt: ImportError-free
/// opaque). Used for modules such as `sa` and `postgresql`.
using NamespaceFallback = std::function<std::optional<Value>(Interpreter&, std::string_view name)>;
Value make_namespace(std::string name, std::unordered_map<std::string, Value> members, NamespaceFallback fallback = {},
                     bool reaches_database = false);

Value make_list(std::vector<Value> items);
Value make_tuple(std::vector<Value> items);

/// Python's type name of any value: "str", "NoneType", "Column".
std::string type_name(const Value& value);

}  // namespace bascule::evaluate
