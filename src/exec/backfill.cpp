#include "exec/backfill.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/check.h"
#include "base/json.h"
#include "base/json_reader.h"
#include "base/text.h"

namespace bascule::exec {

namespace {

using std::chrono::milliseconds;
using Key = std::vector<std::string>;

constexpr std::int64_t kFirstBatch = 1'000;
constexpr std::int64_t kLargestBatch = 200'000;
constexpr std::int64_t kFirstBlocks = 100;
constexpr milliseconds kSayEvery{1'000};

/// Where the walk stands: behind `at` (empty: at the beginning), up to `end`.
struct Cursor {
  Key at, end;
  std::int64_t rows = 0;
  bool done = false;
};

std::string literal(const std::string& text, const std::string& type) {
  return "CAST('" + replace_all(text, "'", "''") + "' AS " + type + ")";
}

std::string write_cursor(const Cursor& cursor) {
  return Json::object()
      .set("at", cursor.at)
      .set("end", cursor.end)
      .set("rows", cursor.rows)
      .set("done", cursor.done)
      .dump();
}

std::optional<Cursor> read_cursor(const std::string& text) {
  const auto json = read_json(text);
  if (!json) return std::nullopt;
  Cursor cursor;
  for (auto [name, key] : {std::pair{"at", &cursor.at}, std::pair{"end", &cursor.end}}) {
    if (const JsonNode* list = json->find(name))
      for (const JsonNode& item : list->items) key->push_back(item.text);
  }
  cursor.rows = std::strtoll(json->text_of("rows").c_str(), nullptr, 10);
  cursor.done = json->text_of("done") == "true";
  return cursor;
}

class Backfilling {
 public:
  Backfilling(const BackfillTask& task, OnlineSession& session)
      : task_(task), batches_(task.batches), session_(session), tools_(session.tools()) {
    BASCULE_CHECK(!batches_.key_sql.empty() || batches_.set_sql.empty() || !batches_.wrong_sql.empty(),
                  "rows without a key that cannot be told apart when they are done");
  }

  Result<BackfillEnd, RunFailure> run() {
    // A row that somebody keeps locked is waited for like a table that is kept locked.
    if (auto bounded = session_.bound(tools_.settings.lock_timeout, milliseconds(0)); !bounded)
      return ended(std::move(bounded.error()), "the session's timeouts");
    if (task_.position.empty()) {
      auto end = last_key();
      if (!end) return ended(std::move(end.error()), statement_);
      cursor_.end = std::move(*end);
      cursor_.done = cursor_.end.empty();
      if (auto kept = keep(); !kept) return ended(std::move(kept.error()), "the journal");
    } else {
      auto cursor = read_cursor(task_.position);
      BASCULE_CHECK(cursor.has_value(), "the journal's cursor cannot be read");
      cursor_ = std::move(*cursor);
    }
    Backoff backoff(tools_.settings.lock_timeout, static_cast<std::uint64_t>(tools_.clock.now().count()));
    milliseconds moved = tools_.clock.now();
    while (!cursor_.done) {
      if (interrupted()) return failure(session_.failed(RunFailure::Kind::kInterrupted, task_.step));
      auto done = batch();
      if (done) {
        moved = tools_.clock.now();
        continue;
      }
      Attempt attempt = session_.judge(std::move(done.error()), task_.step, statement_);
      tools_.connection->rollback();
      const milliseconds pause = backoff.next();
      if (attempt.kind != Attempt::Kind::kAgain || tools_.clock.now() + pause - moved >= tools_.settings.deadline)
        return BackfillEnd{std::move(attempt), cursor_.rows};
      size_ = std::max<std::int64_t>(size_ / 2, 1);
      plan::Event event;
      event.kind = plan::Event::Kind::kRetry;
      event.text = attempt.why.error.message;
      event.pause = pause;
      session_.tell(std::move(event), task_.step);
      if (!tools_.clock.sleep(pause)) return failure(session_.failed(RunFailure::Kind::kInterrupted, task_.step));
    }
    return BackfillEnd{{}, cursor_.rows};
  }

 private:
  BackfillEnd ended(db::DbError error, std::string statement) const {
    return {session_.judge(std::move(error), task_.step, std::move(statement)), cursor_.rows};
  }

  bool by_ctid() const { return batches_.key_sql.empty(); }

  std::string keys() const { return join(batches_.key_sql, ", "); }
  std::string keys_descending() const { return join(batches_.key_sql, " DESC, ") + " DESC"; }
  std::string row_of_keys() const { return batches_.key_sql.size() == 1 ? batches_.key_sql[0] : "(" + keys() + ")"; }
  std::string value_of(const Key& key) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < key.size(); ++i) parts.push_back(literal(key[i], batches_.key_types[i]));
    return parts.size() == 1 ? parts[0] : "(" + join(parts, ", ") + ")";
  }

  db::DbResult<Key> key_from(const std::string& sql) {
    statement_ = sql;
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(sql));
    Key key;
    if (rows.rows.empty()) return key;
    for (const db::Cell& cell : rows.rows.front()) key.push_back(cell.value_or(""));
    return key;
  }

  db::DbResult<Key> last_key() {
    if (by_ctid()) {
      // Blocks of the file, whatever is in them; none: the table is empty.
      BASCULE_TRY_ASSIGN(Key blocks, key_from("SELECT pg_relation_size('" + replace_all(batches_.table_sql, "'", "''") +
                                              "') / current_setting('block_size')::bigint"));
      if (blocks.empty() || blocks[0] == "0") blocks.clear();
      return blocks;
    }
    return key_from(
        fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT 1", keys(), batches_.table_sql, keys_descending()));
  }

  /// The last key of the next batch.
  db::DbResult<Key> next_key() {
    if (by_ctid()) {
      const std::int64_t from = cursor_.at.empty() ? 0 : std::strtoll(cursor_.at[0].c_str(), nullptr, 10);
      const std::int64_t end = std::strtoll(cursor_.end[0].c_str(), nullptr, 10);
      return Key{std::to_string(std::min(end, from + size_))};
    }
    std::string where = fmt::format("{} <= {}", row_of_keys(), value_of(cursor_.end));
    if (!cursor_.at.empty()) where += fmt::format(" AND {} > {}", row_of_keys(), value_of(cursor_.at));
    BASCULE_TRY_ASSIGN(Key key, key_from(fmt::format("SELECT {0} FROM {1} WHERE {2} ORDER BY {0} OFFSET {3} LIMIT 1",
                                                     keys(), batches_.table_sql, where, size_ - 1)));
    return key.empty() ? cursor_.end : key;
  }

  std::string range(const Key& upper) const {
    if (by_ctid()) {
      const std::string from = cursor_.at.empty() ? "0" : cursor_.at[0];
      return fmt::format("ctid >= '({},0)'::tid AND ctid < '({},0)'::tid", from, upper[0]);
    }
    std::string out = fmt::format("{} <= {}", row_of_keys(), value_of(upper));
    if (!cursor_.at.empty()) out = fmt::format("{} > {} AND {}", row_of_keys(), value_of(cursor_.at), out);
    return out;
  }

  std::string change(const Key& upper) const {
    std::string out =
        batches_.set_sql.empty()
            ? fmt::format("DELETE FROM {} WHERE {}", batches_.table_sql, range(upper))
            : fmt::format("UPDATE {} SET {} WHERE {}", batches_.table_sql, batches_.set_sql, range(upper));
    for (const std::string* also : {&batches_.where_sql, &batches_.wrong_sql})
      if (!also->empty()) out += " AND (" + *also + ")";
    return out;
  }

  db::DbResult<void> keep() {
    statement_ = tools_.journal.keep_position_sql(task_.run, task_.step);
    const std::vector<db::Cell> parameters = {write_cursor(cursor_), std::to_string(cursor_.rows)};
    BASCULE_TRY(session_.connection().query(statement_, parameters));
    return {};
  }

  db::DbResult<void> batch() {
    const milliseconds began = tools_.clock.now();
    if (size_ == 0) size_ = by_ctid() ? kFirstBlocks : kFirstBatch;
    BASCULE_TRY_ASSIGN(const Key upper, next_key());
    const std::string sql = change(upper);
    statement_ = sql;
    BASCULE_TRY(db::execute_one(session_.connection(), session_.connection().begin_sql(db::TransactionStart::kWrite)));
    BASCULE_TRY_ASSIGN(const db::ResultSet changed, session_.connection().query(sql));
    const Cursor before = cursor_;
    cursor_.at = upper;
    cursor_.rows += std::max<std::int64_t>(changed.affected, 0);
    cursor_.done = upper == cursor_.end;
    auto kept = keep();
    if (kept) kept = db::execute_one(session_.connection(), "COMMIT");
    if (!kept) {
      cursor_ = before;
      return failure(std::move(kept.error()));
    }
    const milliseconds now = tools_.clock.now();
    adapt(now - began);
    if (now - said_ >= kSayEvery) {
      said_ = now;
      plan::Event event;
      event.kind = plan::Event::Kind::kProgress;
      event.text = "backfill";
      event.done = cursor_.rows;
      event.unit = "rows";
      session_.tell(std::move(event), task_.step);
    }
    return {};
  }

  /// Twice as many at most, or half: one slow batch is no trend.
  void adapt(milliseconds took) {
    const double target = static_cast<double>(tools_.settings.batch_time.count());
    const double ratio = std::clamp(target / std::max(1.0, static_cast<double>(took.count())), 0.5, 2.0);
    size_ = std::clamp<std::int64_t>(std::llround(static_cast<double>(size_) * ratio), 1, kLargestBatch);
  }

  const BackfillTask& task_;
  const plan::Backfill& batches_;
  OnlineSession& session_;
  OnlineTools& tools_;
  Cursor cursor_;
  std::int64_t size_ = 0;  ///< rows, or blocks, of the next batch
  milliseconds said_{0};
  std::string statement_;
};

}  // namespace

Result<BackfillEnd, RunFailure> run_backfill(const BackfillTask& task, OnlineSession& session, milliseconds) {
  return Backfilling(task, session).run();
}

}  // namespace bascule::exec
