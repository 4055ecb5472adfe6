#pragma once
// Base64 (RFC 4648), the text form of bytes in Secrets and binaryData.
#include <string>
#include <string_view>

namespace api {

std::string base64(std::string_view bytes);
/// What stands for no digit is skipped.
std::string unbase64(std::string_view text);

}  // namespace api
