#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "dialects/mariadb/reader.h"

namespace bascule::dialects::mariadb {

namespace {

/// Words that a column's type goes on with.
constexpr auto kTypeWords = std::to_array<std::string_view>(
    {"UNSIGNED", "SIGNED", "ZEROFILL", "CHARSET", "COLLATE", "ASCII", "UNICODE", "BYTE"});

/// The type at the cursor, as written, with its attributes.
std::string read_type_text(Cursor& cursor) {
  const std::size_t begin = cursor.at();
  const bool national = cursor.take("NATIONAL");
  static_cast<void>(national);
  const bool two_words = cursor.peek().is("DOUBLE") || cursor.peek().is("LONG") || cursor.peek().is("CHAR") ||
                         cursor.peek().is("CHARACTER") || cursor.peek().is("NCHAR");
  cursor.step();
  if (two_words) cursor.take_any({"PRECISION", "VARYING", "VARCHAR", "VARBINARY"});
  if (cursor.peek().is('(')) cursor.jump(cursor.behind_bracket(cursor.at()));
  std::string text = cursor.slice(begin, cursor.at());
  while (!cursor.at_end()) {
    const std::size_t from = cursor.at();
    if (cursor.take_all({"CHARACTER", "SET"}) || cursor.take_all({"CHAR", "SET"})) {
      cursor.take('=');
      cursor.step();
    } else if (const Token& token = cursor.peek();
               std::any_of(kTypeWords.begin(), kTypeWords.end(), [&](std::string_view one) { return token.is(one); })) {
      const bool names = token.is("CHARSET") || token.is("COLLATE");
      cursor.step();
      if (names) {
        cursor.take('=');
        cursor.step();
      }
    } else if (cursor.peek().is("BINARY")) {
      cursor.step();
    } else {
      break;
    }
    text += " " + cursor.slice(from, cursor.at());
  }
  return text;
}

/// A default: a literal, a function, or an expression in brackets; with ON UPDATE where it follows.
std::string read_default(Cursor& cursor) {
  const std::size_t begin = cursor.at();
  if (cursor.peek().is('(')) {
    cursor.jump(cursor.behind_bracket(begin));
  } else if (cursor.take_all({"NEXT", "VALUE", "FOR"}) || cursor.take_all({"PREVIOUS", "VALUE", "FOR"})) {
    static_cast<void>(cursor.qualified_name());
  } else {
    if (cursor.peek().is('-') || cursor.peek().is('+')) cursor.step();
    const bool introducer = cursor.peek().kind == TokenKind::kWord && cursor.peek().text.starts_with('_') &&
                            cursor.peek(1).kind == TokenKind::kString;
    cursor.step();
    if (introducer) cursor.step();
    if (cursor.peek().is('.') && cursor.peek(1).is_name()) cursor.jump(cursor.at() + 2);
    if (cursor.peek().is('(')) cursor.jump(cursor.behind_bracket(cursor.at()));
  }
  return cursor.slice(begin, cursor.at());
}

/// CASCADE, SET NULL, NO ACTION ...
std::string read_action(Cursor& cursor) {
  if (cursor.take_all({"SET", "NULL"})) return "SET NULL";
  if (cursor.take_all({"SET", "DEFAULT"})) return "SET DEFAULT";
  if (cursor.take_all({"NO", "ACTION"})) return "NO ACTION";
  std::string word = to_upper(cursor.peek().text);
  cursor.step();
  return word;
}

/// REFERENCES table (columns) ...
model::ForeignKey read_references(Cursor& cursor, std::vector<Identifier> columns) {
  model::ForeignKey key;
  key.columns = std::move(columns);
  key.referent = cursor.qualified_name();
  key.referent_columns = cursor.names();
  while (!cursor.at_end()) {
    if (cursor.take("MATCH"))
      key.match = read_action(cursor);
    else if (cursor.take_all({"ON", "DELETE"}))
      key.on_delete = read_action(cursor);
    else if (cursor.take_all({"ON", "UPDATE"}))
      key.on_update = read_action(cursor);
    else
      break;
  }
  return key;
}

model::CheckConstraint read_check(Cursor& cursor, Identifier name) {
  model::CheckConstraint check;
  check.name = std::move(name);
  check.sql = model::TextExpr{cursor.bracketed()};
  return check;
}

class ColumnReader {
 public:
  ColumnReader(Cursor& cursor, Identifier name) : cursor_(cursor) { out_.column.name = std::move(name); }

  ColumnDefinition read() {
    const bool serial = cursor_.peek().is("SERIAL");
    std::string type = read_type_text(cursor_);
    if (serial) {
      out_.column.nullable = false;
      out_.column.autoincrement = out_.unique = true;
    }
    while (!cursor_.at_end() && !cursor_.peek().is(',') && !cursor_.peek().is(')')) {
      if (cursor_.take("COLLATE")) {
        type += " COLLATE " + cursor_.peek().text;
        cursor_.step();
      } else if (!property()) {
        out_.understood = false;
        cursor_.step();
      }
    }
    out_.column.type = model::RawType{std::move(type)};
    return std::move(out_);
  }

 private:
  bool property() {
    if (cursor_.take_all({"NOT", "NULL"})) {
      out_.column.nullable = false;
    } else if (cursor_.take("NULL")) {
      out_.column.nullable = true;
    } else if (cursor_.take("DEFAULT")) {
      std::string value = read_default(cursor_);
      if (!iequals_ascii(value, "NULL")) out_.column.server_default = model::TextExpr{std::move(value)};
    } else if (cursor_.take_all({"ON", "UPDATE"})) {
      cursor_.step();
      if (cursor_.peek().is('(')) cursor_.jump(cursor_.behind_bracket(cursor_.at()));
      out_.on_update = true;
    } else if (cursor_.take("AUTO_INCREMENT")) {
      out_.column.autoincrement = true;
    } else if (cursor_.take_any({"INVISIBLE", "COMPRESSED"})) {
      return true;
    } else if (cursor_.take_all({"WITHOUT", "SYSTEM", "VERSIONING"}) ||
               cursor_.take_all({"WITH", "SYSTEM", "VERSIONING"})) {
      out_.names_versioning = true;
    } else if (cursor_.take("UNIQUE")) {
      cursor_.take("KEY");
      out_.unique = true;
    } else if (cursor_.take_all({"PRIMARY", "KEY"}) || cursor_.take("KEY")) {
      out_.primary_key = true;
      out_.column.nullable = false;
    } else if (cursor_.take("COMMENT")) {
      out_.column.comment = cursor_.peek().text;
      cursor_.step();
    } else if (cursor_.take_all({"GENERATED", "ALWAYS", "AS"}) || cursor_.take("AS")) {
      return generated();
    } else if (cursor_.take("FIRST")) {
      out_.position = {true, Identifier()};
    } else if (cursor_.take("AFTER")) {
      out_.position = {false, cursor_.name()};
    } else {
      return constraint();
    }
    return true;
  }

  bool generated() {
    if (!cursor_.peek().is('(')) return cursor_.take_all({"ROW", "START"}) || cursor_.take_all({"ROW", "END"});
    model::Computed computed;
    computed.sql = model::TextExpr{cursor_.bracketed()};
    computed.persisted = cursor_.take_any({"STORED", "PERSISTENT"});
    cursor_.take("VIRTUAL");
    out_.column.computed = std::move(computed);
    return true;
  }

  bool constraint() {
    Identifier name;
    if (cursor_.take("CONSTRAINT") && !cursor_.peek().is("CHECK")) name = cursor_.name();
    if (cursor_.take("CHECK")) {
      out_.constraints.emplace_back(read_check(cursor_, std::move(name)));
      return true;
    }
    if (!cursor_.take("REFERENCES")) return false;
    model::ForeignKey key = read_references(cursor_, {out_.column.name});
    key.name = std::move(name);
    out_.constraints.emplace_back(std::move(key));
    return true;
  }

  Cursor& cursor_;
  ColumnDefinition out_;
};

Change add_key(Cursor& cursor, KeyDefinition::Kind kind, Identifier name) {
  Change change;
  change.kind = Change::Kind::kAddKey;
  change.guarded = take_if_not_exists(cursor);
  if (kind != KeyDefinition::Kind::kPrimary && cursor.peek().is_name() && !cursor.peek().is("USING"))
    name = cursor.name();
  change.key = read_key(cursor, kind);
  change.key.name = name;
  change.name = std::move(name);
  return change;
}

Change add_foreign_key(Cursor& cursor, Identifier name, bool guarded) {
  Change change;
  change.kind = Change::Kind::kAddForeignKey;
  change.guarded = take_if_not_exists(cursor) || guarded;
  if (!cursor.peek().is('(')) {
    const Identifier own = cursor.name();  // the index's name, and the key's where it has none
    if (name.empty()) name = own;
  }
  std::vector<Identifier> columns = cursor.names();
  if (!cursor.take("REFERENCES")) change.kind = Change::Kind::kOther;
  model::ForeignKey key = read_references(cursor, std::move(columns));
  key.name = name;
  change.name = std::move(name);
  change.constraint = std::move(key);
  return change;
}

struct OptionName {
  std::string_view written, name;
};
/// Those of one word.
constexpr auto kOptions = std::to_array<OptionName>({{"ENGINE", "engine"},
                                                     {"TYPE", "engine"},
                                                     {"AUTO_INCREMENT", "auto_increment"},
                                                     {"AVG_ROW_LENGTH", "avg_row_length"},
                                                     {"CHECKSUM", "checksum"},
                                                     {"COMMENT", "comment"},
                                                     {"CONNECTION", "connection"},
                                                     {"DELAY_KEY_WRITE", "delay_key_write"},
                                                     {"ENCRYPTED", "encrypted"},
                                                     {"ENCRYPTION_KEY_ID", "encryption_key_id"},
                                                     {"INSERT_METHOD", "insert_method"},
                                                     {"KEY_BLOCK_SIZE", "key_block_size"},
                                                     {"MAX_ROWS", "max_rows"},
                                                     {"MIN_ROWS", "min_rows"},
                                                     {"PACK_KEYS", "pack_keys"},
                                                     {"PAGE_CHECKSUM", "page_checksum"},
                                                     {"PAGE_COMPRESSED", "page_compressed"},
                                                     {"PAGE_COMPRESSION_LEVEL", "page_compression_level"},
                                                     {"PASSWORD", "password"},
                                                     {"ROW_FORMAT", "row_format"},
                                                     {"SEQUENCE", "sequence"},
                                                     {"STATS_AUTO_RECALC", "stats_auto_recalc"},
                                                     {"STATS_PERSISTENT", "stats_persistent"},
                                                     {"STATS_SAMPLE_PAGES", "stats_sample_pages"},
                                                     {"TRANSACTIONAL", "transactional"},
                                                     {"CHARSET", "charset"},
                                                     {"COLLATE", "collate"}});

}  // namespace

bool take_if_exists(Cursor& cursor) { return cursor.take_all({"IF", "EXISTS"}); }
bool take_if_not_exists(Cursor& cursor) { return cursor.take_all({"IF", "NOT", "EXISTS"}); }

ColumnDefinition read_column(Cursor& cursor, Identifier name) { return ColumnReader(cursor, std::move(name)).read(); }

KeyDefinition read_key(Cursor& cursor, KeyDefinition::Kind kind) {
  KeyDefinition key;
  key.kind = kind;
  const auto using_method = [&] {
    while (cursor.take_any({"USING", "TYPE"})) cursor.step();
  };
  using_method();
  if (cursor.peek().is('(')) {
    const std::size_t end = cursor.behind_bracket(cursor.at());
    cursor.step();
    while (cursor.at() < end) {
      const std::size_t begin = cursor.at();
      const Identifier column = cursor.name();
      const bool prefix = cursor.peek().is('(');
      while (cursor.at() + 1 < end && !cursor.peek().is(',')) {
        if (cursor.peek().is('('))
          cursor.jump(cursor.behind_bracket(cursor.at()));
        else
          cursor.step();
      }
      model::IndexElement element;
      element.sql = model::ColumnExpr{{}, column};
      if (prefix) element.sql = model::TextExpr{cursor.slice(begin, cursor.at())};
      if (!column.empty()) {
        key.elements.push_back(std::move(element));
        key.columns.push_back(column);
      }
      cursor.step();
    }
    cursor.jump(end);
  }
  using_method();
  while (!cursor.at_end()) {
    if (cursor.take_any({"COMMENT", "KEY_BLOCK_SIZE"})) {
      cursor.take('=');
      cursor.step();
    } else if (cursor.take_all({"WITH", "PARSER"})) {
      cursor.step();
    } else if (!cursor.take_all({"NOT", "IGNORED"}) && !cursor.take("IGNORED")) {
      break;
    }
    using_method();
  }
  return key;
}

std::optional<Change> read_key_or_constraint(Cursor& cursor) {
  const std::size_t begin = cursor.at();
  Identifier name;
  bool guarded = false;
  bool named = false;
  if (cursor.take("CONSTRAINT")) {
    named = true;
    guarded = take_if_not_exists(cursor);
    const bool kind_follows = cursor.peek().is("CHECK") || cursor.peek().is("UNIQUE") ||
                              cursor.sees({"PRIMARY", "KEY"}) || cursor.sees({"FOREIGN", "KEY"});
    if (!kind_follows) name = cursor.name();
  }
  if (cursor.take_all({"PRIMARY", "KEY"})) return add_key(cursor, KeyDefinition::Kind::kPrimary, Identifier());
  if (cursor.take_all({"FOREIGN", "KEY"})) return add_foreign_key(cursor, std::move(name), guarded);
  if (cursor.peek().is("UNIQUE")) {
    cursor.step();
    cursor.take_any({"INDEX", "KEY"});
    Change change = add_key(cursor, KeyDefinition::Kind::kUnique, std::move(name));
    change.guarded = change.guarded || guarded;
    return change;
  }
  if (cursor.peek().is("CHECK") && cursor.peek(1).is('(')) {
    cursor.step();
    Change change;
    change.kind = Change::Kind::kAddCheck;
    change.guarded = guarded;
    change.name = name;
    change.constraint = read_check(cursor, std::move(name));
    return change;
  }
  if (named) {
    Change other;
    return other;
  }
  const auto with_kind = [&](std::string_view word, KeyDefinition::Kind kind) -> std::optional<Change> {
    if (!cursor.peek().is(word)) return std::nullopt;
    const bool key = cursor.peek(1).is("INDEX") || cursor.peek(1).is("KEY");
    const bool bare = cursor.peek(1).is('(') || cursor.peek(2).is('(');
    if (!key && !bare) return std::nullopt;
    cursor.step();
    if (key) cursor.step();
    return add_key(cursor, kind, Identifier());
  };
  if (auto key = with_kind("FULLTEXT", KeyDefinition::Kind::kFulltext)) return key;
  if (auto key = with_kind("SPATIAL", KeyDefinition::Kind::kSpatial)) return key;
  if (cursor.take_any({"INDEX", "KEY"})) return add_key(cursor, KeyDefinition::Kind::kPlain, Identifier());
  cursor.jump(begin);
  return std::nullopt;
}

std::optional<Change> read_table_option(Cursor& cursor) {
  const std::size_t begin = cursor.at();
  Change change;
  change.kind = Change::Kind::kOption;
  cursor.take("DEFAULT");
  if (cursor.take_all({"CHARACTER", "SET"}) || cursor.take_all({"CHAR", "SET"})) {
    change.option = "charset";
  } else if (cursor.take_all({"DATA", "DIRECTORY"}) || cursor.take_all({"INDEX", "DIRECTORY"})) {
    change.option = "directory";
  } else if (cursor.take("UNION")) {
    change.option = "union";
  } else if (cursor.take_all({"WITH", "SYSTEM", "VERSIONING"})) {
    change.option = "versioned";
    return change;
  } else {
    for (const OptionName& one : kOptions)
      if (cursor.take(one.written)) {
        change.option = one.name;
        break;
      }
  }
  if (change.option.empty()) {
    cursor.jump(begin);
    return std::nullopt;
  }
  cursor.take('=');
  change.value = cursor.peek().text;
  if (cursor.peek().is('('))
    change.value = cursor.bracketed();
  else
    cursor.step();
  return change;
}

bool read_wish(Cursor& cursor, Wishes& into) {
  const bool algorithm = cursor.peek().is("ALGORITHM");
  if (!algorithm && !(cursor.peek().is("LOCK") && (cursor.peek(1).is('=') || cursor.peek(1).is_name()))) return false;
  cursor.step();
  cursor.take('=');
  std::string value = to_upper(cursor.peek().text);
  cursor.step();
  if (value == "DEFAULT") value.clear();
  (algorithm ? into.algorithm : into.lock) = std::move(value);
  return true;
}

Identifier usual_name(const KeyDefinition& key) {
  if (!key.name.empty() || key.columns.empty()) return key.name;
  return key.columns.front();
}

model::Index index_of(const KeyDefinition& key) {
  model::Index index;
  index.name = usual_name(key);
  index.elements = key.elements;
  index.unique = key.kind == KeyDefinition::Kind::kUnique;
  if (key.kind == KeyDefinition::Kind::kFulltext) index.postgresql.using_method = "fulltext";
  if (key.kind == KeyDefinition::Kind::kSpatial) index.postgresql.using_method = "spatial";
  return index;
}

}  // namespace bascule::dialects::mariadb
