#include "app/python_defaults.h"

#include <optional>
#include <vector>

#include "base/text.h"
#include "syntax/python/lexer.h"

namespace bascule::app {

namespace {

namespace py = syntax::python;

class Scan {
 public:
  Scan(std::string_view text, const std::vector<py::Token>& tokens) : text_(text), tokens_(tokens) {}

  std::set<std::string> run() {
    std::optional<Call> table;
    std::optional<Call> column;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const std::string_view word = written(i);
      if (word == "(" || word == "[" || word == "{") ++depth_;
      if (word == ")" || word == "]" || word == "}") {
        --depth_;
        if (column && depth_ < column->depth) {
          if (column->in_python && !column->on_server && !table_.empty()) found_.insert(table_ + "." + column->name);
          column.reset();
        }
        if (table && depth_ < table->depth) table.reset();
      }
      if (tokens_[i].kind != py::TokenKind::kName || written(i + 1) != "(") {
        if (column && depth_ == column->depth && written(i + 1) == "=") see_keyword(word, *column);
        continue;
      }
      if (word == "create_table" || word == "add_column" || word == "batch_alter_table") {
        table = Call{depth_ + 1, literal(i + 2), false, false};
        if (!table->name.empty()) table_ = table->name;
      } else if (word == "Column" && !column) {
        column = Call{depth_ + 1, literal(i + 2), false, false};
      }
    }
    return std::move(found_);
  }

 private:
  struct Call {
    int depth = 0;
    std::string name;  ///< its first argument
    bool in_python = false;
    bool on_server = false;
  };

  static void see_keyword(std::string_view word, Call& column) {
    if (word == "server_default") column.on_server = true;
    if (word == "default") column.in_python = true;
  }

  std::string_view written(std::size_t i) const {
    return i < tokens_.size() ? text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin) : std::string_view();
  }
  /// A plain string literal; empty: it is something else.
  std::string literal(std::size_t i) const {
    if (i >= tokens_.size() || tokens_[i].kind != py::TokenKind::kString) return {};
    const std::string_view text = written(i);
    const py::StringShape shape = py::string_shape(text);
    const std::size_t ends = shape.prefix + shape.quotes;
    if (shape.format || shape.bytes || text.size() < ends + shape.quotes) return {};
    return std::string(text.substr(ends, text.size() - ends - shape.quotes));
  }

  std::string_view text_;
  const std::vector<py::Token>& tokens_;
  int depth_ = 0;
  std::string table_;
  std::set<std::string> found_;
};

}  // namespace

std::set<std::string> python_defaults(const SourceFilePtr& file) {
  const std::string text = replace_all(file->text(), "server_default", "");
  if (text.find("default") == std::string::npos) return {};
  try {
    const py::Tokens tokens = py::tokenize(file->text(), 0);
    return Scan(file->text(), tokens.list).run();
  } catch (const py::SyntaxFailure&) {
    return {};
  }
}

}  // namespace bascule::app
