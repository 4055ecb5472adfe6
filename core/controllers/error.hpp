#pragma once
// What a controller's step returns where upstream returns an error: then the key comes back rate-limited. The text is
// what Events quote, so it is Go's.
#include <string>
#include <utility>
#include <vector>

#include "core/apiserver/request.hpp"

namespace controllers {

struct Error {
  bool failed = false;
  std::string message;

  Error() = default;
  explicit Error(std::string text) : failed(true), message(std::move(text)) {}
  /// Of a reply: no error where it is fine.
  explicit Error(const apiserver::Response& reply) : failed(!reply.ok()), message(reply.message()) {}
  explicit operator bool() const { return failed; }
};

/// Several errors as one. Models apimachinery util/errors NewAggregate and its Error().
inline Error aggregate(const std::vector<std::string>& messages) {
  if (messages.empty()) return {};
  if (messages.size() == 1) return Error(messages[0]);
  std::string text = "[";
  for (const std::string& m : messages) text += (text.size() > 1 ? ", " : "") + m;
  return Error(text + "]");
}

}  // namespace controllers
