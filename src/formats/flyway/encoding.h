// What: the bytes of a file as UTF-8, from the encodings that Java projects use.
// Must not know: what the text says.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace bascule::formats::flyway {

/// @param encoding Java's name, any case: UTF-8, ISO-8859-1, US-ASCII, windows-1252, UTF-16, UTF-16BE, UTF-16LE. The
/// mark at the beginning that says the byte order is left out. Errors: what does not fit, for a message.
Result<std::string, std::string> decode(std::string bytes, std::string_view encoding);

/// What Flyway's detectEncoding makes of a file: a mark of UTF-16, else UTF-8 if that fits, else ISO-8859-1; UTF-16
/// without a mark where most of every second byte is zero.
std::string detect_encoding(std::string_view bytes);

}  // namespace bascule::formats::flyway
