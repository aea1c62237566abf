// What: Result<T, E>: a value, or what the world did wrong. Ignoring one does not compile.
#pragma once

#include <tl/expected.hpp>

#include <utility>

namespace bascule {

template <class T, class E>
class [[nodiscard]] Result : public tl::expected<T, E> {
 public:
  using tl::expected<T, E>::expected;
  Result(tl::expected<T, E> other) : tl::expected<T, E>(std::move(other)) {}  // NOLINT(google-explicit-constructor)
};

template <class E>
tl::unexpected<std::decay_t<E>> failure(E&& error) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace bascule

#define BASCULE_CONCAT_INNER(a, b) a##b
#define BASCULE_CONCAT(a, b) BASCULE_CONCAT_INNER(a, b)

/// Evaluates a Result; on failure returns its error from the enclosing function.
#define BASCULE_TRY(expr)                                                                      \
  do {                                                                                         \
    auto bascule_try_result = (expr);                                                          \
    if (!bascule_try_result) return ::bascule::failure(std::move(bascule_try_result).error()); \
  } while (false)

/// BASCULE_TRY_ASSIGN(auto x, f()): the value, or return the error.
#define BASCULE_TRY_ASSIGN(target, expr)                                                  \
  auto BASCULE_CONCAT(bascule_try_, __LINE__) = (expr);                                   \
  if (!BASCULE_CONCAT(bascule_try_, __LINE__))                                            \
    return ::bascule::failure(std::move(BASCULE_CONCAT(bascule_try_, __LINE__)).error()); \
  target = std::move(*BASCULE_CONCAT(bascule_try_, __LINE__))
