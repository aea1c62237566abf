#include "evaluate/decimal.h"

#include <algorithm>
#include <limits>

namespace bascule::evaluate {

namespace {

using Wide = WideInteger;

constexpr int kDigits = 28;

Wide power_of_ten(std::int64_t exponent) {
  Wide out = 1;
  for (std::int64_t i = 0; i < exponent; ++i) out *= 10;
  return out;
}

bool fits(Wide coefficient) {
  static const Wide kLimit = power_of_ten(kDigits);
  return coefficient < kLimit && coefficient > -kLimit;
}

std::string digits_of(Wide number) {
  std::string out;
  do {
    out += static_cast<char>('0' + static_cast<int>(number % 10));
    number /= 10;
  } while (number != 0);
  std::reverse(out.begin(), out.end());
  return out;
}

/// The coefficient at a smaller exponent.
std::optional<Wide> at_exponent(const DecimalNumber& number, std::int64_t exponent) {
  const std::int64_t shift = number.exponent - exponent;
  if (number.coefficient == 0) return Wide{0};
  if (shift > kDigits) return std::nullopt;
  const Wide shifted = number.coefficient * power_of_ten(shift);  // below 10^56 only if both are large
  if (shifted / power_of_ten(shift) != number.coefficient || !fits(shifted)) return std::nullopt;
  return shifted;
}

std::optional<DecimalNumber> kept(Wide coefficient, std::int64_t exponent) {
  if (!fits(coefficient)) return std::nullopt;
  return DecimalNumber{coefficient, exponent};
}

}  // namespace

std::optional<DecimalNumber> to_decimal(std::string_view digits) {
  DecimalNumber number;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  bool point = false;
  std::size_t at = 0;
  for (; at < digits.size() && digits[at] != 'E' && digits[at] != 'e'; ++at) {
    if (digits[at] == '.') {
      point = true;
      continue;
    }
    if (digits[at] < '0' || digits[at] > '9') return std::nullopt;
    number.coefficient = number.coefficient * 10 + (digits[at] - '0');
    if (!fits(number.coefficient)) return std::nullopt;
    if (point) --number.exponent;
  }
  if (at < digits.size()) {
    const std::string exponent(digits.substr(at + 1));
    if (exponent.size() > 6) return std::nullopt;
    number.exponent += std::stoll(exponent);
  }
  if (negative) number.coefficient = -number.coefficient;
  return number;
}

std::string decimal_text(const DecimalNumber& number) {
  const bool negative = number.coefficient < 0;
  std::string digits = digits_of(negative ? -number.coefficient : number.coefficient);
  const auto length = static_cast<std::int64_t>(digits.size());
  const std::int64_t adjusted = number.exponent + length - 1;
  if (number.exponent <= 0 && adjusted >= -6) {
    if (number.exponent < 0) {
      const auto places = static_cast<std::size_t>(-number.exponent);
      if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
      digits.insert(digits.size() - places, ".");
    }
  } else {
    if (length > 1) digits.insert(1, ".");
    digits += (adjusted < 0 ? "E" : "E+") + std::to_string(adjusted);
  }
  return negative ? "-" + digits : digits;
}

std::optional<DecimalNumber> add(const DecimalNumber& left, const DecimalNumber& right) {
  const std::int64_t exponent = std::min(left.exponent, right.exponent);
  const auto a = at_exponent(left, exponent);
  const auto b = at_exponent(right, exponent);
  if (!a || !b) return std::nullopt;
  return kept(*a + *b, exponent);
}

std::optional<DecimalNumber> subtract(const DecimalNumber& left, const DecimalNumber& right) {
  return add(left, {-right.coefficient, right.exponent});
}

std::optional<DecimalNumber> multiply(const DecimalNumber& left, const DecimalNumber& right) {
  Wide product = 0;
  if (__builtin_mul_overflow(left.coefficient, right.coefficient, &product)) return std::nullopt;
  return kept(product, left.exponent + right.exponent);
}

std::optional<DecimalNumber> divide(const DecimalNumber& left, const DecimalNumber& right) {
  if (right.coefficient == 0) return std::nullopt;
  const std::int64_t ideal = left.exponent - right.exponent;
  Wide numerator = left.coefficient;
  // One more digit at a time, until the division leaves nothing over.
  for (std::int64_t exponent = ideal; exponent > ideal - kDigits; --exponent) {
    if (numerator % right.coefficient == 0) return kept(numerator / right.coefficient, exponent);
    if (__builtin_mul_overflow(numerator, Wide{10}, &numerator)) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::int64_t> truncated(const DecimalNumber& number) {
  Wide whole = number.coefficient;
  if (number.exponent < 0) {
    whole = -number.exponent > kDigits ? Wide{0} : whole / power_of_ten(-number.exponent);
  } else if (whole != 0) {
    if (number.exponent > kDigits) return std::nullopt;
    if (__builtin_mul_overflow(whole, power_of_ten(number.exponent), &whole)) return std::nullopt;
  }
  if (whole > std::numeric_limits<std::int64_t>::max() || whole < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

}  // namespace bascule::evaluate
