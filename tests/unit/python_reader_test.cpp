// The Python reader: verdicts as CPython gives them, places, literals, and what no reader may fall over.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "syntax/python/ast.h"

namespace bascule::syntax::python {
namespace {

Result<Module, Diagnostic> read(std::string text) {
  return parse(std::make_shared<const SourceFile>("versions/a1.py", std::move(text)));
}

/// "code line:column", or "ok".
std::string verdict(const std::string& text) {
  auto result = read(text);
  if (result) return "ok";
  const Position& at = result.error().location.span.begin;
  return result.error().code + " " + std::to_string(at.line) + ":" + std::to_string(at.column);
}

const Expr& only_value(const Module& module) {
  EXPECT_EQ(module.body.size(), 1U);
  const auto* assign = std::get_if<Assign>(&module.body.at(0).node);
  return assign ? *assign->value : *std::get<ExprStmt>(module.body.at(0).node).value;
}

template <class T>
T constant(const std::string& text) {
  auto module = read("x = " + text + "\n");
  if (!module) {
    ADD_FAILURE() << text << ": " << module.error().message;
    return T();
  }
  const auto* held = std::get_if<Constant>(&only_value(*module).node);
  if (!held || !std::holds_alternative<T>(held->value)) {
    ADD_FAILURE() << text << " is another kind of constant";
    return T();
  }
  return std::get<T>(held->value);
}

TEST(PythonReader, VerdictsAreThoseOfCPython) {
  std::ifstream in(BASCULE_SOURCE_DIR "/tests/data/python_verdicts.txt");
  ASSERT_TRUE(in) << "tests/data/python_verdicts.txt";
  std::vector<std::pair<std::string, std::string>> cases;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== ")) {
      cases.emplace_back(line.substr(4), "");
    } else if (!cases.empty()) {
      cases.back().second += line + "\n";
    }
  }
  ASSERT_GT(cases.size(), 250U);
  for (const auto& [expected, text] : cases) {
    auto result = read(text);
    std::string found = result ? "ok" : "error " + std::to_string(result.error().location.span.begin.line);
    EXPECT_EQ(found, expected) << text << (result ? "" : result.error().message);
    if (!result) {
      EXPECT_EQ(result.error().code, "syntax-error");
      EXPECT_EQ(result.error().help, "check with: python3 -m py_compile versions/a1.py");
    }
  }
}

TEST(PythonReader, ErrorsPointAtWhatIsWrong) {
  EXPECT_EQ(verdict("x = 1\ny = (1,\nz = 2\n"), "syntax-error 2:5");
  EXPECT_EQ(verdict("def upgrade():\n    op.execute('it's')\n"), "syntax-error 2:21");
  EXPECT_EQ(verdict("if x\n    pass\n"), "syntax-error 1:5");
  EXPECT_EQ(verdict("été = 1\nx = é é\n"), "syntax-error 2:7");
  EXPECT_EQ(verdict("x = \"\"\"a\nb\n"), "syntax-error 1:5");
}

TEST(PythonReader, Numbers) {
  EXPECT_EQ(constant<std::int64_t>("1_000"), 1000);
  EXPECT_EQ(constant<std::int64_t>("0xFF"), 255);
  EXPECT_EQ(constant<std::int64_t>("0o17"), 15);
  EXPECT_EQ(constant<std::int64_t>("0b1_01"), 5);
  EXPECT_EQ(constant<std::int64_t>("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(constant<Constant::BigInteger>("9223372036854775808").digits, "9223372036854775808");
  EXPECT_EQ(constant<Constant::BigInteger>("0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF").digits,
            "340282366920938463463374607431768211455");
  EXPECT_EQ(constant<double>("1e3"), 1000.0);
  EXPECT_EQ(constant<double>(".5"), 0.5);
  constant<Constant::Imaginary>("3j");
}

TEST(PythonReader, Strings) {
  EXPECT_EQ(constant<std::string>(R"py('a' "b" '''c''')py"), "abc");
  EXPECT_EQ(constant<std::string>(R"py('\n\t\\\'\x41\101\u00e9\U0001F600\d')py"),
            "\n\t\\'AA\xC3\xA9\xF0\x9F\x98\x80\\d");
  EXPECT_EQ(constant<std::string>(R"py(r'\n' R"\"" u'x')py"), "\\n\\\"x");
  EXPECT_EQ(constant<std::string>("'a\\\nb'"), "ab");
  EXPECT_EQ(constant<std::string>("'''a\r\nb\rc'''"), "a\nb\nc");
  EXPECT_EQ(constant<Constant::BytesLiteral>(R"py(b'\xff\x00' rB'\n')py").data, std::string("\xff\0\\n", 4));
  EXPECT_EQ(verdict(R"py(x = '\N{BULLET}')py"), "unsupported-syntax 1:6");
  EXPECT_EQ(verdict(R"py(x = '\ud800')py"), "unsupported-syntax 1:6");
}

TEST(PythonReader, FormatStrings) {
  auto module = read("x = f'a{{{b!r:>{w}}}}' 'c' f\"{d=}\"\n");
  ASSERT_TRUE(module) << module.error().message;
  const auto& parts = std::get<FString>(only_value(*module).node).parts;
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(std::get<std::string>(parts[0]), "a{");
  const auto& field = std::get<FormatField>(parts[1]);
  EXPECT_EQ(std::get<Name>(field.value->node).id, "b");
  EXPECT_EQ(field.conversion, 'r');
  const auto& spec = std::get<FString>(field.spec->node).parts;
  ASSERT_EQ(spec.size(), 2U);
  EXPECT_EQ(std::get<std::string>(spec[0]), ">");
  EXPECT_EQ(std::get<Name>(std::get<FormatField>(spec[1]).value->node).id, "w");
  EXPECT_EQ(std::get<std::string>(parts[2]), "}c");
  EXPECT_TRUE(std::get<FormatField>(parts[3]).show_source);
  EXPECT_EQ(field.value->span.begin.column, 11U);
  EXPECT_EQ(verdict("x = f'{a[\"b\"]}' f\"{c['d']}\" f'{e['f']}'\n"), "ok");
}

TEST(PythonReader, PrecedenceWhereTheGrammarErrs) {
  // 1 ^ 1 & 1 is 1 ^ (1 & 1); a star binds the whole of what follows it.
  auto module = read("x = 1 ^ 2 & 3\n");
  ASSERT_TRUE(module);
  const auto& outer = std::get<Binary>(only_value(*module).node);
  EXPECT_EQ(outer.op, BinaryOp::kBitXor);
  EXPECT_EQ(std::get<Binary>(outer.right->node).op, BinaryOp::kBitAnd);
  auto call = read("f(*a + b)\n");
  ASSERT_TRUE(call);
  const auto& star = std::get<Starred>(std::get<Call>(only_value(*call).node).positional.at(0)->node);
  EXPECT_TRUE(std::holds_alternative<Binary>(star.value->node));
}

TEST(PythonReader, AStarAtTheStartOfALineKeepsItsBlock) {
  auto module = read("def f():\n    *a, b = c\n    return a\n");
  ASSERT_TRUE(module) << module.error().message;
  EXPECT_EQ(std::get<FunctionDef>(module->body.at(0).node).body.size(), 2U);
}

TEST(PythonReader, AnnotationsMatchAndTypeParametersAreDropped) {
  auto module = read(
      "x: dict[str, int] = {}\ny: int\n"
      "def f[T](a: int = 1, /, *args: str, k: T, **kw: int) -> None: ...\n"
      "type P = list[int]\n"
      "match x:\n    case 1: pass\n    case _: pass\n");
  ASSERT_TRUE(module) << module.error().message;
  ASSERT_EQ(module->body.size(), 5U);
  EXPECT_TRUE(std::get<AnnAssign>(module->body[0].node).value);
  EXPECT_FALSE(std::get<AnnAssign>(module->body[1].node).value);
  EXPECT_EQ(module->body[1].span.end.column, 7U);
  const auto& parameters = std::get<FunctionDef>(module->body[2].node).parameters;
  ASSERT_EQ(parameters.size(), 4U);
  EXPECT_EQ(parameters[0].kind, ParameterKind::kPositionalOnly);
  EXPECT_EQ(parameters[1].kind, ParameterKind::kVarArgs);
  EXPECT_EQ(parameters[2].kind, ParameterKind::kKeywordOnly);
  EXPECT_EQ(parameters[3].kind, ParameterKind::kKwArgs);
  EXPECT_TRUE(std::holds_alternative<Match>(module->body[4].node));
  EXPECT_EQ(module->body[4].span.end.line, 7U);
}

TEST(PythonReader, DocstringAndPlaces) {
  auto module = read("\xEF\xBB\xBF\"\"\"Add é\r\n\"\"\"\r\nx = 'é' + y\r\n");
  ASSERT_TRUE(module) << module.error().message;
  EXPECT_EQ(module->docstring, "Add \xC3\xA9\n");
  const auto& sum = std::get<Binary>(std::get<Assign>(module->body.at(1).node).value->node);
  EXPECT_EQ(sum.right->span.begin.line, 3U);
  EXPECT_EQ(sum.right->span.begin.column, 11U);
}

TEST(PythonReader, LineEndsAndBytes) {
  EXPECT_EQ(verdict("x = 1\ry = 2\r"), "ok");
  EXPECT_EQ(verdict("if x:\r\n    y\r\n"), "ok");
  EXPECT_EQ(verdict("x = 1\n\f\nif y:\n\f    z\n"), "ok");
  EXPECT_EQ(verdict(std::string("x = 1\ny\0 = 2\n", 13)), "nul-in-file 2:2");
  EXPECT_EQ(verdict("x = 1\ny = '\xFF'\n"), "not-utf8 2:6");
  EXPECT_EQ(verdict("# -*- coding: utf-8 -*-\nx = 'é'\n"), "ok");
  EXPECT_EQ(verdict("# -*- coding: latin-1 -*-\nx = 1\n"), "ok");
  EXPECT_EQ(verdict("# coding: latin-1\nx = '\xE9'\n"), "not-utf8 1:11");
  EXPECT_EQ(verdict("#!/usr/bin/python\n# vim: set fileencoding=koi8-r :\n"), "not-utf8 2:25");
  EXPECT_EQ(verdict(""), "ok");
  EXPECT_EQ(verdict("\xEF\xBB\xBF"), "ok");
  EXPECT_EQ(verdict("# only a comment"), "ok");
}

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(PythonReader, NestingIsBounded) {
  EXPECT_EQ(verdict("x = " + repeated("(", 150) + "1" + repeated(")", 150) + "\n"), "ok");
  for (const std::string& text :
       {"x = " + repeated("(", 100'000), "x = " + repeated("[", 300) + repeated("]", 300) + "\n",
        "x = " + repeated("not ", 100'000) + "y\n", "x = " + repeated("-", 100'000) + "1\n",
        "x = " + repeated("lambda: ", 100'000) + "1\n", "x = " + repeated("a if b else ", 100'000) + "1\n",
        "x = a" + repeated(" + a", 100'000) + "\n", "x = a" + repeated(".b", 100'000) + "\n",
        "x = a" + repeated("()", 100'000) + "\n", "x = 2" + repeated(" ** 2", 100'000) + "\n",
        "if a: pass\n" + repeated("elif a: pass\n", 100'000)}) {
    EXPECT_TRUE(verdict(text).starts_with("too-deep")) << text.substr(0, 60) << " " << verdict(text);
  }
  EXPECT_EQ(verdict("x = a" + repeated(" + a", 400) + "\n"), "ok");
  EXPECT_EQ(verdict("x = a" + repeated(" and a", 10'000) + "\n"), "ok");
  std::string blocks;
  for (int i = 0; i < 150; ++i) blocks += std::string(static_cast<std::size_t>(i), ' ') + "if a:\n";
  EXPECT_TRUE(verdict(blocks).starts_with("too-deep"));
}

TEST(PythonReader, LargeFiles) {
  std::string rows = "rows = [\n" + repeated("    {'id': 12345, 'name': 'a name'},\n", 140'000) + "]\n";
  ASSERT_GT(rows.size(), 5'000'000U);
  auto module = read(rows);
  ASSERT_TRUE(module) << module.error().message;
  EXPECT_EQ(std::get<ListDisplay>(only_value(*module).node).items.size(), 140'000U);
  EXPECT_EQ(verdict("x = 1\n" + repeated("#", 33 << 20)), "too-large 1:1");
}

}  // namespace
}  // namespace bascule::syntax::python
