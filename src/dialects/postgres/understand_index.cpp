// CREATE INDEX, and the elements that it shares with EXCLUDE constraints.
#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

namespace {

model::Expression ordered(model::Expression indexed, Node element) {
  const auto around = [&](const char* op) { indexed = Box<model::UnaryExpr>({op, std::move(indexed), true}); };
  if (element["ordering"].is("SORTBY_ASC")) around("ASC");
  if (element["ordering"].is("SORTBY_DESC")) around("DESC");
  if (element["nulls_ordering"].is("SORTBY_NULLS_FIRST")) around("NULLS FIRST");
  if (element["nulls_ordering"].is("SORTBY_NULLS_LAST")) around("NULLS LAST");
  return indexed;
}

}  // namespace

/// written: column, function call or bracketed expression [COLLATE name] [operator class] [ASC | DESC] [NULLS ...]
model::IndexElement Understanding::index_element(Node element, Range written) {
  model::IndexElement made;
  std::size_t at = written.begin + 1;
  if (element["name"]) {
    made.sql = model::ColumnExpr{{}, identifier(element["name"])};
  } else {
    // The first bracket belongs to the expression: what may stand after it has brackets only behind a name.
    const std::size_t bracket = text_.find_symbol(written, '(');
    if (bracket == written.end) return unsay(), made;
    at = text_.after(bracket);
    made.sql = model::TextExpr{text_.slice({written.begin, at})};
  }
  const auto skip_name = [&] {
    ++at;
    while (text_.symbol(at, '.')) at += 2;
  };
  if (element["collation"]) {
    ++at;
    skip_name();
    made.sql = Box<model::CollateExpr>({std::move(made.sql), collation(element["collation"])});
  }
  if (element["opclass"]) {
    const std::size_t begin = at;
    skip_name();
    if (text_.symbol(at, '(')) at = text_.after(at);
    made.opclass = text_.slice({begin, at});
  }
  made.sql = ordered(std::move(made.sql), element);
  return made;
}

void Understanding::create_index(Node node) {
  model::CreateIndex made;
  made.table = relation(node["relation"]);
  made.if_not_exists = node["if_not_exists"].flag();
  made.index.name = identifier(node["idxname"]);
  made.index.unique = node["unique"].flag();
  auto& options_of = made.index.postgresql;
  options_of.concurrently = node["concurrent"].flag();
  if (!node["relation"]["inh"].flag()) incomplete();  // ON ONLY: the partitions are left out

  const std::size_t table = token_at(node["relation"]);
  const std::size_t bracket = text_.find_symbol({table, text_.count()}, '(');
  if (text_.find_word({table, bracket}, "USING") < bracket)
    options_of.using_method = std::string(node["accessMethod"].text());
  const auto written = text_.split(text_.inside(bracket));
  const Node elements = node["indexParams"];
  if (written.size() != elements.size()) return unsay();
  for (std::size_t i = 0; i < written.size(); ++i)
    made.index.elements.push_back(index_element(elements.item(i)["IndexElem"], written[i]));

  const Node included = node["indexIncludingParams"];
  for (std::size_t i = 0; i < included.size(); ++i)
    options_of.include.push_back(identifier(included.item(i)["IndexElem"]["name"]));
  if (node["nulls_not_distinct"].flag()) options_of.nulls_not_distinct = true;
  const std::size_t rest = text_.after(bracket);
  if (node["options"]) options_of.with = options(text_.find_word({rest, text_.count()}, "WITH") + 1);
  options_of.tablespace = identifier(node["tableSpace"]);
  if (node["whereClause"]) {
    const std::size_t where = text_.find_word({rest, text_.count()}, "WHERE");
    options_of.where = model::TextExpr{text_.slice({where + 1, text_.count()})};
  }
  say(std::move(made));
}

}  // namespace bascule::dialects::postgres
