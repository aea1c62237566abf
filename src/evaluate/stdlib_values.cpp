// The modules uuid and decimal.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <random>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/decimal.h"
#include "evaluate/format.h"
#include "evaluate/native_values.h"
#include "evaluate/stdlib_modules.h"

namespace bascule::evaluate {

namespace {

/// The system's random numbers: tokens and ids must not be predictable.
class Entropy {
 public:
  using result_type = std::uint64_t;
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() { return (static_cast<std::uint64_t>(device_()) << 32U) | device_(); }

 private:
  std::random_device device_;
};

Entropy& randomness() {
  thread_local Entropy entropy;
  return entropy;
}

std::string dashed(const std::string& hex) {
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20);
}

Value make_uuid(const std::string& hex) { return ObjectPtr(std::make_shared<UuidObject>(dashed(hex))); }

/// Puts version and RFC 4122 variant into 32 hexadecimal digits.
std::string stamped(std::string hex, char version) {
  hex[12] = version;
  hex[16] = "89ab"[static_cast<std::size_t>(std::strtoul(std::string(1, hex[16]).c_str(), nullptr, 16)) % 4];
  return hex;
}

std::string random_hex() { return fmt::format("{:016x}{:016x}", randomness()(), randomness()()); }

std::string time_hex() {
  // 100-nanosecond steps since 1582-10-15.
  auto now =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::uint64_t steps = static_cast<std::uint64_t>(now) / 100 + 0x01B21DD213814000ULL;
  std::string tail = random_hex().substr(0, 16);
  return stamped(
      fmt::format("{:08x}{:04x}{:04x}", steps & 0xFFFFFFFFU, (steps >> 32U) & 0xFFFFU, (steps >> 48U) & 0x0FFFU) + tail,
      '1');
}

/// SHA-1 (FIPS 180-4), for uuid5 only; in hexadecimal.
std::string sha1(std::string data) {
  std::array<std::uint32_t, 5> state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::uint64_t bits = static_cast<std::uint64_t>(data.size()) * 8;
  data += '\x80';
  while (data.size() % 64 != 56) data += '\0';
  for (int shift = 56; shift >= 0; shift -= 8)
    data += static_cast<char>(static_cast<unsigned char>((bits >> static_cast<unsigned>(shift)) & 0xFFU));
  auto rotate = [](std::uint32_t x, unsigned n) { return (x << n) | (x >> (32 - n)); };
  for (std::size_t block = 0; block < data.size(); block += 64) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 64; ++i) w[i / 4] = (w[i / 4] << 8U) | static_cast<unsigned char>(data[block + i]);
    for (std::size_t i = 16; i < 80; ++i) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = state;
    for (std::size_t i = 0; i < 80; ++i) {
      std::uint32_t f = i < 20   ? (b & c) | (~b & d)
                        : i < 40 ? b ^ c ^ d
                        : i < 60 ? (b & c) | (b & d) | (c & d)
                                 : b ^ c ^ d;
      std::uint32_t k = i < 20 ? 0x5A827999U : i < 40 ? 0x6ED9EBA1U : i < 60 ? 0x8F1BBCDCU : 0xCA62C1D6U;
      std::uint32_t next = rotate(a, 5) + f + e + k + w[i];
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
  }
  std::string out;
  for (std::uint32_t word : state) out += fmt::format("{:08x}", word);
  return out;
}

std::string hex_of(const UuidObject& uuid) { return replace_all(uuid.text, "-", ""); }

std::string bytes_of(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(static_cast<unsigned char>(std::strtoul(hex.substr(i, 2).c_str(), nullptr, 16)));
  }
  return out;
}

std::string hex_digits(std::string_view text) {
  std::string hex;
  for (char c : text) {
    if (c != '-' && c != '{' && c != '}') hex += c;
  }
  hex = to_lower_ascii(hex);
  if (hex.starts_with("urn:uuid:")) hex.erase(0, 9);
  if (hex.size() != 32 || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
    raise_python("ValueError", "badly formed hexadecimal UUID string");
  }
  return hex;
}

Value new_uuid(Interpreter&, Arguments& arguments) {
  Binder bind("UUID", arguments, {"hex", "bytes"}, {"int", "version"});
  if (auto hex = bind.present("hex")) {
    if (hex->as<UuidObject>()) raise_type_error("UUID(): expected str, got UUID");
    std::string digits = hex_digits(text_argument("UUID", *hex));
    auto version = bind.present("version");
    return make_uuid(version ? stamped(digits, static_cast<char>('0' + int_argument("UUID", *version) % 10)) : digits);
  }
  if (auto bytes = bind.present("bytes")) {
    if (!bytes->as_bytes() || bytes->as_bytes()->data.size() != 16)
      raise_python("ValueError", "bytes is not a 16-char string");
    std::string hex;
    for (char c : bytes->as_bytes()->data) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return make_uuid(hex);
  }
  if (auto number = bind.present("int")) {
    std::int64_t given = int_argument("UUID", *number);
    if (given < 0) raise_python("ValueError", "int is out of range (need a 128-bit value)");
    return make_uuid(fmt::format("{:032x}", given));
  }
  raise_type_error("one of the hex, bytes, bytes_le, fields, or int arguments must be given");
}

/// Digits, point and exponent of a Decimal's text; throws InvalidOperation's text as ValueError.
std::string checked_decimal(std::string_view given) {
  std::string text;
  for (char c : trim(given)) {
    if (c != '_') text += c;
  }
  std::string lower = to_lower_ascii(text);
  std::string_view rest = lower;
  std::string sign;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) {
    if (rest[0] == '-') sign = "-";
    rest.remove_prefix(1);
  }
  if (rest == "nan") return sign + "NaN";
  if (rest == "inf" || rest == "infinity") return sign + "Infinity";
  std::size_t at = 0;
  std::size_t digits = 0;
  auto run = [&] {
    for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at) ++digits;
  };
  run();
  if (at < rest.size() && rest[at] == '.') {
    ++at;
    run();
  }
  bool good = digits > 0;
  if (good && at < rest.size() && rest[at] == 'e') {
    ++at;
    if (at < rest.size() && (rest[at] == '+' || rest[at] == '-')) ++at;
    digits = 0;
    run();
    good = digits > 0;
  }
  if (!good || at != rest.size()) raise_python("ValueError", fmt::format("invalid literal for Decimal: '{}'", given));
  std::string out(rest);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c == 'e' ? 'E' : c; });
  if (out[0] == '.') out.insert(out.begin(), '0');
  return sign + out;
}

Value new_decimal(Interpreter&, Arguments& arguments) {
  Binder bind("Decimal", arguments, {"value", "context"});
  Value given = bind.optional("value").value_or(Value("0"));
  if (given.as<DecimalObject>()) return given;
  if (const double* real = given.as_float()) {
    // Exactly the binary value, as Python does: Decimal(0.1) is long.
    std::string text = fmt::format("{:.1100f}", *real);
    if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return ObjectPtr(std::make_shared<DecimalObject>(text));
  }
  if (given.as_int() || given.as_bool()) {
    return ObjectPtr(std::make_shared<DecimalObject>(std::to_string(int_argument("Decimal", given))));
  }
  return ObjectPtr(std::make_shared<DecimalObject>(checked_decimal(text_argument("Decimal", given))));
}

}  // namespace

std::optional<Value> UuidObject::attribute(Interpreter&, std::string_view name) {
  if (name == "hex") return Value(hex_of(*this));
  if (name == "int") return Value(ObjectPtr(std::make_shared<UuidInteger>(hex_of(*this))));
  if (name == "urn") return Value("urn:uuid:" + text);
  if (name == "version") return Value(static_cast<std::int64_t>(text[14] - '0'));
  if (name == "bytes") return Value(Bytes{bytes_of(hex_of(*this))});
  return std::nullopt;
}

UuidInteger::UuidInteger(std::string_view hexadecimal) : digits(hexadecimal) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

std::optional<Value> UuidInteger::binary(Interpreter&, BinaryOperator op, const Value& other, bool) {
  const auto same = other.as<UuidInteger>();
  if (op == BinaryOperator::kEq) return Value(same && same->digits == digits);
  if (op == BinaryOperator::kNe) return Value(!same || same->digits != digits);
  throw Refusal("integer-too-large", "numbers of 128 bits are not calculated with", "use the text of the UUID");
}

std::string UuidInteger::repr(Interpreter&) {
  __extension__ unsigned __int128 number = 0;
  for (const char digit : digits)
    number = number * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  std::string out;
  do {
    out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number != 0);
  return out;
}

bool UuidInteger::equals(const Object& other) const {
  const auto* same = dynamic_cast<const UuidInteger*>(&other);
  return same != nullptr && same->digits == digits;
}

std::optional<Value> UuidObject::binary(Interpreter&, BinaryOperator op, const Value& other, bool reflected) {
  auto same = other.as<UuidObject>();
  if (!same) return std::nullopt;
  const std::string& a = reflected ? same->text : text;
  const std::string& b = reflected ? text : same->text;
  if (op == BinaryOperator::kEq) return Value(a == b);
  if (op == BinaryOperator::kNe) return Value(a != b);
  if (op == BinaryOperator::kLt) return Value(a < b);
  if (op == BinaryOperator::kLe) return Value(a <= b);
  if (op == BinaryOperator::kGt) return Value(a > b);
  if (op == BinaryOperator::kGe) return Value(a >= b);
  return std::nullopt;
}

bool UuidObject::equals(const Object& other) const {
  const auto* same = dynamic_cast<const UuidObject*>(&other);
  return same && same->text == text;
}

std::optional<Value> DecimalObject::binary(Interpreter&, BinaryOperator op, const Value& other, bool reflected) {
  auto same = other.as<DecimalObject>();
  if (!same && !other.as_int() && !other.as_float() && !other.as_bool()) return std::nullopt;
  long double mine = std::strtold(digits.c_str(), nullptr);
  long double its =
      same ? std::strtold(same->digits.c_str(), nullptr) : static_cast<long double>(real_argument("Decimal", other));
  long double a = reflected ? its : mine;
  long double b = reflected ? mine : its;
  if (op == BinaryOperator::kEq) return Value(a == b);
  if (op == BinaryOperator::kNe) return Value(a != b);
  if (op == BinaryOperator::kLt) return Value(a < b);
  if (op == BinaryOperator::kLe) return Value(a <= b);
  if (op == BinaryOperator::kGt) return Value(a > b);
  if (op == BinaryOperator::kGe) return Value(a >= b);
  if (other.as_float()) return std::nullopt;  // TypeError, as in Python
  const std::string theirs = same ? same->digits : std::to_string(int_argument("Decimal", other));
  const auto left = to_decimal(reflected ? theirs : digits);
  const auto right = to_decimal(reflected ? digits : theirs);
  std::optional<DecimalNumber> result;
  if (left && right) {
    if (op == BinaryOperator::kAdd) result = add(*left, *right);
    if (op == BinaryOperator::kSub) result = subtract(*left, *right);
    if (op == BinaryOperator::kMul) result = multiply(*left, *right);
    if (op == BinaryOperator::kDiv && right->coefficient == 0)
      raise_python("ZeroDivisionError", "[<class 'decimal.DivisionByZero'>]");
    if (op == BinaryOperator::kDiv) result = divide(*left, *right);
  }
  if (result) return Value(ObjectPtr(std::make_shared<DecimalObject>(decimal_text(*result))));
  throw Refusal("not-supported", "arithmetic with decimal.Decimal that has to round is not evaluated",
                "write the result into the migration, or let the database compute it in SQL");
}

std::optional<Value> DecimalObject::attribute(Interpreter&, std::string_view name) {
  if (name == "__int__") {
    return make_function("Decimal.__int__", [held = digits](Interpreter&, Arguments&) {
      const auto number = to_decimal(held);
      const auto whole = number ? truncated(*number) : std::nullopt;
      if (!whole) throw Refusal("integer-too-large", "the integer does not fit in 64 bits");
      return Value(*whole);
    });
  }
  if (name == "__float__") {
    return make_function("Decimal.__float__", [held = digits](Interpreter&, Arguments&) {
      return Value(std::strtod(held.c_str(), nullptr));
    });
  }
  return std::nullopt;
}

std::optional<Value> DecimalObject::unary(Interpreter&, UnaryOperator op) {
  if (op == UnaryOperator::kInvert) return std::nullopt;
  if (op == UnaryOperator::kPositive) return Value(shared_from_this());
  return Value(ObjectPtr(std::make_shared<DecimalObject>(digits[0] == '-' ? digits.substr(1) : "-" + digits)));
}

bool DecimalObject::equals(const Object& other) const {
  const auto* same = dynamic_cast<const DecimalObject*>(&other);
  return same && std::strtold(same->digits.c_str(), nullptr) == std::strtold(digits.c_str(), nullptr);
}

std::size_t DecimalObject::hash() const { return std::hash<double>{}(std::strtod(digits.c_str(), nullptr)); }

Value uuid_module() {
  auto by_name = [](Interpreter&, Arguments& arguments) -> Value {
    Binder bind("uuid.uuid5", arguments, {"namespace", "name"});
    auto space = bind.required("namespace").as<UuidObject>();
    if (!space) raise_type_error("uuid5(): namespace must be a UUID");
    return make_uuid(
        stamped(sha1(bytes_of(hex_of(*space)) + text_argument("uuid5", bind.required("name"))).substr(0, 32), '5'));
  };
  Value type = ObjectPtr(std::make_shared<NativeClass>(
      "uuid.UUID", new_uuid, [](const Value& v) { return v.as<UuidObject>() != nullptr; },
      std::map<std::string, Value, std::less<>>{}));
  return Members("uuid")
      .value("UUID", type)
      .function("uuid1", [](Interpreter&, Arguments&) { return make_uuid(time_hex()); })
      .function("uuid4", [](Interpreter&, Arguments&) { return make_uuid(stamped(random_hex(), '4')); })
      .function("uuid5", by_name)
      .value("NAMESPACE_DNS", make_uuid("6ba7b8109dad11d180b400c04fd430c8"))
      .value("NAMESPACE_URL", make_uuid("6ba7b8119dad11d180b400c04fd430c8"))
      .value("NAMESPACE_OID", make_uuid("6ba7b8129dad11d180b400c04fd430c8"))
      .value("NAMESPACE_X500", make_uuid("6ba7b8149dad11d180b400c04fd430c8"))
      .build();
}

Value decimal_module() {
  Value type = ObjectPtr(std::make_shared<NativeClass>(
      "decimal.Decimal", new_decimal, [](const Value& v) { return v.as<DecimalObject>() != nullptr; },
      std::map<std::string, Value, std::less<>>{}));
  return Members("decimal").value("Decimal", type).build();
}

// --- random numbers: real ones, so that a migration that makes tokens makes new ones ---

Value random_module() {
  auto between = [](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(randomness());
  };
  return Members("random")
      .function(
          "random",
          [](Interpreter&, Arguments&) -> Value { return std::uniform_real_distribution<double>(0, 1)(randomness()); })
      .function("randint",
                [between](Interpreter&, Arguments& arguments) -> Value {
                  Binder bind("random.randint", arguments, {"a", "b"});
                  std::int64_t low = int_argument("randint", bind.required("a"));
                  std::int64_t high = int_argument("randint", bind.required("b"));
                  if (low > high) raise_python("ValueError", "empty range for randint()");
                  return between(low, high);
                })
      .function("choice",
                [between](Interpreter& interpreter, Arguments& arguments) -> Value {
                  Binder bind("random.choice", arguments, {"seq"});
                  std::vector<Value> items = interpreter.iterate(bind.required("seq"));
                  if (items.empty()) raise_python("IndexError", "Cannot choose from an empty sequence");
                  return items[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(items.size()) - 1))];
                })
      .function("seed", [](Interpreter&, Arguments&) -> Value { return {}; })
      .build();
}

Value secrets_module() {
  auto bytes = [](const char* name, const Arguments& arguments) {
    Binder bind(name, arguments, {"nbytes"});
    auto given = bind.present("nbytes");
    std::int64_t count = given ? int_argument(name, *given) : 32;
    if (count < 0 || count > 1'000'000) raise_python("ValueError", "nbytes is out of range");
    std::string out;
    for (std::int64_t i = 0; i < count; ++i)
      out += static_cast<char>(static_cast<unsigned char>(randomness()() & 0xFFU));
    return out;
  };
  return Members("secrets")
      .function("token_hex",
                [bytes](Interpreter&, Arguments& arguments) -> Value {
                  std::string out;
                  for (char c : bytes("token_hex", arguments))
                    out += fmt::format("{:02x}", static_cast<unsigned char>(c));
                  return out;
                })
      .function("token_bytes",
                [bytes](Interpreter&, Arguments& arguments) -> Value { return Bytes{bytes("token_bytes", arguments)}; })
      .function("token_urlsafe",
                [bytes](Interpreter&, Arguments& arguments) -> Value {
                  static constexpr std::string_view kAlphabet =
                      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
                  std::string data = bytes("token_urlsafe", arguments);
                  std::string out;
                  std::size_t wanted = (data.size() * 8 + 5) / 6;
                  for (std::size_t i = 0; i < wanted; ++i) out += kAlphabet[randomness()() % 64];
                  return out;
                })
      .build();
}

}  // namespace bascule::evaluate
