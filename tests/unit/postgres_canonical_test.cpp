#include "dialects/postgres/canonical.h"

#include <gtest/gtest.h>

#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/postgres.h"
#include "model/apply.h"
#include "model/lookup.h"
#include "model_support.h"

namespace bascule::dialects::postgres {
namespace {

std::string type(std::string_view sql) { return canonical_type(sql).sql; }
std::string expression(std::string_view sql) { return canonical_expression(sql, {}); }
std::string default_of(std::string_view sql, std::string_view type) {
  return canonical_expression(sql, {ExpressionPlace::kDefault, type, ""});
}

/// As format_type() spells them on PostgreSQL 15.
TEST(PostgresCanonical, Types) {
  EXPECT_EQ(type("VARCHAR(50)"), "character varying(50)");
  EXPECT_EQ(type("TIMESTAMP(3) WITH TIME ZONE"), "timestamp(3) with time zone");
  EXPECT_EQ(type("timestamptz"), "timestamp with time zone");
  EXPECT_EQ(type("TIMESTAMP"), "timestamp without time zone");
  EXPECT_EQ(type("timestamp(3)"), "timestamp(3) without time zone");
  EXPECT_EQ(type("DECIMAL(10, 2)"), "numeric(10,2)");
  EXPECT_EQ(type("NUMERIC(10)"), "numeric(10,0)");
  EXPECT_EQ(type("CHAR"), "character(1)");
  EXPECT_EQ(type("\"char\""), "\"char\"");
  EXPECT_EQ(type("int4[]"), "integer[]");
  EXPECT_EQ(type("INTEGER[][3]"), "integer[]");
  EXPECT_EQ(type("FLOAT"), "double precision");
  EXPECT_EQ(type("FLOAT(24)"), "real");
  EXPECT_EQ(type("BIT VARYING(5)"), "bit varying(5)");
  EXPECT_EQ(type("public.mood"), "mood");
  EXPECT_EQ(type("app.\"Mood\""), "app.\"Mood\"");
  EXPECT_EQ(canonical_type("TEXT COLLATE \"C\"").collation, "C");
}

/// Left: what an author writes. Right: what pg_get_expr gives back for it (measured on PostgreSQL 15).
TEST(PostgresCanonical, WhatAuthorsWriteAndWhatTheServerGivesBack) {
  const std::pair<const char*, const char*> kPairs[] = {
      {"age > 0", "(age > 0)"},
      {"age > -1", "(age > '-1'::integer)"},
      {"status IN ('a', 'b')",
       "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))"},
      {"status NOT IN ('a', 'b')", "(status <> ALL (ARRAY['a'::text, 'b'::text]))"},
      {"status IN ('a')", "(status = 'a'::text)"},
      {"n BETWEEN 1 AND 10", "((n >= 1) AND (n <= 10))"},
      {"n NOT BETWEEN 1 AND 10", "((n < 1) OR (n > 10))"},
      {"a > 0 AND b > 0 AND c > 0", "((a > 0) AND (b > 0) AND (c > 0))"},
      {"name LIKE 'a%'", "((name)::text ~~ 'a%'::text)"},
      {"name !~~* 'a%'", "(name NOT ILIKE 'a%')"},
      {"length(name) != 3", "(length((name)::text) <> 3)"},
      {"CAST(x AS INTEGER) = 1", "((x)::integer = 1)"},
      {"a IS NOT NULL OR b IS NULL", "((a IS NOT NULL) OR (b IS NULL))"},
      {"NOT (a = b)", "(NOT (a = b))"},
      {"trim(name) <> ''", "(TRIM(BOTH FROM name) <> ''::text)"},
      {"mood = 'happy'", "(mood = 'happy'::mood)"},
      {"price * 1.5 > 0", "((price * 1.5) > (0)::numeric)"},
      {"CASE WHEN a THEN 1 ELSE 2 END = 1", "(CASE WHEN a THEN 1 ELSE 2 END = 1)"},
      {"data ->> 'k' = 'v'", "((data ->> 'k'::text) = 'v'::text)"},
      {"created + interval '1 day' > now()", "((created + '1 day'::interval) > now())"},
      {"a - (b - c) = 0", "((a - (b - c)) = 0)"},
      {"lower(email)", "lower((email)::text)"},
      {"a || ' ' || b", "(((a)::text || ' '::text) || (b)::text)"},
      {"\"Quoted\" > 0", "(\"Quoted\" > 0)"},
      {"coalesce(NULL, 3) = 0", "(COALESCE(NULL::integer, 3) = 0)"},
      {"to_tsvector('english', body) IS NULL", "(to_tsvector('english'::regconfig, body) IS NULL)"},
      {"at > '2024-01-01'", "(at > '2024-01-01 00:00:00'::timestamp without time zone)"},
      {"coalesce(a, 0) = 0", "(COALESCE(a, 0) = 0)"},
      {"x = ANY (ys)", "(x = ANY (ys))"},
      {"extract(year from at) > 2000", "(EXTRACT(year FROM at) > (2000)::numeric)"},
  };
  for (const auto& [author, server] : kPairs) EXPECT_EQ(expression(author), expression(server));
  EXPECT_NE(expression("a > 0"), expression("a > 1"));
  EXPECT_NE(expression("a - (b - c)"), expression("a - b - c"));
  EXPECT_NE(expression("(a OR b) AND c"), expression("a OR b AND c"));
  EXPECT_NE(expression("x::integer"), expression("x"));
}

TEST(PostgresCanonical, IsItsOwnCanonicalForm) {
  for (const char* sql : {"a - (b - c) = 0", "NOT (a AND b)", "(a + b) * -1", "x IN (1, 2)", "'a''b' = c",
                          "(a)::integer[]", "f(a, 'b')[1]", "(x AT TIME ZONE 'utc')::date", "a COLLATE \"C\" = b",
                          "something WITHIN ODD (words)", "", "(((", "'unclosed"}) {
    const std::string once = expression(sql);
    EXPECT_EQ(expression(once), once) << sql;
  }
}

TEST(PostgresCanonical, Defaults) {
  EXPECT_EQ(default_of("'0'", "integer"), default_of("0", "integer"));
  EXPECT_EQ(default_of("'-1'::integer", "integer"), "-1");
  EXPECT_EQ(default_of("'x'::character varying", "character varying(5)"), "'x'");
  EXPECT_EQ(default_of("'f'", "boolean"), "false");
  EXPECT_EQ(default_of("'{\"a\": 1}'::jsonb", "jsonb"), default_of("'{\"a\":1}'", "jsonb"));
  EXPECT_EQ(default_of("'{}'::text[]", "text[]"), "'{}'");
  EXPECT_EQ(default_of("ARRAY[]::varchar[]", "character varying[]"), default_of("ARRAY[]::character varying[]", "x"));
  EXPECT_EQ(default_of("'happy'::mood", "mood"), "'happy'");
  EXPECT_EQ(default_of("NULL::character varying", "character varying(5)"), "NULL");
  EXPECT_EQ(default_of("now()", "timestamp with time zone"), "now()");
  EXPECT_EQ(default_of("current_timestamp", "timestamp with time zone"), "CURRENT_TIMESTAMP");
  EXPECT_EQ(default_of("timezone('utc'::text, now())", "timestamp without time zone"), "timezone('utc', now())");
  EXPECT_EQ(default_of("(now() AT TIME ZONE 'utc'::text)", "x"), default_of("now() at time zone 'utc'", "x"));
  EXPECT_EQ(default_of("now() AT TIME ZONE 'utc'", "x"), "(now() AT TIME ZONE 'utc')") << "DEFAULT wants them";
  EXPECT_EQ(default_of("'$1,234.50'::money", "money"), default_of("'1234.5'", "money"));
  EXPECT_EQ(default_of("nextval('\"with_all\"')", "integer"), default_of("nextval('with_all'::regclass)", "integer"));
  EXPECT_EQ(default_of("nextval('s'::regclass)", "bigint"), default_of("nextval('public.s')", "bigint"));
}

/// Names measured on PostgreSQL 15.
TEST(PostgresNames, AreCutAndNumberedAsTheServerDoes) {
  EXPECT_EQ(object_name("users", "email", "key"), "users_email_key");
  EXPECT_EQ(object_name("users", "", "pkey"), "users_pkey");
  const std::string long_table(40, 't');
  const std::string long_column(40, 'c');
  EXPECT_EQ(object_name(long_table, long_column, "key"), std::string(29, 't') + "_" + std::string(29, 'c') + "_key");
  EXPECT_EQ(object_name(long_table, "c", "key").size(), 46u);
  EXPECT_EQ(object_name(std::string(31, 'x') + "\xC3\xA9" + std::string(40, 'y'), long_column, "fkey").size(), 63u);

  using namespace model_test;  // NOLINT(google-build-using-namespace)
  model::Schema schema;
  model::CreateTable create;
  create.table.name = named("t");
  model::Column serial = column("id");
  serial.type = model::ScalarType{.kind = model::ScalarKind::kInteger};
  serial.autoincrement = true;
  create.table.columns = {serial, column("a"), column("b")};
  create.table.constraints = {primary_on("", {id("id")}), unique("", {id("a"), id("b")}),
                              check("", "a > 0"),         check("", "a < 9"),
                              check("", "a > b"),         foreign_key("", "a", "t", "id")};
  ASSERT_TRUE(model::apply(schema, create));
  postgres_dialect().complete(schema, create);
  const model::Table& table = schema.tables[0];
  std::vector<std::string> names;
  for (const model::Constraint& item : table.constraints) names.push_back(model::constraint_name(item).text());
  EXPECT_EQ(names, (std::vector<std::string>{"t_pkey", "t_a_b_key", "t_a_check", "t_a_check1", "t_check", "t_a_fkey"}));
  ASSERT_EQ(schema.sequences.size(), 1u);
  EXPECT_EQ(schema.sequences[0].name, named("t_id_seq"));
  EXPECT_FALSE(table.columns[0].nullable);
}

std::vector<std::string> index_names_after(const std::string& sql) {
  model::Schema schema;
  for (const auto& span : postgres_dialect().split(sql).statements)
    for (const model::Operation& operation : postgres_dialect().understand(span.text).operations) {
      EXPECT_TRUE(model::apply(schema, operation)) << span.text;
      postgres_dialect().complete(schema, operation);
    }
  std::vector<std::string> names;
  for (const model::Index& index : schema.tables.back().indexes) names.push_back(index.name.text());
  for (const model::Constraint& key : schema.tables.back().constraints)
    names.push_back(model::constraint_name(key).text());
  return names;
}

TEST(PostgresNames, CountTheColumnsOfInclude) {
  using Names = std::vector<std::string>;
  const std::string table = "CREATE TABLE t (a int, b int, c int);";
  EXPECT_EQ(index_names_after(table + "CREATE INDEX ON t (a) INCLUDE (b)"), Names{"t_a_b_idx"});
  EXPECT_EQ(index_names_after(table + "CREATE INDEX ON t (a, b) INCLUDE (b, a)"), Names{"t_a_b_b1_a1_idx"});
  EXPECT_EQ(index_names_after(table + "CREATE INDEX ON t (abs(a), abs(b))"), Names{"t_abs_abs1_idx"});
  EXPECT_EQ(index_names_after(table + "CREATE INDEX ON t ((abs(a)), (a::text), (a + b), (CASE a WHEN 1 THEN 2 END))"),
            Names{"t_abs_a_expr_case_idx"});
  EXPECT_EQ(index_names_after(table + "CREATE INDEX ON t ((NULL::text), ('x'::text), coalesce(a, b), nullif(a, b))"),
            Names{"t_text_text1_coalesce_nullif_idx"});
  EXPECT_EQ(index_names_after(table + "CREATE INDEX ON t (greatest(a, b), (CASE WHEN a > 0 THEN a ELSE b END))"),
            Names{"t_greatest_b_idx"});
  EXPECT_EQ(index_names_after(table + "ALTER TABLE t ADD UNIQUE (a) INCLUDE (c)"), Names{"t_a_c_key"});
  EXPECT_EQ(index_names_after(table + "ALTER TABLE t ADD PRIMARY KEY (a) INCLUDE (c)"), Names{"t_pkey"});
}

TEST(PostgresNames, PartsKeepWhatTheWholeHad) {
  EXPECT_EQ(index_names_after("CREATE TABLE t (a int, b int) PARTITION BY RANGE (a);"
                              "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (1) TO (10);"
                              "CREATE INDEX mine ON t_1 (b); CREATE INDEX i ON t (b); CREATE INDEX j ON t (a);"
                              "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a, b), ADD CONSTRAINT c CHECK (b > 0);"
                              "ALTER TABLE t DETACH PARTITION t_1"),
            (std::vector<std::string>{"mine", "t_1_a_idx", "t_1_a_b_key", "c"}));
}

}  // namespace
}  // namespace bascule::dialects::postgres
