#pragma once
// Fields that are a number or a percentage: maxUnavailable, maxSurge, minAvailable. Models apimachinery util/intstr.
#include <charconv>
#include <cstdint>

#include "core/api/value.hpp"

namespace controllers {

enum class Rounding : uint8_t { down, up };

/// The number itself, or the percentage of `total`; 0 for what is neither.
inline int64_t scaledValue(const api::Value& intOrPercent, int64_t total, Rounding rounding) {
  if (intOrPercent.kind() == api::Kind::Int) return intOrPercent.asInt();
  const std::string_view text = intOrPercent.asString();
  int64_t percent = 0;
  std::from_chars(text.data(), text.data() + text.size(), percent);
  return (percent * total + (rounding == Rounding::up ? 99 : 0)) / 100;
}

}  // namespace controllers
