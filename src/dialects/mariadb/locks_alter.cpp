// ALTER TABLE, CREATE INDEX and DROP INDEX: each change's wishes, then the algorithm and the lock of them together.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/altering.h"
#include "dialects/mariadb/tokens.h"
#include "model/lookup.h"

namespace bascule::dialects::mariadb {

namespace {

constexpr auto kPerRow = std::to_array<std::string_view>(
    {"UUID", "UUID_SHORT", "UUID_V4", "UUID_V7", "SYS_GUID", "SYSDATE", "RANDOM_BYTES", "NEXTVAL", "NEXT", "LASTVAL"});

}  // namespace

std::string column_name(const QualifiedName& table, const Identifier& column) {
  return display(table) + "." + column.text();
}

std::string sql_of(const model::Expression& expression) {
  const auto* text = std::get_if<model::TextExpr>(&expression);
  return text == nullptr ? std::string() : text->sql;
}

bool mentions(std::string_view sql, const Identifier& column) {
  const auto tokens = tokenize(sql);
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const Token& token) { return token.is_name() && iequals_ascii(token.text, column.text()); });
}

bool is_virtual(const model::Column& column) { return column.computed && !column.computed->persisted.value_or(false); }
bool is_stored(const model::Column& column) { return column.computed && column.computed->persisted.value_or(false); }

std::vector<Identifier> columns_of(const model::Index& index) {
  std::vector<Identifier> columns;
  for (const model::IndexElement& element : index.elements) {
    if (const auto* column = std::get_if<model::ColumnExpr>(&element.sql)) {
      columns.push_back(column->column);
    } else {
      const auto tokens = tokenize(sql_of(element.sql));  // a prefix: name(10)
      if (!tokens.empty()) columns.emplace_back(tokens.front().text);
    }
  }
  return columns;
}

/// Whether the key's leading columns are these, in their order.
bool leads(const std::vector<Identifier>& index, const std::vector<Identifier>& key) {
  return index.size() >= key.size() && std::equal(key.begin(), key.end(), index.begin());
}

Altering::Altering(const Statement& statement, const model::Schema& schema, const Server& server)
    : statement_(statement), schema_(schema), server_(server), name_(statement.tables.front()) {
  table_ = model::find_table(schema, name_);
  if (table_ == nullptr) return;
  innodb_ = engine_of(*table_) == "innodb";
  text_.charset = table_option(*table_, "charset");
  text_.collation = table_option(*table_, "collate");
  if (text_.charset.empty() && !text_.collation.empty()) text_.charset = charset_of_collation(text_.collation);
  if (text_.charset.empty()) text_.charset = "utf8mb4";
  text_.redundant = table_option(*table_, "row_format") == "redundant";
}

plan::Impact Altering::judge() {
  if (table_ == nullptr && !may_be_there()) return std::move(impact_);
  for (const Change& one : statement_.changes) change(one);
  if (!impact_.refused.empty()) return refused();
  if (!needs_.does_something && !statement_.changes.empty()) return std::move(impact_);
  put_together();
  grant_wishes();
  if (!impact_.refused.empty()) return refused();
  tell();
  return std::move(impact_);
}

plan::Impact Altering::refused() {
  plan::Impact bare;
  bare.refused = std::move(impact_.refused);
  bare.assumptions = std::move(impact_.assumptions);
  return bare;
}

void Altering::refuse(std::string why) {
  if (impact_.refused.empty()) impact_.refused = std::move(why);
}

void Altering::assume(std::string what) { impact_.assumptions.push_back(std::move(what)); }

bool Altering::may_be_there() {
  for (const model::SchemaObject& object : schema_.objects)
    if (object.kind == model::ObjectKind::kView && model::same_name(object.name, name_)) {
      refuse(display(name_) + " is a view");
      return false;
    }
  if (server_.schema_complete) {
    if (!statement_.guarded) refuse("there is no table " + display(name_));
    return false;
  }
  assume("table " + display(name_) + " is not known: taken as an InnoDB table with what the statement needs");
  return true;
}

const model::Column* Altering::find_column(const Identifier& name) const {
  return table_ == nullptr ? nullptr : model::find_column(*table_, name);
}

bool Altering::adds_column(const Identifier& name) const {
  return std::any_of(statement_.changes.begin(), statement_.changes.end(), [&](const Change& one) {
    return (one.kind == Kind::kAddColumn && one.name == name) ||
           ((one.kind == Kind::kModifyColumn || one.kind == Kind::kRenameColumn) && one.new_name == name);
  });
}

const Change* Altering::other_change(Kind kind, const Identifier& name) const {
  for (const Change& one : statement_.changes)
    if (one.kind == kind && one.name == name) return &one;
  return nullptr;
}

bool Altering::drops_foreign_key(const Identifier& name) const {
  return other_change(Kind::kDropForeignKey, name) != nullptr || other_change(Kind::kDropConstraint, name) != nullptr;
}

bool Altering::has_fulltext() const {
  return any_index([](const model::Index& index) { return index.postgresql.using_method == "fulltext"; });
}

bool Altering::keeps_fulltext() const {
  return any_index([&](const model::Index& index) {
    if (index.postgresql.using_method != "fulltext" || other_change(Kind::kDropKey, index.name) != nullptr)
      return false;
    const auto columns = columns_of(index);
    return !std::all_of(columns.begin(), columns.end(),
                        [&](const Identifier& column) { return other_change(Kind::kDropColumn, column) != nullptr; });
  });
}

bool Altering::has_indexed_virtual() const {
  return any_index([&](const model::Index& index) {
    const auto columns = columns_of(index);
    return std::any_of(columns.begin(), columns.end(), [&](const Identifier& name) {
      const model::Column* column = find_column(name);
      return column != nullptr && is_virtual(*column);
    });
  });
}

bool Altering::in_primary_key(const Identifier& column) const {
  const model::PrimaryKey* key = table_ == nullptr ? nullptr : model::primary_key(*table_);
  return key != nullptr && model::contains(key->columns, column);
}

bool Altering::partitioned() const { return table_ != nullptr && !table_->postgresql.partition_by.empty(); }

bool Altering::layout_is_instant() const {
  if (!since(server_, 10, 3)) return false;
  return table_ == nullptr ||
         (table_option(*table_, "row_format") != "compressed" && table_option(*table_, "key_block_size").empty() &&
          !has_fulltext() && !has_indexed_virtual());
}

void Altering::change(const Change& one) {
  if (one.kind != Kind::kOther) needs_.does_something = needs_.does_something || !there_already(one);
  if (there_already(one)) return;
  switch (one.kind) {
    case Kind::kAddColumn:
      return add_column(one);
    case Kind::kDropColumn:
      return drop_column(one);
    case Kind::kModifyColumn:
      return modify_column(one);
    case Kind::kRenameColumn:
      return rename_column(one);
    case Kind::kSetDefault:
    case Kind::kDropDefault:
      if (lacks(one.name)) refuse("there is no column " + column_name(name_, one.name));
      return;
    case Kind::kAddKey:
      return add_key(one);
    case Kind::kDropKey:
      return drop_key(one);
    case Kind::kRenameKey:
      if (table_ != nullptr && model::find_index(*table_, one.name) == nullptr)
        refuse("there is no index " + one.name.text());
      return;
    case Kind::kIgnoreKey:
      return;
    case Kind::kAddForeignKey:
      return add_foreign_key(std::get<model::ForeignKey>(*one.constraint));
    case Kind::kAddCheck:
      return add_check(one);
    case Kind::kDropForeignKey:
      if (table_ != nullptr && !is_foreign_key(one.name)) refuse("there is no foreign key " + one.name.text());
      return;
    case Kind::kDropConstraint:
      return drop_constraint(one);
    case Kind::kRenameTable:
      if (model::find_table(schema_, one.new_table) != nullptr) refuse(display(one.new_table) + " exists already");
      alone_exclusive("a table that is only renamed is locked alone");
      return;
    case Kind::kConvert:
      return convert(one);
    case Kind::kOption:
      return option(one);
    case Kind::kForce:
      needs_.rebuild("FORCE writes the table anew");
      return;
    case Kind::kOrderBy:
      needs_.copy("ORDER BY writes the rows in another order");
      return;
    case Kind::kToggleKeys:
      alone_exclusive("ENABLE KEYS and DISABLE KEYS lock the table alone");
      return;
    case Kind::kPartitionBy:
      needs_.copy("every row goes to another partition");
      return;
    case Kind::kPartition:
      return partition(one);
    case Kind::kAddVersioning:
      needs_.copy("every row gets its period");
      return;
    case Kind::kDropVersioning:
      needs_.rebuild("history rows and their period columns are taken out");
      needs_.shared("rows of the past are removed meanwhile");
      return;
    case Kind::kOther:
      needs_.does_something = true;
      impact_.known = false;
      assume("a part of the statement was not understood: taken to need no more than the rest");
      return;
  }
}

bool Altering::there_already(const Change& one) const {
  if (!one.guarded || table_ == nullptr) return false;
  switch (one.kind) {
    case Kind::kAddColumn:
      return find_column(one.name) != nullptr;
    case Kind::kDropColumn:
    case Kind::kModifyColumn:
    case Kind::kRenameColumn:
    case Kind::kSetDefault:
    case Kind::kDropDefault:
      return find_column(one.name) == nullptr && server_.schema_complete;
    case Kind::kAddKey:
      return !one.name.empty() && model::find_index(*table_, one.name) != nullptr;
    case Kind::kDropKey:
    case Kind::kRenameKey:
      return !one.name.empty() && model::find_index(*table_, one.name) == nullptr && server_.schema_complete;
    case Kind::kAddForeignKey:
    case Kind::kAddCheck:
      return !one.name.empty() && model::find_constraint(*table_, one.name) != nullptr;
    case Kind::kDropForeignKey:
      return !is_foreign_key(one.name) && server_.schema_complete;
    case Kind::kIgnoreKey:
    case Kind::kDropConstraint:
    case Kind::kRenameTable:
    case Kind::kConvert:
    case Kind::kOption:
    case Kind::kForce:
    case Kind::kOrderBy:
    case Kind::kToggleKeys:
    case Kind::kPartitionBy:
    case Kind::kPartition:
    case Kind::kAddVersioning:
    case Kind::kDropVersioning:
    case Kind::kOther:
      break;
  }
  return false;
}

void Altering::alone_exclusive(std::string why) {
  if (statement_.changes.size() == 1) needs_.exclusive(std::move(why));
}

void Altering::convert(const Change& one) {
  const std::string charset = one.option == "utf8" ? "utf8mb3" : one.option;
  if (table_ == nullptr) return needs_.copy("texts get another character set");
  for (const model::Column& column : table_->columns) {
    const auto* raw = std::get_if<model::RawType>(&column.type);
    if (raw == nullptr) continue;
    const ColumnType now = read_type(raw->sql);
    if (!now.is_text() || now.json) continue;
    ColumnType wanted = now;
    wanted.charset = charset;
    wanted.collation = one.value;
    std::string why;
    const TypeChange change = compare(now, wanted, text_, &why);
    if (change == TypeChange::kCopy) return needs_.copy(column.name.text() + ": " + why);
    // A longer character set makes TEXT a MEDIUMTEXT, so that no text is cut.
    if (now.base.ends_with("text") && now.base != "longtext" && now.charset_or(text_.charset) != charset)
      return needs_.copy(column.name.text() + ": it becomes a longer type of text");
    if (change == TypeChange::kCollation) sort_otherwise(column.name);
  }
}

void Altering::option(const Change& one) {
  constexpr auto kRebuilds = std::to_array<std::string_view>(
      {"row_format", "key_block_size", "encrypted", "encryption_key_id", "page_compressed", "page_compression_level"});
  if (one.option == "engine") {
    const std::string engine = to_lower_ascii(one.value);
    const std::string now = table_ == nullptr ? engine : engine_of(*table_);
    if (engine != now) return needs_.copy("every row goes from one storage engine to another");
    return needs_.rebuild("ENGINE writes the table anew, though it is the engine already");
  }
  if (std::find(kRebuilds.begin(), kRebuilds.end(), one.option) != kRebuilds.end()) {
    needs_.rebuild(to_upper(one.option) + " writes the table anew");
  }
}

void Altering::partition(const Change& one) {
  const auto verb = [&](std::string_view word) { return one.option == word; };
  is_partition_work_ = true;
  if (verb("ANALYZE") || verb("CHECK")) {
    needs_.does_something = false;
    return;
  }
  if (verb("REORGANIZE") || verb("REBUILD") || verb("COALESCE") || verb("OPTIMIZE") || verb("REPAIR"))
    impact_.rewrites.push_back({name_, plan::RelationKind::kTable, "the rows of the partitions are written anew"});
  if (verb("EXCHANGE") || verb("CONVERT")) {
    if (model::find_table(schema_, one.new_table) != nullptr) impact_.locks.push_back(exclusive_moment(one.new_table));
    impact_.scans.push_back({one.new_table, plan::RelationKind::kTable, "to check that each row belongs there"});
  }
}

void Altering::put_together() {
  if (!innodb_) {
    if (needs_.changes_layout || needs_.algorithm > Algorithm::kInstant || virtual_columns_change_)
      needs_.copy("only InnoDB changes tables in place; this one is kept by " + engine_of(*table_));
  } else {
    together_in_innodb();
  }
  if (needs_.algorithm == Algorithm::kCopy && needs_.lock < Lock::kShared && !copies_online())
    needs_.lock = Lock::kShared;
}

void Altering::together_in_innodb() {
  if (virtual_columns_change_ && (needs_.changes_layout || needs_.algorithm > Algorithm::kNoCopy))
    needs_.copy("VIRTUAL columns come or go together with other changes");
  if (moves_virtual_ && (adds_in_front_ || adds_stored_ || has_indexed_virtual()))
    needs_.copy("VIRTUAL columns move together with other changes");
  if (needs_.changes_layout && needs_.algorithm < Algorithm::kInplace) {
    if (!layout_is_instant())
      needs_.rebuild(layout_reason());
    else if (needs_.builds_index)
      needs_.rebuild(needs_.layout_why + " while an index is built: the table is written anew");
  }
  if (needs_.algorithm != Algorithm::kInplace) return;
  if (keeps_fulltext()) needs_.shared("a table with a FULLTEXT index is written anew");
  if (has_indexed_virtual()) needs_.shared("a table with an index over a VIRTUAL column is written anew");
}

std::string Altering::layout_reason() const {
  if (!since(server_, 10, 3)) return "before 10.3 the table is written anew";
  if (has_fulltext()) return needs_.layout_why + ": not instant, the table has a FULLTEXT index";
  if (has_indexed_virtual()) return needs_.layout_why + ": not instant, an index is over a VIRTUAL column";
  return needs_.layout_why + ": not instant in ROW_FORMAT=COMPRESSED";
}

bool Altering::copies_online() const {
  return since(server_, 11, 2) && statement_.wishes.lock.empty() && !drops_primary_key();
}

Algorithm Altering::algorithm_named(const std::string& name) {
  if (name == "INSTANT") return Algorithm::kInstant;
  if (name == "NOCOPY") return Algorithm::kNoCopy;
  return name == "INPLACE" ? Algorithm::kInplace : Algorithm::kCopy;
}

std::string Altering::hardest_reason() const {
  for (auto it = needs_.reasons.rbegin(); it != needs_.reasons.rend(); ++it)
    if (it->first == needs_.algorithm) return it->second;
  return "";
}

void Altering::grant_wishes() {
  const Wishes& wishes = statement_.wishes;
  if (!wishes.algorithm.empty()) {
    const Algorithm wanted = algorithm_named(wishes.algorithm);
    if (wanted < needs_.algorithm) {
      refuse("ALGORITHM=" + wishes.algorithm + " is not possible: " + hardest_reason() +
             "; the best is ALGORITHM=" + std::string(algorithm_name(needs_.algorithm)));
    } else if (wanted == Algorithm::kCopy && needs_.algorithm < Algorithm::kCopy) {
      needs_.copy("ALGORITHM=COPY asks for it");
      if (needs_.lock < Lock::kShared && !copies_online()) needs_.lock = Lock::kShared;
    }
  }
  if (wishes.lock == "NONE" && needs_.lock > Lock::kNone) {
    const std::string why = needs_.algorithm == Algorithm::kCopy ? hardest_reason() : needs_.lock_reasons.front();
    refuse("LOCK=NONE is not possible: " + why + (since(server_, 11, 2) ? "" : "; rows are copied under LOCK=SHARED"));
  }
  if (wishes.lock == "SHARED") {
    if (needs_.lock == Lock::kExclusive) refuse("LOCK=SHARED is not possible: " + needs_.lock_reasons.front());
    if (needs_.lock < Lock::kShared) needs_.lock = Lock::kShared;
    asked_for_lock_ = true;
  }
  if (wishes.lock == "EXCLUSIVE") {
    needs_.lock = Lock::kExclusive;
    asked_for_lock_ = true;
  }
}

void Altering::tell() {
  if (is_partition_work_) {
    if (needs_.does_something) impact_.locks.insert(impact_.locks.begin(), exclusive_moment(name_));
    return;
  }
  impact_.algorithm = algorithm_name(needs_.algorithm);
  plan::LockUse use = lock_on(name_, needs_.lock);
  if (asked_for_lock_) use.why = "the statement asks for it";
  impact_.locks.insert(impact_.locks.begin(), std::move(use));
  if (table_ != nullptr)
    for (const QualifiedName& parent : parents_of(*table_)) new_parents_.push_back(parent);
  for (const QualifiedName& parent : new_parents_)
    if (plan::find_lock(impact_, parent) == nullptr && !model::same_name(parent, name_))
      impact_.locks.push_back(parent_moment(parent));
  impact_.causes.push_back("ALGORITHM=" + impact_.algorithm + meaning());
  for (const auto& [algorithm, why] : needs_.reasons)
    if (algorithm == needs_.algorithm) impact_.causes.push_back(why);
  if (needs_.lock > Lock::kNone && needs_.algorithm != Algorithm::kCopy)
    for (const std::string& why : needs_.lock_reasons) impact_.causes.push_back("writes wait: " + why);
  if (needs_.algorithm >= Algorithm::kInplace) {
    const std::string why = hardest_reason();
    impact_.rewrites.push_back({name_, plan::RelationKind::kTable, why});
    if (table_ != nullptr)
      for (const model::Index& index : table_->indexes)
        impact_.rewrites.push_back({{name_.schema, index.name}, plan::RelationKind::kIndex, why});
  }
  if (needs_.builds_index || needs_.algorithm >= Algorithm::kInplace)
    impact_.scans.push_back({name_, plan::RelationKind::kTable, "rows are read to be written elsewhere"});
}

std::string Altering::meaning() const {
  switch (needs_.algorithm) {
    case Algorithm::kInstant:
      return ": only the table's definition changes";
    case Algorithm::kNoCopy:
      return ": rows stay where they are";
    case Algorithm::kInplace:
      return ": InnoDB writes the whole table anew";
    case Algorithm::kCopy:
      return since(server_, 11, 2) && needs_.lock == Lock::kNone
                 ? ": the whole table is written anew, row by row; since 11.2 writes go on meanwhile"
                 : ": the whole table is written anew, row by row";
  }
  return "";
}

std::string_view algorithm_name(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kInstant:
      return "INSTANT";
    case Algorithm::kNoCopy:
      return "NOCOPY";
    case Algorithm::kInplace:
      return "INPLACE";
    case Algorithm::kCopy:
      break;
  }
  return "COPY";
}

bool default_per_row(std::string_view sql, const model::Table* table) {
  const auto tokens = tokenize(sql);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool call = i + 1 < tokens.size() && tokens[i + 1].is('(');
    const bool named =
        std::any_of(kPerRow.begin(), kPerRow.end(), [&](std::string_view one) { return tokens[i].is(one); });
    if (named) return true;
    if (tokens[i].is_name() && !call && table != nullptr)
      for (const model::Column& column : table->columns)
        if (iequals_ascii(column.name.text(), tokens[i].text)) return true;
  }
  return false;
}

plan::Impact alteration(const Statement& statement, const model::Schema& before, const Server& server) {
  if (statement.tables.empty()) {
    plan::Impact unknown;
    unknown.known = false;
    return unknown;
  }
  return Altering(statement, before, server).judge();
}

}  // namespace bascule::dialects::mariadb
