// What: SHA-256 (FIPS 180-4), for checksums of migrations.
// Must not know: what is summed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bascule::formats::prisma {

std::array<std::uint8_t, 32> sha256(std::string_view bytes);

}  // namespace bascule::formats::prisma
