#include "model/schema.h"

namespace bascule::model {

std::string_view object_noun(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kTable:
      return "table";
    case ObjectKind::kIndex:
      return "index";
    case ObjectKind::kSequence:
      return "sequence";
    case ObjectKind::kType:
      return "type";
    case ObjectKind::kDomain:
      return "domain";
    case ObjectKind::kView:
      return "view";
    case ObjectKind::kMaterializedView:
      return "materialized view";
    case ObjectKind::kFunction:
      return "function";
    case ObjectKind::kProcedure:
      return "procedure";
    case ObjectKind::kAggregate:
      return "aggregate";
    case ObjectKind::kTrigger:
      return "trigger";
    case ObjectKind::kEventTrigger:
      return "event trigger";
    case ObjectKind::kPolicy:
      return "policy";
    case ObjectKind::kRule:
      return "rule";
    case ObjectKind::kExtension:
      return "extension";
    case ObjectKind::kSchema:
      return "schema";
    case ObjectKind::kCollation:
      return "collation";
    case ObjectKind::kOperator:
      return "operator";
    case ObjectKind::kStatistics:
      return "statistics";
    case ObjectKind::kPublication:
      return "publication";
    case ObjectKind::kForeignTable:
      return "foreign table";
    case ObjectKind::kForeignServer:
      return "server";
    case ObjectKind::kOther:
      return "";
  }
  return "";
}

std::string object_keyword(ObjectKind kind) {
  std::string keyword(object_noun(kind));
  for (char& c : keyword)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return keyword;
}

}  // namespace bascule::model
