#include "exec/backfill.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/check.h"
#include "base/text.h"
#include "exec/backfill_pressure.h"
#include "exec/backfill_range.h"
#include "exec/patience.h"
#include "exec/rate.h"

namespace bascule::exec {

namespace {

using std::chrono::milliseconds;

/// Nobody knows what a row costs: one may delete thousands of others.
constexpr std::int64_t kFirstRows = 10;
constexpr std::int64_t kMostRows = 500'000;
constexpr std::int64_t kFirstBlocks = 1;
constexpr double kMostGrowth = 4;
/// How many times its aim a batch may take before it is cut.
constexpr int kCutAfter = 4;
/// How often a table without a key is walked for rows that have moved.
constexpr int kMostWalks = 10;
/// More ranges than jobs, so that all end at about the same time.
constexpr int kRangesPerJob = 8;
constexpr milliseconds kSayEvery{1'000};
constexpr milliseconds kPausedLook{200};

std::int64_t block(const Key& key) { return key.empty() ? 0 : std::strtoll(key[0].c_str(), nullptr, 10); }

/// What the jobs share.
class Work {
 public:
  /// about_rows: of the table; by_block: it is walked by blocks, of which each range says how many are left.
  Work(std::deque<Range> ranges, bool by_block, std::int64_t about_rows) : ranges_(std::move(ranges)) {
    for (const Range& range : ranges_) {
      rows_ += range.rows;
      if (by_block) total_ += block(range.end) - block(range.at);
    }
    if (!by_block) {
      walked_ = rows_.load();
      total_ = about_rows;
    }
    std::erase_if(ranges_, [](const Range& range) { return range.done(); });
  }
  std::optional<Range> take() {
    const std::lock_guard lock(mutex_);
    if (ranges_.empty() || failed_) return std::nullopt;
    Range range = std::move(ranges_.front());
    ranges_.pop_front();
    return range;
  }
  void fail(Attempt attempt) {
    const std::lock_guard lock(mutex_);
    if (!failed_) failed_ = std::move(attempt);
  }
  bool stopped() {
    const std::lock_guard lock(mutex_);
    return failed_.has_value();
  }
  std::optional<Attempt> failed() {
    const std::lock_guard lock(mutex_);
    return failed_;
  }
  void add(std::int64_t rows, std::int64_t walked) {
    rows_ += rows;
    walked_ += walked;
  }
  std::int64_t rows() const { return rows_; }
  /// Rows passed, changed or not; of a table without a key, blocks. What an earlier run passed is known by its changes
  /// alone.
  std::int64_t walked() const { return walked_; }
  /// Of what is walked; 0: not known.
  std::int64_t total() const { return total_ >= walked_ ? total_ : 0; }

 private:
  std::mutex mutex_;
  std::deque<Range> ranges_;
  std::optional<Attempt> failed_;
  std::atomic<std::int64_t> rows_ = 0;
  std::atomic<std::int64_t> walked_ = 0;
  std::int64_t total_ = 0;
};

/// One job: takes ranges until there are none.
class Job {
 public:
  Job(const BackfillTask& task, OnlineSession& session, db::Connection& connection, Work& work, Pressure& pressure,
      bool first)
      : task_(task),
        session_(session),
        tools_(session.tools()),
        connection_(connection),
        work_(work),
        pressure_(pressure),
        sql_(task.batches),
        first_(first),
        size_(sql_.by_block() ? kFirstBlocks : kFirstRows) {}

  void run() {
    said_ = tools_.clock.now();
    rate_.add(said_, work_.walked());
    while (auto range = work_.take()) {
      if (!walk(std::move(*range))) return;
    }
  }

 private:
  bool walk(Range range) {
    const auto seed = static_cast<std::uint64_t>(tools_.clock.now().count()) + static_cast<std::uint64_t>(range.part);
    Backoff backoff(tools_.settings.lock_timeout, seed);
    milliseconds moved = tools_.clock.now();
    while (!range.done()) {
      if (work_.stopped()) return false;
      if (interrupted()) return stop(session_.failed(RunFailure::Kind::kInterrupted, task_.step));
      if (!wait_while_paused()) {
        // The deadline is for locks: what it waited for meanwhile is none.
        moved = tools_.clock.now();
        continue;
      }
      auto done = batch(range);
      if (done) {
        moved = tools_.clock.now();
        tell_progress();
        if (!tools_.clock.sleep(pressure_.rest(took_))) continue;
        backoff = Backoff(tools_.settings.lock_timeout, seed);
        continue;
      }
      Attempt attempt = session_.judge(std::move(done.error()), task_.step, statement_);
      connection_.rollback();
      if (std::exchange(cut_, false) && attempt.kind == Attempt::Kind::kAgain) {
        cut_smaller();
        continue;
      }
      const milliseconds pause = backoff.next();
      if (attempt.kind != Attempt::Kind::kAgain || tools_.clock.now() + pause - moved >= tools_.settings.deadline) {
        work_.fail(std::move(attempt));
        return false;
      }
      // A row in it is locked: a smaller batch has fewer of them, and keeps its own for a shorter time.
      size_ = std::max<std::int64_t>(size_ / 2, 1);
      plan::Event event;
      event.kind = plan::Event::Kind::kRetry;
      event.text = attempt.why.error.message;
      event.pause = pause;
      session_.tell(std::move(event), task_.step);
      tools_.clock.sleep(pause);
    }
    return true;
  }

  bool stop(RunFailure why) {
    work_.fail({Attempt::Kind::kFailed, std::move(why)});
    return false;
  }

  /// True: go on. The first job looks; all wait.
  bool wait_while_paused() {
    if (first_) {
      if (auto looked = pressure_.look(); !looked) {
        work_.fail(session_.judge(std::move(looked.error()), task_.step, "the journal"));
        return false;
      }
    }
    if (!pressure_.paused()) return true;
    tools_.clock.sleep(kPausedLook);
    return false;
  }

  db::DbResult<Key> next_key(const Range& range) {
    if (sql_.by_block()) {
      return Key{std::to_string(std::min(block(range.end), block(range.at) + size_))};
    }
    statement_ = sql_.next_key(range, size_);
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, connection_.query(statement_));
    if (rows.rows.empty()) return range.end;
    Key key;
    for (const db::Cell& cell : rows.rows.front()) key.push_back(cell.value_or(""));
    return key;
  }

  db::DbResult<void> batch(Range& range) {
    const milliseconds began = tools_.clock.now();
    BASCULE_TRY_ASSIGN(const Key upper, next_key(range));
    if (upper == range.at) return failure(stands_still(upper));
    statement_ = sql_.change(range, upper);
    BASCULE_TRY(db::execute_one(connection_, connection_.begin_sql(db::TransactionStart::kWrite)));
    BASCULE_TRY_ASSIGN(const db::ResultSet changed, bounded(statement_));
    Range after = range;
    after.at = upper;
    after.rows += std::max<std::int64_t>(changed.affected, 0);
    const std::string keep = tools_.journal.keep_range_sql(task_.run, task_.step, range.part);
    const std::vector<db::Cell> kept = {write_position(after), std::to_string(after.rows)};
    BASCULE_TRY(connection_.query(keep, kept));
    BASCULE_TRY(db::execute_one(connection_, "COMMIT"));
    const std::int64_t changed_rows = after.rows - range.rows;
    // How many rows lie before a range's end is not known: what was changed is the least.
    const std::int64_t walked = sql_.by_block()      ? block(upper) - block(range.at)
                                : upper == range.end ? changed_rows
                                                     : size_;
    work_.add(changed_rows, walked);
    range = std::move(after);
    took_ = tools_.clock.now() - began;
    adapt();
    return {};
  }

  /// The change of a batch. Not its COMMIT, which may wait for a replica: a cancelled one is done all the same.
  db::DbResult<db::ResultSet> bounded(const std::string& sql) {
    if (too_long_for_one_) return connection_.query(sql);
    patience_.begin(connection_, longest());
    auto done = connection_.query(sql);
    const bool cancelled = patience_.end();
    cut_ = cancelled && !done;
    return done;
  }

  /// A row that is locked is the lock timeout's to end.
  milliseconds longest() const { return tools_.settings.lock_timeout + kCutAfter * tools_.settings.batch_time; }

  void cut_smaller() {
    if (size_ > 1) {
      size_ = std::max<std::int64_t>(size_ / 4, 1);
      return;
    }
    too_long_for_one_ = true;
    if (std::exchange(said_too_long_, true)) return;
    plan::Event event;
    event.kind = plan::Event::Kind::kNote;
    event.text = "one " + std::string(sql_.by_block() ? "block" : "row") + " of " + task_.batches.table_sql +
                 " takes longer than " + std::to_string(longest().count()) +
                 " ms: whoever wants what it locks waits for it; an index on what refers to the table may be missing";
    session_.tell(std::move(event), task_.step);
  }

  db::DbError stands_still(const Key& key) const {
    db::DbError error;
    error.message = "the walk along " + task_.batches.table_sql + " does not get past the key " + join(key, ", ");
    error.detail =
        "read and written as text it is not the same value; what has been begun keeps to this key: bascule abort, then "
        "run it without --online, or along a key of another type";
    return error;
  }

  /// Four times as many at most, or half: one slow batch is no trend.
  void adapt() {
    const auto target = static_cast<double>(tools_.settings.batch_time.count());
    const double ratio = std::clamp(target / std::max(1.0, static_cast<double>(took_.count())), 0.5, kMostGrowth);
    size_ = std::clamp<std::int64_t>(std::llround(static_cast<double>(size_) * ratio), 1, kMostRows);
    too_long_for_one_ = too_long_for_one_ && took_ > tools_.settings.batch_time;
  }

  void tell_progress() {
    const milliseconds now = tools_.clock.now();
    if (!first_ || now - said_ < kSayEvery) return;
    said_ = now;
    plan::Event event;
    event.kind = plan::Event::Kind::kProgress;
    event.text = "backfill";
    event.done = work_.walked();
    event.unit = sql_.by_block() ? "blocks" : "rows";
    event.total = work_.total();
    event.about = !sql_.by_block();
    rate_.add(now, event.done);
    event.rate = rate_.per_second();
    event.left = rate_.left(event.total);
    session_.tell(std::move(event), task_.step);
  }

  const BackfillTask& task_;
  OnlineSession& session_;
  OnlineTools& tools_;
  db::Connection& connection_;
  Work& work_;
  Pressure& pressure_;
  RangeSql sql_;
  bool first_;
  Rate rate_;
  std::int64_t size_;  ///< rows, or blocks, of the next batch
  milliseconds took_{0};
  milliseconds said_{0};
  std::string statement_;
  Patience patience_;
  bool cut_ = false;               ///< the last batch was cancelled by us
  bool too_long_for_one_ = false;  ///< a single row takes longer than a batch may: it is not cut
  bool said_too_long_ = false;
};

/// A job's own connection, bounded as the run's is.
db::DbResult<std::unique_ptr<db::Connection>> connection_for_job(OnlineTools& tools) {
  BASCULE_TRY_ASSIGN(auto connection, tools.connector.connect());
  if (!tools.words.set_timeouts.empty()) {
    const std::vector<db::Cell> bounds = {std::to_string(tools.settings.lock_timeout.count()), "0"};
    BASCULE_TRY(connection->query(tools.words.set_timeouts, bounds));
  }
  return connection;
}

class Backfilling {
 public:
  Backfilling(const BackfillTask& task, OnlineSession& session)
      : task_(task), session_(session), tools_(session.tools()), sql_(task.batches) {
    BASCULE_CHECK(!sql_.by_block() || task.batches.set_sql.empty() || !task.batches.wrong_sql.empty(),
                  "rows without a key that cannot be told apart when they are done");
  }

  Result<BackfillEnd, RunFailure> run() {
    // A row that somebody keeps locked is waited for like a table that is kept locked.
    if (auto bounded = session_.bound(tools_.settings.lock_timeout, milliseconds(0)); !bounded)
      return ended(std::move(bounded.error()), "the session's timeouts");
    auto about = about_rows();
    if (!about) return ended(std::move(about.error()), statement_);
    Pressure pressure(session_, task_.run, task_.step, task_.batches.table_sql);
    // Before any job begins: only the first one looks, and the others would be ahead of it.
    if (auto looked = pressure.look(); !looked) return ended(std::move(looked.error()), "the journal");
    for (int walk = 1;; ++walk) {
      auto ranges = ranges_to_walk(walk > 1);
      if (!ranges) return ended(std::move(ranges.error()), statement_);
      Work work(std::move(*ranges), sql_.by_block(), *about);
      walk_all(work, pressure);
      if (auto failed = work.failed()) {
        if (failed->why.kind == RunFailure::Kind::kInterrupted) return failure(std::move(failed->why));
        return BackfillEnd{std::move(*failed), work.rows()};
      }
      auto left = still_wrong();
      if (!left) return ended(std::move(left.error()), statement_);
      // Along a key a row is met wherever it moves to; without one it may have moved behind the walk.
      if (!sql_.by_block() || *left == 0) return BackfillEnd{{}, work.rows()};
      if (walk == kMostWalks) return BackfillEnd{rows_left(*left), work.rows()};
    }
  }

 private:
  BackfillEnd ended(db::DbError error, std::string statement) const {
    return {session_.judge(std::move(error), task_.step, std::move(statement)), 0};
  }

  Attempt rows_left(std::int64_t left) const {
    db::DbError error;
    error.message = fmt::format("{} rows of {} are not as they shall be after {} walks over the table", left,
                                task_.batches.table_sql, kMostWalks);
    error.detail =
        "it has no key to walk along, and rows that others change or insert meanwhile are where the walk has been; run "
        "the same command again while they write less; or bascule abort, and give the table a primary key first";
    return {Attempt::Kind::kFailed, session_.failed(std::move(error), task_.step, statement_)};
  }

  /// What the journal knows of; none there, or once again: the table as it is now.
  db::DbResult<std::deque<Range>> ranges_to_walk(bool again) {
    statement_ = "the journal";
    BASCULE_TRY_ASSIGN(const std::vector<history::JournaledRange> known,
                       tools_.journal.ranges(session_.connection(), task_.run, task_.step));
    std::deque<Range> out;
    for (const history::JournaledRange& one : known) {
      auto range = read_position(one.position);
      BASCULE_CHECK(range.has_value(), "the journal's position cannot be read: " + one.position);
      range->part = one.part;
      range->rows = one.rows;
      out.push_back(std::move(*range));
    }
    if (!out.empty() && !again) return out;
    BASCULE_TRY_ASSIGN(std::deque<Range> made, new_ranges());
    BASCULE_TRY(db::execute_one(session_.connection(), session_.connection().begin_sql(db::TransactionStart::kWrite)));
    for (Range& range : made) {
      range.part += static_cast<int>(known.size());
      const std::vector<db::Cell> kept = {write_position(range), "0"};
      BASCULE_TRY(session_.connection().query(tools_.journal.keep_range_sql(task_.run, task_.step, range.part), kept));
    }
    BASCULE_TRY(db::execute_one(session_.connection(), "COMMIT"));
    std::move(made.begin(), made.end(), std::back_inserter(out));
    return out;
  }

  db::DbResult<std::int64_t> about_rows() {
    if (sql_.by_block()) return 0;
    statement_ = sql_.about_rows();
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(statement_));
    const std::string number = rows.rows.empty() ? "" : rows.rows.front().front().value_or("");
    return std::max<std::int64_t>(std::strtoll(number.c_str(), nullptr, 10), 0);
  }

  db::DbResult<std::deque<Range>> new_ranges() {
    statement_ = sql_.last_key();
    BASCULE_TRY_ASSIGN(const std::vector<Key> last, keys(statement_));
    std::deque<Range> out;
    if (last.empty()) return out;
    std::vector<Key> ends;
    if (const int wanted = tools_.settings.jobs > 1 ? tools_.settings.jobs * kRangesPerJob : 1; wanted > 1) {
      BASCULE_TRY_ASSIGN(ends, boundaries(last.front(), static_cast<std::size_t>(wanted)));
    }
    ends.push_back(last.front());
    Key at;
    for (Key& end : ends) {
      if (end == at) continue;
      out.push_back({static_cast<int>(out.size()), at, end, 0});
      at = std::move(end);
    }
    return out;
  }

  /// Where to cut, ascending, without the last one.
  db::DbResult<std::vector<Key>> boundaries(const Key& last, std::size_t wanted) {
    std::vector<Key> out;
    if (sql_.by_block()) {
      const std::int64_t blocks = std::strtoll(last[0].c_str(), nullptr, 10);
      for (std::size_t i = 1; i < wanted; ++i) {
        const std::int64_t at = blocks * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(wanted);
        if (at > 0) out.push_back({std::to_string(at)});
      }
      out.erase(std::unique(out.begin(), out.end()), out.end());
      return out;
    }
    statement_ = sql_.sample();
    BASCULE_TRY_ASSIGN(const std::vector<Key> sample, keys(statement_));
    for (std::size_t i = 1; i < wanted && sample.size() > wanted; ++i) {
      const Key& key = sample[sample.size() * i / wanted];
      if (key != last && (out.empty() || key != out.back())) out.push_back(key);
    }
    return out;
  }

  db::DbResult<std::vector<Key>> keys(const std::string& sql) {
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(sql));
    std::vector<Key> out;
    for (const std::vector<db::Cell>& row : rows.rows) {
      Key& key = out.emplace_back();
      for (const db::Cell& cell : row) key.push_back(cell.value_or(""));
    }
    return out;
  }

  void walk_all(Work& work, Pressure& pressure) {
    std::vector<std::thread> others;
    std::atomic<int> working = tools_.settings.jobs - 1;
    for (int i = 1; i < tools_.settings.jobs; ++i) {
      others.emplace_back([&] {
        auto connection = connection_for_job(tools_);
        // With fewer connections than were asked for it takes longer, and that is all.
        if (connection) Job(task_, session_, **connection, work, pressure, false).run();
        --working;
      });
    }
    Job(task_, session_, session_.connection(), work, pressure, true).run();
    // The others may have ranges still: that they are paused has to end some time.
    while (working > 0) {
      if (auto looked = pressure.look(); !looked)
        work.fail(session_.judge(std::move(looked.error()), task_.step, "the journal"));
      if (!tools_.clock.sleep(kPausedLook)) work.fail({Attempt::Kind::kFailed, stopped_by_signal()});
      if (work.failed()) break;
    }
    for (std::thread& other : others) other.join();
  }

  RunFailure stopped_by_signal() const { return session_.failed(RunFailure::Kind::kInterrupted, task_.step); }

  db::DbResult<std::int64_t> still_wrong() {
    statement_ = sql_.still_wrong();
    if (statement_.empty()) return 0;
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, session_.connection().query(statement_));
    plan::Event event;
    event.kind = plan::Event::Kind::kVerified;
    event.done = std::strtoll(rows.rows.front().front().value_or("0").c_str(), nullptr, 10);
    event.unit = "rows";
    const std::int64_t left = event.done;
    session_.tell(std::move(event), task_.step);
    return left;
  }

  const BackfillTask& task_;
  OnlineSession& session_;
  OnlineTools& tools_;
  RangeSql sql_;
  std::string statement_;
};

}  // namespace

Result<BackfillEnd, RunFailure> run_backfill(const BackfillTask& task, OnlineSession& session) {
  return Backfilling(task, session).run();
}

}  // namespace bascule::exec
