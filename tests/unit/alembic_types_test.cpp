// SQLAlchemy's types, expressions and statements as scripts write them. Expected texts were measured with
// SQLAlchemy 2.1 (literal_binds); the types of each dialect by compiling them.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "dialects/dialect.h"
#include "evaluate/interpreter.h"
#include "formats/alembic/convert.h"
#include "formats/alembic/sa_dml.h"
#include "syntax/python/ast.h"

namespace bascule::formats::alembic {
namespace {

class Modules : public evaluate::ModuleProvider {
 public:
  explicit Modules(Recorder& recorder) {
    auto sa = type_members(recorder);
    for (auto& [name, value] : expression_members(recorder)) sa[name] = value;
    sqlalchemy_ = evaluate::make_namespace("sqlalchemy", std::move(sa));
    postgresql_ = evaluate::make_namespace("postgresql", postgresql_members(recorder));
    sqlite_ = evaluate::make_namespace("sqlite", sqlite_members(recorder));
    mysql_ = evaluate::make_namespace("mysql", mysql_members(recorder));
  }
  std::optional<Value> import_module(std::string_view name) override {
    if (name == "sqlalchemy") return sqlalchemy_;
    if (name == "sqlalchemy.dialects") {
      return evaluate::make_namespace("dialects",
                                      {{"postgresql", postgresql_}, {"sqlite", sqlite_}, {"mysql", mysql_}});
    }
    return std::nullopt;
  }

 private:
  Value sqlalchemy_, postgresql_, sqlite_, mysql_;
};

/// Evaluates `result = <expression>` after some lines of set-up, for one database.
class Script {
 public:
  Script(const std::string& dialect, const std::string& setup, const std::string& expression)
      : dialect_(dialect), recorder_(EvaluationTarget{dialect, false}), modules_(recorder_) {
    const std::string source =
        "import datetime, uuid, enum, decimal\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql as "
        "pg, sqlite, mysql\n"
        "import unknown_package\n"
        "class Colour(enum.Enum):\n    red = 'r'\n    green = 'ggg'\n"
        "I = sa.column('i', sa.Integer)\nS = sa.column('s', sa.String)\nB = sa.column('b', sa.Boolean)\n"
        "N = sa.column('n')\nJ = sa.column('j', sa.JSON)\nJB = sa.column('jb', pg.JSONB)\n"
        "A = sa.column('a', pg.ARRAY(sa.Integer))\nD = sa.column('d', sa.DateTime)\n"
        "t = sa.table('t', sa.column('i', sa.Integer), sa.column('s', sa.String), sa.column('b', sa.Boolean),\n"
        "             sa.column('j', sa.JSON), sa.column('jn', sa.JSON(none_as_null=True)),\n"
        "             sa.column('e', sa.Enum(Colour)), sa.column('n'))\n" +
        setup + "\ndef result(_=None):\n    return " + expression + "\n";
    file_ = std::make_shared<SourceFile>("script.py", source);
    auto module = syntax::python::parse(file_);
    if (!module) {
      error_ = "syntax: " + module.error().message;
      return;
    }
    module_ = std::make_unique<syntax::python::Module>(std::move(*module));
    interpreter_ = std::make_unique<evaluate::Interpreter>(file_, *module_, modules_, environment_, evaluate::Limits{});
    if (auto run = interpreter_->run_module(); !run) {
      error_ = run.error().code + ": " + run.error().message;
      return;
    }
    // What converts may throw; running it inside a call turns that into a diagnostic.
    auto value = interpreter_->call_global("result", {});
    if (!value) {
      error_ = value.error().code + ": " + value.error().message;
      return;
    }
    value_ = *value;
  }

  template <class Convert>
  std::string converted(Convert convert) {
    if (!error_.empty()) return error_;
    std::string text;
    Value value = value_;
    Value function = evaluate::make_function("convert", [&](Interpreter& in, evaluate::Arguments&) {
      text = convert(in, value);
      return Value();
    });
    // Through the module's own function, so that exceptions become diagnostics.
    evaluate::Arguments arguments;
    arguments.positional = {function};
    auto called = interpreter_->call_global("apply_", std::move(arguments));
    if (!called) return called.error().code + ": " + called.error().message;
    return text;
  }

  std::string expression() {
    return converted([&](Interpreter& in, const Value& value) {
      auto rendered = dialect().expression(to_expression(in, value, nullptr, "the test"));
      return rendered ? *rendered : "unsupported: " + rendered.error().message;
    });
  }
  std::string type() {
    return converted([&](Interpreter& in, const Value& value) {
      auto rendered = dialect().type(to_type(in, value, recorder_, "the test")->type());
      return rendered ? *rendered : "unsupported: " + rendered.error().message;
    });
  }
  std::string statement() {
    return converted([&](Interpreter& in, const Value& value) {
      auto operation = to_executable(in, value, "the test");
      if (!operation) return std::string("not executable");
      return render(*operation);
    });
  }
  std::string bulk(bool multiinsert) {
    return converted([&](Interpreter& in, const Value& value) {
      const auto& pair = *value.as_sequence();
      std::string text;
      for (auto& statement : bulk_insert_statements(in, *pair[0].as<TableClause>(), pair[1], multiinsert)) {
        text += (text.empty() ? "" : "; ") + render(model::InsertRows{statement});
      }
      return text;
    });
  }
  std::string recorded() {
    if (!error_.empty()) return error_;
    std::string text;
    for (auto& authored : recorder_.take()) {
      text += (text.empty() ? "" : "; ") + authored.written_as + " -> " + render(authored.operation);
    }
    return text;
  }

 private:
  const dialects::Dialect& dialect() const { return *dialects::find_dialect(dialect_); }
  std::string render(const model::Operation& operation) const {
    auto rendered = dialect().render(operation);
    if (!rendered) return "unsupported: " + rendered.error().message;
    std::string text;
    for (const std::string& sql : *rendered) text += (text.empty() ? "" : "; ") + sql;
    return text;
  }

  std::string dialect_;
  Recorder recorder_;
  Modules modules_;
  std::map<std::string, std::string> environment_;
  SourceFilePtr file_;
  std::unique_ptr<syntax::python::Module> module_;
  std::unique_ptr<evaluate::Interpreter> interpreter_;
  Value value_;
  std::string error_;
};

const std::string kApply = "def apply_(f):\n    return f()\n";

std::string type_on(const std::string& dialect, const std::string& text, const std::string& setup = "") {
  return Script(dialect, kApply + setup, text).type();
}
std::string sql_on(const std::string& dialect, const std::string& text, const std::string& setup = "") {
  return Script(dialect, kApply + setup, text).expression();
}
std::string statement_on(const std::string& dialect, const std::string& text, const std::string& setup = "") {
  return Script(dialect, kApply + setup, text).statement();
}
std::string recorded_on(const std::string& dialect, const std::string& text, const std::string& setup = "") {
  return Script(dialect, kApply + setup, text).recorded();
}

struct OnBoth {
  const char* text;
  const char* postgres;
  const char* sqlite;
};

TEST(AlembicTypes, AreSpelledAsSqlalchemySpellsThem) {
  const OnBoth kCases[] = {
      {"sa.Integer", "INTEGER", "INTEGER"},
      {"sa.Integer()", "INTEGER", "INTEGER"},
      {"sa.INT()", "INTEGER", "INTEGER"},
      {"sa.String(20)", "VARCHAR(20)", "VARCHAR(20)"},
      {"sa.String(length=5, collation='C')", "VARCHAR(5) COLLATE \"C\"", "VARCHAR(5) COLLATE \"C\""},
      {"sa.Unicode()", "VARCHAR", "VARCHAR"},
      {"sa.UnicodeText()", "TEXT", "TEXT"},
      {"sa.NCHAR(3)", "NCHAR(3)", "NCHAR(3)"},
      {"sa.CLOB()", "CLOB", "CLOB"},
      {"sa.Numeric(10, 2)", "NUMERIC(10, 2)", "NUMERIC(10, 2)"},
      {"sa.DECIMAL(20)", "DECIMAL(20)", "DECIMAL(20)"},
      {"sa.Float(precision=30)", "FLOAT(30)", "FLOAT"},
      {"sa.Double", "DOUBLE PRECISION", "DOUBLE"},
      {"sa.DateTime(timezone=True)", "TIMESTAMP WITH TIME ZONE", "DATETIME"},
      {"sa.TIMESTAMP(True)", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP"},
      {"sa.Interval(native=False)", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME"},
      {"sa.Interval(second_precision=3)", "INTERVAL (3)", "DATETIME"},
      {"sa.LargeBinary(5)", "BYTEA", "BLOB"},
      {"sa.PickleType()", "BYTEA", "BLOB"},
      {"sa.Uuid(as_uuid=False)", "UUID", "CHAR(32)"},
      {"sa.Uuid(native_uuid=False)", "CHAR(32)", "CHAR(32)"},
      {"sa.UUID()", "UUID", "UUID"},
      {"sa.JSON(none_as_null=True)", "JSON", "JSON"},
      {"sa.Boolean(create_constraint=True, name='ck')", "BOOLEAN", "BOOLEAN"},
      {"sa.ARRAY(sa.Integer)", "INTEGER[]",
       "unsupported: the type ARRAY belongs to PostgreSQL; SQLite has no such type"},
      {"pg.ARRAY(sa.String(5), dimensions=2)", "VARCHAR(5)[][]",
       "unsupported: the type ARRAY belongs to PostgreSQL; SQLite has no such type"},
      {"sa.Enum('a', 'bbb', name='e')", "e", "VARCHAR(3)"},
      {"sa.Enum(Colour)", "colour", "VARCHAR(5)"},
      {"sa.Enum(Colour, values_callable=lambda c: [m.value for m in c])", "colour", "VARCHAR(3)"},
      {"sa.Enum('a', 'bb', length=10, native_enum=False)", "VARCHAR(10)", "VARCHAR(10)"},
      {"sa.Enum('a', length=None, native_enum=False)", "VARCHAR", "VARCHAR"},
      {"pg.ENUM('a', name='e', schema='s', native_enum=False)", "s.e", "VARCHAR(1)"},
      {"pg.JSONB(astext_type=sa.Text())", "JSONB", "JSONB"},
      {"pg.JSON()", "JSON", "JSON"},
      {"pg.BIT(5, varying=True)", "BIT VARYING(5)",
       "unsupported: the type BIT VARYING(5) belongs to PostgreSQL; SQLite has no such type"},
      {"pg.BIT()", "BIT(1)", "unsupported: the type BIT(1) belongs to PostgreSQL; SQLite has no such type"},
      {"pg.INTERVAL(fields='SECOND', precision=2)", "INTERVAL SECOND (2)",
       "unsupported: the type INTERVAL SECOND (2) belongs to PostgreSQL; SQLite has no such type"},
      {"pg.TIMESTAMP(timezone=True, precision=3)", "TIMESTAMP(3) WITH TIME ZONE", "TIMESTAMP"},
      {"pg.TIME(precision=3)", "TIME(3) WITHOUT TIME ZONE", "TIME"},
      {"pg.DOMAIN('dom', sa.Integer)", "dom",
       "unsupported: the type dom belongs to PostgreSQL; SQLite has no such type"},
      {"pg.CITEXT()", "CITEXT", "unsupported: the type CITEXT belongs to PostgreSQL; SQLite has no such type"},
      {"pg.TSTZMULTIRANGE", "TSTZMULTIRANGE",
       "unsupported: the type TSTZMULTIRANGE belongs to PostgreSQL; SQLite has no such type"},
      {"pg.UUID(as_uuid=True)", "UUID", "UUID"},
      {"sqlite.DATETIME()", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME"},
      {"sqlite.JSON()", "JSON", "JSON"},
      {"mysql.VARCHAR(20, charset='utf8')", "VARCHAR(20)", "VARCHAR(20)"},
      {"mysql.INTEGER(display_width=11, unsigned=True)", "INTEGER", "INTEGER"},
      {"mysql.TINYINT(1)", "unsupported: the type TINYINT(1) belongs to mysql; PostgreSQL has no such type",
       "unsupported: the type TINYINT(1) belongs to mysql; SQLite has no such type"},
      {"sa.String().with_variant(sa.Text(), 'sqlite')", "VARCHAR", "TEXT"},
      {"sa.BigInteger().with_variant(sa.Integer, 'sqlite', 'mysql')", "BIGINT", "INTEGER"},
      {"sa.Text().with_variant(mysql.LONGTEXT(), 'mysql')", "TEXT", "TEXT"},
      {"sa.VARCHAR(7).as_generic()", "VARCHAR(7)", "VARCHAR(7)"},
  };
  for (const OnBoth& one : kCases) {
    EXPECT_EQ(type_on("postgresql", one.text), one.postgres) << one.text;
    EXPECT_EQ(type_on("sqlite", one.text), one.sqlite) << one.text;
  }
}

TEST(AlembicTypes, ProjectsOwn) {
  const std::string classes =
      "class Guid(sa.TypeDecorator):\n    impl = sa.String(36)\n    cache_ok = True\n"
      "class ByDialect(sa.TypeDecorator):\n    impl = sa.Text\n"
      "    def load_dialect_impl(self, dialect):\n"
      "        return dialect.type_descriptor(pg.JSONB() if dialect.name == 'postgresql' else sa.Text())\n"
      "class Point(sa.UserDefinedType):\n"
      "    def get_col_spec(self, **kw):\n        return 'POINT'\n"
      "class Child(Guid):\n    pass\n"
      "class Sized(sa.TypeDecorator):\n    impl = sa.CHAR\n"
      "class Short(sa.String):\n    pass\n"
      "class Plain(sa.TypeDecorator):\n    impl = sa.Text\n    def __init__(self):\n        super().__init__()\n"
      "class Taught(sa.TypeDecorator):\n    impl = sa.String\n    def __init__(self, n):\n        "
      "super().__init__(n)\n";
  EXPECT_EQ(type_on("sqlite", "Guid()", classes), "VARCHAR(36)");
  EXPECT_EQ(type_on("sqlite", "Guid", classes), "VARCHAR(36)");
  EXPECT_EQ(type_on("sqlite", "Child()", classes), "VARCHAR(36)");
  EXPECT_EQ(type_on("sqlite", "Sized(7)", classes), "CHAR(7)");
  EXPECT_EQ(type_on("sqlite", "Short(length=9)", classes), "VARCHAR(9)");
  EXPECT_EQ(type_on("sqlite", "Plain()", classes), "TEXT");
  EXPECT_EQ(type_on("sqlite", "Taught(5)", classes), "VARCHAR(5)");
  EXPECT_EQ(type_on("postgresql", "ByDialect()", classes), "JSONB");
  EXPECT_EQ(type_on("sqlite", "ByDialect()", classes), "TEXT");
  EXPECT_EQ(type_on("postgresql", "Point()", classes), "POINT");
}

TEST(AlembicTypes, WrongArguments) {
  EXPECT_NE(type_on("sqlite", "sa.Integer(5)").find("TypeError"), std::string::npos);
  EXPECT_NE(type_on("sqlite", "sa.String(size=5)").find("unexpected keyword argument"), std::string::npos);
  EXPECT_NE(type_on("sqlite", "sa.String('20')").find("must be an int"), std::string::npos);
  EXPECT_NE(type_on("sqlite", "sa.Enum(['a', 'b'])").find("separate arguments"), std::string::npos);
  EXPECT_NE(type_on("sqlite", "sa.Enum('abc', length=2)").find("ValueError"), std::string::npos);
  EXPECT_EQ(type_on("sqlite", "unknown_package.T()").substr(0, 12), "opaque-value");
  EXPECT_EQ(type_on("sqlite", "sa.String(unknown_package.LENGTH)").substr(0, 12), "opaque-value");
  EXPECT_EQ(type_on("sqlite", "sa.String().bind_processor").substr(0, 13), "not-supported");
}

TEST(AlembicTypes, NamedTypesAreCreatedAndDropped) {
  EXPECT_EQ(recorded_on("postgresql", "sa.Enum('a', name='e').create(None)"),
            "Enum.create -> CREATE TYPE e AS ENUM ('a')");
  EXPECT_EQ(recorded_on("sqlite", "sa.Enum('a', name='e').create(None)"), "");
  EXPECT_EQ(recorded_on("sqlite", "pg.ENUM('a', name='e').create(None)"), "");
  EXPECT_EQ(recorded_on("postgresql", "sa.Enum('a', name='e', native_enum=False).create(None)"), "");
  EXPECT_EQ(recorded_on("postgresql", "sa.Enum('a', name='e').drop(None)"), "Enum.drop -> DROP TYPE e");
  EXPECT_EQ(recorded_on("sqlite", "pg.DOMAIN('d', sa.Integer).create(None)").substr(0, 13), "not-supported");
  EXPECT_EQ(recorded_on("postgresql",
                        "pg.DOMAIN('d', sa.String(5), collation='C', default='x', constraint_name='c', "
                        "check=sa.text('VALUE > 1')).create(None, checkfirst=False)"),
            "DOMAIN.create -> CREATE DOMAIN d AS VARCHAR(5) COLLATE \"C\" DEFAULT 'x' CONSTRAINT c CHECK (VALUE > 1)");
}

TEST(AlembicExpressions, AreSpelledAsSqlalchemySpellsThem) {
  const OnBoth kCases[] = {
      {"I==1", "i = 1", "i = 1"},
      {"I==None", "i IS NULL", "i IS NULL"},
      {"I!=None", "i IS NOT NULL", "i IS NOT NULL"},
      {"N==True", "n = true", "n = 1"},
      {"B==True", "b = true", "b = 1"},
      {"B!=False", "b != false", "b != 0"},
      {"B.is_(True)", "b IS true", "b IS 1"},
      {"B.is_(None)", "b IS NULL", "b IS NULL"},
      {"B.isnot(None)", "b IS NOT NULL", "b IS NOT NULL"},
      {"I.in_([1,2])", "i IN (1, 2)", "i IN (1, 2)"},
      {"I.notin_([1])", "(i NOT IN (1))", "(i NOT IN (1))"},
      {"S.like('a%')", "s LIKE 'a%'", "s LIKE 'a%'"},
      {"S.ilike('a%')", "s ILIKE 'a%'", "lower(s) LIKE lower('a%')"},
      {"S.not_like('a')", "s NOT LIKE 'a'", "s NOT LIKE 'a'"},
      {"S.notilike('a')", "s NOT ILIKE 'a'", "lower(s) NOT LIKE lower('a')"},
      {"S.startswith('a')", "s LIKE ('a' || '%')", "s LIKE ('a' || '%')"},
      {"S.endswith('a')", "s LIKE ('%' || 'a')", "s LIKE ('%' || 'a')"},
      {"S.startswith('a',autoescape=True)", "s LIKE ('a' || '%') ESCAPE '/'", "s LIKE ('a' || '%') ESCAPE '/'"},
      {"S.like('a',escape='/')", "s LIKE 'a' ESCAPE '/'", "s LIKE 'a' ESCAPE '/'"},
      {"S+'x'", "s || 'x'", "s || 'x'"},
      {"I+1", "i + 1", "i + 1"},
      {"N+1", "n + 1", "n + 1"},
      {"N+'x'", "n || 'x'", "n || 'x'"},
      {"S.concat('x')", "s || 'x'", "s || 'x'"},
      {"S+I", "s + i", "s + i"},
      {"1+I", "1 + i", "1 + i"},
      {"I-1", "i - 1", "i - 1"},
      {"I*2+1", "i * 2 + 1", "i * 2 + 1"},
      {"(I+1)*2", "(i + 1) * 2", "(i + 1) * 2"},
      {"I//2", "i / 2", "i / 2"},
      {"I%2", "i % 2", "i % 2"},
      {"~(I==1)", "i != 1", "i != 1"},
      {"~(I>1)", "i <= 1", "i <= 1"},
      {"~S.like('x')", "s NOT LIKE 'x'", "s NOT LIKE 'x'"},
      {"~I.in_([1])", "(i NOT IN (1))", "(i NOT IN (1))"},
      {"sa.and_(I==1,S=='x')", "i = 1 AND s = 'x'", "i = 1 AND s = 'x'"},
      {"sa.and_(I==1)", "i = 1", "i = 1"},
      {"sa.or_(I==1,sa.and_(I==2,S=='x'))", "i = 1 OR i = 2 AND s = 'x'", "i = 1 OR i = 2 AND s = 'x'"},
      {"sa.and_(sa.or_(I==1,I==2),S=='x')", "(i = 1 OR i = 2) AND s = 'x'", "(i = 1 OR i = 2) AND s = 'x'"},
      {"sa.not_(sa.and_(I==1,S=='x'))", "NOT (i = 1 AND s = 'x')", "NOT (i = 1 AND s = 'x')"},
      {"I.between(1,2)", "i BETWEEN 1 AND 2", "i BETWEEN 1 AND 2"},
      {"sa.between(I,1,2)", "i BETWEEN 1 AND 2", "i BETWEEN 1 AND 2"},
      {"~I.between(1,2)", "i NOT BETWEEN 1 AND 2", "i NOT BETWEEN 1 AND 2"},
      {"sa.cast(I,sa.String)", "CAST(i AS VARCHAR)", "CAST(i AS VARCHAR)"},
      {"I.cast(sa.String(5))", "CAST(i AS VARCHAR(5))", "CAST(i AS VARCHAR(5))"},
      {"sa.type_coerce(I,sa.String)", "i", "i"},
      {"sa.case((I==1,'a'),else_='b')", "CASE WHEN (i = 1) THEN 'a' ELSE 'b' END",
       "CASE WHEN (i = 1) THEN 'a' ELSE 'b' END"},
      {"sa.case((I==1,sa.literal_column('2')))", "CASE WHEN (i = 1) THEN 2 END", "CASE WHEN (i = 1) THEN 2 END"},
      {"sa.func.now()", "now()", "CURRENT_TIMESTAMP"},
      {"sa.func.coalesce(I,1)", "coalesce(i, 1)", "coalesce(i, 1)"},
      {"sa.func.foo.bar.baz(1,'x',None,True)", "foo.bar.baz(1, 'x', NULL, true)", "foo.bar.baz(1, 'x', NULL, 1)"},
      {"sa.func.count()", "count(*)", "count(*)"},
      {"sa.func.current_timestamp()", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"},
      {"sa.func.lower(S)=='x'", "lower(s) = 'x'", "lower(s) = 'x'"},
      {"sa.func.gen_random_uuid()", "gen_random_uuid()", "gen_random_uuid()"},
      {"sa.func.CURRENT_DATE()", "CURRENT_DATE", "CURRENT_DATE"},
      {"sa.func.concat('a','b')", "concat('a', 'b')", "concat('a', 'b')"},
      {"sa.func.random()", "random()", "random()"},
      {"sa.func.user()", "USER", "USER"},
      {"sa.func.Foo('x')", "Foo('x')", "Foo('x')"},
      {"sa.func.json_build_object('a',1)", "json_build_object('a', 1)", "json_build_object('a', 1)"},
      {"JB.op('->>')('a')", "jb ->> 'a'", "jb ->> 'a'"},
      {"JB.has_key('x')", "jb ? 'x'", "jb ? 'x'"},
      {"I.op('&')(1)", "i & 1", "i & 1"},
      {"I.bitwise_and(1)", "i & 1", "i & 1"},
      {"I.desc()", "i DESC", "i DESC"},
      {"sa.desc(I)", "i DESC", "i DESC"},
      {"I.asc().nulls_last()", "i ASC NULLS LAST", "i ASC NULLS LAST"},
      {"sa.nulls_first(sa.desc(I))", "i DESC NULLS FIRST", "i DESC NULLS FIRST"},
      {"I.desc().nullslast()", "i DESC NULLS LAST", "i DESC NULLS LAST"},
      {"S.collate('C')", "s COLLATE \"C\"", "s COLLATE \"C\""},
      {"sa.collate(S,'C')", "s COLLATE \"C\"", "s COLLATE \"C\""},
      {"sa.collate(S,'en_US')", "s COLLATE \"en_US\"", "s COLLATE \"en_US\""},
      {"sa.distinct(I)", "DISTINCT i", "DISTINCT i"},
      {"I.distinct()", "DISTINCT i", "DISTINCT i"},
      {"sa.extract('year',D)", "EXTRACT(year FROM d)", "CAST(STRFTIME('%Y', d) AS INTEGER)"},
      {"sa.tuple_(I,S)", "(i, s)", "(i, s)"},
      {"I.label('z')", "i", "i"},
      {"sa.literal('x')", "'x'", "'x'"},
      {"sa.literal(1)", "1", "1"},
      {"sa.literal(None)", "NULL", "NULL"},
      {"sa.literal(True)", "true", "1"},
      {"sa.literal(1,sa.Boolean)", "true", "1"},
      {"sa.literal(1.5)", "1.5", "1.5"},
      {"sa.literal(1.5,sa.Numeric)", "1.5", "1.5"},
      {"sa.null()", "NULL", "NULL"},
      {"I==sa.text('x')", "i = x", "i = x"},
      {"I==S", "i = s", "i = s"},
      {"sa.func.max(I).label('x')", "max(i)", "max(i)"},
      {"I==sa.null()", "i IS NULL", "i IS NULL"},
      {"I.is_(sa.null())", "i IS NULL", "i IS NULL"},
      {"sa.and_(N==1,~(N.is_(None)))", "n = 1 AND n IS NOT NULL", "n = 1 AND n IS NOT NULL"},
      {"(I+1)==2", "i + 1 = 2", "i + 1 = 2"},
      {"(I==1)==B", "(i = 1) = b", "(i = 1) = b"},
      {"I-(I-1)", "i - (i - 1)", "i - (i - 1)"},
      {"I*(I+1)", "i * (i + 1)", "i * (i + 1)"},
      {"-(I+1)", "-(i + 1)", "-(i + 1)"},
      {"sa.func.f(I)+1", "f(i) + 1", "f(i) + 1"},
      {"(S+'a')+'b'", "s || 'a' || 'b'", "s || 'a' || 'b'"},
      {"S+(S+'a')", "s || s || 'a'", "s || s || 'a'"},
      {"I.op('->')(1).op('->>')(2)", "(i -> 1) ->> 2", "(i -> 1) ->> 2"},
      {"I.op('@>')(1)==2", "(i @> 1) = 2", "(i @> 1) = 2"},
      {"(I.op('x',precedence=5)(1))==0", "(i x 1) = 0", "(i x 1) = 0"},
      {"(I==1).label('q')", "i = 1", "i = 1"},
      {"sa.cast(I+1,sa.String)+'x'", "CAST(i + 1 AS VARCHAR) || 'x'", "CAST(i + 1 AS VARCHAR) || 'x'"},
      {"I.cast(sa.Integer)+1", "CAST(i AS INTEGER) + 1", "CAST(i AS INTEGER) + 1"},
      {"(I>1).is_(True)", "(i > 1) IS true", "(i > 1) IS 1"},
      {"sa.and_(sa.text('x=1 or y'),I==1)", "x=1 or y AND i = 1", "x=1 or y AND i = 1"},
      {"sa.bindparam('v',5)+I", "5 + i", "5 + i"},
      {"sa.column('t.x')", "\"t.x\"", "\"t.x\""},
      {"sa.column('Foo')", "\"Foo\"", "\"Foo\""},
      {"sa.func.lower(sa.text('x'))", "lower(x)", "lower(x)"},
      {"I.in_([None,1])", "i IN (NULL, 1)", "i IN (NULL, 1)"},
      {"sa.func.date_trunc('day',D)", "date_trunc('day', d)", "date_trunc('day', d)"},
      {"sa.func.char_length(S)", "char_length(s)", "length(s)"},
      {"~(B==True)", "b != true", "b != 1"},
      {"S.icontains('x')", "s ILIKE ('%' || 'x' || '%')", "lower(s) LIKE lower('%' || 'x' || '%')"},
      {"I.in_([])", "(i IN (NULL) AND (1 != 1))", "i IN (SELECT 1 FROM (SELECT 1) WHERE 1!=1)"},
      {"~I.in_([])", "(i NOT IN (NULL) OR (1 = 1))", "(i NOT IN (SELECT 1 FROM (SELECT 1) WHERE 1!=1))"},
      {"sa.true()", "true", "1"},
      {"sa.false()", "false", "0"},
      {"J['a']", "j -> 'a'", "j -> 'a'"},
      {"JB['a'].astext", "jb ->> 'a'", "jb ->> 'a'"},
      {"JB['a'].as_string()", "CAST(jb ->> 'a' AS VARCHAR)", "CAST(jb ->> 'a' AS VARCHAR)"},
      {"sa.literal({'a': [1, None]}, sa.JSON)", "'{\"a\": [1, null]}'", "'{\"a\": [1, null]}'"},
      {"sa.literal(datetime.datetime(2020, 1, 2, 3, 4, 5))", "'2020-01-02 03:04:05'::timestamp",
       "'2020-01-02 03:04:05.000000'"},
      {"sa.any_(A) == 1", "1 = ANY(a)", "1 = ANY(a)"},
      {"sa.case([(I == 1, 'a')])", "CASE WHEN (i = 1) THEN 'a' END", "CASE WHEN (i = 1) THEN 'a' END"},
      {"sa.bindparam('v', 5) + I", "5 + i", "5 + i"},
      {"pg.array([1, 2])", "'{1,2}'::INTEGER[]", "unsupported: SQLite has no arrays"},
      {"1 < I", "i > 1", "i > 1"},
  };
  for (const OnBoth& one : kCases) {
    EXPECT_EQ(sql_on("postgresql", one.text), one.postgres) << one.text;
    EXPECT_EQ(sql_on("sqlite", one.text), one.sqlite) << one.text;
  }
}

TEST(AlembicExpressions, Texts) {
  const OnBoth kCases[] = {
      {"sa.text('a = :x').bindparams(x=1)", "a = 1", "a = 1"},
      {"sa.text('a = :x and b=:y').bindparams(x='o\\'x', y=None)", "a = 'o''x' and b=NULL", "a = 'o''x' and b=NULL"},
      {"sa.text('a = :x').bindparams(sa.bindparam('x', True))", "a = true", "a = 1"},
      {"sa.text('a in :x').bindparams(sa.bindparam('x', [1, 2], expanding=True))", "a in (1, 2)", "a in (1, 2)"},
      {"sa.text(r'a::int = \\:x, 12:30:00')", "a::int = :x, 12:30:00", "a::int = :x, 12:30:00"},
      {"sa.text(':x :x').bindparams(x=datetime.datetime(2020, 1, 2))",
       "'2020-01-02 00:00:00'::timestamp '2020-01-02 00:00:00'::timestamp",
       "'2020-01-02 00:00:00.000000' '2020-01-02 00:00:00.000000'"},
      {"sa.text('a[1:2] @:x').bindparams(x=b'q')", "a[1:2] @'\\x71'::bytea", "a[1:2] @X'71'"},
  };
  for (const OnBoth& one : kCases) {
    EXPECT_EQ(sql_on("postgresql", one.text), one.postgres) << one.text;
    EXPECT_EQ(sql_on("sqlite", one.text), one.sqlite) << one.text;
  }
  EXPECT_EQ(sql_on("sqlite", "sa.text('a = :x')"), "unbound-parameter: the SQL text's parameter ':x' has no value");
  EXPECT_EQ(sql_on("sqlite", "sa.text('a = :x').bindparams(y=1)"),
            "python-exception: ArgumentError: This text() construct doesn't define a bound parameter named 'y'");
}

TEST(AlembicStatements, AreSpelledAsSqlalchemySpellsThem) {
  const OnBoth kCases[] = {
      {"'DROP TABLE x'", "DROP TABLE x", "DROP TABLE x"},
      {"t.insert().values(s='x', i=1)", "INSERT INTO t (i, s) VALUES (1, 'x')", "INSERT INTO t (i, s) VALUES (1, 'x')"},
      {"t.insert().values(i=1).values({'s': 'x'})", "INSERT INTO t (i, s) VALUES (1, 'x')",
       "INSERT INTO t (i, s) VALUES (1, 'x')"},
      {"t.insert().values([{'i': 1, 's': 'a'}, {'i': 2, 's': 'b'}])", "INSERT INTO t (i, s) VALUES (1, 'a'), (2, 'b')",
       "INSERT INTO t (i, s) VALUES (1, 'a'), (2, 'b')"},
      {"t.insert().values((1, 'x')).returning(t.c.i)", "INSERT INTO t (i, s) VALUES (1, 'x') RETURNING t.i",
       "INSERT INTO t (i, s) VALUES (1, 'x') RETURNING t.i"},
      {"t.insert().values({t.c.b: 1, 'j': None, 'jn': None, 'e': Colour.green})",
       "INSERT INTO t (b, j, jn, e) VALUES (true, 'null', NULL, 'green')",
       "INSERT INTO t (b, j, jn, e) VALUES (1, 'null', NULL, 'green')"},
      {"t.insert().values(i=sa.func.foo(1), s=sa.text('now()'), n=sa.literal_column('7'), j=sa.null())",
       "INSERT INTO t (i, s, j, n) VALUES (foo(1), now(), NULL, 7)",
       "INSERT INTO t (i, s, j, n) VALUES (foo(1), now(), NULL, 7)"},
      {"t.insert().values(n=datetime.date(2020, 1, 2))", "INSERT INTO t (n) VALUES ('2020-01-02'::date)",
       "INSERT INTO t (n) VALUES ('2020-01-02')"},
      {"t.insert()", "INSERT INTO t DEFAULT VALUES", "INSERT INTO t DEFAULT VALUES"},
      {"t.update().where(t.c.i == 1).where(t.c.s == 'x').values(s='y').values(i=t.c.i + 1)",
       "UPDATE t SET i=i + 1, s='y' WHERE t.i = 1 AND t.s = 'x'",
       "UPDATE t SET i=i + 1, s='y' WHERE t.i = 1 AND t.s = 'x'"},
      {"sa.update(t).values(s=sa.case((t.c.i == 1, 'a'), else_='b'))",
       "UPDATE t SET s=CASE WHEN (i = 1) THEN 'a' ELSE 'b' END",
       "UPDATE t SET s=CASE WHEN (i = 1) THEN 'a' ELSE 'b' END"},
      {"t.update().ordered_values((t.c.s, 'a'), ('i', 1))", "UPDATE t SET s='a', i=1", "UPDATE t SET s='a', i=1"},
      {"t.delete().where(t.c.i.in_([1, 2]), t.c.s == 'x')", "DELETE FROM t WHERE t.i IN (1, 2) AND t.s = 'x'",
       "DELETE FROM t WHERE t.i IN (1, 2) AND t.s = 'x'"},
      {"t.delete().where(sa.or_(t.c.i == None, t.columns['s'] != None))",
       "DELETE FROM t WHERE t.i IS NULL OR t.s IS NOT NULL", "DELETE FROM t WHERE t.i IS NULL OR t.s IS NOT NULL"},
      {"t.delete()", "DELETE FROM t", "DELETE FROM t"},
  };
  for (const OnBoth& one : kCases) {
    EXPECT_EQ(statement_on("postgresql", one.text), one.postgres) << one.text;
    EXPECT_EQ(statement_on("sqlite", one.text), one.sqlite) << one.text;
  }
}

TEST(AlembicStatements, ProjectsOwnTypesConvertValues) {
  const std::string classes =
      "class Shouted(sa.TypeDecorator):\n    impl = sa.String\n"
      "    def process_bind_param(self, value, dialect):\n        return value.upper() + dialect.name\n"
      "u = sa.table('u', sa.column('x', Shouted()))\n";
  EXPECT_EQ(statement_on("sqlite", "u.insert().values(x='ab')", classes), "INSERT INTO u (x) VALUES ('ABsqlite')");
}

TEST(AlembicStatements, Refusals) {
  EXPECT_EQ(statement_on("sqlite", "t.insert().values(zz=1)"),
            "python-exception: CompileError: Unconsumed column names: zz");
  EXPECT_NE(statement_on("sqlite", "t.delete().where('x=1')").find("ArgumentError"), std::string::npos);
  EXPECT_EQ(statement_on("sqlite", "t.insert().values(i=unknown_package.X)").substr(0, 12), "opaque-value");
  EXPECT_EQ(statement_on("sqlite", "t.delete().where(t.c.i == unknown_package.X)").substr(0, 12), "opaque-value");
  EXPECT_NE(statement_on("sqlite", "t.insert().values(b='yes')").find("Not a boolean value"), std::string::npos);
  EXPECT_EQ(statement_on("sqlite", "t.update()").substr(0, 12), "empty-update");
}

TEST(AlembicStatements, BulkInsert) {
  const auto bulk = [](const std::string& rows, bool multiinsert = true) {
    return Script("postgresql", kApply, "(t, " + rows + ")").bulk(multiinsert);
  };
  EXPECT_EQ(bulk("[]"), "");
  EXPECT_EQ(bulk("[{'i': 1}, {'i': 2, 's': 'x'}]"), "INSERT INTO t (i) VALUES (1), (2)");
  EXPECT_EQ(bulk("[{'i': 1}, {'s': 'x'}]", false), "INSERT INTO t (i) VALUES (1); INSERT INTO t (s) VALUES ('x')");
  EXPECT_NE(bulk("[{'i': 1, 's': 'x'}, {'i': 2}]").find("A value is required for bind parameter 's'"),
            std::string::npos);
  EXPECT_NE(bulk("{'i': 1}").find("List expected"), std::string::npos);
}

}  // namespace
}  // namespace bascule::formats::alembic
