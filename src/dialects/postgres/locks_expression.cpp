// Whether an expression has one value for a whole statement, or another one for every row.
#include <algorithm>

#include "base/text.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/locks_parts.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

/// Built-in functions, and those of common extensions, that a default may call and that are immutable or stable
/// (pg_proc.provolatile of PostgreSQL 15; of 16 to 18 from their release notes).
constexpr std::string_view kNotVolatile =
    " abs acos acosd acosh age area array_append array_cat array_dims array_fill array_length array_lower "
    "array_ndims array_position array_positions array_prepend array_remove array_replace array_to_json "
    "array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d atand atanh bit "
    "bit_count bit_length bool box bpchar broadcast btrim cardinality casefold cbrt ceil ceiling center char "
    "char_length character_length chr cidr circle concat concat_ws convert convert_from convert_to cos cosd cosh "
    "cot cotd crc32 crc32c current_catalog current_database current_date current_role current_schema "
    "current_schemas current_setting current_time current_timestamp current_user date date_add date_bin date_part "
    "date_subtract date_trunc datemultirange daterange decode degrees diagonal diameter div encode enum_first "
    "enum_last enum_range erf erfc exp extract factorial family float4 float8 floor format format_type gamma gcd "
    "get_bit get_byte get_current_ts_config getdatabaseencoding hashtext height host hostmask hstore "
    "inet_client_addr inet_client_port inet_merge inet_same_family inet_server_addr inet_server_port initcap int2 "
    "int4 int4multirange int4range int8 int8multirange int8range interval is_normalized isempty isfinite "
    "json_array_length json_build_array json_build_object json_object json_strip_nulls json_typeof jsonb "
    "jsonb_array_length jsonb_build_array jsonb_build_object jsonb_insert jsonb_object jsonb_path_exists "
    "jsonb_path_match jsonb_path_query_array jsonb_path_query_first jsonb_pretty jsonb_set jsonb_set_lax "
    "jsonb_strip_nulls jsonb_typeof justify_days justify_hours justify_interval lcm left length lgamma like line "
    "ln localtime localtimestamp log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr macaddr8 make_date "
    "make_interval make_time make_timestamp make_timestamptz masklen md5 min_scale mod money multirange name "
    "netmask network normalize now num_nonnulls num_nulls numeric nummultirange numnode numrange octet_length oid "
    "overlaps overlay parse_ident path pg_backend_pid pg_client_encoding pg_column_size pg_current_snapshot "
    "pg_current_xact_id pg_size_bytes pg_size_pretty pg_typeof phraseto_tsquery pi plainto_tsquery point polygon "
    "position pow power quote_ident quote_literal quote_nullable radians radius range_merge regexp_count "
    "regexp_instr regexp_like regexp_match regexp_replace regexp_split_to_array regexp_substr repeat replace "
    "reverse right round row_to_json rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 "
    "sha256 sha384 sha512 sign similar_escape similar_to_escape sin sind sinh slope split_part sqrt "
    "st_geographyfromtext st_geomfromtext st_makepoint st_point st_setsrid starts_with statement_timestamp "
    "string_to_array strip strpos substr substring system_user tan tand tanh text textlen time timestamp "
    "timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct "
    "to_regclass to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array "
    "trim_scale trunc tsmultirange tsrange tstzmultirange tstzrange tsvector_to_array txid_current "
    "txid_current_if_assigned txid_current_snapshot unistr upper upper_inc upper_inf user uuid_extract_timestamp "
    "uuid_extract_version uuid_generate_v3 uuid_generate_v5 uuid_nil uuid_ns_dns uuid_ns_oid uuid_ns_url "
    "uuid_ns_x500 varbit varchar version websearch_to_tsquery width width_bucket xml xml_is_well_formed xmlcomment "
    "xpath xpath_exists ";
/// The volatile ones.
constexpr std::string_view kVolatile =
    " clock_timestamp currval gen_random_bytes gen_random_uuid gen_salt lastval lo_create lo_from_bytea nextval "
    "pg_is_in_recovery pg_notify pg_sleep pg_sleep_for query_to_xml random random_normal set_config setseed setval "
    "timeofday uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7 ";

bool any_of(std::string_view words, const std::string& wanted) {
  return wanted.find(' ') == std::string::npos && words.find(" " + wanted + " ") != std::string_view::npos;
}

/// How deep functions that call functions are followed.
constexpr int kDeepest = 4;

struct FunctionText {
  std::string language = "sql";
  std::string volatility = "volatile";
  std::string body;
  bool inlinable = true;
};

FunctionText function_text(Node made) {
  FunctionText found;
  const Node options = made["options"];
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Node option = options.item(i)["DefElem"];
    const Node name = option["defname"];
    if (name.is("language")) found.language = to_lower_ascii(option["arg"]["String"]["sval"].text());
    if (name.is("volatility")) found.volatility = to_lower_ascii(option["arg"]["String"]["sval"].text());
    if (name.is("as")) found.body = std::string(option["arg"]["List"]["items"].item(0)["String"]["sval"].text());
    if (name.is("security") || name.is("set")) found.inlinable = false;
  }
  return found;
}

}  // namespace

/// A call of a function. Since 12 the server looks into SQL functions of one expression before it asks.
void LockModel::function_facts(const QualifiedName& name, ExpressionFacts& facts, int depth) const {
  const std::string& text = name.name.text();
  const auto is_volatile = [&] {
    facts.volatility = Volatility::kVolatile;
    if (facts.volatile_part.empty()) facts.volatile_part = text + "()";
  };
  const auto* known_function = facts_.object(model::ObjectKind::kFunction, name);
  if (known_function == nullptr) {
    if (any_of(kVolatile, text)) return is_volatile();
    if (any_of(kNotVolatile, text)) return;
    facts.assumed = text;
    return is_volatile();
  }
  const ParseTree tree(known_function->definition);
  const Node made = tree.problem() ? Node() : tree.statement(0)["CreateFunctionStmt"];
  if (!made) return is_volatile();
  const FunctionText said = function_text(made);
  if (said.volatility != "volatile") return;
  if (major() < 12 || said.language != "sql" || !said.inlinable || depth >= kDeepest) return is_volatile();
  if (const Node body = made["sql_body"]) {
    const Node value = body["ReturnStmt"]["returnval"];
    return value ? walk_expression(value, facts, depth + 1) : is_volatile();
  }
  const ParseTree body(said.body);
  const Node query = body.problem() || body.statement_count() != 1 ? Node() : body.statement(0)["SelectStmt"];
  const bool expression_only =
      query && !query["fromClause"] && !query["whereClause"] && !query["limitCount"] && query["targetList"].size() == 1;
  if (!expression_only) return is_volatile();
  walk_expression(query["targetList"], facts, depth + 1);
}

namespace {

/// The relation that a regclass literal names: app.orders_id_seq, "Order_id_seq".
QualifiedName regclass(std::string_view text) {
  const auto words = model::sql_words(text);
  if (words.size() == 1 && words[0].is_name()) return {{}, Identifier(words[0].text)};
  if (words.size() == 3 && words[0].is_name() && words[1].is(".") && words[2].is_name())
    return {Identifier(words[0].text), Identifier(words[2].text)};
  return {};
}

}  // namespace

void LockModel::walk_expression(Node tree, ExpressionFacts& facts, int depth) const {
  std::vector<Node> left = {tree};
  while (!left.empty()) {
    const Node node = left.back();
    left.pop_back();
    if (const Node call = node["FuncCall"]) {
      const QualifiedName name = name_of(call["funcname"]);
      QualifiedName plain = name;
      if (plain.schema.text() == "pg_catalog") plain.schema = Identifier();
      function_facts(plain, facts, depth);
      if (plain.name.text() == "nextval") {
        Node argument = call["args"].item(0);
        if (argument["TypeCast"]) argument = argument["TypeCast"]["arg"];
        const QualifiedName sequence = regclass(argument["A_Const"]["sval"]["sval"].text());
        if (!sequence.name.empty()) facts.sequences.push_back(sequence);
      }
    }
    for (std::size_t i = 0; i < node.size(); ++i) left.push_back(node.item(i));
    for (std::size_t i = 0; i < node.member_count(); ++i) left.push_back(node.member(i));
  }
}

ExpressionFacts LockModel::expression(Node tree) const {
  ExpressionFacts facts;
  walk_expression(tree, facts, 0);
  return facts;
}

ExpressionFacts LockModel::expression_of(std::string_view sql) const {
  const ParseTree tree("SELECT " + std::string(sql));
  ExpressionFacts facts;
  if (!tree.problem()) walk_expression(tree.statement(0), facts, 0);
  return facts;
}

std::string type_of(Node type_name) {
  const Node names = type_name["names"];
  if (names.size() == 0) return {};
  std::string sql(names.item(names.size() - 1)["String"]["sval"].text());
  if (names.size() == 2 && !names.item(0)["String"]["sval"].is("pg_catalog"))
    sql = std::string(names.item(0)["String"]["sval"].text()) + "." + sql;
  const Node modifiers = type_name["typmods"];
  std::vector<std::string> numbers;
  const bool interval = sql == "interval";
  for (std::size_t i = interval ? 1 : 0; i < modifiers.size(); ++i)
    numbers.push_back(std::to_string(modifiers.item(i)["A_Const"]["ival"]["ival"].number().value_or(0)));
  if (!numbers.empty()) sql += "(" + join(numbers, ",") + ")";
  if (type_name["arrayBounds"].size() > 0) sql += "[]";
  return canonical_type(sql).sql;
}

}  // namespace bascule::dialects::postgres
