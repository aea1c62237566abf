// sa.text() and its bind parameters.
#include <fmt/core.h>

#include <algorithm>

#include "base/overload.h"
#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;

namespace {

/// A letter, digit, _ or $, or part of a character beyond ASCII: what a parameter's name is made of.
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Walks a text as SQLAlchemy does: `:name` is a parameter unless a colon, a word or a backslash stands before it or a
/// colon behind it; `\:` is a colon. literal(text) and parameter(name) are called in order.
template <class Literal, class Parameter>
void walk(std::string_view text, const Literal& literal, const Parameter& parameter) {
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ':') continue;
    std::size_t end = i + 1;
    while (end < text.size() && is_word(text[end])) ++end;
    const bool colon_behind = end < text.size() && text[end] == ':';
    const char before = i > 0 ? text[i - 1] : ' ';
    if (before == '\\') {
      if (!colon_behind) {
        literal(text.substr(start, i - 1 - start));
        start = i;
      }
    } else if (end > i + 1 && !colon_behind && before != ':' && !is_word(before)) {
      literal(text.substr(start, i - start));
      parameter(text.substr(i + 1, end - i - 1));
      start = end;
    }
    i = std::max(i, end - 1);
  }
  literal(text.substr(start));
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

/// SQLite's own dates and times: six digits of fraction, no offset.
std::string sqlite_time(std::string iso, std::size_t time_at) {
  const auto offset = iso.find_first_of("+-", time_at);
  if (offset != std::string::npos) iso.resize(offset);
  if (iso.find('.') == std::string::npos) iso += ".000000";
  return iso;
}

struct LiteralSpeller {
  bool postgres;
  const std::string& needed_for;

  std::string quoted(const std::string& text) const {
    if (text.find('\0') != std::string::npos) {
      throw evaluate::Refusal("bad-value", needed_for + " holds a NUL character, which SQL text cannot", "remove it");
    }
    return "'" + replace_all(text, "'", "''") + "'";
  }
  std::string operator()(const model::NullValue&) const { return "NULL"; }
  std::string operator()(bool value) const {
    if (postgres) return value ? "true" : "false";
    return value ? "1" : "0";
  }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const {
    std::string digits = fmt::format("{}", value);
    if (digits.find_first_of(".en") == std::string::npos) digits += ".0";
    return digits;
  }
  std::string operator()(const std::string& value) const { return quoted(value); }
  std::string operator()(const model::DecimalValue& value) const { return value.digits; }
  std::string operator()(const model::BytesValue& value) const {
    return postgres ? "'\\x" + hex(value.bytes) + "'::bytea" : "X'" + hex(value.bytes) + "'";
  }
  std::string operator()(const model::DateValue& value) const {
    return postgres ? quoted(value.iso) + "::date" : quoted(value.iso);
  }
  std::string operator()(const model::TimeValue& value) const {
    return postgres ? quoted(value.iso) + "::time" : quoted(sqlite_time(value.iso, 0));
  }
  std::string operator()(const model::DateTimeValue& value) const {
    if (!postgres) return quoted(sqlite_time(value.iso, value.iso.find(' ')));
    const bool zoned = value.iso.find_first_of("+-", value.iso.find(' ')) != std::string::npos;
    return quoted(value.iso) + (zoned ? "::timestamptz" : "::timestamp");
  }
  std::string operator()(const model::IntervalValue& value) const {
    if (postgres) return fmt::format("'{} microseconds'::interval", value.microseconds);
    throw evaluate::Refusal("bad-value", needed_for + " is a timedelta, which SQLite has no literal for",
                            "name the parameter's type: sa.bindparam(name, value, type_=sa.Interval())");
  }
  std::string operator()(const model::UuidValue& value) const {
    return postgres ? quoted(value.text) + "::uuid" : quoted(replace_all(value.text, "-", ""));
  }
  std::string operator()(const model::JsonValue& value) const { return quoted(value.text); }
  std::string operator()(const model::ArrayValue& value) const {
    if (!postgres) {
      throw evaluate::Refusal("bad-value", needed_for + " is a list, which SQLite has no literal for",
                              "use sa.bindparam(name, values, expanding=True) for an IN list");
    }
    if (value.items.empty()) return "'{}'";
    std::vector<std::string> items;
    for (const model::Value& item : value.items) items.push_back(std::visit(*this, item));
    return "ARRAY[" + join(items, ",") + "]";
  }
};
static_assert(kCovers<LiteralSpeller, model::Value>);

}  // namespace

std::string spell_literal(const model::Value& value, const std::string& dialect, const std::string& needed_for) {
  return std::visit(LiteralSpeller{dialect == "postgresql", needed_for}, value);
}

BindParameter::BindParameter(std::string name, std::optional<Value> value, std::shared_ptr<TypeObject> type,
                             bool expanding, std::optional<model::Expression> shown)
    : ExpressionObject(shown ? std::move(*shown) : model::TextExpr{":" + name},
                       type ? std::optional(type->type()) : std::nullopt),
      name_(std::move(name)),
      value_(std::move(value)),
      bound_type_(std::move(type)),
      expanding_(expanding) {}

TextClause::TextClause(std::string text, std::string dialect)
    : ExpressionObject(model::TextExpr{text}), text_(std::move(text)), dialect_(std::move(dialect)) {
  walk(
      text_, [](std::string_view) {},
      [this](std::string_view name) {
        if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.emplace_back(name);
      });
}

std::string TextClause::sql(Interpreter& interpreter) const {
  std::string result;
  walk(
      text_, [&](std::string_view literal) { result += literal; },
      [&](std::string_view name) {
        const std::string needed_for = fmt::format("the parameter '{}' of an SQL text", name);
        auto found = std::find_if(values_.begin(), values_.end(), [&](const auto& pair) { return pair.first == name; });
        const auto given = found == values_.end() ? nullptr : found->second.as<BindParameter>();
        if (found == values_.end() || (given && !given->value())) {
          throw evaluate::Refusal(
              "unbound-parameter", fmt::format("the SQL text's parameter ':{}' has no value", name),
              fmt::format("give it one: sa.text(...).bindparams({}=...); or, if it is no parameter, write \\:{}", name,
                          name));
        }
        Value value = found->second;
        const TypeObject* type = nullptr;
        bool expanding = false;
        auto parameter = value.as<BindParameter>();
        if (parameter) {
          type = parameter->bound_type().get();
          expanding = parameter->expanding();
          value = *parameter->value();
        }
        if (expanding) {
          std::vector<std::string> items;
          for (const Value& item : interpreter.iterate(value)) {
            items.push_back(spell_literal(bind_value(interpreter, item, type, needed_for), dialect_, needed_for));
          }
          if (items.empty()) items.emplace_back("NULL");
          result += "(" + join(items, ", ") + ")";
          return;
        }
        result += spell_literal(bind_value(interpreter, value, type, needed_for), dialect_, needed_for);
      });
  return result;
}

std::shared_ptr<TextClause> TextClause::with(Interpreter&, const std::vector<std::pair<std::string, Value>>& values,
                                             bool strict) const {
  auto made = std::make_shared<TextClause>(*this);
  for (const auto& [name, given] : values) {
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
      if (!strict) continue;
      evaluate::raise_python("ArgumentError",
                             fmt::format("This text() construct doesn't define a bound parameter named '{}'", name));
    }
    auto found = std::find_if(made->values_.begin(), made->values_.end(),
                              [&, &wanted = name](const auto& pair) { return pair.first == wanted; });
    Value value = given;
    if (found == made->values_.end()) {
      made->values_.emplace_back(name, value);
      continue;
    }
    // A plain value keeps the type that an earlier bindparam() gave.
    auto typed = found->second.as<BindParameter>();
    if (typed && !given.as<BindParameter>()) {
      value = Value(
          evaluate::ObjectPtr(std::make_shared<BindParameter>(name, given, typed->bound_type(), typed->expanding())));
    }
    found->second = value;
  }
  return made;
}

std::optional<Value> TextClause::attribute(Interpreter&, std::string_view name) {
  auto self = std::static_pointer_cast<TextClause>(shared_from_this());
  if (name == "text") return Value(text_);
  if (name == "bindparams" || name == "params") {
    const bool strict = name == "bindparams";
    return evaluate::make_function(std::string(name), [self, strict](Interpreter& in, Arguments& arguments) {
      std::vector<std::pair<std::string, Value>> values;
      for (const Value& item : arguments.positional) {
        if (item.is_opaque()) in.refuse_opaque(item, "a parameter of sa.text()");
        if (auto parameter = item.as<BindParameter>()) {
          // One without a value only names a type; the value may come later.
          values.emplace_back(parameter->name(), item);
        } else if (auto* dict = item.as_dict(); dict && !strict) {
          for (const auto& [key, value] : dict->entries()) values.emplace_back(in.str(key), value);
        } else {
          evaluate::raise_type_error("bindparams() takes bindparam() objects and keywords");
        }
      }
      for (const auto& [key, value] : arguments.keywords) values.emplace_back(key, value);
      return Value(evaluate::ObjectPtr(self->with(in, values, strict)));
    });
  }
  if (name == "columns" || name == "execution_options" || name == "self_group") {
    return evaluate::make_function(std::string(name),
                                   [self](Interpreter&, Arguments&) { return Value(evaluate::ObjectPtr(self)); });
  }
  for (std::string_view unsupported : {"compile", "compare", "unique_params", "label"}) {
    if (name == unsupported) refuse_unsupported(fmt::format("text().{}", name));
  }
  return std::nullopt;
}

std::optional<Value> TextClause::binary(Interpreter& interpreter, evaluate::BinaryOperator op, const Value& other,
                                        bool reflected) {
  // A text has no comparison or arithmetic in SQLAlchemy, only & and |.
  if (op != evaluate::BinaryOperator::kBitAnd && op != evaluate::BinaryOperator::kBitOr) return std::nullopt;
  return ExpressionObject(model::TextExpr{sql(interpreter)}).binary(interpreter, op, other, reflected);
}

std::optional<Value> TextClause::index(Interpreter&, const Value&) { return std::nullopt; }

}  // namespace bascule::formats::alembic
