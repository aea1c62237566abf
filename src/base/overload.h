// What: visitors over closed sets. A pass is a named struct with one operator() an alternative;
// static_assert(kCovers<Pass, Variant>) makes the compiler name the pass that forgot one, in a few lines.
#pragma once

#include <type_traits>
#include <variant>

namespace bascule {

template <class... Ts>
struct Overload : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overload(Ts...) -> Overload<Ts...>;

template <class Visitor, class Variant>
struct Covers;
template <class Visitor, class... Ts>
struct Covers<Visitor, std::variant<Ts...>> : std::bool_constant<(std::is_invocable_v<Visitor, const Ts&> && ...)> {};

template <class Visitor, class Variant>
inline constexpr bool kCovers = Covers<Visitor, Variant>::value;

}  // namespace bascule
