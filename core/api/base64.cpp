#include "core/api/base64.hpp"

#include <cstdint>

namespace api {

static constexpr char base64Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (i + j < bytes.size() ? uint8_t(bytes[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j) out += i + j > bytes.size() ? '=' : base64Digits[group >> (18 - 6 * j) & 63];
  }
  return out;
}

std::string unbase64(std::string_view text) {
  std::string out;
  uint32_t group = 0;
  int bits = 0;
  for (char c : text) {
    size_t digit = std::string_view(base64Digits).find(c);
    if (digit == std::string_view::npos) continue;
    group = group << 6 | uint32_t(digit);
    if ((bits += 6) >= 8) out += char(group >> (bits -= 8) & 255);
  }
  return out;
}

}  // namespace api
