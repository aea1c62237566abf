// What: Flyway's checksum of a script.
// Must not know: files.
#pragma once

#include <cstdint>
#include <string_view>

namespace bascule::formats::flyway {

/// CRC-32 over the text in UTF-8 without its line ends (CR, LF) and without a mark at its beginning, as the signed
/// number that the history table holds. Mixed line ends make no difference.
std::int32_t checksum_of(std::string_view text);

}  // namespace bascule::formats::flyway
