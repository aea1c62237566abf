// Reading ahead: whoever parses a file and when, the answer is the parser's.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "formats/alembic/read_ahead.h"

namespace bascule::formats::alembic {
namespace {

/// Files that say who they are; every seventh is not Python.
std::vector<SourceFilePtr> some_files(int count) {
  std::vector<SourceFilePtr> out;
  for (int i = 0; i < count; ++i) {
    std::string text = "'''file " + std::to_string(i) + "'''\n";
    for (int line = 0; line < i % 50; ++line) text += "x = [1, (2, 'three')]\n";
    if (i % 7 == 3) text += "def broken(:\n";
    out.push_back(std::make_shared<const SourceFile>("f" + std::to_string(i) + ".py", std::move(text)));
  }
  return out;
}

/// "file 4 with 5 statements", or where it is broken.
std::string described(const ParsedModule& parsed) {
  if (parsed) return parsed->docstring.value_or("?") + " with " + std::to_string(parsed->body.size()) + " statements";
  const Diagnostic& wrong = parsed.error();
  return wrong.location.file->path() + " " + wrong.message + " " + std::to_string(wrong.location.span.begin.line);
}

std::string expected(const SourceFilePtr& file) { return described(syntax::python::parse(file)); }

TEST(ReadAhead, InOrderTheAnswersAreTheParsers) {
  for (const int count : {0, 1, 7, 8, 200}) {
    const auto files = some_files(count);
    ReadAhead ahead;
    ahead.expect(files);
    for (const SourceFilePtr& file : files) EXPECT_EQ(described(ahead.module_of(file)), expected(file));
  }
}

TEST(ReadAhead, AskedAgainItIsTheSameModule) {
  const auto files = some_files(20);
  ReadAhead ahead;
  ahead.expect(files);
  for (const SourceFilePtr& file : files) {
    const ParsedModule* first = &ahead.module_of(file);
    const void* body = *first ? (*first)->body.data() : nullptr;
    const ParsedModule* second = &ahead.module_of(file);
    EXPECT_EQ(second, first);
    EXPECT_EQ(*second ? (*second)->body.data() : nullptr, body);
  }
}

TEST(ReadAhead, OtherOrdersAndStrangersAreParsedToo) {
  const auto files = some_files(60);
  const auto strangers = some_files(3);
  ReadAhead ahead;
  EXPECT_EQ(described(ahead.module_of(strangers[0])), expected(strangers[0]));
  ahead.expect(files);
  for (const std::size_t i : {5U, 3U, 40U, 41U, 6U, 59U, 0U, 58U, 59U})
    EXPECT_EQ(described(ahead.module_of(files[i])), expected(files[i])) << i;
  EXPECT_EQ(described(ahead.module_of(strangers[1])), expected(strangers[1]));
}

TEST(ReadAhead, MayBeLeftOrTurnedElsewhereHalfWay) {
  const auto files = some_files(100);
  for (std::size_t asked = 0; asked < 20; ++asked) {
    ReadAhead ahead;
    ahead.expect(files);
    for (std::size_t i = 0; i < asked; ++i) static_cast<void>(ahead.module_of(files[i]));
    if (asked % 2 == 0) continue;
    const auto others = some_files(30);
    ahead.expect(others);
    EXPECT_EQ(described(ahead.module_of(others[0])), expected(others[0]));
    EXPECT_EQ(described(ahead.module_of(files[50])), expected(files[50]));
  }
}

}  // namespace
}  // namespace bascule::formats::alembic
