// Where two documents differ.
#include "core/api/value.hpp"

#include <algorithm>

namespace api {
namespace {
void compare(const Value* a, const Value* b, std::vector<Step>& path, std::vector<Change>& out) {
  if (a && b && a->same(*b)) return;
  if (!a || !b || a->kind() != b->kind() || a->kind() < Kind::Array) {
    if (!a || !b || !(*a == *b)) out.push_back({path, a, b});
    return;
  }
  auto step = [&](Step s, const Value* x, const Value* y) {
    path.push_back(s);
    compare(x, y, path, out);
    path.pop_back();
  };
  const auto va = a->values(), vb = b->values();
  if (a->kind() == Kind::Array) {
    for (size_t i = 0; i < std::max(va.size(), vb.size()); ++i)
      step(Step::index(i), i < va.size() ? &va[i] : nullptr, i < vb.size() ? &vb[i] : nullptr);
    return;
  }
  for (size_t i = 0, j = 0; i < va.size() || j < vb.size();) {
    const bool same = i < va.size() && j < vb.size() && a->keyAt(i) == b->keyAt(j);
    if (same) {
      if (!va[i].same(vb[j])) step(a->keyAt(i), &va[i], &vb[j]);
      ++i;
      ++j;
    } else if (j == vb.size() || (i < va.size() && a->keyAt(i) < b->keyAt(j))) {
      step(a->keyAt(i), &va[i], nullptr);
      ++i;
    } else {
      step(b->keyAt(j), nullptr, &vb[j]);
      ++j;
    }
  }
}
}  // namespace

std::vector<Change> diff(const Value& before, const Value& after) {
  std::vector<Change> out;
  std::vector<Step> path;
  compare(&before, &after, path, out);
  return out;
}

}  // namespace api
