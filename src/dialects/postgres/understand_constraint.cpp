// Constraints of tables and columns, and the options of sequences.
#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

namespace {

/// pg_constraint's letters.
std::string_view action(Node letter) {
  if (letter.is("r")) return "RESTRICT";
  if (letter.is("c")) return "CASCADE";
  if (letter.is("n")) return "SET NULL";
  if (letter.is("d")) return "SET DEFAULT";
  return "";  // NO ACTION, said or not
}

model::Deferral deferral(Node node) {
  model::Deferral made;
  if (node["deferrable"].flag() || node["initdeferred"].flag()) made.deferrable = true;
  if (node["initdeferred"].flag()) made.initially = "DEFERRED";
  return made;
}

}  // namespace

/// The expression in the first brackets after a keyword at or after the node's place.
model::Expression Understanding::parenthesized_after(Node node, std::string_view keyword) {
  const std::size_t found = text_.find_word({token_at(node), text_.count()}, keyword);
  if (!text_.symbol(found + 1, '(')) unsay();
  return model::TextExpr{text_.slice(text_.inside(found + 1))};
}

template <class Key>
Key Understanding::key(Node node) {
  Key made;
  made.name = identifier(node["conname"]);
  made.columns = identifiers(node["keys"]);
  made.postgresql_include = identifiers(node["including"]);
  made.postgresql_using_index = identifier(node["indexname"]);
  made.deferral = deferral(node);
  if (node["options"] || node["indexspace"]) unsay();  // WITH (...) and TABLESPACE of the index
  return made;
}

model::ForeignKey Understanding::foreign_key(Node node) {
  model::ForeignKey made;
  made.name = identifier(node["conname"]);
  made.columns = identifiers(node["fk_attrs"]);
  made.referent = relation(node["pktable"]);
  made.referent_columns = identifiers(node["pk_attrs"]);
  made.on_delete = action(node["fk_del_action"]);
  made.on_update = action(node["fk_upd_action"]);
  if (node["fk_matchtype"].is("f")) made.match = "FULL";
  made.deferral = deferral(node);
  made.not_valid = node["skip_validation"].flag();
  made.not_enforced = newer_form(NewerForm::kNotEnforced, node);
  if (node["fk_del_set_cols"] || node["fk_matchtype"].is("p")) unsay();
  return made;
}

model::ExcludeConstraint Understanding::exclusion(Node node) {
  model::ExcludeConstraint made;
  made.name = identifier(node["conname"]);
  made.using_method = node["access_method"] ? std::string(node["access_method"].text()) : "btree";
  made.deferral = deferral(node);
  if (node["options"] || node["indexspace"] || node["including"]) unsay();
  const std::size_t exclude = text_.find_word({token_at(node), text_.count()}, "EXCLUDE");
  const std::size_t bracket = text_.find_symbol({exclude, text_.count()}, '(');
  const auto written = text_.split(text_.inside(bracket));
  const Node elements = node["exclusions"];
  if (written.size() != elements.size()) return unsay(), made;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::size_t with = text_.find_word(written[i], "WITH");
    const model::IndexElement element =
        index_element(elements.item(i)["List"]["items"].item(0)["IndexElem"], {written[i].begin, with});
    made.elements.push_back({element.sql, text_.slice({with + 1, written[i].end}), element.opclass});
  }
  if (node["where_clause"]) {
    const std::size_t where = text_.find_word({text_.after(bracket), text_.count()}, "WHERE");
    made.where = model::TextExpr{text_.slice(text_.inside(where + 1))};
  }
  return made;
}

std::optional<model::Constraint> Understanding::constraint(Node node) {
  const Node kind = node["contype"];
  if (kind.is("CONSTR_PRIMARY")) return key<model::PrimaryKey>(node);
  if (kind.is("CONSTR_UNIQUE")) {
    auto made = key<model::UniqueConstraint>(node);
    made.nulls_not_distinct = node["nulls_not_distinct"].flag();
    return made;
  }
  if (kind.is("CONSTR_FOREIGN")) return foreign_key(node);
  if (kind.is("CONSTR_EXCLUSION")) return exclusion(node);
  if (!kind.is("CONSTR_CHECK")) return std::nullopt;
  model::CheckConstraint made;
  made.name = identifier(node["conname"]);
  made.sql = parenthesized_after(node, "CHECK");
  made.not_valid = node["skip_validation"].flag();
  made.not_enforced = newer_form(NewerForm::kNotEnforced, node);
  made.no_inherit = node["is_no_inherit"].flag();
  return made;
}

model::SequenceOptions Understanding::sequence_options(Node list, model::Sequence* sequence) {
  model::SequenceOptions made;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Node option = list.item(i)["DefElem"];
    const Node name = option["defname"];
    // The tree leaves out negative numbers: they are read from the text, after the option's words.
    std::size_t at = token_at(option);
    while (at < text_.count() && !text_.number(at) && !text_.symbol(at, '-') && !text_.symbol(at, '+')) ++at;
    const auto number = [&] {
      const auto value = text_.integer(at);
      if (!value) unsay();
      return value;
    };
    if (name.is("start")) {
      made.start = number();
    } else if (name.is("increment")) {
      made.increment = number();
    } else if (name.is("cache")) {
      made.cache = number();
    } else if (name.is("minvalue")) {
      if (option["arg"])
        made.minimum = number();
      else
        made.no_minimum = true;
    } else if (name.is("maxvalue")) {
      if (option["arg"])
        made.maximum = number();
      else
        made.no_maximum = true;
    } else if (name.is("cycle")) {
      made.cycle = option["arg"]["Boolean"]["boolval"].flag();
    } else if (name.is("as") && sequence != nullptr) {
      made.data_type = type(option["arg"]["TypeName"]);
    } else if (name.is("owned_by") && sequence != nullptr) {
      const Node names = option["arg"]["List"]["items"];
      const auto part = [&](std::size_t index) { return identifier(names.item(index)["String"]["sval"]); };
      if (names.size() == 1 && part(0).text() == "none") continue;
      if (names.size() < 2 || names.size() > 3) return unsay(), made;
      sequence->owned_by = {names.size() == 3 ? part(0) : Identifier(), part(names.size() - 2)};
      sequence->owned_by_column = part(names.size() - 1);
    } else {
      unsay();
    }
  }
  return made;
}

}  // namespace bascule::dialects::postgres
