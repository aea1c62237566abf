#include "model/type.h"

#include "base/overload.h"

namespace bascule::model {
namespace {

/// The type behind one variant layer, or null where `type` is not a variant.
struct VariantLayer {
  const std::string& dialect;
  const Type* operator()(const ScalarType&) const { return nullptr; }
  const Type* operator()(const NativeType&) const { return nullptr; }
  const Type* operator()(const EnumType&) const { return nullptr; }
  const Type* operator()(const DomainType&) const { return nullptr; }
  const Type* operator()(const RawType&) const { return nullptr; }
  const Type* operator()(const Box<ArrayType>&) const { return nullptr; }
  const Type* operator()(const Box<VariantType>& variant) const {
    const auto found = variant->by_dialect.find(dialect);
    return found == variant->by_dialect.end() ? &variant->base : &found->second;
  }
};
static_assert(kCovers<VariantLayer, Type>);

}  // namespace

const Type& resolve_variant(const Type& type, const std::string& dialect) {
  const Type* current = &type;
  while (const Type* inner = std::visit(VariantLayer{dialect}, *current)) current = inner;
  return *current;
}

}  // namespace bascule::model
