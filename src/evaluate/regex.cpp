#include "evaluate/regex.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "evaluate/unicode.h"

namespace bascule::evaluate {

namespace {

constexpr std::size_t kMaxProgram = 20'000;
constexpr int kMaxNesting = 50;
constexpr std::size_t kMaxBacktracks = 2'000'000;

bool is_word(std::uint32_t code) { return code == '_' || is_letter(code) || is_decimal(code); }

struct Node {
  enum class Kind { kEmpty, kChar, kAny, kSet, kSequence, kChoice, kRepeat, kGroup, kAssertion, kBackReference, kLook };
  Kind kind = Kind::kEmpty;
  std::uint32_t value = 0;  ///< character, set, group (0: not captured), reference
  Regex::Op assertion = Regex::Op::kMatch;
  std::int64_t least = 0;
  std::int64_t most = -1;
  bool greedy = true;
  bool behind = false;
  bool negated = false;
  std::vector<std::unique_ptr<Node>> children;
};
using NodePtr = std::unique_ptr<Node>;

NodePtr make(Node::Kind kind, std::uint32_t value = 0) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->value = value;
  return node;
}

}  // namespace

class RegexCompiler {
 public:
  RegexCompiler(Regex& regex, std::string_view pattern) : regex_(regex), text_(code_points(pattern)) {}

  void run() {
    NodePtr root = choice(0);
    if (at_ < text_.size()) fail("unbalanced parenthesis");
    emit({Regex::Op::kSave, 0});
    emit_node(*root);
    emit({Regex::Op::kSave, 1});
    emit({Regex::Op::kMatch});
    regex_.groups_ = groups_;
    regex_.slots_ = static_cast<std::uint32_t>(2 * (groups_ + 1)) + marks_;
    // Marks come behind the groups, whose number was not known before.
    for (auto& instruction : regex_.program_) {
      if (instruction.op == Regex::Op::kMark || instruction.op == Regex::Op::kProgress)
        instruction.x += static_cast<std::uint32_t>(2 * (groups_ + 1));
    }
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw RegexError{message + " at position " + std::to_string(at_)};
  }
  bool done() const { return at_ >= text_.size(); }
  std::uint32_t peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
  bool accept(std::uint32_t code) {
    if (done() || peek() != code) return false;
    ++at_;
    return true;
  }

  void blanks() {
    if (!regex_.flags_.verbose) return;
    while (!done() && (is_space(peek()) || peek() == '#')) {
      if (peek() == '#') {
        while (!done() && peek() != '\n') ++at_;
      } else {
        ++at_;
      }
    }
  }

  NodePtr choice(int depth) {
    if (depth > kMaxNesting) fail("nested too deep");
    NodePtr first = sequence(depth);
    if (peek() != '|' || done()) return first;
    NodePtr all = make(Node::Kind::kChoice);
    all->children.push_back(std::move(first));
    while (accept('|')) all->children.push_back(sequence(depth));
    return all;
  }

  NodePtr sequence(int depth) {
    NodePtr all = make(Node::Kind::kSequence);
    for (blanks(); !done() && peek() != '|' && peek() != ')'; blanks()) {
      NodePtr one = atom(depth);
      if (!one) continue;
      blanks();
      all->children.push_back(repeated(std::move(one)));
    }
    return all;
  }

  bool counted(std::int64_t& least, std::int64_t& most) {
    std::size_t begin = at_;
    auto number = [&]() -> std::int64_t {
      std::int64_t out = -1;
      while (peek() >= '0' && peek() <= '9') {
        out = std::min<std::int64_t>((out < 0 ? 0 : out) * 10 + (peek() - '0'), 100'000);
        ++at_;
      }
      return out;
    };
    ++at_;
    least = number();
    most = least;
    bool comma = accept(',');
    if (comma) most = number();
    if (!accept('}') || (least < 0 && !comma)) {
      at_ = begin;
      return false;
    }
    least = std::max<std::int64_t>(least, 0);
    if (most >= 0 && most < least) fail("min repeat greater than max repeat");
    if (std::max(least, most) > 1000) fail("a repeat of more than 1000 is not supported");
    return true;
  }

  NodePtr repeated(NodePtr one) {
    bool again = false;
    for (;;) {
      std::int64_t least = 0;
      std::int64_t most = -1;
      if (accept('+')) {
        least = 1;
      } else if (accept('?')) {
        most = 1;
      } else if (!accept('*') && (peek() != '{' || done() || !counted(least, most))) {
        return one;
      }
      if (again) fail("multiple repeat");
      if (one->kind == Node::Kind::kAssertion) fail("nothing to repeat");
      again = true;
      NodePtr loop = make(Node::Kind::kRepeat);
      loop->least = least;
      loop->most = most;
      loop->greedy = !accept('?');
      if (peek() == '+' && !done()) fail("possessive repeats are not supported");
      loop->children.push_back(std::move(one));
      one = std::move(loop);
    }
  }

  static NodePtr assertion(Regex::Op op) {
    NodePtr node = make(Node::Kind::kAssertion);
    node->assertion = op;
    return node;
  }

  NodePtr atom(int depth) {
    std::uint32_t code = peek();
    ++at_;
    switch (code) {
      case '.':
        return make(Node::Kind::kAny);
      case '^':
        return assertion(regex_.flags_.multiline ? Regex::Op::kLineBegin : Regex::Op::kTextBegin);
      case '$':
        return assertion(Regex::Op::kLineEnd);
      case '(':
        return group(depth);
      case '[':
        return set();
      case '\\':
        return escape();
      case '*':
      case '+':
      case '?':
        --at_;
        fail("nothing to repeat");
      default:
        return make(Node::Kind::kChar, code);  // an open set: any other character stands for itself
    }
  }

  std::string group_name(std::uint32_t closer) {
    std::string name;
    while (!done() && peek() != closer) append_code_point(name, text_[at_++]);
    if (!accept(closer) || name.empty()) fail("missing group name");
    return name;
  }

  void inline_flags() {
    bool on = true;
    while (!done() && peek() != ')' && peek() != ':') {
      std::uint32_t code = text_[at_++];
      if (code == '-') {
        on = false;
      } else if (code == 'i') {
        regex_.flags_.ignore_case = on;
      } else if (code == 'm') {
        regex_.flags_.multiline = on;
      } else if (code == 's') {
        regex_.flags_.dot_all = on;
      } else if (code == 'x') {
        regex_.flags_.verbose = on;
      } else if (code != 'u' && code != 'a' && code != 'L') {
        fail("unknown extension");
      }
    }
    if (peek() == ':') fail("flags for a part of the pattern are not supported");
    if (!accept(')')) fail("missing ), unterminated subpattern");
  }

  NodePtr group(int depth) {
    NodePtr node = make(Node::Kind::kGroup);
    if (accept('?')) {
      if (accept(':')) {
        // not captured
      } else if (accept('P')) {
        if (accept('=')) {
          std::string name = group_name(')');
          auto found = regex_.names_.find(name);
          if (found == regex_.names_.end()) fail("unknown group name '" + name + "'");
          return make(Node::Kind::kBackReference, static_cast<std::uint32_t>(found->second));
        }
        if (!accept('<')) fail("unknown extension");
        std::string name = group_name('>');
        node->value = static_cast<std::uint32_t>(++groups_);
        if (!regex_.names_.emplace(name, groups_).second) fail("redefinition of group name '" + name + "'");
      } else if (accept('#')) {
        while (!done() && peek() != ')') ++at_;
        if (!accept(')')) fail("missing ), unterminated comment");
        return nullptr;
      } else if (peek() == '=' || peek() == '!' || (peek() == '<' && (peek(1) == '=' || peek(1) == '!'))) {
        node->kind = Node::Kind::kLook;
        node->behind = accept('<');
        node->negated = text_[at_++] == '!';
      } else if (peek() == 'i' || peek() == 'm' || peek() == 's' || peek() == 'x' || peek() == 'u' || peek() == 'a' ||
                 peek() == '-') {
        inline_flags();
        return nullptr;
      } else {
        fail("unknown extension");
      }
    } else {
      node->value = static_cast<std::uint32_t>(++groups_);
    }
    node->children.push_back(choice(depth + 1));
    if (!accept(')')) fail("missing ), unterminated subpattern");
    return node;
  }

  NodePtr class_node(std::uint32_t letter) {
    Regex::CharacterSet made;
    made.classes = std::string(1, static_cast<char>(letter));
    regex_.sets_.push_back(std::move(made));
    return make(Node::Kind::kSet, static_cast<std::uint32_t>(regex_.sets_.size() - 1));
  }

  static bool is_class(std::uint32_t code) {
    return code < 128 && std::string_view("dDwWsS").find(static_cast<char>(code)) != std::string_view::npos;
  }

  /// The character an escape stands for, in or outside a set.
  std::uint32_t escaped_character(std::uint32_t code) {
    auto hex = [&](int count) {
      std::uint32_t out = 0;
      for (int i = 0; i < count; ++i) {
        std::uint32_t c = peek();
        std::uint32_t digit = c >= '0' && c <= '9'                       ? c - '0'
                              : (c | 0x20U) >= 'a' && (c | 0x20U) <= 'f' ? (c | 0x20U) - 'a' + 10
                                                                         : 99;
        if (done() || digit == 99) fail("incomplete escape");
        out = out * 16 + digit;
        ++at_;
      }
      return out;
    };
    switch (code) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'f':
        return '\f';
      case 'v':
        return '\v';
      case 'a':
        return '\a';
      case '0':
        return 0;
      case 'x':
        return hex(2);
      case 'u':
        return hex(4);
      case 'U':
        return hex(8);
      default:
        break;  // an open set: marks stand for themselves
    }
    if (code < 128 && is_letter(code)) fail(std::string("bad escape \\") + static_cast<char>(code));
    return code;
  }

  NodePtr escape() {
    if (done()) fail("bad escape (end of pattern)");
    std::uint32_t code = text_[at_++];
    if (is_class(code)) return class_node(code);
    if (code == 'b') return assertion(Regex::Op::kWordEdge);
    if (code == 'B') return assertion(Regex::Op::kNotWordEdge);
    if (code == 'A') return assertion(Regex::Op::kTextBegin);
    if (code == 'Z') return assertion(Regex::Op::kTextEnd);
    if (code >= '1' && code <= '9') {
      std::uint32_t number = code - '0';
      if (peek() >= '0' && peek() <= '9' && !done()) number = number * 10 + (text_[at_++] - '0');
      if (number > static_cast<std::uint32_t>(groups_)) fail("invalid group reference " + std::to_string(number));
      return make(Node::Kind::kBackReference, number);
    }
    return make(Node::Kind::kChar, escaped_character(code));
  }

  NodePtr set() {
    Regex::CharacterSet made;
    made.negated = accept('^');
    bool first = true;
    for (;; first = false) {
      if (done()) fail("unterminated character set");
      std::uint32_t code = text_[at_++];
      if (code == ']' && !first) break;
      if (code == '\\') {
        if (done()) fail("bad escape (end of pattern)");
        code = text_[at_++];
        if (is_class(code)) {
          made.classes += static_cast<char>(code);
          continue;
        }
        code = code == 'b' ? '\b' : escaped_character(code);
      }
      std::uint32_t last = code;
      if (peek() == '-' && at_ + 1 < text_.size() && peek(1) != ']') {
        ++at_;
        last = text_[at_++];
        if (last == '\\' && !done()) {
          last = text_[at_++];
          if (is_class(last)) fail("bad character range");
          last = escaped_character(last);
        }
        if (last < code) fail("bad character range");
      }
      made.ranges.emplace_back(code, last);
    }
    regex_.sets_.push_back(std::move(made));
    return make(Node::Kind::kSet, static_cast<std::uint32_t>(regex_.sets_.size() - 1));
  }

  /// The width of what a lookbehind holds; -1 if it varies.
  static std::int64_t width(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kEmpty:
      case Node::Kind::kAssertion:
      case Node::Kind::kLook:
        return 0;
      case Node::Kind::kChar:
      case Node::Kind::kAny:
      case Node::Kind::kSet:
        return 1;
      case Node::Kind::kBackReference:
        return -1;
      case Node::Kind::kGroup:
        return width(*node.children[0]);
      case Node::Kind::kRepeat: {
        std::int64_t one = width(*node.children[0]);
        return node.least == node.most && one >= 0 ? one * node.least : -1;
      }
      case Node::Kind::kSequence: {
        std::int64_t sum = 0;
        for (const NodePtr& child : node.children) {
          std::int64_t one = width(*child);
          if (one < 0) return -1;
          sum += one;
        }
        return sum;
      }
      case Node::Kind::kChoice: {
        std::int64_t same = width(*node.children[0]);
        for (const NodePtr& child : node.children) {
          if (width(*child) != same) return -1;
        }
        return same;
      }
    }
    return -1;
  }

  std::uint32_t here() const { return static_cast<std::uint32_t>(regex_.program_.size()); }
  std::uint32_t emit(Regex::Instruction instruction) {
    if (regex_.program_.size() >= kMaxProgram) fail("the pattern is too large");
    regex_.program_.push_back(instruction);
    return here() - 1;
  }
  Regex::Instruction& code(std::uint32_t at) { return regex_.program_[at]; }

  void emit_node(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kEmpty:
        break;
      case Node::Kind::kChar:
        emit({Regex::Op::kChar, regex_.flags_.ignore_case ? to_lower(node.value) : node.value});
        break;
      case Node::Kind::kAny:
        emit({Regex::Op::kAny, 0, 0, regex_.flags_.dot_all});
        break;
      case Node::Kind::kSet:
        emit({Regex::Op::kSet, node.value});
        break;
      case Node::Kind::kAssertion:
        emit({node.assertion});
        break;
      case Node::Kind::kBackReference:
        emit({Regex::Op::kBackReference, node.value});
        break;
      case Node::Kind::kSequence:
        for (const NodePtr& child : node.children) emit_node(*child);
        break;
      case Node::Kind::kGroup:
        if (node.value != 0) emit({Regex::Op::kSave, node.value * 2});
        emit_node(*node.children[0]);
        if (node.value != 0) emit({Regex::Op::kSave, node.value * 2 + 1});
        break;
      case Node::Kind::kChoice:
        emit_choice(node);
        break;
      case Node::Kind::kRepeat:
        emit_repeat(node);
        break;
      case Node::Kind::kLook:
        emit_look(node);
        break;
    }
  }

  void emit_choice(const Node& node) {
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i + 1 < node.children.size(); ++i) {
      std::uint32_t split = emit({Regex::Op::kSplit});
      code(split).x = here();
      emit_node(*node.children[i]);
      ends.push_back(emit({Regex::Op::kJump}));
      code(split).y = here();
    }
    emit_node(*node.children.back());
    for (std::uint32_t end : ends) code(end).x = here();
  }

  void branch(std::uint32_t split, std::uint32_t into, std::uint32_t past, bool greedy) {
    code(split).x = greedy ? into : past;
    code(split).y = greedy ? past : into;
  }

  void emit_repeat(const Node& node) {
    const Node& body = *node.children[0];
    for (std::int64_t i = 0; i < node.least; ++i) emit_node(body);
    if (node.most < 0) {
      std::uint32_t mark = marks_++;
      std::uint32_t split = emit({Regex::Op::kSplit});
      std::uint32_t into = here();
      emit({Regex::Op::kMark, mark});
      emit_node(body);
      // A round that took nothing would go on for ever.
      emit({Regex::Op::kProgress, mark});
      emit({Regex::Op::kJump, split});
      branch(split, into, here(), node.greedy);
      return;
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> splits;
    for (std::int64_t i = node.least; i < node.most; ++i) {
      std::uint32_t split = emit({Regex::Op::kSplit});
      splits.emplace_back(split, here());
      emit_node(body);
    }
    for (auto [split, into] : splits) branch(split, into, here(), node.greedy);
  }

  void emit_look(const Node& node) {
    std::int64_t size = node.behind ? width(*node.children[0]) : 0;
    if (size < 0) fail("look-behind requires fixed-width pattern");
    Regex::Instruction look{Regex::Op::kLook, 0, static_cast<std::uint32_t>(size), node.negated};
    look.behind = node.behind;
    std::uint32_t at = emit(look);
    emit_node(*node.children[0]);
    emit({Regex::Op::kMatch});
    code(at).x = here();
  }

  Regex& regex_;
  std::vector<std::uint32_t> text_;
  std::size_t at_ = 0;
  int groups_ = 0;
  std::uint32_t marks_ = 0;
};

bool Regex::CharacterSet::contains(std::uint32_t code, bool ignore_case) const {
  auto in = [&](std::uint32_t c) {
    for (auto [first, last] : ranges) {
      if (c >= first && c <= last) return true;
    }
    for (char letter : classes) {
      bool found = (letter | 0x20) == 'd' ? is_decimal(c) : (letter | 0x20) == 'w' ? is_word(c) : is_space(c);
      if (found != (letter < 'a')) return true;
    }
    return false;
  };
  bool found = in(code) || (ignore_case && (in(to_lower(code)) || in(to_upper(code))));
  return found != negated;
}

Regex::Regex(std::string_view pattern, RegexFlags flags) : flags_(flags) { RegexCompiler(*this, pattern).run(); }

bool Regex::run(const Text& text, std::size_t pc, std::size_t at, bool to_end, Groups& slots, std::uint64_t& steps,
                int depth) const {
  struct Undo {
    std::size_t pc = 0;
    std::size_t at = 0;
    std::int64_t slot = -1;  ///< not -1: put old back into this slot
    std::int64_t old = 0;
  };
  std::vector<Undo> stack;
  auto set_slot = [&](std::uint32_t slot, std::int64_t value) {
    stack.push_back({0, 0, slot, slots[slot]});
    slots[slot] = value;
  };
  auto word_at = [&](std::size_t i) { return i < text.size() && is_word(text[i]); };
  for (;;) {
    if (steps == 0 || stack.size() > kMaxBacktracks || depth > kMaxNesting) throw RegexTooSlow{};
    --steps;
    const Instruction& now = program_[pc];
    bool good = true;
    ++pc;
    switch (now.op) {
      case Op::kChar:
        good = at < text.size() && (flags_.ignore_case ? to_lower(text[at]) : text[at]) == now.x;
        if (good) ++at;
        break;
      case Op::kAny:
        good = at < text.size() && (now.flag || text[at] != '\n');
        if (good) ++at;
        break;
      case Op::kSet:
        good = at < text.size() && sets_[now.x].contains(text[at], flags_.ignore_case);
        if (good) ++at;
        break;
      case Op::kSplit:
        stack.push_back({now.y, at, -1, 0});
        pc = now.x;
        break;
      case Op::kJump:
        pc = now.x;
        break;
      case Op::kSave:
      case Op::kMark:
        set_slot(now.x, static_cast<std::int64_t>(at));
        break;
      case Op::kProgress:
        good = slots[now.x] != static_cast<std::int64_t>(at);
        break;
      case Op::kLineBegin:
        good = at == 0 || text[at - 1] == '\n';
        break;
      case Op::kLineEnd:
        good = at == text.size() || (text[at] == '\n' && (flags_.multiline || at + 1 == text.size()));
        break;
      case Op::kTextBegin:
        good = at == 0;
        break;
      case Op::kTextEnd:
        good = at == text.size();
        break;
      case Op::kWordEdge:
        good = (at > 0 && word_at(at - 1)) != word_at(at);
        break;
      case Op::kNotWordEdge:
        good = (at > 0 && word_at(at - 1)) == word_at(at);
        break;
      case Op::kBackReference: {
        std::int64_t begin = slots[now.x * 2];
        std::int64_t end = slots[now.x * 2 + 1];
        good = begin >= 0 && end >= begin;
        for (std::int64_t i = begin; good && i < end; ++i, ++at) {
          std::uint32_t wanted = text[static_cast<std::size_t>(i)];
          good = at < text.size() &&
                 (text[at] == wanted || (flags_.ignore_case && to_lower(text[at]) == to_lower(wanted)));
        }
        break;
      }
      case Op::kLook: {
        Groups inner = slots;
        bool found =
            (!now.behind || at >= now.y) && run(text, pc, now.behind ? at - now.y : at, false, inner, steps, depth + 1);
        good = found != now.flag;
        if (found && !now.flag) {
          for (std::uint32_t i = 0; i < slots.size(); ++i) {
            if (inner[i] != slots[i]) set_slot(i, inner[i]);
          }
        }
        pc = now.x;
        break;
      }
      case Op::kMatch:
        good = !to_end || at == text.size();
        if (good) return true;
        break;
    }
    if (good) continue;
    for (;;) {
      if (stack.empty()) return false;
      Undo undo = stack.back();
      stack.pop_back();
      if (undo.slot >= 0) {
        slots[static_cast<std::size_t>(undo.slot)] = undo.old;
        continue;
      }
      pc = undo.pc;
      at = undo.at;
      break;
    }
  }
}

std::optional<Regex::Groups> Regex::find(const Text& text, std::size_t from, Anchor anchor,
                                         std::uint64_t& steps) const {
  for (std::size_t at = from; at <= text.size(); ++at) {
    Groups slots(slots_, -1);
    if (run(text, 0, at, anchor == Anchor::kFullMatch, slots, steps, 0)) {
      slots.resize(2 * (static_cast<std::size_t>(groups_) + 1));
      return slots;
    }
    if (anchor != Anchor::kSearch) break;
  }
  return std::nullopt;
}

}  // namespace bascule::evaluate
