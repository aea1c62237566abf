// str() and repr() of any value.
#include <fmt/core.h>

#include "evaluate/format.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

/// Counts how deep a text is nested: a list may hold itself.
class Nesting {
 public:
  explicit Nesting(int& depth) : depth_(depth) { ++depth_; }
  ~Nesting() { --depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  int& depth_;
};

constexpr int kMaxTextDepth = 200;

std::string quote(const std::string& text, bool bytes) {
  const bool double_quotes = text.find('\'') != std::string::npos && text.find('"') == std::string::npos;
  const char mark = double_quotes ? '"' : '\'';
  std::string out = bytes ? "b" : "";
  out += mark;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == mark || text[i] == '\\') {
      out += '\\';
      out += text[i];
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\r') {
      out += "\\r";
    } else if (byte == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f || (bytes && byte >= 0x80)) {
      out += fmt::format("\\x{:02x}", byte);
    } else if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) <= 0xa0) {
      // C1 controls and the no-break space are not printable.
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else {
      out += text[i];
    }
  }
  return out + mark;
}

}  // namespace

std::string Interpreter::Implementation::str(const Value& value) {
  if (const auto* text = value.as_str()) return *text;
  if (const auto* object = std::get_if<ObjectPtr>(&value.payload())) {
    const Nesting nesting(text_depth_);
    if (text_depth_ > kMaxTextDepth) raise_python("RecursionError", "maximum recursion depth exceeded");
    check_stack();
    return (*object)->str(owner_);
  }
  return repr(value);
}

Value Interpreter::Implementation::text(const Value& value) {
  if (const Opaque* unknown = value.as_opaque()) return opaque(unknown->what, *unknown);
  return str(value);
}

std::string Interpreter::Implementation::repr(const Value& value) {
  struct Visitor {
    Implementation& self;
    std::string joined(const std::vector<Value>& items) const {
      std::string out;
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += ", ";
        out += self.repr(items[i]);
        self.check_text(out.size());
      }
      return out;
    }
    std::string operator()(const NoneType&) const { return "None"; }
    std::string operator()(bool flag) const { return flag ? "True" : "False"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return float_repr(number); }
    std::string operator()(const std::string& text) const { return quote(text, false); }
    std::string operator()(const Bytes& bytes) const { return quote(bytes.data, true); }
    std::string operator()(const ListPtr& list) const { return "[" + joined(list->items) + "]"; }
    std::string operator()(const TuplePtr& tuple) const {
      return "(" + joined(tuple->items) + (tuple->items.size() == 1 ? ",)" : ")");
    }
    std::string operator()(const DictPtr& dict) const {
      std::string out = "{";
      for (const auto& [key, held] : dict->entries()) {
        if (out.size() > 1) out += ", ";
        out += self.repr(key) + ": " + self.repr(held);
        self.check_text(out.size());
      }
      return out + "}";
    }
    std::string operator()(const SetPtr& set) const {
      if (set->items().empty()) return set->frozen ? "frozenset()" : "set()";
      const std::string items = "{" + joined(set->items()) + "}";
      return set->frozen ? "frozenset(" + items + ")" : items;
    }
    std::string operator()(const ObjectPtr& object) const { return object->repr(self.owner_); }
    std::string operator()(const OpaquePtr& opaque) const {
      self.refuse_opaque(Value(opaque), "the text of `" + opaque->what + "`");
    }
  };
  const Nesting nesting(text_depth_);
  if (text_depth_ > kMaxTextDepth) raise_python("RecursionError", "maximum recursion depth exceeded");
  step();
  check_stack();
  return std::visit(Visitor{*this}, value.payload());
}

}  // namespace bascule::evaluate
