#include "formats/prisma/schema_file.h"

#include <cctype>
#include <string_view>

#include "base/text.h"

namespace bascule::formats::prisma {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

/// Walks over a schema's text; comments count as blanks.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at, std::size_t end) : text_(text.substr(0, end)), at_(at) {}

  bool done() const { return at_ >= text_.size(); }
  std::size_t at() const { return at_; }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char sign) {
    if (peek() != sign) return false;
    ++at_;
    return true;
  }
  void step() { ++at_; }

  void skip_blanks() {
    while (!done()) {
      if (std::isspace(static_cast<unsigned char>(peek())) != 0)
        ++at_;
      else if (text_.substr(at_).starts_with("//"))
        skip_line();
      else if (text_.substr(at_).starts_with("/*"))
        at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
      else
        return;
    }
  }
  void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  std::string word() {
    const std::size_t begin = at_;
    while (!done() && is_word(peek())) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  /// A text in double quotes; nullopt: there is none, or it does not end on its line.
  std::optional<std::string> string() {
    if (peek() != '"') return std::nullopt;
    std::string out;
    for (std::size_t i = at_ + 1; i < text_.size() && text_[i] != '\n'; ++i) {
      if (text_[i] == '"') {
        at_ = i + 1;
        return out;
      }
      if (text_[i] == '\\' && i + 1 < text_.size()) {
        const char escaped = text_[++i];
        out += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped == 'r' ? '\r' : escaped;
      } else {
        out += text_[i];
      }
    }
    return std::nullopt;
  }

  /// After an opening brace: to behind the one that closes it; npos: there is none.
  std::size_t close_brace() {
    for (int open = 1; !done();) {
      skip_blanks();
      if (peek() == '"') {
        if (!string()) ++at_;
        continue;
      }
      if (peek() == '{') ++open;
      if (peek() == '}' && --open == 0) return ++at_;
      if (!done()) ++at_;
    }
    return std::string_view::npos;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

Location place(const SourceFilePtr& file, std::size_t begin, std::size_t end) {
  return {file, {file->at(begin), file->at(end)}};
}

Diagnostic invalid(const SourceFilePtr& file, std::size_t at, std::string message) {
  Diagnostic out;
  out.code = "prisma-schema-invalid";
  out.message = std::move(message);
  out.location = place(file, at, at);
  out.help = "look at the whole schema with: npx prisma validate";
  return out;
}

std::optional<SchemaValue> read_value(const SourceFilePtr& file, Cursor& cursor) {
  SchemaValue out;
  const std::size_t begin = cursor.at();
  if (auto text = cursor.string()) {
    out.text = std::move(*text);
  } else if (cursor.word() == "env") {
    cursor.skip_blanks();
    if (!cursor.take('(')) return std::nullopt;
    cursor.skip_blanks();
    out.variable = cursor.string();
    cursor.skip_blanks();
    if (!out.variable || !cursor.take(')')) return std::nullopt;
  } else {
    return std::nullopt;
  }
  out.where = place(file, begin, cursor.at());
  return out;
}

std::vector<std::string> read_list(Cursor& cursor) {
  std::vector<std::string> out;
  if (!cursor.take('[')) return out;
  while (!cursor.done()) {
    cursor.skip_blanks();
    if (cursor.take(']')) break;
    if (cursor.take(',')) continue;
    auto text = cursor.string();
    if (!text) break;
    out.push_back(std::move(*text));
  }
  return out;
}

}  // namespace

std::vector<SchemaBlock> read_blocks(const SourceFilePtr& file, Diagnostics& diagnostics) {
  std::vector<SchemaBlock> blocks;
  const std::string_view text = file->text();
  Cursor cursor(text, 0, text.size());
  for (cursor.skip_blanks(); !cursor.done(); cursor.skip_blanks()) {
    SchemaBlock block;
    block.begin = cursor.at();
    block.kind = cursor.word();
    cursor.skip_blanks();
    block.name = cursor.word();
    cursor.skip_blanks();
    if (block.kind == "type" && cursor.peek() == '=') {  // an alias of older schemas: one line
      cursor.skip_line();
      continue;
    }
    if (block.kind.empty() || !cursor.take('{')) {
      diagnostics.add(invalid(file, block.begin, "this line is in no block of the schema"));
      cursor.skip_line();
      continue;
    }
    block.body_begin = cursor.at();
    block.end = cursor.close_brace();
    if (block.end == std::string_view::npos) {
      diagnostics.add(invalid(file, block.begin, "the block '" + block.kind + " " + block.name + "' is not closed"));
      break;
    }
    block.body_end = block.end - 1;
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::optional<Datasource> read_datasource(const SourceFilePtr& file, Diagnostics& diagnostics) {
  for (const SchemaBlock& block : read_blocks(file, diagnostics)) {
    if (block.kind != "datasource") continue;
    Datasource out;
    out.name = block.name;
    out.where = place(file, block.begin, block.body_begin - 1);
    Cursor cursor(file->text(), block.body_begin, block.body_end);
    for (cursor.skip_blanks(); !cursor.done(); cursor.skip_blanks()) {
      const std::size_t begin = cursor.at();
      const std::string key = cursor.word();
      cursor.skip_blanks();
      if (key.empty() || !cursor.take('=')) {
        diagnostics.add(invalid(file, begin, "this line of the datasource is not of the form: name = value"));
        cursor.skip_line();
        continue;
      }
      cursor.skip_blanks();
      if (key == "schemas") {
        out.schemas = read_list(cursor);
      } else if (key == "provider" || key == "url" || key == "directUrl") {
        auto value = read_value(file, cursor);
        if (!value) diagnostics.add(invalid(file, begin, "'" + key + "' is neither a text nor env(\"...\")"));
        (key == "url" ? out.url : key == "provider" ? out.provider : out.direct_url) = std::move(value);
      }
      cursor.skip_line();
    }
    return out;
  }
  return std::nullopt;
}

}  // namespace bascule::formats::prisma
