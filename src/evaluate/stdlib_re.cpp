// The module re.
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "evaluate/interpreter_impl.h"
#include "evaluate/regex.h"
#include "evaluate/stdlib_modules.h"
#include "evaluate/unicode.h"

namespace bascule::evaluate {

namespace {

constexpr std::uint64_t kSteps = 3'000'000;
constexpr std::size_t kMaxText = 1'000'000;

using Text = std::shared_ptr<const Regex::Text>;

std::string part(const Regex::Text& text, std::int64_t begin, std::int64_t end) {
  return from_code_points({text.begin() + begin, text.begin() + end});
}

class MatchObject final : public Object {
 public:
  MatchObject(std::shared_ptr<const Regex> regex, Text text, Regex::Groups groups)
      : regex_(std::move(regex)), text_(std::move(text)), groups_(std::move(groups)) {}

  std::string type_name() const override { return "Match"; }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override;
  std::optional<Value> index(Interpreter&, const Value& key) override { return group(number(key)); }
  std::string repr(Interpreter& interpreter) override {
    return fmt::format("<re.Match object; span=({}, {}), match={}>", begin(0), end(0), interpreter.repr(group(0)));
  }

  std::int64_t begin(int group) const { return groups_[static_cast<std::size_t>(group) * 2]; }
  std::int64_t end(int group) const { return groups_[static_cast<std::size_t>(group) * 2 + 1]; }
  Value group(int wanted, const Value& otherwise = {}) const {
    if (begin(wanted) < 0) return otherwise;
    return part(*text_, begin(wanted), end(wanted));
  }
  int number(const Value& key) const {
    if (const std::string* name = key.as_str()) {
      auto found = regex_->names().find(*name);
      if (found != regex_->names().end()) return found->second;
    } else if (const std::int64_t* index = key.as_int(); index && *index >= 0 && *index <= regex_->group_count()) {
      return static_cast<int>(*index);
    }
    raise_python("IndexError", "no such group");
  }
  const Regex& regex() const { return *regex_; }

 private:
  std::shared_ptr<const Regex> regex_;
  Text text_;
  Regex::Groups groups_;
};

using MatchPtr = std::shared_ptr<MatchObject>;

/// Which group a method's argument asks for.
int group_argument(const MatchObject& match, const Arguments& arguments) {
  return arguments.positional.empty() ? 0 : match.number(arguments.positional[0]);
}

std::optional<Value> MatchObject::attribute(Interpreter&, std::string_view name) {
  auto self = std::static_pointer_cast<MatchObject>(shared_from_this());
  if (name == "string") return Value(from_code_points(*text_));
  if (name == "group") {
    return make_function("Match.group", [self](Interpreter&, Arguments& arguments) -> Value {
      if (arguments.positional.size() < 2) return self->group(group_argument(*self, arguments));
      std::vector<Value> out;
      for (const Value& key : arguments.positional) out.push_back(self->group(self->number(key)));
      return make_tuple(std::move(out));
    });
  }
  if (name == "groups") {
    return make_function("Match.groups", [self](Interpreter&, Arguments& arguments) {
      Binder bind("Match.groups", arguments, {"default"});
      std::vector<Value> out;
      for (int i = 1; i <= self->regex().group_count(); ++i)
        out.push_back(self->group(i, bind.optional("default").value_or(Value())));
      return make_tuple(std::move(out));
    });
  }
  if (name == "groupdict") {
    return make_function("Match.groupdict", [self](Interpreter&, Arguments& arguments) -> Value {
      Binder bind("Match.groupdict", arguments, {"default"});
      auto out = std::make_shared<Dict>();
      for (const auto& [key, number] : self->regex().names())
        out->set(Value(key), self->group(number, bind.optional("default").value_or(Value())));
      return out;
    });
  }
  if (name == "start")
    return make_function("Match.start",
                         [self](Interpreter&, Arguments& a) -> Value { return self->begin(group_argument(*self, a)); });
  if (name == "end")
    return make_function("Match.end",
                         [self](Interpreter&, Arguments& a) -> Value { return self->end(group_argument(*self, a)); });
  if (name == "span") {
    return make_function("Match.span", [self](Interpreter&, Arguments& arguments) {
      int group = group_argument(*self, arguments);
      return make_tuple({Value(self->begin(group)), Value(self->end(group))});
    });
  }
  return std::nullopt;
}

/// One search through one text, with its bounds.
class Search {
 public:
  Search(Interpreter& interpreter, std::shared_ptr<const Regex> regex, const std::string& text)
      : interpreter_(interpreter), regex_(std::move(regex)), text_(std::make_shared<Regex::Text>(code_points(text))) {
    if (text_->size() > kMaxText) {
      throw Refusal("not-supported", fmt::format("re: the text has more than {} characters", kMaxText),
                    "let the database do it: regexp_replace, SUBSTRING");
    }
    interpreter.implementation().charge(text_->size() / 16);
  }
  MatchPtr find(std::size_t from, Regex::Anchor anchor) {
    std::uint64_t before = steps_;
    try {
      auto groups = regex_->find(*text_, from, anchor, steps_);
      interpreter_.implementation().charge((before - steps_) / 8);
      if (!groups) return nullptr;
      return std::make_shared<MatchObject>(regex_, text_, *std::move(groups));
    } catch (const RegexTooSlow&) {
      throw Refusal("not-supported", "re: the pattern takes too long on this text",
                    "write a pattern that backtracks less");
    }
  }
  /// Calls body for each match from the left; body gives false to stop.
  template <class Body>
  void each(Body body) {
    for (std::size_t from = 0; from <= text_->size();) {
      MatchPtr match = find(from, Regex::Anchor::kSearch);
      if (!match || !body(match)) return;
      auto end = static_cast<std::size_t>(match->end(0));
      from = match->begin(0) == match->end(0) ? end + 1 : end;
    }
  }
  const Regex::Text& text() const { return *text_; }

 private:
  Interpreter& interpreter_;
  std::shared_ptr<const Regex> regex_;
  Text text_;
  std::uint64_t steps_ = kSteps;
};

/// A replacement text with \1, \g<name> and the usual escapes put in.
std::string expanded(const std::string& format, const MatchObject& match) {
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '\\' || i + 1 >= format.size()) {
      out += format[i];
      continue;
    }
    char code = format[++i];
    auto put = [&](int group) {
      Value text = match.group(group, Value(""));
      out += *text.as_str();
    };
    if (code == 'g' && i + 1 < format.size() && format[i + 1] == '<') {
      std::size_t close = format.find('>', i);
      if (close == std::string::npos) raise_python("ValueError", "missing >, unterminated name");
      std::string name = format.substr(i + 2, close - i - 2);
      bool number = !name.empty() && name.size() < 4 && name.find_first_not_of("0123456789") == std::string::npos;
      put(match.number(number ? Value(static_cast<std::int64_t>(std::stoi(name))) : Value(name)));
      i = close;
    } else if (code >= '1' && code <= '9') {
      std::int64_t number = code - '0';
      if (i + 1 < format.size() && format[i + 1] >= '0' && format[i + 1] <= '9')
        number = number * 10 + (format[++i] - '0');
      put(match.number(Value(number)));
    } else if (code == 'n') {
      out += '\n';
    } else if (code == 't') {
      out += '\t';
    } else if (code == 'r') {
      out += '\r';
    } else if (code == '\\') {
      out += '\\';
    } else {
      out += '\\';
      out += code;
    }
  }
  return out;
}

/// re.Pattern
class PatternObject final : public Object {
 public:
  PatternObject(std::string its_pattern, std::shared_ptr<const Regex> its_regex, std::int64_t its_flags)
      : pattern(std::move(its_pattern)), regex(std::move(its_regex)), flags(its_flags) {}
  std::string pattern;
  std::shared_ptr<const Regex> regex;
  std::int64_t flags;
  std::string type_name() const override { return "Pattern"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::string repr(Interpreter& interpreter) override { return "re.compile(" + interpreter.repr(Value(pattern)) + ")"; }
};

std::shared_ptr<PatternObject> compiled(const Value& given, std::int64_t flags) {
  if (auto pattern = given.as<PatternObject>()) return pattern;
  const std::string text = text_argument("re", given);
  RegexFlags wanted;
  wanted.ignore_case = (flags & 2) != 0;
  wanted.multiline = (flags & 8) != 0;
  wanted.dot_all = (flags & 16) != 0;
  wanted.verbose = (flags & 64) != 0;
  try {
    return std::make_shared<PatternObject>(text, std::make_shared<const Regex>(text, wanted), flags);
  } catch (const RegexError& error) {
    raise_python("ValueError", "re.error: " + error.message);
  }
}

using Operation = Value (*)(Interpreter&, PatternObject&, const Binder&);

Value found(Interpreter& interpreter, PatternObject& pattern, const Binder& bind, Regex::Anchor anchor) {
  MatchPtr match = Search(interpreter, pattern.regex, text_argument("re", bind.required("string"))).find(0, anchor);
  return match ? Value(ObjectPtr(match)) : Value();
}
Value search(Interpreter& i, PatternObject& pattern, const Binder& bind) {
  return found(i, pattern, bind, Regex::Anchor::kSearch);
}
Value match(Interpreter& i, PatternObject& pattern, const Binder& bind) {
  return found(i, pattern, bind, Regex::Anchor::kMatch);
}
Value full_match(Interpreter& i, PatternObject& pattern, const Binder& bind) {
  return found(i, pattern, bind, Regex::Anchor::kFullMatch);
}

Value find_all(Interpreter& interpreter, PatternObject& pattern, const Binder& bind) {
  std::vector<Value> out;
  Search(interpreter, pattern.regex, text_argument("re", bind.required("string"))).each([&](const MatchPtr& match) {
    int groups = pattern.regex->group_count();
    if (groups < 2) {
      out.push_back(match->group(groups, Value("")));
    } else {
      std::vector<Value> tuple;
      for (int i = 1; i <= groups; ++i) tuple.push_back(match->group(i, Value("")));
      out.push_back(make_tuple(std::move(tuple)));
    }
    interpreter.implementation().check_items(out.size());
    return true;
  });
  return make_list(std::move(out));
}

Value find_iter(Interpreter& interpreter, PatternObject& pattern, const Binder& bind) {
  std::vector<Value> out;
  Search(interpreter, pattern.regex, text_argument("re", bind.required("string"))).each([&](const MatchPtr& match) {
    out.emplace_back(ObjectPtr(match));
    interpreter.implementation().check_items(out.size());
    return true;
  });
  return make_iterator("callable_iterator", std::move(out));
}

Value split(Interpreter& interpreter, PatternObject& pattern, const Binder& bind) {
  Search all(interpreter, pattern.regex, text_argument("re", bind.required("string")));
  auto given = bind.optional("maxsplit");
  std::int64_t most = given ? int_argument("re.split", *given) : 0;
  std::vector<Value> out;
  std::int64_t at = 0;
  std::int64_t count = 0;
  all.each([&](const MatchPtr& match) {
    if (most > 0 && count >= most) return false;
    ++count;
    out.emplace_back(part(all.text(), at, match->begin(0)));
    for (int i = 1; i <= pattern.regex->group_count(); ++i) out.push_back(match->group(i));
    at = match->end(0);
    return true;
  });
  out.emplace_back(part(all.text(), at, static_cast<std::int64_t>(all.text().size())));
  return make_list(std::move(out));
}

std::pair<std::string, std::int64_t> substituted(Interpreter& interpreter, PatternObject& pattern, const Binder& bind) {
  Search all(interpreter, pattern.regex, text_argument("re", bind.required("string")));
  Value with = bind.required("repl");
  auto given = bind.optional("count");
  std::int64_t most = given ? int_argument("re.sub", *given) : 0;
  std::string out;
  std::int64_t at = 0;
  std::int64_t count = 0;
  all.each([&](const MatchPtr& match) {
    if (most > 0 && count >= most) return false;
    ++count;
    out += part(all.text(), at, match->begin(0));
    if (const std::string* format = with.as_str()) {
      out += expanded(*format, *match);
    } else {
      Arguments arguments;
      arguments.positional.emplace_back(ObjectPtr(match));
      Value made = interpreter.call(with, std::move(arguments));
      if (made.is_opaque()) interpreter.refuse_opaque(made, "a replacement of re.sub");
      out += text_argument("re.sub", made);
    }
    interpreter.implementation().check_text(out.size());
    at = match->end(0);
    return true;
  });
  out += part(all.text(), at, static_cast<std::int64_t>(all.text().size()));
  return {std::move(out), count};
}

Value sub(Interpreter& interpreter, PatternObject& pattern, const Binder& bind) {
  return substituted(interpreter, pattern, bind).first;
}
Value subn(Interpreter& interpreter, PatternObject& pattern, const Binder& bind) {
  auto [text, count] = substituted(interpreter, pattern, bind);
  return make_tuple({Value(text), Value(count)});
}

struct Entry {
  const char* name;
  Operation operation;
  int kind;  ///< 0: (string), 1: (string, maxsplit), 2: (repl, string, count)
};
constexpr Entry kOperations[] = {{"search", search, 0},    {"match", match, 0},        {"fullmatch", full_match, 0},
                                 {"findall", find_all, 0}, {"finditer", find_iter, 0}, {"split", split, 1},
                                 {"sub", sub, 2},          {"subn", subn, 2}};

Binder bound(const Entry& entry, const Arguments& arguments, bool with_pattern) {
  std::string name = std::string(with_pattern ? "re." : "Pattern.") + entry.name;
  if (with_pattern) {
    if (entry.kind == 2) return Binder(name, arguments, {"pattern", "repl", "string", "count", "flags"});
    if (entry.kind == 1) return Binder(name, arguments, {"pattern", "string", "maxsplit", "flags"});
    return Binder(name, arguments, {"pattern", "string", "flags"});
  }
  if (entry.kind == 2) return Binder(name, arguments, {"repl", "string", "count"});
  if (entry.kind == 1) return Binder(name, arguments, {"string", "maxsplit"});
  return Binder(name, arguments, {"string"});
}

std::optional<Value> PatternObject::attribute(Interpreter&, std::string_view name) {
  if (name == "pattern") return Value(pattern);
  if (name == "flags") return Value(flags);
  if (name == "groups") return Value(static_cast<std::int64_t>(regex->group_count()));
  for (const Entry& entry : kOperations) {
    if (name != entry.name) continue;
    auto self = std::static_pointer_cast<PatternObject>(shared_from_this());
    return pure_function(std::string("Pattern.") + entry.name,
                         [self, &entry](Interpreter& interpreter, Arguments& arguments) {
                           return entry.operation(interpreter, *self, bound(entry, arguments, false));
                         });
  }
  return std::nullopt;
}

std::int64_t flags_of(const Binder& bind) {
  auto given = bind.optional("flags");
  return given ? int_argument("re", *given) : 0;
}

}  // namespace

Value re_module() {
  Members members("re");
  for (const Entry& entry : kOperations) {
    members.function(entry.name, [&entry](Interpreter& interpreter, Arguments& arguments) {
      Binder bind = bound(entry, arguments, true);
      auto pattern = compiled(bind.required("pattern"), flags_of(bind));
      return entry.operation(interpreter, *pattern, bind);
    });
  }
  members
      .function("compile",
                [](Interpreter&, Arguments& arguments) -> Value {
                  Binder bind("re.compile", arguments, {"pattern", "flags"});
                  return ObjectPtr(compiled(bind.required("pattern"), flags_of(bind)));
                })
      .function("escape", [](Interpreter&, Arguments& arguments) -> Value {
        Binder bind("re.escape", arguments, {"pattern"});
        std::string out;
        for (char c : text_argument("re.escape", bind.required("pattern"))) {
          if (std::string_view("()[]{}?*+-|^$\\.&~# \t\n\r\v\f").find(c) != std::string_view::npos) out += '\\';
          out += c;
        }
        return out;
      });
  members.value("error", ObjectPtr(builtin_class("ValueError")));
  const std::pair<const char*, int> flags[] = {{"IGNORECASE", 2}, {"I", 2},  {"MULTILINE", 8}, {"M", 8},
                                               {"DOTALL", 16},    {"S", 16}, {"UNICODE", 32},  {"U", 32},
                                               {"VERBOSE", 64},   {"X", 64}, {"ASCII", 256},   {"A", 256}};
  for (auto [name, value] : flags) members.value(name, value);
  return members.build();
}

}  // namespace bascule::evaluate
