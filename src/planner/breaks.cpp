#include "planner/breaks.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/overload.h"
#include "model/lookup.h"

namespace bascule::planner {

namespace {

constexpr const char* kStillUsed = "the release that runs now may still use it";

bool rewrites_table(const plan::Impact& impact) {
  return std::any_of(impact.rewrites.begin(), impact.rewrites.end(),
                     [](const plan::Work& work) { return work.kind == plan::RelationKind::kTable; });
}

struct BreakOf {
  const plan::Impact& impact;
  const model::Schema& before;
  const NewRelations& fresh;

  using Found = std::optional<Break>;

  Found operator()(const model::DropTable& o) const {
    if (fresh.has(o.table) || (o.if_exists && model::find_table(before, o.table) == nullptr)) return {};
    return Break{"drop-table", fmt::format("table {} is dropped", display(o.table)), kStillUsed};
  }
  Found operator()(const model::RenameTable& o) const {
    if (fresh.has(o.table)) return {};
    return Break{"rename-table", fmt::format("table {} is renamed to {}", display(o.table), o.new_name.text()),
                 kStillUsed};
  }
  Found operator()(const model::DropColumn& o) const {
    if (fresh.has(o.table, o.column)) return {};
    const model::Table* table = model::find_table(before, o.table);
    if (o.if_exists && table != nullptr && model::find_column(*table, o.column) == nullptr) return {};
    return Break{"drop-column", fmt::format("column {}.{} is dropped", display(o.table), o.column.text()), kStillUsed};
  }
  Found operator()(const model::AlterColumn& o) const {
    if (fresh.has(o.table, o.column)) return {};
    if (o.new_name)
      return Break{"rename-column",
                   fmt::format("column {}.{} is renamed to {}", display(o.table), o.column.text(), o.new_name->text()),
                   kStillUsed};
    if (o.type && rewrites_table(impact))
      return Break{"change-column-type",
                   fmt::format("the type of {}.{} changes, and the table is written anew for it", display(o.table),
                               o.column.text()),
                   "nobody can read or write it meanwhile, and the release that runs now expects the old type"};
    return {};
  }
  Found operator()(const model::RenameEnumValue& o) const {
    return Break{"rename-enum-value", fmt::format("value '{}' of {} is renamed", o.value, display(o.type)), kStillUsed};
  }
  Found operator()(const model::DropObject& o) const {
    const bool view = o.kind == model::ObjectKind::kView || o.kind == model::ObjectKind::kMaterializedView;
    if (o.kind == model::ObjectKind::kSchema)
      return Break{"drop-schema", fmt::format("schema {} is dropped", display(o.name)), kStillUsed};
    if (!view || fresh.has(o.name)) return {};
    return Break{"drop-view", fmt::format("{} {} is dropped", model::object_noun(o.kind), display(o.name)), kStillUsed};
  }
  Found operator()(const model::RenameObject& o) const {
    const bool view = o.kind == model::ObjectKind::kView || o.kind == model::ObjectKind::kMaterializedView;
    if (o.kind == model::ObjectKind::kSchema)
      return Break{"rename-schema", fmt::format("schema {} is renamed to {}", display(o.name), o.new_name.text()),
                   kStillUsed};
    if (!view || fresh.has(o.name)) return {};
    return Break{"rename-view",
                 fmt::format("{} {} is renamed to {}", model::object_noun(o.kind), display(o.name), o.new_name.text()),
                 kStillUsed};
  }
  Found operator()(const model::MoveToSchema& o) const {
    if (fresh.has(o.name) || (o.kind != model::ObjectKind::kTable && o.kind != model::ObjectKind::kView)) return {};
    return Break{"rename-table", fmt::format("{} moves to the schema {}", display(o.name), o.new_schema.text()),
                 kStillUsed};
  }
  /// What adds, or guards rows, or goes unseen by queries.
  template <class Other>
  Found operator()(const Other&) const {
    return {};
  }
};

}  // namespace

std::optional<Break> break_of(const model::Operation& operation, const plan::Impact& impact,
                              const model::Schema& before, const NewRelations& fresh) {
  return std::visit(BreakOf{impact, before, fresh}, operation);
}

const std::vector<std::string_view>& allow_names() {
  static const std::vector<std::string_view> kNames = {
      "add-column-stored-generated",
      "attach-partition-scan",
      "change-column-type",
      "drop-column",
      "drop-schema",
      "drop-table",
      "drop-view",
      "exclusion-constraint",
      "hand-over",
      "index-build-under-lock",
      "live-revision",
      "lock-table",
      "rename-column",
      "rename-enum-value",
      "rename-schema",
      "rename-table",
      "rename-view",
      "rewrite-under-lock",
      "scan-under-lock",
      "session-setting",
      "transaction-control",
  };
  return kNames;
}

std::string_view hazard_name(const model::Operation* operation, Hazard::Kind kind) {
  if (operation != nullptr) {
    const auto* added = std::get_if<model::AddConstraint>(operation);
    if (added != nullptr && std::holds_alternative<model::ExcludeConstraint>(added->constraint))
      return "exclusion-constraint";
    const auto* altered = std::get_if<model::AlterColumn>(operation);
    if (altered != nullptr && altered->type) return "change-column-type";
    const auto* column = std::get_if<model::AddColumn>(operation);
    if (column != nullptr && column->column.computed) return "add-column-stored-generated";
    if (std::holds_alternative<model::AttachPartition>(*operation)) return "attach-partition-scan";
  }
  switch (kind) {
    case Hazard::Kind::kScan:
      return "scan-under-lock";
    case Hazard::Kind::kRewrite:
      return "rewrite-under-lock";
    case Hazard::Kind::kIndexBuild:
      return "index-build-under-lock";
  }
  return "scan-under-lock";
}

}  // namespace bascule::planner
