#pragma once
// Which pods are nominated for a node: others made way for them there, and until they come the room is kept from pods
// that are no more important. Models pkg/scheduler/backend/queue/nominator.go (v1.37). A value.
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace scheduler {

class Nominator {
 public:
  /// The pod's only nomination from now on; none where `node` is "".
  void set(std::string_view pod, std::string_view node) {
    const auto old = nodeOf_.find(pod);
    if (old != nodeOf_.end()) {
      const auto there = podsOf_.find(old->second);
      std::erase(there->second, pod);
      if (there->second.empty()) podsOf_.erase(there);
      nodeOf_.erase(old);
    }
    if (node.empty()) return;
    nodeOf_.emplace(pod, node);
    podsOf_[std::string(node)].emplace_back(pod);
  }
  bool empty() const { return nodeOf_.empty(); }
  /// The keys of those nominated for a node, the first nominated first.
  std::vector<std::string> on(std::string_view node) const {
    const auto it = podsOf_.find(node);
    return it == podsOf_.end() ? std::vector<std::string>() : it->second;
  }
  const std::map<std::string, std::string, std::less<>>& all() const { return nodeOf_; }  ///< nodes by pod

 private:
  std::map<std::string, std::string, std::less<>> nodeOf_;
  std::map<std::string, std::vector<std::string>, std::less<>> podsOf_;
};

}  // namespace scheduler
