#include "formats/flyway/checksum.h"

#include <array>
#include <bit>

namespace bascule::formats::flyway {

namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320U;

/// Tables for four bytes at a time.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_tables() {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? (value >> 1) ^ kPolynomial : value >> 1;
    tables[0][i] = value;
  }
  for (std::size_t i = 0; i < 256; ++i)
    for (std::size_t t = 1; t < 4; ++t) tables[t][i] = (tables[t - 1][i] >> 8) ^ tables[0][tables[t - 1][i] & 0xFFU];
  return tables;
}
constexpr auto kTables = make_tables();

std::uint32_t update(std::uint32_t crc, std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    crc ^= byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
    crc = kTables[3][crc & 0xFFU] ^ kTables[2][(crc >> 8) & 0xFFU] ^ kTables[1][(crc >> 16) & 0xFFU] ^
          kTables[0][crc >> 24];
  }
  for (; i < bytes.size(); ++i) crc = kTables[0][(crc ^ byte(i)) & 0xFFU] ^ (crc >> 8);
  return crc;
}

}  // namespace

std::int32_t checksum_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::uint32_t crc = 0xFFFFFFFFU;
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    crc = update(crc, text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return std::bit_cast<std::int32_t>(~crc);
}

}  // namespace bascule::formats::flyway
