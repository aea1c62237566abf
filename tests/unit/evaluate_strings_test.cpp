// Texts and the standard library of the evaluator. The expected results are CPython's (3.13), measured.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evaluate/format.h"
#include "evaluate/natives.h"
#include "evaluate_support.h"

namespace bascule::evaluate {
namespace {

struct Case {
  const char* expression;
  const char* outcome;
};

void expect(const std::string& before, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    EXPECT_EQ(outcome_of(before + "\nresult = (" + one.expression + ")\n"), one.outcome) << one.expression;
  }
}

TEST(EvaluateStrings, FloatsAreShortest) {
  EXPECT_EQ(float_repr(0.1), "0.1");
  EXPECT_EQ(float_repr(1e16), "1e+16");
  EXPECT_EQ(float_repr(1e15), "1000000000000000.0");
  EXPECT_EQ(float_repr(0.0001), "0.0001");
  EXPECT_EQ(float_repr(1e-5), "1e-05");
  EXPECT_EQ(float_repr(-0.0), "-0.0");
  EXPECT_EQ(float_repr(5e-324), "5e-324");
  EXPECT_EQ(float_repr(1.7976931348623157e308), "1.7976931348623157e+308");
}

TEST(EvaluateStrings, FormatSpecs) {
  expect(
      "",
      {{"'{:<5}|{:>5}|{:^5}|{:*^5}'.format('a', 'b', 'c', 'd')", "'a    |    b|  c  |**d**'"},
       {"'{:08.2f} {:=+6d} {:,} {:_}'.format(-3.5, 42, 1234567, 1234567)", "'-0003.50 +   42 1,234,567 1_234_567'"},
       {"'{:#x} {:b} {:o} {:X} {:c}'.format(255, 5, 8, 255, 65)", "'0xff 101 10 FF A'"},
       {"'{:012,} {:.1%} {:g} {:.3e}'.format(1234567, 0.256, 1e10, 12345.678)",
        "'0,001,234,567 25.6% 1e+10 1.235e+04'"},
       {"'{:.3}|{:.3}|{:.2}'.format('abcdef', 1234.5, 0.5)", "'abc|1.23e+03|0.5'"},
       {"'{:>08}|{:08}'.format('ab', 'ab')", "'000000ab|ab000000'"},
       {"'{:5}|{:<5}|{}'.format(True, 1, None)", "'    1|1    |None'"},
       {"'{:>4}'.format('é')", "'   é'"},
       {"'{0.real} {a[k]} {b[1]} {c!r:>5} {:{w}}'.format(5, 1, a={'k': 2}, b=[3, 4], c='x', w=3)",
        "python-exception at 2:11: ValueError: cannot switch from manual field specification to automatic field "
        "numbering"},
       {"'{a[k]} {b[1]} {c!r:>5} {d:{w}}'.format(a={'k': 2}, b=[3, 4], c='x', d=1, w=3)", "\"2 4   'x'   1\""},
       {"'{}'.format()",
        "python-exception at 2:11: IndexError: Replacement index 0 out of range for positional args tuple"},
       {"'{:9999999}'.format(1)", "python-exception at 2:11: ValueError: Too many decimal digits in format string"}});
}

TEST(EvaluateStrings, PercentFormat) {
  expect("", {{"'%s %d %5.2f|%-5s|%05d|%x|%o|%r|%c|%%' % ('a', 42, 3.14159, 'ab', 42, 255, 8, 'q', 65)",
               "\"a 42  3.14|ab   |00042|ff|10|'q'|A|%\""},
              {"'%(a)s %(b)05.1f' % {'a': 1, 'b': 2.25}", "'1 002.2'"},
              {"'%*d|%.3s|%+d|%#x' % (5, 42, 'abcdef', 3, 255)", "'   42|abc|+3|0xff'"},
              {"'%s' % [1, 2]", "'[1, 2]'"},
              {"'%s %s' % (1,)", "python-exception at 2:11: TypeError: not enough arguments for format string"},
              {"'%s' % (1, 2)",
               "python-exception at 2:11: TypeError: not all arguments converted during string formatting"},
              {"'%d' % 'a'", "python-exception at 2:11: TypeError: %d format: a real number is required, not str"}});
}

TEST(EvaluateStrings, Methods) {
  expect("",
         {{"'a,b,,c'.split(','), 'a b  c '.split(), 'a,b,c'.rsplit(',', 1), 'a b  c'.rsplit(None, 1)",
           "(['a', 'b', '', 'c'], ['a', 'b', 'c'], ['a,b', 'c'], ['a b', 'c'])"},
          {"'a\\nb\\r\\nc\\rd'.splitlines(), 'a\\nb\\n'.splitlines(True)", "(['a', 'b', 'c', 'd'], ['a\\n', 'b\\n'])"},
          {"'hello'.find('l', 3), 'éléa'.find('a'), 'hello'.rfind('l'), 'aaa'.count(''), 'x'.find('z')",
           "(3, 3, 3, 4, -1)"},
          {"'hello'.startswith(('a', 'he')), 'hello'.endswith('l', 0, 4)", "(True, True)"},
          {"'abc'.replace('', '-'), 'hello'.replace('l', 'L', 1)", "('-a-b-c-', 'heLlo')"},
          {"\"they're\".title(), 'straße'.upper(), 'ÉTÉ'.lower(), 'привет'.upper(), 'hELLO'.capitalize()",
           "(\"They'Re\", 'STRASSE', 'été', 'ПРИВЕТ', 'Hello')"},
          {"'-5'.zfill(4), 'ab'.center(5), 'abc'.center(6), 'a'.ljust(3, '.')", "('-005', '  ab ', ' abc  ', 'a..')"},
          {"'a-b-c'.partition('-'), 'a-b-c'.rpartition('-')", "(('a', '-', 'b-c'), ('a-b', '-', 'c'))"},
          {"'abc'.translate(str.maketrans('ab', 'xy', 'c')), 'a\\tb'.expandtabs(4)", "('xy', 'a   b')"},
          {"'é'.encode(), 'é'.encode('latin-1'), b'abc'.decode()", "(b'\\xc3\\xa9', b'\\xe9', 'abc')"},
          {"' été '.strip(), 'xxaxx'.strip('x'), 'pre_x'.removeprefix('pre_')", "('été', 'a', 'x')"},
          {"','.join([1])", "python-exception at 2:11: TypeError: sequence item 0: expected str instance, int found"}});
}

TEST(EvaluateStrings, OpaqueValuesPassThrough) {
  expect("from app import X\nimport json, uuid, re", {{"'a'.join(['x', X])", "opaque X"},
                                                      {"'{} {}'.format(1, X.y)", "opaque X.y"},
                                                      {"'abc'.replace('a', X)", "opaque X"},
                                                      {"json.dumps({'a': [X]})", "opaque X"},
                                                      {"uuid.UUID(X)", "opaque X"},
                                                      {"re.sub('a', 'b', X)", "opaque X"}});
}

TEST(EvaluateStdlib, Datetime) {
  expect(
      "from datetime import date, datetime, time, timedelta, timezone",
      {{"datetime(2024, 1, 31, 12, 30), date(2024, 2, 29), time(1, 2, 3)",
        "(datetime.datetime(2024, 1, 31, 12, 30), datetime.date(2024, 2, 29), datetime.time(1, 2, 3))"},
       {"str(datetime(2024, 1, 31, 12, 30, 5, 123)), datetime(2024, 1, 31, tzinfo=timezone.utc).isoformat()",
        "('2024-01-31 12:30:05.000123', '2024-01-31T00:00:00+00:00')"},
       {"datetime(2024, 1, 31) + timedelta(days=30), date(2024, 3, 1) - date(2024, 2, 1)",
        "(datetime.datetime(2024, 3, 1, 0, 0), datetime.timedelta(days=29))"},
       {"str(timedelta(days=-1, seconds=5)), timedelta(days=3) // timedelta(days=2), timedelta(days=1) / 2",
        "('-1 day, 0:00:05', 1, datetime.timedelta(seconds=43200))"},
       {"datetime(2024, 3, 5, 14, 7).strftime('%Y-%m-%d %H:%M %j %a %B %p %U'), f'{date(2024, 3, 5):%d.%m.%Y}'",
        "('2024-03-05 14:07 065 Tue March PM 09', '05.03.2024')"},
       {"datetime.fromisoformat('2024-01-31T12:30:00+02:00').utcoffset(), datetime.strptime('05 Mar 24', '%d %b %y')",
        "(datetime.timedelta(seconds=7200), datetime.datetime(2024, 3, 5, 0, 0))"},
       {"datetime(2024, 1, 1) < datetime(2024, 1, 2), isinstance(datetime.now(), date), isinstance(date.today(), "
        "datetime)",
        "(True, True, False)"},
       {"datetime.utcnow().tzinfo, datetime.now(timezone.utc).tzinfo", "(None, datetime.timezone.utc)"},
       {"date(2024, 2, 30)", "python-exception at 2:11: ValueError: day is out of range for month"},
       {"datetime(2024, 1, 1) < datetime(2024, 1, 1, tzinfo=timezone.utc)",
        "python-exception at 2:11: TypeError: can't compare offset-naive and offset-aware datetimes"}});
}

TEST(EvaluateStdlib, JsonUuidDecimal) {
  expect(
      "import json, uuid\nfrom decimal import Decimal",
      {{"json.dumps({'b': [1, 2.5, None, True], 'a': 'é\"'}, sort_keys=True)",
        R"py('{"a": "\\u00e9\\"", "b": [1, 2.5, null, true]}')py"},
       {"json.dumps({'a': []}, indent=1), json.dumps([1], separators=(',', ':')), json.dumps('é', ensure_ascii=False)",
        "('{\\n \"a\": []\\n}', '[1]', '\"é\"')"},
       {"json.loads('{\"a\": [1, -2.5e1, null, \"x\\\\u00e9\"]}')", "{'a': [1, -25.0, None, 'xé']}"},
       {"json.dumps(set())", "python-exception at 3:11: TypeError: Object of type set is not JSON serializable"},
       {"str(uuid.uuid5(uuid.NAMESPACE_DNS, 'python.org'))", "'886313e1-3b8a-5372-9b90-0c9aee199e5d'"},
       {"uuid.uuid4().version, uuid.uuid4() != uuid.uuid4(), uuid.UUID('12345678123456781234567812345678').hex",
        "(4, True, '12345678123456781234567812345678')"},
       {"Decimal('1.50'), str(Decimal(5)), Decimal('1.5') == Decimal('1.50')", "(Decimal('1.50'), '5', True)"}});
}

TEST(EvaluateStdlib, RegularExpressions) {
  expect("import re",
         {{"re.sub(r'(\\w+) (\\w+)', r'\\2 \\1', 'hello world'), re.findall(r'(a)(b)?', 'abaa')",
           "('world hello', [('a', 'b'), ('a', ''), ('a', '')])"},
          {"re.split(r'[,;]\\s*', 'a, b;c'), re.search('(?P<x>b+)', 'abbc').group('x'), re.match('a', 'ba')",
           "(['a', 'b', 'c'], 'bb', None)"},
          {"re.sub('x*', '-', 'abxd'), re.findall('a.*?b', 'aXbaYb'), re.findall(r'(?<!a)b', 'abcb')",
           "('-a-b--d-', ['aXb', 'aYb'], ['b'])"},
          {"re.sub('a', lambda m: m.group().upper(), 'banana'), re.sub('(?i)HELLO', 'x', 'hello')", "('bAnAnA', 'x')"},
          {"re.search('é', 'caté').span(), re.match(r'(\\d{4})-(\\d\\d)', '2024-05').groups()",
           "((3, 4), ('2024', '05'))"},
          {"re.match('(a+)+$', 'a' * 40 + 'b')", "not-supported at 2:11: re: the pattern takes too long on this text"},
          {"re.sub('(a|b)*', '', 'ab' * 5000)", "''"}});
}

TEST(EvaluateStdlib, NothingTouchesTheWorld) {
  expect(
      "import os, json\nfrom pathlib import Path",
      {{"os.path.join('a', 'b', '/c', 'd'), os.path.splitext('a.tar.gz'), os.environ['HOME'], os.getenv('NOPE', 'x')",
        "('/c/d', ('a.tar', '.gz'), '/home/someone', 'x')"},
       {"str(Path('a') / 'b.sql'), Path('/a/b.sql').stem, Path('a', 'b').parent", "('a/b.sql', 'b', PosixPath('a'))"},
       {"Path('a.sql').read_text()",
        "not-allowed at 3:11: Path.read_text: reading files is not allowed in a migration that Bascule evaluates"},
       {"os.remove('a')",
        "not-allowed at 3:11: os.remove: a migration that Bascule evaluates may not touch files or processes"},
       {"os.path.exists('a')",
        "not-allowed at 3:11: os.path.exists: reading files is not allowed in a migration that Bascule evaluates"},
       {"os.environ['NOPE']", "python-exception at 3:11: KeyError: 'NOPE'"}});
}

TEST(EvaluateStdlib, TheRest) {
  expect("import textwrap, itertools, operator, collections, copy, base64, string, logging, typing, time, sys, math",
         {{"textwrap.dedent('\\n    a\\n      b\\n\\n    c\\n    ')", "'\\na\\n  b\\n\\nc\\n'"},
          {"list(itertools.product('ab', [1, 2])), list(itertools.chain([1], (2,))), list(itertools.islice(range(10), "
           "2, 8, 3))",
           "([('a', 1), ('a', 2), ('b', 1), ('b', 2)], [1, 2], [2, 5])"},
          {"sorted([(2, 1), (1, 2)], key=operator.itemgetter(1)), collections.defaultdict(list)['a']",
           "([(2, 1), (1, 2)], [])"},
          {"copy.deepcopy([1, [2]]), base64.b64encode(b'ab'), string.capwords('hello  big world')",
           "([1, [2]], b'YWI=', 'Hello Big World')"},
          {"logging.getLogger('x').info('a %s', 1), typing.cast(int, '5'), time.sleep(1000), math.floor(2.5)",
           "(None, '5', None, 2)"},
          {"typing.Optional[typing.List[int]] is None, sys.version_info >= (3, 8)", "(False, True)"}});
}

TEST(EvaluateNatives, AreRecognised) {
  TestRun run(
      "import datetime, uuid, decimal\n"
      "a = datetime.datetime(2024, 1, 31, 12, 30, tzinfo=datetime.timezone.utc)\n"
      "b = datetime.timedelta(hours=1)\nc = uuid.UUID(int=1)\nd = decimal.Decimal('1.50')\ne = datetime.date(2024, 1, "
      "1)\n");
  ASSERT_FALSE(run.failed()) << run.outcome();
  auto at = [&](const char* name) { return run.interpreter().global(name).value_or(Value()); };
  ASSERT_TRUE(as_temporal(at("a")));
  EXPECT_EQ(as_temporal(at("a"))->iso, "2024-01-31 12:30:00+00:00");
  EXPECT_EQ(as_temporal(at("a"))->kind, TemporalKind::kDateTime);
  EXPECT_EQ(as_temporal(at("e"))->kind, TemporalKind::kDate);
  EXPECT_EQ(as_timedelta(at("b")), 3'600'000'000);
  EXPECT_EQ(as_uuid(at("c")), "00000000-0000-0000-0000-000000000001");
  EXPECT_EQ(as_decimal(at("d")), "1.50");
  EXPECT_FALSE(as_temporal(at("b")));
}

}  // namespace
}  // namespace bascule::evaluate
