#pragma once
// The Pods of one set as syncs see them, kept between syncs: facts read once for each version of a Pod, and counts of
// them, so that a sync costs what changed and not what there is. Mirrors the view; decides nothing.
#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "core/controllers/statefulset_utils.hpp"

namespace controllers::statefulset {

class SetPods {
 public:
  /// By ordinal, then name. What counts are made from must only be changed by put() and remove().
  std::vector<Replica>& all() { return pods_; }
  const std::vector<Replica>& all() const { return pods_; }

  void assign(std::vector<Replica> pods);
  void put(Replica);
  void remove(std::string_view podName);

  /// No Pod of its own lacks the selector's labels, and no name is written in another way than the set writes it.
  bool regular() const { return irregular_ == 0; }
  int64_t created() const { return created_; }
  int64_t ready() const { return ready_; }  ///< Running and Ready
  /// Created, not terminating, and of that revision.
  int64_t ofRevision(api::Key revision) const;

  /// The Pods in range before this place in all() need no look: nothing has changed since they were found in order.
  size_t inOrder = 0;

 private:
  std::vector<Replica>::iterator find(int64_t ordinal, std::string_view name);
  void count(const Replica&, int64_t by);

  std::vector<Replica> pods_;
  int64_t irregular_ = 0, created_ = 0, ready_ = 0;
  std::map<uint32_t, int64_t> ofRevision_;  ///< by key
};

}  // namespace controllers::statefulset
