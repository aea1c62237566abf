// Revisions that run as they are evaluated: what they ask a database for, and what they make of its answers. The SQL
// follows SQLAlchemy 2.1.9 (measured by compiling each query), but for parentheses that change nothing.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "formats/alembic/evaluate_revision.h"
#include "formats/live.h"
#include "planner/lower.h"
#include "render_support.h"

namespace bascule::formats::alembic {
namespace {

/// Answers with rows that were laid ready, and keeps what it was asked.
class FakeDatabase final : public LiveDatabase {
 public:
  explicit FakeDatabase(const dialects::Dialect& dialect) : dialect_(dialect) {}
  std::deque<LiveResult<db::ResultSet>> answers;
  std::string asked;

  LiveResult<db::ResultSet> run(const std::string& sql) override {
    asked += sql + "; ";
    if (answers.empty()) return db::ResultSet();
    auto next = std::move(answers.front());
    answers.pop_front();
    return next;
  }
  LiveResult<db::ResultSet> select(const model::SelectExpr& query) override {
    return run(render_test::shown(dialect_.query(query)));
  }
  LiveResult<db::ResultSet> apply(const model::AuthoredOperation& operation) override {
    Diagnostics diagnostics;
    LiveResult<db::ResultSet> last = db::ResultSet();
    for (const plan::Step& step : planner::lower({operation}, dialect_, diagnostics))
      last = run(std::get<plan::Statement>(step.action).sql);
    EXPECT_FALSE(diagnostics.has_errors());
    return last;
  }
  LiveResult<void> enter_autocommit() override { return {}; }
  LiveResult<void> leave_autocommit() override { return {}; }
  LiveResult<model::Schema> schema(const Identifier&) override { return model::Schema(); }
  LiveResult<std::vector<std::string>> schema_names() override { return std::vector<std::string>{"main"}; }
  LiveResult<std::string> default_schema() override { return std::string("main"); }
  std::string server_version() const override { return "15.4"; }

 private:
  const dialects::Dialect& dialect_;
};

db::ResultSet rows(std::vector<std::string> columns, std::vector<std::vector<db::Cell>> cells,
                   std::vector<db::CellType> types = {}) {
  db::ResultSet set;
  set.columns = std::move(columns);
  set.rows = std::move(cells);
  set.column_types = std::move(types);
  set.affected = static_cast<std::int64_t>(set.rows.size());
  return set;
}

struct Ran {
  std::string asked;
  std::string error;
};

/// Runs an upgrade() whose body is given; two tables t(id, n, s) and u(id, t_id) are there.
Ran run(const std::string& body, std::deque<LiveResult<db::ResultSet>> answers = {},
        const std::string& dialect = "postgresql") {
  std::string text =
      "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n\n"
      "t = sa.table('t', sa.column('id', sa.Integer), sa.column('n', sa.Integer), sa.column('s', sa.String))\n"
      "u = sa.table('u', sa.column('id', sa.Integer), sa.column('t_id', sa.Integer))\n\n"
      "def upgrade():\n    bind = op.get_bind()\n";
  std::size_t start = 0;
  while (start < body.size()) {
    const std::size_t end = std::min(body.find('\n', start), body.size());
    text += "    " + body.substr(start, end - start) + "\n";
    start = end + 1;
  }
  Modules modules({});
  const std::map<std::string, std::string> environment;
  FakeDatabase database(*dialects::find_dialect(dialect));
  database.answers = std::move(answers);
  const Evaluation evaluation =
      evaluate_file(std::make_shared<const SourceFile>("x.py", text), "rev", model::Direction::kUpgrade,
                    {dialect, false, &database}, {modules, environment, {}});
  Ran out;
  out.asked = database.asked;
  if (!evaluation.diagnostics.empty()) out.error = evaluation.diagnostics.list().front().message;
  return out;
}

/// The SQL of one query or statement.
std::string asked(const std::string& statement, const std::string& dialect = "postgresql") {
  const Ran ran = run("bind.execute(" + statement + ")", {}, dialect);
  return ran.error.empty() ? ran.asked.substr(0, ran.asked.size() - 2) : "!! " + ran.error;
}

TEST(LiveQueries, AreSpelledAsSqlalchemySpellsThem) {
  EXPECT_EQ(asked("sa.select(t.c.id, t.c.s).where(t.c.n == None, t.c.id > 1)"),
            "SELECT t.id, t.s FROM t WHERE t.n IS NULL AND t.id > 1");
  EXPECT_EQ(asked("sa.select([t.c.id], t.c.n == 2)"), "SELECT t.id FROM t WHERE t.n = 2");
  EXPECT_EQ(asked("sa.select(sa.func.count()).select_from(t)"), "SELECT count(*) AS count_1 FROM t");
  EXPECT_EQ(asked("sa.select(t.c.id, sa.func.count(u.c.id)).outerjoin(u, u.c.t_id == t.c.id).group_by(t.c.id)"
                  ".having(sa.func.count(u.c.id) > 1).order_by(t.c.id.desc()).limit(5).offset(2)"),
            "SELECT t.id, count(u.id) AS count_1 FROM t LEFT OUTER JOIN u ON u.t_id = t.id GROUP BY t.id "
            "HAVING count(u.id) > 1 ORDER BY t.id DESC LIMIT 5 OFFSET 2");
  EXPECT_EQ(asked("sa.select(t.c.id).offset(2)", "sqlite"), "SELECT t.id FROM t LIMIT -1 OFFSET 2");
  EXPECT_EQ(asked("sa.select(t.c.id).where(t.c.id.in_(sa.select(u.c.t_id).where(u.c.id == t.c.n)))"),
            "SELECT t.id FROM t WHERE t.id IN (SELECT u.t_id FROM u WHERE u.id = t.n)");
  EXPECT_EQ(asked("sa.select(t.c.id).where(~sa.exists().where(u.c.t_id == t.c.id))"),
            "SELECT t.id FROM t WHERE NOT EXISTS (SELECT * FROM u WHERE u.t_id = t.id)");
  EXPECT_EQ(asked("sa.select(t.c.id).distinct().with_for_update(skip_locked=True)"),
            "SELECT DISTINCT t.id FROM t FOR UPDATE SKIP LOCKED");
  EXPECT_EQ(asked("sa.select(t.c.id).with_for_update()", "sqlite"), "SELECT t.id FROM t");
  EXPECT_EQ(asked("sa.union_all(sa.select(t.c.id), sa.select(u.c.id)).order_by('id')"),
            "SELECT t.id FROM t UNION ALL SELECT u.id FROM u ORDER BY id");
  EXPECT_EQ(asked("sa.select(sa.func.row_number().over(partition_by=t.c.n, order_by=t.c.id).label('rn'))"),
            "SELECT row_number() OVER (PARTITION BY t.n ORDER BY t.id) AS rn FROM t");
}

TEST(LiveQueries, AliasesOfOneNameAreKeptApart) {
  EXPECT_EQ(asked("(lambda a, b: sa.select(a.c.id, b.c.id).where(a.c.n == b.c.n))(t.alias('a'), t.alias('b'))"),
            "SELECT a.id, b.id AS id_1 FROM t AS a, t AS b WHERE a.n = b.n");
  const Ran ran =
      run("first = t.alias('x')\nsecond = u.alias('x')\nbind.execute(sa.select(first.c.id))\n"
          "bind.execute(sa.select(second.c.id))");
  EXPECT_EQ(ran.asked, "SELECT x.id FROM t AS x; SELECT x.id FROM u AS x; ");
  EXPECT_EQ(asked("sa.select(sa.select(t.c.n, sa.func.max(t.c.id).label('top')).group_by(t.c.n).subquery('s').c.top)"),
            "SELECT s.top FROM (SELECT t.n, max(t.id) AS top FROM t GROUP BY t.n) AS s");
  EXPECT_EQ(asked("(lambda c: sa.select(c.c.id).where(c.c.id > 1))(sa.select(t.c.id).cte('c'))"),
            "WITH c AS (SELECT t.id FROM t) SELECT c.id FROM c WHERE c.id > 1");
}

TEST(LiveStatements, FromOtherTablesAndConflicts) {
  EXPECT_EQ(asked("t.update().values(n=u.c.id).where(u.c.t_id == t.c.id)"),
            "UPDATE t SET n=u.id FROM u WHERE u.t_id = t.id");
  EXPECT_EQ(asked("t.update().values(n=sa.select(sa.func.max(u.c.id)).where(u.c.t_id == t.c.id).scalar_subquery())"),
            "UPDATE t SET n=(SELECT max(u.id) AS max_1 FROM u WHERE u.t_id = t.id)");
  EXPECT_EQ(asked("t.delete().where(u.c.t_id == t.c.id)"), "DELETE FROM t USING u WHERE u.t_id = t.id");
  EXPECT_EQ(asked("t.insert().from_select(['id'], sa.select(u.c.id)).returning(t.c.id)"),
            "INSERT INTO t (id) SELECT u.id FROM u RETURNING t.id");
  EXPECT_EQ(asked("postgresql.insert(t).values(id=1, n=2).on_conflict_do_nothing()"),
            "INSERT INTO t (id, n) VALUES (1, 2) ON CONFLICT DO NOTHING");
  EXPECT_EQ(asked("(lambda i: i.on_conflict_do_update(index_elements=['id'], set_={'n': i.excluded.n}))"
                  "(postgresql.insert(t).values(id=1, n=2))"),
            "INSERT INTO t (id, n) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET n = excluded.n");
  EXPECT_EQ(run("bind.execute(t.update().where(t.c.id == sa.bindparam('b')).values(n=sa.bindparam('v')), "
                "[{'b': 1, 'v': 2}, {'b': 3, 'v': None}])")
                .asked,
            "UPDATE t SET n=2 WHERE t.id = 1; UPDATE t SET n=NULL WHERE t.id = 3; ");
  EXPECT_EQ(asked("sa.text('select :a, :b').bindparams(a=\"it's\", b=[1, 2])"), "select 'it''s', ARRAY[1,2]");
}

TEST(LiveResults, InEveryShape) {
  const auto check = [](const std::string& body) {
    return run(body, {rows({"id", "s"}, {{"1", "a"}, {"2", std::nullopt}},
                           {{db::CellKind::kInteger, false}, {db::CellKind::kText, false}})})
        .error;
  };
  const std::string query = "r = bind.execute(sa.text('select'))\n";
  EXPECT_EQ(check(query + "assert [tuple(x) for x in r] == [(1, 'a'), (2, None)]"), "");
  EXPECT_EQ(
      check(query + "assert r.fetchone() == (1, 'a')\nassert r.fetchall()[0].s is None\nassert r.fetchone() is None"),
      "");
  EXPECT_EQ(check(query + "assert r.mappings().all() == [{'id': 1, 's': 'a'}, {'id': 2, 's': None}]"), "");
  EXPECT_EQ(check(query + "assert r.scalars().all() == [1, 2]"), "");
  EXPECT_EQ(check(query + "assert r.rowcount == 2 and list(r.keys()) == ['id', 's']"), "");
  EXPECT_EQ(
      check(query + "row = r.first()\nassert row[0] == row.id == row['id'] == row._mapping['id'] == 1\n"
                    "assert row[-1] == 'a' and len(row) == 2 and 'a' in row\na, b = row\nassert (a, b) == (1, 'a')"),
      "");
  EXPECT_EQ(check(query + "assert [len(p) for p in r.partitions(1)] == [1, 1]"), "");
  EXPECT_EQ(check(query + "r.one()"), "MultipleResultsFound: Multiple rows were found when exactly one was required");
  EXPECT_EQ(check(query + "r.first().nope"), "AttributeError: 'Row' object has no attribute 'nope'");
  EXPECT_EQ(run("bind.execute(sa.text('update')).fetchall()").error,
            "ResourceClosedError: This result object does not return rows. It has been closed automatically.");
  EXPECT_EQ(run("bind.execute(sa.text('select')).one()", {rows({"a"}, {})}).error,
            "NoResultFound: No row was found when one was required");
}

TEST(LiveResults, CellsAsTheDriverGivesThem) {
  using db::CellKind;
  const auto value = [](const std::string& text, db::CellType type, const std::string& wanted) {
    return run("import datetime, decimal, uuid\nv = bind.scalar(sa.text('select'))\nassert repr(v) == repr(" + wanted +
                   "), repr(v)",
               {rows({"v"}, {{text}}, {type})})
        .error;
  };
  EXPECT_EQ(value("t", {CellKind::kBoolean, false}, "True"), "");
  EXPECT_EQ(value("-5", {CellKind::kInteger, false}, "-5"), "");
  EXPECT_EQ(value("1.50", {CellKind::kNumeric, false}, "decimal.Decimal('1.50')"), "");
  EXPECT_EQ(value("\\x0102", {CellKind::kBytes, false}, "b'\\x01\\x02'"), "");
  EXPECT_EQ(value("2024-01-02 01:04:05+00", {CellKind::kZonedTimestamp, false},
                  "datetime.datetime(2024, 1, 2, 1, 4, 5, tzinfo=datetime.timezone.utc)"),
            "");
  EXPECT_EQ(value("1 year 2 mons 3 days 04:05:06.7", {CellKind::kInterval, false},
                  "datetime.timedelta(days=428, seconds=14706, microseconds=700000)"),
            "");
  EXPECT_EQ(value("-00:00:01", {CellKind::kInterval, false}, "datetime.timedelta(seconds=-1)"), "");
  EXPECT_EQ(value("{\"a\": [1, null]}", {CellKind::kJson, false}, "{'a': [1, None]}"), "");
  EXPECT_EQ(value("{1,NULL,3}", {CellKind::kInteger, true}, "[1, None, 3]"), "");
  EXPECT_EQ(value("{a,\"b,\\\"c\",\"NULL\"}", {CellKind::kText, true}, "['a', 'b,\"c', 'NULL']"), "");
  EXPECT_EQ(value("{{1,2},{3,4}}", {CellKind::kInteger, true}, "[[1, 2], [3, 4]]"), "");
}

LiveResult<db::ResultSet> no(const std::string& sqlstate, const std::string& message) {
  LiveFailure why;
  why.error.sqlstate = sqlstate;
  why.error.message = message;
  return tl::unexpected<LiveFailure>(std::move(why));
}

TEST(LiveErrors, AreSqlalchemysExceptions) {
  const std::string caught =
      "from sqlalchemy import exc\ntry:\n    op.execute('x')\nexcept exc.IntegrityError as e:\n"
      "    assert e.orig.pgcode == '23505' and 'twice' in str(e)\n    op.execute('y')";
  EXPECT_EQ(run(caught, {no("23505", "twice")}).asked, "x; y; ");
  EXPECT_EQ(run(caught, {no("42P01", "no table")}).error, "op.execute: no table");
  EXPECT_EQ(run("with bind.begin_nested():\n    op.execute('x')", {db::ResultSet(), no("42P01", "no table")}).asked,
            "SAVEPOINT sa_savepoint_1; x; ROLLBACK TO SAVEPOINT sa_savepoint_1; ");
  EXPECT_EQ(run("from sqlalchemy.orm import Session\ns = Session(bind)\ns.rollback()\ns.execute(sa.text('x'))").asked,
            "");
  EXPECT_EQ(run("from sqlalchemy.orm import Session\nSession(bind).rollback()").error,
            "the migration rolled its own transaction back and went on");
}

}  // namespace
}  // namespace bascule::formats::alembic
