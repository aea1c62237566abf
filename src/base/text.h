// What: small text helpers that the standard library lacks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace bascule {

/// Byte offset of the first invalid UTF-8 sequence, or nullopt if all is valid (NUL counts as valid).
std::optional<std::size_t> invalid_utf8(std::string_view text);
/// Number of Unicode characters in valid UTF-8.
std::size_t utf8_length(std::string_view text);
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// The pieces would point into a text that is gone.
template <class T>
requires(std::is_same_v<T, std::string>) std::vector<std::string_view> split(T&& text, char separator)
= delete;
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
std::string to_lower_ascii(std::string_view text);
bool iequals_ascii(std::string_view a, std::string_view b);
/// The candidate nearest to name by edit distance, if it is near enough to be worth suggesting.
std::optional<std::string> did_you_mean(std::string_view name, const std::vector<std::string>& candidates);
/// "1 revision", "2 revisions".
std::string counted(std::size_t count, std::string_view singular);

}  // namespace bascule
