// Names, expressions, values and defaults on both databases, as SQLAlchemy 2.1.9 spells them (measured).
#include <gtest/gtest.h>

#include <limits>

#include "render_support.h"

namespace bascule {
namespace {

using namespace render_test;  // NOLINT: test helpers

struct Case {
  model::Expression expression;
  std::string postgres;
  std::string sqlite;
};

void check(const std::vector<Case>& cases) {
  for (const auto& item : cases) {
    EXPECT_EQ(shown(dialects::postgres_dialect().expression(item.expression)), item.postgres);
    EXPECT_EQ(shown(dialects::sqlite_dialect().expression(item.expression)),
              item.sqlite == "=" ? item.postgres : item.sqlite);
  }
}

TEST(RenderNames, QuotedLikeSqlAlchemy) {
  const auto& pg = dialects::postgres_dialect();
  const auto& lite = dialects::sqlite_dialect();
  for (const auto* plain : {"a", "_a", "name$", "a1", "position"}) EXPECT_EQ(pg.quote(id(plain)), plain);
  for (const auto* quoted : {"A", "1a", "$a", "a-b", "a b", "user", "select", "a%b", "\xC3\xA9", ""})
    EXPECT_EQ(pg.quote(id(quoted)), "\"" + std::string(quoted) + "\"");
  EXPECT_EQ(pg.quote(id("a\"b")), "\"a\"\"b\"");
  EXPECT_EQ(lite.quote(id("user")), "user");
  EXPECT_EQ(lite.quote(id("index")), "\"index\"");
  EXPECT_EQ(pg.quote(Identifier("plain", true)), "\"plain\"");
  EXPECT_EQ(pg.quote(Identifier("User", false)), "User");
  EXPECT_EQ(pg.quote(named("S", "t")), "\"S\".t");
}

TEST(RenderExpressions, GroupedLikeSqlAlchemy) {
  const auto c = [] { return col("c"); };
  const auto one = [] { return lit(std::int64_t{1}); };
  const auto is_one = [&] { return op("=", c(), one()); };
  check({
      {op("+", c(), op("*", one(), c())), "c + 1 * c", "="},
      {op("*", op("+", c(), one()), c()), "(c + 1) * c", "="},
      {op("-", c(), op("-", c(), one())), "c - (c - 1)", "="},
      {op("AND", op("OR", is_one(), is_one()), op("!=", c(), one())), "(c = 1 OR c = 1) AND c != 1", "="},
      {op("OR", is_one(), op("AND", is_one(), is_one())), "c = 1 OR c = 1 AND c = 1", "="},
      {Box<model::UnaryExpr>({"NOT", op("AND", col("b"), is_one()), false}), "NOT (b AND c = 1)", "="},
      {Box<model::UnaryExpr>({"-", op("+", c(), one()), false}), "-(c + 1)", "="},
      {op("IN", c(), Box<model::ListExpr>({{one(), one()}})), "c IN (1, 1)", "="},
      {op("NOT IN", c(), Box<model::ListExpr>({{one()}})), "(c NOT IN (1))", "="},
      {op("IN", c(), Box<model::ListExpr>()), "(c IN (NULL) AND (1 != 1))",
       "c IN (SELECT 1 FROM (SELECT 1) WHERE 1!=1)"},
      {op("IS", c(), model::NullExpr{}), "c IS NULL", "="},
      {op("ILIKE", col("S"), lit(std::string("A"))), "\"S\" ILIKE 'A'", "lower(\"S\") LIKE lower('A')"},
      {op("LIKE", col("S"), lit(std::string("a%"))), "\"S\" LIKE 'a%'", "="},
      {op("IS DISTINCT FROM", c(), one()), "c IS DISTINCT FROM 1", "c IS NOT 1"},
      {op("=", op("->>", c(), lit(std::string("x"))), one()), "(c ->> 'x') = 1", "="},
      {op("&&", op("+", c(), one()), c()), "c + 1 && c", "="},
      {op("BETWEEN", c(), op("AND", one(), one())), "c BETWEEN 1 AND 1", "="},
      {postfix("NULLS LAST", postfix("DESC", col("S"))), "\"S\" DESC NULLS LAST", "="},
      {Box<model::CollateExpr>({col("S"), "C"}), "\"S\" COLLATE \"C\"", "="},
      {Box<model::CastExpr>({op("+", c(), one()), text_of(model::ScalarKind::kString, 5)}), "CAST(c + 1 AS VARCHAR(5))",
       "="},
      {Box<model::CaseExpr>({{{is_one(), lit(std::string("a"))}}, lit(std::string("b"))}),
       "CASE WHEN (c = 1) THEN 'a' ELSE 'b' END", "="},
      {model::BooleanExpr{true}, "true", "1"},
      {model::ColumnExpr{named("t"), id("c")}, "c", "="},  // DDL names no table
  });
}

TEST(RenderExpressions, Functions) {
  check({
      {call("now"), "now()", "CURRENT_TIMESTAMP"},
      {call("current_timestamp"), "CURRENT_TIMESTAMP", "="},
      {call("CURRENT_DATE"), "CURRENT_DATE", "="},
      {call("localtimestamp"), "LOCALTIMESTAMP", "DATETIME(CURRENT_TIMESTAMP, 'localtime')"},
      {call("user"), "USER", "="},
      {call("sysdate"), "sysdate", "="},
      {call("count"), "count(*)", "="},
      {call("gen_random_uuid"), "gen_random_uuid()", "="},
      {call("char_length", {col("S")}), "char_length(\"S\")", "length(\"S\")"},
      {call("pg_catalog.set_config", {lit(std::string("a")), lit(std::string("b"))}), "pg_catalog.set_config('a', 'b')",
       "="},
  });
}

TEST(RenderValues, SpelledForTheirDatabase) {
  using enum model::ScalarKind;
  const std::string uuid = "00000000-0000-0000-0000-000000000005";
  const std::string digits = "'00000000000000000000000000000005'";
  const double infinity = std::numeric_limits<double>::infinity();
  model::ScalarType text_uuid = scalar(kUuid);
  text_uuid.native = false;
  check({
      {lit(model::NullValue{}), "NULL", "="},
      {lit(model::NullValue{}, scalar(kJson)), "'null'", "="},
      {lit(true), "true", "1"},
      {lit(std::int64_t{1}, scalar(kBoolean)), "true", "1"},
      {lit(1.5), "1.5", "="},
      {lit(2.0), "2.0", "="},
      {lit(1e300), "1e+300", "="},
      {lit(0.1), "0.1", "="},
      {lit(infinity), "'Infinity'::float8", "9e999"},
      {lit(std::string("a'b\\c%:d")), "'a''b\\c%:d'", "="},
      {lit(std::string("a\0b", 3)), "!! a text holds a NUL character, which PostgreSQL cannot store",
       "!! a text holds a NUL character, at which SQLite would end the statement"},
      {lit(model::DecimalValue{"1.10"}), "1.10", "="},
      {lit(model::BytesValue{std::string("\0a'", 3)}), "'\\x006127'::bytea", "X'006127'"},
      {lit(model::DateValue{"2024-01-02"}), "'2024-01-02'::date", "'2024-01-02'"},
      {lit(model::TimeValue{"03:04:05"}), "'03:04:05'::time", "'03:04:05.000000'"},
      {lit(model::DateTimeValue{"2024-01-02 03:04:05"}), "'2024-01-02 03:04:05'::timestamp",
       "'2024-01-02 03:04:05.000000'"},
      {lit(model::DateTimeValue{"2024-01-02 03:04:05.6789+00:00"}), "'2024-01-02 03:04:05.6789+00:00'::timestamptz",
       "'2024-01-02 03:04:05.678900'"},
      {lit(model::IntervalValue{86'403'000'005}), "'1 days 3.000005 seconds'::interval",
       "'1970-01-02 00:00:03.000005'"},
      {lit(model::IntervalValue{-86'397'000'000}), "'-1 days 3.000000 seconds'::interval",
       "'1969-12-31 00:00:03.000000'"},
      {lit(model::UuidValue{uuid}, scalar(kUuid)), "'" + uuid + "'::uuid", digits},
      {lit(model::UuidValue{uuid}, text_uuid), digits, digits},
      {lit(uuid, scalar(kUuid)), "'" + uuid + "'", digits},
      {lit(model::JsonValue{"{\"a\": [1]}"}, scalar(kJson)), "'{\"a\": [1]}'", "="},
      {lit(std::string("\xC3\xA9\"\xF0\x9F\x98\x80"), scalar(kJson)), "'\"\\u00e9\\\"\\ud83d\\ude00\"'", "="},
      {lit(model::ArrayValue{{std::string("a"), std::string("b,\"c\\"), model::NullValue{}}},
           Box<model::ArrayType>({scalar(kText), 1})),
       "'{\"a\",\"b,\\\"c\\\\\",NULL}'::TEXT[]", "!! SQLite has no arrays"},
      {lit(model::ArrayValue{{model::ArrayValue{{std::int64_t{1}}}, model::ArrayValue{{std::int64_t{2}}}}}),
       "'{{1},{2}}'", "!! SQLite has no arrays"},
  });
}

TEST(RenderDefaults, ParenthesesOnSqlite) {
  struct Default {
    model::Expression value;
    std::string postgres;
    std::string sqlite;
  };
  const std::vector<Default> cases = {
      {lit(std::string("it's")), "'it''s'", "'it''s'"},
      {lit(std::string("{}"), scalar(model::ScalarKind::kJson)), "'{}'", "'{}'"},
      {sql("now()"), "now()", "(now())"},
      {sql("0"), "0", "0"},
      {sql("'x'"), "'x'", "'x'"},
      {sql("(1+1)"), "(1+1)", "(1+1)"},
      {sql("CURRENT_TIMESTAMP"), "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"},
      {sql("-1"), "-1", "(-1)"},
      {sql("1.5"), "1.5", "(1.5)"},
      {sql("\"x\""), "\"x\"", "\"x\""},
      {sql(" 'x'"), " 'x'", " 'x'"},
      {call("now"), "now()", "CURRENT_TIMESTAMP"},
      {model::BooleanExpr{true}, "true", "1"},
      {call("foo", {lit(std::int64_t{1})}), "foo(1)", "(foo(1))"},
  };
  for (const auto& item : cases) {
    model::AddColumn add;
    add.table = named("t");
    add.column = column("c", integer());
    add.column.server_default = item.value;
    const auto tail = [&](const dialects::Dialect& dialect) {
      const std::string head = "ALTER TABLE t ADD COLUMN c INTEGER DEFAULT ";
      return dialect.render(add)->front().substr(head.size());
    };
    EXPECT_EQ(tail(dialects::postgres_dialect()), item.postgres);
    EXPECT_EQ(tail(dialects::sqlite_dialect()), item.sqlite);
  }
}

}  // namespace
}  // namespace bascule
