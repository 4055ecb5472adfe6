#pragma once
// What a controller has created and deleted and not yet seen again in its view: until it has, it must not count its
// Pods. Models ControllerExpectations of pkg/controller/controller_utils.go (v1.37).
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/api/time.hpp"
#include "core/decision/digest.hpp"

namespace controllers {

class Expectations {
 public:
  /// Given up after this long: then the view is trusted as it is.
  static constexpr api::Millis timeout = 5 * 60 * 1000;

  void expectCreations(const std::string& key, int64_t count, api::Millis now) {
    byKey_[key].creations = count;
    byKey_[key].since = now;
  }
  void expectDeletion(const std::string& key, std::string pod, api::Millis now) {
    byKey_[key].deletions.insert(std::move(pod));
    byKey_[key].since = now;
  }
  void creationObserved(std::string_view key) {
    if (auto it = byKey_.find(key); it != byKey_.end() && it->second.creations > 0) it->second.creations--;
  }
  void deletionObserved(std::string_view key, std::string_view pod) {
    auto it = byKey_.find(key);
    if (it == byKey_.end()) return;
    if (auto at = it->second.deletions.find(pod); at != it->second.deletions.end()) it->second.deletions.erase(at);
  }
  bool satisfied(std::string_view key, api::Millis now) const {
    auto it = byKey_.find(key);
    if (it == byKey_.end()) return true;
    const Expected& e = it->second;
    return (e.creations <= 0 && e.deletions.empty()) || now - e.since > timeout;
  }
  /// What is still expected. Since when counts only once it is about to be given up, which no exploration reaches.
  void remember(decision::Digest& out) const {
    for (const auto& [key, e] : byKey_) {
      if (e.creations > 0 || !e.deletions.empty()) (out << key << e.creations).all(e.deletions);
    }
  }
  void forget(std::string_view key) {
    if (auto it = byKey_.find(key); it != byKey_.end()) byKey_.erase(it);
  }

 private:
  struct Expected {
    int64_t creations = 0;
    std::set<std::string, std::less<>> deletions;
    api::Millis since = 0;
  };
  std::map<std::string, Expected, std::less<>> byKey_;
};

}  // namespace controllers
