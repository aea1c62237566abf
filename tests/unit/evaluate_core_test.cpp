// The evaluator: what it computes is compared with Python in differential/python; here is what Python has no word for:
// opaque values, refusals, bounds, places, and the interface that natives use.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "evaluate_support.h"

namespace bascule::evaluate {
namespace {

struct Case {
  const char* text;
  const char* outcome;
};

void expect_outcomes(const std::vector<Case>& cases) {
  for (const Case& one : cases) EXPECT_EQ(outcome_of(one.text), one.outcome) << one.text;
}

TEST(EvaluateCore, Results) {
  expect_outcomes({
      {"result = [x * 2 for x in range(3)]", "[0, 2, 4]"},
      {"def f(a, *b, c=1, **d):\n  return a, b, c, d\nresult = f(1, 2, c=3, e=4)", "(1, (2,), 3, {'e': 4})"},
      {"result = f'{1 + 1:>3}|{\"x\"!r}'", "\"  2|'x'\""},
      {"import enum\nclass E(enum.Enum):\n  A = 1\nresult = list(E)", "[<E.A: 1>]"},
      {"result = {1, 1, 2} == {2, 1}", "True"},
      {"result = __name__ == '__main__'", "False"},
  });
}

TEST(EvaluateCore, ImportsNeverFailAndUnknownNamesStayOpaque) {
  expect_outcomes({
      {"from myapp.models import User\nresult = User", "opaque User"},
      {"import myapp.models\nresult = myapp.models.User.__table__.c['id']",
       "opaque myapp.models.User.__table__.c['id']"},
      {"import myapp.models as m\nresult = m.f(1, *m.x, **m.y)", "opaque myapp.models.f()"},
      {"from . import helper\nresult = f'{helper.NAME}_x'", "opaque helper.NAME"},
      {"from a import X\nresult = 'name %s' % X", "opaque X"},
      {"from a import X\nresult = ('x', X.y)[1] + 1", "opaque X.y"},
      {"from a import X\nresult = ', '.join(['a', X])", "opaque X"},
      {"from a import *\nresult = THING", "opaque THING"},
      {"from a import X\nresult = X == 3", "opaque X"},
      {"from a import X\nresult = X is None", "opaque X"},
      {"from a import X\na, *b = X\nresult = b", "opaque X[1]"},
      {"from a import session\nwith session() as s:\n  result = s", "opaque session()"},
      {"from a import wrap\n@wrap\ndef f(): pass\nresult = f()", "opaque wrap()()"},
      {"from a import E\ntry:\n  1 / 0\nexcept E:\n  result = 1\nexcept Exception:\n  result = 2", "2"},
      {"from a import Base\nclass T(Base):\n  __tablename__ = 't'\nresult = T.__tablename__", "'t'"},
      {"from a import Base\nclass T(Base):\n  pass\nresult = T(x=1).query", "opaque T().query"},
      {"from a import X\nX.attribute = 1\nX['k'] = 2\ndel X.y\nresult = 1", "1"},
  });
}

TEST(EvaluateCore, DecisionsRefuseOpaqueValues) {
  expect_outcomes({
      {"from a import X\nif X.y:\n  pass",
       "opaque-value at 2:4: the condition of this `if` is not known without running the project's code"},
      {"from a import X\nfor i in X:\n  pass",
       "opaque-value at 2:10: what this `for` goes over is not known without running the project's code"},
      {"from a import X\nlen(X)",
       "opaque-value at 2:1: the length of `X` is not known without running the project's code"},
      {"from a import X\nint(X)",
       "opaque-value at 2:1: the number that int() makes is not known without running the "
       "project's code"},
      {"from a import X\ny = 1 if X == 2 else 3",
       "opaque-value at 2:10: the condition of this `if` is not known without running the project's code"},
      {"from a import X\nwhile X:\n  pass",
       "opaque-value at 2:7: the condition of this `while` is not known without running the project's code"},
  });
  TestRun run("from myapp import settings\n\nif settings.DEBUG:\n  pass\n");
  ASSERT_TRUE(run.failed());
  EXPECT_EQ(run.diagnostic().cause,
            "`settings.DEBUG` comes from `from myapp import settings` at line 1 (imported from myapp)");
  ASSERT_EQ(run.diagnostic().related.size(), 1u);
  EXPECT_EQ(run.diagnostic().related[0].location.span.begin.line, 1u);
  EXPECT_FALSE(run.diagnostic().help.empty());
}

TEST(EvaluateCore, PythonExceptionsBecomeDiagnostics) {
  expect_outcomes({
      {"d = {}\nx = d['k']", "python-exception at 2:5: KeyError: 'k'"},
      {"class E(Exception):\n  pass\nraise E('stop')", "python-exception at 3:1: E: stop"},
      {"def f():\n  return 1 / 0\nf()", "python-exception at 2:10: ZeroDivisionError: division by zero"},
      {"assert 1 == 2, 'no'", "python-exception at 1:1: AssertionError: no"},
      {"tabel = 1\nprint(table)", "undefined-name at 2:7: the name `table` is not defined"},
      {"'a' + 1", "python-exception at 1:1: TypeError: can only concatenate str (not \"int\") to str"},
  });
  TestRun run("def a():\n  b()\ndef b():\n  raise ValueError('x')\na()\n");
  ASSERT_TRUE(run.failed());
  ASSERT_EQ(run.diagnostic().related.size(), 2u);
  EXPECT_EQ(run.diagnostic().related[0].location.span.begin.line, 5u);
  EXPECT_EQ(run.diagnostic().related[1].location.span.begin.line, 2u);
  TestRun name("tables = 1\nx = tabels\n");
  ASSERT_TRUE(name.failed());
  EXPECT_EQ(name.diagnostic().help, "did you mean `tables`?");
}

TEST(EvaluateCore, RefusesTheWorld) {
  for (const char* text : {"open('/etc/passwd')", "exec('1')", "eval('1')", "input()", "__import__('os')",
                           "compile('1', 'x', 'exec')", "try:\n  open('x')\nexcept Exception:\n  pass"}) {
    TestRun run(text);
    ASSERT_TRUE(run.failed()) << text;
    EXPECT_EQ(run.diagnostic().code, "not-allowed") << text;
  }
}

TEST(EvaluateCore, EverythingIsBounded) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"while True: pass", "too-many-steps"},
      {"try:\n  while True: pass\nexcept BaseException:\n  pass\nfinally:\n  x = 1", "too-many-steps"},
      {"def f(): return f()\nf()", "too-deep"},
      {"class A:\n  def __getattr__(self, n): return self.x\nA().y", "too-deep"},
      {"class A:\n  def __str__(self): return str(self)\nstr(A())", "too-deep"},
      {"x = 'ab' * 10 ** 12", "too-large"},
      {"x = [0] * 10 ** 12", "too-large"},
      {"x = 'ab'\nwhile True: x += x", "too-many-steps"},
      {"x = [1]\nwhile True: x = x + x", "too-many-steps"},
      {"x = 9223372036854775807 + 1", "integer-too-large"},
      {"x = 2 ** 64", "integer-too-large"},
      {"x = 1 << 70", "integer-too-large"},
      {"x = [1]; y = [1]\nfor i in range(60): x = [x, x]; y = [y, y]\nz = x == y", "too-many-steps"},
      {"x = [1]\nfor i in range(60): x = [x, x]\nstr(x)", "too-many-steps"},
      {"x = []; x.append(x); str(x)", "python-exception"},
      {"x = []; y = []\nfor i in range(5000): x = [x]; y = [y]\nx == y", "python-exception"},
      {"def g():\n  while True: yield 1\nlist(g())", "too-many-steps"},
      {"list(range(10 ** 18))", "too-many-steps"},
      {"sum(range(10 ** 18))", "too-many-steps"},
  };
  Limits tight;
  tight.steps = 200'000;
  for (const auto& [text, code] : cases) {
    TestRun run(text, tight);
    ASSERT_TRUE(run.failed()) << text;
    EXPECT_EQ(run.diagnostic().code, code) << text << "\n" << run.diagnostic().message;
  }
  EXPECT_EQ(outcome_of("x = []\nfor i in range(100000): x = [x]\nresult = 1"), "1");
  EXPECT_EQ(outcome_of("class N: pass\nn = None\nfor i in range(30000):\n  m = N(); m.next = n; n = m\nresult = 1"),
            "1");
  EXPECT_EQ(outcome_of("for i in range(10 ** 18):\n  if i > 3: break\nresult = i"), "4");
}

TEST(EvaluateCore, TheEdgesOf64Bits) {
  expect_outcomes({
      {"result = round(-9223372036854775804, -1)", "-9223372036854775800"},
      {"result = [round(-15, -1), round(-25, -1), round(25, -1), round(-14, -1), round(9, -18)]",
       "[-20, -20, 20, -10, 0]"},
      {"result = list(enumerate('ab', 9223372036854775806))",
       "[(9223372036854775806, 'a'), (9223372036854775807, 'b')]"},
      {"result = 'abc'.center(-9223372036854775807 - 1)", "'abc'"},
      {"result = ' a b '.rsplit(None, 9223372036854775807) + 'a.b.c'.rsplit('.', 9223372036854775807)",
       "['a', 'b', 'a', 'b', 'c']"},
      {"import datetime\nresult = str(datetime.timedelta(microseconds=-9223372036854775807))",
       "'-106751992 days, 19:59:05.224193'"},
      {"import datetime\nd = datetime.timedelta\n"
       "result = d(microseconds=9000000000000000000) % d(microseconds=-9100000000000000000)",
       "datetime.timedelta(days=-1157408, seconds=51200)"},
      {"import itertools\nresult = list(itertools.islice([1, 2, 3], 1, 3, 9223372036854775807))", "[2]"},
      {"import enum\nE = enum.Enum('E', 'a b', start=9223372036854775806)\nresult = E.b.value", "9223372036854775807"},
  });
  const auto code = [](const std::string& text) {
    const TestRun run(text);
    return run.failed() ? run.diagnostic().code : "";
  };
  EXPECT_EQ(code("round(-9223372036854775807, -1)"), "integer-too-large");
  EXPECT_EQ(code("round(9223372036854775807, -1)"), "integer-too-large");
  EXPECT_EQ(code("list(enumerate('ab', 9223372036854775807))"), "integer-too-large");
  EXPECT_EQ(code("import enum\nclass E(enum.Enum):\n  a = 9223372036854775807\n  b = enum.auto()"),
            "integer-too-large");
  EXPECT_EQ(code("import enum\nenum.Enum('E', 'a b', start=9223372036854775807)"), "integer-too-large");
  EXPECT_EQ(code("import datetime\ndatetime.timedelta(microseconds=-9223372036854775807 - 1)"), "python-exception");
}

TEST(EvaluateCore, LimitsAreTheCallers) {
  Limits few;
  few.steps = 50;
  EXPECT_EQ(TestRun("for i in range(100): pass", few).diagnostic().code, "too-many-steps");
  Limits shallow;
  shallow.depth = 5;
  EXPECT_EQ(TestRun("def f(n): return n if n == 0 else f(n - 1)\nresult = f(9)", shallow).diagnostic().code,
            "too-deep");
}

TEST(EvaluateCore, FunctionsAreCalledAfterTheModuleRan) {
  TestRun run("x = []\ndef upgrade(n=1):\n  x.append(n)\n  return x\ndef broken():\n  return {}['k']\n");
  ASSERT_FALSE(run.failed());
  Arguments arguments;
  arguments.positional.emplace_back(7);
  const auto called = run.interpreter().call_global("upgrade", arguments);
  ASSERT_TRUE(called);
  EXPECT_EQ(run.interpreter().repr(*called), "[7]");
  const auto again = run.interpreter().call_global("upgrade", {});
  ASSERT_TRUE(again);
  EXPECT_EQ(run.interpreter().repr(*again), "[7, 1]");
  const auto failed = run.interpreter().call_global("broken", {});
  ASSERT_FALSE(failed);
  EXPECT_EQ(TestRun::describe(failed.error()), "python-exception at 6:10: KeyError: 'k'");
  const auto missing = run.interpreter().call_global("downgrade", {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "missing-function");
}

class Context final : public Object {
 public:
  explicit Context(std::vector<std::string>& log) : log_(log) {}
  std::string type_name() const override { return "Context"; }
  std::optional<Value> enter(Interpreter&) override {
    log_.emplace_back("enter");
    return Value("entered");
  }
  void exit(Interpreter&, bool failing) override { log_.emplace_back(failing ? "failing" : "exit"); }

 private:
  std::vector<std::string>& log_;
};

TEST(EvaluateCore, NativesAreCalledAndCallBack) {
  std::vector<std::string> log;
  const Value each = make_function("each", [](Interpreter& interpreter, Arguments& arguments) -> Value {
    const Binder bind("op.each", arguments, {"items", "function"}, {"schema"});
    bind.reject_extra();
    std::vector<Value> out;
    for (const Value& item : interpreter.iterate(bind.required("items"))) {
      Arguments given;
      given.positional = {item};
      out.push_back(interpreter.call(bind.required("function"), given));
    }
    return make_list(std::move(out));
  });
  const Value need = make_function("need", [](Interpreter& interpreter, Arguments& arguments) -> Value {
    if (arguments.positional.at(0).is_opaque()) {
      interpreter.refuse_opaque(arguments.positional.at(0), "the table name of op.create_table");
    }
    return {};
  });
  const Value context = ObjectPtr(std::make_shared<Context>(log));
  const std::map<std::string, Value, std::less<>> modules = {
      {"tool", make_namespace("tool", {{"each", each}, {"need", need}, {"context", context}})}};
  const auto outcome = [&](const std::string& text) { return TestRun(text, {}, modules).outcome(); };
  EXPECT_EQ(outcome("from tool import each\nresult = each([1, 2], lambda x: x + 1)"), "[2, 3]");
  EXPECT_EQ(outcome("import tool\nresult = tool.each(items=[1], function=str)"), "['1']");
  EXPECT_EQ(outcome("import tool\ntool.each([1])"),
            "python-exception at 2:1: TypeError: op.each() missing 1 required argument: 'function'");
  EXPECT_EQ(outcome("import tool\ntool.each([1], str, nope=1)"),
            "python-exception at 2:1: TypeError: op.each() got an unexpected keyword argument 'nope'");
  EXPECT_EQ(outcome("import tool\nfrom a import T\ntool.need(T.name)"),
            "opaque-value at 3:1: the table name of op.create_table is not known without running the project's code");
  EXPECT_EQ(outcome("import tool\nresult = tool.unknown"), "opaque tool.unknown");
  EXPECT_EQ(outcome("import tool\nwith tool.context as c:\n  result = c"), "'entered'");
  EXPECT_EQ(outcome("import tool\ntry:\n  with tool.context:\n    1 / 0\nexcept ArithmeticError:\n  result = 2"), "2");
  EXPECT_EQ(log, (std::vector<std::string>{"enter", "exit", "enter", "failing"}));
}

TEST(EvaluateCore, NativesRecogniseClassesAndEnums) {
  TestRun run(
      "import enum\nfrom a import Base\nclass E(str, enum.Enum):\n  A = 'a'\n  B = 'b'\nclass T(Base):\n  impl = 1\n"
      "t = T()\nm = E.B\n");
  ASSERT_FALSE(run.failed()) << run.outcome();
  const auto global = [&](const char* name) { return run.interpreter().global(name).value(); };
  const auto type = as_enum_class(global("E"));
  ASSERT_TRUE(type);
  EXPECT_EQ(type->name, "E");
  ASSERT_EQ(type->members.size(), 2u);
  EXPECT_EQ(type->members[1].first, "B");
  EXPECT_EQ(*type->members[1].second.as_str(), "b");
  const auto member = as_enum_member(global("m"));
  ASSERT_TRUE(member);
  EXPECT_EQ(member->class_name + "." + member->name, "E.B");
  const auto user = as_user_class(global("T"));
  ASSERT_TRUE(user);
  ASSERT_EQ(user->bases.size(), 1u);
  EXPECT_TRUE(user->bases[0].is_opaque());
  EXPECT_EQ(*run.interpreter().attribute(global("T"), "impl").as_int(), 1);
  const auto owner = class_of_instance(global("t"));
  ASSERT_TRUE(owner);
  EXPECT_TRUE(equal(*owner, global("T")));
  EXPECT_FALSE(as_enum_class(global("T")));
  EXPECT_FALSE(class_of_instance(Value(1)));
}

TEST(EvaluateValue, DictKeepsItsOrderThroughErasing) {
  Dict dict;
  for (int i = 0; i < 40; ++i) dict.set(Value(i), Value(i * i));
  for (int i = 0; i < 40; i += 3) EXPECT_TRUE(dict.erase(Value(i)));
  EXPECT_FALSE(dict.erase(Value(3)));
  dict.set(Value(3), Value("again"));
  std::int64_t last = -1;
  for (std::size_t i = 0; i + 1 < dict.size(); ++i) {
    EXPECT_GT(*dict.entries()[i].first.as_int(), last);
    last = *dict.entries()[i].first.as_int();
  }
  EXPECT_EQ(*dict.find(Value(3))->as_str(), "again");
  EXPECT_EQ(*dict.find(Value(4.0))->as_int(), 16);
  EXPECT_EQ(dict.find(Value(6)), nullptr);
}

TEST(EvaluateValue, EqualKeysHashAlike) {
  EXPECT_EQ(hash_of(Value(1)), hash_of(Value(true)));
  EXPECT_EQ(hash_of(Value(1)), hash_of(Value(1.0)));
  EXPECT_TRUE(equal(make_tuple({Value(1), Value("a")}), make_tuple({Value(1.0), Value("a")})));
  EXPECT_FALSE(equal(make_tuple({Value(1)}), make_list({Value(1)})));
}

}  // namespace
}  // namespace bascule::evaluate
