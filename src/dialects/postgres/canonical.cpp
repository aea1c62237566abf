// A whole schema in its canonical spelling: see canonical.h.
#include "dialects/postgres/canonical.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/postgres.h"
#include "dialects/postgres/render.h"
#include "dialects/render_common.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

constexpr std::string_view kNullsFirst = "NULLS FIRST";
constexpr std::string_view kNullsLast = "NULLS LAST";

bool is_kept(std::string_view prefix) { return !iequals_ascii(prefix, "TEMPORARY") && !iequals_ascii(prefix, "TEMP"); }

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// What is not said and what is said to be the default are the same.
model::Deferral canonical_deferral(model::Deferral deferral) {
  deferral.initially = upper(std::move(deferral.initially));
  if (deferral.initially == "DEFERRED") deferral.deferrable = true;
  if (deferral.initially == "IMMEDIATE") deferral.initially.clear();
  if (deferral.deferrable == false) deferral.deferrable.reset();
  return deferral;
}

std::string canonical_action(std::string action) {
  action = upper(std::move(action));
  return action == "NO ACTION" ? "" : action;
}

model::SequenceOptions canonical_options(model::SequenceOptions options, const std::string& default_type) {
  std::string type = default_type;
  if (options.data_type) {
    const auto spelled = postgres_dialect().type(*options.data_type);
    if (spelled) type = canonical_type(*spelled).sql;
  }
  const std::int64_t increment = options.increment.value_or(1);
  const SequenceLimits limits = limits_of(type, increment);
  if (options.minimum == limits.minimum) options.minimum.reset();
  if (options.maximum == limits.maximum) options.maximum.reset();
  const std::int64_t start =
      increment > 0 ? options.minimum.value_or(limits.minimum) : options.maximum.value_or(limits.maximum);
  if (options.start == start) options.start.reset();
  if (options.increment == 1) options.increment.reset();
  if (options.cache == 1) options.cache.reset();
  options.no_minimum = options.no_maximum = false;
  options.order.reset();
  options.data_type.reset();
  if (type != default_type) options.data_type = model::NativeType{"postgresql", type, ""};
  return options;
}

class Canonical {
 public:
  explicit Canonical(model::Schema schema) : schema_(std::move(schema)) {}

  model::Schema run() {
    std::erase_if(schema_.tables, [](const model::Table& table) {
      return !std::all_of(table.prefixes.begin(), table.prefixes.end(), is_kept);
    });
    for (model::Table& table : schema_.tables) canonicalise(table);
    for (model::Table& table : schema_.tables) leave_out_inherited(table);
    fold_sequences();
    for (model::EnumType& type : schema_.enums) {
      model::EnumType plain;
      plain.name = canonical_name(type.name);
      plain.values = std::move(type.values);
      type = std::move(plain);
    }
    for (model::Domain& domain : schema_.domains) canonicalise(domain);
    for (model::Sequence& sequence : schema_.sequences) {
      sequence.name = canonical_name(sequence.name);
      sequence.owned_by = canonical_name(sequence.owned_by);
      if (sequence.owned_by.name.empty()) sequence.options = canonical_options(sequence.options, "bigint");
    }
    std::erase_if(schema_.objects, [](const model::SchemaObject& object) {
      using enum model::ObjectKind;
      const bool unread = object.kind == kOperator || object.kind == kPublication || object.kind == kForeignTable ||
                          object.kind == kForeignServer || object.kind == kOther;
      return unread || (object.kind == kSchema && object.name.name.text() == "public") ||
             (object.kind == kExtension && object.name.name.text() == "plpgsql");
    });
    for (model::SchemaObject& object : schema_.objects) {
      object.name = canonical_name(object.name);
      object.on_table = canonical_name(object.on_table);
      object.signature = canonical_signature(object.signature);
      model::Table view;  // whose columns nobody has to know
      view.name = object.name;
      for (model::Index& index : object.indexes) canonicalise(view, index);
    }
    model::sort_lists(schema_);
    return std::move(schema_);
  }

 private:
  /// The types alone, spelled as the server does.
  static std::string canonical_signature(const std::string& signature) {
    if (signature.size() < 2) return signature;
    std::vector<std::string> types;
    std::string_view inside(signature);
    inside = inside.substr(1, inside.size() - 2);
    if (trim(inside).empty()) return "()";
    for (const std::string_view part : split(inside, ',')) types.push_back(canonical_type(part).sql);
    return "(" + join(types, ", ") + ")";
  }

  static model::Type canonical(const model::Type& type) {
    const auto spelled = postgres_dialect().type(type);
    if (!spelled) return type;
    SpelledType known = canonical_type(*spelled);
    if (known.collation == "default") known.collation.clear();
    return model::NativeType{"postgresql", std::move(known.sql), std::move(known.collation)};
  }
  static std::string type_text(const model::Type& type) {
    const auto* native = std::get_if<model::NativeType>(&type);
    return native == nullptr ? "" : native->sql;
  }

  static model::Expression canonical(const model::Expression& expression, const ExpressionContext& context) {
    PostgresRenderer renderer(postgres_dialect());
    std::string sql = context.place == ExpressionPlace::kDefault ? renderer.default_expression(expression)
                                                                 : renderer.expression(expression);
    auto spelled = renderer.finish(std::move(sql));
    if (!spelled) return expression;
    return model::TextExpr{canonical_expression(*spelled, context)};
  }
  model::Expression within(const model::Table& table, const model::Expression& expression) const {
    return canonical(expression, {ExpressionPlace::kElsewhere, "", table.name.name.text()});
  }
  void within(const model::Table& table, std::optional<model::Expression>& expression) const {
    if (expression) expression = within(table, *expression);
  }
  static std::optional<model::Expression> canonical_default(const std::optional<model::Expression>& expression,
                                                            const std::string& type) {
    if (!expression) return std::nullopt;
    model::Expression known = canonical(*expression, {ExpressionPlace::kDefault, type, ""});
    // DEFAULT NULL is no default.
    const auto* text = std::get_if<model::TextExpr>(&known);
    if (text != nullptr && text->sql == "NULL") return std::nullopt;
    return known;
  }

  void canonicalise(model::Table& table) const {
    table.name = canonical_name(table.name);
    auto& options = table.postgresql;
    options.partition_of = canonical_name(options.partition_of);
    for (QualifiedName& parent : options.inherits) parent = canonical_name(parent);
    if (!options.partition_by.empty()) options.partition_by = canonical_partition_key(options.partition_by);
    options.partition_bound = canonical_bound(options.partition_bound);
    options.on_commit.clear();
    if (options.using_method == "heap") options.using_method.clear();
    if (options.tablespace.text() == "pg_default") options.tablespace = Identifier();
    for (auto& [key, value] : options.with) {
      key = to_lower_ascii(key);
      value = to_lower_ascii(trim_quotes(value));
    }
    std::sort(options.with.begin(), options.with.end());
    for (std::string& prefix : table.prefixes) prefix = upper(std::move(prefix));
    table.sqlite = {};
    for (model::Column& column : table.columns) canonicalise(table, column);
    std::erase_if(table.constraints, [](const model::Constraint& item) {
      const auto* key = std::get_if<model::PrimaryKey>(&item);
      return key != nullptr && key->columns.empty();
    });
    for (model::Constraint& item : table.constraints)
      std::visit([&](auto& constraint) { canonicalise(table, constraint); }, item);
    for (model::Index& index : table.indexes) canonicalise(table, index);
    if (table.comment == "") table.comment.reset();
  }

  /// A part is shaped like the whole. What a table above it has an equal of, the server made for that one.
  void leave_out_inherited(model::Table& part) const {
    if (part.postgresql.partition_of.name.empty()) return;
    part.columns.clear();
    for (const model::Table* whole = above(part); whole != nullptr; whole = above(*whole)) {
      std::erase_if(part.constraints,
                    [&](const model::Constraint& item) { return model::has_like(whole->constraints, item); });
      std::erase_if(part.indexes, [&](const model::Index& index) { return model::has_like(whole->indexes, index); });
    }
  }
  const model::Table* above(const model::Table& part) const {
    const QualifiedName& whole = part.postgresql.partition_of;
    return whole.name.empty() ? nullptr : model::find_table(schema_, whole);
  }

  static std::string trim_quotes(std::string_view text) {
    if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') text = text.substr(1, text.size() - 2);
    return std::string(text);
  }
  /// RANGE (created_at)
  static std::string canonical_partition_key(const std::string& text) {
    const auto open = text.find('(');
    if (open == std::string::npos) return upper(text);
    std::string method = upper(std::string(trim(std::string_view(text).substr(0, open))));
    return method + " " + canonical_words(text.substr(open));
  }
  static std::string canonical_bound(const std::string& text) {
    if (text.empty()) return text;
    std::string known;
    for (const auto& word : model::sql_words(text)) {
      const bool tight = word.is(")") || word.is(",") || known.empty() || known.back() == '(';
      if (!tight) known += ' ';
      known += word.kind == model::WordKind::kString ? quoted_text(word.text)
               : word.kind == model::WordKind::kName ? upper(word.text)
                                                     : word.text;
    }
    return known;
  }
  static std::string canonical_words(const std::string& text) {
    std::string known;
    for (const auto& word : model::sql_words(text)) {
      const bool tight = word.is(")") || word.is(",") || word.is("(") || known.empty() || known.back() == '(';
      if (!tight) known += ' ';
      known += word.is_name() ? postgres_dialect().quote(Identifier(word.text)) : word.text;
    }
    return known;
  }

  void canonicalise(const model::Table& table, model::Column& column) const {
    const bool counts = is_serial(column);
    column.autoincrement = counts;
    column.type = canonical(column.type);
    column.sqlite_options.clear();
    column.not_null.reset();
    if (column.comment == "") column.comment.reset();
    if (counts) column.server_default = column.nullable ? own_number(table, column) : std::nullopt;
    if (column.nullable) column.autoincrement = false;
    column.server_default = canonical_default(column.server_default, type_text(column.type));
    if (column.identity) {
      column.nullable = false;
      column.identity->options = canonical_options(column.identity->options, type_text(column.type));
      column.identity->options.data_type.reset();
    }
    if (column.computed) {
      column.computed->sql = within(table, column.computed->sql);
      if (!column.computed->persisted) column.computed->persisted = true;
    }
  }

  /// A serial column that may hold NULL is a column with a default: SERIAL would say NOT NULL.
  std::optional<model::Expression> own_number(const model::Table& table, const model::Column& column) const {
    for (const model::Sequence& sequence : schema_.sequences)
      if (!sequence.owned_by.name.empty() && model::same_name(sequence.owned_by, table.name) &&
          sequence.owned_by_column == column.name)
        return model::TextExpr{"nextval(" + quoted_text(postgres_dialect().quote(canonical_name(sequence.name))) + ")"};
    return std::nullopt;
  }

  void canonicalise(const model::Table&, model::PrimaryKey& key) const {
    key.deferral = canonical_deferral(key.deferral);
    key.sqlite_on_conflict.clear();
  }
  void canonicalise(const model::Table&, model::UniqueConstraint& unique) const {
    unique.deferral = canonical_deferral(unique.deferral);
    unique.sqlite_on_conflict.clear();
  }
  void canonicalise(const model::Table&, model::ForeignKey& key) const {
    key.referent = canonical_name(key.referent);
    key.on_delete = canonical_action(key.on_delete);
    key.on_update = canonical_action(key.on_update);
    key.match = upper(key.match);
    if (key.match == "SIMPLE") key.match.clear();
    key.deferral = canonical_deferral(key.deferral);
    key.use_alter = false;
  }
  void canonicalise(const model::Table& table, model::CheckConstraint& check) const {
    check.sql = within(table, check.sql);
    check.deferral = canonical_deferral(check.deferral);
  }
  void canonicalise(const model::Table& table, model::ExcludeConstraint& exclude) const {
    exclude.using_method = to_lower_ascii(exclude.using_method);
    for (auto& element : exclude.elements) element.sql = within(table, element.sql);
    within(table, exclude.where);
    exclude.deferral = canonical_deferral(exclude.deferral);
  }

  void canonicalise(const model::Table& table, model::Index& index) const {
    auto& options = index.postgresql;
    options.concurrently = false;
    options.invalid = false;  // of the build, not of the shape
    options.using_method = to_lower_ascii(options.using_method);
    if (options.using_method == "btree") options.using_method.clear();
    if (options.tablespace.text() == "pg_default") options.tablespace = Identifier();
    within(table, options.where);
    if (options.nulls_not_distinct == false) options.nulls_not_distinct.reset();
    for (auto& [key, value] : options.with) {
      key = to_lower_ascii(key);
      value = to_lower_ascii(trim_quotes(value));
    }
    std::sort(options.with.begin(), options.with.end());
    index.sqlite = {};
    for (model::IndexElement& element : index.elements) canonicalise(table, element);
  }

  /// expression [COLLATE c] [opclass] [DESC] [NULLS ...], in pieces; SQL text may hold all of them.
  void canonicalise(const model::Table& table, model::IndexElement& element) const {
    bool descends = false;
    std::string_view nulls;  // "NULLS FIRST", "NULLS LAST", or not said
    model::Expression held = element.sql;
    while (const auto* unary = std::get_if<Box<model::UnaryExpr>>(&held)) {
      const std::string op = upper((*unary)->op);
      if (!(*unary)->postfix) break;
      if (op == "DESC")
        descends = true;
      else if (op == "NULLS FIRST" || op == "NULLS LAST")
        nulls = op == "NULLS FIRST" ? kNullsFirst : kNullsLast;
      else if (op != "ASC")
        break;
      model::Expression inner = (*unary)->operand;
      held = std::move(inner);
    }
    if (const auto* collate = std::get_if<Box<model::CollateExpr>>(&held)) {
      // A column's own collation need not be said again.
      const auto* named = std::get_if<model::ColumnExpr>(&(*collate)->operand);
      const model::Column* column = named == nullptr ? nullptr : model::find_column(table, named->column);
      const auto* type = column == nullptr ? nullptr : std::get_if<model::NativeType>(&column->type);
      if (type != nullptr && type->collation == (*collate)->collation) {
        model::Expression inner = (*collate)->operand;
        held = std::move(inner);
      }
    }
    if (const auto* text = std::get_if<model::TextExpr>(&held)) {
      std::string sql = text->sql;
      split_order(sql, descends, nulls, element.opclass);
      held = model::TextExpr{std::move(sql)};
    }
    element.opclass = to_lower_ascii(element.opclass);
    if (element.opclass == "jsonb_ops" || element.opclass == "array_ops") element.opclass.clear();  // their defaults
    model::Expression known = indexed(within(table, held));
    if (nulls == (descends ? kNullsFirst : kNullsLast)) nulls = {};  // the default
    if (descends) known = Box<model::UnaryExpr>(model::UnaryExpr{"DESC", std::move(known), true});
    if (!nulls.empty()) known = Box<model::UnaryExpr>(model::UnaryExpr{std::string(nulls), std::move(known), true});
    element.sql = std::move(known);
  }

  /// Anything but a column and a call stands in parentheses there.
  static model::Expression indexed(model::Expression expression) {
    const auto* text = std::get_if<model::TextExpr>(&expression);
    if (text == nullptr) return expression;
    const auto words = model::sql_words(text->sql);
    if (words.size() == 1 && words[0].is_name()) return model::ColumnExpr{{}, Identifier(words[0].text)};
    const bool collated = words.size() == 3 && words[0].is_name() && words[1].is_word("collate");
    if (collated || is_call(words)) return expression;
    return model::TextExpr{"(" + text->sql + ")"};
  }
  static bool is_call(const std::vector<model::SqlWord>& words) {
    if (words.size() < 3 || words[0].kind != model::WordKind::kName || !words[1].is("(")) return false;
    int depth = 0;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i].is("(")) ++depth;
      if (words[i].is(")") && --depth == 0) return i + 1 == words.size();
    }
    return false;
  }

  /// "name text_pattern_ops DESC" -> "name", its operator class and its order.
  static void split_order(std::string& sql, bool& descends, std::string_view& nulls, std::string& opclass) {
    const auto cut_words = [&](std::string_view last, std::string_view before) {
      const auto words = model::sql_words(sql);
      if (words.size() < 2 || !words.back().is_word(last)) return false;
      if (!before.empty() && (words.size() < 3 || !words[words.size() - 2].is_word(before))) return false;
      sql.resize(words[words.size() - (before.empty() ? 1 : 2)].begin);
      return true;
    };
    if (cut_words("first", "nulls")) nulls = kNullsFirst;
    if (cut_words("last", "nulls")) nulls = kNullsLast;
    if (cut_words("desc", "")) descends = true;
    cut_words("asc", "");
    const auto words = model::sql_words(sql);
    if (words.size() >= 2 && words.back().kind == model::WordKind::kName && words.back().text.ends_with("_ops") &&
        (words[words.size() - 2].is_name() || words[words.size() - 2].is(")"))) {
      opclass = words.back().text;
      sql.resize(words.back().begin);
    }
    sql = std::string(trim(sql));
  }

  void canonicalise(model::Domain& domain) const {
    domain.name = canonical_name(domain.name);
    domain.type = canonical(domain.type);
    const std::string type = type_text(domain.type);
    if (auto* native = std::get_if<model::NativeType>(&domain.type)) {
      if (domain.collation.empty()) domain.collation = native->collation;
      native->collation.clear();
    }
    domain.server_default = canonical_default(domain.server_default, type);
    if (domain.not_null == false) domain.not_null.reset();
    if (domain.check) {
      domain.check = canonical(*domain.check, {});
      if (domain.constraint_name.empty()) domain.constraint_name = Identifier(domain.name.name.text() + "_check");
    }
  }

  /// integer DEFAULT nextval('users_id_seq') with that sequence: a column that numbers itself, however it was written.
  void fold_sequences() {
    for (model::Table& table : schema_.tables) {
      for (model::Column& column : table.columns) {
        if (model::Sequence* sequence = default_sequence(table, column)) {
          column.autoincrement = true;
          column.server_default.reset();
          sequence->owned_by = table.name;
          sequence->owned_by_column = column.name;
        }
      }
    }
    for (model::Sequence& sequence : schema_.sequences) {
      if (sequence.owned_by.name.empty()) continue;
      const model::Table* table = model::find_table(std::as_const(schema_), sequence.owned_by);
      const model::Column* column = table == nullptr ? nullptr : model::find_column(*table, sequence.owned_by_column);
      const std::string type = column == nullptr ? "bigint" : type_text(column->type);
      // A column whose type has changed since leaves its sequence as it was made.
      model::SequenceOptions known = canonical_options(sequence.options, type);
      known.data_type.reset();
      sequence.options = std::move(known);
    }
  }
  model::Sequence* default_sequence(const model::Table& table, const model::Column& column) {
    if (!column.server_default || column.nullable) return nullptr;
    const auto* text = std::get_if<model::TextExpr>(&*column.server_default);
    if (text == nullptr || !text->sql.starts_with("nextval('") || !text->sql.ends_with("')")) return nullptr;
    const std::string type = type_text(column.type);
    if (type != "integer" && type != "bigint" && type != "smallint") return nullptr;
    QualifiedName named;
    for (const auto& word : model::sql_words(text->sql.substr(9, text->sql.size() - 11))) {
      if (word.is(".")) {
        named.schema = named.name;
      } else if (word.is_name()) {
        named.name = Identifier(word.text);
      }
    }
    for (model::Sequence& sequence : schema_.sequences) {
      if (!model::same_name(sequence.name, named)) continue;
      if (!sequence.owned_by.name.empty()) {
        const bool ours = model::same_name(sequence.owned_by, table.name) && sequence.owned_by_column == column.name;
        return ours ? &sequence : nullptr;
      }
      // As pg_dump writes a serial column: what SERIAL would have made, OWNED BY said elsewhere.
      const bool as_serial =
          sequence.name.name.text() == object_name(table.name.name.text(), column.name.text(), "seq") &&
          canonical_options(sequence.options, type) == model::SequenceOptions();
      return as_serial ? &sequence : nullptr;
    }
    return nullptr;
  }

  model::Schema schema_;
};

}  // namespace

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

model::Schema PostgresDialect::canonical(model::Schema schema) const {
  return postgres::Canonical(std::move(schema)).run();
}

}  // namespace bascule::dialects
