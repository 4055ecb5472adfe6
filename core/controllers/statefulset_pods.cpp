#include "core/controllers/statefulset_pods.hpp"

#include <algorithm>

#include "core/api/sort.hpp"

namespace controllers::statefulset {

void SetPods::assign(std::vector<Replica> pods) {
  *this = {};
  pods_ = std::move(pods);
  api::sort(pods_, [](const Replica& a, const Replica& b) {
    return a.ordinal != b.ordinal ? a.ordinal < b.ordinal : a.name() < b.name();
  });
  for (const Replica& r : pods_) count(r, 1);
}

void SetPods::put(Replica r) {
  auto it = find(r.ordinal, r.name());
  inOrder = std::min(inOrder, size_t(it - pods_.begin()));
  count(r, 1);
  if (it != pods_.end() && it->name() == r.name()) {
    count(*it, -1);
    *it = std::move(r);
  } else {
    pods_.insert(it, std::move(r));
  }
}

void SetPods::remove(std::string_view podName) {
  auto it = find(getParentNameAndOrdinal(podName).ordinal, podName);
  if (it == pods_.end() || it->name() != podName) return;
  inOrder = std::min(inOrder, size_t(it - pods_.begin()));
  count(*it, -1);
  pods_.erase(it);
}

int64_t SetPods::ofRevision(api::Key revision) const {
  auto it = ofRevision_.find(revision.id);
  return it == ofRevision_.end() ? 0 : it->second;
}

std::vector<Replica>::iterator SetPods::find(int64_t ordinal, std::string_view name) {
  return std::lower_bound(pods_.begin(), pods_.end(), ordinal, [&](const Replica& r, int64_t o) {
    return r.ordinal != o ? r.ordinal < o : r.name() < name;
  });
}

void SetPods::count(const Replica& r, int64_t by) {
  if (!r.regular) irregular_ += by;
  if (!r.member || r.ordinal < 0 || !isCreated(r)) return;
  created_ += by;
  if (isRunningAndReady(r)) ready_ += by;
  if (!isTerminating(r)) ofRevision_[r.revision.id] += by;
}

}  // namespace controllers::statefulset
