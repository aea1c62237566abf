// What: exact arithmetic on decimal numbers in text, as decimal.Decimal does it while 28 digits hold the result.
// Must not know: values, the language.
// Invariants: nothing is rounded: what would be is nullopt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bascule::evaluate {

__extension__ typedef __int128 WideInteger;

/// coefficient * 10^exponent; |coefficient| below 10^28.
struct DecimalNumber {
  WideInteger coefficient = 0;
  std::int64_t exponent = 0;
};

/// nullopt: NaN, Infinity, or more digits than Python's default context keeps.
std::optional<DecimalNumber> to_decimal(std::string_view digits);
/// As Python's str(Decimal) writes it.
std::string decimal_text(const DecimalNumber& number);

std::optional<DecimalNumber> add(const DecimalNumber& left, const DecimalNumber& right);
std::optional<DecimalNumber> subtract(const DecimalNumber& left, const DecimalNumber& right);
std::optional<DecimalNumber> multiply(const DecimalNumber& left, const DecimalNumber& right);
/// The quotient in the shortest form, as Python divides; nullopt: 28 digits do not hold it, or right is zero.
std::optional<DecimalNumber> divide(const DecimalNumber& left, const DecimalNumber& right);
/// Without the fraction; nullopt: beyond 64 bits.
std::optional<std::int64_t> truncated(const DecimalNumber& number);

}  // namespace bascule::evaluate
