#pragma once
// Virtual time: milliseconds since the Unix epoch, and its text forms. The clock of a cluster starts at `clusterEpoch`.
#include <cstdint>
#include <string>
#include <string_view>

namespace api {

using Millis = int64_t;

inline constexpr Millis clusterEpoch = 1798761600000;  ///< 2027-01-01T00:00:00Z

/// RFC 3339 with whole seconds, as metav1.Time prints: "2027-01-01T00:00:00Z".
std::string formatTime(Millis);
/// With six digits of a second, as metav1.MicroTime prints.
std::string formatMicroTime(Millis);
/// -1 where the text is no RFC 3339 time.
Millis parseTime(std::string_view);

}  // namespace api
