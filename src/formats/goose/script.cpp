#include "formats/goose/script.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "base/result.h"
#include "base/text.h"

namespace bascule::formats::goose {

namespace {

constexpr std::string_view kMarker = "+goose";

bool is_annotation(std::string_view line) {
  return trim(line).starts_with("--") && line.find(kMarker) != std::string_view::npos;
}

/// Whether the last word before a comment ends in a semicolon.
bool ends_statement(std::string_view line) {
  bool ends = false;
  std::size_t at = 0;
  while (true) {
    at = std::min(line.find_first_not_of(" \t\r\f\v", at), line.size());
    if (at == line.size()) return ends;
    const std::size_t end = std::min(line.find_first_of(" \t\r\f\v", at), line.size());
    const std::string_view word = line.substr(at, end - at);
    if (word.starts_with("--")) return ends;
    ends = word.ends_with(";");
    at = end;
  }
}

/// Variables of a line. Error: the text of ${NAME?text}.
class Substitution {
 public:
  Substitution(std::string_view line, const std::map<std::string, std::string>& environment)
      : line_(line), environment_(environment) {}

  Result<std::string, std::string> run() {
    std::string out;
    while (at_ < line_.size()) {
      const char c = line_[at_];
      const char next = at_ + 1 < line_.size() ? line_[at_ + 1] : '\0';
      if ((c == '\\' || c == '$') && next == '$') {
        out += '$';
        at_ += 2;
      } else if (c != '$') {
        out += c;
        ++at_;
      } else {
        BASCULE_TRY_ASSIGN(const std::string value, variable());
        out += value;
      }
    }
    return out;
  }

 private:
  std::optional<std::string> lookup(const std::string& name) const {
    const auto found = environment_.find(name);
    return found == environment_.end() ? std::nullopt : std::optional(found->second);
  }
  std::string name() {
    const std::size_t begin = at_;
    while (at_ < line_.size() && (std::isalnum(static_cast<unsigned char>(line_[at_])) != 0 || line_[at_] == '_'))
      ++at_;
    return std::string(line_.substr(begin, at_ - begin));
  }

  Result<std::string, std::string> variable() {
    ++at_;
    if (at_ >= line_.size() || line_[at_] != '{') {
      const std::string plain = name();
      return plain.empty() ? std::string("$") : lookup(plain).value_or("");
    }
    ++at_;
    const std::string braced = name();
    const std::size_t close = line_.find('}', at_);
    if (braced.empty() || close == std::string_view::npos) return failure(std::string("a ${ that is not closed"));
    std::string_view rest = line_.substr(at_, close - at_);
    at_ = close + 1;
    const auto value = lookup(braced);
    if (rest.starts_with(":-")) return value && !value->empty() ? *value : std::string(rest.substr(2));
    if (rest.starts_with("-")) return value ? *value : std::string(rest.substr(1));
    if (rest.starts_with("?")) {
      if (value) return *value;
      return failure("$" + braced + ": " + (rest.size() > 1 ? std::string(rest.substr(1)) : "not set"));
    }
    if (!rest.empty()) return failure("${" + braced + std::string(rest) + "} is not understood");
    return value.value_or("");
  }

  std::string_view line_;
  const std::map<std::string, std::string>& environment_;
  std::size_t at_ = 0;
};

class Reader {
 public:
  Reader(SourceFilePtr file, const std::map<std::string, std::string>& environment)
      : file_(std::move(file)), text_(file_->text()), environment_(environment) {}

  GooseScript read() {
    while (at_ < text_.size() && out_.diagnostics.empty()) {
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = text_.substr(at_, end - at_);
      next_ = std::min(end + 1, text_.size());
      take(line);
      at_ = next_;
    }
    if (!out_.diagnostics.empty()) return std::move(out_);
    if (section_ == Section::kNone)
      wrong(0, file_->path() + " has no line \"-- +goose Up\"", "write it above the statements");
    else if (in_block_)
      wrong(block_begin_, "this block has no \"-- +goose StatementEnd\"", "write it behind the statement");
    else
      expect_finished();
    return std::move(out_);
  }

 private:
  enum class Section { kNone, kUp, kDown };

  void wrong(std::size_t offset, std::string message, std::string help, std::string code = "goose-annotation") {
    Diagnostic out;
    out.code = std::move(code);
    out.message = std::move(message);
    out.location = {file_, {file_->at(offset), file_->at(offset)}};
    out.help = std::move(help);
    out_.diagnostics.add(std::move(out));
  }

  void take(std::string_view line) {
    if (is_annotation(line)) return annotation(line);
    const std::string_view bare = trim(line);
    if (!open_ && (bare.empty() || bare.starts_with("--"))) return;
    if (section_ == Section::kNone)
      return wrong(at_, file_->path() + " has a statement before \"-- +goose Up\"", "move it below that line");
    if (!open_) {
      open_ = Chunk{at_, at_, ""};
      changed_ = false;
      substituted_.clear();
    }
    if (add(line) && !in_block_) close();
  }

  /// Whether the line, as it then reads, ends a statement.
  bool add(std::string_view line) {
    std::string written(line);
    if (substitute_) {
      auto value = Substitution(line, environment_).run();
      if (!value) {
        wrong(at_, value.error(), "set the variable in the environment", "unset-variable");
        return false;
      }
      changed_ = changed_ || *value != written;
      written = std::move(*value);
    }
    substituted_ += written + "\n";
    open_->end = next_;
    return ends_statement(written);
  }

  void close() {
    if (changed_) open_->text = std::move(substituted_);
    (section_ == Section::kUp ? out_.up : out_.down).push_back(std::move(*open_));
    open_.reset();
  }

  bool expect_finished() {
    if (!open_) return true;
    wrong(open_->begin, "this statement does not end in a semicolon", "write the semicolon at the end of its line");
    return false;
  }

  void annotation(std::string_view line) {
    if (line.starts_with(" ") || line.starts_with("\t"))
      return wrong(at_, "blanks stand before this \"-- +goose\" line", "goose wants it at the beginning of the line");
    const std::string word = to_lower_ascii(trim(replace_all(replace_all(line, "--", ""), kMarker, "")));
    if (word == "up") {
      if (section_ != Section::kNone) return wrong(at_, "there is a second \"-- +goose Up\"", "leave one of them out");
      section_ = Section::kUp;
    } else if (word == "down") {
      if (section_ != Section::kUp || in_block_)
        return wrong(at_, "\"-- +goose Down\" does not come after \"-- +goose Up\"", "write the way up first");
      if (!expect_finished()) return;
      section_ = Section::kDown;
      out_.has_down = true;
    } else if (word == "statementbegin") {
      if (section_ == Section::kNone || in_block_)
        return wrong(at_, "\"-- +goose StatementBegin\" stands in no section, or in another block",
                     "write it below \"-- +goose Up\" or \"-- +goose Down\"");
      in_block_ = true;
      block_begin_ = at_;
    } else if (word == "statementend") {
      if (!in_block_)
        return wrong(at_, "there is no \"-- +goose StatementBegin\" before this", "write it, or leave this out");
      in_block_ = false;
      if (open_) close();
    } else if (word == "no transaction") {
      out_.transaction = false;
    } else if (word == "envsub on" || word == "envsub off") {
      substitute_ = word == "envsub on";
      // The line itself is no part of a statement.
      if (open_) changed_ = true;
    } else {
      wrong(at_, "goose has no annotation \"" + std::string(trim(line)) + "\"",
            "there are Up, Down, StatementBegin, StatementEnd, NO TRANSACTION, ENVSUB ON, ENVSUB OFF");
    }
  }

  SourceFilePtr file_;
  std::string_view text_;
  const std::map<std::string, std::string>& environment_;
  GooseScript out_;
  std::size_t at_ = 0, next_ = 0, block_begin_ = 0;
  Section section_ = Section::kNone;
  bool in_block_ = false;
  bool substitute_ = false;
  bool changed_ = false;
  std::optional<Chunk> open_;
  std::string substituted_;
};

}  // namespace

bool is_goose_script(std::string_view text) {
  for (const std::string_view line : split(text, '\n'))
    if (line.starts_with("--") && is_annotation(line)) return true;
  return false;
}

GooseScript read_script(const SourceFilePtr& file, const std::map<std::string, std::string>& environment) {
  return Reader(file, environment).read();
}

}  // namespace bascule::formats::goose
