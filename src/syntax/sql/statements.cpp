#include "syntax/sql/statements.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace bascule::syntax::sql {

namespace {

/// Positions of offsets that (nearly always) grow, each found from the last.
class PositionCounter {
 public:
  explicit PositionCounter(std::string_view text) : text_(text) {}

  Position at(std::size_t offset) {
    if (offset < now_.offset) now_ = {1, 1, 0};
    const std::string_view passed = text_.substr(now_.offset, offset - now_.offset);
    const std::size_t last_line_end = passed.rfind('\n');
    if (last_line_end == std::string_view::npos) {
      now_.column += static_cast<std::uint32_t>(utf8_length(passed));
    } else {
      now_.line += static_cast<std::uint32_t>(std::count(passed.begin(), passed.end(), '\n'));
      now_.column = static_cast<std::uint32_t>(1 + utf8_length(passed.substr(last_line_end + 1)));
    }
    now_.offset = static_cast<std::uint32_t>(offset);
    return now_;
  }

 private:
  std::string_view text_;
  Position now_{1, 1, 0};
};

/// What the words of a PostgreSQL statement say about where it ends, by psql's rules.
class PostgresEnd {
 public:
  void take(std::string_view text, const Token& token) {
    if (is_symbol(text, token, '(')) ++parentheses_;
    if (is_symbol(text, token, ')') && parentheses_ > 0) --parentheses_;
    if (token.kind != TokenKind::kWord) {
      from_ = false;
      return;
    }
    const auto is = [&](std::string_view word) { return is_word(text, token, word); };
    if (words_ == 0) copies_ = is("COPY");
    if (copies_ && from_ && parentheses_ == 0 && is("STDIN")) from_stdin_ = true;
    from_ = is("FROM");
    routine_ = routine_ || (words_ == 0 ? false : creates_routine(is));
    if (words_ == 0) creates_ = is("CREATE");
    ++words_;
    if (!routine_ || parentheses_ > 0) return;
    if (is("BEGIN") || (blocks_ > 0 && is("CASE"))) ++blocks_;
    if (blocks_ > 0 && is("END")) --blocks_;
  }
  bool may_end() const { return parentheses_ == 0 && blocks_ == 0; }
  bool copy_from_stdin() const { return from_stdin_; }

 private:
  /// CREATE [OR REPLACE] {FUNCTION | PROCEDURE}
  template <class Is>
  bool creates_routine(Is is) {
    if (!creates_ || (words_ != 1 && words_ != 3)) return false;
    return is("FUNCTION") || is("PROCEDURE");
  }

  std::size_t words_ = 0;
  std::size_t parentheses_ = 0;
  std::size_t blocks_ = 0;
  bool creates_ = false;
  bool routine_ = false;
  bool copies_ = false;
  bool from_ = false;
  bool from_stdin_ = false;
};

/// SQLite's own rule (sqlite3_complete): CREATE [TEMP] TRIGGER ends at the terminator after "; END".
class SqliteEnd {
 public:
  void take(std::string_view text, const Token& token) {
    const auto is = [&](std::string_view word) { return is_word(text, token, word); };
    if (head_ && is("EXPLAIN") && words_ == 0) return;
    if (head_) {
      const bool may_go_on = words_ == 0 ? is("CREATE") : is("TEMP") || is("TEMPORARY");
      if (words_ > 0 && is("TRIGGER")) trigger_ = true;
      head_ = may_go_on && !trigger_;
      ++words_;
    }
    after_end_ = after_terminator_ && is("END");
    after_terminator_ = false;
  }
  void take_terminator() { after_terminator_ = true; }
  bool may_end() const { return !trigger_ || after_end_; }

 private:
  std::size_t words_ = 0;
  bool head_ = true;
  bool trigger_ = false;
  bool after_terminator_ = false;
  bool after_end_ = false;
};

SplitProblem::What problem_of(Unclosed what) {
  using What = SplitProblem::What;
  switch (what) {
    case Unclosed::kString:
      return What::kUnclosedString;
    case Unclosed::kDollarQuote:
      return What::kUnclosedDollarQuote;
    case Unclosed::kComment:
      return What::kUnclosedComment;
    case Unclosed::kQuotedName:
      return What::kUnclosedQuotedName;
  }
  return What::kUnclosedString;
}

class Splitter {
 public:
  Splitter(std::string_view script, Flavour flavour)
      : script_(script), flavour_(flavour), lexer_(script, flavour), positions_(script) {}

  Script run(std::size_t enough) {
    while (result_.statements.size() < enough) {
      const auto token = lexer_.next();
      if (!token) break;
      take(*token);
    }
    if (solid_) finish_statement();
    if (const auto& unclosed = lexer_.unclosed(); unclosed && !result_.problem)
      result_.problem = SplitProblem{problem_of(unclosed->what), position(unclosed->begin)};
    return std::move(result_);
  }

 private:
  void take(const Token& token) {
    if (token.kind == TokenKind::kTerminator) {
      terminator(token);
      return;
    }
    if (flavour_ == Flavour::kPostgres && is_symbol(script_, token, '\\')) {
      client_command(token, std::min(script_.find('\n', token.begin), script_.size()));
      return;
    }
    if (flavour_ == Flavour::kMysql && !solid_ && is_word(script_, token, "DELIMITER")) {
      set_delimiter(token);
      return;
    }
    if (!solid_) begin_ = token.begin;
    solid_ = true;
    end_ = token.end;
    if (flavour_ == Flavour::kPostgres) postgres_.take(script_, token);
    if (flavour_ == Flavour::kSqlite) sqlite_.take(script_, token);
  }

  void terminator(const Token& token) {
    const bool inside = (flavour_ == Flavour::kPostgres && !postgres_.may_end()) ||
                        (flavour_ == Flavour::kSqlite && !sqlite_.may_end());
    if (inside && solid_) {
      if (flavour_ == Flavour::kSqlite) sqlite_.take_terminator();
      end_ = token.end;
      return;
    }
    const bool copies = solid_ && flavour_ == Flavour::kPostgres && postgres_.copy_from_stdin();
    if (solid_) finish_statement();
    gap_ = token.end;
    if (copies) copy_data();
  }

  /// psql takes a backslash command to the end of its line, with what was typed before it.
  void client_command(const Token& token, std::size_t line_end) {
    if (!solid_) begin_ = token.begin;
    end_ = line_end;
    if (end_ > begin_ && script_[end_ - 1] == '\r') --end_;
    finish_statement(SpanKind::kClientCommand);
    lexer_.jump(line_end);
  }

  void set_delimiter(const Token& token) {
    const std::size_t line_end = std::min(script_.find_first_of("\r\n", token.end), script_.size());
    std::string_view wanted = trim(script_.substr(token.end, line_end - token.end));
    wanted = wanted.substr(0, wanted.find_first_of(" \t"));
    if (!wanted.empty()) lexer_.set_terminator(wanted);
    client_command(token, line_end);
  }

  void finish_statement(SpanKind kind = SpanKind::kStatement) {
    StatementSpan span;
    span.leading = script_.substr(gap_, begin_ - gap_);
    span.text = script_.substr(begin_, end_ - begin_);
    span.begin = position(begin_);
    span.kind = kind;
    span.copy_from_stdin = kind == SpanKind::kStatement && postgres_.copy_from_stdin();
    result_.statements.push_back(span);
    gap_ = end_;
    solid_ = false;
    postgres_ = {};
    sqlite_ = {};
  }

  /// The rows that follow COPY ... FROM stdin; up to the line "\.".
  void copy_data() {
    const std::size_t line_end = std::min(script_.find('\n', gap_), script_.size());
    Lexer rest(script_.substr(0, line_end), flavour_);
    rest.jump(gap_);
    if (rest.next() && !result_.problem)
      result_.problem = SplitProblem{SplitProblem::What::kTextAfterCopy, position(gap_)};
    const std::size_t begin = std::min(line_end + 1, script_.size());
    std::size_t line = begin;
    std::size_t end = script_.size();
    std::size_t after = end;
    bool closed = false;
    while (line < script_.size() && !closed) {
      const std::size_t stop = std::min(script_.find('\n', line), script_.size());
      std::string_view row = script_.substr(line, stop - line);
      if (!row.empty() && row.back() == '\r') row.remove_suffix(1);
      if (row == "\\.") {
        end = line;
        after = stop;
        closed = true;
      }
      line = stop + 1;
    }
    result_.statements.back().copy_data = script_.substr(begin, end - begin);
    if (!closed && !result_.problem)
      result_.problem = SplitProblem{SplitProblem::What::kUnclosedCopyData, position(begin)};
    lexer_.jump(after);
    gap_ = after;
  }

  Position position(std::size_t offset) { return positions_.at(offset); }

  std::string_view script_;
  Flavour flavour_;
  Lexer lexer_;
  PositionCounter positions_;
  Script result_;
  std::size_t gap_ = 0;  ///< where the last statement and its terminator ended
  std::size_t begin_ = 0, end_ = 0;
  bool solid_ = false;  ///< a statement has begun
  PostgresEnd postgres_;
  SqliteEnd sqlite_;
};

}  // namespace

std::string_view describe(SplitProblem::What what) {
  using What = SplitProblem::What;
  switch (what) {
    case What::kUnclosedString:
      return "this string is not closed";
    case What::kUnclosedDollarQuote:
      return "this dollar quote is not closed";
    case What::kUnclosedComment:
      return "this comment is not closed";
    case What::kUnclosedQuotedName:
      return "this quoted name is not closed";
    case What::kUnclosedCopyData:
      return "these rows of COPY do not end with a line \\.";
    case What::kTextAfterCopy:
      return "text between COPY ... FROM stdin; and its rows";
  }
  return "";
}

Script split(std::string_view script, Flavour flavour) { return Splitter(script, flavour).run(SIZE_MAX); }

bool is_single_statement(std::string_view text, Flavour flavour) {
  return Splitter(text, flavour).run(2).statements.size() <= 1;
}

}  // namespace bascule::syntax::sql
