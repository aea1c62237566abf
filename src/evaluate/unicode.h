// What: characters of valid UTF-8: codes, case, kinds. Small tables: see strings.h for which scripts have case here.
// Must not know: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bascule::evaluate {

std::vector<std::uint32_t> code_points(std::string_view text);
std::string from_code_points(const std::vector<std::uint32_t>& codes);
void append_code_point(std::string& out, std::uint32_t code);

std::uint32_t to_upper(std::uint32_t code);
std::uint32_t to_lower(std::uint32_t code);
bool is_upper(std::uint32_t code);
bool is_lower(std::uint32_t code);
bool is_letter(std::uint32_t code);
bool is_decimal(std::uint32_t code);
bool is_space(std::uint32_t code);

}  // namespace bascule::evaluate
